/* spoolparts: what spool.c and spoolmerge.c share. */
#ifndef VX_BUILD_SPOOLPARTS_H
#define VX_BUILD_SPOOLPARTS_H

#include "base/arena.h"
#include "base/strmap.h"
#include "build/spool.h"

#include <pthread.h>

/* A block in the file; its loci are positions on contig. */
struct vx_part {
	uint32_t contig, len;
	uint64_t first0;
	uint64_t at; /* in the file */
};

struct vx_spool {
	char *path;
	int fd; /* -1: none yet */
	uint32_t n_cols;
	pthread_mutex_t lock; /* over the rest */
	uint64_t n_bytes;
	struct vx_part *part;
	size_t n_parts, cap_parts;
	struct vx_arena arena;
	struct vx_slice *name; /* of contigs from VX_NEW_CONTIG on */
	uint32_t n_names, cap_names;
	struct vx_strmap numbers; /* by name, from 0 */
	_Atomic uint64_t n_noted;
};

/* A failure of the system, in our words. */
int vx_spool_fault(const struct vx_spool *spool, int code, struct vidx_error *err);

#endif
