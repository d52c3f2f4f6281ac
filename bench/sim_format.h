/*
 * sim_format.h: the FORMAT column and the sample columns of a cohort record.
 *
 * Three layouts: GT alone; GT:AD:DP:GQ:PL as GATK writes it; and, for --ugly, layouts in which GT
 * is not first or not there, and trailing fields are dropped.
 *
 * Depth is near-Poisson around a mean of the sample's own (20 to 41).  A homozygous-REF sample's
 * whole text is a function of its depth and of one of a few noise values, so it comes from a
 * table: one random number and one 32-byte copy.  The number of noise values sets the entropy
 * and thereby the compressed size, which is tuned to that of real call sets (about 4 bytes per
 * sample after bgzip).
 */
#ifndef BENCH_SIM_FORMAT_H
#define BENCH_SIM_FORMAT_H

#include "sim_genotypes.h"

enum {
	SIM_DEPTH_CLASSES = 8,
	SIM_MAX_DEPTH = 96,
	SIM_NOISE = 80,    /* texts per depth */
	SIM_CELL_LEN = 32, /* room of a table text */
	/* Longest sample column: four copies, 17 AD values, 153 PL values. */
	SIM_CELL_MAX = 1400,
};

enum sim_field { SIM_GT, SIM_AD, SIM_DP, SIM_GQ, SIM_PL, SIM_N_FIELDS };

static const char sim_field_names[SIM_N_FIELDS][3] = {"GT", "AD", "DP", "GQ", "PL"};

struct sim_layout {
	enum sim_field field[SIM_N_FIELDS];
	int n;
	double dropped; /* share of samples that lack some trailing fields */
};

static const struct sim_layout sim_layout_gt = {.field = {SIM_GT}, .n = 1};
static const struct sim_layout sim_layout_full = {.field = {SIM_GT, SIM_AD, SIM_DP, SIM_GQ, SIM_PL},
						  .n = 5};

struct sim_hom_ref {
	char text[SIM_CELL_LEN];
	uint32_t len;
};

struct sim_reads {
	struct sim_hom_ref hom_ref[SIM_MAX_DEPTH][SIM_NOISE];
	uint8_t depth[SIM_DEPTH_CLASSES][256]; /* quantiles */
	char separator;
};

static inline uint32_t sim_gq(uint32_t depth, uint32_t noise)
{
	uint32_t gq = depth * 3 > noise * 3 ? depth * 3 - noise * 3 : 0;

	return gq > 99 ? 99 : gq;
}

static inline void sim_reads_init(struct sim_reads *reads, char separator, struct rng *r)
{
	reads->separator = separator;
	for (uint32_t d = 0; d < SIM_MAX_DEPTH; d++) {
		for (uint32_t v = 0; v < SIM_NOISE; v++) {
			struct sim_hom_ref *cell = &reads->hom_ref[d][v];
			uint32_t gq = sim_gq(d, v % 4), far = d * 30 + rng_below(r, d * 8 + 1);
			int n = snprintf(cell->text, sizeof(cell->text),
					 "0%c0:%u,0:%u:%u:0,%u,%u\t", separator, d, d, gq, gq, far);

			cell->len = (uint32_t)n;
		}
	}
	for (int c = 0; c < SIM_DEPTH_CLASSES; c++) {
		double mean = 20 + 3 * c;

		for (int q = 0; q < 256; q++) {
			double x = mean + sqrt(mean) * rng_normal(r);

			reads->depth[c][q] = (uint8_t)(x < 2                ? 2
						       : x >= SIM_MAX_DEPTH ? SIM_MAX_DEPTH - 1
									    : x);
		}
	}
}

static inline void sim_put_format(struct sim_out *o, const struct sim_layout *layout)
{
	for (int i = 0; i < layout->n; i++) {
		if (i > 0)
			sim_put_char(o, ':');
		sim_put_str(o, sim_field_names[layout->field[i]]);
	}
}

/* The read depths by allele of one sample: those it carries share the depth, others get none. */
static inline void sim_split_depth(uint32_t *ad, int n_alleles, const int *allele, int n_copies,
				   uint32_t depth)
{
	uint32_t left = depth;
	int called = 0;

	memset(ad, 0, (size_t)n_alleles * sizeof(*ad));
	for (int i = 0; i < n_copies; i++)
		called += allele[i] >= 0;
	for (int i = 0; i < n_copies; i++) {
		uint32_t share;

		if (allele[i] < 0)
			continue;
		share = called == 1 ? left : left / (uint32_t)called + (left & 1);
		share = share > left ? left : share;
		ad[allele[i]] += share;
		left -= share;
		called--;
	}
}

/* Genotype likelihoods: 0 for the called genotype and steps of the depth away from it. */
static inline char *sim_format_pl(char *p, const int *allele, int n_copies, int n_alleles,
				  uint32_t depth)
{
	int lo = n_copies == 2 && allele[0] > allele[1] ? allele[1] : allele[0];
	int hi = n_copies == 2 && allele[0] > allele[1] ? allele[0] : allele[n_copies - 1];

	if (n_copies > 2 || lo < 0) {
		*p++ = '.';
		return p;
	}
	for (int b = 0; b < n_alleles; b++) {
		for (int a = n_copies == 2 ? 0 : b; a <= b; a++) {
			uint32_t away = (uint32_t)(n_copies == 2 ? (a != lo) + (b != hi) : b != hi);

			if (a + b > 0)
				*p++ = ',';
			p = sim_format_u64(p, away == 0 ? 0 : away == 1 ? depth * 3 : depth * 33);
		}
	}
	return p;
}

/* One sample's column at p, no tab; n_fields of the layout.  Returns the end. */
static inline char *sim_format_sample(char *p, const struct sim_layout *layout, int n_fields,
				      const char *gt, uint32_t gt_len, int n_alleles,
				      uint32_t depth)
{
	int allele[SIM_MAX_COPIES], n_copies = sim_parse_gt(gt, gt_len, allele);
	uint32_t ad[SIM_MAX_ALTS + 1];

	for (int i = 0; i < n_fields; i++) {
		if (i > 0)
			*p++ = ':';
		switch (layout->field[i]) {
		case SIM_GT:
			p = (char *)memcpy(p, gt, gt_len) + gt_len;
			break;
		case SIM_AD:
			sim_split_depth(ad, n_alleles, allele, n_copies, depth);
			for (int k = 0; k < n_alleles; k++) {
				if (k > 0)
					*p++ = ',';
				p = sim_format_u64(p, ad[k]);
			}
			break;
		case SIM_DP:
			p = sim_format_u64(p, depth);
			break;
		case SIM_GQ:
			p = sim_format_u64(p, sim_gq(depth, 0));
			break;
		default:
			p = sim_format_pl(p, allele, n_copies, n_alleles, depth);
		}
	}
	return p;
}

/* How many fields of the layout this sample keeps; GT is always kept. */
static inline int sim_kept_fields(const struct sim_layout *layout, struct rng *r)
{
	int least = 1;

	if (layout->dropped <= 0 || !rng_chance(r, layout->dropped))
		return layout->n;
	for (int i = 0; i < layout->n; i++)
		if (layout->field[i] == SIM_GT)
			least = i + 1;
	return (int)rng_between(r, (uint32_t)least, (uint32_t)layout->n);
}

/* The sample columns of one record and its newline. */
static inline void sim_put_samples(struct sim_out *o, const struct sim_reads *reads,
				   const struct sim_layout *layout, const struct sim_row *row,
				   uint32_t n, int n_alleles, struct rng *r)
{
	int full = layout == &sim_layout_full;
	uint64_t bits = 0;

	for (uint32_t i = 0; i < n; i++) {
		const char *gt = row->text + row->offset[i];
		uint32_t gt_len = sim_gt_len(row, i), depth;
		char *p = sim_reserve(o, SIM_CELL_MAX), *end;

		bits = i % 4 == 0 ? rng_next(r) : bits >> 16;
		depth = reads->depth[i % SIM_DEPTH_CLASSES][bits & 0xff];
		if (full && n_alleles == 2 && gt_len == 3 && gt[0] == '0' && gt[2] == '0' &&
		    gt[1] == reads->separator) {
			const struct sim_hom_ref *cell =
				&reads->hom_ref[depth][(bits >> 8 & 0xff) % SIM_NOISE];

			memcpy(p, cell->text, SIM_CELL_LEN);
			o->len += cell->len;
			continue;
		}
		end = sim_format_sample(p, layout, sim_kept_fields(layout, r), gt, gt_len,
					n_alleles, depth);
		*end++ = '\t';
		o->len += (size_t)(end - p);
	}
	o->buf[o->len - 1] = '\n';
}

#endif
