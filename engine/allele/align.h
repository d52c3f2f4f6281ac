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

/* An allele that was moved: its longer text is `first` and then the body, turned. */
struct vx_moved {
	uint64_t pos0;
	struct vx_slice body; /* a view of the allele's longer text; len 0: it was not moved */
	size_t turn;          /* below body.len: so many bytes of its end come to its front */
	char first;           /* the base that REF and ALT begin with: all of the shorter one */
	int is_insertion;
};

/*
 * Finds where vx_align_allele() moves an allele of vx_norm_allele() or vx_norm_view(), and writes
 * nothing.  0, VIDX_EBADINPUT, VIDX_ENOMEM (both of the reference).
 */
int vx_align_move(struct vx_reference_view *view, uint32_t seq, const struct vx_allele *allele,
		  struct vx_moved *moved_ret, struct vidx_error *err);

/*
 * Moves an allele of vx_norm_allele(), whose REF was checked, to the left as long as that names the
 * same change, and no further than the first base of seq: an event before that base keeps the base
 * behind it.  What is new is in arena.  0, VIDX_EBADINPUT, VIDX_ENOMEM.
 */
int vx_align_allele(struct vx_reference_view *view, uint32_t seq, struct vx_arena *arena,
		    struct vx_allele *allele, struct vidx_error *err);

#endif
