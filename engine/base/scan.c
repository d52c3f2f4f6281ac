#include "base/scan.h"
#include "base/bytes.h"

struct paths {
	void (*line)(const char *, size_t, struct vx_scan_line *);
	size_t (*find)(const char *, size_t, char, uint32_t *, size_t, size_t *);
	uint64_t (*count)(const char *, size_t, char);
};

#define ONES UINT64_C(0x0101010101010101)
#define LOWS UINT64_C(0x7f7f7f7f7f7f7f7f)

/* Eight bytes at a time: a byte of x that is zero leaves its top bit, the others nothing. */
static inline uint64_t scalar_eq(const char *p, char c)
{
	uint64_t mask = 0;

	for (unsigned i = 0; i < 8; i++) {
		uint64_t x = vx_load64(p + 8 * i) ^ (uint8_t)c * ONES;
		uint64_t top = ~(((x & LOWS) + LOWS) | x | LOWS);

		/* The multiplication gathers the eight bits, now at 0, 8, ... 56, in the top byte. */
		mask |= ((top >> 7) * UINT64_C(0x0102040810204080) >> 56) << (8 * i);
	}
	return mask;
}

/* Four at a time, wanted or not: how many there are is hard to foresee. */
static inline void places(uint32_t *out, uint32_t at, uint64_t hits)
{
	const uint64_t top = UINT64_C(1) << 63;

	while (hits) {
		for (int k = 0; k < 4; k++) {
			*out++ = at + (uint32_t)__builtin_ctzll(hits | top);
			hits &= hits - 1;
		}
	}
}

#define PATH(name) scalar_##name
#define TARGET
#define EQ     scalar_eq
#define PLACES places
#include "base/scan_body.h"

static const struct paths scalar = {scalar_line, scalar_find, scalar_count};

#ifdef __x86_64__
#include <immintrin.h>

static inline __attribute__((target("avx2"), always_inline)) uint64_t avx2_eq(const char *p, char c)
{
	__m256i want = _mm256_set1_epi8(c);
	__m256i lo = _mm256_loadu_si256((const __m256i *)(const void *)p);
	__m256i hi = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));

	return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(lo, want)) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(hi, want)) << 32;
}

#define PATH(name) avx2_##name
#define TARGET     __attribute__((target("avx2,bmi,popcnt")))
#define EQ         avx2_eq
#define PLACES     places
#include "base/scan_body.h"

static const struct paths avx2 = {avx2_line, avx2_find, avx2_count};

#define AVX512 "avx512f,avx512bw,avx512vbmi2"

static inline __attribute__((target(AVX512), always_inline)) uint64_t avx512_eq(const char *p,
										char c)
{
	return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(p), _mm512_set1_epi8(c));
}

static inline __attribute__((target(AVX512), always_inline)) void avx512_places(uint32_t *out,
										uint32_t at,
										uint64_t hits)
{
	static const uint8_t count[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,
					  13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
					  26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38,
					  39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,
					  52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
	__m512i where = _mm512_maskz_compress_epi8(hits, _mm512_loadu_si512(count));
	__m512i first = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(where));

	_mm512_storeu_si512(out, _mm512_add_epi32(first, _mm512_set1_epi32((int)at)));
	if (__builtin_expect(__builtin_popcountll(hits) > 16, 0)) /* seldom: all again */
		places(out, at, hits);
}

#define PATH(name) avx512_##name
#define TARGET     __attribute__((target(AVX512 ",bmi,popcnt")))
#define EQ         avx512_eq
#define PLACES     avx512_places
#include "base/scan_body.h"

static const struct paths avx512 = {avx512_line, avx512_find, avx512_count};

static const struct paths *wide(enum vx_scan_path path)
{
	__builtin_cpu_init();
	if (path == VX_SCAN_AVX512 && __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512vbmi2"))
		return &avx512;
	if (path == VX_SCAN_AVX2 && __builtin_cpu_supports("avx2") &&
	    __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt"))
		return &avx2;
	return NULL;
}

#elif defined(__aarch64__)
#include <arm_neon.h>

/* Each lane keeps the bit of its place; three pairwise sums bring 64 lanes into 64 bits. */
static inline uint64_t neon_eq(const char *p, char c)
{
	static const uint8_t bits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
	const uint8_t *u = (const uint8_t *)p;
	uint8x16_t want = vdupq_n_u8((uint8_t)c), place = vld1q_u8(bits);
	uint8x16_t a = vandq_u8(vceqq_u8(vld1q_u8(u), want), place);
	uint8x16_t b = vandq_u8(vceqq_u8(vld1q_u8(u + 16), want), place);
	uint8x16_t d = vandq_u8(vceqq_u8(vld1q_u8(u + 32), want), place);
	uint8x16_t e = vandq_u8(vceqq_u8(vld1q_u8(u + 48), want), place);
	uint8x16_t sum = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(d, e));

	sum = vpaddq_u8(sum, sum);
	return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
}

#define PATH(name) neon_##name
#define TARGET
#define EQ     neon_eq
#define PLACES places
#include "base/scan_body.h"

static const struct paths neon = {neon_line, neon_find, neon_count};

static const struct paths *wide(enum vx_scan_path path)
{
	return path == VX_SCAN_NEON ? &neon : NULL;
}

#else

static const struct paths *wide(enum vx_scan_path path)
{
	(void)path;
	return NULL;
}
#endif

static const struct paths *now = &scalar;

int vx_scan_has(enum vx_scan_path path)
{
	return path == VX_SCAN_BEST || path == VX_SCAN_SCALAR || wide(path) != NULL;
}

void vx_scan_force(enum vx_scan_path path)
{
	static const enum vx_scan_path order[] = {VX_SCAN_AVX512, VX_SCAN_AVX2, VX_SCAN_NEON};
	const struct paths *best = path == VX_SCAN_BEST ? NULL : wide(path);

	for (size_t i = 0; path != VX_SCAN_SCALAR && !best && i < sizeof order / sizeof *order; i++)
		best = wide(order[i]);
	now = best ? best : &scalar;
}

/* Before main() and its threads, so that a scan need not ask. */
__attribute__((constructor)) static void choose(void)
{
	vx_scan_force(VX_SCAN_BEST);
}

void vx_scan_line(const char *p, size_t len, struct vx_scan_line *ret)
{
	now->line(p, len, ret);
}

size_t vx_scan_find(const char *p, size_t len, char c, uint32_t *out, size_t max, size_t *done_ret)
{
	return now->find(p, len, c, out, max, done_ret);
}

uint64_t vx_scan_count(const char *p, size_t len, char c)
{
	return now->count(p, len, c);
}
