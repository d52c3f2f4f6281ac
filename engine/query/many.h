/* many: the lookups of a batch that are under way at once. */
#ifndef VX_QUERY_MANY_H
#define VX_QUERY_MANY_H

#include "codec/find.h"
#include "query/asked.h"

/*
 * So many at a time.  Each step of a lookup takes 10 to 20 ns and its wait 100 to 300, so fewer
 * would wait and many more would push each other out of the nearest cache.
 */
#define VX_FLIGHTS 32

struct vx_flight {
	int status;
	uint64_t i; /* its bucket in the directory; then its block */
	const struct vidx_allele *allele;
	struct vx_asked asked;
	struct vx_find find;
};

#endif
