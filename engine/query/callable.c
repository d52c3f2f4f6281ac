#include "query/callable.h"

#include "base/pos.h"
#include "query/asked.h"

#include <stdlib.h>

int vx_callable_init(struct vidx_reader *reader, struct vidx_error *err)
{
	const struct vidx_index *index = reader->index;
	struct vx_callable *callable = &reader->callable;
	uint32_t n_groups = index->shape->groups->n, n_values = vx_shape_values(index->shape);

	if (!vx_env_has_track(index->env))
		return 0;
	callable->an = calloc((size_t)index->meta->track.n_cols + 1, sizeof *callable->an);
	callable->least = calloc(n_groups, sizeof *callable->least);
	callable->value = calloc((size_t)n_values + 1, sizeof *callable->value);
	if (!callable->an || !callable->least || !callable->value)
		return vx_fail_nomem(err);
	callable->site.values = callable->value;
	callable->site.metrics = index->shape->metrics;
	callable->site.n_groups = n_groups;
	return vx_trackwalk_new(index->env, &callable->walk, err);
}

void vx_callable_release(struct vidx_reader *reader)
{
	struct vx_callable *callable = &reader->callable;

	vx_trackwalk_free(callable->walk);
	free(callable->an);
	free(callable->least);
	free(callable->value);
}

/* The AN of one more span, column by column.  What one of them does not know, nobody does. */
static void take_least(struct vidx_reader *reader, int is_first)
{
	const struct vx_meta_track *track = &reader->index->meta->track;
	struct vx_callable *callable = &reader->callable;

	for (uint32_t c = 0; c < track->n_cols; c++) {
		uint64_t *least = &callable->least[track->col[c]], an = callable->an[c];

		if (is_first || an == VX_NONE || (*least != VX_NONE && an < *least))
			*least = an;
	}
}

/* From the first span that ends behind beg on; as long as the next begins where one ends. */
static int cover(struct vidx_reader *reader, uint64_t beg, uint64_t end)
{
	struct vx_callable *callable = &reader->callable;
	struct vx_track track;
	struct vx_track_at at;
	uint64_t from = beg;
	int rc = vx_trackwalk_seek(callable->walk, beg, &track);

	while (rc == 0) {
		rc = vx_track_seek(&track, from, callable->an, &at);
		for (; rc == 0; rc = vx_track_next(&track, &at)) {
			if (at.beg > from)
				return VIDX_NOT_COVERED;
			take_least(reader, from == beg);
			from = at.end;
			if (from >= end)
				return 0;
		}
		if (rc == VIDX_END)
			rc = vx_trackwalk_next(callable->walk, &track);
	}
	return rc == VIDX_END ? VIDX_NOT_COVERED : rc;
}

int vx_callable_span(struct vidx_reader *reader, uint32_t contig, uint64_t beg0, uint64_t end0,
		     struct vidx_error *err)
{
	const struct vidx_index *index = reader->index;
	const struct vx_meta_track *track = &index->meta->track;
	struct vx_callable *callable = &reader->callable;
	uint64_t beg;
	int rc;

	callable->is_known = 0;
	if (!callable->walk)
		return VIDX_ABSENT;
	if (contig == VX_NO_CONTIG || beg0 > VX_POS0_MAX || end0 - beg0 > VX_POS0_MAX - beg0)
		return VIDX_NOT_COVERED;
	beg = vx_locus(contig, beg0);
	memset(callable->least, 0xff, index->shape->groups->n * sizeof *callable->least);
	rc = cover(reader, beg, vx_locus(contig, end0));
	if (rc < 0)
		return vx_reader_damaged(reader, beg, err);
	if (rc > 0)
		return rc;
	/* Under a floor absent means not seen or withheld, and says no more than that. */
	for (uint32_t c = 0; c < track->n_cols && index->meta->disclosure_floor == 0; c++)
		callable->is_known |= callable->least[track->col[c]] != VX_NONE;
	return VIDX_ABSENT;
}

/* An ALT of '*', '.' or <NON_REF>: such is never indexed, so that nobody can say it was not seen. */
static int is_no_allele(const struct vidx_allele *allele)
{
	struct vx_allele norm;

	return vx_norm_view(vx_pos0(allele->pos1), vx_slice(allele->ref, allele->ref_len),
			    vx_slice(allele->alt, allele->alt_len), &norm) != VX_KEPT;
}

int vx_callable_allele(struct vidx_reader *reader, const struct vidx_allele *allele,
		       struct vidx_error *err)
{
	uint64_t beg0 = vx_pos0(allele->pos1), end0 = beg0 + allele->ref_len;
	struct vx_asked asked;
	int rc, is_none;

	if (!reader->callable.walk)
		return VIDX_ABSENT;
	rc = vx_asked_read(reader, allele, &asked, err);
	if (rc < 0)
		return rc;
	is_none = rc == VIDX_ABSENT && is_no_allele(allele);
	/* One base by another stays where it is; so does what is no allele. */
	if (rc == 0 && asked.kind == VX_ASKED_MOVED) {
		beg0 = vx_locus_pos0(asked.probe.locus);
		end0 = asked.probe.end0;
	} else if (rc == 0 && (allele->ref_len > 1 || allele->alt_len > 1)) {
		beg0 = asked.norm.pos0;
		end0 = beg0 + asked.norm.ref.len;
	}
	rc = vx_callable_span(reader, asked.contig, beg0, end0, err);
	if (is_none)
		reader->callable.is_known = 0;
	return rc;
}

const struct vidx_site *vx_callable_site(struct vidx_reader *reader)
{
	struct vx_callable *callable = &reader->callable;
	const struct vx_shape *shape = reader->index->shape;
	uint32_t n = shape->groups->n;

	if (!callable->is_known)
		return NULL;
	for (int m = 0; m < VIDX_N_METRICS; m++) {
		int slot = vx_shape_slot(shape, m);

		for (uint32_t g = 0; slot >= 0 && g < n; g++) {
			uint64_t an = callable->least[g];

			callable->value[(uint32_t)slot * n + g] =
				m == VIDX_AN || an == VX_NONE ? an : 0;
		}
	}
	return &callable->site;
}

int vidx_absent_an(const struct vidx_reader *reader, uint32_t group, uint64_t *an_ret)
{
	const struct vx_callable *callable = &reader->callable;

	if (group >= reader->index->shape->groups->n)
		return VIDX_EUSAGE;
	if (!callable->is_known || callable->least[group] == VX_NONE)
		return VIDX_NOVALUE;
	*an_ret = callable->least[group];
	return 0;
}
