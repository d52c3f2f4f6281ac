#include "base/digits.h"
#include "base/match.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

enum { SEED = 20231, N = 1000 };

static uint64_t state = SEED;
static unsigned next_random(unsigned n)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (unsigned)(state >> 33) % n;
}

START_TEST(every_length)
{
	static const uint64_t want[9] = {0, 9, 98, 987, 9876, 98765, 987654, 9876543, 98765432};
	uint64_t v = 7;

	for (unsigned len = 1; len <= 8; len++) {
		ck_assert_int_eq(vx_digits_number(vx_digits_word("98765432;;;;;;;;", len), &v), 1);
		ck_assert_uint_eq(v, want[len]);
	}
	v = 7;
	ck_assert_int_eq(vx_digits_number(vx_digits_word("123456789", 9), &v), 0);
	ck_assert_int_eq(vx_digits_number(vx_digits_word("12345678", 0), &v), 0);
	ck_assert_int_eq(vx_digits_number(VX_DIGITS_NONE, &v), 0);
	ck_assert_uint_eq(v, 7);
}
END_TEST

/* Every byte at every place of a number. */
START_TEST(every_byte)
{
	char text[16] = "12345678";
	uint64_t v;

	for (int at = 0; at < 8; at++) {
		for (int c = 0; c < 256; c++) {
			memcpy(text, "12345678", 8);
			text[at] = (char)c;
			ck_assert_int_eq(vx_digits_number(vx_digits_word(text, 8), &v),
					 c >= '0' && c <= '9');
		}
	}
}
END_TEST

/* Many at once are as one by one, whatever is among them. */
START_TEST(all_at_once)
{
	static const char *const ugly[] = {"", ".", "1,2", "-1", "123456789", "1e3", "+1", " 1"};
	uint64_t word[N], wide[N], plain[N];

	for (unsigned round = 0; round < 2000; round++) {
		unsigned n = next_random(40), kind = next_random(4), bad = 0;

		for (unsigned i = 0; i < n; i++) {
			char text[24] = "";

			if (kind == 0 && next_random(20) == 0) {
				const char *u = ugly[next_random(8)];

				snprintf(text, sizeof text, "%s", u);
				word[i] = vx_digits_word(text, strlen(u));
				bad = 1;
			} else if (kind < 2 && next_random(5) == 0) {
				word[i] = VX_DIGITS_NONE;
			} else {
				int len = snprintf(text, sizeof text, "%u",
						   next_random(100000000) >> next_random(27));

				word[i] = vx_digits_word(text, (size_t)len);
				ck_assert_int_eq(vx_digits_number(word[i], &plain[i]), 1);
				ck_assert_uint_eq(plain[i], strtoull(text, NULL, 10));
			}
		}
		ck_assert_int_eq(vx_digits_plain(word, n, plain) != 0, bad);
		ck_assert_int_eq(vx_digits(word, n, wide) != 0, bad);
		if (n)
			ck_assert_mem_eq(wide, plain, n * sizeof *wide);
	}
}
END_TEST

START_TEST(match)
{
	char a[VX_MATCH], b[VX_MATCH];

	for (unsigned round = 0; round < 20000; round++) {
		uint32_t ignore = next_random(33) < 32 ? UINT32_MAX << next_random(32) : 0;

		for (unsigned i = 0; i < VX_MATCH; i++)
			a[i] = b[i] = (char)next_random(256);
		for (unsigned n = next_random(3); n > 0; n--)
			b[next_random(VX_MATCH)] ^= (char)(1 << next_random(8));
		ck_assert_int_eq(vx_match(a, b, ignore), vx_match_plain(a, b, ignore));
		ck_assert_int_eq(vx_match(a, a, ignore), 1);
	}
}
END_TEST

Suite *base_digits_suite(void)
{
	Suite *s = suite_create("base_digits");
	TCase *t = tcase_create("digits");

	tcase_add_test(t, every_length);
	tcase_add_test(t, every_byte);
	tcase_add_test(t, all_at_once);
	tcase_add_test(t, match);
	suite_add_tcase(s, t);
	return s;
}
