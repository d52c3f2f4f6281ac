#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Chunks of 1 MiB: large against an allocation, small against a unit. */
#define CHUNK_BYTES ((size_t)1 << 20)

struct vx_arena_chunk {
	struct vx_arena_chunk *next;
	size_t size;
	max_align_t data[];
};

void vx_arena_init(struct vx_arena *arena)
{
	memset(arena, 0, sizeof *arena);
}

/* Makes *now a chunk with room for n bytes, behind the chunks in use. */
static int next_chunk(struct vx_arena *arena, size_t n)
{
	struct vx_arena_chunk **link = arena->now ? &arena->now->next : &arena->first;
	struct vx_arena_chunk *chunk = *link;

	if (!chunk || chunk->size < n) {
		size_t size = n > CHUNK_BYTES ? n : CHUNK_BYTES;

		if (size > SIZE_MAX - sizeof *chunk)
			return 0;
		chunk = malloc(sizeof *chunk + size);
		if (!chunk)
			return 0;
		chunk->size = size;
		chunk->next = *link;
		*link = chunk;
		arena->reserved += size;
	}
	arena->now = chunk;
	arena->used = 0;
	return 1;
}

void *vx_arena_alloc(struct vx_arena *arena, size_t n)
{
	if (n > SIZE_MAX - 7)
		return NULL;
	n = (n + 7) & ~(size_t)7;
	if (!arena->now || arena->now->size - arena->used < n)
		if (!next_chunk(arena, n))
			return NULL;
	char *p = (char *)arena->now->data + arena->used;
	arena->used += n;
	return p;
}

char *vx_arena_copy(struct vx_arena *arena, const void *p, size_t len)
{
	char *copy = len < SIZE_MAX ? vx_arena_alloc(arena, len + 1) : NULL;

	if (copy) {
		if (len)
			memcpy(copy, p, len);
		copy[len] = '\0';
	}
	return copy;
}

void vx_arena_reset(struct vx_arena *arena)
{
	arena->now = NULL;
	arena->used = 0;
}

void vx_arena_release(struct vx_arena *arena)
{
	struct vx_arena_chunk *next;

	for (struct vx_arena_chunk *c = arena->first; c; c = next) {
		next = c->next;
		free(c);
	}
	memset(arena, 0, sizeof *arena);
}
