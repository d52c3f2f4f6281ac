/* infofile: lines of population, metric and INFO key instead of a grammar. */
#include "base/status.h"
#include "base/text.h"
#include "cohort/infomaker.h"
#include "cohort/table.h"

#include <stdlib.h>

struct lines {
	const char *path;
	uint32_t number;
	struct vx_strmap by_key; /* INFO key -> field; then TAKEN */
};

#define TAKEN (UINT32_MAX - 1)

/* The metric of a word, in small or large letters.  0: no such metric. */
static int read_metric(struct vx_slice word, struct vx_key_sense *sense)
{
	char text[32];
	struct vx_slice small = vx_slice(text, word.len);

	if (word.len >= sizeof text)
		return 0;
	for (size_t i = 0; i < word.len; i++)
		text[i] = word.p[i] >= 'A' && word.p[i] <= 'Z' ? (char)(word.p[i] + 32) : word.p[i];
	sense->divide = 1;
	sense->form = VX_FORM_PLAIN;
	sense->metric = VX_METRIC_AF;
	if (vx_slice_is(small, "af"))
		return 1;
	sense->metric = VIDX_NHOMALT;
	sense->divide = 2;
	if (vx_slice_is(small, "hom_alleles"))
		return 1;
	sense->divide = 1;
	for (sense->metric = 0; sense->metric < VIDX_N_METRICS; sense->metric++)
		if (vx_slice_is(small, vidx_metric_name(sense->metric)))
			return 1;
	return 0;
}

static int short_len(struct vx_slice text)
{
	return text.len < 80 ? (int)text.len : 80;
}

static int read_line(struct vx_infomaker *m, struct lines *l, struct vx_slice line,
		     struct vidx_error *err)
{
	struct vx_slice population, metric, key;
	struct vx_key_sense sense;
	uint32_t draft, field;
	int rc;

	if (!vx_split(&line, '\t', &population) || !vx_split(&line, '\t', &metric) ||
	    !vx_split(&line, '\t', &key) || line.p)
		return vx_fail(err, VIDX_EUSAGE,
			       "%s:%u: not population, metric and INFO key between tabs", l->path,
			       l->number);
	if (!read_metric(metric, &sense))
		return vx_fail(err, VIDX_EUSAGE,
			       "%s:%u: no metric '%.*s': ac, an, nhomalt, nhemi, het, ac_het, "
			       "hom_alleles or af",
			       l->path, l->number, short_len(metric), metric.p);
	field = vx_strmap_get(&l->by_key, key);
	if (field == VX_STRMAP_NONE || field == TAKEN)
		return vx_fail(err, VIDX_EUSAGE, "%s:%u: INFO key '%.*s' is %s %s", l->path,
			       l->number, short_len(key), key.p,
			       field == TAKEN ? "there twice, for" : "not in the header of",
			       m->file);
	population.p = vx_arena_copy(&m->map->arena, population.p, population.len);
	if (!population.p || vx_strmap_set(&l->by_key, m->header->infos[field].id, TAKEN) < 0)
		return vx_fail_nomem(err);
	rc = vx_infomaker_draft(m, population, population, 0, &draft, err);
	if (rc == 0 && m->draft[draft].has >> sense.metric & 1)
		return vx_fail(err, VIDX_EUSAGE, "%s:%u: a second key for %.*s of %.*s", l->path,
			       l->number, short_len(metric), metric.p, short_len(population),
			       population.p);
	if (rc == 0 && vx_infomaker_entry(m, &m->header->infos[field], draft, &sense) < 0)
		rc = vx_fail_nomem(err);
	return rc;
}

static int read_lines(struct vx_infomaker *m, struct lines *l, struct vx_slice text,
		      struct vidx_error *err)
{
	struct vx_slice line;
	int rc = 0;

	for (l->number = 1; rc == 0 && vx_split(&text, '\n', &line); l->number++) {
		line = vx_table_strip(line);
		if (line.len && line.p[0] != '#')
			rc = read_line(m, l, line, err);
	}
	return rc;
}

/* A group of the file that lacks AC or AN would go without a word. */
static int check_drafts(const struct vx_infomaker *m, const char *path, struct vidx_error *err)
{
	for (uint32_t d = 1; d < m->n; d++)
		for (int metric = VIDX_AC; metric <= VIDX_AN; metric++)
			if (!(m->draft[d].has >> metric & 1))
				return vx_fail(err, VIDX_EUSAGE, "%s: no %s of %.*s", path,
					       vidx_metric_name(metric),
					       short_len(m->draft[d].name), m->draft[d].name.p);
	if (!(m->draft[0].has >> VIDX_AC & 1))
		return vx_fail(err, VIDX_EUSAGE, "%s: no ac of ALL", path);
	return 0;
}

int vx_infofile_read(struct vx_infomaker *m, const char *path, struct vidx_error *err)
{
	struct lines l = {.path = path};
	struct vx_table table;
	uint32_t draft;
	int rc;

	m->map->grammar = "file";
	m->ordered = 1;
	vx_table_init(&table);
	vx_strmap_init(&l.by_key);
	rc = vx_table_read(&table, path, err);
	if (rc == 0)
		rc = vx_infomaker_draft(m, vx_slice_str("ALL"), vx_slice("", 0), 0, &draft, err);
	for (uint32_t i = 0; rc == 0 && i < m->header->n_infos; i++)
		if (vx_strmap_put(&l.by_key, m->header->infos[i].id, i) < 0)
			rc = vx_fail_nomem(err);
	if (rc == 0)
		rc = read_lines(m, &l, vx_slice((const char *)table.text.p, table.text.len), err);
	if (rc == 0)
		rc = check_drafts(m, path, err);
	for (uint32_t i = 0; rc == 0 && i < m->header->n_infos; i++)
		if (vx_strmap_get(&l.by_key, m->header->infos[i].id) != TAKEN &&
		    vx_infomaker_ignore(m, &m->header->infos[i]) < 0)
			rc = vx_fail_nomem(err);
	vx_strmap_release(&l.by_key);
	vx_table_release(&table);
	return rc;
}
