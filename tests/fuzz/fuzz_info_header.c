/*
 * INFO keys of any text, and one record's values for them.  Lines of the input: "ID Number Type
 * value"; lines that begin with "##" become header text.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cohort/infomap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FIELDS_MAX = 200 };

/* Fills fields and their values; the header's text is the whole input. */
static void cut(struct vx_header *header, struct vx_slice *values)
{
	struct vx_slice rest = header->text, line;

	while (header->n_infos < FIELDS_MAX && vx_split(&rest, '\n', &line)) {
		struct vx_header_field *field = &header->infos[header->n_infos];
		struct vx_slice *value = &values[header->n_infos];

		if (line.len && line.p[0] == '#')
			continue;
		memset(field, 0, sizeof *field);
		*value = vx_slice(NULL, 0);
		if (vx_split(&line, ' ', &field->id) && vx_split(&line, ' ', &field->number) &&
		    vx_split(&line, ' ', &field->type))
			*value = line;
		header->n_infos++;
	}
}

static void read_record(const struct vx_infomap *map, const struct vx_header *header,
			const struct vx_slice *values)
{
	struct vx_info_value *info = calloc(map->n + map->n_af + 1, sizeof *info);
	size_t n = (size_t)__builtin_popcount(map->metrics) * map->groups.n;

	for (uint32_t n_alts = 0; info && n_alts < 4; n_alts++) {
		struct vx_record record = {.n_alts = n_alts, .info = info};
		uint64_t *value = malloc((n * n_alts + 1) * sizeof *value);
		struct vx_slice bad = {"", 0};

		for (uint32_t i = 0; i < map->n + map->n_af; i++)
			for (uint32_t f = 0; f < header->n_infos; f++)
				if (vx_slice_eq(header->infos[f].id, map->entry[i].key)) {
					info[i].p = values[f].p;
					info[i].len = (uint32_t)values[f].len;
				}
		if (value && vx_infomap_read(map, &record, value, &bad) == VX_KEPT) {
			struct vx_af_check check = {0, 0};

			vx_infomap_check(map, &record, value, &check);
			if (check.n_differ > check.n)
				abort();
			for (size_t i = 0; i < n * n_alts; i++)
				if (value[i] > VX_COUNT_MAX && value[i] != VX_NONE)
					abort();
		}
		free(value);
	}
	free(info);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vx_header_field fields[FIELDS_MAX];
	struct vx_slice values[FIELDS_MAX];
	struct vx_header header = {.infos = fields};
	const struct vx_infomap_options options = {0};
	struct vidx_error err = {0};
	struct vx_infomap map;
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	header.text = vx_slice(text, size);
	cut(&header, values);
	if (vx_infomap_build(&map, &header, &options, "fuzz", &err) == 0) {
		read_record(&map, &header, values);
		vx_infomap_release(&map);
	}
	free(text);
	return 0;
}
