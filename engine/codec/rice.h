/*
 * rice: Rice codes of several numbers, each with a parameter of its own plus a common shift.
 * First all quotients in unary (zeros, then a 1), then all remainders; FORMAT.md has the escape.
 * k is from what both sides know of a number's size; a negative one says how much smaller it is
 * than the others, and k + shift counts from 0.
 */
#ifndef VX_CODEC_RICE_H
#define VX_CODEC_RICE_H

#include "codec/bits.h"

/* Bits that vx_rice_write() would write. */
uint64_t vx_rice_cost(const uint64_t *z, const int64_t *k, uint32_t n, int shift);
/* The shift in 0..max that makes the codes shortest, found downhill from a guess. */
int vx_rice_best(const uint64_t *z, const int64_t *k, uint32_t n, int max, uint64_t *cost_ret);
/*
 * The same for k >= 0, quicker: one more bit of remainder costs n bits and saves half of every
 * quotient.  z is small mostly, so that this ends at 0 or 1.
 */
int vx_rice_shift(const uint64_t *z, const int64_t *k, uint32_t n, int max);
void vx_rice_write(struct vx_bitw *w, const uint64_t *z, const int64_t *k, uint32_t n, int shift);

#endif
