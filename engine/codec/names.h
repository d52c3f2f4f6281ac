/* names: texts -> small numbers, for the dictionaries of a block.  One thread at a time. */
#ifndef VX_CODEC_NAMES_H
#define VX_CODEC_NAMES_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdint.h>

struct vx_names {
	struct vx_slice *text; /* borrowed: lives as long as the rows */
	uint32_t *n_uses;
	uint32_t *slot;          /* open addressing: index + 1, 0 is free */
	struct vx_name_use *use; /* for ordering them */
	uint32_t *to;
	uint32_t n, cap, n_slots;
};

void vx_names_init(struct vx_names *names);
void vx_names_release(struct vx_names *names);
void vx_names_clear(struct vx_names *names);
/* Adds a use of text.  Its index, or VX_NO_NAME when memory is out. */
#define VX_NO_NAME UINT32_MAX
uint32_t vx_names_add(struct vx_names *names, struct vx_slice text);
/*
 * Appends the dictionary, most used first: number u32, ends u32, texts.  Returns the new number
 * of each index, or NULL when memory is out; it lives until the next call.
 */
const uint32_t *vx_names_write(struct vx_names *names, struct vx_buf *out);

#endif
