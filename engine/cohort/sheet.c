#include "cohort/sheet.h"

#include "base/arena.h"
#include "base/strmap.h"
#include "base/text.h"
#include "cohort/member.h"
#include "cohort/table.h"

#include <stdlib.h>

/* Columns that --group-by may name. */
#define COLUMNS_MAX 64

/* Everything that building needs and the cohort does not keep. */
struct fit {
	const struct vx_sheet_options *options;
	const struct vx_header *header;
	struct vx_table table;
	struct vx_arena arena;    /* group names */
	struct vx_strmap by_name; /* sample -> row of the sheet, later column of the input */
	struct vx_members members;
	uint8_t *sex;
	uint32_t *row_of;   /* per sample: its row of the sheet, or VX_STRMAP_NONE */
	uint32_t n_columns; /* of --group-by */
	int sex_cell;       /* the table's cell that holds the sex, or -1 */
};

/* Copies the column names of --group-by; *n_ret of them. */
static int group_columns(struct fit *fit, const char **name, struct vidx_error *err)
{
	const char *by = fit->options->group_by;
	struct vx_slice rest = vx_slice_str(by ? by : ""), field;

	while (by && vx_split(&rest, ',', &field)) {
		if (fit->n_columns == COLUMNS_MAX)
			return vx_fail(err, VIDX_EUSAGE, "over %d columns to group by",
				       COLUMNS_MAX);
		name[fit->n_columns] = vx_arena_copy(&fit->arena, field.p, field.len);
		if (!name[fit->n_columns++])
			return vx_fail_nomem(err);
	}
	return 0;
}

/*
 * Opens the sheet and reads the columns: sample, the ones to group by, the sex where there is
 * one.
 */
static int read_sheet(struct fit *fit, struct vidx_error *err)
{
	const char *path = fit->options->path, *name[COLUMNS_MAX];
	uint32_t column[COLUMNS_MAX + 2] = {0};
	struct vx_slice names;
	int at, rc = group_columns(fit, name, err);

	fit->sex_cell = -1;
	if (rc == 0 && !path) {
		if (fit->n_columns || fit->options->by_sex)
			return vx_fail(err, VIDX_EUSAGE,
				       "groups by population or sex need a sample sheet");
		return 0;
	}
	if (rc == 0)
		rc = vx_table_open(&fit->table, path, err);
	if (rc != 0)
		return rc;
	names = fit->table.header;
	for (uint32_t i = 0; i < fit->n_columns; i++) {
		at = vx_table_column(&fit->table, name[i], 0);
		if (at < 1)
			return vx_fail(err, VIDX_EUSAGE,
				       "%s: no column %s to group by, it has %.*s", path, name[i],
				       (int)(names.len > 200 ? 200 : names.len), names.p);
		column[i + 1] = (uint32_t)at;
	}
	at = vx_table_column(&fit->table, "sex", 1);
	if (at < 1)
		at = vx_table_column(&fit->table, "gender", 1);
	if (at < 1 && fit->options->by_sex)
		return vx_fail(err, VIDX_EUSAGE, "%s: no column sex or gender", path);
	if (at >= 1) {
		fit->sex_cell = (int)fit->n_columns + 1;
		column[fit->sex_cell] = (uint32_t)at;
	}
	return vx_table_rows(&fit->table, path, column, fit->n_columns + 1 + (fit->sex_cell >= 0),
			     err);
}

static struct vx_slice cell(const struct fit *fit, uint32_t row, uint32_t column)
{
	return fit->table.cell[(size_t)row * fit->table.n_cols + column];
}

static int is_one_of(struct vx_slice text, const char *const *list)
{
	for (; *list; list++) {
		size_t i = 0;

		while (i < text.len && (*list)[i] && vx_upper(text.p[i]) == (*list)[i])
			i++;
		if (i == text.len && !(*list)[i])
			return 1;
	}
	return 0;
}

/* An enum vx_sex, or -1. */
static int parse_sex(struct vx_slice text)
{
	static const char *const xx[] = {"XX", "FEMALE", "F", "2", NULL};
	static const char *const xy[] = {"XY", "MALE", "M", "1", NULL};
	static const char *const unknown[] = {"",   "0", "NA",      "N/A", "NAN",
					      "-9", ".", "UNKNOWN", "U",   NULL};

	return is_one_of(text, xx)        ? VX_SEX_XX
	       : is_one_of(text, xy)      ? VX_SEX_XY
	       : is_one_of(text, unknown) ? VX_SEX_UNKNOWN
					  : -1;
}

static int fail_row(const struct fit *fit, uint32_t row, const char *what, struct vx_slice text,
		    struct vidx_error *err)
{
	return vx_fail(err, VIDX_EBADINPUT, "%s: line %u: %s '%.*s'", fit->options->path,
		       fit->table.line[row], what, (int)(text.len > 80 ? 80 : text.len), text.p);
}

/* Puts the sheet's samples into by_name, and checks them and their sexes. */
static int index_rows(struct fit *fit, struct vidx_error *err)
{
	for (uint32_t row = 0; row < fit->table.n_rows; row++) {
		struct vx_slice name = cell(fit, row, 0);
		int rc;

		if (name.len == 0)
			return fail_row(fit, row, "no sample name in", name, err);
		rc = vx_strmap_put(&fit->by_name, name, row);
		if (rc < 0)
			return vx_fail_nomem(err);
		if (rc > 0)
			return fail_row(fit, row, "a sample is there twice:", name, err);
		if (fit->sex_cell >= 0 && parse_sex(cell(fit, row, (uint32_t)fit->sex_cell)) < 0)
			return fail_row(fit, row,
					"not a sex:", cell(fit, row, (uint32_t)fit->sex_cell), err);
	}
	return 0;
}

/* Finds each input sample's row, and with it the sex. */
static int match_samples(struct fit *fit, struct vx_cohort *cohort, struct vidx_error *err)
{
	uint32_t n_found = 0;

	for (uint32_t i = 0; i < cohort->n_samples; i++) {
		struct vx_slice name = fit->header->samples[i];
		uint32_t row = vx_strmap_get(&fit->by_name, name);

		fit->row_of[i] = row;
		if (row != VX_STRMAP_NONE) {
			n_found++;
			if (fit->sex_cell >= 0)
				cohort->sex[i] =
					(uint8_t)parse_sex(cell(fit, row, (uint32_t)fit->sex_cell));
			continue;
		}
		if (fit->options->path && !fit->options->allow_unlisted)
			return vx_fail(err, VIDX_EBADINPUT,
				       "%s: sample %.*s of the input is not in it "
				       "(--allow-unlisted counts it in ALL only)",
				       fit->options->path, (int)(name.len > 80 ? 80 : name.len),
				       name.p);
		cohort->n_unlisted += fit->options->path != NULL;
	}
	cohort->n_not_in_input = fit->table.n_rows - n_found;
	return 0;
}

/* Marks the samples of the exclude file. */
static int exclude(struct fit *fit, struct vx_cohort *cohort, struct vidx_error *err)
{
	const char *path = fit->options->exclude_path;
	struct vx_table list;
	struct vx_slice rest, line;
	int rc;

	if (!path)
		return 0;
	vx_strmap_release(&fit->by_name);
	for (uint32_t i = 0; i < cohort->n_samples; i++)
		if (vx_strmap_put(&fit->by_name, fit->header->samples[i], i) < 0)
			return vx_fail_nomem(err);
	vx_table_init(&list);
	rc = vx_table_read(&list, path, err);
	rest = vx_slice((const char *)list.text.p, list.text.len);
	while (rc == 0 && vx_split(&rest, '\n', &line)) {
		uint32_t i;

		line = vx_table_strip(line);
		i = vx_strmap_get(&fit->by_name, line);
		if (line.len == 0)
			continue;
		if (i == VX_STRMAP_NONE) {
			cohort->n_exclude_unknown++;
		} else {
			cohort->n_excluded += !fit->members.excluded[i];
			fit->members.excluded[i] = 1;
		}
	}
	vx_table_release(&list);
	return rc;
}

/* No population: an empty cell, or one of the usual words for it. */
static int is_none(struct vx_slice value)
{
	return value.len == 0 || vx_slice_is(value, ".") || vx_slice_is(value, "NA");
}

static int add_unit(struct vx_members *m, struct vx_slice name, uint32_t column)
{
	struct vx_population *more = realloc(m->unit, (m->n_units + 1) * sizeof *more);

	if (!more)
		return VIDX_ENOMEM;
	m->unit = more;
	more[m->n_units++] = (struct vx_population){name, column, 0};
	return 0;
}

/* Do the people with unit u in column a and in column b agree? */
static int same_people(const struct vx_members *m, uint32_t u, uint32_t a, uint32_t b)
{
	for (uint32_t i = 0; i < m->n_samples; i++)
		if ((m->unit_of[(size_t)a * m->n_samples + i] == u) !=
		    (m->unit_of[(size_t)b * m->n_samples + i] == u))
			return 0;
	return 1;
}

/* Gives each value of one column its unit, in order of first appearance in the sheet. */
static int make_units(struct fit *fit, uint32_t column, const uint32_t *col_of,
		      struct vx_strmap *units, struct vidx_error *err)
{
	struct vx_members *m = &fit->members;
	uint32_t n_before = m->n_units;

	for (uint32_t row = 0; row < fit->table.n_rows; row++) {
		struct vx_slice value = cell(fit, row, column + 1);
		uint32_t u;

		if (col_of[row] == VX_STRMAP_NONE || is_none(value))
			continue;
		u = vx_strmap_get(units, value);
		if (u == VX_STRMAP_NONE) {
			u = m->n_units;
			if (u >= VX_GROUPS_MAX)
				return vx_fail(err, VIDX_EUSAGE, "%s: over %d populations",
					       fit->options->path, VX_GROUPS_MAX);
			if (add_unit(m, value, column) != 0 || vx_strmap_put(units, value, u) != 0)
				return vx_fail_nomem(err);
		}
		m->unit_of[(size_t)column * m->n_samples + col_of[row]] = u;
	}
	for (uint32_t u = 0; u < n_before; u++)
		for (uint32_t i = 0; i < m->n_samples; i++)
			if (m->unit_of[(size_t)column * m->n_samples + i] == u) {
				if (!same_people(m, u, m->unit[u].column, column))
					return vx_fail(err, VIDX_EUSAGE,
						       "%s: two columns to group by have the value "
						       "%.*s for different people",
						       fit->options->path, (int)m->unit[u].name.len,
						       m->unit[u].name.p);
				break;
			}
	return 0;
}

static int make_all_units(struct fit *fit, struct vidx_error *err)
{
	struct vx_members *m = &fit->members;
	uint32_t *col_of = malloc((fit->table.n_rows + 1) * sizeof *col_of);
	struct vx_strmap units;
	int rc = 0;

	vx_strmap_init(&units);
	if (!col_of)
		rc = vx_fail_nomem(err);
	for (uint32_t row = 0; rc == 0 && row < fit->table.n_rows; row++)
		col_of[row] = VX_STRMAP_NONE;
	for (uint32_t i = 0; rc == 0 && i < m->n_samples; i++)
		if (fit->row_of[i] != VX_STRMAP_NONE)
			col_of[fit->row_of[i]] = i;
	for (uint32_t c = 0; rc == 0 && c < m->n_columns; c++)
		rc = make_units(fit, c, col_of, &units, err);
	free(col_of);
	vx_strmap_release(&units);
	return rc;
}

/* NAME, and with by_sex NAME_XX and NAME_XY, as the next groups. */
static int add_names(struct fit *fit, struct vx_slice name, const char **names, uint32_t *n)
{
	for (int sex = 0; sex <= (fit->options->by_sex ? 2 : 0); sex++) {
		static const char *const tail[] = {"", "_XX", "_XY"};
		char *text = vx_arena_alloc(&fit->arena, name.len + 4);

		if (!text)
			return VIDX_ENOMEM;
		memcpy(text, name.p, name.len);
		memcpy(text + name.len, tail[sex], strlen(tail[sex]) + 1);
		names[(*n)++] = text;
	}
	return 0;
}

/* The list of groups, their names and parents. */
static int make_groups(struct fit *fit, struct vx_cohort *cohort, struct vidx_error *err)
{
	struct vx_members *m = &fit->members;
	uint32_t step = fit->options->by_sex ? 3 : 1, n = 0;
	uint32_t n_all = step * (m->n_units + 1);
	const char **names = calloc(n_all, sizeof *names);
	uint32_t *parent = malloc(n_all * sizeof *parent);
	uint32_t *enclosing = malloc((m->n_units + 1) * sizeof *enclosing);
	int rc = VIDX_ENOMEM;

	if (!names || !parent || !enclosing || vx_members_enclose(m, enclosing) != 0)
		goto out;
	names[n++] = "ALL";
	if (step == 3) {
		names[n++] = "XX";
		names[n++] = "XY";
	}
	for (uint32_t u = 0; u < m->n_units; u++) {
		m->unit[u].group = n;
		if (add_names(fit, m->unit[u].name, names, &n) != 0)
			goto out;
	}
	for (uint32_t g = 0; g < n; g++)
		parent[g] = g % step ? g - g % step : 0; /* the sexes of a group lie within it */
	parent[0] = VX_NO_GROUP;
	for (uint32_t u = 0; u < m->n_units; u++)
		if (enclosing[u] != VX_NO_UNIT)
			parent[m->unit[u].group] = m->unit[enclosing[u]].group;
	rc = vx_groups_build(&cohort->groups, names, n, parent, NULL, 0, err);
out:
	free(names);
	free(parent);
	free(enclosing);
	return rc == VIDX_ENOMEM ? vx_fail_nomem(err) : rc;
}

static int allocate(struct fit *fit, struct vx_cohort *cohort, struct vidx_error *err)
{
	struct vx_members *m = &fit->members;
	size_t n = cohort->n_samples;

	m->n_samples = cohort->n_samples;
	m->n_columns = fit->n_columns;
	m->by_sex = fit->options->by_sex;
	cohort->sex = calloc(n + 1, 1);
	m->sex = cohort->sex;
	m->excluded = calloc(n + 1, 1);
	m->unit_of = malloc((n * fit->n_columns + 1) * sizeof *m->unit_of);
	fit->row_of = malloc((n + 1) * sizeof *fit->row_of);
	if (!cohort->sex || !m->excluded || !m->unit_of || !fit->row_of)
		return vx_fail_nomem(err);
	memset(m->unit_of, 0xff, n * fit->n_columns * sizeof *m->unit_of); /* VX_NO_UNIT */
	return 0;
}

int vx_cohort_build(struct vx_cohort *cohort, const struct vx_sheet_options *options,
		    const struct vx_header *header, struct vidx_error *err)
{
	struct fit fit = {.options = options, .header = header};
	int rc;

	memset(cohort, 0, sizeof *cohort);
	cohort->n_samples = header->n_samples;
	vx_table_init(&fit.table);
	vx_arena_init(&fit.arena);
	rc = read_sheet(&fit, err);
	if (rc == 0)
		rc = allocate(&fit, cohort, err);
	if (rc == 0)
		rc = index_rows(&fit, err);
	if (rc == 0)
		rc = match_samples(&fit, cohort, err);
	if (rc == 0)
		rc = make_all_units(&fit, err);
	if (rc == 0)
		rc = exclude(&fit, cohort, err);
	if (rc == 0)
		rc = make_groups(&fit, cohort, err);
	if (rc == 0)
		rc = vx_members_apply(&fit.members, cohort, err);
	free(fit.members.unit);
	free(fit.members.unit_of);
	free(fit.members.excluded);
	free(fit.row_of);
	vx_strmap_release(&fit.by_name);
	vx_arena_release(&fit.arena);
	vx_table_release(&fit.table);
	if (rc != 0)
		vx_cohort_release(cohort);
	return rc;
}

void vx_cohort_release(struct vx_cohort *cohort)
{
	vx_groups_release(&cohort->groups);
	free(cohort->mask);
	free(cohort->size);
	free(cohort->sex);
	free(cohort->leaf);
	free(cohort->leaf_mask);
	free(cohort->member_beg);
	free(cohort->member);
	memset(cohort, 0, sizeof *cohort);
}
