#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "allele/align.h"
#include "../../bench/rng.h"

Suite *allele_align_suite(void);

static char path[64];
static struct vx_reference *reference;
static struct vx_reference_view view;
static struct vx_arena arena;

/* Sequences of name and bases in turn, NULL at the end. */
static void open_reference(const char *const *text, unsigned width)
{
	struct vidx_error err = {0};
	FILE *f;
	int fd;

	strcpy(path, "/tmp/vidx_align.XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	f = fdopen(fd, "w");
	for (; *text; text += 2) {
		fprintf(f, ">%s some words\n", text[0]);
		for (size_t at = 0; at < strlen(text[1]); at += width)
			fprintf(f, "%.*s\n", (int)width, text[1] + at);
	}
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_msg(vx_reference_open(path, &reference, &err) == 0, "%s", err.text);
	vx_reference_view_init(&view, reference);
	vx_arena_init(&arena);
}

static void close_reference(void)
{
	vx_arena_release(&arena);
	vx_reference_view_release(&view);
	vx_reference_close(reference);
	unlink(path);
}

static uint32_t sequence(const char *name)
{
	uint32_t seq;

	ck_assert_int_eq(vx_reference_find(reference, VX_NO_CONTIG, vx_slice_str(name), &seq, NULL),
			 0);
	return seq;
}

static int check_ref(const char *name, uint64_t pos1, const char *ref)
{
	return vx_align_check(&view, sequence(name), pos1 - 1, vx_slice_str(ref), NULL);
}

static const char *const small[] = {
	"1", "ACGRTNNNNACACACGGGTTTACGTnnacgtB", "2", "GGGGGACGTACGT", "3", "CACACATTT", NULL};

START_TEST(ref_is_checked)
{
	open_reference(small, 7);
	ck_assert_int_eq(check_ref("1", 1, "ACG"), 0);
	ck_assert_int_eq(check_ref("1", 1, "acg"), 0);
	ck_assert_int_eq(check_ref("1", 28, "ACGT"), 0);
	/* What is not A, C, G or T there is N, and REF has to say so. */
	ck_assert_int_eq(check_ref("1", 3, "GNT"), 0);
	ck_assert_int_eq(check_ref("1", 3, "GRT"), VIDX_ABSENT);
	ck_assert_int_eq(check_ref("1", 3, "GAT"), VIDX_ABSENT);
	ck_assert_int_eq(check_ref("1", 31, "TN"), 0);
	ck_assert_int_eq(check_ref("1", 31, "TNA"), VIDX_ABSENT);
	ck_assert_int_eq(check_ref("2", 13, "T"), 0);
	ck_assert_int_eq(check_ref("2", 14, "T"), VIDX_ABSENT);
	ck_assert_int_eq(check_ref("2", 1000000, "T"), VIDX_ABSENT);
	ck_assert_int_eq(check_ref("3", 1, "CACACATTT"), 0);
	close_reference();
}
END_TEST

/* What bcftools norm 1.16 makes of each. */
static const struct {
	const char *contig;
	uint64_t pos1;
	const char *ref, *alt;
	uint64_t pos1_out;
	const char *ref_out, *alt_out;
} moved[] = {
	{"1", 1, "A", "T", 1, "A", "T"},
	{"1", 6, "NN", "N", 5, "TN", "T"},
	{"1", 9, "NA", "N", 9, "NA", "N"},
	{"1", 10, "aca", "a", 9, "NAC", "N"},
	{"1", 17, "G", "GGG", 15, "C", "CGG"},
	{"1", 17, "GG", "G", 15, "CG", "C"},
	{"1", 16, "GGG", "G", 15, "CGG", "C"},
	{"2", 1, "GGG", "G", 1, "GGG", "G"},
	{"2", 1, "G", "GG", 1, "G", "GG"},
	{"2", 1, "GGGGGA", "A", 1, "GGGGGA", "A"},
	{"2", 1, "G", "AG", 1, "G", "AG"},
	{"2", 5, "GA", "A", 1, "GG", "G"},
	{"2", 5, "GAC", "C", 4, "GGA", "G"},
	{"2", 13, "T", "TA", 13, "T", "TA"},
	{"2", 6, "ACGTAC", "C", 5, "GACGTA", "G"},
	{"3", 3, "CAC", "C", 1, "CAC", "C"},
	{"3", 1, "CA", "CACA", 1, "C", "CAC"},
	{"3", 1, "CACA", "A", 1, "CACA", "A"},
	{"3", 4, "A", "GTA", 3, "C", "CGT"},
	{"3", 7, "TT", "tG", 8, "T", "G"},
	/* IUPAC letters of ALT move too, which they do not there. */
	{"1", 25, "T", "RT", 24, "G", "GR"},
	{"1", 20, "T", "G]2:5]", 20, "T", "G]2:5]"},
	{"1", 18, "G", "<DEL>", 18, "G", "<DEL>"},
};

static void norm(struct vx_allele *a, const char *contig, uint64_t pos1, const char *ref,
		 const char *alt)
{
	ck_assert_int_eq(vx_norm_allele(pos1 - 1, vx_slice_str(ref), vx_slice_str(alt), &arena, a),
			 VX_KEPT);
	ck_assert_int_eq(vx_align_allele(&view, sequence(contig), &arena, a, NULL), 0);
}

START_TEST(indels_move_left)
{
	open_reference(small, 7);
	for (size_t i = 0; i < sizeof moved / sizeof *moved; i++) {
		struct vx_allele a;

		norm(&a, moved[i].contig, moved[i].pos1, moved[i].ref, moved[i].alt);
		ck_assert_msg(a.pos0 + 1 == moved[i].pos1_out &&
				      vx_slice_is(a.ref, moved[i].ref_out) &&
				      vx_slice_is(a.alt, moved[i].alt_out),
			      "%s:%d %s>%s: %d %.*s>%.*s", moved[i].contig, (int)moved[i].pos1,
			      moved[i].ref, moved[i].alt, (int)a.pos0 + 1, (int)a.ref.len, a.ref.p,
			      (int)a.alt.len, a.alt.p);
		if (!a.symbolic)
			ck_assert_uint_eq(a.end0, a.pos0 + a.ref.len);
	}
	close_reference();
}
END_TEST

/* One base at a time, as the definition has it. */
static void step_left(const char *seq, uint64_t *pos0, char *ref, char *alt)
{
	for (;;) {
		size_t n = strlen(ref), m = strlen(alt);

		if (ref[n - 1] != alt[m - 1] || ((n == 1 || m == 1) && *pos0 == 0))
			return;
		ref[n - 1] = alt[m - 1] = '\0';
		if (n == 1 || m == 1) {
			memmove(ref + 1, ref, n);
			memmove(alt + 1, alt, m);
			ref[0] = alt[0] = seq[--*pos0];
		}
	}
}

/* An indel of a sequence of two letters and short repeats, compared with steps of one base. */
static void compare_one(struct rng *r, const char *seq, uint32_t n)
{
	char ref[512], alt[512];
	struct vx_allele a;
	uint32_t len = 1 + rng_below(r, 9), left = rng_below(r, 3);
	uint64_t pos0 = left + rng_below(r, n - left - len - 1);
	size_t i = 0;

	/* REF and ALT share `left` bases before and one behind. */
	pos0 -= left;
	snprintf(ref, sizeof ref, "%.*s", (int)(left + len + 1), seq + pos0);
	snprintf(alt, sizeof alt, "%.*s%c", (int)left, ref, ref[left + len]);
	norm(&a, "s", pos0 + 1, ref, alt);
	step_left(seq, &pos0, ref, alt);
	while (ref[i] == alt[i] && ref[i + 1] && alt[i + 1])
		i++;
	ck_assert_uint_eq(a.pos0, pos0 + i);
	ck_assert(vx_slice_is(a.ref, ref + i));
	ck_assert(vx_slice_is(a.alt, alt + i));
}

START_TEST(moves_as_by_single_steps)
{
	static char seq[200001];
	const char *const text[] = {"s", seq, NULL};
	char ref[8], alt[8];
	struct vx_allele a;
	struct rng r;

	/* Runs of up to 64 equal bases, with the windows' seams at 65,536 and 131,072 inside. */
	rng_init(&r, 11, 0);
	for (size_t i = 0, left = 0; i < sizeof seq - 1; i++) {
		if (left == 0)
			left = 1 + rng_below(&r, 64);
		seq[i] = i > 100 && left % 7 ? seq[i - 1 - rng_below(&r, 2)]
					     : "ACGT"[rng_below(&r, 4)];
		left--;
	}
	memset(seq + 65536 - 200, 'G', 400);
	for (size_t i = 131072 - 300; i < 131072 + 300; i++)
		seq[i] = "ACT"[i % 3];
	open_reference(text, 61);
	for (int i = 0; i < 4000; i++)
		compare_one(&r, seq, 400);
	for (int i = 0; i < 4000; i++)
		compare_one(&r, seq, sizeof seq - 1);
	/* A unit taken from the end of a repeat over a seam goes to its beginning. */
	norm(&a, "s", 65536 + 180, "GG", "G");
	ck_assert(a.pos0 + 1 <= 65536 - 200 && a.pos0 + 70 > 65536 - 200);
	snprintf(ref, sizeof ref, "%.4s", seq + 131072 + 270);
	snprintf(alt, sizeof alt, "%.1s", ref);
	norm(&a, "s", 131072 + 271, ref, alt);
	ck_assert(a.pos0 <= 131072 - 300 && a.ref.len == 4);
	close_reference();
}
END_TEST

Suite *allele_align_suite(void)
{
	Suite *suite = suite_create("allele_align");
	TCase *tc = tcase_create("align");

	tcase_add_test(tc, ref_is_checked);
	tcase_add_test(tc, indels_move_left);
	tcase_add_test(tc, moves_as_by_single_steps);
	suite_add_tcase(suite, tc);
	return suite;
}
