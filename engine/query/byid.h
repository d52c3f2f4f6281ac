/* byid: variants by the ID that their record had.  The public half is vidx_get_id(). */
#ifndef VX_QUERY_BYID_H
#define VX_QUERY_BYID_H

#include "query/reader.h"

/* The next row of a VX_WALK_ID into reader->site.  0, VIDX_END, VIDX_EBADINDEX. */
int vx_byid_next(struct vidx_reader *reader, struct vidx_error *err);

#endif
