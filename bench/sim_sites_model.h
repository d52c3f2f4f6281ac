/*
 * sim_sites_model.h: the counts of a gnomAD-like site: who was called, who carries, who is
 * homozygous, in 8 ancestries by 2 sexes.
 *
 * People: 75,019 in the numbers of gnomAD v4 genomes.
 *
 * Calls: the rate of missing people changes in stretches of about a hundred records.  Most
 * stretches miss a few in ten thousand, spread over the groups by their size; about one in
 * twenty five lies in a hard region and misses from 2 % to 90 %, more in some groups than in
 * others.  So AN is near its maximum at most sites, and the groups' ANs go together.  Records at
 * one position have the same calls.
 *
 * Carriers: a site is new in one ancestry; a rare allele stays mostly there, a common one has
 * spread, with frequencies that differ by ancestry.  Half of the sites have one copy, one in
 * twelve has none left after the genotype filters (gnomAD's AC0).
 *
 * Only the 16 leaves (ancestry by sex) are drawn.  Every other group is a sum of leaves, exactly.
 */
#ifndef BENCH_SIM_SITES_MODEL_H
#define BENCH_SIM_SITES_MODEL_H

#include "sim_genome.h"
#include "sim_spectrum.h"

enum {
	SITES_N_ANCESTRIES = 8,
	SITES_N_LEAVES = 2 * SITES_N_ANCESTRIES,       /* leaf = 2 x ancestry + sex; sex 1 is XY */
	SITES_N_GROUPS = 3 * (1 + SITES_N_ANCESTRIES), /* ALL and each ancestry, by none, XX, XY */
	SITES_RARE = 25,     /* copies up to which each is placed on its own */
	SITES_SLOTS = 4096,  /* resolution of a leaf's share of the people */
	SITES_STRETCH = 100, /* mean records with one rate of missing calls */
};

struct sites_ancestry {
	char name[4];
	uint32_t people[2]; /* XX, XY */
	double new_sites;   /* share of the sites that are new here */
};

static const struct sites_ancestry sites_ancestries[SITES_N_ANCESTRIES] = {
	{"afr", {11091, 9707}, .31},  {"ami", {235, 221}, .005},  {"amr", {3399, 4258}, .12},
	{"asj", {934, 802}, .03},     {"eas", {1141, 1463}, .07}, {"fin", {1287, 4029}, .035},
	{"nfe", {19686, 14343}, .36}, {"sas", {583, 1840}, .07},
};

struct sites_counts {
	uint32_t ac[SITES_N_GROUPS], an[SITES_N_GROUPS], hom[SITES_N_GROUPS];
};

struct sites_model {
	struct rng call_rng, carrier_rng;
	struct sim_spectrum spectrum;
	uint32_t people; /* in all leaves */
	uint32_t leaf_people[SITES_N_LEAVES];
	uint8_t slots[SITES_SLOTS]; /* a leaf, in proportion to its people */
	/* The current stretch. */
	uint64_t stretch_left;
	double missing;                /* mean share of people without a call */
	double factor[SITES_N_LEAVES]; /* of each leaf against that mean */
	int hard;
	/* The current record. */
	uint32_t called[SITES_N_LEAVES]; /* people with a call */
	uint32_t an[SITES_N_LEAVES], ac[SITES_N_LEAVES], hom[SITES_N_LEAVES];
	enum sim_ploidy ploidy;
};

static inline uint32_t sites_people(int leaf)
{
	return sites_ancestries[leaf / 2].people[leaf % 2];
}

static inline void sites_model_init(struct sites_model *m, uint64_t seed)
{
	static const struct sim_range spectrum_gnomad[] = {
		{.52, 1, 0},    {.14, 2, 0},    {.13, 5, 0},   {.11, 25, 0}, {.045, 0, .001},
		{.025, 0, .01}, {.012, 0, .05}, {.013, 0, .5}, {.005, 0, 1},
	};
	uint32_t upto = 0, slot = 0;

	memset(m, 0, sizeof(*m));
	for (int leaf = 0; leaf < SITES_N_LEAVES; leaf++)
		m->people += m->leaf_people[leaf] = sites_people(leaf);
	rng_init(&m->call_rng, seed, 10);
	rng_init(&m->carrier_rng, seed, 11);
	sim_spectrum_init(&m->spectrum, spectrum_gnomad,
			  (int)(sizeof(spectrum_gnomad) / sizeof(spectrum_gnomad[0])),
			  2 * m->people);
	for (int leaf = 0; leaf < SITES_N_LEAVES; leaf++) {
		upto += sites_people(leaf);
		while (slot < (uint64_t)upto * SITES_SLOTS / m->people)
			m->slots[slot++] = (uint8_t)leaf;
	}
}

/* Copies a person of this leaf has here. */
static inline uint32_t sites_copies(enum sim_ploidy ploidy, int leaf)
{
	switch (ploidy) {
	case SIM_X:
		return leaf % 2 ? 1 : 2;
	case SIM_Y:
		return leaf % 2 ? 1 : 0;
	case SIM_MITO:
		return 1;
	default:
		return 2;
	}
}

static inline void sites_new_stretch(struct sites_model *m)
{
	struct rng *r = &m->call_rng;
	double kind = rng_unit(r);

	m->stretch_left = rng_geometric(r, 1.0 / SITES_STRETCH);
	m->hard = kind < 0.04;
	if (m->hard)
		m->missing = exp(log(0.02) + rng_unit(r) * log(0.9 / 0.02));
	else if (kind < 0.2)
		m->missing = exp(log(0.001) + rng_unit(r) * log(0.02 / 0.001));
	else
		m->missing = exp(log(0.0004) + 0.7 * rng_normal(r));
	for (int leaf = 0; leaf < SITES_N_LEAVES; leaf++)
		m->factor[leaf] = exp(0.2 * rng_normal(r));
}

/*
 * Few are lost one by one, each in a leaf by its size: fewer than the smallest leaf has.  One
 * draw is five people, each counted apart, so that an addition need not wait for the one before.
 */
static inline void sites_lose_few(struct sites_model *m, double lost)
{
	struct rng *r = &m->call_rng;
	int n = (int)(lost + sqrt(lost) * rng_normal(r));
	uint32_t from[5][SITES_N_LEAVES] = {{0}};
	uint64_t bits = 0;

	for (; n >= 5; n -= 5) {
		bits = rng_next(r);
		from[0][m->slots[bits % SITES_SLOTS]]++;
		from[1][m->slots[(bits >> 12) % SITES_SLOTS]]++;
		from[2][m->slots[(bits >> 24) % SITES_SLOTS]]++;
		from[3][m->slots[(bits >> 36) % SITES_SLOTS]]++;
		from[4][m->slots[(bits >> 48) % SITES_SLOTS]]++;
	}
	if (n > 0)
		bits = rng_next(r);
	for (; n > 0; n--, bits >>= 12)
		from[n][m->slots[bits % SITES_SLOTS]]++;
	for (int leaf = 0; leaf < SITES_N_LEAVES; leaf++)
		m->called[leaf] -= from[0][leaf] + from[1][leaf] + from[2][leaf] + from[3][leaf] +
				   from[4][leaf];
}

/* Many are lost by leaf, at its own rate. */
static inline void sites_lose_many(struct sites_model *m, double rate)
{
	for (int leaf = 0; leaf < SITES_N_LEAVES; leaf++) {
		uint32_t people = m->leaf_people[leaf];
		double mean = people * rate * m->factor[leaf];
		double x = people - mean + sqrt(mean) * rng_normal(&m->call_rng);

		m->called[leaf] = x < 0 ? 0 : x > people ? people : (uint32_t)x;
	}
}

/* Draws who is called at the next position. */
static inline void sites_draw_calls(struct sites_model *m, enum sim_ploidy ploidy)
{
	uint32_t xx = sites_copies(ploidy, 0), xy = sites_copies(ploidy, 1);
	double rate, lost;

	if (m->stretch_left == 0)
		sites_new_stretch(m);
	m->stretch_left--;
	m->ploidy = ploidy;
	rate = m->missing * exp(0.2 * rng_normal(&m->call_rng));
	lost = rate * m->people;
	memcpy(m->called, m->leaf_people, sizeof(m->called));
	if (lost < 100)
		sites_lose_few(m, lost);
	else
		sites_lose_many(m, rate);
	for (int leaf = 0; leaf < SITES_N_LEAVES; leaf += 2) {
		m->an[leaf] = m->called[leaf] * xx;
		m->an[leaf + 1] = m->called[leaf + 1] * xy;
	}
}

/* Puts one copy into a leaf of this ancestry, if anyone is left there to carry it. */
static inline void sites_place_copy(struct sites_model *m, int ancestry)
{
	struct rng *r = &m->carrier_rng;
	uint32_t xx = m->an[2 * ancestry], xy = m->an[2 * ancestry + 1];
	int leaf = 2 * ancestry + (xx + xy > 0 && rng_below(r, xx + xy) >= xx);

	m->ac[leaf] += m->ac[leaf] < m->an[leaf];
}

static inline void sites_place_rare(struct sites_model *m, uint32_t copies)
{
	struct rng *r = &m->carrier_rng;
	double x = rng_unit(r);
	int origin = 0;

	while (origin < SITES_N_ANCESTRIES - 1 && x >= sites_ancestries[origin].new_sites)
		x -= sites_ancestries[origin++].new_sites;
	for (; copies > 0; copies--) {
		int elsewhere = rng_chance(r, 0.12);

		sites_place_copy(m, elsewhere ? m->slots[rng_next(r) >> 52] / 2 : origin);
	}
}

/* A frequency by ancestry around freq, then copies by leaf around that. */
static inline void sites_place_common(struct sites_model *m, double freq)
{
	struct rng *r = &m->carrier_rng;
	double spread = freq < 0.01 ? 1.2 : freq < 0.05 ? 0.8 : 0.5;

	for (int ancestry = 0; ancestry < SITES_N_ANCESTRIES; ancestry++) {
		double odds = freq / (1 - freq) * exp(spread * rng_normal(r));
		double local = odds / (1 + odds);

		for (int leaf = 2 * ancestry; leaf < 2 * ancestry + 2; leaf++) {
			double mean = m->an[leaf] * local;
			double x = mean + sqrt(mean * (1 - local)) * rng_normal(r) + 0.5;

			m->ac[leaf] = x < 0 ? 0 : x > m->an[leaf] ? m->an[leaf] : (uint32_t)x;
		}
	}
}

/* Homozygotes as Hardy and Weinberg expect them; none where only_het. */
static inline void sites_draw_hom(struct sites_model *m, int only_het)
{
	memset(m->hom, 0, sizeof(m->hom));
	for (int leaf = 0; leaf < SITES_N_LEAVES; leaf++) {
		uint32_t ac = m->ac[leaf], an = m->an[leaf], least, x;
		double mean;

		if (ac < 2 || sites_copies(m->ploidy, leaf) < 2)
			continue;
		least = ac > m->called[leaf] ? ac - m->called[leaf] : 0;
		mean = only_het ? 0 : (double)ac * ac / (2.0 * an);
		x = (uint32_t)mean;
		if (mean > 10) {
			double y = mean + sqrt(mean) * 0.5 * rng_normal(&m->carrier_rng);

			x = y < 0 ? 0 : (uint32_t)y;
		} else {
			x += (uint32_t)rng_chance(&m->carrier_rng, mean - x);
		}
		m->hom[leaf] = x < least ? least : x > ac / 2 ? ac / 2 : x;
	}
}

/* Draws who carries one ALT at the position whose calls are drawn.  Returns 1 if only as het. */
static inline int sites_draw_carriers(struct sites_model *m)
{
	struct rng *r = &m->carrier_rng;
	uint32_t copies = 0, all = 2 * m->people;
	int only_het = rng_chance(r, 0.002);

	memset(m->ac, 0, sizeof(m->ac));
	if (!rng_chance(r, m->hard ? 0.4 : 0.07))
		copies = sim_spectrum_draw(&m->spectrum, r);
	only_het &= copies > SITES_RARE && copies < all / 2;
	if (copies <= SITES_RARE)
		sites_place_rare(m, copies);
	else
		sites_place_common(m, (double)copies / all);
	if (copies < 2)
		memset(m->hom, 0, sizeof(m->hom));
	else
		sites_draw_hom(m, only_het);
	return only_het;
}

/* sum[group] of one count of the leaves: an ancestry is its two sexes, ALL is XX and XY. */
static inline void sites_sum_one(const uint32_t *leaf, uint32_t *sum)
{
	uint32_t xx = 0, xy = 0;

	for (int a = 0; a < SITES_N_ANCESTRIES; a++) {
		uint32_t *group = sum + 3 * (1 + a);

		group[0] = leaf[2 * a] + leaf[2 * a + 1];
		group[1] = leaf[2 * a];
		group[2] = leaf[2 * a + 1];
		xx += group[1];
		xy += group[2];
	}
	sum[0] = xx + xy;
	sum[1] = xx;
	sum[2] = xy;
}

/* Group number: 0 .. 2 are ALL, XX, XY; then each ancestry's all, XX, XY. */
static inline void sites_sum_groups(const struct sites_model *m, struct sites_counts *counts)
{
	sites_sum_one(m->ac, counts->ac);
	sites_sum_one(m->an, counts->an);
	sites_sum_one(m->hom, counts->hom);
}

/* Everyone alone; the other groups are left as they were. */
static inline void sites_sum_all(const struct sites_model *m, struct sites_counts *counts)
{
	uint32_t ac = 0, an = 0, hom = 0;

	for (int leaf = 0; leaf < SITES_N_LEAVES; leaf++) {
		ac += m->ac[leaf];
		an += m->an[leaf];
		hom += m->hom[leaf];
	}
	counts->ac[0] = ac;
	counts->an[0] = an;
	counts->hom[0] = hom;
}

#endif
