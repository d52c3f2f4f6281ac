#include "store/writer.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "codec/format.h"
#include "store/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A transaction holds its pages in memory until its commit, so it ends after so many blocks or
 * pages (64 MB).  Longer ones gain nothing (LMDB writes runs of pages either way), shorter ones
 * rewrite the path to the last leaf more often: three pages for each commit.
 */
#define TXN_BLOCKS 4096
#define TXN_PAGES  16384

/*
 * LMDB maps the file it writes, read-only, up to a size that it stores.  It begins with 1 GiB,
 * which fits under most `ulimit -v`, and doubles; both depend on the blocks alone, so that equal
 * blocks give equal bytes.  HEADROOM covers the tree pages that a transaction may add.
 */
#define MAP_PAGES      (UINT64_C(1) << 18)
#define HEADROOM_PAGES 4096

/* Ties are numbered with 16 bits. */
#define TIE_MAX 65535

int vx_writer_fail(const struct vx_append *append, int code, struct vidx_error *err)
{
	static const char zeros[VX_PAGE];
	off_t end;

	/*
	 * LMDB calls a write that stopped short EIO, and so a disk that fills up: writing one more
	 * page tells which it was.  The file is lost anyway.
	 */
	if (code == EIO && append->fd >= 0) {
		end = lseek(append->fd, 0, SEEK_END);
		if (end >= 0 && pwrite(append->fd, zeros, sizeof zeros, end) < 0)
			code = errno;
	}
	switch (code) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return vx_fail(err, VIDX_EFULL, "%s: no space left: %s", append->path,
			       strerror(code));
	case MDB_MAP_FULL:
		return vx_fail(err, VIDX_EFULL, "%s: no more pages can be addressed", append->path);
	case ENOMEM:
		return vx_fail_nomem(err);
	case EIO:
		return vx_fail(err, VIDX_EIO, "%s: cannot write: %s", append->path, strerror(code));
	}
	return vx_fail(err, VIDX_EIO, "%s: cannot write: %s", append->path, mdb_strerror(code));
}

/* What LMDB says about a map of so many pages. */
static int map_result(const struct vx_append *append, int code, uint64_t pages,
		      struct vidx_error *err)
{
	if (code == ENOMEM)
		return vx_fail(err, VIDX_ENOMEM,
			       "%s: cannot address %" PRIu64 " MB: is ulimit -v too low?",
			       append->path, pages * VX_PAGE >> 20);
	return code ? vx_writer_fail(append, code, err) : 0;
}

int vx_writer_begin(struct vx_append *append, uint64_t n_pages, struct vidx_error *err)
{
	MDB_envinfo info;
	uint64_t need, pages = append->map_pages;
	int code, rc;

	mdb_env_info(append->lmdb, &info);
	append->pages_before = info.me_last_pgno + 1;
	append->txn_blocks = append->txn_pages = 0;
	need = append->pages_before + TXN_PAGES + n_pages + HEADROOM_PAGES;
	while (pages < need)
		pages *= 2;
	if (pages != append->map_pages) {
		code = mdb_env_set_mapsize(append->lmdb, pages * VX_PAGE);
		rc = map_result(append, code, pages, err);
		if (rc < 0)
			return rc;
		append->map_pages = pages;
	}
	code = mdb_txn_begin(append->lmdb, NULL, 0, &append->txn);
	if (code == 0 && append->blocks)
		code = mdb_cursor_open(append->txn, append->blocks, &append->cursor);
	return code ? vx_writer_fail(append, code, err) : 0;
}

int vx_writer_commit(struct vx_append *append, struct vidx_error *err)
{
	MDB_txn *txn = append->txn;
	int code;

	if (!txn)
		return 0;
	if (append->cursor)
		mdb_cursor_close(append->cursor);
	append->cursor = NULL;
	append->txn = NULL;
	code = mdb_txn_commit(txn);
	return code ? vx_writer_fail(append, code, err) : 0;
}

int vx_writer_put(struct vx_append *append, MDB_cursor *cursor, MDB_val *key, struct vx_slice bytes,
		  struct vidx_error *err)
{
	MDB_val value = {bytes.len, NULL};
	int code = mdb_cursor_put(cursor, key, &value, MDB_APPEND | MDB_RESERVE);

	if (code)
		return vx_writer_fail(append, code, err);
	memcpy(value.mv_data, bytes.p, bytes.len);
	/* LMDB leaves the pad of a run's header to chance; equal blocks must give equal files. */
	vx_store16((uint8_t *)value.mv_data - 8, 0);
	return 0;
}

static int open_lmdb(struct vx_append *append, struct vidx_error *err)
{
	int code, rc;

	code = mdb_env_create(&append->lmdb);
	if (code == 0)
		code = mdb_env_set_maxdbs(append->lmdb, 4);
	if (code == 0)
		code = mdb_env_set_mapsize(append->lmdb, MAP_PAGES * VX_PAGE);
	append->map_pages = MAP_PAGES;
	if (code)
		return vx_writer_fail(append, code, err);
	/* No lock file: nobody else knows the name.  No sync: publish does it once. */
	code = mdb_env_open(append->lmdb, append->tmp,
			    MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC | MDB_NOMETASYNC, 0666);
	rc = map_result(append, code, MAP_PAGES, err);
	if (rc < 0)
		return rc;
	rc = vx_writer_begin(append, 0, err);
	if (rc < 0)
		return rc;
	code = mdb_dbi_open(append->txn, "blocks", MDB_CREATE, &append->blocks);
	if (code == 0)
		code = mdb_dbi_open(append->txn, "meta", MDB_CREATE, &append->meta);
	if (code)
		return vx_writer_fail(append, code, err);
	return vx_writer_commit(append, err);
}

int vx_writer_write(const struct vx_append *append, uint64_t at, const void *p, size_t len,
		    struct vidx_error *err)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n =
			pwrite(append->fd, (const char *)p + done, len - done, (off_t)(at + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return vx_writer_fail(append, n < 0 ? errno : EIO, err);
		done += (size_t)n;
	}
	return 0;
}

/*
 * LMDB gives a new file the system's page size, which is 16 or 64 KiB on some aarch64 machines, and
 * takes that of a file that it finds: so it finds an empty one with pages of 4,096 bytes.
 */
static int write_empty(const struct vx_append *append, struct vidx_error *err)
{
	uint8_t pages[2 * VX_PAGE];

	vx_pages_empty(pages, MAP_PAGES * VX_PAGE);
	return vx_writer_write(append, 0, pages, sizeof pages, err);
}

/* Creates .NAME.vidx-tmp.PID-RANDOM beside path. */
static int create_tmp(struct vx_append *append, struct vidx_error *err)
{
	enum { SUFFIX_MAX = 64, NAME_LEFT = NAME_MAX - SUFFIX_MAX };
	const char *slash = strrchr(append->path, '/');
	const char *name = slash ? slash + 1 : append->path;
	size_t size = strlen(append->path) + SUFFIX_MAX;
	size_t name_len = strlen(name) < NAME_LEFT ? strlen(name) : NAME_LEFT;
	uint64_t seed[3] = {vx_now_ns(), (uint64_t)getpid(), (uintptr_t)append};

	append->folder_len = (size_t)(name - append->path);
	append->tmp = malloc(size);
	if (!append->tmp)
		return vx_fail_nomem(err);
	do {
		seed[0]++;
		snprintf(append->tmp, size, "%.*s.%.*s.vidx-tmp.%ld-%08" PRIx32,
			 (int)append->folder_len, append->path, (int)name_len, name, (long)getpid(),
			 (uint32_t)vx_hash64(seed, sizeof seed));
		append->fd = open(append->tmp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	} while (append->fd < 0 && errno == EEXIST);
	if (append->fd >= 0)
		return 0;
	free(append->tmp);
	append->tmp = NULL;
	if (errno == ENOSPC || errno == EDQUOT)
		return vx_writer_fail(append, errno, err);
	return vx_fail(err, VIDX_EIO, "%s: cannot write into its folder: %s", append->path,
		       strerror(errno));
}

int vx_append_open(const char *path, struct vx_append **append_ret, struct vidx_error *err)
{
	struct vx_append *append = calloc(1, sizeof *append);
	struct stat st;
	size_t len = strlen(path);
	int rc;

	if (!append)
		return vx_fail_nomem(err);
	append->fd = -1;
	append->path = strdup(path);
	if (!append->path) {
		rc = vx_fail_nomem(err);
		goto fail;
	}
	/* A rename would put a file in the place of a device or a pipe: never meant. */
	if (len == 0 || path[len - 1] == '/' ||
	    (lstat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))) {
		rc = vx_fail(err, VIDX_EIO, "%s: cannot be written: not a regular file", path);
		goto fail;
	}
	rc = create_tmp(append, err);
	if (rc == 0)
		rc = write_empty(append, err);
	if (rc == 0)
		rc = open_lmdb(append, err);
	if (rc < 0)
		goto fail;
	*append_ret = append;
	return 0;
fail:
	vx_writer_free(append);
	return rc;
}

static int check_order(struct vx_append *append, uint64_t locus, uint64_t hash,
		       struct vx_slice bytes, struct vidx_error *err)
{
	if (bytes.len % VX_PAGE != VX_PAGE - VX_PAGE_HEADER || bytes.len > UINT32_MAX)
		return vx_fail(err, VIDX_EUSAGE, "%s: a block of %zu bytes does not fill its pages",
			       append->path, bytes.len);
	if (append->n_blocks > 0 && locus == append->locus && hash == append->hash) {
		if (append->tie++ >= TIE_MAX)
			return vx_fail(err, VIDX_EUSAGE, "%s: too many blocks begin alike",
				       append->path);
		return 0;
	}
	if (append->n_blocks > 0 &&
	    (locus < append->locus || (locus == append->locus && hash < append->hash)))
		return vx_fail(err, VIDX_EUSAGE, "%s: blocks out of order", append->path);
	append->locus = locus;
	append->hash = hash;
	append->tie = 0;
	return 0;
}

int vx_append_block(struct vx_append *append, uint64_t locus, uint64_t hash, struct vx_slice bytes,
		    struct vidx_error *err)
{
	uint8_t key_bytes[VX_KEY_MAX];
	MDB_val key = {0, key_bytes};
	uint64_t n_pages = bytes.len / VX_PAGE + 1;
	int rc = check_order(append, locus, hash, bytes, err);

	if (rc < 0)
		return rc;
	if (append->txn_blocks >= TXN_BLOCKS || append->txn_pages + n_pages > TXN_PAGES)
		rc = vx_writer_commit(append, err);
	if (rc == 0 && !append->txn)
		rc = vx_writer_begin(append, n_pages, err);
	if (rc < 0)
		return rc;
	key.mv_size = vx_key_pack(key_bytes, locus, hash, append->tie);
	rc = vx_writer_put(append, append->cursor, &key, bytes, err);
	if (rc < 0)
		return rc;
	append->n_blocks++;
	append->n_rows += vx_load32(bytes.p + VX_H_N_ROWS);
	append->txn_blocks++;
	append->txn_pages += n_pages;
	return 0;
}

void vx_writer_close(struct vx_append *append)
{
	if (append->cursor)
		mdb_cursor_close(append->cursor);
	if (append->txn)
		mdb_txn_abort(append->txn);
	if (append->lmdb)
		mdb_env_close(append->lmdb);
	append->cursor = NULL;
	append->txn = NULL;
	append->lmdb = NULL;
}

void vx_writer_free(struct vx_append *append)
{
	vx_writer_close(append);
	if (append->fd >= 0)
		close(append->fd);
	if (append->tmp)
		unlink(append->tmp);
	free(append->tmp);
	free(append->path);
	free(append);
}

void vx_append_abort(struct vx_append *append)
{
	if (append)
		vx_writer_free(append);
}
