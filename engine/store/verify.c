#include "store/verify.h"

#include "base/bytes.h"
#include "base/buf.h"
#include "codec/kept.h"
#include "store/idcheck.h"
#include "store/opened.h"
#include "store/trackcheck.h"

#include <inttypes.h>
#include <omp.h>
#include <stdlib.h>

/* --- the file: every page is known, and is what it should be --- */

static int bad(const struct vx_env *env, const char *what, struct vidx_error *err)
{
	return vx_fail(err, VIDX_EBADINDEX, "%s: damaged: %s", env->path, what);
}

static int bad_page(const struct vx_env *env, uint64_t page, const char *what,
		    struct vidx_error *err)
{
	return vx_fail(err, VIDX_EBADINDEX, "%s: damaged: page %" PRIu64 ": %s", env->path, page,
		       what);
}

/* What the trees say now is what the footer says. */
static int check_lists(const struct vx_env *env, const struct vx_pages *pages,
		       struct vidx_error *err)
{
	const struct vx_footer *footer = &env->footer;
	uint64_t n_fixed = 0;

	if (pages->n != footer->n_pages || pages->n_blocks != footer->n_blocks ||
	    pages->n_leaves != footer->n_leaves)
		return bad(env, "the trees are not those of the footer", err);
	for (uint64_t i = 0; i < pages->n; i++) {
		if (pages->kind[i] != VX_PAGE_FIXED)
			continue;
		if (n_fixed >= footer->n_fixed || footer->fixed[n_fixed++].page != i)
			return bad_page(env, i, "a tree page that the footer does not list", err);
	}
	if (n_fixed != footer->n_fixed)
		return bad(env, "the footer lists pages of no tree", err);
	for (uint64_t i = 0; i < pages->n_leaves; i++) {
		const struct vx_leaf *a = &pages->leaf[i], *b = &footer->leaf[i];

		if (a->page != b->page || a->first != b->first || a->locus != b->locus ||
		    a->hash != b->hash || a->tie != b->tie)
			return bad_page(env, a->page, "a leaf that the footer lists otherwise",
					err);
	}
	return 0;
}

/* LMDB's free list names each free page once, and no other. */
static int check_free_list(const struct vx_env *env, struct vx_pages *pages, struct vidx_error *err)
{
	MDB_cursor *cursor;
	MDB_val key, value;
	int code = mdb_cursor_open(env->txn, 0, &cursor);

	while (code == 0 && (code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
		const uint8_t *p = value.mv_data;
		uint64_t n = value.mv_size >= 8 ? vx_load64(p) : UINT64_MAX;

		if (n > value.mv_size / 8 - 1) {
			mdb_cursor_close(cursor);
			return bad(env, "the list of free pages", err);
		}
		for (uint64_t i = 1; i <= n; i++) {
			uint64_t page = vx_load64(p + 8 * i);

			if (page >= pages->n || pages->kind[page] != VX_PAGE_FREE) {
				mdb_cursor_close(cursor);
				return bad_page(env, page, "listed as free", err);
			}
			pages->kind[page] = VX_PAGE_FIXED;
		}
	}
	if (code == MDB_NOTFOUND)
		mdb_cursor_close(cursor);
	else
		return vx_env_fail(env, code, err);
	for (uint64_t i = 0; i < pages->n; i++)
		if (pages->kind[i] == VX_PAGE_FREE)
			return bad_page(env, i, "neither used nor free", err);
	return 0;
}

static int check_free_pages(const struct vx_env *env, const struct vx_pages *pages,
			    struct vidx_error *err)
{
	static const uint8_t zeros[VX_PAGE];
	uint8_t page[VX_PAGE];

	for (uint64_t i = 0; i < pages->n; i++) {
		if (pages->kind[i] != VX_PAGE_FREE)
			continue;
		int rc = vx_page_read(env->fd, env->path, i, page, err);

		if (rc < 0)
			return rc;
		if (memcmp(page, zeros, sizeof page) != 0)
			return bad_page(env, i, "free, but not empty", err);
	}
	return 0;
}

/* A run's header; LMDB does not read it, so open did not either. */
static int check_run(const struct vx_env *env, const struct vx_run *run, struct vidx_error *err)
{
	uint8_t page[VX_PAGE], header[VX_PAGE_HEADER];
	int rc = vx_page_read(env->fd, env->path, run->page, page, err);

	vx_store64(header, run->page);
	vx_store32(header + 8, VX_OVERFLOW_FLAGS << 16);
	vx_store32(header + 12, (uint32_t)run->n);
	if (rc == 0 && memcmp(page, header, sizeof header) != 0)
		rc = bad_page(env, run->page, "not the head of its value", err);
	return rc;
}

/* Runs come in the order of the trees, `blocks` before `meta`. */
static int check_runs(const struct vx_env *env, const struct vx_pages *pages,
		      struct vidx_error *err)
{
	const struct vx_dir *dir = &env->dir;
	int rc = 0;

	if (pages->n_runs < dir->n)
		return bad(env, "blocks without pages", err);
	for (uint64_t i = 0; i < pages->n_runs && rc == 0; i++) {
		const struct vx_run *run = &pages->run[i];

		if (i < dir->n && ((dir->entry[i].place >> 20) - (dir->entry[0].place >> 20) !=
					   run->page - pages->run[0].page ||
				   (dir->entry[i].place & 0xfffff) != run->n))
			rc = bad_page(env, run->page, "a block that LMDB finds elsewhere", err);
		if (rc == 0)
			rc = check_run(env, run, err);
	}
	return rc;
}

/* Every value of `meta` begins with the hash of its rest, also one that we do not know. */
static int check_meta_values(const struct vx_env *env, struct vidx_error *err)
{
	MDB_cursor *cursor;
	MDB_val key, value;
	int code = mdb_cursor_open(env->txn, env->meta_dbi, &cursor), rc = 0;

	if (code)
		return vx_env_fail(env, code, err);
	while (rc == 0 && (code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
		const uint8_t *p = value.mv_data;

		if (value.mv_size < 8 || vx_load64(p) != vx_hash64(p + 8, value.mv_size - 8))
			rc = bad(env, "a description that does not match its hash", err);
	}
	mdb_cursor_close(cursor);
	if (rc == 0 && code != MDB_NOTFOUND)
		rc = vx_env_fail(env, code, err);
	return rc;
}

static int check_file(const struct vx_env *env, struct vidx_error *err)
{
	struct vx_pages pages = {0};
	int rc = vx_pages_walk(env->fd, env->path, 1, &pages, err);

	if (rc == 0)
		rc = check_lists(env, &pages, err);
	if (rc == 0)
		rc = check_free_pages(env, &pages, err);
	if (rc == 0)
		rc = check_free_list(env, &pages, err);
	if (rc == 0)
		rc = check_runs(env, &pages, err);
	if (rc == 0)
		rc = check_meta_values(env, err);
	vx_pages_release(&pages);
	return rc;
}

/* --- the blocks --- */

/* What the threads share. */
struct job {
	const struct vx_env *env;
	void (*progress)(void *ctx, uint64_t done, uint64_t all);
	void *ctx;
	uint64_t n_done;
	uint64_t i_bad; /* the first block that is not right so far */
	struct vidx_error why;
	struct vx_hash128 digest; /* of the threads that are through */
	struct vx_idsum ids;      /* likewise */
	uint64_t n_rows, *contig_rows;
};

/* One thread's. */
struct checker {
	const struct vx_env *env;
	struct vx_row row, last;
	uint64_t *value; /* room for both rows */
	char scratch[VX_ROW_SCRATCH], last_scratch[VX_ROW_SCRATCH];
	struct vx_buf record, kept;
	struct vx_hash128 digest;
	struct vx_idcheck ids;
	uint64_t n_rows, *contig_rows;
};

static int checker_init(struct checker *c, const struct vx_env *env)
{
	uint32_t n_values = vx_shape_values(&env->shape);

	memset(c, 0, sizeof *c);
	c->env = env;
	vx_buf_init(&c->record);
	c->value = calloc((size_t)n_values * 2 + 1, sizeof *c->value);
	c->contig_rows = calloc((size_t)env->dir.n_contigs + 1, sizeof *c->contig_rows);
	c->row.value = c->value;
	c->last.value = c->value ? c->value + n_values : NULL;
	return c->value && c->contig_rows ? 0 : VIDX_ENOMEM;
}

static void checker_release(struct checker *c)
{
	vx_buf_release(&c->record);
	vx_buf_release(&c->kept);
	vx_idcheck_release(&c->ids);
	free(c->value);
	free(c->contig_rows);
}

static int open_block(const struct vx_env *env, uint64_t i, struct vx_block *block)
{
	struct vx_slice bytes = vx_dir_bytes(&env->dir, i);

	return vx_block_open(block, bytes.p, bytes.len, &env->shape, env->meta.hash_bits);
}

/* The first row is that of the key, and comes after the last row of the block before. */
static int check_first(struct checker *c, uint64_t i, struct vidx_error *why)
{
	const struct vx_dir_entry *entry = &c->env->dir.entry[i];
	struct vx_block before;

	if (c->row.locus != entry->locus || c->row.hash != entry->hash)
		return vx_fail(why, VIDX_EBADINDEX, "its first row is not that of its key");
	if (i == 0)
		return 0;
	if (open_block(c->env, i - 1, &before) != 0 ||
	    vx_block_row(&before, before.n_rows - 1, &c->last, c->last_scratch) != 0)
		return vx_fail(why, VIDX_EBADINDEX, "the last row before it cannot be read");
	if (vx_row_compare(&c->last, &c->row) >= 0)
		return vx_fail(why, VIDX_EBADINDEX, "it begins before the block before it ends");
	return 0;
}

/* A span that region queries find through the reach of its block alone. */
static int is_far(const struct vx_row *row)
{
	return row->end0 > vx_locus_pos0(row->locus) + VX_REACH;
}

static uint64_t far_end(const struct vx_row *row)
{
	uint64_t last0 = (UINT64_C(1) << 40) - 1;

	return vx_locus(vx_locus_contig(row->locus), row->end0 < last0 ? row->end0 : last0);
}

/* Row i of the block, with its kept INFO. */
static int read_row(struct checker *c, const struct vx_block *block, uint32_t i)
{
	int rc = vx_block_row(block, i, &c->row, c->scratch);

	if (rc == 0 && c->env->shape.keep) {
		vx_buf_clear(&c->kept);
		rc = vx_kept_row(block, i, &c->kept);
		c->row.kept = vx_slice((const char *)c->kept.p, c->kept.len);
	}
	return rc;
}

static int check_block(struct checker *c, uint64_t i, struct vidx_error *why)
{
	const struct vx_env *env = c->env;
	uint64_t reach = env->meta.reach[i];
	struct vx_block block;
	int rc;

	if (open_block(env, i, &block) != 0)
		return vx_fail(why, VIDX_EBADINDEX, "its header makes no sense");
	rc = vx_block_verify(&block, why);
	if (rc == 0 && vx_block_max_end(&block) != reach)
		rc = vx_fail(why, VIDX_EBADINDEX, "it does not reach as far as described");
	for (uint32_t k = 0; k < block.n_rows && rc == 0; k++) {
		uint32_t contig;

		rc = read_row(c, &block, k);
		if (rc == VIDX_ENOMEM)
			return vx_fail_nomem(why);
		if (rc != 0)
			return vx_fail(why, VIDX_EBADINDEX, "row %" PRIu32 " cannot be read", k);
		if (k == 0)
			rc = check_first(c, i, why);
		contig = vx_locus_contig(c->row.locus);
		if (contig >= env->dir.n_contigs)
			return vx_fail(why, VIDX_EBADINDEX, "row %" PRIu32 " is on no contig", k);
		vx_hash128_add(&c->digest,
			       vx_row_digest(&c->row, &env->shape,
					     vx_contigs_canonical(env->meta.contigs, contig),
					     &c->record));
		if (c->record.failed || (env->has_ids && vx_idcheck_row(&c->ids, c->row.id, i,
									env->meta.hash_bits) != 0))
			return vx_fail_nomem(why);
		c->contig_rows[contig]++;
		if (is_far(&c->row) && far_end(&c->row) > reach)
			return vx_fail(why, VIDX_EBADINDEX,
				       "row %" PRIu32 " reaches farther than described", k);
	}
	vx_idcheck_block(&c->ids);
	c->n_rows += block.n_rows;
	return rc;
}

static void note_fault(struct job *job, uint64_t i, const struct vidx_error *why)
{
#pragma omp critical(vx_verify)
	if (i < job->i_bad) {
		job->why = *why;
#pragma omp atomic write
		job->i_bad = i;
	}
}

static void note_progress(struct job *job)
{
#pragma omp critical(vx_verify)
	{
		job->n_done++;
		if (job->progress)
			job->progress(job->ctx, job->n_done, job->env->dir.n);
	}
}

static void add_up(struct job *job, const struct checker *c)
{
#pragma omp critical(vx_verify)
	{
		vx_hash128_add(&job->digest, c->digest);
		job->n_rows += c->n_rows;
		job->ids.n += c->ids.sum.n;
		job->ids.sum += c->ids.sum.sum;
		for (uint32_t k = 0; k < job->env->dir.n_contigs; k++)
			job->contig_rows[k] += c->contig_rows[k];
	}
}

/* Blocks are handed out in order; those behind a known fault are left out. */
static void check_blocks(struct job *job, int threads)
{
#pragma omp parallel num_threads(threads)
	{
		struct checker c;
		int is_ready = checker_init(&c, job->env) == 0;

#pragma omp for schedule(dynamic, 1) nowait
		for (uint64_t i = 0; i < job->env->dir.n; i++) {
			struct vidx_error why = {0};
			uint64_t i_bad;

#pragma omp atomic read
			i_bad = job->i_bad;
			if (i > i_bad)
				continue;
			if (!is_ready)
				vx_fail_nomem(&why);
			else if (check_block(&c, i, &why) == 0)
				note_progress(job);
			if (why.status < 0)
				note_fault(job, i, &why);
		}
		if (is_ready)
			add_up(job, &c);
		checker_release(&c);
	}
}

static int block_fault(const struct job *job, struct vidx_error *err)
{
	const struct vx_env *env = job->env;
	uint64_t locus = env->dir.entry[job->i_bad].locus;
	struct vx_slice name = vx_contigs_name(env->meta.contigs, vx_locus_contig(locus));

	if (job->why.status != VIDX_EBADINDEX)
		return vx_fail(err, job->why.status, "%s", job->why.text);
	return vx_fail(err, VIDX_EBADINDEX,
		       "%s: damaged: block %" PRIu64 " from %.*s:%" PRIu64 ": %s", env->path,
		       job->i_bad, name.len < 80 ? (int)name.len : 80, name.p,
		       vx_pos1(vx_locus_pos0(locus)), job->why.text);
}

static int check_totals(const struct job *job, struct vidx_error *err)
{
	const struct vx_meta *meta = &job->env->meta;

	if (job->n_rows != meta->n_variants)
		return bad(job->env, "the number of variants is not the one described", err);
	for (uint32_t i = 0; i < job->env->dir.n_contigs; i++)
		if (job->contig_rows[i] != meta->contig_variants[i])
			return bad(job->env, "a contig has not the variants described", err);
	if (job->digest.lo != meta->content_digest.lo || job->digest.hi != meta->content_digest.hi)
		return bad(job->env, "the content digest is not the one described", err);
	return 0;
}

/* The lists name every ID of every row, and no other. */
static int check_ids(const struct job *job, struct vx_env *env, struct vidx_error *err)
{
	struct vx_idsum sum;
	int rc = vx_idcheck_lists(env, &sum, err);

	if (rc == 0 && env->has_ids && (sum.n != job->ids.n || sum.sum != job->ids.sum))
		rc = bad(env, "the ids are not those of the variants", err);
	return rc;
}

int vx_verify(const char *path, int threads,
	      void (*progress)(void *ctx, uint64_t done, uint64_t all), void *ctx,
	      struct vx_verify_result *result_ret, struct vidx_error *err)
{
	struct job job = {.progress = progress, .ctx = ctx, .i_bad = UINT64_MAX};
	struct vx_env *env;
	int rc = vx_env_open(path, VX_OPEN_DIRECTORY, &env, err);

	if (rc < 0)
		return rc;
	job.env = env;
	job.contig_rows = calloc((size_t)env->dir.n_contigs + 1, sizeof *job.contig_rows);
	rc = job.contig_rows ? check_file(env, err) : vx_fail_nomem(err);
	if (rc == 0) {
		check_blocks(&job, threads < 1 ? 1 : threads);
		rc = job.i_bad != UINT64_MAX ? block_fault(&job, err) : check_totals(&job, err);
	}
	if (rc == 0)
		rc = check_ids(&job, env, err);
	if (rc == 0)
		rc = vx_trackcheck(env, err);
	if (rc == 0 && result_ret) {
		result_ret->n_blocks = env->dir.n;
		result_ret->n_variants = job.n_rows;
		result_ret->n_bytes = env->size;
	}
	free(job.contig_rows);
	vx_env_close(env);
	return rc;
}
