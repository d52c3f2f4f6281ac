#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

/* One lock for all logs: messages are rare, and two logs may share one terminal. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void vx_log(struct vx_log *log, enum vx_log_level level, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	if (!log || !log->write || level > log->level)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	/* File names and sample names come from outside: one message stays one line. */
	for (char *c = line; *c; c++)
		if ((unsigned char)*c < 32 || *c == 127)
			*c = '?';
	pthread_mutex_lock(&lock);
	log->write(log->ctx, level, line);
	pthread_mutex_unlock(&lock);
}
