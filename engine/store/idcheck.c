#include "store/idcheck.h"

#include "codec/idtext.h"
#include "store/idsort.h"
#include "store/opened.h"

#include <inttypes.h>
#include <stdlib.h>

static void add_entry(struct vx_idsum *sum, uint64_t entry)
{
	/* Spread over all bits, as the sum of neighbours would not tell them apart. */
	entry ^= entry >> 33;
	entry *= UINT64_C(0xff51afd7ed558ccd);
	entry ^= entry >> 33;
	entry *= UINT64_C(0xc4ceb9fe1a85ec53);
	sum->sum += entry ^ entry >> 33;
	sum->n++;
}

static int reserve(struct vx_idcheck *check)
{
	size_t cap = check->cap * 2 + 1024;
	uint64_t *entry, *spare;

	if (check->n < check->cap)
		return 0;
	entry = realloc(check->entry, cap * sizeof *entry);
	if (!entry)
		return VIDX_ENOMEM;
	check->entry = entry;
	spare = realloc(check->spare, cap * sizeof *spare);
	if (!spare)
		return VIDX_ENOMEM;
	check->spare = spare;
	check->cap = cap;
	return 0;
}

int vx_idcheck_row(struct vx_idcheck *check, struct vx_slice ids, uint64_t block,
		   unsigned hash_bits)
{
	struct vx_slice id;

	while (vx_id_next(&ids, &id)) {
		if (reserve(check) != 0)
			return VIDX_ENOMEM;
		check->entry[check->n++] = vx_id_entry(vx_id_code(id, hash_bits), block);
	}
	return 0;
}

void vx_idcheck_block(struct vx_idcheck *check)
{
	size_t n = vx_idsort_entries(check->entry, check->spare, check->n);

	for (size_t i = 0; i < n; i++)
		add_entry(&check->sum, check->entry[i]);
	check->n = 0;
}

void vx_idcheck_release(struct vx_idcheck *check)
{
	free(check->entry);
	free(check->spare);
}

static int bad(const struct vx_env *env, uint64_t i, const char *what, struct vidx_error *err)
{
	return vx_fail(err, VIDX_EBADINDEX, "%s: damaged: ids, list %" PRIu64 ": %s", env->path, i,
		       what);
}

/* Entries rise over all lists; *last is the one before, or 0. */
static int check_list(const struct vx_env *env, uint64_t i, uint64_t *last, struct vx_idsum *sum,
		      struct vidx_error *err)
{
	const struct vx_idplace *place = &env->ids.place[i];
	uint64_t entry[VX_IDLIST_CHUNK];
	size_t n;

	if (!vx_idlist_is_whole(&place->list))
		return bad(env, i, "its hash is another", err);
	for (uint32_t c = 0; c < place->list.n_chunks; c++) {
		if (vx_idlist_chunk(&place->list, c, entry, &n) != 0)
			return bad(env, i, "its bytes make no sense", err);
		if (c == 0 && entry[0] != place->first)
			return bad(env, i, "its first is not that of its key", err);
		for (size_t k = 0; k < n; k++) {
			if (entry[k] <= *last)
				return bad(env, i, "out of order", err);
			if (vx_id_entry_block(entry[k]) >= env->meta.n_blocks)
				return bad(env, i, "an id in no block", err);
			*last = entry[k];
			add_entry(sum, entry[k]);
		}
	}
	return 0;
}

int vx_idcheck_lists(struct vx_env *env, struct vx_idsum *sum_ret, struct vidx_error *err)
{
	uint64_t last = 0;
	int rc = vx_env_read_ids(env, err);

	*sum_ret = (struct vx_idsum){0, 0};
	for (uint64_t i = 0; i < env->ids.n && rc == 0; i++)
		rc = check_list(env, i, &last, sum_ret, err);
	return rc;
}
