/*
 * trackdigest: a digest of a callable track that does not depend on how it was cut into rows, files
 * or blocks: the sum modulo 2^128 of XXH3-128 over the names of its columns (each with a NUL behind)
 * and over each span's record: contig name, NUL | beg0 u64 | end0 u64 | AN u64 by column (2^64 - 1:
 * not known).  Spans are as long as they can be: no two that touch have the same AN.
 */
#ifndef VX_CODEC_TRACKDIGEST_H
#define VX_CODEC_TRACKDIGEST_H

#include "base/buf.h"
#include "base/hash.h"
#include "base/slice.h"
#include "cohort/group.h"

/* Of the columns.  scratch is overwritten; check its failed flag once at the end. */
struct vx_hash128 vx_trackdigest_columns(const struct vx_groups *groups, const uint32_t *col,
					 uint32_t n_cols, struct vx_buf *scratch);
/* Of one span: 2 + n_cols numbers, as codec/track.h has them. */
struct vx_hash128 vx_trackdigest_span(const uint64_t *span, uint32_t n_cols, struct vx_slice contig,
				      struct vx_buf *scratch);

#endif
