#include "store/footer.h"

#include "base/bytes.h"
#include "base/hash.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

/*
 *	header   page size u32 | zero u32 | pages u64 | blocks u64 | fixed u64 | leaves u64
 *	fixed    page u64 | hash u64, for each
 *	leaves   page u64 | hash u64 | first block u64 | locus u64 | hash u64 | tie u64, for each
 *	trailer  hash u64 of all before | file size u64 | footer size u64 | zero u32 | version u32
 *	         | magic
 */
enum {
	HEADER_BYTES = 40,
	FIXED_BYTES = 16,
	LEAF_BYTES = 48,
	TRAILER_BYTES = 40,
	TRAILER_HASH = 0,
	TRAILER_FILE = 8,
	TRAILER_FOOTER = 16,
	TRAILER_ZERO = 24,
	TRAILER_VERSION = 28,
	TRAILER_MAGIC = 32,
};

static void add_u64(struct vx_buf *out, uint64_t v)
{
	uint8_t bytes[8];

	vx_store64(bytes, v);
	vx_buf_add(out, bytes, sizeof bytes);
}

static int add_hash(int fd, const char *path, uint64_t number, struct vx_buf *out,
		    struct vidx_error *err)
{
	uint8_t page[VX_PAGE];
	int rc = vx_page_read(fd, path, number, page, err);

	if (rc < 0)
		return rc;
	add_u64(out, number);
	add_u64(out, vx_hash64(page, VX_PAGE));
	return 0;
}

int vx_footer_make(int fd, const char *path, const struct vx_pages *pages, struct vx_buf *out,
		   struct vidx_error *err)
{
	size_t begin = out->len;
	uint64_t n_fixed = 0, hash;
	int rc = 0;

	for (uint64_t i = 0; i < pages->n; i++)
		n_fixed += pages->kind[i] == VX_PAGE_FIXED;
	add_u64(out, VX_PAGE);
	add_u64(out, pages->n);
	add_u64(out, pages->n_blocks);
	add_u64(out, n_fixed);
	add_u64(out, pages->n_leaves);
	for (uint64_t i = 0; i < pages->n && rc == 0; i++)
		if (pages->kind[i] == VX_PAGE_FIXED)
			rc = add_hash(fd, path, i, out, err);
	for (size_t i = 0; i < pages->n_leaves && rc == 0; i++) {
		rc = add_hash(fd, path, pages->leaf[i].page, out, err);
		add_u64(out, pages->leaf[i].first);
		add_u64(out, pages->leaf[i].locus);
		add_u64(out, pages->leaf[i].hash);
		add_u64(out, pages->leaf[i].tie);
	}
	if (rc < 0)
		return rc;
	hash = out->failed ? 0 : vx_hash64(out->p + begin, out->len - begin);
	add_u64(out, hash);
	add_u64(out, pages->n * VX_PAGE + (out->len - begin) + TRAILER_BYTES - 8);
	add_u64(out, out->len - begin + TRAILER_BYTES - 16);
	add_u64(out, (uint64_t)VX_INDEX_VERSION << 32);
	vx_buf_add(out, VX_INDEX_MAGIC, 8);
	return out->failed ? vx_fail_nomem(err) : 0;
}

static int read_bytes(int fd, const char *path, uint64_t at, void *out, size_t len,
		      struct vidx_error *err)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = pread(fd, (char *)out + got, len - got, (off_t)(at + got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return vx_fail(err, VIDX_EIO, "%s: cannot read: %s", path, strerror(errno));
		if (n == 0)
			return vx_fail(err, VIDX_EBADINDEX, "%s: cut short", path);
		got += (size_t)n;
	}
	return 0;
}

/* Why a file without a trailer is none of ours, or no more. */
static int not_an_index(int fd, const char *path, uint64_t size, struct vidx_error *err)
{
	uint8_t mark[16];

	if (size >= VX_PAGE && read_bytes(fd, path, VX_MARK_AT, mark, sizeof mark, NULL) == 0 &&
	    memcmp(mark, VX_INDEX_MAGIC, 8) == 0)
		return vx_fail(err, VIDX_EBADINDEX, "%s: cut short, or bytes follow its end", path);
	return vx_fail(err, VIDX_EBADINDEX, "%s: not a vidx index", path);
}

static int bad(const char *path, const char *what, struct vidx_error *err)
{
	return vx_fail(err, VIDX_EBADINDEX, "%s: damaged footer: %s", path, what);
}

static void parse_entries(struct vx_footer *footer, struct vx_cursor *c)
{
	for (uint64_t i = 0; i < footer->n_fixed; i++) {
		footer->fixed[i].page = vx_cursor_u64(c);
		footer->fixed[i].page_hash = vx_cursor_u64(c);
	}
	for (uint64_t i = 0; i < footer->n_leaves; i++) {
		footer->leaf[i].page = vx_cursor_u64(c);
		footer->leaf[i].page_hash = vx_cursor_u64(c);
		footer->leaf[i].first = vx_cursor_u64(c);
		footer->leaf[i].locus = vx_cursor_u64(c);
		footer->leaf[i].hash = vx_cursor_u64(c);
		footer->leaf[i].tie = vx_cursor_u64(c);
	}
}

static int entries_agree(const struct vx_footer *footer)
{
	for (uint64_t i = 0; i < footer->n_fixed; i++)
		if (footer->fixed[i].page >= footer->n_pages)
			return 0;
	for (uint64_t i = 0; i < footer->n_leaves; i++) {
		uint64_t end =
			i + 1 < footer->n_leaves ? footer->leaf[i + 1].first : footer->n_blocks;

		if (footer->leaf[i].page >= footer->n_pages || footer->leaf[i].first >= end)
			return 0;
	}
	return footer->n_leaves ? footer->leaf[0].first == 0 : footer->n_blocks == 0;
}

static int parse(struct vx_footer *footer, struct vx_cursor *c, const char *path,
		 struct vidx_error *err)
{
	uint64_t page_size = vx_cursor_u64(c);
	size_t left;

	footer->n_pages = vx_cursor_u64(c);
	footer->n_blocks = vx_cursor_u64(c);
	footer->n_fixed = vx_cursor_u64(c);
	footer->n_leaves = vx_cursor_u64(c);
	left = vx_cursor_left(c);
	if (c->bad || page_size != VX_PAGE)
		return bad(path, "its header", err);
	if (footer->n_fixed > left / FIXED_BYTES || footer->n_leaves > left / LEAF_BYTES ||
	    footer->n_fixed * FIXED_BYTES + footer->n_leaves * LEAF_BYTES != left ||
	    footer->n_blocks > footer->n_pages)
		return bad(path, "its size", err);
	footer->fixed = malloc(footer->n_fixed * sizeof *footer->fixed + 1);
	footer->leaf = malloc(footer->n_leaves * sizeof *footer->leaf + 1);
	if (!footer->fixed || !footer->leaf)
		return vx_fail_nomem(err);
	parse_entries(footer, c);
	return entries_agree(footer) ? 0 : bad(path, "its lists", err);
}

int vx_footer_read(int fd, const char *path, uint64_t size, struct vx_footer *footer,
		   struct vidx_error *err)
{
	uint8_t trailer[TRAILER_BYTES], *bytes = NULL;
	struct vx_cursor c;
	uint64_t len;
	int rc;

	memset(footer, 0, sizeof *footer);
	if (size < 2 * VX_PAGE + TRAILER_BYTES)
		return not_an_index(fd, path, size, err);
	rc = read_bytes(fd, path, size - TRAILER_BYTES, trailer, TRAILER_BYTES, err);
	if (rc < 0)
		return rc;
	if (memcmp(trailer + TRAILER_MAGIC, VX_INDEX_MAGIC, 8) != 0)
		return not_an_index(fd, path, size, err);
	if (vx_load32(trailer + TRAILER_VERSION) != VX_INDEX_VERSION)
		return vx_fail(err, VIDX_EVERSION, "%s: format version %" PRIu32 ", not %d", path,
			       vx_load32(trailer + TRAILER_VERSION), VX_INDEX_VERSION);
	len = vx_load64(trailer + TRAILER_FOOTER);
	if (vx_load64(trailer + TRAILER_FILE) != size || vx_load32(trailer + TRAILER_ZERO) ||
	    len < HEADER_BYTES + TRAILER_BYTES || len > size - 2 * VX_PAGE ||
	    (size - len) % VX_PAGE)
		return bad(path, "its place", err);
	len -= TRAILER_BYTES;
	bytes = malloc(len);
	if (!bytes)
		return vx_fail_nomem(err);
	rc = read_bytes(fd, path, size - TRAILER_BYTES - len, bytes, len, err);
	if (rc == 0 && vx_hash64(bytes, len) != vx_load64(trailer + TRAILER_HASH))
		rc = bad(path, "its hash is another", err);
	c = vx_cursor(bytes, len);
	if (rc == 0)
		rc = parse(footer, &c, path, err);
	if (rc == 0 && footer->n_pages != (size - TRAILER_BYTES - len) / VX_PAGE)
		rc = bad(path, "its number of pages", err);
	footer->file_size = size;
	free(bytes);
	if (rc < 0)
		vx_footer_release(footer);
	return rc;
}

void vx_footer_release(struct vx_footer *footer)
{
	free(footer->fixed);
	free(footer->leaf);
	memset(footer, 0, sizeof *footer);
}

static int check_page(int fd, const char *path, uint64_t number, uint64_t hash,
		      struct vidx_error *err)
{
	uint8_t page[VX_PAGE];
	int rc = vx_page_read(fd, path, number, page, err);

	if (rc < 0)
		return rc;
	if (vx_hash64(page, VX_PAGE) != hash)
		return vx_fail(err, VIDX_EBADINDEX, "%s: damaged: page %" PRIu64, path, number);
	return 0;
}

int vx_footer_check_fixed(int fd, const char *path, const struct vx_footer *footer,
			  struct vidx_error *err)
{
	int rc = 0;

	for (uint64_t i = 0; i < footer->n_fixed && rc == 0; i++)
		rc = check_page(fd, path, footer->fixed[i].page, footer->fixed[i].page_hash, err);
	return rc;
}

int vx_footer_check_leaf(int fd, const char *path, const struct vx_footer *footer, uint64_t i,
			 struct vidx_error *err)
{
	return check_page(fd, path, footer->leaf[i].page, footer->leaf[i].page_hash, err);
}
