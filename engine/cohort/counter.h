/* counter: what the rooms that count text and BCF share.  Only for cohort/count*.c. */
#ifndef VX_COHORT_COUNTER_H
#define VX_COHORT_COUNTER_H

#include "base/gtscan.h"
#include "cohort/count.h"
#include "cohort/fold.h"

/* Column starts looked up at a time: enough to make the call cheap, few enough to stay in cache. */
#define VX_COUNT_STARTS 512

struct vx_counter {
	struct vx_tally tally;
	const struct vx_gtscan *scan;
	const struct vx_copies *folded; /* not everybody's genotypes count as they stand; or NULL */
	uint32_t *copies; /* per allele of a polyploid sample; all zero between samples */
	uint32_t n_copies;
	char bad[32]; /* text of a BCF value that is none */
	uint32_t start[VX_COUNT_STARTS + VX_SCAN_ROOM];
	char words[VX_GT_TEXT_BYTES]; /* one block, gathered */
};

#define VX_GT_MISSING UINT32_MAX

/* One sample's genotype: text from p to end, or BCF values.  Zero what is not used. */
struct vx_gt {
	const char *p, *end;
	const uint8_t *value;
	uint32_t n_values;
	uint8_t type;    /* of BCF */
	uint32_t n_alts; /* alleles over it are none */
};

/*
 * Takes the next allele off: 1, *ret its number or VX_GT_MISSING; 0: there is no more; -1: what
 * comes is no allele.
 */
int vx_gt_next(struct vx_gt *gt, uint32_t *ret);

/* Holds as missing the samples 64 * word and on of in: they are to be added one by one. */
void vx_counter_hold(struct vx_counter *counter, uint32_t word, uint64_t in);
/*
 * Adds one sample of any ploidy that the bit words hold as missing.  VX_KEPT, VX_BAD_GT, or
 * VX_N_REASONS when memory is out.
 */
enum vx_reason vx_counter_add_sample(struct vx_counter *counter, uint32_t sample, struct vx_gt gt);
/*
 * Adds the block of samples 64 * word and on, of which bits tells; text (4 bytes a sample) or bcf
 * (2 bytes) is what it was made of, the other NULL.  Samples with an allele over 9, or over the
 * record's ALTs, are moved to bits->odd; the caller must add those that are there.
 */
void vx_counter_add_block(struct vx_counter *counter, uint32_t word, struct vx_gt_bits *bits,
			  const char *text, const uint8_t *bcf);

/* The two halves of vx_count(), and for each the text of the first bad sample. */
enum vx_reason vx_count_text(struct vx_counter *counter, const struct vx_record *record);
enum vx_reason vx_count_bcf(struct vx_counter *counter, const struct vx_record *record);
struct vx_slice vx_count_bad_text(struct vx_counter *counter, const struct vx_record *record);
struct vx_slice vx_count_bad_bcf(struct vx_counter *counter, const struct vx_record *record);

#endif
