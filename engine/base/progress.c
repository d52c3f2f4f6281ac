#include "base/progress.h"
#include "base/clock.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>

void vx_progress_begin(struct vx_progress *progress, const char *what, const char *unit,
		       uint64_t total)
{
	progress->what = what;
	progress->unit = unit;
	progress->total = total;
	progress->begun_ns = vx_now_ns();
	atomic_store(&progress->done, 0);
	atomic_store(&progress->due_ns, progress->begun_ns + progress->every_ns);
}

void vx_progress_add(struct vx_progress *progress, uint64_t n)
{
	uint64_t now, due;

	atomic_fetch_add_explicit(&progress->done, n, memory_order_relaxed);
	if (!progress->draw)
		return;
	now = vx_now_ns();
	due = atomic_load_explicit(&progress->due_ns, memory_order_relaxed);
	/* UINT64_MAX is held by the thread that draws, so no two draw at once. */
	if (now < due || !atomic_compare_exchange_strong(&progress->due_ns, &due, UINT64_MAX))
		return;
	progress->draw(progress->ctx, progress, 0);
	atomic_store(&progress->due_ns, now + progress->every_ns);
}

void vx_progress_end(struct vx_progress *progress)
{
	if (progress->draw)
		progress->draw(progress->ctx, progress, 1);
}

static void rate_text(double rate, const char *unit, char *out, size_t size)
{
	static const char *const prefix[] = {"", "k", "M", "G", "T"};
	int bytes = unit[0] == 'B' && (unit[1] == '\0' || unit[1] == ' ');
	unsigned i = 0;

	while (rate >= 999.5 && i < 4) {
		rate /= 1000;
		i++;
	}
	snprintf(out, size, rate < 9.95 && i ? "%.1f %s%s%s/s" : "%.0f %s%s%s/s", rate, prefix[i],
		 i && !bytes ? " " : "", bytes ? "B" : unit);
}

void vx_progress_text(const struct vx_progress *progress, char *out, int size)
{
	uint64_t done = atomic_load_explicit(&progress->done, memory_order_relaxed);
	double seconds = (double)(vx_now_ns() - progress->begun_ns) / 1e9;
	double rate = seconds > 0 ? (double)done / seconds : 0;
	char speed[64];

	if (size <= 0)
		return;
	rate_text(rate, progress->unit, speed, sizeof speed);
	if (!progress->total || rate <= 0) {
		snprintf(out, (size_t)size, "%s", speed);
		return;
	}
	/* The total may be an estimate, so more than all of it can be done. */
	uint64_t left = done < progress->total ? progress->total - done : 0;
	uint64_t left_s = (uint64_t)((double)left / rate + 0.5);
	unsigned percent =
		(unsigned)(100.0 * (double)(progress->total - left) / (double)progress->total);
	if (left_s < 3600)
		snprintf(out, (size_t)size, "%u%% %s, %" PRIu64 ":%02" PRIu64 " left", percent,
			 speed, left_s / 60, left_s % 60);
	else
		snprintf(out, (size_t)size, "%u%% %s, %" PRIu64 ":%02" PRIu64 ":%02" PRIu64 " left",
			 percent, speed, left_s / 3600, left_s / 60 % 60, left_s % 60);
}
