#include "query/freq.h"

#include "vidx.h"

#include <check.h>
#include <math.h>

Suite *query_freq_suite(void);

/* The values that the contract gives. */
static const struct {
	uint64_t ac, an;
	double faf95, faf99;
} known[] = {
	{2, 152312, 2.3331156e-06, 9.7533182e-07},
	{22, 15422, 9.6574624e-04, 8.1532957e-04},
	{500, 5008, 9.2611258e-02, 8.9747648e-02},
};

START_TEST(gives_the_known_values)
{
	double faf;

	ck_assert_int_eq(vidx_faf(known[_i].ac, known[_i].an, 0.95, &faf), 0);
	ck_assert_double_lt(fabs(faf / known[_i].faf95 - 1), 5e-8);
	ck_assert_int_eq(vidx_faf(known[_i].ac, known[_i].an, 0.99, &faf), 0);
	ck_assert_double_lt(fabs(faf / known[_i].faf99 - 1), 5e-8);
}
END_TEST

/* PoissonCDF(ac - 1; lambda) summed term by term, in an order of its own. */
static double poisson_cdf(uint64_t k, double lambda)
{
	double sum = 0;

	for (uint64_t i = 0; i <= k; i++)
		sum += exp((double)i * log(lambda) - lambda - lgamma((double)i + 1));
	return sum;
}

START_TEST(solves_its_equation)
{
	static const double levels[] = {0.95, 0.99, 0.5, 0.05, 1e-6, 0.999999};

	for (uint64_t ac = 1; ac < 3000; ac += 1 + ac / 7)
		for (unsigned i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
			double lambda = vx_freq_lambda(ac, levels[i]);
			double p = poisson_cdf(ac - 1, lambda);

			ck_assert_msg(fabs(p - levels[i]) < 1e-9 * fmin(levels[i], 1 - levels[i]) +
								    1e-12 * (double)ac,
				      "ac %llu level %g: %.12g", (unsigned long long)ac, levels[i],
				      p);
		}
}
END_TEST

/* Where one method hands over to the next nothing jumps, and large counts neither hang nor overflow. */
START_TEST(grows_steadily)
{
	double last = 0;

	for (uint64_t ac = 1; ac < 5000; ac++) {
		double lambda = vx_freq_lambda(ac, 0.95);

		ck_assert_double_gt(lambda, last);
		/* Neighbours lie a little under 1 apart once counts are large. */
		if (ac > 100)
			ck_assert_double_lt(fabs(lambda - last - 1), 0.1);
		last = lambda;
	}
	for (uint64_t ac = 5000; ac < UINT64_C(1) << 40; ac = ac * 3 / 2) {
		double z = (vx_freq_lambda(ac, 0.95) - (double)ac) / sqrt((double)ac);

		ck_assert_double_gt(z, -1.65);
		ck_assert_double_lt(z, -1.60);
	}
}
END_TEST

START_TEST(knows_its_limits)
{
	double faf = -1;

	ck_assert_int_eq(vidx_faf(0, 100, 0.95, &faf), 0);
	ck_assert_double_eq(faf, 0);
	ck_assert_int_eq(vidx_faf(1, 100, 0.95, &faf), 0);
	ck_assert_double_eq(faf, 0);
	faf = -1;
	ck_assert_int_eq(vidx_faf(0, 0, 0.95, &faf), VIDX_NOVALUE);
	ck_assert_int_eq(vidx_faf(5, 4, 0.95, &faf), VIDX_EUSAGE);
	ck_assert_int_eq(vidx_faf(5, 10, 0, &faf), VIDX_EUSAGE);
	ck_assert_int_eq(vidx_faf(5, 10, 1, &faf), VIDX_EUSAGE);
	ck_assert_int_eq(vidx_faf(5, 10, NAN, &faf), VIDX_EUSAGE);
	ck_assert_double_eq(faf, -1);
	ck_assert_int_eq(vidx_faf(3000000, 6000000, 0.95, &faf), 0);
	ck_assert_double_gt(faf, 0.4995);
	ck_assert_double_lt(faf, 0.5);
	ck_assert_int_eq(vidx_faf(5, 10, 1e-300, &faf), 0);
	ck_assert(isfinite(faf));
	ck_assert_int_eq(vidx_faf(5, 10, 1 - 1e-16, &faf), 0);
	ck_assert_double_gt(faf, 0);
}
END_TEST

Suite *query_freq_suite(void)
{
	Suite *s = suite_create("query_freq");
	TCase *t = tcase_create("freq");

	tcase_add_loop_test(t, gives_the_known_values, 0, sizeof(known) / sizeof(*known));
	tcase_add_test(t, solves_its_equation);
	tcase_add_test(t, grows_steadily);
	tcase_add_test(t, knows_its_limits);
	suite_add_tcase(s, t);
	return s;
}
