#include "base/gtscan.h"

#ifdef __x86_64__
#include "base/gtscan_x86.h"

#include <immintrin.h>

#define AVX2        __attribute__((target("avx2,bmi,popcnt")))
#define AVX2_INLINE static inline __attribute__((target("avx2,bmi,popcnt"), always_inline))

AVX2_INLINE __m256i load256(const void *p)
{
	return _mm256_loadu_si256(p);
}

AVX2_INLINE uint64_t mask256(__m256i lo, __m256i hi)
{
	return (uint32_t)_mm256_movemask_epi8(lo) | (uint64_t)(uint32_t)_mm256_movemask_epi8(hi)
							    << 32;
}

/* Byte number k of each of the 32 texts at p, in order. */
AVX2_INLINE __m256i byte_of_texts(const char *p, int k)
{
	const __m256i low = _mm256_set1_epi32(0xff);
	const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
	const __m128i shift = _mm_cvtsi32_si128(8 * k);
	__m256i v[4], lo, hi;

	for (int i = 0; i < 4; i++)
		v[i] = _mm256_and_si256(_mm256_srl_epi32(load256(p + 32 * i), shift), low);
	lo = _mm256_packus_epi32(v[0], v[1]);
	hi = _mm256_packus_epi32(v[2], v[3]);
	return _mm256_permutevar8x32_epi32(_mm256_packus_epi16(lo, hi), order);
}

AVX2_INLINE uint64_t eq256(const __m256i v[2], char c)
{
	__m256i want = _mm256_set1_epi8(c);

	return mask256(_mm256_cmpeq_epi8(v[0], want), _mm256_cmpeq_epi8(v[1], want));
}

AVX2_INLINE uint64_t digit256(const __m256i v[2])
{
	__m256i zero = _mm256_set1_epi8('0'), nine = _mm256_set1_epi8(9);
	__m256i a = _mm256_sub_epi8(v[0], zero), b = _mm256_sub_epi8(v[1], zero);

	return mask256(_mm256_cmpeq_epi8(_mm256_min_epu8(a, nine), a),
		       _mm256_cmpeq_epi8(_mm256_min_epu8(b, nine), b));
}

AVX2 static void avx2_bits(const char *p, char end, struct vx_gt_bits *ret)
{
	struct text_masks m;

	for (int i = 0; i < 2; i++) {
		__m256i allele[2] = {byte_of_texts(p, 2 * i), byte_of_texts(p + 128, 2 * i)};

		m.digit[i] = digit256(allele);
		m.zero[i] = eq256(allele, '0');
		m.one[i] = eq256(allele, '1');
		m.dot[i] = eq256(allele, '.');
	}
	__m256i second[2] = {byte_of_texts(p, 1), byte_of_texts(p + 128, 1)};
	__m256i fourth[2] = {byte_of_texts(p, 3), byte_of_texts(p + 128, 3)};

	m.sep = eq256(second, '|') | eq256(second, '/');
	m.end1 = eq256(second, '\t') | eq256(second, end);
	m.end3 = eq256(fourth, '\t') | eq256(fourth, end);
	from_text(&m, ret);
}

/*
 * A block in which every allele is 0 or 1 and nothing is missing: 1, and where the ones are.
 * XORed with "0|0" such a text is 0 or 1, then 0 or what | and / differ in, then 0 or 1, then 0.
 */
AVX2_INLINE int avx2_plain(const char *p, __m256i phased, uint64_t one[2])
{
	const __m256i alleles = _mm256_set1_epi32(0x00010001);
	const __m256i slash = _mm256_set1_epi32(('|' ^ '/') << 8);
	__m256i good = _mm256_set1_epi32(-1);

	one[0] = one[1] = 0;
	for (int i = 0; i < 8; i++) {
		__m256i x = _mm256_xor_si256(load256(p + 32 * i), phased);
		__m256i y = _mm256_andnot_si256(alleles, x);
		__m256 first = _mm256_castsi256_ps(_mm256_slli_epi32(x, 31));
		__m256 second = _mm256_castsi256_ps(_mm256_slli_epi32(x, 15));

		good = _mm256_and_si256(
			good, _mm256_or_si256(_mm256_cmpeq_epi32(y, _mm256_setzero_si256()),
					      _mm256_cmpeq_epi32(y, slash)));
		one[0] |= (uint64_t)(uint32_t)_mm256_movemask_ps(first) << (8 * i);
		one[1] |= (uint64_t)(uint32_t)_mm256_movemask_ps(second) << (8 * i);
	}
	return _mm256_movemask_epi8(good) == -1;
}

AVX2 static size_t avx2_next(const char *p, size_t n_blocks, char end, struct vx_gt_bits *ret)
{
	const char phased[4] = {'0', '|', '0', end}, unphased[4] = {'0', '/', '0', end};
	const __m256i a = _mm256_set1_epi32((int)vx_load32(phased));
	const __m256i b = _mm256_set1_epi32((int)vx_load32(unphased));
	uint64_t one[2];

	for (size_t n = 0; n < n_blocks; n++, p += VX_GT_TEXT_BYTES) {
		__m256i all = _mm256_set1_epi32(-1);

		for (int i = 0; i < 8; i++) {
			__m256i v = load256(p + 32 * i);

			all = _mm256_and_si256(all, _mm256_or_si256(_mm256_cmpeq_epi32(v, a),
								    _mm256_cmpeq_epi32(v, b)));
		}
		if (_mm256_movemask_epi8(all) == -1)
			continue;
		if (avx2_plain(p, a, one)) {
			memset(ret, 0, sizeof *ret);
			ret->one[0] = one[0];
			ret->one[1] = one[1];
		} else {
			avx2_bits(p, end, ret);
		}
		return n;
	}
	return n_blocks;
}

AVX2 static void avx2_match(const char *p, char digit, uint64_t ret[2])
{
	for (int i = 0; i < 2; i++) {
		__m256i allele[2] = {byte_of_texts(p, 2 * i), byte_of_texts(p + 128, 2 * i)};

		ret[i] = eq256(allele, digit);
	}
}

AVX2 static size_t avx2_columns(const char *p, size_t len, size_t from, uint32_t *out, size_t max,
				size_t *done_ret)
{
	const __m256i tab = _mm256_set1_epi8('\t');
	size_t n = 0;

	for (; from < len && n < max; from += 64) {
		uint64_t hit = mask256(_mm256_cmpeq_epi8(load256(p + from), tab),
				       _mm256_cmpeq_epi8(load256(p + from + 32), tab));

		if (len - from < 64)
			hit &= (UINT64_C(1) << (len - from)) - 1;
		n += put_columns(out + n, hit, (uint32_t)from);
	}
	*done_ret = from < len ? from : len;
	return n;
}

/* The first (k 0) or second (k 1) bytes of the 32 pairs at p, in order. */
AVX2_INLINE __m256i byte_of_pairs(const uint8_t *p, int k)
{
	const __m128i shift = _mm_cvtsi32_si128(8 * k);
	const __m256i low = _mm256_set1_epi16(0xff);
	__m256i a = _mm256_and_si256(_mm256_srl_epi16(load256(p), shift), low);
	__m256i b = _mm256_and_si256(_mm256_srl_epi16(load256(p + 32), shift), low);

	return _mm256_permute4x64_epi64(_mm256_packus_epi16(a, b), 0xd8);
}

AVX2 static void avx2_bits_bcf(const uint8_t *p, struct vx_gt_bits *ret)
{
	const __m256i unphase = _mm256_set1_epi8((char)0xfe);
	struct bcf_masks m;

	for (int i = 0; i < 2; i++) {
		__m256i v[2] = {byte_of_pairs(p, i), byte_of_pairs(p + 64, i)}, t[2];
		uint64_t sign = mask256(v[0], v[1]), mis = eq256(v, (char)0x80);

		t[0] = _mm256_and_si256(v[0], unphase);
		t[1] = _mm256_and_si256(v[1], unphase);
		m.stop[i] = eq256(v, (char)0x81);
		m.none[i] = eq256(t, 0) | mis;
		m.ref[i] = eq256(t, 2);
		m.one[i] = eq256(t, 4);
		m.bad[i] = sign & ~m.stop[i] & ~mis;
	}
	from_bcf(&m, ret);
}

AVX2 static size_t avx2_next_bcf(const uint8_t *p, size_t n_blocks, struct vx_gt_bits *ret)
{
	const __m256i unphase = _mm256_set1_epi8((char)0xfe), ref = _mm256_set1_epi8(2);

	for (size_t n = 0; n < n_blocks; n++, p += VX_GT_BCF_BYTES) {
		__m256i all = _mm256_set1_epi8(-1);

		for (int i = 0; i < 4; i++) {
			__m256i v = _mm256_and_si256(load256(p + 32 * i), unphase);

			all = _mm256_and_si256(all, _mm256_cmpeq_epi8(v, ref));
		}
		if (_mm256_movemask_epi8(all) == -1)
			continue;
		avx2_bits_bcf(p, ret);
		return n;
	}
	return n_blocks;
}

AVX2 static void avx2_match_bcf(const uint8_t *p, uint8_t code, uint64_t ret[2])
{
	const __m256i unphase = _mm256_set1_epi8((char)0xfe);

	for (int i = 0; i < 2; i++) {
		__m256i v[2] = {byte_of_pairs(p, i), byte_of_pairs(p + 64, i)};

		v[0] = _mm256_and_si256(v[0], unphase);
		v[1] = _mm256_and_si256(v[1], unphase);
		ret[i] = eq256(v, (char)code);
	}
}

AVX2 static void avx2_add_counts(const uint64_t *mask, uint32_t n, uint64_t bits, uint64_t *sum)
{
	for (uint32_t i = 0; i < n; i++)
		sum[i] += (uint64_t)__builtin_popcountll(bits & mask[i]);
}

static const struct vx_gtscan avx2 = {
	avx2_next, avx2_match, avx2_columns, avx2_next_bcf, avx2_match_bcf, avx2_add_counts,
};

const struct vx_gtscan *vx_gtscan_avx2(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
			       __builtin_cpu_supports("popcnt")
		       ? &avx2
		       : NULL;
}

#else

const struct vx_gtscan *vx_gtscan_avx2(void)
{
	return NULL;
}
#endif
