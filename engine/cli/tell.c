#include "cli/tell.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BAR_CELLS     30
#define BAR_EVERY_NS  UINT64_C(200000000)
#define LINE_EVERY_NS UINT64_C(30000000000)

static void clear_bar(struct vx_tell *tell)
{
	if (tell->drawn)
		fputs("\r\033[K", stderr);
	tell->drawn = 0;
}

static void write_log(void *ctx, enum vx_log_level level, const char *line)
{
	struct vx_tell *tell = ctx;

	clear_bar(tell);
	fprintf(stderr, "vidx %s: %s%s\n", tell->verb, level == VX_LOG_WARN ? "warning: " : "",
		line);
}

static void draw(void *ctx, const struct vx_progress *progress, int last)
{
	struct vx_tell *tell = ctx;
	char text[128], bar[BAR_CELLS + 1];
	uint64_t done = progress->done;
	int cells = 0;

	if (!tell->is_terminal) {
		if (last)
			return;
		vx_progress_text(progress, text, sizeof text);
		fprintf(stderr, "vidx %s: %s: %s\n", tell->verb, progress->what, text);
		return;
	}
	clear_bar(tell);
	if (last)
		return;
	vx_progress_text(progress, text, sizeof text);
	if (progress->total)
		cells = done >= progress->total
				? BAR_CELLS
				: (int)((double)done / (double)progress->total * BAR_CELLS);
	memset(bar, '.', BAR_CELLS);
	memset(bar, '#', (size_t)cells);
	bar[BAR_CELLS] = '\0';
	fprintf(stderr, "%s [%s] %s", progress->what, bar, text);
	tell->drawn = 1;
}

void vx_tell_init(struct vx_tell *tell, const char *verb, const struct vx_opt_common *common)
{
	memset(tell, 0, sizeof *tell);
	tell->verb = verb;
	tell->is_terminal = isatty(STDERR_FILENO);
	tell->quiet = common->quiet;
	tell->begun_ns = vx_now_ns();
	tell->log.level = common->verbose ? VX_LOG_DEBUG
			  : common->quiet ? VX_LOG_WARN
					  : VX_LOG_INFO;
	tell->log.write = write_log;
	tell->log.ctx = tell;
	tell->progress.every_ns = tell->is_terminal ? BAR_EVERY_NS : LINE_EVERY_NS;
	if (!common->quiet)
		tell->progress.draw = draw;
	tell->progress.ctx = tell;
}

void vx_tell(struct vx_tell *tell, const char *fmt, ...)
{
	va_list ap;

	if (tell->quiet)
		return;
	clear_bar(tell);
	fprintf(stderr, "vidx %s: ", tell->verb);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void vx_tell_bytes(uint64_t n, char *out, int size)
{
	static const char *const unit[] = {"B", "kB", "MB", "GB", "TB", "PB"};
	double v = (double)n;
	unsigned i = 0;

	while (v >= 999.5 && i < 5) {
		v /= 1000;
		i++;
	}
	snprintf(out, (size_t)size,
		 v < 9.995 && i   ? "%.2f %s"
		 : v < 99.95 && i ? "%.1f %s"
				  : "%.0f %s",
		 v, unit[i]);
}
