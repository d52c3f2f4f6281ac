/* What a survey found -> the parameters of a block. */
#include "codec/survey.h"

/* The Rice parameter that suits the missing totals of the rows seen. */
static unsigned best_total_k(const struct vx_survey *s)
{
	uint64_t best_cost = UINT64_MAX;
	unsigned best = 0;

	for (unsigned k = 0; k <= 40; k++) {
		uint64_t cost = 0;

		for (unsigned b = 0; b < 56; b++) {
			uint64_t typical = b < 2 ? b : UINT64_C(3) << (b - 2);
			uint64_t q = typical >> k;

			cost += s->total_hist[b] *
				(q < VX_RICE_ESCAPE ? q + 1 + k : VX_RICE_ESCAPE + VX_RICE_WIDE);
		}
		if (cost < best_cost) {
			best_cost = cost;
			best = k;
		}
	}
	return best;
}

/* How many bits less than the largest one this leaf's numbers have, in 0..15. */
static uint64_t less_bits(uint64_t largest, uint64_t v)
{
	uint64_t less = 0;

	/* Halfway between two powers of two rounds down: v * sqrt(2) is about v + v / 2. */
	while (less < 15 && v + v / 2 < largest) {
		largest >>= 1;
		less++;
	}
	return less;
}

/* part / whole as m / 2^e with m in 128..255; 0 where it is next to nothing. */
static void as_share(uint64_t part, uint64_t whole, uint64_t *m_ret, uint64_t *e_ret)
{
	uint64_t m = 0, e = 63;

	while (whole >> 32) {
		whole >>= 1;
		part >>= 1;
	}
	if (whole && part)
		for (e = 8, m = (part << e) / whole; m < 128 && e < 31;)
			m = (part << ++e) / whole;
	*m_ret = m < 255 ? m : 255;
	*e_ret = e;
}

static void write_leaves(struct vx_survey *s)
{
	uint64_t steps = 0, carriers = 0, missing = 0, m, e;
	uint8_t b[VX_LEAF_BYTES];

	for (uint32_t j = 0; j < s->plan->n_leaf; j++) {
		const struct vx_leaf_tally *t = &s->tally[j];

		if (t->hemi_plain && t->hemi_ac)
			s->counts.flags |= VX_F_CODED(VIDX_NHEMI);
		if (s->an.seen[j] && s->an.least[j] != s->an.most[j])
			s->counts.flags |= VX_F_AN_VARIES;
		steps = t->steps > steps ? t->steps : steps;
		carriers = t->carriers > carriers ? t->carriers : carriers;
		missing += t->missing;
	}
	for (uint32_t j = 0; j < s->plan->n_leaf; j++) {
		const struct vx_leaf_tally *t = &s->tally[j];

		as_share(t->missing, missing, &m, &e);
		vx_store64(b, s->an.most[j] | (uint64_t)!vx_survey_is_odd(s, j) << 40 |
				      less_bits(steps, t->steps) << 41 |
				      less_bits(carriers, t->carriers) << 45 |
				      (uint64_t)(t->hemi_ac < t->hemi_plain) << 49 | m << 50 |
				      e << 58);
		vx_buf_add(&s->leaf, b, sizeof(b));
	}
}

/* Keeps the masks of metrics that need one, and sets their flags. */
static void settle_masks(struct vx_survey *s)
{
	size_t n = vx_counts_mask_bytes(s->plan), kept = 0;

	for (int m = 0; m < VIDX_N_METRICS; m++) {
		uint8_t any = 0;

		for (size_t b = 0; b < n; b++)
			any |= s->mask.p[(size_t)m * n + b];
		if (!any)
			continue;
		s->counts.flags |= VX_F_SUMS(m);
		memmove(s->mask.p + kept, s->mask.p + (size_t)m * n, n);
		kept += n;
	}
	s->mask.len = kept;
}

void vx_survey_settle(struct vx_survey *s)
{
	s->counts.an_k = best_total_k(s);
	if (s->any_ac)
		s->counts.flags |= VX_F_AC_CODED;
	if (s->n_no_carriers * 3 > s->n_sampled)
		s->counts.flags |= VX_F_AC_ZERO_FIRST;
	vx_buf_clear(&s->leaf);
	write_leaves(s);
	settle_masks(s);
	/* All values always there: no patterns at all. */
	if (s->counts.n_patterns == 1 && s->counts.presence_bits == 0) {
		uint32_t full = 0, values = vx_shape_values(s->shape);

		for (size_t b = 0; b < s->pattern.len; b++)
			full += (uint32_t)__builtin_popcount(s->pattern.p[b]);
		if (full == values)
			s->counts.n_patterns = 0;
	}
}
