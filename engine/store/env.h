/*
 * env: an index opened for reading.  Shared by any number of threads.
 */
#ifndef VX_STORE_ENV_H
#define VX_STORE_ENV_H

#include "store/dir.h"
#include "store/meta.h"

struct vx_env;

/* How to open; bits. */
enum vx_open {
	VX_OPEN_TREE = 0,      /* lookups go through the B+tree: for few of them */
	VX_OPEN_DIRECTORY = 1, /* builds the in-memory directory of first keys: for many */
	/*
	 * For one lookup: meta->sources and meta->reach are left unread (n_sources 0, NULL) until
	 * vx_env_read_rest(), so that opening costs the same at any index size.
	 */
	VX_OPEN_QUICK = 2
};

/*
 * Opens read-only, without locks (the file never changes).  Checks magic, version and the pages
 * that LMDB will walk before it walks them, so that no flipped byte can crash a lookup: with a
 * directory all tree pages now, without it each leaf when a walk comes to it.  The hashes find
 * damage; malice only the directory's checks find, so open a stranger's file with it (verify does).
 * Errors: VIDX_EIO, VIDX_EBADINDEX (damaged, or no index: names the file), VIDX_EVERSION,
 * VIDX_ENOMEM.
 */
int vx_env_open(const char *path, int how, struct vx_env **env_ret, struct vidx_error *err);
/*
 * After VX_OPEN_QUICK: reads what it left.  One thread, and before others use the meta.  Errors as
 * above.
 */
int vx_env_read_rest(struct vx_env *env, struct vidx_error *err);
void vx_env_close(struct vx_env *env);
const struct vx_meta *vx_env_meta(const struct vx_env *env);
const struct vx_shape *vx_env_shape(const struct vx_env *env);
uint64_t vx_env_file_size(const struct vx_env *env);
const char *vx_env_path(const struct vx_env *env);

/*
 * One thread's way into the blocks: an LMDB cursor in a read transaction of its own; with a
 * directory, a number.  Free all before vx_env_close().
 */
struct vx_walk;
int vx_walk_new(struct vx_env *env, struct vx_walk **walk_ret, struct vidx_error *err);
void vx_walk_free(struct vx_walk *walk);

/*
 * The block that may hold (locus, hash): the last one that begins before it, as equal keys may lie
 * on both sides of a block's start; the first block where that begins with exactly this key.
 * 0: *block_ret opened.  VIDX_ABSENT: it lies before the first block.  VIDX_EBADINDEX.
 */
int vx_walk_seek(struct vx_walk *walk, uint64_t locus, uint64_t hash, struct vx_block *block_ret);
/* The block after the last one sought or stepped to.  0, VIDX_END, VIDX_EBADINDEX. */
int vx_walk_next(struct vx_walk *walk, struct vx_block *block_ret);
/* Whether the next block begins with exactly (locus, hash): then a miss has to look there too. */
int vx_walk_next_same(struct vx_walk *walk, uint64_t locus, uint64_t hash);
/* Number of the block last sought or stepped to, in genome order; UINT64_MAX before the first. */
uint64_t vx_walk_at(const struct vx_walk *walk);
/*
 * Block i by number (genome order).  0, VIDX_END, VIDX_EBADINDEX.  With a directory O(1); without,
 * a walk over one leaf.
 */
int vx_walk_block(struct vx_walk *walk, uint64_t i, struct vx_block *block_ret);

/* The directory of first keys, or NULL where the env was opened without; as long as the env. */
const struct vx_dir *vx_env_dir(const struct vx_env *env);

#endif
