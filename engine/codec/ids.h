/*
 * ids: the ID column of a block: one number of fixed width a row, so that a lookup reads 8 bytes
 * of it.  0 is no ID, then come the block's texts, then rs numbers from the block's least one.
 */
#ifndef VX_CODEC_IDS_H
#define VX_CODEC_IDS_H

#include "base/buf.h"
#include "codec/block.h"

/* What the IDs of some rows need. */
struct vx_id_range {
	uint64_t min, max; /* of rs numbers; min > max or n_rs 0: none */
	uint32_t n_rs, n_texts;
	uint64_t text_bytes;
};

void vx_id_range_add(struct vx_id_range *range, struct vx_slice id);
/* Bits of a row's number; 0: no row has an ID. */
unsigned vx_id_range_bits(const struct vx_id_range *range);
uint64_t vx_id_range_bytes(const struct vx_id_range *range, uint64_t n_rows);
/* Appends the section.  0 or VIDX_ENOMEM. */
int vx_ids_write(struct vx_buf *out, const struct vx_row *const *rows, uint32_t n,
		 const struct vx_id_range *range);
/* Sets row->id; scratch takes 24 bytes.  0 or VIDX_EBADINDEX. */
int vx_ids_read(const struct vx_block *block, uint32_t i, struct vx_row *row, char *scratch);

#endif
