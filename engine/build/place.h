/* place: where a record's alleles lie: its contig, and the reference beneath them. */
#ifndef VX_BUILD_PLACE_H
#define VX_BUILD_PLACE_H

#include "build/unit.h"

/*
 * The rank of the record's contig.  One that the table lacks gets a place in the run's own list
 * and VX_NEW_CONTIG + that.  With a reference the sequence is found too.  Errors: VIDX_EBADINPUT
 * (a name that none can have, of another assembly, or not in the reference), VIDX_ENOMEM.
 */
int vx_place_contig(struct vx_run *run, struct vx_worker *worker, const struct vx_record *record,
		    uint32_t *rank_ret, struct vidx_error *err);

/*
 * Checks the REF of the record vx_place_contig() saw last, and moves the alleles that
 * worker->reason keeps.  Without a reference nothing happens.  0; VIDX_ABSENT: REF is not the
 * reference's; VIDX_EBADINPUT (the reference is damaged), VIDX_ENOMEM.
 */
int vx_place_against_reference(struct vx_run *run, struct vx_worker *worker,
			       const struct vx_record *record, struct vidx_error *err);

#endif
