/* metatrack: what meta says of the callable track <-> bytes. */
#ifndef VX_STORE_METATRACK_H
#define VX_STORE_METATRACK_H

#include "base/bytes.h"
#include "store/meta.h"

void vx_metatrack_write(const struct vx_meta_track *track, struct vx_buf *out);
/* After meta's groups; fills meta->track with copies in its arena.  VIDX_EBADINDEX, VIDX_ENOMEM. */
int vx_metatrack_read(struct vx_meta *meta, struct vx_cursor *c, struct vidx_error *err);

#endif
