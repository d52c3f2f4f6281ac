#include "build/merge.h"

#include <stdlib.h>
#include <string.h>

struct lane {         /* one input */
	uint64_t low; /* no row still to come lies before it */
	uint64_t next_unit, n_units;
	struct vx_run *waiting; /* finished out of turn, by number */
	int started, ended;
};

struct vx_merge {
	struct vx_inputs *inputs;
	const struct vx_build_options *options;
	struct vx_sink sink;
	struct lane *lane;
	size_t *active, n_active; /* lanes started and not ended */
	size_t i_start;           /* in inputs->by_start: lanes before it have started */
	struct vx_run **pool;     /* runs with rows that have not left */
	size_t n_pool, cap_pool;
	uint64_t gone;       /* rows below this locus have left */
	struct vx_row *last; /* the last row that left, and its run, held */
	struct vx_run *last_run;
	struct vx_run late;
	size_t bytes;
	struct vx_new_contigs new_contigs;
	struct vx_origins origins;
	struct vx_account account;
};

/* No row of a record at locus or behind it lies before this, but for late ones. */
static uint64_t low_mark(const struct vx_inputs *inputs, uint64_t locus)
{
	uint64_t pos0 = vx_locus_pos0(locus);

	if (!inputs->reference || locus == UINT64_MAX)
		return locus;
	return locus - (pos0 < VX_MOVE_SLACK ? pos0 : VX_MOVE_SLACK);
}

int vx_merge_new(struct vx_inputs *inputs, const struct vx_build_options *options,
		 struct vx_sink sink, struct vx_merge **merge_ret)
{
	struct vx_merge *merge = calloc(1, sizeof *merge);

	if (!merge)
		return VIDX_ENOMEM;
	merge->inputs = inputs;
	merge->options = options;
	merge->sink = sink;
	merge->lane = calloc(inputs->n, sizeof *merge->lane);
	merge->active = calloc(inputs->n, sizeof *merge->active);
	vx_account_init(&merge->account);
	vx_origins_init(&merge->origins, options->strict);
	vx_new_contigs_init(&merge->new_contigs, inputs);
	vx_run_init(&merge->late);
	*merge_ret = merge;
	if (!merge->lane || !merge->active)
		return VIDX_ENOMEM;
	for (size_t i = 0; i < inputs->n; i++) {
		merge->lane[i].low = low_mark(inputs, inputs->input[i].first_locus);
		merge->lane[i].n_units = UINT64_MAX;
	}
	return 0;
}

void vx_merge_free(struct vx_merge *merge)
{
	if (!merge)
		return;
	free(merge->lane);
	free(merge->active);
	free(merge->pool);
	vx_origins_release(&merge->origins);
	vx_account_release(&merge->account);
	vx_new_contigs_release(&merge->new_contigs);
	vx_run_release(&merge->late);
	free(merge);
}

uint64_t vx_merge_low(const struct vx_merge *merge, size_t i_input)
{
	return merge->lane[i_input].low;
}

size_t vx_merge_bytes(const struct vx_merge *merge)
{
	return merge->bytes;
}

struct vx_account *vx_merge_account(struct vx_merge *merge)
{
	return &merge->account;
}

struct vx_origins *vx_merge_origins(struct vx_merge *merge)
{
	return &merge->origins;
}

struct vx_slice vx_merge_contig(const struct vx_merge *merge, uint32_t rank)
{
	if (rank < merge->new_contigs.n_declared)
		return vx_contigs_canonical(merge->inputs->contigs, rank);
	return vx_new_contigs_name(&merge->new_contigs, rank);
}

/* Grows an array to hold one more; 0 when memory is out. */
static int grow(void **array, size_t *cap, size_t n, size_t item)
{
	if (n < *cap)
		return 1;
	size_t want = *cap * 2 + 64;
	void *grown = realloc(*array, want * item);

	if (!grown)
		return 0;
	*array = grown;
	*cap = want;
	return 1;
}

int vx_merge_duplicate(struct vx_merge *merge, const struct vx_row *row)
{
	return vx_account_duplicate(&merge->account, row, merge->inputs, merge->options,
				    vx_merge_contig(merge, vx_locus_contig(row->locus)));
}

/* ---- rows that leave ---- */

void vx_merge_drop(struct vx_merge *merge, struct vx_run *run, size_t n_rows)
{
	run->n_held -= n_rows;
	if (run->n_held == 0 && run->next == run->n_rows) {
		if (run == &merge->late)
			return;
		merge->bytes -= run->arena.reserved;
		merge->sink.recycle(merge->sink.ctx, run);
	}
}

static int leave(struct vx_merge *merge, struct vx_row *row, struct vx_run *run)
{
	int rc;

	if (merge->last && merge->last->locus == row->locus &&
	    vx_row_compare(merge->last, row) == 0)
		return vx_merge_duplicate(merge, row);
	run->n_held++;
	if (merge->last)
		vx_merge_drop(merge, merge->last_run, 1);
	merge->last = row;
	merge->last_run = run;
	rc = merge->inputs->n > 1 ? vx_origins_add(&merge->origins, row) : 0;
	return rc ? rc : merge->sink.take(merge->sink.ctx, row, run);
}

static int before(const struct vx_row *a, const struct vx_row *b)
{
	if (a->locus != b->locus)
		return a->locus < b->locus;
	int order = vx_row_compare(a, b);

	return order ? order < 0 : a->order < b->order;
}

/* Rows of one run up to the head of the next best run, or up to end. */
static int leave_stretch(struct vx_merge *merge, struct vx_run *run, const struct vx_row *other,
			 uint64_t end)
{
	while (run->next < run->n_rows) {
		struct vx_row *row = run->row[run->next];
		int rc;

		if (row->locus >= end || (other && !before(row, other)))
			return 0;
		run->next++;
		rc = leave(merge, row, run);
		if (rc)
			return rc;
	}
	return 0;
}

static void close_run(struct vx_merge *merge, size_t i)
{
	struct vx_run *run = merge->pool[i];

	merge->pool[i] = merge->pool[--merge->n_pool];
	run->n_held++;
	vx_merge_drop(merge, run, 1);
}

/* Lets every row below end leave, in order. */
static int leave_below(struct vx_merge *merge, uint64_t end)
{
	for (;;) {
		size_t best = SIZE_MAX;
		const struct vx_row *other = NULL;

		for (size_t i = 0; i < merge->n_pool; i++) {
			const struct vx_row *head = merge->pool[i]->row[merge->pool[i]->next];

			if (best == SIZE_MAX ||
			    before(head, merge->pool[best]->row[merge->pool[best]->next])) {
				other = best == SIZE_MAX
						? NULL
						: merge->pool[best]->row[merge->pool[best]->next];
				best = i;
			} else if (!other || before(head, other)) {
				other = head;
			}
		}
		if (best == SIZE_MAX ||
		    merge->pool[best]->row[merge->pool[best]->next]->locus >= end)
			return 0;
		int rc = leave_stretch(merge, merge->pool[best], other, end);

		/* Also after a failure: what comes after it looks at the heads of all runs. */
		if (merge->pool[best]->next == merge->pool[best]->n_rows)
			close_run(merge, best);
		if (rc)
			return rc;
	}
}

static uint64_t lowest(struct vx_merge *merge)
{
	uint64_t low = UINT64_MAX;

	while (merge->i_start < merge->inputs->n &&
	       merge->lane[merge->inputs->by_start[merge->i_start]].started)
		merge->i_start++;
	if (merge->i_start < merge->inputs->n)
		low = merge->lane[merge->inputs->by_start[merge->i_start]].low;
	for (size_t i = 0; i < merge->n_active; i++)
		if (merge->lane[merge->active[i]].low < low)
			low = merge->lane[merge->active[i]].low;
	return low;
}

static int advance(struct vx_merge *merge, struct vidx_error *err)
{
	uint64_t low = lowest(merge);
	int rc;

	if (low <= merge->gone)
		return 0;
	merge->gone = low;
	rc = leave_below(merge, low);
	return rc == VIDX_ENOMEM ? vx_fail_nomem(err) : rc;
}

/* ---- late rows ---- */

static int copy_slice(struct vx_arena *arena, struct vx_slice *slice)
{
	char *copy = vx_arena_copy(arena, slice->p, slice->len);

	slice->p = copy;
	return copy ? 0 : VIDX_ENOMEM;
}

static int keep_late(struct vx_merge *merge, const struct vx_row *row, struct vidx_error *err)
{
	struct vx_run *late = &merge->late;
	size_t n_bytes = vx_shape_values(&merge->inputs->shape) * sizeof(uint64_t);
	struct vx_row *copy = vx_arena_alloc(&late->arena, sizeof *copy);

	if (!copy || !grow((void **)&late->row, &late->cap_rows, late->n_rows, sizeof *late->row))
		return vx_fail_nomem(err);
	*copy = *row;
	copy->value = vx_arena_alloc(&late->arena, n_bytes);
	if (!copy->value || copy_slice(&late->arena, &copy->ref) ||
	    copy_slice(&late->arena, &copy->alt) || copy_slice(&late->arena, &copy->id) ||
	    copy_slice(&late->arena, &copy->filter) || copy_slice(&late->arena, &copy->kept))
		return vx_fail_nomem(err);
	memcpy(copy->value, row->value, n_bytes);
	late->row[late->n_rows++] = copy;
	if (late->arena.reserved <= VX_LATE_BYTES)
		return 0;
	return vx_fail(
		err, VIDX_EBADINPUT,
		"%s: too far from sorted: more than %zu MiB of rows came late; sort the input "
		"and declare its contigs",
		merge->inputs->input[vx_order_input(row->order)].path, VX_LATE_BYTES >> 20);
}

/* Takes rows that are late out of a run: those behind what has left, and with several inputs
 * those on contigs whose place in the order is not known before all input was read. */
static int sort_out_late(struct vx_merge *merge, struct vx_run *run, struct vidx_error *err)
{
	size_t n = 0;

	if (run->n_rows == 0 || (run->row[0]->locus >= merge->gone && !run->undeclared))
		return 0;
	for (size_t i = 0; i < run->n_rows; i++) {
		struct vx_row *row = run->row[i];
		int unplaced = vx_locus_contig(row->locus) >= VX_NEW_CONTIG;

		if (row->locus >= merge->gone && !unplaced) {
			run->row[n++] = row;
			continue;
		}
		int rc = keep_late(merge, row, err);

		if (rc)
			return rc;
	}
	run->n_rows = n;
	return 0;
}

int vx_merge_declare(struct vx_merge *merge, struct vidx_error *err)
{
	return vx_new_contigs_declare(&merge->new_contigs, merge->inputs->contigs, err);
}

/* ---- runs that come in ---- */

static void start_lane(struct vx_merge *merge, size_t i_input)
{
	struct lane *lane = &merge->lane[i_input];

	if (lane->started)
		return;
	lane->started = 1;
	merge->active[merge->n_active++] = i_input;
}

static void end_lane(struct vx_merge *merge, size_t i_input)
{
	struct lane *lane = &merge->lane[i_input];

	if (lane->ended || lane->next_unit != lane->n_units)
		return;
	lane->ended = 1;
	lane->low = UINT64_MAX;
	for (size_t i = 0; i < merge->n_active; i++)
		if (merge->active[i] == i_input)
			merge->active[i] = merge->active[--merge->n_active];
}

/* A run whose turn has come. */
static int admit(struct vx_merge *merge, struct vx_run *run, struct vidx_error *err)
{
	struct lane *lane = &merge->lane[run->i_input];
	int rc = 0;

	vx_account_add(&merge->account, run, &merge->inputs->input[run->i_input]);
	if (run->remark.len)
		vx_inputs_warn_undeclared(merge->inputs, merge->options->log,
					  merge->inputs->input[run->i_input].path, run->remark);
	if (run->undeclared && vx_new_contigs_place(&merge->new_contigs, run))
		rc = vx_fail_nomem(err);
	if (rc == 0)
		rc = sort_out_late(merge, run, err);
	if (rc == 0 && vx_locus_contig(run->last_locus) < VX_NEW_CONTIG &&
	    low_mark(merge->inputs, run->last_locus) > lane->low)
		lane->low = low_mark(merge->inputs, run->last_locus);
	if (rc)
		return rc;
	if (!grow((void **)&merge->pool, &merge->cap_pool, merge->n_pool, sizeof *merge->pool))
		return vx_fail_nomem(err);
	merge->bytes += run->arena.reserved;
	merge->pool[merge->n_pool++] = run;
	if (run->n_rows == 0)
		close_run(merge, merge->n_pool - 1);
	return 0;
}

int vx_merge_run(struct vx_merge *merge, struct vx_run *run, struct vidx_error *err)
{
	struct lane *lane = &merge->lane[run->i_input];
	struct vx_run **link = &lane->waiting;
	size_t i_input = run->i_input;

	start_lane(merge, i_input);
	while (*link && (*link)->number < run->number)
		link = &(*link)->link;
	run->link = *link;
	*link = run;
	while (lane->waiting && lane->waiting->number == lane->next_unit) {
		struct vx_run *first = lane->waiting;
		int rc;

		lane->waiting = first->link;
		lane->next_unit++;
		rc = admit(merge, first, err);
		if (rc)
			return rc;
	}
	end_lane(merge, i_input);
	return advance(merge, err);
}

int vx_merge_end(struct vx_merge *merge, size_t i_input, uint64_t n_units, struct vidx_error *err)
{
	start_lane(merge, i_input);
	merge->lane[i_input].n_units = n_units;
	end_lane(merge, i_input);
	return advance(merge, err);
}

int vx_merge_finish(struct vx_merge *merge, struct vx_run **late_ret, struct vidx_error *err)
{
	struct vx_run *late = &merge->late;
	int rc = leave_below(merge, UINT64_MAX);

	*late_ret = NULL;
	if (rc == 0)
		rc = vx_new_contigs_order(&merge->new_contigs, late);
	if (rc == 0)
		rc = vx_run_sort(late);
	if (rc == 0 && late->n_rows && merge->last && !before(merge->last, late->row[0])) {
		*late_ret = late;
		return 0;
	}
	for (; rc == 0 && late->next < late->n_rows; late->next++)
		rc = leave(merge, late->row[late->next], late);
	if (merge->last)
		vx_merge_drop(merge, merge->last_run, 1);
	merge->last = NULL;
	return rc == VIDX_ENOMEM ? vx_fail_nomem(err) : rc;
}
