#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*
 * The first chunk has 4 KiB, each further one four times as much, up to 1 MiB: large against an
 * allocation, small against a unit.  Where lines are as long as units there is an arena for each
 * row, and tens of thousands of them wait for their block.
 */
#define CHUNK_FIRST ((size_t)4 << 10)
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

/* Makes *now a chunk with room for n bytes, behind the chunks in use; smaller ones are passed over. */
static int next_chunk(struct vx_arena *arena, size_t n)
{
	struct vx_arena_chunk **link = arena->now ? &arena->now->next : &arena->first;
	struct vx_arena_chunk *chunk = *link, *last = arena->now;

	for (; chunk && chunk->size < n; chunk = *link) {
		last = chunk;
		link = &chunk->next;
	}
	if (!chunk) {
		size_t size = last ? 4 * last->size : CHUNK_FIRST;

		size = size < CHUNK_BYTES ? size : CHUNK_BYTES;
		size = n > size ? n : size;
		if (size > SIZE_MAX - sizeof *chunk)
			return 0;
		chunk = malloc(sizeof *chunk + size);
		if (!chunk)
			return 0;
		chunk->size = size;
		chunk->next = NULL;
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
