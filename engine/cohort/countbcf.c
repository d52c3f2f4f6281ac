#include "base/bytes.h"
#include "cohort/counter.h"

#include <inttypes.h>
#include <stdio.h>

/* Takes the samples from the n-th on out of a block's words. */
static void cut_bits(struct vx_gt_bits *bits, uint32_t n)
{
	uint64_t in = (UINT64_C(1) << n) - 1;

	for (int k = 0; k < 2; k++) {
		bits->one[k] &= in;
		bits->other[k] &= in;
		bits->miss[k] &= in;
	}
	bits->hap &= in;
	bits->odd &= in;
}

static void bcf_sample(const struct vx_record *record, uint32_t sample, struct vx_gt *gt)
{
	uint32_t size = record->gt_type == 3 ? 4 : record->gt_type;

	memset(gt, 0, sizeof *gt);
	gt->n_alts = record->n_alts;
	gt->type = record->gt_type;
	gt->n_values = record->gt_width;
	gt->value = record->gt + (size_t)sample * record->gt_width * size;
}

static enum vx_reason add_bcf_sample(struct vx_counter *counter, const struct vx_record *record,
				     uint32_t sample)
{
	struct vx_gt gt;

	bcf_sample(record, sample, &gt);
	return vx_counter_add_sample(counter, sample, gt);
}

/* Any type and number of values. */
static enum vx_reason count_bcf_any(struct vx_counter *counter, const struct vx_record *record)
{
	for (uint32_t i = 0; i < record->n_samples; i++) {
		uint32_t left = record->n_samples - i;
		enum vx_reason reason;

		if (i % 64 == 0)
			vx_counter_hold(counter, i / 64,
					left < 64 ? (UINT64_C(1) << left) - 1 : ~UINT64_C(0));
		reason = add_bcf_sample(counter, record, i);
		if (reason != VX_KEPT)
			return reason;
	}
	return VX_KEPT;
}

/* Copies n < 64 pairs, or up to 64 single values as pairs, and fills the block up with 0/0. */
static const uint8_t *bcf_block(struct vx_counter *counter, const uint8_t *p, uint32_t width,
				uint32_t n)
{
	uint8_t *block = (uint8_t *)counter->words;

	if (width == 2 && n == 64)
		return p;
	memset(block, 2, VX_GT_BCF_BYTES);
	if (width == 2)
		memcpy(block, p, 2 * n);
	for (uint32_t i = 0; width == 1 && i < n; i++) {
		block[2 * i] = p[i];
		block[2 * i + 1] = 0x81;
	}
	return block;
}

/* One or two int8 a sample. */
static enum vx_reason count_bcf8(struct vx_counter *counter, const struct vx_record *record)
{
	const struct vx_gtscan *scan = counter->scan;
	uint32_t width = record->gt_width, n_samples = record->n_samples;
	struct vx_gt_bits bits;

	for (uint32_t w = 0; w * 64 < n_samples; w++) {
		const uint8_t *block;
		uint32_t n;

		if (width == 2 && w < n_samples / 64)
			w += (uint32_t)scan->next_bcf(record->gt + (size_t)w * VX_GT_BCF_BYTES,
						      n_samples / 64 - w, &bits);
		if (w * 64 >= n_samples)
			break;
		n = n_samples - w * 64 < 64 ? n_samples - w * 64 : 64;
		block = bcf_block(counter, record->gt + (size_t)w * 64 * width, width, n);
		if ((width == 1 || n < 64) && scan->next_bcf(block, 1, &bits) == 1)
			continue;
		if (n < 64)
			cut_bits(&bits, n);
		vx_counter_add_block(counter, w, &bits, NULL, block);
		for (uint64_t odd = bits.odd; odd; odd &= odd - 1) {
			uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(odd);
			enum vx_reason reason = add_bcf_sample(counter, record, i);

			if (reason != VX_KEPT)
				return reason;
		}
	}
	return VX_KEPT;
}

enum vx_reason vx_count_bcf(struct vx_counter *counter, const struct vx_record *record)
{
	if (record->gt_type == 1 && (record->gt_width == 1 || record->gt_width == 2))
		return count_bcf8(counter, record);
	return count_bcf_any(counter, record);
}

/* The first value of the first bad sample that is none, as text. */
struct vx_slice vx_count_bad_bcf(struct vx_counter *counter, const struct vx_record *record)
{
	for (uint32_t i = 0; i < record->n_samples; i++) {
		struct vx_gt gt;
		uint32_t allele = 0;
		int rc;

		bcf_sample(record, i, &gt);
		while ((rc = vx_gt_next(&gt, &allele)) > 0)
			;
		if (rc == 0)
			continue;
		allele = gt.type == 1   ? *gt.value
			 : gt.type == 2 ? vx_load16(gt.value)
					: vx_load32(gt.value);
		snprintf(counter->bad, sizeof counter->bad, "BCF value 0x%" PRIx32, allele);
		return vx_slice_str(counter->bad);
	}
	return vx_slice("", 0);
}
