#include "codec/find.h"

#include "base/wide.h"

/* A cache line, and how many of them are asked for of a long cell. */
#define LINE       64
#define CELL_LINES 6

void vx_cell_skip_alleles(const struct vx_block *b, const struct vx_cell *cell, uint32_t j,
			  struct vx_bits *bits)
{
	for (uint32_t i = 0; i < j; i++) {
		unsigned code = vx_cell_code(cell, i);

		if (vx_alt_is_snv(code))
			continue;
		if (code == VX_ALT_HEAP)
			bits->pos += b->heap_bits;
		else
			vx_alt_skip(code, bits);
	}
}

static int same_in_heap(const struct vx_find *find, struct vx_bits *bits)
{
	const struct vx_block *b = find->block;
	const struct vx_probe *probe = find->probe;
	uint64_t at = b->off_heap + vx_bits_get(bits, b->heap_bits);
	struct vx_row row = {.locus = probe->locus};

	if (bits->pos > (uint64_t)b->off_heap * 8 || at >= b->off_far ||
	    vx_alt_heap_read(b->p + at, b->off_far - at, &row) != 0)
		return VIDX_EBADINDEX;
	return row.end0 == probe->end0 && row.svlen == probe->svlen &&
			       vx_text_eq(&probe->ref, probe->fold, row.ref) &&
			       vx_text_eq(&probe->alt_text, probe->fold, row.alt)
		       ? 0
		       : VIDX_ABSENT;
}

/* Whether row j of the cell, whose code is the probe's, holds its allele.  0, VIDX_ABSENT, ... */
static int same_allele(const struct vx_find *find)
{
	const struct vx_block *b = find->block;
	const struct vx_alt *alt = &find->probe->alt;
	struct vx_bits bits = vx_block_bits(b, find->cell.data);

	vx_cell_skip_alleles(b, &find->cell, find->j, &bits);
	if (alt->code == VX_ALT_HEAP)
		return same_in_heap(find, &bits);
	for (uint32_t done = 0; done < alt->n_bits; done += VX_BITS_MAX) {
		uint32_t left = alt->n_bits - done, n = left < VX_BITS_MAX ? left : VX_BITS_MAX;

		if (vx_bits_get(&bits, n) != vx_low(vx_load64(alt->packed + done / 8), n))
			return VIDX_ABSENT;
	}
	return bits.pos <= (uint64_t)b->off_heap * 8 ? 0 : VIDX_EBADINDEX;
}

/* Row j of the cell is at the offset sought; so may the next ones be. */
VX_INLINE int search_cell(struct vx_find *find)
{
	uint64_t x = find->x - find->cell.first;
	unsigned code = find->probe->alt.code;

	do {
		int rc;

		if (vx_cell_code(&find->cell, find->j) != code)
			continue;
		rc = vx_alt_is_snv(code) ? 0 : same_allele(find);
		if (rc != VIDX_ABSENT)
			return rc;
	} while (++find->j < find->cell.n && vx_cell_pos(find->block, &find->cell, find->j) == x);
	return VIDX_ABSENT;
}

int vx_find_begin(struct vx_find *find, const struct vx_block *b, const struct vx_probe *probe)
{
	int exact;

	find->block = b;
	find->probe = probe;
	if (probe->locus < b->first_locus)
		return VIDX_ABSENT;
	find->x = vx_find_offset(b, probe->locus, &exact);
	return exact && find->x <= b->last ? 0 : VIDX_ABSENT;
}

/*
 * Asks for len bytes, at most a line.  Inlined by force, as all that calls it: gcc takes a function
 * that only prefetches for one without effect, and leaves out the call.
 */
VX_INLINE void prefetch_bytes(const uint8_t *p, size_t len)
{
	__builtin_prefetch(p);
	if (((uintptr_t)p & (LINE - 1)) + len > LINE)
		__builtin_prefetch(p + len - 1);
}

VX_INLINE void prefetch_table(const struct vx_find *find)
{
	const struct vx_block *b = find->block;
	uint32_t guess = vx_find_guess(b, find->x);

	/* The bracket of vx_find_cell(): 8 entries of 6 bytes. */
	prefetch_bytes(b->p + VX_HEADER + (size_t)(guess > 4 ? guess - 4 : 0) * b->entry_bytes,
		       (size_t)8 * b->entry_bytes);
}

/* What decoding reads of the block itself. */
VX_INLINE void prefetch_parameters(const struct vx_find *find)
{
	const struct vx_block *b = find->block;

	prefetch_bytes(b->p + b->off_leaf, LINE);
	__builtin_prefetch(b->p + b->off_filters);
}

void vx_find_prefetch(const struct vx_find *find)
{
	prefetch_table(find);
	prefetch_parameters(find);
}

VX_INLINE const uint8_t *cell_bytes(const struct vx_find *find)
{
	const struct vx_block *b = find->block;
	const uint8_t *entry = b->p + VX_HEADER + (size_t)find->c * b->entry_bytes;

	return b->p + b->off_cells +
	       (b->entry_bytes == 6 ? vx_load16(entry + 4) : vx_load32(entry + 4));
}

/* All of it, head and rows: the row is one wait with the head then, and not one after it. */
VX_INLINE void prefetch_cell(const struct vx_find *find)
{
	const uint8_t *cell = cell_bytes(find);
	uint32_t len = find->block->bytes_per_cell;

	for (uint32_t at = 0; at < len && at <= CELL_LINES * LINE; at += LINE)
		__builtin_prefetch(cell + at);
}

void vx_find_in_table(struct vx_find *find)
{
	find->c = vx_find_cell(find->block, find->x);
	prefetch_cell(find);
}

void vx_find_from(struct vx_find *find, uint32_t c)
{
	const struct vx_block *b = find->block;
	uint32_t lo = c, hi, step = 1;

	while (b->n_cells - lo > step && vx_cell_first(b, lo + step) < find->x) {
		lo += step;
		step *= 2;
	}
	hi = b->n_cells - lo > step ? lo + step : b->n_cells;
	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (vx_cell_first(b, mid) < find->x)
			lo = mid;
		else
			hi = mid;
	}
	find->c = lo;
	prefetch_cell(find);
}

/* One cell.  0, VIDX_ABSENT, VIDX_EBADINDEX; VIDX_END: the next one may have rows there too. */
VX_INLINE int find_in_one(struct vx_find *find, int tier)
{
	const struct vx_block *b = find->block;
	int hit, rc;

	if (vx_cell_open(b, find->c, &find->cell) != 0)
		return VIDX_EBADINDEX;
	if (find->x < find->cell.first)
		return VIDX_ABSENT;
	find->j = vx_cell_seek_tier(b, &find->cell, find->x - find->cell.first, &hit, tier);
	if (find->j == find->cell.n)
		return VIDX_END;
	if (!hit)
		return VIDX_ABSENT;
	rc = search_cell(find);
	return rc == VIDX_ABSENT && find->j == find->cell.n ? VIDX_END : rc;
}

/* The rows at x begin in this cell or at the start of the next, and may go on for cells. */
VX_INLINE int find_in_cells(struct vx_find *find, int tier)
{
	int rc = find_in_one(find, tier);

	while (rc == VIDX_END && ++find->c < find->block->n_cells &&
	       vx_cell_first(find->block, find->c) <= find->x)
		rc = find_in_one(find, tier);
	return rc == VIDX_END ? VIDX_ABSENT : rc;
}

int vx_find_in_cell_plain(struct vx_find *find)
{
	return find_in_cells(find, 0);
}

#if defined(__x86_64__)
__attribute__((target("avx2,bmi,bmi2"))) static int find_fast_pdep(struct vx_find *find)
{
	return find_in_cells(find, 1);
}

int vx_find_in_cell(struct vx_find *find)
{
	return vx_has_fast_pdep() ? find_fast_pdep(find) : find_in_cells(find, 0);
}
#else
int vx_find_in_cell(struct vx_find *find)
{
	return find_in_cells(find, 0);
}
#endif

static int seek(struct vx_find *find, const struct vx_block *b, const struct vx_probe *probe)
{
	if (vx_find_begin(find, b, probe) != 0)
		return VIDX_ABSENT;
	prefetch_table(find);
	/* Not the cell itself, but on its page mostly: the address is translated meanwhile. */
	__builtin_prefetch(b->p + b->off_cells +
			   (size_t)vx_find_guess(b, find->x) * b->bytes_per_cell);
	prefetch_parameters(find);
	vx_find_in_table(find);
	return vx_find_in_cell(find);
}

int vx_block_find(const struct vx_block *b, const struct vx_row *key, uint32_t *i_ret)
{
	struct vx_probe probe;
	struct vx_find find;
	int rc;

	vx_probe_of_row(&probe, key);
	rc = seek(&find, b, &probe);
	if (rc == 0)
		*i_ret = vx_find_row(&find);
	return rc;
}

int vx_block_lookup(const struct vx_block *b, const struct vx_probe *probe, struct vx_row *row,
		    char *scratch)
{
	struct vx_find find;
	int rc = seek(&find, b, probe);

	return rc == 0 ? vx_find_read(&find, row, scratch) : rc;
}

int vx_block_get(const struct vx_block *b, const struct vx_row *key, struct vx_row *row,
		 char *scratch)
{
	struct vx_probe probe;
	int rc;

	vx_probe_of_row(&probe, key);
	rc = vx_block_lookup(b, &probe, row, scratch);
	if (rc == 0)
		row->hash = key->hash;
	return rc;
}
