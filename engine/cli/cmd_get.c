#include "cli/cmd.h"

#include "base/pos.h"
#include "base/status.h"
#include "base/text.h"
#include "cli/ask.h"
#include "cli/batch.h"
#include "query/callable.h"
#include "query/range.h"
#include "query/spelling.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct vx_help help = {
	"get",
	"look up variants: how often is this allele seen, in whom, out of how many",
	"[options] INDEX QUERY...",
	"  vidx get cohort.vidx 1-55051215-G-GA chr1:55051215:G:GA 'chr1:55051215 G>GA'\n"
	"  vidx get cohort.vidx 1-55051215             every variant at the place\n"
	"  vidx get cohort.vidx rs11591147             every variant with that ID\n"
	"  vidx get cohort.vidx NC_000001.11:55051214:G:GA NC_000001.11:g.55051215G>A\n"
	"  vidx get --reference GRCh38.fa.gz cohort.vidx 'chr1:g.55051216_55051218del'\n"
	"  vidx get cohort.vidx '2-321682-T-<DEL>'     of that text, whatever its END\n"
	"  vidx get cohort.vidx -f patient.vcf --populations ALL,EUR --json\n"
	"  vidx get cohort.vidx --reference GRCh38.fa.gz -f patient.vcf\n"
	"  cut -f1-4 table.tsv | vidx get cohort.vidx -f -\n\n"
	"POS, REF and ALT are read from the right; REF and ALT may be written with bases too "
	"many.\n"
	"SPDI counts from 0, and begins with an accession; HGVS is g. or m. (substitution, del, "
	"ins,\ndup, delins).  Where they leave out bases, --reference has them.\n"
	"A file holds a query a line: any spelling, CHROM POS REF ALT between tabs, or VCF lines.\n"
	"Of an index with a callable track, what is not found is absent (not seen among AN "
	"alleles)\n"
	"or not_covered; without one it is absent, and AN unknown.\n"
	"The exit code is 1 if any query is not found.\n",
};

struct get {
	struct vx_ask ask;
	const char *file;
	struct vx_buf label; /* the query column of a VCF line */
	uint64_t n_missing;
	struct vx_batch *batch; /* NULL: every question is put at once */
	uint64_t line;          /* of file, the one under way or at fault */
	struct vidx_error *err; /* while a batch is put */
};

/* What is known of a place where nothing was found: status and numbers.  0, or a failure. */
static int explain_absence(struct get *get, uint32_t contig, struct vx_answer *answer,
			   struct vidx_error *err)
{
	const struct vidx_allele *asked = &answer->asked;
	struct vidx_reader *reader = get->ask.reader;
	int rc = VIDX_ABSENT;

	if (asked->pos1 && asked->ref_len)
		rc = vx_callable_allele(reader, asked, err);
	else if (asked->pos1) /* of a bare place its one base; an ID has none */
		rc = vx_callable_span(reader, contig, vx_pos0(asked->pos1), asked->pos1, err);
	if (rc < 0)
		return rc;
	answer->status = rc;
	if (rc == VIDX_ABSENT && asked->pos1)
		answer->absent = vx_callable_site(reader);
	return 0;
}

/*
 * Nothing is shown.  is_hidden: the index has what was asked for, and --pass-only hides it.  So it
 * was seen, and no number would be true of it.
 */
static int tell_absent(struct get *get, struct vx_answer *answer, int is_hidden,
		       struct vidx_error *err)
{
	const struct vx_contigs *contigs = get->ask.index->meta->contigs;
	uint32_t rank =
		vx_contigs_find(contigs, vx_slice(answer->asked.contig, answer->asked.contig_len));
	int rc = 0;

	answer->status = VIDX_ABSENT;
	answer->absent = NULL;
	if (!is_hidden)
		rc = explain_absence(get, rank, answer, err);
	if (rc < 0)
		return rc;
	/* The contig reads as it would had something been found. */
	if (rank != VX_NO_CONTIG) {
		struct vx_slice name = vx_contigs_name(contigs, rank);

		answer->asked.contig = name.p;
		answer->asked.contig_len = name.len;
	}
	answer->site = NULL;
	get->n_missing++;
	return vx_ask_answer(&get->ask, answer, err);
}

/* Writes the answers of a question that was put, rc its first result. */
static int tell_all(struct get *get, struct vx_answer *answer, int rc, struct vidx_error *err)
{
	int n_found = 0, is_hidden = 0;

	/* A plain allele has one answer; a place, a symbolic one or an ID may have more. */
	for (; rc == 0; rc = vidx_next(get->ask.reader, &answer->site, err)) {
		if (vx_ask_hides(&get->ask, answer->site)) {
			is_hidden = 1;
			continue;
		}
		n_found++;
		rc = vx_ask_answer(&get->ask, answer, err);
		if (rc != 0)
			break;
	}
	if (rc < 0)
		return rc;
	return n_found ? 0 : tell_absent(get, answer, is_hidden, err);
}

static int tell_batched(void *arg, size_t i, int status, const struct vidx_site *site)
{
	struct get *get = arg;
	struct vx_answer answer = {
		.query = get->batch->item[i].query, .site = site, .asked = get->batch->allele[i]};
	int rc = tell_all(get, &answer, status, get->err);

	if (rc < 0)
		get->line = get->batch->item[i].line;
	return rc;
}

/* Puts what has been kept, so that answers come in the order of the questions. */
static int flush(struct get *get, struct vidx_error *err)
{
	struct vidx_batch batch = {.answer = tell_batched, .arg = get};
	int rc;

	if (!get->batch || get->batch->n == 0)
		return 0;
	batch.alleles = get->batch->allele;
	batch.n = get->batch->n;
	get->err = err;
	rc = vidx_get_many(get->ask.reader, &batch, err);
	vx_batch_clear(get->batch);
	return rc;
}

/* Puts an allele, or keeps it for later. */
static int put_allele(struct get *get, struct vx_answer *answer, struct vidx_error *err)
{
	int rc;

	if (!get->batch)
		return tell_all(get, answer,
				vidx_get(get->ask.reader, &answer->asked, &answer->site, err), err);
	rc = vx_batch_add(get->batch, answer->query, &answer->asked, get->line, err);
	return rc == 0 && get->batch->n == VX_BATCH_MAX ? flush(get, err) : rc;
}

/* Puts one parsed question and writes its answers. */
static int put_question(struct get *get, struct vx_answer *answer, enum vx_question question,
			struct vidx_error *err)
{
	struct vidx_reader *reader = get->ask.reader;
	const struct vidx_allele *asked = &answer->asked;
	uint32_t contig;
	int rc;

	if (question == VX_ASK_ALLELE)
		return put_allele(get, answer, err);
	rc = flush(get, err);
	if (rc != 0)
		return rc;
	contig = vx_contigs_find(reader->index->meta->contigs,
				 vx_slice(asked->contig, asked->contig_len));
	vx_range_place(reader, vx_locus(contig, vx_pos0(asked->pos1)), vx_slice(NULL, 0),
		       vx_slice(NULL, 0));
	rc = contig == VX_NO_CONTIG ? VIDX_ABSENT : vidx_next(reader, &answer->site, err);
	return tell_all(get, answer, rc, err);
}

static int is_on_contig(const struct get *get, const struct vidx_allele *asked)
{
	return vx_contigs_find(get->ask.index->meta->contigs,
			       vx_slice(asked->contig, asked->contig_len)) != VX_NO_CONTIG;
}

/*
 * Looks a text up as an ID.  Few IDs hold '-' or ':', as loci do: one that does, and is not there or
 * cannot be asked for, is nothing to tell of.  0: told; VIDX_ABSENT; a failure.
 */
static int ask_id(struct get *get, struct vx_slice text, struct vidx_error *err)
{
	struct vx_answer answer = {.query = text};
	struct vidx_error why = {0};
	struct vx_slice id;
	int is_plain, rc;

	if (!vx_locus_parse_id(text, &id))
		return VIDX_ABSENT;
	is_plain = !memchr(id.p, '-', id.len) && !memchr(id.p, ':', id.len);
	rc = vidx_get_id(get->ask.reader, id.p, id.len, &answer.site, &why);
	if (!is_plain && (rc == VIDX_ABSENT || rc == VIDX_EUSAGE))
		return VIDX_ABSENT;
	return rc < 0 ? vx_fail(err, rc, "%s", why.text) : tell_all(get, &answer, rc, err);
}

/* What is no locus, or on no contig of the index, may be an ID. */
static int ask_text(struct get *get, struct vx_slice text, struct vidx_error *err)
{
	struct vx_answer answer = {.query = text};
	enum vx_question question;
	struct vidx_error why = {0};
	int parsed = vx_spelling_parse(get->ask.reader, text, &answer.asked, &question, &why);

	if (parsed < 0 || !is_on_contig(get, &answer.asked)) {
		int rc = flush(get, err);

		if (rc == 0)
			rc = ask_id(get, text, err);
		if (rc != VIDX_ABSENT)
			return rc;
	}
	if (parsed < 0)
		return vx_fail(err, parsed, "%s", why.text);
	if (parsed == VIDX_ABSENT) {
		int rc = flush(get, err);

		if (rc != 0)
			return rc;
	}
	return parsed == VIDX_ABSENT ? tell_absent(get, &answer, 0, err)
				     : put_question(get, &answer, question, err);
}

/* CHROM POS ID REF ALT..., a question for each ALT. */
static int ask_vcf_line(struct get *get, const struct vx_slice column[5], struct vidx_error *err)
{
	struct vx_slice alts = column[4], alt;
	int rc = 0;

	while (rc == 0 && vx_split(&alts, ',', &alt)) {
		struct vx_answer answer = {0};
		struct vidx_allele *asked = &answer.asked;

		if (!vx_parse_u64(column[1], VX_POS0_MAX, &asked->pos1))
			return (rc = flush(get, err)) != 0
				       ? rc
				       : vx_fail(err, VIDX_EUSAGE, "POS is not a number: '%.*s'",
						 column[1].len < 100 ? (int)column[1].len : 100,
						 column[1].p);
		asked->contig = column[0].p;
		asked->contig_len = column[0].len;
		asked->ref = column[3].p;
		asked->ref_len = column[3].len;
		asked->alt = alt.p;
		asked->alt_len = alt.len;
		vx_buf_clear(&get->label);
		vx_buf_add(&get->label, column[0].p, column[0].len);
		vx_buf_addf(&get->label, "-%" PRIu64 "-", asked->pos1);
		vx_buf_add(&get->label, column[3].p, column[3].len);
		vx_buf_addc(&get->label, '-');
		vx_buf_add(&get->label, alt.p, alt.len);
		if (get->label.failed)
			return vx_fail_nomem(err);
		answer.query = vx_slice((const char *)get->label.p, get->label.len);
		rc = put_allele(get, &answer, err);
	}
	return rc;
}

static int ask_line(struct get *get, struct vx_slice line, struct vidx_error *err)
{
	struct vx_slice column[5], rest = line;
	int n = 0;

	while (line.len && (line.p[line.len - 1] == '\n' || line.p[line.len - 1] == '\r'))
		line.len--;
	if (line.len == 0 || line.p[0] == '#')
		return 0;
	rest = line;
	while (n < 5 && vx_split(&rest, '\t', &column[n]))
		n++;
	return n == 5 ? ask_vcf_line(get, column, err) : ask_text(get, line, err);
}

/* A fault in a file of queries is an input's; it names the line. */
static int line_fault(const struct get *get, struct vidx_error *err)
{
	struct vidx_error fault = *err;

	if (fault.status != VIDX_EUSAGE)
		return fault.status;
	err->status = 0;
	return vx_fail(err, VIDX_EBADINPUT, "%s: line %" PRIu64 ": %s", get->file, get->line,
		       fault.text);
}

/* The questions of an open file, kept while they are alleles. */
static int ask_lines(struct get *get, FILE *f, int at_once, struct vidx_error *err)
{
	uint64_t number = 0;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	int rc = 0;

	while (rc == 0 && (len = getline(&line, &cap, f)) >= 0) {
		get->line = ++number;
		if (number == 1 && len >= 2 && (uint8_t)line[0] == 0x1f && (uint8_t)line[1] == 0x8b)
			rc = vx_fail(err, VIDX_EBADINPUT,
				     "%s: is compressed: pipe it through gzip -dc and give -f -",
				     get->file);
		else
			rc = ask_line(get, vx_slice(line, (size_t)len), err);
		if (rc == 0 && at_once)
			rc = vx_out_pump(&get->ask.out, 1, err);
	}
	if (rc == 0 && !feof(f)) /* getline() also ends where memory does */
		rc = errno == ENOMEM ? vx_fail_nomem(err)
				     : vx_fail(err, VIDX_EIO, "%s: cannot read: %s", get->file,
					       strerror(errno));
	if (rc == 0)
		rc = flush(get, err);
	free(line);
	return rc < 0 ? line_fault(get, err) : rc;
}

static int ask_file(struct get *get, struct vidx_error *err)
{
	int is_stdin = strcmp(get->file, "-") == 0, rc;
	FILE *f = is_stdin ? stdin : fopen(get->file, "re");
	int at_once = is_stdin && isatty(STDIN_FILENO);

	if (!f)
		return vx_fail(err, VIDX_EBADINPUT, "%s: cannot open: %s", get->file,
			       strerror(errno));
	/* Who types wants each answer now. */
	get->batch = at_once ? NULL : calloc(1, sizeof *get->batch);
	rc = at_once || get->batch ? ask_lines(get, f, at_once, err) : vx_fail_nomem(err);
	if (get->batch)
		vx_batch_release(get->batch);
	free(get->batch);
	get->batch = NULL;
	if (!is_stdin)
		fclose(f);
	return rc;
}

int cmd_get(int argc, char **argv)
{
	struct get get = {0};
	struct vidx_error err = {0};
	const struct vx_opt opts[] = {
		{"file", 'f', VX_OPT_TEXT, &get.file, "FILE",
		 "queries, one a line; - is standard input", "none"},
		{"reference", 0, VX_OPT_TEXT, &get.ask.reference, "FASTA",
		 "left-align the queries with it; HGVS and SPDI take bases from it", "only trim"},
		VX_ASK_OPTIONS(&get.ask),
		{"json", 0, VX_OPT_FLAG, &get.ask.json, NULL,
		 "JSON Lines: an object per query and variant", "tab-separated"},
		{"wide", 0, VX_OPT_FLAG, &get.ask.wide, NULL,
		 "one line per variant, columns ac_ALL ...", "a line per population"},
		VX_OPT_COMMON(&get.ask.common),
	};
	int code, first = vx_opt_parse(&help, opts, argc, argv, &code), rc = 0;

	if (first < 0)
		return code;
	if (first >= argc)
		return vx_opt_usage("get", "no index");
	if (first + 1 >= argc && !get.file)
		return vx_opt_usage("get", "no query");
	get.ask.verb = "get";
	vx_buf_init(&get.label);
	code = vx_ask_begin(&get.ask, argv[first], !get.file, 1);
	if (code == 0) {
		vx_ask_header(&get.ask);
		for (int i = first + 1; i < argc && rc == 0; i++)
			rc = ask_text(&get, vx_slice_str(argv[i]), &err);
		if (rc == 0 && get.file)
			rc = ask_file(&get, &err);
		if (rc < 0)
			code = vx_opt_fail("get", &err);
		else if (get.n_missing)
			code = VX_EXIT_NOT_FOUND;
	}
	vx_buf_release(&get.label);
	return vx_ask_end(&get.ask, code);
}
