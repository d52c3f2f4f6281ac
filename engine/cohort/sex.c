#include "cohort/sex.h"

#include "allele/deduce.h"

#include <stdlib.h>

#define RANK_X 22
#define RANK_Y 23

/* A stretch of a contig, half-open. */
struct stretch {
	uint64_t beg0, end0;
};

/*
 * The pseudoautosomal regions of X and of Y.  GRCh37 and GRCh38: the Genome Reference Consortium's
 * (the par_align files of the assemblies at NCBI; 1-based 60001-2699520 and 154931044-155260560 of
 * X in GRCh37, and so on).  T2T-CHM13: chm13v2.0_PAR.bed of the consortium's analysis set.
 */
static const struct stretch par[VX_N_ASSEMBLIES][2][2] = {
	[VX_GRCH37] = {{{60000, 2699520}, {154931043, 155260560}},
		       {{10000, 2649520}, {59034049, 59363566}}},
	[VX_GRCH38] = {{{10000, 2781479}, {155701382, 156030895}},
		       {{10000, 2781479}, {56887902, 57217415}}},
	[VX_CHM13] = {{{0, 2394410}, {153925834, 154259566}}, {{0, 2458320}, {62122809, 62460029}}},
};

enum vx_region vx_region_at(enum vx_assembly assembly, uint32_t rank, uint64_t pos0)
{
	const struct stretch *s;

	if (rank == VX_ASSEMBLY_MT)
		return VX_MITO;
	if (rank != RANK_X && rank != RANK_Y)
		return VX_DIPLOID;
	s = par[assembly][rank - RANK_X];
	for (int i = 0; i < 2; i++)
		if (pos0 >= s[i].beg0 && pos0 < s[i].end0)
			return VX_DIPLOID;
	return rank == RANK_X ? VX_ONLY_X : VX_ONLY_Y;
}

uint64_t vx_region_end(enum vx_assembly assembly, uint32_t rank, uint64_t pos0)
{
	const struct stretch *s;
	uint64_t end0 = UINT64_MAX;

	if (rank != RANK_X && rank != RANK_Y)
		return end0;
	s = par[assembly][rank - RANK_X];
	for (int i = 0; i < 2; i++) {
		if (s[i].beg0 > pos0 && s[i].beg0 < end0)
			end0 = s[i].beg0;
		if (s[i].end0 > pos0 && s[i].end0 < end0)
			end0 = s[i].end0;
	}
	return end0;
}

static void fill_masks(struct vx_sexes *sexes, const struct vx_cohort *cohort)
{
	for (uint32_t i = 0; i < cohort->n_samples; i++) {
		uint64_t bit = UINT64_C(1) << (i % 64);
		uint32_t w = i / 64;

		sexes->region[VX_MITO].single[w] |= bit;
		if (cohort->sex[i] == VX_SEX_XY) {
			sexes->region[VX_ONLY_X].single[w] |= bit;
			sexes->region[VX_ONLY_Y].single[w] |= bit;
		} else if (cohort->sex[i] == VX_SEX_XX) {
			sexes->region[VX_ONLY_Y].none[w] |= bit;
		}
	}
}

static void fill_an(struct vx_copies *copies, const struct vx_cohort *cohort)
{
	for (uint32_t g = 0; g < cohort->groups.n; g++) {
		const uint64_t *mask = cohort->mask + (size_t)g * cohort->n_words;

		copies->an[g] = 2 * (uint64_t)cohort->size[g];
		for (uint32_t w = 0; w < cohort->n_words; w++)
			copies->an[g] -=
				(unsigned)__builtin_popcountll(mask[w] & copies->single[w]) +
				2 * (unsigned)__builtin_popcountll(mask[w] & copies->none[w]);
	}
}

int vx_sexes_init(struct vx_sexes *sexes, const struct vx_cohort *cohort,
		  const struct vx_contigs *contigs, struct vidx_error *err)
{
	size_t per_region = 2 * (size_t)cohort->n_words + cohort->groups.n;
	uint64_t *p;

	memset(sexes, 0, sizeof *sexes);
	sexes->assembly = vx_assembly_by_name(vx_slice_str(vx_contigs_assembly(contigs)));
	for (uint32_t i = 0; i < cohort->n_samples; i++) {
		sexes->n_xx += cohort->sex[i] == VX_SEX_XX;
		sexes->n_xy += cohort->sex[i] == VX_SEX_XY;
	}
	if (sexes->assembly == VX_NO_ASSEMBLY || sexes->n_xx + sexes->n_xy == 0)
		return 0;
	sexes->other_mito = vx_contigs_find(contigs, vx_slice_str(VX_HG19_CHRM_NAME));
	p = sexes->room = calloc((VX_N_REGIONS - 1) * per_region, sizeof *p);
	if (!p)
		return vx_fail_nomem(err);
	for (int r = VX_ONLY_X; r < VX_N_REGIONS; r++, p += per_region) {
		sexes->region[r].single = p;
		sexes->region[r].none = p + cohort->n_words;
		sexes->region[r].an = p + 2 * (size_t)cohort->n_words;
	}
	fill_masks(sexes, cohort);
	for (int r = VX_ONLY_X; r < VX_N_REGIONS; r++)
		fill_an(&sexes->region[r], cohort);
	sexes->known = 1;
	return 0;
}

void vx_sexes_release(struct vx_sexes *sexes)
{
	free(sexes->room);
	memset(sexes, 0, sizeof *sexes);
}
