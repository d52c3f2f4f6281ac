/* pipeline: plan -> workers -> ordered append, on all threads. */
#ifndef VX_BUILD_PIPELINE_H
#define VX_BUILD_PIPELINE_H

#include "build/job.h"
#include "build/merge.h"

/* What the pipeline leaves: the blocks are in append, the rest is here. */
struct vx_pipeline_result {
	struct vx_totals totals;
	struct vx_merge *merge;  /* with the account, and late rows */
	struct vx_run *late;     /* not NULL: rows that belong between those appended */
	struct vx_run *all_runs; /* memory of the above */
};

/*
 * Reads all inputs and appends their rows.  On failure *err holds the first fault in input
 * order.  *result must be released in any case.
 */
int vx_pipeline(struct vx_inputs *inputs, const struct vx_build_options *options,
		struct vx_append *append, struct vx_pipeline_result *result,
		struct vidx_error *err);
void vx_pipeline_release(struct vx_pipeline_result *result);

#endif
