#include "codec/ids.h"

#include "codec/bits.h"
#include "codec/format.h"

/* The number of "rs123", which has no leading zero and is below 10^12; or 0. */
static uint64_t rs_number(struct vx_slice id)
{
	uint64_t v = 0;

	if (id.len < 3 || id.len > 14 || id.p[0] != 'r' || id.p[1] != 's' || id.p[2] == '0')
		return 0;
	for (size_t i = 2; i < id.len; i++) {
		unsigned digit = (unsigned char)id.p[i] - '0';

		if (digit > 9)
			return 0;
		v = v * 10 + digit;
	}
	return v;
}

void vx_id_range_add(struct vx_id_range *r, struct vx_slice id)
{
	uint64_t v = rs_number(id);

	if (v) {
		r->min = r->n_rs == 0 || v < r->min ? v : r->min;
		r->max = v > r->max ? v : r->max;
		r->n_rs++;
	} else if (id.len) {
		r->n_texts++;
		r->text_bytes += id.len;
	}
}

unsigned vx_id_range_bits(const struct vx_id_range *r)
{
	return vx_bit_len(r->n_texts + (r->n_rs ? r->max - r->min + 1 : 0));
}

uint64_t vx_id_range_bytes(const struct vx_id_range *r, uint64_t n_rows)
{
	return (n_rows * vx_id_range_bits(r) + 7) / 8 + 4 * (uint64_t)r->n_texts + r->text_bytes;
}

int vx_ids_write(struct vx_buf *out, const struct vx_row *const *rows, uint32_t n,
		 const struct vx_id_range *range)
{
	unsigned width = vx_id_range_bits(range);
	uint32_t text = 0, end = 0;
	struct vx_bitw w;
	uint8_t b[4];

	if (width == 0)
		return 0;
	if (vx_buf_reserve(out, vx_id_range_bytes(range, n) + 8) != 0)
		return VIDX_ENOMEM;
	w = vx_bitw(out->p + out->len);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t v = rs_number(rows[i]->id);

		if (v)
			v = v - range->min + 1 + range->n_texts;
		else if (rows[i]->id.len)
			v = ++text;
		vx_bitw_put(&w, v, width);
	}
	out->len += (vx_bitw_pos(&w) + 7) / 8;
	for (uint32_t i = 0; i < n && range->n_texts; i++) {
		if (rows[i]->id.len == 0 || rs_number(rows[i]->id))
			continue;
		end += (uint32_t)rows[i]->id.len;
		vx_store32(b, end);
		vx_buf_add(out, b, 4);
	}
	for (uint32_t i = 0; i < n && range->n_texts; i++)
		if (rows[i]->id.len && !rs_number(rows[i]->id))
			vx_buf_add(out, rows[i]->id.p, rows[i]->id.len);
	return 0;
}

static struct vx_slice rs_text(uint64_t v, char *scratch)
{
	char *p = scratch + 24;

	do
		*--p = (char)('0' + v % 10);
	while (v /= 10);
	*--p = 's';
	*--p = 'r';
	return vx_slice(p, (size_t)(scratch + 24 - p));
}

int vx_ids_read(const struct vx_block *b, uint32_t i, struct vx_row *row, char *scratch)
{
	struct vx_bits bits = {b->p, (uint64_t)b->off_ids * 8 + (uint64_t)i * b->id_bits,
			       b->len - 8};
	uint64_t v = b->id_bits ? vx_bits_get(&bits, b->id_bits) : 0;
	uint64_t ends = b->off_ids + ((uint64_t)b->n_rows * b->id_bits + 7) / 8;
	uint64_t texts, beg, end;
	uint32_t n_texts;

	row->id = vx_slice(NULL, 0);
	if (v == 0)
		return 0;
	n_texts = vx_load32(b->p + VX_H_N_ID_TEXTS);
	texts = ends + 4 * (uint64_t)n_texts;
	if (v > n_texts) {
		v = v - 1 - n_texts + vx_load64(b->p + VX_H_ID_MIN);
		if (v >> 50)
			return VIDX_EBADINDEX;
		row->id = rs_text(v, scratch);
		return 0;
	}
	if (texts > b->off_ext)
		return VIDX_EBADINDEX;
	beg = v > 1 ? vx_load32(b->p + ends + 4 * (v - 2)) : 0;
	end = vx_load32(b->p + ends + 4 * (v - 1));
	if (beg > end || end > b->off_ext - texts)
		return VIDX_EBADINDEX;
	row->id = vx_slice((const char *)b->p + texts + beg, end - beg);
	return 0;
}
