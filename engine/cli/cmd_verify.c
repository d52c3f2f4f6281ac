#include "cli/cmd.h"

#include "cli/out.h"
#include "cli/tell.h"
#include "render/json.h"
#include "store/verify.h"

#include <inttypes.h>
#include <stdatomic.h>

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

static int tell_ok(const char *path, int as_json, const struct vx_verify_result *result)
{
	struct vidx_error err = {0};
	struct vx_out out;
	struct vx_json json = {&out.buf, 0};

	if (vx_out_open(&out, NULL, 1, &err) < 0)
		return vx_opt_fail("verify", &err);
	if (as_json) {
		vx_json_begin(&json, NULL, '{');
		vx_json_text(&json, "file", vx_slice_str(path));
		vx_json_text(&json, "status", vx_slice_str("ok"));
		vx_json_count(&json, "variants", result->n_variants);
		vx_json_count(&json, "blocks", result->n_blocks);
		vx_json_count(&json, "bytes", result->n_bytes);
		vx_json_end(&json, '}');
		vx_buf_addc(&out.buf, '\n');
	} else {
		vx_buf_addf(&out.buf, "%s: ok: %" PRIu64 " variants in %" PRIu64 " blocks\n", path,
			    result->n_variants, result->n_blocks);
	}
	return vx_out_close(&out, 0, &err) < 0 ? vx_opt_fail("verify", &err) : 0;
}

int cmd_verify(int argc, char **argv)
{
	struct vx_opt_common common = {0};
	int json = 0;
	const struct vx_opt opts[] = {
		{"json", 0, VX_OPT_FLAG, &json, NULL, "one JSON object", "a line"},
		VX_OPT_COMMON(&common),
	};
	struct vx_verify_result result = {0};
	struct vidx_error err = {0};
	struct vx_tell tell;
	int code, first = vx_opt_parse(&help, opts, argc, argv, &code), rc;

	if (first < 0)
		return code;
	if (argc - first != 1)
		return vx_opt_usage("verify", first >= argc ? "no index" : "one index at a time");
	vx_tell_init(&tell, "verify", &common);
	vx_progress_begin(&tell.progress, "verifying", "blocks", 0);
	rc = vx_verify(argv[first], vx_opt_threads(&common), show, &tell.progress, &result, &err);
	vx_progress_end(&tell.progress);
	if (rc < 0) {
		vx_opt_fail("verify", &err);
		return rc == VIDX_EIO ? VX_EXIT_INDEX : vx_opt_exit_code(rc);
	}
	code = common.quiet ? 0 : tell_ok(argv[first], json, &result);
	if (code != 0)
		return code;
	vx_opt_resources("verify", &common, tell.begun_ns);
	return VX_EXIT_OK;
}
