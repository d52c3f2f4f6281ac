#include "input/support.h"

#define FORMAT_LINE "##fileformat=VCFv4.2\n"
#define COLUMNS     "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"

static struct vx_source *source;
static struct vx_unit *unit;
static struct vx_record r;
static struct vidx_error err;

/* Opens a file of these lines and loads its only unit. */
static void start(const char *header, const char *lines)
{
	struct vx_buf text;

	vx_buf_init(&text);
	vx_buf_adds(&text, header);
	vx_buf_adds(&text, lines);
	ck_assert_int_eq(open_bytes(text.p, text.len, &source, &err), 0);
	vx_buf_release(&text);
	ck_assert_int_eq(vx_unit_new(&unit, &err), 0);
	ck_assert_int_eq(vx_source_next(source, unit, &err), 0);
	ck_assert_int_eq(vx_unit_load(unit, &err), 0);
}

static int next(void)
{
	return vx_unit_next(unit, NULL, &r, &err);
}

static void finish(void)
{
	vx_unit_free(unit);
	vx_source_close(source);
}

static void is(struct vx_slice got, const char *want)
{
	ck_assert_msg(vx_slice_is(got, want), "'%.*s', not '%s'", (int)got.len, got.p, want);
}

START_TEST(columns)
{
	start(FORMAT_LINE COLUMNS "\n", "1\t100\trs1;rs2\tA\tC,G,*\t9\tPASS\tAC=1\n"
					"chrUn\t0\t.\tac\t.\t.\t.\t.\r\n"
					"X\t1099511627774\t\t\t\t\t\t\n"
					"X\t7\t.\tA\tC,,\t.\tq;r\tEND=9");
	ck_assert_int_eq(next(), 0);
	is(r.chrom, "1"), is(r.id, "rs1;rs2"), is(r.ref, "A"), is(r.filter, "PASS");
	ck_assert_uint_eq(r.pos1, 100);
	ck_assert_uint_eq(r.n_alts, 3);
	is(r.alts[0], "C"), is(r.alts[1], "G"), is(r.alts[2], "*");
	ck_assert_int_eq(r.gt_form, VX_GT_NONE);
	ck_assert_uint_eq(r.number, 0);
	ck_assert_int_eq(next(), 0);
	is(r.chrom, "chrUn"), is(r.id, ""), is(r.ref, "ac"), is(r.filter, ".");
	ck_assert_uint_eq(r.pos1, 0);
	ck_assert_uint_eq(r.n_alts, 0);
	ck_assert_int_eq(next(), 0);
	ck_assert_uint_eq(r.pos1, UINT64_C(1099511627774));
	is(r.ref, ""), is(r.filter, "");
	ck_assert_uint_eq(r.n_alts, 1);
	is(r.alts[0], "");
	ck_assert_int_eq(next(), 0);
	ck_assert_uint_eq(r.n_alts, 3);
	is(r.alts[2], "");
	is(r.filter, "q;r");
	ck_assert_ptr_null(r.end.p);
	ck_assert_uint_eq(r.number, 3);
	ck_assert_int_eq(next(), VIDX_END);
	ck_assert_int_eq(next(), VIDX_END);
	ck_assert_int_eq(vx_source_next(source, unit, &err), VIDX_END);
	finish();
}
END_TEST

START_TEST(symbolic)
{
	int64_t v;

	start(FORMAT_LINE COLUMNS "\n", "1\t1\t.\tA\tC,<DEL>\t.\t.\tXEND=3;END=50;SVLEN=-49\n"
					"1\t1\t.\tA\t<DUP>\t.\t.\tSVLEN=5\n"
					"1\t1\t.\tA\tC\t.\t.\tEND=50\n");
	ck_assert_int_eq(next(), 0);
	ck_assert_int_eq(vx_info_int(&r.end, 0, &v), 1);
	ck_assert_int_eq(v, 50);
	ck_assert_int_eq(vx_info_int(&r.svlen, 0, &v), 1);
	ck_assert_int_eq(v, -49);
	ck_assert_int_eq(next(), 0);
	ck_assert_ptr_null(r.end.p);
	ck_assert_ptr_nonnull(r.svlen.p);
	ck_assert_int_eq(next(), 0);
	ck_assert_ptr_null(r.end.p);
	ck_assert_ptr_null(r.svlen.p);
	finish();
}
END_TEST

START_TEST(samples)
{
	start(FORMAT_LINE COLUMNS "\tFORMAT\ta\tb\n",
	      "1\t1\t.\tA\tC\t.\t.\t.\tGT\t0|1\t1\n"
	      "1\t2\t.\tA\tC\t.\t.\t.\tDP:GT:GTX\t3:0/1\t.\r\n"
	      "1\t3\t.\tA\tC\t.\t.\t.\tDP:GTX\t3\t4:5\n"
	      "1\t4\t.\tA\tC\t.\t.\t.\tGT:GT\t\t\n"
	      "1\t5\t.\tA\tC\t.\t.\t.\t.\t.\t.\n");
	ck_assert_int_eq(next(), 0);
	ck_assert_int_eq(r.gt_form, VX_GT_TEXT);
	ck_assert_uint_eq(r.n_samples, 2);
	ck_assert_uint_eq(r.gt_index, 0);
	ck_assert_uint_eq(r.n_format, 1);
	is(r.samples, "0|1\t1");
	ck_assert_int_eq(next(), 0);
	ck_assert_uint_eq(r.gt_index, 1);
	ck_assert_uint_eq(r.n_format, 3);
	is(r.samples, "3:0/1\t.");
	ck_assert_int_eq(next(), 0);
	ck_assert_int_eq(r.gt_form, VX_GT_NONE);
	ck_assert_int_eq(next(), 0);
	ck_assert_int_eq(r.gt_form, VX_GT_TEXT);
	ck_assert_uint_eq(r.gt_index, 0);
	is(r.samples, "\t");
	ck_assert_int_eq(next(), 0);
	ck_assert_int_eq(r.gt_form, VX_GT_NONE);
	ck_assert_int_eq(next(), VIDX_END);
	finish();
}
END_TEST

/* FORMAT declared but no sample: lines with and without it. */
START_TEST(format_without_samples)
{
	start(FORMAT_LINE COLUMNS "\tFORMAT\n",
	      "1\t1\t.\tA\tC\t.\t.\tX\tGT\n1\t2\t.\tA\tC\t.\t.\tX\n");
	ck_assert_int_eq(next(), 0);
	ck_assert_int_eq(r.gt_form, VX_GT_NONE);
	ck_assert_int_eq(next(), 0);
	ck_assert_int_eq(next(), VIDX_END);
	finish();
}
END_TEST

struct fault {
	int n_samples;
	const char *line, *text;
};

static const struct fault faults[] = {
	{0, "1\t2\t.\tA\tC\t.\t.\n",
	 "test: 1:2: columns: 7, but the header has 8: '1 2 . A C . .'"},
	{0, "1 2 . A C . . .\n",
	 "test: after 9:10: columns: 1, but the header has 8: '1 2 . A C . . .'"},
	{0, "1\t2\t.\tA\tC\t.\t.\t.\tGT\n",
	 "test: 1:2: columns: 9, but the header has 8: '1 2 . A C . . . GT'"},
	{0, "#CHROM\tPOS\n", "test: after 9:10: a header line among the records: '#CHROM POS'"},
	{0, "1\tabc\t.\tA\tC\t.\t.\t.\n", "test: 1:abc: POS is not a position: 'abc'"},
	{0, "1\t-5\t.\tA\tC\t.\t.\t.\n", "test: 1:-5: POS is not a position: '-5'"},
	{0, "1\t\t.\tA\tC\t.\t.\t.\n", "test: 1:: POS is not a position: ''"},
	{0, "1\t1099511627775\t.\tA\tC\t.\t.\t.\n",
	 "test: 1:1099511627775: POS is not a position: '1099511627775'"},
	{0, "\t5\t.\tA\tC\t.\t.\t.\n", "test: :5: CHROM is empty: ' 5 . A C . . .'"},
	{2, "1\t2\t.\tA\tC\t.\t.\t.\n",
	 "test: 1:2: columns: 8, but the header has 11: '1 2 . A C . . .'"},
	{2, "1\t2\t.\tA\tC\t.\t.\t.\tGT\t0/1\n",
	 "test: 1:2: columns: 10, but the header has 11: '1 2 . A C . . . GT 0/1'"},
	{2, "1\t2\t.\tA\tC\t.\t.\t.\tGT\t0\t0\t0\n",
	 "test: 1:2: columns: 12, but the header has 11: '1 2 . A C . . . GT 0 0 0'"},
};

START_TEST(refused)
{
	const struct fault *f = &faults[_i];

	char lines[400];

	snprintf(lines, sizeof lines, "9\t10\t.\tA\tC\t.\t.\t.%s\n%s7\t8\t.\tA\tC\t.\t.\t.\n",
		 f->n_samples ? "\tGT\t0\t0" : "", f->line);
	start(f->n_samples ? FORMAT_LINE COLUMNS "\tFORMAT\ta\tb\n" : FORMAT_LINE COLUMNS "\n",
	      lines);
	ck_assert_int_eq(next(), 0);
	ck_assert_int_eq(next(), VIDX_EBADINPUT);
	ck_assert_str_eq(err.text, f->text);
	ck_assert_int_eq(err.status, VIDX_EBADINPUT);
	ck_assert_int_eq(next(), VIDX_EBADINPUT);
	finish();
}
END_TEST

START_TEST(nul_byte)
{
	static const char text[] = FORMAT_LINE COLUMNS "\n1\t2\t.\tA\tC\t.\tPA\0S\t.\n";

	ck_assert_int_eq(open_bytes(text, sizeof text - 1, &source, &err), 0);
	ck_assert_int_eq(vx_unit_new(&unit, &err), 0);
	ck_assert_int_eq(vx_source_next(source, unit, &err), 0);
	ck_assert_int_eq(vx_unit_load(unit, &err), 0);
	ck_assert_int_eq(next(), VIDX_EBADINPUT);
	ck_assert_str_eq(err.text, "test: 1:2: a NUL byte in the line: '1 2 . A C . PA?S .'");
	finish();
}
END_TEST

/* Empty lines, also at the very start and end, are no records. */
START_TEST(empty_lines)
{
	struct vx_slice chrom;
	uint64_t pos1;

	start(FORMAT_LINE COLUMNS "\n",
	      "\n\r\n1\t1\t.\tA\tC\t.\t.\tX\n\n1\t2\t.\tA\tC\t.\t.\tX\n\n\r\n");
	ck_assert_int_eq(vx_source_first(source, &chrom, &pos1), 0);
	is(chrom, "1");
	ck_assert_int_eq(next(), 0);
	ck_assert_int_eq(next(), 0);
	ck_assert_uint_eq(r.pos1, 2);
	ck_assert_int_eq(next(), VIDX_END);
	finish();
}
END_TEST

/* An ALT list that makes the array grow. */
START_TEST(many_alts)
{
	struct vx_buf line;

	vx_buf_init(&line);
	vx_buf_adds(&line, "1\t2\t.\tA\tC");
	for (int i = 1; i < 70000; i++)
		vx_buf_adds(&line, ",C");
	vx_buf_add(&line, "\t.\t.\t.\n", sizeof "\t.\t.\t.\n");
	start(FORMAT_LINE COLUMNS "\n", (const char *)line.p);
	ck_assert_int_eq(next(), 0);
	ck_assert_uint_eq(r.n_alts, 70000);
	is(r.alts[69999], "C");
	vx_buf_release(&line);
	finish();
}
END_TEST

Suite *input_line_suite(void);
Suite *input_line_suite(void)
{
	Suite *suite = suite_create("input_line");
	TCase *tc = tcase_create("line");

	tcase_add_test(tc, columns);
	tcase_add_test(tc, symbolic);
	tcase_add_test(tc, samples);
	tcase_add_test(tc, format_without_samples);
	tcase_add_loop_test(tc, refused, 0, (int)(sizeof faults / sizeof *faults));
	tcase_add_test(tc, nul_byte);
	tcase_add_test(tc, empty_lines);
	tcase_add_test(tc, many_alts);
	suite_add_tcase(suite, tc);
	return suite;
}
