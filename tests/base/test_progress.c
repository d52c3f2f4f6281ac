/* progress, clock and log: what long work says. */
#include "base/progress.h"

#include "base/clock.h"
#include "base/log.h"

#include <check.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *base_progress_suite(void);

static int n_drawn, n_last;

static void draw(void *ctx, const struct vx_progress *progress, int last)
{
	ck_assert_ptr_eq(ctx, &n_drawn);
	ck_assert_uint_gt(progress->total, 0);
	n_drawn++;
	n_last += last;
}

START_TEST(draws_when_due)
{
	struct vx_progress p = {.draw = draw, .ctx = &n_drawn, .every_ns = UINT64_MAX / 4};
	char text[100];

	n_drawn = n_last = 0;
	vx_progress_begin(&p, "testing", "B", 2000);
	for (int i = 0; i < 500; i++)
		vx_progress_add(&p, 2);
	ck_assert_int_eq(n_drawn, 0);
	ck_assert_uint_eq(atomic_load(&p.done), 1000);
	atomic_store(&p.due_ns, 0);
	vx_progress_add(&p, 0);
	ck_assert_int_eq(n_drawn, 1);
	vx_progress_end(&p);
	ck_assert_int_eq(n_drawn, 2);
	ck_assert_int_eq(n_last, 1);
	vx_progress_text(&p, text, sizeof(text));
	ck_assert_int_eq(strncmp(text, "50% ", 4), 0);
	ck_assert_ptr_nonnull(strstr(text, "B/s, "));
	ck_assert_ptr_nonnull(strstr(text, " left"));
	vx_progress_text(&p, text, 5);
	ck_assert_str_eq(text, "50% ");
}
END_TEST

START_TEST(may_be_silent_or_endless)
{
	struct vx_progress p = {0};
	char text[100];

	vx_progress_begin(&p, "testing", "blocks", 0);
	vx_progress_add(&p, 3);
	vx_progress_end(&p);
	vx_progress_text(&p, text, sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, "blocks/s"));
	ck_assert_ptr_null(strstr(text, "%"));
}
END_TEST

START_TEST(clocks_run)
{
	uint64_t wall = vx_now_ns(), cpu = vx_cpu_ns(), before = vx_peak_bytes();
	volatile uint64_t work = 0;
	size_t size = (size_t)64 << 20;
	char *block = malloc(size);
	cpu_set_t set;

	ck_assert_ptr_nonnull(block);
	memset(block, 1, size);
	for (int i = 0; i < 1000000; i++)
		work += (uint64_t)block[(size_t)i % size];
	ck_assert_uint_eq(work, 1000000);
	ck_assert_uint_gt(vx_now_ns(), wall);
	ck_assert_uint_gt(vx_cpu_ns(), cpu);
	ck_assert_uint_ge(vx_peak_bytes(), before);
	ck_assert_uint_ge(vx_peak_bytes(), size);
	free(block);
	ck_assert_int_ge(vx_default_threads(), 1);
	ck_assert_int_eq(sched_getaffinity(0, sizeof(set), &set), 0);
	ck_assert_int_le(vx_default_threads(), CPU_COUNT(&set));
}
END_TEST

static char logged[2000];

static void keep(void *ctx, enum vx_log_level level, const char *line)
{
	ck_assert_ptr_null(ctx);
	ck_assert_int_le(level, VX_LOG_INFO);
	strncat(logged, line, 1500);
}

START_TEST(logs_by_level)
{
	struct vx_log log = {.level = VX_LOG_INFO, .write = keep};

	logged[0] = '\0';
	vx_log(NULL, VX_LOG_WARN, "nobody hears");
	vx_log(&log, VX_LOG_DEBUG, "too much");
	vx_log(&log, VX_LOG_INFO, "one %d;", 1);
	vx_log(&log, VX_LOG_WARN, "two\nlines\t;");
	ck_assert_str_eq(logged, "one 1;two?lines?;");
	vx_log(&log, VX_LOG_WARN, "%2000d", 1);
	ck_assert_uint_lt(strlen(logged), 1500);
}
END_TEST

Suite *base_progress_suite(void)
{
	Suite *s = suite_create("base_progress");
	TCase *t = tcase_create("progress");

	tcase_add_test(t, draws_when_due);
	tcase_add_test(t, may_be_silent_or_endless);
	tcase_add_test(t, clocks_run);
	tcase_add_test(t, logs_by_level);
	suite_add_tcase(s, t);
	return s;
}
