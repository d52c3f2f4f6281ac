/*
 * cell: 16 or 32 neighbouring rows of a block: their positions, allele codes and rows lie together.
 * Private to the codec.  FORMAT.md has a picture.
 */
#ifndef VX_CODEC_CELL_H
#define VX_CODEC_CELL_H

#include "base/pos.h"
#include "codec/bits.h"
#include "codec/block.h"
#include "codec/format.h"

struct vx_cell {
	const uint8_t *codes;         /* allele codes, two a byte, low half first */
	uint64_t ef;                  /* high parts of the positions: row j sets bit (high + j) */
	uint64_t lows, offsets, data; /* bit positions in the block */
	uint32_t first;               /* offset of the first row's position in the block */
	uint32_t n;
	unsigned low_bits, offset_bits, n_refs;
};

/* Offset of the position of cell c's first row. */
static inline uint32_t vx_cell_first(const struct vx_block *b, uint32_t c)
{
	return vx_load32(b->p + VX_HEADER + (size_t)c * b->entry_bytes);
}

/* c < b->n_cells.  0 or VIDX_EBADINDEX. */
static inline int vx_cell_open(const struct vx_block *b, uint32_t c, struct vx_cell *cell)
{
	const uint8_t *entry = b->p + VX_HEADER + (size_t)c * b->entry_bytes, *p;
	uint32_t left = b->n_rows - (c << b->cell_log2), size = 1u << b->cell_log2;
	size_t at = b->entry_bytes == 6 ? vx_load16(entry + 4) : vx_load32(entry + 4);
	size_t ef_bytes = size >> 2;

	at += b->off_cells;
	cell->n = left < size ? left : size;
	if (at + ef_bytes + 2 + (cell->n + 1) / 2 > b->len - VX_BLOCK_TAIL)
		return VIDX_EBADINDEX;
	p = b->p + at;
	cell->first = vx_load32(entry);
	cell->ef = vx_load64(p) & UINT64_MAX >> (64 - ef_bytes * 8);
	cell->low_bits = p[ef_bytes];
	cell->offset_bits = p[ef_bytes + 1] & 63;
	cell->n_refs = p[ef_bytes + 1] >> 6;
	cell->codes = p + ef_bytes + 2;
	cell->lows = (at + ef_bytes + 2 + (cell->n + 1) / 2) * 8;
	cell->offsets = cell->lows + cell->n * cell->low_bits;
	cell->data = cell->offsets +
		     (1 + cell->n_refs + ((cell->n - 1) >> b->stride_log2)) * cell->offset_bits;
	return cell->low_bits > 32 || cell->offset_bits > 32 ? VIDX_EBADINDEX : 0;
}

static inline struct vx_bits vx_block_bits(const struct vx_block *b, uint64_t pos)
{
	struct vx_bits bits = {b->p, pos, b->len - 8};

	return bits;
}

static inline unsigned vx_cell_code(const struct vx_cell *cell, uint32_t j)
{
	return cell->codes[j >> 1] >> (4 * (j & 1)) & 15;
}

static inline uint64_t vx_cell_low(const struct vx_block *b, const struct vx_cell *cell, uint32_t j)
{
	struct vx_bits bits = vx_block_bits(b, cell->lows + j * cell->low_bits);

	return vx_low(vx_bits_peek(&bits), cell->low_bits);
}

/*
 * Position of the set bit that has k set bits below it; 64 or less where there is none.  Byte sums
 * in one word, as in Vigna, "Broadword implementation of rank/select queries" (2008).
 */
static inline unsigned vx_select(uint64_t x, unsigned k)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t sums = x - (x >> 1 & UINT64_C(0x5555555555555555)), past;
	unsigned place;

	sums = (sums & UINT64_C(0x3333333333333333)) + (sums >> 2 & UINT64_C(0x3333333333333333));
	sums = ((sums + (sums >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f)) * ones;
	/* Bytes whose sum is k or less come before the bit's own. */
	past = ((k * ones | tops) - sums) & tops;
	place = (unsigned)((past >> 7) * ones >> 56) * 8;
	if (place >= 64)
		return 64;
	k -= (unsigned)(sums << 8 >> place & 255);
	for (x >>= place; k > 0; k--)
		x &= x - 1;
	return place + (unsigned)__builtin_ctzll(x | 128);
}

/* The same with PDEP where that is fast (tier 1), for code that runs on such machines only. */
static inline __attribute__((always_inline)) unsigned vx_select_tier(uint64_t x, unsigned k,
								     int tier)
{
#if defined(__x86_64__)
	if (tier) {
		uint64_t bit = k < 64 ? UINT64_C(1) << k : 0;

		__asm__("pdep %1, %0, %0" : "+r"(bit) : "r"(x));
		return bit ? (unsigned)__builtin_ctzll(bit) : 64;
	}
#endif
	(void)tier;
	return vx_select(x, k);
}

/* Offset of row j's position from the cell's first.  j < cell->n. */
static inline uint64_t vx_cell_pos(const struct vx_block *b, const struct vx_cell *cell, uint32_t j)
{
	return (uint64_t)(vx_select(cell->ef, j) - j) << cell->low_bits | vx_cell_low(b, cell, j);
}

/*
 * The first row of the cell at or after offset x from its first (cell->n when none is); *hit_ret:
 * it is at x.  tier: of vx_select_tier().
 */
static inline __attribute__((always_inline)) uint32_t vx_cell_seek_tier(const struct vx_block *b,
									const struct vx_cell *cell,
									uint64_t x, int *hit_ret,
									int tier)
{
	uint64_t high = x >> cell->low_bits, low = vx_low(x, cell->low_bits), ef;
	uint32_t bit, j;

	*hit_ret = 0;
	if (high >> b->cell_log2)
		return cell->n;
	/* The rows of bucket `high` begin behind its gap. */
	bit = high ? vx_select_tier(~cell->ef, (unsigned)high - 1, tier) + 1 : 0;
	j = bit - (uint32_t)high;
	for (ef = bit < 64 ? cell->ef >> bit : 0; ef & 1 && j < cell->n; ef >>= 1, j++) {
		uint64_t at = vx_cell_low(b, cell, j);

		if (at >= low) {
			*hit_ret = at == low;
			return j;
		}
	}
	return j < cell->n ? j : cell->n;
}

static inline uint32_t vx_cell_seek(const struct vx_block *b, const struct vx_cell *cell,
				    uint64_t x, int *hit_ret)
{
	return vx_cell_seek_tier(b, cell, x, hit_ret, 0);
}

/*
 * The bit where item i begins: AN references, then every stride-th row.  Packed alleles lie
 * before item 0, at cell->data.
 */
static inline uint64_t vx_cell_item(const struct vx_block *b, const struct vx_cell *cell,
				    uint32_t i)
{
	struct vx_bits bits = vx_block_bits(b, cell->offsets + (uint64_t)i * cell->offset_bits);

	return cell->data + vx_bits_get(&bits, cell->offset_bits);
}

/* Moves bits from the cell's packed alleles to row j's. */
void vx_cell_skip_alleles(const struct vx_block *b, const struct vx_cell *cell, uint32_t j,
			  struct vx_bits *bits);

/* The last run that begins at or before a locus (by_locus) or an offset; 0 when none does. */
uint32_t vx_block_run(const struct vx_block *b, uint64_t x, int by_locus);

static inline uint64_t vx_run_locus(const struct vx_block *b, uint32_t r)
{
	return vx_load64(b->p + b->off_runs + (size_t)r * VX_RUN_BYTES);
}

static inline uint32_t vx_run_offset(const struct vx_block *b, uint32_t r)
{
	return vx_load32(b->p + b->off_runs + (size_t)r * VX_RUN_BYTES + 8);
}

#endif
