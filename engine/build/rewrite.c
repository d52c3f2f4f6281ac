#include "build/rewrite.h"
#include "codec/alt.h"
#include "codec/kept.h"
#include "store/env.h"

#include <stdlib.h>
#include <string.h>

struct rewrite {
	struct vx_inputs *inputs;
	struct vx_pipeline_result *result;
	struct vx_append *append;
	struct vx_totals totals;
	struct vx_packer *packer;
	unsigned hash_bits;
	struct vx_job *job;
	struct vx_arena arenas[2]; /* arenas[now]: old rows of the job, and those to come */
	int now;
	struct vx_row *last, *old;       /* the last row put; the next old row */
	struct vx_origin_reader origins; /* of the old rows */
	struct vx_walk *walk;
	struct vx_block block;
	uint32_t i_row;     /* next of block */
	struct vx_buf kept; /* of the row just read */
	int at_end;
};

static int keep(struct vx_arena *arena, struct vx_slice *slice)
{
	char *copy = vx_arena_copy(arena, slice->p, slice->len);

	slice->p = copy;
	return copy ? 0 : VIDX_ENOMEM;
}

static struct vx_row *copy_row(struct rewrite *w, const struct vx_row *row)
{
	struct vx_arena *arena = &w->arenas[w->now];
	size_t n_bytes = 8 * (size_t)vx_shape_values(&w->inputs->shape);
	struct vx_row *copy = vx_arena_alloc(arena, sizeof *copy);
	uint64_t *value = vx_arena_alloc(arena, n_bytes);

	if (!copy || !value)
		return NULL;
	*copy = *row;
	copy->value = value;
	memcpy(value, row->value, n_bytes);
	if (keep(arena, &copy->ref) || keep(arena, &copy->alt) || keep(arena, &copy->id) ||
	    keep(arena, &copy->filter) || keep(arena, &copy->kept))
		return NULL;
	return copy;
}

/* Packs and appends the job.  Its rows go with their arena, but for the two still looked at. */
static int flush(struct rewrite *w, struct vidx_error *err)
{
	int rc = vx_job_pack(w->job, w->packer, &w->inputs->shape, w->hash_bits, err);

	if (rc == 0)
		rc = vx_job_append(w->job, w->append, &w->totals, err);
	vx_job_reset(w->job);
	w->now = !w->now;
	if (rc == 0 && ((w->last && !(w->last = copy_row(w, w->last))) ||
			(w->old && !(w->old = copy_row(w, w->old)))))
		rc = vx_fail_nomem(err);
	vx_arena_reset(&w->arenas[!w->now]);
	return rc;
}

static int same_allele(const struct vx_row *a, const struct vx_row *b)
{
	return a->locus == b->locus && vx_row_compare(a, b) == 0;
}

static int put(struct rewrite *w, struct vx_row *row, struct vidx_error *err)
{
	struct vx_slice contig = vx_merge_contig(w->result->merge, vx_locus_contig(row->locus));
	int rc;

	if (w->last && same_allele(w->last, row))
		return vx_merge_duplicate(w->result->merge, row) ? vx_fail_nomem(err) : 0;
	w->last = row;
	rc = vx_job_add(w->job, row, NULL, contig);
	if (rc == 1)
		return flush(w, err);
	return rc < 0 ? vx_fail_nomem(err) : 0;
}

/* Reads the next old row into w->old; NULL at the end. */
static int next_old(struct rewrite *w, uint64_t *value, struct vidx_error *err)
{
	char scratch[VX_ROW_SCRATCH];
	struct vx_row row = {.value = value};
	int rc;

	w->old = NULL;
	while (!w->at_end && w->i_row >= w->block.n_rows) {
		rc = vx_walk_next(w->walk, &w->block);
		w->i_row = 0;
		w->at_end = rc == VIDX_END;
		if (rc < 0)
			return vx_fail(err, rc, "cannot read back what was written");
	}
	if (w->at_end)
		return 0;
	rc = vx_block_row(&w->block, w->i_row++, &row, scratch);
	if (rc == 0 && w->inputs->shape.keep) {
		vx_buf_clear(&w->kept);
		rc = vx_kept_row(&w->block, w->i_row - 1, &w->kept);
		row.kept = vx_slice((const char *)w->kept.p, w->kept.len);
	}
	if (rc)
		return vx_fail(err, rc, "cannot read back what was written");
	vx_origins_next(&w->origins, &row);
	w->old = copy_row(w, &row);
	return w->old ? 0 : vx_fail_nomem(err);
}

/* Late before old?  Equal alleles: by input order. */
static int late_first(const struct vx_row *late, const struct vx_row *old)
{
	int order = vx_row_compare(late, old);

	return order ? order < 0 : late->order < old->order;
}

static int merge_rows(struct rewrite *w, uint64_t *value, struct vidx_error *err)
{
	struct vx_run *late = w->result->late;
	int rc = next_old(w, value, err);

	while (rc == 0 && (w->old || late->next < late->n_rows)) {
		if (!w->old ||
		    (late->next < late->n_rows && late_first(late->row[late->next], w->old))) {
			rc = put(w, late->row[late->next++], err);
			continue;
		}
		rc = put(w, w->old, err);
		if (rc == 0)
			rc = next_old(w, value, err);
	}
	w->old = NULL;
	return rc ? rc : flush(w, err);
}

int vx_rewrite(const char *path, struct vx_inputs *inputs, const struct vx_build_options *options,
	       struct vx_pipeline_result *result, struct vx_append *append, struct vidx_error *err)
{
	struct rewrite w = {.inputs = inputs,
			    .result = result,
			    .append = append,
			    .hash_bits = vx_build_hash_bits(options)};
	struct vx_env *env = NULL;
	uint64_t *value;
	int rc;

	/* The ids gathered so far are of blocks of the file read here. */
	vx_idsort_free(result->totals.ids);
	result->totals.ids = NULL;
	rc = vx_totals_init(&w.totals, options, err);
	if (rc)
		return rc;
	vx_arena_init(&w.arenas[0]);
	vx_arena_init(&w.arenas[1]);
	value = malloc(8 * (size_t)vx_shape_values(&inputs->shape) + 8);
	rc = value ? vx_env_open(path, 0, &env, err) : vx_fail_nomem(err);
	if (rc == 0 && vx_origins_read(vx_merge_origins(result->merge), &w.origins))
		rc = vx_fail_nomem(err);
	if (rc == 0)
		rc = vx_walk_new(env, &w.walk, err);
	if (rc == 0)
		rc = vx_packer_new(&inputs->shape, w.hash_bits, &w.packer, err);
	if (rc == 0 && vx_job_new(&inputs->shape, &w.job))
		rc = vx_fail_nomem(err);
	if (rc == 0) {
		rc = vx_walk_block(w.walk, 0, &w.block);
		w.at_end = rc == VIDX_END;
		rc = rc < 0 ? vx_fail(err, rc, "cannot read back what was written")
			    : merge_rows(&w, value, err);
	}
	vx_job_free(w.job);
	vx_packer_free(w.packer);
	vx_walk_free(w.walk);
	vx_env_close(env);
	free(value);
	vx_buf_release(&w.kept);
	vx_arena_release(&w.arenas[0]);
	vx_arena_release(&w.arenas[1]);
	vx_totals_release(&result->totals);
	result->totals = w.totals;
	return rc;
}
