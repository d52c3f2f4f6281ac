#include "codec/kept.h"

#include "cohort/keeprow.h"
#include "codec/bits.h"
#include "codec/ext.h"
#include "codec/format.h"

/* A column, checked as far as its header goes.  Places are in bytes from the block's start. */
struct column {
	const struct vx_block *b;
	uint64_t at;  /* what lies behind the list of rows */
	uint64_t end; /* of all columns */
	uint64_t rows;
	uint32_t n;
	unsigned kind, few, width, rows_form;
};

static unsigned width_below(uint64_t n)
{
	return n > 1 ? vx_bit_len(n - 1) : 0;
}

static uint64_t bytes_of(uint64_t n_bits)
{
	return (n_bits + 7) / 8;
}

static struct vx_bits bits_at(const struct column *c, uint64_t byte, uint64_t bit)
{
	struct vx_bits bits = {c->b->p, byte * 8 + bit, c->b->len - 8};

	return bits;
}

static uint64_t bytes_of_rows(const struct column *c)
{
	uint64_t n = c->b->n_rows, chunks = (n + VX_EXT_CHUNK - 1) >> VX_EXT_CHUNK_LOG2;

	if (c->rows_form == VX_EXT_ALL_ROWS)
		return 0;
	if (c->rows_form == VX_EXT_LIST)
		return bytes_of((uint64_t)c->n * width_below(n));
	return 4 * chunks + bytes_of(n);
}

/* 0, VIDX_NOVALUE (no row has the key), VIDX_EBADINDEX. */
static int column_open(const struct vx_block *b, uint32_t key, struct column *c)
{
	uint64_t place = b->off_ext + 4 * (uint64_t)key;
	const uint8_t *head;

	c->b = b;
	c->end = b->len - VX_BLOCK_TAIL;
	if (place + 4 > c->end || vx_load32(b->p + place) == 0)
		return VIDX_NOVALUE;
	c->rows = (uint64_t)b->off_ext + vx_load32(b->p + place) + VX_EXT_COLUMN_HEADER;
	if (c->rows > c->end)
		return VIDX_EBADINDEX;
	head = b->p + c->rows - VX_EXT_COLUMN_HEADER;
	c->kind = head[0];
	c->few = head[1];
	c->width = head[2];
	c->rows_form = head[3];
	c->n = vx_load32(head + 4);
	if (c->rows_form > VX_EXT_LIST || c->n > b->n_rows || c->few > VX_BITS_MAX ||
	    c->width > VX_BITS_MAX || (c->rows_form == VX_EXT_ALL_ROWS && c->n != b->n_rows))
		return VIDX_EBADINDEX;
	c->at = c->rows + bytes_of_rows(c);
	return c->at > c->end ? VIDX_EBADINDEX : 0;
}

static int find_in_list(const struct column *c, uint32_t i, uint32_t *place_ret)
{
	unsigned width = width_below(c->b->n_rows);
	uint32_t lo = 0, hi = c->n;
	struct vx_bits bits = bits_at(c, c->rows, 0);

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		uint64_t row = vx_bits_get_at(&bits, bits.pos + (uint64_t)mid * width, width);

		if (row == i) {
			*place_ret = mid;
			return 0;
		}
		if (row < i)
			lo = mid + 1;
		else
			hi = mid;
	}
	return VIDX_NOVALUE;
}

static int find_in_bitmap(const struct column *c, uint32_t i, uint32_t *place_ret)
{
	uint64_t chunk = c->rows + (uint64_t)(i >> VX_EXT_CHUNK_LOG2) * (4 + VX_EXT_CHUNK / 8);
	struct vx_bits bits = bits_at(c, chunk + 4, 0);
	uint32_t j = i & (VX_EXT_CHUNK - 1), before = vx_load32(c->b->p + chunk);

	if (!vx_bits_get_at(&bits, bits.pos + j, 1))
		return VIDX_NOVALUE;
	while (j > 0) {
		unsigned n = j < 32 ? j : 32;

		before += (uint32_t)__builtin_popcountll(vx_bits_get(&bits, n));
		j -= n;
	}
	*place_ret = before;
	return before < c->n ? 0 : VIDX_EBADINDEX;
}

/* Which of the column's values is row i's.  0, VIDX_NOVALUE, VIDX_EBADINDEX. */
static int find_row(const struct column *c, uint32_t i, uint32_t *place_ret)
{
	if (c->rows_form == VX_EXT_BITMAP)
		return find_in_bitmap(c, i, place_ret);
	if (c->rows_form == VX_EXT_LIST)
		return find_in_list(c, i, place_ret);
	*place_ret = i;
	return 0;
}

static void add_int(struct vx_buf *out, int64_t v)
{
	uint8_t bytes[10];

	vx_buf_add(out, bytes, vx_put_varint(bytes, vx_zigzag(v) + 1));
}

static int read_number(const struct column *c, uint32_t place, struct vx_buf *out)
{
	struct vx_bits bits;
	uint64_t least;

	if (c->kind == VX_EXT_FLOAT) {
		if (c->at + 4 * (uint64_t)c->n > c->end)
			return VIDX_EBADINDEX;
		vx_buf_add(out, c->b->p + c->at + 4 * (uint64_t)place, 4);
		return 0;
	}
	if (c->at + 8 + bytes_of((uint64_t)c->n * c->few) > c->end)
		return VIDX_EBADINDEX;
	least = vx_load64(c->b->p + c->at);
	bits = bits_at(c, c->at + 8, (uint64_t)place * c->few);
	add_int(out, (int64_t)(least + vx_bits_get(&bits, c->few)));
	return 0;
}

struct dictionary {
	uint32_t n, bytes;
	unsigned width;
	uint64_t ends, texts, behind; /* bytes from the block's start */
};

static int dictionary_open(const struct column *c, struct dictionary *d)
{
	if (c->at + 8 > c->end)
		return VIDX_EBADINDEX;
	d->n = vx_load32(c->b->p + c->at);
	d->bytes = vx_load32(c->b->p + c->at + 4);
	d->width = vx_bit_len(d->bytes);
	d->ends = c->at + 8;
	d->texts = d->ends + bytes_of((uint64_t)d->n * d->width);
	d->behind = d->texts + d->bytes;
	return d->behind > c->end ? VIDX_EBADINDEX : 0;
}

static int dictionary_text(const struct column *c, const struct dictionary *d, uint64_t i,
			   struct vx_slice *ret)
{
	struct vx_bits bits = bits_at(c, d->ends, 0);
	uint64_t beg, end;

	if (i >= d->n)
		return VIDX_EBADINDEX;
	beg = i ? vx_bits_get_at(&bits, bits.pos + (i - 1) * d->width, d->width) : 0;
	end = vx_bits_get_at(&bits, bits.pos + i * d->width, d->width);
	if (beg > end || end > d->bytes)
		return VIDX_EBADINDEX;
	*ret = vx_slice((const char *)c->b->p + d->texts + beg, end - beg);
	return 0;
}

static int read_value(const struct column *c, uint32_t place, struct vx_buf *out)
{
	struct dictionary d;
	struct vx_slice text;
	unsigned width;
	struct vx_bits bits;

	if (dictionary_open(c, &d) != 0)
		return VIDX_EBADINDEX;
	width = width_below(d.n);
	if (d.behind + bytes_of((uint64_t)c->n * width) > c->end)
		return VIDX_EBADINDEX;
	bits = bits_at(c, d.behind, (uint64_t)place * width);
	if (dictionary_text(c, &d, vx_bits_get(&bits, width), &text) != 0)
		return VIDX_EBADINDEX;
	vx_buf_add(out, text.p, text.len);
	return 0;
}

static int read_words(const struct column *c, uint32_t place, struct vx_buf *out)
{
	uint64_t words, beg, end, from = out->len;
	struct dictionary d;
	unsigned many;
	struct vx_bits bits;

	if (c->few > 31 || dictionary_open(c, &d) != 0)
		return VIDX_EBADINDEX;
	many = width_below(d.n > UINT32_C(1) << c->few ? d.n - (UINT32_C(1) << c->few) : 0);
	words = d.behind + bytes_of((uint64_t)c->n * c->width);
	if (words > c->end)
		return VIDX_EBADINDEX;
	bits = bits_at(c, d.behind, 0);
	beg = place ? vx_bits_get_at(&bits, bits.pos + (uint64_t)(place - 1) * c->width, c->width)
		    : 0;
	end = vx_bits_get_at(&bits, bits.pos + (uint64_t)place * c->width, c->width);
	if (beg > end || bytes_of(end) > c->end - words)
		return VIDX_EBADINDEX;
	bits = bits_at(c, words, beg);
	for (end += words * 8; bits.pos < end;) {
		int is_rare = (int)vx_bits_get(&bits, 1);
		uint64_t i = vx_bits_get(&bits, is_rare ? many : c->few);
		struct vx_slice word;

		if (dictionary_text(c, &d, i + ((uint64_t)is_rare << c->few), &word) != 0 ||
		    out->len - from + word.len > VX_EXT_WORDS_MAX)
			return VIDX_EBADINDEX;
		vx_buf_add(out, word.p, word.len);
	}
	return bits.pos == end ? 0 : VIDX_EBADINDEX;
}

/* What each type may be kept as, and whether the bytes are of it. */
static int is_of(enum vx_keep_type type, unsigned kind, struct vx_slice value)
{
	int64_t v;
	int rc = 0;

	if (type == VX_KEEP_FLAG)
		return kind == VX_EXT_FLAG;
	if (type >= VX_KEEP_STRING)
		return kind >= VX_EXT_VALUES;
	if (type == VX_KEEP_FLOAT)
		return kind != VX_EXT_INTEGER && value.len > 0 && value.len % 4 == 0;
	if (kind == VX_EXT_FLOAT || kind == VX_EXT_WORDS || value.len == 0)
		return 0;
	while (value.len && rc >= 0)
		rc = vx_keep_int(&value, &v);
	return rc >= 0;
}

int vx_kept_value(const struct vx_block *b, uint32_t i, uint32_t key, struct vx_buf *out)
{
	struct vx_slice value = {NULL, 0};
	size_t from = out->len;
	struct column c;
	uint32_t place = 0;
	int rc;

	if (i >= b->n_rows || !b->shape->keep || key >= b->shape->keep->n)
		return VIDX_NOVALUE;
	rc = column_open(b, key, &c);
	if (rc == 0)
		rc = find_row(&c, i, &place);
	if (rc != 0)
		return rc;
	if (c.kind == VX_EXT_INTEGER || c.kind == VX_EXT_FLOAT)
		rc = read_number(&c, place, out);
	else if (c.kind == VX_EXT_VALUES)
		rc = read_value(&c, place, out);
	else if (c.kind == VX_EXT_WORDS)
		rc = read_words(&c, place, out);
	if (out->failed)
		return VIDX_ENOMEM;
	if (out->len > from)
		value = vx_slice((const char *)out->p + from, out->len - from);
	return rc == 0 && is_of(b->shape->keep->key[key].type, c.kind, value) ? 0 : VIDX_EBADINDEX;
}

int vx_kept_row(const struct vx_block *b, uint32_t i, struct vx_buf *out)
{
	for (uint32_t key = 0; b->shape->keep && key < b->shape->keep->n; key++) {
		size_t begin = out->len;
		int rc = vx_kept_value(b, i, key, out);

		if (rc < 0)
			return rc;
		if (rc == 0)
			vx_keep_close(out, begin, key);
	}
	return out->failed ? VIDX_ENOMEM : 0;
}
