/*
 * trackfind: the callable track of an open index: which block of it holds a place.
 *
 * With a directory the places of all blocks are in memory, 16 bytes for each, of some 65,000 spans;
 * without one, LMDB is asked.
 */
#ifndef VX_STORE_TRACKFIND_H
#define VX_STORE_TRACKFIND_H

#include "codec/track.h"
#include "store/env.h"

struct vx_trackplace {
	uint64_t first; /* locus */
	struct vx_slice bytes;
};

struct vx_trackfind {
	struct vx_trackplace *place; /* rising */
	uint64_t n, cap;
	int is_read;
};

/* Whether the index has a callable track. */
int vx_env_has_track(const struct vx_env *env);
/* Reads where the blocks lie.  One thread, and before others ask.  VIDX_EBADINDEX, VIDX_ENOMEM. */
int vx_env_read_track(struct vx_env *env, struct vidx_error *err);
void vx_trackfind_release(struct vx_trackfind *find);

/* One thread's way into the blocks.  Free all before vx_env_close(). */
struct vx_trackwalk;
int vx_trackwalk_new(struct vx_env *env, struct vx_trackwalk **walk_ret, struct vidx_error *err);
void vx_trackwalk_free(struct vx_trackwalk *walk);
/*
 * The last block that begins at or before locus, or the first.  0, VIDX_END (the track is empty),
 * VIDX_EBADINDEX.  Does not allocate.
 */
int vx_trackwalk_seek(struct vx_trackwalk *walk, uint64_t locus, struct vx_track *track_ret);
/* The block behind the one last sought or stepped to.  As above; VIDX_END: there is none. */
int vx_trackwalk_next(struct vx_trackwalk *walk, struct vx_track *track_ret);

#endif
