/*
 * progress: how far long work has come, with rate and time left.  The sink (from cli) draws a
 * bar on a terminal or a line every 30 s in a log.  vx_progress_add() is cheap and takes any thread.
 */
#ifndef VX_BASE_PROGRESS_H
#define VX_BASE_PROGRESS_H

#include <stdint.h>

struct vx_progress {
	const char *what; /* "building" */
	const char *unit; /* "B" of input, "blocks" */
	uint64_t total;   /* 0: unknown */
	_Atomic uint64_t done;
	_Atomic uint64_t due_ns; /* monotonic time of the next drawing */
	uint64_t begun_ns, every_ns;
	void (*draw)(void *ctx, const struct vx_progress *progress, int last);
	void *ctx;
};

void vx_progress_begin(struct vx_progress *progress, const char *what, const char *unit,
		       uint64_t total);
/* Adds n and draws if it is time; one thread draws at once, the others go on. */
void vx_progress_add(struct vx_progress *progress, uint64_t n);
void vx_progress_end(struct vx_progress *progress);
/* "42% 1.2 GB/s, 0:13 left" into out (NUL-terminated, cut to size). */
void vx_progress_text(const struct vx_progress *progress, char *out, int size);

#endif
