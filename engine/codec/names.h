/* names: texts -> small numbers, for the dictionaries of a block.  One thread at a time. */
#ifndef VX_CODEC_NAMES_H
#define VX_CODEC_NAMES_H

#include "base/slice.h"

#include <stdint.h>

struct vx_names {
	struct vx_slice *text; /* borrowed: lives as long as the rows */
	uint32_t *n_uses;
	uint32_t *slot; /* open addressing: index + 1, 0 is free */
	uint32_t n, cap, n_slots;
};

void vx_names_init(struct vx_names *names);
void vx_names_release(struct vx_names *names);
void vx_names_clear(struct vx_names *names);
/* Adds a use of text.  Its index, or VX_NO_NAME when memory is out. */
#define VX_NO_NAME UINT32_MAX
uint32_t vx_names_add(struct vx_names *names, struct vx_slice text);

#endif
