/* span: how far a symbolic allele reaches, and where its other end lies, as INFO says. */
#ifndef VX_BUILD_SPAN_H
#define VX_BUILD_SPAN_H

#include "allele/contig.h"
#include "allele/norm.h"
#include "input/record.h"

/*
 * Completes allele, which is ALT i_alt of the record and begins with '<': end0, svlen, and the mate
 * behind alt's text (allele/mate.h; in arena).  contig: the record's own, by the assembly's name.
 *
 * SVLEN is taken as written, by ALT where there are several.  The span ends at END.  Without END,
 * and where several ALTs have a length each (in VCF 4.4 END is then the farthest of them), it
 * is as long as SVLEN, behind POS; insertions and junctions have no length there.  The END of a
 * junction whose mate is on another contig and has no place of its own is the mate's.
 * SVCLAIM tells how an allele was seen, not which it is, and is no part of it.
 * 0 or VIDX_ENOMEM.
 */
int vx_span_read(const struct vx_record *record, uint32_t i_alt, const struct vx_contigs *contigs,
		 struct vx_slice contig, struct vx_allele *allele, struct vx_arena *arena);

#endif
