/* Decoding: the bytes of one row -> struct vx_row. */
#include "codec/alt.h"
#include "codec/cell.h"
#include "codec/counts.h"
#include "codec/find.h"
#include "codec/ids.h"

static int read_filter(const struct vx_block *b, struct vx_bits *bits, struct vx_row *row)
{
	const uint8_t *dict = b->p + b->off_filters;
	uint64_t size = b->off_runs - b->off_filters, i, n, beg, end;

	if (b->filter_bits == 0 || vx_bits_get(bits, 1)) {
		row->filter = vx_slice((const char *)b->p + b->off_filter, b->filter_len);
		return b->off_filter ? 0 : VIDX_EBADINDEX;
	}
	i = 1 + vx_bits_get(bits, b->filter_bits - 1u);
	if (size < 4)
		return VIDX_EBADINDEX;
	n = vx_load32(dict);
	if (i >= n || 4 + 4 * n > size)
		return VIDX_EBADINDEX;
	beg = vx_load32(dict + 4 * i);
	end = vx_load32(dict + 4 + 4 * i);
	if (beg > end || end > size - 4 - 4 * n)
		return VIDX_EBADINDEX;
	row->filter = vx_slice((const char *)dict + 4 + 4 * n + beg, end - beg);
	return 0;
}

static int read_allele(const struct vx_block *b, const struct vx_cell *cell, uint32_t j,
		       struct vx_row *row, char *scratch)
{
	unsigned code = vx_cell_code(cell, j);
	struct vx_bits bits = vx_block_bits(b, cell->data);
	uint64_t at;

	if (!vx_alt_is_snv(code))
		vx_cell_skip_alleles(b, cell, j, &bits);
	if (code != VX_ALT_HEAP) {
		if (vx_alt_decode(code, &bits, row, scratch) != 0)
			return VIDX_EBADINDEX;
		row->hash = vx_allele_hash(row->ref, row->alt, row->end0, row->svlen, b->hash_bits);
		return bits.pos <= (uint64_t)b->off_heap * 8 ? 0 : VIDX_EBADINDEX;
	}
	at = b->off_heap + vx_bits_get(&bits, b->heap_bits);
	if (at >= b->off_far)
		return VIDX_EBADINDEX;
	return vx_alt_heap_read(b->p + at, b->off_far - at, row);
}

static void counts_of(const struct vx_block *b, const struct vx_cell *cell,
		      struct vx_counts *counts)
{
	counts->shape = b->shape;
	counts->plan = b->shape->plan;
	counts->leaf = b->p + b->off_leaf;
	counts->sum_mask = b->p + b->off_mask;
	counts->pattern = b->p + b->off_pattern;
	counts->flags = b->flags;
	counts->an_k = b->an_k;
	counts->n_patterns = b->n_patterns;
	counts->presence_bits = b->presence_bits;
	counts->n_refs = cell->n_refs;
	for (unsigned i = 0; i < cell->n_refs; i++)
		counts->ref_pos[i] = vx_cell_item(b, cell, i);
}

/* FILTER and values of row j. */
static int read_data(const struct vx_block *b, const struct vx_cell *cell, uint32_t j,
		     const struct vx_counts *counts, struct vx_row *row)
{
	uint32_t skip = j & ((1u << b->stride_log2) - 1);
	uint64_t at = vx_cell_item(b, cell, cell->n_refs + (j >> b->stride_log2));
	struct vx_bits bits = vx_block_bits(b, at);

	/* Rows before this one in its stride are read over: only their length matters. */
	do {
		if (read_filter(b, &bits, row) != 0)
			return VIDX_EBADINDEX;
		bits.pos = vx_counts_read(counts, &bits, row->value);
	} while (skip-- > 0);
	return bits.pos <= (uint64_t)b->off_heap * 8 ? 0 : VIDX_EBADINDEX;
}

/* The same without a plan at hand. */
static int plan_and_read(const struct vx_block *b, const struct vx_cell *cell, uint32_t j,
			 const struct vx_counts *counts, struct vx_row *row)
{
	struct vx_plan plan;
	struct vx_counts planned = *counts;

	vx_plan_make_brief(&plan, b->shape->groups);
	planned.plan = &plan;
	return read_data(b, cell, j, &planned, row);
}

static int read_values(const struct vx_block *b, const struct vx_cell *cell, uint32_t j,
		       struct vx_row *row)
{
	struct vx_counts counts;

	row->order = 0;
	row->n_siblings = 0;
	row->kept = vx_slice(NULL, 0);
	counts_of(b, cell, &counts);
	return counts.plan ? read_data(b, cell, j, &counts, row)
			   : plan_and_read(b, cell, j, &counts, row);
}

static uint64_t locus_of(const struct vx_block *b, uint64_t offset)
{
	uint32_t r;

	if (b->n_runs < 2)
		return b->first_locus + offset;
	r = vx_block_run(b, offset, 0);
	return vx_run_locus(b, r) + (offset - vx_run_offset(b, r));
}

int vx_block_row(const struct vx_block *b, uint32_t i, struct vx_row *row, char *scratch)
{
	uint32_t j = i & ((1u << b->cell_log2) - 1);
	struct vx_cell cell;

	if (i >= b->n_rows || vx_cell_open(b, i >> b->cell_log2, &cell) != 0)
		return VIDX_EBADINDEX;
	row->number = i;
	row->locus = locus_of(b, cell.first + vx_cell_pos(b, &cell, j));
	if (read_allele(b, &cell, j, row, scratch) != 0 || read_values(b, &cell, j, row) != 0)
		return VIDX_EBADINDEX;
	return vx_ids_read(b, i, row, scratch + VX_ALT_PACKED_MAX);
}

/* As they were looked for; from the block where it has the text, as the caller's may go. */
static int read_found_allele(const struct vx_find *find, struct vx_row *row, char *scratch)
{
	const struct vx_block *b = find->block;
	struct vx_bits bits;

	row->locus = find->probe->locus;
	if (vx_alt_is_snv(find->probe->alt.code))
		return vx_alt_decode(find->probe->alt.code, NULL, row, scratch);
	if (find->probe->alt.code == VX_ALT_HEAP)
		return read_allele(b, &find->cell, find->j, row, scratch);
	bits.p = find->probe->alt.packed;
	bits.pos = 0;
	bits.last = VX_ALT_PACKED_BYTES - 8;
	return vx_alt_decode(find->probe->alt.code, &bits, row, scratch);
}

int vx_find_read(const struct vx_find *find, struct vx_row *row, char *scratch)
{
	const struct vx_block *b = find->block;

	row->number = vx_find_row(find);
	if (read_found_allele(find, row, scratch) != 0 ||
	    read_values(b, &find->cell, find->j, row) != 0)
		return VIDX_EBADINDEX;
	return vx_ids_read(b, row->number, row, scratch + VX_ALT_PACKED_MAX);
}
