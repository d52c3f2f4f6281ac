#include "codec/alt.h"

#include "base/pos.h"

#include <string.h>

uint64_t vx_allele_hash(struct vx_slice ref, struct vx_slice alt, uint64_t end0, int64_t svlen,
			unsigned hash_bits)
{
	uint8_t buf[24 + VX_HASH_INLINE];
	size_t len = 24;
	uint64_t h;

	vx_store64(buf, ref.len);
	vx_store64(buf + 8, end0);
	vx_store64(buf + 16, (uint64_t)svlen);
	if (ref.len <= VX_HASH_INLINE && alt.len <= VX_HASH_INLINE - ref.len) {
		if (ref.len)
			memcpy(buf + len, ref.p, ref.len);
		len += ref.len;
		if (alt.len)
			memcpy(buf + len, alt.p, alt.len);
		len += alt.len;
	} else {
		vx_store64(buf + 24, alt.len);
		vx_store64(buf + 32, vx_hash64(ref.p, ref.len));
		vx_store64(buf + 40, vx_hash64(alt.p, alt.len));
		len = 48;
	}
	h = vx_hash64(buf, len);
	return hash_bits >= 64 ? h : vx_low(h, hash_bits);
}

static int all_acgt(struct vx_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (vx_alt_base(s.p[i]) > 3)
			return 0;
	return 1;
}

static void put_bases(struct vx_bitw *w, struct vx_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		vx_bitw_put(w, vx_alt_base(s.p[i]), 2);
}

static int plain_end(const struct vx_row *row)
{
	return row->svlen == 0 && row->end0 == vx_locus_pos0(row->locus) + row->ref.len;
}

void vx_alt_encode(struct vx_alt *alt, const struct vx_row *row)
{
	struct vx_slice r = row->ref, a = row->alt;
	struct vx_bitw w = vx_bitw(alt->packed);

	alt->n_bits = 0;
	alt->code = VX_ALT_HEAP;
	if (!plain_end(row) || r.len == 0 || a.len == 0)
		return;
	if (r.len == 1 && a.len == 1) {
		unsigned rc = vx_alt_base(r.p[0]), ac = vx_alt_base(a.p[0]);

		if (rc <= 3 && ac <= 3 && rc != ac) {
			alt->code = rc | ac << 2;
			return;
		}
	}
	if (r.len > VX_ALT_PACKED_MAX || a.len > VX_ALT_PACKED_MAX - r.len || !all_acgt(r) ||
	    !all_acgt(a))
		return;
	if (r.len == 1 && a.len > 1 && r.p[0] == a.p[0]) {
		alt->code = VX_ALT_INSERTION;
		vx_bitw_gamma(&w, a.len - 1);
		put_bases(&w, a);
	} else if (a.len == 1 && r.len > 1 && r.p[0] == a.p[0]) {
		alt->code = VX_ALT_DELETION;
		vx_bitw_gamma(&w, r.len - 1);
		put_bases(&w, r);
	} else {
		alt->code = VX_ALT_COMPLEX;
		vx_bitw_gamma(&w, r.len);
		vx_bitw_gamma(&w, a.len);
		put_bases(&w, r);
		put_bases(&w, a);
	}
	alt->n_bits = (uint32_t)vx_bitw_pos(&w);
}

void vx_alt_skip(unsigned code, struct vx_bits *bits)
{
	uint64_t n;

	if (vx_alt_is_snv(code))
		return;
	n = vx_bits_gamma(bits);
	n += code == VX_ALT_COMPLEX ? vx_bits_gamma(bits) : 1;
	bits->pos += 2 * n;
}

static void get_bases(struct vx_bits *bits, char *out, size_t n)
{
	uint64_t word = 0;

	for (size_t i = 0; i < n; i++, word >>= 2) {
		if (i % 24 == 0)
			word = vx_bits_get(bits, n - i < 24 ? 2 * (unsigned)(n - i) : 48);
		out[i] = "ACGT"[word & 3];
	}
}

int vx_alt_decode(unsigned code, struct vx_bits *bits, struct vx_row *row, char *scratch)
{
	static const char base[] = "ACGT";
	uint64_t n_ref, n_alt;

	row->svlen = 0;
	if (vx_alt_is_snv(code)) {
		row->ref = vx_slice(base + (code & 3), 1);
		row->alt = vx_slice(base + (code >> 2), 1);
		row->end0 = vx_locus_pos0(row->locus) + 1;
		return 0;
	}
	n_ref = vx_bits_gamma(bits);
	n_alt = code == VX_ALT_COMPLEX ? vx_bits_gamma(bits) : 1;
	if (code != VX_ALT_COMPLEX)
		n_ref++;
	if (n_ref > VX_ALT_PACKED_MAX || n_alt > VX_ALT_PACKED_MAX - n_ref)
		return VIDX_EBADINDEX;
	if (code == VX_ALT_COMPLEX) {
		get_bases(bits, scratch, n_ref + n_alt);
		row->ref = vx_slice(scratch, n_ref);
		row->alt = vx_slice(scratch + n_ref, n_alt);
	} else {
		get_bases(bits, scratch, n_ref);
		row->ref = vx_slice(scratch, code == VX_ALT_DELETION ? n_ref : 1);
		row->alt = vx_slice(scratch, code == VX_ALT_INSERTION ? n_ref : 1);
	}
	row->end0 = vx_locus_pos0(row->locus) + row->ref.len;
	return 0;
}

/* Heap entry: hash u64, flags u8 (bit 0: end and SVLEN follow), lengths, [end, SVLEN], bytes. */

static size_t varint_size(uint64_t v)
{
	return v ? (vx_bit_len(v) + 6) / 7 : 1;
}

static uint64_t end_code(const struct vx_row *row)
{
	return vx_zigzag((int64_t)(row->end0 - vx_locus_pos0(row->locus)));
}

size_t vx_alt_heap_size(const struct vx_row *row)
{
	size_t n = 9 + varint_size(row->ref.len) + varint_size(row->alt.len);

	if (!plain_end(row))
		n += varint_size(end_code(row)) + varint_size(vx_zigzag(row->svlen));
	return n + row->ref.len + row->alt.len;
}

size_t vx_alt_heap_write(uint8_t *out, const struct vx_row *row)
{
	uint8_t *p = out + 9;

	vx_store64(out, row->hash);
	out[8] = !plain_end(row);
	p += vx_put_varint(p, row->ref.len);
	p += vx_put_varint(p, row->alt.len);
	if (out[8]) {
		p += vx_put_varint(p, end_code(row));
		p += vx_put_varint(p, vx_zigzag(row->svlen));
	}
	if (row->ref.len)
		memcpy(p, row->ref.p, row->ref.len);
	p += row->ref.len;
	if (row->alt.len)
		memcpy(p, row->alt.p, row->alt.len);
	p += row->alt.len;
	return (size_t)(p - out);
}

int vx_alt_heap_read(const uint8_t *p, size_t len, struct vx_row *row)
{
	struct vx_cursor c = vx_cursor(p, len);
	uint64_t n_ref, n_alt, pos0 = vx_locus_pos0(row->locus);
	unsigned flags;

	row->hash = vx_cursor_u64(&c);
	flags = vx_cursor_u8(&c);
	n_ref = vx_cursor_varint(&c);
	n_alt = vx_cursor_varint(&c);
	row->end0 = pos0 + n_ref;
	row->svlen = 0;
	if (flags & 1) {
		row->end0 = pos0 + (uint64_t)vx_unzigzag(vx_cursor_varint(&c));
		row->svlen = vx_unzigzag(vx_cursor_varint(&c));
	}
	row->ref = vx_slice((const char *)vx_cursor_take(&c, n_ref), n_ref);
	row->alt = vx_slice((const char *)vx_cursor_take(&c, n_alt), n_alt);
	return c.bad || flags > 1 ? VIDX_EBADINDEX : 0;
}
