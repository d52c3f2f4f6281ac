/* dict: the numbers by which BCF records name contigs, filters and keys. */
#include "base/buf.h"
#include "base/text.h"
#include "input/header.h"

#include <stdlib.h>

/* A name table from text to number, so that a key of both INFO and FORMAT gets one number. */
struct dict {
	struct vx_slice *name; /* by number; p NULL: unused */
	uint32_t n, cap;       /* numbers given so far: [0, n); the array's size */
	uint32_t *slot;        /* hash table of numbers + 1 */
	size_t mask;
};

/*
 * Numbers need not be dense (a tool that drops a line keeps the others' numbers), but they came
 * from lines of a header once: this bounds what a damaged IDX can make us allocate.
 */
static uint32_t number_limit(const struct vx_header *header)
{
	size_t limit = header->text.len / 8 + 65536;

	return limit < (1u << 24) ? (uint32_t)limit : 1u << 24;
}

static int dict_grow(struct dict *dict, uint32_t n)
{
	uint32_t cap = dict->cap ? dict->cap : 64;
	struct vx_slice *name;

	while (cap < n)
		cap *= 2;
	if (cap == dict->cap)
		return 0;
	name = realloc(dict->name, cap * sizeof *name);
	if (!name)
		return VIDX_ENOMEM;
	memset(name + dict->cap, 0, (cap - dict->cap) * sizeof *name);
	dict->name = name;
	dict->cap = cap;
	return 0;
}

static int rehash(struct dict *dict)
{
	size_t size = 256;

	while (size < 4 * (size_t)dict->cap)
		size *= 2;
	free(dict->slot);
	dict->slot = calloc(size, sizeof *dict->slot);
	if (!dict->slot)
		return VIDX_ENOMEM;
	dict->mask = size - 1;
	for (uint32_t i = 0; i < dict->n; i++) {
		size_t at;

		if (!dict->name[i].p)
			continue;
		at = vx_hash64(dict->name[i].p, dict->name[i].len) & dict->mask;
		while (dict->slot[at])
			at = (at + 1) & dict->mask;
		dict->slot[at] = i + 1;
	}
	return 0;
}

static uint32_t *dict_find(const struct dict *dict, struct vx_slice name)
{
	size_t at = vx_hash64(name.p, name.len) & dict->mask;

	while (dict->slot[at] && !vx_slice_eq(dict->name[dict->slot[at] - 1], name))
		at = (at + 1) & dict->mask;
	return &dict->slot[at];
}

/* Gives name the number of its IDX, or the next one.  0, 1 (a bad IDX), or VIDX_ENOMEM. */
static int dict_add(struct dict *dict, struct vx_slice name, struct vx_slice idx, uint32_t limit)
{
	uint32_t *slot = dict_find(dict, name), cap = dict->cap;
	uint64_t number = dict->n;

	if (idx.p && !vx_parse_u64(idx, limit, &number))
		return 1;
	if (*slot)
		return idx.p && number != *slot - 1;
	if (number >= limit)
		return 1;
	if (dict_grow(dict, (uint32_t)number + 1) != 0)
		return VIDX_ENOMEM;
	if (dict->name[number].p)
		return 1;
	dict->name[number] = name;
	if (number >= dict->n)
		dict->n = (uint32_t)number + 1;
	if (dict->cap != cap)
		return rehash(dict);
	*slot = (uint32_t)number + 1;
	return 0;
}

static int dict_init(struct dict *dict)
{
	memset(dict, 0, sizeof *dict);
	return dict_grow(dict, 64) == 0 ? rehash(dict) : VIDX_ENOMEM;
}

static void dict_release(struct dict *dict)
{
	free(dict->name);
	free(dict->slot);
}

static int dict_keep(struct vx_header *header, const struct dict *dict, struct vx_slice **array_ret,
		     uint32_t *n_ret)
{
	*array_ret = vx_arena_alloc(&header->arena, dict->n * sizeof **array_ret + 1);
	if (!*array_ret)
		return VIDX_ENOMEM;
	memcpy(*array_ret, dict->name, dict->n * sizeof **array_ret);
	*n_ret = dict->n;
	return 0;
}

/* Adds one line's ID to its dictionary; 0 also for lines that have none. */
static int add_line(struct dict *strings, struct dict *contigs, struct vx_slice key,
		    struct vx_slice value, uint32_t limit)
{
	struct vx_slice id;
	struct dict *dict = strings;

	if (vx_slice_is(key, "contig"))
		dict = contigs;
	else if (!vx_slice_is(key, "INFO") && !vx_slice_is(key, "FORMAT") &&
		 !vx_slice_is(key, "FILTER"))
		return 0;
	id = vx_header_attribute(value, "ID");
	return id.len ? dict_add(dict, id, vx_header_attribute(value, "IDX"), limit) : 0;
}

int vx_header_number(struct vx_header *header, const char *name, struct vidx_error *err)
{
	struct dict strings, contigs;
	struct vx_slice text = header->text, key, value, none = {NULL, 0};
	uint32_t limit = number_limit(header);
	int rc = dict_init(&strings);

	rc |= dict_init(&contigs);
	if (rc == 0)
		rc = dict_add(&strings, vx_slice_str("PASS"), none, limit);
	while (rc == 0 && vx_header_next_meta(&text, &key, &value))
		rc = add_line(&strings, &contigs, key, value, limit);
	if (rc == 1)
		rc = vx_fail(err, VIDX_EBADINPUT, "%.300s: a header line has a bad IDX: %s", name,
			     vx_quote(value).text);
	if (rc == 0)
		rc = dict_keep(header, &strings, &header->strings, &header->n_strings);
	if (rc == 0)
		rc = dict_keep(header, &contigs, &header->bcf_contigs, &header->n_bcf_contigs);
	if (rc == VIDX_ENOMEM)
		vx_fail_nomem(err);
	dict_release(&strings);
	dict_release(&contigs);
	return rc;
}
