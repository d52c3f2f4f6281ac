#include "build/unit.h"
#include "build/gvcf.h"
#include "build/keeping.h"
#include "build/place.h"
#include "build/span.h"
#include "codec/alt.h"
#include "cohort/columns.h"

#include <stdlib.h>
#include <string.h>

int vx_worker_init(struct vx_worker *worker, const struct vx_inputs *inputs,
		   const struct vx_build_options *options, struct vidx_error *err)
{
	int rc;

	memset(worker, 0, sizeof *worker);
	worker->inputs = inputs;
	worker->options = options;
	worker->last_contig = VX_NO_CONTIG;
	vx_reference_view_init(&worker->view, inputs->reference);
	rc = vx_unit_new(&worker->unit, err);
	if (rc == 0 && inputs->from_gt)
		rc = vx_counter_new(&inputs->cohort, &worker->counter, err);
	if (rc == 0 && inputs->spool)
		rc = vx_gvcf_new(inputs, options, worker->counter, &worker->gvcf, err);
	return rc;
}

void vx_worker_release(struct vx_worker *worker)
{
	vx_unit_free(worker->unit);
	vx_gvcf_free(worker->gvcf);
	vx_counter_free(worker->counter);
	vx_reference_view_release(&worker->view);
	free(worker->allele);
	free(worker->reason);
	vx_buf_release(&worker->kept);
	memset(worker, 0, sizeof *worker);
}

void vx_run_init(struct vx_run *run)
{
	memset(run, 0, sizeof *run);
	vx_arena_init(&run->arena);
}

void vx_run_release(struct vx_run *run)
{
	vx_arena_release(&run->arena);
	free(run->row);
	free(run->new_contig);
	memset(run, 0, sizeof *run);
}

void vx_run_reset(struct vx_run *run)
{
	struct vx_run kept = *run;

	memset(run, 0, sizeof *run);
	run->arena = kept.arena;
	run->row = kept.row;
	run->cap_rows = kept.cap_rows;
	run->new_contig = kept.new_contig;
	run->cap_new_contigs = kept.cap_new_contigs;
	run->sister = kept.sister;
	vx_arena_reset(&run->arena);
}

/* Makes room for one record's alleles. */
static int reserve(struct vx_worker *worker, size_t n_alts)
{
	if (n_alts > worker->allele_cap) {
		size_t cap = n_alts + n_alts / 2 + 16;
		struct vx_allele *allele = realloc(worker->allele, cap * sizeof *allele);

		if (!allele)
			return VIDX_ENOMEM;
		worker->allele = allele;
		enum vx_reason *reason = realloc(worker->reason, cap * sizeof *reason);

		if (!reason)
			return VIDX_ENOMEM;
		worker->reason = reason;
		worker->allele_cap = cap;
	}
	return 0;
}

/*
 * Room for one record's counts, ALT after ALT, where its rows will keep them.  Eight more bytes, as
 * there may be no ALT.
 */
static int reserve_values(struct vx_run *run, struct vx_worker *worker, size_t n_alts)
{
	size_t per_alt = vx_shape_values(&worker->inputs->shape);

	if (n_alts > SIZE_MAX / 16 / (per_alt + 1))
		return VIDX_ENOMEM;
	worker->value = vx_arena_alloc(&run->arena, n_alts * per_alt * sizeof(uint64_t) + 8);
	return worker->value ? 0 : VIDX_ENOMEM;
}

/* Normalises every ALT; returns how many are to be indexed, or -1 when memory is out. */
static int64_t normalise(struct vx_run *run, struct vx_worker *worker,
			 const struct vx_record *record)
{
	int64_t n_kept = 0;

	for (uint32_t i = 0; i < record->n_alts; i++) {
		enum vx_reason reason = VX_BAD_ALLELE;

		/* POS 0 is a telomere, in front of the first base: no allele of a sequence lies there. */
		if (record->pos1 > 0)
			reason = vx_norm_allele(vx_pos0(record->pos1), record->ref, record->alts[i],
						&run->arena, &worker->allele[i]);
		if (reason == VX_N_REASONS)
			return -1;
		worker->reason[i] = reason;
		n_kept += reason == VX_KEPT;
	}
	return n_kept;
}

/* The contig's name as digests and mates have it. */
static struct vx_slice contig_name(const struct vx_run *run, const struct vx_worker *worker,
				   uint32_t contig)
{
	if (contig >= VX_NEW_CONTIG)
		return run->new_contig[contig - VX_NEW_CONTIG];
	return vx_contigs_canonical(worker->inputs->contigs, contig);
}

/* nhomalt and nhemi of the source against its AC: kept as given, but counted. */
static int fits(const struct vx_shape *shape, const uint64_t *value)
{
	int ac = vx_shape_slot(shape, VIDX_AC), hom = vx_shape_slot(shape, VIDX_NHOMALT);
	int hemi = vx_shape_slot(shape, VIDX_NHEMI);
	uint32_t n = shape->groups->n;

	for (uint32_t g = 0; ac >= 0 && g < n; g++) {
		uint64_t copies = value[(uint32_t)ac * n + g], carried = 0;

		if (hom >= 0 && value[(uint32_t)hom * n + g] != VX_NONE)
			carried += 2 * value[(uint32_t)hom * n + g];
		if (hemi >= 0 && value[(uint32_t)hemi * n + g] != VX_NONE)
			carried += value[(uint32_t)hemi * n + g];
		if (copies != VX_NONE && carried > copies)
			return 0;
	}
	return 1;
}

static struct vx_row *new_row(struct vx_run *run)
{
	if (run->n_rows == run->cap_rows) {
		size_t cap = run->cap_rows * 4 + 32;
		struct vx_row **grown = realloc(run->row, cap * sizeof *grown);

		if (!grown)
			return NULL;
		run->row = grown;
		run->cap_rows = cap;
	}
	struct vx_row *row = vx_arena_alloc(&run->arena, sizeof *row);

	if (row)
		run->row[run->n_rows++] = row;
	return row;
}

/* Text of the unit's buffer is copied: the buffer is refilled long before the row is packed. */
static int keep(struct vx_run *run, const struct vx_slice from, struct vx_slice *to)
{
	const char *copy = from.len ? vx_arena_copy(&run->arena, from.p, from.len) : "";

	*to = vx_slice(copy, from.len);
	return copy ? 0 : VIDX_ENOMEM;
}

static int keep_filter(struct vx_run *run, const struct vx_slice from, struct vx_slice *to)
{
	if (vx_slice_is(from, "PASS") || vx_slice_is(from, ".")) {
		*to = vx_slice_str(from.p[0] == '.' ? "." : "PASS");
		return 0;
	}
	return keep(run, from, to);
}

static int add_row(struct vx_run *run, struct vx_worker *worker, const struct vx_record *record,
		   uint32_t i_alt, uint32_t contig)
{
	const struct vx_shape *shape = &worker->inputs->shape;
	struct vx_allele *allele = &worker->allele[i_alt];
	struct vx_row *row = new_row(run);

	if (!row)
		return VIDX_ENOMEM;
	if (allele->symbolic && allele->alt.p[0] == '<' &&
	    vx_span_read(record, i_alt, worker->inputs->contigs, contig_name(run, worker, contig),
			 allele, &run->arena))
		return VIDX_ENOMEM;
	row->locus = vx_locus(contig, allele->pos0);
	row->end0 = allele->end0;
	row->svlen = allele->svlen;
	row->value = worker->value + (size_t)i_alt * vx_shape_values(shape);
	if (keep(run, allele->ref, &row->ref) || keep(run, allele->alt, &row->alt) ||
	    keep_filter(run, record->filter, &row->filter) ||
	    keep(run, worker->options->no_ids ? vx_slice(NULL, 0) : record->id, &row->id))
		return VIDX_ENOMEM;
	row->hash = vx_allele_hash(row->ref, row->alt, row->end0, row->svlen,
				   vx_build_hash_bits(worker->options));
	row->order = vx_order(run->i_input, run->number, record->number);
	row->n_siblings = 0; /* set when the record is done */
	row->kept = vx_slice(NULL, 0);
	run->tally.n_not_fitting += !worker->inputs->from_gt && !fits(shape, row->value);
	return 0;
}

/*
 * Counts a record that gives no row, by the first reason that is a fault, else as nothing.  1: it was
 * rejected; 0: it has nothing to index.
 */
static int reject(struct vx_run *run, const struct vx_worker *worker,
		  const struct vx_record *record)
{
	for (uint32_t i = 0; i < record->n_alts; i++) {
		enum vx_reason reason = worker->reason[i];

		if (reason != VX_NO_ALT && reason != VX_STAR && reason != VX_NON_REF) {
			run->tally.rejected[reason]++;
			run->n_rejected++;
			return 1;
		}
	}
	run->tally.n_nothing++;
	return 0;
}

static void tally_alleles(struct vx_run *run, const struct vx_worker *worker,
			  const struct vx_record *record)
{
	run->tally.n_alleles += record->n_alts ? record->n_alts : 1;
	if (record->n_alts == 0)
		run->tally.dropped[VX_NO_ALT]++;
	for (uint32_t i = 0; i < record->n_alts; i++) {
		if (worker->reason[i] == VX_KEPT)
			run->tally.n_alleles_indexed++;
		else
			run->tally.dropped[worker->reason[i]]++;
	}
}

/* One faulty record: counted, or under --strict the end. */
static int fault(struct vx_run *run, struct vx_worker *worker, const struct vx_record *record,
		 enum vx_reason reason, struct vx_slice bad, struct vidx_error *err)
{
	const char *path = worker->inputs->input[run->i_input].path;
	int chrom_len = record->chrom.len < 64 ? (int)record->chrom.len : 64;
	int bad_len = bad.len < 40 ? (int)bad.len : 40;
	enum vx_log_level level = worker->options->strict ? VX_LOG_DEBUG : VX_LOG_INFO;

	for (uint32_t i = 0; i < record->n_alts; i++)
		worker->reason[i] = reason;
	vx_log(worker->options->log, level, "%s: %.*s:%llu: rejected: %s: '%.*s'", path, chrom_len,
	       record->chrom.p, (unsigned long long)record->pos1, vx_reason_name(reason), bad_len,
	       bad.p ? bad.p : "");
	if (worker->options->strict && reason != VX_FILTERED)
		return vx_fail(err, VIDX_EBADINPUT, "%s: %.*s:%llu: %s: '%.*s'", path, chrom_len,
			       record->chrom.p, (unsigned long long)record->pos1,
			       vx_reason_name(reason), bad_len, bad.p ? bad.p : "");
	reject(run, worker, record);
	tally_alleles(run, worker, record);
	return 0;
}

/* The counts of a record, into worker->value. */
static enum vx_reason count(struct vx_worker *worker, const struct vx_record *record,
			    uint32_t contig, struct vx_slice *bad)
{
	if (worker->inputs->from_gt)
		vx_counter_copies(worker->counter, vx_sexes_at(&worker->inputs->sexes, contig,
							       vx_pos0(record->pos1)));
	if (worker->inputs->from_gt)
		return vx_count(worker->counter, record, worker->value, bad);
	if (worker->inputs->map.n_columns)
		return vx_columns_read(&worker->inputs->map, record, worker->value, bad);
	return vx_infomap_read(&worker->inputs->map, record, worker->value, bad);
}

static void check_frequencies(struct vx_run *run, const struct vx_worker *worker,
			      const struct vx_record *record)
{
	struct vx_af_check check = {0, 0};

	vx_infomap_check(&worker->inputs->map, record, worker->value, &check);
	run->tally.n_af_checked += check.n;
	run->tally.n_af_differ += check.n_differ;
}

static int strict_allele(struct vx_run *run, struct vx_worker *worker,
			 const struct vx_record *record, struct vidx_error *err)
{
	for (uint32_t i = 0; i < record->n_alts; i++)
		if (worker->reason[i] == VX_BAD_ALLELE)
			return fault(run, worker, record, VX_BAD_ALLELE, record->alts[i], err);
	return 0;
}

/* Bases that a record covers, in the callable track of a gVCF. */
static int note_covered(struct vx_worker *worker, const struct vx_record *record, uint32_t contig,
			struct vidx_error *err)
{
	return worker->gvcf ? vx_gvcf_note(worker->gvcf, record, contig, err) : 0;
}

static int add_record(struct vx_run *run, struct vx_worker *worker, const struct vx_record *record,
		      struct vidx_error *err)
{
	struct vx_slice bad = {NULL, 0};
	enum vx_reason reason;
	int64_t n_kept;
	size_t first = run->n_rows;
	uint32_t contig;
	int rc;

	run->tally.n_records++;
	if (reserve(worker, record->n_alts))
		return vx_fail_nomem(err);
	rc = vx_place_contig(run, worker, record, &contig, err);
	if (rc)
		return rc;
	n_kept = normalise(run, worker, record);
	if (n_kept < 0)
		return vx_fail_nomem(err);
	run->last_locus = vx_locus(contig, record->pos1 ? vx_pos0(record->pos1) : 0);
	rc = worker->options->strict ? strict_allele(run, worker, record, err) : 0;
	if (rc)
		return rc;
	if (n_kept == 0) {
		int is_fault = reject(run, worker, record);

		tally_alleles(run, worker, record);
		return is_fault ? 0 : note_covered(worker, record, contig, err);
	}
	if (worker->options->pass_only && !vx_slice_is(record->filter, "PASS"))
		return fault(run, worker, record, VX_FILTERED, record->filter, err);
	rc = vx_place_against_reference(run, worker, record, err);
	if (rc < 0)
		return rc;
	if (rc == VIDX_ABSENT)
		return fault(run, worker, record, VX_REF_MISMATCH, record->ref, err);
	if (reserve_values(run, worker, record->n_alts))
		return vx_fail_nomem(err);
	reason = count(worker, record, contig, &bad);
	if (reason != VX_KEPT)
		return fault(run, worker, record, reason, bad, err);
	if (worker->inputs->map.n_af)
		check_frequencies(run, worker, record);
	for (uint32_t i = 0; i < record->n_alts; i++)
		if (worker->reason[i] == VX_KEPT && add_row(run, worker, record, i, contig))
			return vx_fail_nomem(err);
	for (size_t i = first; i < run->n_rows; i++)
		run->row[i]->n_siblings = (uint32_t)(run->n_rows - first);
	if (worker->inputs->keep.n) {
		rc = vx_keeping_rows(run, worker, record, first, err);
		if (rc)
			return rc;
	}
	run->tally.n_indexed++;
	tally_alleles(run, worker, record);
	return note_covered(worker, record, contig, err);
}

static int compare_rows(const struct vx_row *x, const struct vx_row *y)
{
	int order = vx_row_compare(x, y);

	if (order)
		return order;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Merges the sorted [beg, mid) and [mid, end) of from into to; stable. */
static void merge_halves(struct vx_row **from, struct vx_row **to, size_t beg, size_t mid,
			 size_t end)
{
	size_t i = beg, j = mid;

	for (size_t k = beg; k < end; k++)
		to[k] = j >= end || (i < mid && compare_rows(from[i], from[j]) <= 0) ? from[i++]
										     : from[j++];
}

/* Bottom-up merge sort: what is left for input that is not sorted by position. */
static int merge_sort(struct vx_row **row, size_t n)
{
	struct vx_row **spare = malloc(n * sizeof *spare), **from = row, **to = spare;

	if (!spare)
		return VIDX_ENOMEM;
	for (size_t width = 1; width < n; width *= 2) {
		for (size_t beg = 0; beg < n; beg += 2 * width) {
			size_t mid = beg + width < n ? beg + width : n;
			size_t end = mid + width < n ? mid + width : n;

			merge_halves(from, to, beg, mid, end);
		}
		struct vx_row **swap = from;

		from = to;
		to = swap;
	}
	if (from != row)
		memcpy(row, from, n * sizeof *row);
	free(spare);
	return 0;
}

int vx_run_sort(struct vx_run *run)
{
	struct vx_row **row = run->row;
	size_t moves = 0;

	for (size_t i = 1; i < run->n_rows; i++) {
		struct vx_row *now = row[i];
		size_t j = i;

		while (j > 0 && compare_rows(row[j - 1], now) > 0) {
			row[j] = row[j - 1];
			j--;
		}
		row[j] = now;
		moves += i - j;
		/* Input sorted by position needs a move or so a row; more is another kind of input. */
		if (moves > 16 * run->n_rows + 1024)
			return merge_sort(row, run->n_rows);
	}
	return 0;
}

int vx_run_fill(struct vx_run *run, struct vx_worker *worker, size_t i_input, uint64_t *order_ret,
		struct vidx_error *err)
{
	struct vx_record record = {.number = 0};
	int rc;

	vx_run_reset(run);
	run->i_input = i_input;
	run->number = vx_unit_number(worker->unit);
	*order_ret = vx_order(i_input, run->number, 0);
	rc = vx_unit_load(worker->unit, err);
	while (rc == 0) {
		rc = vx_unit_next(worker->unit, worker->inputs->wanted, &record, err);
		if (rc == 0) {
			*order_ret = vx_order(i_input, run->number, record.number);
			rc = add_record(run, worker, &record, err);
		} else if (rc < 0) {
			/* The fault lies behind the last good record. */
			*order_ret = vx_order(i_input, run->number, run->tally.n_records);
		}
	}
	if (rc == VIDX_END && worker->gvcf && vx_gvcf_flush(worker->gvcf, err) < 0)
		return err->status;
	if (rc != VIDX_END)
		return rc;
	return vx_run_sort(run) ? vx_fail_nomem(err) : 0;
}
