#include "query/byid.h"

#include "codec/idtext.h"
#include "store/idfind.h"

/* No ID is longer; a reader keeps a copy of the one asked for. */
#define ID_MAX 65536

static int damaged(const struct vidx_reader *reader, struct vidx_error *err)
{
	const struct vx_slice *id = &reader->range.id;

	return vx_fail(err, VIDX_EBADINDEX, "%s: damaged: its ids near '%.*s'",
		       vx_env_path(reader->index->env), id->len < 100 ? (int)id->len : 100, id->p);
}

/* Opens the next block that the lists name for the ID.  0, VIDX_END. */
static int next_block(struct vidx_reader *reader, struct vidx_error *err)
{
	struct vx_range *range = &reader->range;
	uint64_t entry = 0;
	int rc = vx_env_next_id(reader->index->env, range->id_from, &entry);

	if (rc == 0 && vx_id_entry_code(entry) != range->id_code)
		rc = VIDX_END;
	if (rc == VIDX_END)
		return VIDX_END;
	/* An entry before the one asked for would lead round in a circle. */
	if (rc < 0 || entry < range->id_from ||
	    vx_walk_block(reader->walk, vx_id_entry_block(entry), &range->block) != 0)
		return damaged(reader, err);
	range->id_from = entry + 1;
	range->is_open = 1;
	range->i = 0;
	return 0;
}

int vx_byid_next(struct vidx_reader *reader, struct vidx_error *err)
{
	struct vx_range *range = &reader->range;
	int rc;

	for (;;) {
		if (!range->is_open && (rc = next_block(reader, err)) != 0)
			return rc;
		rc = vx_block_find_id(&range->block, range->id, &range->i);
		if (rc == 0)
			return vx_reader_row(reader, &range->block, range->i++, err);
		if (rc < 0)
			return damaged(reader, err);
		range->is_open = 0;
	}
}

int vidx_get_id(struct vidx_reader *reader, const char *id, size_t id_len,
		const struct vidx_site **site_ret, struct vidx_error *err)
{
	struct vx_range *range = &reader->range;
	char *copy;
	int rc;

	if (err)
		err->status = 0, err->text[0] = '\0';
	range->walking = VX_WALK_NONE;
	reader->callable.is_known = 0;
	if (!id || id_len == 0 || id_len > ID_MAX)
		return vx_fail(err, VIDX_EUSAGE, "not an id: it is %s",
			       id_len > ID_MAX ? "too long" : "empty");
	rc = vx_index_read_ids(reader->index, err);
	if (rc < 0)
		return rc;
	/* The walk goes on after this call, when the caller's text may be gone. */
	vx_arena_reset(&reader->arena);
	copy = vx_arena_copy(&reader->arena, id, id_len);
	if (!copy)
		return vx_fail_nomem(err);
	range->id = vx_slice(copy, id_len);
	range->id_code = vx_id_code(range->id, reader->index->meta->hash_bits);
	range->id_from = vx_id_entry(range->id_code, 0);
	range->is_open = 0;
	range->walking = VX_WALK_ID;
	rc = vidx_next(reader, site_ret, err);
	return rc == VIDX_END ? VIDX_ABSENT : rc;
}
