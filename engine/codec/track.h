/*
 * track: the callable track <-> bytes.  FORMAT.md has the layout.
 *
 * A span is a stretch of bases of one contig that have one AN in each column; a column is a group
 * whose AN is known, and a track without columns says only what is covered.  Spans rise and do not
 * overlap.  In memory one is 2 + n_cols numbers, one behind the other: the loci of its first base
 * and behind its last, then AN by column, VX_NONE where it is not known.
 */
#ifndef VX_CODEC_TRACK_H
#define VX_CODEC_TRACK_H

#include "base/buf.h"
#include "codec/bits.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Spans of a chunk.  A lookup decodes up to one chunk; its place in the block costs 16 bytes, and
 * its first AN are coded from afar.
 */
#define VX_TRACK_CHUNK 32

/*
 * Spans of a full block: some 100 to 300 KB, so that the blocks of a whole genome are few enough
 * for open to check their tree, and what rounding up to pages wastes is little.
 */
static inline size_t vx_track_room(uint32_t n_cols)
{
	return 65536 / (1 + n_cols / 8);
}

/*
 * Appends a block of n >= 1 spans of one contig; k * 4096 - 16 bytes.  Errors: VIDX_ENOMEM,
 * VIDX_EUSAGE (4 GiB or more).
 */
int vx_track_pack(const uint64_t *span, size_t n, uint32_t n_cols, struct vx_buf *out,
		  struct vidx_error *err);

/* A block over borrowed bytes. */
struct vx_track {
	const uint8_t *p;
	size_t len;
	uint32_t n_spans, n_chunks, n_cols;
	uint32_t end; /* behind the last chunk */
	unsigned k_gap, k_len;
	const uint8_t *column, *place;
};

/* Reads the header; VIDX_EBADINDEX where the parts do not lie inside, or the columns are others. */
int vx_track_open(struct vx_track *track, const void *p, size_t len, uint32_t n_cols);
/* Locus of the first base. */
uint64_t vx_track_first(const struct vx_track *track);
/* Whether the hash over all bytes is the right one. */
int vx_track_is_whole(const struct vx_track *track);

/* A place in a block: one span. */
struct vx_track_at {
	struct vx_bits bits;
	uint64_t bits_end;
	uint32_t chunk, i, n; /* of n_chunks; of the n spans of the chunk */
	uint64_t beg, end;    /* loci */
	uint64_t *an;         /* n_cols numbers, the caller's */
};

/*
 * The first span that ends behind locus.  an has room for n_cols numbers.  0, VIDX_END (all end
 * before), VIDX_EBADINDEX (the chunk is damaged).
 */
int vx_track_seek(const struct vx_track *track, uint64_t locus, uint64_t *an,
		  struct vx_track_at *at);
/* The span behind it.  As above. */
int vx_track_next(const struct vx_track *track, struct vx_track_at *at);

#endif
