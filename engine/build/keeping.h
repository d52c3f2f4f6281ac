/* keeping: --keep-info in a build: which keys are read, and the rows of a record take their values. */
#ifndef VX_BUILD_KEEPING_H
#define VX_BUILD_KEEPING_H

#include "build/unit.h"

/* Reads the list of options->keep_info into inputs->keep.  Errors: VIDX_EUSAGE, VIDX_ENOMEM. */
int vx_keeping_init(struct vx_inputs *inputs, const struct vx_build_options *options,
		    struct vidx_error *err);
/*
 * Once the map is made: inputs->wanted, of the map's keys, or END for the blocks of a gVCF, and then the others to be kept, and the
 * shape's keep.  Errors: VIDX_EUSAGE, VIDX_ENOMEM.
 */
int vx_keeping_want(struct vx_inputs *inputs, const struct vx_build_options *options,
		    struct vidx_error *err);

/*
 * Gives the run's rows from first on, all of record, their kept INFO.  A value that cannot be kept
 * is left out and counted; under --strict it is VIDX_EBADINPUT.  VIDX_ENOMEM.
 */
int vx_keeping_rows(struct vx_run *run, struct vx_worker *worker, const struct vx_record *record,
		    size_t first, struct vidx_error *err);

#endif
