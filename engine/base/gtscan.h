/*
 * gtscan: genotypes of 64 samples at a time, from the text of a VCF or the bytes of a BCF into
 * bit words: bit i of a word speaks of the i-th of the 64.  All paths give the same answers.
 * Pure; any thread.
 */
#ifndef VX_BASE_GTSCAN_H
#define VX_BASE_GTSCAN_H

#include "base/scan.h"

#include <stddef.h>
#include <stdint.h>

/* Samples of a block, and the bytes they take as text ("0|1", then a tab or colon) and in BCF. */
#define VX_GT_BLOCK      64
#define VX_GT_TEXT_BYTES 256
#define VX_GT_BCF_BYTES  128

/* What the two alleles of each of 64 samples are.  [0] is the first allele, [1] the second. */
struct vx_gt_bits {
	uint64_t one[2];   /* it is allele 1 */
	uint64_t other[2]; /* it is an allele over 1: a digit; in BCF 2..62 */
	uint64_t miss[2];  /* it is missing, or there is none; set for odd samples too */
	uint64_t hap;      /* the sample has one allele only */
	uint64_t odd;      /* not of a shape known here: nothing else is said of the sample */
};

struct vx_gtscan {
	/*
	 * The first of n blocks of 4-byte texts ("a|b", "a/b" or "a", each followed by a tab or by
	 * end) that holds anything but "0|0" and "0/0": its number, and its bits.  n: there is
	 * none, *ret is not written.
	 */
	size_t (*next)(const char *p, size_t n_blocks, char end, struct vx_gt_bits *ret);
	/* Where in such a block the first and the second allele is the digit. */
	void (*match)(const char *p, char digit, uint64_t ret[2]);
	/*
	 * Offsets of the bytes behind the tabs in p[from, len), until at least max are found or
	 * the text ends.  out holds max + 64; VX_SCAN_ROOM bytes behind the text are readable, len
	 * is under 4 GiB.  Returns how many; *done_ret is where the next call goes on.
	 */
	size_t (*columns)(const char *p, size_t len, size_t from, uint32_t *out, size_t max,
			  size_t *done_ret);
	/* The same as the first two for pairs of int8, (allele + 1) << 1 | phased. */
	size_t (*next_bcf)(const uint8_t *p, size_t n_blocks, struct vx_gt_bits *ret);
	void (*match_bcf)(const uint8_t *p, uint8_t code, uint64_t ret[2]);
	/* sum[i] += number of bits in bits & mask[i], for i < n. */
	void (*add_counts)(const uint64_t *mask, uint32_t n, uint64_t bits, uint64_t *sum);
};

/* The kernels of a path; where the processor has not that path, the best that it has.  Ask once
 * and keep the answer. */
const struct vx_gtscan *vx_gtscan(enum vx_scan_path path);

/* The wide kernels, or NULL where the processor lacks them; for gtscan.c. */
const struct vx_gtscan *vx_gtscan_avx2(void);
const struct vx_gtscan *vx_gtscan_avx512(void);
/* AVX-512 with VBMI2 and VPOPCNTDQ: Ice Lake, Zen 4 and later. */
const struct vx_gtscan *vx_gtscan_icelake(void);

#endif
