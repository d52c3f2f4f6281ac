#include "codec/survey.h"

#include "base/status.h"
#include "codec/names.h"

#include <stdlib.h>

/* What is gathered about one leaf. */
struct vx_leaf_tally {
	uint64_t an_max, an_min;
	uint64_t steps;               /* sum of |AN - AN of the row before| */
	uint64_t missing;             /* sum of distances from an_max, in units */
	uint64_t carriers;            /* sum of AC over rows with many carriers */
	uint64_t hemi_plain, hemi_ac; /* rows where nhemi is not 0; not what AC predicts */
	uint64_t odd, seen;           /* rows where AN is odd; is given */
};

/* Whether some AN differs from another by an odd number. */
static int is_odd(const struct vx_leaf_tally *t)
{
	return t->odd != 0 && t->odd != t->seen;
}

int vx_survey_init(struct vx_survey *s, const struct vx_shape *shape, const struct vx_plan *plan)
{
	memset(s, 0, sizeof(*s));
	s->shape = shape;
	s->plan = plan;
	s->tally = calloc(plan->n_leaf, sizeof(*s->tally));
	s->copy = calloc((size_t)vx_shape_values(shape) + 1, sizeof(*s->copy));
	s->sum = calloc(shape->groups->n, sizeof(*s->sum));
	s->names = calloc(1, sizeof(*s->names));
	if (s->tally && s->copy && s->sum && s->names)
		return 0;
	vx_survey_release(s);
	return VIDX_ENOMEM;
}

void vx_survey_release(struct vx_survey *s)
{
	vx_buf_release(&s->leaf);
	vx_buf_release(&s->mask);
	vx_buf_release(&s->pattern);
	vx_buf_release(&s->filters);
	if (s->names)
		vx_names_release(s->names);
	free(s->names);
	free(s->filter);
	free(s->tally);
	free(s->copy);
	free(s->sum);
	memset(s, 0, sizeof(*s));
}

unsigned vx_survey_filter_bits(const struct vx_survey *s)
{
	return s->n_filters < 2 ? 0 : 1 + vx_bit_len(s->n_filters - 2);
}

/* Copies a row's values with absent ones as 0.  0, or -1: one is too large. */
static int copy_values(struct vx_survey *s, const uint64_t *value)
{
	uint32_t n = vx_shape_values(s->shape);
	uint64_t large = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint64_t v = value[i] == VX_NONE ? 0 : value[i];

		s->copy[i] = v;
		large |= v;
	}
	return large > VX_COUNT_MAX ? -1 : 0;
}

static void note_presence(struct vx_survey *s, const uint64_t *value)
{
	struct vx_counts *c = &s->counts;
	uint8_t present[VX_GROUPS_MAX * VIDX_N_METRICS / 8];
	size_t n = vx_counts_pattern_bytes(s->shape);

	vx_counts_presence(s->shape, value, present);
	for (unsigned i = 0; i < c->n_patterns; i++)
		if (memcmp(s->pattern.p + i * n, present, n) == 0)
			return;
	if (c->n_patterns == VX_PATTERNS_MAX) {
		c->presence_bits = vx_bit_len(VX_PATTERNS_MAX);
		return;
	}
	vx_buf_add(&s->pattern, present, n);
	c->n_patterns++;
	if (c->presence_bits < vx_bit_len(c->n_patterns - 1))
		c->presence_bits = vx_bit_len(c->n_patterns - 1);
}

/* What must hold for every row. */
static void tally_an(struct vx_survey *s, const uint64_t *an)
{
	for (uint32_t j = 0; j < s->plan->n_leaf; j++) {
		struct vx_leaf_tally *t = &s->tally[j];
		uint64_t v = an[s->plan->leaf[j]];

		if (v == VX_NONE)
			continue;
		t->an_max = v > t->an_max ? v : t->an_max;
		t->an_min = v < t->an_min ? v : t->an_min;
		t->odd += v & 1;
		t->seen++;
	}
}

/* How AN changes from one row to the next; from a few rows. */
static void tally_steps(struct vx_survey *s, const uint64_t *an, const uint64_t *next)
{
	for (uint32_t j = 0; j < s->plan->n_leaf; j++) {
		uint64_t a = an[s->plan->leaf[j]], b = next[s->plan->leaf[j]];

		if (a != VX_NONE && b != VX_NONE)
			s->tally[j].steps += a > b ? a - b : b - a;
	}
}

static void tally_carriers(struct vx_survey *s, const uint64_t *ac)
{
	uint32_t m = 0;

	for (uint32_t j = 0; j < s->plan->n_leaf; j++)
		m += ac[s->plan->leaf[j]] != 0 && ac[s->plan->leaf[j]] != VX_NONE;
	s->n_no_carriers += m == 0;
	for (uint32_t j = 0; m > 3 && j < s->plan->n_leaf; j++)
		if (ac[s->plan->leaf[j]] != VX_NONE)
			s->tally[j].carriers += ac[s->plan->leaf[j]];
}

static void tally_hemi(struct vx_survey *s, uint32_t j, uint64_t x, uint64_t ac, uint64_t hom)
{
	s->tally[j].hemi_plain += x != 0;
	s->tally[j].hemi_ac += x != vx_counts_minus(ac, 2 * hom);
	if (ac == 0 && x != 0)
		s->counts.flags |= VX_F_ALL_LEAVES(VIDX_NHEMI);
}

static void tally_rest(struct vx_survey *s, uint64_t *const *v, int metric, const uint64_t *raw)
{
	uint64_t least = metric == VIDX_NHOMALT ? 2 : 1;

	for (uint32_t j = 0; j < s->plan->n_leaf; j++) {
		uint32_t g = s->plan->leaf[j];
		uint64_t ac = v[VIDX_AC] ? v[VIDX_AC][g] : 0, x = v[metric][g];

		if ((ac < least && x == 0) || raw[g] == VX_NONE)
			continue;
		if (metric == VIDX_NHEMI) {
			tally_hemi(s, j, x, ac, v[VIDX_NHOMALT] ? v[VIDX_NHOMALT][g] : 0);
			continue;
		}
		if (x == vx_counts_predict(&s->counts, j, metric, v))
			continue;
		s->counts.flags |= VX_F_CODED(metric);
		if (ac < least)
			s->counts.flags |= VX_F_ALL_LEAVES(metric);
	}
}

static uint64_t rule_sum(const struct vx_groups *groups, uint32_t g, const uint64_t *value)
{
	uint64_t sum = 0;

	for (uint32_t r = groups->rule_beg[g]; r < groups->rule_beg[g + 1]; r++) {
		sum += value[groups->rule[r]];
		/* Too short to be worth the compiler's vectors. */
		__asm__("" : "+r"(sum));
	}
	return sum & VX_COUNT_MAX;
}

/* Marks the sums of one metric that differ from their rule; absent ones become their rule. */
static void check_sums(struct vx_survey *s, uint64_t *value, const uint64_t *raw, uint8_t *mask)
{
	for (uint32_t i = 0; i < s->plan->n_sum; i++) {
		uint32_t g = s->plan->sum[i];
		uint64_t sum = rule_sum(s->shape->groups, g, value);

		if (value[g] == sum)
			continue;
		if (raw[g] == VX_NONE)
			value[g] = sum;
		else
			mask[i >> 3] |= (uint8_t)(1 << (i & 7));
	}
}

/* The same for a column that is 0 but for some leaves: 1 if it is as its rules say. */
static int sums_scattered(struct vx_survey *s, const uint64_t *value)
{
	const struct vx_plan *plan = s->plan;
	uint64_t left = 0;

	for (uint32_t i = 0; i < plan->n_sum; i++)
		s->sum[plan->sum[i]] = 0;
	for (uint32_t j = 0; j < plan->n_leaf; j++) {
		uint64_t v = value[plan->leaf[j]];

		for (uint32_t u = plan->up_beg[j]; v && u < plan->up_beg[j + 1]; u++)
			s->sum[plan->up[u]] += v;
	}
	for (uint32_t i = 0; i < plan->n_sum; i++)
		left |= s->sum[plan->sum[i]] ^ value[plan->sum[i]];
	return left == 0;
}

static int survey_row(struct vx_survey *s, const struct vx_row *row, struct vidx_error *err)
{
	uint32_t n = s->shape->groups->n, at = 0;
	size_t n_mask = vx_counts_mask_bytes(s->plan);
	uint64_t *v[VIDX_N_METRICS], *value = row->value;

	if (vx_counts_any_absent(value, vx_shape_values(s->shape))) {
		if (copy_values(s, value) != 0)
			return vx_fail(err, VIDX_EUSAGE, "a count is over %llu",
				       (unsigned long long)VX_COUNT_MAX);
		value = s->copy;
		note_presence(s, row->value);
	} else if (!s->full_seen) {
		s->full_seen = 1;
		note_presence(s, row->value);
	}
	for (int m = 0; m < VIDX_N_METRICS; m++) {
		v[m] = s->shape->metrics >> m & 1 ? value + at : NULL;
		at += v[m] ? n : 0;
	}
	if (v[VIDX_AN])
		tally_an(s, row->value + (v[VIDX_AN] - value));
	for (uint32_t g = 0; v[VIDX_AC] && g < n; g++)
		s->any_ac |= v[VIDX_AC][g];
	for (int m = VIDX_NHOMALT; m < VIDX_N_METRICS; m++)
		if (v[m])
			tally_rest(s, v, m, row->value + (v[m] - value));
	for (int m = 0; m < VIDX_N_METRICS && s->plan->n_sum; m++) {
		if (!v[m] || (m != VIDX_AN && s->plan->has_up && sums_scattered(s, v[m])))
			continue;
		check_sums(s, v[m], row->value + (v[m] - value), s->mask.p + n_mask * (size_t)m);
	}
	return 0;
}

/* How far AN lies below its base, by leaf and in all: now that the bases are known. */
static void tally_missing(struct vx_survey *s, const uint64_t *an)
{
	uint64_t total = 0;

	for (uint32_t j = 0; j < s->plan->n_leaf; j++) {
		struct vx_leaf_tally *t = &s->tally[j];
		uint64_t v = an[s->plan->leaf[j]];

		if (v == VX_NONE)
			continue;
		v = (t->an_max - v) >> !is_odd(t);
		t->missing += v;
		total += v;
	}
	s->total_hist[vx_bit_len(total)]++;
}

/* What only guides the choice of codes: from one row in eight. */
static void sample_rows(struct vx_survey *s, const struct vx_row *const *rows, uint32_t n)
{
	int an = vx_shape_slot(s->shape, VIDX_AN), ac = vx_shape_slot(s->shape, VIDX_AC);
	size_t n_groups = s->shape->groups->n;
	uint32_t step = n < 256 ? 1 : 8;

	for (uint32_t i = 0; i < n; i += step) {
		const uint64_t *value = rows[i]->value;

		s->n_sampled++;
		if (ac >= 0)
			tally_carriers(s, value + (size_t)ac * n_groups);
		if (an < 0)
			continue;
		tally_missing(s, value + (size_t)an * n_groups);
		if (i + 1 < n)
			tally_steps(s, value + (size_t)an * n_groups,
				    rows[i + 1]->value + (size_t)an * n_groups);
	}
}

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
		if (t->seen && t->an_min != t->an_max)
			s->counts.flags |= VX_F_AN_VARIES;
		steps = t->steps > steps ? t->steps : steps;
		carriers = t->carriers > carriers ? t->carriers : carriers;
		missing += t->missing;
	}
	for (uint32_t j = 0; j < s->plan->n_leaf; j++) {
		const struct vx_leaf_tally *t = &s->tally[j];

		as_share(t->missing, missing, &m, &e);
		vx_store64(b, t->an_max | (uint64_t)!is_odd(t) << 40 |
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

/* Writes the dictionary and renumbers the rows' FILTERs. */
static int settle_filters(struct vx_survey *s, uint32_t n)
{
	const uint32_t *to = vx_names_write(s->names, &s->filters);

	for (uint32_t i = 0; to && i < n; i++)
		s->filter[i] = to[s->filter[i]];
	s->n_filters = s->names->n;
	return to ? 0 : VIDX_ENOMEM;
}

static int begin(struct vx_survey *s, uint32_t n)
{
	uint32_t *filter;

	vx_buf_clear(&s->leaf);
	vx_buf_clear(&s->mask);
	vx_buf_clear(&s->pattern);
	vx_buf_clear(&s->filters);
	vx_names_clear(s->names);
	memset(&s->counts, 0, sizeof(s->counts));
	memset(s->tally, 0, s->plan->n_leaf * sizeof(*s->tally));
	for (uint32_t j = 0; j < s->plan->n_leaf; j++)
		s->tally[j].an_min = UINT64_MAX;
	memset(s->total_hist, 0, sizeof(s->total_hist));
	s->counts.shape = s->shape;
	s->counts.plan = s->plan;
	s->n_no_carriers = s->n_sampled = s->any_ac = 0;
	s->full_seen = 0;
	if (n > s->cap_rows) {
		filter = realloc(s->filter, n * sizeof(*filter));
		if (!filter)
			return VIDX_ENOMEM;
		s->filter = filter;
		s->cap_rows = n;
	}
	if (vx_buf_reserve(&s->mask, vx_counts_mask_bytes(s->plan) * VIDX_N_METRICS + 1) != 0)
		return VIDX_ENOMEM;
	memset(s->mask.p, 0, vx_counts_mask_bytes(s->plan) * VIDX_N_METRICS);
	return 0;
}

int vx_survey_run(struct vx_survey *s, const struct vx_row *const *rows, uint32_t n,
		  struct vidx_error *err)
{
	int rc;

	if (begin(s, n) != 0)
		return vx_fail_nomem(err);
	/* The hemi prediction is not settled before the rows are seen; leaves say "none" till then. */
	for (uint32_t j = 0; j < s->plan->n_leaf; j++)
		vx_buf_add(&s->leaf, "\0\0\0\0\0\0\0\0", VX_LEAF_BYTES);
	if (s->leaf.failed)
		return vx_fail_nomem(err);
	s->counts.leaf = s->leaf.p;
	for (uint32_t i = 0; i < n; i++) {
		rc = survey_row(s, rows[i], err);
		if (rc < 0)
			return rc;
		s->filter[i] = vx_names_add(s->names, rows[i]->filter);
		if (s->filter[i] == VX_NO_NAME)
			return vx_fail_nomem(err);
	}
	sample_rows(s, rows, n);
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
	if (settle_filters(s, n) != 0 || s->leaf.failed || s->pattern.failed || s->filters.failed)
		return vx_fail_nomem(err);
	s->counts.leaf = s->leaf.p;
	s->counts.sum_mask = s->mask.p;
	s->counts.pattern = s->pattern.p;
	return 0;
}
