#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allele/norm.h"

Suite *allele_norm_suite(void);

static struct vx_arena arena;

static enum vx_reason norm(const char *ref, const char *alt, struct vx_allele *out)
{
	return vx_norm_allele(99, vx_slice_str(ref), vx_slice_str(alt), &arena, out);
}

static const struct {
	const char *ref, *alt;
	unsigned shift;
	const char *ref_out, *alt_out;
} kept[] = {
	{"A", "G", 0, "A", "G"},
	{"a", "g", 0, "A", "G"},
	{"A", "AT", 0, "A", "AT"},
	{"AT", "A", 0, "AT", "A"},
	{"CAT", "CGT", 1, "A", "G"},
	{"CATG", "CATT", 3, "G", "T"},
	/* the end goes first, so the deletion lies as far left as the text allows */
	{"CAAA", "CAA", 0, "CA", "C"},
	{"AAA", "AA", 0, "AA", "A"},
	{"GCACA", "GCA", 0, "GCA", "G"},
	{"TTC", "TC", 0, "TT", "T"},
	{"ACGT", "ATTTGT", 1, "C", "TTT"},
	{"acgT", "AcTt", 2, "G", "T"},
	{"N", "A", 0, "N", "A"},
	{"R", "y", 0, "R", "Y"},
	{"ACGTN", "ACGTNacgtnRYSWKMBDHV", 0, "A", "ACGTNACGTNRYSWKMBDHV"},
};

START_TEST(sequences)
{
	struct vx_allele out;
	const char *ref = kept[_i].ref, *alt = kept[_i].alt;

	vx_arena_init(&arena);
	ck_assert_int_eq(norm(ref, alt, &out), VX_KEPT);
	if (_i != sizeof kept / sizeof *kept - 1) {
		ck_assert_msg(vx_slice_is(out.ref, kept[_i].ref_out), "%s>%s: %.*s", ref, alt,
			      (int)out.ref.len, out.ref.p);
		ck_assert_msg(vx_slice_is(out.alt, kept[_i].alt_out), "%s>%s: %.*s", ref, alt,
			      (int)out.alt.len, out.alt.p);
		ck_assert_uint_eq(out.pos0, 99 + kept[_i].shift);
	}
	ck_assert_uint_eq(out.end0, out.pos0 + out.ref.len);
	ck_assert_int_eq(out.svlen, 0);
	ck_assert_int_eq(out.symbolic, 0);
	vx_arena_release(&arena);
}
END_TEST

static const char *const symbols[] = {
	"<DEL>",
	"<DUP:TANDEM>",
	"<INS:ME:ALU>",
	"<CN0>",
	"<CN=2>",
	"A[1:1000[",
	"]chr2:5]A",
	"[17:198983[A",
	"a]17:198982]",
	".A",
	"A.",
	".acgt",
	".[13:1[",
	"]13:123456]AGTNNNNNCAT",
	"C[<ctg1>:7[",
	"C<ctg1>",
	"<ctg1>C",
	"<del>",
	"G]HLA-A*01:01:55]",
	".TGCA",
};

START_TEST(symbolic)
{
	struct vx_allele out;

	vx_arena_init(&arena);
	ck_assert_msg(norm("aC", symbols[_i], &out) == VX_KEPT, "%s", symbols[_i]);
	ck_assert_int_ne(out.symbolic, 0);
	ck_assert(vx_slice_is(out.ref, "AC"));
	ck_assert(vx_slice_is(out.alt, symbols[_i]));
	ck_assert_uint_eq(out.pos0, 99);
	ck_assert_uint_eq(out.end0, 101);
	vx_arena_release(&arena);
}
END_TEST

static const struct {
	const char *ref, *alt;
	enum vx_reason reason;
} dropped[] = {
	{"A", ".", VX_NO_ALT},
	{"A", "*", VX_STAR},
	{"A", "<*:DEL>", VX_STAR},
	{"A", "<*>", VX_NON_REF},
	{"A", "<NON_REF>", VX_NON_REF},
	{"A", "", VX_BAD_ALLELE},
	{"", "A", VX_BAD_ALLELE},
	{"A", "A", VX_BAD_ALLELE},
	{"A", "a", VX_BAD_ALLELE},
	{"ACGT", "acgt", VX_BAD_ALLELE},
	{"AA", "AA", VX_BAD_ALLELE},
	{".", "A", VX_BAD_ALLELE},
	{"A1", "A", VX_BAD_ALLELE},
	{"A", "A1", VX_BAD_ALLELE},
	{"A", "<", VX_BAD_ALLELE},
	{"A", "<>", VX_BAD_ALLELE},
	{"A", "<A B>", VX_BAD_ALLELE},
	{"A", "<DEL", VX_BAD_ALLELE},
	{"A", "DEL>", VX_BAD_ALLELE},
	{"A", "A[1:5", VX_BAD_ALLELE},
	{"A", "A[]", VX_BAD_ALLELE},
	{"A", "[[A", VX_BAD_ALLELE},
	{"A", "A[1:5]", VX_BAD_ALLELE},
	{"A", "..", VX_BAD_ALLELE},
	{"A", ".A.", VX_BAD_ALLELE},
	{"A", "A*", VX_BAD_ALLELE},
	{"A", "A-", VX_BAD_ALLELE},
	{"A", "\xc3\xa9", VX_BAD_ALLELE},
	{"<DEL>", "A", VX_BAD_ALLELE},
	{"*", "A", VX_BAD_ALLELE},
	{"1", "<DEL>", VX_BAD_ALLELE},
	{"A", "U", VX_BAD_ALLELE},
	{"A", "A[1:5[G]2:3]", VX_BAD_ALLELE},
	{"A", "<<DEL>>", VX_BAD_ALLELE},
};

START_TEST(no_alleles)
{
	struct vx_allele out;

	vx_arena_init(&arena);
	ck_assert_msg(norm(dropped[_i].ref, dropped[_i].alt, &out) == dropped[_i].reason, "%s>%s",
		      dropped[_i].ref, dropped[_i].alt);
	vx_arena_release(&arena);
}
END_TEST

/* Texts that need no change are views, so the usual record costs no memory. */
START_TEST(views)
{
	const char *ref = "CAT", *alt = "CGT";
	struct vx_allele out;

	vx_arena_init(&arena);
	ck_assert_int_eq(norm(ref, alt, &out), VX_KEPT);
	ck_assert_ptr_eq(out.ref.p, ref + 1);
	ck_assert_ptr_eq(out.alt.p, alt + 1);
	ck_assert_uint_eq(arena.reserved, 0);
	vx_arena_release(&arena);
}
END_TEST

/*
 * Random alleles, padded on both sides by the same bases, come out as they were; what comes out is
 * minimal, and replaying it on the text gives the same sequence.
 */
START_TEST(padded)
{
	uint64_t rng = 20231;

	printf("norm: seed 20231\n");
	vx_arena_init(&arena);
	for (int round = 0; round < 20000; round++) {
		static const char bases[] = "ACGTacgtN";
		char ref[64], alt[64];
		size_t n[4];
		struct vx_allele out;
		enum vx_reason reason;
		char rebuilt[128] = "";

		for (int i = 0; i < 4; i++) {
			rng = rng * 6364136223846793005u + 1442695040888963407u;
			n[i] = (size_t)(rng >> 60) % (i < 2 ? 5 : 8);
		}
		memset(ref, 0, sizeof ref);
		memset(alt, 0, sizeof alt);
		for (size_t i = 0; i < n[2] + n[3] + n[0]; i++) {
			rng = rng * 6364136223846793005u + 1442695040888963407u;
			ref[i] = bases[(rng >> 33) % (round % 2 ? 9 : 2)];
		}
		memcpy(alt, ref, n[2]);
		for (size_t i = 0; i < n[1]; i++) {
			rng = rng * 6364136223846793005u + 1442695040888963407u;
			alt[n[2] + i] = bases[(rng >> 33) % (round % 2 ? 9 : 2)];
		}
		memcpy(alt + n[2] + n[1], ref + n[2] + n[0], n[3]);
		reason = norm(ref, alt, &out);
		if (!*ref || !*alt || strcasecmp(ref, alt) == 0) {
			ck_assert_int_eq(reason, VX_BAD_ALLELE);
			continue;
		}
		ck_assert_int_eq(reason, VX_KEPT);
		ck_assert_uint_gt(out.ref.len, 0);
		ck_assert_uint_gt(out.alt.len, 0);
		if (out.ref.len > 1 && out.alt.len > 1) {
			ck_assert_int_ne(out.ref.p[0], out.alt.p[0]);
			ck_assert_int_ne(out.ref.p[out.ref.len - 1], out.alt.p[out.alt.len - 1]);
		}
		strncat(rebuilt, ref, out.pos0 - 99);
		strncat(rebuilt, out.alt.p, out.alt.len);
		strcat(rebuilt, ref + (out.pos0 - 99) + out.ref.len);
		ck_assert_msg(strcasecmp(rebuilt, alt) == 0, "%s>%s: %s", ref, alt, rebuilt);
	}
	vx_arena_release(&arena);
}
END_TEST

START_TEST(long_alleles)
{
	size_t len = 1 << 20;
	char *ref = malloc(len), *alt = malloc(len);
	struct vx_allele out;

	vx_arena_init(&arena);
	memset(ref, 'A', len);
	memset(alt, 'a', len);
	ck_assert_int_eq(vx_norm_allele(0, vx_slice(ref, len), vx_slice(alt, len), &arena, &out),
			 VX_BAD_ALLELE);
	alt[len / 2] = 'c';
	ck_assert_int_eq(vx_norm_allele(0, vx_slice(ref, len), vx_slice(alt, len), &arena, &out),
			 VX_KEPT);
	ck_assert_uint_eq(out.pos0, len / 2);
	ck_assert(vx_slice_is(out.alt, "C"));
	ck_assert_int_eq(vx_norm_allele(0, vx_slice(ref, 1), vx_slice(alt, len), &arena, &out),
			 VX_KEPT);
	ck_assert_uint_eq(out.alt.len, len);
	ck_assert_int_eq(out.alt.p[len - 1], 'A');
	vx_arena_release(&arena);
	free(ref);
	free(alt);
}
END_TEST

Suite *allele_norm_suite(void)
{
	Suite *s = suite_create("allele_norm");
	TCase *t = tcase_create("norm");

	tcase_add_loop_test(t, sequences, 0, sizeof kept / sizeof *kept);
	tcase_add_loop_test(t, symbolic, 0, sizeof symbols / sizeof *symbols);
	tcase_add_loop_test(t, no_alleles, 0, sizeof dropped / sizeof *dropped);
	tcase_add_test(t, views);
	tcase_add_test(t, padded);
	tcase_add_test(t, long_alleles);
	suite_add_tcase(s, t);
	return s;
}
