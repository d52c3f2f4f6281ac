#include "query/locus.h"

#include "base/pos.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *query_locus_suite(void);

static const struct {
	const char *text, *contig;
	uint64_t pos1;
	const char *ref, *alt; /* NULL: a place */
} good[] = {
	{"1-55051215-G-GA", "1", 55051215, "G", "GA"},
	{"chr1:55051215:G:GA", "chr1", 55051215, "G", "GA"},
	{"chr1:55051215-G-GA", "chr1", 55051215, "G", "GA"},
	{"chr1:55051215 G>GA", "chr1", 55051215, "G", "GA"},
	{" chr1:55,051,215 \t G>GA ", "chr1", 55051215, "G", "GA"},
	{"chr1\t55051215\tG\tGA", "chr1", 55051215, "G", "GA"},
	{"chr1 55051215 G GA\r", "chr1", 55051215, "G", "GA"},
	{"chr1 55051215 G>GA", "chr1", 55051215, "G", "GA"},
	{"chr1:55051215 G GA", "chr1", 55051215, "G", "GA"},
	{"1-55051215-g-ga", "1", 55051215, "g", "ga"},
	{"1:1-1-C-T", "1:1", 1, "C", "T"},
	{"1:1-1:2-C-T", "1:1-1", 2, "C", "T"},
	{"HLA-A*01:01:01:100-C-T", "HLA-A*01:01:01", 100, "C", "T"},
	{"1-100-N-<DEL>", "1", 100, "N", "<DEL>"},
	{"1:100:N:<INS:ME:ALU>", "1", 100, "N", "<INS:ME:ALU>"},
	{"1-100-A-A[chr-2:1000[", "1", 100, "A", "A[chr-2:1000["},
	{"1-100-A-]17:198982]A", "1", 100, "A", "]17:198982]A"},
	{"chr1:100 N><DEL>", "chr1", 100, "N", "<DEL>"},
	{"1-100-A-*", "1", 100, "A", "*"},
	{"1-100-A-.", "1", 100, "A", "."},
	{"1-100-A-.TC", "1", 100, "A", ".TC"},
	{"1-1099511627774-A-C", "1", VX_POS0_MAX, "A", "C"},
	{"1-55051215", "1", 55051215, NULL, NULL},
	{"chr1:55051215", "chr1", 55051215, NULL, NULL},
	{"chr1 55051215", "chr1", 55051215, NULL, NULL},
	{"1:1-1", "1:1", 1, NULL, NULL},
};

static const char *const bad[] = {
	"",
	" ",
	"-",
	"1",
	"1-",
	"-5",
	"1-0-A-C",
	"1-x-A-C",
	"1-5-A-",
	"1-5--C",
	"-5-A-C",
	"1-5-A",
	"1-5-4-C",
	"1-5-A-C-",
	"rs123",
	"1-1099511627775-A-C",
	"1-99999999999999999999999-A-C",
	"1-5,-A-C",
	"1-,5-A-C",
	"1-5-A-C!",
	"a b c d e",
	"1 5 A C extra",
	"chr1:5 A",
	"chr1:5 A>",
	"chr1:5 >C",
	"<DEL>",
	"1-<DEL>",
	"[",
	"1-5-A C",
};

START_TEST(reads)
{
	struct vidx_error err = {0};
	struct vidx_allele a;
	enum vx_question q;
	struct vx_slice text = vx_slice_str(good[_i].text);

	ck_assert_msg(vx_locus_parse(text, &a, &q, &err) == 0, "%s: %s", good[_i].text, err.text);
	ck_assert_int_eq(q, good[_i].ref ? VX_ASK_ALLELE : VX_ASK_PLACE);
	ck_assert(vx_slice_is(vx_slice(a.contig, a.contig_len), good[_i].contig));
	ck_assert_uint_eq(a.pos1, good[_i].pos1);
	if (!good[_i].ref) {
		ck_assert_uint_eq(a.ref_len + a.alt_len, 0);
		ck_assert_int_eq(vidx_parse_allele(NULL, text.p, text.len, &a, &err), VIDX_EUSAGE);
		return;
	}
	ck_assert(vx_slice_is(vx_slice(a.ref, a.ref_len), good[_i].ref));
	ck_assert(vx_slice_is(vx_slice(a.alt, a.alt_len), good[_i].alt));
	ck_assert_int_eq(vidx_parse_allele(NULL, text.p, text.len, &a, &err), 0);
}
END_TEST

START_TEST(refuses)
{
	struct vidx_error err = {0};
	struct vidx_allele a;
	enum vx_question q;

	ck_assert_msg(vx_locus_parse(vx_slice_str(bad[_i]), &a, &q, &err) == VIDX_EUSAGE, "%s",
		      bad[_i]);
	ck_assert_ptr_nonnull(strstr(err.text, "CHROM-POS-REF-ALT"));
	ck_assert_int_eq(vidx_parse_allele(NULL, bad[_i], strlen(bad[_i]), &a, NULL), VIDX_EUSAGE);
}
END_TEST

static const char header_text[] =
	"##fileformat=VCFv4.3\n##contig=<ID=1>\n##contig=<ID=1:1>\n##contig=<ID=1:1-1>\n"
	"##contig=<ID=chrX,length=1000>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

static const struct {
	const char *text;
	uint32_t contig;
	uint64_t beg0, end0; /* end0 0: refused */
} regions[] = {
	{"1", 0, 0, VX_POS0_MAX + 1},
	{"1:5", 0, 4, 5},
	{"1:1", 1, 0, VX_POS0_MAX + 1},
	{"1:1-1", 2, 0, VX_POS0_MAX + 1},
	{"{1}:1-1", 0, 0, 1},
	{"{1:1}:1-1", 1, 0, 1},
	{"{1:1-1}", 2, 0, VX_POS0_MAX + 1},
	{"1:1-1:7-9", 2, 6, 9},
	{"chrX:1,000-2,000", 3, 999, 2000},
	{"chrX:100-", 3, 99, VX_POS0_MAX + 1},
	{"chrX:100-100", 3, 99, 100},
	{"chrX:100-99", 3, 0, 0},
	{"chrX:0-99", 3, 0, 0},
	{"chrX:a-b", 3, 0, 0},
	{"chrX:", 3, 0, 0},
	{"chrX:-5", 3, 0, 0},
	{"chrY", 3, 0, 0},
	{"chrY:1-2", 3, 0, 0},
	{"", 3, 0, 0},
	{"{", 3, 0, 0},
	{"{}", 3, 0, 0},
	{"{chrX}1-2", 3, 0, 0},
};

START_TEST(reads_regions)
{
	struct vidx_error err = {0};
	struct vx_header header = {0};
	struct vx_contigs *contigs;
	struct vx_region r;
	int rc;

	ck_assert_int_eq(vx_header_parse(&header, vx_slice_str(header_text), "t", &err), 0);
	ck_assert_int_eq(vx_contigs_new("test", &header, "t", &contigs, &err), 0);
	rc = vx_locus_parse_region(contigs, vx_slice_str(regions[_i].text), &r, &err);
	if (regions[_i].end0) {
		ck_assert_msg(rc == 0, "%s: %s", regions[_i].text, err.text);
		ck_assert_uint_eq(r.contig, regions[_i].contig);
		ck_assert_uint_eq(r.beg0, regions[_i].beg0);
		ck_assert_uint_eq(r.end0, regions[_i].end0);
	} else {
		ck_assert_msg(rc == VIDX_EUSAGE, "%s", regions[_i].text);
		ck_assert_uint_gt(strlen(err.text), 0);
	}
	vx_contigs_free(contigs);
	vx_header_release(&header);
}
END_TEST

Suite *query_locus_suite(void)
{
	Suite *s = suite_create("query_locus");
	TCase *t = tcase_create("spellings");

	tcase_add_loop_test(t, reads, 0, sizeof(good) / sizeof(*good));
	tcase_add_loop_test(t, refuses, 0, sizeof(bad) / sizeof(*bad));
	tcase_add_loop_test(t, reads_regions, 0, sizeof(regions) / sizeof(*regions));
	suite_add_tcase(s, t);
	return s;
}
