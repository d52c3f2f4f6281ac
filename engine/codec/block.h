/*
 * block: a run of sorted rows <-> the bytes of one LMDB value.  FORMAT.md has the layout.
 */
#ifndef VX_CODEC_BLOCK_H
#define VX_CODEC_BLOCK_H

#include "codec/format.h"
#include "codec/row.h"

/* An LMDB overflow run of k pages holds k * 4096 - 16 bytes of one value. */
#define VX_PAGE        4096
#define VX_PAGE_HEADER 16

/* Writes blocks.  One thread at a time. */
struct vx_packer;
int vx_packer_new(const struct vx_shape *shape, unsigned hash_bits, struct vx_packer **packer_ret,
		  struct vidx_error *err);
void vx_packer_free(struct vx_packer *packer);

/*
 * Packs as many of the n sorted, distinct rows as fill one block of whole pages (at least one
 * row, however long); the last block of a run may be shorter.  Appends to nothing: *bytes_ret is
 * a view into the packer until its next call, *taken_ret rows were used.  Blocks from one
 * vx_pack_begin() to the next learn from each other; a new packer has begun.  The same rows since
 * then give the same bytes on every machine.  Errors: VIDX_ENOMEM, VIDX_EUSAGE (a count over
 * VX_COUNT_MAX).
 */
void vx_pack_begin(struct vx_packer *packer);
int vx_pack(struct vx_packer *packer, const struct vx_row *const *rows, size_t n,
	    struct vx_slice *bytes_ret, size_t *taken_ret, struct vidx_error *err);

/*
 * A block opened over borrowed bytes.  Fields behind first_locus belong to the codec.  Two cache
 * lines: finding a row reads the first, decoding it the second.  A directory keeps one for each block.
 */
struct vx_block {
	const uint8_t *p;
	uint64_t first_locus;
	uint64_t cells_per_base; /* n_cells / (last + 1), in 2^-32: where rows lie evenly */
	uint32_t n_rows, last, n_cells, n_runs;
	uint32_t off_leaf, off_cells;
	uint32_t bytes_per_cell; /* on average */
	uint8_t cell_log2, stride_log2, heap_bits, entry_bytes;
	uint32_t len, flags;
	/* 64 bytes up to here */
	const struct vx_shape *shape;
	uint32_t off_mask, off_pattern, off_filters, off_runs, off_heap, off_far, off_ids, off_ext;
	uint32_t off_filter,
		filter_len; /* the text of the first FILTER; at 0: they make no sense */
	uint8_t hash_bits, id_bits, filter_bits, presence_bits, n_patterns, an_k;
};

/*
 * Where the search for an offset (bases behind the block's first row) begins to read, in bytes from
 * the block's beginning, for who wants to ask for it before the block has been looked at: from slope, which
 * vx_block_slope() gives of an opened block.  Rows lie about evenly, so a guess is near.
 */
#define VX_BLOCK_SEARCH 48
float vx_block_slope(const struct vx_block *block);
static inline size_t vx_block_search_at(float slope, uint64_t offset)
{
	float guess = (float)(uint32_t)offset * slope - VX_BLOCK_SEARCH / 2;

	/* Offsets fit 32 bits; behind the block's last row, or of a damaged block, it is any number. */
	return VX_HEADER + (guess > 0 && guess < 4294967296.0f ? (size_t)guess : 0);
}

/* Reads the header and checks that every section lies inside.  VIDX_EBADINDEX on any doubt. */
int vx_block_open(struct vx_block *block, const void *p, size_t len, const struct vx_shape *shape,
		  unsigned hash_bits);

/*
 * Finds an allele.  key: locus, hash, ref, alt, end0, svlen are read.  0: *i_ret is its row.
 * VIDX_ABSENT.  VIDX_EBADINDEX where the bytes make no sense.  No allocation.
 */
int vx_block_find(const struct vx_block *block, const struct vx_row *key, uint32_t *i_ret);
/* The first row at or after locus (n_rows when none), for ranges. VIDX_EBADINDEX. */
int vx_block_lower_bound(const struct vx_block *block, uint64_t locus, uint32_t *i_ret);

/*
 * Decodes row i.  row->value must point to vx_shape_values() of caller's memory; everything else
 * is set (order and n_siblings to 0, kept to nothing: codec/kept.h reads that).  ref, alt, id and filter become views into the block, into
 * scratch (VX_ROW_SCRATCH bytes) or of constants.  VIDX_EBADINDEX.  No allocation.
 */
#define VX_ROW_SCRATCH 1024
int vx_block_row(const struct vx_block *block, uint32_t i, struct vx_row *row, char *scratch);
/*
 * Both at once, and faster: finds key and decodes its row.  ref and alt become the key's own
 * slices, the rest is as vx_block_row() leaves it.  0, VIDX_ABSENT, VIDX_EBADINDEX.
 */
int vx_block_get(const struct vx_block *block, const struct vx_row *key, struct vx_row *row,
		 char *scratch);

/* Reads everything: hash, order, every row.  0 or VIDX_EBADINDEX with the reason. */
int vx_block_verify(const struct vx_block *block, struct vidx_error *err);

/*
 * Rows whose span is longer than VX_REACH bases (symbolic alleles, long REFs) are listed, so that
 * a region query finds those that begin far before it: it looks back VX_REACH bases row by row,
 * and beyond that only at these.
 *
 * vx_block_max_end: the farthest end among them as a locus (contig << 40 | 0-based exclusive end,
 * end cut at 2^40 - 1), 0 when there is none: a block whose max_end is at or before the region's
 * first locus holds no far row that overlaps it.
 * vx_block_far: number k of vx_block_n_far() of them, ascending by row; *i_ret is its row,
 * *end_ret its end as a locus.  0 or VIDX_EBADINDEX (also for a k out of range).
 */
#define VX_REACH 256
uint64_t vx_block_max_end(const struct vx_block *block);
uint32_t vx_block_n_far(const struct vx_block *block);
int vx_block_far(const struct vx_block *block, uint32_t k, uint32_t *i_ret, uint64_t *end_ret);

#endif
