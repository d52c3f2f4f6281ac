/* out: where a verb writes: standard output, or a file that appears only when it is whole. */
#ifndef VX_CLI_OUT_H
#define VX_CLI_OUT_H

#include "base/buf.h"
#include "vidx.h"

/* Bytes gathered before a write: few system calls, and still in the cache. */
#define VX_OUT_BYTES ((size_t)256 << 10)

struct vx_out {
	struct vx_buf buf; /* append here, then call vx_out_pump() */
	char *path;        /* as named; "standard output" */
	char *name;        /* what is written: a temporary file, path itself, or "-" */
	int is_temp;
	int fd; /* -1 where another writer opens name */
};

/*
 * path NULL or "-": standard output.  A regular or missing file is written under a temporary name
 * beside it; anything else (a device, a pipe) directly.  open_fd 0: only the name is made, for a
 * writer that opens it itself.  Errors: VIDX_EIO, VIDX_EFULL, VIDX_ENOMEM.
 */
int vx_out_open(struct vx_out *out, const char *path, int open_fd, struct vidx_error *err);
/* Writes what has gathered once there is enough of it, or all of it. */
int vx_out_pump(struct vx_out *out, int all, struct vidx_error *err);
/*
 * Ends it.  rc is what the verb came to: 0 writes the rest, syncs and renames; a failure removes
 * the temporary file.  Returns rc, or the failure of the ending.
 */
int vx_out_close(struct vx_out *out, int rc, struct vidx_error *err);

#endif
