/*
 * sex: how many copies of a place people have, by their sex, and what a genotype then counts.
 *
 * The POS of a record as written decides where it lies, for all of its alleles: a deletion that
 * begins before a boundary and ends behind it, or an indel that moves over one when it is
 * left-aligned, is counted by the place it is written at.
 *
 *			XX		XY		unknown sex
 *	autosomes, PAR	as written	as written	as written
 *	X outside PAR	as written	one copy	as written
 *	Y outside PAR	no copy		one copy	as written
 *	MT		one copy	one copy	one copy
 *
 * One copy: a genotype whose called alleles are all the same counts as that one allele, haploid
 * (1/1, 1/., ./1 and 1/1/1 as 1; 0/0 as 0), one with different alleles as missing.  A genotype of
 * one allele is that anyway.  No copy: a genotype counts nothing.  Either must still be one.
 */
#ifndef VX_COHORT_SEX_H
#define VX_COHORT_SEX_H

#include "allele/assembly.h"
#include "allele/contig.h"
#include "cohort/sheet.h"

enum vx_region { VX_DIPLOID, VX_ONLY_X, VX_ONLY_Y, VX_MITO, VX_N_REGIONS };

/* Where contig rank (0..24: 1..22, X, Y, MT; others: VX_DIPLOID) and pos0 lie.  Pure. */
enum vx_region vx_region_at(enum vx_assembly assembly, uint32_t rank, uint64_t pos0);

/* Where the region that pos0 lies in ends: UINT64_MAX: with the contig.  Pure. */
uint64_t vx_region_end(enum vx_assembly assembly, uint32_t rank, uint64_t pos0);

/* Who has how many copies in one region, as masks of all samples. */
struct vx_copies {
	uint64_t *single; /* n_words: one copy */
	uint64_t *none;   /* n_words: no copy */
	uint64_t *an;     /* per group: AN when every allele is called */
};

/* Never changed after vx_sexes_init(): any thread may read it. */
struct vx_sexes {
	int known; /* the rules are in force; 0: every text counts as it stands */
	uint32_t n_xx, n_xy;
	enum vx_assembly assembly;
	uint32_t other_mito;                   /* hg19's chrM, which is no alias of MT */
	struct vx_copies region[VX_N_REGIONS]; /* that of VX_DIPLOID is empty */
	uint64_t *room;
};

/*
 * The rules for a cohort, in force if the assembly of contigs is known and the sex of at least one
 * sample.  cohort is borrowed for the call; contigs must have all that headers declare.
 * VIDX_ENOMEM.
 */
int vx_sexes_init(struct vx_sexes *sexes, const struct vx_cohort *cohort,
		  const struct vx_contigs *contigs, struct vidx_error *err);
void vx_sexes_release(struct vx_sexes *sexes);

/* The copies at a place, or NULL where texts count as they stand. */
static inline const struct vx_copies *vx_sexes_at(const struct vx_sexes *sexes, uint32_t rank,
						  uint64_t pos0)
{
	enum vx_region region;

	if (!sexes->known || rank < 22)
		return NULL;
	region = rank == sexes->other_mito ? VX_MITO : vx_region_at(sexes->assembly, rank, pos0);
	return region == VX_DIPLOID ? NULL : &sexes->region[region];
}

/* How far the copies at a place hold: up to there, exclusive, or UINT64_MAX. */
static inline uint64_t vx_sexes_end(const struct vx_sexes *sexes, uint32_t rank, uint64_t pos0)
{
	return sexes->known ? vx_region_end(sexes->assembly, rank, pos0) : UINT64_MAX;
}

/* The copies that one sample has: 0, 1, or 2 for as many as are written. */
static inline int vx_copies_of(const struct vx_copies *copies, uint32_t sample)
{
	uint64_t bit = UINT64_C(1) << (sample % 64);

	return copies->none[sample / 64] & bit ? 0 : copies->single[sample / 64] & bit ? 1 : 2;
}

#endif
