#include "made.h"

#include "base/bytes.h"
#include "codec/format.h"
#include "store/footer.h"

#include <errno.h>
#include <lmdb.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

Suite *store_append_suite(void);

static struct made made;

static void setup(void)
{
	folder_make();
	made_init(&made, 2000, 60, 64, 11);
}

static void teardown(void)
{
	made_release(&made);
	folder_remove();
}

/* The index at path answers as `made` does. */
static void check_whole(const char *path)
{
	struct vidx_error err = {0};
	struct vx_verify_result result;

	ck_assert_msg(vx_verify(path, 1, NULL, NULL, &result, &err) == 0, "%s", err.text);
	ck_assert_uint_eq(result.n_variants, made.n);
}

START_TEST(abort_leaves_nothing)
{
	struct vx_append *append;

	ck_assert_int_eq(vx_append_open(in_folder("x.vidx"), &append, NULL), 0);
	ck_assert_int_eq(n_in_folder(), 1); /* the temporary file, and no lock file */
	made_describe(&made);
	ck_assert_int_eq(made_append(&made, append, 5, NULL), 0);
	vx_append_abort(append);
	ck_assert_int_eq(n_in_folder(), 0);
	vx_append_abort(NULL);
}
END_TEST

START_TEST(unwritable_places)
{
	static const char *const text[] = {"No such file", "not a regular file",
					   "not a regular file", "not a regular file"};
	const char *path[] = {in_folder("none/x.vidx"), in_folder("folder"), "/dev/null",
			      in_folder("slash/")};
	struct vx_append *append = NULL;

	ck_assert_int_eq(mkdir(in_folder("folder"), 0755), 0);
	for (int i = 0; i < 4; i++) {
		struct vidx_error err = {0};

		ck_assert_int_eq(vx_append_open(path[i], &append, &err), VIDX_EIO);
		ck_assert_ptr_null(append);
		ck_assert_msg(strstr(err.text, text[i]) && strstr(err.text, path[i]), "%s",
			      err.text);
	}
	ck_assert_int_eq(n_in_folder(), 1);
}
END_TEST

/* Mode bits do not bind root, so as somebody else. */
START_TEST(unwritable_folder)
{
	struct vidx_error err = {0};
	struct vx_append *append = NULL;
	const char *path = in_folder("x.vidx");
	pid_t pid;
	int status;

	ck_assert_int_eq(chmod(made_folder, 0555), 0);
	pid = fork();
	if (pid == 0) {
		if (getuid() == 0 && setuid(65534) != 0)
			_exit(2);
		_exit(vx_append_open(path, &append, &err) == VIDX_EIO &&
				      strstr(err.text, "cannot write into its folder: Permission")
			      ? 0
			      : 1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(n_in_folder(), 0);
}
END_TEST

START_TEST(kept_beside_its_target)
{
	struct vx_append *append;
	char *path = NULL;

	ck_assert_int_eq(vx_append_open(in_folder("x.vidx"), &append, NULL), 0);
	made_describe(&made);
	ck_assert_int_eq(made_append(&made, append, 50, NULL), 0);
	ck_assert_int_eq(vx_append_keep(append, &made.meta, &path, NULL), 0);
	ck_assert_ptr_nonnull(strstr(path, "/.x.vidx.vidx-tmp."));
	check_whole(path);
	ck_assert_int_eq(n_in_folder(), 1);
	ck_assert_int_eq(unlink(path), 0);
	free(path);
	ck_assert_int_eq(vx_append_open(in_folder("x.vidx"), &append, NULL), 0);
	made.meta.n_variants++;
	ck_assert_int_eq(vx_append_keep(append, &made.meta, &path, NULL), VIDX_EUSAGE);
	ck_assert_ptr_null(path);
	ck_assert_int_eq(n_in_folder(), 0);
}
END_TEST

START_TEST(older_index_stays_until_publish)
{
	const char *path = in_folder("x.vidx");
	struct vx_append *append;
	struct made other;
	size_t len, new_len;
	uint8_t *old, *now;

	made_index(&made, path, 50);
	old = file_read(path, &len);
	ck_assert_int_eq(vx_append_open(path, &append, NULL), 0);
	vx_append_abort(append);
	made_init(&other, 100, 60, 64, 12);
	ck_assert_int_eq(vx_append_open(path, &append, NULL), 0);
	made_describe(&other);
	ck_assert_int_eq(made_append(&other, append, 5, NULL), 0);
	now = file_read(path, &new_len);
	ck_assert_uint_eq(len, new_len);
	ck_assert_mem_eq(old, now, len);
	ck_assert_int_eq(vx_append_publish(append, &other.meta, NULL), 0);
	free(now);
	now = file_read(path, &new_len);
	ck_assert_uint_ne(len, new_len);
	ck_assert_int_eq(n_in_folder(), 1);
	free(old);
	free(now);
	made_release(&other);
}
END_TEST

/* As mv does: the link itself is replaced. */
START_TEST(a_link_is_replaced)
{
	struct stat st;

	file_write(in_folder("real"), (const uint8_t *)"keep", 4);
	ck_assert_int_eq(symlink("real", in_folder("link")), 0);
	made_index(&made, in_folder("link"), 50);
	ck_assert_int_eq(lstat(in_folder("link"), &st), 0);
	ck_assert(S_ISREG(st.st_mode));
	ck_assert_int_eq(stat(in_folder("real"), &st), 0);
	ck_assert_int_eq((int)st.st_size, 4);
}
END_TEST

START_TEST(totals_must_agree)
{
	for (int i = 0; i < 4; i++) {
		struct vidx_error err = {0};
		struct vx_append *append;

		ck_assert_int_eq(vx_append_open(in_folder("x.vidx"), &append, NULL), 0);
		free(made.meta.reach);
		free(made.meta.contig_variants);
		made_describe(&made);
		ck_assert_int_eq(made_append(&made, append, 50, NULL), 0);
		made.meta.n_blocks -= i == 0;
		made.meta.n_variants += i == 1;
		made.meta.contig_variants[0] += i == 2;
		ck_assert_int_eq(vx_append_publish(append, &made.meta, &err),
				 i == 3 ? 0 : VIDX_EUSAGE);
		ck_assert_int_eq(n_in_folder(), i == 3);
	}
	check_whole(in_folder("x.vidx"));
}
END_TEST

/* A block as far as append looks at it. */
static struct vx_slice fake_block(uint8_t *bytes, size_t n_pages, uint32_t n_rows)
{
	memset(bytes, 0x5a, n_pages * VX_PAGE);
	vx_store32(bytes + VX_H_N_ROWS, n_rows);
	return vx_slice((const char *)bytes, n_pages * VX_PAGE - VX_PAGE_HEADER);
}

START_TEST(order_and_sizes_are_checked)
{
	static uint8_t bytes[2 * VX_PAGE];
	struct vx_slice block = fake_block(bytes, 1, 1), odd = block;
	struct vidx_error err = {0};
	struct vx_append *append;

	ck_assert_int_eq(vx_append_open(in_folder("x.vidx"), &append, NULL), 0);
	ck_assert_int_eq(vx_append_block(append, 5, 7, block, NULL), 0);
	ck_assert_int_eq(vx_append_block(append, 5, 6, block, &err), VIDX_EUSAGE);
	ck_assert_ptr_nonnull(strstr(err.text, "out of order"));
	ck_assert_int_eq(vx_append_block(append, 4, 8, block, NULL), VIDX_EUSAGE);
	odd.len = VX_PAGE;
	ck_assert_int_eq(vx_append_block(append, 6, 0, odd, NULL), VIDX_EUSAGE);
	for (int i = 0; i < 65535; i++)
		ck_assert_int_eq(vx_append_block(append, 5, 7, block, NULL), 0);
	ck_assert_int_eq(vx_append_block(append, 5, 7, block, NULL), VIDX_EUSAGE);
	vx_append_abort(append);
}
END_TEST

/* Past the first map of 1 GiB, with values of one page and of 80 MB between them. */
START_TEST(large)
{
	enum { BIG = 20000 };
	uint8_t *bytes = malloc((size_t)BIG * VX_PAGE);
	uint64_t n = 0, n_pages = 0;
	struct vidx_error err = {0};
	struct vx_append *append;
	struct vx_env *env;
	struct vx_slice value;

	made_release(&made);
	made_init(&made, 0, 1, 64, 1);
	made_describe(&made);
	ck_assert_int_eq(vx_append_open(in_folder("x.vidx"), &append, NULL), 0);
	for (uint64_t i = 0; n_pages < 300000; i++) {
		size_t k = i % 1500 == 1499 ? BIG : 1 + i % 7;
		int rc = vx_append_block(append, i * 3, i, fake_block(bytes, k, 1), &err);

		ck_assert_msg(rc == 0, "%s", err.text);
		n_pages += k;
		n++;
	}
	free(made.meta.reach);
	made.meta.reach = calloc(n, 8);
	made.meta.n_blocks = made.meta.n_variants = made.meta.contig_variants[0] = n;
	ck_assert_msg(vx_append_publish(append, &made.meta, &err) == 0, "%s", err.text);
	ck_assert_int_eq(vx_env_open(in_folder("x.vidx"), 1, &env, NULL), 0);
	for (uint64_t i = 0; i < n; i++) {
		size_t k = i % 1500 == 1499 ? BIG : 1 + i % 7;

		ck_assert_uint_eq(vx_dir_find(vx_env_dir(env), i * 3, i + 1), i);
		value = vx_dir_bytes(vx_env_dir(env), i);
		ck_assert_uint_eq(value.len, k * VX_PAGE - 16);
		ck_assert_int_eq(value.p[value.len - 1], 0x5a);
	}
	vx_env_close(env);
	free(bytes);
}
END_TEST

/* Every size of full disk: an error, nothing left, the older index as it was. */
static void check_full(const char *path, int is_full, const struct vidx_error *err, int rc)
{
	if (is_full)
		ck_assert_msg(rc == VIDX_EFULL && strstr(err->text, "no space left") &&
				      strstr(err->text, path),
			      "%d: %s", rc, err->text);
	else
		ck_assert_int_eq(rc, 0);
}

START_TEST(file_size_limit)
{
	char *path = strdup(in_folder("x.vidx"));
	struct rlimit limit;
	struct stat st;
	int n_full = 0, rc;

	made_index(&made, path, 20);
	ck_assert_int_eq(stat(path, &st), 0);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	for (rlim_t size = 1000; size < (rlim_t)st.st_size + 20000; size += 20011) {
		struct vidx_error err = {0};

		/* Not around an assertion: Check reports those through a file as well. */
		limit.rlim_cur = size;
		setrlimit(RLIMIT_FSIZE, &limit);
		rc = made_build(&made, path, 20, &err);
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_FSIZE, &limit);
		check_full(path, size < (rlim_t)st.st_size, &err, rc);
		n_full += rc == VIDX_EFULL;
		ck_assert_int_eq(n_in_folder(), 1);
	}
	ck_assert_int_gt(n_full, 5);
	check_whole(path);
	free(path);
}
END_TEST

START_TEST(full_disk)
{
	char *path = strdup(in_folder("disk/x.vidx"));
	char size[32];
	int n_full = 0, rc = 0;

	ck_assert_int_eq(mkdir(in_folder("disk"), 0755), 0);
	for (int kb = 4; kb < 4000; kb += 150) {
		struct vidx_error err = {0};
		char command[128];
		FILE *f;
		int n = -1;

		snprintf(size, sizeof size, "size=%dk", kb);
		if (mount("none", in_folder("disk"), "tmpfs", 0, size) != 0) {
			printf("store_append: full_disk skipped: no file system can be mounted\n");
			free(path);
			return;
		}
		rc = made_build(&made, path, 20, &err);
		snprintf(command, sizeof command, "ls -A %s/disk | wc -l", made_folder);
		f = popen(command, "r");
		ck_assert_int_eq(fscanf(f, "%d", &n), 1);
		pclose(f);
		ck_assert_int_eq(umount(in_folder("disk")), 0);
		check_full(path, rc != 0, &err, rc);
		ck_assert_int_eq(n, rc == 0);
		n_full += rc == VIDX_EFULL;
	}
	ck_assert_int_gt(n_full, 3);
	ck_assert_int_eq(rc, 0);
	free(path);
}
END_TEST

/* Our empty file is the one that LMDB would make, where its pages are of 4,096 bytes. */
START_TEST(empty_as_lmdb_makes_it)
{
	uint8_t ours[2 * VX_PAGE], *theirs;
	size_t len;
	MDB_env *env;

	if (sysconf(_SC_PAGESIZE) != VX_PAGE) {
		printf("store_append: empty_as_lmdb_makes_it skipped: other pages here\n");
		return;
	}
	vx_pages_empty(ours, 1u << 30);
	ck_assert_int_eq(mdb_env_create(&env), 0);
	ck_assert_int_eq(mdb_env_set_mapsize(env, 1u << 30), 0);
	ck_assert_int_eq(mdb_env_open(env, in_folder("lmdb"),
				      MDB_NOLOCK | MDB_NOSUBDIR | MDB_NOSYNC | MDB_NOMETASYNC,
				      0644),
			 0);
	mdb_env_close(env);
	theirs = file_read(in_folder("lmdb"), &len);
	ck_assert_uint_eq(len, sizeof ours);
	ck_assert_mem_eq(ours, theirs, len);
	free(theirs);
}
END_TEST

/* LMDB's own reader finds the same values, by key. */
START_TEST(lmdb_reads_it)
{
	uint64_t locus, hash, tie, last = 0;
	MDB_val key, value;
	MDB_cursor *cursor;
	MDB_envinfo info;
	MDB_txn *txn;
	MDB_env *env;
	MDB_dbi dbi;
	int n = 0;

	made_index(&made, in_folder("x.vidx"), 20);
	ck_assert_int_eq(mdb_env_create(&env), 0);
	ck_assert_int_eq(mdb_env_set_maxdbs(env, 4), 0);
	ck_assert_int_eq(
		mdb_env_open(env, in_folder("x.vidx"), MDB_RDONLY | MDB_NOLOCK | MDB_NOSUBDIR, 0),
		0);
	ck_assert_int_eq(mdb_env_info(env, &info), 0);
	ck_assert_uint_eq(info.me_mapsize, 1u << 30);
	ck_assert_int_eq(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn), 0);
	ck_assert_int_eq(mdb_dbi_open(txn, "blocks", 0, &dbi), 0);
	ck_assert_int_eq(mdb_cursor_open(txn, dbi, &cursor), 0);
	while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
		ck_assert_int_eq(vx_key_unpack(key.mv_data, key.mv_size, &locus, &hash, &tie), 0);
		ck_assert_uint_ge(locus, last);
		last = locus;
		n++;
	}
	ck_assert_uint_eq((uint64_t)n, made.meta.n_blocks);
	mdb_cursor_close(cursor);
	mdb_txn_abort(txn);
	mdb_env_close(env);
}
END_TEST

Suite *store_append_suite(void)
{
	Suite *s = suite_create("store_append");
	TCase *t = tcase_create("append");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 300);
	tcase_add_test(t, abort_leaves_nothing);
	tcase_add_test(t, unwritable_places);
	tcase_add_test(t, unwritable_folder);
	tcase_add_test(t, kept_beside_its_target);
	tcase_add_test(t, older_index_stays_until_publish);
	tcase_add_test(t, a_link_is_replaced);
	tcase_add_test(t, totals_must_agree);
	tcase_add_test(t, order_and_sizes_are_checked);
	tcase_add_test(t, large);
	tcase_add_test(t, file_size_limit);
	tcase_add_test(t, full_disk);
	tcase_add_test(t, empty_as_lmdb_makes_it);
	tcase_add_test(t, lmdb_reads_it);
	suite_add_tcase(s, t);
	return s;
}
