#include "store/opened.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * LMDB's caveats, and why they do not bind here.  It must not open a file twice in a process, as
 * closing one descriptor drops the other's fcntl locks: with MDB_NOLOCK there are none.  It must
 * not be used on remote file systems, as locks and maps of several hosts disagree: nobody writes
 * a published file, it is replaced by rename.  A long read transaction keeps old pages from being
 * reused: there is no writer.  MDB_NOTLS leaves a transaction free to be used by any thread, one
 * at a time; each walk has its own.
 *
 * Not MDB_NORDAHEAD: with a cold cache a lookup then takes 2.7 faults to the disk, a page each, and
 * without it one, for the pages around.
 */
#define OPEN_FLAGS (MDB_RDONLY | MDB_NOLOCK | MDB_NOSUBDIR | MDB_NOTLS)

/* The file may be replaced between our open and LMDB's; so often in a row, it is not. */
#define TRIES 16

int vx_env_fail(const struct vx_env *env, int code, struct vidx_error *err)
{
	if (code == ENOMEM)
		return vx_fail_nomem(err);
	if (code > 0)
		return vx_fail(err, VIDX_EIO, "%s: cannot read: %s", env->path, strerror(code));
	return vx_fail(err, VIDX_EBADINDEX, "%s: damaged: %s", env->path, mdb_strerror(code));
}

static int open_file(struct vx_env *env, struct vidx_error *err)
{
	struct stat st;

	env->fd = open(env->path, O_RDONLY | O_CLOEXEC);
	if (env->fd < 0 || fstat(env->fd, &st) != 0)
		return vx_fail(err, VIDX_EIO, "%s: cannot open: %s", env->path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return vx_fail(err, VIDX_EIO, "%s: cannot open: it is a folder", env->path);
	if (!S_ISREG(st.st_mode))
		return vx_fail(err, VIDX_EBADINDEX, "%s: not a vidx index", env->path);
	env->size = (uint64_t)st.st_size;
	return 0;
}

/*
 * Every page that LMDB may walk from here on.  For a few lookups: all but the leaves of `blocks`,
 * which a walk checks.  For a directory those too, and that the pages are as LMDB writes them:
 * then not even a file made up to match its hashes can lead LMDB astray.
 */
static int check_pages(struct vx_env *env, int how, struct vidx_error *err)
{
	struct vx_pages pages = {0};
	int rc = vx_footer_read(env->fd, env->path, env->size, &env->footer, err);

	if (rc == 0)
		rc = vx_footer_check_fixed(env->fd, env->path, &env->footer, err);
	if (rc < 0 || !(how & VX_OPEN_DIRECTORY))
		return rc;
	for (uint64_t i = 0; i < env->footer.n_leaves && rc == 0; i++)
		rc = vx_footer_check_leaf(env->fd, env->path, &env->footer, i, err);
	if (rc == 0)
		rc = vx_pages_walk(env->fd, env->path, 0, &pages, err);
	if (rc == 0 && (pages.n != env->footer.n_pages || pages.n_blocks != env->footer.n_blocks))
		rc = vx_fail(err, VIDX_EBADINDEX, "%s: damaged: not the pages of its footer",
			     env->path);
	vx_pages_release(&pages);
	return rc;
}

static int same_file(int a, int b)
{
	struct stat sa, sb;

	return fstat(a, &sa) == 0 && fstat(b, &sb) == 0 && sa.st_dev == sb.st_dev &&
	       sa.st_ino == sb.st_ino;
}

/* 0; 1 where path means another file by now. */
static int open_lmdb(struct vx_env *env, struct vidx_error *err)
{
	int code = mdb_env_create(&env->lmdb), fd;

	if (code == 0)
		code = mdb_env_set_maxdbs(env->lmdb, 4);
	/* No more than the file holds, so that a low ulimit -v suffices. */
	if (code == 0)
		code = mdb_env_set_mapsize(env->lmdb, env->footer.n_pages * VX_PAGE);
	if (code == 0)
		code = mdb_env_open(env->lmdb, env->path, OPEN_FLAGS, 0);
	if (code == 0)
		code = mdb_env_get_fd(env->lmdb, &fd);
	if (code == 0)
		return same_file(env->fd, fd) ? 0 : 1;
	return code == ENOENT ? 1 : vx_env_fail(env, code, err);
}

static void close_file(struct vx_env *env)
{
	if (env->txn)
		mdb_txn_abort(env->txn);
	if (env->lmdb)
		mdb_env_close(env->lmdb);
	if (env->fd >= 0)
		close(env->fd);
	vx_footer_release(&env->footer);
	env->txn = NULL;
	env->lmdb = NULL;
	env->fd = -1;
}

static int open_checked(struct vx_env *env, int how, struct vidx_error *err)
{
	int rc = 1;

	for (int i = 0; i < TRIES && rc == 1; i++) {
		close_file(env);
		rc = open_file(env, err);
		if (rc == 0)
			rc = check_pages(env, how, err);
		if (rc == 0)
			rc = open_lmdb(env, err);
	}
	return rc == 1 ? vx_fail(err, VIDX_EIO, "%s: cannot open: it is replaced all the time",
				 env->path)
		       : rc;
}

static int open_databases(struct vx_env *env, struct vidx_error *err)
{
	int code = mdb_txn_begin(env->lmdb, NULL, MDB_RDONLY, &env->txn);

	if (code == 0)
		code = mdb_dbi_open(env->txn, "meta", 0, &env->meta_dbi);
	if (code == 0)
		code = mdb_dbi_open(env->txn, "blocks", 0, &env->blocks_dbi);
	if (code == 0) {
		code = mdb_dbi_open(env->txn, "ids", 0, &env->ids_dbi);
		env->has_ids = code == 0;
		code = code == MDB_NOTFOUND ? 0 : code;
	}
	if (code == 0) {
		code = mdb_dbi_open(env->txn, "callable", 0, &env->track_dbi);
		env->has_track = code == 0;
		code = code == MDB_NOTFOUND ? 0 : code;
	}
	/* A commit makes the handles known to the transactions of walks. */
	if (code == 0) {
		code = mdb_txn_commit(env->txn);
		env->txn = NULL;
	}
	if (code == 0)
		code = mdb_txn_begin(env->lmdb, NULL, MDB_RDONLY, &env->txn);
	return code ? vx_env_fail(env, code, err) : 0;
}

static int read_part(struct vx_env *env, unsigned part, const char *name, struct vidx_error *err)
{
	MDB_val key = {strlen(name), (void *)(uintptr_t)name}, value;
	struct vidx_error why = {0};
	int code = mdb_get(env->txn, env->meta_dbi, &key, &value), rc;

	if (code)
		return vx_env_fail(env, code, err);
	rc = vx_meta_read_parts(&env->meta, part, value.mv_data, value.mv_size, &why);
	return rc < 0 ? vx_fail(err, rc, "%s: %s", env->path, why.text) : 0;
}

int vx_env_read_rest(struct vx_env *env, struct vidx_error *err)
{
	int rc = 0;

	if (!env->meta.reach)
		rc = read_part(env, VX_META_REACH, "extent", err);
	if (rc == 0 && !env->meta.sources)
		rc = read_part(env, VX_META_INPUTS, "inputs", err);
	return rc;
}

static int read_meta(struct vx_env *env, int how, struct vidx_error *err)
{
	int rc = read_part(env, VX_META_CORE, "core", err);

	if (rc == 0 && env->meta.n_blocks != env->footer.n_blocks)
		rc = vx_fail(err, VIDX_EBADINDEX,
			     "%s: damaged: %" PRIu64 " blocks described, %" PRIu64 " there",
			     env->path, env->meta.n_blocks, env->footer.n_blocks);
	if (rc == 0 && env->meta.track.present != env->has_track)
		rc = vx_fail(err, VIDX_EBADINDEX, "%s: damaged: its callable track is %s",
			     env->path, env->has_track ? "not described" : "missing");
	if (rc == 0 && !(how & VX_OPEN_QUICK))
		rc = vx_env_read_rest(env, err);
	if (rc < 0)
		return rc;
	vx_plan_make(&env->plan, &env->meta.groups);
	env->shape.groups = &env->meta.groups;
	env->shape.metrics = env->meta.metrics;
	env->shape.plan = &env->plan;
	env->shape.keep = env->meta.keep.n ? &env->meta.keep : NULL;
	return 0;
}

static int build_dir(struct vx_env *env, struct vidx_error *err)
{
	uint64_t locus, hash, tie;
	MDB_cursor *cursor = NULL;
	MDB_val key, value;
	int code;

	if (vx_dir_init(&env->dir, env->meta.n_blocks, vx_contigs_count(env->meta.contigs)) < 0)
		return vx_fail_nomem(err);
	env->has_dir = 1;
	code = mdb_cursor_open(env->txn, env->blocks_dbi, &cursor);
	while (code == 0 && (code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
		struct vx_slice bytes = {value.mv_data, value.mv_size};

		if (vx_key_unpack(key.mv_data, key.mv_size, &locus, &hash, &tie) != 0 ||
		    vx_dir_add(&env->dir, locus, hash, bytes) != 0)
			code = MDB_CORRUPTED;
	}
	if (cursor)
		mdb_cursor_close(cursor);
	if (code == MDB_NOTFOUND)
		code = env->dir.n == env->meta.n_blocks ? 0 : MDB_CORRUPTED;
	if (code)
		return vx_env_fail(env, code, err);
	return vx_dir_finish(&env->dir, &env->shape, env->meta.hash_bits) < 0 ? vx_fail_nomem(err)
									      : 0;
}

int vx_env_open(const char *path, int how, struct vx_env **env_ret, struct vidx_error *err)
{
	struct vx_env *env = calloc(1, sizeof *env);
	int rc;

	if (!env)
		return vx_fail_nomem(err);
	env->fd = -1;
	vx_meta_init(&env->meta);
	env->path = strdup(path);
	rc = env->path ? open_checked(env, how, err) : vx_fail_nomem(err);
	if (rc == 0)
		rc = open_databases(env, err);
	if (rc == 0)
		rc = read_meta(env, how, err);
	if (rc == 0 && how & VX_OPEN_DIRECTORY)
		rc = build_dir(env, err);
	if (rc == 0 && how & VX_OPEN_DIRECTORY)
		rc = vx_env_read_ids(env, err);
	if (rc == 0 && how & VX_OPEN_DIRECTORY)
		rc = vx_env_read_track(env, err);
	if (rc < 0) {
		vx_env_close(env);
		return rc;
	}
	*env_ret = env;
	return 0;
}

void vx_env_close(struct vx_env *env)
{
	if (!env)
		return;
	close_file(env);
	vx_dir_release(&env->dir);
	vx_idfind_release(&env->ids);
	vx_trackfind_release(&env->track);
	vx_meta_release(&env->meta);
	free(env->path);
	free(env);
}

const struct vx_meta *vx_env_meta(const struct vx_env *env)
{
	return &env->meta;
}

const struct vx_shape *vx_env_shape(const struct vx_env *env)
{
	return &env->shape;
}

uint64_t vx_env_file_size(const struct vx_env *env)
{
	return env->size;
}

const char *vx_env_path(const struct vx_env *env)
{
	return env->path;
}

const struct vx_dir *vx_env_dir(const struct vx_env *env)
{
	return env->has_dir ? &env->dir : NULL;
}
