#include "cohort/gt_rows.h"

Suite *cohort_count_suite(void);

/* Every number of samples up to 200: all places of a block's end. */
START_TEST(small)
{
	rng_state = 4711;
	printf("count: seed 4711\n");
	for (uint32_t n = 0; n <= 200; n++)
		check_rows(n, 1 + rng(8), 25, VX_DIPLOID);
}
END_TEST

START_TEST(cohort_2504)
{
	rng_state = 2504;
	check_rows(2504, 26, 40, VX_DIPLOID);
}
END_TEST

START_TEST(many_groups)
{
	rng_state = 1024;
	check_rows(1100, 330, 8, VX_DIPLOID);
}
END_TEST

static enum vx_reason count_one(const char *text, uint32_t n_alts, uint64_t *value)
{
	struct vx_header header = {.n_samples = 1};
	struct vx_sheet_options options = {0};
	struct vx_cohort c;
	struct vx_counter *counter;
	struct vx_slice bad;
	char *padded = calloc(1, strlen(text) + 64), name[] = "s";
	struct vx_slice sample = {name, 1};
	struct vx_record record = {
		.n_alts = n_alts, .n_samples = 1, .gt_form = VX_GT_TEXT, .n_format = 1};
	enum vx_reason reason;

	memcpy(padded, text, strlen(text));
	record.samples = vx_slice(padded, strlen(text));
	header.samples = &sample;
	ck_assert_int_eq(vx_cohort_build(&c, &options, &header, NULL), 0);
	ck_assert_int_eq(vx_counter_new(&c, &counter, NULL), 0);
	reason = vx_count(counter, &record, value, &bad);
	vx_counter_free(counter);
	vx_cohort_release(&c);
	free(padded);
	return reason;
}

/* What the contract says, genotype by genotype; counts of the first ALT. */
static const struct {
	const char *gt;
	uint32_t n_alts;
	int ac, an, nhomalt, nhemi, het; /* an -1: no genotype */
} cases[] = {
	{"0/1", 1, 1, 2, 0, 0, 1},         {"1|1", 1, 2, 2, 1, 0, 0},
	{"1/2", 2, 1, 2, 0, 0, 1},         {"1", 1, 1, 1, 0, 1, 0},
	{"0", 1, 0, 1, 0, 0, 0},           {"./1", 1, 1, 1, 0, 0, 0},
	{"1|.", 1, 1, 1, 0, 0, 0},         {".", 1, 0, 0, 0, 0, 0},
	{"./.", 1, 0, 0, 0, 0, 0},         {"0/0/0", 1, 0, 3, 0, 0, 0},
	{"1/1/0", 1, 2, 3, 0, 0, 1},       {"1/1/1", 1, 3, 3, 1, 0, 0},
	{"1/1/.", 1, 2, 2, 1, 0, 0},       {"1/./.", 1, 1, 1, 0, 0, 0},
	{"/0/1", 1, 1, 2, 0, 0, 1},        {"|1", 1, 1, 1, 0, 1, 0},
	{"/.", 1, 0, 0, 0, 0, 0},          {"10/1", 10, 1, 2, 0, 0, 1},
	{"0/1:.:3", 1, 1, 2, 0, 0, 1},     {"1/1/1/1", 1, 4, 4, 1, 0, 0},
	{"01/1", 1, 2, 2, 1, 0, 0},        {"2/1", 1, 0, -1, 0, 0, 0},
	{"0/", 1, 0, -1, 0, 0, 0},         {"", 1, 0, -1, 0, 0, 0},
	{"/", 1, 0, -1, 0, 0, 0},          {"0/x", 1, 0, -1, 0, 0, 0},
	{":3", 1, 0, -1, 0, 0, 0},         {"-1/0", 1, 0, -1, 0, 0, 0},
	{"4294967297", 1, 0, -1, 0, 0, 0}, {"0/99999999999999999999999", 1, 0, -1, 0, 0, 0},
	{"..", 1, 0, -1, 0, 0, 0},         {"0 /1", 1, 0, -1, 0, 0, 0},
};

START_TEST(contract)
{
	uint64_t value[16 * VX_COUNT_N_METRICS];
	enum vx_reason reason = count_one(cases[_i].gt, cases[_i].n_alts, value);

	if (cases[_i].an < 0) {
		ck_assert_msg(reason == VX_BAD_GT, "%s", cases[_i].gt);
		return;
	}
	ck_assert_msg(reason == VX_KEPT, "%s", cases[_i].gt);
	ck_assert_msg(value[VIDX_AC] == (uint64_t)cases[_i].ac, "%s", cases[_i].gt);
	ck_assert_msg(value[VIDX_AN] == (uint64_t)cases[_i].an, "%s", cases[_i].gt);
	ck_assert_msg(value[VIDX_NHOMALT] == (uint64_t)cases[_i].nhomalt, "%s", cases[_i].gt);
	ck_assert_msg(value[VIDX_NHEMI] == (uint64_t)cases[_i].nhemi, "%s", cases[_i].gt);
	ck_assert_msg(value[VIDX_HET] == (uint64_t)cases[_i].het, "%s", cases[_i].gt);
}
END_TEST

START_TEST(no_genotypes)
{
	uint64_t value[VX_COUNT_N_METRICS] = {1, 1, 1, 1, 1};
	struct vx_record record = {.n_alts = 1, .n_samples = 0, .gt_form = VX_GT_NONE};
	struct vx_sheet_options options = {0};
	struct vx_header header = {0};
	struct vx_counter *counter;
	struct vx_slice bad;
	struct vx_cohort c;

	ck_assert_int_eq(vx_cohort_build(&c, &options, &header, NULL), 0);
	ck_assert_int_eq(vx_counter_new(&c, &counter, NULL), 0);
	ck_assert_int_eq(vx_count(counter, &record, value, &bad), VX_KEPT);
	for (int i = 0; i < VX_COUNT_N_METRICS; i++)
		ck_assert_uint_eq(value[i], 0);
	vx_counter_free(counter);
	vx_counter_free(NULL);
	vx_cohort_release(&c);
}
END_TEST

Suite *cohort_count_suite(void)
{
	Suite *s = suite_create("cohort_count");
	TCase *t = tcase_create("count");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, small);
	tcase_add_test(t, cohort_2504);
	tcase_add_test(t, many_groups);
	tcase_add_loop_test(t, contract, 0, sizeof cases / sizeof *cases);
	tcase_add_test(t, no_genotypes);
	suite_add_tcase(s, t);
	return s;
}
