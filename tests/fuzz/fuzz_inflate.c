/*
 * Deflate streams: what zlib takes the libraries that inflate blocks take too, they agree on the
 * text, and neither reads nor writes outside of what it was given (the page behind is not there).
 * libdeflate alone gives a meaning to two codes that the format reserves.  Of libraries no coverage
 * is seen, so streams are made that are nearly right: the input is
 *
 *	how it is packed u8 | length of the text u16 | changes u8 | each: place u16, XOR u8 | text
 *
 * where the text is repeated up to its length, each time with one byte changed.
 */
#include "base/bytes.h"
#include "input/inflate.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <zlib.h>

enum { MAX = 65536, PAGE = 4096, TRAILER = 8 };

/* MAX bytes that end right before a page that is not there: the end. */
static uint8_t *guarded(void)
{
	uint8_t *p =
		mmap(NULL, MAX + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + MAX, PAGE, PROT_NONE) != 0)
		abort();
	return p + MAX;
}

static size_t pack(int how, const uint8_t *text, size_t len, uint8_t *out)
{
	z_stream z = {.next_in = (uint8_t *)(uintptr_t)text,
		      .avail_in = (uInt)len,
		      .next_out = out,
		      .avail_out = MAX - TRAILER};

	if (deflateInit2(&z, how % 10, Z_DEFLATED, -15, 9, how / 10 % 5) != Z_OK)
		abort();
	deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return z.total_out;
}

static int zlib_takes(uint8_t *p, size_t len, uint8_t *out, size_t out_len)
{
	z_stream z = {
		.next_in = p, .avail_in = (uInt)len, .next_out = out, .avail_out = (uInt)out_len};
	int rc;

	if (inflateInit2(&z, -15) != Z_OK)
		abort();
	rc = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	return rc == Z_STREAM_END && z.total_out == out_len;
}

/* Fills text[0, len) from what is left of the input. */
static void fill(uint8_t *text, size_t len, struct vx_cursor *c)
{
	size_t n = vx_cursor_left(c);

	for (size_t i = 0; i < len; i++) {
		text[i] = n ? c->p[i % n] : 'A';
		if (n && i % n == n - 1)
			text[i - (i / n * 7) % n] ^= 1;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct vx_inflater *inflater;
	static struct libdeflate_decompressor *plain;
	static uint8_t *in, *out, *want;
	static uint8_t text[MAX], packed[MAX];
	struct vx_cursor c = vx_cursor(data, size);
	struct vx_bgzf_block block = {.data = 18};
	int how = vx_cursor_u8(&c), good;
	const uint8_t *p;

	if (!inflater) {
		inflater = vx_inflater_new();
		plain = libdeflate_alloc_decompressor();
		in = guarded();
		out = guarded();
		want = guarded();
	}
	p = vx_cursor_take(&c, 2);
	block.text_len = p ? vx_load16(p) : 0;
	p = vx_cursor_take(&c, (size_t)3 * vx_cursor_u8(&c));
	fill(text, block.text_len, &c);
	block.data_len = (uint32_t)pack(how, text, block.text_len, packed);
	for (; p && p < c.p && block.data_len; p += 3)
		packed[vx_load16(p) % block.data_len] ^= p[2];
	if (how > 200 && block.data_len > 1) /* cut short */
		block.data_len -= 1 + how % (block.data_len - 1);
	/* The checksum and the length stand behind the stream. */
	memcpy(in - TRAILER - block.data_len, packed, block.data_len);
	good = libdeflate_deflate_decompress(plain, packed, block.data_len, want - block.text_len,
					     block.text_len, NULL) == LIBDEFLATE_SUCCESS;
	block.crc = good ? libdeflate_crc32(0, want - block.text_len, block.text_len) : 0;
	for (int by = VX_INFLATE_BY_LIBDEFLATE; by <= VX_INFLATE_BY_ISAL; by++) {
		int taken;

		vx_inflater_force(inflater, by);
		taken = !vx_inflate_block(inflater, in - TRAILER - block.data_len - block.data,
					  &block, out - block.text_len);
		if (taken != good || (taken && memcmp(want - block.text_len, out - block.text_len,
						      block.text_len) != 0))
			abort();
	}
	if (!good && zlib_takes(packed, block.data_len, want - block.text_len, block.text_len))
		abort();
	return 0;
}
