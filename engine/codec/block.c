#include "codec/block.h"

#include "codec/alt.h"
#include "codec/cell.h"
#include "codec/counts.h"

/* --- opening --- */

static int offsets_in_order(const struct vx_block *b)
{
	return b->off_leaf >= VX_HEADER && b->off_leaf <= b->off_filters &&
	       b->off_filters <= b->off_runs && b->off_runs <= b->off_cells &&
	       b->off_cells <= b->off_heap && b->off_heap <= b->off_far &&
	       b->off_far <= b->off_ids && b->off_ids <= b->off_ext &&
	       b->off_ext <= b->len - VX_BLOCK_TAIL;
}

static int parameters_known(const struct vx_block *b)
{
	return b->n_rows > 0 && b->flags <= VX_F_KNOWN && b->cell_log2 >= VX_CELL_MIN_LOG2 &&
	       b->cell_log2 <= VX_CELL_MAX_LOG2 && b->stride_log2 <= b->cell_log2 &&
	       b->heap_bits <= 32 && b->id_bits <= VX_BITS_MAX &&
	       (b->entry_bytes == 6 || b->entry_bytes == 8) && b->filter_bits <= 33 &&
	       b->presence_bits <= 8 && b->n_patterns <= VX_PATTERNS_MAX && b->an_k <= 40;
}

static void read_header(struct vx_block *b)
{
	const uint8_t *h = b->p;

	b->n_rows = vx_load32(h + VX_H_N_ROWS);
	b->first_locus = vx_load64(h + VX_H_FIRST_LOCUS);
	b->last = vx_load32(h + VX_H_LAST);
	b->flags = vx_load32(h + VX_H_FLAGS);
	b->cell_log2 = h[VX_H_CELL_LOG2];
	b->stride_log2 = h[VX_H_STRIDE_LOG2];
	b->heap_bits = h[VX_H_HEAP_BITS];
	b->id_bits = h[VX_H_ID_BITS];
	b->entry_bytes = h[VX_H_ENTRY_BYTES];
	b->filter_bits = h[VX_H_FILTER_BITS];
	b->presence_bits = h[VX_H_PRESENCE_BITS];
	b->n_patterns = h[VX_H_N_PATTERNS];
	b->an_k = h[VX_H_AN_K];
	b->off_leaf = vx_load32(h + VX_H_OFF_LEAF);
	b->off_filters = vx_load32(h + VX_H_OFF_FILTERS);
	b->off_runs = vx_load32(h + VX_H_OFF_RUNS);
	b->off_cells = vx_load32(h + VX_H_OFF_CELLS);
	b->off_heap = vx_load32(h + VX_H_OFF_HEAP);
	b->off_far = vx_load32(h + VX_H_OFF_FAR);
	b->off_ids = vx_load32(h + VX_H_OFF_IDS);
	b->off_ext = vx_load32(h + VX_H_OFF_EXT);
}

static uint32_t count_sums(const struct vx_shape *shape)
{
	const struct vx_groups *groups = shape->groups;
	uint32_t n = 0;

	if (shape->plan)
		return shape->plan->n_sum;
	for (uint32_t g = 0; g < groups->n; g++)
		n += groups->rule_beg[g] != groups->rule_beg[g + 1];
	return n;
}

int vx_block_open(struct vx_block *b, const void *p, size_t len, const struct vx_shape *shape,
		  unsigned hash_bits)
{
	uint32_t n_sum, n_masks;

	b->p = p;
	b->len = len;
	b->shape = shape;
	b->hash_bits = hash_bits;
	if (len < VX_HEADER + VX_BLOCK_TAIL || len > UINT32_MAX ||
	    vx_load32(b->p) != VX_BLOCK_MAGIC)
		return VIDX_EBADINDEX;
	read_header(b);
	if (!parameters_known(b) || !offsets_in_order(b))
		return VIDX_EBADINDEX;
	n_sum = count_sums(shape);
	n_masks = b->flags >> VX_F_SUMS_SHIFT ? vx_masks_in(b->flags) : 0;
	b->n_cells = (uint32_t)(((uint64_t)b->n_rows + (1u << b->cell_log2) - 1) >> b->cell_log2);
	b->off_mask = b->off_leaf + (shape->groups->n - n_sum) * VX_LEAF_BYTES;
	b->off_pattern = b->off_mask + n_masks * ((n_sum + 7) / 8);
	b->n_runs = b->off_runs == b->off_cells ? 0 : (b->off_cells - b->off_runs) / VX_RUN_BYTES;
	if (b->off_pattern + (b->n_patterns ? b->n_patterns * vx_counts_pattern_bytes(shape) : 0) >
		    b->off_filters ||
	    (uint64_t)b->n_cells * b->entry_bytes > b->off_leaf - VX_HEADER)
		return VIDX_EBADINDEX;
	return 0;
}

/* --- loci and offsets --- */

uint32_t vx_block_run(const struct vx_block *b, uint64_t x, int by_locus)
{
	uint32_t lo = 0, hi = b->n_runs;

	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if ((by_locus ? vx_run_locus(b, mid) : vx_run_offset(b, mid)) <= x)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

/*
 * The offset of a locus at or after the block's first.  Where no row can be, between two runs, it
 * is that of the next run's first row, and *exact_ret 0.
 */
static uint64_t offset_of(const struct vx_block *b, uint64_t locus, int *exact_ret)
{
	uint64_t offset;
	uint32_t r;

	*exact_ret = 1;
	if (b->n_runs < 2)
		return locus - b->first_locus;
	r = vx_block_run(b, locus, 1);
	offset = vx_run_offset(b, r) + (locus - vx_run_locus(b, r));
	if (r + 1 < b->n_runs && offset >= vx_run_offset(b, r + 1)) {
		*exact_ret = 0;
		return vx_run_offset(b, r + 1);
	}
	return offset;
}

/*
 * The last cell that begins before offset x, or 0: where the first row at or after x is, or right
 * behind it.  Rows lie about evenly, so a guess by proportion is near: within 4 cells mostly.
 * The bracket around it is widened fourfold until it holds, then halved.  Where the table does
 * not ascend, the answer is merely wrong.
 */
static uint32_t find_cell(const struct vx_block *b, uint64_t x)
{
	uint64_t guess = (uint64_t)b->n_cells * x / ((uint64_t)b->last + 1);
	uint32_t mid = guess < b->n_cells ? (uint32_t)guess : b->n_cells - 1;
	uint32_t lo = mid > 4 ? mid - 4 : 0, n;
	uint32_t hi = b->n_cells - mid > 4 ? mid + 4 : b->n_cells;

	for (uint32_t step = 16; lo > 0 && vx_cell_first(b, lo) >= x; step *= 4) {
		hi = lo;
		lo = lo > step ? lo - step : 0;
	}
	for (uint32_t step = 16; hi < b->n_cells && vx_cell_first(b, hi) < x; step *= 4) {
		lo = hi;
		hi = b->n_cells - hi > step ? hi + step : b->n_cells;
	}
	/* Branches here would be guessed wrong half of the time. */
	for (n = hi - lo; n > 1; n -= n / 2)
		lo += vx_cell_first(b, lo + n / 2) < x ? n / 2 : 0;
	return lo;
}

int vx_block_lower_bound(const struct vx_block *b, uint64_t locus, uint32_t *i_ret)
{
	struct vx_cell cell;
	uint64_t x;
	uint32_t c, j = 0;
	int exact;

	*i_ret = 0;
	if (locus <= b->first_locus)
		return 0;
	*i_ret = b->n_rows;
	x = offset_of(b, locus, &exact);
	if (x > b->last)
		return 0;
	c = find_cell(b, x);
	if (vx_cell_open(b, c, &cell) != 0)
		return VIDX_EBADINDEX;
	if (x > cell.first)
		j = vx_cell_seek(b, &cell, x - cell.first, &exact);
	*i_ret = (c << b->cell_log2) + j;
	return *i_ret <= b->n_rows ? 0 : VIDX_EBADINDEX;
}

/* --- finding --- */

void vx_cell_skip_alleles(const struct vx_block *b, const struct vx_cell *cell, uint32_t j,
			  struct vx_bits *bits)
{
	for (uint32_t i = 0; i < j; i++) {
		unsigned code = vx_cell_code(cell, i);

		if (code == VX_ALT_HEAP)
			bits->pos += b->heap_bits;
		else
			vx_alt_skip(code, bits);
	}
}

/* Whether row j of a cell, whose code is the key's, holds the key's allele.  0, VIDX_ABSENT, ... */
static int same_allele(const struct vx_block *b, const struct vx_cell *cell, uint32_t j,
		       const struct vx_row *key, const struct vx_alt *alt)
{
	struct vx_bits bits = vx_block_bits(b, cell->data);
	uint64_t limit = (uint64_t)b->off_heap * 8, at;
	struct vx_row row = {.locus = key->locus};

	vx_cell_skip_alleles(b, cell, j, &bits);
	if (alt->code == VX_ALT_HEAP) {
		at = b->off_heap + vx_bits_get(&bits, b->heap_bits);
		if (bits.pos > limit || at >= b->off_far ||
		    vx_alt_heap_read(b->p + at, b->off_far - at, &row) != 0)
			return VIDX_EBADINDEX;
		if (row.hash != key->hash || row.end0 != key->end0 || row.svlen != key->svlen)
			return VIDX_ABSENT;
		return vx_slice_eq(row.ref, key->ref) && vx_slice_eq(row.alt, key->alt)
			       ? 0
			       : VIDX_ABSENT;
	}
	for (uint32_t done = 0; done < alt->n_bits; done += VX_BITS_MAX) {
		uint32_t left = alt->n_bits - done, n = left < VX_BITS_MAX ? left : VX_BITS_MAX;

		if (vx_bits_get(&bits, n) != vx_low(vx_load64(alt->packed + done / 8), n))
			return VIDX_ABSENT;
	}
	return bits.pos <= limit ? 0 : VIDX_EBADINDEX;
}

/* Row j of the cell is at offset x from its first; so may the next ones be. */
static int search_cell(const struct vx_block *b, const struct vx_cell *cell, uint32_t *j,
		       uint64_t x, const struct vx_row *key, const struct vx_alt *alt)
{
	do {
		int rc;

		if (vx_cell_code(cell, *j) != alt->code)
			continue;
		rc = vx_alt_is_snv(alt->code) ? 0 : same_allele(b, cell, *j, key, alt);
		if (rc != VIDX_ABSENT)
			return rc;
	} while (++*j < cell->n && vx_cell_pos(b, cell, *j) == x);
	return VIDX_ABSENT;
}

int vx_block_seek(const struct vx_block *b, const struct vx_row *key, struct vx_cell *cell,
		  uint32_t *i_ret)
{
	struct vx_alt alt;
	uint64_t x;
	uint32_t c, j;
	int hit, rc;

	if (key->locus < b->first_locus)
		return VIDX_ABSENT;
	x = offset_of(b, key->locus, &hit);
	if (!hit || x > b->last)
		return VIDX_ABSENT;
	vx_alt_encode(&alt, key);
	/* The rows at x begin in this cell or at the start of the next, and may go on for cells. */
	for (c = find_cell(b, x); c < b->n_cells && vx_cell_first(b, c) <= x; c++) {
		if (vx_cell_open(b, c, cell) != 0)
			return VIDX_EBADINDEX;
		j = vx_cell_seek(b, cell, x - cell->first, &hit);
		if (j == cell->n)
			continue;
		if (!hit)
			return VIDX_ABSENT;
		rc = search_cell(b, cell, &j, x - cell->first, key, &alt);
		*i_ret = (c << b->cell_log2) + j;
		if (rc != VIDX_ABSENT || j < cell->n)
			return rc;
	}
	return VIDX_ABSENT;
}

int vx_block_find(const struct vx_block *b, const struct vx_row *key, uint32_t *i_ret)
{
	struct vx_cell cell;

	return vx_block_seek(b, key, &cell, i_ret);
}

/* --- far rows --- */

uint64_t vx_block_max_end(const struct vx_block *b)
{
	return vx_load64(b->p + VX_H_MAX_END);
}

uint32_t vx_block_n_far(const struct vx_block *b)
{
	return (b->off_ids - b->off_far) / VX_FAR_BYTES;
}

int vx_block_far(const struct vx_block *b, uint32_t k, uint32_t *i_ret, uint64_t *end_ret)
{
	const uint8_t *p = b->p + b->off_far + (size_t)k * VX_FAR_BYTES;

	if (k >= vx_block_n_far(b))
		return VIDX_EBADINDEX;
	*end_ret = vx_load64(p);
	*i_ret = vx_load32(p + 8);
	return *i_ret < b->n_rows ? 0 : VIDX_EBADINDEX;
}
