/*
 * bytes: little-endian loads and stores through memcpy (never a struct over file bytes), and a
 * cursor that refuses to read past its end.
 */
#ifndef VX_BASE_BYTES_H
#define VX_BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#error "vidx runs on little-endian machines"
#endif

static inline uint16_t vx_load16(const void *p)
{
	uint16_t v;
	memcpy(&v, p, 2);
	return v;
}
static inline uint32_t vx_load32(const void *p)
{
	uint32_t v;
	memcpy(&v, p, 4);
	return v;
}
static inline uint64_t vx_load64(const void *p)
{
	uint64_t v;
	memcpy(&v, p, 8);
	return v;
}
static inline void vx_store16(void *p, uint16_t v)
{
	memcpy(p, &v, 2);
}
static inline void vx_store32(void *p, uint32_t v)
{
	memcpy(p, &v, 4);
}
static inline void vx_store64(void *p, uint64_t v)
{
	memcpy(p, &v, 8);
}
static inline uint64_t vx_load64_be(const void *p)
{
	return __builtin_bswap64(vx_load64(p));
}
static inline void vx_store64_be(void *p, uint64_t v)
{
	vx_store64(p, __builtin_bswap64(v));
}

/* Reads forward through [p, end); a read past the end gives 0 and sets bad for good. */
struct vx_cursor {
	const uint8_t *p, *end;
	int bad;
};

static inline struct vx_cursor vx_cursor(const void *p, size_t len)
{
	/* No bytes may have no address. */
	static const uint8_t none[1];
	struct vx_cursor c = {none, none, 0};

	if (p) {
		c.p = (const uint8_t *)p;
		c.end = c.p + len;
	}
	return c;
}

static inline size_t vx_cursor_left(const struct vx_cursor *c)
{
	return (size_t)(c->end - c->p);
}

/* A view of the next n bytes, or NULL (and bad). */
static inline const uint8_t *vx_cursor_take(struct vx_cursor *c, size_t n)
{
	if (c->bad || vx_cursor_left(c) < n) {
		c->bad = 1;
		return NULL;
	}
	const uint8_t *p = c->p;
	c->p += n;
	return p;
}

static inline uint8_t vx_cursor_u8(struct vx_cursor *c)
{
	const uint8_t *p = vx_cursor_take(c, 1);
	return p ? *p : 0;
}

static inline uint32_t vx_cursor_u32(struct vx_cursor *c)
{
	const uint8_t *p = vx_cursor_take(c, 4);
	return p ? vx_load32(p) : 0;
}

static inline uint64_t vx_cursor_u64(struct vx_cursor *c)
{
	const uint8_t *p = vx_cursor_take(c, 8);
	return p ? vx_load64(p) : 0;
}

/* LEB128: 7 bits a byte, low first, at most 10 bytes; an overlong or cut one is bad. */
uint64_t vx_cursor_varint(struct vx_cursor *c);
/* Writes v; returns bytes written (1..10).  out holds at least 10. */
size_t vx_put_varint(uint8_t *out, uint64_t v);

#endif
