/* crew: what each thread of the pipeline owns for itself. */
#ifndef VX_BUILD_CREW_H
#define VX_BUILD_CREW_H

#include "build/unit.h"
#include "codec/block.h"

struct vx_crew {
	struct vx_worker *worker; /* n of them, by thread number */
	struct vx_packer **packer;
	int n;
};

/* One worker and one packer for each of options->threads.  Errors: VIDX_ENOMEM.  Release it in any case. */
int vx_crew_init(struct vx_crew *crew, const struct vx_inputs *inputs,
		 const struct vx_build_options *options, struct vidx_error *err);
void vx_crew_release(struct vx_crew *crew);

#endif
