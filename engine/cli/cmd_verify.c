#include "cli/cmd.h"

#include "base/clock.h"
#include "cli/tell.h"
#include "store/verify.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>

static const struct vx_help help = {
	"verify",
	"read and check everything in an index; the first fault is told with its reason",
	"[options] INDEX",
	"  vidx verify cohort.vidx && rsync cohort.vidx portal:\n",
};

static void show(void *ctx, uint64_t done, uint64_t all)
{
	struct vx_progress *progress = ctx;
	uint64_t before = atomic_load(&progress->done);

	progress->total = all;
	if (done > before)
		vx_progress_add(progress, done - before);
}

int cmd_verify(int argc, char **argv)
{
	struct vx_opt_common common = { 0 };
	const struct vx_opt opts[] = {
		VX_OPT_THREADS(&common),
		VX_OPT_COMMON(&common),
	};
	struct vx_verify_result result = { 0 };
	struct vidx_error err = { 0 };
	struct vx_tell tell;
	int code, first = vx_opt_parse(&help, opts, argc, argv, &code), rc;

	if (first < 0)
		return code;
	if (argc - first != 1)
		return vx_opt_usage("verify", first >= argc ? "no index" : "one index at a time");
	vx_tell_init(&tell, "verify", &common);
	vx_progress_begin(&tell.progress, "verifying", "blocks", 0);
	rc = vx_verify(argv[first], common.threads ? common.threads : vx_default_threads(), show,
		       &tell.progress, &result, &err);
	vx_progress_end(&tell.progress);
	if (rc < 0) {
		vx_opt_fail("verify", &err);
		return rc == VIDX_EIO ? VX_EXIT_INDEX : vx_opt_exit_code(rc);
	}
	if (!common.quiet)
		printf("%s: ok: %" PRIu64 " variants in %" PRIu64 " blocks\n", argv[first],
		       result.n_variants, result.n_blocks);
	if (fflush(stdout) != 0) {
		perror("vidx verify: standard output: cannot write");
		return VX_EXIT_MACHINE;
	}
	vx_tell_end(&tell, &common);
	return VX_EXIT_OK;
}
