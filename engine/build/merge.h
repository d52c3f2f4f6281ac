/*
 * merge: runs of many inputs -> one stream of rows in order, each allele once.
 *
 * Units finish in any order.  A row may leave once no input can still bring an earlier one: every
 * input has a low mark, the place of its last record so far, and what lies below the lowest mark
 * is final.  So the stream depends on the inputs alone, never on which thread was faster.
 *
 * With a reference a row may lie before its record: an indel was moved to the left.  Low marks
 * then stay VX_MOVE_SLACK bases behind the records, on the same contig, so that such a row still
 * finds its place, in this unit or one before, and equal alleles meet whatever spelling each had.
 * The few that moved further (through a run of N, say) come late, like those of unsorted input.
 *
 * Serial: the caller holds one lock around every call.  Runs belong to the caller, who frees them
 * after the merge; in between the merge uses them until it recycles them.
 */
#ifndef VX_BUILD_MERGE_H
#define VX_BUILD_MERGE_H

#include "build/duplicate.h"
#include "build/newcontig.h"
#include "build/origin.h"

/* Late rows (unsorted input, undeclared contigs) are kept in memory up to this many bytes. */
#define VX_LATE_BYTES ((size_t)512 << 20)

/*
 * Bases.  More means fewer builds with a second pass, and more rows in memory: those of the last
 * so many bases of every input under way.
 */
#define VX_MOVE_SLACK 10000

/* Where rows go. */
struct vx_sink {
	/* Takes a row.  It may be kept as long as the sink holds its run: vx_run_hold/_drop. */
	int (*take)(void *ctx, struct vx_row *row, struct vx_run *run);
	/* A run that nobody holds any more, to be used again. */
	void (*recycle)(void *ctx, struct vx_run *run);
	void *ctx;
};

struct vx_merge;

int vx_merge_new(struct vx_inputs *inputs, const struct vx_build_options *options,
		 struct vx_sink sink, struct vx_merge **merge_ret);
void vx_merge_free(struct vx_merge *merge);

/*
 * Hands in the run of a finished unit; the merge holds it until its rows have left.  Emits what
 * became final.  Errors: VIDX_ENOMEM, VIDX_EBADINPUT (too many late rows), or the sink's.
 */
int vx_merge_run(struct vx_merge *merge, struct vx_run *run, struct vidx_error *err);
/* Input i has n_units in all; nothing follows them.  Same errors. */
int vx_merge_end(struct vx_merge *merge, size_t i_input, uint64_t n_units, struct vidx_error *err);
/* Lets go of a run that the sink held; recycles it when it was the last hold. */
void vx_merge_drop(struct vx_merge *merge, struct vx_run *run, size_t n_rows);

/* The place up to which input i has come, to choose which input to read next. */
uint64_t vx_merge_low(const struct vx_merge *merge, size_t i_input);
/* Memory of the runs that have not been recycled yet. */
size_t vx_merge_bytes(const struct vx_merge *merge);

/*
 * After the last input ended.  Rows that came late leave now if they lie behind all others;
 * otherwise *late_ret has them, sorted, and the caller merges them with what it wrote.  *late_ret is NULL if
 * all rows have left.
 */
int vx_merge_finish(struct vx_merge *merge, struct vx_run **late_ret, struct vidx_error *err);

struct vx_account *vx_merge_account(struct vx_merge *merge);
/* Counts a row as a duplicate of one that came before it in input order.  0 or VIDX_ENOMEM. */
int vx_merge_duplicate(struct vx_merge *merge, const struct vx_row *row);

/* The name that digests use, of any rank that a row in the stream has. */
struct vx_slice vx_merge_contig(const struct vx_merge *merge, uint32_t rank);
/* Adds the contigs met undeclared to the table, in rank order.  After the last worker ended. */
int vx_merge_declare(struct vx_merge *merge, struct vidx_error *err);

/* Where the rows that left came from; empty unless there are several inputs. */
struct vx_origins *vx_merge_origins(struct vx_merge *merge);

#endif
