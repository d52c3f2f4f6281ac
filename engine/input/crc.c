#include "input/crc.h"

#include <libdeflate.h>
#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>

/*
 * A message is a polynomial over GF(2), its first bit the highest power; the CRC is its remainder
 * by P.  A piece of 128 bits that stands T bits before another may be added to that one if it is
 * multiplied by x^T modulo P: its high half by x^(T+64), its low half by x^T.  So any length of text
 * shrinks to 128 bits with the same remainder.  Bits are stored lowest first here, which makes a
 * product one bit short: the powers are taken 32 less (they fit the upper half of a word then)
 * and shifted by one.
 */

/* x^n modulo P, bit-reversed in 32 bits. */
static uint32_t power(unsigned n)
{
	uint32_t v = UINT32_C(1) << 31; /* x^0 */

	while (n--)
		v = v >> 1 ^ (v & 1 ? UINT32_C(0xedb88320) : 0);
	return v;
}

/* The two factors that move 128 bits forward by n bits. */
struct factors {
	uint64_t first, second;
};

static struct factors factors(unsigned n)
{
	struct factors f = {(uint64_t)power(n + 32) << 1, (uint64_t)power(n - 32) << 1};

	return f;
}

static struct factors by_2048, by_512, by_384, by_256, by_128;
static int is_wide;

/* Before main() and its threads. */
__attribute__((constructor)) static void prepare(void)
{
	__builtin_cpu_init();
	by_2048 = factors(2048);
	by_512 = factors(512);
	by_384 = factors(384);
	by_256 = factors(256);
	by_128 = factors(128);
	is_wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
		  __builtin_cpu_supports("vpclmulqdq") && __builtin_cpu_supports("pclmul");
}

#define WIDE __attribute__((target("avx512f,avx512vl,vpclmulqdq,pclmul")))

static inline WIDE __m512i spread(struct factors f)
{
	return _mm512_broadcast_i32x4(_mm_set_epi64x((long long)f.second, (long long)f.first));
}

/* Moves v forward by what k says and adds it to text. */
static inline WIDE __m512i fold(__m512i v, __m512i k, __m512i text)
{
	/* 0x96: the exclusive or of three */
	return _mm512_ternarylogic_epi64(_mm512_clmulepi64_epi128(v, k, 0x00),
					 _mm512_clmulepi64_epi128(v, k, 0x11), text, 0x96);
}

static inline WIDE __m128i fold_one(__m128i v, struct factors f, __m128i text)
{
	__m128i k = _mm_set_epi64x((long long)f.second, (long long)f.first);

	return _mm_xor_si128(
		_mm_xor_si128(_mm_clmulepi64_si128(v, k, 0x00), _mm_clmulepi64_si128(v, k, 0x11)),
		text);
}

/* len >= 256 */
static WIDE uint32_t wide_crc32(const uint8_t *p, size_t len)
{
	__m512i k = spread(by_2048), k512 = spread(by_512), v[4];
	__m128i one;
	uint8_t left[16];
	uint32_t crc;

	for (int i = 0; i < 4; i++)
		v[i] = _mm512_loadu_si512(p + 64 * i);
	/* The CRC starts with all ones: the same as the first 32 bits flipped. */
	v[0] = _mm512_xor_si512(v[0], _mm512_zextsi128_si512(_mm_cvtsi32_si128(-1)));
	for (p += 256, len -= 256; len >= 256; p += 256, len -= 256)
		for (int i = 0; i < 4; i++)
			v[i] = fold(v[i], k, _mm512_loadu_si512(p + 64 * i));
	for (int i = 0; i < 3; i++)
		v[i + 1] = fold(v[i], k512, v[i + 1]);
	for (; len >= 64; p += 64, len -= 64)
		v[3] = fold(v[3], k512, _mm512_loadu_si512(p));
	one = _mm512_extracti32x4_epi32(v[3], 3);
	one = fold_one(_mm512_extracti32x4_epi32(v[3], 0), by_384, one);
	one = fold_one(_mm512_extracti32x4_epi32(v[3], 1), by_256, one);
	one = fold_one(_mm512_extracti32x4_epi32(v[3], 2), by_128, one);
	memcpy(left, &one, sizeof left);
	/* All ones here cancel the start that libdeflate would add a second time. */
	crc = libdeflate_crc32(UINT32_MAX, left, sizeof left);
	return libdeflate_crc32(crc, p, len);
}

uint32_t vx_crc32(const void *p, size_t len)
{
	if (is_wide && len >= 256)
		return wide_crc32(p, len);
	return libdeflate_crc32(0, p, len);
}

#else

uint32_t vx_crc32(const void *p, size_t len)
{
	return libdeflate_crc32(0, p, len);
}
#endif
