/* log: warnings and remarks to a sink that the command line gives.  Serialised; any thread. */
#ifndef VX_BASE_LOG_H
#define VX_BASE_LOG_H

enum vx_log_level { VX_LOG_WARN, VX_LOG_INFO, VX_LOG_DEBUG };

struct vx_log {
	enum vx_log_level level; /* messages above it are not written */
	void (*write)(void *ctx, enum vx_log_level level, const char *line);
	void *ctx;
};

/* printf-like, one line, no newline; does nothing when log is NULL. */
void vx_log(struct vx_log *log, enum vx_log_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
