/* verify: reads and checks everything; the first fault with a reason. */
#ifndef VX_STORE_VERIFY_H
#define VX_STORE_VERIFY_H

#include "base/status.h"

struct vx_verify_result {
	uint64_t n_blocks, n_variants, n_bytes;
};

/*
 * Opens path and checks all pages, block hashes, order of keys and rows, that every row decodes,
 * totals, reach, and that the content digest is that of meta.  threads >= 1.  progress may be NULL;
 * it is called with (done, all) blocks by one thread at a time.  *result_ret (may be NULL) is set
 * on 0 only.
 * Errors: VIDX_EBADINDEX with the first fault in file order, VIDX_EIO, VIDX_EVERSION, VIDX_ENOMEM.
 */
int vx_verify(const char *path, int threads,
	      void (*progress)(void *ctx, uint64_t done, uint64_t all), void *ctx,
	      struct vx_verify_result *result_ret, struct vidx_error *err);

#endif
