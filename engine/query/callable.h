/*
 * callable: what an index with a callable track says of an allele that it has not.
 *
 * The bases of REF decide, as the allele is looked up (trimmed, and with a reference moved): all of
 * them covered is absent, else it is not covered.  AN is the least over these bases, group by group.
 */
#ifndef VX_QUERY_CALLABLE_H
#define VX_QUERY_CALLABLE_H

#include "query/reader.h"

/* What a reader needs for it; walk stays NULL where the index has no track.  VIDX_ENOMEM. */
int vx_callable_init(struct vidx_reader *reader, struct vidx_error *err);
void vx_callable_release(struct vidx_reader *reader);

/*
 * For an allele that vx_lookup_asked() did not find.  VIDX_ABSENT (also without a track),
 * VIDX_NOT_COVERED; VIDX_EBADINDEX; errors of vx_asked_read().  Without a reference it allocates
 * nothing.
 */
int vx_callable_allele(struct vidx_reader *reader, const struct vidx_allele *allele,
		       struct vidx_error *err);
/*
 * The same for bases [beg0, end0) of a contig, by rank or VX_NO_CONTIG.  VIDX_ABSENT,
 * VIDX_NOT_COVERED, VIDX_EBADINDEX.
 */
int vx_callable_span(struct vidx_reader *reader, uint32_t contig, uint64_t beg0, uint64_t end0,
		     struct vidx_error *err);

/*
 * After VIDX_ABSENT: a site of which values, metrics and n_groups are set: each group whose AN is
 * known has it, and 0 of everything else that the index counts.  NULL: no AN is known.  Valid until
 * the next call on the reader.
 */
const struct vidx_site *vx_callable_site(struct vidx_reader *reader);

#endif
