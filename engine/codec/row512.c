/*
 * row512: a whole row of the common kind by AVX-512 VBMI2, in one function: no loop over metrics
 * that are not there, nothing zeroed by a call, AN eight leaves at a time, and the position in
 * registers from the first bit to the last.  The common kind: every value given, sums that follow
 * their rules, AN that varies and AC that is coded.  Everything else is counts_read.c's, which
 * gives the same values for this kind too.
 */
#include "codec/counts_512.h"

#if defined(__x86_64__)
#include "codec/lanes512.h"

/* More carriers than these are summed by walking over all rules. */
#define SPARSE 4

/* A row being read. */
struct row512 {
	const struct vx_counts *c;
	const struct vx_plan *plan;
	const struct vx_bits *bits; /* its position does not count */
	uint64_t *ac, *an;          /* of the row's values */
	uint32_t n, n_leaf, n_carriers;
	uint16_t carrier[VX_512_GROUPS];
};

T512 static inline uint64_t peek(const struct row512 *r, uint64_t pos)
{
	return vx_bits_peek_at(r->bits, pos);
}

T512 static inline void zero(uint64_t *value, uint32_t n)
{
	for (uint32_t i = 0; i < n; i += LANES)
		_mm512_mask_storeu_epi64(value + i, LANES_OF(i, n), _mm512_setzero_si512());
}

T512 static inline void add_rules(const struct row512 *r, uint64_t *value)
{
	const struct vx_groups *groups = r->c->shape->groups;

	for (uint32_t i = 0; i < r->plan->n_sum; i++) {
		uint32_t g = r->plan->sum[i];
		const uint32_t *rule = groups->rule + groups->rule_beg[g];
		uint32_t left = groups->rule_beg[g + 1] - groups->rule_beg[g];
		__m512i sum = _mm512_setzero_si512();

		for (; left > 2; rule += LANES, left = left > LANES ? left - LANES : 0) {
			__mmask8 lanes = LANES_OF(0, left);
			__m256i at = _mm256_maskz_loadu_epi32(lanes, rule);

			sum = _mm512_add_epi64(sum,
					       _mm512_mask_i32gather_epi64(_mm512_setzero_si512(),
									   lanes, at, value, 8));
		}
		value[g] = (uint64_t)_mm512_reduce_add_epi64(sum);
		for (; left > 0; left--)
			value[g] += value[*rule++];
		value[g] &= VX_COUNT_MAX;
	}
}

/* --- AN --- */

/* Returns the position behind it; 0: there may be an escape. */
T512 static inline uint64_t read_an(const struct row512 *r, uint64_t pos)
{
	const struct vx_counts *c = r->c;
	uint8_t q[VX_512_GROUPS + 16];
	uint64_t w = peek(r, pos), total = (unsigned)__builtin_ctzll(w | UINT64_C(1) << 32);
	__m512i all, len, shift;

	if (total >= VX_RICE_ESCAPE)
		return 0;
	pos += total + 1;
	total = total << c->an_k | vx_bits_get_at(r->bits, pos, c->an_k);
	pos += c->an_k;
	shift = _mm512_setzero_si512();
	memset(q, 0, LANES);
	if (total > 0) {
		shift = _mm512_set1_epi64((int64_t)vx_bits_get_at(r->bits, pos, 3));
		pos = quotients(r->bits, pos + 3, q, r->n_leaf);
		if (pos == 0)
			return 0;
	}
	all = _mm512_set1_epi64((int64_t)total);
	len = _mm512_set1_epi64((int64_t)vx_bit_len(total) + 8);
	for (uint32_t i = 0; i < r->n_leaf; i += LANES) {
		__mmask8 lanes = LANES_OF(i, r->n_leaf);
		__m512i word = _mm512_maskz_loadu_epi64(lanes, c->leaf + VX_LEAF_BYTES * (size_t)i);
		__m512i v = _mm512_setzero_si512();

		if (total > 0)
			v = missing_of(r->bits, &pos, lanes, word, all, len, shift, q + i);
		put_leaves(r->an, r->plan->leaf, i, r->n_leaf, an_of(word, v));
	}
	return pos;
}

/* --- AC --- */

/* The codes of m numbers whose parameters are k; returns the position behind them, or 0. */
T512 static inline uint64_t read_codes(const struct row512 *r, uint64_t pos, const uint64_t *k,
				       uint64_t *z, uint32_t m)
{
	uint8_t q[VX_512_GROUPS + 16];

	pos = quotients(r->bits, pos, q, m);
	if (pos == 0)
		return 0;
	for (uint32_t i = 0; i < m; i += LANES) {
		__mmask8 lanes = LANES_OF(i, m);

		_mm512_mask_storeu_epi64(
			z + i, lanes,
			numbers(r->bits, &pos, _mm512_maskz_loadu_epi64(lanes, k + i), q + i));
	}
	return pos;
}

/* Returns the position behind the list or the bitmap of carriers. */
T512 static inline uint64_t read_carriers(struct row512 *r, uint64_t pos, int listed)
{
	struct vx_bits bits = {r->bits->p, pos, r->bits->last};
	uint32_t n = r->n_leaf, m = 0;

	if (listed) {
		uint64_t count = vx_bits_gamma(&bits);

		for (; m < count && m < n; m++) {
			uint64_t j = vx_bits_get(&bits, vx_bit_len(n - 1));

			r->carrier[m] = (uint16_t)(j < n ? j : 0);
		}
	} else {
		for (uint32_t j = 0; j < n; j += 32) {
			uint64_t map = vx_bits_get(&bits, n - j < 32 ? n - j : 32);

			for (; map; map &= map - 1)
				r->carrier[m++] = (uint16_t)(j + (uint32_t)__builtin_ctzll(map));
		}
	}
	r->n_carriers = m;
	return bits.pos;
}

T512 static inline uint64_t read_many(struct row512 *r, uint64_t pos, int listed)
{
	uint64_t k[VX_512_GROUPS], z[VX_512_GROUPS];
	uint32_t m;
	int shift;

	pos = read_carriers(r, pos, listed);
	m = r->n_carriers;
	shift = (int)vx_bits_get_at(r->bits, pos, 5);
	for (uint32_t i = 0; i < m; i++) {
		int less = (int)VX_LEAF_AC_K(vx_counts_leaf(r->c, r->carrier[i]));

		k[i] = (uint64_t)(shift > less ? shift - less : 0);
	}
	pos += 5;
	if (m > 0)
		pos = read_codes(r, pos, k, z, m);
	for (uint32_t i = 0; i < m && pos != 0; i++)
		r->ac[r->plan->leaf[r->carrier[i]]] = z[i] + 1;
	return pos;
}

/* Returns the position behind it; 0: there may be an escape. */
T512 static inline uint64_t read_ac(struct row512 *r, uint64_t pos)
{
	static const uint8_t order[2][4] = {{1, 2, 0, 3}, {0, 1, 2, 3}};
	uint64_t w = peek(r, pos);
	unsigned t = (unsigned)__builtin_ctzll(w | 32), m, width = vx_bit_len(r->n_leaf - 1);
	struct vx_bits bits = {r->bits->p, pos + t + (t < 5), r->bits->last};

	if (t > 3)
		return read_many(r, bits.pos, t == 5);
	m = order[!!(r->c->flags & VX_F_AC_ZERO_FIRST)][t];
	/* Three numbers of at most 10 bits. */
	w >>= t + 1;
	for (unsigned i = 0; i < m; i++, w >>= width) {
		uint64_t j = vx_low(w, width);

		r->carrier[i] = (uint16_t)(j < r->n_leaf ? j : 0);
	}
	bits.pos += (uint64_t)m * width;
	for (unsigned i = 0; i < m; i++)
		r->ac[r->plan->leaf[r->carrier[i]]] = vx_bits_gamma(&bits);
	r->n_carriers = m;
	return bits.pos;
}

/* --- nhomalt and on --- */

T512 static inline uint64_t read_rest(struct row512 *r, uint64_t pos, int metric,
				      uint64_t *const *v)
{
	const struct vx_counts *c = r->c;
	uint64_t least = metric == VIDX_NHOMALT ? 2 : 1, *out = v[metric];
	uint64_t k[VX_512_GROUPS], z[VX_512_GROUPS], shift;
	uint16_t at[VX_512_GROUPS];
	uint32_t m = 0;

	for (uint32_t i = 0; i < r->n_carriers; i++) {
		uint32_t j = r->carrier[i], g = r->plan->leaf[j];

		if (r->ac[g] < least)
			continue;
		out[g] = vx_counts_predict(c, j, metric, v);
		at[m] = (uint16_t)g;
		k[m++] = vx_counts_rest_k(metric, out[g]);
	}
	if (!(c->flags & VX_F_CODED(metric)) || m == 0)
		return pos;
	shift = vx_bits_get_at(r->bits, pos++, 4);
	if (!(shift & 1))
		return pos;
	pos += 3;
	for (uint32_t i = 0; i < m; i++)
		k[i] += shift >> 1;
	pos = read_codes(r, pos, k, z, m);
	for (uint32_t i = 0; i < m && pos != 0; i++)
		out[at[i]] += (uint64_t)vx_unzigzag(z[i]);
	return pos;
}

/* Sums of a column that is 0 but for some carriers. */
T512 static inline void scatter(const struct row512 *r, uint64_t *value)
{
	const struct vx_plan *plan = r->plan;

	for (uint32_t i = 0; i < r->n_carriers; i++) {
		uint32_t j = r->carrier[i];
		uint64_t v = value[plan->leaf[j]];

		for (uint32_t u = plan->up_beg[j]; v != 0 && u < plan->up_beg[j + 1]; u++)
			value[plan->up[u]] = (value[plan->up[u]] + v) & VX_COUNT_MAX;
	}
}

T512 static inline void add_sums(const struct row512 *r, uint64_t *value)
{
	if (r->n_carriers <= SPARSE)
		scatter(r, value);
	else
		add_rules(r, value);
}

/* --- all of it --- */

T512 uint64_t vx_512_row(const struct vx_counts *c, const struct vx_bits *bits, uint64_t *value)
{
	uint32_t n = c->shape->groups->n, left = c->shape->metrics >> VIDX_NHOMALT;
	uint64_t pos = bits->pos, *v[VIDX_N_METRICS] = {value, value + n};
	struct row512 r;

	r.c = c;
	r.plan = c->plan;
	r.bits = bits;
	r.ac = value;
	r.an = value + n;
	r.n = n;
	r.n_leaf = c->plan->n_leaf;
	r.n_carriers = 0;
	pos = read_an(&r, pos);
	if (pos == 0)
		return 0;
	add_rules(&r, r.an);
	zero(r.ac, n);
	pos = read_ac(&r, pos);
	if (pos == 0)
		return 0;
	value += n;
	for (int m = VIDX_NHOMALT; left != 0; m++, left >>= 1) {
		if (!(left & 1))
			continue;
		v[m] = value += n;
		zero(value, n);
		pos = read_rest(&r, pos, m, v);
		if (pos == 0)
			return 0;
		add_sums(&r, value);
	}
	add_sums(&r, r.ac);
	return pos;
}
#endif
