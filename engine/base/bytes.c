#include "base/bytes.h"

uint64_t vx_cursor_varint(struct vx_cursor *c)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte = vx_cursor_u8(c);

		if (c->bad || (shift == 63 && byte > 1))
			break;
		v |= (uint64_t)(byte & 127) << shift;
		if (byte < 128)
			return v;
	}
	c->bad = 1;
	return 0;
}

size_t vx_put_varint(uint8_t *out, uint64_t v)
{
	size_t n = 0;

	while (v >= 128) {
		out[n++] = (uint8_t)(v | 128);
		v >>= 7;
	}
	out[n++] = (uint8_t)v;
	return n;
}
