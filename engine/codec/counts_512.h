/*
 * counts_512: the loops over leaves of counts_read.c, eight leaves at a time, for x86-64 with
 * AVX-512 VBMI2 (the servers of 2020 and on).  Same results as the plain code, bit for bit.
 */
#ifndef VX_CODEC_COUNTS_512_H
#define VX_CODEC_COUNTS_512_H

#include "codec/counts.h"

#if defined(__x86_64__)
static inline int vx_has_512(void)
{
	return __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512vbmi") &&
	       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2");
}

/* Groups that it reads: its arrays stay within a page, as loads and stores 4 KiB apart clash. */
#define VX_512_GROUPS 128

/*
 * Whether vx_512_row() reads rows of the block; and a row of such a block, as vx_counts_read(), or
 * 0 where it may hold an escape.
 */
static inline int vx_512_reads(const struct vx_counts *c)
{
	const uint32_t all_leaves = VX_F_ALL_LEAVES(VIDX_NHOMALT) | VX_F_ALL_LEAVES(VIDX_NHEMI) |
				    VX_F_ALL_LEAVES(VIDX_HET) | VX_F_ALL_LEAVES(VIDX_AC_HET);
	const uint32_t sums = UINT32_MAX << VX_F_SUMS_SHIFT;
	const uint32_t needed = VX_F_AN_VARIES | VX_F_AC_CODED;

	return c->shape->groups->n <= VX_512_GROUPS &&
	       (c->flags & (all_leaves | sums | needed)) == needed && c->n_patterns == 0 &&
	       c->n_refs == 0 && (c->shape->metrics & 3) == 3 && c->plan->n_leaf > 4 &&
	       c->plan->has_up;
}
uint64_t vx_512_row(const struct vx_counts *c, const struct vx_bits *bits, uint64_t *value);
/*
 * Rice codes of n numbers with parameters k, at most 56 each, from pos on (that of bits does not
 * count).  Returns the position behind them; or 0, where one may be an escape.
 */
uint64_t vx_512_rice(const struct vx_bits *bits, uint64_t pos, const uint64_t *k, uint64_t *z,
		     uint32_t n);
/* What is missing at each leaf, of which total was read; the rest of it.  Returns the same. */
uint64_t vx_512_missing(const struct vx_counts *c, const struct vx_bits *bits, uint64_t pos,
			uint64_t total, uint64_t *missing);
/* AN of each leaf from what is missing. */
void vx_512_an(const struct vx_counts *c, const uint64_t *missing, uint64_t *an);
#else
static inline int vx_has_512(void)
{
	return 0;
}

static inline int vx_512_reads(const struct vx_counts *c)
{
	(void)c;
	return 0;
}

static inline uint64_t vx_512_row(const struct vx_counts *c, const struct vx_bits *bits,
				  uint64_t *value)
{
	(void)c, (void)bits, (void)value;
	return 0;
}

static inline uint64_t vx_512_rice(const struct vx_bits *bits, uint64_t pos, const uint64_t *k,
				   uint64_t *z, uint32_t n)
{
	(void)bits, (void)pos, (void)k, (void)z, (void)n;
	return 0;
}

static inline uint64_t vx_512_missing(const struct vx_counts *c, const struct vx_bits *bits,
				      uint64_t pos, uint64_t total, uint64_t *missing)
{
	(void)c, (void)bits, (void)pos, (void)total, (void)missing;
	return 0;
}

static inline void vx_512_an(const struct vx_counts *c, const uint64_t *missing, uint64_t *an)
{
	(void)c, (void)missing, (void)an;
}
#endif

#endif
