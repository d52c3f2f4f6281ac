/*
 * mate: where the other end of a symbolic allele lies.
 *
 * <BND>, <CTX> and <TRA> say it in INFO CHR2, END2 (or POS2) and STRANDS, not in their text, and so
 * do other symbolic alleles that reach onto another contig.  Two of one place with different mates
 * are different variants.  A row therefore has the mate behind the text of its ALT:
 *
 *	<BND> TAB contig TAB position TAB strands
 *
 * (contig by the assembly's name, position from 1, '.' for what is not known).  No ALT of a record
 * holds a tab, and nothing that is shown does: vx_mate_split() takes it apart.
 */
#ifndef VX_ALLELE_MATE_H
#define VX_ALLELE_MATE_H

#include "allele/contig.h"
#include "base/arena.h"
#include "base/slice.h"

struct vx_mate {
	struct vx_slice contig;  /* len 0: there is no mate */
	uint64_t pos1;           /* 0: not known */
	struct vx_slice strands; /* "+-"; len 0: not known */
};

/* <BND>, <CTX>, <TRA>, also with more behind ':': a junction rather than a stretch.  Pure. */
int vx_mate_is_junction(struct vx_slice alt);

/* The text of a row's ALT with a mate (contig.len > 0), in arena.  p NULL: no memory. */
struct vx_slice vx_mate_join(struct vx_slice alt, const struct vx_mate *mate,
			     struct vx_arena *arena);
/*
 * The text of ALT as the record had it, and its mate: views of alt.  Text that is no mate after
 * all gives none.  mate_ret may be NULL.  Pure.
 */
struct vx_slice vx_mate_split(struct vx_slice alt, struct vx_mate *mate_ret);

#endif
