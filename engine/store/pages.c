#include "store/pages.h"

#include "base/bytes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#define LMDB_MAGIC   UINT32_C(0xBEEFC0DE)
#define LMDB_VERSION 1
#define NO_PAGE      UINT64_MAX

/* Deeper than LMDB's own cursor goes. */
#define DEPTH_MAX 32

enum { P_BRANCH = 0x01, P_LEAF = 0x02, P_META = 0x08 };
enum { F_BIGDATA = 0x01, F_SUBDATA = 0x02 };
/* Of the free list: MDB_INTEGERKEY, and MDB_NOSUBDIR, which LMDB keeps beside it. */
enum { FREE_FLAGS = 0x4008 };

/* Offsets in a page, in an LMDB meta page, and in the 48 bytes that describe a tree. */
enum {
	AT_PAD = 8,
	AT_FLAGS = 10,
	AT_LOWER = 12,
	AT_UPPER = 14,
	META_MAGIC = 16,
	META_VERSION = 20,
	META_MAP_SIZE = 32,
	META_FREE = 40,
	META_MAIN = 88,
	META_LAST = 136,
	META_TXN = 144,
	TREE_PAD = 0, /* of the free list's tree: the page size */
	TREE_FLAGS = 4,
	TREE_ROOT = 40,
	TREE_BYTES = 48,
};

struct node {
	const uint8_t *key, *data;
	uint64_t key_len, data_len; /* data_len: of the value, also when it lies in a run */
	uint64_t child;
	unsigned flags;
};

/* A walk over one tree. */
struct walk {
	int fd;
	const char *path;
	int with_runs;
	struct vx_pages *pages;
	struct vidx_error *err;
	enum { TREE_FREE, TREE_MAIN, TREE_META, TREE_BLOCKS } tree;
	uint64_t locus, hash, tie; /* of the last block met */
};

size_t vx_key_pack(uint8_t key[VX_KEY_MAX], uint64_t locus, uint64_t hash, uint32_t tie)
{
	vx_store64_be(key, locus);
	vx_store64_be(key + 8, hash);
	key[16] = (uint8_t)(tie >> 8);
	key[17] = (uint8_t)tie;
	return tie ? 18 : 16;
}

int vx_key_unpack(const void *key, size_t len, uint64_t *locus, uint64_t *hash, uint64_t *tie)
{
	const uint8_t *p = key;

	if (len != 16 && len != 18)
		return -1;
	*locus = vx_load64_be(p);
	*hash = vx_load64_be(p + 8);
	*tie = len == 18 ? (uint64_t)p[16] << 8 | p[17] : 0;
	return len == 18 && *tie == 0 ? -1 : 0;
}

int vx_page_read(int fd, const char *path, uint64_t page, uint8_t out[VX_PAGE],
		 struct vidx_error *err)
{
	size_t got = 0;

	while (got < VX_PAGE) {
		ssize_t n = pread(fd, out + got, VX_PAGE - got, (off_t)(page * VX_PAGE + got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return vx_fail(err, VIDX_EIO, "%s: cannot read: %s", path, strerror(errno));
		if (n == 0)
			return vx_fail(err, VIDX_EBADINDEX, "%s: cut short in page %" PRIu64, path,
				       page);
		got += (size_t)n;
	}
	return 0;
}

static int bad(const struct walk *w, uint64_t page, const char *what)
{
	return vx_fail(w->err, VIDX_EBADINDEX, "%s: damaged: page %" PRIu64 ": %s", w->path, page,
		       what);
}

/* Makes *array of *cap elements hold n + 1. */
static int grow(void **array, size_t *cap, size_t n, size_t size)
{
	size_t want = *cap ? *cap * 2 : 64;
	void *p;

	if (n < *cap)
		return 0;
	p = realloc(*array, want * size);
	if (!p)
		return -1;
	*array = p;
	*cap = want;
	return 0;
}

/* Node i of a page whose header is_sound() accepted; 0, or -1 where it leaves the page. */
static int node_at(const uint8_t *page, unsigned i, int is_leaf, struct node *node)
{
	unsigned at = vx_load16(page + VX_PAGE_HEADER + 2 * i);
	const uint8_t *p = page + at;
	uint64_t room, low;

	if (at < vx_load16(page + AT_UPPER) || at > VX_PAGE - 8)
		return -1;
	room = VX_PAGE - 8 - at;
	low = vx_load32(p);
	node->flags = vx_load16(p + 4);
	node->key_len = vx_load16(p + 6);
	node->key = p + 8;
	node->data = p + 8 + node->key_len;
	node->data_len = is_leaf ? low : 0;
	node->child = low | (uint64_t)node->flags << 32;
	if (node->key_len > room)
		return -1;
	room -= node->key_len;
	if (!is_leaf)
		return 0;
	return room >= (node->flags & F_BIGDATA ? 8 : low) ? 0 : -1;
}

static int is_sound(const uint8_t *page, uint64_t number)
{
	unsigned flags = vx_load16(page + AT_FLAGS);
	unsigned lower = vx_load16(page + AT_LOWER), upper = vx_load16(page + AT_UPPER);

	return vx_load64(page) == number && (flags == P_BRANCH || flags == P_LEAF) &&
	       lower >= VX_PAGE_HEADER && lower % 2 == 0 && lower <= upper && upper <= VX_PAGE;
}

int vx_page_clean(uint8_t page[VX_PAGE])
{
	unsigned lower = vx_load16(page + AT_LOWER), upper = vx_load16(page + AT_UPPER);
	int changed = vx_load16(page + AT_PAD) != 0;

	for (unsigned i = lower; i < upper && !changed; i++)
		changed = page[i] != 0;
	if (changed) {
		vx_store16(page + AT_PAD, 0);
		memset(page + lower, 0, upper - lower);
	}
	return changed;
}

static int take_page(const struct walk *w, uint64_t page, enum vx_page_kind kind)
{
	if (page >= w->pages->n)
		return bad(w, page, "outside the file");
	if (w->pages->kind[page] != VX_PAGE_FREE)
		return bad(w, page, "used twice");
	w->pages->kind[page] = (uint8_t)kind;
	return 0;
}

/* The pages of a value that does not lie in its leaf. */
static int take_run(const struct walk *w, uint64_t leaf, const struct node *node)
{
	struct vx_pages *pages = w->pages;
	struct vx_run run = {vx_load64(node->data), node->data_len / VX_PAGE + 1};

	if (node->data_len % VX_PAGE != VX_PAGE - VX_PAGE_HEADER && w->tree != TREE_FREE)
		return bad(w, leaf, "a value that does not fill its pages");
	if (w->tree == TREE_FREE)
		run.n = (node->data_len + VX_PAGE_HEADER + VX_PAGE - 1) / VX_PAGE;
	if (run.page >= pages->n || run.n > pages->n - run.page)
		return bad(w, leaf, "a value outside the file");
	for (uint64_t i = 0; i < run.n; i++) {
		int rc = take_page(w, run.page + i,
				   w->tree == TREE_FREE ? VX_PAGE_FIXED : VX_PAGE_OVERFLOW);
		if (rc < 0)
			return rc;
	}
	if (w->tree == TREE_FREE || !w->with_runs)
		return 0;
	if (grow((void **)&pages->run, &pages->run_cap, pages->n_runs, sizeof run) != 0)
		return vx_fail_nomem(w->err);
	pages->run[pages->n_runs++] = run;
	return 0;
}

static int take_block(struct walk *w, uint64_t leaf, unsigned i, const struct node *node)
{
	struct vx_pages *pages = w->pages;
	uint64_t locus, hash, tie, is_first = pages->n_blocks == 0;

	if (vx_key_unpack(node->key, node->key_len, &locus, &hash, &tie) != 0)
		return bad(w, leaf, "not the key of a block");
	if (tie ? is_first || locus != w->locus || hash != w->hash || tie != w->tie + 1
		: !is_first && (locus < w->locus || (locus == w->locus && hash <= w->hash)))
		return bad(w, leaf, "blocks out of order");
	w->locus = locus;
	w->hash = hash;
	w->tie = tie;
	if (node->flags != F_BIGDATA)
		return bad(w, leaf, "a block inside its leaf");
	if (i == 0) {
		struct vx_leaf entry = {leaf, 0, pages->n_blocks, locus, hash, tie};

		if (grow((void **)&pages->leaf, &pages->leaf_cap, pages->n_leaves, sizeof entry))
			return vx_fail_nomem(w->err);
		pages->leaf[pages->n_leaves++] = entry;
	}
	pages->n_blocks++;
	return 0;
}

static int walk_page(struct walk *w, uint64_t number, unsigned depth);

/* A named database: its tree is described by the value. */
static int take_database(struct walk *w, uint64_t leaf, const struct node *node)
{
	struct walk sub = *w;
	struct vx_slice name = {(const char *)node->key, node->key_len};

	if (node->flags != F_SUBDATA || node->data_len != TREE_BYTES ||
	    vx_load16(node->data + TREE_FLAGS) != 0)
		return bad(w, leaf, "not a named database");
	sub.tree = vx_slice_is(name, "blocks") ? TREE_BLOCKS : TREE_META;
	if (vx_load64(node->data + TREE_ROOT) == NO_PAGE)
		return 0;
	return walk_page(&sub, vx_load64(node->data + TREE_ROOT), 1);
}

static int walk_leaf(struct walk *w, uint64_t number, const uint8_t *page)
{
	unsigned n = (vx_load16(page + AT_LOWER) - VX_PAGE_HEADER) / 2;
	struct node node;
	int rc = 0;

	for (unsigned i = 0; i < n && rc == 0; i++) {
		if (node_at(page, i, 1, &node) != 0)
			return bad(w, number, "a node over its edge");
		if (w->tree == TREE_MAIN)
			rc = take_database(w, number, &node);
		else if (w->tree == TREE_BLOCKS)
			rc = take_block(w, number, i, &node);
		else if (node.flags & ~F_BIGDATA || (w->tree == TREE_FREE && node.key_len != 8))
			rc = bad(w, number, "a node of another kind");
		if (rc == 0 && node.flags & F_BIGDATA)
			rc = take_run(w, number, &node);
	}
	return rc;
}

static int walk_page(struct walk *w, uint64_t number, unsigned depth)
{
	uint8_t page[VX_PAGE];
	struct node node;
	unsigned n;
	int is_leaf, rc;

	if (depth > DEPTH_MAX)
		return bad(w, number, "a tree without an end");
	if (number >= w->pages->n)
		return bad(w, number, "outside the file");
	rc = vx_page_read(w->fd, w->path, number, page, w->err);
	if (rc < 0)
		return rc;
	if (!is_sound(page, number))
		return bad(w, number, "not a tree page");
	is_leaf = vx_load16(page + AT_FLAGS) == P_LEAF;
	rc = take_page(w, number, is_leaf && w->tree == TREE_BLOCKS ? VX_PAGE_LEAF : VX_PAGE_FIXED);
	if (rc < 0)
		return rc;
	if (is_leaf)
		return walk_leaf(w, number, page);
	n = (vx_load16(page + AT_LOWER) - VX_PAGE_HEADER) / 2;
	if (n < 2)
		return bad(w, number, "a branch without a choice");
	for (unsigned i = 0; i < n && rc == 0; i++) {
		if (node_at(page, i, 0, &node) != 0)
			return bad(w, number, "a node over its edge");
		rc = walk_page(w, node.child, depth + 1);
	}
	return rc;
}

static int is_meta_page(const uint8_t *page, uint64_t number)
{
	return vx_load64(page) == number && vx_load16(page + AT_FLAGS) == P_META &&
	       vx_load32(page + META_MAGIC) == LMDB_MAGIC &&
	       vx_load32(page + META_VERSION) == LMDB_VERSION &&
	       vx_load32(page + META_FREE + TREE_PAD) == VX_PAGE &&
	       vx_load16(page + META_FREE + TREE_FLAGS) == FREE_FLAGS &&
	       vx_load16(page + META_MAIN + TREE_FLAGS) == 0;
}

void vx_pages_empty(uint8_t out[2 * VX_PAGE], uint64_t map_size)
{
	memset(out, 0, 2 * VX_PAGE);
	for (uint64_t i = 0; i < 2; i++) {
		uint8_t *page = out + i * VX_PAGE;

		vx_store64(page, i);
		vx_store16(page + AT_FLAGS, P_META);
		vx_store32(page + META_MAGIC, LMDB_MAGIC);
		vx_store32(page + META_VERSION, LMDB_VERSION);
		vx_store64(page + META_MAP_SIZE, map_size);
		vx_store32(page + META_FREE + TREE_PAD, VX_PAGE);
		vx_store16(page + META_FREE + TREE_FLAGS, FREE_FLAGS);
		vx_store64(page + META_FREE + TREE_ROOT, NO_PAGE);
		vx_store64(page + META_MAIN + TREE_ROOT, NO_PAGE);
		vx_store64(page + META_LAST, 1);
	}
}

int vx_pages_walk(int fd, const char *path, int with_runs, struct vx_pages *pages,
		  struct vidx_error *err)
{
	struct walk w = {fd, path, with_runs, pages, err, TREE_FREE, 0, 0, 0};
	uint8_t meta[2][VX_PAGE], *newer;
	off_t size = lseek(fd, 0, SEEK_END);
	int rc = 0;

	memset(pages, 0, sizeof *pages);
	for (uint64_t i = 0; i < 2; i++) {
		rc = vx_page_read(fd, path, i, meta[i], err);
		if (rc < 0)
			return rc;
		if (!is_meta_page(meta[i], i))
			return bad(&w, i, "not LMDB's, or not of 4096 bytes");
	}
	newer = meta[vx_load64(meta[0] + META_TXN) < vx_load64(meta[1] + META_TXN)];
	pages->n = vx_load64(newer + META_LAST) + 1;
	if (pages->n < 2 || size < 0 || pages->n > (uint64_t)size / VX_PAGE)
		return bad(&w, 0, "more pages than the file has");
	pages->kind = calloc(pages->n, 1);
	if (!pages->kind)
		return vx_fail_nomem(err);
	pages->kind[0] = pages->kind[1] = VX_PAGE_FIXED;
	for (w.tree = TREE_FREE; w.tree <= TREE_MAIN && rc == 0; w.tree++) {
		uint64_t root = vx_load64(newer + (w.tree == TREE_FREE ? META_FREE : META_MAIN) +
					  TREE_ROOT);

		if (root != NO_PAGE)
			rc = walk_page(&w, root, 1);
	}
	return rc;
}

void vx_pages_release(struct vx_pages *pages)
{
	free(pages->kind);
	free(pages->leaf);
	free(pages->run);
	memset(pages, 0, sizeof *pages);
}
