#include "query/range.h"

#include "query/byid.h"

#include "allele/mate.h"
#include "base/pos.h"
#include "codec/probe.h"

/*
 * A region is answered in two steps.  Far: rows longer than VX_REACH that begin more than that
 * before the region and yet reach into it (a deletion of 5 Mb) lie in earlier blocks; meta says
 * how far each block reaches, so only blocks that may hold one are opened, and only their far rows
 * read.  Near: from VX_REACH bases before the region on, row by row.  Both run in genome order, so
 * the walk does.
 */

static void range_begin(struct vidx_reader *reader, uint64_t beg, uint64_t end)
{
	struct vx_range *range = &reader->range;

	range->walking = VX_WALK_SPAN;
	range->beg = beg;
	range->end = end;
	range->contig_beg = vx_locus(vx_locus_contig(beg), 0);
	range->near = beg - range->contig_beg > VX_REACH ? beg - VX_REACH : range->contig_beg;
	range->is_far = range->near > range->contig_beg;
	range->i_far = 0;
	range->is_open = 0;
	range->n_looked = 0;
	range->ref = range->alt = vx_slice(NULL, 0);
	range->fold = 0;
}

void vx_range_all(struct vidx_reader *reader)
{
	range_begin(reader, 0, UINT64_MAX);
}

void vx_range_span(struct vidx_reader *reader, uint32_t contig, uint64_t beg0, uint64_t end0)
{
	uint64_t last0 = VX_POS0_MAX + 1;

	range_begin(reader, vx_locus(contig, beg0 < last0 ? beg0 : last0),
		    vx_locus(contig, end0 < last0 ? end0 : last0));
}

void vx_range_place(struct vidx_reader *reader, uint64_t locus, struct vx_slice ref,
		    struct vx_slice alt)
{
	range_begin(reader, locus, locus + 1);
	reader->range.walking = VX_WALK_PLACE;
	reader->range.near = locus;
	reader->range.is_far = 0;
	reader->range.ref = ref;
	reader->range.alt = alt;
}

/* Opens the next earlier block with a far row that may reach into the range.  0, or VIDX_END. */
static int far_open(struct vidx_reader *reader, struct vidx_error *err)
{
	struct vx_range *range = &reader->range;
	const struct vx_reach *reach = &reader->index->reach;
	uint64_t i = vx_reach_next(reach, range->i_far, range->beg, &range->n_looked);

	if (i >= reach->n)
		return VIDX_END;
	range->n_looked++;
	if (vx_walk_block(reader->walk, i, &range->block) != 0)
		return vx_reader_damaged(reader, range->beg, err);
	if (range->block.first_locus >= range->near)
		return VIDX_END;
	range->i = 0;
	range->i_far = i + 1;
	range->is_open = 1;
	return 0;
}

/* The next row of the far step. */
static int far_next(struct vidx_reader *reader, struct vidx_error *err)
{
	struct vx_range *range = &reader->range;
	uint64_t end;
	uint32_t i;
	int rc;

	for (;;) {
		if (!range->is_open && (rc = far_open(reader, err)) != 0)
			return rc;
		while (range->i < vx_block_n_far(&range->block)) {
			range->n_looked++;
			if (vx_block_far(&range->block, range->i++, &i, &end) != 0)
				return vx_reader_damaged(reader, range->block.first_locus, err);
			/* A block may span contigs: then its reach is that of the last. */
			if (end <= range->beg ||
			    vx_locus_contig(end) != vx_locus_contig(range->beg))
				continue;
			range->n_looked++;
			rc = vx_reader_row(reader, &range->block, i, err);
			if (rc < 0)
				return rc;
			if (reader->row.locus < range->near)
				return 0;
		}
		range->is_open = 0;
	}
}

/* Opens the block where the near step begins.  0, VIDX_END (nothing lies there). */
static int near_open(struct vidx_reader *reader, struct vidx_error *err)
{
	struct vx_range *range = &reader->range;
	int rc = vx_walk_seek(reader->walk, range->near, 0, &range->block);

	if (rc == VIDX_ABSENT)
		rc = vx_walk_block(reader->walk, 0, &range->block);
	if (rc > 0)
		return VIDX_END;
	if (rc < 0 || vx_block_lower_bound(&range->block, range->near, &range->i) != 0)
		return vx_reader_damaged(reader, range->near, err);
	range->is_open = 1;
	return 0;
}

static int near_next_block(struct vidx_reader *reader, struct vidx_error *err)
{
	struct vx_range *range = &reader->range;
	uint64_t at = range->block.first_locus;
	int rc = vx_walk_next(reader->walk, &range->block);

	range->n_looked++;
	range->i = 0;
	if (rc < 0)
		return vx_reader_damaged(reader, at, err);
	return rc > 0 ? VIDX_END : 0;
}

static int wanted(const struct vx_range *range, const struct vx_row *row)
{
	if (range->walking == VX_WALK_PLACE) {
		struct vx_text ref = vx_text(range->ref);

		return !range->ref.p || (vx_text_eq(&ref, range->fold, row->ref) &&
					 vx_slice_eq(vx_mate_split(row->alt, NULL), range->alt));
	}
	/* A span that ends before it begins (a bad END) still covers its first base. */
	return row->locus >= range->beg || range->contig_beg + row->end0 > range->beg;
}

/* The next row of the near step. */
static int near_next(struct vidx_reader *reader, struct vidx_error *err)
{
	struct vx_range *range = &reader->range;
	int rc;

	if (!range->is_open && (rc = near_open(reader, err)) != 0)
		return rc;
	for (;;) {
		while (range->i >= range->block.n_rows)
			if ((rc = near_next_block(reader, err)) != 0)
				return rc;
		range->n_looked++;
		rc = vx_reader_row(reader, &range->block, range->i++, err);
		if (rc < 0)
			return rc;
		if (reader->row.locus >= range->end)
			return VIDX_END;
		if (wanted(range, &reader->row))
			return 0;
	}
}

int vidx_next(struct vidx_reader *reader, const struct vidx_site **site_ret, struct vidx_error *err)
{
	struct vx_range *range = &reader->range;
	int rc = VIDX_END;

	if (err)
		err->status = 0, err->text[0] = '\0';
	reader->callable.is_known = 0;
	if (range->walking == VX_WALK_NONE)
		return VIDX_END;
	if (range->walking == VX_WALK_ID)
		rc = vx_byid_next(reader, err);
	else if (range->is_far)
		rc = far_next(reader, err);
	if (rc == VIDX_END && range->walking != VX_WALK_ID) {
		if (range->is_far)
			range->is_far = range->is_open = 0;
		rc = near_next(reader, err);
	}
	if (rc != 0) {
		range->walking = VX_WALK_NONE;
		return rc;
	}
	*site_ret = &reader->site;
	return 0;
}

int vidx_region(struct vidx_reader *reader, const char *contig, uint64_t beg1, uint64_t end1,
		struct vidx_error *err)
{
	uint32_t rank;
	int rc;

	if (err)
		err->status = 0, err->text[0] = '\0';
	reader->range.walking = VX_WALK_NONE;
	reader->callable.is_known = 0;
	if (!contig || beg1 == 0 || end1 < beg1)
		return vx_fail(err, VIDX_EUSAGE,
			       "not a region: it must begin at 1 or later and not "
			       "end before it begins");
	rank = vx_contigs_find(reader->index->meta->contigs, vx_slice_str(contig));
	if (rank == VX_NO_CONTIG)
		return VIDX_ABSENT;
	rc = vx_index_read_rest(reader->index, err);
	if (rc == 0)
		vx_range_span(reader, rank, vx_pos0(beg1), end1);
	return rc;
}
