#include "codec/missing.h"
#include "codec/rice.h"

#include <stdlib.h>

size_t vx_counts_max_bytes(const struct vx_shape *shape)
{
	/* Per value a unary escape and a wide number, an index, a presence bit; fixed parts. */
	return (size_t)vx_shape_values(shape) * 16 + 128;
}

int vx_counts_writer_init(struct vx_counts_writer *writer, const struct vx_shape *shape,
			  const struct vx_plan *plan)
{
	size_t n = shape->groups->n;

	memset(writer, 0, sizeof(*writer));
	writer->counts.shape = shape;
	writer->counts.plan = plan;
	writer->z = calloc(n, sizeof(*writer->z));
	writer->k = calloc(n, sizeof(*writer->k));
	writer->at = calloc(n, sizeof(*writer->at));
	writer->missing = calloc(n * (VX_CELL_MAX + VX_REFS_MAX), sizeof(*writer->missing));
	writer->copy = calloc((size_t)vx_shape_values(shape) + 1, sizeof(*writer->copy));
	if (writer->z && writer->k && writer->at && writer->missing && writer->copy)
		return 0;
	vx_counts_writer_release(writer);
	return VIDX_ENOMEM;
}

void vx_counts_writer_release(struct vx_counts_writer *writer)
{
	free(writer->z);
	free(writer->k);
	free(writer->at);
	free(writer->missing);
	free(writer->copy);
	memset(writer, 0, sizeof(*writer));
}

/* --- AC --- */

static void write_ac_many(struct vx_counts_writer *e, const uint64_t *ac, uint32_t m,
			  struct vx_bitw *w)
{
	const struct vx_plan *plan = e->counts.plan;
	unsigned index_bits = vx_bit_len(plan->n_leaf - 1);
	int listed = plan->n_leaf > vx_gamma_len(m) + (uint64_t)m * index_bits, shift;
	uint64_t cost;

	vx_bitw_put(w, listed ? 0 : 16, 5);
	if (listed)
		vx_bitw_gamma(w, m);
	for (uint32_t j = 0, width; !listed && j < plan->n_leaf; j += width) {
		uint64_t map = 0;

		width = plan->n_leaf - j < 32 ? plan->n_leaf - j : 32;
		for (uint32_t b = 0; b < width; b++)
			map |= (uint64_t)(ac[plan->leaf[j + b]] != 0) << b;
		vx_bitw_put(w, map, width);
	}
	for (uint32_t i = 0; i < m; i++) {
		uint32_t j = e->at[i];

		if (listed)
			vx_bitw_put(w, j, index_bits);
		e->z[i] = ac[plan->leaf[j]] - 1;
		e->k[i] = -(int64_t)VX_LEAF_AC_K(vx_counts_leaf(&e->counts, j));
	}
	shift = vx_rice_best(e->z, e->k, m, 31, &cost);
	vx_bitw_put(w, (uint64_t)shift, 5);
	vx_rice_write(w, e->z, e->k, m, shift);
}

static void write_ac(struct vx_counts_writer *e, const uint64_t *ac, struct vx_bitw *w)
{
	static const uint8_t zeros[2][4] = {{2, 0, 1, 3}, {0, 1, 2, 3}};
	const struct vx_plan *plan = e->counts.plan;
	uint32_t m = 0;

	if (!(e->counts.flags & VX_F_AC_CODED))
		return;
	for (uint32_t j = 0; j < plan->n_leaf; j++) {
		e->at[m] = j;
		m += ac[plan->leaf[j]] != 0;
	}
	if (plan->n_leaf == 1) {
		vx_bitw_put(w, m, 1);
	} else if (m > 3) {
		write_ac_many(e, ac, m, w);
		return;
	} else {
		unsigned t = zeros[!!(e->counts.flags & VX_F_AC_ZERO_FIRST)][m];

		vx_bitw_put(w, UINT64_C(1) << t, t + 1);
		for (uint32_t i = 0; i < m; i++)
			vx_bitw_put(w, e->at[i], vx_bit_len(plan->n_leaf - 1));
	}
	for (uint32_t i = 0; i < m; i++)
		vx_bitw_gamma(w, ac[plan->leaf[e->at[i]]]);
}

/* --- the rest --- */

static void write_rest(struct vx_counts_writer *e, int metric, uint64_t *const *v,
		       struct vx_bitw *w)
{
	const struct vx_counts *c = &e->counts;
	uint64_t least = c->flags & VX_F_ALL_LEAVES(metric) ? 0 : metric == VIDX_NHOMALT ? 2 : 1;
	uint64_t any = 0;
	uint32_t m = 0;
	int shift;

	if (!(c->flags & VX_F_CODED(metric)))
		return;
	for (uint32_t j = 0; j < c->plan->n_leaf; j++) {
		uint32_t g = c->plan->leaf[j];
		uint64_t predicted;

		if (v[VIDX_AC] ? v[VIDX_AC][g] < least : least > 0)
			continue;
		predicted = vx_counts_predict(c, j, metric, v);
		e->k[m] = (int64_t)vx_counts_rest_k(metric, predicted);
		e->z[m] = vx_zigzag((int64_t)(v[metric][g] - predicted));
		if (e->raw && e->raw[v[metric] - e->copy + g] == VX_NONE)
			e->z[m] = 0;
		any |= e->z[m++];
	}
	if (m == 0)
		return;
	vx_bitw_put(w, any != 0, 1);
	if (any == 0)
		return;
	shift = vx_rice_shift(e->z, e->k, m, 7);
	vx_bitw_put(w, (uint64_t)shift, 3);
	vx_rice_write(w, e->z, e->k, m, shift);
}

/*
 * Prediction of every sum of one metric, in order; what differs goes to z (masked ones only).  An
 * absent sum counts as its prediction, for it and for the sums that it is part of.
 */
static uint64_t sum_up(struct vx_counts_writer *e, const uint8_t *mask, uint64_t *value,
		       const uint64_t *raw, uint32_t *m_ret)
{
	const struct vx_groups *groups = e->counts.shape->groups;
	const struct vx_plan *plan = e->counts.plan;
	uint64_t any = 0;
	uint32_t m = 0;

	for (uint32_t i = 0; i < plan->n_sum; i++) {
		uint32_t g = plan->sum[i];
		uint64_t sum = 0;

		for (uint32_t r = groups->rule_beg[g]; r < groups->rule_beg[g + 1]; r++)
			sum += value[groups->rule[r]];
		sum &= VX_COUNT_MAX;
		if (raw[g] == VX_NONE)
			value[g] = sum;
		if (mask[i >> 3] >> (i & 7) & 1) {
			e->k[m] = 0;
			e->z[m] = vx_zigzag((int64_t)(value[g] - sum));
			any |= e->z[m++];
		}
	}
	*m_ret = m;
	return any;
}

static void write_sums(struct vx_counts_writer *e, const uint8_t *mask, uint64_t *value,
		       const uint64_t *raw, struct vx_bitw *w)
{
	uint64_t cost;
	uint32_t m;
	int shift, any = sum_up(e, mask, value, raw, &m) != 0;

	vx_bitw_put(w, (uint64_t)any, 1);
	if (!any)
		return;
	shift = vx_rice_best(e->z, e->k, m, 31, &cost);
	vx_bitw_put(w, (uint64_t)shift, 5);
	vx_rice_write(w, e->z, e->k, m, shift);
}

void vx_counts_presence(const struct vx_shape *shape, const uint64_t *value, uint8_t *pattern)
{
	uint32_t n = vx_shape_values(shape);

	memset(pattern, 0, vx_counts_pattern_bytes(shape));
	for (uint32_t i = 0; i < n; i++)
		pattern[i >> 3] |= (uint8_t)((value[i] != VX_NONE) << (i & 7));
}

static void write_presence(struct vx_counts_writer *e, const uint64_t *value, struct vx_bitw *w)
{
	const struct vx_counts *c = &e->counts;
	uint8_t present[VX_GROUPS_MAX * VIDX_N_METRICS / 8];
	size_t n = vx_counts_pattern_bytes(c->shape);
	unsigned i = 0;

	if (c->presence_bits == 0)
		return;
	vx_counts_presence(c->shape, value, present);
	while (i < c->n_patterns && memcmp(c->pattern + i * n, present, n) != 0)
		i++;
	vx_bitw_put(w, i, c->presence_bits);
	for (size_t b = 0; i == c->n_patterns && b < n; b++)
		vx_bitw_put(w, present[b], 8);
}

/*
 * The row's values with absent ones as 0: its own where none is absent (e->raw is NULL then),
 * else a copy.
 */
static uint64_t *present_values(struct vx_counts_writer *e, const struct vx_row *row)
{
	uint32_t n_values = vx_shape_values(e->counts.shape);

	e->raw = NULL;
	if (e->counts.n_patterns == 0 || !vx_counts_any_absent(row->value, n_values))
		return row->value;
	e->raw = row->value;
	for (uint32_t x = 0; x < n_values; x++)
		e->copy[x] = row->value[x] == VX_NONE ? 0 : row->value[x];
	return e->copy;
}

void vx_counts_write(struct vx_counts_writer *e, const struct vx_row *row, uint32_t i,
		     struct vx_bitw *w)
{
	const struct vx_shape *shape = e->counts.shape;
	const uint8_t *mask = e->counts.sum_mask;
	uint32_t n = shape->groups->n, at = 0;
	uint64_t *v[VIDX_N_METRICS], *value = present_values(e, row);

	write_presence(e, row->value, w);
	for (int m = 0; m < VIDX_N_METRICS; m++) {
		v[m] = shape->metrics >> m & 1 ? value + at : NULL;
		at += v[m] ? n : 0;
	}
	if (v[VIDX_AN])
		vx_missing_write(e, row->value + (v[VIDX_AN] - value), i, w);
	if (v[VIDX_AC])
		write_ac(e, v[VIDX_AC], w);
	for (int m = VIDX_NHOMALT; m < VIDX_N_METRICS; m++)
		if (v[m])
			write_rest(e, m, v, w);
	for (int m = 0; m < VIDX_N_METRICS; m++) {
		if (!v[m] || !(e->counts.flags & VX_F_SUMS(m)))
			continue;
		write_sums(e, mask, v[m], row->value + (v[m] - value), w);
		mask += vx_counts_mask_bytes(e->counts.plan);
	}
}
