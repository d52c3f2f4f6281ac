/*
 * locus: spellings of places and alleles -> positions.  Nothing here looks at an index but for
 * the contig names that a region needs.
 *
 * POS, REF and ALT are read from the right, since contig names may hold '-' and ':'.
 */
#ifndef VX_QUERY_LOCUS_H
#define VX_QUERY_LOCUS_H

#include "allele/contig.h"
#include "base/slice.h"
#include "vidx.h"

enum vx_question { VX_ASK_ALLELE, VX_ASK_PLACE };

/*
 * Reads 1-55051215-G-GA, chr1:55051215:G:GA, "chr1:55051215 G>GA", "chr1 55051215 G GA" (blanks
 * or tabs): VX_ASK_ALLELE; or 1-55051215, chr1:55051215, "chr1 55051215": VX_ASK_PLACE, with ref
 * and alt empty.  POS may hold commas.  The pointers of *allele_ret are views of text.
 * Errors: VIDX_EUSAGE.  Pure; any thread.
 */
int vx_locus_parse(struct vx_slice text, struct vidx_allele *allele_ret,
		   enum vx_question *question_ret, struct vidx_error *err);

/*
 * Whether text may be an ID, such as rs123: one word.  What vx_locus_parse() reads is none.
 * *id_ret is a view of text, without blanks around it.  Pure; any thread.
 */
int vx_locus_parse_id(struct vx_slice text, struct vx_slice *id_ret);

struct vx_region {
	uint32_t contig;     /* rank */
	uint64_t beg0, end0; /* half-open, beg0 < end0; end0 is VX_POS0_MAX + 1 for "to the end" */
};

/*
 * Reads chr1, chr1:100, chr1:100-200, chr1:100-, {chr1:2}:100-200; 1-based, inclusive, commas
 * allowed.  As in samtools, text that is a contig's whole name is that contig.
 * Errors: VIDX_EUSAGE (no such contig; not numbers; an end before its beginning).
 */
int vx_locus_parse_region(const struct vx_contigs *contigs, struct vx_slice text,
			  struct vx_region *region_ret, struct vidx_error *err);

#endif
