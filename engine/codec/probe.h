/*
 * probe: an allele that is looked for, as a block compares it: nothing of the caller's text is
 * copied, however long it is.
 */
#ifndef VX_CODEC_PROBE_H
#define VX_CODEC_PROBE_H

#include "codec/alt.h"
#include "codec/block.h"

/* Text that lies in up to three pieces, which are borrowed. */
struct vx_text {
	struct vx_slice piece[3];
	uint64_t len; /* of all pieces */
};

static inline struct vx_text vx_text(struct vx_slice whole)
{
	struct vx_text text = {{whole, {NULL, 0}, {NULL, 0}}, whole.len};

	return text;
}

struct vx_probe {
	uint64_t locus;
	struct vx_alt alt; /* what the text is in a cell; packed only if alt.n_bits > 0 */
	int fold;          /* lower-case letters of ref and alt count as upper ones */
	uint64_t end0;
	int64_t svlen;
	struct vx_text ref, alt_text;
};

/* A substitution of one base, given as its code: nothing else need be set. */
static inline void vx_probe_snv(struct vx_probe *probe, uint64_t locus, unsigned code)
{
	probe->locus = locus;
	probe->alt.code = code;
	probe->alt.n_bits = 0;
}

/* The code of a substitution of A, C, G or T, of any case, by another; VX_ALT_HEAP: it is none. */
unsigned vx_probe_snv_code(char ref, char alt);
/* From its other fields (alt apart) makes alt.  0-based exclusive end and SVLEN are set before. */
void vx_probe_encode(struct vx_probe *probe);
/* A row's own allele; its slices are borrowed. */
void vx_probe_of_row(struct vx_probe *probe, const struct vx_row *row);
/* vx_allele_hash() of it. */
uint64_t vx_probe_hash(const struct vx_probe *probe, unsigned hash_bits);
/* Whether text is what the pieces say. */
int vx_text_eq(const struct vx_text *text, int fold, struct vx_slice other);

/*
 * vx_block_get() for a probe.  0, VIDX_ABSENT, VIDX_EBADINDEX.  Of *row everything is set but hash
 * and, as there, value's memory; ref and alt are views into the block, into scratch
 * (VX_ROW_SCRATCH) or constants.
 */
int vx_block_lookup(const struct vx_block *block, const struct vx_probe *probe, struct vx_row *row,
		    char *scratch);

#endif
