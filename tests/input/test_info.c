#include "input/info.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

enum { SEED = 4711 };

static struct vx_info_scan scan;
static struct vx_info_value value[65];
static uint64_t word[65];
static struct vx_wanted *wanted;

static void want(const char *const *keys, uint32_t n)
{
	struct vx_slice slice[64];

	for (uint32_t i = 0; i < n; i++)
		slice[i] = vx_slice_str(keys[i]);
	vx_wanted_free(wanted);
	ck_assert_int_eq(vx_wanted_new(slice, n, &wanted, NULL), 0);
	ck_assert_uint_eq(vx_wanted_count(wanted), n);
}

static void finish(void)
{
	vx_wanted_free(wanted);
	wanted = NULL;
	vx_info_scan_release(&scan);
}

/* Scans text, which gets room behind it, and leaves the result in value[]. */
static char room[20000];
static void look(const char *text)
{
	size_t len = strlen(text);

	ck_assert_uint_lt(len + VX_SCAN_ROOM, sizeof room);
	memset(room, '\t', sizeof room);
	memcpy(room, text, len);
	ck_assert_int_eq(vx_info_scan(&scan, wanted, vx_slice(room, len), value, word), 0);
}

static void is(uint32_t i, const char *text)
{
	if (!text) {
		ck_assert_msg(!value[i].p, "key %u is there", i);
		return;
	}
	ck_assert_msg(value[i].p, "key %u is not there", i);
	ck_assert_msg(vx_slice_is(vx_slice(value[i].p, value[i].len), text),
		      "key %u is '%.*s' not '%s'", i, (int)value[i].len, value[i].p, text);
	ck_assert_uint_eq(value[i].bcf_type, 0);
}

START_TEST(keys_and_flags)
{
	static const char *const keys[] = {"AC", "AN", "DB", "AC_afr",
					   "a_key_of_more_than_32_characters_in_all"};

	want(keys, 5);
	for (int round = 0; round < 3; round++) {
		look("AC=1;AF=0.5;AN=2;DB;AC_afr=7;a_key_of_more_than_32_characters_in_all=x");
		is(0, "1"), is(1, "2"), is(2, ""), is(3, "7"), is(4, "x");
		look("AC=3,4;AN=8"); /* some missing */
		is(0, "3,4"), is(1, "8"), is(2, NULL), is(3, NULL), is(4, NULL);
		look("AN=9;AC=5;ACX=1;A=2;DBX;XDB"); /* another order, longer and shorter names */
		is(0, "5"), is(1, "9"), is(2, NULL), is(3, NULL);
		look("AC=1;AC=2;AN=;DB=;DB"); /* the first counts; empty values */
		is(0, "1"), is(1, ""), is(2, "");
		look(".");
		is(0, NULL), is(1, NULL);
		look("");
		is(0, NULL), is(1, NULL);
		look(";;AC=4;;=5;AN=x=y;");
		is(0, "4"), is(1, "x=y");
		look("AC");
		is(0, "");
	}
	finish();
}
END_TEST

START_TEST(asked_twice)
{
	struct vx_slice keys[2] = {vx_slice_str("AC"), vx_slice_str("AC")};
	struct vidx_error err = {0};

	ck_assert_int_eq(vx_wanted_new(keys, 2, &wanted, &err), VIDX_EUSAGE);
	ck_assert_str_eq(err.text, "INFO key AC is asked for twice");
}
END_TEST

/* A flag at the very end, followed in memory by what makes a foreseen key of it. */
START_TEST(end_of_text)
{
	static const char *const keys[] = {"AC", "AN"};
	char text[64 + VX_SCAN_ROOM];

	want(keys, 2);
	look("AN=2;AC=1");
	memset(text, '=', sizeof text);
	memcpy(text, "AN=2;AC", 7);
	ck_assert_int_eq(vx_info_scan(&scan, wanted, vx_slice(text, 7), value, word), 0);
	is(0, "");
	ck_assert_int_eq(vx_info_scan(&scan, wanted, vx_slice(text, 6), value, word), 0);
	is(0, NULL);
	is(1, "2");
	finish();
}
END_TEST

/* More pieces than one batch of separators holds. */
START_TEST(many_pieces)
{
	static const char *const keys[] = {"k0",    "k1023", "k1024", "k1025",
					   "k2047", "k2499", "last"};
	char text[20000] = "";
	size_t at = 0;

	want(keys, 7);
	for (int i = 0; i < 1500; i++)
		at += (size_t)snprintf(text + at, sizeof text - at, "k%d=%d;", i, i);
	for (int i = 1500; i < 2500; i++)
		text[at++] = ';';
	snprintf(text + at, sizeof text - at, "last=1");
	for (int round = 0; round < 2; round++) {
		look(text);
		is(0, "0"), is(1, "1023"), is(2, "1024"), is(3, "1025"), is(4, NULL), is(6, "1");
	}
	finish();
}
END_TEST

/* Changing keys one call to the next: what was learnt for others must not answer. */
START_TEST(other_keys)
{
	static const char *const first[] = {"AC", "AN"}, *const second[] = {"AN", "AC"};

	for (int round = 0; round < 3; round++) {
		want(first, 2);
		look("AC=1;AN=2");
		is(0, "1"), is(1, "2");
		want(second, 2);
		look("AC=1;AN=2");
		is(0, "2"), is(1, "1");
	}
	finish();
}
END_TEST

static uint64_t state = SEED;
static unsigned next_random(unsigned n)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (unsigned)(state >> 33) % n;
}

/* Random records against a search from scratch. */
START_TEST(agrees_with_a_plain_search)
{
	static const char *const names[] = {"AC",
					    "AN",
					    "AF",
					    "A",
					    "AC_afr",
					    "AC_afr_XX",
					    "nhomalt_afr_XX",
					    "nhomalt_joint_afr_XX",
					    "non_cancer_nhomalt_popmax",
					    "DB",
					    "a_key_of_more_than_32_characters_in_all",
					    "",
					    "vep"};
	char text[4000];

	want(names, 11);
	for (int round = 0; round < 20000; round++) {
		unsigned n = next_random(14), shuffle = next_random(4);
		size_t at = 0;

		text[0] = '\0';
		for (unsigned i = 0; i < n; i++) {
			unsigned k = shuffle ? i % 13 : next_random(13);

			at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", i ? ";" : "",
					       names[k]);
			if (next_random(8))
				at += (size_t)snprintf(text + at, sizeof text - at, "=%u",
						       next_random(100000));
			if (next_random(20) == 0)
				at += (size_t)snprintf(text + at, sizeof text - at, ",a|b|%0*d",
						       (int)next_random(90) + 1, 7);
		}
		look(text);
		for (uint32_t i = 0; i < 11; i++) {
			struct vx_info_value v =
				vx_info_find(vx_slice(room, strlen(text)), names[i]);

			if (v.p != value[i].p || v.len != value[i].len)
				ck_abort_msg("seed %d, round %d, key %s of %s", SEED, round,
					     names[i], text);
		}
	}
	finish();
}
END_TEST

static struct vx_info_value text_value(const char *text)
{
	struct vx_info_value v = {text, (uint32_t)strlen(text), 0};

	return v;
}

START_TEST(numbers_of_text)
{
	struct vx_info_value v = text_value("12,.,-3,x,,999999999999999999");
	int64_t i = 0;
	double d = 0;

	ck_assert_uint_eq(vx_info_length(&v), 6);
	ck_assert_int_eq(vx_info_int(&v, 0, &i), 1);
	ck_assert_int_eq(i, 12);
	ck_assert_int_eq(vx_info_int(&v, 1, &i), 0);
	ck_assert_int_eq(vx_info_int(&v, 2, &i), 1);
	ck_assert_int_eq(i, -3);
	ck_assert_int_eq(vx_info_int(&v, 3, &i), -1);
	ck_assert_int_eq(vx_info_int(&v, 4, &i), -1);
	ck_assert_int_eq(vx_info_int(&v, 5, &i), 1);
	ck_assert_int_eq(i, INT64_C(999999999999999999));
	ck_assert_int_eq(vx_info_int(&v, 6, &i), -1);
	v = text_value("0.25");
	ck_assert_int_eq(vx_info_int(&v, 0, &i), -1);
	ck_assert_int_eq(vx_info_double(&v, 0, &d), 1);
	ck_assert_double_eq(d, 0.25);
	v = text_value("");
	ck_assert_uint_eq(vx_info_length(&v), 0);
	ck_assert_int_eq(vx_info_int(&v, 0, &i), -1);
	v = text_value("123456789012345678901");
	ck_assert_int_eq(vx_info_int(&v, 0, &i), -1);
	v = text_value(".");
	ck_assert_int_eq(vx_info_int(&v, 0, &i), 0);
	ck_assert_int_eq(vx_info_double(&v, 0, &d), 0);
	memset(&v, 0, sizeof v);
	ck_assert_int_eq(vx_info_int(&v, 0, &i), -1);
	ck_assert_int_eq(vx_info_double(&v, 0, &d), -1);
	ck_assert_uint_eq(vx_info_length(&v), 0);
}
END_TEST

START_TEST(numbers_of_types)
{
	static const uint8_t i8[] = {5, 0x80, 0xff, 0x82, 0x81};
	static const uint8_t i16[] = {0x34, 0x12, 0, 0x80, 1, 0x80};
	static const uint8_t i32[] = {0, 0, 0, 0x80, 0xfe, 0xff, 0xff, 0xff};
	static const uint8_t f32[] = {0, 0, 0x80, 0x3e, 1, 0, 0x80, 0x7f, 2, 0, 0x80, 0x7f};
	struct vx_info_value v = {(const char *)i8, 5, 1};
	int64_t i = 0;
	double d = 0;

	ck_assert_uint_eq(vx_info_length(&v), 4);
	ck_assert_int_eq(vx_info_int(&v, 0, &i), 1);
	ck_assert_int_eq(i, 5);
	ck_assert_int_eq(vx_info_int(&v, 1, &i), 0);
	ck_assert_int_eq(vx_info_int(&v, 2, &i), 1);
	ck_assert_int_eq(i, -1);
	ck_assert_int_eq(vx_info_int(&v, 3, &i), -1);
	ck_assert_int_eq(vx_info_int(&v, 4, &i), -1);
	ck_assert_int_eq(vx_info_int(&v, 5, &i), -1);
	v = (struct vx_info_value){(const char *)i16, 3, 2};
	ck_assert_uint_eq(vx_info_length(&v), 2);
	ck_assert_int_eq(vx_info_int(&v, 0, &i), 1);
	ck_assert_int_eq(i, 0x1234);
	ck_assert_int_eq(vx_info_int(&v, 1, &i), 0);
	v = (struct vx_info_value){(const char *)i32, 2, 3};
	ck_assert_int_eq(vx_info_int(&v, 0, &i), 0);
	ck_assert_int_eq(vx_info_double(&v, 1, &d), 1);
	ck_assert_double_eq(d, -2);
	v = (struct vx_info_value){(const char *)f32, 3, 5};
	ck_assert_uint_eq(vx_info_length(&v), 2);
	ck_assert_int_eq(vx_info_double(&v, 0, &d), 1);
	ck_assert_double_eq(d, 0.25);
	ck_assert_int_eq(vx_info_double(&v, 1, &d), 0);
	ck_assert_int_eq(vx_info_double(&v, 2, &d), -1);
	ck_assert_int_eq(vx_info_int(&v, 0, &i), -1);
	v = (struct vx_info_value){"7,8", 3, 7};
	ck_assert_uint_eq(vx_info_length(&v), 2);
	ck_assert_int_eq(vx_info_int(&v, 1, &i), 1);
	ck_assert_int_eq(i, 8);
}
END_TEST

Suite *input_info_suite(void);
Suite *input_info_suite(void)
{
	Suite *suite = suite_create("input_info");
	TCase *tc = tcase_create("info");

	tcase_add_test(tc, keys_and_flags);
	tcase_add_test(tc, asked_twice);
	tcase_add_test(tc, end_of_text);
	tcase_add_test(tc, many_pieces);
	tcase_add_test(tc, other_keys);
	tcase_add_test(tc, agrees_with_a_plain_search);
	tcase_add_test(tc, numbers_of_text);
	tcase_add_test(tc, numbers_of_types);
	suite_add_tcase(suite, tc);
	return suite;
}
