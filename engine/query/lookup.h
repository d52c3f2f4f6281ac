/* lookup: one allele -> its row. */
#ifndef VX_QUERY_LOOKUP_H
#define VX_QUERY_LOOKUP_H

#include "query/asked.h"

/* 0: reader->site is it.  VIDX_ABSENT, VIDX_EBADINDEX.  No allocation, lock or system call. */
int vx_lookup_probe(struct vidx_reader *reader, const struct vx_probe *probe,
		    struct vidx_error *err);
/* vidx_get() of a question that was read; may change its probe. */
int vx_lookup_asked(struct vidx_reader *reader, struct vx_asked *asked,
		    const struct vidx_site **site_ret, struct vidx_error *err);

#endif
