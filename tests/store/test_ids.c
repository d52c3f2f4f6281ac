/* Lists of IDs: text and codes, the bytes of a list, sorting with and without a file, lookups. */
#include "made.h"

#include "base/bytes.h"

Suite *store_ids_suite(void);

static uint64_t seed;

static uint64_t next_random(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return seed >> 24 ^ seed << 17;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* --- text --- */

static uint64_t code(const char *id, unsigned hash_bits)
{
	return vx_id_code(vx_slice_str(id), hash_bits);
}

START_TEST(texts_and_codes)
{
	struct vx_slice rest = vx_slice_str(";rs1;.;;COSV2;RS3;"), id;
	const char *ids[] = {"rs1", "COSV2", "RS3"};
	int n = 0;

	for (; vx_id_next(&rest, &id); n++)
		ck_assert(n < 3 && vx_slice_is(id, ids[n]));
	ck_assert_int_eq(n, 3);
	rest = vx_slice(NULL, 0);
	ck_assert_int_eq(vx_id_next(&rest, &id), 0);
	ck_assert_uint_eq(code("rs123", 64), 123);
	ck_assert_uint_eq(code("RS123", 64), 123);
	ck_assert_uint_eq(code("rS68719476735", 64), 68719476735);
	/* Larger numbers, leading zeros and other texts: a hash behind all numbers. */
	ck_assert_uint_gt(code("rs68719476736", 64), 68719476735);
	ck_assert_uint_eq(code("rs68719476736", 64), code("RS68719476736", 64));
	ck_assert_uint_gt(code("rs0123", 64), 68719476735);
	ck_assert_uint_ne(code("rs0123", 64), code("RS0123", 64));
	ck_assert_uint_gt(code("rs", 64), 68719476735);
	ck_assert_uint_ne(code("COSV2", 64), code("cosv2", 64));
	ck_assert_uint_lt(code("COSV2", 64), UINT64_C(1) << VX_ID_CODE_BITS);
	ck_assert_uint_lt(code("COSV2", 2) - (UINT64_C(1) << 36), 4);
	ck_assert(vx_id_same(vx_slice_str("rs5"), vx_slice_str("RS5")));
	ck_assert(!vx_id_same(vx_slice_str("a5"), vx_slice_str("A5")));
	ck_assert(!vx_id_same(vx_slice_str("rs5"), vx_slice_str("rs51")));
	ck_assert(vx_id_in(vx_slice_str("x;rs51;rs5"), vx_slice_str("rs5")));
	ck_assert(!vx_id_in(vx_slice_str("x;rs51;rs5"), vx_slice_str("rs1")));
	ck_assert(!vx_id_in(vx_slice_str(""), vx_slice_str("rs1")));
}
END_TEST

/* --- a list --- */

/* n entries that rise: numbers about step apart, then some texts, and one code in many blocks. */
static uint64_t *entries_make(size_t n, uint64_t step, uint64_t n_blocks)
{
	uint64_t *entry = malloc(n * sizeof *entry), number = 1;
	size_t kept = 1;

	for (size_t i = 0; i < n; i++) {
		uint64_t r = next_random();

		if (i < n - n / 8)
			number += r % 16 ? r / 16 % (2 * step) : 0;
		else
			number = UINT64_C(1) << 36 | next_random() >> 28;
		entry[i] = vx_id_entry(number, next_random() % n_blocks);
	}
	qsort(entry, n, sizeof *entry, compare);
	for (size_t i = 1; i < n; i++)
		if (entry[i] != entry[kept - 1])
			entry[kept++] = entry[i];
	/* Equal ones made it shorter: it ends with others. */
	for (; kept < n; kept++)
		entry[kept] = entry[kept - 1] + 1;
	return entry;
}

/* Exactly as long as the list, so that a read past its end is seen. */
static uint8_t *pack(const uint64_t *entry, size_t n, size_t *len_ret)
{
	struct vx_buf buf;
	uint8_t *p;

	vx_buf_init(&buf);
	vx_buf_add(&buf, "before", 6);
	ck_assert_int_eq(vx_idlist_pack(entry, n, &buf, NULL), 0);
	*len_ret = buf.len - 6;
	ck_assert_uint_eq(*len_ret % VX_PAGE, VX_PAGE - VX_PAGE_HEADER);
	p = malloc(*len_ret);
	memcpy(p, buf.p + 6, *len_ret);
	vx_buf_release(&buf);
	return p;
}

static void check_list(const struct vx_idlist *list, const uint64_t *entry, size_t n)
{
	uint64_t chunk[VX_IDLIST_CHUNK], got;
	size_t n_chunk, at = 0;

	ck_assert_uint_eq(list->n, n);
	ck_assert(vx_idlist_is_whole(list));
	for (uint32_t c = 0; c < list->n_chunks; c++, at += n_chunk) {
		ck_assert_int_eq(vx_idlist_chunk(list, c, chunk, &n_chunk), 0);
		ck_assert_mem_eq(chunk, entry + at, n_chunk * sizeof *chunk);
	}
	ck_assert_uint_eq(at, n);
	ck_assert_int_eq(vx_idlist_chunk(list, list->n_chunks, chunk, &n_chunk), VIDX_EBADINDEX);
	for (size_t k = 0; k < 600; k++) {
		size_t i = k < 300 && k < n ? k : next_random() % n;
		uint64_t from = entry[i] + next_random() % 3 - 1;

		while (i > 0 && entry[i - 1] >= from)
			i--;
		while (i < n && entry[i] < from)
			i++;
		ck_assert_int_eq(vx_idlist_next(list, from, &got), i < n ? 0 : VIDX_END);
		if (i < n)
			ck_assert_uint_eq(got, entry[i]);
	}
	ck_assert_int_eq(vx_idlist_next(list, 0, &got), 0);
	ck_assert_uint_eq(got, entry[0]);
}

START_TEST(lists)
{
	static const size_t sizes[] = {1, 2, 3, 255, 256, 257, 511, 512, 513, 5000, 70000};
	static const uint64_t steps[] = {1, 3, 25, 2500, 100000};

	seed = 11 + (unsigned)_i;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		uint64_t n_blocks = UINT64_C(1) << next_random() % 20;
		uint64_t *entry = entries_make(sizes[i], steps[_i], n_blocks);
		struct vx_idlist list;
		size_t len;
		uint8_t *p = pack(entry, sizes[i], &len);

		ck_assert_int_eq(vx_idlist_open(&list, p, len), 0);
		check_list(&list, entry, sizes[i]);
		free(p);
		free(entry);
	}
}
END_TEST

/* As close as 100 million rs numbers lie, in as many blocks as that many variants have. */
START_TEST(three_bytes_an_id)
{
	size_t n = 200000, len;
	uint64_t *entry = malloc(n * sizeof *entry), number = 1;

	seed = 5;
	for (size_t i = 0; i < n; i++) {
		number += 1 + next_random() % 49;
		entry[i] = vx_id_entry(number, next_random() % 100000);
	}
	free(pack(entry, n, &len));
	ck_assert_uint_lt(len, 32 * n / 10);
	free(entry);
}
END_TEST

START_TEST(damaged_lists)
{
	uint64_t *entry, got, chunk[VX_IDLIST_CHUNK];
	struct vx_idlist list;
	size_t len, n;
	uint8_t *p;

	seed = 77;
	entry = entries_make(2000, 1000, 500);
	p = pack(entry, 2000, &len);
	for (size_t at = 0; at < len; at++) {
		uint8_t was = p[at];

		p[at] ^= (uint8_t)(1u << next_random() % 8);
		if (vx_idlist_open(&list, p, len) == 0) {
			/* What follows the header is under the hash; so is the number of entries. */
			ck_assert_msg(!vx_idlist_is_whole(&list) || at < 8, "byte %zu", at);
			for (uint32_t c = 0; c < list.n_chunks; c++)
				vx_idlist_chunk(&list, c, chunk, &n);
			for (int k = 0; k < 10; k++)
				vx_idlist_next(&list, entry[next_random() % 2000], &got);
		}
		p[at] = was;
	}
	for (size_t cut = 0; cut < len; cut += 97)
		ck_assert(vx_idlist_open(&list, p, cut) != 0 || !vx_idlist_is_whole(&list));
	/* Anything behind a right magic. */
	for (int k = 0; k < 3000; k++) {
		size_t from = 4 + next_random() % 60;

		for (size_t at = from; at < 400; at++)
			p[at] = (uint8_t)next_random();
		if (k % 2)
			vx_store64(p + 16, 1 + next_random() % 2000);
		if (vx_idlist_open(&list, p, len) != 0)
			continue;
		for (uint32_t c = 0; c < list.n_chunks && c < 20; c++)
			vx_idlist_chunk(&list, c, chunk, &n);
		vx_idlist_next(&list, entry[next_random() % 2000], &got);
	}
	free(p);
	free(entry);
}
END_TEST

/* --- sorting --- */

/* All parts one behind the other; their number. */
static size_t sorted(size_t bytes, const uint64_t *entry, size_t n, uint64_t *out, size_t *n_ret)
{
	struct vx_idpart part = {0};
	struct vx_idsort *sort;
	size_t n_parts, at = 0;

	ck_assert_int_eq(vx_idsort_new(in_folder("x.vidx"), bytes, &sort, NULL), 0);
	/* In pieces, as jobs come, each with blocks from its own first one. */
	for (size_t i = 0, take; i < n; i += take) {
		uint64_t piece[1000], block = i / 50;

		take = 1 + next_random() % 1000;
		take = take < n - i ? take : n - i;
		for (size_t k = 0; k < take; k++)
			piece[k] = entry[i + k] - block;
		ck_assert_int_eq(vx_idsort_add(sort, piece, take, block, NULL), 0);
	}
	ck_assert_int_eq(n_in_folder(), 0);
	ck_assert_int_eq(vx_idsort_end(sort, &n_parts, NULL), 0);
	for (size_t i = 0; i < n_parts; i++) {
		ck_assert_int_eq(vx_idsort_part(sort, i, &part, NULL), 0);
		memcpy(out + at, part.entry, part.n * sizeof *out);
		at += part.n;
	}
	vx_idpart_release(&part);
	vx_idsort_free(sort);
	*n_ret = at;
	return n_parts;
}

/* Blocks never decrease; IDs at random, some again and again, one everywhere. */
static uint64_t *unsorted_make(size_t n)
{
	uint64_t *entry = calloc(n + 1, sizeof *entry);

	for (size_t i = 0; i < n; i++) {
		uint64_t r = next_random(), id = next_random() % (r % 3 ? 3000000000 : 5000) + 1;

		if (r % 7 == 0)
			id = UINT64_C(1) << 36 | next_random() >> 28;
		entry[i] = vx_id_entry(r % 11 ? id : 42, i / 50);
	}
	return entry;
}

static void check_sort(size_t n, size_t bytes)
{
	uint64_t *entry = unsorted_make(n), *got = malloc(n * sizeof *got + 1);
	size_t n_got, kept = 0, n_parts = sorted(bytes, entry, n, got, &n_got);

	qsort(entry, n, sizeof *entry, compare);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || entry[i] != entry[kept - 1])
			entry[kept++] = entry[i];
	ck_assert_uint_eq(n_got, kept);
	ck_assert_int_eq(memcmp(got, entry, kept * sizeof *got), 0);
	if (n > bytes)
		ck_assert_uint_gt(n_parts, 10);
	ck_assert_int_eq(n_in_folder(), 0);
	free(entry);
	free(got);
}

START_TEST(sorting_in_memory)
{
	static const size_t sizes[] = {0, 1, 2, 1000, 100000};

	seed = 3;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		check_sort(sizes[i], VX_IDSORT_BYTES);
}
END_TEST

START_TEST(sorting_a_million_through_a_file)
{
	seed = 4;
	check_sort(1000000, 300000);
	check_sort(50000, 1);
}
END_TEST

START_TEST(too_many_blocks)
{
	uint64_t entry = vx_id_entry(1, 5);
	struct vidx_error err = {0};
	struct vx_idsort *sort;

	ck_assert_int_eq(vx_idsort_new(in_folder("x.vidx"), 1 << 20, &sort, NULL), 0);
	ck_assert_int_eq(vx_idsort_add(sort, &entry, 1, VX_ID_BLOCKS_MAX - 7, NULL), 0);
	ck_assert_int_eq(vx_idsort_add(sort, &entry, 1, VX_ID_BLOCKS_MAX - 6, &err), VIDX_EUSAGE);
	ck_assert_ptr_nonnull(strstr(err.text, "--no-ids"));
	vx_idsort_free(sort);
}
END_TEST

START_TEST(no_place_for_the_file)
{
	uint64_t entry[4000] = {1};
	struct vidx_error err = {0};
	struct vx_idsort *sort;

	ck_assert_int_eq(vx_idsort_new("/nowhere/at/all/x.vidx", 1, &sort, NULL), 0);
	ck_assert_int_eq(vx_idsort_add(sort, entry, 4000, 0, &err), VIDX_EIO);
	ck_assert_ptr_nonnull(strstr(err.text, "/nowhere/at/all/x.vidx"));
	vx_idsort_free(sort);
}
END_TEST

/* --- an index --- */

static void check_index(size_t n, unsigned hash_bits, int how)
{
	static struct made made;
	struct vidx_error err = {0};
	struct vx_walk *walk;
	struct vx_env *env;

	made_init(&made, n, 60, hash_bits, 8);
	made_index(&made, in_folder("x.vidx"), 30);
	ck_assert_msg(vx_verify(in_folder("x.vidx"), 2, NULL, NULL, NULL, &err) == 0, "%s",
		      err.text);
	ck_assert_int_eq(vx_env_open(in_folder("x.vidx"), how, &env, NULL), 0);
	ck_assert(vx_env_has_ids(env));
	ck_assert_int_eq(vx_env_read_ids(env, NULL), 0);
	ck_assert_int_eq(vx_walk_new(env, &walk, NULL), 0);
	for (size_t i = 0; i < made.n; i += 1 + n / 200) {
		struct vx_slice rest = made.row[i].id, id;

		while (vx_id_next(&rest, &id)) {
			int n_rows = 0;

			for (size_t k = 0; k < made.n; k++)
				n_rows += vx_id_in(made.row[k].id, id);
			ck_assert_int_ge(n_rows, 1);
			ck_assert_int_eq(made_get_id(env, walk, id), n_rows);
		}
	}
	ck_assert_int_eq(made_get_id(env, walk, vx_slice_str("rs99999999")), 0);
	ck_assert_int_eq(made_get_id(env, walk, vx_slice_str("nothing")), 0);
	vx_walk_free(walk);
	vx_env_close(env);
	made_release(&made);
}

START_TEST(indexes)
{
	check_index(0, 64, VX_OPEN_DIRECTORY);
	check_index(40, 64, VX_OPEN_TREE);
	check_index(4000, 64, VX_OPEN_DIRECTORY);
	check_index(4000, 64, VX_OPEN_QUICK);
	check_index(4000, 2, VX_OPEN_DIRECTORY);
}
END_TEST

Suite *store_ids_suite(void)
{
	Suite *s = suite_create("store_ids");
	TCase *t = tcase_create("ids");

	tcase_add_checked_fixture(t, folder_make, folder_remove);
	tcase_set_timeout(t, 120);
	tcase_add_test(t, texts_and_codes);
	tcase_add_loop_test(t, lists, 0, 5);
	tcase_add_test(t, three_bytes_an_id);
	tcase_add_test(t, damaged_lists);
	tcase_add_test(t, sorting_in_memory);
	tcase_add_test(t, sorting_a_million_through_a_file);
	tcase_add_test(t, too_many_blocks);
	tcase_add_test(t, no_place_for_the_file);
	tcase_add_test(t, indexes);
	suite_add_tcase(s, t);
	return s;
}
