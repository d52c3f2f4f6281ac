/* status: the one place where a failure is put into words. */
#ifndef VX_BASE_STATUS_H
#define VX_BASE_STATUS_H

#include "vidx.h"

/*
 * Fills *err (which may be NULL) with a printf-like text, lower case, no full stop, and returns
 * status, so that a caller writes `return vx_fail(err, VIDX_EIO, "cannot open %s: %s", ...)`.
 * Control characters in the text are replaced by '?', so that one error stays one line.
 * An *err that already holds a failure is kept: the first place that saw the fault wins.
 */
int vx_fail(struct vidx_error *err, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* VIDX_ENOMEM with its standard text. */
int vx_fail_nomem(struct vidx_error *err);

#endif
