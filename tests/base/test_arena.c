#include "base/arena.h"

#include <check.h>
#include <stdint.h>
#include <string.h>

START_TEST(pieces_do_not_overlap)
{
	struct vx_arena arena;
	unsigned char *p[1000];

	vx_arena_init(&arena);
	for (unsigned i = 0; i < 1000; i++) {
		size_t n = (i * 7919) % 5000;

		p[i] = vx_arena_alloc(&arena, n);
		ck_assert_ptr_nonnull(p[i]);
		ck_assert_uint_eq((uintptr_t)p[i] % 8, 0);
		memset(p[i], (int)(i % 256), n);
	}
	for (unsigned i = 0; i < 1000; i++)
		for (size_t k = 0; k < (i * 7919) % 5000; k++)
			if (p[i][k] != i % 256)
				ck_abort_msg("piece %u was overwritten at %zu", i, k);
	vx_arena_release(&arena);
	ck_assert_uint_eq(arena.reserved, 0);
}
END_TEST

START_TEST(reset_keeps_the_chunks)
{
	struct vx_arena arena;
	size_t reserved;

	vx_arena_init(&arena);
	for (int i = 0; i < 3; i++)
		ck_assert_ptr_nonnull(vx_arena_alloc(&arena, 1 << 20));
	reserved = arena.reserved;
	for (int round = 0; round < 100; round++) {
		vx_arena_reset(&arena);
		for (int i = 0; i < 3; i++)
			ck_assert_ptr_nonnull(vx_arena_alloc(&arena, 1 << 20));
	}
	ck_assert_uint_eq(arena.reserved, reserved);
	vx_arena_release(&arena);
}
END_TEST

/* Little is taken for little, and what an arena has does not grow with the number of its uses. */
START_TEST(no_more_than_is_needed)
{
	struct vx_arena arena;
	size_t reserved;

	vx_arena_init(&arena);
	ck_assert_ptr_nonnull(vx_arena_alloc(&arena, 100));
	ck_assert_uint_le(arena.reserved, 4096);
	for (size_t n = 16; n <= (size_t)1 << 21; n *= 2)
		ck_assert_ptr_nonnull(vx_arena_alloc(&arena, n));
	reserved = arena.reserved;
	ck_assert_uint_le(reserved, (size_t)8 << 20);
	for (size_t round = 0; round < 1000; round++) {
		vx_arena_reset(&arena);
		for (size_t i = 0; i < 8; i++)
			ck_assert_ptr_nonnull(
				vx_arena_alloc(&arena, (round * 7919 + i * 104729) % 200000));
	}
	ck_assert_uint_le(arena.reserved, reserved + ((size_t)2 << 20));
	vx_arena_release(&arena);
}
END_TEST

START_TEST(large_and_impossible)
{
	struct vx_arena arena;
	char *p;

	vx_arena_init(&arena);
	p = vx_arena_alloc(&arena, (size_t)5 << 20);
	ck_assert_ptr_nonnull(p);
	memset(p, 1, (size_t)5 << 20);
	ck_assert_ptr_null(vx_arena_alloc(&arena, SIZE_MAX));
	ck_assert_ptr_null(vx_arena_alloc(&arena, SIZE_MAX - 16));
	ck_assert_ptr_null(vx_arena_copy(&arena, "", SIZE_MAX));
	p = vx_arena_copy(&arena, "chr1 and more", 4);
	ck_assert_str_eq(p, "chr1");
	ck_assert_str_eq(vx_arena_copy(&arena, NULL, 0), "");
	vx_arena_release(&arena);
}
END_TEST

Suite *base_arena_suite(void);
Suite *base_arena_suite(void)
{
	Suite *suite = suite_create("base_arena");
	TCase *tc = tcase_create("arena");

	tcase_add_test(tc, pieces_do_not_overlap);
	tcase_add_test(tc, reset_keeps_the_chunks);
	tcase_add_test(tc, no_more_than_is_needed);
	tcase_add_test(tc, large_and_impossible);
	suite_add_tcase(suite, tc);
	return suite;
}
