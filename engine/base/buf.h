/*
 * buf: growable bytes.  A failed growth sets `failed`, keeps what is there and makes later
 * appends do nothing, so a writer checks once at its end.
 */
#ifndef VX_BASE_BUF_H
#define VX_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct vx_buf {
	uint8_t *p;
	size_t len, cap;
	int failed; /* nonzero once memory ran out */
};

void vx_buf_init(struct vx_buf *buf);
void vx_buf_release(struct vx_buf *buf);
void vx_buf_clear(struct vx_buf *buf); /* len = 0 and failed = 0; keeps capacity */
/* Makes room for n more bytes; 0, or VIDX_ENOMEM. */
int vx_buf_reserve(struct vx_buf *buf, size_t n);
void vx_buf_add(struct vx_buf *buf, const void *p, size_t n);
void vx_buf_addc(struct vx_buf *buf, int c);
void vx_buf_adds(struct vx_buf *buf, const char *text);
void vx_buf_addf(struct vx_buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Decimal digits of v. */
void vx_buf_addu(struct vx_buf *buf, uint64_t v);

#endif
