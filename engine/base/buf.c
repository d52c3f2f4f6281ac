#include "base/buf.h"
#include "vidx.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void vx_buf_init(struct vx_buf *buf)
{
	memset(buf, 0, sizeof *buf);
}

void vx_buf_release(struct vx_buf *buf)
{
	free(buf->p);
	memset(buf, 0, sizeof *buf);
}

void vx_buf_clear(struct vx_buf *buf)
{
	buf->len = 0;
	buf->failed = 0;
}

int vx_buf_reserve(struct vx_buf *buf, size_t n)
{
	size_t want, cap;
	uint8_t *p;

	if (buf->failed || n > SIZE_MAX / 2 - buf->len)
		goto fail;
	want = buf->len + n;
	if (want <= buf->cap)
		return 0;
	cap = buf->cap + buf->cap / 2 + 64;
	if (cap < want)
		cap = want;
	p = realloc(buf->p, cap);
	if (!p)
		goto fail;
	buf->p = p;
	buf->cap = cap;
	return 0;
fail:
	buf->failed = 1;
	return VIDX_ENOMEM;
}

void vx_buf_add(struct vx_buf *buf, const void *p, size_t n)
{
	if (n && vx_buf_reserve(buf, n) == 0) {
		memcpy(buf->p + buf->len, p, n);
		buf->len += n;
	}
}

void vx_buf_addc(struct vx_buf *buf, int c)
{
	if (vx_buf_reserve(buf, 1) == 0)
		buf->p[buf->len++] = (uint8_t)c;
}

void vx_buf_adds(struct vx_buf *buf, const char *text)
{
	vx_buf_add(buf, text, strlen(text));
}

void vx_buf_addf(struct vx_buf *buf, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || vx_buf_reserve(buf, (size_t)n + 1) != 0) {
		buf->failed = 1;
		return;
	}
	va_start(ap, fmt);
	vsnprintf((char *)buf->p + buf->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	buf->len += (size_t)n;
}

void vx_buf_addu(struct vx_buf *buf, uint64_t v)
{
	char digits[20];
	size_t i = sizeof digits;

	do {
		digits[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	vx_buf_add(buf, digits + i, sizeof digits - i);
}
