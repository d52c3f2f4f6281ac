/*
 * deflate: a decoder for text that repeats itself at short distances.
 *
 * Genotype columns are long runs of "0|0\t": matches of 258 bytes at a distance of four.  A decoder
 * that copies word by word waits for its own last store at every step of such a match; this one
 * spreads the repeated bytes over a register once and then only stores.  For text of other kinds
 * libdeflate is as fast or faster, so inflate.c takes this one only for blocks that shrank a lot.
 *
 * It gives up (nonzero) at whatever it does not like, without saying why: the caller then asks
 * libdeflate.  And its output counts only under the block's CRC.
 */
#ifndef VX_INPUT_DEFLATE_H
#define VX_INPUT_DEFLATE_H

#include <stddef.h>
#include <stdint.h>

/* Bytes behind the output that may be overwritten, and behind the input that may be read. */
#define VX_DEFLATE_ROOM    320
#define VX_DEFLATE_IN_ROOM 24

struct vx_deflate;

/* One thread's tables; NULL when memory is out. */
struct vx_deflate *vx_deflate_new(void);
void vx_deflate_free(struct vx_deflate *deflate);

/*
 * Decodes the stream of in_len bytes at in, which must give out_len bytes.  Returns 0 if it did and
 * ended there.  out holds out_len + VX_DEFLATE_ROOM; VX_DEFLATE_IN_ROOM bytes behind in are
 * readable.
 */
int vx_deflate_decode(struct vx_deflate *deflate, const uint8_t *in, size_t in_len, uint8_t *out,
		      size_t out_len);

/* Test switch: nonzero takes the path without wide instructions.  Not while others decode. */
void vx_deflate_force_plain(int on);

#endif
