#include "build/crew.h"

#include <stdlib.h>
#include <string.h>

int vx_crew_init(struct vx_crew *crew, const struct vx_inputs *inputs,
		 const struct vx_build_options *options, struct vidx_error *err)
{
	unsigned bits = vx_build_hash_bits(options);
	int rc = 0;

	crew->n = options->threads < 1 ? 1 : options->threads;
	crew->worker = calloc((size_t)crew->n, sizeof *crew->worker);
	crew->packer = calloc((size_t)crew->n, sizeof *crew->packer);
	if (!crew->worker || !crew->packer)
		return vx_fail_nomem(err);
	for (int i = 0; rc == 0 && i < crew->n; i++) {
		rc = vx_worker_init(&crew->worker[i], inputs, options, err);
		if (rc == 0)
			rc = vx_packer_new(&inputs->shape, bits, &crew->packer[i], err);
	}
	return rc;
}

void vx_crew_release(struct vx_crew *crew)
{
	for (int i = 0; i < crew->n; i++) {
		if (crew->worker)
			vx_worker_release(&crew->worker[i]);
		if (crew->packer)
			vx_packer_free(crew->packer[i]);
	}
	free(crew->worker);
	free(crew->packer);
	memset(crew, 0, sizeof *crew);
}
