/* refcheck: the rows of an index against the reference that it was opened with. */
#ifndef VX_QUERY_REFCHECK_H
#define VX_QUERY_REFCHECK_H

#include "query/reader.h"

/*
 * Holds REF of the site that the reader delivered last against its index's reference, which there
 * must be.  A REF of N says nothing and agrees.  0, or VIDX_EBADINPUT (REF is another there, the
 * contig is not in the reference, or that is damaged), VIDX_ENOMEM.
 */
int vx_refcheck_site(struct vidx_reader *reader, struct vidx_error *err);

#endif
