/*
 * inflate: BGZF blocks (whole, by libdeflate or ISA-L) and plain gzip streams (piece by piece, by zlib).
 * Checksums and lengths are always checked.
 */
#ifndef VX_INPUT_INFLATE_H
#define VX_INPUT_INFLATE_H

#include "base/buf.h"
#include "input/file.h"

#include <stddef.h>
#include <stdint.h>

/* A BGZF block holds at most this much, stored or inflated. */
#define VX_BLOCK_BYTES ((size_t)65536)

/* Where the parts of a block lie, in bytes from its start. */
struct vx_bgzf_block {
	uint32_t size; /* of the whole block, stored */
	uint32_t data; /* start of the deflate stream */
	uint32_t data_len;
	uint32_t text_len; /* inflated (ISIZE), at most VX_BLOCK_BYTES */
	uint32_t crc;
};

/*
 * Reads the header and trailer of the block at p.  0; VIDX_END: len bytes are not the whole
 * block; VIDX_EBADINPUT: no BGZF block starts here.
 */
int vx_bgzf_measure(const uint8_t *p, size_t len, struct vx_bgzf_block *block);

/* One thread's decompressor; NULL when memory is out. */
struct vx_inflater;
struct vx_inflater *vx_inflater_new(void);
void vx_inflater_free(struct vx_inflater *inflater);

/* Which library takes the blocks: the faster one, or for tests one of them.  Same texts, same faults. */
enum vx_inflate_by { VX_INFLATE_BY_TRIAL, VX_INFLATE_BY_LIBDEFLATE, VX_INFLATE_BY_ISAL };
void vx_inflater_force(struct vx_inflater *inflater, enum vx_inflate_by by);

/* Bytes kept free behind a block and behind its text, for scans that read on. */
#define VX_INFLATE_ROOM 64

/*
 * Inflates the block at p into out, which holds block->text_len + VX_INFLATE_ROOM; as many bytes
 * behind the block are readable.  NULL, or what is wrong with it (a constant text).
 */
const char *vx_inflate_block(struct vx_inflater *inflater, const uint8_t *p,
			     const struct vx_bgzf_block *block, void *out);

/* A gzip file of one or more members, as a stream.  NULL when memory is out. */
struct vx_gunzip;
struct vx_gunzip *vx_gunzip_new(void);
void vx_gunzip_free(struct vx_gunzip *gunzip);

/*
 * Appends at least n bytes of text to out, fewer at the end.  stored holds bytes of file read
 * before; what is not used stays in it.  Returns 0; VIDX_END (the last member ended, all of the
 * file was used); VIDX_EBADINPUT: *damage_ret says what is wrong (a constant text) behind the
 * text that was appended; VIDX_EIO and VIDX_ENOMEM fill *err.
 */
int vx_gunzip_read(struct vx_gunzip *gunzip, struct vx_file *file, struct vx_buf *stored,
		   struct vx_buf *out, size_t n, const char **damage_ret, struct vidx_error *err);

#endif
