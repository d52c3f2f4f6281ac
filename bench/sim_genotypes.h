/*
 * sim_genotypes.h: one record's GT column: made as text, and counted from that text.
 *
 * A row is the finished text of every sample's GT, each followed by a tab, with an offset per
 * sample.  Most samples are homozygous for REF, so a row starts as a copy of a template (all
 * "0|0", or the haploid forms of X, Y and M) and only the carriers are written over.
 *
 * The counter reads the row as any program would read it, and knows nothing of how it was made:
 * it gives the truth that --truth prints.  Where a row still has the template's offsets it skips
 * eight samples at a time that are as in the template.
 */
#ifndef BENCH_SIM_GENOTYPES_H
#define BENCH_SIM_GENOTYPES_H

#include "sim_genome.h"
#include "sim_haplotypes.h"
#include "sim_people.h"

enum {
	SIM_MAX_ALTS = 16,
	SIM_MAX_COPIES = 4,  /* highest ploidy of an odd genotype */
	SIM_GT_MAX_LEN = 12, /* "15|15|15|15" and its tab */
	SIM_ALL = SIM_N_SUPERS,
	SIM_N_GROUPS = SIM_N_SUPERS + 1, /* the super-populations, then everyone */
};

/* Every sample homozygous for REF, for one kind of place. */
struct sim_template {
	char *text;
	uint32_t *offset;  /* n + 1 */
	uint32_t n_copies; /* chromosomes among all samples */
	uint32_t an[SIM_N_SUPERS], ns[SIM_N_SUPERS];
};

struct sim_row {
	char *text;
	const uint32_t *offset; /* n + 1: a template's, or own_offset */
	char *odd_text;         /* second buffer, for rows that are written again */
	uint32_t *own_offset;
	char *clean_text;
};

/* SEMANTICS of each number: copies called, copies of ALT, and individuals; see count_sample. */
struct sim_counts {
	uint32_t an[SIM_N_GROUPS], ns[SIM_N_GROUPS];
	uint32_t ac[SIM_N_GROUPS][SIM_MAX_ALTS], hom[SIM_N_GROUPS][SIM_MAX_ALTS];
	uint32_t hemi[SIM_N_GROUPS][SIM_MAX_ALTS], het[SIM_N_GROUPS][SIM_MAX_ALTS];
};

static inline int sim_copies(enum sim_ploidy ploidy, const struct sim_person *who)
{
	switch (ploidy) {
	case SIM_X:
		return who->male ? 1 : 2;
	case SIM_Y:
		return who->male ? 1 : 0;
	case SIM_MITO:
		return 1;
	default:
		return 2;
	}
}

static inline void sim_template_init(struct sim_template *t, const struct sim_people *people,
				     enum sim_ploidy ploidy, char separator)
{
	uint32_t at = 0;

	memset(t, 0, sizeof(*t));
	t->text = sim_alloc(people->n, 4);
	t->offset = sim_alloc((size_t)people->n + 1, sizeof(*t->offset));
	for (uint32_t i = 0; i < people->n; i++) {
		int copies = sim_copies(ploidy, &people->person[i]),
		    super = people->person[i].super;

		t->offset[i] = at;
		t->text[at++] = copies ? '0' : '.';
		if (copies == 2) {
			t->text[at++] = separator;
			t->text[at++] = '0';
		}
		t->text[at++] = '\t';
		t->n_copies += (uint32_t)copies;
		t->an[super] += (uint32_t)copies;
		t->ns[super] += copies > 0;
	}
	t->offset[people->n] = at;
}

static inline void sim_template_release(struct sim_template *t)
{
	free(t->text);
	free(t->offset);
}

/* The number of GT characters of sample i, its tab left out. */
static inline uint32_t sim_gt_len(const struct sim_row *row, uint32_t i)
{
	return row->offset[i + 1] - row->offset[i] - 1;
}

/* Rows of n samples; odd rows need a second buffer. */
static inline void sim_row_init(struct sim_row *row, uint32_t n, int odd)
{
	memset(row, 0, sizeof(*row));
	row->clean_text = sim_alloc(n, 4);
	row->text = row->clean_text;
	if (odd) {
		row->odd_text = sim_alloc(n, SIM_GT_MAX_LEN);
		row->own_offset = sim_alloc((size_t)n + 1, sizeof(*row->own_offset));
	}
}

static inline void sim_row_release(struct sim_row *row)
{
	free(row->clean_text);
	free(row->odd_text);
	free(row->own_offset);
}

static inline void sim_row_reset(struct sim_row *row, const struct sim_template *t, uint32_t n)
{
	memcpy(row->clean_text, t->text, t->offset[n]);
	row->text = row->clean_text;
	row->offset = t->offset;
}

/*
 * Gives the carriers allele number allele, written as the one character '0' + allele even where
 * that is above '9': sim_row_odd() writes those rows out in full.  Where some haplotypes do not
 * exist (X, Y, M) the run is lengthened until c->n that do have been found.
 */
static inline void sim_row_carry(struct sim_row *row, const struct sim_haplotypes *h,
				 struct sim_carriers *c, int allele, enum sim_ploidy ploidy)
{
	char digit = (char)('0' + allele);
	uint32_t found = 0, i = 0;

	if (ploidy == SIM_DIPLOID) {
		for (; i < c->n; i++)
			row->text[2 * sim_carrier(h, c, i)] = digit;
		return;
	}
	for (; i < h->n && found < c->n; i++) {
		uint32_t haplotype = sim_carrier(h, c, i), person = haplotype / 2;
		uint32_t len = sim_gt_len(row, person), first = row->offset[person];

		if (row->text[first] == '.' || (len == 1 && haplotype % 2 == 1))
			continue;
		row->text[first + 2 * (haplotype % 2)] = digit;
		found++;
	}
	c->n = i;
}

/* Takes away one call of a half share of samples, all calls of a missing share. */
static inline void sim_row_miss(struct sim_row *row, uint32_t n, double missing, double half,
				struct rng *r)
{
	double either = missing + half;

	if (either <= 0)
		return;
	for (uint64_t i = rng_geometric(r, either) - 1; i < n; i += rng_geometric(r, either)) {
		char *gt = row->text + row->offset[i];
		int diploid = sim_gt_len(row, (uint32_t)i) == 3;
		int is_half = rng_unit(r) * either < half;

		if (is_half && diploid) {
			gt[rng_below(r, 2) * 2] = '.';
		} else if (!is_half) {
			gt[0] = '.';
			if (diploid)
				gt[2] = '.';
		}
	}
}

/* One genotype of n_copies alleles at p, each joined to the next by / or | ; returns the end. */
static inline char *sim_put_odd_gt(char *p, const int *allele, int n_copies, struct rng *r)
{
	for (int i = 0; i < n_copies; i++) {
		if (i > 0)
			*p++ = rng_next(r) >> 63 ? '|' : '/';
		if (allele[i] < 0)
			*p++ = '.';
		else
			p = sim_format_u64(p, (uint64_t)allele[i]);
	}
	return p;
}

/*
 * Writes the row again with genotypes of every other shape in a share odd of the samples: three
 * and four copies, one where two are due, a lone point, / and | mixed, a call missing in any
 * place; and writes alleles above 9 with two digits in all of them.
 */
static inline void sim_row_odd(struct sim_row *row, uint32_t n, double odd, struct rng *r)
{
	char *p = row->odd_text;

	for (uint32_t i = 0; i < n; i++) {
		const char *gt = row->text + row->offset[i];
		uint32_t len = sim_gt_len(row, i);
		int allele[SIM_MAX_COPIES], n_copies = len == 3 ? 2 : 1;

		for (int k = 0; k < n_copies; k++)
			allele[k] = gt[2 * k] == '.' ? -1 : gt[2 * k] - '0';
		row->own_offset[i] = (uint32_t)(p - row->odd_text);
		if (rng_chance(r, odd)) {
			int wanted = (int)rng_between(r, 1, SIM_MAX_COPIES);

			for (int k = n_copies; k < wanted; k++)
				allele[k] =
					rng_chance(r, 0.1) ? -1 : allele[rng_below(r, (uint32_t)k)];
			p = sim_put_odd_gt(p, allele, wanted, r);
		} else if (n_copies == 2) {
			p = sim_put_odd_gt(p, allele, 1, r);
			*p++ = gt[1];
			p = sim_put_odd_gt(p, allele + 1, 1, r);
		} else {
			p = sim_put_odd_gt(p, allele, 1, r);
		}
		*p++ = '\t';
	}
	row->own_offset[n] = (uint32_t)(p - row->odd_text);
	row->text = row->odd_text;
	row->offset = row->own_offset;
}

/* Reads the alleles of one GT text, -1 for a missing one.  Returns how many copies it has. */
static inline int sim_parse_gt(const char *gt, uint32_t len, int allele[SIM_MAX_COPIES])
{
	int n = 0;

	for (uint32_t i = 0; i < len && n < SIM_MAX_COPIES; n++) {
		int x = -1;

		for (; i < len && gt[i] != '/' && gt[i] != '|'; i++)
			if (gt[i] != '.')
				x = (x < 0 ? 0 : x * 10) + (gt[i] - '0');
		allele[n] = x;
		i++;
	}
	return n;
}

/*
 * Counts one sample for group g.  An ALT's hom: two or more calls, all of them this ALT; hemi: a
 * haploid call of it; het: two or more calls, some but not all of them this ALT.  A half call of
 * a diploid adds to AC and AN only.
 */
static inline void sim_count_sample(struct sim_counts *counts, int g, const char *gt, uint32_t len)
{
	int allele[SIM_MAX_COPIES], called[SIM_MAX_COPIES], n_called = 0;
	int n_copies = sim_parse_gt(gt, len, allele);

	for (int i = 0; i < n_copies; i++)
		if (allele[i] >= 0)
			called[n_called++] = allele[i];
	counts->an[g] += (uint32_t)n_called;
	counts->ns[g] += n_called > 0;
	for (int i = 0; i < n_called; i++) {
		int copies = 0, first = 1;

		if (called[i] == 0)
			continue;
		for (int k = 0; k < n_called; k++) {
			copies += called[k] == called[i];
			first &= called[k] != called[i] || k >= i;
		}
		counts->ac[g][called[i] - 1]++;
		if (!first)
			continue;
		if (n_called >= 2)
			(copies == n_called ? counts->hom : counts->het)[g][called[i] - 1]++;
		else if (n_copies == 1)
			counts->hemi[g][called[i] - 1]++;
	}
}

static inline void sim_count_total(struct sim_counts *c, int n_alts)
{
	for (int g = 0; g < SIM_N_SUPERS; g++) {
		c->an[SIM_ALL] += c->an[g];
		c->ns[SIM_ALL] += c->ns[g];
		for (int a = 0; a < n_alts; a++) {
			c->ac[SIM_ALL][a] += c->ac[g][a];
			c->hom[SIM_ALL][a] += c->hom[g][a];
			c->hemi[SIM_ALL][a] += c->hemi[g][a];
			c->het[SIM_ALL][a] += c->het[g][a];
		}
	}
}

/* Counts the row by super-population and in all.  t is the template it was made from. */
static inline void sim_count_row(struct sim_counts *counts, const struct sim_row *row,
				 const struct sim_template *t, const struct sim_people *people,
				 int n_alts)
{
	int same_layout = row->offset == t->offset;

	memset(counts, 0, sizeof(*counts));
	for (uint32_t i = 0; i < people->n; i++) {
		const char *gt = row->text + row->offset[i];
		uint32_t len = sim_gt_len(row, i);
		int g = people->person[i].super;

		if (same_layout && i + 8 <= people->n &&
		    memcmp(gt, t->text + t->offset[i], t->offset[i + 8] - t->offset[i]) == 0) {
			i += 7; /* counted below, with all that are as in the template */
			continue;
		}
		sim_count_sample(counts, g, gt, len);
		if (same_layout) {
			uint32_t copies = t->text[t->offset[i]] == '.' ? 0 : (len + 1) / 2;

			counts->an[g] -= copies;
			counts->ns[g] -= copies > 0;
		}
	}
	for (int g = 0; same_layout && g < SIM_N_SUPERS; g++) {
		counts->an[g] += t->an[g];
		counts->ns[g] += t->ns[g];
	}
	sim_count_total(counts, n_alts);
}

#endif
