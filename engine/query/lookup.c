#include "query/lookup.h"

#include "query/callable.h"
#include "query/range.h"

/*
 * Over all blocks that may hold it.  The directory is asked by locus alone: only where a block
 * begins at the very place does the hash say on which side of that start the allele lies.
 */
static int find_in_dir(struct vidx_reader *reader, const struct vx_probe *probe)
{
	const struct vx_dir *dir = reader->dir;
	int rc, is_tie;
	uint64_t hash = 0, i = vx_dir_rank_tie(dir, probe->locus, 0, &is_tie);

	if (is_tie) {
		hash = vx_probe_hash(probe, dir->hash_bits);
		i = vx_dir_rank(dir, probe->locus, hash);
	}
	if (i > 0)
		i--;
	else if (!is_tie || !vx_dir_begins(dir, 0, probe->locus, hash))
		return VIDX_ABSENT;
	vx_dir_prefetch_table(dir, i, probe->locus);
	vx_dir_prefetch(dir, i);
	do {
		const struct vx_block *block = vx_dir_open(dir, i, &reader->spare);

		rc = block ? vx_block_lookup(block, probe, &reader->row, reader->scratch)
			   : VIDX_EBADINDEX;
		vx_reader_at(reader, block);
		/* Equal (locus, hash) of different alleles may go on in the next block. */
	} while (rc == VIDX_ABSENT && is_tie && vx_dir_begins(dir, ++i, probe->locus, hash));
	return rc;
}

static int find_in_tree(struct vidx_reader *reader, const struct vx_probe *probe)
{
	uint64_t hash = vx_probe_hash(probe, reader->index->meta->hash_bits);
	int rc = vx_walk_seek(reader->walk, probe->locus, hash, &reader->spare);

	vx_reader_at(reader, &reader->spare);
	while (rc == 0) {
		rc = vx_block_lookup(&reader->spare, probe, &reader->row, reader->scratch);
		if (rc != VIDX_ABSENT || !vx_walk_next_same(reader->walk, probe->locus, hash))
			break;
		rc = vx_walk_next(reader->walk, &reader->spare);
	}
	return rc;
}

int vx_lookup_probe(struct vidx_reader *reader, const struct vx_probe *probe,
		    struct vidx_error *err)
{
	int rc = reader->dir ? find_in_dir(reader, probe) : find_in_tree(reader, probe);

	if (rc == 0)
		return vx_reader_site(reader, err);
	return rc < 0 ? vx_reader_damaged(reader, probe->locus, err) : VIDX_ABSENT;
}

/* Symbolic text: any END and SVLEN will do, so the hash cannot find it. */
static int find_symbolic(struct vidx_reader *reader, const struct vx_asked *asked,
			 const struct vidx_site **site_ret, struct vidx_error *err)
{
	struct vx_range *range = &reader->range;
	int rc;

	vx_range_place(reader, vx_locus(asked->contig, asked->norm.pos0), asked->norm.ref,
		       asked->norm.alt);
	range->fold = 1;
	rc = vidx_next(reader, site_ret, err);
	if (rc != 0)
		return rc == VIDX_END ? VIDX_ABSENT : rc;
	/* The walk goes on after this call, when the caller's text may be gone: the index's stays. */
	range->ref = reader->row.ref;
	range->alt = vx_slice(reader->site.alt, reader->site.alt_len);
	range->fold = 0;
	return 0;
}

int vx_lookup_asked(struct vidx_reader *reader, struct vx_asked *asked,
		    const struct vidx_site **site_ret, struct vidx_error *err)
{
	int rc;

	if (asked->kind == VX_ASKED_SYMBOLIC)
		return find_symbolic(reader, asked, site_ret, err);
	rc = vx_lookup_probe(reader, &asked->probe, err);
	/* An index built without a reference has it where its source put it. */
	if (rc == VIDX_ABSENT && asked->kind == VX_ASKED_MOVED) {
		vx_asked_given(asked);
		rc = vx_lookup_probe(reader, &asked->probe, err);
	}
	if (rc == 0)
		*site_ret = &reader->site;
	return rc;
}

int vidx_get(struct vidx_reader *reader, const struct vidx_allele *allele,
	     const struct vidx_site **site_ret, struct vidx_error *err)
{
	struct vx_asked asked;
	int rc;

	if (err)
		err->status = 0, err->text[0] = '\0';
	reader->range.walking = VX_WALK_NONE;
	reader->callable.is_known = 0;
	rc = vx_asked_read(reader, allele, &asked, err);
	if (rc == 0)
		rc = vx_lookup_asked(reader, &asked, site_ret, err);
	return rc == VIDX_ABSENT ? vx_callable_allele(reader, allele, err) : rc;
}
