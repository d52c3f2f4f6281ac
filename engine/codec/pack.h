/* pack: a block in the making.  Private to the codec; block.h has what others call. */
#ifndef VX_CODEC_PACK_H
#define VX_CODEC_PACK_H

#include "codec/alt.h"
#include "codec/block.h"
#include "codec/ext.h"
#include "codec/ids.h"
#include "codec/survey.h"

/* What a block holds up to some row: the part of its size that is not cells. */
struct vx_mark {
	uint32_t n_runs, n_far;
	uint64_t heap;
	struct vx_id_range ids;
	uint64_t run_locus, pos; /* first locus of the run; offset of the row's position */
	uint64_t run_pos;
};

struct vx_packer {
	struct vx_shape shape;
	struct vx_plan plan;
	unsigned hash_bits, cell_log2, stride_log2, heap_bits;
	struct vx_survey survey;
	struct vx_counts_writer writer;
	uint8_t *bits; /* of one cell's AN references and rows, one behind the other */
	size_t max_row;
	struct vx_alt alt[VX_CELL_MAX];
	uint32_t item_bits[VX_REFS_MAX + VX_CELL_MAX]; /* of each of them */
	unsigned n_refs;
	struct vx_mark mark[VX_CELL_MAX + 1]; /* [0]: before the cell; [j + 1]: with its row j */
	struct vx_buf table, cells, out;
	struct vx_ext *ext; /* of the rows' kept INFO; NULL: the index keeps none */
	struct vx_buf ext_bytes;
	uint64_t max_end;
	uint32_t guess; /* rows that the next block may hold, from the last one; 0: no last one */
};

/* Whether a row reaches further than VX_REACH bases; *end_ret: its end as a locus. */
int vx_mark_is_far(const struct vx_row *row, uint64_t *end_ret);
/* Adds a row to a mark.  0, or -1: its position is too far away for this block. */
int vx_mark_add(struct vx_mark *mark, const struct vx_row *row, int in_heap);

/*
 * Encodes up to n rows of a cell into p->bits; returns how many fit this block's range of
 * positions.  filter: their FILTERs.
 */
uint32_t vx_cell_encode(struct vx_packer *p, const struct vx_row *const *rows, uint32_t n,
			const uint32_t *filter);
/* Bytes of a cell of the first n encoded rows. */
uint64_t vx_cell_bytes(const struct vx_packer *p, uint32_t n);
/* Adds that cell to p->cells and p->table. */
void vx_cell_add(struct vx_packer *p, uint32_t n);

#endif
