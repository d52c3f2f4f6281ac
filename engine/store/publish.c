#include "store/writer.h"

#include "base/bytes.h"
#include "store/footer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int check_totals(const struct vx_append *append, const struct vx_meta *meta,
			struct vidx_error *err)
{
	uint64_t of_contigs = 0;

	for (uint32_t i = 0; i < vx_contigs_count(meta->contigs); i++)
		of_contigs += meta->contig_variants[i];
	if (meta->n_blocks != append->n_blocks || meta->n_variants != append->n_rows ||
	    of_contigs != append->n_rows)
		return vx_fail(err, VIDX_EUSAGE,
			       "%s: totals disagree: %" PRIu64 " blocks with %" PRIu64
			       " variants written, %" PRIu64 " with %" PRIu64 " (%" PRIu64
			       " over the contigs) described",
			       append->path, append->n_blocks, append->n_rows, meta->n_blocks,
			       meta->n_variants, of_contigs);
	return 0;
}

/* One transaction for each part, as the reach of many blocks can be large. */
static int put_part(struct vx_append *append, unsigned part, const char *name,
		    const struct vx_meta *meta, struct vidx_error *err)
{
	MDB_val key = {strlen(name), (void *)(uintptr_t)name};
	MDB_cursor *cursor = NULL;
	struct vx_buf bytes;
	int code, rc;

	vx_buf_init(&bytes);
	vx_meta_write_parts(meta, part, &bytes);
	rc = bytes.failed ? vx_fail_nomem(err) : vx_writer_commit(append, err);
	if (rc == 0)
		rc = vx_writer_begin(append, bytes.len / VX_PAGE + 1, err);
	if (rc < 0)
		goto out;
	code = mdb_cursor_open(append->txn, append->meta, &cursor);
	if (code) {
		rc = vx_writer_fail(append, code, err);
		goto out;
	}
	rc = vx_writer_put(append, cursor, &key, vx_slice((const char *)bytes.p, bytes.len), err);
	mdb_cursor_close(cursor);
	if (rc == 0)
		rc = vx_writer_commit(append, err);
out:
	vx_buf_release(&bytes);
	return rc;
}

/* Makes every byte of the tree pages follow from the blocks alone, and marks page 0 as ours. */
static int clean_pages(const struct vx_append *append, const struct vx_pages *pages,
		       struct vidx_error *err)
{
	uint8_t page[VX_PAGE], mark[16] = VX_INDEX_MAGIC;
	int rc = 0;

	for (uint64_t i = 2; i < pages->n && rc == 0; i++) {
		if (pages->kind[i] == VX_PAGE_OVERFLOW)
			continue;
		rc = vx_page_read(append->fd, append->tmp, i, page, err);
		if (rc < 0)
			return rc;
		if (pages->kind[i] == VX_PAGE_FREE)
			memset(page, 0, sizeof page);
		else if (!vx_page_clean(page))
			continue;
		rc = vx_writer_write(append, i * VX_PAGE, page, sizeof page, err);
	}
	vx_store32(mark + 8, VX_INDEX_VERSION);
	vx_store32(mark + 12, 0);
	return rc ? rc : vx_writer_write(append, VX_MARK_AT, mark, sizeof mark, err);
}

/* Cuts the file to the pages LMDB uses and puts the footer behind them. */
static int seal(const struct vx_append *append, uint64_t n_pages, struct vidx_error *err)
{
	struct vx_pages pages = {0};
	struct vx_buf footer;
	int rc = 0;

	vx_buf_init(&footer);
	if (ftruncate(append->fd, (off_t)(n_pages * VX_PAGE)) != 0)
		rc = vx_writer_fail(append, errno, err);
	if (rc == 0)
		rc = vx_pages_walk(append->fd, append->tmp, 0, &pages, err);
	if (rc == 0 && (pages.n != n_pages || pages.n_blocks != append->n_blocks))
		rc = vx_fail(err, VIDX_EIO, "%s: what was written reads back otherwise",
			     append->path);
	if (rc == 0)
		rc = clean_pages(append, &pages, err);
	if (rc == 0)
		rc = vx_footer_make(append->fd, append->tmp, &pages, &footer, err);
	if (rc == 0)
		rc = vx_writer_write(append, n_pages * VX_PAGE, footer.p, footer.len, err);
	vx_pages_release(&pages);
	vx_buf_release(&footer);
	return rc;
}

static int sync_folder(const struct vx_append *append, const char *folder, struct vidx_error *err)
{
	int fd, rc = 0;

	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* EINVAL: a file system that cannot sync folders; then there is nothing to wait for. */
	if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL))
		rc = vx_fail(err, VIDX_EIO, "%s: published, but its folder cannot be synced: %s",
			     append->path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return rc;
}

static int replace_target(struct vx_append *append, struct vidx_error *err)
{
	if (fsync(append->fd) != 0)
		return vx_writer_fail(append, errno, err);
	if (rename(append->tmp, append->path) != 0)
		return errno == ENOSPC || errno == EDQUOT
			       ? vx_writer_fail(append, errno, err)
			       : vx_fail(err, VIDX_EIO, "%s: cannot be replaced: %s", append->path,
					 strerror(errno));
	free(append->tmp);
	append->tmp = NULL;
	return 0;
}

/* Meta, footer and size: the temporary file is an index from here on. */
static int finish(struct vx_append *append, const struct vx_meta *meta, struct vidx_error *err)
{
	MDB_envinfo info;
	int rc = check_totals(append, meta, err);

	/* In key order, as everything is appended. */
	if (rc == 0)
		rc = put_part(append, VX_META_CORE, "core", meta, err);
	if (rc == 0)
		rc = put_part(append, VX_META_REACH, "extent", meta, err);
	if (rc == 0)
		rc = put_part(append, VX_META_INPUTS, "inputs", meta, err);
	if (rc < 0)
		return rc;
	mdb_env_info(append->lmdb, &info);
	vx_writer_close(append);
	return seal(append, info.me_last_pgno + 1, err);
}

int vx_append_publish(struct vx_append *append, const struct vx_meta *meta, struct vidx_error *err)
{
	/* Before the rename: after it nothing but the disk may fail. */
	char *folder = append->folder_len ? strndup(append->path, append->folder_len) : strdup(".");
	int rc = folder ? finish(append, meta, err) : vx_fail_nomem(err);

	if (rc == 0)
		rc = replace_target(append, err);
	if (rc == 0)
		rc = sync_folder(append, folder, err);
	free(folder);
	vx_writer_free(append);
	return rc;
}

int vx_append_keep(struct vx_append *append, const struct vx_meta *meta, char **path_ret,
		   struct vidx_error *err)
{
	int rc = finish(append, meta, err);

	*path_ret = NULL;
	if (rc == 0) {
		*path_ret = append->tmp;
		append->tmp = NULL;
	}
	vx_writer_free(append);
	return rc;
}
