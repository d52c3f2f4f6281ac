/*
 * bits: the bit streams of a block.  Bits are numbered from the lowest bit of byte 0.
 *
 * The reader never reads outside: a load past the end is moved back to the last 8 bytes of the
 * block, so damaged bytes give wrong numbers and not a crash; whoever decodes checks afterwards
 * that the position is still inside.
 */
#ifndef VX_CODEC_BITS_H
#define VX_CODEC_BITS_H

#include "base/bytes.h"

/* Widest number that one get or put moves. */
#define VX_BITS_MAX 56

struct vx_bits {
	const uint8_t *p;
	uint64_t pos;  /* in bits from p */
	uint64_t last; /* in bytes from p: the last place where 8 bytes can be loaded */
};

/* At least 57 bits from the position on; the bits above are not zero. */
static inline uint64_t vx_bits_peek_at(const struct vx_bits *b, uint64_t pos)
{
	uint64_t at = pos >> 3;

	at = at < b->last ? at : b->last;
	return vx_load64(b->p + at) >> (pos & 7);
}

static inline uint64_t vx_bits_peek(const struct vx_bits *b)
{
	return vx_bits_peek_at(b, b->pos);
}

static inline uint64_t vx_low(uint64_t v, unsigned n)
{
	return v & ((UINT64_C(1) << n) - 1);
}

/* n <= VX_BITS_MAX. */
static inline uint64_t vx_bits_get(struct vx_bits *b, unsigned n)
{
	uint64_t v = vx_low(vx_bits_peek(b), n);

	b->pos += n;
	return v;
}

static inline uint64_t vx_bits_get_at(const struct vx_bits *b, uint64_t pos, unsigned n)
{
	return vx_low(vx_bits_peek_at(b, pos), n);
}

static inline unsigned vx_bit_len(uint64_t v)
{
	return v ? 64 - (unsigned)__builtin_clzll(v) : 0;
}

/* Signed <-> unsigned, small either way: 0, -1, 1, -2, 2 ... -> 0, 1, 2, 3, 4 ... */
static inline uint64_t vx_zigzag(int64_t v)
{
	return (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
}

static inline int64_t vx_unzigzag(uint64_t z)
{
	return (int64_t)(z >> 1 ^ (0 - (z & 1)));
}

/*
 * Elias gamma of v >= 1: as many zeros as v has bits below its highest, then a 1, then those
 * bits.  v < 2^55.  Zeros without an end give 1 and a position that moved on.
 */
static inline uint64_t vx_bits_gamma(struct vx_bits *b)
{
	uint64_t w = vx_bits_peek(b);
	unsigned n = (unsigned)__builtin_ctzll(w | UINT64_C(1) << 55);

	if (n <= 27) {
		b->pos += 2 * n + 1;
		return vx_low(w >> (n + 1), n) | UINT64_C(1) << n;
	}
	b->pos += n + 1;
	return vx_bits_get(b, n) | UINT64_C(1) << n;
}

static inline unsigned vx_gamma_len(uint64_t v)
{
	return 2 * vx_bit_len(v) - 1;
}

/*
 * Writes bits to memory that the caller has made wide enough, with 8 bytes to spare: every put
 * stores a whole word, whose upper bytes the next one overwrites.
 */
struct vx_bitw {
	uint8_t *base, *p;
	uint64_t word; /* the bits that do not fill a byte yet */
	unsigned n;    /* how many: 0..7 */
};

static inline struct vx_bitw vx_bitw(uint8_t *base)
{
	struct vx_bitw w = {base, base, 0, 0};

	return w;
}

/* Bits written so far. */
static inline uint64_t vx_bitw_pos(const struct vx_bitw *w)
{
	return (uint64_t)(w->p - w->base) * 8 + w->n;
}

/* v < 2^n, n <= VX_BITS_MAX. */
static inline void vx_bitw_put(struct vx_bitw *w, uint64_t v, unsigned n)
{
	w->word |= v << w->n;
	n += w->n;
	vx_store64(w->p, w->word);
	w->p += n >> 3;
	w->word >>= n & 56;
	w->n = n & 7;
}

static inline void vx_bitw_gamma(struct vx_bitw *w, uint64_t v)
{
	unsigned n = vx_bit_len(v) - 1;

	vx_bitw_put(w, UINT64_C(1) << n, n + 1);
	vx_bitw_put(w, vx_low(v, n), n);
}

/* Copies n bits of from, starting at its bit 0.  8 bytes behind them must be readable. */
static inline void vx_bitw_copy(struct vx_bitw *w, const uint8_t *from, uint64_t from_pos,
				uint64_t n)
{
	while (n > 0) {
		unsigned take = n < VX_BITS_MAX ? (unsigned)n : VX_BITS_MAX;

		vx_bitw_put(w, vx_low(vx_load64(from + (from_pos >> 3)) >> (from_pos & 7), take),
			    take);
		from_pos += take;
		n -= take;
	}
}

#endif
