/*
 * Compressed files of either kind.  Mutations rarely survive a CRC, so the bytes are also cut
 * into pieces that are packed into whole blocks, stored without compression.
 */
#include "base/bytes.h"
#include "fuzz/source.h"

#include <libdeflate.h>

static void add_stored_block(struct vx_buf *file, const uint8_t *p, size_t n)
{
	uint8_t b[23] = {0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 6, 0, 'B', 'C', 2, 0}, tail[8];

	vx_store16(b + 16, (uint16_t)(n + 30));
	b[18] = 1;
	vx_store16(b + 19, (uint16_t)n);
	vx_store16(b + 21, (uint16_t)~n);
	vx_store32(tail, libdeflate_crc32(0, n ? p : b, n));
	vx_store32(tail + 4, (uint32_t)n);
	vx_buf_add(file, b, sizeof b);
	vx_buf_add(file, p, n);
	vx_buf_add(file, tail, sizeof tail);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t piece = size ? 1 + data[size - 1] : 1;
	struct vx_buf file;

	read_as_file(data, size, 1 << 16);
	vx_buf_init(&file);
	for (size_t at = 0; at < size; at += piece)
		add_stored_block(&file, data + at, size - at < piece ? size - at : piece);
	add_stored_block(&file, data, 0);
	if (file.failed)
		abort();
	read_as_file(file.p, file.len, 100);
	vx_buf_release(&file);
	return 0;
}
