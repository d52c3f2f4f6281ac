/*
 * footer: what lies behind LMDB's last page: which pages are tree pages, and their hashes.
 *
 * LMDB neither reads nor writes past its last page.  The footer is how open tells an index from
 * any other file, a whole one from one cut short, and a sound tree from a damaged one; and its
 * list of leaves is the upper floor of a lookup that does not build a directory.
 */
#ifndef VX_STORE_FOOTER_H
#define VX_STORE_FOOTER_H

#include "store/pages.h"

#define VX_INDEX_MAGIC   "VIDXIDX\1" /* 8 bytes: at the end of page 0, and of the file */
#define VX_INDEX_VERSION 1
#define VX_MARK_AT       (VX_PAGE - 16) /* in page 0: magic, version u32, zero u32 */

struct vx_page_hash {
	uint64_t page, page_hash;
};

struct vx_footer {
	uint64_t file_size, n_pages, n_blocks;
	struct vx_page_hash *fixed; /* ascending */
	uint64_t n_fixed;
	struct vx_leaf *leaf; /* in key order */
	uint64_t n_leaves;
};

/* Appends the footer for these pages of fd to out: reads and hashes each tree page. */
int vx_footer_make(int fd, const char *path, const struct vx_pages *pages, struct vx_buf *out,
		   struct vidx_error *err);
/*
 * Reads and checks the footer of a file of size bytes.  Errors: VIDX_EBADINDEX (no index; cut
 * short; damaged), VIDX_EVERSION, VIDX_EIO, VIDX_ENOMEM.
 */
int vx_footer_read(int fd, const char *path, uint64_t size, struct vx_footer *footer,
		   struct vidx_error *err);
void vx_footer_release(struct vx_footer *footer);

/* Checks all fixed pages, or one leaf, against their hashes.  VIDX_EBADINDEX, VIDX_EIO. */
int vx_footer_check_fixed(int fd, const char *path, const struct vx_footer *footer,
			  struct vidx_error *err);
int vx_footer_check_leaf(int fd, const char *path, const struct vx_footer *footer, uint64_t i,
			 struct vidx_error *err);

#endif
