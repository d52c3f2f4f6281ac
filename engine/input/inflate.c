#include "input/inflate.h"
#include "base/bytes.h"
#include "base/clock.h"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <zlib.h>

/*
 *	0   1f 8b 08 flags   flags: 4, an extra field follows
 *	10  length of the extra field, u16
 *	12  subfields: two letters, length u16, data; "BC" of length 2 is size of the block - 1
 *	..  deflate stream
 *	-8  CRC-32 of the text, u32
 *	-4  length of the text, u32
 */
enum { FIXED = 12, TRAILER = 8 };

/* The block's size from its extra field, or 0. */
static uint32_t size_of_block(const uint8_t *extra, size_t len)
{
	while (len >= 4) {
		size_t sub = 4 + (size_t)vx_load16(extra + 2);

		if (sub > len)
			return 0;
		if (extra[0] == 'B' && extra[1] == 'C' && sub == 6)
			return (uint32_t)vx_load16(extra + 4) + 1;
		extra += sub;
		len -= sub;
	}
	return 0;
}

int vx_bgzf_measure(const uint8_t *p, size_t len, struct vx_bgzf_block *block)
{
	static const uint8_t magic[4] = {0x1f, 0x8b, 8, 4};
	size_t n_extra;

	if (memcmp(p, magic, len < 4 ? len : 4) != 0)
		return VIDX_EBADINPUT;
	if (len < FIXED)
		return VIDX_END;
	n_extra = vx_load16(p + 10);
	if (len < FIXED + n_extra)
		return VIDX_END;
	block->size = size_of_block(p + FIXED, n_extra);
	if (block->size < FIXED + n_extra + TRAILER)
		return VIDX_EBADINPUT;
	if (len < block->size)
		return VIDX_END;
	block->data = (uint32_t)(FIXED + n_extra);
	block->data_len = block->size - TRAILER - block->data;
	block->crc = vx_load32(p + block->size - 8);
	block->text_len = vx_load32(p + block->size - 4);
	return block->text_len <= VX_BLOCK_BYTES ? 0 : VIDX_EBADINPUT;
}

/*
 * Two libraries share the blocks.  Which is faster depends on the text and on the processor: of 2 GB of
 * genotypes, packed to a 68th, an Intel Xeon inflates with ISA-L in 0.58 s and with libdeflate in 0.85 s,
 * a Zen 5 in 0.61 s and 0.43 s; on sites (a 10th) libdeflate is the faster by a tenth on both.  So each
 * thread times both, on some blocks of either kind, and stays with the one that was faster.
 */
enum { LIBDEFLATE, ISAL, N_LIBRARIES };
/* Packed to less than a 24th: text that repeats itself as genotypes of many samples do. */
enum { REPEATS = 24, N_KINDS = 2 };
/* Blocks that each library is timed on; the least of so many is free of what else the machine did. */
enum { TRIALS = 8, TRIAL_BYTES = 32768 };

struct trial {
	unsigned n[N_LIBRARIES];
	uint64_t least[N_LIBRARIES]; /* ns for 2^20 bytes of text */
};

struct vx_inflater {
	struct libdeflate_decompressor *libdeflate;
	struct inflate_state isal;
	struct trial trial[N_KINDS];
	enum vx_inflate_by by;
};

struct vx_inflater *vx_inflater_new(void)
{
	struct vx_inflater *inflater = calloc(1, sizeof *inflater);

	if (!inflater)
		return NULL;
	inflater->libdeflate = libdeflate_alloc_decompressor();
	if (!inflater->libdeflate) {
		free(inflater);
		return NULL;
	}
	return inflater;
}

void vx_inflater_free(struct vx_inflater *inflater)
{
	if (!inflater)
		return;
	libdeflate_free_decompressor(inflater->libdeflate);
	free(inflater);
}

void vx_inflater_force(struct vx_inflater *inflater, enum vx_inflate_by by)
{
	inflater->by = by;
}

static int isal_block(struct inflate_state *state, const uint8_t *p,
		      const struct vx_bgzf_block *block, void *out)
{
	/* The library does not write through next_in, but its type says it might. */
	union {
		const uint8_t *from;
		uint8_t *to;
	} data = {p + block->data};

	isal_inflate_init(state);
	state->next_in = data.to;
	state->avail_in = block->data_len;
	state->next_out = out;
	state->avail_out = block->text_len;
	return isal_inflate_stateless(state) == ISAL_DECOMP_OK &&
	       state->block_state == ISAL_BLOCK_FINISH && state->total_out == block->text_len;
}

static int libdeflate_block(struct libdeflate_decompressor *libdeflate, const uint8_t *p,
			    const struct vx_bgzf_block *block, void *out)
{
	return libdeflate_deflate_decompress(libdeflate, p + block->data, block->data_len, out,
					     block->text_len, NULL) == LIBDEFLATE_SUCCESS;
}

/*
 * Who takes a block; *trial_ret is where its time is to be noted, or NULL.  Only speed depends on
 * the choice: what ISA-L does not take is left to libdeflate to judge.
 */
static int choose(struct vx_inflater *inflater, const struct vx_bgzf_block *block,
		  struct trial **trial_ret)
{
	struct trial *trial = &inflater->trial[block->text_len / REPEATS >= block->data_len];

	*trial_ret = NULL;
	if (inflater->by != VX_INFLATE_BY_TRIAL)
		return inflater->by == VX_INFLATE_BY_ISAL ? ISAL : LIBDEFLATE;
	if (trial->n[ISAL] == TRIALS)
		return trial->least[ISAL] < trial->least[LIBDEFLATE] ? ISAL : LIBDEFLATE;
	if (block->text_len < TRIAL_BYTES)
		return LIBDEFLATE;
	*trial_ret = trial;
	return trial->n[LIBDEFLATE] > trial->n[ISAL] ? ISAL : LIBDEFLATE;
}

static void note_time(struct trial *trial, int library, uint64_t ns,
		      const struct vx_bgzf_block *block)
{
	ns = (ns << 20) / block->text_len;
	if (trial->n[library]++ == 0 || ns < trial->least[library])
		trial->least[library] = ns;
}

const char *vx_inflate_block(struct vx_inflater *inflater, const uint8_t *p,
			     const struct vx_bgzf_block *block, void *out)
{
	struct trial *trial;
	int library = choose(inflater, block, &trial), good = 0;
	uint64_t begun = trial ? vx_now_ns() : 0;

	if (library == ISAL)
		good = isal_block(&inflater->isal, p, block, out);
	if (!good)
		good = libdeflate_block(inflater->libdeflate, p, block, out);
	if (trial)
		note_time(trial, library, vx_now_ns() - begun, block);
	if (!good)
		return "is corrupt";
	if (crc32_gzip_refl(0, out, block->text_len) != block->crc)
		return "has a wrong checksum";
	return NULL;
}

struct vx_gunzip {
	z_stream z;
	int in_member;
};

struct vx_gunzip *vx_gunzip_new(void)
{
	struct vx_gunzip *gunzip = calloc(1, sizeof *gunzip);

	/* 15 + 16: the largest window, and a gzip header is demanded. */
	if (gunzip && inflateInit2(&gunzip->z, 15 + 16) != Z_OK) {
		free(gunzip);
		return NULL;
	}
	return gunzip;
}

void vx_gunzip_free(struct vx_gunzip *gunzip)
{
	if (gunzip)
		inflateEnd(&gunzip->z);
	free(gunzip);
}

/* One call of zlib over what is stored; keeps the rest.  A status of zlib. */
static int step(struct vx_gunzip *gunzip, struct vx_buf *stored, struct vx_buf *out)
{
	z_stream *z = &gunzip->z;
	size_t room = out->cap - out->len, used;
	int rc;

	z->next_in = stored->p;
	z->avail_in = stored->len < UINT32_MAX ? (uInt)stored->len : UINT32_MAX;
	z->next_out = out->p + out->len;
	z->avail_out = room < UINT32_MAX ? (uInt)room : UINT32_MAX;
	rc = inflate(z, Z_NO_FLUSH);
	used = (size_t)(z->next_in - stored->p);
	out->len = (size_t)(z->next_out - out->p);
	memmove(stored->p, stored->p + used, stored->len - used);
	stored->len -= used;
	return rc;
}

/* Before the first byte of a member: 0, VIDX_END, or VIDX_EBADINPUT. */
static int start_member(struct vx_gunzip *gunzip, const struct vx_buf *stored,
			const char **damage_ret)
{
	if (stored->len == 0)
		return VIDX_END;
	if (stored->p[0] != 0x1f) {
		*damage_ret = "bytes that are not gzip follow the compressed data";
		return VIDX_EBADINPUT;
	}
	inflateReset(&gunzip->z);
	gunzip->in_member = 1;
	return 0;
}

int vx_gunzip_read(struct vx_gunzip *gunzip, struct vx_file *file, struct vx_buf *stored,
		   struct vx_buf *out, size_t n, const char **damage_ret, struct vidx_error *err)
{
	size_t want = out->len + n;
	int rc;

	if (vx_buf_reserve(out, n + VX_BLOCK_BYTES) != 0)
		return vx_fail_nomem(err);
	while (out->len < want) {
		if (stored->len == 0 && !file->at_end) {
			rc = vx_file_read(file, stored, VX_BLOCK_BYTES, err);
			if (rc != 0)
				return rc;
			continue;
		}
		if (!gunzip->in_member) {
			rc = start_member(gunzip, stored, damage_ret);
			if (rc != 0)
				return rc;
		}
		if (stored->len == 0) {
			*damage_ret = "the compressed data is cut short";
			return VIDX_EBADINPUT;
		}
		rc = step(gunzip, stored, out);
		if (rc == Z_MEM_ERROR)
			return vx_fail_nomem(err);
		if (rc == Z_STREAM_END)
			gunzip->in_member = 0;
		else if (rc != Z_OK && rc != Z_BUF_ERROR) {
			*damage_ret = "the compressed data is corrupt";
			return VIDX_EBADINPUT;
		}
	}
	return 0;
}
