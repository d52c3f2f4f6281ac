#include "codec/track.h"

#include "base/hash.h"
#include "base/pos.h"
#include "codec/block.h"
#include "codec/format.h"
#include "cohort/group.h"

/*
 *	header   magic u32 | zero u32 | XXH3-64 of all bytes behind it u64 | spans u32
 *	         | end of the chunks u32 | columns u16 | k of gaps u8 | k of lengths u8 | zero u32
 *	column   base 48 bits, k 6, k of a chunk's first 6, unit 1, zero 3, for each column
 *	place    first locus u64 | offset u32 | check u32, for each chunk
 *	chunk    spans, bit by bit
 *	tail     zeros
 *
 * VX_NONE is -1 to the arithmetic modulo 2^64 of differences, and base is stored plus 1.
 */
#define MAGIC UINT32_C(0x01435856) /* "VXC", version 1 */

enum {
	H_MAGIC = 0,
	H_ZERO = 4,
	H_HASH = 8,
	H_HASHED = 16,
	H_SPANS = 16,
	H_END = 20,
	H_COLUMNS = 24,
	H_K_GAP = 26,
	H_K_LEN = 27,
	HEADER = 32,
	COLUMN = 8,
	PLACE = 16,
	P_OFFSET = 8,
	P_CHECK = 12,
	TAIL = 8, /* so that loads of 8 bytes stay inside */
	CODE_MAX = VX_RICE_ESCAPE + VX_RICE_WIDE,
	K_MAX = 40,
};

struct column {
	uint64_t base;
	unsigned k, k_first, unit;
};

static uint64_t column_pack(const struct column *c)
{
	return ((c->base + 1) & ((UINT64_C(1) << 48) - 1)) | (uint64_t)c->k << 48 |
	       (uint64_t)c->k_first << 54 | (uint64_t)c->unit << 60;
}

static inline struct column column_at(const uint8_t *p)
{
	uint64_t w = vx_load64(p);
	struct column c = {vx_low(w, 48) - 1, w >> 48 & 63, w >> 54 & 63, w >> 60 & 1};

	return c;
}

/* --- Rice codes of one number --- */

static inline void put(struct vx_bitw *w, uint64_t v, unsigned k)
{
	uint64_t q = v >> k;

	if (q < VX_RICE_ESCAPE) {
		vx_bitw_put(w, UINT64_C(1) << q, (unsigned)q + 1);
		vx_bitw_put(w, vx_low(v, k), k);
	} else {
		vx_bitw_put(w, 0, VX_RICE_ESCAPE);
		vx_bitw_put(w, v, VX_RICE_WIDE);
	}
}

static inline uint64_t get(struct vx_bits *b, unsigned k)
{
	unsigned q = (unsigned)__builtin_ctzll(vx_bits_peek(b) | UINT64_C(1) << VX_RICE_ESCAPE);

	if (q < VX_RICE_ESCAPE) {
		b->pos += q + 1;
		return (uint64_t)q << k | vx_bits_get(b, k);
	}
	b->pos += VX_RICE_ESCAPE;
	return vx_bits_get(b, VX_RICE_WIDE);
}

/* How many of some numbers have so many bits: enough to choose k. */
struct sizes {
	uint64_t n[65];
};

static uint64_t cost(const struct sizes *sizes, unsigned k)
{
	uint64_t bits = 0;

	for (unsigned b = 0; b <= 64; b++) {
		/* Three quarters of the way from the shortest of b bits to the longest, about. */
		uint64_t q = b <= k      ? 0
			     : b - k > 6 ? VX_RICE_ESCAPE
					 : (UINT64_C(3) << (b - k)) >> 2;

		if (sizes->n[b])
			bits += sizes->n[b] * (q < VX_RICE_ESCAPE ? q + 1 + k : CODE_MAX);
	}
	return bits;
}

static unsigned best_k(const struct sizes *sizes)
{
	uint64_t least = UINT64_MAX;
	unsigned best = 0;

	for (unsigned k = 0; k <= K_MAX; k++) {
		uint64_t bits = cost(sizes, k);

		if (bits < least) {
			least = bits;
			best = k;
		}
	}
	return best;
}

/* --- writing --- */

static inline uint64_t difference(uint64_t a, uint64_t b, unsigned unit)
{
	return vx_zigzag((int64_t)(a - b) / (1 << unit));
}

static struct column survey(const uint64_t *span, size_t n, uint32_t stride, uint32_t at)
{
	struct sizes sizes = {{0}}, first = {{0}};
	struct column c = {span[at], 0, 0, 1};

	for (size_t i = 1; i < n; i++)
		if ((span[i * stride + at] ^ c.base) & 1)
			c.unit = 0;
	for (size_t i = 0; i < n; i++) {
		uint64_t v = span[i * stride + at];

		if (i % VX_TRACK_CHUNK == 0)
			first.n[vx_bit_len(difference(v, c.base, c.unit))]++;
		else
			sizes.n[vx_bit_len(difference(v, span[(i - 1) * stride + at], c.unit))]++;
	}
	c.k = best_k(&sizes);
	c.k_first = best_k(&first);
	return c;
}

static void survey_places(const uint64_t *span, size_t n, uint32_t stride, uint8_t *head)
{
	struct sizes gaps = {{0}}, lens = {{0}};

	for (size_t i = 0; i < n; i++, span += stride) {
		lens.n[vx_bit_len(span[1] - span[0] - 1)]++;
		if (i % VX_TRACK_CHUNK)
			gaps.n[vx_bit_len(span[0] - span[1 - (ptrdiff_t)stride])]++;
	}
	head[H_K_GAP] = (uint8_t)best_k(&gaps);
	head[H_K_LEN] = (uint8_t)best_k(&lens);
}

static void add_zeros(struct vx_buf *out, size_t n)
{
	if (vx_buf_reserve(out, n) != 0)
		return;
	memset(out->p + out->len, 0, n);
	out->len += n;
}

/* The AN of a span that is not its chunk's first: 1 where they are those before it. */
static void put_an(struct vx_bitw *w, const uint64_t *an, const uint64_t *before, uint32_t n_cols,
		   const uint8_t *column)
{
	int same = memcmp(an, before, n_cols * sizeof *an) == 0;

	vx_bitw_put(w, (uint64_t)same, 1);
	for (uint32_t c = 0; !same && c < n_cols; c++) {
		struct column col = column_at(column + c * COLUMN);

		put(w, difference(an[c], before[c], col.unit), col.k);
	}
}

/* p: the block's start, whose header and columns are written. */
static size_t put_chunk(const uint8_t *p, const uint64_t *span, size_t n, uint32_t n_cols,
			uint8_t *to)
{
	const uint8_t *column = p + HEADER;
	struct vx_bitw w = vx_bitw(to);
	const uint64_t *before = NULL;

	for (size_t i = 0; i < n; i++, before = span, span += 2 + n_cols) {
		if (before)
			put(&w, span[0] - before[1], p[H_K_GAP]);
		put(&w, span[1] - span[0] - 1, p[H_K_LEN]);
		if (before && n_cols)
			put_an(&w, span + 2, before + 2, n_cols, column);
		for (uint32_t c = 0; !before && c < n_cols; c++) {
			struct column col = column_at(column + c * COLUMN);

			put(&w, difference(span[2 + c], col.base, col.unit), col.k_first);
		}
	}
	return (vx_bitw_pos(&w) + 7) / 8;
}

static uint32_t check_of(const uint8_t *place, const uint8_t *chunk, size_t len)
{
	return (uint32_t)(vx_hash64(place, P_OFFSET) ^ vx_hash64(chunk, len));
}

int vx_track_pack(const uint64_t *span, size_t n, uint32_t n_cols, struct vx_buf *out,
		  struct vidx_error *err)
{
	size_t begin = out->len, n_chunks = (n + VX_TRACK_CHUNK - 1) / VX_TRACK_CHUNK;
	size_t head = HEADER + (size_t)n_cols * COLUMN, end = 0;
	size_t chunk_max = VX_TRACK_CHUNK * (CODE_MAX * (2 + (size_t)n_cols) + 1) / 8 + 16;
	uint32_t stride = 2 + n_cols;
	uint8_t *p;

	add_zeros(out, head + n_chunks * PLACE);
	if (!out->failed) {
		p = out->p + begin;
		survey_places(span, n, stride, p);
		for (uint32_t c = 0; c < n_cols; c++) {
			struct column col = survey(span, n, stride, 2 + c);

			vx_store64(p + HEADER + c * COLUMN, column_pack(&col));
		}
	}
	for (size_t i = 0; i < n_chunks; i++) {
		const uint64_t *first = span + i * VX_TRACK_CHUNK * stride;
		size_t left = n - i * VX_TRACK_CHUNK, offset = out->len - begin, len;
		uint8_t *place;

		if (vx_buf_reserve(out, chunk_max) != 0)
			break;
		p = out->p + begin;
		len = put_chunk(p, first, left < VX_TRACK_CHUNK ? left : VX_TRACK_CHUNK, n_cols,
				p + offset);
		place = p + head + i * PLACE;
		vx_store64(place, first[0]);
		vx_store32(place + P_OFFSET, (uint32_t)offset);
		vx_store32(place + P_CHECK, check_of(place, p + offset, len));
		out->len += len;
		end = out->len - begin;
	}
	add_zeros(out, TAIL);
	add_zeros(out, -(out->len - begin + VX_PAGE_HEADER) & (VX_PAGE - 1));
	if (out->failed)
		return vx_fail_nomem(err);
	if (out->len - begin > UINT32_MAX)
		return vx_fail(err, VIDX_EUSAGE, "a block of the callable track over 4 GiB");
	p = out->p + begin;
	vx_store32(p + H_MAGIC, MAGIC);
	vx_store32(p + H_SPANS, (uint32_t)n);
	vx_store32(p + H_END, (uint32_t)end);
	vx_store16(p + H_COLUMNS, (uint16_t)n_cols);
	vx_store64(p + H_HASH, vx_hash64(p + H_HASHED, out->len - begin - H_HASHED));
	return 0;
}

/* --- reading --- */

int vx_track_open(struct vx_track *track, const void *p, size_t len, uint32_t n_cols)
{
	const uint8_t *bytes = p;
	size_t head;

	if (len < HEADER + PLACE + TAIL || len > UINT32_MAX || vx_load32(bytes) != MAGIC ||
	    vx_load32(bytes + H_ZERO) != 0)
		return VIDX_EBADINDEX;
	track->p = bytes;
	track->len = len;
	track->n_spans = vx_load32(bytes + H_SPANS);
	track->end = vx_load32(bytes + H_END);
	track->n_cols = vx_load16(bytes + H_COLUMNS);
	track->k_gap = bytes[H_K_GAP];
	track->k_len = bytes[H_K_LEN];
	track->n_chunks = track->n_spans / VX_TRACK_CHUNK + (track->n_spans % VX_TRACK_CHUNK != 0);
	head = HEADER + (size_t)track->n_cols * COLUMN;
	if (track->n_spans == 0 || track->n_cols != n_cols || track->k_gap > K_MAX ||
	    track->k_len > K_MAX || track->end > len - TAIL || head > track->end ||
	    track->n_chunks > (track->end - head) / PLACE)
		return VIDX_EBADINDEX;
	for (uint32_t c = 0; c < n_cols; c++) {
		struct column col = column_at(bytes + HEADER + c * COLUMN);

		if (col.k > K_MAX || col.k_first > K_MAX)
			return VIDX_EBADINDEX;
	}
	track->column = bytes + HEADER;
	track->place = bytes + head;
	return 0;
}

uint64_t vx_track_first(const struct vx_track *track)
{
	return vx_load64(track->place);
}

int vx_track_is_whole(const struct vx_track *track)
{
	return vx_hash64(track->p + H_HASHED, track->len - H_HASHED) ==
	       vx_load64(track->p + H_HASH);
}

static uint64_t place_locus(const struct vx_track *track, uint32_t i)
{
	return vx_load64(track->place + (size_t)i * PLACE);
}

/* Reads one span; first: its chunk's. */
static int read_span(const struct vx_track *track, struct vx_track_at *at, int first)
{
	uint64_t length, low = (UINT64_C(1) << 40) - 1;
	int same;

	if (!first)
		at->beg = at->end + get(&at->bits, track->k_gap);
	length = get(&at->bits, track->k_len) + 1;
	at->end = at->beg + length;
	same = !first && track->n_cols && vx_bits_get(&at->bits, 1);
	for (uint32_t c = 0; !same && c < track->n_cols; c++) {
		struct column col = column_at(track->column + c * COLUMN);
		uint64_t z = get(&at->bits, first ? col.k_first : col.k);

		at->an[c] = (first ? col.base : at->an[c]) + ((uint64_t)vx_unzigzag(z) << col.unit);
		if (at->an[c] > VX_COUNT_MAX && at->an[c] != VX_NONE)
			return VIDX_EBADINDEX;
	}
	/* All spans of a block are on one contig, and end there. */
	if (at->bits.pos > at->bits_end || length > low || (at->beg & low) > low - length ||
	    vx_locus_contig(at->beg) != vx_locus_contig(vx_track_first(track)))
		return VIDX_EBADINDEX;
	return 0;
}

static int enter_chunk(const struct vx_track *track, uint32_t chunk, struct vx_track_at *at)
{
	const uint8_t *place = track->place + (size_t)chunk * PLACE;
	size_t head = (size_t)(track->place - track->p) + (size_t)track->n_chunks * PLACE;
	uint32_t begin = vx_load32(place + P_OFFSET), end = track->end;

	if (chunk + 1 < track->n_chunks)
		end = vx_load32(place + PLACE + P_OFFSET);
	if (begin < head || begin > end || end > track->end ||
	    check_of(place, track->p + begin, end - begin) != vx_load32(place + P_CHECK))
		return VIDX_EBADINDEX;
	at->bits = (struct vx_bits){track->p + begin, 0, track->len - 8 - begin};
	at->bits_end = (uint64_t)(end - begin) * 8;
	at->chunk = chunk;
	at->i = 0;
	at->n = track->n_spans - chunk * VX_TRACK_CHUNK;
	at->n = at->n < VX_TRACK_CHUNK ? at->n : VX_TRACK_CHUNK;
	at->beg = vx_load64(place);
	return read_span(track, at, 1);
}

int vx_track_next(const struct vx_track *track, struct vx_track_at *at)
{
	uint64_t end = at->end;
	int rc;

	if (++at->i < at->n)
		return read_span(track, at, 0);
	if (at->chunk + 1 >= track->n_chunks)
		return VIDX_END;
	rc = enter_chunk(track, at->chunk + 1, at);
	return rc == 0 && at->beg < end ? VIDX_EBADINDEX : rc;
}

int vx_track_seek(const struct vx_track *track, uint64_t locus, uint64_t *an,
		  struct vx_track_at *at)
{
	uint32_t low = 0, high = track->n_chunks;
	int rc;

	/* The last chunk that begins at or before locus, or the first. */
	while (high - low > 1) {
		uint32_t half = low + (high - low) / 2;

		if (place_locus(track, half) <= locus)
			low = half;
		else
			high = half;
	}
	at->an = an;
	rc = enter_chunk(track, low, at);
	while (rc == 0 && at->end <= locus)
		rc = vx_track_next(track, at);
	return rc;
}
