#include "query/range.h"

#include "allele/align.h"
#include "base/pos.h"
#include "codec/alt.h"

#include <inttypes.h>

/* The row with exactly this key, over all blocks that may hold it. */
static int find_exact(struct vidx_reader *reader, const struct vx_row *key, struct vidx_error *err)
{
	struct vx_block block;
	uint32_t i;
	int rc = vx_walk_seek(reader->walk, key->locus, key->hash, &block);

	while (rc == 0) {
		rc = vx_block_find(&block, key, &i);
		if (rc == 0)
			return vx_reader_row(reader, &block, i, err);
		/* Equal (locus, hash) of different alleles may go on in the next block. */
		if (rc != VIDX_ABSENT || !vx_walk_next_same(reader->walk, key->locus, key->hash))
			break;
		rc = vx_walk_next(reader->walk, &block);
	}
	if (rc < 0)
		return vx_reader_damaged(reader, key->locus, err);
	return VIDX_ABSENT;
}

/* Symbolic text: any END and SVLEN will do, so the hash cannot find it. */
static int find_symbolic(struct vidx_reader *reader, uint64_t locus, const struct vx_allele *allele,
			 const struct vidx_site **site_ret, struct vidx_error *err)
{
	/* The walk goes on after this call, when the caller's text may be gone. */
	char *ref = vx_arena_copy(&reader->arena, allele->ref.p, allele->ref.len);
	char *alt = vx_arena_copy(&reader->arena, allele->alt.p, allele->alt.len);
	int rc;

	if (!ref || !alt)
		return vx_fail_nomem(err);
	vx_range_place(reader, locus, vx_slice(ref, allele->ref.len),
		       vx_slice(alt, allele->alt.len));
	rc = vidx_next(reader, site_ret, err);
	return rc == VIDX_END ? VIDX_ABSENT : rc;
}

static int bad_allele(const struct vidx_allele *allele, struct vidx_error *err)
{
	return vx_fail(err, VIDX_EUSAGE, "%.*s:%" PRIu64 ": not an allele: '%.*s>%.*s'",
		       allele->contig_len < 100 ? (int)allele->contig_len : 100, allele->contig,
		       allele->pos1, allele->ref_len < 40 ? (int)allele->ref_len : 40, allele->ref,
		       allele->alt_len < 40 ? (int)allele->alt_len : 40, allele->alt);
}

/*
 * The allele as the reference has it: norm, moved.  Asked for by one base each, it can neither be
 * moved nor be padded with bases that are not there.  0; VIDX_ABSENT: REF is not the reference's.
 */
static int align(struct vidx_reader *reader, const struct vidx_allele *asked, uint32_t contig,
		 struct vx_allele *norm, struct vidx_error *err)
{
	struct vx_reference *reference = reader->index->reference;
	uint32_t seq;
	int rc;

	if (!reference || (asked->ref_len == 1 && asked->alt_len == 1))
		return 0;
	rc = vx_reference_find(reference, contig, vx_slice(asked->contig, asked->contig_len), &seq,
			       err);
	if (rc == 0)
		rc = vx_align_check(&reader->view, seq, vx_pos0(asked->pos1),
				    vx_slice(asked->ref, asked->ref_len), err);
	return rc ? rc : vx_align_allele(&reader->view, seq, &reader->arena, norm, err);
}

static int find_allele(struct vidx_reader *reader, uint32_t contig, const struct vx_allele *norm,
		       struct vidx_error *err)
{
	struct vx_row key = {0};

	key.locus = vx_locus(contig, norm->pos0);
	key.ref = norm->ref;
	key.alt = norm->alt;
	key.end0 = norm->end0;
	key.hash = vx_allele_hash(key.ref, key.alt, key.end0, 0, reader->index->meta->hash_bits);
	return find_exact(reader, &key, err);
}

int vidx_get(struct vidx_reader *reader, const struct vidx_allele *allele,
	     const struct vidx_site **site_ret, struct vidx_error *err)
{
	const struct vx_meta *meta = reader->index->meta;
	struct vx_allele norm, moved;
	enum vx_reason reason;
	uint32_t contig;
	int rc;

	if (err)
		err->status = 0, err->text[0] = '\0';
	reader->range.walking = VX_WALK_NONE;
	if (allele->pos1 == 0 || allele->pos1 > VX_POS0_MAX || !allele->ref_len || !allele->alt_len)
		return bad_allele(allele, err);
	vx_arena_reset(&reader->arena);
	reason = vx_norm_allele(vx_pos0(allele->pos1), vx_slice(allele->ref, allele->ref_len),
				vx_slice(allele->alt, allele->alt_len), &reader->arena, &norm);
	if (reason == VX_BAD_ALLELE)
		return bad_allele(allele, err);
	if (reason == VX_N_REASONS)
		return vx_fail_nomem(err);
	contig = vx_contigs_find(meta->contigs, vx_slice(allele->contig, allele->contig_len));
	if (reason != VX_KEPT || contig == VX_NO_CONTIG)
		return VIDX_ABSENT;
	if (norm.symbolic)
		return find_symbolic(reader, vx_locus(contig, norm.pos0), &norm, site_ret, err);
	moved = norm;
	rc = align(reader, allele, contig, &moved, err);
	if (rc == 0)
		rc = find_allele(reader, contig, &moved, err);
	/* An index built without a reference has it where its source put it. */
	if (rc == VIDX_ABSENT && moved.pos0 != norm.pos0)
		rc = find_allele(reader, contig, &norm, err);
	if (rc == 0)
		*site_ret = &reader->site;
	return rc;
}
