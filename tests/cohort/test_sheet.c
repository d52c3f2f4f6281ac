#include "cohort/sheet_text.h"

Suite *cohort_sheet_suite(void);

/* Members of a group as "ac": bit i is the i-th letter. */
static const char *members(const struct vx_cohort *cohort, const char *name)
{
	static char text[65];
	uint32_t g = vx_groups_find(&cohort->groups, vx_slice_str(name));
	uint32_t n = 0;

	ck_assert_msg(g != VX_NO_GROUP, "no group %s", name);
	for (uint32_t i = 0; i < cohort->n_samples; i++)
		if (cohort->mask[g * cohort->n_words + i / 64] >> (i % 64) & 1)
			text[n++] = (char)('a' + i);
	text[n] = '\0';
	ck_assert_uint_eq(cohort->size[g], n);
	return text;
}

static const char *names(const struct vx_cohort *cohort)
{
	static char text[1024];

	text[0] = '\0';
	for (uint32_t g = 0; g < cohort->groups.n; g++) {
		strcat(text, g ? " " : "");
		strcat(text, cohort->groups.name[g]);
	}
	return text;
}

static const char *parent(const struct vx_cohort *cohort, const char *name)
{
	uint32_t g = vx_groups_find(&cohort->groups, vx_slice_str(name));

	g = cohort->groups.parent[g];
	return g == VX_NO_GROUP ? "-" : cohort->groups.name[g];
}

/* Every rule is a disjoint union; the leaves are what has no rule, and say the same three times. */
static void check_sums(const struct vx_cohort *c)
{
	uint32_t n_leaves = 0;

	for (uint32_t g = 0; g < c->groups.n; g++) {
		uint32_t beg = c->groups.rule_beg[g], end = c->groups.rule_beg[g + 1];

		if (beg == end) {
			ck_assert_uint_eq(c->leaf[n_leaves], g);
			n_leaves++;
			continue;
		}
		for (uint32_t w = 0; w < c->n_words; w++) {
			uint64_t all = 0;

			for (uint32_t i = beg; i < end; i++) {
				uint64_t part = c->mask[c->groups.rule[i] * c->n_words + w];

				ck_assert_uint_eq(all & part, 0);
				all |= part;
			}
			ck_assert_uint_eq(all, c->mask[g * c->n_words + w]);
		}
	}
	ck_assert_uint_eq(c->n_leaves, n_leaves);
	for (uint32_t i = 0; i < c->n_samples; i++) {
		const uint32_t *at = c->member + c->member_beg[i];

		for (uint32_t l = 0; l < n_leaves; l++) {
			uint32_t in = c->mask[c->leaf[l] * c->n_words + i / 64] >> (i % 64) & 1;

			ck_assert_uint_eq(c->leaf_mask[i / 64 * n_leaves + l] >> (i % 64) & 1, in);
			if (in)
				ck_assert_uint_eq(*at++, l);
		}
		ck_assert_ptr_eq(at, c->member + c->member_beg[i + 1]);
	}
}

static const char *const sheet = "sample\tpop\tsuper\tGender\tnote\t\t\r\n"
				 "d\tGBR\tEUR\tmale\r\n"
				 "zz\tTSI\tEUR\tmale\t\r\n"
				 "a\tGBR\tEUR\tF\tx\r\n"
				 "\r\n"
				 "b\tYRI\tAFR\t2\r\n"
				 "c\tFIN\tEUR\txy\r\n";

START_TEST(no_sheet)
{
	struct vx_sheet_options options = {0};
	struct vx_cohort c;

	ck_assert_int_eq(sheet_build(&c, &options, "a b c", NULL, "b\nq\n\nb \r\n", NULL), 0);
	ck_assert_str_eq(names(&c), "ALL");
	ck_assert_str_eq(members(&c, "ALL"), "ac");
	ck_assert_uint_eq(c.n_excluded, 1);
	ck_assert_uint_eq(c.n_exclude_unknown, 1);
	check_sums(&c);
	vx_cohort_release(&c);
	ck_assert_int_eq(sheet_build(&c, &options, "", NULL, NULL, NULL), 0);
	ck_assert_uint_eq(c.n_words, 0);
	vx_cohort_release(&c);
	options.by_sex = 1;
	ck_assert_int_eq(sheet_build(&c, &options, "a", NULL, NULL, NULL), VIDX_EUSAGE);
	options.by_sex = 0;
	options.group_by = "pop";
	ck_assert_int_eq(sheet_build(&c, &options, "a", NULL, NULL, NULL), VIDX_EUSAGE);
}
END_TEST

START_TEST(nested)
{
	struct vx_sheet_options options = {.group_by = "super,pop", .by_sex = 1};
	struct vx_cohort c;

	ck_assert_int_eq(sheet_build(&c, &options, "a b c d", sheet, NULL, NULL), 0);
	ck_assert_str_eq(names(&c), "ALL XX XY EUR EUR_XX EUR_XY AFR AFR_XX AFR_XY GBR GBR_XX "
				    "GBR_XY YRI YRI_XX YRI_XY FIN FIN_XX FIN_XY");
	ck_assert_str_eq(members(&c, "ALL"), "abcd");
	ck_assert_str_eq(members(&c, "XX"), "ab");
	ck_assert_str_eq(members(&c, "EUR"), "acd");
	ck_assert_str_eq(members(&c, "GBR_XY"), "d");
	ck_assert_str_eq(members(&c, "FIN_XX"), "");
	ck_assert_str_eq(parent(&c, "GBR"), "EUR");
	ck_assert_str_eq(parent(&c, "EUR"), "ALL");
	ck_assert_str_eq(parent(&c, "XX"), "ALL");
	ck_assert_str_eq(parent(&c, "GBR_XX"), "GBR");
	ck_assert_uint_eq(c.n_not_in_input, 1);
	ck_assert_int_eq(c.sex[0], VX_SEX_XX);
	ck_assert_int_eq(c.sex[2], VX_SEX_XY);
	check_sums(&c);
	/* every people counted once: the sexes of the three populations */
	ck_assert_uint_eq(c.n_leaves, 6);
	vx_cohort_release(&c);
}
END_TEST

START_TEST(excluded)
{
	struct vx_sheet_options options = {.group_by = "super,pop", .by_sex = 1};
	struct vx_cohort c;

	ck_assert_int_eq(sheet_build(&c, &options, "a b c d", sheet, "d\na", NULL), 0);
	ck_assert_str_eq(members(&c, "ALL"), "bc");
	ck_assert_str_eq(members(&c, "GBR"), "");
	ck_assert_str_eq(parent(&c, "GBR"), "EUR");
	check_sums(&c);
	vx_cohort_release(&c);
}
END_TEST

START_TEST(unlisted)
{
	struct vx_sheet_options options = {.group_by = "super", .by_sex = 1};
	struct vidx_error err = {0};
	struct vx_cohort c;

	ck_assert_int_eq(sheet_build(&c, &options, "a b Q", sheet, NULL, &err), VIDX_EBADINPUT);
	ck_assert_ptr_nonnull(strstr(err.text, "Q"));
	options.allow_unlisted = 1;
	ck_assert_int_eq(sheet_build(&c, &options, "a b Q", sheet, NULL, NULL), 0);
	ck_assert_str_eq(members(&c, "ALL"), "abc");
	ck_assert_uint_eq(c.n_unlisted, 1);
	ck_assert_uint_eq(c.groups.rule_beg[1] - c.groups.rule_beg[0], 0);
	check_sums(&c);
	vx_cohort_release(&c);
}
END_TEST

/* Columns that cut the people in different ways, values missing, one value of two columns. */
START_TEST(crossed)
{
	const char *text = "id\tsite\tpop\tsex\n"
			   "a\tS1\tP1\t1\nb\tS1\tP2\t2\nc\tS2\tP2\t0\nd\tS2\tNA\tunknown\n"
			   "e\tS3\tS3\tM\n";
	struct vx_sheet_options options = {.group_by = "site,pop"};
	struct vidx_error err = {0};
	struct vx_cohort c;

	ck_assert_int_eq(sheet_build(&c, &options, "a b c d e", text, NULL, NULL), 0);
	ck_assert_str_eq(names(&c), "ALL S1 S2 S3 P1 P2");
	ck_assert_str_eq(parent(&c, "P1"), "S1");
	ck_assert_str_eq(parent(&c, "P2"), "ALL");
	ck_assert_str_eq(members(&c, "S3"), "e");
	ck_assert_uint_eq(c.n_leaves, 5); /* ALL = S1 + S2 + S3 */
	check_sums(&c);
	vx_cohort_release(&c);
	text = "id\tsite\tpop\na\tS1\tS2\nb\tS2\tS1\n";
	ck_assert_int_eq(sheet_build(&c, &options, "a b", text, NULL, &err), VIDX_EUSAGE);
	ck_assert_ptr_nonnull(strstr(err.text, "S1"));
}
END_TEST

static const struct {
	const char *text, *group_by;
	int by_sex, status;
	const char *told;
} bad[] = {
	{"", "pop", 0, VIDX_EBADINPUT, "line 1"},
	{"\nsample\tpop\n", "pop", 0, VIDX_EBADINPUT, "line 1"},
	{"sample\tpop\na\tA\n", "pap", 0, VIDX_EUSAGE, "pap"},
	{"sample\tpop\na\tA\n", "sample", 0, VIDX_EUSAGE, "sample"},
	{"sample\tpop\na\tA\n", "pop,", 0, VIDX_EUSAGE, "column"},
	{"sample\tpop\na\tA\n", "pop", 1, VIDX_EUSAGE, "sex"},
	{"sample\tpop\na\tA\na\tA\n", "pop", 0, VIDX_EBADINPUT, "line 3"},
	{"sample\tpop\na\tA\tx\n", "pop", 0, VIDX_EBADINPUT, "line 2"},
	{"sample\tpop\n\tA\n", "pop", 0, VIDX_EBADINPUT, "line 2"},
	{"sample\tsex\na\tman\n", NULL, 0, VIDX_EBADINPUT, "man"},
	{"sample\tpop\na\tA B\n", "pop", 0, VIDX_EUSAGE, "A B"},
	{"sample\tpop\na\tALL\n", "pop", 0, VIDX_EUSAGE, "ALL"},
	{"sample\tpop\tsex\na\tXX\tF\n", "pop", 1, VIDX_EUSAGE, "XX"},
	{"sample\tpop\tsex\nb\tA_XX\tF\na\tA\tF\n", "pop", 1, VIDX_EUSAGE, "A_XX"},
};

START_TEST(refused)
{
	struct vx_sheet_options options = {
		.group_by = bad[_i].group_by, .by_sex = bad[_i].by_sex, .allow_unlisted = 1};
	struct vidx_error err = {0};
	struct vx_cohort c;

	ck_assert_msg(sheet_build(&c, &options, "a b", bad[_i].text, NULL, &err) == bad[_i].status,
		      "case %d: %d %s", _i, err.status, err.text);
	ck_assert_msg(strstr(err.text, bad[_i].told) != NULL, "case %d: %s", _i, err.text);
	ck_assert_ptr_null(c.mask);
}
END_TEST

START_TEST(unreadable)
{
	struct vx_sheet_options options = {.path = "no/such/sheet"};
	struct vx_header header = {0};
	struct vx_cohort c;

	ck_assert_int_eq(vx_cohort_build(&c, &options, &header, NULL), VIDX_EIO);
	options.path = ".";
	ck_assert_int_eq(vx_cohort_build(&c, &options, &header, NULL), VIDX_EIO);
	options.path = NULL;
	options.exclude_path = "no/such/list";
	ck_assert_int_eq(vx_cohort_build(&c, &options, &header, NULL), VIDX_EIO);
}
END_TEST

START_TEST(many_populations)
{
	struct vx_sheet_options options = {.group_by = "pop"};
	char *text = malloc(1 << 16), *samples = malloc(1 << 16);
	struct vidx_error err = {0};
	struct vx_cohort c;
	size_t at = (size_t)sprintf(text, "s\tpop\n"), n = 0;

	for (int i = 0; i < 1100; i++) {
		at += (size_t)sprintf(text + at, "s%d\tp%d\n", i, i % 1023);
		n += (size_t)sprintf(samples + n, "s%d ", i);
	}
	ck_assert_int_eq(sheet_build(&c, &options, samples, text, NULL, &err), 0);
	ck_assert_uint_eq(c.groups.n, 1024);
	ck_assert_uint_eq(c.n_leaves, 1023);
	check_sums(&c);
	vx_cohort_release(&c);
	sprintf(text + at, "q\tnext\n");
	strcat(samples, " q");
	ck_assert_int_eq(sheet_build(&c, &options, samples, text, NULL, &err), VIDX_EUSAGE);
	free(text);
	free(samples);
}
END_TEST

START_TEST(panel)
{
	static char list[1 << 16];
	struct vx_sheet_options options = {.path = "../shared/data/real/1000g_p3.panel",
					   .group_by = "super_pop,pop",
					   .by_sex = 1};
	struct vx_header header;
	struct vidx_error err = {0};
	struct vx_cohort c;
	char line[256];
	FILE *f = fopen(options.path, "r");
	uint32_t n_eur = 0;

	if (!f) {
		printf("sheet: the panel is absent, skipped\n");
		return;
	}
	if (!fgets(line, sizeof line, f))
		ck_abort_msg("empty panel");
	while (fgets(line, sizeof line, f)) {
		n_eur += strstr(line, "\tEUR\t") != NULL;
		strcat(list, strtok(line, "\t"));
		strcat(list, " ");
	}
	fclose(f);
	sheet_header(&header, list);
	ck_assert_msg(vx_cohort_build(&c, &options, &header, &err) == 0, "%s", err.text);
	ck_assert_uint_eq(c.groups.n, 3 * (1 + 5 + 26));
	ck_assert_uint_eq(c.n_leaves, 52);
	ck_assert_uint_eq(c.size[vx_groups_find(&c.groups, vx_slice_str("EUR"))], n_eur);
	ck_assert_str_eq(parent(&c, "GBR"), "EUR");
	check_sums(&c);
	printf("sheet: %u samples of the panel\n", c.n_samples);
	vx_cohort_release(&c);
	free(header.samples);
}
END_TEST

Suite *cohort_sheet_suite(void)
{
	Suite *s = suite_create("cohort_sheet");
	TCase *t = tcase_create("sheet");

	tcase_add_test(t, no_sheet);
	tcase_add_test(t, nested);
	tcase_add_test(t, excluded);
	tcase_add_test(t, unlisted);
	tcase_add_test(t, crossed);
	tcase_add_loop_test(t, refused, 0, sizeof bad / sizeof *bad);
	tcase_add_test(t, unreadable);
	tcase_add_test(t, many_populations);
	tcase_add_test(t, panel);
	suite_add_tcase(s, t);
	return s;
}
