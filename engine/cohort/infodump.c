/* infodump: the keys and the ##vidx_group lines of what vidx dump writes. */
#include "base/text.h"
#include "cohort/infomaker.h"

#include <stdlib.h>

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
int vx_infodump_groups(struct vx_infomaker *m, struct vidx_error *err)
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
		rc = vx_infomaker_draft(m, name, name, 0, &draft, err);
		if (rc != 0)
			return rc;
		m->draft[draft].parent = attribute(line, "Parent");
		m->draft[draft].sum = attribute(line, "Sum");
		m->dumped = 1;
	}
	return 0;
}

/* Reads the INFO lines of a dump: a metric's name, or that and the name of a group above. */
int vx_infodump_fields(struct vx_infomaker *m, struct vidx_error *err)
{
	static const char *const words[VX_METRIC_AF + 1] = {"AC",  "AN",     "nhomalt", "nhemi",
							    "het", "ac_het", "AF"};
	struct vx_key_sense sense = {.form = VX_FORM_PLAIN, .divide = 1};
	int rc = 0;

	m->map->grammar = "vidx";
	for (uint32_t i = 0; rc == 0 && i < m->header->n_infos; i++) {
		const struct vx_header_field *field = &m->header->infos[i];
		struct vx_slice key = field->id;
		uint32_t draft = VX_STRMAP_NONE;
		int metric = 0;

		for (; metric <= VX_METRIC_AF; metric++) {
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
		sense.metric = metric;
		rc = draft == VX_STRMAP_NONE ? vx_infomaker_ignore(m, field)
					     : vx_infomaker_entry(m, field, draft, &sense);
	}
	return rc == VIDX_ENOMEM ? vx_fail_nomem(err) : rc;
}

/* Takes the sums of a dump's lines, as far as all their groups are here. */
int vx_infodump_rules(struct vx_infomaker *m, struct vidx_error *err)
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
			rule[end] = vx_infomaker_final(m, name);
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
