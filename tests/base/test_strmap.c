#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/strmap.h"

Suite *base_strmap_suite(void);

START_TEST(put_and_get)
{
	enum { N = 5000 };
	char(*text)[12] = malloc(N * sizeof *text);
	struct vx_strmap map;

	ck_assert_ptr_nonnull(text);

	vx_strmap_init(&map);
	ck_assert_uint_eq(vx_strmap_get(&map, vx_slice_str("x")), VX_STRMAP_NONE);
	for (uint32_t i = 0; i < N; i++) {
		sprintf(text[i], "key%u", i);
		ck_assert_int_eq(vx_strmap_put(&map, vx_slice_str(text[i]), i), 0);
	}
	ck_assert_int_eq(vx_strmap_put(&map, vx_slice_str("key7"), 99), 1);
	ck_assert_uint_eq(vx_strmap_get(&map, vx_slice_str("key7")), 7);
	ck_assert_int_eq(vx_strmap_set(&map, vx_slice_str("key7"), 99), 0);
	ck_assert_uint_eq(vx_strmap_get(&map, vx_slice_str("key7")), 99);
	ck_assert_int_eq(vx_strmap_put(&map, vx_slice("", 0), 1), 0);
	ck_assert_uint_eq(map.n, N + 1);
	for (uint32_t i = 8; i < N; i++)
		ck_assert_uint_eq(vx_strmap_get(&map, vx_slice_str(text[i])), i);
	ck_assert_uint_eq(vx_strmap_get(&map, vx_slice_str("key")), VX_STRMAP_NONE);
	ck_assert_uint_eq(vx_strmap_get(&map, vx_slice("key71", 4)), 99);
	vx_strmap_release(&map);
	vx_strmap_release(&map);
	free(text);
}
END_TEST

Suite *base_strmap_suite(void)
{
	Suite *s = suite_create("base_strmap");
	TCase *t = tcase_create("strmap");

	tcase_add_test(t, put_and_get);
	suite_add_tcase(s, t);
	return s;
}
