/*
 * calltext: the lines of a file that says where variants could be called, and for how many alleles.
 * Three kinds, told apart by the first line that is no remark:
 *
 *	bed	contig, beg0, end0 (half-open), more columns are ignored; any order, overlaps are
 *		one; no AN.  `browser`, `track` and # lines are skipped.
 *	tsv	a header line: contig (or chrom, chr), then pos (from 1) or beg and end (or start and
 *		end; 0-based, half-open), then a column for each group: AN or AN_GROUP or GROUP.
 *	gnomad	a header line with a column locus (chr1:12345, from 1), AN or AN_GROUP or both; all
 *		other columns are ignored.  gnomAD's allele_number_all_sites.tsv of v4.1 is so.
 *
 * Columns lie between tabs (of a BED also spaces); the header line may begin with #.  An AN of '.',
 * NA or nothing is not known.  Rows of the latter two rise on each contig (which is not checked on
 * those that the table lacks); contigs in any order.
 */
#ifndef VX_COHORT_CALLTEXT_H
#define VX_COHORT_CALLTEXT_H

#include "allele/contig.h"
#include "base/slice.h"
#include "cohort/group.h"

enum vx_calltext_kind { VX_CALL_NOT_KNOWN, VX_CALL_BED, VX_CALL_TSV, VX_CALL_GNOMAD };

/* "bed", "tsv", "gnomad". */
const char *vx_calltext_kind_name(enum vx_calltext_kind kind);

struct vx_calltext;

/*
 * contigs and groups are borrowed: names that the index knows.  name: the file's, for messages.
 * VIDX_ENOMEM.
 */
int vx_calltext_new(const struct vx_contigs *contigs, const struct vx_groups *groups,
		    const char *name, struct vx_calltext **text_ret, struct vidx_error *err);
void vx_calltext_free(struct vx_calltext *text);

/* A stretch of bases; an by column, valid until the next line; VX_NONE: not known. */
struct vx_calltext_row {
	uint32_t contig;      /* rank, or VX_NO_CONTIG: the table lacks it, or lacks it yet */
	struct vx_slice name; /* of the contig, as written; a view of the line */
	uint64_t beg0, end0;
	const uint64_t *an;
};

/*
 * Reads one line.  0: *row_ret is set.  VIDX_NOVALUE: it says nothing of a place (a remark, the
 * header line, an empty stretch).  Errors: VIDX_EBADINPUT,
 * naming the file, the line and what is wrong with it.
 */
int vx_calltext_line(struct vx_calltext *text, struct vx_slice line, uint64_t number,
		     struct vx_calltext_row *row_ret, struct vidx_error *err);

/* After the first line that is no remark: the kind, and the groups whose AN a row has, rising. */
enum vx_calltext_kind vx_calltext_kind(const struct vx_calltext *text);
uint32_t vx_calltext_columns(const struct vx_calltext *text, const uint32_t **group_ret);

/*
 * Whether a row says that alleles were called: ALL's AN is above 0, or, where that is not known,
 * some AN is, or none is known at all.
 */
int vx_calltext_covers(const uint64_t *an, const uint32_t *group, uint32_t n);

#endif
