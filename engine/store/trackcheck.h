/* trackcheck: whether the callable track of an index is whole and what meta says of it.  For verify. */
#ifndef VX_STORE_TRACKCHECK_H
#define VX_STORE_TRACKCHECK_H

#include "store/env.h"

/*
 * Reads every span of an index with a directory: hashes, order, that each is as long as it can be,
 * totals and digest.  0 also where there is no track.  Errors: VIDX_EBADINDEX, VIDX_ENOMEM.
 */
int vx_trackcheck(struct vx_env *env, struct vidx_error *err);

#endif
