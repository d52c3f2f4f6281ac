#include "build/mapsay.h"

#include "base/buf.h"

/* A log line ends at 1,023 bytes: lists are told in pieces of this. */
#define PIECE 700

/* Names of keys that one line has room for. */
#define FEW 4

static void flush(struct vx_buf *text, struct vx_log *log, const char *path, const char *what)
{
	if (text->len && !text->failed)
		vx_log(log, VX_LOG_DEBUG, "%.200s: %s%.*s", path, what, (int)text->len,
		       (const char *)text->p);
	vx_buf_clear(text);
}

static int speaks_of(const struct vx_infomap_entry *e, uint32_t group)
{
	for (uint32_t i = 0; i < e->n_parts; i++)
		if (e->part[i] == group)
			return 1;
	return e->n_parts == 0 && e->group == group;
}

/* "afr_XX: ac AC_afr_female, an AN_afr_female": a line of each group. */
static void say_groups(const struct vx_infomap *map, struct vx_log *log, const char *path)
{
	struct vx_buf text;

	vx_buf_init(&text);
	for (uint32_t g = 0; g < map->groups.n; g++) {
		for (uint32_t i = 0; i < map->n + map->n_af; i++) {
			const struct vx_infomap_entry *e = &map->entry[i];
			int is_af = e->metric == VX_METRIC_AF;

			if (!speaks_of(e, g))
				continue;
			vx_buf_addf(&text, "%s%s%s %.*s%s", text.len ? ", " : ": ",
				    is_af ? "af" : vidx_metric_name(e->metric),
				    e->form == VX_FORM_ALTS_THEN_REF ? " and an" : "",
				    (int)(e->key.len < 300 ? e->key.len : 300), e->key.p,
				    is_af            ? " (checked)"
				    : e->divide != 1 ? " (alleles halved)"
						     : "");
		}
		flush(&text, log, path, map->groups.name[g]);
	}
	vx_buf_release(&text);
}

/* "EUR: ac and an of column SAMN10492695" */
static void say_columns(const struct vx_infomap *map, struct vx_log *log, const char *path)
{
	for (uint32_t i = 0; i < map->n_columns; i++) {
		struct vx_slice column = map->column_name[i];

		if (map->column[i] != VX_NO_GROUP)
			vx_log(log, VX_LOG_DEBUG, "%.200s: %.300s: ac and an of column %.*s", path,
			       map->groups.name[map->column[i]],
			       (int)(column.len < 300 ? column.len : 300), column.p);
	}
}

static void add_ignored(struct vx_buf *text, const struct vx_infomap *map, uint32_t i, int comma)
{
	struct vx_slice key = map->ignored[i];

	vx_buf_adds(text, comma ? ", " : "");
	vx_buf_add(text, key.p, key.len < 300 ? key.len : 300);
}

static void say_ignored(const struct vx_infomap *map, struct vx_log *log, const char *path)
{
	struct vx_buf text;

	vx_buf_init(&text);
	for (uint32_t i = 0; i < map->n_ignored; i++) {
		add_ignored(&text, map, i, text.len > 0);
		if (text.len > PIECE)
			flush(&text, log, path, "not used: ");
	}
	flush(&text, log, path, "not used: ");
	vx_buf_release(&text);
}

static int is_told(const struct vx_infomap *map, struct vx_slice key)
{
	for (uint32_t i = 0; i < map->n + map->n_af; i++)
		if (vx_slice_eq(map->entry[i].key, key))
			return 1;
	for (uint32_t i = 0; i < map->n_ignored; i++)
		if (vx_slice_eq(map->ignored[i], key))
			return 1;
	return 0;
}

/* All other keys that are declared, so that none is passed over in silence. */
static void say_others(const struct vx_infomap *map, const struct vx_header *header,
		       struct vx_log *log, const char *path)
{
	struct vx_buf text;

	vx_buf_init(&text);
	for (uint32_t i = 0; i < header->n_infos; i++) {
		struct vx_slice key = header->infos[i].id;

		if (is_told(map, key))
			continue;
		vx_buf_adds(&text, text.len ? ", " : "");
		vx_buf_add(&text, key.p, key.len < 300 ? key.len : 300);
		if (text.len > PIECE)
			flush(&text, log, path, "no counts: ");
	}
	flush(&text, log, path, "no counts: ");
	vx_buf_release(&text);
}

void vx_mapsay(const struct vx_infomap *map, const struct vx_header *header, struct vx_log *log,
	       const char *path)
{
	struct vx_buf text;

	vx_buf_init(&text);
	if (map->n_columns)
		vx_buf_addf(&text, "%s: %u sample columns, FORMAT AN:AC, give counts of %u",
			    map->grammar, map->n_columns, map->groups.n);
	else
		vx_buf_addf(&text, "%s INFO keys: %u give counts of %u", map->grammar, map->n,
			    map->groups.n);
	vx_buf_addf(&text, " population%s", map->groups.n == 1 ? "" : "s");
	if (map->people)
		vx_buf_adds(&text, " (AC and AN count individuals)");
	if (map->n_af)
		vx_buf_addf(&text, ", %u AF checked", map->n_af);
	if (map->n_ignored)
		vx_buf_addf(&text, ", %u not used: ", map->n_ignored);
	for (uint32_t i = 0; i < map->n_ignored && i < FEW && text.len < PIECE; i++)
		add_ignored(&text, map, i, i > 0);
	if (map->n_ignored > FEW)
		vx_buf_adds(&text, ", ... (-v: all)");
	vx_buf_addc(&text, '\0');
	if (!text.failed)
		vx_log(log, VX_LOG_INFO, "%.200s: %s", path, (const char *)text.p);
	vx_buf_release(&text);
	if (!log || log->level < VX_LOG_DEBUG)
		return;
	say_columns(map, log, path);
	say_groups(map, log, path);
	say_ignored(map, log, path);
	say_others(map, header, log, path);
}
