#include "codec/counts.h"

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

/* --- Rice codes --- */

static inline unsigned k_of(int k, int shift)
{
	return k + shift > 0 ? (unsigned)(k + shift) : 0;
}

static uint64_t rice_cost(const uint64_t *z, const int8_t *k, uint32_t n, int shift)
{
	uint64_t cost = 0;

	for (uint32_t i = 0; i < n; i++) {
		unsigned ki = k_of(k[i], shift);
		uint64_t q = z[i] >> ki;

		cost += q < VX_RICE_ESCAPE ? q + 1 + ki : VX_RICE_ESCAPE + VX_RICE_WIDE;
	}
	return cost;
}

/* The shift in 0..max that makes the codes shortest, found downhill from a guess. */
static int rice_best(const uint64_t *z, const int8_t *k, uint32_t n, int max, uint64_t *cost_ret)
{
	uint64_t sum = 0, cost, next;
	int shift, step;

	for (uint32_t i = 0; i < n; i++)
		sum += k[i] >= 0 ? z[i] >> k[i] : z[i] << (-k[i] & 15);
	shift = (int)vx_bit_len(sum / (n ? n : 1));
	shift = shift > 0 ? shift - 1 : 0;
	shift = shift < max ? shift : max;
	cost = rice_cost(z, k, n, shift);
	step = shift < max && (next = rice_cost(z, k, n, shift + 1)) < cost ? 1 : -1;
	for (;; shift += step, cost = next) {
		if (shift + step < 0 || shift + step > max)
			break;
		next = rice_cost(z, k, n, shift + step);
		if (next >= cost)
			break;
	}
	*cost_ret = cost;
	return shift;
}

static void rice_write(struct vx_bitw *w, const uint64_t *z, const int8_t *k, uint32_t n, int shift)
{
	for (uint32_t i = 0; i < n; i++) {
		uint64_t q = z[i] >> k_of(k[i], shift);

		if (q < VX_RICE_ESCAPE)
			vx_bitw_put(w, UINT64_C(1) << q, (unsigned)q + 1);
		else
			vx_bitw_put(w, 0, VX_RICE_ESCAPE);
	}
	for (uint32_t i = 0; i < n; i++) {
		unsigned ki = k_of(k[i], shift);

		if (z[i] >> ki < VX_RICE_ESCAPE)
			vx_bitw_put(w, vx_low(z[i], ki), ki);
		else
			vx_bitw_put(w, z[i], VX_RICE_WIDE);
	}
}

/* --- AN --- */

static uint64_t total_of(const struct vx_counts_writer *e, const uint64_t *missing)
{
	uint64_t total = 0;

	for (uint32_t j = 0; j < e->counts.plan->n_leaf; j++)
		total += missing[j];
	return total;
}

/* Fills z and k with what the shared-out total leaves over; absent leaves differ by nothing. */
static void share_out(struct vx_counts_writer *e, const uint64_t *missing, uint64_t total,
		      const uint64_t *an)
{
	const struct vx_plan *plan = e->counts.plan;
	unsigned total_len = vx_bit_len(total);

	for (uint32_t j = 0; j < plan->n_leaf; j++) {
		uint64_t word = vx_counts_leaf(&e->counts, j), share = vx_counts_share(word, total);
		int absent = an && an[plan->leaf[j]] == VX_NONE;

		e->z[j] = absent ? 0 : vx_zigzag((int64_t)(missing[j] - share));
		e->k[j] = (int8_t)vx_counts_share_k(word, total_len);
	}
}

static uint64_t missing_cost(struct vx_counts_writer *e, const uint64_t *missing,
			     const uint64_t *an)
{
	uint64_t total = total_of(e, missing), q = total >> e->counts.an_k, cost, rest;

	cost = q < VX_RICE_ESCAPE ? q + 1 + e->counts.an_k : VX_RICE_ESCAPE + VX_RICE_WIDE;
	if (e->counts.plan->n_leaf == 1 || total == 0)
		return cost;
	share_out(e, missing, total, an);
	rice_best(e->z, e->k, e->counts.plan->n_leaf, 7, &rest);
	return cost + 3 + rest;
}

static void write_missing(struct vx_counts_writer *e, const uint64_t *missing, const uint64_t *an,
			  struct vx_bitw *w)
{
	uint64_t total = total_of(e, missing), cost;
	int8_t k = (int8_t)e->counts.an_k;
	int shift;

	rice_write(w, &total, &k, 1, 0);
	if (e->counts.plan->n_leaf == 1 || total == 0)
		return;
	share_out(e, missing, total, an);
	shift = rice_best(e->z, e->k, e->counts.plan->n_leaf, 7, &cost);
	vx_bitw_put(w, (uint64_t)shift, 3);
	rice_write(w, e->z, e->k, e->counts.plan->n_leaf, shift);
}

/* Fills z and k with the difference from a reference; *same_ret tells that there is none. */
static void differ(struct vx_counts_writer *e, const uint64_t *missing, const uint64_t *ref,
		   const uint64_t *an, int *same_ret)
{
	const struct vx_plan *plan = e->counts.plan;
	uint64_t any = 0;

	for (uint32_t j = 0; j < plan->n_leaf; j++) {
		e->z[j] = vx_zigzag((int64_t)(missing[j] - ref[j]));
		if (an[plan->leaf[j]] == VX_NONE)
			e->z[j] = 0;
		e->k[j] = (int8_t)-(int)VX_LEAF_REF_K(vx_counts_leaf(&e->counts, j));
		any |= e->z[j];
	}
	*same_ret = any == 0;
}

static uint64_t differ_cost(struct vx_counts_writer *e, const uint64_t *missing,
			    const uint64_t *ref, const uint64_t *an)
{
	uint64_t cost;
	int same;

	differ(e, missing, ref, an, &same);
	if (same)
		return 1;
	rice_best(e->z, e->k, e->counts.plan->n_leaf, 31, &cost);
	return cost + 6;
}

static uint64_t *missing_row(const struct vx_counts_writer *e, uint32_t i)
{
	return e->missing + (size_t)i * e->counts.plan->n_leaf;
}

static void fill_missing(struct vx_counts_writer *e, const uint64_t *an, uint64_t *missing)
{
	const struct vx_plan *plan = e->counts.plan;

	for (uint32_t j = 0; j < plan->n_leaf; j++) {
		uint64_t word = vx_counts_leaf(&e->counts, j), v = an[plan->leaf[j]];

		missing[j] = v == VX_NONE ? 0 : (VX_LEAF_BASE(word) - v) >> VX_LEAF_UNIT(word);
	}
}

static const uint64_t *an_of(const struct vx_counts_writer *e, const struct vx_row *row)
{
	int slot = vx_shape_slot(e->counts.shape, VIDX_AN);

	return row->value + (size_t)slot * e->counts.shape->groups->n;
}

/* Copies row r as reference i, with its absent leaves as the decoder will see them. */
static void make_ref(struct vx_counts_writer *e, const struct vx_row *row, uint32_t r, uint32_t i)
{
	const struct vx_plan *plan = e->counts.plan;
	uint64_t *ref = missing_row(e, VX_CELL_MAX + i), total = total_of(e, missing_row(e, r));
	const uint64_t *an = an_of(e, row);

	memcpy(ref, missing_row(e, r), plan->n_leaf * sizeof(*ref));
	for (uint32_t j = 0; plan->n_leaf > 1 && j < plan->n_leaf; j++)
		if (an[plan->leaf[j]] == VX_NONE && total != 0)
			ref[j] = vx_counts_share(vx_counts_leaf(&e->counts, j), total);
}

unsigned vx_counts_begin_cell(struct vx_counts_writer *e, const struct vx_row *const *rows,
			      uint32_t n, struct vx_bitw *w, uint32_t *ref_bits)
{
	uint64_t best[VX_CELL_MAX];
	unsigned n_refs = 0;

	e->counts.n_refs = 0;
	if (!(e->counts.flags & VX_F_AN_VARIES))
		return 0;
	for (uint32_t i = 0; i < n && e->max_refs == 0; i++)
		fill_missing(e, an_of(e, rows[i]), missing_row(e, i));
	for (uint32_t i = 0; i < n && e->max_refs > 0; i++) {
		fill_missing(e, an_of(e, rows[i]), missing_row(e, i));
		best[i] = missing_cost(e, missing_row(e, i), an_of(e, rows[i]));
	}
	/*
	 * Greedily: the row that is dearest now becomes a reference if the rows it makes cheaper
	 * pay for it.  Neighbours in a genome often share the people that could not be called.
	 */
	for (uint32_t tried = 0; n_refs < e->max_refs && tried < 3 && n > 1; tried++) {
		uint64_t gain = 0, own, cost[VX_CELL_MAX];
		uint32_t r = tried == 0 ? n / 2 : 0;

		for (uint32_t i = 0; tried > 0 && i < n; i++)
			r = best[i] > best[r] ? i : r;
		make_ref(e, rows[r], r, n_refs);
		own = missing_cost(e, missing_row(e, r), an_of(e, rows[r]));
		for (uint32_t i = 0; i < n; i++) {
			cost[i] = 1 + differ_cost(e, missing_row(e, i),
						  missing_row(e, VX_CELL_MAX + n_refs),
						  an_of(e, rows[i]));
			gain += cost[i] < best[i] ? best[i] - cost[i] : 0;
		}
		if (gain < own + n + 16)
			continue;
		for (uint32_t i = 0; i < n; i++)
			best[i] = cost[i] < best[i] ? cost[i] : best[i];
		ref_bits[n_refs] = (uint32_t)w->pos;
		write_missing(e, missing_row(e, r), an_of(e, rows[r]), w);
		ref_bits[n_refs] = (uint32_t)w->pos - ref_bits[n_refs];
		n_refs++;
	}
	e->counts.n_refs = n_refs;
	return n_refs;
}

static void write_an(struct vx_counts_writer *e, const uint64_t *an, uint32_t i, struct vx_bitw *w)
{
	const uint64_t *missing = missing_row(e, i);
	uint64_t best, cost;
	int ref = -1, same, shift;

	if (!(e->counts.flags & VX_F_AN_VARIES))
		return;
	if (e->counts.n_refs > 0) {
		best = missing_cost(e, missing, an);
		for (unsigned r = 0; r < e->counts.n_refs; r++) {
			cost = e->counts.n_refs - 1 +
			       differ_cost(e, missing, missing_row(e, VX_CELL_MAX + r), an);
			if (cost < best) {
				best = cost;
				ref = (int)r;
			}
		}
		vx_bitw_put(w, ref >= 0, 1);
	}
	if (ref < 0) {
		write_missing(e, missing, an, w);
		return;
	}
	if (e->counts.n_refs > 1)
		vx_bitw_put(w, (uint64_t)ref, e->counts.n_refs - 1);
	differ(e, missing, missing_row(e, VX_CELL_MAX + (uint32_t)ref), an, &same);
	vx_bitw_put(w, !same, 1);
	if (same)
		return;
	shift = rice_best(e->z, e->k, e->counts.plan->n_leaf, 31, &cost);
	vx_bitw_put(w, (uint64_t)shift, 5);
	rice_write(w, e->z, e->k, e->counts.plan->n_leaf, shift);
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
		e->k[i] = (int8_t)-(int)VX_LEAF_AC_K(vx_counts_leaf(&e->counts, j));
	}
	shift = rice_best(e->z, e->k, m, 31, &cost);
	vx_bitw_put(w, (uint64_t)shift, 5);
	rice_write(w, e->z, e->k, m, shift);
}

static void write_ac(struct vx_counts_writer *e, const uint64_t *ac, struct vx_bitw *w)
{
	static const uint8_t zeros[2][4] = { { 2, 0, 1, 3 }, { 0, 1, 2, 3 } };
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
	uint64_t any = 0, cost;
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
		e->k[m] = (int8_t)vx_counts_rest_k(metric, predicted);
		e->z[m] = vx_zigzag((int64_t)(v[metric][g] - predicted));
		if (e->raw[v[metric] - e->copy + g] == VX_NONE)
			e->z[m] = 0;
		any |= e->z[m++];
	}
	if (m == 0)
		return;
	vx_bitw_put(w, any != 0, 1);
	if (any == 0)
		return;
	shift = rice_best(e->z, e->k, m, 7, &cost);
	vx_bitw_put(w, (uint64_t)shift, 3);
	rice_write(w, e->z, e->k, m, shift);
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
	shift = rice_best(e->z, e->k, m, 31, &cost);
	vx_bitw_put(w, (uint64_t)shift, 5);
	rice_write(w, e->z, e->k, m, shift);
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

void vx_counts_write(struct vx_counts_writer *e, const struct vx_row *row, uint32_t i,
		     struct vx_bitw *w)
{
	const struct vx_shape *shape = e->counts.shape;
	const uint8_t *mask = e->counts.sum_mask;
	uint32_t n = shape->groups->n, n_values = vx_shape_values(shape);
	uint64_t *v[VIDX_N_METRICS];

	write_presence(e, row->value, w);
	e->raw = row->value;
	for (uint32_t x = 0; x < n_values; x++)
		e->copy[x] = row->value[x] == VX_NONE ? 0 : row->value[x];
	for (int m = 0; m < VIDX_N_METRICS; m++) {
		int slot = vx_shape_slot(shape, m);

		v[m] = slot < 0 ? NULL : e->copy + (size_t)slot * n;
	}
	if (v[VIDX_AN])
		write_an(e, row->value + (v[VIDX_AN] - e->copy), i, w);
	if (v[VIDX_AC])
		write_ac(e, v[VIDX_AC], w);
	for (int m = VIDX_NHOMALT; m < VIDX_N_METRICS; m++)
		if (v[m])
			write_rest(e, m, v, w);
	for (int m = 0; m < VIDX_N_METRICS; m++) {
		if (!v[m] || !(e->counts.flags & VX_F_SUMS(m)))
			continue;
		write_sums(e, mask, v[m], row->value + (v[m] - e->copy), w);
		mask += vx_counts_mask_bytes(e->counts.plan);
	}
}
