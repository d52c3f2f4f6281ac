#include "base/gtscan.h"

#include "base/bytes.h"

/* Eight texts of "0|0\t" in a row are four of these words. */
static uint64_t twice(const char text[4])
{
	uint32_t word = vx_load32(text);

	return word | (uint64_t)word << 32;
}

static size_t scalar_skip(const char *p, size_t n_blocks, char end)
{
	const char phased[4] = {'0', '|', '0', end}, unphased[4] = {'0', '/', '0', end};
	uint64_t a = twice(phased), b = twice(unphased);

	for (size_t n = 0; n < n_blocks; n++)
		for (size_t i = 0; i < VX_GT_TEXT_BYTES; i += 8) {
			uint64_t x = vx_load64(p + n * VX_GT_TEXT_BYTES + i);

			if (x != a && x != b &&
			    (((uint32_t)x != (uint32_t)a && (uint32_t)x != (uint32_t)b) ||
			     (x >> 32 != a >> 32 && x >> 32 != b >> 32)))
				return n;
		}
	return n_blocks;
}

static int is_allele(char c)
{
	return c == '.' || (c >= '0' && c <= '9');
}

/* One allele's character into bit i of its words. */
static void put_text(struct vx_gt_bits *ret, unsigned which, unsigned i, char c)
{
	uint64_t bit = UINT64_C(1) << i;

	if (c == '.')
		ret->miss[which] |= bit;
	else if (c == '1')
		ret->one[which] |= bit;
	else if (c != '0')
		ret->other[which] |= bit;
}

static void scalar_bits(const char *p, char end, struct vx_gt_bits *ret)
{
	memset(ret, 0, sizeof *ret);
	for (unsigned i = 0; i < VX_GT_BLOCK; i++, p += 4) {
		uint64_t bit = UINT64_C(1) << i;

		if (is_allele(p[0]) && (p[1] == '\t' || p[1] == end)) {
			put_text(ret, 0, i, p[0]);
			ret->miss[1] |= bit;
			ret->hap |= bit;
		} else if (is_allele(p[0]) && (p[1] == '|' || p[1] == '/') && is_allele(p[2]) &&
			   (p[3] == '\t' || p[3] == end)) {
			put_text(ret, 0, i, p[0]);
			put_text(ret, 1, i, p[2]);
		} else {
			ret->miss[0] |= bit;
			ret->miss[1] |= bit;
			ret->odd |= bit;
		}
	}
}

static void scalar_match(const char *p, char digit, uint64_t ret[2])
{
	ret[0] = ret[1] = 0;
	for (unsigned i = 0; i < VX_GT_BLOCK; i++, p += 4) {
		ret[0] |= (uint64_t)(p[0] == digit) << i;
		ret[1] |= (uint64_t)(p[2] == digit) << i;
	}
}

static size_t scalar_columns(const char *p, size_t len, size_t from, uint32_t *out, size_t max,
			     size_t *done_ret)
{
	size_t n = 0;

	for (; from < len && n < max; from++)
		if (p[from] == '\t')
			out[n++] = (uint32_t)from + 1;
	*done_ret = from;
	return n;
}

static size_t scalar_next(const char *p, size_t n_blocks, char end, struct vx_gt_bits *ret)
{
	size_t n = scalar_skip(p, n_blocks, end);

	if (n < n_blocks)
		scalar_bits(p + n * VX_GT_TEXT_BYTES, end, ret);
	return n;
}

static size_t scalar_skip_bcf(const uint8_t *p, size_t n_blocks)
{
	const uint64_t unphase = UINT64_C(0xfefefefefefefefe), ref = UINT64_C(0x0202020202020202);

	for (size_t n = 0; n < n_blocks; n++)
		for (size_t i = 0; i < VX_GT_BCF_BYTES; i += 8)
			if ((vx_load64(p + n * VX_GT_BCF_BYTES + i) & unphase) != ref)
				return n;
	return n_blocks;
}

static void put_bcf(struct vx_gt_bits *ret, unsigned which, unsigned i, uint8_t v)
{
	uint64_t bit = UINT64_C(1) << i;

	if (v >> 1 == 0 || v == 0x80 || v == 0x81)
		ret->miss[which] |= bit;
	else if (v >> 1 == 2)
		ret->one[which] |= bit;
	else if (v >> 1 > 2)
		ret->other[which] |= bit;
}

static void scalar_bits_bcf(const uint8_t *p, struct vx_gt_bits *ret)
{
	memset(ret, 0, sizeof *ret);
	for (unsigned i = 0; i < VX_GT_BLOCK; i++, p += 2) {
		uint64_t bit = UINT64_C(1) << i;

		/* 0x80 is a missing value, 0x81 the end of the vector; above them is nothing */
		if (p[0] > 0x81 || p[1] > 0x81 || (p[0] == 0x81 && p[1] != 0x81)) {
			ret->miss[0] |= bit;
			ret->miss[1] |= bit;
			ret->odd |= bit;
			continue;
		}
		put_bcf(ret, 0, i, p[0]);
		put_bcf(ret, 1, i, p[1]);
		if (p[0] != 0x81 && p[1] == 0x81)
			ret->hap |= bit;
	}
}

static void scalar_match_bcf(const uint8_t *p, uint8_t code, uint64_t ret[2])
{
	ret[0] = ret[1] = 0;
	for (unsigned i = 0; i < VX_GT_BLOCK; i++, p += 2) {
		ret[0] |= (uint64_t)((p[0] & 0xfe) == code) << i;
		ret[1] |= (uint64_t)((p[1] & 0xfe) == code) << i;
	}
}

static size_t scalar_next_bcf(const uint8_t *p, size_t n_blocks, struct vx_gt_bits *ret)
{
	size_t n = scalar_skip_bcf(p, n_blocks);

	if (n < n_blocks)
		scalar_bits_bcf(p + n * VX_GT_BCF_BYTES, ret);
	return n;
}

static void scalar_add_counts(const uint64_t *mask, uint32_t n, uint64_t bits, uint64_t *sum)
{
	for (uint32_t i = 0; i < n; i++)
		sum[i] += (uint64_t)__builtin_popcountll(bits & mask[i]);
}

static const struct vx_gtscan scalar = {
	scalar_next,     scalar_match,     scalar_columns,
	scalar_next_bcf, scalar_match_bcf, scalar_add_counts,
};

const struct vx_gtscan *vx_gtscan(enum vx_scan_path path)
{
	const struct vx_gtscan *best = NULL;

	if (path == VX_SCAN_SCALAR)
		return &scalar;
	if (path == VX_SCAN_AVX2)
		best = vx_gtscan_avx2();
	else if (path == VX_SCAN_AVX512)
		best = vx_gtscan_avx512();
	if (!best)
		best = vx_gtscan_icelake();
	if (!best)
		best = vx_gtscan_avx512();
	if (!best)
		best = vx_gtscan_avx2();
	return best ? best : &scalar;
}
