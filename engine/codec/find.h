/*
 * find: an allele -> its row in a block, in steps that each end where memory is read that the
 * caches rarely hold: table, cell.  A step asks for what the next one reads, so whoever has
 * many alleles to find takes each step for all of them (query/many.c).
 */
#ifndef VX_CODEC_FIND_H
#define VX_CODEC_FIND_H

#include "codec/cell.h"
#include "codec/probe.h"

/* One search; probe and block are borrowed. */
struct vx_find {
	const struct vx_block *block;
	const struct vx_probe *probe;
	uint64_t x; /* offset of the probe's locus in the block */
	uint32_t c; /* its cell */
	uint32_t j; /* its row in the cell */
	struct vx_cell cell;
};

/* 0, or VIDX_ABSENT: no row can be there.  The block begins at or before the probe's locus. */
int vx_find_begin(struct vx_find *find, const struct vx_block *block, const struct vx_probe *probe);
/* Asks for the part of the table where the cell is, and for what decoding needs of the block. */
void vx_find_prefetch(const struct vx_find *find);
/* Finds the cell, and asks for it. */
void vx_find_in_table(struct vx_find *find);
/* The same, from the cell of a find in the same block that had the same offset or a smaller one. */
void vx_find_from(struct vx_find *find, uint32_t c);
/* Finds the row.  0, VIDX_ABSENT, VIDX_EBADINDEX. */
int vx_find_in_cell(struct vx_find *find);
/* Its plain twin, for tests. */
int vx_find_in_cell_plain(struct vx_find *find);
/* Decodes the row, as vx_block_lookup(). */
int vx_find_read(const struct vx_find *find, struct vx_row *row, char *scratch);

/* The number of the row found. */
static inline uint32_t vx_find_row(const struct vx_find *find)
{
	return (find->c << find->block->cell_log2) + find->j;
}

uint64_t vx_find_offset_in_runs(const struct vx_block *b, uint64_t locus, int *exact_ret);

/*
 * The offset of a locus at or after the block's first.  Where no row can be, between two runs, it
 * is that of the next run's first row, and *exact_ret 0.
 */
static inline uint64_t vx_find_offset(const struct vx_block *b, uint64_t locus, int *exact_ret)
{
	*exact_ret = 1;
	return b->n_runs < 2 ? locus - b->first_locus : vx_find_offset_in_runs(b, locus, exact_ret);
}

/* Where rows that lie evenly would have offset x <= b->last: a cell near the one sought. */
static inline uint32_t vx_find_guess(const struct vx_block *b, uint64_t x)
{
	uint64_t guess = x * b->cells_per_base >> 32;

	return guess < b->n_cells ? (uint32_t)guess : b->n_cells - 1;
}

/*
 * The last cell that begins before offset x, or 0: where the first row at or after x is, or right
 * behind it.  Rows lie about evenly, so a guess by proportion is near: within 4 cells mostly.
 * The bracket around it is widened fourfold until it holds, then halved.  Where the table does
 * not ascend, the answer is merely wrong.
 */
static inline uint32_t vx_find_cell(const struct vx_block *b, uint64_t x)
{
	uint32_t mid = vx_find_guess(b, x), lo = mid > 4 ? mid - 4 : 0, n;
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

#endif
