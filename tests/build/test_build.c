/* Whole builds from small texts: order, late rows, duplicates, undeclared contigs, first faults. */
#include "build/build.h"
#include "store/env.h"
#include "store/verify.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEAD                                                                                       \
	"##fileformat=VCFv4.2\n##contig=<ID=a>\n##contig=<ID=b>\n"                                 \
	"##INFO=<ID=AC,Number=A,Type=Integer,Description=\"x\">\n"                                 \
	"##INFO=<ID=AN,Number=1,Type=Integer,Description=\"x\">\n"                                 \
	"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"

static char folder[64];
static char index_path[96];
static struct vidx_error err;
static struct vx_build_summary summary;

static void setup(void)
{
	strcpy(folder, "/tmp/vidx-build-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(index_path, sizeof index_path, "%s/out.vidx", folder);
}

static void teardown(void)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf %s", folder);
	ck_assert_int_eq(system(command), 0);
}

static const char *write_file(char *path, int i, const char *text)
{
	FILE *file;

	sprintf(path, "%s/in%d.vcf", folder, i);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
	return path;
}

/* Builds from n bodies, each behind HEAD; returns what vx_build() returned. */
static int build(const char *const *body, size_t n, int strict, int threads)
{
	char paths[8][96], text[4096];
	const char *inputs[8];
	struct vx_build_options options = {.output = index_path,
					   .inputs = inputs,
					   .n_inputs = n,
					   .assembly = "test",
					   .strict = strict,
					   .threads = threads};

	for (size_t i = 0; i < n; i++) {
		snprintf(text, sizeof text, "%s%s", HEAD, body[i]);
		inputs[i] = write_file(paths[i], (int)i, text);
	}
	memset(&err, 0, sizeof err);
	memset(&summary, 0, sizeof summary);
	return vx_build(&options, &summary, &err);
}

/* The index as "contig:pos1 REF>ALT AC/AN" lines. */
static const char *content(void)
{
	static char out[8192];
	struct vidx_index *index;
	struct vidx_reader *reader;
	const struct vidx_site *site;
	size_t len = 0;

	out[0] = '\0';
	ck_assert_msg(vidx_open(index_path, NULL, &index, &err) == 0, "%s", err.text);
	ck_assert_int_eq(vidx_reader_new(index, &reader, &err), 0);
	for (uint32_t c = 0; c < vidx_describe(index)->n_contigs; c++) {
		int rc = vidx_region(reader, vidx_contig_name(index, c), 1, 1u << 30, &err);

		ck_assert_int_eq(rc, 0);
		while ((rc = vidx_next(reader, &site, &err)) == 0) {
			uint64_t ac = 0, an = 0;

			ck_assert_int_eq(vidx_count(site, 0, VIDX_AC, &ac), 0);
			ck_assert_int_eq(vidx_count(site, 0, VIDX_AN, &an), 0);
			len += (size_t)snprintf(out + len, sizeof out - len,
						"%s:%d %.*s>%.*s %d/%d\n", site->contig,
						(int)site->pos1, (int)site->ref_len, site->ref,
						(int)site->alt_len, site->alt, (int)ac, (int)an);
		}
		ck_assert_int_eq(rc, VIDX_END);
	}
	vidx_reader_free(reader);
	vidx_close(index);
	return out;
}

static void accounts(void)
{
	const struct vx_tally *t = &summary.tally;
	uint64_t rejected = 0, dropped = 0;

	for (int i = 0; i < VX_N_REASONS; i++) {
		rejected += t->rejected[i];
		dropped += t->dropped[i];
	}
	ck_assert_uint_eq(t->n_records, t->n_indexed + t->n_nothing + rejected);
	ck_assert_uint_eq(t->n_alleles, t->n_alleles_indexed + dropped);
	ck_assert_uint_eq(t->n_alleles_indexed, summary.n_variants);
}

static void check_build(const char *const *body, size_t n, const char *expected)
{
	for (int threads = 1; threads <= 3; threads++) {
		struct vx_verify_result result;

		ck_assert_msg(build(body, n, 0, threads) == 0, "%s", err.text);
		ck_assert_str_eq(content(), expected);
		accounts();
		ck_assert_msg(vx_verify(index_path, 1, NULL, NULL, &result, &err) == 0, "%s",
			      err.text);
	}
}

START_TEST(sorted_files_in_any_order)
{
	const char *body[] = {"b\t5\t.\tA\tC\t.\tPASS\tAC=3;AN=9\n",
			      "a\t7\t.\tA\tC\t.\tPASS\tAC=1;AN=9\n"};

	check_build(body, 2, "a:7 A>C 1/9\nb:5 A>C 3/9\n");
}
END_TEST

START_TEST(overlapping_files_interleave)
{
	const char *body[] = {
		"a\t1\t.\tA\tC\t.\tPASS\tAC=1;AN=9\na\t5\t.\tA\tC\t.\tPASS\tAC=2;AN=9\nb\t1\t."
		"\tA\tC\t.\tPASS\tAC=3;AN=9\n",
		"a\t3\t.\tA\tC\t.\tPASS\tAC=4;AN=9\na\t5\t.\tA\tG\t.\tPASS\tAC=5;AN=9\n"};

	ck_assert_int_eq(build(body, 2, 0, 2), 0);
	ck_assert_ptr_nonnull(strstr(content(), "a:1 A>C 1/9\na:3 A>C 4/9\na:5 A>"));
	ck_assert_ptr_nonnull(strstr(content(), "b:1 A>C 3/9\n"));
	ck_assert_uint_eq(summary.n_variants, 5);
	accounts();
}
END_TEST

START_TEST(unsorted_file_is_put_in_order)
{
	const char *body[] = {
		"b\t9\t.\tA\tC\t.\tPASS\tAC=1;AN=9\na\t9\t.\tA\tC\t.\tPASS\tAC=2;AN=9\n"
		"a\t3\t.\tA\tC\t.\tPASS\tAC=3;AN=9\n"};

	check_build(body, 1, "a:3 A>C 3/9\na:9 A>C 2/9\nb:9 A>C 1/9\n");
}
END_TEST

START_TEST(first_duplicate_in_input_order_stays)
{
	const char *body[] = {
		"a\t9\t.\tA\tC\t.\tPASS\tAC=1;AN=9\n",
		"a\t2\t.\tA\tC\t.\tPASS\tAC=5;AN=9\na\t9\t.\tA\tC\t.\tPASS\tAC=2;AN=9\n"};
	const char *turned[] = {body[1], body[0]};

	check_build(body, 2, "a:2 A>C 5/9\na:9 A>C 1/9\n");
	ck_assert_uint_eq(summary.tally.rejected[VX_DUPLICATE], 1);
	check_build(turned, 2, "a:2 A>C 5/9\na:9 A>C 2/9\n");
}
END_TEST

/* The same allele trimmed from a multi-allelic: the record stays indexed while one ALT remains. */
START_TEST(duplicates_of_several_rows)
{
	const char *body[] = {
		"a\t9\t.\tAT\tCT,GT\t.\tPASS\tAC=1,2;AN=9\na\t9\t.\tA\tC\t.\tPASS\tAC=3;AN=9\n"
		"a\t9\t.\tA\tC,G\t.\tPASS\tAC=3,3;AN=9\n"};

	ck_assert_int_eq(build(body, 1, 0, 1), 0);
	accounts();
	ck_assert_uint_eq(summary.n_variants, 2);
	ck_assert_uint_eq(summary.tally.n_indexed, 1);
	ck_assert_uint_eq(summary.tally.rejected[VX_DUPLICATE], 2);
	ck_assert_uint_eq(summary.tally.dropped[VX_DUPLICATE], 3);
	ck_assert_int_eq(build(body, 1, 1, 2), VIDX_EBADINPUT);
	ck_assert_ptr_nonnull(strstr(err.text, "a:9: duplicate: 'A>C'"));
	ck_assert_ptr_nonnull(strstr(content(), "a:9 A>C 1/9\n")); /* the index of before */
}
END_TEST

START_TEST(undeclared_contigs_follow)
{
	const char *one[] = {
		"y\t1\t.\tA\tC\t.\tPASS\tAC=1;AN=9\nx\t1\t.\tA\tC\t.\tPASS\tAC=2;AN=9\n"
		"a\t1\t.\tA\tC\t.\tPASS\tAC=3;AN=9\n"};
	const char *two[] = {
		"a\t1\t.\tA\tC\t.\tPASS\tAC=3;AN=9\ny\t1\t.\tA\tC\t.\tPASS\tAC=1;AN=9\n",
		"a\t2\t.\tA\tC\t.\tPASS\tAC=4;AN=9\nx\t1\t.\tA\tC\t.\tPASS\tAC=2;AN=9\n"
		"y\t2\t.\tA\tC\t.\tPASS\tAC=5;AN=9\nb\t2\t.\tA\tC\t.\tPASS\tAC=6;AN=9\n"};

	check_build(one, 1, "a:1 A>C 3/9\ny:1 A>C 1/9\nx:1 A>C 2/9\n");
	check_build(
		two, 2,
		"a:1 A>C 3/9\na:2 A>C 4/9\nb:2 A>C 6/9\ny:1 A>C 1/9\ny:2 A>C 5/9\nx:1 A>C 2/9\n");
	ck_assert_uint_eq(summary.n_warnings, 1);
}
END_TEST

START_TEST(first_fault_in_input_order)
{
	const char *body[] = {
		"b\t1\t.\tA\tC\t.\tPASS\tAC=1;AN=9\nb\tx\t.\tA\tC\t.\tPASS\tAC=1;AN=9\n",
		"a\ty\t.\tA\tC\t.\tPASS\tAC=1;AN=9\n"};

	for (int threads = 1; threads <= 3; threads++) {
		ck_assert_int_eq(build(body, 2, 0, threads), VIDX_EBADINPUT);
		ck_assert_msg(strstr(err.text, "in0.vcf") != NULL, "%s", err.text);
		ck_assert_int_eq(access(index_path, F_OK), -1);
	}
}
END_TEST

START_TEST(an_older_index_survives_a_failure)
{
	const char *good[] = {"a\t1\t.\tA\tC\t.\tPASS\tAC=3;AN=9\n"};
	const char *bad[] = {"a\t1\t.\tA\tC\t.\tPASS\tAC=3;AN=9\na\t1\t.\tA\n"};

	ck_assert_int_eq(build(good, 1, 0, 1), 0);
	ck_assert_int_eq(build(bad, 1, 0, 1), VIDX_EBADINPUT);
	ck_assert_str_eq(content(), "a:1 A>C 3/9\n");
}
END_TEST

START_TEST(rejected_records_are_counted)
{
	const char *body[] = {
		"a\t1\t.\tA\tC\t.\tPASS\tAC=9;AN=3\na\t2\t.\tA\t*,C\t.\tPASS\tAC=1,1;AN=9\n"
		"a\t3\t.\tA\t.\t.\tPASS\tAN=9\na\t4\t.\tA\t<NON_REF>\t.\tPASS\tAC=1;AN=9\n"
		"a\t5\t.\tA\tA\t.\tPASS\tAC=1;AN=9\n"};

	check_build(body, 1, "a:2 A>C 1/9\n");
	ck_assert_uint_eq(summary.tally.n_records, 5);
	ck_assert_uint_eq(summary.tally.n_indexed, 1);
	ck_assert_uint_eq(summary.tally.n_nothing, 2);
	ck_assert_uint_eq(summary.tally.rejected[VX_BAD_COUNTS], 1);
	ck_assert_uint_eq(summary.tally.rejected[VX_BAD_ALLELE], 1);
	ck_assert_uint_eq(summary.tally.dropped[VX_STAR], 1);
	ck_assert_uint_eq(summary.tally.dropped[VX_NO_ALT], 1);
	ck_assert_uint_eq(summary.tally.dropped[VX_NON_REF], 1);
	ck_assert_int_eq(build(body, 1, 1, 2), VIDX_EBADINPUT);
	ck_assert_ptr_nonnull(strstr(err.text, "a:1: bad_counts"));
}
END_TEST

Suite *build_build_suite(void)
{
	Suite *suite = suite_create("build/build");
	TCase *tcase = tcase_create("build");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, sorted_files_in_any_order);
	tcase_add_test(tcase, overlapping_files_interleave);
	tcase_add_test(tcase, unsorted_file_is_put_in_order);
	tcase_add_test(tcase, first_duplicate_in_input_order_stays);
	tcase_add_test(tcase, duplicates_of_several_rows);
	tcase_add_test(tcase, undeclared_contigs_follow);
	tcase_add_test(tcase, first_fault_in_input_order);
	tcase_add_test(tcase, an_older_index_survives_a_failure);
	tcase_add_test(tcase, rejected_records_are_counted);
	suite_add_tcase(suite, tcase);
	return suite;
}
