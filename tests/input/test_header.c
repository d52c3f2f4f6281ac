#include "input/header.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define FORMAT_LINE "##fileformat=VCFv4.2\n"
#define COLUMNS     "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"

static struct vx_header header;
static struct vidx_error err;

static int parse(const char *text)
{
	memset(&err, 0, sizeof err);
	return vx_header_parse(&header, vx_slice_str(text), "f.vcf", &err);
}

static void refused(const char *text, const char *message)
{
	ck_assert_int_eq(parse(text), VIDX_EBADINPUT);
	ck_assert_msg(strstr(err.text, message), "'%s' does not say '%s'", err.text, message);
	ck_assert_msg(strncmp(err.text, "f.vcf: ", 7) == 0, "'%s' does not name the file",
		      err.text);
	vx_header_release(&header);
}

START_TEST(declarations)
{
	ck_assert_int_eq(
		parse(FORMAT_LINE
		      "##reference=file:///x/hs37d5.fa\n"
		      "##contig=<ID=1,length=249250621,assembly=b37>\n"
		      "##contig=<ID=X>\n"
		      "##contig=<ID=1,length=5>\n"
		      "##INFO=<ID=AC,Number=A,Type=Integer,Description=\"a, \\\"b\\\", =c>\">\n"
		      "##INFO=<ID=DB,Number=0,Type=Flag,Description=\"dbSNP\",Source=\"x,y\">\n"
		      "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">\n"
		      "##ALT=<ID=DEL,Description=\"Deletion\">\n"
		      "##sloppy\n##empty=\n##x=<ID=,\n" COLUMNS "\tFORMAT\tNA1\tNA 2\n"),
		0);
	ck_assert_uint_eq(header.n_contigs, 2);
	ck_assert(vx_slice_is(header.contigs[0].name, "1"));
	ck_assert_uint_eq(header.contigs[0].length, 249250621);
	ck_assert(vx_slice_is(header.contigs[0].assembly, "b37"));
	ck_assert(vx_slice_is(header.contigs[1].name, "X"));
	ck_assert_uint_eq(header.contigs[1].length, 0);
	ck_assert(vx_slice_is(header.reference, "file:///x/hs37d5.fa"));
	ck_assert_uint_eq(header.n_infos, 2);
	ck_assert(vx_slice_is(header.infos[0].number, "A"));
	ck_assert(vx_slice_is(header.infos[0].type, "Integer"));
	ck_assert(vx_slice_is(header.infos[0].description, "a, \\\"b\\\", =c>"));
	ck_assert(vx_slice_is(header.infos[1].type, "Flag"));
	ck_assert_uint_eq(header.n_formats, 1);
	ck_assert_uint_eq(header.n_samples, 2);
	ck_assert(vx_slice_is(header.samples[0], "NA1"));
	ck_assert(vx_slice_is(header.samples[1], "NA 2"));
	vx_header_release(&header);
}
END_TEST

START_TEST(no_samples)
{
	ck_assert_int_eq(parse(FORMAT_LINE COLUMNS), 0);
	ck_assert_uint_eq(header.n_samples, 0);
	ck_assert_int_eq(header.has_format, 0);
	vx_header_release(&header);
	ck_assert_int_eq(parse("##fileformat=VCFv4.4\r\n" COLUMNS "\tFORMAT\r\n"), 0);
	ck_assert_uint_eq(header.n_samples, 0);
	ck_assert_int_eq(header.has_format, 1);
	vx_header_release(&header);
}
END_TEST

START_TEST(samples_hash)
{
	struct vx_hash128 a;

	ck_assert_int_eq(parse(FORMAT_LINE COLUMNS "\tFORMAT\tA\tB\n"), 0);
	a = header.samples_hash;
	vx_header_release(&header);
	ck_assert_int_eq(parse(FORMAT_LINE "##x=y\n" COLUMNS "\tFORMAT\tA\tB"), 0);
	ck_assert(header.samples_hash.lo == a.lo && header.samples_hash.hi == a.hi);
	vx_header_release(&header);
	ck_assert_int_eq(parse(FORMAT_LINE COLUMNS "\tFORMAT\tB\tA\n"), 0);
	ck_assert(header.samples_hash.lo != a.lo || header.samples_hash.hi != a.hi);
	vx_header_release(&header);
}
END_TEST

START_TEST(refusals)
{
	refused("", "not a VCF");
	refused("\xef\xbb\xbf" FORMAT_LINE COLUMNS, "byte order mark");
	refused("##source=x\n" FORMAT_LINE COLUMNS, "'##source=x");
	refused(FORMAT_LINE "##contig=<ID=1>\n", "no #CHROM line");
	refused(FORMAT_LINE "1\t2\t.\tA\tC\t.\t.\t.\n", "no #CHROM line; it ends with: '1 2 . A");
	refused(FORMAT_LINE "#CHROM POS ID", "not #CHROM but: '#CHROM POS ID'");
	refused(FORMAT_LINE "#CHROM\tPOS\tID\tREF\n", "ends where ALT");
	refused(FORMAT_LINE "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tINFO\tFILTER\n",
		"not FILTER but: 'INFO'");
	refused(FORMAT_LINE COLUMNS "\tNA1\n", "not FORMAT but: 'NA1'");
	refused(FORMAT_LINE COLUMNS "\tFORMAT\tA\tB\tA\n", "twice in the #CHROM line: 'A'");
	refused(FORMAT_LINE COLUMNS "\tFORMAT\tA\t\tB\n", "sample 2");
}
END_TEST

START_TEST(dictionaries)
{
	ck_assert_int_eq(parse(FORMAT_LINE "##FILTER=<ID=q10,Description=\"x\">\n"
					   "##INFO=<ID=DP,Number=1>\n##FORMAT=<ID=GT,Number=1>\n"
					   "##FORMAT=<ID=DP,Number=1>\n##INFO=<ID=AC,Number=A>\n"
					   "##contig=<ID=b>\n##contig=<ID=a>\n" COLUMNS),
			 0);
	ck_assert_int_eq(vx_header_number(&header, "f.bcf", &err), 0);
	ck_assert_uint_eq(header.n_strings, 5);
	ck_assert(vx_slice_is(header.strings[0], "PASS"));
	ck_assert(vx_slice_is(header.strings[2], "DP"));
	ck_assert(vx_slice_is(header.strings[3], "GT"));
	ck_assert(vx_slice_is(header.strings[4], "AC"));
	ck_assert_uint_eq(header.n_bcf_contigs, 2);
	ck_assert(vx_slice_is(header.bcf_contigs[1], "a"));
	vx_header_release(&header);
}
END_TEST

START_TEST(dictionaries_with_idx)
{
	ck_assert_int_eq(parse(FORMAT_LINE "##FILTER=<ID=PASS,Description=\"All, IDX=9\",IDX=0>\n"
					   "##INFO=<ID=AC,Number=A,IDX=700>\n"
					   "##FORMAT=<ID=AC,Number=A,IDX=700>\n"
					   "##INFO=<ID=AN,Number=1>\n"
					   "##contig=<ID=c,IDX=3>\n" COLUMNS),
			 0);
	ck_assert_int_eq(vx_header_number(&header, "f.bcf", &err), 0);
	ck_assert_uint_eq(header.n_strings, 702);
	ck_assert(vx_slice_is(header.strings[700], "AC"));
	ck_assert(vx_slice_is(header.strings[701], "AN"));
	ck_assert_ptr_null(header.strings[1].p);
	ck_assert_uint_eq(header.n_bcf_contigs, 4);
	ck_assert_ptr_null(header.bcf_contigs[0].p);
	ck_assert(vx_slice_is(header.bcf_contigs[3], "c"));
	vx_header_release(&header);
}
END_TEST

START_TEST(dictionaries_refused)
{
	static const char *const bad[] = {
		"##INFO=<ID=AC,IDX=x>\n", "##INFO=<ID=AC,IDX=4000000000>\n",
		"##INFO=<ID=AC,IDX=-1>\n", "##INFO=<ID=AC,IDX=5>\n##INFO=<ID=AN,IDX=5>\n",
		"##INFO=<ID=AC,IDX=5>\n##FORMAT=<ID=AC,IDX=6>\n"};
	char text[300];

	snprintf(text, sizeof text, FORMAT_LINE "%s" COLUMNS, bad[_i]);
	ck_assert_int_eq(parse(text), 0);
	ck_assert_int_eq(vx_header_number(&header, "f.bcf", &err), VIDX_EBADINPUT);
	ck_assert_msg(strstr(err.text, "IDX"), "%s", err.text);
	vx_header_release(&header);
}
END_TEST

/* As many names as make the tables grow. */
START_TEST(many)
{
	size_t room = (size_t)64 << 20, at = 0;
	char *text = malloc(room);

	ck_assert_ptr_nonnull(text);
	at += (size_t)snprintf(text, room, FORMAT_LINE);
	for (int i = 0; i < 20000; i++)
		at += (size_t)snprintf(text + at, room - at, "##contig=<ID=c%d,length=%d>\n", i, i);
	at += (size_t)snprintf(text + at, room - at, COLUMNS "\tFORMAT");
	for (int i = 0; i < 100000; i++)
		at += (size_t)snprintf(text + at, room - at, "\tS%d", i);
	ck_assert_int_eq(vx_header_parse(&header, vx_slice(text, at), "f.vcf", &err), 0);
	ck_assert_uint_eq(header.n_contigs, 20000);
	ck_assert_uint_eq(header.contigs[19999].length, 19999);
	ck_assert_uint_eq(header.n_samples, 100000);
	ck_assert(vx_slice_is(header.samples[99999], "S99999"));
	ck_assert_int_eq(vx_header_number(&header, "f.vcf", &err), 0);
	ck_assert_uint_eq(header.n_bcf_contigs, 20000);
	vx_header_release(&header);
	free(text);
}
END_TEST

START_TEST(quotes)
{
	ck_assert_str_eq(vx_quote(vx_slice_str("")).text, "''");
	ck_assert_str_eq(vx_quote(vx_slice_str("a\tb\x01\xff")).text, "'a b?"
								      "?'");
	ck_assert_str_eq(vx_quote(vx_slice_str("1234567890123456789012345678901234567890")).text,
			 "'1234567890123456789012345678901234567890'");
	ck_assert_str_eq(vx_quote(vx_slice_str("12345678901234567890123456789012345678901")).text,
			 "'1234567890123456789012345678901234567...'");
}
END_TEST

Suite *input_header_suite(void);
Suite *input_header_suite(void)
{
	Suite *suite = suite_create("input_header");
	TCase *tc = tcase_create("header");

	tcase_add_test(tc, declarations);
	tcase_add_test(tc, no_samples);
	tcase_add_test(tc, samples_hash);
	tcase_add_test(tc, refusals);
	tcase_add_test(tc, dictionaries);
	tcase_add_test(tc, dictionaries_with_idx);
	tcase_add_loop_test(tc, dictionaries_refused, 0, 5);
	tcase_add_test(tc, many);
	tcase_add_test(tc, quotes);
	suite_add_tcase(suite, tc);
	return suite;
}
