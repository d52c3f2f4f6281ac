/* Checking a whole block, for verify: what a lookup takes on trust. */
#include "codec/block.h"

#include "base/status.h"
#include "codec/format.h"
#include "base/bytes.h"

/* Rows of one block in turn; two of everything, because each row is compared with the last. */
struct walk {
	struct vx_row row[2];
	char scratch[2][VX_ROW_SCRATCH];
	uint64_t value[VX_GROUPS_MAX * VIDX_N_METRICS];
};

static int check_rows(const struct vx_block *b, struct vidx_error *err)
{
	struct walk walk;
	uint64_t max_end = 0, end;
	uint32_t at, k = 0;

	for (uint32_t i = 0; i < b->n_rows; i++) {
		struct vx_row *row = &walk.row[i & 1];

		row->value = walk.value;
		if (vx_block_row(b, i, row, walk.scratch[i & 1]) != 0)
			return vx_fail(err, VIDX_EBADINDEX, "row %u of a block cannot be read", i);
		if (i == 0 ? row->locus != b->first_locus
			   : vx_row_compare(&walk.row[~i & 1], row) >= 0)
			return vx_fail(err, VIDX_EBADINDEX, "row %u of a block is out of order", i);
		if (k < vx_block_n_far(b) && vx_block_far(b, k, &at, &end) == 0 && at == i) {
			max_end = end > max_end ? end : max_end;
			k++;
		}
	}
	if (k != vx_block_n_far(b) || max_end != vx_block_max_end(b))
		return vx_fail(err, VIDX_EBADINDEX, "the list of long alleles of a block is wrong");
	return 0;
}

int vx_block_verify(const struct vx_block *b, struct vidx_error *err)
{
	uint32_t i;

	if (vx_hash64(b->p + VX_H_HASHED, b->len - VX_H_HASHED) != vx_load64(b->p + VX_H_HASH))
		return vx_fail(err, VIDX_EBADINDEX, "a block does not match its hash");
	if (vx_block_lower_bound(b, b->first_locus, &i) != 0 || i != 0)
		return vx_fail(err, VIDX_EBADINDEX, "a block does not begin where it says");
	return check_rows(b, err);
}
