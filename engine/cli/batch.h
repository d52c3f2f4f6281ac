/* batch: questions of a file, kept until there are enough to put them at once. */
#ifndef VX_CLI_BATCH_H
#define VX_CLI_BATCH_H

#include "base/arena.h"
#include "base/slice.h"
#include "vidx.h"

/* Enough that vidx_get_many() is at its best. */
#define VX_BATCH_MAX 1024

struct vx_batch_item {
	struct vx_slice query; /* as it was asked */
	uint64_t line;         /* of the file, from 1 */
};

struct vx_batch {
	size_t n;
	struct vidx_allele allele[VX_BATCH_MAX];
	struct vx_batch_item item[VX_BATCH_MAX];
	struct vx_arena arena; /* owns all texts */
};

/* A zeroed batch is empty and valid. */
void vx_batch_release(struct vx_batch *batch);
/* Copies a question in; batch->n must be below VX_BATCH_MAX.  VIDX_ENOMEM. */
int vx_batch_add(struct vx_batch *batch, struct vx_slice query, const struct vidx_allele *allele,
		 uint64_t line, struct vidx_error *err);
/* Forgets all of them. */
void vx_batch_clear(struct vx_batch *batch);

#endif
