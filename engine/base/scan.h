/*
 * scan: byte searches that look at 32 or 64 bytes at a time.  One name each; the widest path the
 * processor has is chosen when the program starts, and all paths give the same answers.
 *
 * Every scan may read (not use) up to VX_SCAN_ROOM bytes behind the text it is given: they must
 * be readable.  Pure; any thread.
 */
#ifndef VX_BASE_SCAN_H
#define VX_BASE_SCAN_H

#include <stddef.h>
#include <stdint.h>

#define VX_SCAN_ROOM 64

/* Tabs of a line whose places are told: as many as stand before the first sample. */
#define VX_SCAN_TABS 9

struct vx_scan_line {
	size_t len;      /* bytes before the '\n', or all of the text when there is none */
	uint64_t n_tabs; /* in those bytes */
	int ended;       /* nonzero: the '\n' was found */
	int has_nul;     /* nonzero: a NUL byte is among them */
	uint32_t tab[VX_SCAN_TABS]; /* offsets of the first n_tabs tabs */
};

/*
 * One pass over a line: its end, its tabs.  Offsets are cut to 32 bits: hand over less than 4 GiB,
 * or only trust tab[] where len is less.
 */
void vx_scan_line(const char *p, size_t len, struct vx_scan_line *ret);

/*
 * Offsets of byte c in p[0, len), len < 4 GiB, in order, until at least max are found or the text
 * ends.  out holds max + 68 (what is behind the answer is overwritten).  Returns how many; *done_ret is how far it looked (len at the end),
 * where the next call goes on.
 */
size_t vx_scan_find(const char *p, size_t len, char c, uint32_t *out, size_t max, size_t *done_ret);

/* How often byte c is in p[0, len). */
uint64_t vx_scan_count(const char *p, size_t len, char c);

/* The paths, for tests and benchmarks. */
enum vx_scan_path {
	VX_SCAN_BEST,
	VX_SCAN_SCALAR, /* eight bytes at a time in plain C */
	VX_SCAN_AVX2,
	VX_SCAN_AVX512,
	VX_SCAN_NEON,
	VX_SCAN_N_PATHS
};

/* Nonzero if this build and this processor have the path. */
int vx_scan_has(enum vx_scan_path path);
/* Takes that path from now on (a path it has not: the best).  Not while other threads scan. */
void vx_scan_force(enum vx_scan_path path);

#endif
