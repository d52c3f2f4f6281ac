#include "codec/trackdigest.h"

#include "base/bytes.h"
#include "base/pos.h"

static void add_u64(struct vx_buf *out, uint64_t v)
{
	uint8_t bytes[8];

	vx_store64(bytes, v);
	vx_buf_add(out, bytes, sizeof bytes);
}

struct vx_hash128 vx_trackdigest_columns(const struct vx_groups *groups, const uint32_t *col,
					 uint32_t n_cols, struct vx_buf *scratch)
{
	vx_buf_clear(scratch);
	for (uint32_t i = 0; i < n_cols; i++)
		vx_buf_add(scratch, groups->name[col[i]], strlen(groups->name[col[i]]) + 1);
	return vx_hash128(scratch->p, scratch->len);
}

struct vx_hash128 vx_trackdigest_span(const uint64_t *span, uint32_t n_cols, struct vx_slice contig,
				      struct vx_buf *scratch)
{
	int failed = scratch->failed;

	vx_buf_clear(scratch);
	vx_buf_add(scratch, contig.p, contig.len);
	vx_buf_addc(scratch, '\0');
	add_u64(scratch, vx_locus_pos0(span[0]));
	add_u64(scratch, vx_locus_pos0(span[1]));
	for (uint32_t c = 0; c < n_cols; c++)
		add_u64(scratch, span[2 + c]);
	scratch->failed |= failed;
	return vx_hash128(scratch->p, scratch->len);
}
