/*
 * newcontig: contigs that no header declares.  They follow all others, in the order of their
 * first appearance in the input.
 */
#ifndef VX_BUILD_NEWCONTIG_H
#define VX_BUILD_NEWCONTIG_H

#include "build/unit.h"

struct vx_new_contigs {
	struct vx_arena arena;
	struct vx_slice **name; /* pointers that stay valid while the list grows */
	uint64_t *order;        /* where in input order each was met first */
	size_t n, cap;
	uint32_t n_declared; /* contigs of the table: the first new one gets this rank */
	int ordered;         /* names are found in input order as they come (one input) */
};

void vx_new_contigs_init(struct vx_new_contigs *list, const struct vx_inputs *inputs);
void vx_new_contigs_release(struct vx_new_contigs *list);

/* The name at a rank that vx_new_contigs_place() gave. */
struct vx_slice vx_new_contigs_name(const struct vx_new_contigs *list, uint32_t rank);

/*
 * Gives the run's own contig numbers a place among all: with one input at once their rank; with
 * several a number at or above VX_NEW_CONTIG for now, since their order of appearance is that of the
 * inputs, which are read in another order.  Sorts the run again.  0 or VIDX_ENOMEM.
 */
int vx_new_contigs_place(struct vx_new_contigs *list, struct vx_run *run);

/* Turns those numbers into ranks, in rows too.  Once, after all input.  0 or VIDX_ENOMEM. */
int vx_new_contigs_order(struct vx_new_contigs *list, struct vx_run *rows);

/* Adds the names to the table, after the last worker ended.  Errors: of vx_contigs_add(). */
int vx_new_contigs_declare(struct vx_new_contigs *list, struct vx_contigs *contigs,
			   struct vidx_error *err);

#endif
