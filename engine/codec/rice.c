#include "codec/rice.h"

#include "codec/format.h"
#include "base/wide.h"

VX_INLINE unsigned k_of(int64_t k, int shift)
{
	return k + shift > 0 ? (unsigned)(k + shift) : 0;
}

VX_INLINE uint64_t vx_rice_cost_body(const uint64_t *z, const int64_t *k, uint32_t n, int shift)
{
	uint64_t cost = 0;

	for (uint32_t i = 0; i < n; i++) {
		unsigned ki = k_of(k[i], shift);
		uint64_t q = z[i] >> ki;

		cost += q < VX_RICE_ESCAPE ? q + 1 + ki : VX_RICE_ESCAPE + VX_RICE_WIDE;
	}
	return cost;
}

VX_WIDE(uint64_t, vx_rice_cost, (const uint64_t *z, const int64_t *k, uint32_t n, int shift),
	(z, k, n, shift))

int vx_rice_best(const uint64_t *z, const int64_t *k, uint32_t n, int max, uint64_t *cost_ret)
{
	uint64_t sum = 0, cost, next;
	int shift, step;

	for (uint32_t i = 0; i < n; i++)
		sum += k[i] >= 0 ? z[i] >> k[i] : z[i] << (-k[i] & 15);
	shift = (int)vx_bit_len(sum / (n ? n : 1));
	shift = shift > 0 ? shift - 1 : 0;
	shift = shift < max ? shift : max;
	cost = vx_rice_cost(z, k, n, shift);
	step = shift < max && vx_rice_cost(z, k, n, shift + 1) < cost ? 1 : -1;
	for (;; shift += step, cost = next) {
		if (shift + step < 0 || shift + step > max)
			break;
		next = vx_rice_cost(z, k, n, shift + step);
		if (next >= cost)
			break;
	}
	*cost_ret = cost;
	return shift;
}

VX_INLINE int vx_rice_shift_body(const uint64_t *z, const int64_t *k, uint32_t n, int max)
{
	for (int shift = 0; shift < max; shift++) {
		uint64_t saved = 0;

		for (uint32_t i = 0; i < n; i++)
			saved += ((z[i] >> (k[i] + shift)) + 1) >> 1;
		if (saved <= n)
			return shift;
	}
	return max;
}

VX_WIDE(int, vx_rice_shift, (const uint64_t *z, const int64_t *k, uint32_t n, int max),
	(z, k, n, max))

/* n bits of v are gathered in *word, of which *used bits are taken; full words go out. */
VX_INLINE void gather(struct vx_bitw *w, uint64_t *word, unsigned *used, uint64_t v, unsigned n)
{
	if (__builtin_expect(*used + n > VX_BITS_MAX, 0)) {
		vx_bitw_put(w, *word, *used);
		*word = 0;
		*used = 0;
	}
	*word |= v << *used;
	*used += n;
}

VX_INLINE void vx_rice_write_body(struct vx_bitw *w, const uint64_t *z, const int64_t *k,
				  uint32_t n, int shift)
{
	uint64_t word = 0;
	unsigned used = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint64_t q = z[i] >> k_of(k[i], shift);

		if (__builtin_expect(q < VX_RICE_ESCAPE, 1))
			gather(w, &word, &used, UINT64_C(1) << q, (unsigned)q + 1);
		else
			gather(w, &word, &used, 0, VX_RICE_ESCAPE);
	}
	for (uint32_t i = 0; i < n; i++) {
		unsigned ki = k_of(k[i], shift);

		if (__builtin_expect(z[i] >> ki < VX_RICE_ESCAPE, 1))
			gather(w, &word, &used, vx_low(z[i], ki), ki);
		else
			gather(w, &word, &used, z[i], VX_RICE_WIDE);
	}
	vx_bitw_put(w, word, used);
}

VX_WIDE(void, vx_rice_write,
	(struct vx_bitw * w, const uint64_t *z, const int64_t *k, uint32_t n, int shift),
	(w, z, k, n, shift))
