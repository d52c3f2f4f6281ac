#include "codec/block.h"

#include "codec/alt.h"
#include "codec/cell.h"
#include "codec/counts.h"
#include "codec/find.h"

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

/* Most rows have it: their lookup need not read the list. */
static void first_filter(struct vx_block *b)
{
	uint64_t size = b->off_runs - b->off_filters;
	const uint8_t *list = b->p + b->off_filters;
	uint64_t n = size < 8 ? 0 : vx_load32(list);

	b->off_filter = b->filter_len = 0;
	if (n == 0 || 4 + 4 * n > size || vx_load32(list + 4) > size - 4 - 4 * n)
		return;
	b->off_filter = (uint32_t)(b->off_filters + 4 + 4 * n);
	b->filter_len = vx_load32(list + 4);
}

int vx_block_open(struct vx_block *b, const void *p, size_t len, const struct vx_shape *shape,
		  unsigned hash_bits)
{
	uint32_t n_sum, n_masks;

	b->p = p;
	b->shape = shape;
	b->hash_bits = (uint8_t)hash_bits;
	if (len < VX_HEADER + VX_BLOCK_TAIL || len > UINT32_MAX ||
	    vx_load32(b->p) != VX_BLOCK_MAGIC)
		return VIDX_EBADINDEX;
	b->len = (uint32_t)len;
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
	b->cells_per_base = ((uint64_t)b->n_cells << 32) / ((uint64_t)b->last + 1);
	b->bytes_per_cell = (b->off_heap - b->off_cells) / b->n_cells;
	first_filter(b);
	return 0;
}

float vx_block_slope(const struct vx_block *b)
{
	return (float)b->cells_per_base * (float)b->entry_bytes / 4294967296.0f;
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

uint64_t vx_find_offset_in_runs(const struct vx_block *b, uint64_t locus, int *exact_ret)
{
	uint32_t r = vx_block_run(b, locus, 1);
	uint64_t offset;

	offset = vx_run_offset(b, r) + (locus - vx_run_locus(b, r));
	if (r + 1 < b->n_runs && offset >= vx_run_offset(b, r + 1)) {
		*exact_ret = 0;
		return vx_run_offset(b, r + 1);
	}
	return offset;
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
	x = vx_find_offset(b, locus, &exact);
	if (x > b->last)
		return 0;
	c = vx_find_cell(b, x);
	if (vx_cell_open(b, c, &cell) != 0)
		return VIDX_EBADINDEX;
	if (x > cell.first)
		j = vx_cell_seek(b, &cell, x - cell.first, &exact);
	*i_ret = (c << b->cell_log2) + j;
	return *i_ret <= b->n_rows ? 0 : VIDX_EBADINDEX;
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
