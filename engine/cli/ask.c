#include "cli/ask.h"

#include "base/clock.h"
#include "render/infofield.h"
#include "render/tsv.h"

int vx_ask_begin(struct vx_ask *ask, const char *path, int one_shot, int open_fd)
{
	struct vidx_error err = {0};
	struct vidx_open_options options = {.sizeof_options = sizeof options,
					    .one_shot = one_shot,
					    .reference = ask->reference};
	int code = vx_opt_open(ask->verb, path, &options, &ask->index, &ask->reader);
	int rc;

	ask->begun_ns = vx_now_ns();
	ask->out.fd = -1;
	if (code != 0)
		return code;
	rc = vx_view_init(&ask->view, ask->index, ask->populations, ask->fields, &err);
	if (rc == 0 && ask->grpmax)
		rc = vx_view_set_grpmax(&ask->view, ask->grpmax, &err);
	ask->view.wide = ask->wide;
	if (rc == 0)
		rc = vx_out_open(&ask->out, ask->output, open_fd, &err);
	return rc < 0 ? vx_opt_fail(ask->verb, &err) : 0;
}

int vx_ask_end(struct vx_ask *ask, int code)
{
	struct vidx_error err = {0};
	int keep = code == VX_EXIT_OK || code == VX_EXIT_NOT_FOUND;
	int rc = 0;

	if (ask->out.path)
		rc = vx_out_close(&ask->out, keep ? 0 : VIDX_EUSAGE, &err);
	if (keep && rc < 0)
		code = vx_opt_fail(ask->verb, &err);
	vx_view_release(&ask->view);
	vidx_reader_free(ask->reader);
	vidx_close(ask->index);
	if (keep)
		vx_opt_resources(ask->verb, &ask->common, ask->begun_ns);
	return code;
}

void vx_ask_header(struct vx_ask *ask)
{
	if (!ask->json)
		vx_tsv_header(&ask->view, &ask->out.buf);
}

int vx_ask_answer(struct vx_ask *ask, const struct vx_answer *answer, struct vidx_error *err)
{
	int rc = vx_infofield_take(&ask->view, answer->site, err);

	if (rc < 0)
		return rc;
	if (ask->json)
		vx_json_answer(&ask->view, answer, &ask->out.buf);
	else
		vx_tsv_answer(&ask->view, answer, &ask->out.buf);
	return vx_out_pump(&ask->out, 0, err);
}

int vx_ask_hides(const struct vx_ask *ask, const struct vidx_site *site)
{
	return ask->pass_only && !vx_slice_is(vx_slice(site->filter, site->filter_len), "PASS");
}
