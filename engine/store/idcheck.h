/* idcheck: whether the ids of an index are those of its rows.  For verify. */
#ifndef VX_STORE_IDCHECK_H
#define VX_STORE_IDCHECK_H

#include "store/env.h"

/* Entries by number and sum of their hashes, so that order does not matter. */
struct vx_idsum {
	uint64_t n, sum;
};

/* One thread's way from rows to a sum.  Zeroed at first; freed with _release. */
struct vx_idcheck {
	struct vx_idsum sum;
	uint64_t *entry, *spare;
	size_t n, cap;
};
/* Notes the IDs of a row of block number block; then, after its last row, adds them up. */
int vx_idcheck_row(struct vx_idcheck *check, struct vx_slice ids, uint64_t block,
		   unsigned hash_bits);
void vx_idcheck_block(struct vx_idcheck *check);
void vx_idcheck_release(struct vx_idcheck *check);

/*
 * Reads all lists of an index with ids: that they are whole, in order, and of blocks that there
 * are.  Errors: VIDX_EBADINDEX, VIDX_ENOMEM.
 */
int vx_idcheck_lists(struct vx_env *env, struct vx_idsum *sum_ret, struct vidx_error *err);

#endif
