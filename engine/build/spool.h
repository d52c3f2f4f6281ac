/*
 * spool: stretches of the callable track in any order -> the same in genome order.
 *
 * They come in lanes, one for each thread, are packed into blocks (codec/track.h) and written to a
 * nameless file beside the index; in memory stays where each block begins.  At the end the blocks
 * are merged contig by contig.  Memory does not grow with the track, but for 32 bytes a block and
 * the blocks that overlap, of which there are few unless the input is shuffled.
 */
#ifndef VX_BUILD_SPOOL_H
#define VX_BUILD_SPOOL_H

#include "allele/contig.h"
#include "base/buf.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/* Blocks that lie over one place: more is refused. */
#define VX_SPOOL_OPEN_MAX 1024

struct vx_spool;

/* The file, once one is needed, is made in the folder of path, which is copied.  VIDX_ENOMEM. */
int vx_spool_new(const char *path, uint32_t n_cols, struct vx_spool **spool_ret,
		 struct vidx_error *err);
void vx_spool_free(struct vx_spool *spool);
uint32_t vx_spool_columns(const struct vx_spool *spool);

/*
 * A number, from VX_NEW_CONTIG on, for a contig that has no rank yet; vx_spool_merge() will look for
 * the name.  Any thread.  VIDX_ENOMEM.
 */
int vx_spool_name(struct vx_spool *spool, struct vx_slice name, uint32_t *contig_ret);
/* The names given, in order of their numbers.  After the last call of the above. */
uint32_t vx_spool_names(const struct vx_spool *spool, const struct vx_slice **name_ret);

/* Counts reference blocks that were met, and tells how many.  Any thread. */
void vx_spool_note(struct vx_spool *spool, uint64_t n);
uint64_t vx_spool_noted(const struct vx_spool *spool);

/* One thread's way in.  Zeroed at first but for spool; freed with _release. */
struct vx_lane {
	struct vx_spool *spool;
	uint32_t contig;
	uint64_t *span; /* n of them, of contig, each 2 + n_cols numbers, rising */
	size_t n;
	struct vx_buf block;
};
void vx_lane_release(struct vx_lane *lane);
/*
 * Adds a stretch.  Best in order; one that does not lie behind the last begins a new block.
 * Errors: VIDX_ENOMEM, VIDX_EIO, VIDX_EFULL.
 */
int vx_lane_add(struct vx_lane *lane, uint32_t contig, uint64_t beg0, uint64_t end0,
		const uint64_t *an, struct vidx_error *err);
/* Hands in what the lane still holds.  Errors as above. */
int vx_lane_flush(struct vx_lane *lane, struct vidx_error *err);

/* What takes the merged stretches: rising, none over another; those that touch are not joined. */
struct vx_spool_sink {
	int (*take)(void *ctx, uint32_t rank, uint64_t beg0, uint64_t end0, const uint64_t *an,
		    struct vidx_error *err);
	void *ctx;
};
/*
 * After the last lane was flushed, once.  Contigs with a name that the table lacks are left out.
 * Errors: take's, those of vx_sweep_add(), VIDX_EIO, VIDX_EBADINPUT (too shuffled).
 */
int vx_spool_merge(struct vx_spool *spool, const struct vx_contigs *contigs,
		   const struct vx_spool_sink *sink, struct vidx_error *err);

#endif
