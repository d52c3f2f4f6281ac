/*
 * idsort: any number of entries (codec/idtext.h) -> the same in order, cut into parts.
 *
 * Entries come in order of blocks.  They are kept as sorted runs; when those outgrow a bound they
 * go to a nameless file beside the index.  At the end samples of all runs say where to cut, and
 * each part is gathered from the runs and sorted by itself.  So memory does not grow with the
 * number of IDs but for 8 bytes in 256 entries, and the parts depend on the entries alone.
 */
#ifndef VX_STORE_IDSORT_H
#define VX_STORE_IDSORT_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/* Memory for runs before they go to a file.  A run is an eighth of it. */
#define VX_IDSORT_BYTES ((size_t)64 << 20)

struct vx_idsort;

/* The file, if one is needed, is made in the folder of path.  bytes: VX_IDSORT_BYTES.  VIDX_ENOMEM. */
int vx_idsort_new(const char *path, size_t bytes, struct vx_idsort **sort_ret,
		  struct vidx_error *err);
void vx_idsort_free(struct vx_idsort *sort);

/*
 * Adds n entries; block is added to the block of each, and does not decrease from call to call.
 * Errors: VIDX_ENOMEM, VIDX_EIO, VIDX_EFULL, VIDX_EUSAGE (over 2^27 - 1 blocks).
 */
int vx_idsort_add(struct vx_idsort *sort, const uint64_t *entry, size_t n, uint64_t block,
		  struct vidx_error *err);
/* No more follow: *n_ret parts, of about VX_IDSORT_BYTES / 256 entries each.  Errors as above. */
int vx_idsort_end(struct vx_idsort *sort, size_t *n_ret, struct vidx_error *err);

/* What one thread sorts a part in.  Zeroed at first; freed with _release. */
struct vx_idpart {
	uint64_t *entry; /* n of them, strictly rising */
	size_t n, cap;
	uint64_t *spare;
};
void vx_idpart_release(struct vx_idpart *part);
/* Part i after vx_idsort_end().  Any thread, with a part of its own.  VIDX_ENOMEM, VIDX_EIO. */
int vx_idsort_part(const struct vx_idsort *sort, size_t i, struct vx_idpart *part,
		   struct vidx_error *err);

/*
 * Sorts n entries by code alone, keeping the order of equal codes, and drops an entry equal to
 * the one before it; returns how many are left.  spare has room for n.
 */
size_t vx_idsort_entries(uint64_t *entry, uint64_t *spare, size_t n);

#endif
