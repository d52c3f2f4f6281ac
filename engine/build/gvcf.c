#include "build/gvcf.h"

#include "base/pos.h"
#include "build/sweep.h"
#include "cohort/calltext.h"

#include <stdlib.h>

/* A stretch as noted: contig, beg0, end0, then AN by group. */
enum { ROW_CONTIG, ROW_BEG, ROW_END, ROW_AN };

struct vx_gvcf {
	const struct vx_inputs *inputs;
	int pass_only;
	struct vx_counter *counter;
	struct vx_lane lane;
	struct vx_sweep sweep;
	uint32_t n_groups, contig; /* contig: of the rows swept now */
	uint32_t *group;           /* 0, 1, ... */
	uint64_t *row;             /* n of them */
	size_t n, cap;
	uint64_t *value; /* of a record with value_alts ALTs */
	uint32_t value_alts;
	uint64_t n_blocks; /* noted since the last flush */
};

static int emit(void *ctx, uint64_t beg0, uint64_t end0, const uint64_t *an, struct vidx_error *err)
{
	struct vx_gvcf *gvcf = ctx;

	return vx_lane_add(&gvcf->lane, gvcf->contig, beg0, end0, an, err);
}

int vx_gvcf_new(const struct vx_inputs *inputs, const struct vx_build_options *options,
		struct vx_counter *counter, struct vx_gvcf **gvcf_ret, struct vidx_error *err)
{
	struct vx_gvcf *gvcf = calloc(1, sizeof *gvcf);

	if (!gvcf)
		return vx_fail_nomem(err);
	gvcf->inputs = inputs;
	gvcf->pass_only = options->pass_only;
	gvcf->counter = counter;
	gvcf->lane.spool = inputs->spool;
	gvcf->n_groups = inputs->cohort.groups.n;
	gvcf->group = calloc(gvcf->n_groups, sizeof *gvcf->group);
	gvcf->sweep = (struct vx_sweep){.n_cols = gvcf->n_groups, .emit = emit, .ctx = gvcf};
	if (vx_sweep_init(&gvcf->sweep) != 0 || !gvcf->group) {
		vx_gvcf_free(gvcf);
		return vx_fail_nomem(err);
	}
	for (uint32_t g = 0; g < gvcf->n_groups; g++)
		gvcf->group[g] = g;
	*gvcf_ret = gvcf;
	return 0;
}

void vx_gvcf_free(struct vx_gvcf *gvcf)
{
	if (!gvcf)
		return;
	vx_lane_release(&gvcf->lane);
	vx_sweep_release(&gvcf->sweep);
	free(gvcf->group);
	free(gvcf->row);
	free(gvcf->value);
	free(gvcf);
}

static int is_reference(struct vx_slice alt)
{
	return vx_slice_is(alt, "<NON_REF>") || vx_slice_is(alt, "<*>") || vx_slice_is(alt, "*") ||
	       vx_slice_is(alt, ".");
}

/*
 * What the record covers, were its contig endless.  1: a reference block; 0: bases of a variant; -1:
 * nothing.
 */
static int find_span(const struct vx_record *record, uint64_t *end0)
{
	int is_block = 1;
	int64_t end1;

	*end0 = record->pos1 - 1 + record->ref.len;
	for (uint32_t i = 0; i < record->n_alts; i++) {
		struct vx_slice alt = record->alts[i];

		if (is_reference(alt))
			continue;
		is_block = 0;
		for (size_t k = 0; k < alt.len; k++)
			if (alt.p[k] == '<' || alt.p[k] == '[' || alt.p[k] == ']')
				return -1;
	}
	if (is_block && record->info[0].p && vx_info_int(&record->info[0], 0, &end1) == 1 &&
	    end1 >= (int64_t)record->pos1 && (uint64_t)end1 <= VX_POS0_MAX)
		*end0 = (uint64_t)end1;
	return is_block;
}

/* Whether --pass-only leaves the record out: only a block may do without filters. */
static int is_filtered(const struct vx_gvcf *gvcf, const struct vx_record *record, int is_block)
{
	if (!gvcf->pass_only || vx_slice_is(record->filter, "PASS"))
		return 0;
	return !is_block || !vx_slice_is(record->filter, ".");
}

/* A block may say that it reaches over the end of its contig. */
static uint64_t clip(const struct vx_gvcf *gvcf, uint32_t contig, uint64_t end0)
{
	uint64_t length =
		contig < VX_NEW_CONTIG ? vx_contigs_length(gvcf->inputs->contigs, contig) : 0;

	return length && end0 > length ? length : end0;
}

/* The AN of every group at a place, or NULL where the genotypes are none or memory is out (*rc). */
static const uint64_t *count(struct vx_gvcf *gvcf, const struct vx_record *record, uint32_t contig,
			     uint64_t pos0, int *rc)
{
	static const struct vx_slice no_alt = {".", 1};
	struct vx_record counted = *record;
	enum vx_reason reason;
	struct vx_slice bad;

	/* Where no ALT is listed, one that nobody has. */
	if (record->n_alts == 0) {
		counted.n_alts = 1;
		counted.alts = &no_alt;
	}
	*rc = 0;
	if (counted.n_alts > gvcf->value_alts) {
		free(gvcf->value);
		gvcf->value_alts = 0;
		gvcf->value = calloc((size_t)counted.n_alts * VX_COUNT_N_METRICS * gvcf->n_groups,
				     sizeof *gvcf->value);
		if (!gvcf->value) {
			*rc = VIDX_ENOMEM;
			return NULL;
		}
		gvcf->value_alts = counted.n_alts;
	}
	vx_counter_copies(gvcf->counter, vx_sexes_at(&gvcf->inputs->sexes, contig, pos0));
	reason = vx_count(gvcf->counter, &counted, gvcf->value, &bad);
	if (reason == VX_N_REASONS)
		*rc = VIDX_ENOMEM;
	return reason == VX_KEPT ? gvcf->value + (size_t)VIDX_AN * gvcf->n_groups : NULL;
}

static int add_row(struct vx_gvcf *gvcf, uint32_t contig, uint64_t beg0, uint64_t end0,
		   const uint64_t *an)
{
	size_t stride = ROW_AN + (size_t)gvcf->n_groups;
	uint64_t *row;

	if (gvcf->n == gvcf->cap) {
		size_t cap = gvcf->cap * 2 + 256;

		row = realloc(gvcf->row, cap * stride * sizeof *row);
		if (!row)
			return VIDX_ENOMEM;
		gvcf->row = row;
		gvcf->cap = cap;
	}
	row = gvcf->row + gvcf->n * stride;
	if (gvcf->n > 0) {
		uint64_t *last = row - stride;

		if (last[ROW_CONTIG] == contig && last[ROW_END] == beg0 &&
		    memcmp(last + ROW_AN, an, gvcf->n_groups * sizeof *an) == 0) {
			last[ROW_END] = end0;
			return 0;
		}
	}
	row[ROW_CONTIG] = contig;
	row[ROW_BEG] = beg0;
	row[ROW_END] = end0;
	memcpy(row + ROW_AN, an, gvcf->n_groups * sizeof *an);
	gvcf->n++;
	return 0;
}

int vx_gvcf_note(struct vx_gvcf *gvcf, const struct vx_record *record, uint32_t contig,
		 struct vidx_error *err)
{
	uint64_t end0, next0;
	int is_block, rc = 0;

	if (record->pos1 == 0 || record->n_samples == 0 || record->gt_form == VX_GT_NONE)
		return 0;
	is_block = find_span(record, &end0);
	if (is_block < 0 || is_filtered(gvcf, record, is_block))
		return 0;
	end0 = clip(gvcf, contig, end0);
	gvcf->n_blocks += (uint64_t)is_block;
	/* A block may reach over the boundary of a pseudoautosomal region. */
	for (uint64_t beg0 = vx_pos0(record->pos1); beg0 < end0; beg0 = next0) {
		const uint64_t *an = count(gvcf, record, contig, beg0, &rc);

		next0 = vx_sexes_end(&gvcf->inputs->sexes, contig, beg0);
		next0 = next0 < end0 ? next0 : end0;
		if (!an)
			return rc < 0 ? vx_fail_nomem(err) : 0;
		if (!vx_calltext_covers(an, gvcf->group, gvcf->n_groups))
			continue;
		if (contig >= VX_NEW_CONTIG &&
		    vx_spool_name(gvcf->inputs->spool, record->chrom, &contig) != 0)
			return vx_fail_nomem(err);
		if (add_row(gvcf, contig, beg0, next0, an) != 0)
			return vx_fail_nomem(err);
	}
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	for (int i = ROW_CONTIG; i <= ROW_END; i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return 0;
}

int vx_gvcf_flush(struct vx_gvcf *gvcf, struct vidx_error *err)
{
	size_t stride = ROW_AN + (size_t)gvcf->n_groups, sorted = 1;
	const uint64_t *row = gvcf->row;
	int rc = 0;

	vx_spool_note(gvcf->inputs->spool, gvcf->n_blocks);
	gvcf->n_blocks = 0;
	if (gvcf->n == 0)
		return 0;
	while (sorted < gvcf->n &&
	       by_place(row + (sorted - 1) * stride, row + sorted * stride) <= 0)
		sorted++;
	if (sorted < gvcf->n)
		qsort(gvcf->row, gvcf->n, stride * sizeof *row, by_place);
	for (size_t i = 0; rc == 0 && i < gvcf->n; i++, row += stride) {
		if (i > 0 && row[ROW_CONTIG] != gvcf->contig)
			rc = vx_sweep_end(&gvcf->sweep, err);
		gvcf->contig = (uint32_t)row[ROW_CONTIG];
		if (rc == 0)
			rc = vx_sweep_add(&gvcf->sweep, row[ROW_BEG], row[ROW_END], row + ROW_AN,
					  err);
	}
	gvcf->n = 0;
	if (rc == 0)
		rc = vx_sweep_end(&gvcf->sweep, err);
	return rc < 0 ? rc : vx_lane_flush(&gvcf->lane, err);
}
