/* slice: borrowed text that is not NUL-terminated. */
#ifndef VX_BASE_SLICE_H
#define VX_BASE_SLICE_H

#include <stddef.h>
#include <string.h>

struct vx_slice {
	const char *p;
	size_t len;
};

static inline struct vx_slice vx_slice(const char *p, size_t len)
{
	struct vx_slice s = {p, len};
	return s;
}

static inline struct vx_slice vx_slice_str(const char *text)
{
	return vx_slice(text, strlen(text));
}

static inline int vx_slice_eq(struct vx_slice a, struct vx_slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline int vx_slice_is(struct vx_slice a, const char *text)
{
	return vx_slice_eq(a, vx_slice_str(text));
}

#endif
