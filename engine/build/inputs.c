#include "build/inputs.h"
#include "build/keeping.h"
#include "build/mapsay.h"
#include "allele/assembly.h"
#include "allele/deduce.h"
#include "base/pos.h"
#include "cohort/columns.h"
#include "cohort/count.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct look {
	struct vx_source *source;
	int rc;
	struct vidx_error err;
};

static int has_ignored_counts(const struct vx_header *header)
{
	for (uint32_t i = 0; i < header->n_infos; i++)
		if (vx_slice_is(header->infos[i].id, "AC") ||
		    vx_slice_is(header->infos[i].id, "AN"))
			return 1;
	return 0;
}

/* Decides from the first input what is counted, and makes the shape of every row. */
static int decide(struct vx_inputs *inputs, const struct vx_build_options *options,
		  const struct vx_header *header, struct vidx_error *err)
{
	const char *path = inputs->input[0].path;
	struct vx_sheet_options sheet = {
		.path = options->samples,
		.group_by = options->group_by,
		.exclude_path = options->exclude_samples,
		.by_sex = options->by_sex,
		.allow_unlisted = options->allow_unlisted,
	};
	const struct vx_infomap_options how = {options->populations, options->info_map};
	int is_gvcf = vx_build_from_blocks(options), rc;

	if (options->counts == VX_COUNTS_GT && options->info_map)
		return vx_fail(err, VIDX_EUSAGE, "--info-map is of no use to --counts gt");
	if (options->counts == VX_COUNTS_GT && header->n_samples == 0)
		return vx_fail(err, VIDX_EUSAGE, "%s: --counts gt, but the file has no samples",
			       path);
	inputs->from_gt = options->counts == VX_COUNTS_GT ||
			  (options->counts == VX_COUNTS_AUTO && header->n_samples > 0 &&
			   !options->info_map && !vx_columns_speak(header));
	if (inputs->from_gt) {
		rc = vx_cohort_build(&inputs->cohort, &sheet, header, err);
		if (rc)
			return rc;
		if (inputs->cohort.n_not_in_input)
			vx_log(options->log, VX_LOG_INFO,
			       "%s: %u samples of the sheet are not in the input", options->samples,
			       inputs->cohort.n_not_in_input);
		if (has_ignored_counts(header))
			vx_log(options->log, VX_LOG_INFO,
			       "%s: genotypes are counted; INFO counts are ignored", path);
		inputs->shape.groups = &inputs->cohort.groups;
		inputs->shape.metrics = VX_COUNT_METRICS;
		return vx_keeping_want(inputs, options, err);
	}
	if (is_gvcf)
		return vx_fail(err, VIDX_EUSAGE,
			       "%s: --callable gvcf, but no genotypes are counted", path);
	if (options->samples || options->by_sex || options->exclude_samples)
		return vx_fail(err, VIDX_EUSAGE,
			       "%s: a sample sheet was given, but counts are read from %s", path,
			       vx_columns_speak(header) ? "FORMAT AN:AC" : "INFO");
	rc = vx_infomap_build(&inputs->map, header, &how, path, err);
	if (rc)
		return rc;
	vx_mapsay(&inputs->map, header, options->log, path);
	inputs->shape.groups = &inputs->map.groups;
	inputs->shape.metrics = inputs->map.metrics;
	return vx_keeping_want(inputs, options, err);
}

static int same_samples(const struct vx_header *first, const struct vx_header *header,
			const char *first_path, const char *path, struct vidx_error *err)
{
	if (first->samples_hash.lo == header->samples_hash.lo &&
	    first->samples_hash.hi == header->samples_hash.hi)
		return 0;
	if (first->n_samples != header->n_samples)
		return vx_fail(err, VIDX_ECONFLICT, "%s: has %u samples, but %s has %u", path,
			       header->n_samples, first_path, first->n_samples);
	for (uint32_t i = 0; i < header->n_samples; i++)
		if (!vx_slice_eq(first->samples[i], header->samples[i]))
			return vx_fail(err, VIDX_ECONFLICT,
				       "%s: sample %u is '%.*s', but in %s it is '%.*s'", path,
				       i + 1, (int)header->samples[i].len, header->samples[i].p,
				       first_path, (int)first->samples[i].len, first->samples[i].p);
	return 0;
}

/* The same INFO counts: every entry of the first input's map, in whatever header order. */
static int same_counts(struct vx_inputs *inputs, const struct vx_build_options *options,
		       const struct vx_header *header, const char *path, struct vidx_error *err)
{
	const struct vx_infomap_options how = {options->populations, options->info_map};
	struct vx_infomap map;
	const struct vx_infomap *first = &inputs->map;
	int rc;

	memset(&map, 0, sizeof map);
	rc = vx_infomap_build(&map, header, &how, path, err);
	for (uint32_t i = 0; rc == 0 && i < first->n; i++) {
		const struct vx_infomap_entry *e = &first->entry[i];
		int found = i < map.n && vx_slice_eq(e->key, map.entry[i].key);

		for (uint32_t j = 0; !found && j < map.n; j++)
			found = vx_slice_eq(e->key, map.entry[j].key);
		if (!found)
			rc = vx_fail(err, VIDX_ECONFLICT, "%s: has no INFO %.*s, which %s has",
				     path, (int)e->key.len, e->key.p, inputs->input[0].path);
	}
	if (rc == 0 && map.n_columns != first->n_columns)
		rc = vx_fail(err, VIDX_ECONFLICT, "%s: its samples %s populations, those of %s %s",
			     path, map.n_columns ? "are" : "are no", inputs->input[0].path,
			     map.n_columns ? "are not" : "are");
	if (rc == 0 && map.n != first->n)
		rc = vx_fail(err, VIDX_ECONFLICT, "%s: has %u INFO counts, but %s has %u", path,
			     map.n, inputs->input[0].path, first->n);
	vx_infomap_release(&map);
	return rc;
}

void vx_inputs_warn_undeclared(struct vx_inputs *inputs, struct vx_log *log, const char *path,
			       struct vx_slice contig)
{
	if (inputs->warned_undeclared)
		return;
	inputs->warned_undeclared = 1;
	inputs->n_warnings++;
	vx_log(log, VX_LOG_WARN,
	       "%s: contig '%.*s' is not declared in the header (indexed all the same)", path,
	       contig.len < 64 ? (int)contig.len : 64, contig.p);
}

/*
 * The locus at which an input begins.  The only input of a build may put its first, undeclared
 * contig into the table; of several, the first appearance in input order decides the place, and is
 * not known before all were read: until then such a contig lies behind all others.
 */
static int find_start(struct vx_inputs *inputs, struct vx_input *input, struct vidx_error *err)
{
	struct vx_slice chrom;
	uint64_t pos1;
	uint32_t rank;
	int rc = vx_source_first(input->source, &chrom, &pos1);

	input->first_locus = UINT64_MAX;
	if (rc == VIDX_END)
		return 0;
	/* Text that is no record is reported by the unit that reads it, with its place. */
	input->first_locus = 0;
	if (rc != 0)
		return 0;
	vx_contigs_spelling(inputs->contigs, chrom);
	rank = vx_contigs_find(inputs->contigs, chrom);
	if (rank == VX_NO_CONTIG && inputs->n > 1)
		rank = VX_NEW_CONTIG;
	if (rank == VX_NO_CONTIG) {
		rc = vx_contigs_add(inputs->contigs, chrom, &rank, NULL);
		if (rc == VIDX_ENOMEM)
			return vx_fail_nomem(err);
		if (rc)
			return 0; /* again: its unit reports it */
	}
	input->first_locus = vx_locus(rank, pos1 ? vx_pos0(pos1) : 0);
	return 0;
}

static struct vx_slice base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return vx_slice_str(slash ? slash + 1 : path);
}

/* An index never holds a sample name: a file named after one of its samples goes without its name. */
static struct vx_slice hide_sample_names(struct vx_slice file, const struct vx_header *header)
{
	for (uint32_t i = 0; i < header->n_samples; i++) {
		struct vx_slice name = header->samples[i];

		/* Shorter ones are in most file names by chance, and tell nothing. */
		if (name.len >= 3 && name.len <= file.len &&
		    memmem(file.p, file.len, name.p, name.len))
			return vx_slice_str("(named after a sample)");
	}
	return file;
}

/*
 * The assembly where the header declares no contigs and the first record's is an accession, as in
 * the files of dbSNP: one tells it.  NULL: it stays to be told or deduced from the header.
 */
static const char *assembly_of_first(const struct vx_input *input, const struct vx_header *header)
{
	struct vx_header_contig contig = {.length = 0};
	struct vx_header probe = {.n_contigs = 1, .contigs = &contig};
	enum vx_assembly assembly;
	uint64_t pos1;

	if (header->n_contigs > 0 || vx_source_first(input->source, &contig.name, &pos1) != 0 ||
	    vx_assembly_deduce(&probe, input->path, &assembly, NULL) != 0)
		return NULL;
	return vx_assembly_name(assembly);
}

/* Takes one opened input in its turn. */
static int take(struct vx_inputs *inputs, const struct vx_build_options *options, size_t i,
		struct vidx_error *err)
{
	struct vx_input *input = &inputs->input[i];
	const struct vx_header *header = vx_source_header(input->source);
	const struct vx_header *first;
	struct vx_slice remark;
	int rc;

	if (i == 0) {
		const char *assembly = options->assembly;

		if (!assembly)
			assembly = assembly_of_first(input, header);
		rc = vx_contigs_new(assembly, header, input->path, &inputs->contigs, err);
		if (rc == 0)
			rc = decide(inputs, options, header, err);
	} else {
		first = vx_source_header(inputs->input[0].source);
		rc = vx_contigs_add_header(inputs->contigs, header, input->path, err);
		if (rc == 0 && (inputs->from_gt || inputs->map.n_columns))
			rc = same_samples(first, header, inputs->input[0].path, input->path, err);
		if (rc == 0 && !inputs->from_gt)
			rc = same_counts(inputs, options, header, input->path, err);
	}
	if (rc == 0 && inputs->keep.n)
		rc = vx_keep_declare(&inputs->keep, header, input->path, err);
	if (rc)
		return rc;
	remark = vx_contigs_remark(inputs->contigs, header);
	if (remark.len) {
		inputs->n_warnings++;
		vx_log(options->log, VX_LOG_WARN,
		       "%s: its header says '%.*s', but the assembly is %s", input->path,
		       (int)remark.len, remark.p, vx_contigs_assembly(inputs->contigs));
	}
	input->size = vx_source_size(input->source);
	if (!inputs->map.n_columns)
		input->meta.name = hide_sample_names(input->meta.name, header);
	if (i == 0 && options->callable)
		inputs->callable_name = hide_sample_names(base_name(options->callable), header);
	return find_start(inputs, input, err);
}

static int by_start(const void *a, const void *b, void *ctx)
{
	const struct vx_inputs *inputs = ctx;
	size_t i = *(const size_t *)a, j = *(const size_t *)b;
	uint64_t x = inputs->input[i].first_locus, y = inputs->input[j].first_locus;

	if (x != y)
		return x < y ? -1 : 1;
	return i < j ? -1 : i > j;
}

/* How many inputs may be open at a time, once the first one was looked at: by its header. */
static size_t open_max(const struct vx_inputs *inputs)
{
	size_t n =
		VX_INPUTS_HEADER_BYTES / (vx_source_header(inputs->input[0].source)->text.len + 1);

	return n < 2 ? 2 : n < VX_INPUTS_OPEN_MAX ? n : VX_INPUTS_OPEN_MAX;
}

static int can_open_again(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/*
 * Looks at inputs side by side, and takes them in input order: the first alone, then as many as may
 * be open.  *beg moves on.  A pipe cannot be opened again, and stays.
 */
static int look_at_batch(struct vx_inputs *inputs, const struct vx_build_options *options,
			 size_t *beg_ret, struct vidx_error *err)
{
	struct look look[VX_INPUTS_OPEN_MAX];
	size_t beg = *beg_ret, most = beg ? open_max(inputs) : 1;
	size_t n = inputs->n - beg < most ? inputs->n - beg : most;
	int rc = 0;

	*beg_ret += n;

	memset(look, 0, sizeof look);
#pragma omp parallel for schedule(dynamic) num_threads(options->threads) if (n > 1)
	for (size_t i = 0; i < n; i++)
		look[i].rc =
			vx_source_open(inputs->input[beg + i].path, &look[i].source, &look[i].err);
	for (size_t i = 0; i < n; i++) {
		struct vx_input *input = &inputs->input[beg + i];

		if (rc == 0 && look[i].rc)
			rc = vx_fail(err, look[i].rc, "%s", look[i].err.text);
		if (rc) {
			vx_source_close(look[i].source);
			continue;
		}
		input->source = look[i].source;
		rc = take(inputs, options, beg + i, err);
		if (rc == 0 && beg + i > 0 && inputs->n > most && can_open_again(input->path)) {
			vx_source_close(input->source);
			input->source = NULL;
		}
	}
	return rc;
}

static int check_paths(const struct vx_build_options *options, struct vidx_error *err)
{
	size_t n_stdin = 0;

	if (options->n_inputs == 0)
		return vx_fail(err, VIDX_EUSAGE, "no input");
	for (size_t i = 0; i < options->n_inputs; i++)
		n_stdin += strcmp(options->inputs[i], "-") == 0;
	n_stdin += options->callable && strcmp(options->callable, "-") == 0;
	if (n_stdin > 1)
		return vx_fail(err, VIDX_EUSAGE, "standard input is named %zu times", n_stdin);
	return 0;
}

/* After all headers: what they declare is held against it. */
static int open_reference(struct vx_inputs *inputs, const struct vx_build_options *options,
			  struct vidx_error *err)
{
	int rc = vx_reference_open(options->reference, &inputs->reference, err);

	return rc ? rc : vx_reference_bind(inputs->reference, inputs->contigs, 1, err);
}

/* After all headers too: one may declare hg19's chrM, which is another contig than MT. */
static int know_sexes(struct vx_inputs *inputs, const struct vx_build_options *options,
		      struct vidx_error *err)
{
	const struct vx_sexes *sexes = &inputs->sexes;
	int rc;

	if (!inputs->from_gt || options->no_sex_ploidy)
		return 0;
	rc = vx_sexes_init(&inputs->sexes, &inputs->cohort, inputs->contigs, err);
	if (rc == 0 && sexes->known)
		vx_log(options->log, VX_LOG_INFO,
		       "%s: ploidy by sex on X, Y and MT: %u XX, %u XY, %u of unknown sex",
		       options->samples, sexes->n_xx, sexes->n_xy,
		       inputs->cohort.n_samples - sexes->n_xx - sexes->n_xy);
	return rc;
}

int vx_inputs_open(struct vx_inputs *inputs, const struct vx_build_options *options,
		   struct vidx_error *err)
{
	size_t n_empty = 0;
	int rc, known = 1;

	memset(inputs, 0, sizeof *inputs);
	rc = check_paths(options, err);
	if (rc)
		return rc;
	rc = vx_keeping_init(inputs, options, err);
	if (rc)
		return rc;
	inputs->n = options->n_inputs;
	inputs->input = calloc(inputs->n, sizeof *inputs->input);
	inputs->by_start = calloc(inputs->n, sizeof *inputs->by_start);
	if (!inputs->input || !inputs->by_start)
		return vx_fail_nomem(err);
	for (size_t i = 0; i < inputs->n; i++) {
		inputs->input[i].path = options->inputs[i];
		inputs->input[i].meta.name = base_name(options->inputs[i]);
		inputs->by_start[i] = i;
	}
	for (size_t beg = 0; rc == 0 && beg < inputs->n;)
		rc = look_at_batch(inputs, options, &beg, err);
	if (rc == 0 && inputs->keep.n)
		rc = vx_keep_check(&inputs->keep, inputs->shape.groups, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < inputs->n; i++) {
		n_empty += inputs->input[i].first_locus == UINT64_MAX;
		known &= inputs->input[i].size > 0;
		inputs->n_bytes += inputs->input[i].size;
		if (inputs->input[i].first_locus == UINT64_MAX && inputs->n > 1)
			vx_log(options->log, VX_LOG_WARN, "%s: has a header but no records",
			       inputs->input[i].path);
	}
	if (n_empty == inputs->n)
		return vx_fail(err, VIDX_EBADINPUT, "%s: has a header but no records",
			       inputs->input[0].path);
	if (!known)
		inputs->n_bytes = 0;
	qsort_r(inputs->by_start, inputs->n, sizeof *inputs->by_start, by_start, inputs);
	rc = know_sexes(inputs, options, err);
	return rc == 0 && options->reference ? open_reference(inputs, options, err) : rc;
}

void vx_inputs_release(struct vx_inputs *inputs)
{
	for (size_t i = 0; inputs->input && i < inputs->n; i++)
		vx_source_close(inputs->input[i].source);
	free(inputs->input);
	free(inputs->by_start);
	vx_wanted_free(inputs->wanted);
	vx_keep_release(&inputs->keep);
	vx_sexes_release(&inputs->sexes);
	vx_cohort_release(&inputs->cohort);
	vx_infomap_release(&inputs->map);
	vx_spool_free(inputs->spool);
	vx_reference_close(inputs->reference);
	vx_contigs_free(inputs->contigs);
	memset(inputs, 0, sizeof *inputs);
}
