/*
 * keeprow: the kept INFO of one row as bytes.  For each key that the record has, ascending:
 *
 *	key varint | length varint | that many bytes
 *
 * which are nothing for a Flag; a varint for each Integer, zigzag(value) + 1, 0 where it is '.'; a
 * float of four bytes for each Float, the pattern VX_KEEP_FLOAT_MISSING where it is '.' and one
 * pattern for all that is not a number; the text of a String, as it stands ('.' too).
 */
#ifndef VX_COHORT_KEEPROW_H
#define VX_COHORT_KEEPROW_H

#include "base/bytes.h"
#include "cohort/keep.h"
#include "input/record.h"

#define VX_KEEP_FLOAT_MISSING UINT32_C(0x7f800001) /* as in BCF */
#define VX_KEEP_FLOAT_NAN     UINT32_C(0x7fc00000)

/* The first value of a record that cannot be kept. */
struct vx_keep_fault {
	const struct vx_keep_key *key;
	struct vx_info_value value;
};

/*
 * Writes the kept INFO of one ALT into *out, from its start.  Returns how many values were left
 * out: text that is no number of its type, or another number of values than Number=A, R or G asks
 * for; *fault_ret is the first.  Check out->failed.
 */
uint32_t vx_keep_row(const struct vx_keep *keep, const struct vx_record *record, uint32_t i_alt,
		     struct vx_buf *out, struct vx_keep_fault *fault_ret);

/* Puts key and length in front of the value that was appended to *out from begin on. */
void vx_keep_close(struct vx_buf *out, size_t begin, uint32_t key);

/* The next key of a row: 1, or 0 at the end (also of bytes that are none of vx_keep_row()). */
static inline int vx_keep_next(struct vx_slice *rest, uint32_t *key_ret, struct vx_slice *value_ret)
{
	struct vx_cursor c;
	const uint8_t *p;
	uint64_t key, len;

	if (rest->len == 0)
		return 0;
	c = vx_cursor(rest->p, rest->len);
	key = vx_cursor_varint(&c);
	len = vx_cursor_varint(&c);
	p = vx_cursor_take(&c, len);
	if (!p || key >= VX_KEEP_MAX)
		return 0;
	*key_ret = (uint32_t)key;
	*value_ret = vx_slice((const char *)p, len);
	*rest = vx_slice((const char *)c.p, vx_cursor_left(&c));
	return 1;
}

/* Elements of the value of an Integer or a Float. */
uint32_t vx_keep_count(enum vx_keep_type type, struct vx_slice value);
/* The next Integer of *rest: 1; 0: it is '.'; -1: no more (or no varint). */
int vx_keep_int(struct vx_slice *rest, int64_t *ret);

#endif
