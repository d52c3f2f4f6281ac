#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "codec/block.h"
#include "store/dir.h"

Suite *store_dir_suite(void);

enum { N_CONTIGS = 40 };

static uint64_t seed;

static uint64_t rnd(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return seed >> 20;
}

static struct vx_slice bytes_of(uint64_t i)
{
	uint64_t address = (i * 3 + 7) * VX_PAGE + VX_PAGE_HEADER;

	return vx_slice((const char *)(uintptr_t)address, (i % 5 + 1) * VX_PAGE - VX_PAGE_HEADER);
}

/* How blocks lie: evenly, in one place, in few places, alike, as far apart as is allowed. */
enum how { EVEN, CROWDED, CLUSTERS, ALIKE, FAR_APART, N_HOW };

static uint64_t next_pos(enum how how, uint64_t pos0)
{
	switch (how) {
	case EVEN:
		return pos0 + rnd() % 100000;
	case CROWDED:
		return pos0 + 1;
	case CLUSTERS:
		return pos0 + (rnd() % 50 == 0 ? rnd() % 50000000 : rnd() % 30);
	case ALIKE:
		return pos0 + (rnd() % 10 == 0);
	default:
		return pos0 + rnd() % (VX_POS0_MAX >> 10);
	}
}

static uint64_t count_before(const struct vx_dir *dir, uint64_t locus, uint64_t hash)
{
	uint64_t n = 0;

	while (n < dir->n && (dir->entry[n].locus < locus ||
			      (dir->entry[n].locus == locus && dir->entry[n].hash < hash)))
		n++;
	return n;
}

static void check_find(const struct vx_dir *dir, uint64_t locus, uint64_t hash)
{
	uint64_t n = count_before(dir, locus, hash);

	ck_assert_uint_eq(vx_dir_rank(dir, locus, hash), n);
	if (n > 0)
		ck_assert_uint_eq(vx_dir_find(dir, locus, hash), n - 1);
	else if (dir->n && dir->entry[0].locus == locus && dir->entry[0].hash == hash)
		ck_assert_uint_eq(vx_dir_find(dir, locus, hash), 0);
	else
		ck_assert(vx_dir_find(dir, locus, hash) == UINT64_MAX);
}

START_TEST(equals_counting)
{
	static const uint64_t sizes[] = {0, 1, 2, 9, 700};

	seed = 100 + (uint64_t)_i;
	for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
		uint64_t n = sizes[s], pos0 = 0, hash = 0;
		uint32_t contig = 0;
		struct vx_dir dir;

		ck_assert_int_eq(vx_dir_init(&dir, n, N_CONTIGS), 0);
		for (uint64_t i = 0; i < n; i++) {
			uint64_t before = pos0;

			if (contig + 1 < N_CONTIGS && rnd() % 100 == 0) {
				contig += 1 + (uint32_t)(rnd() % 3) % (N_CONTIGS - 1 - contig);
				pos0 = 0;
			}
			pos0 = next_pos((enum how)_i, pos0);
			hash = pos0 == before ? hash + rnd() % 2 : rnd();
			ck_assert_int_eq(
				vx_dir_add(&dir, vx_locus(contig, pos0), hash, bytes_of(i)), 0);
		}
		ck_assert_int_eq(vx_dir_finish(&dir, NULL, 64), 0);
		for (uint64_t i = 0; i < n; i++) {
			struct vx_slice want = bytes_of(i), got = vx_dir_bytes(&dir, i);
			const struct vx_dir_entry *e = &dir.entry[i];

			ck_assert_ptr_eq(got.p, want.p);
			ck_assert_uint_eq(got.len, want.len);
			for (uint64_t d = 0; d < 3; d++)
				check_find(&dir, e->locus + d - 1, e->hash + rnd() % 3 - 1);
			check_find(&dir, e->locus, 0);
			check_find(&dir, e->locus, UINT64_MAX);
		}
		for (uint32_t c = 0; c < N_CONTIGS + 2; c++) {
			check_find(&dir, vx_locus(c, 0), 0);
			check_find(&dir, vx_locus(c, VX_POS0_MAX), rnd());
			check_find(&dir, vx_locus(c, rnd() % 1000000), rnd());
		}
		check_find(&dir, UINT64_MAX, UINT64_MAX);
		vx_dir_release(&dir);
	}
}
END_TEST

START_TEST(refuses_what_is_no_block)
{
	struct vx_slice good = bytes_of(1), odd = good;
	struct vx_dir dir;

	ck_assert_int_eq(vx_dir_init(&dir, 2, 3), 0);
	ck_assert_int_eq(vx_dir_add(&dir, vx_locus(3, 0), 0, good), -1);
	odd.p++;
	ck_assert_int_eq(vx_dir_add(&dir, vx_locus(1, 5), 9, odd), -1);
	odd = vx_slice(good.p, good.len + 1);
	ck_assert_int_eq(vx_dir_add(&dir, vx_locus(1, 5), 9, odd), -1);
	ck_assert_int_eq(vx_dir_add(&dir, vx_locus(1, 5), 9, good), 0);
	ck_assert_int_eq(vx_dir_add(&dir, vx_locus(1, 5), 8, good), -1);
	ck_assert_int_eq(vx_dir_add(&dir, vx_locus(0, 50), 9, good), -1);
	ck_assert_int_eq(vx_dir_add(&dir, vx_locus(1, 5), 9, good), 0);
	/* More than was said. */
	ck_assert_int_eq(vx_dir_add(&dir, vx_locus(1, 6), 9, good), -1);
	ck_assert_int_eq(vx_dir_finish(&dir, NULL, 64), 0);
	ck_assert_uint_eq(dir.n, 2);
	vx_dir_release(&dir);
	vx_dir_release(&dir);
}
END_TEST

Suite *store_dir_suite(void)
{
	Suite *s = suite_create("store_dir");
	TCase *t = tcase_create("dir");

	tcase_add_loop_test(t, equals_counting, 0, N_HOW);
	tcase_add_test(t, refuses_what_is_no_block);
	suite_add_tcase(s, t);
	return s;
}
