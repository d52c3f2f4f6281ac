/* So that a hash over a stream may live on the stack. */
#define XXH_STATIC_LINKING_ONLY

#include "base/hash.h"

#include "base/text.h"

#include <xxhash.h>

/* Letters are turned to upper case so many at a time. */
#define FOLD_BYTES 256

uint64_t vx_hash64(const void *p, size_t len)
{
	return XXH3_64bits(p, len);
}

static void update_folded(XXH3_state_t *state, struct vx_slice piece)
{
	char upper[FOLD_BYTES];

	while (piece.len > 0) {
		size_t n = piece.len < FOLD_BYTES ? piece.len : FOLD_BYTES;

		for (size_t i = 0; i < n; i++)
			upper[i] = vx_upper(piece.p[i]);
		XXH3_64bits_update(state, upper, n);
		piece = vx_slice(piece.p + n, piece.len - n);
	}
}

uint64_t vx_hash64_pieces(const struct vx_slice *piece, unsigned n, int fold)
{
	XXH3_state_t state;

	XXH3_INITSTATE(&state);
	XXH3_64bits_reset(&state);
	for (unsigned i = 0; i < n; i++) {
		if (fold)
			update_folded(&state, piece[i]);
		else if (piece[i].len > 0)
			XXH3_64bits_update(&state, piece[i].p, piece[i].len);
	}
	return XXH3_64bits_digest(&state);
}

static struct vx_hash128 from_xxh(XXH128_hash_t h)
{
	struct vx_hash128 out = {h.low64, h.high64};
	return out;
}

struct vx_hash128 vx_hash128(const void *p, size_t len)
{
	return from_xxh(XXH3_128bits(p, len));
}

void vx_hash128_add(struct vx_hash128 *a, struct vx_hash128 b)
{
	a->lo += b.lo;
	a->hi += b.hi + (a->lo < b.lo);
}

struct vx_hasher *vx_hasher_new(void)
{
	XXH3_state_t *state = XXH3_createState();

	if (state)
		XXH3_128bits_reset(state);
	return (struct vx_hasher *)state;
}

void vx_hasher_update(struct vx_hasher *hasher, const void *p, size_t len)
{
	XXH3_128bits_update((XXH3_state_t *)hasher, p, len);
}

struct vx_hash128 vx_hasher_final(const struct vx_hasher *hasher)
{
	return from_xxh(XXH3_128bits_digest((const XXH3_state_t *)hasher));
}

void vx_hasher_free(struct vx_hasher *hasher)
{
	XXH3_freeState((XXH3_state_t *)hasher);
}
