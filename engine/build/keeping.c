#include "build/keeping.h"

#include "cohort/keeprow.h"

#include <stdlib.h>

int vx_keeping_init(struct vx_inputs *inputs, const struct vx_build_options *options,
		    struct vidx_error *err)
{
	vx_keep_init(&inputs->keep);
	return options->keep_info ? vx_keep_list(&inputs->keep, options->keep_info, err) : 0;
}

int vx_keeping_want(struct vx_inputs *inputs, const struct vx_build_options *options,
		    struct vidx_error *err)
{
	struct vx_keep *keep = &inputs->keep;
	/* END of blocks that have no ALT is looked for only when asked for. */
	uint32_t n_end = inputs->from_gt && vx_build_from_blocks(options);
	uint32_t n_map = inputs->from_gt ? n_end : inputs->map.n + inputs->map.n_af, n = n_map;
	struct vx_slice *keys = calloc((size_t)n_map + keep->n + 1, sizeof *keys);
	int rc;

	if (!keys)
		return vx_fail_nomem(err);
	if (n_end)
		keys[0] = vx_slice_str("END");
	for (uint32_t i = 0; i < n_map && !inputs->from_gt; i++)
		keys[i] = inputs->map.entry[i].key;
	for (uint32_t k = 0; k < keep->n; k++) {
		struct vx_slice name = vx_slice_str(keep->key[k].name);
		uint32_t at = 0;

		while (at < n_map && !vx_slice_eq(keys[at], name))
			at++;
		keep->key[k].at = at < n_map ? at : n;
		if (at == n_map)
			keys[n++] = name;
	}
	rc = vx_wanted_new(keys, n, &inputs->wanted, err);
	free(keys);
	inputs->shape.keep = keep->n ? keep : NULL;
	return rc;
}

/* Tells of the first value of a row that was left out; under --strict that is the end. */
static int tell(const struct vx_run *run, const struct vx_worker *worker,
		const struct vx_record *record, const struct vx_keep_fault *fault,
		struct vidx_error *err)
{
	const struct vx_info_value *value = &fault->value;
	struct vidx_error text = {.status = 0};
	int is_text = value->bcf_type == 0 || value->bcf_type == 7;

	vx_fail(&text, VIDX_EBADINPUT, "%s: %.*s:%llu: bad_info: '%s=%.*s' (Number=%s, Type=%s)",
		worker->inputs->input[run->i_input].path,
		record->chrom.len < 64 ? (int)record->chrom.len : 64, record->chrom.p,
		(unsigned long long)record->pos1, fault->key->name,
		!is_text           ? 3
		: value->len < 40u ? (int)value->len
				   : 40,
		is_text ? value->p : "...", fault->key->number,
		vx_keep_type_name(fault->key->type));
	if (worker->options->strict)
		return vx_fail(err, VIDX_EBADINPUT, "%s", text.text);
	vx_log(worker->options->log, VX_LOG_DEBUG, "%s: not kept", text.text);
	return 0;
}

int vx_keeping_rows(struct vx_run *run, struct vx_worker *worker, const struct vx_record *record,
		    size_t first, struct vidx_error *err)
{
	uint32_t i_alt = 0;

	for (size_t i = first; i < run->n_rows; i++, i_alt++) {
		struct vx_buf *kept = &worker->kept;
		struct vx_keep_fault fault;
		uint32_t n_bad;
		char *copy;
		int rc = 0;

		while (worker->reason[i_alt] != VX_KEPT)
			i_alt++;
		n_bad = vx_keep_row(&worker->inputs->keep, record, i_alt, kept, &fault);
		run->tally.n_not_kept += n_bad;
		if (n_bad)
			rc = tell(run, worker, record, &fault, err);
		if (rc)
			return rc;
		copy = kept->failed ? NULL : vx_arena_copy(&run->arena, kept->p, kept->len);
		if (!copy)
			return vx_fail_nomem(err);
		run->row[i]->kept = vx_slice(copy, kept->len);
	}
	return 0;
}
