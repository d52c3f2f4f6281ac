#include "cohort/counter.h"

/*
 * The place of GT in the sample that begins at p: [*beg_ret, *end_ret).  0: the field is left
 * out.
 */
static int find_gt(const struct vx_record *record, const char *p, const char **beg_ret,
		   const char **end_ret)
{
	const char *end = record->samples.p + record->samples.len;
	uint32_t skip = record->gt_index;

	for (; skip && p < end && *p != '\t'; p++)
		skip -= *p == ':';
	if (skip)
		return 0;
	*beg_ret = p;
	while (p < end && *p != '\t' && *p != ':')
		p++;
	*end_ret = p;
	return 1;
}

static enum vx_reason add_text_sample(struct vx_counter *counter, const struct vx_record *record,
				      uint32_t sample, const char *p)
{
	struct vx_gt gt = {.n_alts = record->n_alts};

	if (!find_gt(record, p, &gt.p, &gt.end))
		return VX_KEPT; /* '.': the bit words hold it as missing */
	if (gt.p < gt.end && (*gt.p == '/' || *gt.p == '|'))
		gt.p++; /* the leading mark of VCF 4.4 */
	if (gt.p == gt.end)
		return VX_BAD_GT;
	return vx_counter_add_sample(counter, sample, gt);
}

/* Copies the first four bytes of the GT of n samples, which begin at text + start[i], to words. */
static void gather(struct vx_counter *counter, const struct vx_record *record, const char *text,
		   const uint32_t *start, uint32_t n)
{
	const char *end = record->samples.p + record->samples.len;
	char *words = counter->words;
	uint32_t i = 0;

	if (record->gt_index == 0 && text + start[n - 1] + 4 <= end)
		for (; i < n; i++)
			memcpy(words + 4 * i, text + start[i], 4);
	for (; i < n; i++) {
		const char *gt = text + start[i], *gt_end;

		if (record->gt_index && !find_gt(record, gt, &gt, &gt_end)) {
			memcpy(words + 4 * i, ".:::", 4);
		} else if (end - gt >= 4) {
			memcpy(words + 4 * i, gt, 4);
		} else {
			memcpy(words + 4 * i, "\t\t\t\t", 4);
			memcpy(words + 4 * i, gt, (size_t)(end - gt));
		}
	}
	for (; i < 64; i++)
		memcpy(words + 4 * i, "0/0:", 4);
}

/*
 * Counts from sample 64 * word on, whose text begins at p, by finding every column and copying
 * the first four bytes of its GT: any shape, at the price of looking for the tabs.
 */
static enum vx_reason count_columns(struct vx_counter *counter, const struct vx_record *record,
				    uint32_t word, const char *p)
{
	const struct vx_gtscan *scan = counter->scan;
	const char *text = p, *end = record->samples.p + record->samples.len;
	size_t len = (size_t)(end - p), done = 0, n_starts = 1, used = 0;
	struct vx_gt_bits bits;

	counter->start[0] = 0;
	for (uint32_t first = word * 64; first < record->n_samples; first += 64, word++) {
		uint32_t n = record->n_samples - first < 64 ? record->n_samples - first : 64;
		const uint32_t *start;

		if (n_starts - used < n && done < len) {
			n_starts -= used;
			memmove(counter->start, counter->start + used, n_starts * sizeof *start);
			used = 0;
			n_starts += scan->columns(text, len, done, counter->start + n_starts,
						  VX_COUNT_STARTS - n_starts, &done);
		}
		if (n_starts - used < n)
			return VX_BAD_GT; /* fewer columns than samples: not for us to see */
		start = counter->start + used;
		used += n;
		gather(counter, record, text, start, n);
		if (scan->next(counter->words, 1, ':', &bits) == 1)
			continue;
		vx_counter_add_block(counter, word, &bits, counter->words, NULL);
		for (uint64_t odd = bits.odd; odd; odd &= odd - 1) {
			uint32_t i = (uint32_t)__builtin_ctzll(odd);
			enum vx_reason reason =
				add_text_sample(counter, record, first + i, text + start[i]);

			if (reason != VX_KEPT)
				return reason;
		}
	}
	return VX_KEPT;
}

/*
 * Counts a row of samples that look like "a|b\t": 64 of them are 256 bytes, and nothing has to be
 * looked for.  From the first block on where that does not hold, count_columns() takes over.
 */
static enum vx_reason count_fixed(struct vx_counter *counter, const struct vx_record *record)
{
	const struct vx_gtscan *scan = counter->scan;
	uint32_t n_blocks = record->n_samples / 64, n_tail = record->n_samples % 64;
	const char *text = record->samples.p;
	struct vx_gt_bits bits;

	for (uint32_t w = 0; w <= n_blocks; w++) {
		const char *p, *block;

		w += (uint32_t)scan->next(text + (size_t)w * VX_GT_TEXT_BYTES, n_blocks - w, '\t',
					  &bits);
		block = p = text + (size_t)w * VX_GT_TEXT_BYTES;
		if (w == n_blocks) {
			if (n_tail == 0)
				break;
			for (uint32_t i = n_tail - 1; i < 64; i++)
				memcpy(counter->words + 4 * i, "0|0\t", 4);
			memcpy(counter->words, p, 4 * n_tail - 1);
			block = counter->words;
			if (scan->next(block, 1, '\t', &bits) == 1)
				break;
		}
		if (bits.odd | bits.hap)
			return count_columns(counter, record, w, p);
		vx_counter_add_block(counter, w, &bits, block, NULL);
		if (bits.odd) /* an allele that is none: the caller will find it */
			return VX_BAD_GT;
	}
	return VX_KEPT;
}

enum vx_reason vx_count_text(struct vx_counter *counter, const struct vx_record *record)
{
	/* A row of nothing but 4-byte samples has this length; the last has no tab. */
	if (record->gt_index == 0 && record->n_format == 1 && record->n_samples > 0 &&
	    record->samples.len == 4 * (size_t)record->n_samples - 1)
		return count_fixed(counter, record);
	return count_columns(counter, record, 0, record->samples.p);
}

/* Finds the first sample whose genotype is bad: slow, and the same whatever path saw it. */
struct vx_slice vx_count_bad_text(struct vx_counter *counter, const struct vx_record *record)
{
	const char *p = record->samples.p, *end = p + record->samples.len;

	for (uint32_t i = 0; i < record->n_samples; i++) {
		struct vx_gt gt = {.p = p, .end = p, .n_alts = record->n_alts};

		if (add_text_sample(counter, record, i, p) == VX_BAD_GT) {
			find_gt(record, p, &gt.p, &gt.end);
			return vx_slice(gt.p, (size_t)(gt.end - gt.p));
		}
		p = memchr(p, '\t', (size_t)(end - p));
		if (!p)
			break;
		p++;
	}
	return vx_slice("", 0);
}
