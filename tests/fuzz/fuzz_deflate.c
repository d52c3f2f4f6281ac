/* Our deflate decoder: what it passes is what libdeflate makes of the same bytes. */
#include "input/deflate.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct libdeflate_decompressor *other;
	static uint8_t want[65536];
	struct vx_deflate *ours = vx_deflate_new();
	size_t len;
	uint8_t *in, *out;

	if (!other)
		other = libdeflate_alloc_decompressor();
	/* The length that libdeflate finds, or one that cannot be right. */
	if (libdeflate_deflate_decompress(other, data, size, want, sizeof want, &len) != 0)
		len = size ? (size_t)data[size - 1] * 37 : 0;
	in = malloc(size + VX_DEFLATE_IN_ROOM);
	out = malloc(len + VX_DEFLATE_ROOM);
	if (!ours || !other || !in || !out)
		abort();
	if (size)
		memcpy(in, data, size);
	memset(in + size, 0, VX_DEFLATE_IN_ROOM);
	for (int plain = 0; plain < 2; plain++) {
		vx_deflate_force_plain(plain);
		if (vx_deflate_decode(ours, in, size, out, len) != 0)
			continue;
		if (libdeflate_deflate_decompress(other, data, size, want, len, NULL) != 0 ||
		    memcmp(out, want, len) != 0)
			abort();
	}
	free(in);
	free(out);
	vx_deflate_free(ours);
	return 0;
}
