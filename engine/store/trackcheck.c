#include "store/trackcheck.h"

#include "base/pos.h"
#include "codec/trackdigest.h"
#include "store/opened.h"

#include <inttypes.h>
#include <stdlib.h>

struct check {
	const struct vx_env *env;
	uint64_t *an, *last; /* last: the span before, 2 + n_cols numbers */
	struct vx_buf scratch;
	uint64_t n_spans, n_bases;
	struct vx_hash128 digest;
};

static int bad(const struct check *check, uint64_t i, const char *what, struct vidx_error *err)
{
	return vx_fail(err, VIDX_EBADINDEX, "%s: damaged: callable track, block %" PRIu64 ": %s",
		       check->env->path, i, what);
}

static int take_span(struct check *check, uint64_t i, const struct vx_track_at *at,
		     struct vidx_error *err)
{
	const struct vx_meta *meta = &check->env->meta;
	uint32_t n_cols = meta->track.n_cols, contig = vx_locus_contig(at->beg);
	uint64_t *last = check->last;

	if (contig >= vx_contigs_count(meta->contigs))
		return bad(check, i, "a span on no contig", err);
	if (check->n_spans > 0 &&
	    (at->beg < last[1] ||
	     (at->beg == last[1] && memcmp(at->an, last + 2, n_cols * sizeof *last) == 0)))
		return bad(check, i, "a span that does not follow the one before", err);
	last[0] = at->beg;
	last[1] = at->end;
	memcpy(last + 2, at->an, n_cols * sizeof *last);
	check->n_spans++;
	check->n_bases += at->end - at->beg;
	vx_hash128_add(&check->digest,
		       vx_trackdigest_span(last, n_cols,
					   vx_contigs_canonical(meta->contigs, contig),
					   &check->scratch));
	return 0;
}

static int check_block(struct check *check, uint64_t i, struct vidx_error *err)
{
	const struct vx_trackplace *place = &check->env->track.place[i];
	struct vx_track track;
	struct vx_track_at at;
	int rc;

	if (vx_track_open(&track, place->bytes.p, place->bytes.len,
			  check->env->meta.track.n_cols) != 0)
		return bad(check, i, "its header makes no sense", err);
	if (!vx_track_is_whole(&track))
		return bad(check, i, "its hash is another", err);
	if (vx_track_first(&track) != place->first)
		return bad(check, i, "its first is not that of its key", err);
	rc = vx_track_seek(&track, 0, check->an, &at);
	while (rc == 0) {
		rc = take_span(check, i, &at, err);
		if (rc < 0)
			return rc;
		rc = vx_track_next(&track, &at);
	}
	return rc < 0 ? bad(check, i, "its bytes make no sense", err) : 0;
}

static int check_totals(const struct check *check, struct vidx_error *err)
{
	const struct vx_meta_track *track = &check->env->meta.track;

	if (check->scratch.failed)
		return vx_fail_nomem(err);
	if (check->n_spans != track->n_spans || check->n_bases != track->n_bases)
		return vx_fail(err, VIDX_EBADINDEX,
			       "%s: damaged: the callable track has not the spans described",
			       check->env->path);
	if (check->digest.lo != track->digest.lo || check->digest.hi != track->digest.hi)
		return vx_fail(err, VIDX_EBADINDEX,
			       "%s: damaged: the digest of the callable track is not the one "
			       "described",
			       check->env->path);
	return 0;
}

int vx_trackcheck(struct vx_env *env, struct vidx_error *err)
{
	const struct vx_meta *meta = &env->meta;
	struct check check = {.env = env};
	int rc;

	if (!env->has_track)
		return 0;
	rc = vx_env_read_track(env, err);
	if (rc < 0)
		return rc;
	vx_buf_init(&check.scratch);
	check.an = calloc((size_t)meta->track.n_cols + 1, sizeof *check.an);
	check.last = calloc((size_t)meta->track.n_cols + 2, sizeof *check.last);
	rc = check.an && check.last ? 0 : vx_fail_nomem(err);
	check.digest = vx_trackdigest_columns(&meta->groups, meta->track.col, meta->track.n_cols,
					      &check.scratch);
	for (uint64_t i = 0; i < env->track.n && rc == 0; i++)
		rc = check_block(&check, i, err);
	if (rc == 0)
		rc = check_totals(&check, err);
	vx_buf_release(&check.scratch);
	free(check.an);
	free(check.last);
	return rc;
}
