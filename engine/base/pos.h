/*
 * pos: the only place where 1-based text positions and 0-based ones are converted, and where a
 * contig and a position become one number.
 */
#ifndef VX_BASE_POS_H
#define VX_BASE_POS_H

#include <stdint.h>

/*
 * A locus is contig << 40 | pos0: its order as an integer is genome order.  40 bits, not 32:
 * assemblies with contigs over 4.29 Gb exist, and htslib writes VCF for them.
 */
#define VX_POS0_MAX    ((UINT64_C(1) << 40) - 2)
#define VX_CONTIGS_MAX ((UINT32_C(1) << 24) - 1)

static inline uint64_t vx_pos0(uint64_t pos1)
{
	return pos1 - 1;
}
static inline uint64_t vx_pos1(uint64_t pos0)
{
	return pos0 + 1;
}

static inline uint64_t vx_locus(uint32_t contig, uint64_t pos0)
{
	return (uint64_t)contig << 40 | pos0;
}

static inline uint32_t vx_locus_contig(uint64_t locus)
{
	return (uint32_t)(locus >> 40);
}
static inline uint64_t vx_locus_pos0(uint64_t locus)
{
	return locus & ((UINT64_C(1) << 40) - 1);
}

#endif
