/*
 * sweep: stretches of one contig that may overlap, with AN, -> stretches that do not.  Where several
 * lie, each column has the largest AN that one of them knows: someone who is called in one of two
 * records was called.  So the answer does not depend on the order or the cut of the records.
 */
#ifndef VX_BUILD_SWEEP_H
#define VX_BUILD_SWEEP_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/* Stretches that lie over one base and of which none says as much as another: more is refused. */
#define VX_SWEEP_MAX 4096

struct vx_sweep {
	uint32_t n_cols;
	/* Takes the next stretch; pieces that touch are not joined.  0, or a failure. */
	int (*emit)(void *ctx, uint64_t beg0, uint64_t end0, const uint64_t *an,
		    struct vidx_error *err);
	void *ctx;
	/* private */
	uint64_t *over; /* n_over times: end0, AN by column; all begin at or before at0 */
	size_t n_over, cap;
	uint64_t at0;
	uint64_t *most;
};

/* n_cols, emit and ctx are the caller's to set; the rest is zero.  VIDX_ENOMEM.  Release in any case. */
int vx_sweep_init(struct vx_sweep *sweep);
void vx_sweep_release(struct vx_sweep *sweep);
/*
 * Adds a stretch; beg0 never decreases.  an: n_cols numbers.  Errors: emit's, VIDX_ENOMEM,
 * VIDX_EBADINPUT (too much overlaps).
 */
int vx_sweep_add(struct vx_sweep *sweep, uint64_t beg0, uint64_t end0, const uint64_t *an,
		 struct vidx_error *err);
/* No more follow on this contig; the next one may begin anywhere.  Errors: emit's. */
int vx_sweep_end(struct vx_sweep *sweep, struct vidx_error *err);

#endif
