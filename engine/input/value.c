/* value: numbers out of the value of an INFO key, text or typed. */
#include "base/bytes.h"
#include "base/text.h"
#include "input/record.h"

/* BCF type codes, and the values that mean "missing" and "the vector ended before". */
enum { TEXT = 0, INT8 = 1, INT16 = 2, INT32 = 3, FLOAT = 5, CHAR = 7 };
#define FLOAT_MISSING UINT32_C(0x7f800001)
#define FLOAT_END     UINT32_C(0x7f800002)

static int is_text(const struct vx_info_value *value)
{
	return value->bcf_type == TEXT || value->bcf_type == CHAR;
}

/* The i-th piece between commas; p NULL when there is none. */
static struct vx_slice text_at(const struct vx_info_value *value, uint32_t i)
{
	struct vx_slice rest = vx_slice(value->p, value->len), field = {NULL, 0};

	do {
		if (!vx_split(&rest, ',', &field))
			return vx_slice(NULL, 0);
	} while (i--);
	return field;
}

/* The i-th integer as its type's distance from the type's smallest value: 0 missing, 1 end. */
static int64_t raw_int(const struct vx_info_value *value, uint32_t i, int64_t *smallest_ret)
{
	const char *p = value->p;
	int64_t v;

	if (value->bcf_type == INT8) {
		*smallest_ret = INT8_MIN;
		v = (int8_t)p[i];
	} else if (value->bcf_type == INT16) {
		*smallest_ret = INT16_MIN;
		v = (int16_t)vx_load16(p + 2 * (size_t)i);
	} else {
		*smallest_ret = INT32_MIN;
		v = (int32_t)vx_load32(p + 4 * (size_t)i);
	}
	return v - *smallest_ret;
}

static int bcf_int(const struct vx_info_value *value, uint32_t i, int64_t *ret)
{
	int64_t smallest, v;

	if (value->bcf_type == FLOAT || i >= value->len)
		return -1;
	v = raw_int(value, i, &smallest);
	/* Eight values of each type are reserved, beside these two without a meaning. */
	if (v == 0)
		return 0;
	if (v < 8)
		return -1;
	*ret = v + smallest;
	return 1;
}

int vx_info_int_at(const struct vx_info_value *value, uint32_t i, int64_t *ret)
{
	struct vx_slice text;

	if (!value->p)
		return -1;
	if (!is_text(value))
		return bcf_int(value, i, ret);
	text = text_at(value, i);
	if (!text.p)
		return -1;
	if (text.len == 1 && text.p[0] == '.')
		return 0;
	return vx_parse_i64(text, ret) ? 1 : -1;
}

int vx_info_double(const struct vx_info_value *value, uint32_t i, double *ret)
{
	struct vx_slice text;
	int64_t v;
	int rc;

	if (!value->p)
		return -1;
	if (is_text(value)) {
		text = text_at(value, i);
		if (!text.p)
			return -1;
		if (text.len == 1 && text.p[0] == '.')
			return 0;
		return vx_parse_f64(text, ret) ? 1 : -1;
	}
	if (value->bcf_type == FLOAT) {
		uint32_t bits;
		float f;

		if (i >= value->len)
			return -1;
		bits = vx_load32(value->p + 4 * (size_t)i);
		if (bits == FLOAT_MISSING || bits == FLOAT_END)
			return bits == FLOAT_MISSING ? 0 : -1;
		memcpy(&f, &bits, sizeof f);
		*ret = (double)f;
		return 1;
	}
	rc = bcf_int(value, i, &v);
	if (rc == 1)
		*ret = (double)v;
	return rc;
}

uint32_t vx_info_length(const struct vx_info_value *value)
{
	uint32_t n = 0;
	int64_t smallest;

	if (!value->p || value->len == 0)
		return 0;
	if (is_text(value)) {
		n = 1;
		for (uint32_t i = 0; i < value->len; i++)
			n += value->p[i] == ',';
		return n;
	}
	while (n < value->len &&
	       (value->bcf_type == FLOAT ? vx_load32(value->p + 4 * (size_t)n) != FLOAT_END
					 : raw_int(value, n, &smallest) != 1))
		n++;
	return n;
}
