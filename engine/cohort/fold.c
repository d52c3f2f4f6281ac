#include "cohort/fold.h"

void vx_fold(const struct vx_copies *copies, uint32_t word, struct vx_gt_bits *bits,
	     struct vx_hits *hits, struct vx_missing *missing_ret)
{
	uint64_t single = copies->single[word], rest = ~(single | copies->none[word]);
	uint64_t m0 = bits->miss[0], m1 = bits->miss[1], differ = 0;

	for (uint32_t a = 0; a < hits->n; a++) {
		uint64_t first = hits->alt[a][0], second = hits->alt[a][1];
		/* Both alleles are this ALT, or one is and the other is not called. */
		uint64_t only = (first & (second | m1)) | (second & m0);

		/* Of two different alleles, one is an ALT. */
		differ |= (first ^ second) & ~(m0 | m1);
		hits->alt[a][0] = (first & rest) | (only & single);
		hits->alt[a][1] = second & rest;
	}
	missing_ret->one = ((m0 ^ m1) & rest) | (((m0 & m1) | differ) & single);
	missing_ret->both = m0 & m1 & rest;
	bits->miss[1] |= single;
	bits->hap = (bits->hap & rest) | single;
}
