/* range: walks over variants by place.  The public half is vidx_region() and vidx_next(). */
#ifndef VX_QUERY_RANGE_H
#define VX_QUERY_RANGE_H

#include "query/reader.h"

/* Everything of the index, in genome order. */
void vx_range_all(struct vidx_reader *reader);
/*
 * What overlaps [beg0, end0) of the contig with this rank.  beg0 < end0.  Needs
 * vx_index_read_rest() first.
 */
void vx_range_span(struct vidx_reader *reader, uint32_t contig, uint64_t beg0, uint64_t end0);
/*
 * What begins at a locus, and if ref.p is not NULL only rows of exactly that REF and ALT; the
 * slices must outlive the walk.
 */
void vx_range_place(struct vidx_reader *reader, uint64_t locus, struct vx_slice ref,
		    struct vx_slice alt);

#endif
