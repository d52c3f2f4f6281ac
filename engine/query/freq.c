#include "query/freq.h"

#include "cohort/group.h"
#include "vidx.h"

#include <math.h>

/*
 * From here on the Cornish-Fisher series alone is exact to 1e-12 (its next term is about
 * 0.1 ac^-5/2); below it a start value and a few Newton steps on the incomplete gamma function.
 */
#define SERIES_AC 1000

int vidx_count(const struct vidx_site *site, uint32_t group, int metric, uint64_t *value_ret)
{
	unsigned slot;
	uint64_t v;

	if (group >= site->n_groups || metric < 0 || metric >= VIDX_N_METRICS)
		return VIDX_EUSAGE;
	if (!(site->metrics >> metric & 1))
		return VIDX_NOVALUE;
	slot = (unsigned)__builtin_popcount(site->metrics & ((1u << metric) - 1));
	v = site->values[(size_t)slot * site->n_groups + group];
	if (v == VX_NONE)
		return VIDX_NOVALUE;
	*value_ret = v;
	return 0;
}

int vidx_af(const struct vidx_site *site, uint32_t group, double *af_ret)
{
	uint64_t ac, an;
	int rc;

	if ((rc = vidx_count(site, group, VIDX_AC, &ac)) != 0 ||
	    (rc = vidx_count(site, group, VIDX_AN, &an)) != 0)
		return rc;
	if (an == 0)
		return VIDX_NOVALUE;
	*af_ret = (double)ac / (double)an;
	return 0;
}

/* z with P(Z <= z) = p for a standard normal Z, by Newton's method on erfc. */
static double normal_quantile(double p)
{
	double z = 0;

	if (p > 0.5)
		return -normal_quantile(1 - p);
	/* From 0 down Newton on the convex lower tail never oversteps the root. */
	for (int i = 0; i < 100; i++) {
		double cdf = 0.5 * erfc(-z * M_SQRT1_2);
		double step = log(cdf / p) * cdf / (exp(-z * z / 2) / sqrt(2 * M_PI));

		z -= step;
		if (fabs(step) < 1e-15 * (1 + fabs(z)))
			break;
	}
	return z;
}

/*
 * The p-quantile of a Gamma(a, 1), which is lambda for a = ac and p = 1 - level: half a
 * chi-squared one with 2a degrees of freedom (Goldberg and Levine 1946; Abramowitz and Stegun
 * 26.4).
 */
static double gamma_quantile_series(double a, double z)
{
	double r = sqrt(a), z2 = z * z;

	return a + z * r + (z2 - 1) / 3 + z * (z2 - 7) / (36 * r) -
	       ((3 * z2 + 7) * z2 - 16) / (810 * a) +
	       z * ((9 * z2 + 256) * z2 - 433) / (38880 * a * r) +
	       (((12 * z2 - 243) * z2 - 923) * z2 + 1472) / (204120 * a * a);
}

/* log of x^a e^-x / Gamma(a + 1) */
static double log_front(double a, double x)
{
	return a * log(x) - x - lgamma(a + 1);
}

/* The regularised incomplete gamma functions P(a, x) and Q(a, x); the smaller is exact. */
static void gamma_pq(double a, double x, double *p, double *q)
{
	double front = exp(log_front(a, x));

	if (x < a + 1) {
		double term = 1, sum = 1;

		for (double n = a + 1; term > sum * 1e-17; n++) {
			term *= x / n;
			sum += term;
		}
		*p = front * sum;
		*q = 1 - *p;
		return;
	}
	/* Lentz's continued fraction for Q. */
	double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;

	for (int i = 1; i < 100000; i++) {
		double an = -i * (i - a), delta;

		b += 2;
		d = an * d + b;
		d = 1 / (fabs(d) < 1e-300 ? 1e-300 : d);
		c = b + an / c;
		c = fabs(c) < 1e-300 ? 1e-300 : c;
		delta = c * d;
		h *= delta;
		if (fabs(delta - 1) < 1e-16)
			break;
	}
	*q = front * a * h;
	*p = 1 - *q;
}

double vx_freq_lambda(uint64_t ac, double level)
{
	double a = (double)ac, log_x, x;

	if (ac >= SERIES_AC)
		return gamma_quantile_series(a, normal_quantile(1 - level));
	if (ac == 1)
		return -log(level);
	/*
	 * In u = log x both log P and log Q are concave, so Newton's steps approach the root from
	 * one side after the first.  The tail that is asked for is the one solved.
	 */
	x = a < 10 ? a : gamma_quantile_series(a, normal_quantile(1 - level));
	if (!(x > a / 8 && x < a * 8))
		x = a;
	log_x = log(x);
	for (int i = 0; i < 200; i++) {
		double p, q, slope, step;

		gamma_pq(a, x, &p, &q);
		slope = a * exp(log_front(a, x)); /* x times the density: dP/du */
		if (level >= 0.5)
			step = log(p / (1 - level)) * p / slope;
		else
			step = -log(q / level) * q / slope;
		/* The first step may overshoot to where the tail is 0. */
		log_x -= fmax(-0.5, fmin(step, 0.5));
		x = exp(log_x);
		/* Steps shrink quadratically: after one this small only rounding is left. */
		if (!(fabs(step) > 1e-9))
			break;
	}
	return x;
}

int vidx_faf(uint64_t ac, uint64_t an, double level, double *faf_ret)
{
	if (an == 0)
		return VIDX_NOVALUE;
	if (ac > an || !(level > 0 && level < 1))
		return VIDX_EUSAGE;
	*faf_ret = ac <= 1 ? 0 : vx_freq_lambda(ac, level) / (double)an;
	return 0;
}
