/* Populations as sample columns: headers that speak so, and records of every shape. */
#include "cohort/columns.h"

#include "base/bytes.h"
#include "cohort/infomaker.h"

#include <check.h>
#include <stdio.h>

static struct vx_header header;
static struct vx_infomap map;
static struct vidx_error err;

#define AN_AC                                                                                      \
	"##FORMAT=<ID=AN,Number=1,Type=Integer,Description=\"x\">\n"                               \
	"##FORMAT=<ID=AC,Number=A,Type=Integer,Description=\"x\">\n"

/* formats: header lines; samples: between tabs. */
static int open_map(const char *formats, const char *samples, const char *populations)
{
	static char text[4096];
	struct vx_infomap_options options = {populations, NULL};
	int n = snprintf(text, sizeof text,
			 "##fileformat=VCFv4.2\n%s#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\t"
			 "FORMAT\t%s\n",
			 formats, samples);

	memset(&err, 0, sizeof err);
	ck_assert_int_eq(vx_header_parse(&header, vx_slice(text, (size_t)n), "t.vcf", &err), 0);
	return vx_infomap_build(&map, &header, &options, "t.vcf", &err);
}

static void close_map(void)
{
	vx_infomap_release(&map);
	vx_header_release(&header);
}

START_TEST(which_headers)
{
	static const struct {
		const char *formats, *samples;
		int speaks;
	} cases[] = {
		{AN_AC, "Total\tx", 1},
		{AN_AC "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"x\">\n", "Total", 0},
		{"##FORMAT=<ID=AN,Number=1,Type=Integer,Description=\"x\">\n", "Total", 0},
		{"", "Total", 0},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		open_map(cases[i].formats, cases[i].samples, NULL);
		ck_assert_int_eq(vx_columns_speak(&header) != 0, cases[i].speaks);
		close_map();
	}
}
END_TEST

START_TEST(hierarchy)
{
	/* Without its own column AFR is no parent, and the total has no rule. */
	ck_assert_int_eq(
		open_map(AN_AC, "SAMN10492696\tSAMN10492704\tSAMN10492705\tSAMN10492697", NULL), 0);
	ck_assert_str_eq(map.grammar, "ALFA");
	ck_assert_uint_eq(map.groups.n, 4);
	ck_assert_str_eq(map.groups.name[0], "ALL");
	ck_assert_str_eq(map.groups.name[1], "AFO");
	ck_assert_str_eq(map.groups.name[2], "ASN");
	ck_assert_str_eq(map.groups.name[3], "EAS");
	ck_assert_uint_eq(map.groups.parent[1], 0);
	ck_assert_uint_eq(map.groups.parent[3], 2);
	ck_assert_uint_eq(map.groups.rule_beg[4], 0);
	close_map();
	/* Both halves are there: the sum is predicted. */
	ck_assert_int_eq(open_map(AN_AC, "ALL\tSAMN10492704\tSAMN10492697\tSAMN10492701\tx", NULL),
			 0);
	ck_assert_uint_eq(map.groups.rule_beg[2] - map.groups.rule_beg[1], 2);
	ck_assert_uint_eq(map.column[4], 4);
	close_map();
	ck_assert_int_eq(open_map(AN_AC, "x\ty", NULL), VIDX_EBADINPUT);
	close_map();
	ck_assert_int_eq(open_map(AN_AC, "Total\tTOT", NULL), VIDX_EBADINPUT);
	close_map();
}
END_TEST

/* --- records: groups ALL, p (and q, which is left out) --- */

static uint64_t value[64];

static void wants(enum vx_reason got, enum vx_reason want, const char *what)
{
	ck_assert_msg(got == want, "'%s': %s", what, vx_reason_name(got));
}

START_TEST(text_records)
{
	static const struct {
		const char *samples;
		uint32_t n_alts;
		enum vx_reason reason;
		uint64_t ac0, an0, ac1, an1; /* of ALL and p, last ALT */
	} cases[] = {
		{"8:4\t6:2\t1:1", 1, VX_KEPT, 4, 8, 2, 6},
		{"8:4,3\t6:2,1\t1:1,0", 2, VX_KEPT, 3, 8, 1, 6},
		{"0:0\t.:.\t.", 1, VX_KEPT, 0, 0, VX_NONE, VX_NONE},
		{".\t.\t.", 1, VX_KEPT, VX_NONE, VX_NONE, VX_NONE, VX_NONE},
		{"8\t6:\t.", 1, VX_BAD_COUNTS, 0, 0, 0, 0},
		{"8\t6:.\t.", 3, VX_KEPT, VX_NONE, 8, VX_NONE, 6},
		{"8:.,5\t6:1,.\t.", 2, VX_KEPT, 5, 8, VX_NONE, 6},
		{".:5\t6:1\t.", 1, VX_KEPT, 5, VX_NONE, 1, 6},
		{"8:9\t6:1\t.", 1, VX_BAD_COUNTS, 0, 0, 0, 0},
		{"8:1,1\t6:1\t.", 1, VX_BAD_COUNTS, 0, 0, 0, 0},
		{"8:1\t6:1\t.", 2, VX_BAD_COUNTS, 0, 0, 0, 0},
		{"8:-1\t6:1\t.", 1, VX_BAD_COUNTS, 0, 0, 0, 0},
		{"-8:1\t6:1\t.", 1, VX_BAD_COUNTS, 0, 0, 0, 0},
		{"8,8:1\t6:1\t.", 1, VX_BAD_COUNTS, 0, 0, 0, 0},
		{"8:1x\t6:1\t.", 1, VX_BAD_COUNTS, 0, 0, 0, 0},
		{"x:1\t6:1\t.", 1, VX_BAD_COUNTS, 0, 0, 0, 0},
		{"9999999999999:1\t6:1\t.", 1, VX_BAD_COUNTS, 0, 0, 0, 0},
		{"1099511627775:1099511627775\t6:1\t.", 1, VX_KEPT, VX_COUNT_MAX, VX_COUNT_MAX, 1,
		 6},
		{"8:4\t6:2\t3:9", 1, VX_KEPT, 4, 8, 2, 6}, /* q is not looked at */
		{"8:4\t6:2", 1, VX_BAD_COUNTS, 0, 0, 0, 0},
	};

	ck_assert_int_eq(open_map(AN_AC, "Total\tp\tq", "ALL,p"), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct vx_record record = {.n_alts = cases[i].n_alts,
					   .samples = vx_slice_str(cases[i].samples),
					   .an_index = 0,
					   .ac_index = 1};
		uint64_t *last = value + (cases[i].n_alts - 1) * 4;
		struct vx_slice bad;

		wants(vx_columns_read(&map, &record, value, &bad), cases[i].reason,
		      cases[i].samples);
		if (cases[i].reason != VX_KEPT)
			continue;
		ck_assert_msg(last[0] == cases[i].ac0 && last[1] == cases[i].ac1 &&
				      last[2] == cases[i].an0 && last[3] == cases[i].an1,
			      "'%s'", cases[i].samples);
	}
	close_map();
}
END_TEST

/* int8: 0x80 is missing, 0x81 the end of the vector. */
START_TEST(bcf_records)
{
	static const struct {
		uint8_t an[3], ac[6];
		enum vx_reason reason;
		uint64_t ac0, an0, ac1, an1; /* of the second ALT */
	} cases[] = {
		{{8, 6, 1}, {4, 3, 2, 1, 0, 0}, VX_KEPT, 3, 8, 1, 6},
		{{8, 0x80, 1}, {4, 3, 0x80, 0x81, 0, 0}, VX_KEPT, 3, 8, VX_NONE, VX_NONE},
		{{8, 6, 1}, {4, 0x80, 0x80, 1, 0, 0}, VX_KEPT, VX_NONE, 8, 1, 6},
		{{8, 6, 1}, {4, 0x81, 2, 1, 0, 0}, VX_BAD_COUNTS, 0, 0, 0, 0},
		{{8, 6, 1}, {9, 0, 2, 1, 0, 0}, VX_BAD_COUNTS, 0, 0, 0, 0},
		{{8, 6, 1}, {0xff, 0, 2, 1, 0, 0}, VX_BAD_COUNTS, 0, 0, 0, 0},
		{{0xff, 6, 1}, {0, 0, 2, 1, 0, 0}, VX_BAD_COUNTS, 0, 0, 0, 0},
	};

	ck_assert_int_eq(open_map(AN_AC, "Total\tp\tq", "ALL,p"), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct vx_record record = {.n_alts = 2,
					   .format_an = {cases[i].an, 1, 1},
					   .format_ac = {cases[i].ac, 1, 2}};
		struct vx_slice bad;
		char what[16];

		snprintf(what, sizeof what, "case %zu", i);
		wants(vx_columns_read(&map, &record, value, &bad), cases[i].reason, what);
		if (cases[i].reason != VX_KEPT)
			continue;
		ck_assert_msg(value[4] == cases[i].ac0 && value[5] == cases[i].ac1 &&
				      value[6] == cases[i].an0 && value[7] == cases[i].an1,
			      "%s", what);
	}
	close_map();
}
END_TEST

START_TEST(wide_bcf_numbers)
{
	uint8_t an[12], ac[12];
	struct vx_record record = {.n_alts = 1, .format_an = {an, 3, 1}, .format_ac = {ac, 3, 1}};
	struct vx_slice bad;

	ck_assert_int_eq(open_map(AN_AC, "Total\tp\tq", NULL), 0);
	for (uint32_t i = 0; i < 3; i++) {
		vx_store32(an + 4 * i, 1000000 + i);
		vx_store32(ac + 4 * i, 70000 + i);
	}
	wants(vx_columns_read(&map, &record, value, &bad), VX_KEPT, "int32");
	for (uint32_t i = 0; i < 3; i++) {
		ck_assert_uint_eq(value[i], 70000 + i);
		ck_assert_uint_eq(value[3 + i], 1000000 + i);
	}
	record.format_ac.p = NULL;
	wants(vx_columns_read(&map, &record, value, &bad), VX_BAD_COUNTS, "no AC");
	close_map();
}
END_TEST

Suite *cohort_columns_suite(void);
Suite *cohort_columns_suite(void)
{
	Suite *suite = suite_create("cohort_columns");
	TCase *tc = tcase_create("columns");

	tcase_add_test(tc, which_headers);
	tcase_add_test(tc, hierarchy);
	tcase_add_test(tc, text_records);
	tcase_add_test(tc, bcf_records);
	tcase_add_test(tc, wide_bcf_numbers);
	suite_add_tcase(suite, tc);
	return suite;
}
