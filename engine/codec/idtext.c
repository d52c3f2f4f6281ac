#include "codec/idtext.h"

#include "codec/bits.h"
#include "codec/format.h"
#include "codec/ids.h"

#define CODE_TEXT (UINT64_C(1) << (VX_ID_CODE_BITS - 1))

/* The number of "rs123" in either case, which has no leading zero and is below 10^12; or 0. */
static uint64_t rs_number(struct vx_slice id)
{
	uint64_t v = 0;

	if (id.len < 3 || id.len > 14 || (id.p[0] | 32) != 'r' || (id.p[1] | 32) != 's' ||
	    id.p[2] == '0')
		return 0;
	for (size_t i = 2; i < id.len; i++) {
		unsigned digit = (unsigned char)id.p[i] - '0';

		if (digit > 9)
			return 0;
		v = v * 10 + digit;
	}
	return v;
}

int vx_id_next(struct vx_slice *rest, struct vx_slice *id_ret)
{
	while (rest->len) {
		const char *end = memchr(rest->p, ';', rest->len);
		size_t len = end ? (size_t)(end - rest->p) : rest->len;
		size_t taken = end ? len + 1 : len;

		*id_ret = vx_slice(rest->p, len);
		*rest = vx_slice(rest->p + taken, rest->len - taken);
		if (len && !vx_slice_is(*id_ret, "."))
			return 1;
	}
	return 0;
}

uint64_t vx_id_code(struct vx_slice id, unsigned hash_bits)
{
	uint64_t number = rs_number(id), hash;
	uint8_t bytes[8];

	if (number && number < CODE_TEXT)
		return number;
	vx_store64(bytes, number);
	hash = number ? vx_hash64(bytes, sizeof bytes) : vx_hash64(id.p, id.len);
	if (hash_bits >= VX_ID_CODE_BITS)
		hash_bits = VX_ID_CODE_BITS - 1;
	return CODE_TEXT | hash >> (64 - hash_bits);
}

int vx_id_same(struct vx_slice a, struct vx_slice b)
{
	uint64_t number;

	if (a.len != b.len)
		return 0;
	if (vx_slice_eq(a, b))
		return 1;
	number = rs_number(a);
	return number && number == rs_number(b);
}

int vx_id_in(struct vx_slice column, struct vx_slice id)
{
	struct vx_slice one;

	while (column.len >= id.len && vx_id_next(&column, &one))
		if (vx_id_same(one, id))
			return 1;
	return 0;
}

int vx_block_find_id(const struct vx_block *b, struct vx_slice id, uint32_t *i)
{
	char scratch[VX_ROW_SCRATCH];
	struct vx_row row = {.locus = 0};
	uint32_t n_texts = vx_load32(b->p + VX_H_N_ID_TEXTS);
	uint64_t min = vx_load64(b->p + VX_H_ID_MIN), number = rs_number(id), wanted = 0;
	struct vx_bits bits = {b->p, (uint64_t)b->off_ids * 8 + (uint64_t)*i * b->id_bits,
			       b->len - 8};

	if (b->id_bits == 0 || b->id_bits > VX_BITS_MAX)
		return VIDX_ABSENT;
	if (number && number >= min)
		wanted = number - min + 1 + n_texts;
	for (; *i < b->n_rows; ++*i) {
		uint64_t v = vx_bits_get(&bits, b->id_bits);

		if (v == 0 || (v > n_texts && v != wanted))
			continue;
		if (vx_ids_read(b, *i, &row, scratch) != 0)
			return VIDX_EBADINDEX;
		if (vx_id_in(row.id, id))
			return 0;
	}
	return VIDX_ABSENT;
}
