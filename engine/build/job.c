#include "build/job.h"
#include "codec/idtext.h"

#include <stdlib.h>
#include <string.h>

size_t vx_job_rows(const struct vx_shape *shape)
{
	/* Without what --keep-info adds: an index that has none of that does not depend on it. */
	size_t row = sizeof(struct vx_row) - sizeof(struct vx_slice);
	size_t n = VX_JOB_BYTES / (row + 32 + vx_shape_values(shape) * 8);

	return n > VX_JOB_ROWS_MAX ? VX_JOB_ROWS_MAX : n < VX_JOB_ROWS_MIN ? VX_JOB_ROWS_MIN : n;
}

int vx_job_new(const struct vx_shape *shape, struct vx_job **job_ret)
{
	struct vx_job *job = calloc(1, sizeof *job);

	if (!job)
		return VIDX_ENOMEM;
	vx_buf_init(&job->bytes);
	job->cap_rows = vx_job_rows(shape);
	job->row = malloc(job->cap_rows * sizeof *job->row);
	job->run = malloc(job->cap_rows * sizeof *job->run);
	if (!job->row || !job->run) {
		vx_job_free(job);
		return VIDX_ENOMEM;
	}
	*job_ret = job;
	return 0;
}

void vx_job_free(struct vx_job *job)
{
	if (!job)
		return;
	free(job->row);
	free(job->run);
	free(job->contig);
	free(job->block);
	free(job->id);
	vx_buf_release(&job->bytes);
	free(job);
}

void vx_job_reset(struct vx_job *job)
{
	job->n_rows = job->n_contigs = job->n_blocks = job->n_ids = job->n_kept = 0;
	job->digest = (struct vx_hash128){0, 0};
	job->link = NULL;
	vx_buf_clear(&job->bytes);
}

int vx_job_add(struct vx_job *job, struct vx_row *row, struct vx_run *run, struct vx_slice contig)
{
	uint32_t rank = vx_locus_contig(row->locus);

	if (job->n_contigs == 0 || job->contig[job->n_contigs - 1].rank != rank) {
		if (job->n_contigs == job->cap_contigs) {
			size_t cap = job->cap_contigs * 2 + 8;
			struct vx_job_contig *grown = realloc(job->contig, cap * sizeof *grown);

			if (!grown)
				return VIDX_ENOMEM;
			job->contig = grown;
			job->cap_contigs = cap;
		}
		job->contig[job->n_contigs++] = (struct vx_job_contig){rank, 0, contig};
	}
	job->contig[job->n_contigs - 1].n_rows++;
	job->row[job->n_rows] = row;
	job->run[job->n_rows++] = run;
	job->n_kept += row->kept.len;
	return job->n_rows == job->cap_rows || job->n_kept >= VX_JOB_KEPT_MAX;
}

static int add_block(struct vx_job *job, struct vx_slice bytes, const struct vx_row *first,
		     const struct vx_shape *shape, unsigned hash_bits)
{
	struct vx_job_block *block;
	struct vx_block view;

	if (job->n_blocks == job->cap_blocks) {
		size_t cap = job->cap_blocks * 2 + 16;
		struct vx_job_block *grown = realloc(job->block, cap * sizeof *grown);

		if (!grown)
			return VIDX_ENOMEM;
		job->block = grown;
		job->cap_blocks = cap;
	}
	if (vx_block_open(&view, bytes.p, bytes.len, shape, hash_bits))
		return VIDX_EBADINDEX;
	block = &job->block[job->n_blocks++];
	block->offset = job->bytes.len;
	block->len = bytes.len;
	block->locus = first->locus;
	block->hash = first->hash;
	block->reach = vx_block_max_end(&view);
	vx_buf_add(&job->bytes, bytes.p, bytes.len);
	return job->bytes.failed ? VIDX_ENOMEM : 0;
}

/* The IDs of n rows that became the job's last block. */
static int add_ids(struct vx_job *job, struct vx_row *const *row, size_t n, unsigned hash_bits)
{
	for (size_t i = 0; i < n; i++) {
		struct vx_slice ids = row[i]->id, id;

		while (vx_id_next(&ids, &id)) {
			if (job->n_ids == job->cap_ids) {
				size_t cap = job->cap_ids * 2 + job->cap_rows;
				uint64_t *grown = realloc(job->id, cap * sizeof *grown);

				if (!grown)
					return VIDX_ENOMEM;
				job->id = grown;
				job->cap_ids = cap;
			}
			job->id[job->n_ids++] =
				vx_id_entry(vx_id_code(id, hash_bits), job->n_blocks - 1);
		}
	}
	return 0;
}

/* Where in a job's contigs a walk over its rows is. */
struct contig_walk {
	size_t c;
	uint64_t left; /* rows of it that are to come */
};

/* The digests of n rows, while they are still in the cache. */
static int add_digests(struct vx_job *job, struct contig_walk *walk, struct vx_row *const *row,
		       size_t n, const struct vx_shape *shape, struct vx_buf *scratch)
{
	for (size_t i = 0; i < n; i++) {
		while (walk->left == 0)
			walk->left = job->contig[walk->c++].n_rows;
		walk->left--;
		vx_hash128_add(&job->digest, vx_row_digest(row[i], shape,
							   job->contig[walk->c - 1].name, scratch));
	}
	return scratch->failed ? VIDX_ENOMEM : 0;
}

int vx_job_pack(struct vx_job *job, struct vx_packer *packer, const struct vx_shape *shape,
		unsigned hash_bits, struct vidx_error *err)
{
	struct contig_walk walk = {0, 0};
	struct vx_buf scratch;
	size_t beg = 0;
	int rc = 0;

	vx_buf_init(&scratch);
	vx_pack_begin(packer);
	while (rc == 0 && beg < job->n_rows) {
		struct vx_slice bytes;
		size_t taken;

		rc = vx_pack(packer, (const struct vx_row *const *)job->row + beg,
			     job->n_rows - beg, &bytes, &taken, err);
		if (rc)
			break;
		rc = add_block(job, bytes, job->row[beg], shape, hash_bits);
		if (rc == 0)
			rc = add_ids(job, job->row + beg, taken, hash_bits);
		if (rc == 0)
			rc = add_digests(job, &walk, job->row + beg, taken, shape, &scratch);
		if (rc)
			rc = rc == VIDX_ENOMEM ? vx_fail_nomem(err)
					       : vx_fail(err, rc,
							 "a block that was packed cannot be read: "
							 "a fault of vidx");
		beg += taken;
	}
	vx_buf_release(&scratch);
	return rc;
}

/* Room for index i in an array of counters; new ones are zero. */
static int reach_index(uint64_t **array, size_t *cap, size_t i)
{
	if (i < *cap)
		return 0;
	size_t want = i + i / 2 + 64;
	uint64_t *grown = realloc(*array, want * sizeof *grown);

	if (!grown)
		return VIDX_ENOMEM;
	memset(grown + *cap, 0, (want - *cap) * sizeof *grown);
	*array = grown;
	*cap = want;
	return 0;
}

int vx_totals_init(struct vx_totals *totals, const struct vx_build_options *options,
		   struct vidx_error *err)
{
	size_t bytes = options->ids_bytes ? options->ids_bytes : VX_IDSORT_BYTES;

	memset(totals, 0, sizeof *totals);
	return options->no_ids ? 0 : vx_idsort_new(options->output, bytes, &totals->ids, err);
}

int vx_job_append(const struct vx_job *job, struct vx_append *append, struct vx_totals *totals,
		  struct vidx_error *err)
{
	if (totals->ids) {
		int rc = vx_idsort_add(totals->ids, job->id, job->n_ids, totals->n_blocks, err);

		if (rc)
			return rc;
	}
	for (size_t i = 0; i < job->n_blocks; i++) {
		const struct vx_job_block *block = &job->block[i];
		struct vx_slice bytes =
			vx_slice((const char *)job->bytes.p + block->offset, block->len);
		int rc = vx_append_block(append, block->locus, block->hash, bytes, err);

		if (rc)
			return rc;
		if (reach_index(&totals->reach, &totals->cap_reach, totals->n_blocks))
			return vx_fail_nomem(err);
		totals->reach[totals->n_blocks++] = block->reach;
	}
	for (size_t i = 0; i < job->n_contigs; i++) {
		if (reach_index(&totals->contig_variants, &totals->cap_contigs,
				job->contig[i].rank))
			return vx_fail_nomem(err);
		totals->contig_variants[job->contig[i].rank] += job->contig[i].n_rows;
	}
	totals->n_variants += job->n_rows;
	vx_hash128_add(&totals->digest, job->digest);
	return 0;
}

void vx_totals_release(struct vx_totals *totals)
{
	free(totals->contig_variants);
	free(totals->reach);
	vx_idsort_free(totals->ids);
	memset(totals, 0, sizeof *totals);
}
