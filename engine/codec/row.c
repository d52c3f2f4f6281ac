#include "codec/row.h"

#include "base/buf.h"
#include "base/bytes.h"
#include "base/pos.h"

#include <string.h>

static int slice_compare(struct vx_slice a, struct vx_slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	if (c != 0)
		return c;
	return (a.len > b.len) - (a.len < b.len);
}

int vx_row_compare(const struct vx_row *a, const struct vx_row *b)
{
	int c;

	if (a->locus != b->locus)
		return a->locus < b->locus ? -1 : 1;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if ((c = slice_compare(a->ref, b->ref)) != 0 || (c = slice_compare(a->alt, b->alt)) != 0)
		return c;
	if (a->end0 != b->end0)
		return a->end0 < b->end0 ? -1 : 1;
	return (a->svlen > b->svlen) - (a->svlen < b->svlen);
}

static void add64(struct vx_buf *buf, uint64_t v)
{
	uint8_t b[8];

	vx_store64(b, v);
	vx_buf_add(buf, b, 8);
}

static void add_text(struct vx_buf *buf, struct vx_slice text)
{
	add64(buf, text.len);
	vx_buf_add(buf, text.p, text.len);
}

struct vx_hash128 vx_row_digest(const struct vx_row *row, const struct vx_shape *shape,
				struct vx_slice contig, struct vx_buf *scratch)
{
	const uint64_t *value = row->value;
	uint32_t n = vx_shape_values(shape);

	vx_buf_clear(scratch);
	vx_buf_add(scratch, contig.p, contig.len);
	vx_buf_addc(scratch, 0);
	add64(scratch, vx_locus_pos0(row->locus));
	add_text(scratch, row->ref);
	add_text(scratch, row->alt);
	add64(scratch, row->end0);
	add64(scratch, (uint64_t)row->svlen);
	add_text(scratch, row->filter);
	add_text(scratch, row->id);
	/* Every supported machine is little-endian (base/bytes.h), so values go as they lie. */
	vx_buf_add(scratch, value, (size_t)n * 8);
	return vx_hash128(scratch->p, scratch->len);
}

void vx_plan_make_brief(struct vx_plan *plan, const struct vx_groups *groups)
{
	plan->n_leaf = 0;
	plan->n_sum = 0;
	plan->has_up = 0;
	for (uint32_t g = 0; g < groups->n; g++)
		if (groups->rule_beg[g] == groups->rule_beg[g + 1])
			plan->leaf[plan->n_leaf++] = (uint16_t)g;
	for (uint32_t i = 0; i < groups->n; i++) {
		uint32_t g = groups->order[i];

		if (groups->rule_beg[g] != groups->rule_beg[g + 1])
			plan->sum[plan->n_sum++] = (uint16_t)g;
	}
}

void vx_plan_make(struct vx_plan *plan, const struct vx_groups *groups)
{
	/* How often the leaf is part of each group, directly or through other sums. */
	uint32_t times[VX_GROUPS_MAX], n = 0;

	vx_plan_make_brief(plan, groups);
	for (uint32_t j = 0; j < plan->n_leaf; j++) {
		memset(times, 0, groups->n * sizeof(*times));
		times[plan->leaf[j]] = 1;
		plan->up_beg[j] = (uint16_t)n;
		for (uint32_t i = 0; i < plan->n_sum; i++) {
			uint32_t g = plan->sum[i];

			for (uint32_t r = groups->rule_beg[g]; r < groups->rule_beg[g + 1]; r++)
				times[g] += times[groups->rule[r]];
			if (times[g] > VX_PLAN_UP_MAX - n)
				return;
			for (uint32_t t = 0; t < times[g]; t++)
				plan->up[n++] = (uint16_t)g;
		}
	}
	plan->up_beg[plan->n_leaf] = (uint16_t)n;
	plan->has_up = 1;
}
