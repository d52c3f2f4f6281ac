#include "input/seam.h"
#include "vidx.h"

#include <check.h>
#include <pthread.h>
#include <stdlib.h>

START_TEST(moves_the_tail)
{
	struct vx_seam *seam = vx_seam_new();
	struct vx_buf tail, got;
	char place[VX_PLACE_MAX];
	const uint8_t *memory;

	ck_assert_ptr_nonnull(seam);
	vx_buf_init(&tail);
	vx_buf_init(&got);
	vx_buf_adds(&got, "old");
	vx_buf_adds(&tail, "22\t16");
	memory = tail.p;
	vx_seam_publish(seam, &tail, "22:15", 0);
	ck_assert_ptr_null(tail.p);
	ck_assert_int_eq(vx_seam_take(seam, &got, place), 0);
	ck_assert_ptr_eq(got.p, memory);
	ck_assert_uint_eq(got.len, 5);
	ck_assert_str_eq(place, "22:15");
	vx_buf_release(&got);
}
END_TEST

START_TEST(failure_and_dropping)
{
	struct vx_seam *seam = vx_seam_new();
	struct vx_buf tail;
	char place[VX_PLACE_MAX];

	vx_buf_init(&tail);
	vx_seam_publish(seam, NULL, NULL, 1);
	ck_assert_int_eq(vx_seam_take(seam, &tail, place), VIDX_EBADINPUT);
	ck_assert_str_eq(place, "");
	/* Either end may go first; what was published is freed with the second. */
	seam = vx_seam_new();
	vx_buf_adds(&tail, "x");
	vx_seam_publish(seam, &tail, "1:1", 0);
	vx_seam_drop(seam);
	seam = vx_seam_new();
	vx_seam_drop(seam);
	vx_buf_adds(&tail, "x");
	vx_seam_publish(seam, &tail, "1:1", 0);
	ck_assert_ptr_null(tail.p);
}
END_TEST

enum { N_SEAMS = 2000 };

static struct vx_seam *seams[N_SEAMS];

static void *publish_all(void *arg)
{
	struct vx_buf tail;

	(void)arg;
	for (unsigned i = 0; i < N_SEAMS; i++) {
		vx_buf_init(&tail);
		vx_buf_addu(&tail, i);
		vx_seam_publish(seams[i], &tail, "", 0);
	}
	return NULL;
}

START_TEST(between_threads)
{
	struct vx_buf got;
	char place[VX_PLACE_MAX];
	pthread_t thread;

	vx_buf_init(&got);
	for (unsigned i = 0; i < N_SEAMS; i++)
		seams[i] = vx_seam_new();
	ck_assert_int_eq(pthread_create(&thread, NULL, publish_all, NULL), 0);
	for (unsigned i = 0; i < N_SEAMS; i++) {
		ck_assert_int_eq(vx_seam_take(seams[i], &got, place), 0);
		vx_buf_addc(&got, 0);
		ck_assert_uint_eq(strtoul((const char *)got.p, NULL, 10), i);
	}
	pthread_join(thread, NULL);
	vx_buf_release(&got);
}
END_TEST

START_TEST(places)
{
	char place[VX_PLACE_MAX], name[200];

	vx_place_format(place, vx_slice_str("chr1"), 5);
	ck_assert_str_eq(place, "chr1:5");
	memset(name, 'c', sizeof name);
	vx_place_format(place, vx_slice(name, sizeof name), UINT64_MAX);
	ck_assert_uint_eq(strlen(place), 56 + 1 + 20);
}
END_TEST

Suite *input_seam_suite(void);
Suite *input_seam_suite(void)
{
	Suite *suite = suite_create("input_seam");
	TCase *tc = tcase_create("seam");

	tcase_add_test(tc, moves_the_tail);
	tcase_add_test(tc, failure_and_dropping);
	tcase_add_test(tc, between_threads);
	tcase_add_test(tc, places);
	suite_add_tcase(suite, tc);
	return suite;
}
