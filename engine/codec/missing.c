#include "codec/missing.h"

#include "codec/rice.h"
#include "base/wide.h"

static uint64_t total_of(const struct vx_counts_writer *e, const uint64_t *missing)
{
	uint64_t total = 0;

	for (uint32_t j = 0; j < e->counts.plan->n_leaf; j++)
		total += missing[j];
	return total;
}

/* Fills z and k with what the shared-out total leaves over. */
VX_INLINE void vx_missing_share_body(struct vx_counts_writer *e, const uint64_t *missing,
				     uint64_t total)
{
	unsigned total_len = vx_bit_len(total);
	uint32_t n = e->counts.plan->n_leaf;
	uint64_t *z = e->z;
	int64_t *k = e->k;

	for (uint32_t j = 0; j < n; j++) {
		uint64_t word = vx_counts_leaf(&e->counts, j), share = vx_counts_share(word, total);

		z[j] = vx_zigzag((int64_t)(missing[j] - share));
		k[j] = (int64_t)vx_counts_share_k(word, total_len);
	}
}

VX_WIDE(void, vx_missing_share,
	(struct vx_counts_writer * e, const uint64_t *missing, uint64_t total), (e, missing, total))

/* The same; absent leaves of an differ by 0. */
static void share_out(struct vx_counts_writer *e, const uint64_t *missing, uint64_t total,
		      const uint64_t *an)
{
	const struct vx_plan *plan = e->counts.plan;

	vx_missing_share(e, missing, total);
	for (uint32_t j = 0; e->counts.n_patterns && j < plan->n_leaf; j++)
		if (an[plan->leaf[j]] == VX_NONE)
			e->z[j] = 0;
}

static uint64_t missing_cost(struct vx_counts_writer *e, const uint64_t *missing,
			     const uint64_t *an)
{
	uint64_t total = total_of(e, missing), q = total >> e->counts.an_k, cost, rest;

	cost = q < VX_RICE_ESCAPE ? q + 1 + e->counts.an_k : VX_RICE_ESCAPE + VX_RICE_WIDE;
	if (e->counts.plan->n_leaf == 1 || total == 0)
		return cost;
	share_out(e, missing, total, an);
	rest = vx_rice_cost(e->z, e->k, e->counts.plan->n_leaf,
			    vx_rice_shift(e->z, e->k, e->counts.plan->n_leaf, 7));
	return cost + 3 + rest;
}

static void write_missing(struct vx_counts_writer *e, const uint64_t *missing, const uint64_t *an,
			  struct vx_bitw *w)
{
	uint64_t total = total_of(e, missing);
	int64_t k = (int64_t)e->counts.an_k;
	int shift;

	vx_rice_write(w, &total, &k, 1, 0);
	if (e->counts.plan->n_leaf == 1 || total == 0)
		return;
	share_out(e, missing, total, an);
	shift = vx_rice_shift(e->z, e->k, e->counts.plan->n_leaf, 7);
	vx_bitw_put(w, (uint64_t)shift, 3);
	vx_rice_write(w, e->z, e->k, e->counts.plan->n_leaf, shift);
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
		e->k[j] = -(int64_t)VX_LEAF_REF_K(vx_counts_leaf(&e->counts, j));
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
	vx_rice_best(e->z, e->k, e->counts.plan->n_leaf, 31, &cost);
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

unsigned vx_missing_begin(struct vx_counts_writer *e, const struct vx_row *const *rows, uint32_t n,
			  struct vx_bitw *w, uint32_t *ref_bits)
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
		ref_bits[n_refs] = (uint32_t)vx_bitw_pos(w);
		write_missing(e, missing_row(e, r), an_of(e, rows[r]), w);
		ref_bits[n_refs] = (uint32_t)vx_bitw_pos(w) - ref_bits[n_refs];
		n_refs++;
	}
	e->counts.n_refs = n_refs;
	return n_refs;
}

void vx_missing_write(struct vx_counts_writer *e, const uint64_t *an, uint32_t i, struct vx_bitw *w)
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
	shift = vx_rice_best(e->z, e->k, e->counts.plan->n_leaf, 31, &cost);
	vx_bitw_put(w, (uint64_t)shift, 5);
	vx_rice_write(w, e->z, e->k, e->counts.plan->n_leaf, shift);
}
