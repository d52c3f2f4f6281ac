/* The mate of a symbolic allele behind the text of its ALT. */
#include "allele/mate.h"
#include "base/pos.h"

#include <check.h>

static struct vx_arena arena;

static void open_arena(void)
{
	vx_arena_init(&arena);
}

static void close_arena(void)
{
	vx_arena_release(&arena);
}

static void check_slice(struct vx_slice got, const char *want)
{
	ck_assert_msg(vx_slice_is(got, want), "'%.*s' is not '%s'", (int)got.len, got.p, want);
}

START_TEST(joins_and_splits)
{
	static const struct vx_mate mates[] = {
		{{"chr5", 4}, 11870, {"+-", 2}},    {{"HLA-A*01:01:01:01", 17}, 1, {NULL, 0}},
		{{"2", 1}, 0, {"--", 2}},           {{"2", 1}, VX_POS0_MAX, {NULL, 0}},
		{{"with blank", 10}, 0, {NULL, 0}},
	};

	for (size_t i = 0; i < sizeof mates / sizeof *mates; i++) {
		struct vx_slice text = vx_mate_join(vx_slice_str("<BND:x>"), &mates[i], &arena);
		struct vx_mate mate;

		ck_assert_ptr_nonnull(text.p);
		check_slice(vx_mate_split(text, &mate), "<BND:x>");
		ck_assert(vx_slice_eq(mate.contig, mates[i].contig));
		ck_assert(mate.pos1 == mates[i].pos1);
		ck_assert(vx_slice_eq(mate.strands, mates[i].strands));
		check_slice(vx_mate_split(text, NULL), "<BND:x>");
	}
}
END_TEST

START_TEST(text_without_a_mate)
{
	static const char *const texts[] = {"",          "A",     "<DEL>",
					    "N[chr2:5[", "<BND>", "A\tchr1\t1\t."};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct vx_mate mate = {{"left", 4}, 7, {"over", 4}};

		check_slice(vx_mate_split(vx_slice_str(texts[i]), &mate), texts[i]);
		ck_assert(mate.contig.len == 0 && mate.pos1 == 0 && mate.strands.len == 0);
	}
}
END_TEST

/* A damaged index may hold anything: the mate is then none, and no tab is shown. */
START_TEST(text_that_is_no_mate)
{
	static const char *const texts[] = {"<X>\t",
					    "<X>\tc",
					    "<X>\tc\t1",
					    "<X>\t\t1\t.",
					    "<X>\tc\tz\t.",
					    "<X>\tc\t-1\t.",
					    "<X>\tc\t99999999999999\t."};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct vx_mate mate = {{"left", 4}, 7, {"over", 4}};

		check_slice(vx_mate_split(vx_slice_str(texts[i]), &mate), "<X>");
		ck_assert_msg(mate.contig.len == 0 && mate.pos1 == 0 && mate.strands.len == 0, "%s",
			      texts[i]);
	}
}
END_TEST

START_TEST(junctions)
{
	static const char *const yes[] = {"<BND>", "<CTX>", "<TRA>", "<CTX:x>", "<BND:a:b>"};
	static const char *const no[] = {"<BN>",  "<BNDS>", "<DEL>",  "BND",      "",
					 "<TRAN", "<bnd>",  "A<BND>", "<INS:BND>"};

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		ck_assert_msg(vx_mate_is_junction(vx_slice_str(yes[i])), "%s", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		ck_assert_msg(!vx_mate_is_junction(vx_slice_str(no[i])), "%s", no[i]);
}
END_TEST

Suite *allele_mate_suite(void);
Suite *allele_mate_suite(void)
{
	Suite *suite = suite_create("allele_mate");
	TCase *tc = tcase_create("mate");

	tcase_add_checked_fixture(tc, open_arena, close_arena);
	tcase_add_test(tc, joins_and_splits);
	tcase_add_test(tc, text_without_a_mate);
	tcase_add_test(tc, text_that_is_no_mate);
	tcase_add_test(tc, junctions);
	suite_add_tcase(suite, tc);
	return suite;
}
