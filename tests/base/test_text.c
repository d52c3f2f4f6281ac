#include "base/text.h"

#include <check.h>
#include <math.h>

#define S(text) vx_slice_str(text)

START_TEST(unsigned_numbers)
{
	uint64_t v = 7;

	ck_assert_int_eq(vx_parse_u64(S("0"), UINT64_MAX, &v), 1);
	ck_assert_uint_eq(v, 0);
	ck_assert_int_eq(vx_parse_u64(S("18446744073709551615"), UINT64_MAX, &v), 1);
	ck_assert_uint_eq(v, UINT64_MAX);
	ck_assert_int_eq(vx_parse_u64(S("007"), 7, &v), 1);
	ck_assert_uint_eq(v, 7);
	ck_assert_int_eq(vx_parse_u64(S("8"), 7, &v), 0);
	ck_assert_uint_eq(v, 7);
}
END_TEST

START_TEST(not_unsigned_numbers)
{
	static const char *const bad[] = {"",    "-1",  "+1",  " 1",  "1 ",
					  "1.0", "1e3", "0x1", "abc", "18446744073709551616"};
	uint64_t v = 42;

	ck_assert_msg(vx_parse_u64(S(bad[_i]), UINT64_MAX, &v) == 0, "'%s' passed", bad[_i]);
	ck_assert_uint_eq(v, 42);
}
END_TEST

START_TEST(signed_numbers)
{
	int64_t v = 0;

	ck_assert_int_eq(vx_parse_i64(S("-12"), &v), 1);
	ck_assert_int_eq(v, -12);
	ck_assert_int_eq(vx_parse_i64(S("4611686018427387904"), &v), 1);
	ck_assert_int_eq(v, INT64_C(1) << 62);
	ck_assert_int_eq(vx_parse_i64(S("-4611686018427387904"), &v), 1);
	ck_assert_int_eq(vx_parse_i64(S("4611686018427387905"), &v), 0);
	ck_assert_int_eq(vx_parse_i64(S("-"), &v), 0);
	ck_assert_int_eq(vx_parse_i64(S("--1"), &v), 0);
	ck_assert_int_eq(vx_parse_i64(S(""), &v), 0);
}
END_TEST

START_TEST(decimal_numbers)
{
	double v = 0;

	ck_assert_int_eq(vx_parse_f64(S("0.25"), &v), 1);
	ck_assert_double_eq(v, 0.25);
	ck_assert_int_eq(vx_parse_f64(S("1e-5"), &v), 1);
	ck_assert_double_eq(v, 1e-5);
	ck_assert_int_eq(vx_parse_f64(S("nan"), &v), 1);
	ck_assert(isnan(v));
	ck_assert_int_eq(vx_parse_f64(S(""), &v), 0);
	ck_assert_int_eq(vx_parse_f64(S(" 1"), &v), 0);
	ck_assert_int_eq(vx_parse_f64(S("1x"), &v), 0);
	ck_assert_int_eq(vx_parse_f64(S("."), &v), 0);
}
END_TEST

START_TEST(splitting)
{
	struct vx_slice rest = S("a,,bc,"), field;

	ck_assert(vx_split(&rest, ',', &field) && vx_slice_is(field, "a"));
	ck_assert(vx_split(&rest, ',', &field) && vx_slice_is(field, ""));
	ck_assert(vx_split(&rest, ',', &field) && vx_slice_is(field, "bc"));
	ck_assert(vx_split(&rest, ',', &field) && vx_slice_is(field, ""));
	ck_assert(!vx_split(&rest, ',', &field));
	rest = S("");
	ck_assert(vx_split(&rest, ',', &field) && vx_slice_is(field, ""));
	ck_assert(!vx_split(&rest, ',', &field));
}
END_TEST

START_TEST(classes)
{
	int n_digits = 0, n_letters = 0;

	for (int c = 0; c < 256; c++) {
		n_digits += vx_is_digit(c);
		n_letters += vx_is_alpha(c);
	}
	ck_assert_int_eq(n_digits, 10);
	ck_assert_int_eq(n_letters, 52);
	ck_assert_int_eq(vx_upper('a'), 'A');
	ck_assert_int_eq(vx_upper('z'), 'Z');
	ck_assert_int_eq(vx_upper('<'), '<');
	ck_assert_int_eq(vx_upper('{'), '{');
}
END_TEST

Suite *base_text_suite(void);
Suite *base_text_suite(void)
{
	Suite *suite = suite_create("base_text");
	TCase *tc = tcase_create("text");

	tcase_add_test(tc, unsigned_numbers);
	tcase_add_loop_test(tc, not_unsigned_numbers, 0, 10);
	tcase_add_test(tc, signed_numbers);
	tcase_add_test(tc, decimal_numbers);
	tcase_add_test(tc, splitting);
	tcase_add_test(tc, classes);
	suite_add_tcase(suite, tc);
	return suite;
}
