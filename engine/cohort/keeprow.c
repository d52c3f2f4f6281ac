#include "cohort/keeprow.h"

#include "base/text.h"

#include <math.h>

/* Which of a record's values go with an ALT: all, or up to three by their index. */
struct choice {
	int all;
	uint32_t n, index[3]; /* ascending */
};

/* A value of "." alone stands for all that the key should have. */
static int is_missing(const struct vx_info_value *value)
{
	int64_t v;

	if (value->bcf_type == 0 || value->bcf_type == 7)
		return value->len == 1 && value->p[0] == '.';
	if (value->bcf_type == 5)
		return vx_load32(value->p) == VX_KEEP_FLOAT_MISSING;
	return vx_info_int(value, 0, &v) == 0;
}

/* 1, or 0 when the number of values is not the one that the key has to have. */
static int choose(const struct vx_keep_key *key, const struct vx_info_value *value,
		  const struct vx_record *record, uint32_t i_alt, struct choice *ret)
{
	uint64_t alleles = (uint64_t)record->n_alts + 1, i = (uint64_t)i_alt + 1;
	uint32_t n = vx_info_length(value);

	*ret = (struct choice){1, 0, {0, 0, 0}};
	if (key->share == VX_KEEP_SHARED || (n == 1 && is_missing(value)))
		return 1;
	if (key->share == VX_KEEP_PER_ALT) {
		*ret = (struct choice){0, 1, {i_alt, 0, 0}};
		return n == alleles - 1;
	}
	*ret = (struct choice){0, 2, {0, (uint32_t)i, 0}};
	if (key->share == VX_KEEP_PER_ALLELE || n == alleles) /* genotypes of one copy */
		return n == alleles;
	*ret = (struct choice){0, 3, {0, (uint32_t)(i * (i + 1) / 2), (uint32_t)(i * (i + 3) / 2)}};
	return n == alleles * (alleles + 1) / 2;
}

static void add_varint(struct vx_buf *out, uint64_t v)
{
	uint8_t bytes[10];

	vx_buf_add(out, bytes, vx_put_varint(bytes, v));
}

static int add_int(const struct vx_info_value *value, uint32_t i, struct vx_buf *out)
{
	int64_t v;
	int rc = vx_info_int(value, i, &v);

	/* Zigzag: |v| is at most 2^62. */
	if (rc >= 0)
		add_varint(out, rc ? ((uint64_t)v << 1 ^ (uint64_t)(v >> 63)) + 1 : 0);
	return rc >= 0;
}

static int add_float(const struct vx_info_value *value, uint32_t i, struct vx_buf *out)
{
	uint32_t bits = VX_KEEP_FLOAT_MISSING;
	uint8_t bytes[4];
	double v = 0;
	int rc = vx_info_double(value, i, &v);

	if (rc > 0) {
		float f = (float)v;

		memcpy(&bits, &f, sizeof bits);
		if (isnan(f))
			bits = VX_KEEP_FLOAT_NAN;
	}
	vx_store32(bytes, bits);
	if (rc >= 0)
		vx_buf_add(out, bytes, sizeof bytes);
	return rc >= 0;
}

static int add_number(const struct vx_keep_key *key, const struct vx_info_value *value, uint32_t i,
		      struct vx_buf *out)
{
	return key->type == VX_KEEP_INTEGER ? add_int(value, i, out) : add_float(value, i, out);
}

static int is_text(const struct vx_info_value *value)
{
	return value->bcf_type == 0 || value->bcf_type == 7;
}

/* The chosen pieces between commas, in one walk. */
static int add_pieces(const struct vx_keep_key *key, const struct vx_info_value *value,
		      const struct choice *choice, struct vx_buf *out)
{
	struct vx_slice rest = vx_slice(value->p, value->len), piece;
	int is_number = key->type == VX_KEEP_INTEGER || key->type == VX_KEEP_FLOAT;
	uint32_t i = 0, done = 0;

	for (; vx_split(&rest, ',', &piece); i++) {
		struct vx_info_value one = {piece.p, (uint32_t)piece.len, 0};

		if (!choice->all && (done == choice->n || choice->index[done] != i))
			continue;
		if (is_number && !add_number(key, &one, 0, out))
			return 0;
		if (!is_number && done > 0)
			vx_buf_addc(out, ',');
		if (!is_number)
			vx_buf_add(out, piece.p, piece.len);
		done++;
	}
	return choice->all || done == choice->n;
}

/* Text of BCF may hold what would end a value, a column or a line of VCF. */
static int fits_vcf(const struct vx_info_value *value)
{
	for (uint32_t i = 0; value->bcf_type && i < value->len; i++)
		if ((unsigned char)value->p[i] < ' ' || value->p[i] == ';')
			return 0;
	return 1;
}

/* Appends the value of one key; 0 when it cannot be kept. */
static int add_value(const struct vx_keep_key *key, const struct vx_info_value *value,
		     const struct choice *choice, struct vx_buf *out)
{
	uint32_t n = choice->n;

	if (is_text(value)) {
		if (!fits_vcf(value))
			return 0;
		if (choice->all && key->type >= VX_KEEP_STRING) {
			vx_buf_add(out, value->p, value->len);
			return 1;
		}
		return add_pieces(key, value, choice, out);
	}
	if (key->type >= VX_KEEP_STRING)
		return 0;
	if (choice->all)
		n = vx_info_length(value);
	for (uint32_t j = 0; j < n; j++)
		if (!add_number(key, value, choice->all ? j : choice->index[j], out))
			return 0;
	return n > 0;
}

void vx_keep_close(struct vx_buf *out, size_t begin, uint32_t key)
{
	size_t len = out->len - begin, n;
	uint8_t head[20];

	n = vx_put_varint(head, key);
	n += vx_put_varint(head + n, len);
	if (vx_buf_reserve(out, n) != 0)
		return;
	memmove(out->p + begin + n, out->p + begin, len);
	memcpy(out->p + begin, head, n);
	out->len += n;
}

uint32_t vx_keep_row(const struct vx_keep *keep, const struct vx_record *record, uint32_t i_alt,
		     struct vx_buf *out, struct vx_keep_fault *fault_ret)
{
	uint32_t n_bad = 0;

	vx_buf_clear(out);
	for (uint32_t k = 0; k < keep->n; k++) {
		const struct vx_keep_key *key = &keep->key[k];
		const struct vx_info_value *value = &record->info[key->at];
		size_t begin = out->len;
		struct choice choice;

		if (!value->p)
			continue;
		if (key->type == VX_KEEP_FLAG || (choose(key, value, record, i_alt, &choice) &&
						  add_value(key, value, &choice, out))) {
			vx_keep_close(out, begin, k);
			continue;
		}
		out->len = begin;
		if (n_bad++ == 0)
			*fault_ret = (struct vx_keep_fault){key, *value};
	}
	return n_bad;
}

uint32_t vx_keep_count(enum vx_keep_type type, struct vx_slice value)
{
	uint32_t n = 0;

	if (type == VX_KEEP_FLOAT)
		return (uint32_t)(value.len / 4);
	for (size_t i = 0; i < value.len; i++)
		n += !((uint8_t)value.p[i] & 0x80);
	return n;
}

int vx_keep_int(struct vx_slice *rest, int64_t *ret)
{
	struct vx_cursor c;
	uint64_t z;

	if (rest->len == 0)
		return -1;
	c = vx_cursor(rest->p, rest->len);
	z = vx_cursor_varint(&c);
	if (c.bad)
		return -1;
	*rest = vx_slice((const char *)c.p, vx_cursor_left(&c));
	if (z == 0)
		return 0;
	z--;
	*ret = (int64_t)(z >> 1 ^ (0 - (z & 1)));
	return 1;
}
