/*
 * The pipeline.  Every thread does what is most urgent, in this order:
 *
 *   append   packed jobs in order (thread 0 only: an LMDB transaction belongs to its thread)
 *   pack     a full job of rows into blocks
 *   feed     read the next unit of an input (one thread at a time), then inflate, parse and
 *            count it, sort its rows, and hand the run to the merge
 *
 * One mutex guards all shared state; it is never held over reading, parsing or packing.  Memory is
 * bounded by not feeding while the rows that wait exceed LIVE_BYTES, unless nothing else can move.
 */
#include "build/pipeline.h"
#include "build/crew.h"

#include <omp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Memory of runs that wait to be packed.  Twice this and the units in flight stay under 1 GiB. */
#define LIVE_BYTES ((size_t)256 << 20)
/* Packed jobs that wait for thread 0; each is about a tenth of its rows' memory. */
#define PACKED_MAX 64

struct feed {              /* one input */
	uint64_t n_units;  /* handed out */
	uint64_t n_flying; /* handed out and not handed in */
	int ended;
};

struct pipeline {
	struct vx_inputs *inputs;
	const struct vx_build_options *options;
	struct vx_append *append;
	struct vx_merge *merge;
	struct vx_totals *totals;

	pthread_mutex_t lock;
	pthread_cond_t moved; /* something changed that a waiting thread may act on */

	struct feed *feed;
	size_t *open, n_open; /* inputs that were begun and have more */
	size_t i_start;       /* in inputs->by_start: the next to begin */
	int feeding, fed;     /* a thread is reading; all was read */
	size_t n_flying;      /* units being worked on */

	struct vx_run *all_runs, *free_runs;
	struct vx_job *filling, *first_full, **last_full, *packed, *free_jobs;
	uint64_t n_jobs, n_appended;
	size_t n_packing, n_full, n_packed;
	int appending, flushed, done;

	/* The first failure in input order; `stop` when nothing more can be done at all. */
	uint64_t fault_order;
	struct vidx_error fault;
	int stop;
};

static void note_fault(struct pipeline *p, uint64_t order, const struct vidx_error *err)
{
	if (err->status < 0 && order < p->fault_order) {
		p->fault_order = order;
		p->fault = *err;
	}
}

/* A failure that has no place in the input: disk full, out of memory.  It ends the build at once. */
static void note_stop(struct pipeline *p, const struct vidx_error *err)
{
	if (!p->stop && p->fault_order == UINT64_MAX) {
		p->fault = *err;
		p->fault_order = 0;
	}
	p->stop = 1;
}

/* ---- jobs: the sink of the merge ---- */

static struct vx_job *take_job(struct pipeline *p)
{
	struct vx_job *job = p->free_jobs;

	if (job)
		p->free_jobs = job->link;
	else if (vx_job_new(&p->inputs->shape, &job))
		return NULL;
	vx_job_reset(job);
	return job;
}

static void close_job(struct pipeline *p)
{
	struct vx_job *job = p->filling;

	p->filling = NULL;
	job->number = p->n_jobs++;
	*p->last_full = job;
	p->last_full = &job->link;
	p->n_full++;
	pthread_cond_broadcast(&p->moved);
}

static int take_row(void *ctx, struct vx_row *row, struct vx_run *run)
{
	struct pipeline *p = ctx;
	int rc;

	if (p->fault_order != UINT64_MAX) /* nothing will be published: the rows only pass by */
		return 0;
	if (!p->filling && !(p->filling = take_job(p)))
		return VIDX_ENOMEM;
	run->n_held++;
	rc = vx_job_add(p->filling, row, run,
			vx_merge_contig(p->merge, vx_locus_contig(row->locus)));
	if (rc == 1)
		close_job(p);
	return rc < 0 ? rc : 0;
}

static void recycle(void *ctx, struct vx_run *run)
{
	struct pipeline *p = ctx;

	run->link = p->free_runs;
	p->free_runs = run;
}

static struct vx_run *take_run(struct pipeline *p)
{
	struct vx_run *run = p->free_runs;

	if (run) {
		p->free_runs = run->link;
		return run;
	}
	run = malloc(sizeof *run);
	if (!run)
		return NULL;
	vx_run_init(run);
	run->sister = p->all_runs;
	p->all_runs = run;
	return run;
}

/* Gives the job's rows back: stretches of one run at a time. */
static void drop_rows(struct pipeline *p, struct vx_job *job)
{
	for (size_t beg = 0, end; beg < job->n_rows; beg = end) {
		for (end = beg + 1; end < job->n_rows && job->run[end] == job->run[beg];)
			end++;
		vx_merge_drop(p->merge, job->run[beg], end - beg);
	}
}

static void insert_packed(struct pipeline *p, struct vx_job *job)
{
	struct vx_job **link = &p->packed;

	while (*link && (*link)->number < job->number)
		link = &(*link)->link;
	job->link = *link;
	*link = job;
	p->n_packed++;
}

/* Lock held on entry and exit. */
static void pack(struct pipeline *p, struct vx_packer *packer)
{
	struct vx_job *job = p->first_full;
	struct vidx_error err = {.status = 0};
	int rc;

	p->first_full = job->link;
	if (!p->first_full)
		p->last_full = &p->first_full;
	p->n_full--;
	p->n_packing++;
	pthread_mutex_unlock(&p->lock);
	rc = vx_job_pack(job, packer, &p->inputs->shape, vx_build_hash_bits(p->options), &err);
	pthread_mutex_lock(&p->lock);
	p->n_packing--;
	if (rc)
		note_stop(p, &err);
	drop_rows(p, job);
	insert_packed(p, job);
	pthread_cond_broadcast(&p->moved);
}

/* Lock held on entry and exit; thread 0 only. */
static void append(struct pipeline *p)
{
	struct vx_job *job = p->packed;
	struct vidx_error err = {.status = 0};
	int rc;

	p->packed = job->link;
	p->appending = 1;
	pthread_mutex_unlock(&p->lock);
	rc = vx_job_append(job, p->append, p->totals, &err);
	pthread_mutex_lock(&p->lock);
	p->appending = 0;
	p->n_packed--;
	p->n_appended++;
	if (rc)
		note_stop(p, &err);
	job->link = p->free_jobs;
	p->free_jobs = job;
	pthread_cond_broadcast(&p->moved);
}

/* ---- feeding ---- */

/* Nothing of input i after the first known fault can matter. */
static int is_moot(const struct pipeline *p, size_t i)
{
	return p->fault_order != UINT64_MAX && i >= vx_order_input(p->fault_order);
}

static void end_input(struct pipeline *p, size_t i)
{
	struct vidx_error err = {.status = 0};

	p->feed[i].ended = 1;
	for (size_t k = 0; k < p->n_open; k++)
		if (p->open[k] == i)
			p->open[k] = p->open[--p->n_open];
	if (vx_merge_end(p->merge, i, p->feed[i].n_units, &err) < 0)
		note_fault(p, vx_order(i, p->feed[i].n_units, 0), &err);
}

/* The input that is least far in genome order; SIZE_MAX when all were read. */
static size_t choose_input(struct pipeline *p)
{
	size_t best = SIZE_MAX;

	for (size_t k = p->n_open; k-- > 0;)
		if (is_moot(p, p->open[k]))
			end_input(p, p->open[k]);
	while (p->i_start < p->inputs->n && is_moot(p, p->inputs->by_start[p->i_start]))
		end_input(p, p->inputs->by_start[p->i_start++]);
	for (size_t k = 0; k < p->n_open; k++) {
		size_t i = p->open[k];

		if (best == SIZE_MAX || vx_merge_low(p->merge, i) < vx_merge_low(p->merge, best) ||
		    (vx_merge_low(p->merge, i) == vx_merge_low(p->merge, best) &&
		     p->feed[i].n_flying < p->feed[best].n_flying))
			best = i;
	}
	if (p->i_start < p->inputs->n) {
		size_t i = p->inputs->by_start[p->i_start];

		if (best == SIZE_MAX || vx_merge_low(p->merge, i) < vx_merge_low(p->merge, best) ||
		    (vx_merge_low(p->merge, i) == vx_merge_low(p->merge, best) &&
		     p->feed[best].n_flying > 0)) {
			p->i_start++;
			p->open[p->n_open++] = i;
			best = i;
		}
	}
	return best;
}

/* Lock not held.  0, VIDX_END, or a failure. */
static int read_unit(struct pipeline *p, size_t i, struct vx_unit *unit, struct vidx_error *err)
{
	struct vx_input *input = &p->inputs->input[i];
	uint64_t before;
	int rc;

	if (!input->source) {
		rc = vx_source_open(input->path, &input->source, err);
		if (rc)
			return rc;
	}
	before = vx_source_read_bytes(input->source);
	rc = vx_source_next(input->source, unit, err);
	if (p->options->progress)
		vx_progress_add(p->options->progress, vx_source_read_bytes(input->source) - before);
	return rc;
}

static void close_input(struct pipeline *p, size_t i)
{
	struct vx_input *input = &p->inputs->input[i];

	if (!p->feed[i].ended || p->feed[i].n_flying || !input->source)
		return;
	input->meta.size = vx_source_read_bytes(input->source);
	input->meta.hash = vx_source_hash(input->source);
	vx_source_close(input->source);
	input->source = NULL;
}

/* Works on the unit just read; its run goes to the merge also when it failed, as an empty one. */
static void work_unit(struct pipeline *p, struct vx_worker *worker, struct vx_run *run, size_t i)
{
	struct vidx_error err = {.status = 0};
	uint64_t order;
	int rc = vx_run_fill(run, worker, i, &order, &err);

	pthread_mutex_lock(&p->lock);
	if (rc < 0) {
		note_fault(p, order, &err);
		run->n_rows = 0;
		run->undeclared = 0;
	}
	memset(&err, 0, sizeof err);
	if (vx_merge_run(p->merge, run, &err) < 0)
		note_fault(p, order, &err);
	p->n_flying--;
	p->feed[i].n_flying--;
	close_input(p, i);
	pthread_cond_broadcast(&p->moved);
}

/* Lock held on entry and exit. */
static void feed(struct pipeline *p, struct vx_worker *worker)
{
	struct vidx_error err = {.status = 0};
	size_t i = choose_input(p);
	struct vx_run *run = i == SIZE_MAX ? NULL : take_run(p);
	int rc;

	if (i == SIZE_MAX) {
		p->fed = 1;
		pthread_cond_broadcast(&p->moved);
		return;
	}
	if (!run) {
		vx_fail_nomem(&err);
		note_stop(p, &err);
		return;
	}
	p->feeding = 1;
	pthread_mutex_unlock(&p->lock);
	rc = read_unit(p, i, worker->unit, &err);
	pthread_mutex_lock(&p->lock);
	p->feeding = 0;
	if (rc != 0) {
		note_fault(p, vx_order(i, p->feed[i].n_units, 0), &err);
		recycle(p, run);
		end_input(p, i);
		close_input(p, i);
		pthread_cond_broadcast(&p->moved);
		return;
	}
	p->feed[i].n_units++;
	p->feed[i].n_flying++;
	p->n_flying++;
	pthread_cond_broadcast(&p->moved);
	pthread_mutex_unlock(&p->lock);
	work_unit(p, worker, run, i); /* takes the lock again */
}

/* May a unit be read now?  When too much waits, only if nothing else could ever move. */
static int may_feed(const struct pipeline *p)
{
	if (p->feeding || p->fed || p->stop)
		return 0;
	if (vx_merge_bytes(p->merge) < LIVE_BYTES && p->n_packed < PACKED_MAX)
		return 1;
	return p->n_flying == 0 && p->n_full == 0 && p->n_packing == 0 && p->n_packed == 0;
}

/* All units are in: the last rows leave, and the last job closes. */
static void flush(struct pipeline *p, struct vx_run **late_ret)
{
	struct vidx_error err = {.status = 0};

	p->flushed = 1;
	if (vx_merge_finish(p->merge, late_ret, &err) < 0)
		note_fault(p, UINT64_MAX - 1, &err);
	if (p->filling)
		close_job(p);
	pthread_cond_broadcast(&p->moved);
}

static void run_thread(struct pipeline *p, struct vx_worker *worker, struct vx_packer *packer,
		       struct vx_run **late_ret)
{
	int first = omp_get_thread_num() == 0;

	pthread_mutex_lock(&p->lock);
	while (!p->done) {
		if (p->stop && !p->feeding && !p->n_flying && !p->n_packing && !p->appending) {
			p->done = 1;
			pthread_cond_broadcast(&p->moved);
		} else if (!p->stop && first && p->packed && p->packed->number == p->n_appended) {
			append(p);
		} else if (!p->stop && p->first_full) {
			pack(p, packer);
		} else if (may_feed(p)) {
			feed(p, worker);
		} else if (!p->stop && p->fed && !p->flushed && p->n_flying == 0 && !p->feeding) {
			flush(p, late_ret);
		} else if (p->flushed && p->n_appended == p->n_jobs) {
			p->done = 1;
			pthread_cond_broadcast(&p->moved);
		} else {
			pthread_cond_wait(&p->moved, &p->lock);
		}
	}
	pthread_mutex_unlock(&p->lock);
}

static void free_jobs(struct vx_job *job)
{
	while (job) {
		struct vx_job *next = job->link;

		vx_job_free(job);
		job = next;
	}
}

/*
 * The fault to report: under --strict a duplicate may come before it in input order.  Where rows
 * came late there may be an earlier one among those, and the second pass has the last word.
 */
static int verdict(struct pipeline *p, int is_late, struct vidx_error *err)
{
	const struct vx_account *account = vx_merge_account(p->merge);
	int waits = is_late && p->fault_order == UINT64_MAX;

	if (account->duplicate_order < p->fault_order && !waits)
		return vx_fail(err, VIDX_EBADINPUT, "%s", account->duplicate_text);
	if (p->fault_order != UINT64_MAX)
		return vx_fail(err, p->fault.status, "%s", p->fault.text);
	return 0;
}

int vx_pipeline(struct vx_inputs *inputs, const struct vx_build_options *options,
		struct vx_append *append_to, struct vx_pipeline_result *result,
		struct vidx_error *err)
{
	struct pipeline p = {.inputs = inputs,
			     .options = options,
			     .append = append_to,
			     .totals = &result->totals,
			     .fault_order = UINT64_MAX};
	struct vx_sink sink = {take_row, recycle, &p};
	struct vx_crew crew = {NULL, NULL, 0};
	int rc;

	memset(result, 0, sizeof *result);
	p.last_full = &p.first_full;
	pthread_mutex_init(&p.lock, NULL);
	pthread_cond_init(&p.moved, NULL);
	p.feed = calloc(inputs->n, sizeof *p.feed);
	p.open = calloc(inputs->n, sizeof *p.open);
	rc = vx_totals_init(&result->totals, options, err);
	if (rc == 0)
		rc = vx_merge_new(inputs, options, sink, &result->merge);
	p.merge = result->merge;
	if (rc || !p.feed || !p.open)
		rc = vx_fail_nomem(err);
	else
		rc = vx_crew_init(&crew, inputs, options, err);
	if (rc == 0) {
#pragma omp parallel num_threads(crew.n)
		run_thread(&p, &crew.worker[omp_get_thread_num()],
			   crew.packer[omp_get_thread_num()], &result->late);
		rc = verdict(&p, result->late != NULL, err);
	}
	vx_crew_release(&crew);
	free_jobs(p.filling);
	free_jobs(p.first_full);
	free_jobs(p.packed);
	free_jobs(p.free_jobs);
	free(p.feed);
	free(p.open);
	result->all_runs = p.all_runs;
	pthread_cond_destroy(&p.moved);
	pthread_mutex_destroy(&p.lock);
	return rc;
}

void vx_pipeline_release(struct vx_pipeline_result *result)
{
	struct vx_run *next;

	vx_merge_free(result->merge);
	for (struct vx_run *run = result->all_runs; run; run = next) {
		next = run->sister;
		vx_run_release(run);
		free(run);
	}
	vx_totals_release(&result->totals);
	memset(result, 0, sizeof *result);
}
