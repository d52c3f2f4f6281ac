#include "query/reader.h"

#include "allele/mate.h"
#include "base/bytes.h"
#include "base/pos.h"
#include "query/callable.h"
#include "query/grpmax.h"
#include "query/many.h"
#include "store/idfind.h"
#include "store/resident.h"

#include <inttypes.h>
#include <stdlib.h>

static int describe_grpmax(struct vidx_index *index, struct vidx_error *err)
{
	const struct vx_groups *groups = &index->meta->groups;
	uint32_t *list = vx_arena_alloc(&index->arena, groups->n * sizeof *list);

	if (!list)
		return vx_fail_nomem(err);
	index->description.n_grpmax = vx_grpmax_default(groups, list);
	index->description.grpmax = list;
	return 0;
}

static int describe_info(struct vidx_index *index, struct vidx_error *err)
{
	const struct vx_keep *keep = &index->meta->keep;

	index->info = vx_arena_alloc(&index->arena, (keep->n + 1) * sizeof *index->info);
	if (!index->info)
		return vx_fail_nomem(err);
	for (uint32_t i = 0; i < keep->n; i++) {
		index->info[i].name = keep->key[i].name;
		index->info[i].number = keep->key[i].number;
		index->info[i].description = vx_keep_describe(&keep->key[i], &index->arena);
		if (!index->info[i].description)
			return vx_fail_nomem(err);
		index->info[i].type = vx_keep_public_type(keep->key[i].type);
	}
	index->description.n_info = keep->n;
	index->description.info = index->info;
	return 0;
}

static int describe(struct vidx_index *index, struct vidx_error *err)
{
	const struct vx_meta *meta = index->meta;
	struct vidx_description *d = &index->description;

	d->assembly = vx_contigs_assembly(meta->contigs);
	d->n_variants = meta->n_variants;
	d->n_contigs = vx_contigs_count(meta->contigs);
	d->n_groups = meta->groups.n;
	d->metrics = meta->metrics;
	d->has_callable = meta->track.present;
	d->n_callable_bases = meta->track.n_bases;
	vx_store64_be(d->content_digest, meta->content_digest.hi);
	vx_store64_be(d->content_digest + 8, meta->content_digest.lo);
	index->contig = vx_arena_alloc(&index->arena, d->n_contigs * sizeof *index->contig);
	index->groups = vx_arena_alloc(&index->arena, d->n_groups * sizeof *index->groups);
	if (!index->contig || !index->groups)
		return vx_fail_nomem(err);
	d->groups = index->groups;
	for (uint32_t i = 0; i < d->n_groups; i++) {
		uint32_t parent = meta->groups.parent[i];

		index->groups[i].name = meta->groups.name[i];
		index->groups[i].parent = parent == VX_NO_GROUP ? -1 : (int32_t)parent;
	}
	for (uint32_t i = 0; i < d->n_contigs; i++) {
		struct vx_slice name = vx_contigs_name(meta->contigs, i);

		index->contig[i] = vx_arena_copy(&index->arena, name.p, name.len);
		if (!index->contig[i])
			return vx_fail_nomem(err);
	}
	return describe_info(index, err) ? VIDX_ENOMEM : describe_grpmax(index, err);
}

/* Lengths are held against it where the index has variants. */
static int open_reference(struct vidx_index *index, const char *path, struct vidx_error *err)
{
	const struct vx_meta *meta = index->meta;
	int rc = vx_reference_open(path, &index->reference, err);

	if (rc == 0)
		rc = vx_reference_bind(index->reference, meta->contigs, 0, err);
	for (uint32_t i = 0; rc == 0 && i < index->description.n_contigs; i++) {
		uint32_t seq;

		if (meta->contig_variants[i] > 0 && vx_reference_has(index->reference, i))
			rc = vx_reference_find(index->reference, i,
					       vx_contigs_name(meta->contigs, i), &seq, err);
	}
	return rc;
}

int vidx_open(const char *path, const struct vidx_open_options *options,
	      struct vidx_index **index_ret, struct vidx_error *err)
{
	struct vidx_open_options given = {0};
	struct vidx_index *index;
	int rc;

	if (err)
		err->status = 0, err->text[0] = '\0';
	if (!path || !index_ret)
		return vx_fail(err, VIDX_EUSAGE, "no path to open");
	/* An older program's options are shorter, a newer one's may be longer. */
	if (options)
		memcpy(&given, options,
		       options->sizeof_options < sizeof given ? options->sizeof_options
							      : sizeof given);
	if (given.one_shot && (given.prefault || given.lock_memory || given.huge_pages))
		return vx_fail(err, VIDX_EUSAGE, "an index for one lookup is not kept in memory");
	index = calloc(1, sizeof *index);
	if (!index)
		return vx_fail_nomem(err);
	vx_arena_init(&index->arena);
	index->is_quick = given.one_shot != 0;
	pthread_mutex_init(&index->rest_lock, NULL);
	if (given.huge_pages)
		vx_file_reread(path);
	rc = vx_env_open(path, index->is_quick ? VX_OPEN_QUICK : VX_OPEN_DIRECTORY, &index->env,
			 err);
	if (rc < 0)
		goto fail;
	index->meta = vx_env_meta(index->env);
	index->shape = vx_env_shape(index->env);
	rc = describe(index, err);
	if (rc == 0 && given.lock_memory)
		rc = vx_env_lock(index->env, err);
	else if (rc == 0 && (given.prefault || given.huge_pages))
		rc = vx_env_prefault(index->env, err);
	if (rc == 0 && given.reference)
		rc = open_reference(index, given.reference, err);
	if (rc < 0)
		goto fail;
	*index_ret = index;
	return 0;
fail:
	vidx_close(index);
	return rc;
}

void vidx_close(struct vidx_index *index)
{
	if (!index)
		return;
	vx_reference_close(index->reference);
	if (index->env)
		vx_env_close(index->env);
	pthread_mutex_destroy(&index->rest_lock);
	vx_arena_release(&index->arena);
	free(index);
}

int vx_index_read_rest(struct vidx_index *index, struct vidx_error *err)
{
	int rc = 0;

	if (index->has_reach)
		return 0;
	pthread_mutex_lock(&index->rest_lock);
	if (index->is_quick)
		rc = vx_env_read_rest(index->env, err);
	if (rc == 0)
		index->is_quick = 0;
	if (rc == 0 && !index->has_reach &&
	    vx_reach_init(&index->reach, index->meta->reach, index->meta->n_blocks, &index->arena))
		rc = vx_fail_nomem(err);
	if (rc == 0)
		index->has_reach = 1;
	pthread_mutex_unlock(&index->rest_lock);
	return rc;
}

int vx_index_read_ids(struct vidx_index *index, struct vidx_error *err)
{
	int rc = 0;

	if (!vx_env_has_ids(index->env))
		return vx_fail(err, VIDX_EUSAGE, "%s: has no ids: it was built with --no-ids",
			       vx_env_path(index->env));
	if (index->has_read_ids)
		return 0;
	pthread_mutex_lock(&index->rest_lock);
	rc = vx_env_read_ids(index->env, err);
	if (rc == 0)
		index->has_read_ids = 1;
	pthread_mutex_unlock(&index->rest_lock);
	return rc;
}

const struct vidx_description *vidx_describe(const struct vidx_index *index)
{
	return &index->description;
}

const char *vidx_contig_name(const struct vidx_index *index, uint32_t i)
{
	return i < index->description.n_contigs ? index->contig[i] : NULL;
}

int vidx_group_index(const struct vidx_index *index, const char *name)
{
	uint32_t i = vx_groups_find(&index->meta->groups, vx_slice_str(name));

	return i == VX_NO_GROUP ? -1 : (int)i;
}

int vidx_reader_new(struct vidx_index *index, struct vidx_reader **reader_ret,
		    struct vidx_error *err)
{
	struct vidx_reader *reader = calloc(1, sizeof *reader);
	uint32_t n_values = vx_shape_values(index->shape);
	int rc;

	if (err)
		err->status = 0, err->text[0] = '\0';
	if (!reader)
		return vx_fail_nomem(err);
	reader->index = index;
	reader->dir = vx_env_dir(index->env);
	vx_reference_view_init(&reader->view, index->reference);
	vx_arena_init(&reader->arena);
	vx_arena_init(&reader->spelled);
	vx_arena_init(&reader->info.arena);
	reader->value = malloc((n_values ? n_values : 1) * sizeof *reader->value);
	/* The arena's first chunk is got here, so that lookups need not. */
	reader->flight = calloc(VX_FLIGHTS, sizeof *reader->flight);
	if (!reader->value || !reader->flight || !vx_arena_alloc(&reader->arena, 1)) {
		rc = vx_fail_nomem(err);
		goto fail;
	}
	rc = vx_walk_new(index->env, &reader->walk, err);
	if (rc == 0)
		rc = vx_callable_init(reader, err);
	if (rc < 0)
		goto fail;
	reader->row.value = reader->value;
	reader->site.values = reader->value;
	reader->site.metrics = index->shape->metrics;
	reader->site.n_groups = index->shape->groups->n;
	reader->site.reader = reader;
	*reader_ret = reader;
	return 0;
fail:
	vidx_reader_free(reader);
	return rc;
}

void vidx_reader_free(struct vidx_reader *reader)
{
	if (!reader)
		return;
	vx_reference_view_release(&reader->view);
	if (reader->walk)
		vx_walk_free(reader->walk);
	vx_callable_release(reader);
	vx_arena_release(&reader->info.arena);
	vx_buf_release(&reader->info.bytes);
	vx_arena_release(&reader->spelled);
	vx_arena_release(&reader->arena);
	free(reader->flight);
	free(reader->value);
	free(reader);
}

int vx_reader_damaged(const struct vidx_reader *reader, uint64_t locus, struct vidx_error *err)
{
	const struct vidx_index *index = reader->index;
	uint32_t contig = vx_locus_contig(locus);

	return vx_fail(err, VIDX_EBADINDEX, "%s: damaged near %s:%" PRIu64, vx_env_path(index->env),
		       contig < index->description.n_contigs ? index->contig[contig] : "?",
		       vx_pos1(vx_locus_pos0(locus)));
}

/* ALT as its source had it; a mate stands apart, its contig spelled as this index spells it. */
static void show_alt(struct vidx_reader *reader, struct vx_slice alt)
{
	struct vidx_site *site = &reader->site;
	struct vx_mate mate;

	if (site->mate_contig_len)
		site->mate_contig_len = site->mate_strands_len = site->mate_pos1 = 0;
	if (alt.len && alt.p[0] == '<') {
		alt = vx_mate_split(alt, &mate);
		if (mate.contig.len) {
			const struct vx_contigs *contigs = reader->index->meta->contigs;
			uint32_t rank = vx_contigs_find(contigs, mate.contig);

			if (rank != VX_NO_CONTIG)
				mate.contig = vx_contigs_name(contigs, rank);
		}
		site->mate_contig = mate.contig.p;
		site->mate_contig_len = mate.contig.len;
		site->mate_pos1 = mate.pos1;
		site->mate_strands = mate.strands.p;
		site->mate_strands_len = mate.strands.len;
	}
	site->alt = alt.p;
	site->alt_len = alt.len;
}

int vx_reader_row(struct vidx_reader *reader, const struct vx_block *block, uint32_t i,
		  struct vidx_error *err)
{
	if (vx_block_row(block, i, &reader->row, reader->scratch) != 0)
		return vx_reader_damaged(reader, block->first_locus, err);
	vx_reader_at(reader, block);
	return vx_reader_site(reader, err);
}

int vx_reader_site(struct vidx_reader *reader, struct vidx_error *err)
{
	const struct vx_row *row = &reader->row;
	struct vidx_site *site = &reader->site;
	uint32_t contig = vx_locus_contig(row->locus);

	if (contig >= reader->index->description.n_contigs)
		return vx_reader_damaged(reader, row->locus, err);
	site->contig = reader->index->contig[contig];
	site->pos1 = vx_pos1(vx_locus_pos0(row->locus));
	site->end1 = row->end0;
	site->ref = row->ref.p;
	site->ref_len = row->ref.len;
	show_alt(reader, row->alt);
	site->svlen = row->svlen;
	site->id = row->id.p;
	site->id_len = row->id.len;
	site->filter = row->filter.p;
	site->filter_len = row->filter.len;
	return 0;
}
