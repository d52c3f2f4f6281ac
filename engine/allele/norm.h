/* norm: an ALT of a record -> a normalised allele, or the reason why it is none. */
#ifndef VX_ALLELE_NORM_H
#define VX_ALLELE_NORM_H

#include "base/arena.h"
#include "base/reason.h"
#include "base/slice.h"

#include <stdint.h>

struct vx_allele {
	uint64_t pos0;
	struct vx_slice ref; /* upper case (ACGT and IUPAC letters) */
	struct vx_slice alt; /* the same; symbolic and breakend text kept as written */
	uint64_t end0;       /* exclusive end of the span */
	int64_t svlen;       /* identity of a symbolic allele, else 0 */
	int symbolic;        /* nonzero: <...>, a breakend, or other text that is no sequence */
};

/*
 * Normalises one ALT: upper case, trims the common suffix then the common prefix, keeping one
 * base of each.  Symbolic alleles, breakends and other text are kept as they are.
 * Returns VX_KEPT and fills *out (slices are views of ref and alt where they need no change,
 * else copies in arena), or VX_NO_ALT ("."), VX_STAR ("*", also <*:DEL>), VX_NON_REF (<NON_REF>,
 * <*>), VX_BAD_ALLELE (REF or ALT empty, REF not letters, ALT equal to REF, ALT with characters
 * no allele has).  VX_N_REASONS means memory ran out.  Pure but for the arena.
 */
enum vx_reason vx_norm_allele(uint64_t pos0, struct vx_slice ref, struct vx_slice alt,
			      struct vx_arena *arena, struct vx_allele *out);
/*
 * The same without copies: the slices of *out are views of ref and alt, bases in the case they
 * were written in.  Pure; never VX_N_REASONS.
 */
enum vx_reason vx_norm_view(uint64_t pos0, struct vx_slice ref, struct vx_slice alt,
			    struct vx_allele *out);

/* A text of one base, upper case, that lives as long as the program; "" where c is no base. */
const char *vx_norm_base(char c);

#endif
