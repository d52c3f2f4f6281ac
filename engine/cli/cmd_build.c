#include "cli/cmd.h"

#include "base/clock.h"
#include "base/status.h"
#include "build/build.h"
#include "cli/interrupt.h"
#include "cli/out.h"
#include "cli/tell.h"
#include "render/json.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct vx_help help = {
	"build",
	"index the variants of VCF and BCF files: one file, or the pieces of one cohort",
	"-o INDEX [options] IN...",
	"  vidx build -o cohort.vidx cohort.vcf.gz\n"
	"  vidx build -o cohort.vidx --samples panel.tsv --group-by super_pop,pop --by-sex "
	"chr*.vcf.gz\n"
	"  vidx build -o cohort.vidx --reference GRCh38.fa.gz chr*.vcf.gz\n"
	"  vidx build -o sites.vidx --no-ids gnomad.sites.vcf.bgz\n"
	"  vidx build -o sites.vidx --keep-info cadd_phred,lcr,vep gnomad.sites.vcf.bgz\n"
	"  find /data/pieces -name '*.bcf' | sort | vidx build -o cohort.vidx --files-from -\n",
};

struct job {
	struct vx_build_options build;
	struct vx_opt_common common;
	struct vx_tell tell;
	const char *counts, *files_from, *hash_bits;
	int json;
	char **input; /* from the command line (views) and from lists (owned, from n_given on) */
	size_t n, cap, n_given;
};

static void release(struct job *job)
{
	for (size_t i = job->n_given; i < job->n; i++)
		free(job->input[i]);
	free(job->input);
}

static int add_input(struct job *job, char *path)
{
	if (!path)
		return VIDX_ENOMEM;
	if (job->n == job->cap) {
		size_t cap = job->cap ? 2 * job->cap : 64;
		char **grown = realloc(job->input, cap * sizeof *grown);

		if (!grown)
			return VIDX_ENOMEM;
		job->input = grown;
		job->cap = cap;
	}
	job->input[job->n++] = path;
	return 0;
}

/* Every non-empty line is a path. */
static int read_list(struct job *job, struct vidx_error *err)
{
	int is_stdin = strcmp(job->files_from, "-") == 0, rc = 0;
	FILE *f = is_stdin ? stdin : fopen(job->files_from, "re");
	char *line = NULL;
	size_t cap = 0;

	if (!f)
		return vx_fail(err, VIDX_EBADINPUT, "%s: cannot open: %s", job->files_from,
			       strerror(errno));
	while (rc == 0 && getline(&line, &cap, f) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';

		char *path = *line ? strdup(line) : NULL;

		if (*line && add_input(job, path) < 0) {
			free(path);
			rc = vx_fail_nomem(err);
		}
	}
	if (rc == 0 && !feof(f)) /* getline() also ends where memory does */
		rc = errno == ENOMEM ? vx_fail_nomem(err)
				     : vx_fail(err, VIDX_EIO, "%s: cannot read: %s",
					       job->files_from, strerror(errno));
	free(line);
	if (!is_stdin)
		fclose(f);
	return rc;
}

/* What will be written: the index and the report, where these are files already. */
struct written {
	struct stat st[2];
	int n;
};

/* A file that is to be read: there, readable, no folder, and not to be written. */
static int check_file(const char *path, const struct written *written, struct vidx_error *err)
{
	struct stat st;

	if (!path || strcmp(path, "-") == 0)
		return 0;
	if (stat(path, &st) != 0 || access(path, R_OK) != 0)
		return vx_fail(err, VIDX_EBADINPUT, "%s: cannot open: %s", path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return vx_fail(err, VIDX_EBADINPUT, "%s: is a folder", path);
	for (int i = 0; i < written->n; i++)
		if (st.st_dev == written->st[i].st_dev && st.st_ino == written->st[i].st_ino)
			return vx_fail(err, VIDX_EUSAGE, "%s: is an input, and would be replaced",
				       path);
	return 0;
}

static int check_files(const struct job *job, struct vidx_error *err)
{
	const struct vx_build_options *b = &job->build;
	const char *const paths[] = {
		b->samples,         b->reference,
		b->info_map,        vx_build_from_blocks(b) ? NULL : b->callable,
		b->exclude_samples, job->files_from};
	const char *const outputs[] = {b->output, b->report};
	struct written written = {.n = 0};
	int rc = 0;

	for (size_t i = 0; i < 2; i++)
		if (outputs[i] && stat(outputs[i], &written.st[written.n]) == 0 &&
		    S_ISREG(written.st[written.n].st_mode))
			written.n++;
	for (size_t i = 0; rc == 0 && i < sizeof paths / sizeof *paths; i++)
		rc = check_file(paths[i], &written, err);
	for (size_t i = 0; rc == 0 && i < job->n; i++)
		rc = check_file(job->input[i], &written, err);
	return rc;
}

/* What the options say together.  0, or an exit code after a message. */
static int check_options(struct job *job)
{
	struct vx_build_options *b = &job->build;

	if (!b->output)
		return vx_opt_usage("build", "no output: give -o INDEX");
	if (job->n == 0)
		return vx_opt_usage("build", "no input");
	if (job->counts && strcmp(job->counts, "gt") == 0)
		b->counts = VX_COUNTS_GT;
	else if (job->counts && strcmp(job->counts, "info") == 0)
		b->counts = VX_COUNTS_INFO;
	else if (job->counts)
		return vx_opt_usage("build", "--counts takes gt or info: '%s'", job->counts);
	if (!b->samples && (b->group_by || b->by_sex))
		return vx_opt_usage("build", "%s needs a sample sheet: give --samples FILE",
				    b->group_by ? "--group-by" : "--by-sex");
	if (job->hash_bits && strcmp(job->hash_bits, "2") != 0)
		return vx_opt_usage("build", "--test-hash-bits takes 2");
	b->hash_bits = job->hash_bits ? 2 : 64;
	return 0;
}

static uint64_t sum(const uint64_t *by_reason)
{
	uint64_t n = 0;

	for (int i = 0; i < VX_N_REASONS; i++)
		n += by_reason[i];
	return n;
}

/* " (bad_gt 3, bad_counts 1)", or nothing. */
static void reasons_text(const uint64_t *by_reason, char *out, size_t size)
{
	const char *sep = " (";
	size_t at = 0;

	out[0] = '\0';
	for (int i = 0; i < VX_N_REASONS; i++) {
		if (!by_reason[i] || at >= size)
			continue;
		at += (size_t)snprintf(out + at, size - at, "%s%s %" PRIu64, sep,
				       vx_reason_name((enum vx_reason)i), by_reason[i]);
		sep = ", ";
	}
	if (sep[0] == ',' && at < size)
		snprintf(out + at, size - at, ")");
}

static void summarise(struct vx_tell *tell, const struct job *job, const struct vx_build_summary *s)
{
	const struct vx_tally *t = &s->tally;
	double seconds = (double)(vx_now_ns() - tell->begun_ns) / 1e9;
	char why[512], size[32], input[32];

	reasons_text(t->rejected, why, sizeof why);
	vx_tell(tell,
		"%" PRIu64 " records of %" PRIu32 " input%s: %" PRIu64 " indexed, %" PRIu64
		" with nothing to index, %" PRIu64 " rejected%s",
		t->n_records, s->n_sources, s->n_sources == 1 ? "" : "s", t->n_indexed,
		t->n_nothing, sum(t->rejected), why);
	reasons_text(t->dropped, why, sizeof why);
	vx_tell(tell, "%" PRIu64 " alleles: %" PRIu64 " indexed, %" PRIu64 " dropped%s",
		t->n_alleles, t->n_alleles_indexed, sum(t->dropped), why);
	if (t->n_not_fitting)
		vx_tell(tell,
			"%" PRIu64
			" alleles have homozygotes beyond their AC (kept as the source says)",
			t->n_not_fitting);
	if (t->n_not_kept)
		vx_tell(tell,
			"%" PRIu64 " values of --keep-info are not what the header declares "
			"(left out)",
			t->n_not_kept);
	if (t->n_af_differ)
		vx_tell(tell, "%" PRIu64 " of %" PRIu64 " declared frequencies are not AC / AN",
			t->n_af_differ, t->n_af_checked);
	if (job->build.callable)
		vx_tell(tell, "callable: %" PRIu64 " bases in %" PRIu64 " runs",
			s->n_callable_bases, s->n_callable_spans);
	vx_tell_bytes(s->index_bytes, size, sizeof size);
	vx_tell_bytes(s->input_bytes, input, sizeof input);
	vx_tell(tell,
		"%s: %" PRIu64 " variants, %" PRIu32 " population%s, %s, %.2f bytes per variant",
		job->build.output, s->n_variants, s->n_groups, s->n_groups == 1 ? "" : "s", size,
		s->n_variants ? (double)s->index_bytes / (double)s->n_variants : 0.0);
	vx_tell(tell, "%.2f s, %s of input, %.1f MB/s", seconds, input,
		seconds > 0 ? (double)s->input_bytes / 1e6 / seconds : 0.0);
}

static void reasons_json(struct vx_json *json, const char *key, const uint64_t *by_reason)
{
	vx_json_begin(json, key, '{');
	for (int i = 1; i < VX_N_REASONS; i++)
		if (by_reason[i])
			vx_json_count(json, vx_reason_name((enum vx_reason)i), by_reason[i]);
	vx_json_end(json, '}');
}

static int summarise_json(const struct job *job, const struct vx_build_summary *s,
			  struct vidx_error *err)
{
	const struct vx_tally *t = &s->tally;
	struct vx_out out;
	struct vx_json json = {&out.buf, 0};
	int rc = vx_out_open(&out, NULL, 1, err);

	vx_json_begin(&json, NULL, '{');
	vx_json_text(&json, "file", vx_slice_str(job->build.output));
	vx_json_count(&json, "variants", s->n_variants);
	vx_json_count(&json, "populations", s->n_groups);
	vx_json_count(&json, "bytes", s->index_bytes);
	vx_json_count(&json, "inputs", s->n_sources);
	vx_json_count(&json, "input_bytes", s->input_bytes);
	vx_json_count(&json, "records", t->n_records);
	vx_json_count(&json, "records_indexed", t->n_indexed);
	vx_json_count(&json, "records_nothing", t->n_nothing);
	reasons_json(&json, "records_rejected", t->rejected);
	vx_json_count(&json, "alleles", t->n_alleles);
	vx_json_count(&json, "alleles_indexed", t->n_alleles_indexed);
	reasons_json(&json, "alleles_dropped", t->dropped);
	vx_json_count(&json, "hom_exceeds_ac", t->n_not_fitting);
	vx_json_count(&json, "frequencies_checked", t->n_af_checked);
	vx_json_count(&json, "frequencies_differ", t->n_af_differ);
	if (job->build.callable) {
		vx_json_count(&json, "callable_bases", s->n_callable_bases);
		vx_json_count(&json, "callable_runs", s->n_callable_spans);
	}
	if (job->build.keep_info)
		vx_json_count(&json, "info_values_left_out", t->n_not_kept);
	vx_json_end(&json, '}');
	vx_buf_addc(&out.buf, '\n');
	return vx_out_close(&out, rc, err);
}

static int run(struct job *job, struct vidx_error *err)
{
	struct vx_build_summary summary;
	struct vx_tell *tell = &job->tell;
	struct stat st;
	int rc;

	memset(&summary, 0, sizeof summary);
	rc = check_files(job, err);
	if (rc < 0)
		return rc;
	vx_tell_init(tell, "build", &job->common);
	job->build.inputs = (const char *const *)job->input;
	job->build.n_inputs = job->n;
	job->build.threads = vx_opt_threads(&job->common);
	job->build.log = &tell->log;
	job->build.progress = &tell->progress;
	vx_interrupt_watch(job->build.output, job->build.report);
	rc = vx_build(&job->build, &summary, err);
	if (rc == 0 && !summary.index_bytes && stat(job->build.output, &st) == 0)
		summary.index_bytes = (uint64_t)st.st_size;
	vx_progress_end(&tell->progress);
	if (rc < 0)
		return rc;
	if (job->json)
		rc = summarise_json(job, &summary, err);
	else
		summarise(tell, job, &summary);
	vx_opt_resources("build", &job->common, tell->begun_ns);
	return rc;
}

int cmd_build(int argc, char **argv)
{
	struct job job = {0};
	struct vx_build_options *b = &job.build;
	struct vidx_error err = {0};
	const struct vx_opt opts[] = {
		{"output", 'o', VX_OPT_TEXT, &b->output, "INDEX",
		 "the index to make; an older one is replaced at the end", NULL},
		{"assembly", 0, VX_OPT_TEXT, &b->assembly, "NAME",
		 "GRCh37, GRCh38, T2T-CHM13 or any name", "from the header"},
		{"reference", 0, VX_OPT_TEXT, &b->reference, "FASTA",
		 "check REF against it and left-align indels; plain or bgzipped", "only trim"},
		{"samples", 0, VX_OPT_TEXT, &b->samples, "FILE",
		 "sample sheet: tab-separated, a header line, samples first", "none"},
		{"group-by", 0, VX_OPT_TEXT, &b->group_by, "COLUMNS",
		 "columns of the sheet that make populations: super_pop,pop", "only ALL"},
		{"by-sex", 0, VX_OPT_FLAG, &b->by_sex, NULL, "also XX and XY of every population",
		 NULL},
		{"allow-unlisted", 0, VX_OPT_FLAG, &b->allow_unlisted, NULL,
		 "samples that the sheet lacks count in ALL", "an error"},
		{"no-sex-ploidy", 0, VX_OPT_FLAG, &b->no_sex_ploidy, NULL,
		 "count genotypes of X, Y and MT as they stand",
		 "by sex, if sexes and assembly are known"},
		{"exclude-samples", 0, VX_OPT_TEXT, &b->exclude_samples, "FILE",
		 "samples not to count, one a line", "none"},
		{"counts", 0, VX_OPT_TEXT, &job.counts, "gt|info",
		 "count genotypes, or read counts from INFO", "gt where there are genotypes"},
		{"populations", 0, VX_OPT_TEXT, &b->populations, "LIST",
		 "index only these populations, and ALL", "all"},
		{"info-map", 0, VX_OPT_TEXT, &b->info_map, "FILE",
		 "what each INFO key counts: population, metric, key between tabs",
		 "the known grammars"},
		{"callable", 0, VX_OPT_TEXT, &b->callable, "FILE",
		 "where variants could be called: BED, TSV with AN, gnomAD's all-sites AN; "
		 "gvcf: the inputs' own blocks",
		 "not known"},
		{"keep-info", 0, VX_OPT_TEXT, &b->keep_info, "KEYS",
		 "other INFO to keep: CADD,vep,lcr", "none"},
		{"no-ids", 0, VX_OPT_FLAG, &b->no_ids, NULL, "leave the ID column out", NULL},
		{"pass-only", 0, VX_OPT_FLAG, &b->pass_only, NULL,
		 "only records whose FILTER is PASS", NULL},
		{"files-from", 0, VX_OPT_TEXT, &job.files_from, "LIST",
		 "more inputs, one path a line; - is standard input", "none"},
		{"strict", 0, VX_OPT_FLAG, &b->strict, NULL, "stop at the first faulty record",
		 "count and go on"},
		{"report", 0, VX_OPT_TEXT, &b->report, "FILE",
		 "write what became of every record, as JSON", "none"},
		{"test-hash-bits", 0, VX_OPT_TEXT, &job.hash_bits, "2", NULL, NULL},
		{"json", 0, VX_OPT_FLAG, &job.json, NULL,
		 "the closing figures as one JSON object on standard output",
		 "text on standard error"},
		VX_OPT_COMMON(&job.common),
	};
	int code, first = vx_opt_parse(&help, opts, argc, argv, &code), rc = 0;

	if (first < 0)
		return code;
	for (int i = first; i < argc && rc == 0; i++)
		rc = add_input(&job, argv[i]);
	job.n_given = job.n;
	if (rc < 0)
		vx_fail_nomem(&err);
	else if (job.files_from)
		rc = read_list(&job, &err);
	if (rc == 0 && (code = check_options(&job)) == 0)
		rc = run(&job, &err);
	if (rc < 0)
		code = vx_opt_fail("build", &err);
	release(&job);
	return code;
}
