/*
 * block: a run of sorted rows <-> the bytes of one LMDB value.  FORMAT.md has the layout.
 */
#ifndef VX_CODEC_BLOCK_H
#define VX_CODEC_BLOCK_H

#include "codec/row.h"

/* An LMDB overflow run of k pages holds k * 4096 - 16 bytes of one value. */
#define VX_PAGE 4096
#define VX_PAGE_HEADER 16

/* Writes blocks.  One thread at a time. */
struct vx_packer;
int vx_packer_new(const struct vx_shape *shape, unsigned hash_bits, struct vx_packer **packer_ret,
		  struct vidx_error *err);
void vx_packer_free(struct vx_packer *packer);

/*
 * Packs as many of the n sorted, distinct rows as fill one block of whole pages (at least one
 * row, however long); the last block of a run may be shorter.  Appends to nothing: *bytes_ret is
 * a view into the packer until its next call, *taken_ret rows were used.  The same rows give the
 * same bytes on every machine.  Errors: VIDX_ENOMEM, VIDX_EUSAGE (a count over VX_COUNT_MAX).
 */
int vx_pack(struct vx_packer *packer, const struct vx_row *const *rows, size_t n,
	    struct vx_slice *bytes_ret, size_t *taken_ret, struct vidx_error *err);

/* A block opened over borrowed bytes. */
struct vx_block {
	const uint8_t *p;
	size_t len;
	const struct vx_shape *shape;
	unsigned hash_bits;
	uint32_t n_rows;
	uint64_t first_locus;
	/* the codec adds its own fields here: section offsets and parameters read from the header */
	uint32_t field[24];
};

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
 * Decodes row i.  row->value must point to vx_shape_values() of caller's memory; ref, alt, id and filter
 * become views into the block or into scratch, which holds VX_ROW_SCRATCH bytes plus room for
 * packed alleles: the codec keeps packed (expanded) alleles within VX_ROW_SCRATCH by sending
 * longer ones to the heap.  VIDX_EBADINDEX.  No allocation.
 */
#define VX_ROW_SCRATCH 1024
int vx_block_row(const struct vx_block *block, uint32_t i, struct vx_row *row, char *scratch);

/* Reads everything: hash, order, every row.  0 or VIDX_EBADINDEX with the reason. */
int vx_block_verify(const struct vx_block *block, struct vidx_error *err);

/*
 * The farthest 0-based exclusive end that a row of this block reaches beyond ordinary alleles (symbolic spans and long REFs), so that a
 * region query knows which earlier blocks may overlap.  0 when none does.
 */
uint64_t vx_block_max_end(const struct vx_block *block);

#endif
