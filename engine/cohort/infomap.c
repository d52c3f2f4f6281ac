#include "cohort/infomap.h"

#include "base/text.h"
#include "cohort/columns.h"
#include "cohort/infomaker.h"

#include <stdio.h>
#include <stdlib.h>

int vx_infomaker_draft(struct vx_infomaker *m, struct vx_slice name, struct vx_slice base, int sex,
		       uint32_t *draft_ret, struct vidx_error *err)
{
	struct vx_draft *d;
	int rc;

	*draft_ret = vx_strmap_get(&m->by_name, name);
	if (*draft_ret != VX_STRMAP_NONE)
		return 0;
	if (m->n == VX_DRAFTS_MAX)
		return vx_fail(err, VIDX_EUSAGE, "%s: the INFO keys speak of over %d groups",
			       m->file, VX_DRAFTS_MAX);
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

static int list_ignored(struct vx_infomap *map, struct vx_slice key)
{
	key.p = vx_arena_copy(&map->arena, key.p, key.len);
	if (!key.p)
		return VIDX_ENOMEM;
	map->ignored[map->n_ignored++] = key;
	return 0;
}

int vx_infomaker_ignore(struct vx_infomaker *m, const struct vx_header_field *field)
{
	if (vx_slice_is(field->type, "Flag") || !vx_looks_like_count(field->id))
		return 0;
	return list_ignored(m->map, field->id);
}

static int per_alt(struct vx_slice number)
{
	return vx_slice_is(number, "A")   ? VX_PER_ALT
	       : vx_slice_is(number, "R") ? VX_PER_ALLELE
					  : VX_SHARED;
}

int vx_infomaker_entry(struct vx_infomaker *m, const struct vx_header_field *field, uint32_t draft,
		       const struct vx_key_sense *sense)
{
	struct vx_infomap_entry *e = &m->map->entry[m->map->n];
	uint32_t bits = 1u << sense->metric;

	if (sense->form == VX_FORM_ALTS_THEN_REF)
		bits |= 1u << VIDX_AN;
	if (m->draft[draft].has & bits)
		return vx_infomaker_ignore(m, field); /* the first of two is kept */
	m->draft[draft].has |= bits;
	memset(e, 0, sizeof *e);
	e->key = field->id;
	e->key.p = vx_arena_copy(&m->map->arena, e->key.p, e->key.len);
	e->metric = sense->metric;
	e->form = sense->form;
	e->group = draft; /* for now */
	/* The other forms are no short numbers: they take the way of VX_PER_ALLELE. */
	e->per_alt = e->form == VX_FORM_PLAIN ? per_alt(field->number) : VX_PER_ALLELE;
	e->divide = sense->divide;
	m->map->n++;
	return e->key.p ? 0 : VIDX_ENOMEM;
}

/* The next name of "... order: ['afr', 'ami', ...] ...".  0: there is none. */
static int next_listed(struct vx_slice *rest, struct vx_slice *name)
{
	if (!rest->p || !vx_split(rest, ',', name))
		return 0;
	while (name->len && strchr(" '\"", name->p[0]))
		*name = vx_slice(name->p + 1, name->len - 1);
	while (name->len && strchr(" '\"", name->p[name->len - 1]))
		name->len--;
	return name->len > 0;
}

/* What is between the first brackets behind "order:" in a Description, or empty. */
static struct vx_slice listed_groups(struct vx_slice text)
{
	const char *order = text.len ? memmem(text.p, text.len, "order:", 6) : NULL, *beg, *end;

	if (!order)
		return vx_slice(NULL, 0);
	beg = memchr(order, '[', (size_t)(text.p + text.len - order));
	end = beg ? memchr(beg, ']', (size_t)(text.p + text.len - beg)) : NULL;
	return end ? vx_slice(beg + 1, (size_t)(end - beg) - 1) : vx_slice(NULL, 0);
}

/* A field with one value per group; base is what stands before each group's name. */
static int add_list(struct vx_infomaker *m, const struct vx_header_field *field,
		    const struct vx_key_sense *sense, struct vidx_error *err)
{
	struct vx_slice names = listed_groups(field->description), rest = names, name;
	struct vx_infomap_entry *e = &m->map->entry[m->map->n];
	uint32_t n = 0, n_before = m->map->n, draft;
	int rc = 0;

	while (next_listed(&rest, &name))
		n++;
	if (n == 0)
		return vx_infomaker_ignore(m, field);
	e->part = NULL;
	rest = names;
	for (uint32_t i = 0; rc == 0 && next_listed(&rest, &name); i++) {
		size_t len = sense->base.len ? sense->base.len + 1 : 0;
		char *text = vx_arena_alloc(&m->map->arena, len + name.len);

		if (!text)
			return vx_fail_nomem(err);
		if (len) {
			memcpy(text, sense->base.p, len - 1);
			text[len - 1] = '_';
		}
		memcpy(text + len, name.p, name.len);
		name = vx_slice(text, len + name.len);
		rc = vx_infomaker_draft(m, name, name, 0, &draft, err);
		if (rc == 0 && i == 0)
			rc = vx_infomaker_entry(m, field, draft, sense);
		if (rc != 0 || m->map->n == n_before)
			return rc;
		if (i == 0) {
			e->n_parts = n;
			e->part = vx_arena_alloc(&m->map->arena, n * sizeof *e->part);
		}
		if (!e->part)
			return vx_fail_nomem(err);
		e->part[i] = draft;
		m->draft[draft].has |= 1u << sense->metric;
	}
	return rc;
}

/* Reads every INFO line by the header's grammar. */
static int read_fields(struct vx_infomaker *m, struct vidx_error *err)
{
	const struct vx_grammar *grammar = vx_grammar_of(m->header);
	struct vx_infomap *map = m->map;
	uint32_t draft;
	int rc;

	map->grammar = vx_grammar_name(grammar);
	map->people = vx_grammar_counts_people(grammar);
	m->partition = vx_grammar_is_partition(grammar);
	rc = vx_infomaker_draft(m, vx_slice_str("ALL"), vx_slice("", 0), 0, &draft, err);
	for (uint32_t i = 0; rc == 0 && i < m->header->n_infos; i++) {
		const struct vx_header_field *field = &m->header->infos[i];
		struct vx_key_sense sense;

		rc = vx_grammar_read(grammar, field->id, &map->arena, &sense);
		if (rc == 0 ||
		    (rc > 0 && !vx_grammar_may_hold(grammar, field->type, sense.metric))) {
			rc = vx_infomaker_ignore(m, field);
		} else if (rc > 0 && sense.form == VX_FORM_BY_GROUP) {
			rc = add_list(m, field, &sense, err);
		} else if (rc > 0) {
			rc = vx_infomaker_draft(m, sense.group, sense.base, sense.sex, &draft, err);
			if (rc == 0)
				rc = vx_infomaker_entry(m, field, draft, &sense);
		}
	}
	return rc == VIDX_ENOMEM ? vx_fail_nomem(err) : rc;
}

/* --- which groups stay, and in what order --- */

/* Marks the groups of a comma-separated list; every other but ALL goes. */
static int choose(struct vx_infomaker *m, const char *populations, uint8_t *stays,
		  struct vidx_error *err)
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
static void make_order(struct vx_infomaker *m, const uint8_t *stays)
{
	for (uint32_t first = 0; first < m->n; first++) {
		if (m->ordered) {
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

/* Names the keys that one might have taken for counts. */
static int fail_no_counts(const struct vx_infomaker *m, struct vidx_error *err)
{
	const struct vx_infomap *map = m->map;
	char names[160] = "";
	uint32_t n = map->n_ignored + map->n, n_named = 0;
	size_t len = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct vx_slice key = i < map->n ? map->entry[i].key : map->ignored[i - map->n];

		if (len + key.len + 8 > sizeof names)
			break;
		len += (size_t)snprintf(names + len, sizeof names - len, "%s%.*s", i ? ", " : "",
					(int)key.len, key.p);
		n_named++;
	}
	if (n == 0)
		return vx_fail(err, VIDX_EBADINPUT,
			       "%s: neither genotypes nor counts: none of %u INFO keys is a count",
			       m->file, m->header->n_infos);
	return vx_fail(err, VIDX_EBADINPUT,
		       "%s: neither genotypes nor counts: no allele count of everybody (AC) among "
		       "the INFO keys, only %s%s",
		       m->file, names, n_named < n ? ", ..." : "");
}

static int order_groups(struct vx_infomaker *m, const char *populations, struct vidx_error *err)
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
		rc = fail_no_counts(m, err);
	if (rc == 0)
		make_order(m, stays);
	for (uint32_t d = 0; d < m->n; d++)
		m->draft[d].final = VX_NO_GROUP;
	for (uint32_t g = 0; g < m->n_order; g++)
		m->draft[m->order[g]].final = g;
	free(stays);
	return rc;
}

uint32_t vx_infomaker_final(const struct vx_infomaker *m, struct vx_slice name)
{
	uint32_t d = vx_strmap_get(&m->by_name, name);

	return d == VX_STRMAP_NONE ? VX_NO_GROUP : m->draft[d].final;
}

/*
 * The groups whose sum ALL is likely to be: the known ancestries, where there are two or more, else
 * (not for gnomAD, whose other groups are subsets) all groups directly under ALL.
 */
static uint32_t partition(const struct vx_infomaker *m, uint32_t *out)
{
	uint32_t n = 0;

	for (uint32_t g = 1; g < m->n_order; g++) {
		const struct vx_draft *d = &m->draft[m->order[g]];

		if (d->sex == 0 && vx_is_ancestry(d->name))
			out[n++] = g;
	}
	if (n >= 2 || !m->partition)
		return n >= 2 ? n : 0;
	n = 0;
	for (uint32_t g = 1; g < m->n_order; g++) {
		const struct vx_draft *d = &m->draft[m->order[g]];

		if (d->sex == 0 && !memchr(d->name.p, '_', d->name.len))
			out[n++] = g;
	}
	return n >= 2 ? n : 0;
}

/* Makes map->groups of the drafts in order. */
static int make_groups(struct vx_infomaker *m, struct vidx_error *err)
{
	uint32_t n = m->n_order, n_part = 0;
	const char **names = calloc(n, sizeof *names);
	uint32_t *parent = malloc(n * sizeof *parent), *parts = malloc(n * sizeof *parts);
	int rc = VIDX_ENOMEM;

	if (!names || !parent || !parts)
		goto out;
	for (uint32_t g = 0; g < n; g++) {
		const struct vx_draft *d = &m->draft[m->order[g]];

		names[g] = vx_arena_copy(&m->map->arena, d->name.p, d->name.len);
		if (!names[g])
			goto out;
		parent[g] = g && m->dumped ? vx_infomaker_final(m, d->parent) : VX_NO_GROUP;
	}
	if (!m->dumped)
		n_part = partition(m, parts);
	rc = vx_groups_build(&m->map->groups, names, n, parent, parts, n_part, err);
	if (rc == 0 && m->dumped)
		rc = vx_infodump_rules(m, err);
out:
	free(names);
	free(parent);
	free(parts);
	return rc == VIDX_ENOMEM ? vx_fail_nomem(err) : rc;
}

/* Where in an ALT's values a metric of a group lies. */
static uint32_t slot_of(const struct vx_infomap *map, int metric, uint32_t group)
{
	uint32_t below = map->metrics & ((1u << metric) - 1);

	return (uint32_t)__builtin_popcount(below) * map->groups.n + group;
}

/* Puts a final number into the entry.  0: none of its groups stays, or it cannot be checked. */
static int settle_entry(const struct vx_infomaker *m, struct vx_infomap_entry *e)
{
	const struct vx_draft *d = &m->draft[e->group];
	uint32_t both = 1u << VIDX_AC | 1u << VIDX_AN;

	if (e->metric == VX_METRIC_AF && (d->has & both) != both)
		return 0;
	e->group = d->final;
	for (uint32_t i = 0; i < e->n_parts; i++) {
		e->part[i] = m->draft[e->part[i]].final;
		if (e->group == VX_NO_GROUP)
			e->group = e->part[i];
	}
	return e->group != VX_NO_GROUP;
}

static int compare_places(const void *a, const void *b)
{
	uint32_t x = ((const struct vx_infomap_entry *)a)->at;
	uint32_t y = ((const struct vx_infomap_entry *)b)->at;

	return x < y ? -1 : x > y;
}

/* Sorts the counts by their places, and finds the runs of a record whose counts are plain numbers. */
static int find_runs(struct vx_infomap *map)
{
	struct vx_infomap_run *run = vx_arena_alloc(&map->arena, (map->n + 1) * sizeof *run);
	uint32_t n = 0;
	int plain = 1;

	if (!run)
		return VIDX_ENOMEM;
	qsort(map->entry, map->n, sizeof *map->entry, compare_places);
	for (uint32_t i = 0; i < map->n; i++) {
		const struct vx_infomap_entry *e = &map->entry[i];

		plain &= e->form == VX_FORM_PLAIN && e->per_alt != VX_PER_ALLELE;
		plain &= i == 0 || e->at > e[-1].at;
		map->halves |= e->divide != 1;
		if (i == 0 || e->at != e[-1].at + 1)
			run[n++] = (struct vx_infomap_run){i, e->at, 0};
		run[n - 1].n++;
	}
	map->run = run;
	map->n_runs = plain ? n : 0;
	map->af = vx_arena_alloc(&map->arena, (map->n_af + 1) * sizeof *map->af);
	for (uint32_t i = 0; map->af && i < map->n_af; i++) {
		map->af[i].at = map->entry[map->n + i].at;
		map->af[i].an_at = map->entry[map->n + i].an_at;
	}
	return map->af ? 0 : VIDX_ENOMEM;
}

/* Drops the entries of groups that went; counts come first, then what is only checked. */
static int finish_entries(struct vx_infomaker *m)
{
	struct vx_infomap *map = m->map;
	struct vx_infomap_entry *kept = calloc(map->n + 1, sizeof *kept);
	uint32_t n_all = map->n, n = 0;

	if (!kept)
		return VIDX_ENOMEM;
	for (uint32_t i = 0; i < n_all; i++)
		if (!settle_entry(m, &map->entry[i]))
			map->entry[i].n_parts = UINT32_MAX; /* gone */
	for (int af = 0; af < 2; af++) {
		for (uint32_t i = 0; i < n_all; i++)
			if (map->entry[i].n_parts != UINT32_MAX &&
			    (map->entry[i].metric == VX_METRIC_AF) == af)
				kept[n++] = map->entry[i];
		if (!af)
			map->n = n;
	}
	map->n_af = n - map->n;
	for (uint32_t i = 0; i < n_all; i++)
		if (map->entry[i].n_parts == UINT32_MAX)
			map->ignored[map->n_ignored++] = map->entry[i].key;
	free(map->entry);
	map->entry = kept;
	for (uint32_t i = 0; i < map->n; i++) {
		map->metrics |= 1u << kept[i].metric;
		if (kept[i].form == VX_FORM_ALTS_THEN_REF)
			map->metrics |= 1u << VIDX_AN;
	}
	for (uint32_t i = 0; i < n; i++) {
		int is_af = kept[i].metric == VX_METRIC_AF;

		kept[i].at = slot_of(map, is_af ? VIDX_AC : kept[i].metric, kept[i].group);
		kept[i].an_at = slot_of(map, VIDX_AN, kept[i].group);
	}
	return find_runs(map);
}

int vx_infomap_build(struct vx_infomap *map, const struct vx_header *header,
		     const struct vx_infomap_options *options, const char *file,
		     struct vidx_error *err)
{
	struct vx_infomaker m = {.map = map, .header = header, .file = file};
	int by_column = !options->path && vx_columns_speak(header), rc = 0;

	memset(map, 0, sizeof *map);
	vx_arena_init(&map->arena);
	vx_groups_init(&map->groups);
	map->entry = calloc(header->n_infos + 1, sizeof *map->entry);
	map->ignored = calloc(header->n_infos + header->n_formats + 1, sizeof *map->ignored);
	m.draft = malloc(VX_DRAFTS_MAX * sizeof *m.draft);
	if (!map->entry || !map->ignored || !m.draft)
		rc = vx_fail_nomem(err);
	if (rc == 0 && options->path)
		rc = vx_infofile_read(&m, options->path, err);
	else if (rc == 0)
		rc = by_column ? vx_columns_groups(&m, err) : vx_infodump_groups(&m, err);
	if (rc == 0 && !options->path && !by_column)
		rc = m.dumped ? vx_infodump_fields(&m, err) : read_fields(&m, err);
	m.ordered |= m.dumped;
	if (rc == 0)
		rc = order_groups(&m, options->populations, err);
	if (rc == 0)
		rc = make_groups(&m, err);
	if (rc == 0 && (finish_entries(&m) != 0 || (by_column && vx_columns_settle(&m) != 0)))
		rc = vx_fail_nomem(err);
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
