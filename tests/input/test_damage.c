/* Damaged files: refused with the place and the words that help, after the records before. */
#include "input/support.h"

struct bad {
	const char *name;
	unsigned n_records; /* delivered before the fault, or in all */
	const char *text;   /* of the error behind the path; NULL: none */
};

static const struct bad bads[] = {
	{"base.vcf.gz", 1747, NULL},
	{"base.bcf", 1747, NULL},
	{"bgzf_bitflip.vcf.gz", 753,
	 "after 22:16113905: the bgzf block at byte 134176 of the file is corrupt"},
	{"bgzf_no_eof.vcf.gz", 1747,
	 "after 22:16205354: the file is cut short: no bgzf end block at byte 269325 of the file"},
	{"bgzf_truncated_header.vcf.gz", 0,
	 "in the header: the file is cut short, in the bgzf block at byte 0 of the file"},
	{"bgzf_truncated_midblock.vcf.gz", 753,
	 "after 22:16113905: the file is cut short, in the bgzf block at byte 134176 of the file"},
	{"truncated.bcf", 755,
	 "after 22:16113927: the file is cut short, in the bgzf block at byte 115052 of the file"},
	{"cols_3.vcf", 0,
	 "22:16050075: columns: 3, but the header has 2513: '22 16050075 rs587697622'"},
	{"cols_too_few.vcf", 0,
	 "22:16050075: columns: 2508, but the header has 2513: ' 0|0 0|0 0|0 0|0 0|0 0|0 0|0 0|0 "
	 "0|0 0|0'"},
	{"cols_too_many.vcf", 0,
	 "22:16050075: columns: 2518, but the header has 2513: ' 0|0 0|0 0|0 0|0 0|0 0|0 0|0 0|0 "
	 "0|0 0|0'"},
	{"crlf.vcf", 50, NULL},
	{"dup_records.vcf", 4, NULL},
	{"dup_samples.vcf", 0, "a sample is there twice in the #CHROM line: 'HG00096'"},
	{"empty.vcf", 0, "the file is empty"},
	{"empty.vcf.gz", 0, "the file is empty"},
	{"gzip_two_members_plus_garbage.vcf.gz", 1747,
	 "after 22:16205354: bytes that are not gzip follow the compressed data"},
	{"header_only.vcf", 0, NULL},
	{"no_fileformat.vcf", 0,
	 "not a VCF: the first line is not ##fileformat=VCF but: "
	 "'##FILTER=<ID=PASS,Description=\"All fi...'"},
	{"no_header.vcf", 0,
	 "not a VCF: the first line is not ##fileformat=VCF but: '22 16050075 rs587697622 A G 100 "
	 "PASS ...'"},
	{"no_trailing_newline.vcf", 50, NULL},
	{"nul_bytes.vcf", 0,
	 "22:16050075: a NUL byte in the line: '587697622 A G 100 PA?S AC=1;AF=0.0001...'"},
	{"plain_gzip.vcf.gz", 1747, NULL},
	{"random_bytes.bcf", 0, "not a VCF: the first line is not ##fileformat=VCF but: "},
	{"random_bytes.vcf.gz", 0, "not a VCF: the first line is not ##fileformat=VCF but: "},
	{"rec_alt_70000.vcf", 5, NULL},
	{"rec_alt_empty.vcf", 5, NULL},
	{"rec_chrom_empty.vcf", 2,
	 ":16050075: CHROM is empty: ' 16050075 rs587697622 A G 100 PASS AC...'"},
	{"rec_chrom_long.vcf", 5, NULL},
	{"rec_format_no_gt.vcf", 5, NULL},
	{"rec_gt_huge.vcf", 5, NULL},
	{"rec_info_dup_AC.vcf", 5, NULL},
	{"rec_pos_float.vcf", 2, "22:1.6e7: POS is not a position: '1.6e7'"},
	{"rec_pos_negative.vcf", 2, "22:-5: POS is not a position: '-5'"},
	{"rec_pos_overflow32.vcf", 5, NULL},
	{"rec_pos_overflow64.vcf", 2,
	 "22:99999999999999999999: POS is not a position: '99999999999999999999'"},
	{"rec_pos_text.vcf", 2, "22:abc: POS is not a position: 'abc'"},
	{"rec_pos_zero.vcf", 5, NULL},
	{"rec_ref_empty.vcf", 5, NULL},
	{"spaces_not_tabs.vcf", 0,
	 "columns: 1, but the header has 2513: '22 16050075 rs587697622 A G 100 PASS ...'"},
	{"truncated_last_line.vcf", 50,
	 "22:16051926: columns: 722, but the header has 2513: '0 0|0 0|0 0|0 0|0 0|1 0|0 0|0 0|0 "
	 "0|0 0|'"},
	{"utf8_bom.vcf", 0, "a byte order mark stands before ##fileformat=VCF"},
};

static void check_bad(const struct bad *bad, size_t unit_bytes)
{
	struct vx_source *source = NULL;
	struct vidx_error err = {0};
	char path[300], want[400];
	uint64_t n = 0;
	int rc;

	snprintf(path, sizeof path, SHARED "bad/%s", bad->name);
	rc = vx_source_open(path, &source, &err);
	if (rc == 0) {
		if (unit_bytes)
			vx_source_set_unit_bytes(source, unit_bytes);
		n = read_all(source, NULL, NULL, &rc, &err);
	}
	ck_assert_uint_eq(n, bad->n_records);
	if (bad->text) {
		ck_assert_int_eq(rc, VIDX_EBADINPUT);
		snprintf(want, sizeof want, "%s: %s", path, bad->text);
		ck_assert_msg(strncmp(err.text, want, strlen(want)) == 0, "'%s', not '%s'",
			      err.text, want);
		ck_assert_ptr_null(strchr(err.text, '\n'));
	} else {
		ck_assert_msg(rc == VIDX_END, "%s: %s", path, err.text);
	}
	vx_source_close(source);
}

START_TEST(bad_files)
{
	if (!shared_has("bad/base.bcf"))
		return;
	check_bad(&bads[_i], 0);
	check_bad(&bads[_i], 4096);
}
END_TEST

START_TEST(cannot_open)
{
	struct vx_source *source = NULL;
	struct vidx_error err = {0};

	ck_assert_int_eq(vx_source_open("tests/no/such/file.vcf", &source, &err), VIDX_EIO);
	ck_assert_str_eq(err.text,
			 "tests/no/such/file.vcf: cannot open: No such file or directory");
	memset(&err, 0, sizeof err);
	ck_assert_int_eq(vx_source_open("tests", &source, &err), VIDX_EIO);
	ck_assert_str_eq(err.text, "tests: cannot read: Is a directory");
	ck_assert_ptr_null(source);
}
END_TEST

#define HEADER "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"

static struct vx_buf make_bgzf(int n_lines, size_t block)
{
	struct vx_buf text, file;

	vx_buf_init(&text);
	vx_buf_init(&file);
	vx_buf_adds(&text, HEADER);
	for (int i = 1; i <= n_lines; i++)
		vx_buf_addf(&text, "3\t%d\t.\tA\tC\t.\t.\tAC=%d\n", i, i * 7919 % 1009);
	bgzf_pack(&file, text.p, text.len, block);
	vx_buf_release(&text);
	return file;
}

/* Reads file; what came out must be the first records of the whole, then a failure or all. */
static int read_prefix(const void *p, size_t len, uint64_t *n_ret, struct vidx_error *err)
{
	struct vx_source *source;
	int rc = open_bytes(p, len, &source, err);

	*n_ret = 0;
	if (rc != 0)
		return rc;
	vx_source_set_unit_bytes(source, 300);
	*n_ret = read_all(source, NULL, NULL, &rc, err);
	vx_source_close(source);
	return rc;
}

START_TEST(cut_anywhere)
{
	struct vx_buf file = make_bgzf(200, 150);
	struct vidx_error err;
	uint64_t n, last = 0;

	for (size_t len = 0; len < file.len; len++) {
		ck_assert_int_eq(read_prefix(file.p, len, &n, &err), VIDX_EBADINPUT);
		ck_assert_uint_ge(n, last);
		last = n;
	}
	ck_assert_int_eq(read_prefix(file.p, file.len, &n, &err), VIDX_END);
	ck_assert_uint_eq(n, 200);
	vx_buf_release(&file);
}
END_TEST

/* Of the gzip header's bytes five carry nothing that is checked: time, extra flags, system. */
START_TEST(flipped_anywhere)
{
	struct vx_buf file = make_bgzf(60, 150);
	struct vidx_error err;
	uint64_t n;
	int n_passed = 0;

	for (size_t at = 0; at < file.len; at++) {
		for (int bit = 0; bit < 8; bit++) {
			int rc;

			file.p[at] ^= (uint8_t)(1 << bit);
			rc = read_prefix(file.p, file.len, &n, &err);
			ck_assert_msg(rc == VIDX_EBADINPUT || (rc == VIDX_END && n == 60),
				      "byte %zu bit %d: %d, %zu records", at, bit, rc, (size_t)n);
			n_passed += rc == VIDX_END;
			file.p[at] ^= (uint8_t)(1 << bit);
		}
	}
	ck_assert_msg(n_passed < (int)file.len * 2, "%d flips passed", n_passed);
	vx_buf_release(&file);
}
END_TEST

START_TEST(end_blocks)
{
	struct vx_buf file = make_bgzf(20, 150), twice;
	struct vidx_error err;
	uint64_t n;

	/* An end block in the middle is no end. */
	vx_buf_init(&twice);
	vx_buf_add(&twice, file.p, file.len);
	bgzf_block(&twice, "3\t999\t.\tA\tC\t.\t.\t.\n", 18);
	ck_assert_int_eq(read_prefix(twice.p, twice.len, &n, &err), VIDX_EBADINPUT);
	ck_assert_ptr_nonnull(
		strstr(err.text, "test: after 3:999: the file is cut short: no bgzf end block"));
	bgzf_block(&twice, NULL, 0);
	ck_assert_int_eq(read_prefix(twice.p, twice.len, &n, &err), VIDX_END);
	ck_assert_uint_eq(n, 21);
	vx_buf_adds(&twice, "hello");
	ck_assert_int_eq(read_prefix(twice.p, twice.len, &n, &err), VIDX_EBADINPUT);
	ck_assert_uint_eq(n, 21);
	ck_assert_ptr_nonnull(
		strstr(err.text, "test: after 3:999: something follows the bgzf end block"));
	vx_buf_release(&twice);
	vx_buf_release(&file);
}
END_TEST

/* A line longer than any is refused, from little memory's worth of file; shorter ones pass. */
START_TEST(very_long_lines)
{
	size_t len = _i ? (size_t)20 << 20 : VX_LINE_MAX + 4000, piece = 65000;
	char *zeros = malloc(piece);
	struct vidx_error err;
	struct vx_buf file;
	uint64_t n;
	int rc;

	ck_assert_ptr_nonnull(zeros);
	memset(zeros, 'A', piece);
	vx_buf_init(&file);
	bgzf_block(&file, HEADER "5\t77\t.\t", sizeof HEADER "5\t77\t.\t" - 1);
	for (size_t at = 0; at < len; at += piece)
		bgzf_block(&file, zeros, piece);
	bgzf_block(&file, "\tC\t.\t.\t.\n", 9);
	bgzf_block(&file, NULL, 0);
	ck_assert_uint_lt(file.len, (size_t)4 << 20);
	{
		struct vx_source *source;

		ck_assert_int_eq(open_bytes(file.p, file.len, &source, &err), 0);
		n = read_all(source, NULL, NULL, &rc, &err);
		vx_source_close(source);
	}
	if (_i) {
		ck_assert_int_eq(rc, VIDX_END);
		ck_assert_uint_eq(n, 1);
	} else {
		ck_assert_int_eq(rc, VIDX_EBADINPUT);
		ck_assert_ptr_nonnull(strstr(
			err.text, "test: 5:77: a line of more than 268435456 bytes: '5 77 . AAA"));
	}
	vx_buf_release(&file);
	free(zeros);
}
END_TEST

Suite *input_damage_suite(void);
Suite *input_damage_suite(void)
{
	Suite *suite = suite_create("input_damage");
	TCase *tc = tcase_create("damage");

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, bad_files, 0, (int)(sizeof bads / sizeof *bads));
	tcase_add_test(tc, cannot_open);
	tcase_add_test(tc, cut_anywhere);
	tcase_add_test(tc, flipped_anywhere);
	tcase_add_test(tc, end_blocks);
	tcase_add_loop_test(tc, very_long_lines, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}
