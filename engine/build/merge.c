#include "build/merge.h"

#include <stdlib.h>
#include <string.h>

struct lane { /* one input */
	uint64_t low;          /* no row still to come lies before it */
	uint64_t next_unit, n_units;
	struct vx_run *waiting; /* finished out of turn, by number */
	int started, ended;
};

struct sibling { /* a record of several rows, some of them duplicates */
	uint64_t order;
	uint32_t n_gone;
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
	uint64_t gone;            /* rows below this locus have left */
	struct vx_row *last;      /* the last row that left, and its run, held */
	struct vx_run *last_run;
	struct vx_run late;
	size_t bytes;
	uint32_t n_declared;      /* ranks of the table; contigs met undeclared follow */
	struct vx_arena names;
	struct vx_slice **new_name; /* pointers stay valid while the list grows */
	uint64_t *new_order;      /* where in input order each was met first */
	uint32_t n_new, cap_new;
	struct sibling *sibling;  /* open addressing by order */
	size_t n_siblings, cap_siblings;
	struct vx_origin *origin;
	size_t n_origins, cap_origins;
	struct vx_account account;
};

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
	merge->n_declared = vx_contigs_count(inputs->contigs);
	merge->account.duplicate_order = UINT64_MAX;
	vx_run_init(&merge->late);
	vx_arena_init(&merge->names);
	*merge_ret = merge;
	if (!merge->lane || !merge->active)
		return VIDX_ENOMEM;
	for (size_t i = 0; i < inputs->n; i++) {
		merge->lane[i].low = inputs->input[i].first_locus;
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
	free(merge->new_name);
	free(merge->new_order);
	free(merge->sibling);
	free(merge->origin);
	vx_run_release(&merge->late);
	vx_arena_release(&merge->names);
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

size_t vx_merge_origins(const struct vx_merge *merge, const struct vx_origin **origins_ret)
{
	*origins_ret = merge->origin;
	return merge->n_origins;
}

struct vx_slice vx_merge_contig(const struct vx_merge *merge, uint32_t rank)
{
	if (rank < merge->n_declared)
		return vx_contigs_canonical(merge->inputs->contigs, rank);
	return *merge->new_name[rank - merge->n_declared];
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

/* ---- records that lose all their rows to duplicates ---- */

static uint32_t count_sibling(struct vx_merge *merge, uint64_t order)
{
	size_t mask, i;

	if (merge->n_siblings * 2 >= merge->cap_siblings) {
		size_t cap = merge->cap_siblings * 2 + 256;
		struct sibling *old = merge->sibling, *table;

		while (cap & (cap - 1))
			cap &= cap - 1;
		table = calloc(cap, sizeof *table);
		if (!table)
			return 0;
		for (size_t j = 0; j < merge->cap_siblings; j++) {
			if (!old[j].n_gone)
				continue;
			for (i = old[j].order * 0x9E3779B97F4A7C15u >> 20 & (cap - 1); table[i].n_gone;)
				i = (i + 1) & (cap - 1);
			table[i] = old[j];
		}
		free(old);
		merge->sibling = table;
		merge->cap_siblings = cap;
	}
	mask = merge->cap_siblings - 1;
	for (i = order * 0x9E3779B97F4A7C15u >> 20 & mask; merge->sibling[i].n_gone; i = (i + 1) & mask)
		if (merge->sibling[i].order == order)
			return ++merge->sibling[i].n_gone;
	merge->sibling[i].order = order;
	merge->n_siblings++;
	return merge->sibling[i].n_gone = 1;
}

void vx_merge_duplicate(struct vx_merge *merge, const struct vx_row *row)
{
	struct vx_account *account = &merge->account;
	struct vx_input *input = &merge->inputs->input[vx_order_input(row->order)];
	struct vx_slice contig = vx_merge_contig(merge, vx_locus_contig(row->locus));
	unsigned long long pos1 = vx_pos1(vx_locus_pos0(row->locus));

	account->tally.n_alleles_indexed--;
	account->tally.dropped[VX_DUPLICATE]++;
	if (row->n_siblings == 1 || count_sibling(merge, row->order) == row->n_siblings) {
		account->tally.n_indexed--;
		account->tally.rejected[VX_DUPLICATE]++;
		input->meta.n_indexed--;
		input->meta.n_rejected++;
	}
	vx_log(merge->options->log, VX_LOG_INFO, "%s: %.*s:%llu: duplicate of an earlier allele: '%.*s>%.*s'",
	       input->path, (int)contig.len, contig.p, pos1, row->ref.len < 20 ? (int)row->ref.len : 20,
	       row->ref.p, row->alt.len < 20 ? (int)row->alt.len : 20, row->alt.p);
	if (merge->options->strict && row->order < account->duplicate_order) {
		struct vidx_error text = { .status = 0 };

		account->duplicate_order = row->order;
		vx_fail(&text, VIDX_EBADINPUT, "%s: %.*s:%llu: duplicate: '%.*s>%.*s'", input->path,
			contig.len < 64 ? (int)contig.len : 64, contig.p, pos1,
			row->ref.len < 20 ? (int)row->ref.len : 20, row->ref.p,
			row->alt.len < 20 ? (int)row->alt.len : 20, row->alt.p);
		memcpy(account->duplicate_text, text.text, sizeof account->duplicate_text - 1);
	}
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

static int note_origin(struct vx_merge *merge, const struct vx_row *row)
{
	uint32_t i_input = (uint32_t)vx_order_input(row->order);
	struct vx_origin *last = merge->n_origins ? &merge->origin[merge->n_origins - 1] : NULL;

	if (merge->inputs->n == 1)
		return 0;
	if (last && last->i_input == i_input && (last->n_siblings == 1) == (row->n_siblings == 1)) {
		last->n_rows++;
		return 0;
	}
	if (!grow((void **)&merge->origin, &merge->cap_origins, merge->n_origins, sizeof *last))
		return VIDX_ENOMEM;
	merge->origin[merge->n_origins++] = (struct vx_origin){ i_input, row->n_siblings, 1 };
	return 0;
}

static int leave(struct vx_merge *merge, struct vx_row *row, struct vx_run *run)
{
	int rc;

	if (merge->last && merge->last->locus == row->locus && vx_row_compare(merge->last, row) == 0) {
		vx_merge_duplicate(merge, row);
		return 0;
	}
	run->n_held++;
	if (merge->last)
		vx_merge_drop(merge, merge->last_run, 1);
	merge->last = row;
	merge->last_run = run;
	rc = note_origin(merge, row);
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

			if (best == SIZE_MAX || before(head, merge->pool[best]->row[merge->pool[best]->next])) {
				other = best == SIZE_MAX ? NULL
							 : merge->pool[best]->row[merge->pool[best]->next];
				best = i;
			} else if (!other || before(head, other)) {
				other = head;
			}
		}
		if (best == SIZE_MAX || merge->pool[best]->row[merge->pool[best]->next]->locus >= end)
			return 0;
		int rc = leave_stretch(merge, merge->pool[best], other, end);

		if (rc)
			return rc;
		if (merge->pool[best]->next == merge->pool[best]->n_rows)
			close_run(merge, best);
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
	    copy_slice(&late->arena, &copy->filter))
		return vx_fail_nomem(err);
	memcpy(copy->value, row->value, n_bytes);
	late->row[late->n_rows++] = copy;
	if (late->arena.reserved <= VX_LATE_BYTES)
		return 0;
	return vx_fail(err, VIDX_EBADINPUT,
		       "%s: too far from sorted: more than %zu MiB of rows came late; sort the input "
		       "and declare its contigs", merge->inputs->input[vx_order_input(row->order)].path,
		       VX_LATE_BYTES >> 20);
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

/* ---- contigs that no header declares ---- */

static int find_new(struct vx_merge *merge, struct vx_slice name, uint64_t order, uint32_t *i_ret)
{
	size_t cap = merge->cap_new, cap_orders = merge->cap_new;
	struct vx_slice *kept;

	for (uint32_t i = merge->n_new; i-- > 0;)
		if (vx_slice_eq(*merge->new_name[i], name)) {
			if (order < merge->new_order[i])
				merge->new_order[i] = order;
			*i_ret = i;
			return 0;
		}
	kept = vx_arena_alloc(&merge->names, sizeof *kept);
	if (!kept || !grow((void **)&merge->new_name, &cap, merge->n_new, sizeof *merge->new_name) ||
	    !grow((void **)&merge->new_order, &cap_orders, merge->n_new, sizeof *merge->new_order))
		return VIDX_ENOMEM;
	merge->cap_new = (uint32_t)cap;
	*kept = name;
	if (copy_slice(&merge->names, kept))
		return VIDX_ENOMEM;
	merge->new_name[merge->n_new] = kept;
	merge->new_order[merge->n_new] = order;
	*i_ret = merge->n_new++;
	return 0;
}

static uint64_t move_locus(uint64_t locus, const uint32_t *rank)
{
	uint32_t contig = vx_locus_contig(locus);

	if (contig < VX_NEW_CONTIG)
		return locus;
	return vx_locus(rank[contig - VX_NEW_CONTIG], vx_locus_pos0(locus));
}

/*
 * Gives the run's own contig numbers their place among all: with one input at once their rank,
 * in order of appearance; with several a number for now, since the order of appearance is that of the
 * inputs, which are read in another order.
 */
static int place_new_contigs(struct vx_merge *merge, struct vx_run *run, struct vidx_error *err)
{
	uint32_t *rank = calloc(run->n_new_contigs + 1, sizeof *rank);
	uint32_t base = merge->inputs->n == 1 ? merge->n_declared : VX_NEW_CONTIG;
	int rc = rank ? 0 : VIDX_ENOMEM;

	for (uint32_t i = 0; rc == 0 && i < run->n_new_contigs; i++) {
		vx_inputs_warn_undeclared(merge->inputs, merge->options->log,
					  merge->inputs->input[run->i_input].path, run->new_contig[i]);
		rc = find_new(merge, run->new_contig[i], vx_order(run->i_input, run->number, i), &rank[i]);
		rank[i] += base;
	}
	for (size_t i = 0; rc == 0 && i < run->n_rows; i++)
		run->row[i]->locus = move_locus(run->row[i]->locus, rank);
	if (rc == 0)
		run->last_locus = move_locus(run->last_locus, rank);
	free(rank);
	if (rc == 0)
		rc = vx_run_sort(run);
	return rc ? vx_fail_nomem(err) : 0;
}

/* The new contigs by first appearance in input order; late rows move with them. */
static int order_new_contigs(struct vx_merge *merge)
{
	uint32_t *rank;

	if (merge->inputs->n == 1 || merge->n_new == 0)
		return 0;
	rank = calloc(merge->n_new, sizeof *rank);
	if (!rank)
		return VIDX_ENOMEM;
	for (uint32_t i = 0; i < merge->n_new; i++)
		for (uint32_t j = 0; j < merge->n_new; j++)
			rank[i] += merge->new_order[j] < merge->new_order[i];
	struct vx_slice **sorted = calloc(merge->n_new, sizeof *sorted);

	for (uint32_t i = 0; sorted && i < merge->n_new; i++)
		sorted[rank[i]] = merge->new_name[i];
	for (uint32_t i = 0; sorted && i < merge->n_new; i++) {
		merge->new_name[i] = sorted[i];
		rank[i] += merge->n_declared;
	}
	for (size_t i = 0; sorted && i < merge->late.n_rows; i++)
		merge->late.row[i]->locus = move_locus(merge->late.row[i]->locus, rank);
	free(rank);
	if (!sorted)
		return VIDX_ENOMEM;
	free(sorted);
	return 0;
}

int vx_merge_declare(struct vx_merge *merge, struct vidx_error *err)
{
	for (uint32_t i = 0; i < merge->n_new; i++) {
		uint32_t rank;
		int rc = vx_contigs_add(merge->inputs->contigs, *merge->new_name[i], &rank, err);

		if (rc)
			return rc;
	}
	merge->n_declared += merge->n_new;
	merge->n_new = 0;
	return 0;
}

/* ---- runs that come in ---- */

static void add_tally(struct vx_tally *to, const struct vx_tally *from)
{
	to->n_records += from->n_records;
	to->n_indexed += from->n_indexed;
	to->n_nothing += from->n_nothing;
	to->n_alleles += from->n_alleles;
	to->n_alleles_indexed += from->n_alleles_indexed;
	for (int i = 0; i < VX_N_REASONS; i++) {
		to->rejected[i] += from->rejected[i];
		to->dropped[i] += from->dropped[i];
	}
}

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
	struct vx_meta_source *meta = &merge->inputs->input[run->i_input].meta;
	int rc = 0;

	add_tally(&merge->account.tally, &run->tally);
	merge->account.n_not_fitting += run->n_not_fitting;
	meta->n_records += run->tally.n_records;
	meta->n_indexed += run->tally.n_indexed;
	meta->n_nothing += run->tally.n_nothing;
	meta->n_rejected += run->n_rejected;
	if (run->undeclared)
		rc = place_new_contigs(merge, run, err);
	if (rc == 0)
		rc = sort_out_late(merge, run, err);
	if (rc == 0 && vx_locus_contig(run->last_locus) < VX_NEW_CONTIG && run->last_locus > lane->low)
		lane->low = run->last_locus;
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
		rc = order_new_contigs(merge);
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
