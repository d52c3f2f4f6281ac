/* Order and digest of rows, and the plan of the groups. */
#include "base/pos.h"
#include "base/bytes.h"
#include "codec/row.h"
#include "sample.h"

#include <check.h>

static uint64_t three[] = {1, 2, VX_NONE};

static struct vx_row make_row(uint32_t contig)
{
	struct vx_row row;

	memset(&row, 0, sizeof(row));
	row.locus = vx_locus(contig, 99);
	row.hash = 5;
	row.ref = vx_slice_str("A");
	row.alt = vx_slice_str("CT");
	row.end0 = 100;
	row.id = vx_slice_str("rs1");
	row.filter = vx_slice_str("PASS");
	row.value = three;
	return row;
}

START_TEST(order_of_fields)
{
	struct vx_row a = make_row(1), b = a;

	ck_assert_int_eq(vx_row_compare(&a, &b), 0);
	b.svlen = -1;
	ck_assert_int_gt(vx_row_compare(&a, &b), 0);
	b.end0 = 101; /* each field outweighs those behind it */
	ck_assert_int_lt(vx_row_compare(&a, &b), 0);
	b.alt = vx_slice_str("C");
	ck_assert_int_gt(vx_row_compare(&a, &b), 0);
	b.ref = vx_slice_str("AA");
	ck_assert_int_lt(vx_row_compare(&a, &b), 0);
	b.hash = 4;
	ck_assert_int_gt(vx_row_compare(&a, &b), 0);
	b.locus = vx_locus(2, 0);
	ck_assert_int_lt(vx_row_compare(&a, &b), 0);
	ck_assert_int_gt(vx_row_compare(&b, &a), 0);
}
END_TEST

/* The canonical record, byte by byte as FORMAT.md says. */
START_TEST(digest_bytes)
{
	uint32_t rule_beg[] = {0, 0};
	struct vx_groups groups = {.n = 1, .rule_beg = rule_beg};
	struct vx_shape shape = {.groups = &groups, .metrics = 7};
	struct vx_row row = make_row(3);
	struct vx_hash128 got, want;
	struct vx_buf scratch;
	uint8_t bytes[256], *p = bytes;

	vx_buf_init(&scratch);
	got = vx_row_digest(&row, &shape, vx_slice_str("chr1"), &scratch);
	memcpy(p, "chr1\0", 5), p += 5;
	vx_store64(p, 99), p += 8;
	vx_store64(p, 1), p += 8, *p++ = 'A';
	vx_store64(p, 2), p += 8, *p++ = 'C', *p++ = 'T';
	vx_store64(p, 100), p += 8;
	vx_store64(p, 0), p += 8;
	vx_store64(p, 4), p += 8, memcpy(p, "PASS", 4), p += 4;
	vx_store64(p, 3), p += 8, memcpy(p, "rs1", 3), p += 3;
	for (int i = 0; i < 3; i++)
		vx_store64(p, three[i]), p += 8;
	want = vx_hash128(bytes, (size_t)(p - bytes));
	ck_assert_uint_eq(got.lo, want.lo);
	ck_assert_uint_eq(got.hi, want.hi);
	/* The contig's rank and what is not stored do not matter; everything else does. */
	row = make_row(7);
	row.order = 9;
	row.n_siblings = 2;
	row.hash = 1;
	got = vx_row_digest(&row, &shape, vx_slice_str("chr1"), &scratch);
	ck_assert_uint_eq(got.lo, want.lo);
	row.filter = vx_slice_str(".");
	got = vx_row_digest(&row, &shape, vx_slice_str("chr1"), &scratch);
	ck_assert_uint_ne(got.lo, want.lo);
	row = make_row(7);
	got = vx_row_digest(&row, &shape, vx_slice_str("chr2"), &scratch);
	ck_assert_uint_ne(got.lo, want.lo);
	vx_buf_release(&scratch);
}
END_TEST

/* A leaf's up list names each sum as often as the sum counts the leaf. */
START_TEST(plan_of_random_groups)
{
	struct sample s;

	sample_init(&s, (uint64_t)_i, 2 + (uint32_t)_i, 1);
	for (uint32_t j = 0; s.plan.has_up && j < s.plan.n_leaf; j++) {
		uint64_t value[VX_GROUPS_MAX] = {0};

		value[s.plan.leaf[j]] = 1;
		sample_sums(&s, value);
		for (uint32_t u = s.plan.up_beg[j]; u < s.plan.up_beg[j + 1]; u++)
			value[s.plan.up[u]]--;
		value[s.plan.leaf[j]]--;
		for (uint32_t g = 0; g < s.groups.n; g++)
			ck_assert_uint_eq(value[g], 0);
	}
	ck_assert_uint_eq(s.plan.n_leaf + s.plan.n_sum, s.groups.n);
	ck_assert_int_eq(s.plan.has_up || _i > 20, 1);
	sample_release(&s);
}
END_TEST

Suite *codec_row_suite(void);
Suite *codec_row_suite(void)
{
	Suite *s = suite_create("codec_row");
	TCase *t = tcase_create("row");

	tcase_add_test(t, order_of_fields);
	tcase_add_test(t, digest_bytes);
	tcase_add_loop_test(t, plan_of_random_groups, 0, 60);
	suite_add_tcase(s, t);
	return s;
}
