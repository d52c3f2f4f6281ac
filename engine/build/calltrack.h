/* calltrack: a file of the callable track, or what the workers gathered -> the track of the index. */
#ifndef VX_BUILD_CALLTRACK_H
#define VX_BUILD_CALLTRACK_H

#include "base/log.h"
#include "build/spool.h"
#include "store/append.h"

/* The option's value that takes the track from the inputs' own reference blocks. */
#define VX_CALLABLE_GVCF "gvcf"

/* The track under way.  Zeroed at first; freed with _release. */
struct vx_calltrack {
	struct vx_spool *spool; /* NULL: the index gets none */
	struct vx_meta_track meta;
	const struct vx_contigs *contigs; /* borrowed, as is groups */
	const struct vx_groups *groups;
};

/*
 * Reads the file at path (cohort/calltext.h), when the table has all contigs.  output: the index to
 * be.  What meta is to call the file is the caller's to set.  Errors: VIDX_EBADINPUT (a bad line, or no line on a contig of
 * the index), VIDX_EIO, VIDX_EFULL, VIDX_ENOMEM.
 */
int vx_calltrack_read(struct vx_calltrack *track, const char *path, const char *output,
		      struct vx_log *log, struct vidx_error *err);
/* The track of spool's lanes, with the AN of every group; takes the spool. */
int vx_calltrack_gvcf(struct vx_calltrack *track, struct vx_spool *spool, struct vidx_error *err);
/* Appends the track, after the last block of rows, and fills track->meta.  Errors: the store's. */
int vx_calltrack_write(struct vx_calltrack *track, struct vx_append *append,
		       struct vidx_error *err);
void vx_calltrack_release(struct vx_calltrack *track);

#endif
