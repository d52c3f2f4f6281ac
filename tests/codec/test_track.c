/* Random tracks come back span by span, from any locus; any change of a byte is refused or harmless. */
#include "codec/track.h"

#include "base/bytes.h"
#include "base/pos.h"
#include "codec/block.h"
#include "cohort/group.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *codec_track_suite(void);

enum { SEED = 11, COLS_MAX = 30 };

static uint64_t state;

static uint64_t chance(uint64_t n)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (z ^ z >> 31) % n;
}

static const struct {
	const char *what;
	size_t n;
	uint32_t n_cols;
	uint64_t gap, len; /* at most */
	uint64_t an, step; /* an: where it begins; step: at most, up or down; 0: anything */
	unsigned odd;      /* AN may be odd */
	unsigned none;     /* one in so many is not known; 0: none */
} kinds[] = {
	{"one span", 1, 0, 1, 1, 0, 0, 0, 0},
	{"a BED", 5000, 0, 100000, 3000, 0, 0, 0, 0},
	{"base by base", 3000, 1, 1, 1, 150000, 20, 0, 0},
	{"groups", 2000, 27, 2, 3, 150000, 6, 0, 0},
	{"haploids", 700, 9, 40, 500, 9000, 5, 1, 0},
	{"unknown", 900, 3, 40, 500, 9000, 5, 1, 3},
	{"nothing known", 64, 2, 40, 500, 9000, 5, 1, 1},
	{"anything", 333, 30, UINT64_C(1) << 28, UINT64_C(1) << 28, 0, 0, 1, 10},
	{"a full chunk", 32, 1, 10, 10, 100, 2, 0, 0},
	{"one more", 33, 1, 10, 10, 100, 2, 0, 0},
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

static uint64_t *make(int kind, uint64_t first)
{
	uint32_t n_cols = kinds[kind].n_cols;
	uint64_t *span = calloc(kinds[kind].n * (2 + n_cols), sizeof *span), *p = span, at = first;

	ck_assert_ptr_nonnull(span);
	for (size_t i = 0; i < kinds[kind].n; i++, p += 2 + n_cols) {
		p[0] = at + (i ? chance(kinds[kind].gap) : 0);
		at = p[1] = p[0] + 1 + chance(kinds[kind].len);
		for (uint32_t c = 0; c < n_cols; c++) {
			uint64_t step = kinds[kind].step, v = i ? p[c - (size_t)n_cols] : 0;

			if (step == 0)
				v = chance(VX_COUNT_MAX + 1);
			else if (i == 0 || v == VX_NONE)
				v = kinds[kind].an;
			else
				v += chance(2 * step + 1) - step;
			if (!kinds[kind].odd)
				v &= ~UINT64_C(1);
			if (kinds[kind].none && chance(kinds[kind].none) == 0)
				v = VX_NONE;
			p[2 + c] = v;
		}
	}
	return span;
}

static int same(const struct vx_track_at *at, const uint64_t *span, uint32_t n_cols)
{
	return at->beg == span[0] && at->end == span[1] &&
	       memcmp(at->an, span + 2, n_cols * sizeof *span) == 0;
}

START_TEST(round_trip)
{
	uint32_t n_cols = kinds[_i].n_cols, stride = 2 + n_cols;
	size_t n = kinds[_i].n, k = 0;
	struct vidx_error err = {0};
	uint64_t an[COLS_MAX], *span;
	struct vx_track track;
	struct vx_track_at at;
	struct vx_buf buf;
	int rc;

	state = SEED;
	vx_buf_init(&buf);
	vx_buf_adds(&buf, "ahead");
	span = make(_i, vx_locus(3, 17));
	ck_assert_int_eq(vx_track_pack(span, n, n_cols, &buf, &err), 0);
	ck_assert_uint_eq((buf.len - 5) % VX_PAGE, VX_PAGE - VX_PAGE_HEADER);
	ck_assert_int_eq(vx_track_open(&track, buf.p + 5, buf.len - 5, n_cols), 0);
	ck_assert_int_ne(vx_track_open(&track, buf.p + 5, buf.len - 5, n_cols + 1), 0);
	ck_assert_int_eq(vx_track_open(&track, buf.p + 5, buf.len - 5, n_cols), 0);
	ck_assert_int_eq(vx_track_is_whole(&track), 1);
	ck_assert_uint_eq(vx_track_first(&track), span[0]);
	for (rc = vx_track_seek(&track, 0, an, &at); rc == 0; rc = vx_track_next(&track, &at))
		ck_assert_msg(same(&at, span + k++ * stride, n_cols), "%s: span %zu",
			      kinds[_i].what, k - 1);
	ck_assert_int_eq(rc, VIDX_END);
	ck_assert_uint_eq(k, n);
	/* From each span's first and last base, and from the base before it. */
	for (k = 0; k < n; k++) {
		const uint64_t *s = span + k * stride;
		uint64_t from[3] = {s[0], s[1] - 1,
				    k && s[0] > s[1 - (ptrdiff_t)stride] ? s[0] - 1 : s[0]};

		for (int i = 0; i < 3; i++) {
			ck_assert_int_eq(vx_track_seek(&track, from[i], an, &at), 0);
			ck_assert(same(&at, s, n_cols));
		}
	}
	ck_assert_int_eq(vx_track_seek(&track, span[(n - 1) * stride + 1], an, &at), VIDX_END);
	free(span);
	vx_buf_release(&buf);
}
END_TEST

/* A changed byte: refused, or never a span that was not there, unless in the parameters. */
START_TEST(damage)
{
	uint32_t n_cols = kinds[_i].n_cols, stride = 2 + n_cols;
	uint64_t an[COLS_MAX], *span;
	struct vidx_error err = {0};
	struct vx_track track;
	struct vx_track_at at;
	struct vx_buf buf;
	uint8_t *copy;

	state = SEED;
	vx_buf_init(&buf);
	span = make(_i, vx_locus(3, 17));
	ck_assert_int_eq(vx_track_pack(span, kinds[_i].n, n_cols, &buf, &err), 0);
	for (int k = 0; k < 400; k++) {
		size_t byte = k < 200 ? (size_t)k % buf.len : chance(buf.len);
		size_t len = k % 7 == 6 ? chance(buf.len) : buf.len, n = 0;
		int rc;

		/* A block of its own, so that reading outside is seen. */
		copy = malloc(len + 1);
		ck_assert_ptr_nonnull(copy);
		memcpy(copy, buf.p, len);
		if (byte < len)
			copy[byte] ^= (uint8_t)(1 + chance(255));
		rc = vx_track_open(&track, copy, len, n_cols);
		if (rc == 0) {
			ck_assert_int_eq(vx_track_is_whole(&track), 0);
			for (rc = vx_track_seek(&track, chance(2) ? 0 : span[0], an, &at); rc == 0;
			     rc = vx_track_next(&track, &at)) {
				ck_assert(at.beg < at.end);
				ck_assert_uint_le(++n, kinds[_i].n + VX_TRACK_CHUNK);
				if (byte >= 32 + 8 * (size_t)n_cols && n <= kinds[_i].n)
					ck_assert(same(&at, span + (n - 1) * stride, n_cols));
			}
		}
		ck_assert(rc == VIDX_END || rc == VIDX_EBADINDEX);
		free(copy);
	}
	free(span);
	vx_buf_release(&buf);
}
END_TEST

/* The sizes that FORMAT.md tells of. */
START_TEST(sizes)
{
	struct vidx_error err = {0};
	struct vx_buf buf;
	uint64_t *span;

	state = SEED;
	vx_buf_init(&buf);
	span = make(_i, vx_locus(0, 0));
	ck_assert_int_eq(vx_track_pack(span, kinds[_i].n, kinds[_i].n_cols, &buf, &err), 0);
	/* A BED of gaps of 17 bits and lengths of 12; AN of one group that changes by 5 bits. */
	ck_assert_uint_le(buf.len * 8 / kinds[_i].n, _i == 1 ? 46 : 24);
	free(span);
	vx_buf_release(&buf);
}
END_TEST

Suite *codec_track_suite(void)
{
	Suite *s = suite_create("codec_track");
	TCase *t = tcase_create("track");

	tcase_add_loop_test(t, round_trip, 0, N_KINDS);
	tcase_add_loop_test(t, damage, 0, N_KINDS);
	tcase_add_loop_test(t, sizes, 1, 3);
	suite_add_tcase(s, t);
	return s;
}
