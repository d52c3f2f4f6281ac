/*
 * align: alleles against a reference: REF checked, indels moved to the left as far as they go.
 * What `bcftools norm -f` does, with one difference: an ALT with IUPAC letters is moved too.
 */
#ifndef VX_ALLELE_ALIGN_H
#define VX_ALLELE_ALIGN_H

#include "allele/norm.h"
#include "allele/reference.h"

/*
 * Compares REF as it was written, letters of any case, with the reference from pos0 of seq on.  A
 * base of the reference that is not A, C, G or T reads as N, and REF has to say N there.
 * 0: equal.  VIDX_ABSENT: not, or REF goes beyond the end of seq.  VIDX_EBADINPUT, VIDX_ENOMEM.
 */
int vx_align_check(struct vx_reference_view *view, uint32_t seq, uint64_t pos0, struct vx_slice ref,
		   struct vidx_error *err);

/*
 * Whether vx_align_allele() may change the allele: an insertion or deletion that ends as it began.
 * Pure.
 */
int vx_align_may_move(const struct vx_allele *allele);

/*
 * Moves an allele of vx_norm_allele(), whose REF was checked, to the left as long as that names the
 * same change, and no further than the first base of seq: an event before that base keeps the base
 * behind it.  What is new is in arena.  0, VIDX_EBADINPUT, VIDX_ENOMEM.
 */
int vx_align_allele(struct vx_reference_view *view, uint32_t seq, struct vx_arena *arena,
		    struct vx_allele *allele, struct vidx_error *err);

#endif
