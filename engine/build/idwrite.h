/* idwrite: the IDs that the jobs gathered -> the lists of the index. */
#ifndef VX_BUILD_IDWRITE_H
#define VX_BUILD_IDWRITE_H

#include "store/append.h"
#include "store/idsort.h"

/*
 * After the last block was appended: sorts and packs side by side on `threads` threads and appends
 * in order.  The same entries give the same bytes at any number of threads.  Errors: those of
 * vx_idsort_end(), vx_idsort_part(), vx_idlist_pack() and vx_append_ids().
 */
int vx_idwrite(struct vx_idsort *ids, struct vx_append *append, int threads,
	       struct vidx_error *err);

#endif
