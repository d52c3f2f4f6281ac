/* kept: the kept INFO of a row out of a block (ext.h writes it).  Any thread. */
#ifndef VX_CODEC_KEPT_H
#define VX_CODEC_KEPT_H

#include "base/buf.h"
#include "codec/block.h"

/*
 * Appends the value of one key (an index of shape->keep) of row i to *out, as cohort/keeprow.h has
 * it.  0; VIDX_NOVALUE: the row has none; VIDX_EBADINDEX; VIDX_ENOMEM.
 */
int vx_kept_value(const struct vx_block *block, uint32_t i, uint32_t key, struct vx_buf *out);
/* Appends all of row i, as vx_keep_row() wrote it.  0; VIDX_EBADINDEX; VIDX_ENOMEM. */
int vx_kept_row(const struct vx_block *block, uint32_t i, struct vx_buf *out);

#endif
