#include "base/text.h"

#include <stdlib.h>

int vx_parse_u64(struct vx_slice text, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;

	if (text.len == 0)
		return 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned char)text.p[i] - (unsigned)'0';

		if (digit > 9 || v > (UINT64_MAX - digit) / 10)
			return 0;
		v = v * 10 + digit;
	}
	if (v > max)
		return 0;
	*ret = v;
	return 1;
}

int vx_parse_i64(struct vx_slice text, int64_t *ret)
{
	int negative = text.len && text.p[0] == '-';
	uint64_t v;

	if (!vx_parse_u64(vx_slice(text.p + negative, text.len - (size_t)negative),
			  UINT64_C(1) << 62, &v))
		return 0;
	*ret = negative ? -(int64_t)v : (int64_t)v;
	return 1;
}

int vx_parse_f64(struct vx_slice text, double *ret)
{
	char copy[64];
	char *end;

	/* strtod skips leading space; a field with one is no number. */
	if (text.len == 0 || text.len >= sizeof copy || (unsigned char)text.p[0] <= ' ')
		return 0;
	memcpy(copy, text.p, text.len);
	copy[text.len] = '\0';
	/* The program never calls setlocale(), so the decimal point is '.'. */
	*ret = strtod(copy, &end);
	return end == copy + text.len;
}

int vx_split(struct vx_slice *rest, char sep, struct vx_slice *field)
{
	const char *hit;

	if (!rest->p)
		return 0;
	hit = rest->len ? memchr(rest->p, sep, rest->len) : NULL;
	if (!hit) {
		*field = *rest;
		*rest = vx_slice(NULL, 0);
		return 1;
	}
	*field = vx_slice(rest->p, (size_t)(hit - rest->p));
	*rest = vx_slice(hit + 1, rest->len - field->len - 1);
	return 1;
}
