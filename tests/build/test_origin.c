/* Where rows came from, through the packed form and back. */
#include "build/origin.h"

#include "build/unit.h"

#include <check.h>

#define SEED 20261123

static uint64_t state;

static uint64_t next(void)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return state >> 33;
}

START_TEST(comes_back)
{
	enum { N = 20000 };
	static struct vx_row row[N];
	struct vx_origins origins;
	struct vx_origin_reader reader;
	uint64_t order = 0;

	int exact = _i % 2;

	state = SEED + (uint64_t)_i;
	vx_origins_init(&origins, exact);
	for (int i = 0; i < N; i++) {
		/* Mostly the next record of the same input, at times any other. */
		order += next() % 3;
		if (next() % 50 == 0)
			order = vx_order(next() % 1000000, next() % 4000000, next() % 4000000);
		row[i].order = order;
		row[i].n_siblings = next() % 100 < (uint64_t)_i ? (uint32_t)(2 + next() % 30) : 1;
		ck_assert_int_eq(vx_origins_add(&origins, &row[i]), 0);
	}
	ck_assert_int_eq(vx_origins_read(&origins, &reader), 0);
	for (int i = 0; i < N; i++) {
		struct vx_row got = {.order = 7};

		vx_origins_next(&reader, &got);
		ck_assert_uint_eq(got.n_siblings, row[i].n_siblings);
		ck_assert_uint_eq(got.order,
				  row[i].n_siblings > 1 || exact
					  ? row[i].order
					  : vx_order(vx_order_input(row[i].order), 0, 0));
	}
	vx_origins_release(&origins);
}
END_TEST

START_TEST(an_empty_one_has_the_first_input)
{
	struct vx_origins origins;
	struct vx_origin_reader reader;
	struct vx_row got = {.order = 7};

	vx_origins_init(&origins, 0);
	ck_assert_int_eq(vx_origins_read(&origins, &reader), 0);
	for (int i = 0; i < 3; i++) {
		vx_origins_next(&reader, &got);
		ck_assert_uint_eq(got.order, 0);
		ck_assert_uint_eq(got.n_siblings, 1);
	}
	vx_origins_release(&origins);
}
END_TEST

/* A build keeps them for all its rows: what they take is a promise of the header. */
START_TEST(is_small)
{
	struct vx_origins origins;

	vx_origins_init(&origins, 0);
	for (uint64_t i = 0; i < 1000000; i++) {
		struct vx_row row = {.order = vx_order(3, i / 20000, i % 20000), .n_siblings = 1};

		if (i % 10 == 0)
			row.n_siblings = 2;
		ck_assert_int_eq(vx_origins_add(&origins, &row), 0);
		if (i % 10 == 0)
			ck_assert_int_eq(vx_origins_add(&origins, &row), 0);
	}
	ck_assert_uint_lt(origins.text.len, 1000000);
	vx_origins_release(&origins);
}
END_TEST

Suite *build_origin_suite(void);
Suite *build_origin_suite(void)
{
	Suite *suite = suite_create("build_origin");
	TCase *tc = tcase_create("origin");

	tcase_add_loop_test(tc, comes_back, 0, 101);
	tcase_add_test(tc, an_empty_one_has_the_first_input);
	tcase_add_test(tc, is_small);
	suite_add_tcase(suite, tc);
	return suite;
}
