#include "store/idfind.h"

#include "base/bytes.h"
#include "store/opened.h"

#include <errno.h>
#include <stdlib.h>

int vx_env_has_ids(const struct vx_env *env)
{
	return env->has_ids;
}

uint64_t vx_env_n_ids(const struct vx_env *env)
{
	return env->ids.n_ids;
}

void vx_idfind_release(struct vx_idfind *find)
{
	free(find->place);
	memset(find, 0, sizeof *find);
}

/* The next value of `ids`.  0, or one of LMDB's. */
static int add_list(struct vx_idfind *find, const MDB_val *key, const MDB_val *value)
{
	struct vx_idplace *place;
	uint64_t first;

	if (key->mv_size != 8)
		return MDB_CORRUPTED;
	first = vx_load64_be(key->mv_data);
	if (find->n == find->cap) {
		uint64_t cap = find->cap * 2 + 8;

		place = realloc(find->place, cap * sizeof *place);
		if (!place)
			return ENOMEM;
		find->place = place;
		find->cap = cap;
	}
	place = &find->place[find->n];
	if (vx_idlist_open(&place->list, value->mv_data, value->mv_size) != 0 ||
	    (find->n > 0 && first <= place[-1].first))
		return MDB_CORRUPTED;
	place->first = first;
	find->n++;
	find->n_ids += place->list.n;
	return 0;
}

int vx_env_read_ids(struct vx_env *env, struct vidx_error *err)
{
	struct vx_idfind *find = &env->ids;
	MDB_cursor *cursor = NULL;
	MDB_val key, value;
	int code;

	if (find->is_read || !env->has_ids)
		return 0;
	code = mdb_cursor_open(env->txn, env->ids_dbi, &cursor);
	while (code == 0 && (code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0)
		code = add_list(find, &key, &value);
	if (cursor)
		mdb_cursor_close(cursor);
	if (code != MDB_NOTFOUND) {
		vx_idfind_release(find);
		return vx_env_fail(env, code, err);
	}
	find->is_read = 1;
	return 0;
}

int vx_env_next_id(const struct vx_env *env, uint64_t from, uint64_t *entry_ret)
{
	const struct vx_idfind *find = &env->ids;
	uint64_t at = 0, end = find->n;
	int rc = VIDX_END;

	/* The last list that begins at or before from, or the first. */
	while (end - at > 1) {
		uint64_t half = at + (end - at) / 2;

		if (find->place[half].first <= from)
			at = half;
		else
			end = half;
	}
	for (; at < find->n && rc == VIDX_END; at++)
		rc = vx_idlist_next(&find->place[at].list, from, entry_ret);
	return rc;
}
