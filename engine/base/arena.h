/*
 * arena: memory of one unit of work.  Everything is freed at once; _reset keeps the chunks for
 * the next unit.  One thread at a time.
 */
#ifndef VX_BASE_ARENA_H
#define VX_BASE_ARENA_H

#include <stddef.h>

struct vx_arena_chunk;

struct vx_arena {
	struct vx_arena_chunk *first, *now;
	size_t used;     /* bytes used in *now */
	size_t reserved; /* bytes of all chunks */
};

void vx_arena_init(struct vx_arena *arena);
/* n bytes aligned to 8, or NULL when memory is out.  Not zeroed.  Lives until reset or release. */
void *vx_arena_alloc(struct vx_arena *arena, size_t n);
/* A copy of len bytes with a NUL behind them, or NULL. */
char *vx_arena_copy(struct vx_arena *arena, const void *p, size_t len);
void vx_arena_reset(struct vx_arena *arena);
void vx_arena_release(struct vx_arena *arena);

#endif
