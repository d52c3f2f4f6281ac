/*
 * sim_haplotypes.h: which chromosomes carry an allele, so that neighbouring variants agree.
 *
 * Along a chromosome every haplotype is a copy of one of 64 ancestral lineages; which one depends
 * on its population and changes, here and there, as one goes along (a mosaic).  At any place the
 * haplotypes stand in a row, sorted by lineage and within it by a fixed order of kinship that
 * keeps populations together.  An allele with L copies is carried by L neighbours in that row:
 * a rare one by close relatives of one population, a common one by whole lineages, that is by
 * every population in its own share.  Alleles of neighbouring records start from the same row and
 * so overlap, nest or exclude each other as they do in real data.
 *
 * Memory is 10 bytes per haplotype.  Moving along costs one counting sort per step.
 */
#ifndef BENCH_SIM_HAPLOTYPES_H
#define BENCH_SIM_HAPLOTYPES_H

#include "rng.h"
#include "sim_people.h"

enum {
	SIM_N_LINEAGES = 64,
	SIM_LINEAGE_SLOTS = 256, /* resolution of a population's lineage shares */
};

/* Share of haplotypes that change lineage from one step to the next. */
#define SIM_SWITCH_RATE 0.04

struct sim_haplotypes {
	uint32_t *kin;    /* haplotypes in order of kinship: 2 x person + (0 or 1) */
	uint32_t *row;    /* the same sorted by lineage at this place */
	uint8_t *lineage; /* of each haplotype at this place */
	uint8_t *pop;     /* of each person */
	uint32_t n;       /* haplotypes: two per person */
	uint32_t start[SIM_N_LINEAGES + 1]; /* where each lineage begins in row */
	uint8_t slots[SIM_N_POPS][SIM_LINEAGE_SLOTS];
};

/* A run of neighbours in the row: those who carry one allele. */
struct sim_carriers {
	uint32_t first, n; /* wraps round at the end of the row */
};

/*
 * Gives each population its lineages.  A population's shares are half its own and half its
 * super-population's; African ones are spread over more lineages than the others.
 */
static inline void sim_lineage_shares(struct sim_haplotypes *h, struct rng *r)
{
	double super[SIM_N_SUPERS][SIM_N_LINEAGES], share[SIM_N_LINEAGES];

	for (int s = 0; s < SIM_N_SUPERS; s++)
		for (int a = 0; a < SIM_N_LINEAGES; a++)
			super[s][a] = pow(rng_unit(r), s == 2 ? 2 : 6);
	for (int p = 0; p < SIM_N_POPS; p++) {
		double total = 0, upto = 0;
		int slot = 0;

		for (int a = 0; a < SIM_N_LINEAGES; a++) {
			share[a] = super[sim_pops[p].super][a] * (1 + rng_unit(r));
			total += share[a];
		}
		for (int a = 0; a < SIM_N_LINEAGES; a++) {
			upto += share[a] / total;
			while (slot < (int)(upto * SIM_LINEAGE_SLOTS + 0.5) &&
			       slot < SIM_LINEAGE_SLOTS)
				h->slots[p][slot++] = (uint8_t)a;
		}
	}
}

/* Haplotypes in order of kinship: by population (columns are), shuffled inside each. */
static inline void sim_kinship(struct sim_haplotypes *h, struct rng *r)
{
	uint32_t begin = 0;

	for (uint32_t i = 0; i < h->n; i++)
		h->kin[i] = i;
	for (uint32_t i = 1; i <= h->n; i++) {
		if (i < h->n && h->pop[i / 2] == h->pop[begin / 2])
			continue;
		for (uint32_t j = i - 1; j > begin; j--) {
			uint32_t k = rng_between(r, begin, j), other = h->kin[k];

			h->kin[k] = h->kin[j];
			h->kin[j] = other;
		}
		begin = i;
	}
}

static inline void sim_new_lineage(struct sim_haplotypes *h, uint32_t haplotype, struct rng *r)
{
	h->lineage[haplotype] = h->slots[h->pop[haplotype / 2]][rng_next(r) >> 56];
}

/* Sorts kin by lineage into row, keeping the order of kinship inside a lineage. */
static inline void sim_sort_row(struct sim_haplotypes *h)
{
	uint32_t next[SIM_N_LINEAGES] = {0}, sum = 0;

	for (uint32_t i = 0; i < h->n; i++)
		next[h->lineage[i]]++;
	for (int a = 0; a < SIM_N_LINEAGES; a++) {
		uint32_t n = next[a];

		h->start[a] = next[a] = sum;
		sum += n;
	}
	h->start[SIM_N_LINEAGES] = sum;
	for (uint32_t i = 0; i < h->n; i++)
		h->row[next[h->lineage[h->kin[i]]]++] = h->kin[i];
}

static inline void sim_haplotypes_init(struct sim_haplotypes *h, const struct sim_people *people,
				       struct rng *r)
{
	h->n = 2 * people->n;
	h->kin = sim_alloc(h->n, sizeof(*h->kin));
	h->row = sim_alloc(h->n, sizeof(*h->row));
	h->lineage = sim_alloc(h->n, sizeof(*h->lineage));
	h->pop = sim_alloc(people->n, sizeof(*h->pop));
	for (uint32_t i = 0; i < people->n; i++)
		h->pop[i] = people->person[i].pop;
	sim_lineage_shares(h, r);
	sim_kinship(h, r);
	for (uint32_t i = 0; i < h->n; i++)
		sim_new_lineage(h, i, r);
	sim_sort_row(h);
}

static inline void sim_haplotypes_release(struct sim_haplotypes *h)
{
	free(h->kin);
	free(h->row);
	free(h->lineage);
	free(h->pop);
}

/* Moves one step along the chromosome: a few haplotypes change lineage. */
static inline void sim_haplotypes_step(struct sim_haplotypes *h, struct rng *r)
{
	uint64_t i = rng_geometric(r, SIM_SWITCH_RATE) - 1;

	for (; i < h->n; i += rng_geometric(r, SIM_SWITCH_RATE))
		sim_new_lineage(h, (uint32_t)i, r);
	sim_sort_row(h);
}

/*
 * The carriers of a new allele with n copies, 1 <= n < h->n.  One with more copies than a typical
 * lineage has starts where a lineage does: that is what makes common neighbours agree.
 */
static inline struct sim_carriers sim_carriers_draw(const struct sim_haplotypes *h, uint32_t n,
						    struct rng *r)
{
	struct sim_carriers c = {.n = n};

	if (n < h->n / SIM_N_LINEAGES)
		c.first = rng_below(r, h->n);
	else
		c.first = h->start[rng_below(r, SIM_N_LINEAGES)] % h->n;
	return c;
}

/* Carrier number i of c, i < c.n: a haplotype. */
static inline uint32_t sim_carrier(const struct sim_haplotypes *h, const struct sim_carriers *c,
				   uint32_t i)
{
	uint32_t at = c->first + i;

	return h->row[at >= h->n ? at - h->n : at];
}

#endif
