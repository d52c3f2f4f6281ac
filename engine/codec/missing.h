/*
 * missing: AN on its way into a block, as the distance from the most that each leaf has.  A row's
 * total is shared out over the leaves by the block's shares; or a row says how it differs from a
 * reference of its cell.
 */
#ifndef VX_CODEC_MISSING_H
#define VX_CODEC_MISSING_H

#include "codec/counts.h"

/*
 * Looks at the n rows of a cell before they are written: fills writer->missing and decides which
 * AN references serve them.  Writes the references to w, n_refs of them, and their bit lengths.
 */
unsigned vx_missing_begin(struct vx_counts_writer *writer, const struct vx_row *const *rows,
			  uint32_t n, struct vx_bitw *w, uint32_t *ref_bits);
/* Fills writer->z and k with what is left of missing[] once total is shared out over the leaves. */
void vx_missing_share(struct vx_counts_writer *writer, const uint64_t *missing, uint64_t total);
/* Writes the AN of row i of the cell begun. */
void vx_missing_write(struct vx_counts_writer *writer, const uint64_t *an, uint32_t i,
		      struct vx_bitw *w);

#endif
