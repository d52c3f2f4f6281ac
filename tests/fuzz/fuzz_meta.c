/*
 * Any bytes as an index's description of itself: once as they are, once under a right hash, so
 * that what is behind the hash is met too.  What is read is written and read again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store/meta.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_bytes(const uint8_t *p, size_t len)
{
	struct vidx_error err = {0};
	struct vx_meta meta, again;
	struct vx_buf out;
	int rc;

	vx_meta_init(&meta);
	rc = vx_meta_read(&meta, p, len, &err);
	if ((rc < 0) != (err.status < 0) || rc > 0)
		abort();
	if (rc == 0) {
		vx_buf_init(&out);
		vx_meta_write(&meta, &out);
		vx_meta_init(&again);
		if (out.failed || vx_meta_read(&again, out.p, out.len, &err) != 0 ||
		    again.n_variants != meta.n_variants || again.n_sources != meta.n_sources)
			abort();
		vx_meta_release(&again);
		vx_buf_release(&out);
	}
	vx_meta_release(&meta);
	/* The parts alone, on what a core may have left. */
	vx_meta_init(&meta);
	vx_meta_read_parts(&meta, VX_META_CORE, p, len, NULL);
	vx_meta_read_parts(&meta, VX_META_INPUTS, p, len, NULL);
	vx_meta_read_parts(&meta, VX_META_REACH, p, len, NULL);
	vx_meta_release(&meta);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *hashed = malloc(size + 8);
	uint64_t hash = vx_hash64(data, size);

	if (!hashed)
		return 0;
	memcpy(hashed, &hash, 8);
	if (size)
		memcpy(hashed + 8, data, size);
	try_bytes(hashed, size + 8);
	try_bytes(data, size);
	free(hashed);
	return 0;
}
