#include "store/metatrack.h"

static void add_varint(struct vx_buf *out, uint64_t v)
{
	uint8_t bytes[10];

	vx_buf_add(out, bytes, vx_put_varint(bytes, v));
}

static void add_text(struct vx_buf *out, struct vx_slice text)
{
	add_varint(out, text.len);
	vx_buf_add(out, text.p, text.len);
}

static void add_hash(struct vx_buf *out, struct vx_hash128 hash)
{
	uint8_t bytes[16];

	vx_store64(bytes, hash.lo);
	vx_store64(bytes + 8, hash.hi);
	vx_buf_add(out, bytes, sizeof bytes);
}

void vx_metatrack_write(const struct vx_meta_track *track, struct vx_buf *out)
{
	add_text(out, track->kind);
	add_text(out, track->name);
	add_hash(out, track->hash);
	add_hash(out, track->digest);
	add_varint(out, track->size);
	add_varint(out, track->n_spans);
	add_varint(out, track->n_blocks);
	add_varint(out, track->n_bases);
	add_varint(out, track->n_unknown);
	add_varint(out, track->n_cols);
	for (uint32_t i = 0; i < track->n_cols; i++)
		add_varint(out, track->col[i]);
}

static int read_text(struct vx_meta *meta, struct vx_cursor *c, struct vx_slice *text)
{
	size_t len = vx_cursor_varint(c);
	const uint8_t *p = vx_cursor_take(c, len);
	char *copy = vx_arena_copy(&meta->arena, p, p ? len : 0);

	*text = vx_slice(copy, p ? len : 0);
	return copy ? 0 : VIDX_ENOMEM;
}

static void read_hash(struct vx_cursor *c, struct vx_hash128 *hash)
{
	hash->lo = vx_cursor_u64(c);
	hash->hi = vx_cursor_u64(c);
}

static int bad(struct vidx_error *err)
{
	return vx_fail(err, VIDX_EBADINDEX, "damaged description: callable track");
}

int vx_metatrack_read(struct vx_meta *meta, struct vx_cursor *c, struct vidx_error *err)
{
	struct vx_meta_track *track = &meta->track;
	uint64_t n, least = 0;

	if (read_text(meta, c, &track->kind) != 0 || read_text(meta, c, &track->name) != 0)
		return vx_fail_nomem(err);
	read_hash(c, &track->hash);
	read_hash(c, &track->digest);
	track->size = vx_cursor_varint(c);
	track->n_spans = vx_cursor_varint(c);
	track->n_blocks = vx_cursor_varint(c);
	track->n_bases = vx_cursor_varint(c);
	track->n_unknown = vx_cursor_varint(c);
	n = vx_cursor_varint(c);
	if (c->bad || n > meta->groups.n || n > vx_cursor_left(c) ||
	    track->n_blocks > track->n_spans || track->n_spans > track->n_bases)
		return bad(err);
	track->col = vx_arena_alloc(&meta->arena, n * sizeof *track->col + 1);
	if (!track->col)
		return vx_fail_nomem(err);
	for (uint64_t i = 0; i < n; i++) {
		uint64_t group = vx_cursor_varint(c);

		if (group < least || group >= meta->groups.n)
			return bad(err);
		track->col[i] = (uint32_t)group;
		least = group + 1;
	}
	track->n_cols = (uint32_t)n;
	track->present = 1;
	return 0;
}
