/* text: locale-free character classes and numbers.  Pure; any thread. */
#ifndef VX_BASE_TEXT_H
#define VX_BASE_TEXT_H

#include "base/slice.h"

#include <stdint.h>

static inline int vx_is_digit(int c)
{
	return c >= '0' && c <= '9';
}
static inline int vx_is_alpha(int c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}
static inline char vx_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

/* Decimal digits only, no sign, no space, the whole slice, at most max.  1 and *ret, or 0. */
int vx_parse_u64(struct vx_slice text, uint64_t max, uint64_t *ret);
/* The same with an optional '-'; |value| <= 2^62. */
int vx_parse_i64(struct vx_slice text, int64_t *ret);
/* A C-locale decimal number (also 1e-5, nan, inf), the whole slice.  1 and *ret, or 0. */
int vx_parse_f64(struct vx_slice text, double *ret);
/* Cuts the next field off *rest at sep (or at its end).  0 when *rest is used up (p NULL). */
int vx_split(struct vx_slice *rest, char sep, struct vx_slice *field);

#endif
