/* Writing of ext: what the rows of a block have is looked at, then each key becomes a column. */
#include "codec/extcolumn.h"

#include <stdlib.h>

struct vx_ext {
	const struct vx_keep *keep;
	uint32_t n, n_slots; /* rows looked at; keys that any of them has */
	uint32_t cap;        /* of bits */
	size_t value_cap;
	uint32_t *slot;         /* by key: 1 + its place in value; 0: no row has it */
	struct vx_slice *value; /* key by key: value[slot * n + row]; p NULL: it has none */
	uint64_t *bits;         /* bits[i]: about what the first i rows take */
	struct vx_column column;
	struct vx_buf scratch;
};

int vx_ext_new(const struct vx_keep *keep, struct vx_ext **ext_ret)
{
	struct vx_ext *e = calloc(1, sizeof(*e));

	if (!e)
		return VIDX_ENOMEM;
	e->keep = keep;
	vx_column_init(&e->column);
	e->slot = calloc(keep->n + 1, sizeof(*e->slot));
	if (!e->slot) {
		vx_ext_free(e);
		return VIDX_ENOMEM;
	}
	*ext_ret = e;
	return 0;
}

void vx_ext_free(struct vx_ext *e)
{
	if (!e)
		return;
	vx_column_release(&e->column);
	vx_buf_release(&e->scratch);
	free(e->value);
	free(e->slot);
	free(e->bits);
	free(e);
}

/* Numbers the keys that the rows have; stops before the row with which they are too many values. */
uint32_t vx_ext_limit(struct vx_ext *e, const struct vx_row *const *rows, uint32_t n)
{
	struct vx_slice rest, value;
	uint32_t key;

	e->n_slots = 0;
	memset(e->slot, 0, e->keep->n * sizeof(*e->slot));
	for (uint32_t i = 0; i < n; i++) {
		for (rest = rows[i]->kept; vx_keep_next(&rest, &key, &value);)
			if (key < e->keep->n && !e->slot[key])
				e->slot[key] = ++e->n_slots;
		if (i > 0 && (uint64_t)e->n_slots * (i + 1) > VX_EXT_VALUES_MAX)
			return i;
	}
	return n;
}

static int make_room(struct vx_ext *e, uint32_t n)
{
	size_t n_values = (size_t)n * e->n_slots;
	uint32_t cap = n + n / 2 + 64;
	uint64_t *bits;

	if (n_values > e->value_cap) {
		free(e->value);
		e->value_cap = 0;
		e->value = malloc(n_values * sizeof(*e->value));
		if (!e->value)
			return VIDX_ENOMEM;
		e->value_cap = n_values;
	}
	if (n <= e->cap)
		return 0;
	bits = realloc(e->bits, ((size_t)cap + 1) * sizeof(*bits));
	if (!bits)
		return VIDX_ENOMEM;
	e->bits = bits;
	e->cap = cap;
	return 0;
}

/* Rows lie row by row; columns are made key by key. */
static void spread(struct vx_ext *e, const struct vx_row *const *rows, uint32_t n)
{
	struct vx_slice rest, value;
	uint32_t key;

	if (e->n_slots)
		memset(e->value, 0, (size_t)n * e->n_slots * sizeof(*e->value));
	for (uint32_t i = 0; i < n; i++)
		for (rest = rows[i]->kept; vx_keep_next(&rest, &key, &value);)
			if (key < e->keep->n)
				e->value[(size_t)(e->slot[key] - 1) * n + i] = value;
}

static const struct vx_slice *column_of(const struct vx_ext *e, uint32_t key)
{
	return e->value + (size_t)(e->slot[key] - 1) * e->n;
}

int vx_ext_survey(struct vx_ext *e, const struct vx_row *const *rows, uint32_t n)
{
	e->n = 0;
	n = vx_ext_limit(e, rows, n);
	if (make_room(e, n) != 0)
		return VIDX_ENOMEM;
	spread(e, rows, n);
	e->n = n;
	memset(e->bits, 0, ((size_t)n + 1) * sizeof(*e->bits));
	for (uint32_t k = 0; k < e->keep->n; k++)
		if (e->slot[k] && vx_column_survey(&e->column, e->keep->key[k].type,
						   column_of(e, k), n, e->bits) != 0)
			return VIDX_ENOMEM;
	for (uint32_t i = 1; i <= n; i++)
		e->bits[i] += e->bits[i - 1];
	return 0;
}

uint64_t vx_ext_bound(const struct vx_ext *e, uint32_t n)
{
	if (n > e->n)
		n = e->n;
	if (!e->bits[n])
		return 0;
	return e->bits[n] / 8 + (4 + VX_EXT_COLUMN_HEADER + 16) * (uint64_t)e->keep->n;
}

int vx_ext_write(struct vx_ext *e, uint32_t n, struct vx_buf *out)
{
	uint32_t n_keys = e->keep->n;

	vx_buf_clear(out);
	if (n > e->n || !e->bits[n])
		return 0;
	if (vx_buf_reserve(out, 4 * (size_t)n_keys) != 0)
		return VIDX_ENOMEM;
	memset(out->p, 0, 4 * (size_t)n_keys);
	out->len = 4 * (size_t)n_keys;
	for (uint32_t k = 0; k < n_keys; k++) {
		size_t at = out->len;

		if (!e->slot[k])
			continue;
		if (vx_column_write(&e->column, e->keep->key[k].type, column_of(e, k), n, out) != 0)
			return VIDX_ENOMEM;
		if (out->len > at)
			vx_store32(out->p + 4 * (size_t)k, (uint32_t)at);
	}
	return out->failed ? VIDX_ENOMEM : 0;
}
