/*
 * hgvs: genomic descriptions in the nomenclature of the Human Genome Variation Society
 * (den Dunnen et al. 2016), as NC_000001.11:g.55051215G>A.
 */
#ifndef VX_QUERY_HGVS_H
#define VX_QUERY_HGVS_H

#include "query/change.h"

/*
 * Reads one word: CONTIG:g. or CONTIG:m., the contig in any spelling, and
 *	100G>A			100_101AG>TC
 *	100del, 100_102del	the deleted bases may follow
 *	100_101insTTA
 *	100dup, 100_102dup	the bases may follow
 *	100delinsTT, 100_102delinsTT, 100delGinsTT
 * with positions from 1.  Uncertain positions, inversions, repeats ([n]), inserted ranges and
 * several changes at once are refused, and so are descriptions of transcripts and proteins.
 * 0: *change_ret is set, with views of word.  VIDX_ABSENT: not HGVS.  VIDX_EUSAGE: HGVS with a
 * fault, or not one of these.  Pure; any thread.
 */
int vx_hgvs_parse(struct vx_slice word, struct vx_change *change_ret, struct vidx_error *err);

#endif
