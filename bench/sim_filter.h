/*
 * sim_filter.h: which alleles have been seen, in bounded memory.
 *
 * A Bloom filter over 64-bit hashes of trimmed alleles.  "No" is certain; "maybe" is wrong now
 * and then, more often the fuller the filter is: at 16 bits per allele about once in 400.
 */
#ifndef BENCH_SIM_FILTER_H
#define BENCH_SIM_FILTER_H

#include "rng.h"
#include "sim_out.h"

/* Bits set per allele, all in one cache line. */
enum { SIM_FILTER_PROBES = 4 };

/* Clears the bit by which lower-case letters differ; what it does to others harms nothing. */
#define SIM_UPPER_CASE UINT64_C(0xdfdfdfdfdfdfdfdf)

/* Hashes on their way into the filter, whose lines are on their way from memory; a power of two. */
enum { SIM_FILTER_QUEUE = 32 };

/* Blocked Bloom filter: n_lines of 512 bits. */
struct sim_filter {
	uint64_t *bits;
	uint64_t n_lines;
	uint64_t queue[SIM_FILTER_QUEUE], n_queued; /* n_queued: ever; see sim_filter_add_later() */
};

static inline uint64_t sim_hash_text(uint64_t hash, const char *text, size_t len)
{
	for (; len >= 8; text += 8, len -= 8) {
		uint64_t word;

		memcpy(&word, text, 8);
		hash = rng_mix(hash ^ (word & SIM_UPPER_CASE));
	}
	if (len > 0) {
		uint64_t word = 0;

		memcpy(&word, text, len);
		hash = rng_mix(hash ^ (word & SIM_UPPER_CASE));
	}
	return hash;
}

/* The hash of an allele's trimmed form: common suffix off, then common prefix, one base kept. */
static inline uint64_t sim_allele_hash(uint32_t contig, uint32_t pos1, const char *ref,
				       const char *alt)
{
	size_t ref_len = strlen(ref), alt_len = strlen(alt);
	uint64_t hash;

	while (ref_len > 1 && alt_len > 1 && (ref[ref_len - 1] | 32) == (alt[alt_len - 1] | 32)) {
		ref_len--;
		alt_len--;
	}
	while (ref_len > 1 && alt_len > 1 && (*ref | 32) == (*alt | 32)) {
		ref++;
		alt++;
		ref_len--;
		alt_len--;
		pos1++;
	}
	hash = rng_mix((uint64_t)contig << 32 | pos1);
	hash = sim_hash_text(hash ^ ref_len, ref, ref_len);
	return sim_hash_text(hash ^ alt_len << 32, alt, alt_len);
}

/* The line of a hash, eight words of 64 bits; a remix of the hash says which bits in it. */
static inline uint64_t *sim_filter_line(const struct sim_filter *f, uint64_t hash)
{
	return f->bits + 8 * (uint64_t)(((unsigned __int128)hash * f->n_lines) >> 64);
}

static inline void sim_filter_add(struct sim_filter *f, uint64_t hash)
{
	uint64_t *line = sim_filter_line(f, hash), bits = rng_mix(hash);

	for (int i = 0; i < SIM_FILTER_PROBES; i++, bits >>= 9)
		line[bits >> 6 & 7] |= UINT64_C(1) << (bits & 63);
}

/* sim_filter_add(), when its line has come; sim_filter_settle() before the filter is asked. */
static inline void sim_filter_add_later(struct sim_filter *f, uint64_t hash)
{
	uint64_t *slot = &f->queue[f->n_queued % SIM_FILTER_QUEUE];

	__builtin_prefetch(sim_filter_line(f, hash), 1);
	if (f->n_queued++ >= SIM_FILTER_QUEUE)
		sim_filter_add(f, *slot);
	*slot = hash;
}

static inline void sim_filter_settle(struct sim_filter *f)
{
	uint64_t n = f->n_queued < SIM_FILTER_QUEUE ? f->n_queued : SIM_FILTER_QUEUE;

	for (uint64_t i = 0; i < n; i++)
		sim_filter_add(f, f->queue[i]);
	f->n_queued = 0;
}

/* 0 only if the hash was never added. */
static inline int sim_filter_may_have(const struct sim_filter *f, uint64_t hash)
{
	const uint64_t *line = sim_filter_line(f, hash);
	uint64_t bits = rng_mix(hash);

	for (int i = 0; i < SIM_FILTER_PROBES; i++, bits >>= 9)
		if (!(line[bits >> 6 & 7] >> (bits & 63) & 1))
			return 0;
	return 1;
}

#endif
