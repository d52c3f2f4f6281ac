/*
 * Any bytes as a block of the callable track: what opens is read from several places, and what is
 * read whole packs to a block that reads the same.  The first byte says how many columns there are
 * and whether magic, number of spans and checks are set right; the rest is the block.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "codec/track.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { COLS_MAX = 15, SPANS_MAX = 256, HEADER = 32, PLACE = 16 };

/* The checks of the chunks, as far as they lie inside. */
static void set_right(uint8_t *p, size_t size, uint32_t n_cols)
{
	size_t head = HEADER + 8 * (size_t)n_cols;
	uint32_t n, n_chunks;

	if (size < head + 8)
		return;
	vx_store32(p, UINT32_C(0x01435856));
	vx_store32(p + 4, 0);
	n = vx_load32(p + 16) % SPANS_MAX + 1;
	n_chunks = (n + VX_TRACK_CHUNK - 1) / VX_TRACK_CHUNK;
	vx_store32(p + 16, n);
	vx_store16(p + 24, (uint16_t)n_cols);
	for (uint32_t i = 0; i < n_chunks; i++) {
		uint8_t *place = p + head + (size_t)i * PLACE;
		uint32_t begin, end;

		if (head + ((size_t)i + 1) * PLACE > size)
			return;
		begin = vx_load32(place + 8);
		end = vx_load32(p + 20);
		if (i + 1 < n_chunks && head + ((size_t)i + 2) * PLACE <= size)
			end = vx_load32(place + PLACE + 8);
		if (begin <= end && end <= size)
			vx_store32(place + 12, (uint32_t)(vx_hash64(place, 8) ^
							  vx_hash64(p + begin, end - begin)));
	}
}

static void check_again(const uint64_t *span, size_t n, uint32_t n_cols)
{
	uint64_t an[COLS_MAX + 1];
	struct vidx_error err = {0};
	struct vx_track track;
	struct vx_track_at at;
	struct vx_buf buf;

	vx_buf_init(&buf);
	if (vx_track_pack(span, n, n_cols, &buf, &err) != 0 ||
	    vx_track_open(&track, buf.p, buf.len, n_cols) != 0 || !vx_track_is_whole(&track) ||
	    vx_track_seek(&track, 0, an, &at) != 0)
		abort();
	for (size_t i = 0; i < n; i++, span += 2 + n_cols) {
		if (at.beg != span[0] || at.end != span[1] ||
		    memcmp(an, span + 2, n_cols * sizeof(*an)) != 0)
			abort();
		if (vx_track_next(&track, &at) != (i + 1 < n ? 0 : VIDX_END))
			abort();
	}
	vx_buf_release(&buf);
}

static void read_all(const struct vx_track *track, uint32_t n_cols)
{
	static uint64_t span[(SPANS_MAX + 1) * (2 + COLS_MAX)];
	uint64_t an[COLS_MAX + 1], last = 0;
	struct vx_track_at at;
	size_t n = 0;
	int rc = vx_track_seek(track, 0, an, &at);

	for (; rc == 0; rc = vx_track_next(track, &at), n++) {
		if (at.beg >= at.end || at.beg < last || n > track->n_spans)
			abort();
		last = at.end;
		if (n < SPANS_MAX) {
			span[n * (2 + n_cols)] = at.beg;
			span[n * (2 + n_cols) + 1] = at.end;
			memcpy(span + n * (2 + n_cols) + 2, an, n_cols * sizeof(*an));
		}
	}
	if (rc == VIDX_END && n > 0 && n <= SPANS_MAX)
		check_again(span, n, n_cols);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t an[COLS_MAX + 1];
	struct vx_track track;
	struct vx_track_at at;
	uint32_t n_cols;
	uint8_t *p;

	if (size < 1)
		return 0;
	n_cols = data[0] & COLS_MAX;
	p = malloc(size);
	if (!p)
		return 0;
	size--;
	memcpy(p, data + 1, size);
	if (data[0] & 0x80)
		set_right(p, size, n_cols);
	if (vx_track_open(&track, p, size, n_cols) == 0) {
		vx_track_is_whole(&track);
		if (track.n_spans <= SPANS_MAX)
			read_all(&track, n_cols);
		for (uint64_t locus = 1; locus; locus <<= 3)
			if (vx_track_seek(&track, locus, an, &at) == 0 && at.end <= locus)
				abort();
	}
	free(p);
	return 0;
}
