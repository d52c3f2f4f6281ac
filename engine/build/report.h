/* report: every input record accounted for. */
#ifndef VX_BUILD_REPORT_H
#define VX_BUILD_REPORT_H

#include "base/buf.h"
#include "build/build.h"
#include "store/meta.h"

/*
 * The report's file, which is there if and only if the index is: written beside its name before the
 * index is published, and renamed after that.  All zero is a valid start.
 */
struct vx_report {
	const char *path; /* as given */
	char *target;     /* the same with links followed */
	char *tmp; /* NULL: path is no regular file (a pipe, /dev/stderr) and written at the end */
	int is_written; /* tmp is there */
	struct vx_buf text;
};

/*
 * path: borrowed; NULL: no report is wanted, and nothing happens here.  Errors: VIDX_EUSAGE (it
 * is the index, or one of the inputs), VIDX_EIO (its folder cannot be written), VIDX_ENOMEM.
 */
int vx_report_open(struct vx_report *report, const struct vx_build_options *options,
		   struct vidx_error *err);
/* Writes it all, under another name.  VIDX_EIO, VIDX_EFULL, VIDX_ENOMEM. */
int vx_report_write(struct vx_report *report, const struct vx_meta *meta, struct vidx_error *err);
/* Gives it its name.  VIDX_EIO, VIDX_EFULL. */
int vx_report_publish(struct vx_report *report, struct vidx_error *err);
/* Takes away what was not published. */
void vx_report_release(struct vx_report *report);

/* The accounting of a build as JSON text, from what the index says of itself.  Pure. */
void vx_report_json(const struct vx_meta *meta, struct vx_buf *out);

/* Whether records read = indexed + nothing to index + rejected, and alleles likewise.  Pure. */
int vx_tally_agrees(const struct vx_tally *tally);

#endif
