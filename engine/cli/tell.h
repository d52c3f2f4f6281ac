/* tell: what long work says on standard error: log lines, progress, the closing figures. */
#ifndef VX_CLI_TELL_H
#define VX_CLI_TELL_H

#include "base/log.h"
#include "base/progress.h"
#include "cli/opt.h"

struct vx_tell {
	const char *verb;
	int is_terminal, quiet;
	int drawn; /* a bar stands on the current line */
	uint64_t begun_ns;
	struct vx_log log;
	struct vx_progress progress;
};

/* A bar on a terminal, a line every 30 s elsewhere, nothing but warnings with quiet. */
void vx_tell_init(struct vx_tell *tell, const char *verb, const struct vx_opt_common *common);
/* "vidx VERB: ..." on standard error, unless quiet. */
void vx_tell(struct vx_tell *tell, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "12.3 MB" into out. */
void vx_tell_bytes(uint64_t n, char *out, int size);

#endif
