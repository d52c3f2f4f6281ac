#include "codec/survey.h"

#include "base/status.h"
#include "codec/names.h"
#include "base/wide.h"

#include <stdlib.h>

int vx_survey_init(struct vx_survey *s, const struct vx_shape *shape, const struct vx_plan *plan)
{
	memset(s, 0, sizeof(*s));
	s->shape = shape;
	s->plan = plan;
	s->tally = calloc(plan->n_leaf, sizeof(*s->tally));
	s->copy = calloc((size_t)vx_shape_values(shape) + 1, sizeof(*s->copy));
	s->names = calloc(1, sizeof(*s->names));
	s->an.now = calloc((size_t)plan->n_leaf * 5, sizeof(uint64_t));
	if (!s->tally || !s->copy || !s->names || !s->an.now) {
		vx_survey_release(s);
		return VIDX_ENOMEM;
	}
	s->an.most = s->an.now + plan->n_leaf;
	s->an.least = s->an.most + plan->n_leaf;
	s->an.odd = s->an.least + plan->n_leaf;
	s->an.seen = s->an.odd + plan->n_leaf;
	return 0;
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
	free(s->an.now);
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

/* What must hold for every row; absent: some values may be. */
VX_INLINE void tally_an(struct vx_survey *s, const uint64_t *an, int absent)
{
	uint32_t n = s->plan->n_leaf;
	uint64_t *x = s->an.now, *most = s->an.most, *least = s->an.least;
	uint64_t *odd = s->an.odd, *seen = s->an.seen;

	for (uint32_t j = 0; j < n; j++)
		x[j] = an[s->plan->leaf[j]];
	for (uint32_t j = 0; j < n; j++) {
		uint64_t given = absent ? x[j] != VX_NONE : 1, v = absent && !given ? 0 : x[j];

		/* Counts are below 2^63, so that signed comparisons, which vectors have, do. */
		most[j] = (int64_t)v > (int64_t)most[j] ? v : most[j];
		v = absent && !given ? VX_COUNT_MAX : v;
		least[j] = (int64_t)v < (int64_t)least[j] ? v : least[j];
		odd[j] += x[j] & given;
		seen[j] += given;
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

VX_INLINE void tally_hemi(struct vx_survey *s, uint32_t j, uint64_t x, uint64_t ac, uint64_t hom)
{
	s->tally[j].hemi_plain += x != 0;
	s->tally[j].hemi_ac += x != vx_counts_minus(ac, 2 * hom);
	if (ac == 0 && x != 0)
		s->counts.flags |= VX_F_ALL_LEAVES(VIDX_NHEMI);
}

VX_INLINE void tally_rest(struct vx_survey *s, uint64_t *const *v, int metric, const uint64_t *raw)
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

/* Whether every sum of three columns (not all different, maybe) is as its rule says. */
VX_INLINE int sums_hold(const struct vx_survey *s, const uint64_t *a, const uint64_t *b,
			const uint64_t *c)
{
	const struct vx_groups *groups = s->shape->groups;
	uint64_t differ = 0;

	for (uint32_t i = 0; i < s->plan->n_sum; i++) {
		uint32_t g = s->plan->sum[i];
		const uint32_t *rule = groups->rule + groups->rule_beg[g];
		const uint32_t *end = groups->rule + groups->rule_beg[g + 1];
		uint64_t sum_a = 0, sum_b = 0, sum_c = 0;

		do {
			uint32_t of = *rule++;

			sum_a += a[of];
			sum_b += b[of];
			sum_c += c[of];
			/* Too short to be worth the compiler's vectors. */
			__asm__("" : "+r"(sum_a), "+r"(sum_b), "+r"(sum_c));
		} while (rule < end);
		differ |= (sum_a ^ a[g]) | (sum_b ^ b[g]) | (sum_c ^ c[g]);
	}
	return differ == 0;
}

/* Notes which sums of any metric differ from their rule. */
VX_INLINE void tally_sums(struct vx_survey *s, uint64_t *const *v, const uint64_t *value,
			  const uint64_t *raw)
{
	size_t n_mask = vx_counts_mask_bytes(s->plan);
	uint64_t *column[VIDX_N_METRICS + 2];
	int metric[VIDX_N_METRICS + 2], n = 0;

	for (int m = 0; m < VIDX_N_METRICS; m++) {
		metric[n] = m;
		column[n] = v[m];
		n += v[m] != NULL;
	}
	for (int i = 0; i < n; i += 3) {
		uint64_t *b = column[i + 1 < n ? i + 1 : i], *c = column[i + 2 < n ? i + 2 : i];

		if (sums_hold(s, column[i], b, c))
			continue;
		for (int x = i; x < n && x < i + 3; x++)
			check_sums(s, column[x], raw + (column[x] - value),
				   s->mask.p + n_mask * (size_t)metric[x]);
	}
}

VX_INLINE uint64_t any_of(const uint64_t *value, uint32_t n)
{
	uint64_t any = 0;

	for (uint32_t g = 0; g < n; g++)
		any |= value[g];
	return any;
}

VX_INLINE int vx_survey_row_body(struct vx_survey *s, const struct vx_row *row)
{
	uint32_t n = s->shape->groups->n, at = 0;
	int absent = vx_counts_any_absent(row->value, vx_shape_values(s->shape));
	uint64_t *v[VIDX_N_METRICS], *value = row->value;

	if (absent) {
		if (copy_values(s, value) != 0)
			return VIDX_EUSAGE;
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
		tally_an(s, row->value + (v[VIDX_AN] - value), absent);
	if (v[VIDX_AC])
		s->any_ac |= any_of(v[VIDX_AC], n);
	for (int m = VIDX_NHOMALT; m < VIDX_N_METRICS; m++)
		if (v[m])
			tally_rest(s, v, m, row->value + (v[m] - value));
	if (s->plan->n_sum)
		tally_sums(s, v, value, row->value);
	return 0;
}

int vx_survey_row(struct vx_survey *s, const struct vx_row *row);
VX_WIDE(int, vx_survey_row, (struct vx_survey * s, const struct vx_row *row), (s, row))

/* How far AN lies below its base, by leaf and in all: now that the bases are known. */
static void tally_missing(struct vx_survey *s, const uint64_t *an)
{
	uint64_t total = 0;

	for (uint32_t j = 0; j < s->plan->n_leaf; j++) {
		struct vx_leaf_tally *t = &s->tally[j];
		uint64_t v = an[s->plan->leaf[j]];

		if (v == VX_NONE)
			continue;
		v = (s->an.most[j] - v) >> !vx_survey_is_odd(s, j);
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
	memset(s->an.now, 0, (size_t)s->plan->n_leaf * 5 * sizeof(uint64_t));
	for (uint32_t j = 0; j < s->plan->n_leaf; j++)
		s->an.least[j] = VX_COUNT_MAX;
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

/* Rows lie anywhere in memory: their values are on the way two rows ahead. */
static inline void fetch_values(const struct vx_survey *s, const struct vx_row *row)
{
	uint32_t n = vx_shape_values(s->shape);

	for (uint32_t i = 0; i < n && i < 256; i += 8)
		__builtin_prefetch(row->value + i);
}

int vx_survey_run(struct vx_survey *s, const struct vx_row *const *rows, uint32_t n,
		  struct vidx_error *err)
{
	if (begin(s, n) != 0)
		return vx_fail_nomem(err);
	/* The hemi prediction is not settled before the rows are seen; leaves say "none" till then. */
	for (uint32_t j = 0; j < s->plan->n_leaf; j++)
		vx_buf_add(&s->leaf, "\0\0\0\0\0\0\0\0", VX_LEAF_BYTES);
	if (s->leaf.failed)
		return vx_fail_nomem(err);
	s->counts.leaf = s->leaf.p;
	for (uint32_t i = 0; i < n; i++) {
		if (i + 2 < n)
			fetch_values(s, rows[i + 2]);
		if (vx_survey_row(s, rows[i]) < 0)
			return vx_fail(err, VIDX_EUSAGE, "a count is over %llu",
				       (unsigned long long)VX_COUNT_MAX);
		s->filter[i] = vx_names_add(s->names, rows[i]->filter);
		if (s->filter[i] == VX_NO_NAME)
			return vx_fail_nomem(err);
	}
	sample_rows(s, rows, n);
	vx_survey_settle(s);
	if (settle_filters(s, n) != 0 || s->leaf.failed || s->pattern.failed || s->filters.failed)
		return vx_fail_nomem(err);
	s->counts.leaf = s->leaf.p;
	s->counts.sum_mask = s->mask.p;
	s->counts.pattern = s->pattern.p;
	return 0;
}
