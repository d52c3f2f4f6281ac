/*
 * spdi: SEQUENCE:POSITION:DELETION:INSERTION (Holmes et al. 2020), as NC_000001.11:55051214:G:GA.
 */
#ifndef VX_QUERY_SPDI_H
#define VX_QUERY_SPDI_H

#include "query/change.h"

/*
 * Reads one word.  POSITION counts from 0; DELETION is a sequence, its length, or empty; INSERTION
 * a sequence or empty.  What makes SPDI of it, rather than CHROM:POS:REF:ALT, is that SEQUENCE is a
 * versioned accession of RefSeq or of a GenBank chromosome (NC_000001.11, CM000663.2).
 * 0: *change_ret is set, with views of word.  VIDX_ABSENT: not SPDI.  VIDX_EUSAGE: SPDI with a
 * fault.  Pure; any thread.
 */
int vx_spdi_parse(struct vx_slice word, struct vx_change *change_ret, struct vidx_error *err);

#endif
