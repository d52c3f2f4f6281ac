#include "input/support.h"

START_TEST(measuring)
{
	struct vx_bgzf_block block;
	struct vx_buf file;

	vx_buf_init(&file);
	bgzf_block(&file, "hello", 5);
	for (size_t len = 0; len < file.len; len++)
		ck_assert_int_eq(vx_bgzf_measure(file.p, len, &block), VIDX_END);
	ck_assert_int_eq(vx_bgzf_measure(file.p, file.len, &block), 0);
	ck_assert_uint_eq(block.size, file.len);
	ck_assert_uint_eq(block.text_len, 5);
	ck_assert_uint_eq(block.data, 18);
	for (size_t at = 0; at < 4; at++) {
		file.p[at] ^= 1;
		ck_assert_int_eq(vx_bgzf_measure(file.p, file.len, &block), VIDX_EBADINPUT);
		file.p[at] ^= 1;
	}
	file.p[file.len - 2] = 2; /* more text than a block may hold */
	ck_assert_int_eq(vx_bgzf_measure(file.p, file.len, &block), VIDX_EBADINPUT);
	vx_buf_release(&file);
}
END_TEST

/* The size may stand behind other subfields; one that is missing or too small is refused. */
START_TEST(extra_fields)
{
	uint8_t b[64] = {0x1f, 0x8b, 8, 4, 0, 0, 0,   0,   0, 255, 13, 0, 'X',
			 'Y',  3,    0, 1, 2, 3, 'B', 'C', 2, 0,   39, 0};
	struct vx_bgzf_block block;

	ck_assert_int_eq(vx_bgzf_measure(b, sizeof b, &block), 0);
	ck_assert_uint_eq(block.size, 40);
	ck_assert_uint_eq(block.data, 25);
	ck_assert_uint_eq(block.data_len, 7);
	b[23] = 31;
	ck_assert_int_eq(vx_bgzf_measure(b, sizeof b, &block), VIDX_EBADINPUT);
	b[23] = 39;
	b[21] = 3;
	ck_assert_int_eq(vx_bgzf_measure(b, sizeof b, &block), VIDX_EBADINPUT);
	b[21] = 2;
	b[14] = 200;
	ck_assert_int_eq(vx_bgzf_measure(b, sizeof b, &block), VIDX_EBADINPUT);
}
END_TEST

START_TEST(inflating)
{
	struct vx_inflater *inflater = vx_inflater_new();
	struct vx_bgzf_block block;
	struct vx_buf file;
	char out[16 + VX_INFLATE_ROOM];

	ck_assert_ptr_nonnull(inflater);
	vx_buf_init(&file);
	bgzf_block(&file, "hello hello", 11);
	ck_assert_int_eq(vx_buf_reserve(&file, VX_INFLATE_ROOM), 0);
	ck_assert_int_eq(vx_bgzf_measure(file.p, file.len, &block), 0);
	ck_assert_ptr_null(vx_inflate_block(inflater, file.p, &block, out));
	ck_assert_int_eq(memcmp(out, "hello hello", 11), 0);
	block.crc ^= 1;
	ck_assert_str_eq(vx_inflate_block(inflater, file.p, &block, out), "has a wrong checksum");
	block.crc ^= 1;
	block.text_len = 10; /* neither more nor less text than announced */
	ck_assert_str_eq(vx_inflate_block(inflater, file.p, &block, out), "is corrupt");
	block.text_len = 12;
	ck_assert_str_eq(vx_inflate_block(inflater, file.p, &block, out), "is corrupt");
	vx_inflater_free(inflater);
	vx_inflater_free(NULL);
	vx_buf_release(&file);
}
END_TEST

/* Blocks enough for every trial to end, of text that repeats itself and of text that does not. */
START_TEST(both_libraries)
{
	enum { LEN = 60000 };
	static char text[LEN], out[LEN + VX_INFLATE_ROOM];
	struct vx_inflater *inflater = vx_inflater_new();
	struct vx_bgzf_block block;
	struct vx_buf file;
	uint32_t state = 1;

	vx_buf_init(&file);
	for (int i = 0; i < 80; i++) {
		vx_inflater_force(inflater, i < 40  ? VX_INFLATE_BY_TRIAL
					    : i & 2 ? VX_INFLATE_BY_LIBDEFLATE
						    : VX_INFLATE_BY_ISAL);
		for (int j = 0; j < LEN; j++) {
			state = state * 1103515245 + 12345;
			text[j] = i & 1 ? "0|0\t"[j & 3] : "ACGT;=,."[state >> 29];
		}
		vx_buf_clear(&file);
		bgzf_block(&file, text, LEN);
		ck_assert_int_eq(vx_buf_reserve(&file, VX_INFLATE_ROOM), 0);
		ck_assert_int_eq(vx_bgzf_measure(file.p, file.len, &block), 0);
		ck_assert_int_eq(block.text_len / 24 >= block.data_len, i & 1);
		ck_assert_ptr_null(vx_inflate_block(inflater, file.p, &block, out));
		ck_assert_int_eq(memcmp(out, text, LEN), 0);
		file.p[block.data + block.data_len / 2] ^= 0x55;
		ck_assert_ptr_nonnull(vx_inflate_block(inflater, file.p, &block, out));
	}
	vx_inflater_free(inflater);
	vx_buf_release(&file);
}
END_TEST

Suite *input_inflate_suite(void);
Suite *input_inflate_suite(void)
{
	Suite *suite = suite_create("input_inflate");
	TCase *tc = tcase_create("inflate");

	tcase_add_test(tc, measuring);
	tcase_add_test(tc, extra_fields);
	tcase_add_test(tc, inflating);
	tcase_add_test(tc, both_libraries);
	suite_add_tcase(suite, tc);
	return suite;
}
