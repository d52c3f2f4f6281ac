/*
 * env: an index opened for reading.  Shared by any number of threads.
 */
#ifndef VX_STORE_ENV_H
#define VX_STORE_ENV_H

#include "codec/block.h"
#include "store/meta.h"

struct vx_env;

/*
 * Opens read-only, without locks (the file never changes).  Checks magic, version and every tree page
 * before LMDB walks one, so that no flipped byte can crash a lookup.  directory: nonzero
 * builds the in-memory directory of first keys; zero leaves lookups to the B+tree.
 * Errors: VIDX_EIO, VIDX_EBADINDEX (damaged, or no index: names the file), VIDX_EVERSION, VIDX_ENOMEM.
 */
int vx_env_open(const char *path, int directory, struct vx_env **env_ret, struct vidx_error *err);
void vx_env_close(struct vx_env *env);
const struct vx_meta *vx_env_meta(const struct vx_env *env);
const struct vx_shape *vx_env_shape(const struct vx_env *env);
uint64_t vx_env_file_size(const struct vx_env *env);
const char *vx_env_path(const struct vx_env *env);

/* One thread's way into the blocks (an LMDB cursor; with a directory, nothing at all). */
struct vx_walk;
int vx_walk_new(struct vx_env *env, struct vx_walk **walk_ret, struct vidx_error *err);
void vx_walk_free(struct vx_walk *walk);

/*
 * The block that may hold (locus, hash): the last one whose first key is <= it, or, when equal first keys exist, the first that may hold it.
 * 0: *i_ret its number (0..n_blocks-1, where known; UINT64_MAX where only the B+tree knows) and *block_ret opened.
 * VIDX_ABSENT: it lies before the first block.  VIDX_EBADINDEX.
 */
int vx_walk_seek(struct vx_walk *walk, uint64_t locus, uint64_t hash, struct vx_block *block_ret);
/* The block after the last one sought or stepped to.  0, VIDX_END, VIDX_EBADINDEX. */
int vx_walk_next(struct vx_walk *walk, struct vx_block *block_ret);
/* Whether the next block's first key is exactly (locus, hash): then a miss has to look there too. */
int vx_walk_next_same(struct vx_walk *walk, uint64_t locus, uint64_t hash);
/* Block i by number (genome order).  0, VIDX_END, VIDX_EBADINDEX.  With a directory O(1); without, a walk. */
int vx_walk_block(struct vx_walk *walk, uint64_t i, struct vx_block *block_ret);

#endif
