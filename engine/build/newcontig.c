#include "build/newcontig.h"

#include <stdlib.h>
#include <string.h>

void vx_new_contigs_init(struct vx_new_contigs *list, const struct vx_inputs *inputs)
{
	memset(list, 0, sizeof *list);
	vx_arena_init(&list->arena);
	list->n_declared = vx_contigs_count(inputs->contigs);
	list->ordered = inputs->n == 1;
}

void vx_new_contigs_release(struct vx_new_contigs *list)
{
	vx_arena_release(&list->arena);
	free(list->name);
	free(list->order);
	memset(list, 0, sizeof *list);
}

struct vx_slice vx_new_contigs_name(const struct vx_new_contigs *list, uint32_t rank)
{
	return *list->name[rank - (rank >= VX_NEW_CONTIG ? VX_NEW_CONTIG : list->n_declared)];
}

static int reserve(struct vx_new_contigs *list)
{
	size_t cap = list->cap * 2 + 64;
	struct vx_slice **name;
	uint64_t *order;

	if (list->n < list->cap)
		return 0;
	name = realloc(list->name, cap * sizeof *name);
	if (name)
		list->name = name;
	order = realloc(list->order, cap * sizeof *order);
	if (order)
		list->order = order;
	if (!name || !order)
		return VIDX_ENOMEM;
	list->cap = cap;
	return 0;
}

/* The index of a name in the list, added where it is new.  0 or VIDX_ENOMEM. */
static int find(struct vx_new_contigs *list, struct vx_slice name, uint64_t order, uint32_t *i_ret)
{
	struct vx_slice *kept;

	for (size_t i = list->n; i-- > 0;)
		if (vx_slice_eq(*list->name[i], name)) {
			if (order < list->order[i])
				list->order[i] = order;
			*i_ret = (uint32_t)i;
			return 0;
		}
	kept = vx_arena_alloc(&list->arena, sizeof *kept);
	if (!kept || reserve(list))
		return VIDX_ENOMEM;
	*kept = vx_slice(vx_arena_copy(&list->arena, name.p, name.len), name.len);
	if (!kept->p)
		return VIDX_ENOMEM;
	list->name[list->n] = kept;
	list->order[list->n] = order;
	*i_ret = (uint32_t)list->n++;
	return 0;
}

static uint64_t move(uint64_t locus, const uint32_t *rank)
{
	uint32_t contig = vx_locus_contig(locus);

	if (contig < VX_NEW_CONTIG)
		return locus;
	return vx_locus(rank[contig - VX_NEW_CONTIG], vx_locus_pos0(locus));
}

int vx_new_contigs_place(struct vx_new_contigs *list, struct vx_run *run)
{
	uint32_t *rank = calloc(run->n_new_contigs + 1, sizeof *rank);
	int rc = rank ? 0 : VIDX_ENOMEM;

	for (uint32_t i = 0; rc == 0 && i < run->n_new_contigs; i++) {
		rc = find(list, run->new_contig[i], vx_order(run->i_input, run->number, i),
			  &rank[i]);
		rank[i] += list->ordered ? list->n_declared : VX_NEW_CONTIG;
	}
	for (size_t i = 0; rc == 0 && i < run->n_rows; i++)
		run->row[i]->locus = move(run->row[i]->locus, rank);
	if (rc == 0)
		run->last_locus = move(run->last_locus, rank);
	free(rank);
	return rc ? rc : vx_run_sort(run);
}

int vx_new_contigs_order(struct vx_new_contigs *list, struct vx_run *rows)
{
	uint32_t *rank = calloc(list->n + 1, sizeof *rank);
	struct vx_slice **sorted = calloc(list->n + 1, sizeof *sorted);

	if (!rank || !sorted) {
		free(rank);
		free(sorted);
		return VIDX_ENOMEM;
	}
	for (size_t i = 0; i < list->n && !list->ordered; i++) {
		for (size_t j = 0; j < list->n; j++)
			rank[i] += list->order[j] < list->order[i];
		sorted[rank[i]] = list->name[i];
		rank[i] += list->n_declared;
	}
	for (size_t i = 0; i < rows->n_rows && !list->ordered; i++)
		rows->row[i]->locus = move(rows->row[i]->locus, rank);
	if (list->n && !list->ordered)
		memcpy(list->name, sorted, list->n * sizeof *sorted);
	free(rank);
	free(sorted);
	return 0;
}

int vx_new_contigs_declare(struct vx_new_contigs *list, struct vx_contigs *contigs,
			   struct vidx_error *err)
{
	for (size_t i = 0; i < list->n; i++) {
		uint32_t rank;
		int rc = vx_contigs_add(contigs, *list->name[i], &rank, err);

		if (rc)
			return rc;
	}
	return 0;
}
