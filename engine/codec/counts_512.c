#include "codec/counts_512.h"

#if defined(__x86_64__)
#include "codec/lanes512.h"

T512 uint64_t vx_512_rice(const struct vx_bits *bits, uint64_t pos, const uint64_t *k, uint64_t *z,
			  uint32_t n)
{
	uint8_t q[VX_GROUPS_MAX + 16];

	pos = quotients(bits, pos, q, n);
	if (pos == 0)
		return 0;
	for (uint32_t i = 0; i < n; i += LANES) {
		__mmask8 lanes = LANES_OF(i, n);

		_mm512_mask_storeu_epi64(
			z + i, lanes,
			numbers(bits, &pos, _mm512_maskz_loadu_epi64(lanes, k + i), q + i));
	}
	return pos;
}

T512 uint64_t vx_512_missing(const struct vx_counts *c, const struct vx_bits *bits, uint64_t pos,
			     uint64_t total, uint64_t *missing)
{
	const __m512i all = _mm512_set1_epi64((int64_t)total);
	const __m512i len = _mm512_set1_epi64((int64_t)vx_bit_len(total) + 8);
	__m512i shift = _mm512_set1_epi64((int64_t)vx_bits_get_at(bits, pos, 3));
	uint8_t q[VX_GROUPS_MAX + 16];
	uint32_t n = c->plan->n_leaf;

	pos = quotients(bits, pos + 3, q, n);

	if (pos == 0)
		return 0;
	for (uint32_t i = 0; i < n; i += LANES) {
		__mmask8 lanes = LANES_OF(i, n);
		__m512i w = _mm512_maskz_loadu_epi64(lanes, c->leaf + VX_LEAF_BYTES * (size_t)i);
		_mm512_mask_storeu_epi64(missing + i, lanes,
					 missing_of(bits, &pos, lanes, w, all, len, shift, q + i));
	}
	return pos;
}

T512 void vx_512_an(const struct vx_counts *c, const uint64_t *missing, uint64_t *an)
{
	uint32_t n = c->plan->n_leaf;
	for (uint32_t i = 0; i < n; i += LANES) {
		__mmask8 lanes = LANES_OF(i, n);
		__m512i w = _mm512_maskz_loadu_epi64(lanes, c->leaf + VX_LEAF_BYTES * (size_t)i);
		__m512i v = an_of(w, _mm512_maskz_loadu_epi64(lanes, missing + i));

		put_leaves(an, c->plan->leaf, i, n, v);
	}
}
#endif
