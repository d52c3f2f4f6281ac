/*
 * counts: the values of one row <-> bits.  What is the same for a whole block (struct vx_counts)
 * comes from its header; FORMAT.md has the codes.
 */
#ifndef VX_CODEC_COUNTS_H
#define VX_CODEC_COUNTS_H

#include "codec/bits.h"
#include "codec/format.h"
#include "codec/row.h"

/* Views; everything is checked by whoever fills it. */
struct vx_counts {
	const struct vx_shape *shape;
	const struct vx_plan *plan;
	const uint8_t *leaf;     /* VX_LEAF_BYTES for each leaf */
	const uint8_t *sum_mask; /* for each metric with VX_F_SUMS: a bit for each sum */
	const uint8_t *pattern;  /* n_patterns of vx_counts_pattern_bytes() */
	uint32_t flags;
	unsigned an_k, n_patterns, presence_bits;
	unsigned n_refs; /* AN references of the row's cell, and where they lie */
	uint64_t ref_pos[VX_REFS_MAX];
};

static inline size_t vx_counts_pattern_bytes(const struct vx_shape *shape)
{
	return (vx_shape_values(shape) + 7) / 8;
}

static inline size_t vx_counts_mask_bytes(const struct vx_plan *plan)
{
	return (plan->n_sum + 7) / 8;
}

static inline uint64_t vx_counts_leaf(const struct vx_counts *counts, uint32_t j)
{
	return vx_load64(counts->leaf + VX_LEAF_BYTES * (size_t)j);
}

/* Missing copies that a leaf of this share has when the row misses total in all. */
static inline uint64_t vx_counts_share(uint64_t word, uint64_t total)
{
	return total * VX_LEAF_SHARE(word) >> VX_LEAF_SHARE_E(word);
}

/* The Rice parameter for what differs from that share: half the bit length of its like. */
static inline uint64_t vx_counts_share_k(uint64_t word, unsigned total_len)
{
	int64_t len = (int64_t)total_len + 8 - (int64_t)(word >> 58);

	return (uint64_t)(len > 0 ? len : 0) >> 1;
}

/* Homozygotes expected from AC and AN (Hardy-Weinberg), and 0 where that makes no sense. */
static inline uint64_t vx_counts_expected_hom(uint64_t ac, uint64_t an)
{
	if (ac >> 31 || ac > an || ac * ac < 2 * an || an == 0)
		return 0;
	return ac * ac / (2 * an);
}

static inline uint64_t vx_counts_minus(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* What AC and AN (absent: 0) let one expect of another metric at leaf j; v[] by metric or NULL. */
static inline uint64_t vx_counts_predict(const struct vx_counts *counts, uint32_t j, int metric,
					 uint64_t *const *v)
{
	uint32_t g = counts->plan->leaf[j];
	uint64_t ac = v[VIDX_AC] ? v[VIDX_AC][g] : 0;
	uint64_t hom = v[VIDX_NHOMALT] ? v[VIDX_NHOMALT][g] : 0;

	if (metric == VIDX_NHOMALT)
		return vx_counts_expected_hom(ac, v[VIDX_AN] ? v[VIDX_AN][g] : 0);
	if (metric == VIDX_AC_HET)
		return 0;
	if (metric == VIDX_NHEMI)
		return VX_LEAF_HEMI(vx_counts_leaf(counts, j)) ? vx_counts_minus(ac, 2 * hom) : 0;
	return vx_counts_minus(ac, 2 * hom + (v[VIDX_NHEMI] ? v[VIDX_NHEMI][g] : 0));
}

/* The Rice parameter that fits the spread around a prediction. */
static inline unsigned vx_counts_rest_k(int metric, uint64_t predicted)
{
	return metric == VIDX_NHOMALT ? vx_bit_len(predicted) >> 1 : 0;
}

/*
 * Reads one row's values from bits into value[vx_shape_values()].  Returns the position behind
 * them.  Any bytes give some values; the caller checks the position.  No allocation.
 */
uint64_t vx_counts_read(const struct vx_counts *counts, const struct vx_bits *bits,
			uint64_t *value);
/* The same by the code of a tier, 0 to vx_counts_tier(), for tests. */
uint64_t vx_counts_read_tier(const struct vx_counts *counts, const struct vx_bits *bits,
			     uint64_t *value, int tier);
/* What this machine's processor has; 0: no more than any. */
int vx_counts_tier(void);

/* --- writing --- */

/* One thread's room for writing; counts holds the block's parameters. */
struct vx_counts_writer {
	struct vx_counts counts;
	unsigned max_refs; /* AN references that a cell may have */
	uint64_t *z;       /* n_leaf or n_sum, whichever is more */
	int64_t *k;        /* the same */
	uint32_t *at;      /* the same */
	uint64_t *
		missing; /* VX_CELL_MAX + VX_REFS_MAX rows of n_leaf: AN's distance from its base */
	uint64_t *copy;  /* vx_shape_values(): values with absent ones as 0 */
	const uint64_t *raw; /* the row's own values where some are absent, else NULL */
};

/* Most bytes that one row's values may take, with the writer's spare bytes. */
size_t vx_counts_max_bytes(const struct vx_shape *shape);
int vx_counts_writer_init(struct vx_counts_writer *writer, const struct vx_shape *shape,
			  const struct vx_plan *plan);
void vx_counts_writer_release(struct vx_counts_writer *writer);

/* Writes row i of the cell that vx_missing_begin() began. */
void vx_counts_write(struct vx_counts_writer *writer, const struct vx_row *row, uint32_t i,
		     struct vx_bitw *w);

/* Every value ORed: a bit over VX_COUNT_MAX says that one is absent (or too large). */
static inline int vx_counts_any_absent(const uint64_t *value, uint32_t n)
{
	uint64_t any = 0;

	for (uint32_t i = 0; i < n; i++)
		any |= value[i];
	return any > VX_COUNT_MAX;
}

/* The index of a presence pattern: pattern i as bytes, and n_patterns where none is the row's. */
void vx_counts_presence(const struct vx_shape *shape, const uint64_t *value, uint8_t *pattern);

#endif
