#include "query/reach.h"

#include "vidx.h"

int vx_reach_init(struct vx_reach *reach, const uint64_t *of_block, uint64_t n,
		  struct vx_arena *arena)
{
	uint64_t n_tops = (n + VX_REACH_STEP - 1) / VX_REACH_STEP;
	uint64_t *top = vx_arena_alloc(arena, (n_tops + 1) * sizeof *top);

	if (!top)
		return VIDX_ENOMEM;
	for (uint64_t t = 0; t < n_tops; t++) {
		uint64_t end = (t + 1) * VX_REACH_STEP < n ? (t + 1) * VX_REACH_STEP : n;

		top[t] = 0;
		for (uint64_t i = t * VX_REACH_STEP; i < end; i++)
			if (of_block[i] > top[t])
				top[t] = of_block[i];
	}
	*reach = (struct vx_reach){of_block, top, n};
	return 0;
}

uint64_t vx_reach_next(const struct vx_reach *reach, uint64_t i, uint64_t locus,
		       uint64_t *n_looked_ret)
{
	while (i < reach->n) {
		++*n_looked_ret;
		if (i % VX_REACH_STEP == 0 && reach->top[i / VX_REACH_STEP] <= locus)
			i += VX_REACH_STEP;
		else if (reach->reach[i] > locus)
			return i;
		else
			i++;
	}
	return reach->n;
}
