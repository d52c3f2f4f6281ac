/*
 * lanes512: Rice codes eight at a time, for code that runs only where AVX-512 VBMI2 is (x86-64).
 * Private to counts_512.c and row512.c.
 */
#ifndef VX_CODEC_LANES512_H
#define VX_CODEC_LANES512_H

#include "codec/counts.h"

#include <immintrin.h>

#define T512                                                                                       \
	__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi,"     \
			      "bmi2,popcnt")))
#define LANES 8

/* The lanes of a chunk that begins at i of n. */
#define LANES_OF(i, n) ((__mmask8)((n) - (i) >= LANES ? 255 : (1u << ((n) - (i))) - 1))

/*
 * The quotients of n codes, a byte each; q has 16 bytes to spare.  The places of a word's ones come
 * from one instruction, and each quotient is the distance to the one before.  Returns the position
 * behind them; 0: one may be an escape.
 */
T512 static inline uint64_t quotients(const struct vx_bits *bits, uint64_t pos, uint8_t *q,
				      uint32_t n)
{
	static const uint8_t iota[64] __attribute__((aligned(64))) = {
		0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
		16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
		32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
		48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
	const __m512i all = _mm512_load_si512(iota);

	for (uint32_t i = 0; i < n;) {
		uint64_t w = vx_bits_peek_at(bits, pos);
		uint32_t take = (uint32_t)_mm_popcnt_u64(w);
		__m128i at, before, dist;
		__mmask16 valid;

		if (__builtin_expect(take == 0, 0))
			return 0;
		take = take < n - i ? take : n - i;
		take = take < 16 ? take : 16;
		at = _mm512_castsi512_si128(_mm512_maskz_compress_epi8(w, all));
		before = _mm_alignr_epi8(at, _mm_set1_epi8(-1), 15);
		dist = _mm_sub_epi8(_mm_sub_epi8(at, before), _mm_set1_epi8(1));
		valid = (__mmask16)((1u << take) - 1);
		if (__builtin_expect(
			    _mm_mask_cmpge_epu8_mask(valid, dist, _mm_set1_epi8(VX_RICE_ESCAPE)),
			    0))
			return 0;
		_mm_storeu_si128((__m128i *)(q + i), dist);
		pos += (uint64_t)__builtin_ctzll(_pdep_u64(UINT64_C(1) << (take - 1), w)) + 1;
		i += take;
	}
	return pos;
}

/*
 * The remainders of eight codes that lie behind each other from pos on; *n_bits_ret in all.  Mostly
 * one word holds them.  Only where it does not are 64 bytes loaded, which is a wait for the next
 * cache line, and that most rows do not reach into.
 */
T512 static inline __m512i remainders(const struct vx_bits *bits, uint64_t pos, __m512i k,
				      uint64_t *n_bits_ret)
{
	const __m512i zero = _mm512_setzero_si512(), ones = _mm512_set1_epi64(-1);
	const __m512i low_byte = _mm512_set4_epi64(0x0808080808080808, 0, 0x0808080808080808, 0);
	const __m512i iota = _mm512_set1_epi64(0x0706050403020100);
	__m512i end = _mm512_add_epi64(k, _mm512_alignr_epi64(k, zero, 7)), beg, at, x;

	end = _mm512_add_epi64(end, _mm512_alignr_epi64(end, zero, 6));
	end = _mm512_add_epi64(end, _mm512_alignr_epi64(end, zero, 4));
	*n_bits_ret = (uint64_t)_mm_extract_epi64(_mm512_extracti64x2_epi64(end, 3), 1);
	beg = _mm512_add_epi64(_mm512_sub_epi64(end, k), _mm512_set1_epi64((int64_t)(pos & 7)));
	if (__builtin_expect((pos & 7) + *n_bits_ret <= 64, 1)) {
		x = _mm512_set1_epi64((int64_t)vx_load64(bits->p + (pos >> 3)));
		/* A lane without bits may begin at 64, which shifts everything out. */
		x = _mm512_srlv_epi64(x, beg);
	} else {
		/* Eight bytes from each beginning: all within the 64 from the first one's. */
		at = _mm512_add_epi8(_mm512_shuffle_epi8(_mm512_srli_epi64(beg, 3), low_byte),
				     iota);
		x = _mm512_permutexvar_epi8(at, _mm512_loadu_si512(bits->p + (pos >> 3)));
		x = _mm512_srlv_epi64(x, _mm512_and_si512(beg, _mm512_set1_epi64(7)));
	}
	return _mm512_andnot_si512(_mm512_sllv_epi64(ones, k), x);
}

/* The same near the end of the block, where 64 bytes cannot be loaded. */
T512 static inline __m512i remainders_at_end(const struct vx_bits *bits, uint64_t pos, __m512i k,
					     uint64_t *n_bits_ret)
{
	uint64_t width[LANES], x[LANES], at = pos;

	_mm512_storeu_si512(width, k);
	for (unsigned i = 0; i < LANES; i++) {
		x[i] = vx_bits_get_at(bits, at, (unsigned)width[i]);
		at += width[i];
	}
	*n_bits_ret = at - pos;
	return _mm512_loadu_si512(x);
}

/* The codes of chunk i, whose quotients are q. */
T512 static inline __m512i numbers(const struct vx_bits *bits, uint64_t *pos, __m512i k,
				   const uint8_t *q)
{
	__m512i high =
		_mm512_sllv_epi64(_mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)q)), k);
	uint64_t n_bits;
	/* Eight remainders of at most 56 bits and their loads stay within 64 bytes. */
	__m512i low = (*pos >> 3) + 56 <= bits->last ? remainders(bits, *pos, k, &n_bits)
						     : remainders_at_end(bits, *pos, k, &n_bits);

	*pos += n_bits;
	return _mm512_or_si512(high, low);
}

T512 static inline __m512i unzigzag(__m512i z)
{
	__m512i sign =
		_mm512_sub_epi64(_mm512_setzero_si512(), _mm512_and_si512(z, _mm512_set1_epi64(1)));

	return _mm512_xor_si512(_mm512_srli_epi64(z, 1), sign);
}

/*
 * What is missing at eight leaves of words w, of a total (in every lane of all; len: its bit length
 * plus 8): each leaf's share, and what it differs by, read from pos on.
 */
T512 static inline __m512i missing_of(const struct vx_bits *bits, uint64_t *pos, __mmask8 lanes,
				      __m512i w, __m512i all, __m512i len, __m512i shift,
				      const uint8_t *q)
{
	__m512i e = _mm512_srli_epi64(w, 58), share, k;

	share = _mm512_and_si512(_mm512_srli_epi64(w, 50), _mm512_set1_epi64(255));
	share = _mm512_srlv_epi64(_mm512_mullo_epi64(all, share), e);
	k = _mm512_max_epi64(_mm512_sub_epi64(len, e), _mm512_setzero_si512());
	k = _mm512_maskz_add_epi64(lanes, _mm512_srli_epi64(k, 1), shift);
	return _mm512_add_epi64(share, unzigzag(numbers(bits, pos, k, q)));
}

/* AN of eight leaves from what is missing there. */
T512 static inline __m512i an_of(__m512i w, __m512i missing)
{
	__m512i unit = _mm512_and_si512(_mm512_srli_epi64(w, 40), _mm512_set1_epi64(1));

	w = _mm512_and_si512(w, _mm512_set1_epi64((INT64_C(1) << 40) - 1));
	return _mm512_sub_epi64(w, _mm512_sllv_epi64(missing, unit));
}

/* Puts v where leaves i and on of n have their values. */
T512 static inline void put_leaves(uint64_t *value, const uint16_t *leaf, uint32_t i, uint32_t n,
				   __m512i v)
{
	uint32_t last = n - i >= LANES ? LANES - 1 : n - i - 1;
	__mmask8 lanes = LANES_OF(i, n);

	/* They ascend, so these are next to each other. */
	if (leaf[i + last] - leaf[i] == (int)last)
		_mm512_mask_storeu_epi64(value + leaf[i], lanes, v);
	else
		_mm512_mask_i64scatter_epi64(
			value, lanes, _mm512_cvtepu16_epi64(_mm_maskz_loadu_epi16(lanes, leaf + i)),
			v, 8);
}

#endif
