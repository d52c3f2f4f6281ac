#include "render/tsv.h"

#include "query/fixture.h"

Suite *render_tsv_suite(void);

static const char text[] = FIXTURE_HEAD "a\t5\trs1\tA\tC\t.\tPASS\tAC=2;AN=4;AC_afr=1;AN_afr=3\n";

#define COLUMNS                                                                                    \
	"#query\tcontig\tpos\tref\talt\tid\tfilter\tpopulation\tac\tan\taf\thet\tnhomalt\tnhemi\t" \
	"faf95\tstatus\n"

static const struct {
	const char *populations, *fields;
	int wide;
	const char *found, *absent; /* header and line */
} cases[] = {
	{NULL, NULL, 0,
	 COLUMNS "q\ta\t5\tA\tC\trs1\tPASS\tALL\t2\t4\t0.5\t.\t.\t.\t0.0888404\tfound\n"
		 "q\ta\t5\tA\tC\trs1\tPASS\tafr\t1\t3\t0.333333\t.\t.\t.\t0\tfound\n",
	 COLUMNS "q\ta\t5\tA\tC\t.\t.\tALL\t.\t.\t.\t.\t.\t.\t.\tabsent\n"},
	{"afr", "population,af,pos", 0, "#population\taf\tpos\nafr\t0.333333\t5\n",
	 "#population\taf\tpos\nALL\t.\t5\n"},
	{"afr,ALL", "pos,ac,an,population,status", 1,
	 "#pos\tac_afr\tan_afr\tac_ALL\tan_ALL\tstatus\n5\t1\t3\t2\t4\tfound\n",
	 "#pos\tac_afr\tan_afr\tac_ALL\tan_ALL\tstatus\n5\t.\t.\t.\t.\tabsent\n"},
	{"ALL", "ac", 1, "#ac_ALL\n2\n", "#ac_ALL\n.\n"},
};

START_TEST(lines)
{
	struct fixture f;
	struct vx_view view;
	struct vx_answer answer = {.query = vx_slice_str("q")};
	struct vx_buf buf;

	vx_buf_init(&buf);
	fixture_build(&f, text, strlen(text), 64);
	fixture_open(&f, 1);
	ck_assert_int_eq(
		vx_view_init(&view, f.index, cases[_i].populations, cases[_i].fields, &f.err), 0);
	view.wide = cases[_i].wide;
	ck_assert_int_eq(vidx_parse_allele(f.index, "a-5-A-C", 7, &answer.asked, &f.err), 0);
	ck_assert_int_eq(vidx_get(f.reader, &answer.asked, &answer.site, &f.err), 0);
	vx_tsv_header(&view, &buf);
	vx_tsv_answer(&view, &answer, &buf);
	vx_buf_addc(&buf, '\0');
	ck_assert_str_eq((char *)buf.p, cases[_i].found);
	vx_buf_clear(&buf);
	answer.status = VIDX_ABSENT;
	answer.site = NULL;
	vx_tsv_header(&view, &buf);
	vx_tsv_answer(&view, &answer, &buf);
	vx_buf_addc(&buf, '\0');
	ck_assert_str_eq((char *)buf.p, cases[_i].absent);
	vx_view_release(&view);
	vx_buf_release(&buf);
	fixture_end(&f);
}
END_TEST

/* The four answers, in every form: found and absent as above, the others without numbers. */
static const struct {
	int status, has_numbers, wide;
	const char *lines;
} statuses[] = {
	{VIDX_ABSENT, 1, 0, "q\tALL\t0\t12\t0\t0\tabsent\nq\tafr\t.\t.\t.\t.\tabsent\n"},
	{VIDX_ABSENT, 1, 1, "q\t0\t12\t0\t0\t.\t.\t.\t.\tabsent\n"},
	{VIDX_ABSENT, 0, 0, "q\tALL\t.\t.\t.\t.\tabsent\n"},
	{VIDX_NOT_COVERED, 0, 0, "q\tALL\t.\t.\t.\t.\tnot_covered\n"},
	{VIDX_NOT_COVERED, 0, 1, "q\t.\t.\t.\t.\t.\t.\t.\t.\tnot_covered\n"},
	{VIDX_SUPPRESSED, 0, 0, "q\tALL\t.\t.\t.\t.\tsuppressed\n"},
	{VIDX_SUPPRESSED, 0, 1, "q\t.\t.\t.\t.\t.\t.\t.\t.\tsuppressed\n"},
};

START_TEST(what_is_not_found)
{
	static const uint64_t values[] = {0, UINT64_MAX, 12, UINT64_MAX};
	const struct vidx_site numbers = {
		.n_groups = 2, .metrics = 1 << VIDX_AC | 1 << VIDX_AN, .values = values};
	struct fixture f;
	struct vx_view view;
	struct vx_answer answer = {.query = vx_slice_str("q"), .status = statuses[_i].status};
	struct vx_buf buf;

	vx_buf_init(&buf);
	fixture_build(&f, text, strlen(text), 64);
	fixture_open(&f, 1);
	ck_assert_int_eq(vx_view_init(&view, f.index, NULL,
				      "query,population,ac,an,af,faf95,status", &f.err),
			 0);
	view.wide = statuses[_i].wide;
	answer.absent = statuses[_i].has_numbers ? &numbers : NULL;
	vx_tsv_answer(&view, &answer, &buf);
	vx_buf_addc(&buf, '\0');
	ck_assert_str_eq((char *)buf.p, statuses[_i].lines);
	vx_view_release(&view);
	vx_buf_release(&buf);
	fixture_end(&f);
}
END_TEST

static const struct {
	const char *populations, *fields, *named;
} wrong[] = {
	{"ALL,nobody", NULL, "nobody"},
	{"ALL,", NULL, "''"},
	{"", NULL, "''"},
	{"ALL,ALL", NULL, "ALL"},
	{NULL, "pos,no", "no"},
	{NULL, "pos,pos", "pos"},
	{NULL, "", "''"},
};

START_TEST(refuses)
{
	struct fixture f;
	struct vx_view view;

	fixture_build(&f, text, strlen(text), 64);
	fixture_open(&f, 1);
	ck_assert_int_eq(
		vx_view_init(&view, f.index, wrong[_i].populations, wrong[_i].fields, &f.err),
		VIDX_EUSAGE);
	ck_assert_ptr_nonnull(strstr(f.err.text, wrong[_i].named));
	vx_view_release(&view);
	fixture_end(&f);
}
END_TEST

Suite *render_tsv_suite(void)
{
	Suite *s = suite_create("render_tsv");
	TCase *t = tcase_create("tsv");

	tcase_add_loop_test(t, lines, 0, sizeof(cases) / sizeof(*cases));
	tcase_add_loop_test(t, what_is_not_found, 0, sizeof(statuses) / sizeof(*statuses));
	tcase_add_loop_test(t, refuses, 0, sizeof(wrong) / sizeof(*wrong));
	suite_add_tcase(s, t);
	return s;
}
