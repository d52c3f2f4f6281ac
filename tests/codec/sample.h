/*
 * sample: random shapes and rows for the tests of the codec and its benchmark.  Everything comes
 * from a seed; memory is one arena.
 */
#ifndef TESTS_CODEC_SAMPLE_H
#define TESTS_CODEC_SAMPLE_H

#include "base/arena.h"
#include "base/pos.h"
#include "codec/alt.h"
#include "codec/block.h"

#include <stdio.h>
#include <stdlib.h>

struct sample {
	uint64_t state; /* of the random numbers */
	struct vx_arena arena;
	struct vx_groups groups;
	struct vx_plan plan;
	struct vx_shape shape;
	unsigned hash_bits;
	struct vx_row **row;
	size_t n_rows;
};

static inline uint64_t sample_next(struct sample *s)
{
	uint64_t z = s->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static inline uint64_t sample_below(struct sample *s, uint64_t n)
{
	return sample_next(s) % n;
}

/* One in n. */
static inline int sample_once(struct sample *s, uint64_t n)
{
	return sample_below(s, n) == 0;
}

/* Small numbers often, up to bits wide. */
static inline uint64_t sample_skewed(struct sample *s, unsigned bits)
{
	return sample_next(s) >> (64 - sample_below(s, bits + 1)) % 64 &
	       ((UINT64_C(1) << bits) - 1);
}

/*
 * n groups whose rules are random sums of later groups, at most three deep: sums of leaves, sums
 * of sums.  Names are not needed here.
 */
static inline void sample_groups(struct sample *s, uint32_t n)
{
	struct vx_groups *g = &s->groups;
	uint32_t n_rule = 0;

	g->n = n;
	g->rule_beg = vx_arena_alloc(&s->arena, (n + 1) * sizeof(uint32_t));
	g->rule = vx_arena_alloc(&s->arena, (size_t)n * 4 * sizeof(uint32_t));
	g->order = vx_arena_alloc(&s->arena, n * sizeof(uint32_t));
	for (uint32_t i = 0; i < n; i++) {
		g->rule_beg[i] = n_rule;
		g->order[i] = n - 1 - i;
		if (i + 2 < n && sample_once(s, 3))
			for (uint32_t k = 2 + (uint32_t)sample_below(s, 3); k > 0; k--)
				g->rule[n_rule++] = i + 1 + (uint32_t)sample_below(s, n - i - 1);
	}
	g->rule_beg[n] = n_rule;
	vx_plan_make(&s->plan, g);
}

static inline void sample_init(struct sample *s, uint64_t seed, uint32_t n_groups, uint32_t metrics)
{
	memset(s, 0, sizeof(*s));
	s->state = seed;
	s->hash_bits = 64;
	vx_arena_init(&s->arena);
	sample_groups(s, n_groups);
	s->shape.groups = &s->groups;
	s->shape.metrics = metrics;
	s->shape.plan = &s->plan;
}

static inline void sample_release(struct sample *s)
{
	vx_arena_release(&s->arena);
	free(s->row);
}

static inline struct vx_slice sample_bases(struct sample *s, size_t len)
{
	char *p = vx_arena_alloc(&s->arena, len + 1);

	for (size_t i = 0; i < len; i++)
		p[i] = "ACGT"[sample_below(s, 4)];
	return vx_slice(p, len);
}

/* An allele of any kind, most often a substitution. */
static inline void sample_allele(struct sample *s, struct vx_row *row)
{
	static const char *const odd[] = {
		"<DEL>", "<DUP>", "<INS:ME:ALU>", "A[1:1000[", "A[1:2000[", "*", ".",
		"N",     "R",     "acgt",         ""};
	uint64_t kind = sample_below(s, 100);
	uint64_t pos0 = vx_locus_pos0(row->locus);

	row->ref = sample_bases(s, 1);
	row->alt = sample_bases(s, 1);
	if (kind >= 97)
		row->alt = vx_slice_str(odd[sample_below(s, sizeof(odd) / sizeof(odd[0]))]);
	else if (kind >= 95)
		row->alt = sample_bases(s, 100 + sample_below(s, 600));
	else if (kind >= 93)
		row->ref = sample_bases(s, 100 + sample_below(s, 600));
	else if (kind >= 85)
		row->ref = sample_bases(s, 1 + sample_below(s, 9));
	else if (kind >= 75)
		row->alt = sample_bases(s, 1 + sample_below(s, 9));
	if (kind >= 75 && kind < 97 && sample_once(s, 2)) /* share the first base, as indels do */
		((char *)(uintptr_t)row->alt.p)[0] = row->ref.p[0];
	row->end0 = pos0 + row->ref.len;
	row->svlen = 0;
	if (kind >= 97 && sample_once(s, 2)) {
		row->end0 = pos0 + sample_skewed(s, 30);
		row->svlen = (int64_t)sample_skewed(s, 30) * (sample_once(s, 2) ? 1 : -1);
	}
}

/* How the values of a sample look. */
enum sample_kind {
	SAMPLE_COHORT, /* like real counts: AC <= AN, sums hold, AN near its maximum */
	SAMPLE_WILD,   /* any number below 2^40, absent ones, nothing fits anything */
	SAMPLE_PARTLY, /* a cohort with absent columns and a few wild values */
	SAMPLE_N_KINDS
};

static inline void sample_sums(struct sample *s, uint64_t *value)
{
	const struct vx_groups *g = &s->groups;

	for (uint32_t i = 0; i < s->plan.n_sum; i++) {
		uint64_t sum = 0;

		for (uint32_t r = g->rule_beg[s->plan.sum[i]]; r < g->rule_beg[s->plan.sum[i] + 1];
		     r++)
			sum += value[g->rule[r]];
		value[s->plan.sum[i]] = sum & VX_COUNT_MAX;
	}
}

static inline void sample_values(struct sample *s, struct vx_row *row, enum sample_kind kind)
{
	uint32_t n = s->groups.n, n_values = vx_shape_values(&s->shape);
	uint64_t level = sample_skewed(s, 12), missing = sample_skewed(s, 8);

	row->value = vx_arena_alloc(&s->arena, ((size_t)n_values + 1) * 8);
	for (uint32_t v = 0; kind == SAMPLE_WILD && v < n_values; v++)
		row->value[v] = sample_once(s, 5) ? VX_NONE : sample_skewed(s, 40);
	if (kind == SAMPLE_WILD)
		return;
	for (int m = 0; m < VIDX_N_METRICS; m++) {
		int slot = vx_shape_slot(&s->shape, m);
		uint64_t *value = row->value + (size_t)(slot < 0 ? 0 : slot) * n;

		for (uint32_t g = 0; slot >= 0 && g < n; g++) {
			uint64_t base = 2000 * (g % 7 + 1),
				 an = base - 2 * sample_below(s, missing + 1);
			uint64_t ac = sample_once(s, 4) ? sample_below(s, level + 1) % (an + 1) : 0;

			value[g] = m == VIDX_AN ? an : m == VIDX_AC ? ac : 0;
			if (m > VIDX_AN && vx_shape_slot(&s->shape, VIDX_AC) >= 0)
				value[g] = row->value[g] / (m == VIDX_HET ? 1 : 4);
		}
		if (slot >= 0)
			sample_sums(s, value);
	}
	for (uint32_t v = 0; kind == SAMPLE_PARTLY && v < n_values; v++) {
		if (v % 11 == 3 || sample_once(s, 300))
			row->value[v] = VX_NONE;
		else if (sample_once(s, 200))
			row->value[v] = sample_skewed(s, 40);
	}
}

static inline void sample_texts(struct sample *s, struct vx_row *row)
{
	static const char *const filters[] = {"PASS", "PASS", "AC0", "AC0;AS_VQSR", ".", "q10"};
	static const char *const ids[] = {"", "", "rs1;rs2", "esv123", "rs007", "rs", "."};
	char *id = vx_arena_alloc(&s->arena, 32);

	row->filter = vx_slice_str(filters[sample_below(s, 6)]);
	row->id = vx_slice_str(ids[sample_below(s, 7)]);
	if (sample_once(s, 2))
		row->id = vx_slice(id,
				   (size_t)snprintf(id, 32, "rs%llu",
						    (unsigned long long)sample_skewed(s, 31) + 1));
}

static inline int sample_compare(const void *a, const void *b)
{
	return vx_row_compare(*(struct vx_row *const *)a, *(struct vx_row *const *)b);
}

/*
 * Makes n rows, fewer once doubles are gone: gap is the mean distance, switches says that every
 * so many rows a new contig begins (0: never).
 */
static inline void sample_rows(struct sample *s, size_t n, uint64_t gap, uint64_t switches,
			       enum sample_kind kind)
{
	uint64_t pos0 = sample_below(s, 1000);
	uint32_t contig = (uint32_t)sample_below(s, 3);
	size_t kept = 0;

	s->row = malloc((n + 1) * sizeof(*s->row));
	for (size_t i = 0; i < n; i++) {
		struct vx_row *row = vx_arena_alloc(&s->arena, sizeof(*row));

		memset(row, 0, sizeof(*row));
		pos0 += sample_once(s, 4) ? 0 : sample_below(s, 2 * gap + 1);
		if (switches && sample_once(s, switches)) {
			contig += 1 + (uint32_t)sample_below(s, 5);
			pos0 = sample_skewed(s, 36);
		}
		row->locus = vx_locus(contig, pos0);
		sample_allele(s, row);
		row->hash = vx_allele_hash(row->ref, row->alt, row->end0, row->svlen, s->hash_bits);
		sample_values(s, row, kind);
		sample_texts(s, row);
		s->row[i] = row;
	}
	qsort(s->row, n, sizeof(*s->row), sample_compare);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || vx_row_compare(s->row[kept - 1], s->row[i]) != 0)
			s->row[kept++] = s->row[i];
	s->n_rows = kept;
}

#endif
