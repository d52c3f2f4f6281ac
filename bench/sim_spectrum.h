/*
 * sim_spectrum.h: how many copies of an allele a set of people carries.
 *
 * The allele count of a new site is drawn from a table of ranges; inside a range the density is
 * 1/x, as the neutral coalescent has it.  The weights of the ranges are measured, not derived:
 * recent growth of the population gives far more singletons than 1/x alone.
 */
#ifndef BENCH_SIM_SPECTRUM_H
#define BENCH_SIM_SPECTRUM_H

#include "rng.h"

enum { SIM_SPECTRUM_MAX = 12 };

/* One range of allele counts: hi copies, or hi_freq of all copies where that is more. */
struct sim_range {
	double weight; /* relative */
	uint32_t hi;
	double hi_freq;
};

struct sim_spectrum {
	double upto[SIM_SPECTRUM_MAX]; /* cumulative weight, the last is 1 */
	uint32_t lo[SIM_SPECTRUM_MAX], hi[SIM_SPECTRUM_MAX];
	int n;
};

/* Lays out n ranges, from one copy upwards, for people with n_copies chromosomes between them. */
static inline void sim_spectrum_init(struct sim_spectrum *s, const struct sim_range *range, int n,
				     uint32_t n_copies)
{
	double total = 0, sum = 0;
	uint32_t lo = 1, top = n_copies > 1 ? n_copies - 1 : 1;

	for (int i = 0; i < n; i++)
		total += range[i].weight;
	s->n = n;
	for (int i = 0; i < n; i++) {
		double by_freq = range[i].hi_freq * n_copies;
		uint32_t hi = by_freq > range[i].hi ? (uint32_t)by_freq : range[i].hi;

		hi = hi > top ? top : hi;
		s->lo[i] = lo > hi ? hi : lo;
		s->hi[i] = hi;
		sum += range[i].weight;
		s->upto[i] = sum / total;
		lo = hi + 1;
	}
}

/* An allele count in [1, n_copies - 1]. */
static inline uint32_t sim_spectrum_draw(const struct sim_spectrum *s, struct rng *r)
{
	double x = rng_unit(r);
	int i = 0;

	while (i < s->n - 1 && x >= s->upto[i])
		i++;
	return rng_log_uniform(r, s->lo[i], s->hi[i]);
}

#endif
