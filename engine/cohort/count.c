#include "base/bytes.h"
#include "base/text.h"
#include "cohort/counter.h"

#include <stdlib.h>

int vx_counter_new(const struct vx_cohort *cohort, struct vx_counter **counter_ret,
		   struct vidx_error *err)
{
	struct vx_counter *counter = calloc(1, sizeof *counter);

	*counter_ret = NULL;
	if (!counter || vx_tally_init(&counter->tally, cohort) != 0) {
		free(counter);
		return vx_fail_nomem(err);
	}
	vx_counter_force(counter, VX_SCAN_BEST);
	*counter_ret = counter;
	return 0;
}

void vx_counter_free(struct vx_counter *counter)
{
	if (!counter)
		return;
	vx_tally_release(&counter->tally);
	free(counter->copies);
	free(counter);
}

void vx_counter_force(struct vx_counter *counter, int path)
{
	counter->scan = vx_gtscan((enum vx_scan_path)path);
	counter->tally.scan = counter->scan;
}

/* The next allele of a text into *ret.  1; 0: there is no more; -1: it is none. */
static int next_text(struct vx_gt *gt, uint32_t *ret)
{
	uint32_t allele = 0;
	const char *p = gt->p;

	if (p == gt->end)
		return 0;
	if (*p == '.') {
		p++;
		*ret = VX_GT_MISSING;
	} else {
		const char *digits = p;

		while (p < gt->end && vx_is_digit((unsigned char)*p)) {
			allele = allele * 10 + (uint32_t)(*p++ - '0');
			if (allele > gt->n_alts)
				return -1;
		}
		if (p == digits)
			return -1;
		*ret = allele;
	}
	/* A separator must have an allele behind it. */
	if (p < gt->end && ((*p != '/' && *p != '|') || ++p == gt->end))
		return -1;
	gt->p = p;
	return 1;
}

/* The next allele of BCF values. */
static int next_bcf(struct vx_gt *gt, uint32_t *ret)
{
	static const uint32_t missing[] = {0, 0x80, 0x8000, 0, 0x80000000};
	uint32_t size = gt->type == 3 ? 4 : gt->type, v;

	if (gt->n_values == 0)
		return 0;
	v = size == 1 ? *gt->value : size == 2 ? vx_load16(gt->value) : vx_load32(gt->value);
	if (v == missing[size] + 1) {
		/* the end of a shorter vector: nothing but ends may follow */
		for (uint32_t i = 1; i < gt->n_values; i++)
			if (memcmp(gt->value, gt->value + i * size, size) != 0)
				return -1;
		return 0;
	}
	if (v >> 1 == 0 || v == missing[size])
		*ret = VX_GT_MISSING;
	else if ((v >> 1) - 1 <= gt->n_alts && v < missing[size])
		*ret = (v >> 1) - 1;
	else
		return -1; /* gt stays at what is none */
	gt->value += size;
	gt->n_values--;
	return 1;
}

int vx_gt_next(struct vx_gt *gt, uint32_t *ret)
{
	return gt->value ? next_bcf(gt, ret) : next_text(gt, ret);
}

static int make_room(struct vx_counter *counter, uint32_t n_alts)
{
	uint32_t *more;

	if (counter->n_copies > n_alts)
		return 1;
	more = calloc((size_t)n_alts + 1, sizeof *more);
	if (!more)
		return 0;
	free(counter->copies);
	counter->copies = more;
	counter->n_copies = n_alts + 1;
	return 1;
}

void vx_counter_copies(struct vx_counter *counter, const struct vx_copies *copies)
{
	counter->folded = copies;
	counter->tally.full_an = copies ? copies->an : counter->tally.written_an;
}

/* Counts the copies of each allele: 0, -1 where the text is none. */
static int count_copies(struct vx_counter *counter, struct vx_gt gt, uint32_t *called_ret,
			uint32_t *ploidy_ret)
{
	uint32_t allele, called = 0, ploidy = 0;
	int rc;

	while ((rc = vx_gt_next(&gt, &allele)) > 0) {
		ploidy++;
		if (allele == VX_GT_MISSING)
			continue;
		called++;
		counter->copies[allele]++;
	}
	*called_ret = called;
	*ploidy_ret = ploidy;
	return rc;
}

/*
 * Adds one sample, of any ploidy, whose genotype is gt.  Two passes: one counts each allele's
 * copies, the other hands them over.
 */
enum vx_reason vx_counter_add_sample(struct vx_counter *counter, uint32_t sample, struct vx_gt gt)
{
	int has = counter->folded ? vx_copies_of(counter->folded, sample) : 2, rc, counts;
	uint32_t allele, called, ploidy;

	if (!make_room(counter, gt.n_alts))
		return VX_N_REASONS;
	rc = count_copies(counter, gt, &called, &ploidy);
	counts = rc == 0 && has > 0;
	if (counts && has == 2)
		vx_tally_called(&counter->tally, sample, called);
	while (vx_gt_next(&gt, &allele) > 0) {
		uint32_t copies;

		if (allele == VX_GT_MISSING)
			continue;
		copies = counter->copies[allele];
		counter->copies[allele] = 0;
		if (!counts || !copies || (has == 1 && copies != called))
			continue;
		if (has == 1) {
			vx_tally_called(&counter->tally, sample, 1);
			copies = 1;
		}
		if (allele)
			vx_tally_alt(&counter->tally, sample, allele - 1, copies,
				     has == 1 ? 1 : called, has == 1 ? 1 : ploidy);
	}
	return rc == 0 ? VX_KEPT : VX_BAD_GT;
}

void vx_counter_hold(struct vx_counter *counter, uint32_t word, uint64_t in)
{
	const struct vx_copies *folded = counter->folded;
	struct vx_missing missing = {0, in};

	if (folded) {
		missing.one = in & folded->single[word];
		missing.both = in & ~(folded->single[word] | folded->none[word]);
	}
	vx_tally_missing(&counter->tally, word, &missing);
}

/* Finds the carriers of the ALTs over 1.  Returns those with an allele that none of these is. */
static uint64_t match_others(const struct vx_counter *counter, const struct vx_gt_bits *bits,
			     const char *text, const uint8_t *bcf, struct vx_hits *hits)
{
	uint64_t rest[2] = {bits->other[0], bits->other[1]};
	uint32_t n_alts = counter->tally.n_alts, n = 1;

	for (; (rest[0] | rest[1]) && n < n_alts && n < VX_TALLY_ALTS; n++) {
		uint64_t *hit = hits->alt[n];

		if (text)
			counter->scan->match(text, (char)('1' + n), hit);
		else
			counter->scan->match_bcf(bcf, (uint8_t)((n + 2) << 1), hit);
		hit[0] &= rest[0];
		hit[1] &= rest[1];
		rest[0] &= ~hit[0];
		rest[1] &= ~hit[1];
	}
	hits->n = n;
	return rest[0] | rest[1];
}

void vx_counter_add_block(struct vx_counter *counter, uint32_t word, struct vx_gt_bits *bits,
			  const char *text, const uint8_t *bcf)
{
	struct vx_missing missing;
	struct vx_hits hits;
	uint64_t far;

	if (!(bits->other[0] | bits->other[1] | bits->miss[0] | bits->miss[1]) &&
	    !counter->folded) { /* nearly always */
		vx_tally_carriers(&counter->tally, word, bits, 0, bits->one[0], bits->one[1]);
		return;
	}
	far = match_others(counter, bits, text, bcf, &hits);
	hits.alt[0][0] = bits->one[0];
	hits.alt[0][1] = bits->one[1];
	for (uint32_t a = 0; far && a < hits.n; a++) {
		hits.alt[a][0] &= ~far;
		hits.alt[a][1] &= ~far;
	}
	bits->odd |= far;
	bits->hap &= ~far;
	bits->miss[0] |= far;
	bits->miss[1] |= far;
	missing.one = bits->miss[0] ^ bits->miss[1];
	missing.both = bits->miss[0] & bits->miss[1];
	if (counter->folded)
		vx_fold(counter->folded, word, bits, &hits, &missing);
	if (missing.one | missing.both)
		vx_tally_missing(&counter->tally, word, &missing);
	for (uint32_t a = 0; a < hits.n; a++)
		if (hits.alt[a][0] | hits.alt[a][1])
			vx_tally_carriers(&counter->tally, word, bits, a, hits.alt[a][0],
					  hits.alt[a][1]);
}

enum vx_reason vx_count(struct vx_counter *counter, const struct vx_record *record, uint64_t *value,
			struct vx_slice *bad_ret)
{
	enum vx_reason reason = VX_KEPT;

	if (record->n_alts == 0)
		return VX_KEPT;
	vx_tally_begin(&counter->tally, value, record->n_alts);
	if (record->gt_form == VX_GT_NONE || record->n_samples == 0)
		return VX_KEPT;
	if (record->gt_form == VX_GT_TEXT)
		reason = vx_count_text(counter, record);
	else
		reason = vx_count_bcf(counter, record);
	if (reason == VX_KEPT) {
		vx_tally_finish(&counter->tally);
		return VX_KEPT;
	}
	if (reason == VX_BAD_GT)
		*bad_ret = record->gt_form == VX_GT_TEXT ? vx_count_bad_text(counter, record)
							 : vx_count_bad_bcf(counter, record);
	vx_tally_drop(&counter->tally);
	return reason;
}
