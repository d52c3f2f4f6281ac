#include "query/grpmax.h"

#include "vidx.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *query_grpmax_suite(void);

/* Names, ALL first, and the groups that are compared by default. */
static const struct {
	const char *names, *eligible;
} sets[] = {
	{"ALL", ""},
	{"ALL XX XY", ""},
	{"ALL XX XY EUR EUR_XX EUR_XY AFR AFR_XX AFR_XY", "EUR AFR"},
	{"ALL NORTH SOUTH oth fin", "NORTH SOUTH oth fin"},
	{"ALL afr amr asj eas fin nfe nfe_bgr oth sas controls controls_afr XX XY",
	 "afr amr eas nfe sas"},
	{"ALL AFR AMR ASJ EAS FIN NFE OTH SAS AFR_XX", "AFR AMR EAS NFE SAS"},
	{"ALL afr ami amr asj eas fin mid nfe oth sas", "afr amr eas nfe sas"},
	{"ALL sas afr ami amr asj eas fin mid nfe remaining joint joint_afr non_ukb_mid",
	 "sas afr amr eas mid nfe"},
	{"ALL afr amr eas sas mid", "afr amr eas sas mid"},
};

static uint32_t split(char *text, const char **name)
{
	uint32_t n = 0;

	for (char *p = strtok(text, " "); p; p = strtok(NULL, " "))
		name[n++] = p;
	return n;
}

START_TEST(knows_who_is_eligible)
{
	char text[300], wanted_text[300];
	const char *name[40], *wanted[40];
	uint32_t parent[40], got[40], n, n_wanted;
	struct vx_groups groups;

	strcpy(text, sets[_i].names);
	strcpy(wanted_text, sets[_i].eligible);
	n = split(text, name);
	n_wanted = split(wanted_text, wanted);
	for (uint32_t i = 0; i < n; i++)
		parent[i] = VX_NO_GROUP;
	vx_groups_init(&groups);
	ck_assert_int_eq(vx_groups_build(&groups, name, n, parent, NULL, 0, NULL), 0);
	ck_assert_uint_eq(vx_grpmax_default(&groups, got), n_wanted);
	for (uint32_t i = 0; i < n_wanted; i++)
		ck_assert_str_eq(groups.name[got[i]], wanted[i]);
	vx_groups_release(&groups);
}
END_TEST

#define NONE VX_NONE

/* AC of six groups, then AN. */
static uint64_t values[12];
static const struct vidx_site site = {
	.n_groups = 6, .metrics = 1u << VIDX_AC | 1u << VIDX_AN, .values = values};
static const uint32_t eligible[] = {3, 1, 2, 4};

static void set(const uint64_t *ac, const uint64_t *an)
{
	memcpy(values, ac, 6 * sizeof(*ac));
	memcpy(values + 6, an, 6 * sizeof(*an));
}

START_TEST(takes_the_highest)
{
	struct vidx_peak peak;
	double faf;

	set((uint64_t[]){900, 10, 20, 5, 3, 90}, (uint64_t[]){1000, 1000, 1000, 400, 100, 100});
	ck_assert_int_eq(vidx_grpmax(&site, eligible, 4, &peak), 0);
	ck_assert_uint_eq(peak.group, 4);
	ck_assert_double_eq(peak.value, 0.03);
	ck_assert_int_eq(vidx_fafmax(&site, eligible, 4, 0.95, &peak), 0);
	ck_assert_uint_eq(peak.group, 2);
	ck_assert_int_eq(vidx_faf(20, 1000, 0.95, &faf), 0);
	ck_assert_double_eq(peak.value, faf);
	ck_assert_int_eq(vidx_fafmax(&site, eligible, 4, 0.99, &peak), 0);
	ck_assert_int_eq(vidx_faf(20, 1000, 0.99, &faf), 0);
	ck_assert_double_eq(peak.value, faf);
	/* of equals the first in the list */
	set((uint64_t[]){0, 1, 1, 1, 1, 9}, (uint64_t[]){10, 10, 10, 10, 10, 10});
	ck_assert_int_eq(vidx_grpmax(&site, eligible, 4, &peak), 0);
	ck_assert_uint_eq(peak.group, 3);
	ck_assert_int_eq(vidx_fafmax(&site, eligible, 4, 0.95, &peak), 0);
	ck_assert_uint_eq(peak.group, 3);
	ck_assert_double_eq(peak.value, 0);
}
END_TEST

START_TEST(leaves_out_what_is_not_there)
{
	struct vidx_peak peak = {77, 7};

	/* No copies; nobody called; nothing known: none takes part. */
	set((uint64_t[]){9, 0, 0, NONE, 5, 9}, (uint64_t[]){10, 10, 0, 10, NONE, 10});
	ck_assert_int_eq(vidx_grpmax(&site, eligible, 4, &peak), VIDX_NOVALUE);
	ck_assert_uint_eq(peak.group, 77);
	ck_assert_int_eq(vidx_fafmax(&site, eligible, 4, 0.95, &peak), 0);
	ck_assert_uint_eq(peak.group, 1);
	ck_assert_double_eq(peak.value, 0);
	ck_assert_int_eq(vidx_grpmax(&site, eligible, 0, &peak), VIDX_NOVALUE);
	ck_assert_int_eq(vidx_fafmax(&site, eligible, 0, 0.95, &peak), VIDX_NOVALUE);
	ck_assert_int_eq(vidx_grpmax(&site, (uint32_t[]){6}, 1, &peak), VIDX_EUSAGE);
	ck_assert_int_eq(vidx_fafmax(&site, eligible, 4, 1, &peak), VIDX_EUSAGE);
	ck_assert_int_eq(vidx_fafmax(&site, eligible, 4, NAN, &peak), VIDX_EUSAGE);
	/* A source's AC over its AN gives no filtering frequency. */
	set((uint64_t[]){9, 12, 3, 0, 0, 9}, (uint64_t[]){10, 10, 10, 10, 10, 10});
	ck_assert_int_eq(vidx_fafmax(&site, eligible, 4, 0.95, &peak), 0);
	ck_assert_uint_eq(peak.group, 2);
}
END_TEST

/*
 * P(X < ac) of a Poisson X, terms added from the largest outwards until they no longer count.  Each
 * follows from its neighbour; only the first needs a logarithm.
 */
static long double cdf(uint64_t ac, long double lambda)
{
	uint64_t top = (uint64_t)lambda < ac - 1 ? (uint64_t)lambda : ac - 1;
	long double first = expl((long double)top * logl(lambda) - lambda - lgammal(top + 1.0L));
	long double sum = first, term = first;

	for (uint64_t k = top; k > 0 && term > sum * 1e-25L; k--)
		sum += term *= (long double)k / lambda;
	term = first;
	for (uint64_t k = top + 1; k < ac && term > sum * 1e-25L; k++)
		sum += term *= lambda / (long double)k;
	return sum;
}

START_TEST(faf_solves_the_sum)
{
	static const uint64_t acs[] = {2,    3,    5,    10,   22,    100,    500,    999,
				       1000, 1001, 5000, 2504, 30000, 400000, 3000000};
	static const double levels[] = {0.95, 0.99};
	uint64_t ac = acs[_i], an = 2 * acs[_i] + 1;

	for (int l = 0; l < 2; l++) {
		long double lo = 0, hi = (long double)ac;
		double faf;

		/* The sum falls as lambda grows. */
		for (int i = 0; i < 100; i++) {
			long double mid = (lo + hi) / 2;

			if (cdf(ac, mid) > levels[l])
				lo = mid;
			else
				hi = mid;
		}
		ck_assert_int_eq(vidx_faf(ac, an, levels[l], &faf), 0);
		ck_assert_msg(fabsl((long double)faf * (long double)an / lo - 1) < 1e-9L,
			      "ac %llu level %g: %.15g and not %.15Lg", (unsigned long long)ac,
			      levels[l], faf * (double)an, lo);
	}
}
END_TEST

Suite *query_grpmax_suite(void)
{
	Suite *s = suite_create("query_grpmax");
	TCase *t = tcase_create("grpmax");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, knows_who_is_eligible, 0, sizeof(sets) / sizeof(*sets));
	tcase_add_test(t, takes_the_highest);
	tcase_add_test(t, leaves_out_what_is_not_there);
	tcase_add_loop_test(t, faf_solves_the_sum, 0, 15);
	suite_add_tcase(s, t);
	return s;
}
