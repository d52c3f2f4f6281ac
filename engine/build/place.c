#include "build/place.h"

#include "allele/align.h"

#include <stdlib.h>
#include <string.h>

/* The rank of a contig that the table lacks: a place in the run's own list. */
static uint32_t new_contig(struct vx_run *run, struct vx_slice chrom)
{
	for (uint32_t i = run->n_new_contigs; i-- > 0;)
		if (vx_slice_eq(run->new_contig[i], chrom))
			return VX_NEW_CONTIG + i;
	if (run->n_new_contigs == run->cap_new_contigs) {
		uint32_t cap = run->cap_new_contigs * 2 + 8;
		struct vx_slice *grown = realloc(run->new_contig, cap * sizeof *grown);

		if (!grown)
			return VX_NO_CONTIG;
		run->new_contig = grown;
		run->cap_new_contigs = cap;
	}
	char *copy = vx_arena_copy(&run->arena, chrom.p, chrom.len);

	if (!copy)
		return VX_NO_CONTIG;
	run->undeclared = 1;
	run->new_contig[run->n_new_contigs] = vx_slice(copy, chrom.len);
	return VX_NEW_CONTIG + run->n_new_contigs++;
}

/* A name that no header declares: it has to be fit for one, and is remarked on. */
static int meet_undeclared(struct vx_run *run, const struct vx_worker *worker,
			   const struct vx_record *record, struct vidx_error *err)
{
	struct vidx_error why = {.status = 0};
	int rc = vx_contigs_check(worker->inputs->contigs, record->chrom, &why);

	if (rc)
		return vx_fail(err, rc, "%s: %.*s:%llu: %s",
			       worker->inputs->input[run->i_input].path,
			       record->chrom.len < 64 ? (int)record->chrom.len : 64,
			       record->chrom.p, (unsigned long long)record->pos1, why.text);
	if (run->remark.len == 0)
		run->remark =
			vx_slice(vx_arena_copy(&run->arena, record->chrom.p, record->chrom.len),
				 record->chrom.len);
	return run->remark.p ? 0 : vx_fail_nomem(err);
}

/* The contig in the reference, if there is one. */
static int find_sequence(const struct vx_run *run, struct vx_worker *worker,
			 const struct vx_record *record, uint32_t rank, struct vidx_error *err)
{
	struct vidx_error why = {.status = 0};
	int rc;

	if (!worker->inputs->reference)
		return 0;
	rc = vx_reference_find(worker->inputs->reference, rank, record->chrom, &worker->seq, &why);
	if (rc == 0)
		return 0;
	return vx_fail(err, rc, "%s: %.*s:%llu: %s", worker->inputs->input[run->i_input].path,
		       record->chrom.len < 64 ? (int)record->chrom.len : 64, record->chrom.p,
		       (unsigned long long)record->pos1, why.text);
}

int vx_place_contig(struct vx_run *run, struct vx_worker *worker, const struct vx_record *record,
		    uint32_t *rank_ret, struct vidx_error *err)
{
	const struct vx_contigs *contigs = worker->inputs->contigs;
	struct vx_slice chrom = record->chrom;
	uint32_t rank;
	int rc = 0;

	*rank_ret = worker->last_contig;
	if (worker->last_contig != VX_NO_CONTIG && vx_slice_eq(worker->last_chrom, chrom))
		return 0;
	*rank_ret = rank = vx_contigs_find(contigs, chrom);
	if (rank == VX_NO_CONTIG || !vx_contigs_declared(contigs, rank))
		rc = meet_undeclared(run, worker, record, err);
	if (rc)
		return rc;
	rc = find_sequence(run, worker, record, rank, err);
	if (rc)
		return rc;
	if (rank == VX_NO_CONTIG) {
		*rank_ret = new_contig(run, chrom);
		return *rank_ret == VX_NO_CONTIG ? vx_fail_nomem(err) : 0;
	}
	worker->last_contig = VX_NO_CONTIG;
	if (chrom.len <= sizeof worker->chrom_text) {
		memcpy(worker->chrom_text, chrom.p, chrom.len);
		worker->last_chrom = vx_slice(worker->chrom_text, chrom.len);
		worker->last_contig = rank;
	}
	return 0;
}

int vx_place_against_reference(struct vx_run *run, struct vx_worker *worker,
			       const struct vx_record *record, struct vidx_error *err)
{
	int rc;

	if (!worker->inputs->reference)
		return 0;
	rc = vx_align_check(&worker->view, worker->seq, vx_pos0(record->pos1), record->ref, err);
	for (uint32_t i = 0; rc == 0 && i < record->n_alts; i++)
		if (worker->reason[i] == VX_KEPT)
			rc = vx_align_allele(&worker->view, worker->seq, &run->arena,
					     &worker->allele[i], err);
	return rc;
}
