/* alt: alleles as codes.  See FORMAT.md. */
#ifndef VX_CODEC_ALT_H
#define VX_CODEC_ALT_H

#include "codec/row.h"

/*
 * Test-only: the index keeps just the low 2 bits of allele hashes so that every lookup collides.
 * Do not ship an index made so.  Set before the first hash, never changed after; the meta of an
 * index says how many bits its hashes have, and readers follow.
 */
uint64_t vx_allele_hash(struct vx_slice ref, struct vx_slice alt, uint64_t end0, int64_t svlen,
			unsigned hash_bits);

#endif
