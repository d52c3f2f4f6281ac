/* report: every input record accounted for. */
#ifndef VX_BUILD_REPORT_H
#define VX_BUILD_REPORT_H

#include "base/buf.h"
#include "store/meta.h"

/* The accounting of a build as JSON text, from what the index says of itself.  Pure. */
void vx_report_json(const struct vx_meta *meta, struct vx_buf *out);

/* Whether records read = indexed + nothing to index + rejected, and alleles likewise.  Pure. */
int vx_tally_agrees(const struct vx_tally *tally);

#endif
