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
	tcase_add_test(tc, large_and_impossible);
	suite_add_tcase(suite, tc);
	return suite;
}
