/*
 * lines: a text file that is no VCF, line by line: in BGZF, plain gzip or uncompressed, told apart
 * by content.  Checksums, lengths and the end of a BGZF file are checked as those of a VCF are.
 * One thread at a time; memory for one line and 256 KiB.
 */
#ifndef VX_INPUT_LINES_H
#define VX_INPUT_LINES_H

#include "base/hash.h"
#include "base/slice.h"
#include "base/status.h"

#include <stdint.h>

/* The longest line taken: one column for each of 1,024 groups fits many times. */
#define VX_LINES_MAX ((size_t)1 << 20)

struct vx_lines;

/* path is copied; "-" is standard input.  Errors: VIDX_EIO, VIDX_ENOMEM. */
int vx_lines_open(const char *path, struct vx_lines **lines_ret, struct vidx_error *err);
/* The same from a descriptor, which stays the caller's. */
int vx_lines_open_fd(int fd, const char *name, struct vx_lines **lines_ret, struct vidx_error *err);
void vx_lines_close(struct vx_lines *lines);

/*
 * The next line, without its end (\n or \r\n); a view until the next call.  0; VIDX_END: the file
 * ended as it should.  Errors: VIDX_EBADINPUT (damaged, a NUL byte, too long a line; names the file
 * and the line), VIDX_EIO, VIDX_ENOMEM.
 */
int vx_lines_next(struct vx_lines *lines, struct vx_slice *line_ret, struct vidx_error *err);
/* Number of the line last returned, from 1. */
uint64_t vx_lines_number(const struct vx_lines *lines);

/* Stored bytes of the file; 0 of a pipe. */
uint64_t vx_lines_total(const struct vx_lines *lines);
/* Stored bytes read so far, and after VIDX_END XXH3-128 over them. */
uint64_t vx_lines_size(const struct vx_lines *lines);
struct vx_hash128 vx_lines_hash(const struct vx_lines *lines);

#endif
