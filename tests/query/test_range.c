/* Regions against a list that is looked through from end to end. */
#include "query/fixture.h"
#include "query/range.h"

Suite *query_range_suite(void);

#define SEED    20261123
#define N_ITEMS 12000

static struct fixture f;
static struct item *item;

static void setup(void)
{
	item = items_make(SEED, N_ITEMS, 90, 40000);
	fixture_build_items(&f, item, N_ITEMS, 64);
}

static void teardown(void)
{
	fixture_end(&f);
	free(item);
}

/* Walks one region and compares; returns how many variants it held. */
static size_t compare(const char *contig, uint64_t beg1, uint64_t end1)
{
	const struct vidx_site *site;
	size_t n_wanted = 0, n_got = 0, at = 0;
	uint64_t last = 0;
	int rc;

	for (size_t i = 0; i < N_ITEMS; i++) {
		item[i].seen = 0;
		n_wanted += strcmp(item[i].contig, contig) == 0 && item[i].pos1 <= end1 &&
			    item[i].end1 >= beg1;
	}
	ck_assert_int_eq(vidx_region(f.reader, contig, beg1, end1, &f.err), 0);
	while ((rc = vidx_next(f.reader, &site, &f.err)) == 0) {
		ck_assert_uint_ge(site->pos1, last);
		last = site->pos1;
		/* Items lie in genome order, but for the order at one place. */
		while (at < N_ITEMS &&
		       (strcmp(item[at].contig, contig) != 0 || item[at].pos1 < site->pos1))
			at++;
		size_t i = at;

		while (i < N_ITEMS && !item_is(&item[i], site))
			i++;
		ck_assert_msg(i < N_ITEMS, "%s:%" PRIu64 " was never put in", contig, site->pos1);
		ck_assert_msg(!item[i].seen, "%s:%" PRIu64 " came twice", contig, site->pos1);
		ck_assert(item[i].pos1 <= end1 && item[i].end1 >= beg1);
		item[i].seen = 1;
		n_got++;
	}
	ck_assert_msg(rc == VIDX_END, "%s", f.err.text);
	ck_assert_msg(n_got == n_wanted, "seed %d, %s:%" PRIu64 "-%" PRIu64 ": %zu instead of %zu",
		      SEED, contig, beg1, end1, n_got, n_wanted);
	ck_assert_int_eq(vidx_next(f.reader, &site, &f.err), VIDX_END);
	return n_got;
}

START_TEST(equals_a_full_search)
{
	uint64_t state = SEED + 1;
	size_t n = 0;

	fixture_open(&f, _i);
	for (int i = 0; i < 300; i++) {
		const struct item *it = &item[fixture_random(&state) % N_ITEMS];
		uint64_t beg1 = it->pos1 + fixture_random(&state) % 600;
		uint64_t len = fixture_random(&state) % (i % 3 ? 3 : 20000);

		beg1 = beg1 > 300 ? beg1 - 300 : 1;
		n += compare(it->contig, beg1, beg1 + len);
	}
	ck_assert_uint_gt(n, 300);
	ck_assert_uint_eq(compare("a", 1, UINT64_MAX), N_ITEMS / 3);
	ck_assert_uint_eq(compare("empty", 1, UINT64_MAX), 0);
	ck_assert_uint_eq(compare("c", UINT64_MAX - 1, UINT64_MAX), 0);
}
END_TEST

START_TEST(everything)
{
	const struct vidx_site *site;
	size_t n = 0;

	fixture_open(&f, 0);
	ck_assert_uint_eq(vidx_describe(f.index)->n_variants, N_ITEMS);
	vx_range_all(f.reader);
	while (vidx_next(f.reader, &site, &f.err) == 0) {
		ck_assert_str_eq(site->contig, item[n].contig);
		ck_assert_uint_eq(site->pos1, item[n].pos1);
		n++;
	}
	ck_assert_uint_eq(n, N_ITEMS);
}
END_TEST

START_TEST(refuses)
{
	const struct vidx_site *site;

	fixture_open(&f, 0);
	ck_assert_int_eq(vidx_next(f.reader, &site, &f.err), VIDX_END);
	ck_assert_int_eq(vidx_region(f.reader, "a", 0, 5, &f.err), VIDX_EUSAGE);
	ck_assert_int_eq(vidx_region(f.reader, "a", 6, 5, &f.err), VIDX_EUSAGE);
	ck_assert_int_eq(vidx_region(f.reader, NULL, 1, 5, &f.err), VIDX_EUSAGE);
	ck_assert_int_eq(vidx_region(f.reader, "nowhere", 1, 5, &f.err), VIDX_ABSENT);
	ck_assert_int_eq(vidx_next(f.reader, &site, &f.err), VIDX_END);
}
END_TEST

Suite *query_range_suite(void)
{
	Suite *s = suite_create("query_range");
	TCase *t = tcase_create("regions");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, equals_a_full_search, 0, 2);
	tcase_add_test(t, everything);
	tcase_add_test(t, refuses);
	suite_add_tcase(s, t);
	return s;
}
