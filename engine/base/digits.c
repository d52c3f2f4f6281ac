#include "base/digits.h"

int vx_digits_plain(const uint64_t *word, size_t n, uint64_t *number)
{
	int bad = 0;

	for (size_t i = 0; i < n; i++) {
		if (vx_digits_number(word[i], &number[i]))
			continue;
		bad |= word[i] != VX_DIGITS_NONE;
		number[i] = VX_DIGITS_NONE;
	}
	return bad;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2"))) static int digits_avx2(const uint64_t *word, size_t n,
						       uint64_t *number)
{
	const __m256i nine = _mm256_set1_epi8(9), none = _mm256_set1_epi64x(-1);
	const __m256i tens = _mm256_set1_epi16(1 << 8 | 10);
	const __m256i hundreds = _mm256_set1_epi32(1 << 16 | 100);
	const __m256i myriads = _mm256_set1_epi64x(10000);
	__m256i bad = _mm256_setzero_si256();
	size_t i = 0;

	for (; i + 4 <= n; i += 4) {
		__m256i w = _mm256_loadu_si256((const __m256i *)(const void *)(word + i));
		/* Which words are digits all over; and which are not there. */
		__m256i fits = _mm256_cmpeq_epi64(_mm256_min_epu8(w, nine), w);
		__m256i gone = _mm256_cmpeq_epi64(w, none);
		__m256i v = _mm256_madd_epi16(_mm256_maddubs_epi16(w, tens), hundreds);

		v = _mm256_add_epi64(_mm256_mul_epu32(v, myriads), _mm256_srli_epi64(v, 32));
		v = _mm256_or_si256(v, _mm256_xor_si256(fits, none));
		bad = _mm256_or_si256(bad, _mm256_andnot_si256(_mm256_or_si256(fits, gone), none));
		_mm256_storeu_si256((__m256i *)(void *)(number + i), v);
	}
	return !_mm256_testz_si256(bad, bad) + vx_digits_plain(word + i, n - i, number + i);
}

static int (*now)(const uint64_t *, size_t, uint64_t *) = vx_digits_plain;

/* Before main() and its threads. */
__attribute__((constructor)) static void choose(void)
{
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx2"))
		now = digits_avx2;
}

int vx_digits(const uint64_t *word, size_t n, uint64_t *number)
{
	return now(word, n, number);
}

#else

int vx_digits(const uint64_t *word, size_t n, uint64_t *number)
{
	return vx_digits_plain(word, n, number);
}
#endif
