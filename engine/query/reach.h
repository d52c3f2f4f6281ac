/*
 * reach: which blocks before a region may hold a row that reaches into it.
 *
 * The meta says of each block how far its far rows reach.  Of 100 million variants that are some
 * 50,000 numbers, too many to look through for each of many regions; so the highest of each
 * VX_REACH_STEP of them is kept, and the search passes over those that are too low.
 */
#ifndef VX_QUERY_REACH_H
#define VX_QUERY_REACH_H

#include "base/arena.h"

#include <stdint.h>

#define VX_REACH_STEP 128

struct vx_reach {
	const uint64_t *reach; /* of n blocks; borrowed */
	const uint64_t *top;   /* the highest of each VX_REACH_STEP of them */
	uint64_t n;
};

/* top is in arena.  VIDX_ENOMEM. */
int vx_reach_init(struct vx_reach *reach, const uint64_t *of_block, uint64_t n,
		  struct vx_arena *arena);
/*
 * The first block from i on that reaches beyond locus; n: there is none.  *n_looked_ret grows by
 * the numbers looked at.  Any thread.
 */
uint64_t vx_reach_next(const struct vx_reach *reach, uint64_t i, uint64_t locus,
		       uint64_t *n_looked_ret);

#endif
