#include "base/gtscan.h"

#ifdef __x86_64__
#include "base/gtscan_x86.h"

#include <immintrin.h>

/* Byte compares give 64 bits at once; pext picks every fourth or second of them. */
#define AVX512 __attribute__((target("avx512f,avx512bw,bmi,bmi2,popcnt")))
#define AVX512_INLINE                                                                              \
	static inline __attribute__((target("avx512f,avx512bw,bmi,bmi2,popcnt"), always_inline))

#define EVERY_4TH UINT64_C(0x1111111111111111)
#define EVERY_2ND UINT64_C(0x5555555555555555)

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

/* As avx2_plain(); a test of one bit per text gives the samples' bits in order. */
AVX512_INLINE int avx512_plain(const __m512i v[4], __m512i phased, uint64_t one[2])
{
	const __m512i alleles = _mm512_set1_epi32(0x00010001);
	const __m512i slash = _mm512_set1_epi32(('|' ^ '/') << 8);
	unsigned bad = 0;

	one[0] = one[1] = 0;
	for (int i = 0; i < 4; i++) {
		__m512i x = _mm512_xor_si512(v[i], phased);
		__m512i y = _mm512_andnot_si512(alleles, x);
		__mmask16 other = _mm512_test_epi32_mask(y, y);

		bad |= _mm512_mask_cmpneq_epi32_mask(other, y, slash);
		one[0] |= (uint64_t)_mm512_test_epi32_mask(x, _mm512_set1_epi32(1)) << (16 * i);
		one[1] |= (uint64_t)_mm512_test_epi32_mask(x, _mm512_set1_epi32(1 << 16))
			  << (16 * i);
	}
	return bad == 0;
}

AVX512 static size_t avx512_next(const char *p, size_t n_blocks, char end, struct vx_gt_bits *ret)
{
	const char phased[4] = {'0', '|', '0', end}, unphased[4] = {'0', '/', '0', end};
	const __m512i a = _mm512_set1_epi32((int)vx_load32(phased));
	const __m512i b = _mm512_set1_epi32((int)vx_load32(unphased));
	uint64_t one[2];

	for (size_t n = 0; n < n_blocks; n++, p += VX_GT_TEXT_BYTES) {
		unsigned bad = 0;
		__m512i v[4];

		for (int i = 0; i < 4; i++) {
			__mmask16 not_a;

			v[i] = _mm512_loadu_si512(p + 64 * i);
			not_a = _mm512_cmpneq_epi32_mask(v[i], a);
			bad |= _mm512_mask_cmpneq_epi32_mask(not_a, v[i], b);
		}
		if (!bad)
			continue;
		if (avx512_plain(v, a, one)) {
			memset(ret, 0, sizeof *ret);
			ret->one[0] = one[0];
			ret->one[1] = one[1];
		} else {
			avx512_bits(p, end, ret);
		}
		return n;
	}
	return n_blocks;
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

AVX512 static size_t avx512_next_bcf(const uint8_t *p, size_t n_blocks, struct vx_gt_bits *ret)
{
	const __m512i unphase = _mm512_set1_epi8((char)0xfe), ref = _mm512_set1_epi8(2);

	for (size_t n = 0; n < n_blocks; n++, p += VX_GT_BCF_BYTES) {
		__m512i a = _mm512_and_si512(_mm512_loadu_si512(p), unphase);
		__m512i b = _mm512_and_si512(_mm512_loadu_si512(p + 64), unphase);

		if (_mm512_cmpneq_epi8_mask(a, ref) | _mm512_cmpneq_epi8_mask(b, ref)) {
			avx512_bits_bcf(p, ret);
			return n;
		}
	}
	return n_blocks;
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

AVX512 static void avx512_add_counts(const uint64_t *mask, uint32_t n, uint64_t bits, uint64_t *sum)
{
	for (uint32_t i = 0; i < n; i++)
		sum[i] += (uint64_t)__builtin_popcountll(bits & mask[i]);
}

static const struct vx_gtscan avx512 = {
	avx512_next,     avx512_match,     avx512_columns,
	avx512_next_bcf, avx512_match_bcf, avx512_add_counts,
};

/* --- what Ice Lake, Zen 4 and later add: compressed bytes, eight popcounts at once --- */

#define ICELAKE                                                                                    \
	__attribute__((target("avx512f,avx512bw,avx512vbmi2,avx512vpopcntdq,bmi,bmi2,popcnt")))

ICELAKE static size_t icelake_columns(const char *p, size_t len, size_t from, uint32_t *out,
				      size_t max, size_t *done_ret)
{
	static const char count[64] = {
		0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
		16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
		32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
		48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63,
	};
	const __m512i tab = _mm512_set1_epi8('\t'), places = _mm512_loadu_si512(count);
	size_t n = 0;

	for (; from < len && n < max; from += 64) {
		uint64_t hit = _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(p + from), tab);
		__m512i base = _mm512_set1_epi32((int)(uint32_t)from + 1), at;
		unsigned n_hit;

		if (len - from < 64)
			hit &= (UINT64_C(1) << (len - from)) - 1;
		n_hit = (unsigned)__builtin_popcountll(hit);
		at = _mm512_maskz_compress_epi8(hit, places);
		_mm512_storeu_si512(
			out + n,
			_mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(at))));
		if (n_hit > 16) /* columns of less than four bytes */
			put_columns(out + n, hit, (uint32_t)from);
		n += n_hit;
	}
	*done_ret = from < len ? from : len;
	return n;
}

ICELAKE static void icelake_add_counts(const uint64_t *mask, uint32_t n, uint64_t bits,
				       uint64_t *sum)
{
	const __m512i all = _mm512_set1_epi64((long long)bits);
	uint32_t i = 0;

	for (; i + 8 <= n; i += 8) {
		__m512i hit = _mm512_and_si512(all, _mm512_loadu_si512(mask + i));

		_mm512_storeu_si512(sum + i, _mm512_add_epi64(_mm512_loadu_si512(sum + i),
							      _mm512_popcnt_epi64(hit)));
	}
	for (; i < n; i++)
		sum[i] += (uint64_t)__builtin_popcountll(bits & mask[i]);
}

static const struct vx_gtscan icelake = {
	avx512_next,     avx512_match,     icelake_columns,
	avx512_next_bcf, avx512_match_bcf, icelake_add_counts,
};

const struct vx_gtscan *vx_gtscan_avx512(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("bmi2") ? &avx512
										    : NULL;
}

const struct vx_gtscan *vx_gtscan_icelake(void)
{
	return vx_gtscan_avx512() && __builtin_cpu_supports("avx512vbmi2") &&
			       __builtin_cpu_supports("avx512vpopcntdq")
		       ? &icelake
		       : NULL;
}

#else

const struct vx_gtscan *vx_gtscan_avx512(void)
{
	return NULL;
}

const struct vx_gtscan *vx_gtscan_icelake(void)
{
	return NULL;
}
#endif
