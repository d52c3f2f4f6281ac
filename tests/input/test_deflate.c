/* Our decoder against libdeflate: every kind of block, every distance, and damage. */
#include "input/deflate.h"
#include "input/support.h"

#include <zlib.h>

enum { SEED = 1951, TEXT_MAX = 65536 };

static uint64_t state = SEED;
static unsigned next_random(unsigned n)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (unsigned)(state >> 33) % n;
}

static uint8_t text[TEXT_MAX], stored[TEXT_MAX + 2000], out[TEXT_MAX + VX_DEFLATE_ROOM];
static struct vx_deflate *deflater;

/* zlib's raw stream of text[0, len); returns its length. */
static size_t compress_text(size_t len, int level, int strategy, int memory)
{
	z_stream z;

	memset(&z, 0, sizeof z);
	ck_assert_int_eq(deflateInit2(&z, level, Z_DEFLATED, -15, memory, strategy), Z_OK);
	z.next_in = text;
	z.avail_in = (uInt)len;
	z.next_out = stored;
	z.avail_out = sizeof stored;
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return (size_t)(z.next_out - stored);
}

/* Decodes from memory with exactly the promised room, so that more is seen by a checker. */
static int decode(const uint8_t *p, size_t n, size_t len)
{
	uint8_t *in = malloc(n + VX_DEFLATE_IN_ROOM), *to = malloc(len + VX_DEFLATE_ROOM);
	int rc;

	ck_assert(in && to);
	memcpy(in, p, n);
	memset(in + n, 0x55, VX_DEFLATE_IN_ROOM);
	memset(to, 0, len + VX_DEFLATE_ROOM);
	rc = vx_deflate_decode(deflater, in, n, to, len);
	memcpy(out, to, len);
	free(in);
	free(to);
	return rc;
}

static void round_trip(size_t len, int level, int strategy, int memory)
{
	size_t n = compress_text(len, level, strategy, memory);

	for (int plain = 0; plain < 2; plain++) {
		vx_deflate_force_plain(plain);
		ck_assert_msg(decode(stored, n, len) == 0,
			      "seed %d, %zu bytes, level %d, strategy %d", SEED, len, level,
			      strategy);
		ck_assert_int_eq(memcmp(out, text, len), 0);
	}
	vx_deflate_force_plain(0);
}

/* A run repeated at that distance, with a few other bytes in between. */
static void fill_runs(size_t len, unsigned distance, unsigned rare)
{
	for (size_t i = 0; i < len; i++) {
		if (i < distance || next_random(rare) == 0)
			text[i] = (uint8_t)next_random(256);
		else
			text[i] = text[i - distance];
	}
}

START_TEST(every_distance)
{
	for (unsigned distance = 1; distance <= 70; distance++) {
		fill_runs(3000, distance, 200);
		round_trip(3000, 6, Z_DEFAULT_STRATEGY, 8);
	}
	fill_runs(TEXT_MAX, 32000, 100);
	round_trip(TEXT_MAX, 9, Z_DEFAULT_STRATEGY, 8);
}
END_TEST

START_TEST(every_length)
{
	for (size_t len = 0; len < 700; len++) {
		fill_runs(len, 1 + (unsigned)len % 40, 1000);
		round_trip(len, 6, Z_DEFAULT_STRATEGY, 8);
	}
}
END_TEST

/* Stored, fixed, Huffman only, run-length, many small blocks. */
START_TEST(every_kind)
{
	static const int strategies[] = {Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE,
					 Z_FIXED};

	for (unsigned rare = 1; rare < 3000; rare = rare * 3 + 1) {
		fill_runs(TEXT_MAX - 100, 4, rare);
		for (int level = 0; level <= 9; level += 3)
			for (int i = 0; i < 5; i++)
				round_trip(TEXT_MAX - 100, level, strategies[i], 1 + (int)rare % 9);
	}
	/* Byte values of very different frequency: codes of up to 15 bits. */
	for (size_t i = 0; i < TEXT_MAX; i++)
		text[i] = (uint8_t)__builtin_ctz(next_random(1 << 30) | 1 << 20) * 7 +
			  (uint8_t)(next_random(4000) == 0) * (uint8_t)next_random(256);
	round_trip(TEXT_MAX, 6, Z_HUFFMAN_ONLY, 9);
}
END_TEST

/* Wrong lengths and cut streams are given up, never passed. */
START_TEST(gives_up)
{
	size_t n, len = 5000;

	fill_runs(len, 4, 50);
	n = compress_text(len, 6, Z_DEFAULT_STRATEGY, 8);
	ck_assert_int_ne(decode(stored, n, len - 1), 0);
	ck_assert_int_ne(decode(stored, n, len + 1), 0);
	for (size_t k = 0; k < n; k++)
		ck_assert_int_ne(decode(stored, k, len), 0);
}
END_TEST

/* Any bytes: what passes is what libdeflate makes of them. */
START_TEST(changed_streams)
{
	struct libdeflate_decompressor *other = libdeflate_alloc_decompressor();
	static uint8_t want[TEXT_MAX];
	size_t len = 3000, n_passed = 0;

	for (int round = 0; round < 20000; round++) {
		size_t n;

		fill_runs(len, 1 + next_random(20), 2 + next_random(300));
		n = compress_text(len, 6, round % 3 ? Z_DEFAULT_STRATEGY : Z_FIXED, 8);
		for (unsigned k = next_random(3) + 1; k; k--)
			stored[next_random((unsigned)n)] ^= (uint8_t)(1 << next_random(8));
		if (decode(stored, n, len) != 0)
			continue;
		n_passed++;
		ck_assert_int_eq(libdeflate_deflate_decompress(other, stored, n, want, len, NULL),
				 LIBDEFLATE_SUCCESS);
		ck_assert_msg(memcmp(out, want, len) == 0, "seed %d, round %d", SEED, round);
	}
	ck_assert_uint_gt(n_passed, 100);
	libdeflate_free_decompressor(other);
}
END_TEST

static void setup(void)
{
	deflater = vx_deflate_new();
	ck_assert_ptr_nonnull(deflater);
}

static void teardown(void)
{
	vx_deflate_free(deflater);
}

Suite *input_deflate_suite(void);
Suite *input_deflate_suite(void)
{
	Suite *suite = suite_create("input_deflate");
	TCase *tc = tcase_create("deflate");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, every_distance);
	tcase_add_test(tc, every_length);
	tcase_add_test(tc, every_kind);
	tcase_add_test(tc, gives_up);
	tcase_add_test(tc, changed_streams);
	suite_add_tcase(suite, tc);
	return suite;
}
