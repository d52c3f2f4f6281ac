#include "base/strmap.h"

#include "base/hash.h"
#include "vidx.h"

#include <stdlib.h>

struct vx_strmap_slot {
	struct vx_slice key;
	uint32_t tag;   /* low half of the hash, compared before the text */
	uint32_t value; /* VX_STRMAP_NONE: free */
};

void vx_strmap_init(struct vx_strmap *map)
{
	memset(map, 0, sizeof *map);
}

void vx_strmap_release(struct vx_strmap *map)
{
	free(map->slot);
	memset(map, 0, sizeof *map);
}

/* The slot that holds key, or the free one where it belongs.  The map must not be empty. */
static struct vx_strmap_slot *find(const struct vx_strmap *map, struct vx_slice key, uint64_t hash)
{
	uint32_t at = (uint32_t)(hash >> 32) & (map->cap - 1);

	for (;; at = (at + 1) & (map->cap - 1)) {
		struct vx_strmap_slot *slot = &map->slot[at];

		if (slot->value == VX_STRMAP_NONE ||
		    (slot->tag == (uint32_t)hash && vx_slice_eq(slot->key, key)))
			return slot;
	}
}

static int grow(struct vx_strmap *map)
{
	struct vx_strmap bigger = {NULL, map->cap ? map->cap * 2 : 64, map->n};

	if (map->cap > UINT32_MAX / 4)
		return VIDX_ENOMEM;
	bigger.slot = malloc(bigger.cap * sizeof *bigger.slot);
	if (!bigger.slot)
		return VIDX_ENOMEM;
	for (uint32_t i = 0; i < bigger.cap; i++)
		bigger.slot[i].value = VX_STRMAP_NONE;
	for (uint32_t i = 0; i < map->cap; i++) {
		struct vx_slice key = map->slot[i].key;

		if (map->slot[i].value != VX_STRMAP_NONE)
			*find(&bigger, key, vx_hash64(key.p, key.len)) = map->slot[i];
	}
	free(map->slot);
	*map = bigger;
	return 0;
}

static int put(struct vx_strmap *map, struct vx_slice key, uint32_t value, int overwrite)
{
	uint64_t hash = vx_hash64(key.p, key.len);
	struct vx_strmap_slot *slot;

	if (map->n >= map->cap / 2 && grow(map) != 0)
		return VIDX_ENOMEM;
	slot = find(map, key, hash);
	if (slot->value != VX_STRMAP_NONE) {
		if (overwrite)
			slot->value = value;
		return 1;
	}
	slot->key = key;
	slot->tag = (uint32_t)hash;
	slot->value = value;
	map->n++;
	return 0;
}

int vx_strmap_put(struct vx_strmap *map, struct vx_slice key, uint32_t value)
{
	return put(map, key, value, 0);
}

int vx_strmap_set(struct vx_strmap *map, struct vx_slice key, uint32_t value)
{
	int rc = put(map, key, value, 1);

	return rc < 0 ? rc : 0;
}

uint32_t vx_strmap_get(const struct vx_strmap *map, struct vx_slice key)
{
	return map->cap ? find(map, key, vx_hash64(key.p, key.len))->value : VX_STRMAP_NONE;
}
