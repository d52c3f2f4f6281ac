#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/gtscan.h"

Suite *base_gtscan_suite(void);

static const enum vx_scan_path paths[] = {VX_SCAN_BEST, VX_SCAN_AVX2, VX_SCAN_AVX512};

static uint64_t rng_state = 77;

static uint32_t rng(uint32_t below)
{
	rng_state = rng_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((rng_state >> 33) % below);
}

static void same_bits(const struct vx_gt_bits *a, const struct vx_gt_bits *b)
{
	for (int k = 0; k < 2; k++) {
		ck_assert_uint_eq(a->one[k], b->one[k]);
		ck_assert_uint_eq(a->other[k], b->other[k]);
		ck_assert_uint_eq(a->miss[k], b->miss[k]);
	}
	ck_assert_uint_eq(a->hap, b->hap);
	ck_assert_uint_eq(a->odd, b->odd);
}

/* Texts of every likely kind, and bytes of no kind. */
static void make_texts(char *p)
{
	static const char *const usual[] = {"0|0\t", "0/0\t", "0/1:", "1|0\t", "./.:", ".\t0|",
					    "1:35",  "2|3\t", "9/9:", "10/1",  "0|0",  "|0/1"};
	uint32_t plain = rng(5), only = rng(3) == 0;

	for (int i = 0; i < VX_GT_BLOCK; i++, p += 4) {
		if (rng(4) < plain) {
			memcpy(p, rng(40) ? "0/0\t" : "0|0\t", 4);
		} else if (only) {
			memcpy(p, usual[rng(2) + 2 * rng(2)], 4);
			p[3] = '\t';
		} else if (rng(8)) {
			memcpy(p, usual[rng(sizeof usual / sizeof *usual)], 4);
		} else {
			for (int k = 0; k < 4; k++)
				p[k] = (char)rng(256);
		}
	}
}

START_TEST(text_blocks)
{
	const struct vx_gtscan *scalar = vx_gtscan(VX_SCAN_SCALAR);
	char *text = malloc(VX_GT_TEXT_BYTES);

	printf("gtscan: seed 77\n");
	for (int round = 0; round < 20000; round++) {
		char end = round & 1 ? ':' : '\t';
		struct vx_gt_bits want, got;
		uint64_t want_hit[2], hit[2];
		char digit = (char)('0' + rng(10));
		size_t n;

		make_texts(text);
		n = scalar->next(text, 1, end, &want);
		scalar->match(text, digit, want_hit);
		for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
			const struct vx_gtscan *wide = vx_gtscan(paths[i]);

			ck_assert_uint_eq(wide->next(text, 1, end, &got), n);
			if (n == 0)
				same_bits(&want, &got);
			wide->match(text, digit, hit);
			ck_assert_uint_eq(hit[0], want_hit[0]);
			ck_assert_uint_eq(hit[1], want_hit[1]);
		}
	}
	free(text);
}
END_TEST

START_TEST(bcf_blocks)
{
	const struct vx_gtscan *scalar = vx_gtscan(VX_SCAN_SCALAR);
	uint8_t *p = malloc(VX_GT_BCF_BYTES);

	for (int round = 0; round < 20000; round++) {
		static const uint8_t usual[] = {0, 1, 2, 3, 4, 5, 6, 0x80, 0x81, 0x7e, 0x7f, 0x82};
		struct vx_gt_bits want, got;
		uint64_t want_hit[2], hit[2];
		uint8_t code = (uint8_t)(2 * (1 + rng(62)));
		size_t n;

		for (int i = 0; i < VX_GT_BCF_BYTES; i++)
			p[i] = rng(9) ? usual[rng(sizeof usual)] : (uint8_t)rng(256);
		n = scalar->next_bcf(p, 1, &want);
		scalar->match_bcf(p, code, want_hit);
		for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
			const struct vx_gtscan *wide = vx_gtscan(paths[i]);

			ck_assert_uint_eq(wide->next_bcf(p, 1, &got), n);
			if (n == 0)
				same_bits(&want, &got);
			wide->match_bcf(p, code, hit);
			ck_assert_uint_eq(hit[0], want_hit[0]);
			ck_assert_uint_eq(hit[1], want_hit[1]);
		}
	}
	free(p);
}
END_TEST

/* One changed byte at any place stops a skip at its block, on every path. */
START_TEST(skips)
{
	enum { BLOCKS = 5 };
	char *text = malloc(BLOCKS * VX_GT_TEXT_BYTES);
	uint8_t *bcf = malloc(BLOCKS * VX_GT_BCF_BYTES);
	struct vx_gt_bits b;

	for (int i = 0; i < BLOCKS * VX_GT_BLOCK; i++) {
		memcpy(text + 4 * i, i % 3 ? "0|0\t" : "0/0\t", 4);
		bcf[2 * i] = 2;
		bcf[2 * i + 1] = (uint8_t)(2 + i % 2);
	}
	for (size_t i = 0; i < 1 + sizeof paths / sizeof *paths; i++) {
		const struct vx_gtscan *scan = vx_gtscan(i ? paths[i - 1] : VX_SCAN_SCALAR);

		ck_assert_uint_eq(scan->next(text, BLOCKS, '\t', &b), BLOCKS);
		ck_assert_uint_eq(scan->next(text, BLOCKS, ':', &b), 0);
		ck_assert_uint_eq(scan->next(text, 0, '\t', &b), 0);
		ck_assert_uint_eq(scan->next_bcf(bcf, BLOCKS, &b), BLOCKS);
		for (size_t at = 0; at < BLOCKS * VX_GT_TEXT_BYTES; at++) {
			text[at] ^= 1;
			ck_assert_uint_eq(scan->next(text, BLOCKS, '\t', &b),
					  at / VX_GT_TEXT_BYTES);
			text[at] ^= 1;
		}
		for (size_t at = 0; at < BLOCKS * VX_GT_BCF_BYTES; at++) {
			bcf[at] ^= 4;
			ck_assert_uint_eq(scan->next_bcf(bcf, BLOCKS, &b), at / VX_GT_BCF_BYTES);
			bcf[at] ^= 4;
		}
	}
	free(text);
	free(bcf);
}
END_TEST

START_TEST(columns)
{
	enum { MAX = 700 };
	uint32_t want[MAX + 64], got[MAX + 64];

	for (int round = 0; round < 3000; round++) {
		size_t len = rng(MAX), n_want = 0, max = 1 + rng(40);
		uint32_t dense = 1 + rng(30);
		char *text = malloc(len + VX_SCAN_ROOM);

		for (size_t i = 0; i < len + VX_SCAN_ROOM; i++) {
			text[i] = rng(dense) ? 'x' : '\t';
			if (i < len && text[i] == '\t')
				want[n_want++] = (uint32_t)i + 1;
		}
		for (size_t i = 0; i < 1 + sizeof paths / sizeof *paths; i++) {
			const struct vx_gtscan *scan = vx_gtscan(i ? paths[i - 1] : VX_SCAN_SCALAR);
			size_t done = 0, n = 0;

			while (done < len) {
				uint32_t *some = malloc((max + 64) * sizeof *some);
				size_t k = scan->columns(text, len, done, some, max, &done);

				ck_assert(k >= max || done == len);
				ck_assert_uint_le(n + k, n_want);
				memcpy(got + n, some, k * sizeof *some);
				n += k;
				free(some);
			}
			ck_assert_uint_eq(n, n_want);
			ck_assert_int_eq(memcmp(got, want, n * sizeof *got), 0);
		}
		free(text);
	}
}
END_TEST

START_TEST(counts)
{
	uint64_t mask[70], want[70], got[70];

	for (int round = 0; round < 2000; round++) {
		uint32_t n = rng(70);
		uint64_t bits = (uint64_t)rng(UINT32_MAX) << 33 ^ rng(UINT32_MAX);

		for (uint32_t i = 0; i < n; i++) {
			mask[i] = (uint64_t)rng(UINT32_MAX) << 33 ^ rng(UINT32_MAX);
			want[i] = rng(1000);
		}
		for (size_t k = 0; k < 1 + sizeof paths / sizeof *paths; k++) {
			const struct vx_gtscan *scan = vx_gtscan(k ? paths[k - 1] : VX_SCAN_SCALAR);

			memcpy(got, want, n * sizeof *got);
			scan->add_counts(mask, n, bits, got);
			for (uint32_t i = 0; i < n; i++)
				ck_assert_uint_eq(got[i] - want[i],
						  (uint64_t)__builtin_popcountll(bits & mask[i]));
		}
	}
}
END_TEST

Suite *base_gtscan_suite(void)
{
	Suite *s = suite_create("base_gtscan");
	TCase *t = tcase_create("gtscan");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, text_blocks);
	tcase_add_test(t, bcf_blocks);
	tcase_add_test(t, skips);
	tcase_add_test(t, columns);
	tcase_add_test(t, counts);
	suite_add_tcase(s, t);
	return s;
}
