#include "base/bytes.h"
#include "cohort/group.h"

#include <stdlib.h>

void vx_groups_describe(const struct vx_groups *groups, struct vx_buf *out)
{
	for (uint32_t g = 0; g < groups->n; g++) {
		uint32_t beg = groups->rule_beg[g], end = groups->rule_beg[g + 1];

		vx_buf_addf(out, "##vidx_group=<ID=%s", groups->name[g]);
		if (groups->parent[g] != VX_NO_GROUP)
			vx_buf_addf(out, ",Parent=%s", groups->name[groups->parent[g]]);
		for (uint32_t i = beg; i < end; i++)
			vx_buf_addf(out, "%s%s", i == beg ? ",Sum=\"" : ",",
				    groups->name[groups->rule[i]]);
		vx_buf_adds(out, beg < end ? "\">\n" : ">\n");
	}
}

static void add_varint(struct vx_buf *out, uint64_t v)
{
	uint8_t bytes[10];

	vx_buf_add(out, bytes, vx_put_varint(bytes, v));
}

/* n, then for each group: name length, name, parent + 1 (0: none), rule length, rule. */
void vx_groups_write(const struct vx_groups *groups, struct vx_buf *out)
{
	add_varint(out, groups->n);
	for (uint32_t g = 0; g < groups->n; g++) {
		size_t len = strlen(groups->name[g]);
		uint32_t beg = groups->rule_beg[g], end = groups->rule_beg[g + 1];

		add_varint(out, len);
		vx_buf_add(out, groups->name[g], len);
		add_varint(out, groups->parent[g] == VX_NO_GROUP ? 0 : groups->parent[g] + 1);
		add_varint(out, end - beg);
		for (uint32_t i = beg; i < end; i++)
			add_varint(out, groups->rule[i]);
	}
}

/* What _read gathers before it is checked. */
struct draft {
	const char *name[VX_GROUPS_MAX];
	uint32_t parent[VX_GROUPS_MAX];
	uint32_t beg[VX_GROUPS_MAX + 1];
	uint32_t *rule; /* room for one number per byte of input */
	char *text;     /* the names with NULs; room for input and a NUL per name */
};

/* Reads the next group into the draft; *text moves behind its name.  0 when the bytes are bad. */
static int read_group(struct vx_cursor *c, struct draft *d, uint32_t g, char **text)
{
	uint64_t len = vx_cursor_varint(c), n_rule, parent;
	const uint8_t *name = vx_cursor_take(c, len);

	if (!name || memchr(name, 0, len))
		return 0; /* how long a name may be is vx_groups_build()'s to say */
	d->name[g] = *text;
	memcpy(*text, name, len);
	(*text)[len] = '\0';
	*text += len + 1;
	parent = vx_cursor_varint(c);
	n_rule = vx_cursor_varint(c);
	if (c->bad || parent > VX_GROUPS_MAX || (parent == 0) != (g == 0) ||
	    n_rule > vx_cursor_left(c))
		return 0;
	d->parent[g] = parent ? (uint32_t)parent - 1 : VX_NO_GROUP;
	d->beg[g + 1] = d->beg[g] + (uint32_t)n_rule;
	for (uint32_t i = d->beg[g]; i < d->beg[g + 1]; i++) {
		uint64_t v = vx_cursor_varint(c);

		d->rule[i] = v < VX_GROUPS_MAX ? (uint32_t)v : VX_NO_GROUP;
	}
	return !c->bad;
}

int vx_groups_read(struct vx_groups *groups, const void *p, size_t len, struct vidx_error *err)
{
	struct vx_cursor c = vx_cursor(p, len);
	uint64_t n = vx_cursor_varint(&c);
	struct draft *d = malloc(sizeof *d);
	char *text;
	int rc = VIDX_EBADINDEX;

	vx_groups_init(groups);
	if (d) {
		d->text = malloc(len + VX_GROUPS_MAX);
		d->rule = malloc((len + 1) * sizeof *d->rule);
	}
	if (!d || !d->text || !d->rule) {
		rc = VIDX_ENOMEM;
		goto out;
	}
	if (len > UINT32_MAX || n == 0 || n > VX_GROUPS_MAX)
		goto out;
	text = d->text;
	d->beg[0] = 0;
	for (uint32_t g = 0; g < n; g++)
		if (!read_group(&c, d, g, &text))
			goto out;
	if (vx_cursor_left(&c) != 0)
		goto out;
	rc = vx_groups_build(groups, d->name, (uint32_t)n, d->parent, NULL, 0, NULL);
	if (rc == 0)
		rc = vx_groups_set_rules(groups, d->beg, d->rule, NULL);
out:
	if (d) {
		free(d->text);
		free(d->rule);
	}
	free(d);
	if (rc == 0)
		return 0;
	vx_groups_release(groups);
	if (rc == VIDX_ENOMEM)
		return vx_fail_nomem(err);
	return vx_fail(err, VIDX_EBADINDEX, "the index's list of groups is damaged");
}
