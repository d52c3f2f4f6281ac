/* hash: the only user of xxHash.  Pure functions; any thread. */
#ifndef VX_BASE_HASH_H
#define VX_BASE_HASH_H

#include "base/slice.h"

#include <stdint.h>

struct vx_hash128 {
	uint64_t lo, hi;
};

uint64_t vx_hash64(const void *p, size_t len);
/*
 * The same of n pieces one behind the other; fold: lower-case letters count as upper ones.  No
 * allocation, whatever the length.
 */
uint64_t vx_hash64_pieces(const struct vx_slice *piece, unsigned n, int fold);
struct vx_hash128 vx_hash128(const void *p, size_t len);
/* a += b modulo 2^128: order does not matter. */
void vx_hash128_add(struct vx_hash128 *a, struct vx_hash128 b);

/* A hash over a stream: new, update..., final.  NULL from _new when memory is out. */
struct vx_hasher;
struct vx_hasher *vx_hasher_new(void);
void vx_hasher_update(struct vx_hasher *hasher, const void *p, size_t len);
struct vx_hash128 vx_hasher_final(const struct vx_hasher *hasher);
void vx_hasher_free(struct vx_hasher *hasher);

#endif
