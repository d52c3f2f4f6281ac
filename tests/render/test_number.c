#include "render/number.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

Suite *render_number_suite(void);

#define SEED 41

static uint64_t state = SEED;

static uint64_t next(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

static void same_as_printf(double v)
{
	struct vx_buf buf;
	char wanted[64];

	vx_buf_init(&buf);
	vx_number_short(&buf, v);
	vx_buf_addc(&buf, '\0');
	snprintf(wanted, sizeof(wanted), "%.6g", v);
	ck_assert_msg(strcmp((char *)buf.p, wanted) == 0, "seed %d, %.17g: %s instead of %s", SEED,
		      v, (char *)buf.p, wanted);
	vx_buf_release(&buf);
}

START_TEST(short_is_printf)
{
	static const double corners[] = {
		0,           1,          0.5,        1e-4,     0.0001234565,  1e-5,
		9.999995e-5, 0.9999995,  0.99999949, 999999.5, 999999,        1e6,
		1e-15,       1e-16,      1e-300,     0.1,      1.0 / 3,       2.0 / 3,
		123456.5,    1234565e-1, 5e-324,     1e22,     0.000099999951};

	for (size_t i = 0; i < sizeof(corners) / sizeof(*corners); i++)
		same_as_printf(corners[i]);
	for (uint64_t an = 1; an < 600; an++)
		for (uint64_t ac = 0; ac <= an; ac++)
			same_as_printf((double)ac / (double)an);
	for (int i = 0; i < 300000; i++) {
		uint64_t an = 1 + next() % (UINT64_C(1) << (1 + next() % 40));

		same_as_printf((double)(next() % (an + 1)) / (double)an);
	}
	/* Decimal halves, where the last digit is decided by the last bit. */
	for (int i = 0; i < 100000; i++)
		same_as_printf((double)(next() % 1000000 * 10 + 5) / 1e7);
}
END_TEST

START_TEST(full_reads_back)
{
	struct vx_buf buf;

	vx_buf_init(&buf);
	for (int i = 0; i < 20000; i++) {
		double v = (double)next() / ((double)next() + 1);

		vx_buf_clear(&buf);
		vx_number_full(&buf, v);
		vx_buf_addc(&buf, '\0');
		ck_assert(strtod((char *)buf.p, NULL) == v);
	}
	vx_buf_clear(&buf);
	vx_number_full(&buf, 0.1);
	ck_assert_uint_eq(buf.len, 3);
	vx_buf_release(&buf);
}
END_TEST

static void float_is(float v, const char *wanted)
{
	struct vx_buf buf;

	vx_buf_init(&buf);
	vx_number_float(&buf, v);
	vx_buf_addc(&buf, '\0');
	ck_assert_str_eq((char *)buf.p, wanted);
	vx_buf_release(&buf);
}

START_TEST(floats_read_back)
{
	struct vx_buf buf;

	float_is(0.1f, "0.1");
	float_is(0.30000001f, "0.3");
	float_is(16777216.0f, "16777216");
	float_is(-0.0f, "-0");
	float_is(3.4028235e38f, "3.4028235e+38");
	float_is(1e-45f, "1.4013e-45");
	float_is(INFINITY, "inf");
	float_is(-INFINITY, "-inf");
	float_is(-NAN, "nan");
	vx_buf_init(&buf);
	for (int i = 0; i < 200000; i++) {
		uint32_t bits = (uint32_t)next();
		float v, back;

		memcpy(&v, &bits, sizeof(v));
		if (isnan(v))
			continue;
		vx_buf_clear(&buf);
		vx_number_float(&buf, v);
		vx_buf_addc(&buf, '\0');
		/* As a reader of VCF takes it. */
		back = (float)strtod((char *)buf.p, NULL);
		ck_assert_msg(memcmp(&back, &v, sizeof(v)) == 0, "seed %d, %.9g: %s", SEED,
			      (double)v, (char *)buf.p);
	}
	vx_buf_release(&buf);
}
END_TEST

Suite *render_number_suite(void)
{
	Suite *s = suite_create("render_number");
	TCase *t = tcase_create("number");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, short_is_printf);
	tcase_add_test(t, full_reads_back);
	tcase_add_test(t, floats_read_back);
	suite_add_tcase(s, t);
	return s;
}
