/*
 * Decoding of one row: the innermost loop of every lookup.  The same code is compiled for any
 * x86-64 (tier 0), for those with AVX2 and BMI2 (1), which halve the loops over leaves and the bit
 * scans, and for those with AVX-512 VBMI2 (2), whose loops over leaves are counts_512's; on other
 * machines once.
 */
#include "codec/counts.h"

#include "codec/reading.h"

/* Up to so many carriers their sums are cheaper one by one than by walking over all rules. */
#define SPARSE 4

/* AN's distance from the base, as a total that is shared out, and what each leaf differs by. */
VX_INLINE void read_missing(const struct reading *r, struct vx_bits *bits, int tier)
{
	const struct vx_counts *c = r->c;
	uint64_t *missing = r->missing, *k = r->k, total = rice_read_one(bits, c->an_k), shift, pos;
	uint32_t n = r->n_leaf;
	unsigned total_len;

	if (n == 1 || total == 0) {
		for (uint32_t j = 0; j < n; j++)
			missing[j] = total;
		return;
	}
	if (tier == 2 && n > 4 &&
	    (pos = vx_512_missing(c, r->from, bits->pos, total, missing)) != 0) {
		bits->pos = pos;
		return;
	}
	shift = vx_bits_get(bits, 3);
	total_len = vx_bit_len(total);
	for (uint32_t j = 0; j < n; j++) {
		uint64_t w = vx_counts_leaf(c, j);

		missing[j] = vx_counts_share(w, total);
		k[j] = vx_counts_share_k(w, total_len) + shift;
	}
	rice_read(r, bits, n, tier);
	for (uint32_t j = 0; j < n; j++)
		missing[j] += (uint64_t)vx_unzigzag(r->z[j]);
}

/* Adds what a row differs by from its cell's reference. */
VX_INLINE void read_difference(const struct reading *r, struct vx_bits *bits, int tier)
{
	int shift = (int)vx_bits_get(bits, 5);

	for (uint32_t j = 0; j < r->n_leaf; j++) {
		int less = (int)VX_LEAF_REF_K(vx_counts_leaf(r->c, j));

		r->k[j] = (uint64_t)(shift > less ? shift - less : 0);
	}
	rice_read(r, bits, r->n_leaf, tier);
	for (uint32_t j = 0; j < r->n_leaf; j++)
		r->missing[j] += (uint64_t)vx_unzigzag(r->z[j]);
}

VX_INLINE void read_an(struct reading *r, int tier)
{
	const struct vx_counts *c = r->c;
	uint64_t *missing = r->missing, *an = r->v[VIDX_AN];
	uint32_t n = r->n_leaf;

	if (!(c->flags & VX_F_AN_VARIES)) {
		for (uint32_t j = 0; j < n; j++)
			an[r->plan->leaf[j]] = VX_LEAF_BASE(vx_counts_leaf(c, j));
		return;
	}
	if (c->n_refs > 0 && vx_bits_get(&r->bits, 1)) {
		struct vx_bits ref = {r->bits.p, 0, r->bits.last};
		unsigned i = c->n_refs > 1 ? (unsigned)vx_bits_get(&r->bits, c->n_refs - 1u) : 0;

		ref.pos = c->ref_pos[i < c->n_refs ? i : 0];
		read_missing(r, &ref, tier);
		if (vx_bits_get(&r->bits, 1))
			read_difference(r, &r->bits, tier);
	} else {
		read_missing(r, &r->bits, tier);
	}
	if (tier == 2 && n > 4) {
		vx_512_an(c, missing, an);
		return;
	}
	for (uint32_t j = 0; j < n; j++) {
		uint64_t w = vx_counts_leaf(c, j);

		missing[j] = VX_LEAF_BASE(w) - (missing[j] << VX_LEAF_UNIT(w));
	}
	for (uint32_t j = 0; j < n; j++)
		an[r->plan->leaf[j]] = missing[j];
}

/* Many carriers: a bitmap of leaves (or their list), then Rice codes that know group sizes. */
VX_INLINE void read_ac_many(struct reading *r, int listed, int tier)
{
	uint32_t n = r->n_leaf, m = 0;
	int shift;

	if (listed) {
		unsigned index_bits = vx_bit_len(n - 1);
		uint64_t count = vx_bits_gamma(&r->bits);

		for (; m < count && m < n; m++) {
			uint64_t j = vx_bits_get(&r->bits, index_bits);

			r->carrier[m] = (uint16_t)(j < n ? j : 0);
		}
	} else {
		for (uint32_t j = 0; j < n; j += 32) {
			uint32_t width = n - j < 32 ? n - j : 32;
			uint64_t map = vx_bits_get(&r->bits, width);

			for (; map; map &= map - 1)
				r->carrier[m++] = (uint16_t)(j + (uint32_t)__builtin_ctzll(map));
		}
	}
	shift = (int)vx_bits_get(&r->bits, 5);
	for (uint32_t i = 0; i < m; i++) {
		int less = (int)VX_LEAF_AC_K(vx_counts_leaf(r->c, r->carrier[i]));

		r->k[i] = (uint64_t)(shift > less ? shift - less : 0);
	}
	rice_read(r, &r->bits, m, tier);
	for (uint32_t i = 0; i < m; i++)
		r->v[VIDX_AC][r->plan->leaf[r->carrier[i]]] = r->z[i] + 1;
	r->n_carriers = m;
}

VX_INLINE void read_ac(struct reading *r, int tier)
{
	static const uint8_t order[2][4] = {{1, 2, 0, 3}, {0, 1, 2, 3}};
	uint32_t n = r->n_leaf;
	uint64_t *ac = r->v[VIDX_AC];
	unsigned t, m;

	memset(ac, 0, r->n * sizeof(*ac));
	if (!(r->c->flags & VX_F_AC_CODED))
		return;
	if (n == 1) {
		if (vx_bits_get(&r->bits, 1)) {
			ac[r->plan->leaf[0]] = vx_bits_gamma(&r->bits);
			r->carrier[r->n_carriers++] = 0;
		}
		return;
	}
	t = (unsigned)__builtin_ctzll(vx_bits_peek(&r->bits) | 32);
	r->bits.pos += t + (t < 5);
	if (t > 3) {
		read_ac_many(r, t == 5, tier);
		return;
	}
	m = order[!!(r->c->flags & VX_F_AC_ZERO_FIRST)][t];
	for (unsigned i = 0; i < m; i++) {
		uint64_t j = vx_bits_get(&r->bits, vx_bit_len(n - 1));

		r->carrier[i] = (uint16_t)(j < n ? j : 0);
	}
	for (unsigned i = 0; i < m; i++)
		ac[r->plan->leaf[r->carrier[i]]] = vx_bits_gamma(&r->bits);
	r->n_carriers = m;
}

/* nhomalt, nhemi or het: what differs from the prediction that AC and AN allow. */
VX_INLINE void read_rest(struct reading *r, int metric, int tier)
{
	const struct vx_counts *c = r->c;
	int all = (c->flags & VX_F_ALL_LEAVES(metric)) != 0;
	uint64_t least = all ? 0 : metric == VIDX_NHOMALT ? 2 : 1;
	uint64_t *out = r->v[metric], *const *v = r->v, *k = r->k;
	uint32_t m = 0, n = all ? r->n_leaf : r->n_carriers;
	uint16_t *at = r->at;
	unsigned shift;

	/* Without carriers every prediction is 0. */
	memset(out, 0, r->n * sizeof(*out));
	for (uint32_t i = 0; i < n; i++) {
		uint32_t j = all ? i : r->carrier[i], g = r->plan->leaf[j];

		if (v[VIDX_AC] && v[VIDX_AC][g] < least)
			continue;
		out[g] = vx_counts_predict(c, j, metric, v);
		at[m] = (uint16_t)g;
		k[m++] = vx_counts_rest_k(metric, out[g]);
	}
	if (!(c->flags & VX_F_CODED(metric)) || m == 0 || !vx_bits_get(&r->bits, 1))
		return;
	shift = (unsigned)vx_bits_get(&r->bits, 3);
	for (uint32_t i = 0; i < m; i++)
		k[i] += shift;
	rice_read(r, &r->bits, m, tier);
	for (uint32_t i = 0; i < m; i++)
		out[at[i]] += (uint64_t)vx_unzigzag(r->z[i]);
}

/* Every sum of a column whose sums are exactly their rules. */
VX_INLINE void add_rules(const struct reading *r, uint64_t *value)
{
	const struct vx_groups *groups = r->c->shape->groups;

	for (uint32_t i = 0; i < r->plan->n_sum; i++) {
		uint32_t g = r->plan->sum[i];
		const uint32_t *rule = groups->rule + groups->rule_beg[g];
		const uint32_t *end = groups->rule + groups->rule_beg[g + 1];
		uint64_t sum = 0;

		do {
			sum += value[*rule++];
			/* Too short to be worth the compiler's vectors. */
			__asm__("" : "+r"(sum));
		} while (rule < end);
		value[g] = sum & VX_COUNT_MAX;
	}
}

/* Sums of one metric of which some are not exactly their rule. */
VX_INLINE void read_sums(struct reading *r, const uint8_t *mask, uint64_t *value, int tier)
{
	const struct vx_groups *groups = r->c->shape->groups;
	uint64_t shift;
	uint32_t m = 0;

	if (!vx_bits_get(&r->bits, 1)) {
		add_rules(r, value);
		return;
	}
	for (uint32_t i = 0; i < r->plan->n_sum; i++)
		m += mask[i >> 3] >> (i & 7) & 1;
	shift = vx_bits_get(&r->bits, 5);
	for (uint32_t i = 0; i < m; i++)
		r->k[i] = shift;
	rice_read(r, &r->bits, m, tier);
	m = 0;
	for (uint32_t i = 0; i < r->plan->n_sum; i++) {
		uint32_t g = r->plan->sum[i];
		uint64_t sum = 0;

		for (uint32_t e = groups->rule_beg[g]; e < groups->rule_beg[g + 1]; e++)
			sum += value[groups->rule[e]];
		sum &= VX_COUNT_MAX;
		if (mask[i >> 3] >> (i & 7) & 1)
			sum += (uint64_t)vx_unzigzag(r->z[m++]);
		value[g] = sum;
	}
}

/* Sums of a column that is 0 but for some carriers. */
VX_INLINE void scatter(const struct reading *r, uint64_t *value)
{
	const struct vx_plan *plan = r->plan;

	for (uint32_t i = 0; i < r->n_carriers; i++) {
		uint32_t j = r->carrier[i];
		uint64_t v = value[plan->leaf[j]];

		for (uint32_t u = plan->up_beg[j]; u < plan->up_beg[j + 1]; u++)
			value[plan->up[u]] = (value[plan->up[u]] + v) & VX_COUNT_MAX;
	}
}

VX_INLINE void read_all_sums(struct reading *r, int tier)
{
	const uint8_t *mask = r->c->sum_mask;
	int sparse = r->n_carriers <= SPARSE && r->plan->has_up;

	for (int m = 0; m < VIDX_N_METRICS; m++) {
		if (!r->v[m])
			continue;
		if (r->c->flags & VX_F_SUMS(m)) {
			read_sums(r, mask, r->v[m], tier);
			mask += vx_counts_mask_bytes(r->plan);
		} else if (sparse && m != VIDX_AN && !(r->c->flags & VX_F_ALL_LEAVES(m))) {
			scatter(r, r->v[m]);
		} else {
			add_rules(r, r->v[m]);
		}
	}
}

/* Which values the source gave: a pattern of the block, or this row's own bits. */
static uint64_t read_presence(const struct vx_counts *c, struct vx_bits bits, uint8_t *present)
{
	size_t n = vx_counts_pattern_bytes(c->shape);
	uint64_t i = vx_bits_get(&bits, c->presence_bits);

	if (i < c->n_patterns) {
		memcpy(present, c->pattern + i * n, n);
		return bits.pos;
	}
	for (size_t b = 0; b < n; b++)
		present[b] = (uint8_t)vx_bits_get(&bits, 8);
	return bits.pos;
}

static void clear_absent(const uint8_t *present, uint32_t at, uint32_t n, uint64_t *value,
			 uint64_t with)
{
	for (uint32_t g = 0; g < n; g++, at++)
		if (!(present[at >> 3] >> (at & 7) & 1))
			value[g] = with;
}

/* n groups, n_leaf of them stored: told apart so that the commonest case can be a constant. */
VX_INLINE uint64_t read_row(const struct vx_counts *c, const struct vx_bits *bits, uint64_t *value,
			    uint32_t n, uint32_t n_leaf, int tier)
{
	uint64_t room[3 * (VX_GROUPS_MAX + 16)];
	uint16_t places[2 * (VX_GROUPS_MAX + 16)];
	uint8_t present[VX_GROUPS_MAX * VIDX_N_METRICS / 8];
	uint32_t at = 0, width = (n + 15) & ~7u;
	struct reading r;

	r.c = c;
	r.plan = c->plan;
	r.from = bits;
	r.z = room;
	r.k = room + width;
	r.missing = room + (size_t)2 * width;
	r.carrier = places;
	r.at = places + width;
	r.bits.p = bits->p;
	r.bits.pos = bits->pos;
	r.bits.last = bits->last;
	r.n = n;
	r.n_leaf = n_leaf;
	r.n_carriers = 0;
	for (int m = 0; m < VIDX_N_METRICS; m++) {
		r.v[m] = c->shape->metrics >> m & 1 ? value + at : NULL;
		at += r.v[m] ? n : 0;
	}
	if (c->n_patterns)
		r.bits.pos = read_presence(c, r.bits, present);
	/* AN comes first: the prediction of homozygotes needs it. */
	if (r.v[VIDX_AN]) {
		read_an(&r, tier);
		if (c->n_patterns)
			clear_absent(present, (uint32_t)(r.v[VIDX_AN] - value), n, r.v[VIDX_AN], 0);
	}
	if (r.v[VIDX_AC]) {
		read_ac(&r, tier);
		if (c->n_patterns)
			clear_absent(present, 0, n, r.v[VIDX_AC], 0);
	}
	for (int m = VIDX_NHOMALT; m < VIDX_N_METRICS; m++) {
		if (!r.v[m])
			continue;
		read_rest(&r, m, tier);
		if (c->n_patterns)
			clear_absent(present, (uint32_t)(r.v[m] - value), n, r.v[m], 0);
	}
	if (n_leaf < n)
		read_all_sums(&r, tier);
	if (c->n_patterns)
		clear_absent(present, 0, at, value, VX_NONE);
	return r.bits.pos;
}

VX_INLINE uint64_t read_any(const struct vx_counts *c, const struct vx_bits *bits, uint64_t *value,
			    int tier)
{
	if (c->shape->groups->n == 1)
		return read_row(c, bits, value, 1, 1, tier);
	return read_row(c, bits, value, c->shape->groups->n, c->plan->n_leaf, tier);
}

#if defined(__x86_64__)
__attribute__((target("avx2,bmi,bmi2"))) static uint64_t read_wide(const struct vx_counts *c,
								   const struct vx_bits *bits,
								   uint64_t *value)
{
	return read_any(c, bits, value, 1);
}

__attribute__((target("avx2,bmi,bmi2"))) static uint64_t read_widest(const struct vx_counts *c,
								     const struct vx_bits *bits,
								     uint64_t *value)
{
	return read_any(c, bits, value, 2);
}
#endif

uint64_t vx_counts_read_tier(const struct vx_counts *c, const struct vx_bits *bits, uint64_t *value,
			     int tier)
{
#if defined(__x86_64__)
	if (tier == 2) {
		uint64_t pos = vx_512_reads(c) ? vx_512_row(c, bits, value) : 0;

		return pos != 0 ? pos : read_widest(c, bits, value);
	}
	if (tier == 1)
		return read_wide(c, bits, value);
#endif
	(void)tier;
	return read_any(c, bits, value, 0);
}

int vx_counts_tier(void)
{
	return vx_has_512() ? 2 : vx_wide();
}

uint64_t vx_counts_read(const struct vx_counts *c, const struct vx_bits *bits, uint64_t *value)
{
	return vx_counts_read_tier(c, bits, value, vx_counts_tier());
}
