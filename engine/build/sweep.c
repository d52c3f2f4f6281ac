#include "build/sweep.h"

#include "cohort/group.h"

#include <stdlib.h>
#include <string.h>

int vx_sweep_init(struct vx_sweep *sweep)
{
	sweep->over = NULL;
	sweep->n_over = sweep->cap = 0;
	sweep->at0 = 0;
	sweep->most = calloc((size_t)sweep->n_cols + 1, sizeof *sweep->most);
	return sweep->most ? 0 : VIDX_ENOMEM;
}

void vx_sweep_release(struct vx_sweep *sweep)
{
	free(sweep->over);
	free(sweep->most);
	sweep->over = sweep->most = NULL;
}

static uint64_t *over_at(const struct vx_sweep *sweep, size_t i)
{
	return sweep->over + i * (1 + (size_t)sweep->n_cols);
}

/* What is not known counts less than any number: VX_NONE + 1 is 0. */
static int is_at_most(const uint64_t *a, const uint64_t *b, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (a[i] + 1 > b[i] + 1)
			return 0;
	return 1;
}

static void drop(struct vx_sweep *sweep, size_t i)
{
	if (i != --sweep->n_over)
		memcpy(over_at(sweep, i), over_at(sweep, sweep->n_over),
		       (1 + (size_t)sweep->n_cols) * sizeof *sweep->over);
}

/* Emits what lies before to0. */
static int go_to(struct vx_sweep *sweep, uint64_t to0, struct vidx_error *err)
{
	uint32_t n = sweep->n_cols;

	while (sweep->n_over > 0 && sweep->at0 < to0) {
		uint64_t end0 = to0;
		int rc;

		memset(sweep->most, 0xff, n * sizeof *sweep->most);
		for (size_t i = 0; i < sweep->n_over; i++) {
			const uint64_t *over = over_at(sweep, i);

			end0 = over[0] < end0 ? over[0] : end0;
			for (uint32_t c = 0; c < n; c++)
				if (over[1 + c] + 1 > sweep->most[c] + 1)
					sweep->most[c] = over[1 + c];
		}
		rc = sweep->emit(sweep->ctx, sweep->at0, end0, sweep->most, err);
		if (rc < 0)
			return rc;
		sweep->at0 = end0;
		for (size_t i = sweep->n_over; i-- > 0;)
			if (over_at(sweep, i)[0] <= end0)
				drop(sweep, i);
	}
	return 0;
}

static int reserve(struct vx_sweep *sweep, struct vidx_error *err)
{
	size_t cap = sweep->cap * 2 + 8;
	uint64_t *over;

	if (sweep->n_over < sweep->cap)
		return 0;
	if (sweep->n_over >= VX_SWEEP_MAX)
		return vx_fail(err, VIDX_EBADINPUT,
			       "the callable track: over %d records lie over one base",
			       VX_SWEEP_MAX);
	over = realloc(sweep->over, cap * (1 + (size_t)sweep->n_cols) * sizeof *over);
	if (!over)
		return vx_fail_nomem(err);
	sweep->over = over;
	sweep->cap = cap;
	return 0;
}

int vx_sweep_add(struct vx_sweep *sweep, uint64_t beg0, uint64_t end0, const uint64_t *an,
		 struct vidx_error *err)
{
	uint32_t n = sweep->n_cols;
	uint64_t *over;
	int rc = go_to(sweep, beg0, err);

	if (rc < 0)
		return rc;
	sweep->at0 = beg0;
	for (size_t i = sweep->n_over; i-- > 0;) {
		over = over_at(sweep, i);
		if (end0 <= over[0] && is_at_most(an, over + 1, n))
			return 0;
		if (over[0] <= end0 && is_at_most(over + 1, an, n))
			drop(sweep, i);
	}
	rc = reserve(sweep, err);
	if (rc < 0)
		return rc;
	over = over_at(sweep, sweep->n_over++);
	over[0] = end0;
	memcpy(over + 1, an, n * sizeof *an);
	return 0;
}

int vx_sweep_end(struct vx_sweep *sweep, struct vidx_error *err)
{
	int rc = go_to(sweep, UINT64_MAX, err);

	sweep->n_over = 0;
	sweep->at0 = 0;
	return rc;
}
