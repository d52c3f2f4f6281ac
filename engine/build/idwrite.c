#include "build/idwrite.h"
#include "store/idlist.h"

#include <stdlib.h>
#include <string.h>

/* Parts of a round, for each thread: the lists of a round wait in memory, 1 MB each. */
#define PARTS_PER_THREAD 2

struct round {
	size_t beg, n; /* parts */
	struct vx_idpart *part;
	struct vx_buf *list;
	uint64_t *first;
	struct vidx_error *why; /* one for each, so that the first in order is the one told */
};

static int round_init(struct round *round, size_t n)
{
	memset(round, 0, sizeof *round);
	round->n = n;
	round->part = calloc(n, sizeof *round->part);
	round->list = calloc(n, sizeof *round->list);
	round->first = calloc(n, sizeof *round->first);
	round->why = calloc(n, sizeof *round->why);
	return round->part && round->list && round->first && round->why ? 0 : VIDX_ENOMEM;
}

static void round_release(struct round *round)
{
	for (size_t k = 0; round->part && k < round->n; k++)
		vx_idpart_release(&round->part[k]);
	for (size_t k = 0; round->list && k < round->n; k++)
		vx_buf_release(&round->list[k]);
	free(round->part);
	free(round->list);
	free(round->first);
	free(round->why);
}

/* Part number beg + k into its list, which stays empty where the part is. */
static void pack_part(const struct vx_idsort *ids, struct round *round, size_t k)
{
	struct vx_idpart *part = &round->part[k];

	vx_buf_clear(&round->list[k]);
	if (vx_idsort_part(ids, round->beg + k, part, &round->why[k]) != 0 || part->n == 0)
		return;
	round->first[k] = part->entry[0];
	vx_idlist_pack(part->entry, part->n, &round->list[k], &round->why[k]);
}

static int append_round(const struct round *round, size_t n, struct vx_append *append,
			struct vidx_error *err)
{
	int rc = 0;

	for (size_t k = 0; k < n && rc == 0; k++) {
		const struct vx_buf *list = &round->list[k];

		if (round->why[k].status < 0)
			rc = vx_fail(err, round->why[k].status, "%s", round->why[k].text);
		else if (list->len)
			rc = vx_append_ids(append, round->first[k],
					   vx_slice((const char *)list->p, list->len), err);
	}
	return rc;
}

int vx_idwrite(struct vx_idsort *ids, struct vx_append *append, int threads, struct vidx_error *err)
{
	struct round round;
	size_t n_parts = 0, most;
	int rc = vx_idsort_end(ids, &n_parts, err);

	if (rc == 0)
		rc = vx_append_ids_begin(append, err);
	if (rc < 0)
		return rc;
	most = (size_t)threads * PARTS_PER_THREAD;
	most = most < n_parts ? most : n_parts;
	if (round_init(&round, most ? most : 1) != 0)
		rc = vx_fail_nomem(err);
	for (; round.beg < n_parts && rc == 0; round.beg += most) {
		size_t n = n_parts - round.beg < most ? n_parts - round.beg : most;

#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (n > 1)
		for (size_t k = 0; k < n; k++)
			pack_part(ids, &round, k);
		rc = append_round(&round, n, append, err);
	}
	round_release(&round);
	return rc;
}
