/*
 * Any bytes as a list of IDs: what opens is read chunk by chunk and by lookups.  The first byte
 * says whether magic and number of chunks are set right; the rest is the list.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "store/idlist.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t chunk[VX_IDLIST_CHUNK], entry = 0, n;
	struct vx_idlist list;
	uint8_t *p;
	size_t n_chunk;

	if (size < 1)
		return 0;
	p = malloc(size);
	if (!p)
		return 0;
	size--;
	memcpy(p, data + 1, size);
	if (data[0] & 1 && size >= 32) {
		vx_store32(p, UINT32_C(0x01495856));
		n = vx_load64(p + 16) & 0xfff;
		vx_store64(p + 16, n);
		vx_store32(p + 4, (uint32_t)((n + VX_IDLIST_CHUNK - 1) / VX_IDLIST_CHUNK));
	}
	if (vx_idlist_open(&list, p, size) == 0) {
		vx_idlist_is_whole(&list);
		for (uint32_t i = 0; i < list.n_chunks; i++)
			vx_idlist_chunk(&list, i, chunk, &n_chunk);
		for (int i = 0; i < 20 && vx_idlist_next(&list, entry, &entry) == 0; i++)
			entry++;
	}
	free(p);
	return 0;
}
