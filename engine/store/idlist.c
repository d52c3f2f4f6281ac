#include "store/idlist.h"

#include "base/hash.h"
#include "codec/bits.h"
#include "codec/idtext.h"

/*
 *	header   magic u32 | chunks u32 | XXH3-64 of all bytes behind it u64 | entries u64
 *	         | block bits u8 | zero u8 x 7
 *	place    first entry u64 | offset u32 | check u32, for each chunk
 *	chunk    k u8 | numbers of blocks | distances of codes, Rice codes; from the second entry on
 *	tail     zeros
 */
#define MAGIC UINT32_C(0x01495856) /* "VXI", version 1 */

enum {
	H_MAGIC = 0,
	H_CHUNKS = 4,
	H_HASH = 8,
	H_HASHED = 16,
	H_ENTRIES = 16,
	H_BLOCK_BITS = 24,
	HEADER = 32,
	PLACE = 16,
	P_OFFSET = 8,
	P_CHECK = 12,
	TAIL = 8, /* so that loads of 8 bytes stay inside */
};

/* As many zeros, and no 1 behind them, announce a distance of VX_ID_CODE_BITS bits. */
#define ESCAPE 24
/* A chunk has less: no distance takes more than 24 + 37 bits. */
#define CHUNK_BYTES_MAX                                                                            \
	(1 + VX_IDLIST_CHUNK * (ESCAPE + VX_ID_CODE_BITS + VX_ID_BLOCK_BITS) / 8 + 16)

static uint64_t distance(const uint64_t *entry, size_t i)
{
	return vx_id_entry_code(entry[i]) - vx_id_entry_code(entry[i - 1]);
}

static uint64_t rice_bits(const uint64_t *entry, size_t n, unsigned k)
{
	uint64_t bits = 0;

	for (size_t i = 1; i < n; i++) {
		uint64_t q = distance(entry, i) >> k;

		bits += q < ESCAPE ? q + 1 + k : ESCAPE + VX_ID_CODE_BITS;
	}
	return bits;
}

/* The best k lies near the median distance's logarithm, and the mean is not far from that. */
static unsigned best_k(const uint64_t *entry, size_t n)
{
	uint64_t mean =
		n > 1 ? (vx_id_entry_code(entry[n - 1]) - vx_id_entry_code(entry[0])) / (n - 1) : 0;
	unsigned k = mean ? vx_bit_len(mean) - 1 : 0;
	uint64_t bits = rice_bits(entry, n, k);

	/* A few far ones draw the mean up, so k goes down as long as it helps. */
	while (k > 0) {
		uint64_t fewer = rice_bits(entry, n, k - 1);

		if (fewer >= bits)
			break;
		bits = fewer;
		k--;
	}
	return k;
}

static void put_chunk(const uint64_t *entry, size_t n, unsigned block_bits, struct vx_buf *out)
{
	uint8_t *p = out->p + out->len;
	struct vx_bitw w = vx_bitw(p + 1);
	unsigned k = best_k(entry, n);

	p[0] = (uint8_t)k;
	for (size_t i = 1; i < n; i++)
		vx_bitw_put(&w, vx_id_entry_block(entry[i]), block_bits);
	for (size_t i = 1; i < n; i++) {
		uint64_t d = distance(entry, i), q = d >> k;

		if (q < ESCAPE) {
			vx_bitw_put(&w, UINT64_C(1) << q, (unsigned)q + 1);
			vx_bitw_put(&w, vx_low(d, k), k);
		} else {
			vx_bitw_put(&w, 0, ESCAPE);
			vx_bitw_put(&w, d, VX_ID_CODE_BITS);
		}
	}
	out->len += 1 + (vx_bitw_pos(&w) + 7) / 8;
}

static unsigned widest_block(const uint64_t *entry, size_t n)
{
	uint64_t most = 0;

	for (size_t i = 0; i < n; i++)
		most |= vx_id_entry_block(entry[i]);
	return vx_bit_len(most);
}

/* Of a chunk's bytes and of its first entry, which lies apart from them. */
static uint32_t check_of(const uint8_t *place, const uint8_t *chunk, size_t len)
{
	return (uint32_t)(vx_hash64(place, P_OFFSET) ^ vx_hash64(chunk, len));
}

static void add_zeros(struct vx_buf *out, size_t n)
{
	if (vx_buf_reserve(out, n) != 0)
		return;
	memset(out->p + out->len, 0, n);
	out->len += n;
}

int vx_idlist_pack(const uint64_t *entry, size_t n, struct vx_buf *out, struct vidx_error *err)
{
	size_t begin = out->len, n_chunks = (n + VX_IDLIST_CHUNK - 1) / VX_IDLIST_CHUNK;
	unsigned block_bits = widest_block(entry, n);
	uint8_t *head;

	add_zeros(out, HEADER + n_chunks * PLACE);
	for (size_t c = 0; c < n_chunks && !out->failed; c++) {
		const uint64_t *first = entry + c * VX_IDLIST_CHUNK;
		size_t left = n - c * VX_IDLIST_CHUNK, offset = out->len - begin;
		uint8_t *place;

		if (vx_buf_reserve(out, CHUNK_BYTES_MAX) != 0)
			break;
		put_chunk(first, left < VX_IDLIST_CHUNK ? left : VX_IDLIST_CHUNK, block_bits, out);
		place = out->p + begin + HEADER + c * PLACE;
		vx_store64(place, *first);
		vx_store32(place + P_OFFSET, (uint32_t)offset);
		vx_store32(place + P_CHECK,
			   check_of(place, out->p + begin + offset, out->len - begin - offset));
	}
	add_zeros(out, TAIL);
	add_zeros(out, -(out->len - begin + VX_PAGE_HEADER) & (VX_PAGE - 1));
	if (out->failed)
		return vx_fail_nomem(err);
	if (out->len - begin > UINT32_MAX)
		return vx_fail(err, VIDX_EUSAGE, "a list of %zu ids is too long", n);
	head = out->p + begin;
	vx_store32(head + H_MAGIC, MAGIC);
	vx_store32(head + H_CHUNKS, (uint32_t)n_chunks);
	vx_store64(head + H_ENTRIES, n);
	head[H_BLOCK_BITS] = (uint8_t)block_bits;
	vx_store64(head + H_HASH, vx_hash64(head + H_HASHED, out->len - begin - H_HASHED));
	return 0;
}

int vx_idlist_open(struct vx_idlist *list, const void *p, size_t len)
{
	const uint8_t *head = p;

	if (len < HEADER + PLACE + TAIL || vx_load32(head + H_MAGIC) != MAGIC)
		return VIDX_EBADINDEX;
	list->p = head;
	list->len = len;
	list->n = vx_load64(head + H_ENTRIES);
	list->n_chunks = vx_load32(head + H_CHUNKS);
	list->block_bits = head[H_BLOCK_BITS];
	if (list->n == 0 || list->block_bits > VX_ID_BLOCK_BITS ||
	    list->n_chunks > (len - HEADER - TAIL) / PLACE ||
	    list->n_chunks != (list->n - 1) / VX_IDLIST_CHUNK + 1)
		return VIDX_EBADINDEX;
	return 0;
}

int vx_idlist_is_whole(const struct vx_idlist *list)
{
	return vx_hash64(list->p + H_HASHED, list->len - H_HASHED) == vx_load64(list->p + H_HASH);
}

static const uint8_t *place_of(const struct vx_idlist *list, uint32_t i)
{
	return list->p + HEADER + (size_t)i * PLACE;
}

/* A chunk being decoded.  Where it ends is known when its last entry is. */
struct chunk {
	struct vx_bits blocks, distances;
	uint64_t entry; /* the one under way */
	size_t n;       /* entries */
	unsigned k, block_bits;
};

static int chunk_open(const struct vx_idlist *list, uint32_t i, struct chunk *c)
{
	const uint8_t *place = place_of(list, i);
	uint64_t at = vx_load32(place + P_OFFSET),
		 begin = HEADER + (uint64_t)list->n_chunks * PLACE;

	c->n = i + 1 < list->n_chunks ? VX_IDLIST_CHUNK : list->n - (uint64_t)i * VX_IDLIST_CHUNK;
	if (at < begin || at >= list->len - TAIL)
		return VIDX_EBADINDEX;
	c->entry = vx_load64(place);
	c->k = list->p[at];
	c->block_bits = list->block_bits;
	c->blocks = (struct vx_bits){list->p, (at + 1) * 8, list->len - 8};
	c->distances = c->blocks;
	c->distances.pos += (c->n - 1) * c->block_bits;
	return c->k < VX_ID_CODE_BITS ? 0 : VIDX_EBADINDEX;
}

/* The next entry of the chunk into c->entry; not more than n - 1 times. */
static inline void chunk_step(struct chunk *c)
{
	uint64_t bits = vx_bits_peek(&c->distances), code = vx_id_entry_code(c->entry);
	unsigned q = (unsigned)__builtin_ctzll(bits | UINT64_C(1) << ESCAPE);

	if (q < ESCAPE) {
		c->distances.pos += q + 1;
		code += (uint64_t)q << c->k | vx_bits_get(&c->distances, c->k);
	} else {
		c->distances.pos += ESCAPE;
		code += vx_bits_get(&c->distances, VX_ID_CODE_BITS);
	}
	c->entry = vx_id_entry(code, vx_bits_get(&c->blocks, c->block_bits));
}

/* Whether the chunk, which ends at end, is what its hash says. */
static int is_right(const struct vx_idlist *list, uint32_t i, uint64_t end)
{
	const uint8_t *place = place_of(list, i);
	uint64_t at = vx_load32(place + P_OFFSET);

	return at < end && end <= list->len - TAIL &&
	       check_of(place, list->p + at, end - at) == vx_load32(place + P_CHECK);
}

int vx_idlist_chunk(const struct vx_idlist *list, uint32_t i, uint64_t *entry, size_t *n_ret)
{
	struct chunk c;

	if (i >= list->n_chunks || chunk_open(list, i, &c) != 0)
		return VIDX_EBADINDEX;
	entry[0] = c.entry;
	for (size_t k = 1; k < c.n; k++) {
		chunk_step(&c);
		entry[k] = c.entry;
	}
	*n_ret = c.n;
	return is_right(list, i, (c.distances.pos + 7) / 8) ? 0 : VIDX_EBADINDEX;
}

/* The last chunk that begins at or before from; 0 where all begin behind it. */
static uint32_t chunk_of(const struct vx_idlist *list, uint64_t from)
{
	uint32_t at = 0, end = list->n_chunks;

	while (end - at > 1) {
		uint32_t half = at + (end - at) / 2;

		if (vx_load64(place_of(list, half)) <= from)
			at = half;
		else
			end = half;
	}
	return at;
}

/* Finds in a chunk that is not the last: it ends where the next begins. */
static int find_in(const struct vx_idlist *list, uint32_t i, uint64_t from, uint64_t *entry_ret)
{
	const uint8_t *after = place_of(list, i + 1);
	struct chunk c;

	if (chunk_open(list, i, &c) != 0 || !is_right(list, i, vx_load32(after + P_OFFSET)))
		return VIDX_EBADINDEX;
	for (size_t k = 1; c.entry < from && k < c.n; k++)
		chunk_step(&c);
	*entry_ret = c.entry < from ? vx_load64(after) : c.entry;
	return 0;
}

int vx_idlist_next(const struct vx_idlist *list, uint64_t from, uint64_t *entry_ret)
{
	uint64_t entry[VX_IDLIST_CHUNK];
	uint32_t i = chunk_of(list, from);
	size_t n, at = 0;

	if (i + 1 < list->n_chunks)
		return find_in(list, i, from, entry_ret);
	if (vx_idlist_chunk(list, i, entry, &n) != 0)
		return VIDX_EBADINDEX;
	while (at < n && entry[at] < from)
		at++;
	if (at == n)
		return VIDX_END;
	*entry_ret = entry[at];
	return 0;
}
