/* calltrack: a file of the callable track, or what the workers gathered -> the track of the index. */
#ifndef VX_BUILD_CALLTRACK_H
#define VX_BUILD_CALLTRACK_H

#include "base/log.h"
#include "base/progress.h"
#include "build/spool.h"
#include "store/append.h"

/* The option's value that takes the track from the inputs' own reference blocks. */
#define VX_CALLABLE_GVCF "gvcf"

/* The track under way.  Zeroed at first; freed with _release. */
struct vx_calltrack {
	struct vx_spool *spool; /* NULL: the index gets none */
	struct vx_meta_track meta;
	const char *path;  /* of the file, borrowed */
	uint64_t n_rows;   /* of the file */
	uint64_t *unknown; /* rows by contig of spool's names: unknown when they were read */
	uint32_t cap_unknown;
	const struct vx_contigs *contigs; /* borrowed, as is groups */
	const struct vx_groups *groups;
	struct vx_progress *progress; /* of reading a file, borrowed; may be NULL */
};

/*
 * Reads the file at path (cohort/calltext.h), which stays the caller's until the track is released;
 * the table has what the headers declare.  output: the index to be.  What meta is to call the file is
 * the caller's to set.  Errors: VIDX_EBADINPUT (a bad line, or none at all), VIDX_EIO, VIDX_EFULL,
 * VIDX_ENOMEM.
 */
int vx_calltrack_read(struct vx_calltrack *track, const char *path, const char *output,
		      struct vidx_error *err);
/* The track of spool's lanes, with the AN of every group; takes the spool. */
int vx_calltrack_gvcf(struct vx_calltrack *track, struct vx_spool *spool, struct vidx_error *err);
/*
 * Appends the track, after the last block of rows, when the table has every contig, and fills
 * track->meta.  Errors: the store's; VIDX_EBADINPUT (no line was on a contig of the index; too
 * shuffled).
 */
int vx_calltrack_write(struct vx_calltrack *track, struct vx_append *append, struct vx_log *log,
		       struct vidx_error *err);
void vx_calltrack_release(struct vx_calltrack *track);

#endif
