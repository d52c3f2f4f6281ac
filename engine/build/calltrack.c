#include "build/calltrack.h"

#include "base/pos.h"
#include "build/inputs.h"
#include "cohort/calltext.h"
#include "codec/track.h"
#include "codec/trackdigest.h"
#include "input/lines.h"

#include <stdlib.h>

/* Stretches of a BED that are sorted at once: 64 MiB. */
#define SORT_MAX ((size_t)4 << 20)

struct stretch {
	uint64_t beg, end; /* loci */
};

struct reading {
	struct vx_calltrack *track;
	struct vx_lines *lines;
	struct vx_calltext *text;
	struct vx_lane lane;
	struct stretch *stretch; /* of a BED */
	size_t n, cap;
	char last_name[256]; /* of the last contig without a rank, and its number */
	size_t last_len;
	uint32_t last_contig;
	uint64_t n_told; /* bytes that progress was told of */
};

/* --- reading --- */

static int by_place(const void *a, const void *b)
{
	const struct stretch *x = a, *y = b;

	if (x->beg != y->beg)
		return x->beg < y->beg ? -1 : 1;
	return x->end < y->end ? -1 : x->end > y->end;
}

/* Hands on what was gathered of a BED, sorted and joined. */
static int flush_bed(struct reading *r, struct vidx_error *err)
{
	struct stretch *s = r->stretch;
	size_t sorted = 1;
	int rc = 0;

	while (sorted < r->n && s[sorted - 1].beg <= s[sorted].beg)
		sorted++;
	if (sorted < r->n)
		qsort(s, r->n, sizeof *s, by_place);
	for (size_t i = 0, k; rc == 0 && i < r->n; i = k) {
		struct stretch whole = s[i];

		for (k = i + 1; k < r->n && s[k].beg <= whole.end; k++)
			whole.end = s[k].end > whole.end ? s[k].end : whole.end;
		rc = vx_lane_add(&r->lane, vx_locus_contig(whole.beg), vx_locus_pos0(whole.beg),
				 vx_locus_pos0(whole.end), NULL, err);
	}
	r->n = 0;
	return rc;
}

static int add_bed(struct reading *r, const struct vx_calltext_row *row, struct vidx_error *err)
{
	int rc = r->n == SORT_MAX ? flush_bed(r, err) : 0;

	if (rc == 0 && r->n == r->cap) {
		size_t cap = r->cap * 2 + 1024;
		struct stretch *grown;

		cap = cap < SORT_MAX ? cap : SORT_MAX;
		grown = realloc(r->stretch, cap * sizeof *grown);
		if (!grown)
			return vx_fail_nomem(err);
		r->stretch = grown;
		r->cap = cap;
	}
	if (rc == 0)
		r->stretch[r->n++] = (struct stretch){vx_locus(row->contig, row->beg0),
						      vx_locus(row->contig, row->end0)};
	return rc;
}

/* The first row: the columns are known, and so the spool can be made. */
static int begin_rows(struct reading *r, const char *output, struct vidx_error *err)
{
	struct vx_meta_track *meta = &r->track->meta;
	const uint32_t *group;
	uint32_t n = vx_calltext_columns(r->text, &group);
	int rc = vx_spool_new(output, n, &r->track->spool, err);

	if (rc < 0)
		return rc;
	r->lane.spool = r->track->spool;
	meta->col = calloc((size_t)n + 1, sizeof *meta->col);
	if (!meta->col)
		return vx_fail_nomem(err);
	if (n)
		memcpy(meta->col, group, n * sizeof *group);
	meta->n_cols = n;
	return 0;
}

/* The number of a contig that the table lacks, and another row of it. */
static int name_contig(struct reading *r, struct vx_slice name, uint32_t *contig_ret,
		       struct vidx_error *err)
{
	struct vx_calltrack *track = r->track;
	uint32_t i;

	if (!r->last_len || r->last_len != name.len ||
	    memcmp(r->last_name, name.p, name.len) != 0) {
		if (vx_spool_name(track->spool, name, &r->last_contig) != 0)
			return vx_fail_nomem(err);
		r->last_len = name.len <= sizeof r->last_name ? name.len : 0;
		memcpy(r->last_name, name.p, r->last_len);
	}
	i = r->last_contig - VX_NEW_CONTIG;
	if (i >= track->cap_unknown) {
		uint32_t cap = i * 2 + 16;
		uint64_t *grown = realloc(track->unknown, cap * sizeof *grown);

		if (!grown)
			return vx_fail_nomem(err);
		memset(grown + track->cap_unknown, 0, (cap - track->cap_unknown) * sizeof *grown);
		track->unknown = grown;
		track->cap_unknown = cap;
	}
	track->unknown[i]++;
	*contig_ret = r->last_contig;
	return 0;
}

static int add_row(struct reading *r, struct vx_calltext_row *row, struct vidx_error *err)
{
	const struct vx_meta_track *meta = &r->track->meta;
	int rc = 0;

	if (row->contig == VX_NO_CONTIG)
		rc = name_contig(r, row->name, &row->contig, err);
	if (rc < 0)
		return rc;
	if (vx_calltext_kind(r->text) == VX_CALL_BED)
		return add_bed(r, row, err);
	if (!vx_calltext_covers(row->an, meta->col, meta->n_cols))
		return 0;
	return vx_lane_add(&r->lane, row->contig, row->beg0, row->end0, row->an, err);
}

static void tell_progress(struct reading *r)
{
	uint64_t n = vx_lines_size(r->lines);

	/* The file is read in large pieces: most lines have nothing to tell. */
	if (r->track->progress && n > r->n_told)
		vx_progress_add(r->track->progress, n - r->n_told);
	r->n_told = n;
}

static int read_rows(struct reading *r, const char *output, struct vidx_error *err)
{
	struct vx_calltext_row row;
	struct vx_slice line;
	int rc;

	if (r->track->progress)
		vx_progress_begin(r->track->progress, "reading what is callable", "B",
				  vx_lines_total(r->lines));
	while ((rc = vx_lines_next(r->lines, &line, err)) == 0) {
		tell_progress(r);
		rc = vx_calltext_line(r->text, line, vx_lines_number(r->lines), &row, err);
		if (rc == VIDX_NOVALUE)
			continue;
		if (rc == 0 && r->track->n_rows++ == 0)
			rc = begin_rows(r, output, err);
		if (rc == 0)
			rc = add_row(r, &row, err);
		if (rc < 0)
			return rc;
	}
	if (rc == VIDX_END && r->track->n_rows == 0)
		return vx_fail(err, VIDX_EBADINPUT, "%.300s: nothing callable in it",
			       r->track->path);
	if (rc == VIDX_END)
		rc = flush_bed(r, err);
	return rc < 0 ? rc : vx_lane_flush(&r->lane, err);
}

int vx_calltrack_read(struct vx_calltrack *track, const char *path, const char *output,
		      struct vidx_error *err)
{
	struct reading r = {.track = track};
	int rc = vx_lines_open(path, &r.lines, err);

	track->path = path;
	if (rc == 0)
		rc = vx_calltext_new(track->contigs, track->groups, path, &r.text, err);
	if (rc == 0)
		rc = read_rows(&r, output, err);
	if (rc == 0) {
		track->meta.kind = vx_slice_str(vx_calltext_kind_name(vx_calltext_kind(r.text)));
		track->meta.size = vx_lines_size(r.lines);
		track->meta.hash = vx_lines_hash(r.lines);
	}
	vx_lane_release(&r.lane);
	free(r.stretch);
	vx_calltext_free(r.text);
	vx_lines_close(r.lines);
	return rc;
}

int vx_calltrack_gvcf(struct vx_calltrack *track, struct vx_spool *spool, struct vidx_error *err)
{
	struct vx_meta_track *meta = &track->meta;
	uint32_t n = vx_spool_columns(spool);

	track->spool = spool;
	meta->kind = vx_slice_str(VX_CALLABLE_GVCF);
	meta->name = vx_slice("", 0);
	meta->n_cols = n;
	meta->col = calloc((size_t)n + 1, sizeof *meta->col);
	for (uint32_t i = 0; meta->col && i < n; i++)
		meta->col[i] = i;
	return meta->col ? 0 : vx_fail_nomem(err);
}

void vx_calltrack_release(struct vx_calltrack *track)
{
	vx_spool_free(track->spool);
	free(track->meta.col);
	free(track->unknown);
	memset(track, 0, sizeof *track);
}

/* --- writing --- */

struct writing {
	struct vx_calltrack *track;
	struct vx_append *append;
	uint64_t *span; /* n of them; the last may still grow */
	size_t n;
	struct vx_buf block, record;
};

static int flush_block(struct writing *w, struct vidx_error *err)
{
	struct vx_calltrack *track = w->track;
	uint32_t n_cols = track->meta.n_cols;
	const uint64_t *span = w->span;
	int rc;

	if (w->n == 0)
		return 0;
	for (size_t i = 0; i < w->n; i++, span += 2 + n_cols) {
		struct vx_slice name =
			vx_contigs_canonical(track->contigs, vx_locus_contig(span[0]));

		track->meta.n_spans++;
		track->meta.n_bases += span[1] - span[0];
		vx_hash128_add(&track->meta.digest,
			       vx_trackdigest_span(span, n_cols, name, &w->record));
	}
	vx_buf_clear(&w->block);
	rc = vx_track_pack(w->span, w->n, n_cols, &w->block, err);
	if (rc == 0)
		rc = vx_append_track(w->append, w->span[0],
				     vx_slice((const char *)w->block.p, w->block.len), err);
	track->meta.n_blocks++;
	w->n = 0;
	return rc;
}

static int take(void *ctx, uint32_t rank, uint64_t beg0, uint64_t end0, const uint64_t *an,
		struct vidx_error *err)
{
	struct writing *w = ctx;
	uint32_t n_cols = w->track->meta.n_cols;
	size_t stride = 2 + (size_t)n_cols;
	uint64_t *span = w->span + w->n * stride, beg = vx_locus(rank, beg0);
	int rc;

	if (w->n > 0 && beg == span[1 - (ptrdiff_t)stride] &&
	    memcmp(span - n_cols, an, n_cols * sizeof *an) == 0) {
		span[1 - (ptrdiff_t)stride] = vx_locus(rank, end0);
		return 0;
	}
	/* The last of a full block may go on in the next stretch, so it is one more that ends it. */
	if (w->n == vx_track_room(n_cols) ||
	    (w->n > 0 && vx_locus_contig(span[-(ptrdiff_t)stride]) != rank)) {
		rc = flush_block(w, err);
		if (rc < 0)
			return rc;
		span = w->span;
	}
	span[0] = beg;
	span[1] = vx_locus(rank, end0);
	memcpy(span + 2, an, n_cols * sizeof *an);
	w->n++;
	return 0;
}

/* Which lines are left out: those on contigs that no record was on either. */
static int check_unknown(struct vx_calltrack *track, struct vx_log *log, struct vidx_error *err)
{
	struct vx_meta_track *meta = &track->meta;
	struct vx_slice first = {"", 0};
	const struct vx_slice *name;
	uint32_t n = vx_spool_names(track->spool, &name);

	for (uint32_t i = 0; i < n && i < track->cap_unknown; i++) {
		if (vx_contigs_find(track->contigs, name[i]) != VX_NO_CONTIG)
			continue;
		first = first.len ? first : name[i];
		meta->n_unknown += track->unknown[i];
	}
	if (meta->n_unknown == 0)
		return 0;
	if (meta->n_unknown == track->n_rows)
		return vx_fail(err, VIDX_EBADINPUT,
			       "%.300s: no line is on a contig of the index (the first: '%.*s')",
			       track->path, first.len < 64 ? (int)first.len : 64, first.p);
	vx_log(log, VX_LOG_WARN,
	       "%s: %llu lines on contigs that neither the inputs nor the assembly have are left "
	       "out (the first: '%.*s')",
	       track->path, (unsigned long long)meta->n_unknown,
	       first.len < 64 ? (int)first.len : 64, first.p);
	return 0;
}

int vx_calltrack_write(struct vx_calltrack *track, struct vx_append *append, struct vx_log *log,
		       struct vidx_error *err)
{
	struct writing w = {.track = track, .append = append};
	struct vx_spool_sink sink = {take, &w};
	struct vx_meta_track *meta = &track->meta;
	int rc = check_unknown(track, log, err);

	if (rc == 0)
		rc = vx_append_track_begin(append, err);
	if (rc < 0)
		return rc;
	vx_buf_init(&w.block);
	vx_buf_init(&w.record);
	w.span = calloc(vx_track_room(meta->n_cols) * (2 + (size_t)meta->n_cols), sizeof *w.span);
	rc = w.span ? 0 : vx_fail_nomem(err);
	meta->digest = vx_trackdigest_columns(track->groups, meta->col, meta->n_cols, &w.record);
	if (rc == 0)
		rc = vx_spool_merge(track->spool, track->contigs, &sink, err);
	if (rc == 0)
		rc = flush_block(&w, err);
	if (rc == 0 && w.record.failed)
		rc = vx_fail_nomem(err);
	meta->present = 1;
	vx_buf_release(&w.block);
	vx_buf_release(&w.record);
	free(w.span);
	return rc;
}
