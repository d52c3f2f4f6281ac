/* Which INFO is kept, and what of a record's values goes with each ALT. */
#include "base/text.h"
#include "cohort/keeprow.h"

#include <check.h>
#include <stdio.h>

static void header_of(struct vx_header *header, struct vx_header_field *field, const char *lines)
{
	struct vx_slice rest = vx_slice_str(lines), line;

	memset(header, 0, sizeof *header);
	header->infos = field;
	while (vx_split(&rest, ';', &line)) {
		struct vx_header_field *f = &field[header->n_infos++];

		vx_split(&line, ' ', &f->id);
		vx_split(&line, ' ', &f->number);
		if (!vx_split(&line, ' ', &f->type))
			f->type = vx_slice("", 0);
		f->description = vx_slice_str("about it");
	}
}

static int declare(struct vx_keep *keep, const char *lines, const char *path,
		   struct vidx_error *err)
{
	struct vx_header_field field[16];
	struct vx_header header;

	header_of(&header, field, lines);
	return vx_keep_declare(keep, &header, path, err);
}

START_TEST(lists)
{
	static const char *const bad[] = {"", "A,", ",A", "A,,B", "A,B,A"};
	struct vidx_error err = {0, ""};
	struct vx_keep keep;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		err.status = 0;
		vx_keep_init(&keep);
		ck_assert_int_eq(vx_keep_list(&keep, bad[i], &err), VIDX_EUSAGE);
		vx_keep_release(&keep);
	}
	ck_assert_ptr_nonnull(strstr(err.text, "'A'"));
	vx_keep_init(&keep);
	ck_assert_int_eq(vx_keep_list(&keep, "B,A", &err), 0);
	ck_assert_uint_eq(keep.n, 2);
	ck_assert_str_eq(keep.key[0].name, "B");
	ck_assert_str_eq(keep.key[1].name, "A");
	vx_keep_release(&keep);
}
END_TEST

START_TEST(headers)
{
	static const char *const names[] = {"ALL", "EUR"};
	static const char *const taken[] = {"AC", "AF_EUR", "het", "END", "AN_ALL"};
	struct vx_groups groups;
	struct vidx_error err = {0, ""};
	struct vx_keep keep;

	ck_assert_int_eq(vx_groups_build(&groups, names, 2, NULL, NULL, 0, NULL), 0);
	vx_keep_init(&keep);
	ck_assert_int_eq(vx_keep_list(&keep, "DP,vep,AC_raw", &err), 0);
	/* A key that only a record has is none that a header declares. */
	ck_assert_int_eq(declare(&keep, "DP 1 Integer;vep .", "a.vcf", &err), 0);
	ck_assert_int_eq(vx_keep_check(&keep, &groups, &err), VIDX_EUSAGE);
	ck_assert_ptr_nonnull(strstr(err.text, "'vep'"));
	ck_assert_int_eq(declare(&keep, "DP 1 Integer;vep . Odd;AC_raw A Integer", "b.vcf", &err),
			 0);
	ck_assert_int_eq(vx_keep_check(&keep, &groups, &err), 0);
	ck_assert_int_eq(keep.key[1].type, VX_KEEP_STRING);
	ck_assert_int_eq(keep.key[2].share, VX_KEEP_PER_ALT);
	err.status = 0;
	ck_assert_int_eq(declare(&keep, "DP 1 Float", "c.vcf", &err), VIDX_ECONFLICT);
	ck_assert_str_eq(err.text, "c.vcf: INFO DP has Number=1 and Type=Float, but in a.vcf "
				   "Number=1 and Type=Integer");
	ck_assert_int_eq(declare(&keep, "DP . Integer", "c.vcf", &err), VIDX_ECONFLICT);
	vx_keep_release(&keep);
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
		char line[64];

		vx_keep_init(&keep);
		snprintf(line, sizeof line, "%s 1 Integer", taken[i]);
		ck_assert_int_eq(vx_keep_list(&keep, taken[i], &err), 0);
		ck_assert_int_eq(declare(&keep, line, "a.vcf", &err), 0);
		ck_assert_int_eq(vx_keep_check(&keep, &groups, &err), VIDX_EUSAGE);
		vx_keep_release(&keep);
	}
	vx_groups_release(&groups);
}
END_TEST

START_TEST(descriptions)
{
	static const char *const texts[][2] = {
		{"", ""},       {"plain", "plain"}, {"\\\"x\\\" \\\\", "\"x\" \\"},
		{"\\d", "\\d"}, {"\\\\\"", "\\\""}, {"end\\", "end\\"}};
	struct vx_arena arena;

	vx_arena_init(&arena);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct vx_keep_key key = {.description = texts[i][0]};

		ck_assert_str_eq(vx_keep_describe(&key, &arena), texts[i][1]);
	}
	vx_arena_release(&arena);
}
END_TEST

START_TEST(bytes)
{
	struct vidx_error err = {0, ""};
	struct vx_keep keep, back;
	struct vx_buf out;

	vx_buf_init(&out);
	vx_keep_init(&keep);
	ck_assert_int_eq(vx_keep_list(&keep, "DP,lcr", &err), 0);
	ck_assert_int_eq(declare(&keep, "DP R Integer;lcr 0 Flag", "a.vcf", &err), 0);
	vx_keep_write(&keep, &out);
	vx_keep_init(&back);
	ck_assert_msg(vx_keep_read(&back, out.p, out.len, &err) == 0, "%s", err.text);
	ck_assert_uint_eq(back.n, 2);
	ck_assert_str_eq(back.key[0].name, "DP");
	ck_assert_str_eq(back.key[0].number, "R");
	ck_assert_str_eq(back.key[0].description, "about it");
	ck_assert_int_eq(back.key[0].share, VX_KEEP_PER_ALLELE);
	ck_assert_int_eq(back.key[1].type, VX_KEEP_FLAG);
	vx_keep_release(&back);
	for (size_t len = 0; len < out.len; len++) {
		vx_keep_init(&back);
		ck_assert_int_eq(vx_keep_read(&back, out.p, len, &err), VIDX_EBADINDEX);
		vx_keep_release(&back);
	}
	out.p[out.len - 1] = VX_KEEP_N_TYPES;
	vx_keep_init(&back);
	ck_assert_int_eq(vx_keep_read(&back, out.p, out.len, &err), VIDX_EBADINDEX);
	vx_keep_release(&back);
	vx_keep_release(&keep);
	vx_buf_release(&out);
}
END_TEST

/* One key, one value in text, the ALT asked for: the value kept, as text again; "-": left out. */
static void one(const char *declared, const char *value, uint32_t n_alts, uint32_t i_alt,
		const char *want)
{
	struct vx_info_value info = {value, (uint32_t)strlen(value), 0};
	struct vx_record record = {.n_alts = n_alts, .info = &info};
	struct vx_slice rest, got, item;
	struct vx_keep_fault fault;
	struct vx_keep keep;
	struct vx_buf out, text;
	uint32_t key, n_bad;
	char line[64];
	int64_t v = 0;

	vx_buf_init(&out);
	vx_buf_init(&text);
	vx_keep_init(&keep);
	snprintf(line, sizeof line, "K %s", declared);
	ck_assert_int_eq(vx_keep_list(&keep, "K", NULL), 0);
	ck_assert_int_eq(declare(&keep, line, "a.vcf", NULL), 0);
	n_bad = vx_keep_row(&keep, &record, i_alt, &out, &fault);
	rest = vx_slice((char *)out.p, out.len);
	if (n_bad) {
		ck_assert_str_eq(want, "-");
		ck_assert_ptr_eq(fault.key, &keep.key[0]);
		ck_assert_uint_eq(out.len, 0);
	} else {
		ck_assert_int_eq(vx_keep_next(&rest, &key, &got), 1);
		ck_assert_uint_eq(rest.len, 0);
		item = got;
		if (keep.key[0].type == VX_KEEP_STRING)
			vx_buf_add(&text, got.p, got.len);
		for (uint32_t i = 0; keep.key[0].type == VX_KEEP_INTEGER && item.len; i++) {
			int rc = vx_keep_int(&item, &v);

			vx_buf_adds(&text, i ? "," : "");
			ck_assert_int_ge(rc, 0);
			vx_buf_addf(&text, rc ? "%lld" : ".", (long long)v);
		}
		for (size_t i = 0; keep.key[0].type == VX_KEEP_FLOAT && i < got.len; i += 4)
			vx_buf_addf(&text, "%s%08x", i ? "," : "", vx_load32(got.p + i));
		ck_assert_msg(vx_slice_is(vx_slice((char *)text.p, text.len), want),
			      "%s '%s', ALT %u of %u: '%.*s', not '%s'", declared, value, i_alt,
			      n_alts, (int)text.len, (char *)text.p, want);
	}
	vx_keep_release(&keep);
	vx_buf_release(&out);
	vx_buf_release(&text);
}

START_TEST(values)
{
	one("1 Integer", "5", 2, 1, "5");
	one("1 Integer", "-4611686018427387904", 1, 0, "-4611686018427387904");
	one("1 Integer", "4611686018427387905", 1, 0, "-");
	one("1 Integer", ".", 1, 0, ".");
	one("1 Integer", "", 1, 0, "-");
	one("1 Integer", "1.5", 1, 0, "-");
	one("1 Integer", "1,2", 3, 0, "1,2");
	one("2 Integer", "1,.", 3, 0, "1,.");
	one("1 Integer", "1,", 3, 0, "-");
	one("A Integer", "1,.,3", 3, 1, ".");
	one("A Integer", "1,x,3", 3, 0, "1");
	one("A Integer", "1,x,3", 3, 1, "-");
	one("A Integer", "1,2", 3, 0, "-");
	one("A Integer", "1,2", 1, 0, "-");
	one("A Integer", ".", 3, 0, ".");
	one("R Integer", "9,1,2,3", 3, 2, "9,3");
	one("R Integer", "9,1,2", 3, 2, "-");
	one("G Integer", "0,1,2,3,4,5", 2, 0, "0,1,2");
	one("G Integer", "0,1,2,3,4,5", 2, 1, "0,3,5");
	one("G Integer", "0,1,2", 2, 1, "0,2");
	one("G Integer", "0,1", 2, 1, "-");
	one("1 Float", "0.1", 1, 0, "3dcccccd");
	one("1 Float", "-0", 1, 0, "80000000");
	one("1 Float", "1e-50", 1, 0, "00000000");
	one("1 Float", "1e50", 1, 0, "7f800000");
	one("1 Float", "-inf", 1, 0, "ff800000");
	one("1 Float", "-nan", 1, 0, "7fc00000");
	one("1 Float", ".", 1, 0, "7f800001");
	one("1 Float", "1.2.3", 1, 0, "-");
	one("A Float", "1,2", 2, 1, "40000000");
	one("1 String", "", 1, 0, "");
	one("1 String", "a,b%2C", 2, 0, "a,b%2C");
	one("A String", "a,,c", 3, 1, "");
	one("A String", "a,b", 3, 1, "-");
	one("R String", "r,a,b", 2, 1, "r,b");
	one("A String", ".", 2, 1, ".");
}
END_TEST

/* The same out of the typed arrays of BCF. */
START_TEST(typed)
{
	static const int16_t ints[] = {7, INT16_MIN, -300, INT16_MIN + 1};
	static const uint32_t floats[] = {0x7f800001, 0x7fa00000, 0x3f800000, 0x7f800002};
	struct vx_info_value info[3] = {
		{(const char *)ints, 4, 2}, {(const char *)floats, 4, 5}, {"a;b", 3, 7}};
	struct vx_record record = {.n_alts = 2, .info = info};
	struct vx_slice rest, value;
	struct vx_keep_fault fault;
	struct vx_keep keep;
	struct vx_buf out;
	uint32_t key;
	int64_t v;

	vx_buf_init(&out);
	vx_keep_init(&keep);
	ck_assert_int_eq(vx_keep_list(&keep, "I,F,S", NULL), 0);
	ck_assert_int_eq(declare(&keep, "I R Integer;F R Float;S 1 String", "a.bcf", NULL), 0);
	keep.key[1].at = 1;
	keep.key[2].at = 2;
	/* A ';' would end the value in VCF. */
	ck_assert_uint_eq(vx_keep_row(&keep, &record, 1, &out, &fault), 1);
	ck_assert_ptr_eq(fault.key, &keep.key[2]);
	rest = vx_slice((char *)out.p, out.len);
	ck_assert_int_eq(vx_keep_next(&rest, &key, &value), 1);
	ck_assert_uint_eq(vx_keep_count(VX_KEEP_INTEGER, value), 2);
	ck_assert_int_eq(vx_keep_int(&value, &v), 1);
	ck_assert_int_eq(v, 7);
	ck_assert_int_eq(vx_keep_int(&value, &v), 1);
	ck_assert_int_eq(v, -300);
	ck_assert_int_eq(vx_keep_int(&value, &v), -1);
	ck_assert_int_eq(vx_keep_next(&rest, &key, &value), 1);
	ck_assert_uint_eq(value.len, 8);
	ck_assert_uint_eq(vx_load32(value.p), VX_KEEP_FLOAT_MISSING);
	ck_assert_uint_eq(vx_load32(value.p + 4), 0x3f800000);
	ck_assert_int_eq(vx_keep_next(&rest, &key, &value), 0);
	ck_assert_uint_eq(vx_keep_row(&keep, &record, 0, &out, &fault), 1);
	rest = vx_slice((char *)out.p, out.len);
	ck_assert_int_eq(vx_keep_next(&rest, &key, &value), 1);
	ck_assert_int_eq(vx_keep_int(&value, &v), 1);
	ck_assert_int_eq(vx_keep_int(&value, &v), 0);
	ck_assert_int_eq(vx_keep_next(&rest, &key, &value), 1);
	/* Whatever is not a number is one and the same. */
	ck_assert_uint_eq(vx_load32(value.p + 4), VX_KEEP_FLOAT_NAN);
	vx_keep_release(&keep);
	vx_buf_release(&out);
}
END_TEST

Suite *cohort_keep_suite(void);
Suite *cohort_keep_suite(void)
{
	Suite *s = suite_create("cohort_keep");
	TCase *t = tcase_create("keep");

	tcase_add_test(t, lists);
	tcase_add_test(t, headers);
	tcase_add_test(t, descriptions);
	tcase_add_test(t, bytes);
	tcase_add_test(t, values);
	tcase_add_test(t, typed);
	suite_add_tcase(s, t);
	return s;
}
