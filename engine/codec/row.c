#include "codec/row.h"

#include "base/buf.h"
#include "base/bytes.h"
#include "base/pos.h"
#include "cohort/keeprow.h"

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

static uint8_t *put64(uint8_t *p, uint64_t v)
{
	vx_store64(p, v);
	return p + 8;
}

static uint8_t *put_text(uint8_t *p, struct vx_slice text)
{
	p = put64(p, text.len);
	if (text.len)
		memcpy(p, text.p, text.len);
	return p + text.len;
}

/*
 * The sum over a row's kept values of the hash of "KEY\0VALUE": the same in whatever order the keys
 * were asked for.  Bytes behind the first len of scratch are used and given back.
 */
static struct vx_hash128 digest_kept(const struct vx_row *row, const struct vx_keep *keep,
				     struct vx_buf *scratch)
{
	struct vx_hash128 sum = {0, 0};
	struct vx_slice rest = row->kept, value;
	size_t len = scratch->len;
	uint32_t key;

	while (vx_keep_next(&rest, &key, &value)) {
		const char *name = key < keep->n ? keep->key[key].name : "";

		vx_buf_add(scratch, name, strlen(name) + 1);
		vx_buf_add(scratch, value.p, value.len);
		if (scratch->failed)
			break;
		vx_hash128_add(&sum, vx_hash128(scratch->p + len, scratch->len - len));
		scratch->len = len;
	}
	return sum;
}

struct vx_hash128 vx_row_digest(const struct vx_row *row, const struct vx_shape *shape,
				struct vx_slice contig, struct vx_buf *scratch)
{
	size_t values = (size_t)vx_shape_values(shape) * 8;
	size_t len = contig.len + 1 + 7 * 8 + row->ref.len + row->alt.len + row->filter.len +
		     row->id.len + values;
	uint8_t *p;

	scratch->len = 0; /* `failed` stays for the caller, who sums over many rows */
	if (vx_buf_reserve(scratch, len) != 0)
		return (struct vx_hash128){0, 0};
	p = scratch->p;
	if (contig.len)
		memcpy(p, contig.p, contig.len);
	p += contig.len;
	*p++ = 0;
	p = put64(p, vx_locus_pos0(row->locus));
	p = put_text(p, row->ref);
	p = put_text(p, row->alt);
	p = put64(p, row->end0);
	p = put64(p, (uint64_t)row->svlen);
	p = put_text(p, row->filter);
	p = put_text(p, row->id);
	/* Every supported machine is little-endian (base/bytes.h), so values go as they lie. */
	memcpy(p, row->value, values);
	if (shape->keep && row->kept.len) {
		struct vx_hash128 sum;

		scratch->len = len;
		sum = digest_kept(row, shape->keep, scratch);
		if (vx_buf_reserve(scratch, 16) != 0)
			return (struct vx_hash128){0, 0};
		vx_store64(scratch->p + len, sum.lo);
		vx_store64(scratch->p + len + 8, sum.hi);
		len += 16;
	}
	return vx_hash128(scratch->p, len);
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
