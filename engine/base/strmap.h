/*
 * strmap: text -> number, for tables that are built once and read often.  Keys are borrowed and
 * must outlive the map.  Reading is safe from any thread while nobody writes.
 */
#ifndef VX_BASE_STRMAP_H
#define VX_BASE_STRMAP_H

#include "base/slice.h"

#include <stdint.h>

#define VX_STRMAP_NONE UINT32_MAX

struct vx_strmap {
	struct vx_strmap_slot *slot;
	uint32_t cap; /* slots, a power of two, or 0 */
	uint32_t n;   /* keys held; at most half of cap */
};

/* A zeroed map is empty and valid. */
void vx_strmap_init(struct vx_strmap *map);
void vx_strmap_release(struct vx_strmap *map);
/*
 * Adds key with value (not VX_STRMAP_NONE).  0: added; 1: the key was there, and keeps its value,
 * which vx_strmap_get() gives; VIDX_ENOMEM.
 */
int vx_strmap_put(struct vx_strmap *map, struct vx_slice key, uint32_t value);
/* The same, but a key that was there takes the new value.  0, or VIDX_ENOMEM. */
int vx_strmap_set(struct vx_strmap *map, struct vx_slice key, uint32_t value);
/* The value of key, or VX_STRMAP_NONE. */
uint32_t vx_strmap_get(const struct vx_strmap *map, struct vx_slice key);

#endif
