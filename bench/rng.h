/*
 * rng.h: small deterministic random numbers for the simulators and benchmarks.
 *
 * xoshiro256++ (Blackman and Vigna, 2019), seeded through splitmix64 as its authors advise.
 * Both are written here from the published recurrences, so that a seed gives the same numbers on
 * every machine, compiler and C library.  (Draws through exp and log may differ in their last bit
 * between C libraries or processors; whoever compares bytes does so on one machine.)  Not for
 * secrets.
 *
 * A generator belongs to one thread.  One program uses several of them, each with its own
 * stream number, so that asking for one more number in one place (another FORMAT, say) leaves
 * every other part of the data as it was.
 */
#ifndef BENCH_RNG_H
#define BENCH_RNG_H

#include <math.h>
#include <stdint.h>

struct rng {
	uint64_t s[4];
};

/* One step of splitmix64; also a good 64-bit mixer of a counter. */
static inline uint64_t rng_mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

static inline void rng_init(struct rng *r, uint64_t seed, uint64_t stream)
{
	uint64_t x = rng_mix(seed) ^ rng_mix(~stream);

	for (int i = 0; i < 4; i++) {
		r->s[i] = rng_mix(x);
		x += 0x9e3779b97f4a7c15u;
	}
}

static inline uint64_t rng_rotl(uint64_t x, int k)
{
	return x << k | x >> (64 - k);
}

static inline uint64_t rng_next(struct rng *r)
{
	uint64_t *s = r->s;
	uint64_t result = rng_rotl(s[0] + s[3], 23) + s[0];
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rng_rotl(s[3], 45);
	return result;
}

/*
 * A whole number in [0, n), n >= 1, by the multiply-shift reduction.  The bias is below
 * n / 2^32 and of no account here; in return there is no loop.
 */
static inline uint32_t rng_below(struct rng *r, uint32_t n)
{
	return (uint32_t)(((rng_next(r) >> 32) * n) >> 32);
}

/* A whole number in [lo, hi], both included; hi - lo < 2^32 - 1. */
static inline uint32_t rng_between(struct rng *r, uint32_t lo, uint32_t hi)
{
	return lo + rng_below(r, hi - lo + 1);
}

/* A double in [0, 1) with 53 random bits. */
static inline double rng_unit(struct rng *r)
{
	return (double)(rng_next(r) >> 11) * 0x1p-53;
}

/* 1 with probability p, else 0. */
static inline int rng_chance(struct rng *r, double p)
{
	return rng_unit(r) < p;
}

/* What rng_geometric_at() wants of a probability. */
static inline double rng_geometric_scale(double p)
{
	return log1p(-p);
}

/* rng_geometric() of p in (0, 1), with its logarithm taken beforehand. */
static inline uint64_t rng_geometric_at(struct rng *r, double p, double scale)
{
	double x = rng_unit(r);

	/* Most draws of a large p need no logarithm; those near the border take it. */
	return x < p * 0.999999 ? 1 : 1 + (uint64_t)(log1p(-x) / scale);
}

/* Trials up to and including the first success of probability p in (0, 1]: 1, 2, 3, ... */
static inline uint64_t rng_geometric(struct rng *r, double p)
{
	if (p >= 1.0)
		return 1;
	return 1 + (uint64_t)(log1p(-rng_unit(r)) / log1p(-p));
}

/* A standard normal by the sum of twelve uniforms: tails end at 6, which suits noise. */
static inline double rng_normal(struct rng *r)
{
	const uint64_t low = UINT64_C(0x0000ffff0000ffff);
	uint64_t sum = 0; /* in two halves of 32 bits */

	for (int i = 0; i < 3; i++) {
		uint64_t x = rng_next(r);

		sum += (x & low) + (x >> 16 & low);
	}
	sum = (sum & UINT32_MAX) + (sum >> 32);
	return ((double)sum + 6.0) * 0x1p-16 - 6.0;
}

/* A whole number in [lo, hi], 1 <= lo <= hi, whose logarithm is uniform: density 1/x. */
static inline uint32_t rng_log_uniform(struct rng *r, uint32_t lo, uint32_t hi)
{
	double u = rng_unit(r), x;

	if (lo == hi)
		return lo;
	x = (double)lo * exp(u * log(((double)hi + 1.0) / (double)lo));
	return x >= (double)hi ? hi : (uint32_t)x;
}

#endif
