/*
 * spelling: any spelling of a place or an allele -> a question.  The public half is
 * vidx_parse_allele() and vidx_reader_parse().
 */
#ifndef VX_QUERY_SPELLING_H
#define VX_QUERY_SPELLING_H

#include "query/locus.h"
#include "query/reader.h"

/*
 * Reads HGVS, SPDI or what vx_locus_parse() reads.  The pointers of *allele_ret are views of text,
 * or of reader->spelled until the next call.  reader NULL: as for vx_change_allele().
 * 0; VIDX_ABSENT: no variant can be it, and *allele_ret has contig and pos1 alone.
 * Errors: VIDX_EUSAGE (no such spelling; a contig of another assembly; a reference is needed),
 * VIDX_EBADINPUT, VIDX_ENOMEM.
 */
int vx_spelling_parse(struct vidx_reader *reader, struct vx_slice text,
		      struct vidx_allele *allele_ret, enum vx_question *question_ret,
		      struct vidx_error *err);

#endif
