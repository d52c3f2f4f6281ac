/* Every path of the scans against loops that a child could check, at every offset. */
#include "base/scan.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 400, SEED = 20261123 };

static uint64_t state = SEED;

static unsigned next_random(unsigned n)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (unsigned)(state >> 33) % n;
}

static void slow_line(const char *p, size_t len, struct vx_scan_line *ret)
{
	memset(ret, 0, sizeof *ret);
	for (; ret->len < len; ret->len++) {
		char c = p[ret->len];

		if (c == '\n') {
			ret->ended = 1;
			return;
		}
		if (c == '\0')
			ret->has_nul = 1;
		if (c == '\t') {
			if (ret->n_tabs < VX_SCAN_TABS)
				ret->tab[ret->n_tabs] = (uint32_t)ret->len;
			ret->n_tabs++;
		}
	}
}

static void same_line(const char *p, size_t len, int path)
{
	struct vx_scan_line want, got;

	slow_line(p, len, &want);
	vx_scan_line(p, len, &got);
	if (got.len != want.len || got.n_tabs != want.n_tabs || got.ended != want.ended ||
	    got.has_nul != want.has_nul)
		ck_abort_msg("path %d, %zu bytes (seed %d): line %zu, %zu tabs, expected %zu, %zu",
			     path, len, SEED, got.len, (size_t)got.n_tabs, want.len,
			     (size_t)want.n_tabs);
	for (uint64_t i = 0; i < want.n_tabs && i < VX_SCAN_TABS; i++)
		ck_assert_uint_eq(got.tab[i], want.tab[i]);
}

static void same_find(const char *p, size_t len, char c, size_t max)
{
	static uint32_t out[TEXT + 64];
	size_t done, n = vx_scan_find(p, len, c, out, max, &done), want = 0;

	ck_assert_uint_le(done, len);
	for (size_t i = 0; i < done; i++) {
		if (p[i] != c)
			continue;
		ck_assert_uint_lt(want, n);
		ck_assert_uint_eq(out[want], i);
		want++;
	}
	ck_assert_uint_eq(n, want);
	if (n < max)
		ck_assert_uint_eq(done, len);
	if (done == len)
		ck_assert_uint_eq(vx_scan_count(p, len, c), n);
}

/* Bytes of few kinds, so that what is looked for is frequent, beside neighbours of its code. */
static void fill(char *p, size_t len, unsigned rare)
{
	static const char kinds[] = {'\t',     '\n',     '\0',       ';', ',',
				     '\t' - 1, '\n' + 1, '\t' + 128, 'A'};

	for (size_t i = 0; i < len; i++)
		p[i] = next_random(rare) ? 'A' : kinds[next_random(sizeof kinds)];
}

START_TEST(every_path_at_every_offset)
{
	char *text = malloc(TEXT + VX_SCAN_ROOM);
	int path = _i;

	ck_assert_ptr_nonnull(text);
	if (!vx_scan_has((enum vx_scan_path)path)) {
		printf("base_scan: skipped: path %d is not for this machine\n", path);
		free(text);
		return;
	}
	vx_scan_force((enum vx_scan_path)path);
	for (unsigned round = 0; round < 40; round++) {
		fill(text, TEXT + VX_SCAN_ROOM, 1 + round * 4);
		for (size_t beg = 0; beg < 70; beg++)
			for (size_t len = 0; len <= 200; len += round % 2 ? 1 : 7)
				same_line(text + beg, len, path);
		for (size_t len = 0; len <= TEXT; len++) {
			same_find(text, len, ';', TEXT);
			same_find(text, len, '\t', 1 + len % 9);
		}
	}
	vx_scan_force(VX_SCAN_BEST);
	free(text);
}
END_TEST

/* A line of many samples: its first tabs, and all of them counted. */
START_TEST(long_line)
{
	size_t n = 100000, len = 2 * n + 1;
	char *text = malloc(len + VX_SCAN_ROOM);
	struct vx_scan_line line;

	ck_assert_ptr_nonnull(text);
	for (size_t i = 0; i < n; i++)
		memcpy(text + 2 * i, "x\t", 2);
	text[2 * n] = '\n';
	memset(text + len, '\t', VX_SCAN_ROOM);
	vx_scan_force((enum vx_scan_path)_i);
	vx_scan_line(text, len, &line);
	vx_scan_force(VX_SCAN_BEST);
	ck_assert_uint_eq(line.len, 2 * n);
	ck_assert_uint_eq(line.n_tabs, n);
	ck_assert_uint_eq(line.tab[8], 17);
	free(text);
}
END_TEST

Suite *base_scan_suite(void);
Suite *base_scan_suite(void)
{
	Suite *suite = suite_create("base_scan");
	TCase *tc = tcase_create("scan");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, every_path_at_every_offset, VX_SCAN_BEST, VX_SCAN_N_PATHS);
	tcase_add_loop_test(tc, long_line, VX_SCAN_BEST, VX_SCAN_N_PATHS);
	suite_add_tcase(suite, tc);
	return suite;
}
