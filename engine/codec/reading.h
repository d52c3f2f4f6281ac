/*
 * reading: a row under way in counts_read.c, and how it reads Rice codes.  Private to that.
 */
#ifndef VX_CODEC_READING_H
#define VX_CODEC_READING_H

#include "base/wide.h"
#include "codec/counts.h"
#include "codec/counts_512.h"

/* A row being read. */
struct reading {
	const struct vx_counts *c;
	const struct vx_plan *plan;
	const struct vx_bits *from;
	struct vx_bits bits;         /* of from, as far as it has been read */
	uint64_t *v[VIDX_N_METRICS]; /* NULL: the index does not hold it */
	uint32_t n, n_leaf;          /* groups; those that are stored */
	uint32_t n_carriers;
	/* Rooms for a number a group, next to each other: 4 KiB apart they would slow each other. */
	uint64_t *z, *k, *missing;
	uint16_t *carrier; /* leaves with AC > 0, ascending */
	uint16_t *at;
};

/*
 * What is not inlined gets a copy of the bits and returns the position: so the reader's own stay in
 * registers.
 */

/* The quotients of n Rice codes, some of them VX_RICE_ESCAPE: a wide number. */
static uint64_t read_escaped(struct vx_bits bits, uint64_t *z, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint64_t w = vx_bits_peek(&bits) | UINT64_C(1) << VX_RICE_ESCAPE;

		z[i] = (unsigned)__builtin_ctzll(w);
		bits.pos += z[i] + (z[i] < VX_RICE_ESCAPE);
	}
	return bits.pos;
}

/* The quotients of n Rice codes.  1, or 0: there may be an escape, nothing was read. */
VX_INLINE int read_quotients(struct vx_bits *bits, uint64_t *z, uint32_t n)
{
	uint64_t pos = bits->pos;
	unsigned large = 0;

	for (uint32_t i = 0; i < n;) {
		uint64_t w = vx_bits_peek_at(bits, pos);
		unsigned from = 0;

		if (__builtin_expect(w == 0, 0))
			return 0;
		while (w != 0) {
			unsigned end = (unsigned)__builtin_ctzll(w), q = end - from;

			z[i] = q;
			/* Bit 5 or 6 comes up where a quotient is VX_RICE_ESCAPE or more. */
			large |= q + (32 - VX_RICE_ESCAPE);
			from = end + 1;
			w &= w - 1;
			if (++i == n)
				break;
		}
		pos += from;
	}
	if (__builtin_expect(large & 96, 0))
		return 0;
	bits->pos = pos;
	return 1;
}

/*
 * Rice codes of n numbers: first every quotient in unary, then every remainder.  So the serial
 * part is a bit scan a number, and the remainders are loaded independently of each other.
 */
VX_INLINE void rice_read(const struct reading *r, struct vx_bits *bits, uint32_t n, int tier)
{
	uint64_t *z = r->z;
	const uint64_t *k = r->k;
	uint64_t pos;
	int plain;

	if (tier == 2 && n > 4 && (pos = vx_512_rice(r->from, bits->pos, k, z, n)) != 0) {
		bits->pos = pos;
		return;
	}
	plain = read_quotients(bits, z, n);
	if (!plain)
		bits->pos = read_escaped(*bits, z, n);
	pos = bits->pos;
	/* No remainder is wider than 40 bits: this far from the end no load can be outside. */
	if (__builtin_expect(plain && (pos >> 3) + 5 * (uint64_t)n < bits->last, 1)) {
		for (uint32_t i = 0; i < n; i++) {
			uint64_t w = vx_load64(bits->p + (pos >> 3)) >> (pos & 7);

			z[i] = z[i] << k[i] | vx_low(w, (unsigned)k[i]);
			pos += k[i];
		}
		bits->pos = pos;
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		unsigned wide = z[i] == VX_RICE_ESCAPE;
		unsigned width = wide ? VX_RICE_WIDE : (unsigned)k[i];
		uint64_t low = vx_bits_get_at(bits, pos, width);

		z[i] = wide ? low : z[i] << width | low;
		pos += width;
	}
	bits->pos = pos;
}

VX_INLINE uint64_t rice_read_one(struct vx_bits *bits, unsigned k)
{
	uint64_t w = vx_bits_peek(bits), z;
	unsigned q = (unsigned)__builtin_ctzll(w | UINT64_C(1) << VX_RICE_ESCAPE);

	if (q == VX_RICE_ESCAPE) {
		bits->pos += VX_RICE_ESCAPE;
		return vx_bits_get(bits, VX_RICE_WIDE);
	}
	bits->pos += q + 1;
	z = vx_bits_get(bits, k);
	return (uint64_t)q << k | z;
}

#endif
