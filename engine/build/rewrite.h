/*
 * rewrite: rows that came late are merged with those that were already written.
 *
 * This is the slow way for input that is not sorted; sorted input never comes here.
 */
#ifndef VX_BUILD_REWRITE_H
#define VX_BUILD_REWRITE_H

#include "build/pipeline.h"

/*
 * Reads the rows of the index file at path (written by the pipeline, with ranks of its table),
 * merges result->late into them, and appends all to append.  Of two equal alleles the one that came
 * first in input order stays.  result->totals become those of the new file.
 * Errors: those of the store, VIDX_ENOMEM, VIDX_EBADINPUT (a duplicate under --strict).
 */
int vx_rewrite(const char *path, struct vx_inputs *inputs, const struct vx_build_options *options,
	       struct vx_pipeline_result *result, struct vx_append *append, struct vidx_error *err);

#endif
