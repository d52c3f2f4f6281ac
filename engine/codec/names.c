#include "codec/names.h"

#include "base/bytes.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

void vx_names_init(struct vx_names *names)
{
	memset(names, 0, sizeof(*names));
}

void vx_names_release(struct vx_names *names)
{
	free(names->text);
	free(names->n_uses);
	free(names->slot);
	free(names->use);
	free(names->to);
	memset(names, 0, sizeof(*names));
}

void vx_names_clear(struct vx_names *names)
{
	names->n = 0;
	if (names->slot)
		memset(names->slot, 0, names->n_slots * sizeof(*names->slot));
}

static uint32_t *slot_of(const struct vx_names *names, struct vx_slice text)
{
	uint32_t mask = names->n_slots - 1, i = (uint32_t)vx_hash64(text.p, text.len) & mask;

	while (names->slot[i] && !vx_slice_eq(names->text[names->slot[i] - 1], text))
		i = (i + 1) & mask;
	return &names->slot[i];
}

static int grow(struct vx_names *names)
{
	uint32_t cap = names->cap ? names->cap * 2 : 16;
	struct vx_slice *text = realloc(names->text, cap * sizeof(*text));
	uint32_t *n_uses, *slot;

	if (!text)
		return -1;
	names->text = text;
	n_uses = realloc(names->n_uses, cap * sizeof(*n_uses));
	if (!n_uses)
		return -1;
	names->n_uses = n_uses;
	slot = calloc((size_t)cap * 2, sizeof(*slot));
	if (!slot)
		return -1;
	free(names->slot);
	names->slot = slot;
	names->cap = cap;
	names->n_slots = cap * 2;
	for (uint32_t i = 0; i < names->n; i++)
		*slot_of(names, names->text[i]) = i + 1;
	return 0;
}

uint32_t vx_names_add(struct vx_names *names, struct vx_slice text)
{
	uint32_t *slot;

	/* Most rows say what the commonest one said. */
	if (names->n > 0 && vx_slice_eq(names->text[0], text)) {
		names->n_uses[0]++;
		return 0;
	}
	if (names->n == names->cap && grow(names) != 0)
		return VX_NO_NAME;
	slot = slot_of(names, text);
	if (*slot) {
		names->n_uses[*slot - 1]++;
		return *slot - 1;
	}
	names->text[names->n] = text;
	names->n_uses[names->n] = 1;
	*slot = ++names->n;
	return names->n - 1;
}

struct vx_name_use {
	uint32_t n, index;
};

static int compare_uses(const void *a, const void *b)
{
	const struct vx_name_use *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static void add32(struct vx_buf *out, uint32_t v)
{
	uint8_t b[4];

	vx_store32(b, v);
	vx_buf_add(out, b, 4);
}

const uint32_t *vx_names_write(struct vx_names *names, struct vx_buf *out)
{
	uint32_t n = names->n, end = 0;

	free(names->use);
	free(names->to);
	names->use = malloc((n + 1) * sizeof(*names->use));
	names->to = malloc((n + 1) * sizeof(*names->to));
	if (!names->use || !names->to)
		return NULL;
	for (uint32_t i = 0; i < n; i++)
		names->use[i] = (struct vx_name_use){names->n_uses[i], i};
	qsort(names->use, n, sizeof(*names->use), compare_uses);
	add32(out, n);
	for (uint32_t i = 0; i < n; i++) {
		names->to[names->use[i].index] = i;
		end += (uint32_t)names->text[names->use[i].index].len;
		add32(out, end);
	}
	for (uint32_t i = 0; i < n; i++) {
		struct vx_slice text = names->text[names->use[i].index];

		vx_buf_add(out, text.p, text.len);
	}
	return names->to;
}
