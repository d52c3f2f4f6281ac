/* BCF records built by hand, so that each of their parts can be wrong. */
#include "input/support.h"

#define TEXT                                                                                       \
	"##fileformat=VCFv4.2\n##FILTER=<ID=PASS,Description=\"x\">\n##FILTER=<ID=q10>\n"          \
	"##INFO=<ID=AC,Number=A>\n##INFO=<ID=END,Number=1>\n##INFO=<ID=DB,Number=0>\n"             \
	"##FORMAT=<ID=DP,Number=1>\n##FORMAT=<ID=GT,Number=1>\n"                                   \
	"##contig=<ID=one>\n##contig=<ID=two,IDX=5>\n"                                             \
	"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
enum { Q10 = 1, AC, END, DB, DP, GT };

static void add32(struct vx_buf *buf, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		vx_buf_addc(buf, (int)(v >> (8 * i) & 255));
}

static void add_header(struct vx_buf *file, const char *samples)
{
	vx_buf_init(file);
	vx_buf_add(file, "BCF\2\2", 5);
	add32(file, (uint32_t)(strlen(TEXT) + strlen(samples) + 2));
	vx_buf_adds(file, TEXT);
	vx_buf_adds(file, samples);
	vx_buf_add(file, "\n", 2);
}

/* A record with these parts: counts are n_info, n_allele, n_sample, n_fmt. */
struct parts {
	uint32_t contig, pos0, counts[4];
	const char *shared;
	size_t n_shared;
	const char *individual;
	size_t n_individual;
};

static void add_record(struct vx_buf *file, const struct parts *p)
{
	add32(file, (uint32_t)(24 + p->n_shared));
	add32(file, (uint32_t)p->n_individual);
	add32(file, p->contig);
	add32(file, p->pos0);
	add32(file, 1);
	add32(file, 0x7f800001);
	add32(file, p->counts[0] | p->counts[1] << 16);
	add32(file, p->counts[2] | p->counts[3] << 24);
	vx_buf_add(file, p->shared, p->n_shared);
	vx_buf_add(file, p->individual, p->n_individual);
}

#define BYTES(text) text, sizeof(text) - 1

static struct vx_source *source;
static struct vx_unit *unit;
static struct vx_record r;
static struct vidx_error err;
static struct vx_wanted *wanted;

static void start(struct vx_buf *file)
{
	struct vx_slice keys[] = {vx_slice_str("DB"), vx_slice_str("AC"), vx_slice_str("nope")};

	ck_assert_int_eq(vx_wanted_new(keys, 3, &wanted, &err), 0);
	ck_assert_int_eq(open_bytes(file->p, file->len, &source, &err), 0);
	ck_assert_int_eq(vx_unit_new(&unit, &err), 0);
	ck_assert_int_eq(vx_source_next(source, unit, &err), 0);
	ck_assert_int_eq(vx_unit_load(unit, &err), 0);
}

static int next(void)
{
	return vx_unit_next(unit, wanted, &r, &err);
}

static void finish(struct vx_buf *file)
{
	vx_unit_free(unit);
	vx_source_close(source);
	vx_wanted_free(wanted);
	vx_buf_release(file);
}

static const struct parts good = {
	5,
	99,
	{3, 3, 2, 2},
	/* ID, REF, two ALTs, FILTER q10 and PASS, AC=1,300 as int16, END=200, flag DB */
	BYTES("\x37rs1\x17"
	      "A\x17"
	      "C\x57<DEL>\x21\x01\x00"
	      "\x11\x02\x22\x01\x00\x2c\x01\x11\x03\x12\xc8\x00\x11\x04\x00"),
	/* DP: 7, missing; GT: 0|1, 2 */
	BYTES("\x11\x05\x11\x07\x80\x11\x06\x21\x02\x05\x06\x81"),
};

START_TEST(whole_record)
{
	struct parts p = good;
	struct vx_buf file;
	int64_t v;

	add_header(&file, "\tFORMAT\ta\tb");
	add_record(&file, &p);
	p.pos0 = UINT32_MAX; /* the telomere: POS 0 */
	add_record(&file, &p);
	start(&file);
	ck_assert_int_eq(next(), 0);
	ck_assert(vx_slice_is(r.chrom, "two"));
	ck_assert_uint_eq(r.pos1, 100);
	ck_assert(vx_slice_is(r.id, "rs1"));
	ck_assert(vx_slice_is(r.ref, "A"));
	ck_assert_uint_eq(r.n_alts, 2);
	ck_assert(vx_slice_is(r.alts[0], "C"));
	ck_assert(vx_slice_is(r.alts[1], "<DEL>"));
	ck_assert(vx_slice_is(r.filter, "q10;PASS"));
	ck_assert_ptr_nonnull(r.info[0].p);
	ck_assert_uint_eq(vx_info_length(&r.info[0]), 0);
	ck_assert_uint_eq(vx_info_length(&r.info[1]), 2);
	ck_assert_int_eq(vx_info_int(&r.info[1], 1, &v), 1);
	ck_assert_int_eq(v, 300);
	ck_assert_ptr_null(r.info[2].p);
	ck_assert_int_eq(vx_info_int(&r.end, 0, &v), 1);
	ck_assert_int_eq(v, 200);
	ck_assert_ptr_null(r.svlen.p);
	ck_assert_int_eq(r.gt_form, VX_GT_BCF);
	ck_assert_uint_eq(r.n_samples, 2);
	ck_assert_uint_eq(r.gt_type, 1);
	ck_assert_uint_eq(r.gt_width, 2);
	ck_assert_int_eq(memcmp(r.gt, "\x02\x05\x06\x81", 4), 0);
	ck_assert_int_eq(next(), 0);
	ck_assert_uint_eq(r.pos1, 0);
	ck_assert_int_eq(next(), VIDX_END);
	finish(&file);
}
END_TEST

/* Missing ID and FILTER, no ALT, no INFO, no samples' values. */
START_TEST(bare_record)
{
	struct parts p = {0, 0, {0, 1, 0, 0}, BYTES("\x07\x17N\x00"), BYTES("")};
	struct vx_buf file;

	add_header(&file, "");
	add_record(&file, &p);
	p.shared = "\x17.\x27NN\x11\x00";
	p.n_shared = 7;
	add_record(&file, &p);
	start(&file);
	ck_assert_int_eq(next(), 0);
	ck_assert(vx_slice_is(r.chrom, "one"));
	ck_assert_uint_eq(r.pos1, 1);
	ck_assert_uint_eq(r.id.len, 0);
	ck_assert_uint_eq(r.n_alts, 0);
	ck_assert(vx_slice_is(r.filter, "."));
	ck_assert_int_eq(r.gt_form, VX_GT_NONE);
	ck_assert_int_eq(next(), 0);
	ck_assert_uint_eq(r.id.len, 0);
	ck_assert(vx_slice_is(r.ref, "NN"));
	ck_assert(vx_slice_is(r.filter, "PASS"));
	ck_assert_int_eq(next(), VIDX_END);
	finish(&file);
}
END_TEST

struct change {
	size_t at; /* byte of the record */
	uint8_t byte;
	const char *text;
};

/* 32 is the first byte behind the fixed part. */
static const struct change changes[] = {
	{8, 1, "test: after two:100: contig number 1 or position 99 of the record is outside"},
	{8, 200, "test: after two:100: contig number 200"},
	{11, 255, "test: after two:100: contig number -16777211"},
	{15, 255, "test: after two:100: contig number 5 or position -16777117"},
	{26, 200, "test: two:100: the alleles of the record are damaged"},
	{24, 4, "test: two:100: INFO is damaged"},
	{28, 3, "test: two:100: 3 samples, not 2 as in the header"},
	{31, 3, "test: two:100: the genotypes of the record are damaged"},
	{32, 0x35, "test: two:100: the ID of the record is damaged"},
	{32, 0xf7, "test: two:100: the ID of the record is damaged"},
	{36, 0x18, "test: two:100: the alleles of the record are damaged"},
	{46, 0x25, "test: two:100: FILTER is damaged"},
	{47, 9, "test: two:100: FILTER is damaged"},
	{47, 0x80, "test: two:100: FILTER is damaged"},
	{50, 99, "test: two:100: INFO is damaged"},
	{51, 0xe2, "test: two:100: INFO is damaged"},
	{66, 7, "test: two:100: the genotypes of the record are damaged"},
	{71, 0x25, "test: two:100: the genotypes of the record are damaged"},
	{71, 0xe1, "test: two:100: the genotypes of the record are damaged"},
	{0, 1, "test: after two:100: the size of the next record is impossible"},
	{3, 255, "test: after two:100: the size of the next record is impossible"},
	{0, 255, "test: after two:100: the last record is cut short"},
};

START_TEST(changed_record)
{
	const struct change *c = &changes[_i];
	struct vx_buf file;
	size_t at;

	add_header(&file, "\tFORMAT\ta\tb");
	add_record(&file, &good);
	at = file.len;
	add_record(&file, &good);
	file.p[at + c->at] = c->byte;
	start(&file);
	ck_assert_int_eq(next(), 0);
	ck_assert_int_eq(next(), VIDX_EBADINPUT);
	ck_assert_msg(strncmp(err.text, c->text, strlen(c->text)) == 0, "'%s', not '%s'", err.text,
		      c->text);
	finish(&file);
}
END_TEST

/* Records cut by units of every size, in blocks of every size. */
START_TEST(cut_by_units)
{
	struct vx_buf plain, file, want, got;
	struct parts p = good;
	int rc;

	add_header(&plain, "\tFORMAT\ta\tb");
	vx_buf_init(&want);
	for (uint32_t i = 0; i < 50; i++) {
		p.pos0 = i;
		add_record(&plain, &p);
		vx_buf_addf(&want, "two %u rs1 A,C,<DEL> q10;PASS 1\n", i + 1);
	}
	for (size_t unit_bytes = 1; unit_bytes < 2000; unit_bytes = unit_bytes * 3 / 2 + 1) {
		for (size_t block = 3; block < 3000; block = block * 5 / 2) {
			vx_buf_init(&file);
			vx_buf_init(&got);
			bgzf_pack(&file, plain.p, plain.len, block);
			ck_assert_int_eq(open_bytes(file.p, file.len, &source, &err), 0);
			vx_source_set_unit_bytes(source, unit_bytes);
			ck_assert_uint_eq(read_all(source, NULL, &got, &rc, &err), 50);
			ck_assert_int_eq(rc, VIDX_END);
			ck_assert_uint_eq(got.len, want.len);
			ck_assert_int_eq(memcmp(got.p, want.p, want.len), 0);
			vx_source_close(source);
			vx_buf_release(&file);
			vx_buf_release(&got);
		}
	}
	vx_buf_release(&plain);
	vx_buf_release(&want);
}
END_TEST

/* Where the last unit ends inside a record, at any byte. */
START_TEST(cut_short)
{
	struct vx_buf file;
	size_t first;

	add_header(&file, "\tFORMAT\ta\tb");
	add_record(&file, &good);
	first = file.len;
	add_record(&file, &good);
	for (size_t len = first + 1; len < file.len; len++) {
		uint64_t n;
		int rc;

		ck_assert_int_eq(open_bytes(file.p, len, &source, &err), 0);
		n = read_all(source, NULL, NULL, &rc, &err);
		ck_assert_uint_eq(n, 1);
		ck_assert_int_eq(rc, VIDX_EBADINPUT);
		ck_assert_str_eq(err.text, "test: after two:100: the last record is cut short");
		vx_source_close(source);
	}
	vx_buf_release(&file);
}
END_TEST

START_TEST(bad_header)
{
	struct vx_buf file;

	add_header(&file, "");
	for (size_t len = 1; len < file.len; len++) {
		ck_assert_int_eq(open_bytes(file.p, len, &source, &err), VIDX_EBADINPUT);
		ck_assert_int_eq(strncmp(err.text, "test: ", 6), 0);
	}
	file.p[8] = 0x7f;
	ck_assert_int_eq(open_bytes(file.p, file.len, &source, &err), VIDX_EBADINPUT);
	ck_assert_str_eq(err.text, "test: the header is longer than 268435456 bytes");
	file.p[4] = 4;
	ck_assert_int_eq(open_bytes(file.p, file.len, &source, &err), VIDX_EBADINPUT);
	ck_assert_str_eq(err.text, "test: BCF version 2.4 is not known");
	vx_buf_release(&file);
}
END_TEST

Suite *input_bcf_suite(void);
Suite *input_bcf_suite(void)
{
	Suite *suite = suite_create("input_bcf");
	TCase *tc = tcase_create("bcf");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, whole_record);
	tcase_add_test(tc, bare_record);
	tcase_add_loop_test(tc, changed_record, 0, (int)(sizeof changes / sizeof *changes));
	tcase_add_test(tc, cut_by_units);
	tcase_add_test(tc, cut_short);
	tcase_add_test(tc, bad_header);
	suite_add_tcase(suite, tc);
	return suite;
}
