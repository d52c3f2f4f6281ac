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
	const uint8_t *codes; /* allele codes, two a byte, low half first */
	uint64_t ef;          /* high parts of the positions: row j sets bit (high + j) */
	uint64_t lows, offsets, data; /* bit positions in the block */
	uint32_t first;       /* offset of the first row's position in the block */
	uint32_t n;
	unsigned low_bits, offset_bits, n_refs;
};

static inline uint32_t vx_cell_first(const struct vx_block *b, uint32_t c)
{
	return vx_load32(b->p + b->off_table + (size_t)c * b->entry_bytes);
}

/* c < b->n_cells.  0 or VIDX_EBADINDEX. */
static inline int vx_cell_open(const struct vx_block *b, uint32_t c, struct vx_cell *cell)
{
	const uint8_t *entry = b->p + b->off_table + (size_t)c * b->entry_bytes;
	uint32_t left = b->n_rows - (c << b->cell_log2), size = 1u << b->cell_log2;
	size_t at = b->entry_bytes == 6 ? vx_load16(entry + 4) : vx_load32(entry + 4);
	size_t ef_bytes = size >> 2;
	const uint8_t *p;

	at += b->off_cells;
	cell->n = left < size ? left : size;
	if (at + ef_bytes + 2 + size / 2 > b->len - VX_BLOCK_TAIL)
		return VIDX_EBADINDEX;
	p = b->p + at;
	cell->first = vx_load32(entry);
	cell->ef = ef_bytes == 4 ? vx_load32(p) : vx_load64(p);
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
	struct vx_bits bits = { b->p, pos, b->len - 8 };

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

/* Offset of row j's position from the cell's first.  j < cell->n. */
static inline uint64_t vx_cell_pos(const struct vx_block *b, const struct vx_cell *cell, uint32_t j)
{
	uint64_t ef = cell->ef;

	for (uint32_t i = 0; i < j; i++)
		ef &= ef - 1;
	return (((uint64_t)__builtin_ctzll(ef | UINT64_C(1) << 63) - j) << cell->low_bits) |
	       vx_cell_low(b, cell, j);
}

/* The first row of the cell at or after offset x (cell->n when none is). */
static inline uint32_t vx_cell_lower_bound(const struct vx_block *b, const struct vx_cell *cell,
					   uint64_t x)
{
	uint64_t high = x >> cell->low_bits, gaps = ~cell->ef, ef, low;
	uint32_t j, bit = 0;

	if (high >= 1u << b->cell_log2)
		return cell->n;
	/* Row numbers of bucket `high` begin behind its high-th gap. */
	for (uint64_t i = 1; i < high; i++)
		gaps &= gaps - 1;
	if (high > 0)
		bit = (uint32_t)__builtin_ctzll(gaps | UINT64_C(1) << 63) + 1;
	j = bit - (uint32_t)high;
	low = vx_low(x, cell->low_bits);
	for (ef = bit < 64 ? cell->ef >> bit : 0; ef & 1 && j < cell->n; ef >>= 1, j++)
		if (vx_cell_low(b, cell, j) >= low)
			break;
	return j < cell->n ? j : cell->n;
}

/*
 * The bit where item i begins: AN references, then every stride-th row.  Packed alleles lie
 * before item 0, at cell->data.
 */
static inline uint64_t vx_cell_item(const struct vx_block *b, const struct vx_cell *cell, uint32_t i)
{
	struct vx_bits bits = vx_block_bits(b, cell->offsets + (uint64_t)i * cell->offset_bits);

	return cell->data + vx_bits_get(&bits, cell->offset_bits);
}

#endif
