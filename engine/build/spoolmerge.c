#include "build/inputs.h"
#include "build/spoolparts.h"
#include "build/sweep.h"
#include "codec/track.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* A block being read. */
struct open_part {
	uint8_t *bytes;
	uint64_t *an;
	struct vx_track track;
	struct vx_track_at at;
};

struct merging {
	const struct vx_spool *spool;
	const struct vx_spool_sink *sink;
	uint32_t rank;
	struct vx_sweep sweep;
	struct open_part open[VX_SPOOL_OPEN_MAX];
	size_t n_open;
};

static int by_place(const void *a, const void *b)
{
	const struct vx_part *x = a, *y = b;

	if (x->contig != y->contig)
		return x->contig < y->contig ? -1 : 1;
	if (x->first0 != y->first0)
		return x->first0 < y->first0 ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* Gives names their rank and drops the parts of those that have none. */
static void settle(struct vx_spool *spool, const struct vx_contigs *contigs)
{
	size_t n = 0;

	for (size_t i = 0; i < spool->n_parts; i++) {
		struct vx_part *part = &spool->part[i];

		if (part->contig >= VX_NEW_CONTIG)
			part->contig =
				vx_contigs_find(contigs, spool->name[part->contig - VX_NEW_CONTIG]);
		if (part->contig != VX_NO_CONTIG)
			spool->part[n++] = *part;
	}
	spool->n_parts = n;
	if (n)
		qsort(spool->part, n, sizeof *spool->part, by_place);
}

static int emit(void *ctx, uint64_t beg0, uint64_t end0, const uint64_t *an, struct vidx_error *err)
{
	struct merging *m = ctx;

	return m->sink->take(m->sink->ctx, m->rank, beg0, end0, an, err);
}

static int read_part(const struct merging *m, const struct vx_part *part, uint8_t *bytes,
		     struct vidx_error *err)
{
	size_t done = 0;

	while (done < part->len) {
		ssize_t n = pread(m->spool->fd, bytes + done, part->len - done,
				  (off_t)(part->at + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return vx_spool_fault(m->spool, n < 0 ? errno : EIO, err);
		done += (size_t)n;
	}
	return 0;
}

static void close_part(struct merging *m, size_t i)
{
	free(m->open[i].bytes);
	free(m->open[i].an);
	m->open[i] = m->open[--m->n_open];
}

static int open_part(struct merging *m, const struct vx_part *part, struct vidx_error *err)
{
	struct open_part *open = &m->open[m->n_open];
	int rc;

	if (m->n_open == VX_SPOOL_OPEN_MAX)
		return vx_fail(err, VIDX_EBADINPUT,
			       "the callable track is too shuffled: sort its input");
	open->bytes = malloc(part->len);
	open->an = calloc((size_t)m->spool->n_cols + 1, sizeof *open->an);
	m->n_open++;
	if (!open->bytes || !open->an)
		return vx_fail_nomem(err);
	rc = read_part(m, part, open->bytes, err);
	if (rc < 0)
		return rc;
	if (vx_track_open(&open->track, open->bytes, part->len, m->spool->n_cols) != 0 ||
	    vx_track_seek(&open->track, 0, open->an, &open->at) != 0)
		return vx_spool_fault(m->spool, EIO, err);
	return 0;
}

/* The open block whose next span begins first. */
static size_t first_open(const struct merging *m)
{
	size_t first = 0;

	for (size_t i = 1; i < m->n_open; i++)
		if (m->open[i].at.beg < m->open[first].at.beg)
			first = i;
	return first;
}

/* The parts [beg, end) of one contig. */
static int merge_contig(struct merging *m, size_t beg, size_t end, struct vidx_error *err)
{
	const struct vx_part *part = m->spool->part;
	int rc = 0;

	m->rank = part[beg].contig;
	while (rc == 0 && (beg < end || m->n_open > 0)) {
		size_t i = first_open(m);
		struct open_part *open = &m->open[i];

		if (beg < end && (m->n_open == 0 || part[beg].first0 <= open->at.beg)) {
			rc = open_part(m, &part[beg++], err);
			continue;
		}
		rc = vx_sweep_add(&m->sweep, open->at.beg, open->at.end, open->an, err);
		if (rc < 0)
			return rc;
		rc = vx_track_next(&open->track, &open->at);
		if (rc < 0)
			return vx_spool_fault(m->spool, EIO, err);
		if (rc == VIDX_END)
			close_part(m, i);
		rc = 0;
	}
	return rc < 0 ? rc : vx_sweep_end(&m->sweep, err);
}

int vx_spool_merge(struct vx_spool *spool, const struct vx_contigs *contigs,
		   const struct vx_spool_sink *sink, struct vidx_error *err)
{
	struct merging *m = calloc(1, sizeof *m);
	size_t beg = 0, end;
	int rc;

	if (!m)
		return vx_fail_nomem(err);
	m->spool = spool;
	m->sink = sink;
	m->sweep.n_cols = spool->n_cols;
	m->sweep.emit = emit;
	m->sweep.ctx = m;
	rc = vx_sweep_init(&m->sweep) ? vx_fail_nomem(err) : 0;
	settle(spool, contigs);
	for (; rc == 0 && beg < spool->n_parts; beg = end) {
		for (end = beg; end < spool->n_parts; end++)
			if (spool->part[end].contig != spool->part[beg].contig)
				break;
		rc = merge_contig(m, beg, end, err);
	}
	while (m->n_open > 0)
		close_part(m, 0);
	vx_sweep_release(&m->sweep);
	free(m);
	return rc;
}
