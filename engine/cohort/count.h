/*
 * count: genotypes -> AC, AN, nhomalt, nhemi, het of every group and ALT.
 *
 * For a sample let ploidy be the alleles listed, called the non-missing ones, copies those that
 * are this ALT.  AN += called, AC += copies; ploidy 1 and copies 1: nhemi; else called >= 2:
 * copies == called: nhomalt, 0 < copies < called: het.  A half call of a diploid is none of these.
 * Where people have one copy, or none, cohort/sex.h says what a genotype is before it is counted.
 */
#ifndef VX_COHORT_COUNT_H
#define VX_COHORT_COUNT_H

#include "base/reason.h"
#include "cohort/sex.h"
#include "input/record.h"

/* The metrics that genotypes give: the first ones, in the order of enum vidx_metric. */
#define VX_COUNT_N_METRICS (VIDX_HET + 1)
#define VX_COUNT_METRICS   ((1u << VX_COUNT_N_METRICS) - 1)

/* One thread's scratch. */
struct vx_counter;
int vx_counter_new(const struct vx_cohort *cohort, struct vx_counter **counter_ret,
		   struct vidx_error *err);
void vx_counter_free(struct vx_counter *counter);

/*
 * Who has how many copies where the records of the next calls lie: copies, borrowed until it is
 * set again, or NULL, as at first: genotypes count as they stand.
 */
void vx_counter_copies(struct vx_counter *counter, const struct vx_copies *copies);

/*
 * Counts one record.  value receives n_alts x VX_COUNT_N_METRICS x groups.n numbers: value[(alt *
 * VX_COUNT_N_METRICS + metric) * groups.n + group].  A record without GT gives zeros.
 * Returns VX_KEPT, or VX_BAD_GT: *bad_ret is the text of the first offending sample
 * (a view of the record or the counter).  value is then not to be used.
 * The text of a sample may hold fewer ':' fields than FORMAT says; a GT field that is missing
 * because of that counts as '.'.  VCF 4.4 leading phase marks are skipped.
 * VX_N_REASONS means memory ran out (a polyploid sample in a record with more ALTs than any
 * before).
 */
enum vx_reason vx_count(struct vx_counter *counter, const struct vx_record *record, uint64_t *value,
			struct vx_slice *bad_ret);

/*
 * Test switch: which of the paths of base/scan.h (enum vx_scan_path) the counter takes; 0 is the
 * best.
 */
void vx_counter_force(struct vx_counter *counter, int path);

#endif
