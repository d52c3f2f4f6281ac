/* row: one variant with all its counts, as the build hands it to the codec and back. */
#ifndef VX_CODEC_ROW_H
#define VX_CODEC_ROW_H

#include "base/buf.h"
#include "base/hash.h"
#include "base/slice.h"
#include "cohort/group.h"
#include "cohort/keep.h"
#include "vidx.h"

/* Groups of more sums than this are summed rule by rule, which is slower for rare alleles. */
#define VX_PLAN_UP_MAX 4096

/*
 * The groups as the codec walks them: leaves are stored, sums are predicted from their rule.
 * Making one costs as much as decoding a small row, so a reader makes it once.
 */
struct vx_plan {
	uint32_t n_leaf, n_sum;
	uint16_t leaf[VX_GROUPS_MAX]; /* groups without a rule, ascending */
	uint16_t sum[VX_GROUPS_MAX];  /* the others, each after every group of its rule */
	/* Where has_up: leaf j is part of the sums up[up_beg[j]] .. up[up_beg[j + 1] - 1]. */
	int has_up;
	uint16_t up_beg[VX_GROUPS_MAX + 1];
	uint16_t up[VX_PLAN_UP_MAX];
};

void vx_plan_make(struct vx_plan *plan, const struct vx_groups *groups);
/* The same without up: for one row. */
void vx_plan_make_brief(struct vx_plan *plan, const struct vx_groups *groups);

/*
 * What every row of one index has in common: the groups and the metrics.  Values of a row are
 * laid out metric by metric: value[slot * groups->n + group], slot counting the set bits of
 * metrics from VIDX_AC up.
 */
struct vx_shape {
	const struct vx_groups *groups;
	uint32_t metrics; /* bit (1 << enum vidx_metric) */
	const struct vx_plan
		*plan; /* of these groups; NULL: made again by each call that needs it */
	const struct vx_keep *keep; /* the INFO that rows keep; NULL: none */
};

static inline uint32_t vx_shape_slots(const struct vx_shape *shape)
{
	return (uint32_t)__builtin_popcount(shape->metrics);
}

static inline uint32_t vx_shape_values(const struct vx_shape *shape)
{
	return vx_shape_slots(shape) * shape->groups->n;
}

/* The slot of a metric, or -1 where the index does not hold it. */
static inline int vx_shape_slot(const struct vx_shape *shape, int metric)
{
	if (!(shape->metrics >> metric & 1))
		return -1;
	return __builtin_popcount(shape->metrics & ((1u << metric) - 1));
}

/* Rows are ordered by (locus, hash, ref, alt, end0, svlen). */
struct vx_row {
	uint64_t locus;      /* base/pos.h */
	uint64_t hash;       /* vx_allele_hash() of ref, alt, end0, svlen */
	struct vx_slice ref; /* normalised, upper case; may be over 64 KiB */
	struct vx_slice alt; /* a sequence, or symbolic, or a breakend */
	uint64_t end0;       /* 0-based exclusive end of the span; pos0 + ref.len unless symbolic */
	int64_t svlen;       /* SVLEN of a symbolic allele, else 0 */
	struct vx_slice id;  /* "rs1;rs2"; len 0: none */
	struct vx_slice filter; /* "PASS", "AC0;RF", "." */
	uint64_t *value;        /* vx_shape_values() of them; VX_NONE: not given */
	uint64_t order;         /* input order, smaller is earlier; not stored */
	uint32_t n_siblings;    /* rows that its record gave, itself included; not stored */
	uint32_t number;        /* in the block that it was read from */
	/*
	 * cohort/keeprow.h, if the shape has a keep; len 0: none.  Stored, but vx_block_row() leaves
	 * it empty: vx_kept_row() has it.
	 */
	struct vx_slice kept;
};

/* <0, 0, >0 in the order above. */
int vx_row_compare(const struct vx_row *a, const struct vx_row *b);

/*
 * The 128-bit hash of a row's canonical record: contig name, position, alleles, identity, ID,
 * FILTER, all values and, where there are any, kept INFO.  The sum of these over an index is its
 * content digest.
 * scratch is used and left dirty; check scratch->failed (out of memory) before using the result, or
 * once before using a sum of them: it stays set.
 * FORMAT.md has the layout.
 */
struct vx_hash128 vx_row_digest(const struct vx_row *row, const struct vx_shape *shape,
				struct vx_slice contig, struct vx_buf *scratch);

#endif
