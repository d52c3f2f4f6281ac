#include "input/deflate.h"
#include "base/bytes.h"
#include "input/huffman.h"

#include <stdlib.h>

enum {
	LITERAL = VX_HUFFMAN_LITERAL,
	SPECIAL = VX_HUFFMAN_SPECIAL,
	SECOND = VX_HUFFMAN_SECOND,

	N_LENGTHS = VX_HUFFMAN_SYMBOLS,
	N_DISTANCES = 32,
	N_PRECODES = 19,
	MATCH_MAX = 258,
	/* Bits that index the first tables: longer codes are rare and take a second step. */
	LENGTH_BITS = 10,
	DISTANCE_BITS = 8,
	PRECODE_BITS = 7,
	/* Room for 144 and 16 second tables; a code that needs more is left to libdeflate. */
	LENGTH_ENTRIES = (1 << LENGTH_BITS) + 144 * (1 << (VX_HUFFMAN_BITS - LENGTH_BITS)),
	DISTANCE_ENTRIES = (1 << DISTANCE_BITS) + 16 * (1 << (VX_HUFFMAN_BITS - DISTANCE_BITS))
};

/* 32 bytes anywhere in memory: one register where there are such, else two or four. */
typedef uint64_t wide __attribute__((vector_size(32), aligned(1), may_alias));

struct vx_deflate {
	uint32_t length[LENGTH_ENTRIES];
	uint32_t distance[DISTANCE_ENTRIES];
	uint32_t precode[1 << PRECODE_BITS];
	/* What the symbols mean: entries without their code's length. */
	uint32_t length_meaning[N_LENGTHS], distance_meaning[N_DISTANCES];
	uint32_t precode_meaning[N_PRECODES];
	uint8_t code_len[N_LENGTHS + N_DISTANCES];
	/* place[d][i]: where byte i of a run that repeats every d bytes comes from */
	uint8_t place[16][16];
};

struct stream {
	const uint8_t *in, *in_end;
	uint8_t *out, *out_start, *out_end;
	uint64_t bits; /* read, not used; the next one lowest */
	unsigned n;    /* how many */
};

static int is_plain;

void vx_deflate_force_plain(int on)
{
	is_plain = on;
}

struct vx_deflate *vx_deflate_new(void)
{
	struct vx_deflate *d = calloc(1, sizeof *d);
	uint32_t base = 3;

	if (!d)
		return NULL;
	for (uint32_t i = 0; i < 256; i++)
		d->length_meaning[i] = LITERAL | i << 16;
	d->length_meaning[256] = SPECIAL;
	for (uint32_t i = 0; i < 28; i++) {
		uint32_t extra = i < 8 ? 0 : (i - 4) / 4;

		d->length_meaning[257 + i] = base << 16 | extra;
		base += 1u << extra;
	}
	d->length_meaning[285] = 258u << 16;
	d->length_meaning[286] = d->length_meaning[287] = SPECIAL | 1u << 16;
	base = 1;
	for (uint32_t i = 0; i < 30; i++) {
		uint32_t extra = i < 4 ? 0 : (i - 2) / 2;

		d->distance_meaning[i] = base << 16 | extra;
		base += 1u << extra;
	}
	d->distance_meaning[30] = d->distance_meaning[31] = SPECIAL;
	for (uint32_t i = 0; i < N_PRECODES; i++)
		d->precode_meaning[i] = i << 16;
	for (unsigned k = 1; k < 16; k++)
		for (unsigned i = 0; i < 16; i++)
			d->place[k][i] = (uint8_t)(i % k);
	return d;
}

void vx_deflate_free(struct vx_deflate *deflate)
{
	free(deflate);
}

/* --- bits --- */

/*
 * Makes it at least 56 bits.  Up to seven bytes are read before their bits are used, so that the
 * end of the input may be behind us; only more than that means bits that are not there.
 */
#define HAS_INPUT(s) ((s).in <= (s).in_end + 8)
#define REFILL(s)                                                                                  \
	do {                                                                                       \
		(s).bits |= vx_load64((s).in) << (s).n;                                            \
		(s).in += (63 - (s).n) >> 3;                                                       \
		(s).n |= 56;                                                                       \
	} while (0)

static inline uint32_t low_bits(uint64_t bits, unsigned n)
{
	return (uint32_t)(bits & ((UINT64_C(1) << n) - 1));
}

/* n <= 32 bits; fails by giving zeros at the end of the input, which no stream survives. */
static uint32_t take_bits(struct stream *s, unsigned n)
{
	uint32_t v;

	if (!HAS_INPUT(*s))
		return 0;
	REFILL(*s);
	v = low_bits(s->bits, n);
	s->bits >>= n;
	s->n -= n;
	return v;
}

/* --- a block's codes --- */

static int read_code_lengths(struct vx_deflate *d, struct stream *s, unsigned n)
{
	static const uint8_t order[N_PRECODES] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
						  11, 4,  12, 3, 13, 2, 14, 1, 15};
	struct vx_huffman table = {d->precode, 1 << PRECODE_BITS, PRECODE_BITS};
	uint8_t len[N_PRECODES] = {0};
	unsigned n_precodes = take_bits(s, 4) + 4, i = 0;

	for (unsigned k = 0; k < n_precodes; k++)
		len[order[k]] = (uint8_t)take_bits(s, 3);
	if (vx_huffman_make(&table, len, d->precode_meaning, N_PRECODES) != 0)
		return 1;
	while (i < n) {
		static const uint8_t extra[3] = {2, 3, 7}, least[3] = {3, 3, 11};
		uint32_t entry, symbol;
		unsigned repeat;

		if (!HAS_INPUT(*s))
			return 1;
		REFILL(*s);
		entry = d->precode[low_bits(s->bits, table.bits)];
		if (entry & SPECIAL)
			return 1;
		symbol = entry >> 16;
		s->bits >>= entry & 255;
		s->n -= entry & 255;
		if (symbol < 16) {
			d->code_len[i++] = (uint8_t)symbol;
			continue;
		}
		repeat = least[symbol - 16] + low_bits(s->bits, extra[symbol - 16]);
		s->bits >>= extra[symbol - 16];
		s->n -= extra[symbol - 16];
		if (repeat > n - i || (symbol == 16 && i == 0))
			return 1;
		memset(d->code_len + i, symbol == 16 ? d->code_len[i - 1] : 0, repeat);
		i += repeat;
	}
	return 0;
}

static int read_dynamic(struct vx_deflate *d, struct stream *s, struct vx_huffman *length,
			struct vx_huffman *distance)
{
	unsigned n_lengths = take_bits(s, 5) + 257, n_distances = take_bits(s, 5) + 1;

	if (n_lengths > N_LENGTHS || read_code_lengths(d, s, n_lengths + n_distances) != 0)
		return 1;
	return vx_huffman_make(length, d->code_len, d->length_meaning, n_lengths) ||
	       vx_huffman_make(distance, d->code_len + n_lengths, d->distance_meaning, n_distances);
}

static int make_fixed(struct vx_deflate *d, struct vx_huffman *length, struct vx_huffman *distance)
{
	memset(d->code_len, 8, 144);
	memset(d->code_len + 144, 9, 112);
	memset(d->code_len + 256, 7, 24);
	memset(d->code_len + 280, 8, 8);
	memset(d->code_len + N_LENGTHS, 5, N_DISTANCES);
	return vx_huffman_make(length, d->code_len, d->length_meaning, N_LENGTHS) ||
	       vx_huffman_make(distance, d->code_len + N_LENGTHS, d->distance_meaning, N_DISTANCES);
}

/* --- a block's text --- */

static int copy_stored(struct stream *s)
{
	size_t len;

	/* Back to the first byte that no bit was used of. */
	s->n &= ~7u;
	s->in -= s->n >> 3;
	s->bits = 0;
	s->n = 0;
	if (s->in > s->in_end || s->in_end - s->in < 4)
		return 1;
	len = vx_load16(s->in);
	if ((len ^ vx_load16(s->in + 2)) != 0xffff)
		return 1;
	s->in += 4;
	if ((size_t)(s->in_end - s->in) < len || (size_t)(s->out_end - s->out) < len)
		return 1;
	memcpy(s->out, s->in, len);
	s->in += len;
	s->out += len;
	return 0;
}

/*
 * Copies len bytes from distance back; writes up to VX_DEFLATE_ROOM bytes more.  Writing too much is
 * cheaper than a branch that is foreseen wrongly, as one on the lengths of runs is.
 */
static inline __attribute__((always_inline)) void copy_match(const struct vx_deflate *d,
							     uint8_t *out, size_t distance,
							     size_t len)
{
	/* A word that repeats every 1, 2, 4 or 8 bytes is its first bytes times this. */
	static const uint64_t spread[9] = {0,
					   UINT64_C(0x0101010101010101),
					   UINT64_C(0x0001000100010001),
					   0,
					   UINT64_C(0x0000000100000001),
					   0,
					   0,
					   0,
					   1};
	static const uint64_t first[9] = {0, 0xff, 0xffff, 0, 0xffffffff, 0, 0, 0, UINT64_MAX};
	const uint8_t *from = out - distance;
	uint8_t *end = out + len;

	if (distance >= 32) {
		*(wide *)out = *(const wide *)from;
		*(wide *)(out + 32) = *(const wide *)(from + 32);
		for (size_t i = 64; i < len; i += 32)
			*(wide *)(out + i) = *(const wide *)(from + i);
	} else if (distance <= 8 && spread[distance]) {
		uint64_t word = (vx_load64(from) & first[distance]) * spread[distance];
		wide words = {word, word, word, word};

		for (unsigned i = 0; i < MATCH_MAX; i += 32)
			*(wide *)(out + i) = words;
	} else if (distance >= 16) {
		do {
			memcpy(out, from, 16);
			out += 16;
			from += 16;
		} while (out < end);
	} else {
		const uint8_t *place = d->place[distance];
		size_t step = 16 - 16 % distance;
		uint8_t run[16];

		for (unsigned i = 0; i < 16; i++)
			run[i] = from[place[i]];
		do {
			memcpy(out, run, 16);
			out += step;
		} while (out < end);
	}
}

#define LIKELY(x)   __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* Drops the bits of entry. */
#define DROP(s, e)                                                                                 \
	do {                                                                                       \
		(s).bits >>= (e)&63;                                                               \
		(s).n -= (e)&63;                                                                   \
	} while (0)

/* A length's or distance's number: the base, and what the bits behind the code add. */
static inline size_t number(uint32_t entry, uint64_t bits)
{
	return (entry >> 16) + (low_bits(bits, entry & 63) >> (entry >> 8 & 31));
}

/*
 * The hot loop, and long for that: everything is in registers, and one refill serves up to three
 * literals or one match (15 + 5 and 15 + 13 bits).
 */
static inline __attribute__((always_inline)) int decode_block(const struct vx_deflate *d,
							      struct stream *stream,
							      const struct vx_huffman *lengths,
							      const struct vx_huffman *distances)
{
	const uint32_t *length = lengths->entry, *distance = distances->entry;
	const uint64_t length_mask = (UINT64_C(1) << lengths->bits) - 1;
	const uint64_t distance_mask = (UINT64_C(1) << distances->bits) - 1;
	struct stream s = *stream;

	while (LIKELY(HAS_INPUT(s) && s.out <= s.out_end)) {
		uint64_t before;
		uint32_t entry;
		size_t len, back;

		REFILL(s);
		entry = length[s.bits & length_mask];
		if (entry & LITERAL) {
			DROP(s, entry);
			*s.out++ = (uint8_t)(entry >> 16);
			entry = length[s.bits & length_mask];
			if (entry & LITERAL) {
				DROP(s, entry);
				*s.out++ = (uint8_t)(entry >> 16);
				entry = length[s.bits & length_mask];
				if (entry & LITERAL) {
					DROP(s, entry);
					*s.out++ = (uint8_t)(entry >> 16);
					continue;
				}
			}
			REFILL(s); /* the entry's bits stay the lowest */
		}
		if (UNLIKELY(entry & SPECIAL)) {
			if (entry & SECOND) {
				DROP(s, entry);
				entry = length[(entry >> 16) + low_bits(s.bits, entry >> 8 & 31)];
			}
			if (entry & LITERAL) {
				DROP(s, entry);
				*s.out++ = (uint8_t)(entry >> 16);
				continue;
			}
			if (entry & SPECIAL) {
				if (entry >> 16 || (entry & 255) == 0)
					return 1;
				DROP(s, entry);
				*stream = s;
				return s.out > s.out_end;
			}
		}
		before = s.bits;
		DROP(s, entry);
		len = number(entry, before);
		entry = distance[s.bits & distance_mask];
		if (UNLIKELY(entry & SPECIAL)) {
			if (!(entry & SECOND))
				return 1;
			DROP(s, entry);
			entry = distance[(entry >> 16) + low_bits(s.bits, entry >> 8 & 31)];
			if (entry & SPECIAL)
				return 1;
		}
		before = s.bits;
		DROP(s, entry);
		back = number(entry, before);
		if (UNLIKELY(s.out > s.out_end || len > (size_t)(s.out_end - s.out) ||
			     back > (size_t)(s.out - s.out_start)))
			return 1;
		copy_match(d, s.out, back, len);
		s.out += len;
	}
	return 1;
}

static int decode_plain(const struct vx_deflate *d, struct stream *stream,
			const struct vx_huffman *lengths, const struct vx_huffman *distances)
{
	return decode_block(d, stream, lengths, distances);
}

#ifdef __x86_64__
__attribute__((target("avx2,bmi,bmi2"))) static int decode_wide(const struct vx_deflate *d,
								struct stream *stream,
								const struct vx_huffman *lengths,
								const struct vx_huffman *distances)
{
	return decode_block(d, stream, lengths, distances);
}

static int has_wide(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}
#else
#define decode_wide decode_plain
static int has_wide(void)
{
	return 0;
}
#endif

int vx_deflate_decode(struct vx_deflate *deflate, const uint8_t *in, size_t in_len, uint8_t *out,
		      size_t out_len)
{
	struct stream s = {in, in + in_len, out, out, out + out_len, 0, 0};
	int is_last, is_wide = !is_plain && has_wide();

	do {
		struct vx_huffman length = {deflate->length, LENGTH_ENTRIES, LENGTH_BITS};
		struct vx_huffman distance = {deflate->distance, DISTANCE_ENTRIES, DISTANCE_BITS};
		unsigned type;

		if (!HAS_INPUT(s))
			return 1;
		is_last = (int)take_bits(&s, 1);
		type = take_bits(&s, 2);
		if (type == 0) {
			if (copy_stored(&s) != 0)
				return 1;
			continue;
		}
		if (type == 3 || (type == 1 ? make_fixed(deflate, &length, &distance)
					    : read_dynamic(deflate, &s, &length, &distance)))
			return 1;
		if (is_wide ? decode_wide(deflate, &s, &length, &distance)
			    : decode_plain(deflate, &s, &length, &distance))
			return 1;
	} while (!is_last);
	/* Bits from behind the end are no part of a stream. */
	return s.out != s.out_end || s.in - (s.n >> 3) > s.in_end;
}
