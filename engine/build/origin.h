/*
 * origin: which record each row that left the merge came from, in the order in which they left.
 *
 * Only the second pass asks (build/rewrite.h): a row that was written may lose to an equal one of an
 * earlier input that came late, and if its record then has none left, the record is a duplicate.
 * Kept for every row of a build, so kept small: stretches of records with one row each are two
 * numbers, for they need only their input; a row with siblings takes 2 to 4 bytes.
 */
#ifndef VX_BUILD_ORIGIN_H
#define VX_BUILD_ORIGIN_H

#include "base/buf.h"
#include "base/bytes.h"
#include "codec/row.h"

struct vx_origins {
	struct vx_buf text;
	uint64_t n_run; /* rows without siblings, of input i_run, that are not in text yet */
	uint64_t i_run;
	uint64_t last; /* order of the last row with siblings */
	int exact;
};

/* exact: every row's order, as --strict asks for, which names the first duplicate in input order. */
void vx_origins_init(struct vx_origins *origins, int exact);
void vx_origins_release(struct vx_origins *origins);
/* Adds the next row's order and n_siblings.  0 or VIDX_ENOMEM. */
int vx_origins_add(struct vx_origins *origins, const struct vx_row *row);

struct vx_origin_reader {
	struct vx_cursor text;
	uint64_t n_run, i_run, last;
};

/* After the last row was added.  0 or VIDX_ENOMEM. */
int vx_origins_read(struct vx_origins *origins, struct vx_origin_reader *reader);
/*
 * Sets the next row's order and n_siblings.  A row without siblings gets the order of its input's
 * first record unless the origins are exact; so does every row when there are no more.
 */
void vx_origins_next(struct vx_origin_reader *reader, struct vx_row *row);

#endif
