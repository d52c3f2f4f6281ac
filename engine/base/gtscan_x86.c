#include "base/gtscan.h"

#ifdef __x86_64__
#include "base/bytes.h"

#include <immintrin.h>

/* Where a byte of a text is what; bit i: sample i. */
struct text_masks {
	uint64_t digit[2], zero[2], one[2], dot[2]; /* of the two allele bytes */
	uint64_t sep;                               /* second byte is | or / */
	uint64_t end1, end3;                        /* second, fourth byte ends the genotype */
};

static inline __attribute__((always_inline)) void from_text(const struct text_masks *m,
							    struct vx_gt_bits *ret)
{
	uint64_t first = m->digit[0] | m->dot[0];
	uint64_t dip = first & m->sep & (m->digit[1] | m->dot[1]) & m->end3;
	uint64_t hap = first & m->end1, odd = ~(dip | hap);

	ret->one[0] = m->one[0] & ~odd;
	ret->one[1] = m->one[1] & dip;
	ret->other[0] = m->digit[0] & ~m->zero[0] & ~m->one[0] & ~odd;
	ret->other[1] = m->digit[1] & ~m->zero[1] & ~m->one[1] & dip;
	ret->miss[0] = (m->dot[0] & ~odd) | odd;
	ret->miss[1] = (m->dot[1] & dip) | ~dip;
	ret->hap = hap;
	ret->odd = odd;
}

/* Where a BCF byte is what. */
struct bcf_masks {
	uint64_t ref[2], one[2], none[2], stop[2], bad[2];
};

static inline __attribute__((always_inline)) void from_bcf(const struct bcf_masks *m,
							   struct vx_gt_bits *ret)
{
	uint64_t odd = m->bad[0] | m->bad[1] | (m->stop[0] & ~m->stop[1]);

	for (int i = 0; i < 2; i++) {
		ret->one[i] = m->one[i] & ~odd;
		ret->miss[i] = m->none[i] | m->stop[i] | odd;
		ret->other[i] = ~(m->ref[i] | m->one[i] | ret->miss[i]);
	}
	ret->hap = m->stop[1] & ~m->stop[0] & ~odd;
	ret->odd = odd;
}

/* --- AVX2 --- */

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

AVX2 static size_t avx2_skip(const char *p, size_t n_blocks, char end)
{
	const char phased[4] = {'0', '|', '0', end}, unphased[4] = {'0', '/', '0', end};
	const __m256i a = _mm256_set1_epi32((int)vx_load32(phased));
	const __m256i b = _mm256_set1_epi32((int)vx_load32(unphased));

	for (size_t n = 0; n < n_blocks; n++, p += VX_GT_TEXT_BYTES) {
		__m256i all = _mm256_set1_epi32(-1);

		for (int i = 0; i < 8; i++) {
			__m256i v = load256(p + 32 * i);

			all = _mm256_and_si256(all, _mm256_or_si256(_mm256_cmpeq_epi32(v, a),
								    _mm256_cmpeq_epi32(v, b)));
		}
		if (_mm256_movemask_epi8(all) != -1)
			return n;
	}
	return n_blocks;
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

AVX2 static void avx2_match(const char *p, char digit, uint64_t ret[2])
{
	for (int i = 0; i < 2; i++) {
		__m256i allele[2] = {byte_of_texts(p, 2 * i), byte_of_texts(p + 128, 2 * i)};

		ret[i] = eq256(allele, digit);
	}
}

/*
 * Writes the places of the bits of hit.  Four at once whether they are there or not: how many tabs
 * lie in 64 bytes changes from block to block, and a branch on it would be guessed wrongly.
 */
static inline __attribute__((always_inline)) uint32_t put_columns(uint32_t *out, uint64_t hit,
								  uint32_t from)
{
	uint32_t n = (uint32_t)__builtin_popcountll(hit);

	for (uint32_t i = 0; i < n; i += 4)
		for (uint32_t k = 0; k < 4; k++) {
			out[i + k] = from + (uint32_t)__builtin_ctzll(hit | UINT64_C(1) << 63) + 1;
			hit &= hit - 1;
		}
	return n;
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

AVX2 static size_t avx2_skip_bcf(const uint8_t *p, size_t n_blocks)
{
	const __m256i unphase = _mm256_set1_epi8((char)0xfe), ref = _mm256_set1_epi8(2);

	for (size_t n = 0; n < n_blocks; n++, p += VX_GT_BCF_BYTES) {
		__m256i all = _mm256_set1_epi8(-1);

		for (int i = 0; i < 4; i++)
			all = _mm256_and_si256(
				all, _mm256_cmpeq_epi8(
					     _mm256_and_si256(load256(p + 32 * i), unphase), ref));
		if (_mm256_movemask_epi8(all) != -1)
			return n;
	}
	return n_blocks;
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

static const struct vx_gtscan avx2 = {
	avx2_skip,     avx2_bits,     avx2_match,     avx2_columns,
	avx2_skip_bcf, avx2_bits_bcf, avx2_match_bcf,
};

/* --- AVX-512: byte compares give 64 bits at once, pext picks every fourth or second --- */

#define AVX512 __attribute__((target("avx512f,avx512bw,bmi,bmi2,popcnt")))
#define AVX512_INLINE                                                                              \
	static inline __attribute__((target("avx512f,avx512bw,bmi,bmi2,popcnt"), always_inline))

#define EVERY_4TH UINT64_C(0x1111111111111111)
#define EVERY_2ND UINT64_C(0x5555555555555555)

AVX512 static size_t avx512_skip(const char *p, size_t n_blocks, char end)
{
	const char phased[4] = {'0', '|', '0', end}, unphased[4] = {'0', '/', '0', end};
	const __m512i a = _mm512_set1_epi32((int)vx_load32(phased));
	const __m512i b = _mm512_set1_epi32((int)vx_load32(unphased));

	for (size_t n = 0; n < n_blocks; n++, p += VX_GT_TEXT_BYTES) {
		unsigned bad = 0;

		for (int i = 0; i < 4; i++) {
			__m512i v = _mm512_loadu_si512(p + 64 * i);
			__mmask16 not_a = _mm512_cmpneq_epi32_mask(v, a);

			bad |= _mm512_mask_cmpneq_epi32_mask(not_a, v, b);
		}
		if (bad)
			return n;
	}
	return n_blocks;
}

/* Bits k, k + 4, k + 8, ... of a mask over 16 texts, as bits of the samples from 16 * i on. */
AVX512_INLINE uint64_t pick4(uint64_t mask, int k, int i)
{
	return _pext_u64(mask, EVERY_4TH << k) << (16 * i);
}

AVX512 static void avx512_bits(const char *p, char end, struct vx_gt_bits *ret)
{
	struct text_masks m = {{0}, {0}, {0}, {0}, 0, 0, 0};

	for (int i = 0; i < 4; i++) {
		__m512i v = _mm512_loadu_si512(p + 64 * i);
		__m512i number = _mm512_sub_epi8(v, _mm512_set1_epi8('0'));
		uint64_t digit = _mm512_cmple_epu8_mask(number, _mm512_set1_epi8(9));
		uint64_t zero = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('0'));
		uint64_t one = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('1'));
		uint64_t dot = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('.'));
		uint64_t sep = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('|')) |
			       _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('/'));
		uint64_t stop = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\t')) |
				_mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(end));

		for (int k = 0; k < 2; k++) {
			m.digit[k] |= pick4(digit, 2 * k, i);
			m.zero[k] |= pick4(zero, 2 * k, i);
			m.one[k] |= pick4(one, 2 * k, i);
			m.dot[k] |= pick4(dot, 2 * k, i);
		}
		m.sep |= pick4(sep, 1, i);
		m.end1 |= pick4(stop, 1, i);
		m.end3 |= pick4(stop, 3, i);
	}
	from_text(&m, ret);
}

AVX512 static void avx512_match(const char *p, char digit, uint64_t ret[2])
{
	ret[0] = ret[1] = 0;
	for (int i = 0; i < 4; i++) {
		uint64_t hit = _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(p + 64 * i),
						      _mm512_set1_epi8(digit));

		ret[0] |= pick4(hit, 0, i);
		ret[1] |= pick4(hit, 2, i);
	}
}

AVX512 static size_t avx512_columns(const char *p, size_t len, size_t from, uint32_t *out,
				    size_t max, size_t *done_ret)
{
	const __m512i tab = _mm512_set1_epi8('\t');
	size_t n = 0;

	for (; from < len && n < max; from += 64) {
		uint64_t hit = _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(p + from), tab);

		if (len - from < 64)
			hit &= (UINT64_C(1) << (len - from)) - 1;
		n += put_columns(out + n, hit, (uint32_t)from);
	}
	*done_ret = from < len ? from : len;
	return n;
}

AVX512 static size_t avx512_skip_bcf(const uint8_t *p, size_t n_blocks)
{
	const __m512i unphase = _mm512_set1_epi8((char)0xfe), ref = _mm512_set1_epi8(2);

	for (size_t n = 0; n < n_blocks; n++, p += VX_GT_BCF_BYTES) {
		__m512i a = _mm512_and_si512(_mm512_loadu_si512(p), unphase);
		__m512i b = _mm512_and_si512(_mm512_loadu_si512(p + 64), unphase);

		if (_mm512_cmpneq_epi8_mask(a, ref) | _mm512_cmpneq_epi8_mask(b, ref))
			return n;
	}
	return n_blocks;
}

AVX512_INLINE uint64_t pick2(uint64_t mask, int k, int i)
{
	return _pext_u64(mask, EVERY_2ND << k) << (32 * i);
}

AVX512 static void avx512_bits_bcf(const uint8_t *p, struct vx_gt_bits *ret)
{
	struct bcf_masks m = {{0}, {0}, {0}, {0}, {0}};

	for (int i = 0; i < 2; i++) {
		__m512i v = _mm512_loadu_si512(p + 64 * i);
		__m512i t = _mm512_and_si512(v, _mm512_set1_epi8((char)0xfe));
		uint64_t sign = _mm512_movepi8_mask(v);
		uint64_t stop = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8((char)0x81));
		uint64_t mis = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8((char)0x80));
		uint64_t none = _mm512_testn_epi8_mask(t, t) | mis;
		uint64_t ref = _mm512_cmpeq_epi8_mask(t, _mm512_set1_epi8(2));
		uint64_t one = _mm512_cmpeq_epi8_mask(t, _mm512_set1_epi8(4));

		for (int k = 0; k < 2; k++) {
			m.stop[k] |= pick2(stop, k, i);
			m.none[k] |= pick2(none, k, i);
			m.ref[k] |= pick2(ref, k, i);
			m.one[k] |= pick2(one, k, i);
			m.bad[k] |= pick2(sign & ~stop & ~mis, k, i);
		}
	}
	from_bcf(&m, ret);
}

AVX512 static void avx512_match_bcf(const uint8_t *p, uint8_t code, uint64_t ret[2])
{
	ret[0] = ret[1] = 0;
	for (int i = 0; i < 2; i++) {
		__m512i t = _mm512_and_si512(_mm512_loadu_si512(p + 64 * i),
					     _mm512_set1_epi8((char)0xfe));
		uint64_t hit = _mm512_cmpeq_epi8_mask(t, _mm512_set1_epi8((char)code));

		ret[0] |= pick2(hit, 0, i);
		ret[1] |= pick2(hit, 1, i);
	}
}

static const struct vx_gtscan avx512 = {
	avx512_skip,     avx512_bits,     avx512_match,     avx512_columns,
	avx512_skip_bcf, avx512_bits_bcf, avx512_match_bcf,
};

const struct vx_gtscan *vx_gtscan_x86(enum vx_scan_path path)
{
	__builtin_cpu_init();
	if (path == VX_SCAN_AVX512 && __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("bmi2"))
		return &avx512;
	if (path == VX_SCAN_AVX2 && __builtin_cpu_supports("avx2") &&
	    __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt"))
		return &avx2;
	return NULL;
}

#endif
