#include "base/buf.h"
#include "vidx.h"

#include <check.h>

START_TEST(appending)
{
	struct vx_buf buf;

	vx_buf_init(&buf);
	vx_buf_add(&buf, NULL, 0);
	ck_assert_uint_eq(buf.len, 0);
	vx_buf_adds(&buf, "n=");
	vx_buf_addu(&buf, 0);
	vx_buf_addc(&buf, ' ');
	vx_buf_addu(&buf, UINT64_MAX);
	vx_buf_addf(&buf, " %s:%d", "x", -5);
	vx_buf_addc(&buf, 0);
	ck_assert_str_eq((const char *)buf.p, "n=0 18446744073709551615 x:-5");
	ck_assert_int_eq(buf.failed, 0);
	vx_buf_release(&buf);
	ck_assert_ptr_null(buf.p);
}
END_TEST

START_TEST(growing)
{
	struct vx_buf buf;
	size_t cap;

	vx_buf_init(&buf);
	for (unsigned i = 0; i < 100000; i++)
		vx_buf_addc(&buf, (int)(i % 251));
	ck_assert_uint_eq(buf.len, 100000);
	for (unsigned i = 0; i < 100000; i++)
		if (buf.p[i] != i % 251)
			ck_abort_msg("byte %u is %u", i, buf.p[i]);
	cap = buf.cap;
	vx_buf_clear(&buf);
	ck_assert_uint_eq(buf.len, 0);
	ck_assert_uint_eq(buf.cap, cap);
	ck_assert_int_eq(vx_buf_reserve(&buf, cap), 0);
	ck_assert_uint_eq(buf.cap, cap);
	vx_buf_release(&buf);
}
END_TEST

/* A size no machine has: the buffer keeps what it has and appends nothing more. */
START_TEST(out_of_memory)
{
	struct vx_buf buf;

	vx_buf_init(&buf);
	vx_buf_adds(&buf, "abc");
	ck_assert_int_eq(vx_buf_reserve(&buf, SIZE_MAX - 1), VIDX_ENOMEM);
	ck_assert_int_ne(buf.failed, 0);
	vx_buf_adds(&buf, "def");
	ck_assert_uint_eq(buf.len, 3);
	ck_assert_int_eq(memcmp(buf.p, "abc", 3), 0);
	vx_buf_clear(&buf);
	vx_buf_adds(&buf, "gh");
	ck_assert_uint_eq(buf.len, 2);
	vx_buf_release(&buf);
}
END_TEST

Suite *base_buf_suite(void);
Suite *base_buf_suite(void)
{
	Suite *suite = suite_create("base_buf");
	TCase *tc = tcase_create("buf");

	tcase_add_test(tc, appending);
	tcase_add_test(tc, growing);
	tcase_add_test(tc, out_of_memory);
	suite_add_tcase(suite, tc);
	return suite;
}
