#include "cli/batch.h"

#include "base/status.h"

void vx_batch_release(struct vx_batch *batch)
{
	vx_arena_release(&batch->arena);
}

void vx_batch_clear(struct vx_batch *batch)
{
	batch->n = 0;
	vx_arena_reset(&batch->arena);
}

int vx_batch_add(struct vx_batch *batch, struct vx_slice query, const struct vidx_allele *allele,
		 uint64_t line, struct vidx_error *err)
{
	struct vidx_allele *copy = &batch->allele[batch->n];
	struct vx_batch_item *item = &batch->item[batch->n];

	*copy = *allele;
	copy->contig = vx_arena_copy(&batch->arena, allele->contig, allele->contig_len);
	copy->ref = vx_arena_copy(&batch->arena, allele->ref, allele->ref_len);
	copy->alt = vx_arena_copy(&batch->arena, allele->alt, allele->alt_len);
	item->query = vx_slice(vx_arena_copy(&batch->arena, query.p, query.len), query.len);
	item->line = line;
	if (!copy->contig || !copy->ref || !copy->alt || !item->query.p)
		return vx_fail_nomem(err);
	batch->n++;
	return 0;
}
