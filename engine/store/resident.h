/* resident: an open index brought into memory, or kept there.  For those who serve it. */
#ifndef VX_STORE_RESIDENT_H
#define VX_STORE_RESIDENT_H

#include "store/env.h"

/*
 * Reads all blocks into the page cache, maps their pages, and opens each in the directory, which the
 * env must have: no lookup waits for the disk or for a page to be mapped until memory is short.  VIDX_EIO,
 * VIDX_EBADINDEX.
 */
int vx_env_prefault(struct vx_env *env, struct vidx_error *err);
/*
 * The same, and locks blocks and directory in memory as long as the env is open.  VIDX_EIO where the
 * system does not allow so much (RLIMIT_MEMLOCK), and as above.
 */
int vx_env_lock(struct vx_env *env, struct vidx_error *err);

/*
 * Drops a file from the page cache, where nobody has it mapped, and reads it again into huge pages,
 * if kernel and file system have them.  Before the file is opened: a page that is mapped stays as it
 * is.  No errors: what cannot be done is left alone.
 */
void vx_file_reread(const char *path);

#endif
