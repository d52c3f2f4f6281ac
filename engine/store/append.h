/*
 * append: writes a new index beside its target and publishes it by rename.
 *
 * One thread calls it (an LMDB write transaction belongs to its thread).  Nothing is seen at the
 * target before vx_append_publish() succeeds, and an older index there stays untouched until then.
 */
#ifndef VX_STORE_APPEND_H
#define VX_STORE_APPEND_H

#include "store/meta.h"

struct vx_append;

/*
 * Creates a temporary file beside path, .NAME.vidx-tmp.PID-RANDOM, which is removed on failure and
 * by vx_append_abort().  A killed process leaves it: it is nobody's, and may be deleted.  A
 * symbolic link at path will itself be replaced, as mv would; a folder or a device is refused.
 * Errors: VIDX_EIO (the folder is missing or not writable), VIDX_EFULL, VIDX_ENOMEM (memory, or
 * address space: 1 GiB, later twice what is written, for LMDB's map).
 */
int vx_append_open(const char *path, struct vx_append **append_ret, struct vidx_error *err);

/*
 * Appends one block of k * 4096 - 16 bytes; (locus, hash) are its first row's and never decrease.
 * Commits every 4,096 blocks or 64 MB.  Errors, after which only an abort makes sense: VIDX_EFULL
 * (disk full), VIDX_EIO, VIDX_ENOMEM, VIDX_EUSAGE (out of order, or not of whole pages).
 */
int vx_append_block(struct vx_append *append, uint64_t locus, uint64_t hash, struct vx_slice bytes,
		    struct vidx_error *err);

/*
 * After the last block: makes the database `ids`, empty; an index without it was built without
 * ids.  Then each list of entries (store/idlist.h), rising; first is its first entry.  Errors as
 * above.
 */
int vx_append_ids_begin(struct vx_append *append, struct vidx_error *err);
int vx_append_ids(struct vx_append *append, uint64_t first, struct vx_slice bytes,
		  struct vidx_error *err);

/*
 * After the last block, and before ids: makes the database `callable`, empty; an index without it
 * has no callable track.  Then each block of the track (codec/track.h), rising; first is its first
 * locus.  Errors as above.
 */
int vx_append_track_begin(struct vx_append *append, struct vidx_error *err);
int vx_append_track(struct vx_append *append, uint64_t first, struct vx_slice bytes,
		    struct vidx_error *err);

/*
 * Writes the meta and what open needs to check, syncs, truncates to size, verifies that the
 * totals agree, fsyncs file and folder, and renames over path.  Frees append in any case; on
 * failure the temporary file is gone and the target as before.
 */
int vx_append_publish(struct vx_append *append, const struct vx_meta *meta, struct vidx_error *err);

/*
 * Like vx_append_publish(), but the file keeps its temporary name (no rename, no fsync): *path_ret
 * is malloc'd, the caller's to free, and the file the caller's to remove.  For a build that has to
 * read back what it wrote.  Frees append in any case; on failure the file is gone and *path_ret
 * NULL.
 */
int vx_append_keep(struct vx_append *append, const struct vx_meta *meta, char **path_ret,
		   struct vidx_error *err);

/* Removes the temporary file and frees.  NULL is allowed. */
void vx_append_abort(struct vx_append *append);

#endif
