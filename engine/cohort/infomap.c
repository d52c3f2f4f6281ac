#include "cohort/infomap.h"

#include "base/strmap.h"
#include "base/text.h"
#include "cohort/infogram.h"
#include "vidx.h"

#include <stdlib.h>

/* More draft groups than may be kept: a filter may still choose among them. */
#define DRAFTS_MAX (4 * VX_GROUPS_MAX)

/* A group that the keys speak of, before it is known whether it stays. */
struct draft {
	struct vx_slice name, base;
	int sex;
	uint32_t has;   /* bits of enum vidx_metric */
	uint32_t first; /* draft number of the first group with the same base: its place */
	uint32_t final; /* group number, or VX_NO_GROUP */
	struct vx_slice parent, sum; /* of a ##vidx_group line */
};

struct maker {
	struct vx_infomap *map;
	const struct vx_header *header;
	const char *file;
	struct vx_strmap by_name, by_base; /* -> draft */
	struct draft *draft;
	uint32_t n;
	int dumped; /* the groups are those of ##vidx_group lines */
	uint32_t n_order;
	uint32_t *order; /* drafts that stay, in the order of the groups */
};

static int add_draft(struct maker *m, struct vx_slice name, struct vx_slice base, int sex,
		     uint32_t *draft_ret, struct vidx_error *err)
{
	struct draft *d;
	int rc;

	*draft_ret = vx_strmap_get(&m->by_name, name);
	if (*draft_ret != VX_STRMAP_NONE)
		return 0;
	if (m->n == DRAFTS_MAX)
		return vx_fail(err, VIDX_EUSAGE, "%s: the INFO keys speak of over %d groups",
			       m->file, DRAFTS_MAX);
	rc = vx_strmap_put(&m->by_base, base, m->n);
	if (rc < 0 || vx_strmap_put(&m->by_name, name, m->n) < 0)
		return vx_fail_nomem(err);
	d = &m->draft[m->n];
	memset(d, 0, sizeof *d);
	d->name = name;
	d->base = base;
	d->sex = sex;
	d->first = vx_strmap_get(&m->by_base, base);
	*draft_ret = m->n++;
	return 0;
}

/* Appends a copy of key to the list of keys not mapped. */
static int add_ignored(struct maker *m, struct vx_slice key)
{
	struct vx_infomap *map = m->map;

	if (!vx_looks_like_count(key))
		return 0;
	key.p = vx_arena_copy(&map->arena, key.p, key.len);
	if (!key.p)
		return VIDX_ENOMEM;
	map->ignored[map->n_ignored++] = key;
	return 0;
}

static int per_alt(struct vx_slice number)
{
	return vx_slice_is(number, "A")   ? VX_PER_ALT
	       : vx_slice_is(number, "R") ? VX_PER_ALLELE
					  : VX_SHARED;
}

/* Makes an entry of a field; entry.group is a draft for now. */
static int add_entry(struct maker *m, const struct vx_header_field *field, uint32_t draft,
		     int metric, uint32_t divide)
{
	struct vx_infomap_entry *e = &m->map->entry[m->map->n];

	if (m->draft[draft].has >> metric & 1)
		return add_ignored(m, field->id); /* the first of two is kept */
	m->draft[draft].has |= 1u << metric;
	e->key = field->id;
	e->key.p = vx_arena_copy(&m->map->arena, e->key.p, e->key.len);
	e->metric = metric;
	e->group = draft;
	e->per_alt = per_alt(field->number);
	e->divide = divide;
	m->map->n++;
	return e->key.p ? 0 : VIDX_ENOMEM;
}

/* Only whole numbers are counts; some writers call them strings. */
static int may_count(const struct vx_header_field *field)
{
	return vx_slice_is(field->type, "Integer") || vx_slice_is(field->type, "String");
}

/* Reads every INFO line by the header's grammar. */
static int read_fields(struct maker *m, struct vidx_error *err)
{
	const struct vx_grammar *grammar = vx_grammar_of(m->header);
	struct vx_infomap *map = m->map;
	uint32_t draft;
	int rc;

	map->grammar = vx_grammar_name(grammar);
	rc = add_draft(m, vx_slice_str("ALL"), vx_slice("", 0), 0, &draft, err);
	for (uint32_t i = 0; rc == 0 && i < m->header->n_infos; i++) {
		const struct vx_header_field *field = &m->header->infos[i];
		struct vx_key_sense sense;

		rc = may_count(field) ? vx_grammar_read(grammar, field->id, &map->arena, &sense)
				      : 0;
		if (rc == 0) {
			rc = add_ignored(m, field->id);
			continue;
		}
		if (rc > 0)
			rc = add_draft(m, sense.group, sense.base, sense.sex, &draft, err);
		if (rc == 0)
			rc = add_entry(m, field, draft, sense.metric, sense.divide);
	}
	return rc == VIDX_ENOMEM ? vx_fail_nomem(err) : rc;
}

/* --- ##vidx_group lines --- */

/* The value of key in "##vidx_group=<ID=a,Parent=b,Sum="c,d">", or empty. */
static struct vx_slice attribute(struct vx_slice line, const char *key)
{
	size_t len = strlen(key);

	for (size_t i = 14; i + len + 1 < line.len; i++) {
		const char *p = line.p + i + len + 1, *end = line.p + line.len;
		char stop = ',';

		if ((line.p[i - 1] != '<' && line.p[i - 1] != ',') ||
		    memcmp(line.p + i, key, len) != 0 || line.p[i + len] != '=')
			continue;
		if (*p == '"') {
			stop = '"';
			p++;
		}
		line.p = p;
		while (p < end && *p != stop && *p != '>')
			p++;
		return vx_slice(line.p, (size_t)(p - line.p));
	}
	return vx_slice("", 0);
}

/* Makes a draft of each such line.  m->dumped: there were some, ALL first. */
static int read_group_lines(struct maker *m, struct vidx_error *err)
{
	static const char begin[] = "##vidx_group=<";
	struct vx_slice rest = m->header->text, line;

	while (vx_split(&rest, '\n', &line)) {
		struct vx_slice name;
		uint32_t draft;
		int rc;

		if (line.len < sizeof begin - 1 || memcmp(line.p, begin, sizeof begin - 1) != 0)
			continue;
		name = attribute(line, "ID");
		if (m->n == 0 && !vx_slice_is(name, "ALL"))
			return 0;
		rc = add_draft(m, name, name, 0, &draft, err);
		if (rc != 0)
			return rc;
		m->draft[draft].parent = attribute(line, "Parent");
		m->draft[draft].sum = attribute(line, "Sum");
		m->dumped = 1;
	}
	return 0;
}

/* Reads the INFO lines of a dump: a metric's name, or that and the name of a group above. */
static int read_dumped_fields(struct maker *m, struct vidx_error *err)
{
	static const char *const words[VIDX_N_METRICS] = {
		"AC", "AN", "nhomalt", "nhemi", "het", "ac_het"};
	int rc = 0;

	m->map->grammar = "vidx";
	for (uint32_t i = 0; rc == 0 && i < m->header->n_infos; i++) {
		const struct vx_header_field *field = &m->header->infos[i];
		struct vx_slice key = field->id;
		uint32_t draft = VX_STRMAP_NONE;
		int metric = 0;

		for (; metric < VIDX_N_METRICS; metric++) {
			size_t len = strlen(words[metric]);

			if (key.len < len || memcmp(key.p, words[metric], len) != 0)
				continue;
			if (key.len == len)
				draft = 0;
			else if (key.p[len] == '_')
				draft = vx_strmap_get(&m->by_name,
						      vx_slice(key.p + len + 1, key.len - len - 1));
			if (draft != VX_STRMAP_NONE)
				break;
		}
		rc = draft == VX_STRMAP_NONE ? add_ignored(m, key)
					     : add_entry(m, field, draft, metric, 1);
	}
	return rc == VIDX_ENOMEM ? vx_fail_nomem(err) : rc;
}

/* --- which groups stay, and in what order --- */

/* Marks the groups of a comma-separated list; every other but ALL goes. */
static int choose(struct maker *m, const char *populations, uint8_t *stays, struct vidx_error *err)
{
	struct vx_slice rest = vx_slice_str(populations), name;

	memset(stays + 1, 0, m->n - 1);
	while (vx_split(&rest, ',', &name)) {
		uint32_t d = vx_strmap_get(&m->by_name, name);

		if (d == VX_STRMAP_NONE)
			return vx_fail(err, VIDX_EUSAGE, "%s: no group %.*s among the INFO keys",
				       m->file, (int)(name.len > 80 ? 80 : name.len), name.p);
		stays[d] = 1;
	}
	return 0;
}

/* ALL, XX, XY, then each base where it first appears, followed by its XX and XY. */
static void make_order(struct maker *m, const uint8_t *stays)
{
	for (uint32_t first = 0; first < m->n; first++) {
		if (m->dumped) {
			if (stays[first])
				m->order[m->n_order++] = first;
			continue;
		}
		if (m->draft[first].first != first)
			continue;
		for (int sex = 0; sex < 3; sex++)
			for (uint32_t d = first; d < m->n; d++)
				if (stays[d] && m->draft[d].first == first &&
				    m->draft[d].sex == sex)
					m->order[m->n_order++] = d;
	}
}

static int order_groups(struct maker *m, const char *populations, struct vidx_error *err)
{
	uint32_t both = 1u << VIDX_AC | 1u << VIDX_AN;
	uint8_t *stays = malloc(m->n);
	int rc = 0;

	m->order = malloc(m->n * sizeof *m->order);
	if (!stays || !m->order) {
		free(stays);
		return vx_fail_nomem(err);
	}
	memset(stays, 1, m->n);
	if (populations)
		rc = choose(m, populations, stays, err);
	for (uint32_t d = 1; d < m->n && !m->dumped; d++)
		if ((m->draft[d].has & both) != both)
			stays[d] = 0;
	if (rc == 0 && !(m->draft[0].has & 1u << VIDX_AC))
		rc = vx_fail(err, VIDX_EBADINPUT,
			     "%s: neither genotypes nor counts: no INFO key AC in the header "
			     "(keys seen as %s)",
			     m->file, m->map->grammar);
	if (rc == 0)
		make_order(m, stays);
	for (uint32_t d = 0; d < m->n; d++)
		m->draft[d].final = VX_NO_GROUP;
	for (uint32_t g = 0; g < m->n_order; g++)
		m->draft[m->order[g]].final = g;
	free(stays);
	return rc;
}

/* The final number of a group by name, or VX_NO_GROUP. */
static uint32_t final_of(const struct maker *m, struct vx_slice name)
{
	uint32_t d = vx_strmap_get(&m->by_name, name);

	return d == VX_STRMAP_NONE ? VX_NO_GROUP : m->draft[d].final;
}

/*
 * The groups whose sum ALL is likely to be: the known ancestries, where there are two or more, else
 * (not for gnomAD, whose other groups are subsets) all groups directly under ALL.
 */
static uint32_t partition(const struct maker *m, uint32_t *out)
{
	uint32_t n = 0;

	for (uint32_t g = 1; g < m->n_order; g++) {
		const struct draft *d = &m->draft[m->order[g]];

		if (d->sex == 0 && vx_is_ancestry(d->name))
			out[n++] = g;
	}
	if (n >= 2 || strcmp(m->map->grammar, "plain") != 0)
		return n >= 2 ? n : 0;
	n = 0;
	for (uint32_t g = 1; g < m->n_order; g++) {
		const struct draft *d = &m->draft[m->order[g]];

		if (d->sex == 0 && !memchr(d->name.p, '_', d->name.len))
			out[n++] = g;
	}
	return n >= 2 ? n : 0;
}

/* Takes the sums of a dump's lines, as far as all their groups are here. */
static int set_dumped_rules(struct maker *m, struct vidx_error *err)
{
	uint32_t n = m->map->groups.n, *beg = malloc((n + 1) * sizeof *beg), *rule = NULL;
	size_t n_names = 1;
	int rc;

	for (uint32_t g = 0; g < n; g++)
		n_names += m->draft[m->order[g]].sum.len + 1;
	rule = malloc(n_names * sizeof *rule);
	if (!beg || !rule) {
		free(beg);
		free(rule);
		return vx_fail_nomem(err);
	}
	beg[0] = 0;
	for (uint32_t g = 0; g < n; g++) {
		struct vx_slice rest = m->draft[m->order[g]].sum, name;
		uint32_t end = beg[g];

		while (rest.len && vx_split(&rest, ',', &name)) {
			rule[end] = final_of(m, name);
			if (rule[end++] == VX_NO_GROUP || end - beg[g] > n) {
				end = beg[g];
				break;
			}
		}
		beg[g + 1] = end;
	}
	rc = vx_groups_set_rules(&m->map->groups, beg, rule, err);
	free(beg);
	free(rule);
	return rc;
}

/* Makes map->groups of the drafts in order. */
static int make_groups(struct maker *m, struct vidx_error *err)
{
	uint32_t n = m->n_order, n_part = 0;
	const char **names = calloc(n, sizeof *names);
	uint32_t *parent = malloc(n * sizeof *parent), *parts = malloc(n * sizeof *parts);
	int rc = VIDX_ENOMEM;

	if (!names || !parent || !parts)
		goto out;
	for (uint32_t g = 0; g < n; g++) {
		const struct draft *d = &m->draft[m->order[g]];

		names[g] = vx_arena_copy(&m->map->arena, d->name.p, d->name.len);
		if (!names[g])
			goto out;
		parent[g] = g && m->dumped ? final_of(m, d->parent) : VX_NO_GROUP;
	}
	if (!m->dumped)
		n_part = partition(m, parts);
	rc = vx_groups_build(&m->map->groups, names, n, parent, parts, n_part, err);
	if (rc == 0 && m->dumped)
		rc = set_dumped_rules(m, err);
out:
	free(names);
	free(parent);
	free(parts);
	return rc == VIDX_ENOMEM ? vx_fail_nomem(err) : rc;
}

/* Drops the entries of groups that went, and puts final numbers into the others. */
static void finish_entries(struct maker *m)
{
	struct vx_infomap *map = m->map;
	uint32_t n = 0;

	for (uint32_t i = 0; i < map->n; i++) {
		uint32_t group = m->draft[map->entry[i].group].final;

		if (group == VX_NO_GROUP) {
			map->ignored[map->n_ignored++] = map->entry[i].key;
			continue;
		}
		map->entry[n] = map->entry[i];
		map->entry[n++].group = group;
		map->metrics |= 1u << map->entry[i].metric;
	}
	map->n = n;
	for (uint32_t i = 0; i < n; i++) {
		struct vx_infomap_entry *e = &map->entry[i];
		uint32_t below = map->metrics & ((1u << e->metric) - 1);

		e->at = (uint32_t)__builtin_popcount(below) * map->groups.n + e->group;
	}
}

int vx_infomap_build(struct vx_infomap *map, const struct vx_header *header,
		     const char *populations, const char *file, struct vidx_error *err)
{
	struct maker m = {.map = map, .header = header, .file = file};
	int rc = 0;

	memset(map, 0, sizeof *map);
	vx_arena_init(&map->arena);
	vx_groups_init(&map->groups);
	map->entry = calloc(header->n_infos + 1, sizeof *map->entry);
	map->ignored = calloc(header->n_infos + 1, sizeof *map->ignored);
	m.draft = malloc(DRAFTS_MAX * sizeof *m.draft);
	if (!map->entry || !map->ignored || !m.draft)
		rc = vx_fail_nomem(err);
	if (rc == 0)
		rc = read_group_lines(&m, err);
	if (rc == 0)
		rc = m.dumped ? read_dumped_fields(&m, err) : read_fields(&m, err);
	if (rc == 0)
		rc = order_groups(&m, populations, err);
	if (rc == 0)
		rc = make_groups(&m, err);
	if (rc == 0)
		finish_entries(&m);
	vx_strmap_release(&m.by_name);
	vx_strmap_release(&m.by_base);
	free(m.draft);
	free(m.order);
	if (rc != 0)
		vx_infomap_release(map);
	return rc;
}

void vx_infomap_release(struct vx_infomap *map)
{
	vx_groups_release(&map->groups);
	free(map->entry);
	free(map->ignored);
	vx_arena_release(&map->arena);
	memset(map, 0, sizeof *map);
}
