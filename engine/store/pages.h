/*
 * pages: the page layout of LMDB 0.9, as far as an index must know it to say which page is what.
 *
 * LMDB trusts its pages: a flipped bit in one can send it anywhere.  So publish walks the trees
 * once, and writes down every tree page with a hash (store/footer.h); open checks those before
 * LMDB walks them, and verify walks again.
 *
 *	page         pgno u64 | pad u16 | flags u16 | lower u16 | upper u16 | slot u16 ... nodes
 *	overflow run pgno u64 | pad u16 | flags u16 | pages u32 | bytes of one value
 *	node         low u16 | high u16 | flags u16 | key length u16 | key | data
 */
#ifndef VX_STORE_PAGES_H
#define VX_STORE_PAGES_H

#include "base/buf.h"
#include "base/slice.h"
#include "base/status.h"
#include "codec/block.h"

/* The flags of a run's header; its pad, before them, is 0. */
#define VX_OVERFLOW_FLAGS 4u

/* What a page is. */
enum vx_page_kind {
	VX_PAGE_FREE,     /* in no tree: zeros */
	VX_PAGE_FIXED,    /* LMDB's two meta pages; every tree page but those of the next kind */
	VX_PAGE_LEAF,     /* a leaf of `blocks` */
	VX_PAGE_OVERFLOW, /* part of a value */
};

/* A leaf page of `blocks`, in key order. */
struct vx_leaf {
	uint64_t page, page_hash;
	uint64_t first;            /* number of its first block */
	uint64_t locus, hash, tie; /* key of its first block */
};

/* A value that fills pages [page, page + n). */
struct vx_run {
	uint64_t page, n;
};

struct vx_pages {
	uint64_t n;    /* pages of the LMDB file */
	uint8_t *kind; /* enum vx_page_kind of each */
	uint64_t n_blocks;
	struct vx_leaf *leaf; /* page_hash is not set */
	size_t n_leaves, leaf_cap;
	struct vx_run *run; /* of all values, in the order met, where asked for */
	size_t n_runs, run_cap;
};

/* Block keys: locus u64 | hash u64, big-endian, and a tie u16 where it is not 0. */
#define VX_KEY_MAX 18
size_t vx_key_pack(uint8_t key[VX_KEY_MAX], uint64_t locus, uint64_t hash, uint32_t tie);
/* 0, or -1 where this is no block key. */
int vx_key_unpack(const void *key, size_t len, uint64_t *locus, uint64_t *hash, uint64_t *tie);

/* Reads page number page of fd; VIDX_EIO or VIDX_EBADINDEX (the file ends before). */
int vx_page_read(int fd, const char *path, uint64_t page, uint8_t out[VX_PAGE],
		 struct vidx_error *err);

/* The two pages of an LMDB file without databases, with the map size that it stores. */
void vx_pages_empty(uint8_t out[2 * VX_PAGE], uint64_t map_size);

/*
 * Walks all trees of the newer of the two LMDB meta pages.  Refuses what LMDB would not have
 * written: a page used twice or outside, a node over its page's edge, keys that do not rise, a
 * value that does not fill its pages.  path is for messages.  Errors: VIDX_EBADINDEX, VIDX_EIO,
 * VIDX_ENOMEM; pages needs its release in any case.
 */
int vx_pages_walk(int fd, const char *path, int with_runs, struct vx_pages *pages,
		  struct vidx_error *err);
void vx_pages_release(struct vx_pages *pages);

/*
 * Zeros what LMDB leaves to chance in a tree page (its pad and the gap between slots and nodes), so
 * that equal blocks give equal files.  Returns whether a byte changed.
 */
int vx_page_clean(uint8_t page[VX_PAGE]);

#endif
