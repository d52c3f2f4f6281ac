/*
 * dir: the directory of first keys, in memory: from a key to the block that may hold it.
 *
 * Two levels.  Each contig is cut into buckets of 2^shift bases, some for each of its blocks; a
 * bucket knows how many blocks begin before it.  So a search reads one number and, if blocks begin
 * inside the bucket, compares those few; a crowded bucket (exomes) is halved instead.  24 bytes
 * for each block, up to 32 for its buckets and 145 for its header: 7 MB for 100 million variants.
 */
#ifndef VX_STORE_DIR_H
#define VX_STORE_DIR_H

#include "base/pos.h"
#include "base/slice.h"
#include "base/status.h"
#include "codec/block.h"

#include <stdatomic.h>

struct vx_dir_entry {
	uint64_t locus, hash; /* the block's first key */
	uint64_t place;       /* address / 4096 << 20 | pages */
};

/*
 * A block whose header has been read: the next lookup finds its numbers here, in a table small
 * enough for a cache, and not at the block, which is a miss (20 to 40 ns of a lookup).  Filled when
 * first sought, as reading all at open would fetch every block from the disk; by whichever thread
 * claims it first.
 */
struct vx_opened {
	_Alignas(64) struct vx_block block;
};

/*
 * Where in a block's table a locus is, roughly: enough to ask for that part of it while the block's
 * own numbers are on their way.  Four of these share a cache line, so that they mostly are in a
 * core's own cache where the numbers of all blocks are not.
 */
struct vx_dir_hint {
	uint64_t locus;      /* the block's first */
	_Atomic float slope; /* vx_block_slope(); 0: not known yet */
	uint32_t page;       /* the block's, counted from dir->first_page */
};

enum vx_opened_state { VX_UNOPENED, VX_CLAIMED, VX_OPENED };

struct vx_dir_contig {
	uint32_t bucket;   /* its first */
	uint32_t n_before; /* buckets it has, less one */
	uint32_t shift;
};

struct vx_dir {
	struct vx_dir_entry *entry;
	uint64_t n, cap;
	struct vx_dir_contig *contig;
	uint32_t n_contigs;
	uint64_t n_buckets;
	uint32_t *bucket;             /* blocks before it; one more than there are buckets */
	struct vx_opened *opened;     /* one for each block */
	_Atomic uint8_t *state;       /* of each: enum vx_opened_state; apart, as it is small */
	struct vx_dir_hint *hint;     /* of each */
	uint64_t first_page;          /* address / 4096 of the lowest block */
	const struct vx_shape *shape; /* borrowed, to open blocks with */
	unsigned hash_bits;
};

/*
 * Tables that are read anywhere: zeroed when first touched, in huge pages where the system has
 * them, so that fewer addresses have to be translated.  size is what was asked for; _free takes
 * NULL.
 */
void *vx_table_alloc(size_t size);
void vx_table_free(void *table, size_t size);

/* For n blocks (below 2^32) on n_contigs contigs.  VIDX_ENOMEM. */
int vx_dir_init(struct vx_dir *dir, uint64_t n, uint32_t n_contigs);
/*
 * Adds the next block, whose bytes must outlive the directory.  Returns 0, or -1 where the key
 * does not rise (an equal one may follow: ties), its contig is none of n_contigs, or the bytes do
 * not fill pages.
 */
int vx_dir_add(struct vx_dir *dir, uint64_t locus, uint64_t hash, struct vx_slice bytes);
/* After the last block; shape is borrowed.  VIDX_ENOMEM. */
int vx_dir_finish(struct vx_dir *dir, const struct vx_shape *shape, unsigned hash_bits);
void vx_dir_release(struct vx_dir *dir);
/* Where its tables lie, for who wants to lock them in memory. */
#define VX_DIR_SPANS 5
struct vx_dir_span {
	void *p;
	size_t len;
};
void vx_dir_spans(const struct vx_dir *dir, struct vx_dir_span span_ret[VX_DIR_SPANS]);

/* Where bucket[] has the number of blocks before a locus; n_contigs is above its contig. */
static inline uint64_t vx_dir_bucket(const struct vx_dir *dir, uint64_t locus)
{
	const struct vx_dir_contig *contig = &dir->contig[vx_locus_contig(locus)];
	uint64_t bucket = vx_locus_pos0(locus) >> contig->shift;

	return contig->bucket + (bucket < contig->n_before ? bucket : contig->n_before);
}

static inline int vx_dir_before(const struct vx_dir_entry *entry, uint64_t locus, uint64_t hash)
{
	return entry->locus < locus || (entry->locus == locus && entry->hash < hash);
}

/*
 * How many blocks begin before (locus, hash); *tie_ret: the next one begins at locus, with whatever
 * hash.  Where no block begins in the bucket, as is usual, no entry is read.  Any thread.
 */
static inline uint64_t vx_dir_rank_tie(const struct vx_dir *dir, uint64_t locus, uint64_t hash,
				       int *tie_ret)
{
	const struct vx_dir_entry *entry = dir->entry;
	uint64_t bucket;
	uint32_t at, end, last;

	*tie_ret = 0;
	if (vx_locus_contig(locus) >= dir->n_contigs)
		return dir->n;
	bucket = vx_dir_bucket(dir, locus);
	at = dir->bucket[bucket];
	end = last = dir->bucket[bucket + 1];
	while (end - at > 8) {
		uint32_t half = at + (end - at) / 2;

		if (vx_dir_before(&entry[half], locus, hash))
			at = half + 1;
		else
			end = half;
	}
	while (at < end && vx_dir_before(&entry[at], locus, hash))
		at++;
	*tie_ret = at < last && entry[at].locus == locus;
	return at;
}

static inline uint64_t vx_dir_rank(const struct vx_dir *dir, uint64_t locus, uint64_t hash)
{
	int tie;

	return vx_dir_rank_tie(dir, locus, hash, &tie);
}

/* Whether block i is there and begins with exactly (locus, hash). */
static inline int vx_dir_begins(const struct vx_dir *dir, uint64_t i, uint64_t locus, uint64_t hash)
{
	return i < dir->n && dir->entry[i].locus == locus && dir->entry[i].hash == hash;
}

/*
 * The last block that begins before the key: alleles with equal (locus, hash) may lie on both
 * sides of a block's start, so one that begins with exactly the key comes after it.  The first
 * block where that begins with the key; UINT64_MAX where all begin behind it.
 */
static inline uint64_t vx_dir_find(const struct vx_dir *dir, uint64_t locus, uint64_t hash)
{
	uint64_t rank = vx_dir_rank(dir, locus, hash);

	if (rank > 0)
		return rank - 1;
	return vx_dir_begins(dir, 0, locus, hash) ? 0 : UINT64_MAX;
}

static inline struct vx_slice vx_dir_bytes(const struct vx_dir *dir, uint64_t i)
{
	uint64_t place = dir->entry[i].place;

	return vx_slice((const char *)(uintptr_t)((place >> 20) * 4096 + 16),
			(place & ((1u << 20) - 1)) * 4096 - 16);
}

/* What vx_dir_open() does when it must. */
const struct vx_block *vx_dir_open_first(const struct vx_dir *dir, uint64_t i,
					 struct vx_block *spare);
/*
 * Block i < n, opened: the directory's own or, while another thread puts it there, *spare.  NULL
 * where it is damaged.  Any thread; no lock.
 */
static inline const struct vx_block *vx_dir_open(const struct vx_dir *dir, uint64_t i,
						 struct vx_block *spare)
{
	if (atomic_load_explicit(&dir->state[i], memory_order_acquire) == VX_OPENED)
		return &dir->opened[i].block;
	return vx_dir_open_first(dir, i, spare);
}

/* Says that vx_dir_open() will be called for block i soon. */
static inline void vx_dir_prefetch(const struct vx_dir *dir, uint64_t i)
{
	const char *opened = (const char *)&dir->opened[i];

	for (size_t at = 0; at < sizeof *dir->opened; at += 64)
		__builtin_prefetch(opened + at);
}

/*
 * The same for the part of its table that a search for a locus reads, which is not before its first.
 * Inlined by force: gcc takes a function that only prefetches for one without effect.
 */
static inline __attribute__((always_inline)) void vx_dir_prefetch_table(const struct vx_dir *dir,
									uint64_t i, uint64_t locus)
{
	const struct vx_dir_hint *hint = &dir->hint[i];
	const char *block = (const char *)(uintptr_t)((dir->first_page + hint->page) * VX_PAGE) +
			    VX_PAGE_HEADER;

	block += vx_block_search_at(atomic_load_explicit(&hint->slope, memory_order_relaxed),
				    locus - hint->locus);
	__builtin_prefetch(block);
	__builtin_prefetch(block + VX_BLOCK_SEARCH - 1);
}

#endif
