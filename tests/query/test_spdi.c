#include "query/spdi.h"

#include "base/pos.h"

#include <check.h>
#include <string.h>

Suite *query_spdi_suite(void);

static const struct {
	const char *text, *contig;
	uint64_t beg0, end0;
	const char *del, *ins; /* del NULL: only its length is known */
} good[] = {
	{"NC_000001.11:55051214:G:GA", "NC_000001.11", 55051214, 55051215, "G", "GA"},
	{"NC_000001.11:55051214:1:GA", "NC_000001.11", 55051214, 55051215, NULL, "GA"},
	{"NC_000001.11:55051214::A", "NC_000001.11", 55051214, 55051214, "", "A"},
	{"NC_000001.11:55051214:0:A", "NC_000001.11", 55051214, 55051214, NULL, "A"},
	{"NC_000001.11:0:ACGT:", "NC_000001.11", 0, 4, "ACGT", ""},
	{"NC_000001.11:0:12:", "NC_000001.11", 0, 12, NULL, ""},
	{"NC_012920.1:5:t:c", "NC_012920.1", 5, 6, "t", "c"},
	{"CM000663.2:5:T:C", "CM000663.2", 5, 6, "T", "C"},
	{"NT_187361.1:5:T:C", "NT_187361.1", 5, 6, "T", "C"},
};

static const char *const bad[] = {
	"NC_000001.11:x:G:A",
	"NC_000001.11::G:A",
	"NC_000001.11:-1:G:A",
	"NC_000001.11:5::",
	"NC_000001.11:5:0:",
	"NC_000001.11:5:G:1",
	"NC_000001.11:5:1A:C",
	"NC_000001.11:5:N:<DEL>",
	"NC_000001.11:5:99999999999999999999:",
	"NC_000001.11:1099511627775:G:A",
	"NC_000001.11:1099511627774:2:A",
};

/* For CHROM:POS:REF:ALT, HGVS, places and IDs to read. */
static const char *const other[] = {
	"",
	":",
	":::",
	"chr1:55051215:G:GA",
	"1:5:G:A",
	"NC_000001:5:G:A",
	"NC_.11:5:G:A",
	"NC_000001.:5:G:A",
	"nc_000001.11:5:G:A",
	"GL000192.1:5:G:A",
	"NC_000001.11:55051215",
	"NC_000001.11:5:G",
	"NC_000001.11:5:G:A:C",
	"NC_000001.11-55051215-G-GA",
	"NC_000001.11:g.55051215G>GA",
	"rs123",
};

static void ck_text(struct vx_slice got, const char *wanted)
{
	if (!wanted)
		ck_assert_ptr_null(got.p);
	else
		ck_assert_msg(vx_slice_is(got, wanted), "'%.*s' and not '%s'", (int)got.len,
			      got.p ? got.p : "", wanted);
}

START_TEST(reads)
{
	struct vx_change change;

	ck_assert_int_eq(vx_spdi_parse(vx_slice_str(good[_i].text), &change, NULL), 0);
	ck_text(change.contig, good[_i].contig);
	ck_assert_uint_eq(change.beg0, good[_i].beg0);
	ck_assert_uint_eq(change.end0, good[_i].end0);
	ck_text(change.del, good[_i].del);
	ck_text(change.ins, good[_i].ins);
	ck_assert_int_eq(change.is_dup, 0);
}
END_TEST

START_TEST(refuses)
{
	struct vx_change change;
	struct vidx_error err = {0};

	ck_assert_int_eq(vx_spdi_parse(vx_slice_str(bad[_i]), &change, &err), VIDX_EUSAGE);
	ck_assert_ptr_nonnull(strstr(err.text, bad[_i]));
	ck_assert_ptr_nonnull(strstr(err.text, "SPDI: "));
}
END_TEST

START_TEST(leaves_alone)
{
	struct vx_change change;
	struct vidx_error err = {0};

	ck_assert_msg(vx_spdi_parse(vx_slice_str(other[_i]), &change, &err) == VIDX_ABSENT, "%s",
		      other[_i]);
	ck_assert_int_eq(err.status, 0);
}
END_TEST

Suite *query_spdi_suite(void)
{
	Suite *s = suite_create("query_spdi");
	TCase *t = tcase_create("spdi");

	tcase_add_loop_test(t, reads, 0, sizeof(good) / sizeof(*good));
	tcase_add_loop_test(t, refuses, 0, sizeof(bad) / sizeof(*bad));
	tcase_add_loop_test(t, leaves_alone, 0, sizeof(other) / sizeof(*other));
	suite_add_tcase(s, t);
	return s;
}
