/*
 * many: lookups in groups.  A lookup waits for memory four or five times, and does little between;
 * here each step is taken for a whole group before the next one, and ends by asking for what that
 * will read, so that the waits of a group overlap.  Answers are given in the order of the
 * questions, each just as vidx_get() gives it: whatever is out of the common run (symbolic
 * alleles, ties of hashes across blocks, what was moved and is not there) is put to vidx_get()'s
 * own code when its turn comes.
 *
 * Questions that come in genome order walk: the block and the cell of one are where the search for
 * the next begins.
 */
#include "query/many.h"

#include "base/wide.h"
#include "query/callable.h"
#include "query/lookup.h"

/* Status of a lookup that is under way; none of vidx.h's. */
enum { ON_ITS_WAY = 1000, SLOWLY };

/* A question so many bases behind the one before it is likely to be in the same block. */
#define NEAR (1u << 16)

/* The last lookup of which the step was taken, for those in genome order. */
struct trail {
	const struct vx_flight *flight;
};

static void ask(struct vidx_reader *reader, struct vx_flight *flight,
		const struct vidx_allele *allele, struct vidx_error *err)
{
	flight->allele = allele;
	flight->status = vx_asked_read(reader, allele, &flight->asked, err);
	if (flight->status != 0)
		return;
	flight->status = SLOWLY;
	if (!reader->dir || flight->asked.kind == VX_ASKED_SYMBOLIC ||
	    flight->asked.contig >= reader->dir->n_contigs)
		return;
	flight->status = ON_ITS_WAY;
	flight->i = vx_dir_bucket(reader->dir, flight->asked.probe.locus);
	__builtin_prefetch(&reader->dir->bucket[flight->i]);
}

/*
 * Blocks that begin inside the bucket have to be compared.  Inlined by force: gcc takes a function
 * that only prefetches for one without effect.
 */
VX_INLINE void find_bucket(const struct vx_dir *dir, const struct vx_flight *flight)
{
	uint32_t at = dir->bucket[flight->i];

	if (at < dir->bucket[flight->i + 1])
		__builtin_prefetch(&dir->entry[at]);
}

static void find_block(const struct vx_dir *dir, struct vx_flight *flight, struct trail *trail)
{
	const struct vx_flight *last = trail->flight;
	uint64_t locus = flight->asked.probe.locus, rank;
	int is_tie = 0;

	/* Else, in whatever order, this would be one more wait for memory. */
	if (last && locus - last->asked.probe.locus < NEAR && last->i + 1 < dir->n &&
	    locus < dir->entry[last->i + 1].locus)
		rank = last->i + 1;
	else
		rank = vx_dir_rank_tie(dir, locus, 0, &is_tie);
	if (rank == 0 || is_tie) {
		flight->status = SLOWLY;
		return;
	}
	flight->i = rank - 1;
	trail->flight = flight;
	vx_dir_prefetch(dir, flight->i);
}

/* What was moved is also asked for as it was given, one question at a time. */
static int not_there(const struct vx_flight *flight)
{
	return flight->asked.kind == VX_ASKED_MOVED ? SLOWLY : VIDX_ABSENT;
}

static void open_block(const struct vx_dir *dir, struct vx_flight *flight)
{
	struct vx_block spare;
	const struct vx_block *block = vx_dir_open(dir, flight->i, &spare);

	if (!block || block == &spare)
		flight->status = SLOWLY;
	else if (vx_find_begin(&flight->find, block, &flight->asked.probe) != 0)
		flight->status = not_there(flight);
	else
		vx_find_prefetch(&flight->find);
}

static void find_cell(struct vx_flight *flight, struct trail *trail)
{
	const struct vx_flight *last = trail->flight;

	if (last && last->find.block == flight->find.block && last->find.x <= flight->find.x)
		vx_find_from(&flight->find, last->find.c);
	else
		vx_find_in_table(&flight->find);
	trail->flight = flight;
}

static void find_row(struct vx_flight *flight)
{
	int rc = vx_find_in_cell(&flight->find);

	if (rc != 0)
		flight->status = rc < 0 ? SLOWLY : not_there(flight);
}

/* The answer to one question, as vidx_get() gives it. */
static int answer(struct vidx_reader *reader, struct vx_flight *flight,
		  const struct vidx_site **site, struct vidx_error *err)
{
	reader->range.walking = VX_WALK_NONE;
	if (flight->status == ON_ITS_WAY) {
		*site = &reader->site;
		if (vx_find_read(&flight->find, &reader->row, reader->scratch) != 0)
			return vx_reader_damaged(reader, flight->asked.probe.locus, err);
		vx_reader_at(reader, flight->find.block);
		return vx_reader_site(reader, err);
	}
	/* A failure's text was that of whichever failed last: it is made again. */
	if (flight->status < 0)
		return vidx_get(reader, flight->allele, site, err);
	if (flight->status == SLOWLY)
		return vx_lookup_asked(reader, &flight->asked, site, err);
	return flight->status;
}

#define STEP(what)                                                                                 \
	for (size_t k = 0; k < n; k++)                                                             \
		if (flight[k].status == ON_ITS_WAY)                                                \
	what

/* n <= VX_FLIGHTS lookups, the first of which is number i of the batch. */
static int look_up(struct vidx_reader *reader, const struct vidx_batch *batch, size_t i, size_t n,
		   struct vidx_error *err)
{
	struct vx_flight *flight = reader->flight;
	struct trail blocks = {0}, cells = {0};
	int rc = 0;

	for (size_t k = 0; k < n; k++)
		ask(reader, &flight[k], &batch->alleles[i + k], NULL);
	STEP(find_bucket(reader->dir, &flight[k]));
	STEP(find_block(reader->dir, &flight[k], &blocks));
	STEP(open_block(reader->dir, &flight[k]));
	STEP(find_cell(&flight[k], &cells));
	STEP(find_row(&flight[k]));
	for (size_t k = 0; rc == 0 && k < n; k++) {
		const struct vidx_site *site = NULL;
		int status;

		if (err)
			err->status = 0, err->text[0] = '\0';
		reader->callable.is_known = 0;
		status = answer(reader, &flight[k], &site, err);
		if (status == VIDX_ABSENT)
			status = vx_callable_allele(reader, flight[k].allele, err);
		rc = batch->answer(batch->arg, i + k, status, status == 0 ? site : NULL);
	}
	return rc;
}

int vidx_get_many(struct vidx_reader *reader, const struct vidx_batch *batch,
		  struct vidx_error *err)
{
	int rc = 0;

	if (err)
		err->status = 0, err->text[0] = '\0';
	for (size_t i = 0; rc == 0 && i < batch->n; i += VX_FLIGHTS) {
		size_t left = batch->n - i;

		rc = look_up(reader, batch, i, left < VX_FLIGHTS ? left : VX_FLIGHTS, err);
	}
	return rc;
}
