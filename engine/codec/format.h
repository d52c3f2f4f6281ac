/* format: the numbers of the block layout.  FORMAT.md says what they mean. */
#ifndef VX_CODEC_FORMAT_H
#define VX_CODEC_FORMAT_H

#include "vidx.h"

#include <stdint.h>

#define VX_BLOCK_MAGIC UINT32_C(0x01425856) /* "VXB", version 1 */

/* Byte offsets in the header; all numbers little-endian. */
enum {
	VX_H_MAGIC = 0,
	VX_H_N_ROWS = 4,
	VX_H_HASH = 8, /* XXH3-64 of everything from VX_H_HASHED on */
	VX_H_HASHED = 16,
	VX_H_FIRST_LOCUS = 16,
	VX_H_MAX_END = 24,
	VX_H_LAST = 32, /* offset of the last row's position */
	VX_H_FLAGS = 36,
	VX_H_CELL_LOG2 = 40,
	VX_H_STRIDE_LOG2 = 41,
	VX_H_HEAP_BITS = 42,
	VX_H_ID_BITS = 43,
	VX_H_ENTRY_BYTES = 44,
	VX_H_FILTER_BITS = 45,
	VX_H_PRESENCE_BITS = 46,
	VX_H_N_PATTERNS = 47,
	VX_H_AN_K = 48,     /* u8; 49..51 zero */
	VX_H_OFF_LEAF = 52, /* the eight offsets lie one behind the other */
	VX_H_OFF_FILTERS = 56,
	VX_H_OFF_RUNS = 60,
	VX_H_OFF_CELLS = 64,
	VX_H_OFF_HEAP = 68,
	VX_H_OFF_FAR = 72,
	VX_H_OFF_IDS = 76,
	VX_H_OFF_EXT = 80,
	VX_H_N_ID_TEXTS = 84,
	VX_H_ID_MIN = 88,
	VX_HEADER = 96
};

/* Bytes of zero at the end of a block, so that every 8-byte load of its data stays inside. */
#define VX_BLOCK_TAIL 8

#define VX_RUN_BYTES  12 /* locus u64, offset u32 */
#define VX_FAR_BYTES  12 /* end locus u64, row u32 */

/* Flags.  Metric bits are shifted by the metric's number (enum vidx_metric). */
#define VX_F_AN_VARIES     (1u << 0)         /* else AN is the base everywhere */
#define VX_F_AC_CODED      (1u << 1)         /* else AC is 0 everywhere */
#define VX_F_AC_ZERO_FIRST (1u << 2)         /* the shortest code says "no carriers" */
#define VX_F_CODED(m)      (1u << (3 + (m))) /* nhomalt and on: residuals follow */
/* ... of every leaf, not of those with carriers only; ac_het has bit 9 */
#define VX_F_ALL_LEAVES(m) (1u << (8 + (m)-4 * ((m) == VIDX_AC_HET)))
#define VX_F_SUMS_SHIFT    13
#define VX_F_SUMS(m)       (1u << (VX_F_SUMS_SHIFT + (m))) /* sums of this metric have residuals */
#define VX_F_KNOWN         ((1u << 19) - 1)

/* Metrics whose sums have residuals. */
static inline unsigned vx_masks_in(uint32_t flags)
{
	unsigned n = 0;

	for (flags >>= VX_F_SUMS_SHIFT; flags; flags &= flags - 1)
		n++;
	return n;
}

/* A leaf's parameters: one u64. */
#define VX_LEAF_BYTES      8
#define VX_LEAF_BASE(w)    ((w) & ((UINT64_C(1) << 40) - 1)) /* AN at most */
#define VX_LEAF_UNIT(w)    ((unsigned)((w) >> 40) & 1) /* AN's distance is counted in 2^unit */
#define VX_LEAF_REF_K(w)   ((unsigned)((w) >> 41) & 15)
#define VX_LEAF_AC_K(w)    ((unsigned)((w) >> 45) & 15)
#define VX_LEAF_HEMI(w)    ((unsigned)((w) >> 49) & 1) /* nhemi is predicted from AC */
#define VX_LEAF_SHARE(w)   ((w) >> 50 & 255)       /* this leaf's share of a missing total ... */
#define VX_LEAF_SHARE_E(w) ((unsigned)((w) >> 58)) /* ... is SHARE / 2^SHARE_E */

/* Rice codes: as many zeros as this, and no 1 behind them, announce a wide number. */
#define VX_RICE_ESCAPE  24
#define VX_RICE_WIDE    54

#define VX_PATTERNS_MAX 15
#define VX_REFS_MAX     3

/* A cell's head: EF word (4 or 8 bytes), then these two bytes, then nibbles. */
#define VX_CELL_MAX_LOG2 5
#define VX_CELL_MAX      (1u << VX_CELL_MAX_LOG2)
#define VX_CELL_MIN_LOG2 4

#endif
