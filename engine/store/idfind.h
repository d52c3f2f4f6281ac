/*
 * idfind: the ids of an open index: which blocks hold an ID.
 *
 * The values of `ids` are few (one for some 200,000 IDs), so where each begins is kept in memory.
 */
#ifndef VX_STORE_IDFIND_H
#define VX_STORE_IDFIND_H

#include "store/env.h"
#include "store/idlist.h"

struct vx_idplace {
	uint64_t first; /* entry */
	struct vx_idlist list;
};

struct vx_idfind {
	struct vx_idplace *place; /* rising */
	uint64_t n, cap;
	uint64_t n_ids; /* entries of all lists */
	int is_read;
};

/* Whether the index has ids: it was not built with --no-ids. */
int vx_env_has_ids(const struct vx_env *env);
/*
 * Reads where the lists lie, if that was not done yet: an index opened quickly leaves it.  One
 * thread, and before others ask.  VIDX_EBADINDEX, VIDX_ENOMEM.
 */
int vx_env_read_ids(struct vx_env *env, struct vidx_error *err);
/* How many entries there are: an ID counts once for each block that holds it. */
uint64_t vx_env_n_ids(const struct vx_env *env);
/*
 * The first entry (codec/idtext.h) at or after from.  0, VIDX_END, VIDX_EBADINDEX (damaged near
 * it).  After vx_env_read_ids(); any thread.
 */
int vx_env_next_id(const struct vx_env *env, uint64_t from, uint64_t *entry_ret);

void vx_idfind_release(struct vx_idfind *find);

#endif
