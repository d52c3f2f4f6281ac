/*
 * The parts of the simulators whose output other tests take for the truth: random numbers against
 * published values, printed frequencies, ploidy by place, and the genotype counter against
 * genotypes counted by hand.
 */
#include <check.h>

#include "../../bench/rng.h"
#include "../../bench/sim_filter.h"
#include "../../bench/sim_genotypes.h"
#include "../../bench/sim_site.h"
#include "../../bench/sim_sites_model.h"

Suite *bench_sim_suite(void);

START_TEST(rng_gives_the_published_numbers)
{
	/* From the authors' own programs: xoshiro256++ from state 1, 2, 3, 4; splitmix64 from 0. */
	static const uint64_t expected[] = {41943041, 58720359, 3588806011781223, 3591011842654386,
					    UINT64_C(9228616714210784205)};
	struct rng r = {{1, 2, 3, 4}};

	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		ck_assert_uint_eq(rng_next(&r), expected[i]);
	ck_assert_uint_eq(rng_mix(0), UINT64_C(0xe220a8397b1dcdaf));
}
END_TEST

START_TEST(rng_streams_differ_and_repeat)
{
	struct rng a, b, c;

	rng_init(&a, 7, 1);
	rng_init(&b, 7, 1);
	rng_init(&c, 7, 2);
	for (int i = 0; i < 100; i++) {
		uint64_t x = rng_next(&a);

		ck_assert_uint_eq(x, rng_next(&b));
		ck_assert_uint_ne(x, rng_next(&c));
	}
	for (int i = 0; i < 10000; i++) {
		uint32_t x = rng_between(&a, 3, 9), y = rng_log_uniform(&a, 2, 50);

		ck_assert(x >= 3 && x <= 9);
		ck_assert(y >= 2 && y <= 50);
		ck_assert_uint_ge(rng_geometric(&a, 0.3), 1);
	}
}
END_TEST

static const struct {
	uint64_t n, d;
	const char *java, *c;
} freqs[] = {
	{0, 152312, "0.00000", "0"},
	{5, 5, "1.00000", "1"},
	{1, 2, "0.500000", "0.5"},
	{1, 858, "0.00116550", "0.0011655"},
	{1, 1812, "0.000551876", "0.000551876"},
	{2, 151726, "1.31817e-05", "1.31817e-05"},
	{1, 10000, "0.000100000", "0.0001"},
	{1, 10001, "9.99900e-05", "9.999e-05"},
	{1, UINT64_C(1000000000), "1.00000e-09", "1e-09"},
	{9999999, 10000000, "1.00000", "1"},
	{0, 0, "0.00000", "0"},
};

START_TEST(frequencies_print_as_in_real_files)
{
	char text[32];

	*sim_format_freq_java(text, freqs[_i].n, freqs[_i].d) = '\0';
	ck_assert_str_eq(text, freqs[_i].java);
	*sim_format_freq_c(text, freqs[_i].n, freqs[_i].d) = '\0';
	ck_assert_str_eq(text, freqs[_i].c);
}
END_TEST

START_TEST(frequencies_print_as_printf_does)
{
	struct rng r;

	rng_init(&r, 1, 100);
	for (int i = 0; i < 20000; i++) {
		uint64_t d = rng_log_uniform(&r, 1, 4000000), n = 1 + rng_below(&r, (uint32_t)d);
		char text[32], expected[32];

		*sim_format_freq_c(text, n, d) = '\0';
		snprintf(expected, sizeof(expected), "%.6g", (double)n / (double)d);
		/* printf sees n / d as a double, which is to one side of an exact decimal half. */
		if (2 * n * UINT64_C(1000000000) % d != 0)
			ck_assert_str_eq(text, expected);
	}
}
END_TEST

START_TEST(ploidy_follows_the_place)
{
	const struct sim_assembly *as = sim_assembly_find("GRCh38");

	ck_assert_int_eq(sim_ploidy_at(as, 0, 2781480), SIM_DIPLOID);
	ck_assert_int_eq(sim_ploidy_at(as, 22, 10000), SIM_X);
	ck_assert_int_eq(sim_ploidy_at(as, 22, 10001), SIM_DIPLOID);
	ck_assert_int_eq(sim_ploidy_at(as, 22, 2781479), SIM_DIPLOID);
	ck_assert_int_eq(sim_ploidy_at(as, 22, 2781480), SIM_X);
	ck_assert_int_eq(sim_ploidy_at(as, 22, 155701383), SIM_DIPLOID);
	ck_assert_int_eq(sim_ploidy_at(as, 23, 3000000), SIM_Y);
	ck_assert_int_eq(sim_ploidy_at(as, 24, 1), SIM_MITO);
	ck_assert_ptr_null(sim_assembly_find("GRCh36"));
}
END_TEST

static const struct {
	const char *gt;
	uint32_t an, ac[2], hom[2], hemi[2], het[2];
} genotypes[] = {
	{"0|0", 2, {0, 0}, {0, 0}, {0, 0}, {0, 0}},
	{"0/1", 2, {1, 0}, {0, 0}, {0, 0}, {1, 0}},
	{"1|1", 2, {2, 0}, {1, 0}, {0, 0}, {0, 0}},
	{"1/2", 2, {1, 1}, {0, 0}, {0, 0}, {1, 1}},
	{"2|2", 2, {0, 2}, {0, 1}, {0, 0}, {0, 0}},
	{"1", 1, {1, 0}, {0, 0}, {1, 0}, {0, 0}},
	{"0", 1, {0, 0}, {0, 0}, {0, 0}, {0, 0}},
	{".", 0, {0, 0}, {0, 0}, {0, 0}, {0, 0}},
	{"./.", 0, {0, 0}, {0, 0}, {0, 0}, {0, 0}},
	{"./1", 1, {1, 0}, {0, 0}, {0, 0}, {0, 0}},
	{"0|.", 1, {0, 0}, {0, 0}, {0, 0}, {0, 0}},
	{"0/0/0", 3, {0, 0}, {0, 0}, {0, 0}, {0, 0}},
	{"0/1|1", 3, {2, 0}, {0, 0}, {0, 0}, {1, 0}},
	{"1/1/1", 3, {3, 0}, {1, 0}, {0, 0}, {0, 0}},
	{"./1/1", 2, {2, 0}, {1, 0}, {0, 0}, {0, 0}},
	{"0/1/2/2", 4, {1, 2}, {0, 0}, {0, 0}, {1, 1}},
};

START_TEST(one_genotype_counts_as_by_hand)
{
	struct sim_counts c;

	memset(&c, 0, sizeof(c));
	sim_count_sample(&c, 3, genotypes[_i].gt, (uint32_t)strlen(genotypes[_i].gt));
	ck_assert_uint_eq(c.an[3], genotypes[_i].an);
	ck_assert_uint_eq(c.ns[3], genotypes[_i].an > 0);
	for (int a = 0; a < 2; a++) {
		ck_assert_uint_eq(c.ac[3][a], genotypes[_i].ac[a]);
		ck_assert_uint_eq(c.hom[3][a], genotypes[_i].hom[a]);
		ck_assert_uint_eq(c.hemi[3][a], genotypes[_i].hemi[a]);
		ck_assert_uint_eq(c.het[3][a], genotypes[_i].het[a]);
	}
}
END_TEST

/* The counter that skips what is as in the template agrees with one that skips nothing. */
START_TEST(skipping_counts_as_not_skipping)
{
	enum { N = 203 };
	enum sim_ploidy ploidy = (enum sim_ploidy)_i;
	struct sim_people people;
	struct sim_haplotypes h;
	struct sim_template t;
	struct sim_row row;
	struct rng r;

	rng_init(&r, 5, 101);
	sim_people_init(&people, N, 5);
	sim_haplotypes_init(&h, &people, &r);
	sim_template_init(&t, &people, ploidy, '|');
	sim_row_init(&row, N, 0);
	for (int round = 0; round < 200; round++) {
		struct sim_counts fast, slow;
		struct sim_carriers a =
			sim_carriers_draw(&h, rng_between(&r, 1, t.n_copies / 2), &r);
		struct sim_carriers b = sim_carriers_draw(&h, 1, &r);

		sim_row_reset(&row, &t, N);
		sim_row_carry(&row, &h, &a, 1, ploidy);
		sim_row_carry(&row, &h, &b, 2, ploidy);
		sim_row_miss(&row, N, 0.02, 0.02, &r);
		sim_count_row(&fast, &row, &t, &people, 2);
		memset(&slow, 0, sizeof(slow));
		for (uint32_t i = 0; i < N; i++)
			sim_count_sample(&slow, people.person[i].super, row.text + row.offset[i],
					 sim_gt_len(&row, i));
		sim_count_total(&slow, 2);
		ck_assert_mem_eq(&fast, &slow, sizeof(fast));
		sim_haplotypes_step(&h, &r);
	}
	sim_row_release(&row);
	sim_template_release(&t);
	sim_haplotypes_release(&h);
	sim_people_release(&people);
}
END_TEST

START_TEST(a_site_has_distinct_alleles)
{
	struct sim_site s = {.contig = 3, .pos1 = 1000};
	struct rng r;

	rng_init(&r, 9, 102);
	for (int round = 0; round < 5000; round++) {
		uint32_t room = round % 7 == 0 ? 1 : 1000;

		s.pos1++;
		sim_site_alleles(&s, 0.5, 1 + round % 5, room, &r);
		ck_assert_int_ge(s.n_alts, 1);
		ck_assert_uint_le(s.ref_len, room);
		for (int i = 0; i < s.n_alts; i++) {
			ck_assert_str_ne(s.alt[i], s.ref);
			for (int k = 0; k < i; k++)
				ck_assert_str_ne(s.alt[i], s.alt[k]);
		}
	}
}
END_TEST

START_TEST(groups_of_sites_add_up)
{
	struct sites_model *m = sim_alloc(1, sizeof(*m));
	struct sites_counts c;

	sites_model_init(m, 3);
	for (int round = 0; round < 20000; round++) {
		enum sim_ploidy ploidy = (enum sim_ploidy)(round % SIM_N_PLOIDIES);

		sites_draw_calls(m, ploidy);
		sites_draw_carriers(m);
		sites_sum_groups(m, &c);
		ck_assert_uint_eq(c.ac[0], c.ac[1] + c.ac[2]);
		ck_assert_uint_eq(c.an[0], c.an[1] + c.an[2]);
		ck_assert_uint_eq(c.hom[0], c.hom[1] + c.hom[2]);
		for (int g = 0; g < SITES_N_GROUPS; g++) {
			ck_assert_uint_le(c.ac[g], c.an[g]);
			ck_assert_uint_le(2 * c.hom[g], c.ac[g]);
			ck_assert(ploidy != SIM_DIPLOID || c.an[g] % 2 == 0);
			ck_assert(ploidy != SIM_DIPLOID || c.ac[g] - c.hom[g] <= c.an[g] / 2);
		}
	}
	free(m);
}
END_TEST

START_TEST(the_filter_forgets_nothing)
{
	struct sim_filter f = {.n_lines = 64};
	uint64_t hash = sim_allele_hash(1, 100, "GAA", "GA");
	int n_wrong = 0;

	f.bits = sim_alloc(f.n_lines, 64);
	for (uint32_t i = 0; i < 500; i++)
		sim_filter_add(&f, rng_mix(i));
	for (uint32_t i = 500; i < 1000; i++)
		sim_filter_add_later(&f, rng_mix(i));
	sim_filter_settle(&f);
	for (uint32_t i = 0; i < 1000; i++)
		ck_assert_int_eq(sim_filter_may_have(&f, rng_mix(i)), 1);
	for (uint32_t i = 0; i < 1000; i++)
		n_wrong += sim_filter_may_have(&f, rng_mix(1000000 + i));
	ck_assert_int_lt(n_wrong, 100);
	free(f.bits);
	/* Any spelling of an allele has one hash. */
	ck_assert_uint_eq(sim_allele_hash(1, 100, "GA", "G"), hash);
	ck_assert_uint_eq(sim_allele_hash(1, 99, "TGAA", "TGA"), hash);
	ck_assert_uint_eq(sim_allele_hash(1, 100, "gA", "g"), hash);
	ck_assert_uint_ne(sim_allele_hash(1, 101, "GA", "G"), hash);
	ck_assert_uint_ne(sim_allele_hash(2, 100, "GA", "G"), hash);
}
END_TEST

Suite *bench_sim_suite(void)
{
	Suite *s = suite_create("bench_sim");
	TCase *tc = tcase_create("sim");

	/* Millions of genotypes: seconds where the machine has other work. */
	tcase_set_timeout(tc, 600);
	tcase_add_test(tc, rng_gives_the_published_numbers);
	tcase_add_test(tc, rng_streams_differ_and_repeat);
	tcase_add_loop_test(tc, frequencies_print_as_in_real_files, 0,
			    (int)(sizeof(freqs) / sizeof(freqs[0])));
	tcase_add_test(tc, frequencies_print_as_printf_does);
	tcase_add_test(tc, ploidy_follows_the_place);
	tcase_add_loop_test(tc, one_genotype_counts_as_by_hand, 0,
			    (int)(sizeof(genotypes) / sizeof(genotypes[0])));
	tcase_add_loop_test(tc, skipping_counts_as_not_skipping, 0, SIM_N_PLOIDIES);
	tcase_add_test(tc, a_site_has_distinct_alleles);
	tcase_add_test(tc, groups_of_sites_add_up);
	tcase_add_test(tc, the_filter_forgets_nothing);
	suite_add_tcase(s, tc);
	return s;
}
