/* fold: the genotypes of 64 samples at a time as the copies that people have let them count. */
#ifndef VX_COHORT_FOLD_H
#define VX_COHORT_FOLD_H

#include "cohort/tally.h"

/* Who carries ALT i among the 64 samples of a word: as first and as second allele. */
struct vx_hits {
	uint64_t alt[VX_TALLY_ALTS][2];
	uint32_t n;
};

/*
 * Rewrites word number word for the samples with one copy or none (cohort/sex.h).  Afterwards
 * hits, bits->miss and bits->hap say what carriers count; *missing_ret is relative to copies->an.
 * bits->odd is left alone: those samples are held as missing, to be added one by one.
 */
void vx_fold(const struct vx_copies *copies, uint32_t word, struct vx_gt_bits *bits,
	     struct vx_hits *hits, struct vx_missing *missing_ret);

#endif
