/* Decoding of one row: the innermost loop of every lookup. */
#include "codec/counts.h"

/*
 * Rice codes of n numbers: first every quotient in unary, then every remainder.  So the serial
 * part is one ctz and one shift a number, and the remainders are loaded independently.
 */
static void rice_read(struct vx_bits *bits, uint8_t *k, uint64_t *z, uint32_t n)
{
	uint64_t w = vx_bits_peek(bits), pos;
	unsigned used = 0;

	for (uint32_t i = 0; i < n; i++) {
		unsigned q = (unsigned)__builtin_ctzll(w | UINT64_C(1) << VX_RICE_ESCAPE);
		unsigned len = q + (q < VX_RICE_ESCAPE);

		z[i] = q;
		w >>= len;
		used += len;
		if (used > 56 - VX_RICE_ESCAPE) {
			bits->pos += used;
			used = 0;
			w = vx_bits_peek(bits);
		}
	}
	pos = bits->pos + used;
	for (uint32_t i = 0; i < n; i++) {
		if (__builtin_expect(z[i] == VX_RICE_ESCAPE, 0)) {
			z[i] = vx_bits_get_at(bits, pos, VX_RICE_WIDE);
			pos += VX_RICE_WIDE;
		} else {
			z[i] = z[i] << k[i] | vx_bits_get_at(bits, pos, k[i]);
			pos += k[i];
		}
	}
	bits->pos = pos;
}

static uint64_t rice_read_one(struct vx_bits *bits, unsigned k)
{
	uint8_t k8 = (uint8_t)k;
	uint64_t z;

	rice_read(bits, &k8, &z, 1);
	return z;
}

/* AN's distance from the base, as a total that is shared out, and what each leaf differs by. */
static void read_missing(const struct vx_counts *c, struct vx_bits *bits, uint64_t *missing)
{
	uint32_t n = c->plan->n_leaf;
	uint64_t z[VX_GROUPS_MAX], total = rice_read_one(bits, c->an_k);
	uint8_t k[VX_GROUPS_MAX];
	unsigned shift;

	if (n == 1 || total == 0) {
		for (uint32_t j = 0; j < n; j++)
			missing[j] = total;
		return;
	}
	shift = (unsigned)vx_bits_get(bits, 3);
	for (uint32_t j = 0; j < n; j++) {
		missing[j] = vx_counts_share(vx_counts_leaf(c, j), total);
		k[j] = (uint8_t)((vx_bit_len(missing[j]) >> 1) + shift);
	}
	rice_read(bits, k, z, n);
	for (uint32_t j = 0; j < n; j++)
		missing[j] += (uint64_t)vx_unzigzag(z[j]);
}

static void read_an(const struct vx_counts *c, struct vx_bits *bits, uint64_t *an)
{
	uint32_t n = c->plan->n_leaf;
	uint64_t missing[VX_GROUPS_MAX], z[VX_GROUPS_MAX];
	uint8_t k[VX_GROUPS_MAX];

	if (!(c->flags & VX_F_AN_VARIES)) {
		for (uint32_t j = 0; j < n; j++)
			an[c->plan->leaf[j]] = VX_LEAF_BASE(vx_counts_leaf(c, j));
		return;
	}
	if (c->n_refs > 0 && vx_bits_get(bits, 1)) {
		struct vx_bits ref = *bits;
		unsigned i = c->n_refs > 1 ? (unsigned)vx_bits_get(bits, c->n_refs - 1u) : 0;

		ref.pos = c->ref_pos[i < c->n_refs ? i : 0];
		read_missing(c, &ref, missing);
		if (vx_bits_get(bits, 1)) {
			int shift = (int)vx_bits_get(bits, 5);

			for (uint32_t j = 0; j < n; j++) {
				int less = (int)VX_LEAF_REF_K(vx_counts_leaf(c, j));

				k[j] = (uint8_t)(shift > less ? shift - less : 0);
			}
			rice_read(bits, k, z, n);
			for (uint32_t j = 0; j < n; j++)
				missing[j] += (uint64_t)vx_unzigzag(z[j]);
		}
	} else {
		read_missing(c, bits, missing);
	}
	for (uint32_t j = 0; j < n; j++) {
		uint64_t w = vx_counts_leaf(c, j);

		an[c->plan->leaf[j]] = VX_LEAF_BASE(w) - (missing[j] << VX_LEAF_UNIT(w));
	}
}

/* Many carriers: a bitmap of leaves (or their list), then Rice codes that know group sizes. */
static void read_ac_many(const struct vx_counts *c, struct vx_bits *bits, int listed, uint64_t *ac)
{
	uint32_t n = c->plan->n_leaf, m = 0;
	uint64_t z[VX_GROUPS_MAX];
	uint16_t at[VX_GROUPS_MAX];
	uint8_t k[VX_GROUPS_MAX];
	int shift;

	if (listed) {
		unsigned index_bits = vx_bit_len(n - 1);
		uint64_t count = vx_bits_gamma(bits);

		for (; m < count && m < n; m++) {
			uint64_t j = vx_bits_get(bits, index_bits);

			at[m] = (uint16_t)(j < n ? j : 0);
		}
	} else {
		for (uint32_t j = 0; j < n; j += 32) {
			uint32_t width = n - j < 32 ? n - j : 32;
			uint64_t map = vx_bits_get(bits, width);

			for (; map; map &= map - 1)
				at[m++] = (uint16_t)(j + (uint32_t)__builtin_ctzll(map));
		}
	}
	shift = (int)vx_bits_get(bits, 5);
	for (uint32_t i = 0; i < m; i++) {
		int less = (int)VX_LEAF_AC_K(vx_counts_leaf(c, at[i]));

		k[i] = (uint8_t)(shift > less ? shift - less : 0);
	}
	rice_read(bits, k, z, m);
	for (uint32_t i = 0; i < m; i++)
		ac[c->plan->leaf[at[i]]] = z[i] + 1;
}

static void read_ac(const struct vx_counts *c, struct vx_bits *bits, uint64_t *ac)
{
	static const uint8_t order[2][4] = { { 1, 2, 0, 3 }, { 0, 1, 2, 3 } };
	uint32_t n = c->plan->n_leaf;
	uint64_t index[3];
	unsigned t, m;

	for (uint32_t j = 0; j < n; j++)
		ac[c->plan->leaf[j]] = 0;
	if (!(c->flags & VX_F_AC_CODED))
		return;
	if (n == 1) {
		if (vx_bits_get(bits, 1))
			ac[c->plan->leaf[0]] = vx_bits_gamma(bits);
		return;
	}
	t = (unsigned)__builtin_ctzll(vx_bits_peek(bits) | 32);
	bits->pos += t + (t < 5);
	if (t > 3) {
		read_ac_many(c, bits, t == 5, ac);
		return;
	}
	m = order[!!(c->flags & VX_F_AC_ZERO_FIRST)][t];
	for (unsigned i = 0; i < m; i++)
		index[i] = vx_bits_get(bits, vx_bit_len(n - 1));
	for (unsigned i = 0; i < m; i++)
		ac[c->plan->leaf[index[i] < n ? index[i] : 0]] = vx_bits_gamma(bits);
}

/* nhomalt, nhemi or het: what differs from the prediction that AC and AN allow. */
static void read_rest(const struct vx_counts *c, struct vx_bits *bits, int metric,
		      uint64_t *const *v)
{
	const struct vx_plan *plan = c->plan;
	uint64_t least = c->flags & VX_F_ALL_LEAVES(metric) ? 0 : metric == VIDX_NHOMALT ? 2 : 1;
	uint64_t z[VX_GROUPS_MAX], *out = v[metric];
	uint16_t at[VX_GROUPS_MAX];
	uint8_t k[VX_GROUPS_MAX];
	uint32_t m = 0;
	unsigned shift;

	for (uint32_t j = 0; j < plan->n_leaf; j++) {
		uint32_t g = plan->leaf[j];

		out[g] = vx_counts_predict(c, j, metric, v);
		at[m] = (uint16_t)g;
		m += v[VIDX_AC] ? v[VIDX_AC][g] >= least : least == 0;
	}
	if (!(c->flags & VX_F_CODED(metric)) || m == 0 || !vx_bits_get(bits, 1))
		return;
	shift = (unsigned)vx_bits_get(bits, 3);
	for (uint32_t i = 0; i < m; i++)
		k[i] = (uint8_t)(shift + vx_counts_rest_k(metric, out[at[i]]));
	rice_read(bits, k, z, m);
	for (uint32_t i = 0; i < m; i++)
		out[at[i]] += (uint64_t)vx_unzigzag(z[i]);
}

static void add_rules(const struct vx_counts *c, uint64_t *value)
{
	const struct vx_groups *groups = c->shape->groups;

	for (uint32_t i = 0; i < c->plan->n_sum; i++) {
		uint32_t g = c->plan->sum[i];
		uint64_t sum = 0;

		for (uint32_t r = groups->rule_beg[g]; r < groups->rule_beg[g + 1]; r++)
			sum += value[groups->rule[r]];
		sum &= VX_COUNT_MAX;
		value[g] = sum;
	}
}

/* Sums of one metric that are not exactly their rule. */
static void read_sums(const struct vx_counts *c, struct vx_bits *bits, const uint8_t *mask,
		      uint64_t *value)
{
	const struct vx_groups *groups = c->shape->groups;
	uint64_t z[VX_GROUPS_MAX];
	uint8_t k[VX_GROUPS_MAX];
	uint32_t m = 0;

	if (!vx_bits_get(bits, 1)) {
		add_rules(c, value);
		return;
	}
	for (uint32_t i = 0; i < c->plan->n_sum; i++)
		m += mask[i >> 3] >> (i & 7) & 1;
	memset(k, (int)vx_bits_get(bits, 5), m);
	rice_read(bits, k, z, m);
	m = 0;
	for (uint32_t i = 0; i < c->plan->n_sum; i++) {
		uint32_t g = c->plan->sum[i];
		uint64_t sum = 0;

		for (uint32_t r = groups->rule_beg[g]; r < groups->rule_beg[g + 1]; r++)
			sum += value[groups->rule[r]];
		sum &= VX_COUNT_MAX;
		if (mask[i >> 3] >> (i & 7) & 1)
			sum += (uint64_t)vx_unzigzag(z[m++]);
		value[g] = sum;
	}
}

/* Which values the source gave: a pattern of the block, or this row's own bits. */
static void read_presence(const struct vx_counts *c, struct vx_bits *bits, uint8_t *present)
{
	size_t n = vx_counts_pattern_bytes(c->shape);
	uint64_t i = vx_bits_get(bits, c->presence_bits);

	if (i < c->n_patterns) {
		memcpy(present, c->pattern + i * n, n);
		return;
	}
	for (size_t b = 0; b < n; b++)
		present[b] = (uint8_t)vx_bits_get(bits, 8);
}

static void clear_absent(const uint8_t *present, uint32_t at, uint32_t n, uint64_t *value,
			 uint64_t with)
{
	for (uint32_t g = 0; g < n; g++, at++)
		if (!(present[at >> 3] >> (at & 7) & 1))
			value[g] = with;
}

void vx_counts_read(const struct vx_counts *counts, struct vx_bits *bits, uint64_t *value)
{
	const struct vx_shape *shape = counts->shape;
	const uint8_t *mask = counts->sum_mask;
	uint32_t n = shape->groups->n;
	uint64_t *v[VIDX_N_METRICS];
	uint8_t present[VX_GROUPS_MAX * VIDX_N_METRICS / 8];
	/* AN comes first: the prediction of homozygotes needs it. */
	static const uint8_t order[VIDX_N_METRICS] = { VIDX_AN, VIDX_AC, VIDX_NHOMALT, VIDX_NHEMI,
						       VIDX_HET };

	for (int m = 0; m < VIDX_N_METRICS; m++) {
		int slot = vx_shape_slot(shape, m);

		v[m] = slot < 0 ? NULL : value + (size_t)slot * n;
	}
	if (counts->n_patterns)
		read_presence(counts, bits, present);
	for (int i = 0; i < VIDX_N_METRICS; i++) {
		int m = order[i];

		if (!v[m])
			continue;
		if (m == VIDX_AN)
			read_an(counts, bits, v[m]);
		else if (m == VIDX_AC)
			read_ac(counts, bits, v[m]);
		else
			read_rest(counts, bits, m, v);
		if (counts->n_patterns)
			clear_absent(present, (uint32_t)(v[m] - value), n, v[m], 0);
	}
	if (counts->plan->n_sum) {
		for (int m = 0; m < VIDX_N_METRICS; m++) {
			if (!v[m])
				continue;
			if (!(counts->flags & VX_F_SUMS(m))) {
				add_rules(counts, v[m]);
				continue;
			}
			read_sums(counts, bits, mask, v[m]);
			mask += vx_counts_mask_bytes(counts->plan);
		}
	}
	if (counts->n_patterns)
		clear_absent(present, 0, vx_shape_values(shape), value, VX_NONE);
}
