#include "store/trackfind.h"

#include "base/bytes.h"
#include "store/opened.h"

#include <errno.h>
#include <stdlib.h>

struct vx_trackwalk {
	struct vx_env *env;
	uint64_t i; /* of the block sought last, where places are in memory */
	/* Else: */
	MDB_txn *txn;
	MDB_cursor *cursor;
};

int vx_env_has_track(const struct vx_env *env)
{
	return env->has_track;
}

void vx_trackfind_release(struct vx_trackfind *find)
{
	free(find->place);
	memset(find, 0, sizeof *find);
}

/* Opens a value of `callable` and holds it against its key. */
static int open_block(const struct vx_env *env, uint64_t first, const void *p, size_t len,
		      struct vx_track *track)
{
	if (vx_track_open(track, p, len, env->meta.track.n_cols) != 0 ||
	    vx_track_first(track) != first)
		return VIDX_EBADINDEX;
	return 0;
}

/* The next value of `callable`.  0, or one of LMDB's. */
static int add_place(struct vx_trackfind *find, const MDB_val *key, const MDB_val *value)
{
	struct vx_trackplace *place;

	if (key->mv_size != 8)
		return MDB_CORRUPTED;
	if (find->n == find->cap) {
		uint64_t cap = find->cap * 2 + 8;

		place = realloc(find->place, cap * sizeof *place);
		if (!place)
			return ENOMEM;
		find->place = place;
		find->cap = cap;
	}
	place = &find->place[find->n];
	place->first = vx_load64_be(key->mv_data);
	place->bytes = vx_slice(value->mv_data, value->mv_size);
	if (find->n > 0 && place->first <= place[-1].first)
		return MDB_CORRUPTED;
	find->n++;
	return 0;
}

int vx_env_read_track(struct vx_env *env, struct vidx_error *err)
{
	struct vx_trackfind *find = &env->track;
	MDB_cursor *cursor = NULL;
	MDB_val key, value;
	int code;

	if (find->is_read || !env->has_track)
		return 0;
	code = mdb_cursor_open(env->txn, env->track_dbi, &cursor);
	while (code == 0 && (code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0)
		code = add_place(find, &key, &value);
	if (cursor)
		mdb_cursor_close(cursor);
	if (code == MDB_NOTFOUND && find->n != env->meta.track.n_blocks)
		code = MDB_CORRUPTED;
	if (code != MDB_NOTFOUND) {
		vx_trackfind_release(find);
		return vx_env_fail(env, code, err);
	}
	find->is_read = 1;
	return 0;
}

int vx_trackwalk_new(struct vx_env *env, struct vx_trackwalk **walk_ret, struct vidx_error *err)
{
	struct vx_trackwalk *walk = calloc(1, sizeof *walk);
	int code = 0;

	if (!walk)
		return vx_fail_nomem(err);
	walk->env = env;
	if (!env->track.is_read) {
		code = mdb_txn_begin(env->lmdb, NULL, MDB_RDONLY, &walk->txn);
		if (code == 0)
			code = mdb_cursor_open(walk->txn, env->track_dbi, &walk->cursor);
	}
	if (code) {
		vx_trackwalk_free(walk);
		return vx_env_fail(env, code, err);
	}
	*walk_ret = walk;
	return 0;
}

void vx_trackwalk_free(struct vx_trackwalk *walk)
{
	if (!walk)
		return;
	if (walk->cursor)
		mdb_cursor_close(walk->cursor);
	if (walk->txn)
		mdb_txn_abort(walk->txn);
	free(walk);
}

/* What the cursor stands on, code being what LMDB said when it moved there. */
static int take(struct vx_trackwalk *walk, int code, const MDB_val *key, const MDB_val *value,
		struct vx_track *track_ret)
{
	if (code == MDB_NOTFOUND)
		return VIDX_END;
	if (code || key->mv_size != 8)
		return VIDX_EBADINDEX;
	return open_block(walk->env, vx_load64_be(key->mv_data), value->mv_data, value->mv_size,
			  track_ret);
}

static int seek_in_tree(struct vx_trackwalk *walk, uint64_t locus, struct vx_track *track_ret)
{
	uint8_t bytes[8];
	MDB_val key = {sizeof bytes, bytes}, value;
	int code;

	vx_store64_be(bytes, locus);
	code = mdb_cursor_get(walk->cursor, &key, &value, MDB_SET_RANGE);
	if (code == MDB_NOTFOUND) {
		code = mdb_cursor_get(walk->cursor, &key, &value, MDB_LAST);
	} else if (code == 0 && (key.mv_size != 8 || vx_load64_be(key.mv_data) != locus)) {
		code = mdb_cursor_get(walk->cursor, &key, &value, MDB_PREV);
		if (code == MDB_NOTFOUND)
			code = mdb_cursor_get(walk->cursor, &key, &value, MDB_FIRST);
	}
	return take(walk, code, &key, &value, track_ret);
}

static int open_place(struct vx_trackwalk *walk, uint64_t i, struct vx_track *track_ret)
{
	const struct vx_trackplace *place = &walk->env->track.place[i];

	walk->i = i;
	return open_block(walk->env, place->first, place->bytes.p, place->bytes.len, track_ret);
}

int vx_trackwalk_seek(struct vx_trackwalk *walk, uint64_t locus, struct vx_track *track_ret)
{
	const struct vx_trackfind *find = &walk->env->track;
	uint64_t at = 0, end = find->n;

	if (walk->cursor)
		return seek_in_tree(walk, locus, track_ret);
	if (find->n == 0)
		return VIDX_END;
	while (end - at > 1) {
		uint64_t half = at + (end - at) / 2;

		if (find->place[half].first <= locus)
			at = half;
		else
			end = half;
	}
	return open_place(walk, at, track_ret);
}

int vx_trackwalk_next(struct vx_trackwalk *walk, struct vx_track *track_ret)
{
	MDB_val key, value;

	if (!walk->cursor)
		return walk->i + 1 < walk->env->track.n ? open_place(walk, walk->i + 1, track_ret)
							: VIDX_END;
	return take(walk, mdb_cursor_get(walk->cursor, &key, &value, MDB_NEXT), &key, &value,
		    track_ret);
}
