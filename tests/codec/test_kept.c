/* Kept INFO: what the rows of a block have comes back, each value and each row. */
#include "sample.h"

#include "codec/ext.h"
#include "codec/kept.h"
#include "cohort/keeprow.h"

#include <check.h>

/* Check writes a line to a file at each of its assertions: too slow for millions of them. */
#define must(condition, ...)                                                                       \
	do {                                                                                       \
		if (!(condition))                                                                  \
			ck_abort_msg(__VA_ARGS__);                                                 \
	} while (0)

enum { FLAG, NARROW, WIDE, INTS, FLOATS, MANY_FLOATS, FEW_TEXTS, TEXT, WORDS, NEVER, N_KEYS };

static const enum vx_keep_type types[N_KEYS] = {
	VX_KEEP_FLAG,  VX_KEEP_INTEGER, VX_KEEP_INTEGER,   VX_KEEP_INTEGER, VX_KEEP_FLOAT,
	VX_KEEP_FLOAT, VX_KEEP_STRING,  VX_KEEP_CHARACTER, VX_KEEP_STRING,  VX_KEEP_STRING};

static void make_keep(struct vx_keep *keep)
{
	struct vidx_error err = {0, ""};

	vx_keep_init(keep);
	ck_assert_msg(vx_keep_list(keep, "FL,N,W,I,F,FF,S,T,V,X", &err) == 0, "%s", err.text);
	ck_assert_uint_eq(keep->n, N_KEYS);
	for (uint32_t k = 0; k < N_KEYS; k++)
		keep->key[k].type = types[k];
}

static void add_int(struct vx_buf *out, int64_t v, int is_missing)
{
	uint8_t bytes[10];
	uint64_t z = is_missing ? 0 : ((uint64_t)v << 1 ^ (uint64_t)(v >> 63)) + 1;

	vx_buf_add(out, bytes, vx_put_varint(bytes, z));
}

static void add_ints(struct sample *s, struct vx_buf *out, uint32_t key)
{
	uint64_t n = key == INTS ? 1 + sample_below(s, 4) : 1;

	for (uint64_t i = 0; i < n; i++) {
		int64_t v = (int64_t)sample_skewed(s, key == NARROW ? 7 : 62);

		if (key == NARROW)
			v += INT64_C(1) << 61; /* far from 0, near each other */
		add_int(out, sample_once(s, 2) && key != NARROW ? -v : v,
			key == INTS && sample_once(s, 5));
	}
}

static void add_floats(struct sample *s, struct vx_buf *out, uint32_t key)
{
	static const uint32_t ugly[] = {0,          0x80000000, 0x7f800000, 0xff800000,
					0x7fc00000, 0x7f800001, 1,          0x7f7fffff};
	uint64_t n = key == MANY_FLOATS ? 1 + sample_below(s, 3) : 1;
	uint8_t bytes[4];

	for (uint64_t i = 0; i < n; i++) {
		vx_store32(bytes,
			   sample_once(s, 3) ? ugly[sample_below(s, 8)] : (uint32_t)sample_next(s));
		vx_buf_add(out, bytes, 4);
	}
}

static void add_text(struct sample *s, struct vx_buf *out, uint32_t key)
{
	static const char *const few[] = {"", ".", "benign", "Pathogenic/Likely_pathogenic", "a,b"};
	static const char *const words[] = {
		"missense_variant", "MODERATE", "PCSK9", "",          "ENST00000302118", "1/12",
		"c.1A>G",           "|",        ",",     "p.Met1%3D", "x\xc3\xa9",       "="};

	if (key == FEW_TEXTS) {
		vx_buf_adds(out, few[sample_below(s, 5)]);
		return;
	}
	for (uint64_t n = sample_below(s, key == WORDS ? 80 : 8); n > 0; n--) {
		if (key == TEXT)
			vx_buf_addu(out, sample_skewed(s, 60));
		else
			vx_buf_adds(out, words[sample_below(s, 12)]);
		vx_buf_addc(out, "|,:&"[sample_below(s, 4)]);
	}
}

/* share: of so many rows one has a key; 1: all. */
static void give(struct sample *s, struct vx_row *row, uint64_t share, struct vx_buf *out)
{
	char *copy;

	vx_buf_clear(out);
	for (uint32_t k = 0; k < NEVER; k++) {
		size_t begin = out->len;

		if (share > 1 && !sample_once(s, k % 2 ? share : share * share))
			continue;
		if (types[k] == VX_KEEP_INTEGER)
			add_ints(s, out, k);
		else if (types[k] == VX_KEEP_FLOAT)
			add_floats(s, out, k);
		else if (types[k] >= VX_KEEP_STRING)
			add_text(s, out, k);
		vx_keep_close(out, begin, k);
	}
	copy = vx_arena_alloc(&s->arena, out->len + 1);
	memcpy(copy, out->p ? (const char *)out->p : "", out->len);
	row->kept = vx_slice(copy, out->len);
}

/* Every key of row i by itself, next to what the row has. */
static void check_values(const struct vx_block *b, uint32_t i, struct vx_slice rest,
			 struct vx_buf *out)
{
	uint32_t next = UINT32_MAX;
	struct vx_slice value = {NULL, 0};

	for (uint32_t k = 0; k <= N_KEYS; k++) {
		int rc;

		if ((next == UINT32_MAX || next < k) && !vx_keep_next(&rest, &next, &value))
			next = N_KEYS + 1;
		vx_buf_clear(out);
		vx_buf_addc(out, 'x');
		rc = vx_kept_value(b, i, k, out);
		must(rc == (next == k ? 0 : VIDX_NOVALUE), "row %u, key %u: %d", i, k, rc);
		must(rc != 0 || vx_slice_eq(vx_slice((char *)out->p + 1, out->len - 1), value),
		     "row %u, key %u: another value", i, k);
	}
}

static void check_block(const struct sample *s, struct vx_slice bytes, size_t beg, size_t n)
{
	struct vidx_error err = {0, ""};
	struct vx_block b;
	struct vx_buf out;

	vx_buf_init(&out);
	ck_assert_uint_eq((bytes.len + VX_PAGE_HEADER) % VX_PAGE, 0);
	ck_assert_int_eq(vx_block_open(&b, bytes.p, bytes.len, &s->shape, s->hash_bits), 0);
	ck_assert_uint_eq(b.n_rows, n);
	for (uint32_t i = 0; i < n; i++) {
		vx_buf_clear(&out);
		must(vx_kept_row(&b, i, &out) == 0, "row %u", i);
		must(vx_slice_eq(vx_slice((char *)out.p, out.len), s->row[beg + i]->kept),
		     "row %u has other INFO", i);
		check_values(&b, i, s->row[beg + i]->kept, &out);
	}
	ck_assert_int_eq(vx_kept_value(&b, b.n_rows, 0, &out), VIDX_NOVALUE);
	ck_assert_msg(vx_block_verify(&b, &err) == 0, "%s", err.text);
	vx_buf_release(&out);
}

static size_t round_trip(struct sample *s)
{
	struct vx_packer *packer;
	struct vx_slice bytes;
	size_t taken, n_blocks = 0;

	ck_assert_int_eq(vx_packer_new(&s->shape, s->hash_bits, &packer, NULL), 0);
	for (size_t beg = 0; beg < s->n_rows; beg += taken, n_blocks++) {
		ck_assert_int_eq(vx_pack(packer, (const struct vx_row *const *)s->row + beg,
					 s->n_rows - beg, &bytes, &taken, NULL),
				 0);
		check_block(s, bytes, beg, taken);
	}
	vx_packer_free(packer);
	return n_blocks;
}

START_TEST(random_rows)
{
	static const uint64_t shares[] = {1, 2, 30, 1000};
	struct vx_keep keep;
	struct vx_buf out;
	struct sample s;

	make_keep(&keep);
	vx_buf_init(&out);
	sample_init(&s, (uint64_t)_i, _i % 3 ? 1 : 9, 3);
	s.shape.keep = &keep;
	sample_rows(&s, 1 + sample_below(&s, 2500), 50, 0, SAMPLE_COHORT);
	for (size_t i = 0; i < s.n_rows; i++)
		give(&s, s.row[i], shares[_i % 4], &out);
	ck_assert_uint_ge(round_trip(&s), 1);
	sample_release(&s);
	vx_buf_release(&out);
	vx_keep_release(&keep);
}
END_TEST

/* Many keys in many rows: blocks of fewer rows, rather than memory for all of them. */
START_TEST(many_keys)
{
	enum { MANY = 4000, N_ROWS = 700, MOST = VX_EXT_VALUES_MAX / MANY };
	struct vx_buf list, all, half;
	struct vx_keep keep;
	struct vx_ext *ext;
	struct sample s;

	vx_buf_init(&list);
	vx_buf_init(&all);
	vx_buf_init(&half);
	for (uint32_t k = 0; k < MANY; k++) {
		vx_buf_addf(&list, "%sK%u", k ? "," : "", k);
		vx_keep_close(&all, all.len, k);
		if (k % 2)
			vx_keep_close(&half, half.len, k);
	}
	vx_buf_addc(&list, '\0');
	vx_keep_init(&keep);
	ck_assert_int_eq(vx_keep_list(&keep, (char *)list.p, NULL), 0);
	sample_init(&s, 5, 1, 3);
	s.shape.keep = &keep;
	sample_rows(&s, N_ROWS, 50, 0, SAMPLE_COHORT);
	for (size_t i = 0; i < s.n_rows; i++)
		s.row[i]->kept = i % 3 ? vx_slice((char *)half.p, half.len)
				       : vx_slice((char *)all.p, all.len);
	ck_assert_int_eq(vx_ext_new(&keep, &ext), 0);
	ck_assert_uint_eq(vx_ext_limit(ext, (const struct vx_row *const *)s.row, s.n_rows), MOST);
	ck_assert_uint_eq(vx_ext_limit(ext, (const struct vx_row *const *)s.row, MOST), MOST);
	ck_assert_uint_eq(vx_ext_limit(ext, (const struct vx_row *const *)s.row, 1), 1);
	vx_ext_free(ext);
	ck_assert_uint_ge(round_trip(&s), (s.n_rows + MOST - 1) / MOST);
	sample_release(&s);
	vx_keep_release(&keep);
	vx_buf_release(&half);
	vx_buf_release(&all);
	vx_buf_release(&list);
}
END_TEST

/* Values that are longer than blocks, and the longest that is made of words. */
START_TEST(long_texts)
{
	static const size_t lengths[] = {VX_EXT_WORDS_MAX + 1, VX_EXT_WORDS_MAX, 100000, 0};
	struct vx_keep keep;
	struct vx_buf out;
	struct sample s;

	make_keep(&keep);
	vx_buf_init(&out);
	sample_init(&s, 7, 1, 3);
	s.shape.keep = &keep;
	sample_rows(&s, 40, 50, 0, SAMPLE_COHORT);
	for (size_t i = 0; i < s.n_rows; i++) {
		size_t len = lengths[i % 4];
		char *copy;

		vx_buf_clear(&out);
		for (size_t j = 0; j < len; j++)
			vx_buf_addc(&out, "word|longer,"[(j + i) % 12]);
		vx_keep_close(&out, 0, WORDS);
		copy = vx_arena_alloc(&s.arena, out.len);
		memcpy(copy, out.p, out.len);
		s.row[i]->kept = vx_slice(copy, out.len);
	}
	ck_assert_uint_ge(round_trip(&s), 1);
	sample_release(&s);
	vx_buf_release(&out);
	vx_keep_release(&keep);
}
END_TEST

/* Rows without any: the same bytes as where the index keeps none. */
START_TEST(nothing_kept)
{
	struct vx_packer *with, *without;
	struct vx_slice a, b;
	struct vx_keep keep;
	struct sample s;
	size_t taken;

	make_keep(&keep);
	sample_init(&s, 3, 9, 3);
	sample_rows(&s, 2000, 50, 0, SAMPLE_COHORT);
	ck_assert_int_eq(vx_packer_new(&s.shape, 64, &without, NULL), 0);
	s.shape.keep = &keep;
	ck_assert_int_eq(vx_packer_new(&s.shape, 64, &with, NULL), 0);
	ck_assert_int_eq(
		vx_pack(without, (const struct vx_row *const *)s.row, s.n_rows, &a, &taken, NULL),
		0);
	ck_assert_int_eq(
		vx_pack(with, (const struct vx_row *const *)s.row, s.n_rows, &b, &taken, NULL), 0);
	ck_assert(vx_slice_eq(a, b));
	check_block(&s, b, 0, taken);
	vx_packer_free(with);
	vx_packer_free(without);
	sample_release(&s);
	vx_keep_release(&keep);
}
END_TEST

/* The digest tells values apart, and does not depend on the order of the keys. */
START_TEST(digests)
{
	static const char *const lists[] = {"A,B", "B,A"};
	struct vx_hash128 digest[2], other;
	struct vx_buf out, scratch;
	struct sample s;

	vx_buf_init(&out);
	vx_buf_init(&scratch);
	sample_init(&s, 1, 1, 3);
	sample_rows(&s, 1, 50, 0, SAMPLE_COHORT);
	for (uint32_t order = 0; order < 2; order++) {
		struct vx_keep keep;

		vx_keep_init(&keep);
		ck_assert_int_eq(vx_keep_list(&keep, lists[order], NULL), 0);
		s.shape.keep = &keep;
		vx_buf_clear(&out);
		for (uint32_t k = 0; k < 2; k++) {
			size_t begin = out.len;

			vx_buf_adds(&out, k == order ? "of A" : "of B");
			vx_keep_close(&out, begin, k);
		}
		s.row[0]->kept = vx_slice((char *)out.p, out.len);
		digest[order] = vx_row_digest(s.row[0], &s.shape, vx_slice_str("chr1"), &scratch);
		out.p[out.len - 1] ^= 1;
		other = vx_row_digest(s.row[0], &s.shape, vx_slice_str("chr1"), &scratch);
		ck_assert(memcmp(&other, &digest[order], sizeof(other)) != 0);
		s.row[0]->kept = vx_slice(NULL, 0);
		other = vx_row_digest(s.row[0], &s.shape, vx_slice_str("chr1"), &scratch);
		ck_assert(memcmp(&other, &digest[order], sizeof(other)) != 0);
		vx_keep_release(&keep);
	}
	ck_assert_mem_eq(&digest[0], &digest[1], sizeof(other));
	s.shape.keep = NULL;
	digest[0] = vx_row_digest(s.row[0], &s.shape, vx_slice_str("chr1"), &scratch);
	ck_assert_mem_eq(&digest[0], &other, sizeof(other));
	vx_buf_release(&out);
	vx_buf_release(&scratch);
	sample_release(&s);
}
END_TEST

/* Flipped bytes give other values or a refusal, never a crash. */
START_TEST(damage)
{
	struct vx_packer *packer;
	struct vx_slice bytes;
	struct vx_keep keep;
	struct vx_buf out;
	struct vx_block b;
	struct sample s;
	size_t taken, n_refused = 0;
	uint8_t *copy;

	make_keep(&keep);
	vx_buf_init(&out);
	sample_init(&s, 11, 1, 3);
	s.shape.keep = &keep;
	sample_rows(&s, 300, 50, 0, SAMPLE_COHORT);
	for (size_t i = 0; i < s.n_rows; i++)
		give(&s, s.row[i], 2, &out);
	ck_assert_int_eq(vx_packer_new(&s.shape, 64, &packer, NULL), 0);
	ck_assert_int_eq(vx_pack(packer, (const struct vx_row *const *)s.row, s.n_rows, &bytes,
				 &taken, NULL),
			 0);
	copy = malloc(bytes.len);
	ck_assert_ptr_nonnull(copy);
	for (int round = 0; round < 3000; round++) {
		size_t at;

		memcpy(copy, bytes.p, bytes.len);
		ck_assert_int_eq(vx_block_open(&b, copy, bytes.len, &s.shape, 64), 0);
		at = b.off_ext + sample_below(&s, bytes.len - b.off_ext);
		copy[at] = (uint8_t)sample_next(&s);
		for (uint32_t i = 0; i < b.n_rows; i += 1 + (uint32_t)sample_below(&s, 60)) {
			vx_buf_clear(&out);
			n_refused += vx_kept_row(&b, i, &out) < 0;
		}
	}
	ck_assert_uint_gt(n_refused, 0);
	free(copy);
	vx_packer_free(packer);
	vx_buf_release(&out);
	sample_release(&s);
	vx_keep_release(&keep);
}
END_TEST

Suite *codec_kept_suite(void);
Suite *codec_kept_suite(void)
{
	Suite *s = suite_create("codec_kept");
	TCase *t = tcase_create("kept");

	tcase_set_timeout(t, 30);
	tcase_add_loop_test(t, random_rows, 0, 24);
	tcase_add_test(t, many_keys);
	tcase_add_test(t, long_texts);
	tcase_add_test(t, nothing_kept);
	tcase_add_test(t, digests);
	tcase_add_test(t, damage);
	suite_add_tcase(s, t);
	return s;
}
