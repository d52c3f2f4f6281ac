/*
 * dir: the directory of first keys, in memory: from a key to the block that may hold it.
 *
 * Two levels.  Each contig is cut into buckets of 2^shift bases, some for each of its blocks; a
 * bucket knows how many blocks begin before it.  So a search reads one number and, if blocks begin
 * inside the bucket, compares those few; a crowded bucket (exomes) is halved instead.  24 bytes
 * for each block and up to 32 for its buckets: 1 MB for 100 million variants.
 */
#ifndef VX_STORE_DIR_H
#define VX_STORE_DIR_H

#include "base/pos.h"
#include "base/slice.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

struct vx_dir_entry {
	uint64_t locus, hash; /* the block's first key */
	uint64_t place;       /* address / 4096 << 20 | pages */
};

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
	uint32_t *bucket; /* blocks before it; one more than there are buckets */
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
/* After the last block.  VIDX_ENOMEM. */
int vx_dir_finish(struct vx_dir *dir);
void vx_dir_release(struct vx_dir *dir);

/* How many blocks begin before (locus, hash).  Any thread. */
static inline uint64_t vx_dir_rank(const struct vx_dir *dir, uint64_t locus, uint64_t hash)
{
	const struct vx_dir_entry *entry = dir->entry;
	uint32_t contig = vx_locus_contig(locus), at, end;
	uint64_t bucket;

	if (contig >= dir->n_contigs)
		return dir->n;
	bucket = vx_locus_pos0(locus) >> dir->contig[contig].shift;
	if (bucket > dir->contig[contig].n_before)
		bucket = dir->contig[contig].n_before;
	bucket += dir->contig[contig].bucket;
	at = dir->bucket[bucket];
	end = dir->bucket[bucket + 1];
	while (end - at > 8) {
		uint32_t half = at + (end - at) / 2;

		if (entry[half].locus < locus ||
		    (entry[half].locus == locus && entry[half].hash < hash))
			at = half + 1;
		else
			end = half;
	}
	while (at < end &&
	       (entry[at].locus < locus || (entry[at].locus == locus && entry[at].hash < hash)))
		at++;
	return at;
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
	return dir->n > 0 && dir->entry[0].locus == locus && dir->entry[0].hash == hash
		       ? 0
		       : UINT64_MAX;
}

static inline struct vx_slice vx_dir_bytes(const struct vx_dir *dir, uint64_t i)
{
	uint64_t place = dir->entry[i].place;

	return vx_slice((const char *)(uintptr_t)((place >> 20) * 4096 + 16),
			(place & ((1u << 20) - 1)) * 4096 - 16);
}

#endif
