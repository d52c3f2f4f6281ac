/*
 * file: the stored bytes of an input, read once from front to back and hashed on the way.
 * read(2), not a mapping: the same for files and pipes, and a file that is cut short under us
 * ends early instead of raising SIGBUS.  One thread at a time.
 */
#ifndef VX_INPUT_FILE_H
#define VX_INPUT_FILE_H

#include "base/buf.h"
#include "base/hash.h"
#include "base/status.h"

#include <stdatomic.h>

struct vx_file {
	int fd, is_ours;
	int at_end; /* nonzero once a read found nothing */
	char *name; /* for messages */
	uint64_t size;
	_Atomic uint64_t n_read; /* read by any thread, for progress */
	struct vx_hasher *hasher;
};

/* Opens path ("-": standard input).  Errors: VIDX_EIO, VIDX_ENOMEM.  Close it in any case. */
int vx_file_open(struct vx_file *file, const char *path, struct vidx_error *err);
/* The same from a descriptor, which stays the caller's. */
int vx_file_attach(struct vx_file *file, int fd, const char *name, struct vidx_error *err);
void vx_file_close(struct vx_file *file);

/*
 * Appends up to n bytes to buf; at_end tells that there were none left.
 * Errors: VIDX_EIO, VIDX_ENOMEM.
 */
int vx_file_read(struct vx_file *file, struct vx_buf *buf, size_t n, struct vidx_error *err);

#endif
