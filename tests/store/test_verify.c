#include "made.h"

#include "base/bytes.h"

Suite *store_verify_suite(void);

static struct made made;

static void setup(void)
{
	folder_make();
}

static void teardown(void)
{
	made_release(&made);
	folder_remove();
}

/* Opens and asks for everything, both ways; counts right answers.  -1: did not open. */
static int ask_everything(const char *path, int how)
{
	char scratch[VX_ROW_SCRATCH];
	uint64_t value[MADE_VALUES];
	struct vx_row found = {.value = value};
	struct vx_block block;
	struct vx_walk *walk;
	struct vx_env *env;
	int n_right = 0;

	if (vx_env_open(path, how, &env, NULL) != 0)
		return -1;
	ck_assert_int_eq(vx_walk_new(env, &walk, NULL), 0);
	for (size_t i = 0; i < made.n; i++)
		n_right += made_get(&made, walk, &made.row[i], &found, scratch) == 0 &&
			   same_row(&made.row[i], &found);
	if (vx_env_read_ids(env, NULL) == 0)
		for (size_t i = 0; i < made.n; i++)
			if (made.row[i].id.len)
				made_get_id(env, walk, made.row[i].id);
	for (uint64_t i = 0; vx_walk_block(walk, i, &block) == 0; i++)
		for (uint32_t k = 0; k < block.n_rows; k++)
			if (vx_block_row(&block, k, &found, scratch) != 0)
				break;
	vx_walk_free(walk);
	vx_env_close(env);
	return n_right;
}

/* A changed byte: verify says so, or nothing at all is different; nothing crashes. */
static void check_change(const char *path, uint8_t *p, size_t at, uint8_t change)
{
	struct vidx_error err = {0};
	FILE *f = fopen(path, "r+b");
	uint8_t byte = p[at] ^ change;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fseek(f, (long)at, SEEK_SET), 0);
	ck_assert_int_eq(fputc(byte, f), byte);
	ck_assert_int_eq(fclose(f), 0);
	/* Where it does not even open, verify has nothing to add. */
	if (ask_everything(path, VX_OPEN_TREE) >= 0 &&
	    ask_everything(path, VX_OPEN_DIRECTORY) >= 0) {
		ck_assert_msg(vx_verify(path, 1, NULL, NULL, NULL, &err) < 0,
			      "byte %zu of page %zu is not checked", at % VX_PAGE, at / VX_PAGE);
		ck_assert_msg(strstr(err.text, made_folder) != NULL, "%s", err.text);
	}
	f = fopen(path, "r+b");
	ck_assert_int_eq(fseek(f, (long)at, SEEK_SET), 0);
	ck_assert_int_eq(fputc(p[at], f), p[at]);
	ck_assert_int_eq(fclose(f), 0);
}

static int is_slow(void)
{
	const char *scale = getenv("TEST_SCALE");

	return scale && strcmp(scale, "slow") == 0;
}

START_TEST(every_byte_of_a_small_index)
{
	const char *path = in_folder("x.vidx");
	size_t len, step = is_slow() ? 37 : 5;
	uint8_t *p;

	made_init(&made, 60, 60, 64, 21);
	made_index(&made, path, 25);
	p = file_read(path, &len);
	ck_assert_int_eq(ask_everything(path, 0), (int)made.n);
	/* Each run of the test takes another fifth of them. */
	for (size_t at = (size_t)_i; at < len; at += step)
		check_change(path, p, at, (uint8_t)(1u << at % 8));
	ck_assert_int_eq(vx_verify(path, 1, NULL, NULL, NULL, NULL), 0);
	free(p);
}
END_TEST

START_TEST(random_bytes_of_a_larger_index)
{
	const char *path = in_folder("x.vidx");
	uint64_t seed = 4242;
	size_t len;
	uint8_t *p;

	made_init(&made, 5000, 60, 64, 22);
	made_index(&made, path, 5);
	p = file_read(path, &len);
	for (int k = is_slow() ? 140 : 0; k < 200; k++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		check_change(path, p, (seed >> 20) % len, (uint8_t)(seed >> 12 | 1));
	}
	free(p);
}
END_TEST

static void expect(int rc, const struct vidx_error *err, const char *text)
{
	ck_assert_int_eq(rc, VIDX_EBADINDEX);
	ck_assert_msg(strstr(err->text, text) != NULL, "%s", err->text);
}

/* What is written wrong, with all hashes right. */
START_TEST(wrong_contents)
{
	static const char *const text[] = {"content digest",          "a contig has not",
					   "as far as described",     "not that of its key",
					   "before the block before", "not those of the variants"};
	const char *path = in_folder("x.vidx");
	struct vx_append *append;

	made_init(&made, 3000, 60, 64, 23);
	for (int i = 0; i < 6; i++) {
		struct vidx_error err = {0};
		struct vx_packer *packer;
		struct vx_slice bytes;
		size_t taken;

		ck_assert_int_eq(vx_append_open(path, &append, NULL), 0);
		free(made.meta.reach);
		free(made.meta.contig_variants);
		made_describe(&made);
		if (i == 3 || i == 4) {
			/* One block twice: its key beside its rows, or its rows again. */
			ck_assert_int_eq(vx_packer_new(&made.shape, 64, &packer, NULL), 0);
			ck_assert_int_eq(vx_pack(packer, made.rows, 10, &bytes, &taken, NULL), 0);
			for (uint64_t k = 0; k < 2; k++)
				ck_assert_int_eq(vx_append_block(append, made.row[0].locus,
								 made.row[0].hash + (i == 3) * k,
								 bytes, NULL),
						 0);
			vx_packer_free(packer);
			memset(made.meta.contig_variants, 0, 8);
			made.meta.contig_variants[1] = made.meta.contig_variants[24] = 0;
			made.meta.contig_variants[0] = made.meta.n_variants = 2 * taken;
			made.meta.n_blocks = 2;
			made.meta.reach[0] = made.meta.reach[1] = 0;
		} else {
			ck_assert_int_eq(made_append(&made, append, 50, NULL), 0);
		}
		made.meta.content_digest.hi += i == 0;
		made.meta.contig_variants[0] += i == 1;
		made.meta.contig_variants[1] -= i == 1;
		if (i == 2)
			made.meta.reach[7]++;
		if (i == 5) /* a database of ids without any */
			ck_assert_int_eq(vx_append_ids_begin(append, NULL), 0);
		ck_assert_int_eq(vx_append_publish(append, &made.meta, &err), 0);
		expect(vx_verify(path, 2, NULL, NULL, NULL, &err), &err, text[i]);
	}
}
END_TEST

/* Two damaged blocks: the first is named at any number of threads. */
START_TEST(first_fault_in_file_order)
{
	const char *path = in_folder("x.vidx");
	char said[2][512];
	struct vx_slice block;
	struct vx_env *env;
	size_t len;
	uint8_t *p;

	made_init(&made, 6000, 60, 64, 24);
	made_index(&made, path, 20);
	p = file_read(path, &len);
	ck_assert_int_eq(vx_env_open(path, 1, &env, NULL), 0);
	for (int i = 250; i >= 100; i -= 75) {
		block = vx_dir_bytes(vx_env_dir(env), (uint64_t)i);
		for (size_t at = 16; at + block.len <= len; at += VX_PAGE) {
			if (memcmp(p + at, block.p, block.len) == 0)
				p[at + 200] ^= 1;
		}
	}
	vx_env_close(env);
	file_write(path, p, len);
	for (int threads = 1; threads <= 4; threads++) {
		struct vidx_error err = {0};

		ck_assert_int_eq(vx_verify(path, threads, NULL, NULL, NULL, &err), VIDX_EBADINDEX);
		strcpy(said[threads > 1], err.text);
		ck_assert_ptr_nonnull(strstr(err.text, "block 100 from "));
		if (threads > 1)
			ck_assert_str_eq(said[0], said[1]);
	}
	free(p);
}
END_TEST

static void count(void *ctx, uint64_t done, uint64_t all)
{
	uint64_t *last = ctx;

	ck_assert_uint_eq(done, *last + 1);
	ck_assert_uint_eq(all, made.meta.n_blocks);
	*last = done;
}

START_TEST(progress_is_told)
{
	struct vx_verify_result result;
	uint64_t last = 0;

	made_init(&made, 2000, 60, 64, 25);
	made_index(&made, in_folder("x.vidx"), 20);
	ck_assert_int_eq(vx_verify(in_folder("x.vidx"), 3, count, &last, &result, NULL), 0);
	ck_assert_uint_eq(last, made.meta.n_blocks);
	ck_assert_uint_eq(result.n_variants, made.n);
}
END_TEST

Suite *store_verify_suite(void)
{
	Suite *s = suite_create("store_verify");
	TCase *t = tcase_create("verify");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 600);
	tcase_add_loop_test(t, every_byte_of_a_small_index, 0, 5);
	tcase_add_test(t, random_bytes_of_a_larger_index);
	tcase_add_test(t, wrong_contents);
	tcase_add_test(t, first_fault_in_file_order);
	tcase_add_test(t, progress_is_told);
	suite_add_tcase(s, t);
	return s;
}
