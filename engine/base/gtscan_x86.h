/* gtscan_x86: what the AVX2 and AVX-512 kernels of gtscan share.  Only for gtscan_avx*.c. */
#ifndef VX_BASE_GTSCAN_X86_H
#define VX_BASE_GTSCAN_X86_H

#include "base/bytes.h"
#include "base/gtscan.h"

/* Where a byte of a text is what; bit i: sample i. */
struct text_masks {
	uint64_t digit[2], zero[2], one[2], dot[2]; /* of the two allele bytes */
	uint64_t sep;                               /* second byte is | or / */
	uint64_t end1, end3;                        /* second, fourth byte ends the genotype */
};

static inline __attribute__((always_inline)) void from_text(const struct text_masks *m,
							    struct vx_gt_bits *ret)
{
	uint64_t first = m->digit[0] | m->dot[0];
	uint64_t dip = first & m->sep & (m->digit[1] | m->dot[1]) & m->end3;
	uint64_t hap = first & m->end1, odd = ~(dip | hap);

	ret->one[0] = m->one[0] & ~odd;
	ret->one[1] = m->one[1] & dip;
	ret->other[0] = m->digit[0] & ~m->zero[0] & ~m->one[0] & ~odd;
	ret->other[1] = m->digit[1] & ~m->zero[1] & ~m->one[1] & dip;
	ret->miss[0] = (m->dot[0] & ~odd) | odd;
	ret->miss[1] = (m->dot[1] & dip) | ~dip;
	ret->hap = hap;
	ret->odd = odd;
}

/* Where a BCF byte is what. */
struct bcf_masks {
	uint64_t ref[2], one[2], none[2], stop[2], bad[2];
};

static inline __attribute__((always_inline)) void from_bcf(const struct bcf_masks *m,
							   struct vx_gt_bits *ret)
{
	uint64_t odd = m->bad[0] | m->bad[1] | (m->stop[0] & ~m->stop[1]);

	for (int i = 0; i < 2; i++) {
		ret->one[i] = m->one[i] & ~odd;
		ret->miss[i] = m->none[i] | m->stop[i] | odd;
		ret->other[i] = ~(m->ref[i] | m->one[i] | ret->miss[i]);
	}
	ret->hap = m->stop[1] & ~m->stop[0] & ~odd;
	ret->odd = odd;
}

/*
 * Writes the places of the bits of hit.  Four at once whether they are there or not: how many tabs
 * lie in 64 bytes changes from block to block, and a branch on it would be guessed wrongly.
 */
static inline __attribute__((always_inline)) uint32_t put_columns(uint32_t *out, uint64_t hit,
								  uint32_t from)
{
	uint32_t n = (uint32_t)__builtin_popcountll(hit);

	for (uint32_t i = 0; i < n; i += 4)
		for (uint32_t k = 0; k < 4; k++) {
			out[i + k] = from + (uint32_t)__builtin_ctzll(hit | UINT64_C(1) << 63) + 1;
			hit &= hit - 1;
		}
	return n;
}

#endif
