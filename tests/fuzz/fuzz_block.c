/*
 * Any bytes as a block: opened, searched, read, verified; nothing may be read outside them.
 *
 * Rows may have kept INFO of every type.
 *
 * Input: a byte that picks groups and metrics, a byte of which bit 0 picks 2-bit hashes and the
 * others a row to ask for, then the block, of any length.
 */
#include "base/pos.h"
#include "codec/alt.h"
#include "codec/block.h"
#include "codec/kept.h"
#include "cohort/keeprow.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_GROUPS 40

/* Groups in threes, each a sum of the two behind it; the first is the sum of all such sums. */
static void make_groups(struct vx_groups *groups, uint32_t n, uint32_t *room)
{
	uint32_t n_rule = 0;

	memset(groups, 0, sizeof(*groups));
	groups->n = n;
	groups->rule_beg = room;
	groups->rule = room + MAX_GROUPS + 1;
	groups->order = room + 4 * MAX_GROUPS;
	for (uint32_t g = 0; g < n; g++) {
		groups->rule_beg[g] = n_rule;
		groups->order[g] = n - 1 - g;
		for (uint32_t r = 1; g == 0 && r + 2 < n; r += 3)
			groups->rule[n_rule++] = r;
		for (uint32_t r = 1; g > 0 && g % 3 == 1 && g + 2 < n && r <= 2; r++)
			groups->rule[n_rule++] = g + r;
	}
	groups->rule_beg[n] = n_rule;
}

/* All kept INFO of a row, and what it is made of. */
static void ask_kept(const struct vx_block *block, uint32_t i)
{
	struct vx_slice rest, value;
	struct vx_buf out;
	uint32_t key;
	int64_t v;

	vx_buf_init(&out);
	if (vx_kept_row(block, i, &out) == 0 && out.len) {
		rest = vx_slice((const char *)out.p, out.len);
		while (vx_keep_next(&rest, &key, &value)) {
			if (key >= block->shape->keep->n)
				abort();
			vx_keep_count(block->shape->keep->key[key].type, value);
			while (vx_keep_int(&value, &v) >= 0)
				continue;
		}
		if (rest.len)
			abort();
	}
	vx_buf_release(&out);
}

static void ask(const struct vx_block *block, uint32_t i, uint64_t *value)
{
	struct vx_row row, again;
	char scratch[VX_ROW_SCRATCH], scratch2[VX_ROW_SCRATCH];
	uint32_t found;

	row.value = value;
	again.value = value;
	ask_kept(block, i);
	if (vx_block_row(block, i, &row, scratch) != 0)
		return;
	vx_block_find(block, &row, &found);
	if (vx_block_get(block, &row, &again, scratch2) == 0 && !vx_slice_eq(again.alt, row.alt))
		abort();
	row.alt = vx_slice("<DEL>", 5);
	vx_block_find(block, &row, &found);
	vx_block_lower_bound(block, row.locus, &found);
	vx_block_lower_bound(block, row.locus + (UINT64_C(1) << 40), &found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t n_groups[] = {1, 3, 28, MAX_GROUPS};
	uint32_t room[5 * MAX_GROUPS], at;
	uint64_t value[MAX_GROUPS * VIDX_N_METRICS], end;
	struct vx_keep_key key[VX_KEEP_N_TYPES] = {{.type = VX_KEEP_FLAG}};
	struct vx_keep keep = {.n = VX_KEEP_N_TYPES, .key = key};
	struct vx_groups groups;
	struct vx_plan plan;
	struct vx_shape shape = {.groups = &groups, .keep = &keep};
	struct vx_block block;
	struct vidx_error err = {0, ""};
	uint8_t *bytes;

	if (size < 2)
		return 0;
	make_groups(&groups, n_groups[data[0] & 3], room);
	vx_plan_make(&plan, &groups);
	shape.plan = data[1] & 2 ? &plan : NULL;
	for (unsigned t = 0; t < VX_KEEP_N_TYPES; t++)
		key[t].type = (enum vx_keep_type)t;
	shape.metrics = (data[0] >> 2 & 31) ? (data[0] >> 2 & 31) : 7;
	/* Memory of exactly this length, so that a sanitizer sees one byte too far. */
	bytes = malloc(size - 2 + 1);
	if (!bytes)
		return 0;
	memcpy(bytes, data + 2, size - 2);
	bytes = realloc(bytes, size > 2 ? size - 2 : 1);
	if (bytes && vx_block_open(&block, bytes, size - 2, &shape, data[1] & 1 ? 2 : 64) == 0) {
		ask(&block, 0, value);
		ask(&block, block.n_rows - 1, value);
		ask(&block, data[1] >> 2, value);
		for (uint32_t k = 0; k < 4; k++)
			vx_block_far(&block, k, &at, &end);
		vx_block_max_end(&block);
		vx_block_verify(&block, &err);
	}
	free(bytes);
	return 0;
}
