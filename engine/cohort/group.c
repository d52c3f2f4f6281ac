#include "cohort/group.h"

#include "base/strmap.h"

#include <stdlib.h>

/* Names go into INFO keys, header lines and TSV columns: longer ones are a mistake in the sheet. */
#define NAME_MAX_LEN 255

void vx_groups_init(struct vx_groups *groups)
{
	memset(groups, 0, sizeof *groups);
}

void vx_groups_release(struct vx_groups *groups)
{
	if (groups->name)
		free(groups->name[0]); /* one block holds all names */
	free(groups->name);
	free(groups->parent);
	free(groups->rule_beg);
	free(groups->rule);
	free(groups->order);
	memset(groups, 0, sizeof *groups);
}

uint32_t vx_groups_find(const struct vx_groups *groups, struct vx_slice name)
{
	for (uint32_t g = 0; g < groups->n; g++)
		if (vx_slice_is(name, groups->name[g]))
			return g;
	return VX_NO_GROUP;
}

/* Places g behind the groups of its rule; state: 0 not seen, 1 on the way, 2 placed. */
static int place(const uint32_t *beg, const uint32_t *rule, uint32_t g, uint8_t *state,
		 uint32_t **end)
{
	if (state[g] == 2)
		return 0;
	if (state[g] == 1)
		return -1;
	state[g] = 1;
	for (uint32_t i = beg[g]; i < beg[g + 1]; i++)
		if (place(beg, rule, rule[i], state, end) != 0)
			return -1;
	state[g] = 2;
	*(*end)++ = g;
	return 0;
}

/* Checks rules and writes order.  0, or -1: out of range, or circular. */
static int make_order(uint32_t n, const uint32_t *beg, const uint32_t *rule, uint32_t *order)
{
	uint8_t state[VX_GROUPS_MAX] = {0};
	uint32_t *end = order;

	if (beg[0] != 0)
		return -1;
	for (uint32_t g = 0; g < n; g++)
		if (beg[g + 1] < beg[g] || beg[g + 1] - beg[g] > n)
			return -1;
	for (uint32_t i = 0; i < beg[n]; i++)
		if (rule[i] >= n)
			return -1;
	for (uint32_t g = 0; g < n; g++)
		if (place(beg, rule, g, state, &end) != 0)
			return -1;
	return 0;
}

int vx_groups_set_rules(struct vx_groups *groups, const uint32_t *rule_beg, const uint32_t *rule,
			struct vidx_error *err)
{
	uint32_t n = groups->n, n_rule = rule_beg[n];
	uint32_t *beg = malloc((n + 1) * sizeof *beg);
	uint32_t *list = malloc((n_rule + 1) * sizeof *list);
	uint32_t *order = malloc(n * sizeof *order);
	int rc = 0;

	if (!beg || !list || !order) {
		rc = vx_fail_nomem(err);
		goto out;
	}
	memcpy(beg, rule_beg, (n + 1) * sizeof *beg);
	if (n_rule)
		memcpy(list, rule, n_rule * sizeof *list);
	if (make_order(n, beg, list, order) != 0) {
		rc = vx_fail(err, VIDX_EUSAGE, "the sums that make up the groups are circular");
		goto out;
	}
	free(groups->rule_beg);
	free(groups->rule);
	free(groups->order);
	groups->rule_beg = beg;
	groups->rule = list;
	groups->order = order;
	return 0;
out:
	free(beg);
	free(list);
	free(order);
	return rc;
}

/* Is text fit for a group's name?  It must survive INFO keys, header lines and columns. */
static int good_name(struct vx_slice name)
{
	if (name.len == 0 || name.len > NAME_MAX_LEN)
		return 0;
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (c <= ' ' || c == 127 || strchr(",;=\"<>", c))
			return 0;
	}
	return 1;
}

/* Copies the names and finds doubles; *map then knows each.  Parents are left unset. */
static int copy_names(struct vx_groups *groups, const char *const *names, uint32_t n,
		      struct vx_strmap *map, struct vidx_error *err)
{
	size_t total = 0;
	char *at;

	if (n == 0 || n > VX_GROUPS_MAX)
		return vx_fail(err, VIDX_EUSAGE, "%u groups, the limit is %d", n, VX_GROUPS_MAX);
	for (uint32_t g = 0; g < n; g++) {
		if (!good_name(vx_slice_str(names[g])) || (g == 0 && strcmp(names[g], "ALL") != 0))
			return vx_fail(err, VIDX_EUSAGE, "'%.80s' cannot be a group's name",
				       names[g]);
		total += strlen(names[g]) + 1;
	}
	groups->name = calloc(n, sizeof *groups->name);
	groups->parent = malloc(n * sizeof *groups->parent);
	at = malloc(total);
	if (!groups->name || !groups->parent || !at) {
		free(at);
		return vx_fail_nomem(err);
	}
	for (uint32_t g = 0; g < n; g++) {
		size_t len = strlen(names[g]);
		int rc;

		groups->name[g] = memcpy(at, names[g], len + 1);
		at += len + 1;
		groups->n = g + 1;
		rc = vx_strmap_put(map, vx_slice(groups->name[g], len), g);
		if (rc < 0)
			return vx_fail_nomem(err);
		if (rc > 0)
			return vx_fail(err, VIDX_EUSAGE, "group %s is there twice", names[g]);
	}
	return 0;
}

/* Does name end in _XX or _XY, or is it one of the two?  *base_ret: what is before it. */
static int sex_of(struct vx_slice name, struct vx_slice *base_ret)
{
	const char *end = name.p + name.len;

	if (name.len < 2 || end[-2] != 'X' || (end[-1] != 'X' && end[-1] != 'Y'))
		return 0;
	if (name.len > 2 && (end[-3] != '_' || name.len == 3))
		return 0;
	*base_ret = vx_slice(name.p, name.len == 2 ? 0 : name.len - 3);
	return end[-1];
}

/* The group whose name is the longest beginning of this one's that ends before a '_', else ALL. */
static uint32_t deduce_parent(const struct vx_strmap *map, struct vx_slice name)
{
	while (name.len-- > 1) {
		uint32_t g;

		if (name.p[name.len] != '_')
			continue;
		g = vx_strmap_get(map, name);
		if (g != VX_STRMAP_NONE)
			return g;
	}
	return 0;
}

/* The group called base, '_', tail; base or tail may be empty. */
static uint32_t joined(const struct vx_strmap *map, struct vx_slice base, struct vx_slice tail)
{
	char name[2 * NAME_MAX_LEN + 2];
	size_t len = base.len;

	if (base.len)
		memcpy(name, base.p, base.len);
	if (base.len && tail.len)
		name[len++] = '_';
	if (tail.len)
		memcpy(name + len, tail.p, tail.len);
	return vx_strmap_get(map, vx_slice(name, len + tail.len));
}

struct by_name {
	const struct vx_groups *groups;
	const struct vx_strmap *map;
	const uint32_t *partition;
	uint32_t n_partition;
};

/*
 * The groups BASE_member_SEX for each member of ALL's partition; how many there are.  For a base
 * other than ALL (a subset such as non_ukb) few missing ones are tolerated: not every subset has
 * people of every population.
 */
static uint32_t sum_members(const struct by_name *by, struct vx_slice base, struct vx_slice sex,
			    uint32_t *out)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < by->n_partition; i++) {
		const char *member = by->groups->name[by->partition[i]];
		uint32_t g = joined(by->map, base, vx_slice_str(member));

		if (g != VX_STRMAP_NONE && sex.len)
			g = joined(by->map, vx_slice_str(by->groups->name[g]), sex);
		if (g != VX_STRMAP_NONE)
			out[n++] = g;
	}
	if (n != by->n_partition && (base.len == 0 || n < 2 || n * 4 < by->n_partition * 3))
		return 0;
	return n;
}

/* The sum rule of g, from names: populations of it, else its XX and XY.  Returns the length. */
static uint32_t rule_by_name(const struct by_name *by, uint32_t g, uint32_t *out)
{
	struct vx_slice name = vx_slice_str(g ? by->groups->name[g] : "");
	struct vx_slice base;
	int sex = sex_of(name, &base);
	uint32_t n;

	if (sex)
		return sum_members(by, base, vx_slice(sex == 'X' ? "XX" : "XY", 2), out);
	n = sum_members(by, name, vx_slice("", 0), out);
	if (n)
		return n;
	out[0] = joined(by->map, name, vx_slice("XX", 2));
	out[1] = joined(by->map, name, vx_slice("XY", 2));
	return out[0] != VX_STRMAP_NONE && out[1] != VX_STRMAP_NONE ? 2 : 0;
}

static int rules_by_name(struct vx_groups *groups, const struct by_name *by, struct vidx_error *err)
{
	uint32_t n = groups->n, cap = n + by->n_partition + 2;
	uint32_t *beg = malloc((n + 1) * sizeof *beg);
	uint32_t *rule = NULL;
	size_t size = 0;
	int rc = 0;

	if (!beg)
		return vx_fail_nomem(err);
	beg[0] = 0;
	for (uint32_t g = 0; g < n; g++) {
		if (size < beg[g] + cap) {
			uint32_t *more = realloc(rule, (size = size * 2 + cap) * sizeof *rule);

			if (!more) {
				rc = vx_fail_nomem(err);
				goto out;
			}
			rule = more;
		}
		beg[g + 1] = beg[g] + rule_by_name(by, g, rule + beg[g]);
	}
	rc = vx_groups_set_rules(groups, beg, rule, err);
out:
	free(beg);
	free(rule);
	return rc;
}

/* Does following parents from every group end at none? */
static int parents_good(const struct vx_groups *groups)
{
	for (uint32_t g = 0; g < groups->n; g++) {
		uint32_t at = g, steps = 0;

		for (; at != VX_NO_GROUP; at = groups->parent[at])
			if (at >= groups->n || steps++ > groups->n)
				return 0;
	}
	return 1;
}

int vx_groups_build(struct vx_groups *groups, const char *const *names, uint32_t n,
		    const uint32_t *parent_of, const uint32_t *partition, uint32_t n_partition,
		    struct vidx_error *err)
{
	struct vx_strmap map;
	struct by_name by;
	int rc;

	vx_groups_init(groups);
	vx_strmap_init(&map);
	by = (struct by_name){groups, &map, partition, n_partition};
	rc = copy_names(groups, names, n, &map, err);
	if (rc != 0)
		goto out;
	for (uint32_t g = 0; g < n; g++) {
		groups->parent[g] = parent_of ? parent_of[g] : VX_NO_GROUP;
		if (g && groups->parent[g] == VX_NO_GROUP)
			groups->parent[g] = deduce_parent(&map, vx_slice_str(names[g]));
	}
	for (uint32_t i = 0; i < n_partition; i++)
		if (partition[i] == 0 || partition[i] >= n)
			rc = VIDX_EUSAGE;
	if (rc != 0 || !parents_good(groups)) {
		rc = vx_fail(err, VIDX_EUSAGE, "the hierarchy of the groups is circular");
		goto out;
	}
	rc = rules_by_name(groups, &by, err);
out:
	vx_strmap_release(&map);
	if (rc != 0)
		vx_groups_release(groups);
	return rc;
}
