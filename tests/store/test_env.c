#include "made.h"

#include <pthread.h>
#include <sys/resource.h>

Suite *store_env_suite(void);

/* Sanitizers need address space for themselves. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define UNDER_SANITIZER
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNDER_SANITIZER
#endif

/* Every row is found with its counts, alleles that are not there are not. */
static void check_gets(const struct made *made, struct vx_env *env)
{
	char scratch[VX_ROW_SCRATCH];
	uint64_t value[MADE_VALUES];
	struct vx_row found = {.value = value};
	struct vx_walk *walk;
	size_t n_absent = 0;

	ck_assert_int_eq(vx_walk_new(env, &walk, NULL), 0);
	for (size_t i = 0; i < made->n; i++) {
		const struct vx_row *row = &made->row[i * 7919 % made->n];
		struct vx_row key = *row;
		int rc = made_get(made, walk, &key, &found, scratch);

		ck_assert_msg(rc == 0 && same_row(row, &found), "row %zu: %d", i * 7919 % made->n,
			      rc);
		key.alt = vx_slice_str("ACGTTGCAACGTNN");
		rc = made_get(made, walk, &key, &found, scratch);
		ck_assert_int_eq(rc, VIDX_ABSENT);
		n_absent++;
	}
	ck_assert_uint_eq(n_absent, made->n);
	vx_walk_free(walk);
}

/* A walk from the start meets every row in order; blocks have their numbers. */
static void check_walk(const struct made *made, struct vx_env *env)
{
	char scratch[VX_ROW_SCRATCH];
	uint64_t value[MADE_VALUES], n = 0, n_blocks = 0;
	struct vx_row row = {.value = value};
	struct vx_block block, other;
	struct vx_walk *walk, *second;
	int rc;

	ck_assert_int_eq(vx_walk_new(env, &walk, NULL), 0);
	ck_assert_int_eq(vx_walk_new(env, &second, NULL), 0);
	ck_assert(vx_walk_at(walk) == UINT64_MAX);
	while ((rc = vx_walk_next(walk, &block)) == 0) {
		ck_assert_uint_eq(vx_walk_at(walk), n_blocks);
		ck_assert_int_eq(vx_walk_block(second, n_blocks, &other), 0);
		ck_assert_ptr_eq(block.p, other.p);
		ck_assert_uint_eq(vx_walk_at(second), n_blocks);
		n_blocks++;
		for (uint32_t i = 0; i < block.n_rows; i++, n++) {
			ck_assert_int_eq(vx_block_row(&block, i, &row, scratch), 0);
			ck_assert(same_row(&made->row[n], &row));
		}
	}
	ck_assert_int_eq(rc, VIDX_END);
	ck_assert_int_eq(vx_walk_next(walk, &block), VIDX_END);
	ck_assert_int_eq(vx_walk_block(second, n_blocks, &other), VIDX_END);
	ck_assert_uint_eq(n, made->n);
	ck_assert_uint_eq(n_blocks, vx_env_meta(env)->n_blocks);
	vx_walk_free(walk);
	vx_walk_free(second);
}

/* Where a key is sought, by counting. */
static void check_seeks(const struct made *made, struct vx_env *env)
{
	struct vx_block block;
	struct vx_walk *walk;
	uint64_t n = vx_env_meta(env)->n_blocks, *locus = calloc(n + 1, 8),
		 *hash = calloc(n + 1, 8);
	uint64_t seed = 9;
	size_t i_row = 0;

	ck_assert_int_eq(vx_walk_new(env, &walk, NULL), 0);
	for (uint64_t i = 0; i < n; i++) {
		ck_assert_int_eq(vx_walk_block(walk, i, &block), 0);
		locus[i] = made->row[i_row].locus;
		hash[i] = made->row[i_row].hash;
		i_row += block.n_rows;
	}
	for (int k = 0; k < 3000; k++) {
		uint64_t r = (seed = seed * 6364136223846793005u + 1442695040888963407u) >> 20;
		uint64_t at = r % n, expect = 0, want_locus = locus[at] + r / n % 3 - 1;
		uint64_t want_hash = k % 4 == 0 ? hash[at] : k % 4 == 1 ? 0 : r << 20;
		int rc, same;

		while (expect < n && (locus[expect] < want_locus ||
				      (locus[expect] == want_locus && hash[expect] < want_hash)))
			expect++;
		rc = vx_walk_seek(walk, want_locus, want_hash, &block);
		if (expect == 0 && (locus[0] != want_locus || hash[0] != want_hash)) {
			ck_assert_int_eq(rc, VIDX_ABSENT);
			continue;
		}
		expect -= expect > 0;
		ck_assert_int_eq(rc, 0);
		ck_assert_uint_eq(vx_walk_at(walk), expect);
		same = expect + 1 < n && locus[expect + 1] == want_locus &&
		       hash[expect + 1] == want_hash;
		ck_assert_int_eq(vx_walk_next_same(walk, want_locus, want_hash), same);
		/* Asking did not move it. */
		rc = vx_walk_next(walk, &block);
		ck_assert_int_eq(rc, expect + 1 < n ? 0 : VIDX_END);
		if (rc == 0)
			ck_assert_uint_eq(block.first_locus, locus[expect + 1]);
	}
	vx_walk_free(walk);
	free(locus);
	free(hash);
}

/* The parts of a batched lookup say what a seek says. */
static void check_batch(const struct made *made, struct vx_env *env)
{
	struct vx_block block;
	struct vx_walk *walk;

	ck_assert_int_eq(vx_walk_new(env, &walk, NULL), 0);
	for (size_t i = 0; i < made->n; i++) {
		uint64_t at = vx_dir_find(vx_env_dir(env), made->row[i].locus, made->row[i].hash);

		ck_assert_int_eq(vx_walk_seek(walk, made->row[i].locus, made->row[i].hash, &block),
				 0);
		ck_assert_uint_eq(vx_walk_at(walk), at);
		vx_dir_prefetch(vx_env_dir(env), at);
		ck_assert_ptr_eq(vx_dir_bytes(vx_env_dir(env), at).p, block.p);
		ck_assert_uint_eq(vx_dir_bytes(vx_env_dir(env), at).len, block.len);
	}
	vx_walk_free(walk);
}

static void check_open(const struct made *made, const char *path, int how)
{
	struct vidx_error err = {0};
	struct vx_env *env;

	ck_assert_msg(vx_env_open(path, how, &env, &err) == 0, "%s", err.text);
	ck_assert_str_eq(vx_env_path(env), path);
	ck_assert_uint_eq(vx_env_meta(env)->n_variants, made->n);
	ck_assert_uint_eq(vx_env_shape(env)->metrics, made->shape.metrics);
	if (how & VX_OPEN_QUICK) {
		ck_assert_ptr_null(vx_env_meta(env)->reach);
		ck_assert_int_eq(vx_env_read_rest(env, NULL), 0);
	}
	ck_assert_ptr_nonnull(vx_env_meta(env)->reach);
	ck_assert_uint_eq(vx_env_meta(env)->n_sources, 2);
	check_walk(made, env);
	if (made->n > 0) {
		check_gets(made, env);
		check_seeks(made, env);
	}
	if (how & VX_OPEN_DIRECTORY)
		check_batch(made, env);
	vx_env_close(env);
}

static void check_verify(const struct made *made, const char *path)
{
	struct vidx_error err = {0};
	struct vx_verify_result result;

	for (int threads = 1; threads <= 3; threads++) {
		int rc = vx_verify(path, threads, NULL, NULL, &result, &err);

		ck_assert_msg(rc == 0, "%s", err.text);
		ck_assert_uint_eq(result.n_variants, made->n);
		ck_assert_uint_eq(result.n_blocks, made->meta.n_blocks);
	}
}

struct shape {
	size_t n, most;
	uint64_t step;
	unsigned hash_bits;
};

/* No variants; one; one block; many small blocks on many leaves; several commits' worth; blocks
 * that begin alike because nearly all hashes collide at one place. */
static const struct shape shapes[] = {
	{0, 100, 50, 64},   {1, 100, 50, 64},   {500, 1000, 50, 64},
	{6000, 10, 40, 64}, {30000, 6, 60, 64}, {4000, 3, 3, 2},
	{3000, 1, 2, 2},    {2000, 2, 1, 2},    {20000, 100000, 30, 64},
};
enum { N_SHAPES = sizeof shapes / sizeof shapes[0] };

START_TEST(round_trip)
{
	const struct shape *shape = &shapes[_i];
	const char *path = in_folder("round.vidx");
	struct made made;

	made_init(&made, shape->n, shape->step, shape->hash_bits, 5 + (uint64_t)_i);
	made_index(&made, path, shape->most);
	ck_assert_int_eq(n_in_folder(), 1);
	check_open(&made, path, VX_OPEN_DIRECTORY);
	check_open(&made, path, VX_OPEN_TREE);
	check_open(&made, path, VX_OPEN_TREE | VX_OPEN_QUICK);
	check_verify(&made, path);
	made_release(&made);
}
END_TEST

START_TEST(equal_blocks_give_equal_files)
{
	struct made made;
	size_t len_a, len_b;
	uint8_t *a, *b;

	made_init(&made, 40000, 60, 64, 77);
	made_index(&made, in_folder("a.vidx"), 8);
	/* Other memory below LMDB: what it leaves to chance would differ now. */
	void *junk[64];
	for (int i = 0; i < 64; i++)
		junk[i] = memset(malloc(4096 + (size_t)i * 16), 0xa5, 4096);
	for (int i = 0; i < 64; i++)
		free(junk[i]);
	made_index(&made, in_folder("b.vidx"), 8);
	a = file_read(in_folder("a.vidx"), &len_a);
	b = file_read(in_folder("b.vidx"), &len_b);
	ck_assert_uint_eq(len_a, len_b);
	ck_assert_int_eq(memcmp(a, b, len_a), 0);
	free(a);
	free(b);
	made_release(&made);
}
END_TEST

START_TEST(read_only_folder_and_low_memory)
{
	const char *path = in_folder("ro.vidx");
	struct made made;
#ifndef UNDER_SANITIZER
	struct rlimit old, low = {512u << 20, 512u << 20};
#endif

	made_init(&made, 2000, 60, 64, 3);
	made_index(&made, path, 50);
	ck_assert_int_eq(chmod(path, 0444), 0);
	ck_assert_int_eq(chmod(made_folder, 0555), 0);
#ifndef UNDER_SANITIZER
	getrlimit(RLIMIT_AS, &old);
	low.rlim_max = old.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &low), 0);
#endif
	check_open(&made, path, VX_OPEN_DIRECTORY);
	check_open(&made, path, VX_OPEN_TREE);
#ifndef UNDER_SANITIZER
	/* 1 GiB to write: a clear word and nothing left. */
	struct vidx_error err = {0};
	struct vx_append *append;

	ck_assert_int_eq(chmod(made_folder, 0755), 0);
	ck_assert_int_eq(vx_append_open(in_folder("new.vidx"), &append, &err), VIDX_ENOMEM);
	ck_assert_ptr_nonnull(strstr(err.text, "ulimit -v"));
	ck_assert_int_eq(n_in_folder(), 1);
	setrlimit(RLIMIT_AS, &old);
#endif
	made_release(&made);
}
END_TEST

START_TEST(several_opens_in_one_process)
{
	const char *path = in_folder("many.vidx");
	struct made made, other;
	struct vx_env *env[3];

	made_init(&made, 3000, 60, 64, 4);
	made_init(&other, 10, 60, 64, 5);
	made_index(&made, path, 20);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(vx_env_open(path, i % 2, &env[i], NULL), 0);
	vx_env_close(env[1]);
	check_gets(&made, env[0]);
	/* The nightly index replaces it; the open ones keep what they have. */
	made_index(&other, path, 20);
	check_gets(&made, env[0]);
	check_gets(&made, env[2]);
	check_open(&other, path, VX_OPEN_DIRECTORY);
	vx_env_close(env[0]);
	vx_env_close(env[2]);
	made_release(&made);
	made_release(&other);
}
END_TEST

struct asker {
	pthread_t thread;
	const struct made *made;
	struct vx_env *env;
	size_t begin, n_right;
};

static void *ask(void *ctx)
{
	struct asker *asker = ctx;
	char scratch[VX_ROW_SCRATCH];
	uint64_t value[MADE_VALUES];
	struct vx_row found = {.value = value};
	struct vx_walk *walk;

	if (vx_walk_new(asker->env, &walk, NULL) != 0)
		return NULL;
	for (size_t k = 0; k < asker->made->n; k++) {
		const struct vx_row *row =
			&asker->made->row[(asker->begin + k * 104729) % asker->made->n];

		asker->n_right += made_get(asker->made, walk, row, &found, scratch) == 0 &&
				  same_row(row, &found);
	}
	vx_walk_free(walk);
	return NULL;
}

START_TEST(many_threads)
{
	enum { N = 6 };
	struct asker asker[N];
	struct vx_env *env;
	struct made made;

	made_init(&made, 5000, 60, 64, 6);
	made_index(&made, in_folder("threads.vidx"), 30);
	ck_assert_int_eq(vx_env_open(in_folder("threads.vidx"), _i, &env, NULL), 0);
	for (size_t i = 0; i < N; i++) {
		asker[i] = (struct asker){.made = &made, .env = env, .begin = i * 800};
		ck_assert_int_eq(pthread_create(&asker[i].thread, NULL, ask, &asker[i]), 0);
	}
	for (size_t i = 0; i < N; i++) {
		pthread_join(asker[i].thread, NULL);
		ck_assert_uint_eq(asker[i].n_right, made.n);
	}
	vx_env_close(env);
	made_release(&made);
}
END_TEST

static void refused(const char *path, int status, const char *text)
{
	struct vidx_error err = {0};
	struct vx_env *env = NULL;

	ck_assert_int_eq(vx_env_open(path, 0, &env, &err), status);
	ck_assert_ptr_null(env);
	ck_assert_msg(strstr(err.text, text) && strstr(err.text, made_folder), "%s", err.text);
}

START_TEST(not_an_index)
{
	uint8_t zeros[20000] = {0}, *p;
	struct made made;
	size_t len;

	refused(in_folder("absent.vidx"), VIDX_EIO, "cannot open: No such file");
	ck_assert_int_eq(mkdir(in_folder("dir"), 0755), 0);
	refused(in_folder("dir"), VIDX_EIO, "it is a folder");
	file_write(in_folder("empty"), zeros, 0);
	refused(in_folder("empty"), VIDX_EBADINDEX, "empty: not a vidx index");
	file_write(in_folder("zeros"), zeros, sizeof zeros);
	refused(in_folder("zeros"), VIDX_EBADINDEX, "zeros: not a vidx index");
	file_write(in_folder("text"), (const uint8_t *)"##fileformat=VCFv4.2\n", 21);
	refused(in_folder("text"), VIDX_EBADINDEX, "text: not a vidx index");
	made_init(&made, 300, 60, 64, 8);
	made_index(&made, in_folder("good"), 30);
	p = file_read(in_folder("good"), &len);
	for (size_t cut = 1; cut <= len; cut += cut < 200 ? 1 : 977) {
		file_write(in_folder("cut"), p, len - cut);
		refused(in_folder("cut"), VIDX_EBADINDEX,
			len - cut < 4096 ? "not a vidx index" : "cut short");
	}
	p = realloc(p, len + 1);
	p[len] = 0;
	file_write(in_folder("longer"), p, len + 1);
	refused(in_folder("longer"), VIDX_EBADINDEX, "bytes follow its end");
	p[len - 12] = 9;
	file_write(in_folder("newer"), p, len);
	refused(in_folder("newer"), VIDX_EVERSION, "format version 9, not 1");
	free(p);
	made_release(&made);
}
END_TEST

Suite *store_env_suite(void)
{
	Suite *s = suite_create("store_env");
	TCase *t = tcase_create("env");

	tcase_add_checked_fixture(t, folder_make, folder_remove);
	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, round_trip, 0, N_SHAPES);
	tcase_add_test(t, equal_blocks_give_equal_files);
	tcase_add_test(t, read_only_folder_and_low_memory);
	tcase_add_test(t, several_opens_in_one_process);
	tcase_add_loop_test(t, many_threads, 0, 2);
	tcase_add_test(t, not_an_index);
	suite_add_tcase(s, t);
	return s;
}
