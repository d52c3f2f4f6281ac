#include "codec/block.h"

#include "codec/alt.h"
#include "codec/cell.h"
#include "codec/counts.h"
#include "codec/ids.h"

/* --- opening --- */

static int offsets_in_order(const struct vx_block *b)
{
	return b->off_mask <= b->off_pattern && b->off_pattern <= b->off_filters &&
	       b->off_filters <= b->off_runs && b->off_runs <= b->off_table &&
	       b->off_table <= b->off_cells && b->off_cells <= b->off_heap &&
	       b->off_heap <= b->off_far && b->off_far <= b->off_ids && b->off_ids <= b->off_ext &&
	       b->off_ext <= b->len - VX_BLOCK_TAIL;
}

static int parameters_known(const struct vx_block *b)
{
	return b->n_rows > 0 && b->flags <= VX_F_KNOWN && b->cell_log2 >= VX_CELL_MIN_LOG2 &&
	       b->cell_log2 <= VX_CELL_MAX_LOG2 && b->stride_log2 <= b->cell_log2 &&
	       b->heap_bits <= 32 && b->id_bits <= VX_BITS_MAX &&
	       (b->entry_bytes == 6 || b->entry_bytes == 8) && b->filter_bits <= 33 &&
	       b->presence_bits <= 8 && b->n_patterns <= VX_PATTERNS_MAX &&
	       b->an_k <= 40 && b->id_min >> 50 == 0;
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
	b->off_filters = vx_load32(h + VX_H_OFF_FILTERS);
	b->off_runs = vx_load32(h + VX_H_OFF_RUNS);
	b->off_table = vx_load32(h + VX_H_OFF_TABLE);
	b->off_cells = vx_load32(h + VX_H_OFF_CELLS);
	b->off_heap = vx_load32(h + VX_H_OFF_HEAP);
	b->off_far = vx_load32(h + VX_H_OFF_FAR);
	b->off_ids = vx_load32(h + VX_H_OFF_IDS);
	b->off_ext = vx_load32(h + VX_H_OFF_EXT);
	b->n_id_texts = vx_load32(h + VX_H_N_ID_TEXTS);
	b->id_min = vx_load64(h + VX_H_ID_MIN);
}

int vx_block_open(struct vx_block *b, const void *p, size_t len, const struct vx_shape *shape,
		  unsigned hash_bits)
{
	const struct vx_groups *groups = shape->groups;
	uint32_t n_leaf, n_sum = 0;

	b->p = p;
	b->len = len;
	b->shape = shape;
	b->hash_bits = hash_bits;
	if (len < VX_HEADER + VX_BLOCK_TAIL || len > UINT32_MAX ||
	    vx_load32(b->p) != VX_BLOCK_MAGIC)
		return VIDX_EBADINDEX;
	read_header(b);
	if (!parameters_known(b))
		return VIDX_EBADINDEX;
	if (shape->plan)
		n_sum = shape->plan->n_sum;
	else
		for (uint32_t g = 0; g < groups->n; g++)
			n_sum += groups->rule_beg[g] != groups->rule_beg[g + 1];
	n_leaf = groups->n - n_sum;
	b->n_cells = (uint32_t)(((uint64_t)b->n_rows + (1u << b->cell_log2) - 1) >> b->cell_log2);
	b->off_mask = VX_HEADER + n_leaf * VX_LEAF_BYTES;
	b->off_pattern = b->off_mask + (uint32_t)__builtin_popcount(b->flags >> 13) * ((n_sum + 7) / 8);
	b->n_runs = (b->off_table - b->off_runs) / VX_RUN_BYTES;
	b->n_far = (b->off_ids - b->off_far) / VX_FAR_BYTES;
	if (!offsets_in_order(b) ||
	    b->off_pattern + b->n_patterns * vx_counts_pattern_bytes(shape) > b->off_filters ||
	    (uint64_t)b->n_cells * b->entry_bytes > b->off_cells - b->off_table)
		return VIDX_EBADINDEX;
	return 0;
}

/* --- loci and offsets --- */

static uint64_t run_locus(const struct vx_block *b, uint32_t r)
{
	return vx_load64(b->p + b->off_runs + (size_t)r * VX_RUN_BYTES);
}

static uint32_t run_offset(const struct vx_block *b, uint32_t r)
{
	return vx_load32(b->p + b->off_runs + (size_t)r * VX_RUN_BYTES + 8);
}

/* The last run that begins at or before a locus (by_locus) or an offset; 0 when none does. */
static uint32_t find_run(const struct vx_block *b, uint64_t x, int by_locus)
{
	uint32_t lo = 0, hi = b->n_runs;

	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if ((by_locus ? run_locus(b, mid) : run_offset(b, mid)) <= x)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

/*
 * The offset of a locus at or after the block's first.  Between two runs it is that of the next
 * run's first row, or something before it where no row can be.
 */
static uint64_t offset_of(const struct vx_block *b, uint64_t locus, int *exact_ret)
{
	uint64_t offset;
	uint32_t r;

	*exact_ret = 1;
	if (b->n_runs < 2)
		return locus - b->first_locus;
	r = find_run(b, locus, 1);
	offset = run_offset(b, r) + (locus - run_locus(b, r));
	if (r + 1 < b->n_runs && offset >= run_offset(b, r + 1)) {
		*exact_ret = 0;
		return run_offset(b, r + 1);
	}
	return offset;
}

static uint64_t locus_of(const struct vx_block *b, uint64_t offset)
{
	uint32_t r;

	if (b->n_runs < 2)
		return b->first_locus + offset;
	r = find_run(b, offset, 0);
	return run_locus(b, r) + (offset - run_offset(b, r));
}

/*
 * The last cell that begins before offset x, or 0: where the first row at or after x is, or right
 * behind it.  Rows lie about evenly, so a guess by proportion is near; then the bracket is
 * widened by doubling and halved.  Cells' first offsets ascend, or the answer is merely wrong.
 */
static uint32_t find_cell(const struct vx_block *b, uint64_t x)
{
	uint64_t guess = (uint64_t)b->n_cells * x / ((uint64_t)b->last + 1);
	uint32_t lo, hi, step = 1;

	lo = guess < b->n_cells ? (uint32_t)guess : b->n_cells - 1;
	if (vx_cell_first(b, lo) < x) {
		for (hi = lo + 1; hi < b->n_cells && vx_cell_first(b, hi) < x; step *= 2) {
			lo = hi;
			hi = b->n_cells - hi > step ? hi + step : b->n_cells;
		}
	} else {
		for (hi = lo; lo > 0 && vx_cell_first(b, lo) >= x; step *= 2) {
			hi = lo;
			lo = lo > step ? lo - step : 0;
		}
	}
	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (vx_cell_first(b, mid) < x)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

int vx_block_lower_bound(const struct vx_block *b, uint64_t locus, uint32_t *i_ret)
{
	struct vx_cell cell;
	uint64_t x;
	uint32_t c, j;
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
	j = x > cell.first ? vx_cell_lower_bound(b, &cell, x - cell.first) : 0;
	*i_ret = (c << b->cell_log2) + j;
	return *i_ret <= b->n_rows ? 0 : VIDX_EBADINDEX;
}

/* --- finding --- */

/* Whether row j of a cell, whose code is the key's, holds the key's allele.  0, VIDX_ABSENT, ... */
static int same_allele(const struct vx_block *b, const struct vx_cell *cell, uint32_t j,
		       const struct vx_row *key, const struct vx_alt *alt)
{
	struct vx_bits bits = vx_block_bits(b, cell->data);
	uint64_t limit = (uint64_t)b->off_heap * 8;
	struct vx_row row;

	for (uint32_t i = 0; i < j; i++) {
		unsigned code = vx_cell_code(cell, i);

		if (code == VX_ALT_HEAP)
			bits.pos += b->heap_bits;
		else
			vx_alt_skip(code, &bits);
	}
	if (alt->code == VX_ALT_HEAP) {
		uint64_t at = b->off_heap + vx_bits_get(&bits, b->heap_bits);

		if (bits.pos > limit || at >= b->off_far)
			return VIDX_EBADINDEX;
		row.locus = key->locus;
		if (vx_alt_heap_read(b->p + at, b->off_far - at, &row) != 0)
			return VIDX_EBADINDEX;
		return row.hash == key->hash && vx_slice_eq(row.ref, key->ref) &&
			       vx_slice_eq(row.alt, key->alt) && row.end0 == key->end0 &&
			       row.svlen == key->svlen ? 0 : VIDX_ABSENT;
	}
	for (uint32_t at = 0; at < alt->n_bits; at += VX_BITS_MAX) {
		uint32_t left = alt->n_bits - at, n = left < VX_BITS_MAX ? left : VX_BITS_MAX;

		if (vx_bits_get(&bits, n) !=
		    vx_low(vx_load64(alt->packed + at / 8), n))
			return VIDX_ABSENT;
	}
	return bits.pos <= limit ? 0 : VIDX_EBADINDEX;
}

/* Looks through the rows at offset x, which begin in cell c and may go on in the next ones. */
static int find_in_cells(const struct vx_block *b, uint32_t c, uint64_t x, const struct vx_row *key,
			 uint32_t *i_ret)
{
	struct vx_alt alt;
	struct vx_cell cell;

	vx_alt_encode(&alt, key);
	for (; c < b->n_cells; c++) {
		uint32_t j;

		if (vx_cell_first(b, c) > x)
			break;
		if (vx_cell_open(b, c, &cell) != 0)
			return VIDX_EBADINDEX;
		for (j = vx_cell_lower_bound(b, &cell, x - cell.first); j < cell.n; j++) {
			int rc;

			if (vx_cell_pos(b, &cell, j) != x - cell.first)
				return VIDX_ABSENT;
			if (vx_cell_code(&cell, j) != alt.code)
				continue;
			rc = vx_alt_is_snv(alt.code) ? 0 : same_allele(b, &cell, j, key, &alt);
			if (rc == VIDX_ABSENT)
				continue;
			*i_ret = (c << b->cell_log2) + j;
			return rc;
		}
	}
	return VIDX_ABSENT;
}

int vx_block_find(const struct vx_block *b, const struct vx_row *key, uint32_t *i_ret)
{
	uint64_t x;
	int exact;

	if (key->locus < b->first_locus)
		return VIDX_ABSENT;
	x = offset_of(b, key->locus, &exact);
	if (!exact || x > b->last)
		return VIDX_ABSENT;
	return find_in_cells(b, find_cell(b, x), x, key, i_ret);
}

/* --- one row --- */

static int read_filter(const struct vx_block *b, struct vx_bits *bits, struct vx_row *row)
{
	const uint8_t *dict = b->p + b->off_filters;
	uint64_t size = b->off_runs - b->off_filters, i = 0, n, beg, end;

	if (b->filter_bits > 0 && !vx_bits_get(bits, 1))
		i = 1 + vx_bits_get(bits, b->filter_bits - 1u);
	if (size < 4)
		return VIDX_EBADINDEX;
	n = vx_load32(dict);
	if (i >= n || 4 + 4 * n > size)
		return VIDX_EBADINDEX;
	beg = i ? vx_load32(dict + 4 * i) : 0;
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

	if (!vx_alt_is_snv(code)) {
		for (uint32_t i = 0; i < j; i++) {
			unsigned before = vx_cell_code(cell, i);

			if (before == VX_ALT_HEAP)
				bits.pos += b->heap_bits;
			else
				vx_alt_skip(before, &bits);
		}
	}
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
		      const struct vx_plan *plan, struct vx_counts *counts)
{
	counts->shape = b->shape;
	counts->plan = plan;
	counts->leaf = b->p + VX_HEADER;
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

int vx_block_row(const struct vx_block *b, uint32_t i, struct vx_row *row, char *scratch)
{
	uint32_t j = i & ((1u << b->cell_log2) - 1), skip = j & ((1u << b->stride_log2) - 1);
	struct vx_plan made;
	const struct vx_plan *plan = b->shape->plan;
	struct vx_counts counts;
	struct vx_cell cell;
	struct vx_bits bits;

	if (i >= b->n_rows || vx_cell_open(b, i >> b->cell_log2, &cell) != 0)
		return VIDX_EBADINDEX;
	if (!plan) {
		vx_plan_make(&made, b->shape->groups);
		plan = &made;
	}
	counts_of(b, &cell, plan, &counts);
	bits = vx_block_bits(b, vx_cell_item(b, &cell, cell.n_refs + (j >> b->stride_log2)));
	row->locus = locus_of(b, cell.first + vx_cell_pos(b, &cell, j));
	row->order = 0;
	row->n_siblings = 0;
	/* Rows before this one in its stride are read over: only their length matters. */
	for (; skip > 0; skip--) {
		if (read_filter(b, &bits, row) != 0)
			return VIDX_EBADINDEX;
		vx_counts_read(&counts, &bits, row->value);
	}
	if (read_filter(b, &bits, row) != 0)
		return VIDX_EBADINDEX;
	vx_counts_read(&counts, &bits, row->value);
	if (bits.pos > (uint64_t)b->off_heap * 8 ||
	    read_allele(b, &cell, j, row, scratch) != 0)
		return VIDX_EBADINDEX;
	return vx_ids_read(b, i, row, scratch + VX_ALT_PACKED_MAX);
}

/* --- far rows --- */

uint64_t vx_block_max_end(const struct vx_block *b)
{
	return vx_load64(b->p + VX_H_MAX_END);
}

uint32_t vx_block_n_far(const struct vx_block *b)
{
	return b->n_far;
}

int vx_block_far(const struct vx_block *b, uint32_t k, uint32_t *i_ret, uint64_t *end_ret)
{
	const uint8_t *p = b->p + b->off_far + (size_t)k * VX_FAR_BYTES;

	if (k >= b->n_far)
		return VIDX_EBADINDEX;
	*end_ret = vx_load64(p);
	*i_ret = vx_load32(p + 8);
	return *i_ret < b->n_rows ? 0 : VIDX_EBADINDEX;
}
