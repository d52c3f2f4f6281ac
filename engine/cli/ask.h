/* ask: what get, region and dump share: an open index, what is shown of it, and where it goes. */
#ifndef VX_CLI_ASK_H
#define VX_CLI_ASK_H

#include "cli/opt.h"
#include "cli/out.h"
#include "render/view.h"

struct vx_ask {
	const char *verb;
	/* options */
	const char *populations, *fields, *grpmax, *output, *reference;
	int pass_only, json, wide;
	struct vx_opt_common common;
	/* state */
	uint64_t begun_ns;
	struct vidx_index *index;
	struct vidx_reader *reader;
	struct vx_view view;
	struct vx_out out;
};

#define VX_ASK_OPTIONS(a)                                                                          \
	{"populations", 0,                                                                         \
	 VX_OPT_TEXT,   &(a)->populations,                                                         \
	 "LIST",        "only these populations: ALL,EUR",                                         \
	 "all"},                                                                                   \
		{"fields",                                                                         \
		 0,                                                                                \
		 VX_OPT_TEXT,                                                                      \
		 &(a)->fields,                                                                     \
		 "LIST",                                                                           \
		 "only these columns, in this order; also faf99, grpmax, "                         \
		 "grpmax_af, fafmax95, fafmax99, end, svlen, chr2, end2, strands",                 \
		 "all others"},                                                                    \
		{"grpmax",                                                                         \
		 0,                                                                                \
		 VX_OPT_TEXT,                                                                      \
		 &(a)->grpmax,                                                                     \
		 "LIST",                                                                           \
		 "populations that grpmax and fafmax compare",                                     \
		 "top-level ancestries"},                                                          \
	{                                                                                          \
		"pass-only", 0, VX_OPT_FLAG, &(a)->pass_only, NULL,                                \
			"as if variants whose FILTER is not PASS were not there", NULL             \
	}

/*
 * Opens the index at path and the output.  open_fd as for vx_out_open().  0, or an exit code
 * after a message.  vx_ask_end() must follow in either case.
 */
int vx_ask_begin(struct vx_ask *ask, const char *path, int one_shot, int open_fd);
/* Closes all.  code: the exit code so far; returns it, or that of a failure to end the output. */
int vx_ask_end(struct vx_ask *ask, int code);

/* Adds the header line, if the form has one. */
void vx_ask_header(struct vx_ask *ask);
/* Adds one answer and writes when there is enough.  VIDX_EIO, VIDX_EFULL, VIDX_ENOMEM. */
int vx_ask_answer(struct vx_ask *ask, const struct vx_answer *answer, struct vidx_error *err);
/* Whether pass_only hides a site. */
int vx_ask_hides(const struct vx_ask *ask, const struct vidx_site *site);

#endif
