#include "cohort/member.h"

#include <stdlib.h>

static uint32_t unit_at(const struct vx_members *m, uint32_t column, uint32_t sample)
{
	return m->unit_of[(size_t)column * m->n_samples + sample];
}

/*
 * For each unit of column inner: the unit of column outer that all its people are in, else
 * VX_NO_UNIT.  seen: scratch, one byte per unit.  with_excluded: they count too.
 */
static void enclosing(const struct vx_members *m, uint32_t outer, uint32_t inner, int with_excluded,
		      uint8_t *seen, uint32_t *ret)
{
	memset(seen, 0, m->n_units);
	for (uint32_t u = 0; u < m->n_units; u++)
		ret[u] = VX_NO_UNIT;
	for (uint32_t i = 0; i < m->n_samples; i++) {
		uint32_t in = unit_at(m, inner, i), out = unit_at(m, outer, i);

		if (in == VX_NO_UNIT || (m->excluded[i] && !with_excluded))
			continue;
		if (!seen[in])
			ret[in] = out;
		else if (ret[in] != out)
			ret[in] = VX_NO_UNIT;
		seen[in] = 1;
	}
}

int vx_members_enclose(const struct vx_members *m, uint32_t *parent_ret)
{
	uint32_t *found = malloc((m->n_units + 1) * sizeof *found);
	uint8_t *seen = malloc(m->n_units + 1);

	for (uint32_t u = 0; u < m->n_units; u++)
		parent_ret[u] = VX_NO_UNIT;
	for (uint32_t inner = 1; found && seen && inner < m->n_columns; inner++)
		for (uint32_t outer = 0; outer < inner; outer++) {
			enclosing(m, outer, inner, 1, seen, found);
			for (uint32_t u = 0; u < m->n_units; u++)
				if (m->unit[u].column == inner && found[u] != VX_NO_UNIT &&
				    m->unit[found[u]].column < inner)
					parent_ret[u] = found[u]; /* the nearest column wins */
		}
	free(seen);
	free(found);
	return found && seen ? 0 : VIDX_ENOMEM;
}

static void set_bit(struct vx_cohort *cohort, uint32_t group, uint32_t sample)
{
	cohort->mask[(size_t)group * cohort->n_words + sample / 64] |= UINT64_C(1) << (sample % 64);
	cohort->size[group]++;
}

/* ALL, XX and XY are groups 0, 1, 2; those of a unit follow one another in the same way. */
static void put_sample(struct vx_cohort *cohort, const struct vx_members *m, uint32_t group,
		       uint32_t sample)
{
	set_bit(cohort, group, sample);
	if (m->by_sex && m->sex[sample] != VX_SEX_UNKNOWN)
		set_bit(cohort, group + (m->sex[sample] == VX_SEX_XX ? 1 : 2), sample);
}

static int fill_masks(const struct vx_members *m, struct vx_cohort *cohort)
{
	uint32_t n = cohort->groups.n;

	cohort->n_words = (m->n_samples + 63) / 64;
	cohort->mask = calloc((size_t)n * cohort->n_words + 1, sizeof *cohort->mask);
	cohort->size = calloc(n, sizeof *cohort->size);
	if (!cohort->mask || !cohort->size)
		return VIDX_ENOMEM;
	for (uint32_t i = 0; i < m->n_samples; i++) {
		if (m->excluded[i])
			continue;
		put_sample(cohort, m, 0, i);
		for (uint32_t c = 0; c < m->n_columns; c++) {
			uint32_t u = unit_at(m, c, i);

			/* a value of two columns is one group, and counted once */
			if (u != VX_NO_UNIT && m->unit[u].column == c)
				put_sample(cohort, m, m->unit[u].group, i);
		}
	}
	return 0;
}

/*
 * How the units of one column (or ALL, for which column is VX_NO_UNIT and the unit 0) are made up
 * of units of a later one.  Unit n_units stands for ALL.
 */
struct split {
	uint32_t *enclosing; /* per unit of the later column: the unit it lies in */
	uint32_t *n_parts;   /* per unit of the earlier one: how many, 0: no exact sum */
};

static void make_split(const struct vx_members *m, uint32_t outer, uint32_t inner, uint8_t *seen,
		       const struct split *split)
{
	uint32_t all = m->n_units;

	enclosing(m, outer == VX_NO_UNIT ? inner : outer, inner, 0, seen, split->enclosing);
	memset(split->n_parts, 0, (all + 1) * sizeof *split->n_parts);
	for (uint32_t v = 0; v < all; v++) {
		if (outer == VX_NO_UNIT)
			split->enclosing[v] = seen[v] ? all : VX_NO_UNIT;
		if (m->unit[v].column != inner || !seen[v])
			split->enclosing[v] = VX_NO_UNIT;
		if (split->enclosing[v] != VX_NO_UNIT)
			split->n_parts[split->enclosing[v]]++;
	}
	for (uint32_t i = 0; i < m->n_samples; i++) {
		uint32_t u = outer == VX_NO_UNIT ? all : unit_at(m, outer, i);
		uint32_t v = unit_at(m, inner, i);

		if (u == VX_NO_UNIT || m->excluded[i])
			continue;
		if (v == VX_NO_UNIT || split->enclosing[v] != u)
			split->n_parts[u] = 0; /* somebody is outside of every part */
	}
}

/* The best sums found: for each unit and ALL, the parts. */
struct sums {
	uint32_t *parts;   /* n_units + 1 lists of up to n_units */
	uint32_t *n_parts; /* 0: none */
};

static void keep_best(const struct vx_members *m, uint32_t outer, const struct split *split,
		      const struct sums *sums)
{
	uint32_t all = m->n_units;

	for (uint32_t u = 0; u <= all; u++) {
		uint32_t n = 0;

		if (outer != (u == all ? VX_NO_UNIT : m->unit[u].column) ||
		    split->n_parts[u] == 0 ||
		    (sums->n_parts[u] && sums->n_parts[u] <= split->n_parts[u]))
			continue;
		for (uint32_t v = 0; v < all; v++)
			if (split->enclosing[v] == u)
				sums->parts[(size_t)u * all + n++] = v;
		sums->n_parts[u] = n;
	}
}

static int find_sums(const struct vx_members *m, const struct sums *sums)
{
	uint32_t *enclosing_room = malloc((m->n_units + 1) * sizeof(uint32_t));
	uint32_t *parts_room = malloc((m->n_units + 1) * sizeof(uint32_t));
	uint8_t *seen = malloc(m->n_units + 1);
	struct split split = {enclosing_room, parts_room};
	int rc = enclosing_room && parts_room && seen ? 0 : VIDX_ENOMEM;

	for (uint32_t inner = 0; rc == 0 && inner < m->n_columns; inner++)
		for (uint32_t outer = 0; outer <= inner; outer++) {
			uint32_t from = outer == inner ? VX_NO_UNIT : outer;

			make_split(m, from, inner, seen, &split);
			keep_best(m, from, &split, sums);
		}
	free(enclosing_room);
	free(parts_room);
	free(seen);
	return rc;
}

/* Appends the rules of a unit's group and of its XX and XY; returns the new end. */
static uint32_t add_rules(const struct vx_members *m, const struct vx_cohort *cohort,
			  const struct sums *sums, uint32_t u, uint32_t *beg, uint32_t *rule)
{
	uint32_t group = u == m->n_units ? 0 : m->unit[u].group;
	uint32_t n_parts = sums->n_parts[u], end = beg[group];
	const uint32_t *parts = sums->parts + (size_t)u * m->n_units;
	const uint32_t *size = cohort->size + group;

	if (m->by_sex && size[0] == size[1] + size[2] && n_parts != 1) {
		rule[end++] = group + 1;
		rule[end++] = group + 2;
	} else {
		for (uint32_t i = 0; i < n_parts; i++)
			rule[end++] = m->unit[parts[i]].group;
	}
	beg[group + 1] = end;
	for (uint32_t sex = 1; m->by_sex && sex <= 2; sex++) {
		for (uint32_t i = 0; i < n_parts; i++)
			rule[end++] = m->unit[parts[i]].group + sex;
		beg[group + sex + 1] = end;
	}
	return end;
}

/* Exact rules for every group that other groups make up. */
static int set_rules(const struct vx_members *m, struct vx_cohort *cohort, struct vidx_error *err)
{
	uint32_t n_lists = m->n_units + 1, n = cohort->groups.n;
	struct sums sums;
	uint32_t *beg = malloc((n + 1) * sizeof *beg), *rule = NULL;
	size_t n_rule = 0;
	int rc = VIDX_ENOMEM;

	sums.parts = malloc(((size_t)n_lists * m->n_units + 1) * sizeof *sums.parts);
	sums.n_parts = calloc(n_lists, sizeof *sums.n_parts);
	if (!beg || !sums.parts || !sums.n_parts || find_sums(m, &sums) != 0)
		goto out;
	for (uint32_t u = 0; u < n_lists; u++)
		n_rule += 2 + 3 * (size_t)sums.n_parts[u];
	rule = malloc(n_rule * sizeof *rule);
	if (!rule)
		goto out;
	beg[0] = 0;
	add_rules(m, cohort, &sums, m->n_units, beg, rule);
	for (uint32_t u = 0; u < m->n_units; u++)
		add_rules(m, cohort, &sums, u, beg, rule); /* units are in the order of groups */
	rc = vx_groups_set_rules(&cohort->groups, beg, rule, err);
out:
	free(beg);
	free(rule);
	free(sums.parts);
	free(sums.n_parts);
	return rc;
}

/* The stored groups, their masks word by word, and the leaves of each sample. */
static int make_leaves(struct vx_cohort *cohort)
{
	const struct vx_groups *groups = &cohort->groups;
	uint32_t n_words = cohort->n_words, n = 0;
	size_t total = 0;
	uint32_t *at;

	cohort->leaf = malloc(groups->n * sizeof *cohort->leaf);
	cohort->member_beg = malloc(((size_t)cohort->n_samples + 1) * sizeof *cohort->member_beg);
	if (!cohort->leaf || !cohort->member_beg)
		return VIDX_ENOMEM;
	for (uint32_t g = 0; g < groups->n; g++)
		if (groups->rule_beg[g] == groups->rule_beg[g + 1]) {
			cohort->leaf[n++] = g;
			total += cohort->size[g];
		}
	cohort->n_leaves = n;
	cohort->leaf_mask = malloc(((size_t)n * n_words + 1) * sizeof *cohort->leaf_mask);
	cohort->member = malloc((total + 1) * sizeof *cohort->member);
	if (!cohort->leaf_mask || !cohort->member || total > UINT32_MAX)
		return VIDX_ENOMEM;
	for (uint32_t w = 0; w < n_words; w++)
		for (uint32_t l = 0; l < n; l++)
			cohort->leaf_mask[(size_t)w * n + l] =
				cohort->mask[(size_t)cohort->leaf[l] * n_words + w];
	at = cohort->member;
	for (uint32_t i = 0; i < cohort->n_samples; i++) {
		const uint64_t *word = cohort->leaf_mask + (size_t)(i / 64) * n;

		cohort->member_beg[i] = (uint32_t)(at - cohort->member);
		for (uint32_t l = 0; l < n; l++)
			if (word[l] >> (i % 64) & 1)
				*at++ = l;
	}
	cohort->member_beg[cohort->n_samples] = (uint32_t)(at - cohort->member);
	return 0;
}

int vx_members_apply(const struct vx_members *members, struct vx_cohort *cohort,
		     struct vidx_error *err)
{
	int rc = fill_masks(members, cohort);

	if (rc == 0)
		rc = set_rules(members, cohort, err);
	if (rc == 0)
		rc = make_leaves(cohort);
	return rc == VIDX_ENOMEM ? vx_fail_nomem(err) : rc;
}
