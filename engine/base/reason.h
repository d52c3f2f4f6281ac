/*
 * reason: why an allele is dropped or a record rejected.  One list makes the enum and the names
 * that the report prints.
 */
#ifndef VX_BASE_REASON_H
#define VX_BASE_REASON_H

#define VX_REASONS(X)                                                                              \
	X(NO_ALT, "no_alt")             /* ALT is '.' */                                           \
	X(STAR, "star")                 /* '*': the allele is missing for an upstream deletion */  \
	X(NON_REF, "non_ref")           /* <NON_REF> or <*>: "anything else" of a gVCF */          \
	X(DUPLICATE, "duplicate")       /* the same allele came before, in input order */          \
	X(REF_MISMATCH, "ref_mismatch") /* REF is not the reference's */                           \
	X(BAD_COUNTS, "bad_counts")     /* AC > AN, a wrong number of values, or not a count */    \
	X(BAD_GT, "bad_gt")             /* a genotype that is no genotype, or names no allele */   \
	X(BAD_ALLELE, "bad_allele") /* REF or ALT empty, ALT equal to REF, or no allele text */    \
	X(FILTERED, "filtered")     /* --pass-only and FILTER is not PASS */

enum vx_reason {
	VX_KEPT,
#define VX_X(name, text) VX_##name,
	VX_REASONS(VX_X)
#undef VX_X
		VX_N_REASONS
};

/* "star", "bad_gt", ...; "kept" for VX_KEPT. */
const char *vx_reason_name(enum vx_reason reason);

#endif
