#include "base/bytes.h"

#include <check.h>

START_TEST(loads_and_stores)
{
	uint8_t b[9] = {0};

	vx_store16(b + 1, 0x1234);
	ck_assert_uint_eq(b[1], 0x34);
	ck_assert_uint_eq(vx_load16(b + 1), 0x1234);
	vx_store32(b + 1, 0x12345678);
	ck_assert_uint_eq(b[4], 0x12);
	ck_assert_uint_eq(vx_load32(b + 1), 0x12345678);
	vx_store64(b + 1, UINT64_C(0x0102030405060708));
	ck_assert_uint_eq(b[1], 8);
	ck_assert_uint_eq(vx_load64(b + 1), UINT64_C(0x0102030405060708));
	vx_store64_be(b + 1, UINT64_C(0x0102030405060708));
	ck_assert_uint_eq(b[1], 1);
	ck_assert_uint_eq(vx_load64_be(b + 1), UINT64_C(0x0102030405060708));
}
END_TEST

START_TEST(cursor_stops_at_the_end)
{
	static const uint8_t bytes[13] = {1, 2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0};
	struct vx_cursor c = vx_cursor(bytes, sizeof bytes);

	ck_assert_uint_eq(vx_cursor_u8(&c), 1);
	ck_assert_uint_eq(vx_cursor_u32(&c), 2);
	ck_assert_uint_eq(vx_cursor_u64(&c), 3);
	ck_assert_uint_eq(vx_cursor_left(&c), 0);
	ck_assert_int_eq(c.bad, 0);
	ck_assert_uint_eq(vx_cursor_u8(&c), 0);
	ck_assert_int_eq(c.bad, 1);
	c = vx_cursor(bytes, 3);
	ck_assert_uint_eq(vx_cursor_u32(&c), 0);
	ck_assert_int_eq(c.bad, 1);
	ck_assert_uint_eq(vx_cursor_u8(&c), 0); /* bad for good */
	c = vx_cursor(bytes, 3);
	ck_assert_ptr_null(vx_cursor_take(&c, SIZE_MAX));
	ck_assert_int_eq(c.bad, 1);
}
END_TEST

START_TEST(varint_round_trip)
{
	uint8_t out[10];

	for (unsigned bit = 0; bit < 64; bit++) {
		for (int d = -1; d <= 1; d++) {
			uint64_t v = (UINT64_C(1) << bit) + (uint64_t)(int64_t)d;
			size_t n = vx_put_varint(out, v);
			struct vx_cursor c = vx_cursor(out, n);

			ck_assert_uint_eq(vx_cursor_varint(&c), v);
			ck_assert_int_eq(c.bad, 0);
			ck_assert_uint_eq(vx_cursor_left(&c), 0);
			c = vx_cursor(out, n - 1);
			vx_cursor_varint(&c);
			ck_assert_int_eq(c.bad, 1);
		}
	}
}
END_TEST

START_TEST(varint_refuses)
{
	static const uint8_t over[10] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 2};
	static const uint8_t endless[11] = {128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128};
	struct vx_cursor c = vx_cursor(over, sizeof over);

	ck_assert_uint_eq(vx_cursor_varint(&c), 0);
	ck_assert_int_eq(c.bad, 1);
	c = vx_cursor(endless, sizeof endless);
	ck_assert_uint_eq(vx_cursor_varint(&c), 0);
	ck_assert_int_eq(c.bad, 1);
}
END_TEST

Suite *base_bytes_suite(void);
Suite *base_bytes_suite(void)
{
	Suite *suite = suite_create("base_bytes");
	TCase *tc = tcase_create("bytes");

	tcase_add_test(tc, loads_and_stores);
	tcase_add_test(tc, cursor_stops_at_the_end);
	tcase_add_test(tc, varint_round_trip);
	tcase_add_test(tc, varint_refuses);
	suite_add_tcase(suite, tc);
	return suite;
}
