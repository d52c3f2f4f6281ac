/* A --info-map file of any bytes: refused with a line, or a map that holds together. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cohort/infomap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int fact)
{
	if (!fact)
		abort();
}

static void check(const struct vx_infomap *map)
{
	must(map->groups.n > 0 && map->n > 0);
	for (uint32_t i = 0; i < map->n + map->n_af; i++) {
		const struct vx_infomap_entry *e = &map->entry[i];

		must(e->key.len > 0 && e->group < map->groups.n && e->divide > 0);
		must(i < map->n ? e->metric < VIDX_N_METRICS && (map->metrics >> e->metric & 1)
				: e->metric == VX_METRIC_AF);
		for (uint32_t k = 0; k < i; k++)
			must(!vx_slice_eq(map->entry[k].key, e->key) &&
			     (map->entry[k].group != e->group ||
			      map->entry[k].metric != e->metric));
	}
}

/* Numbers of the record for every key: small, large, none. */
static void read_record(const struct vx_infomap *map)
{
	static const char *const text[] = {"1", "2,3", "4", ".", "0.5", "99999999999999", "5,6"};
	struct vx_info_value info[16] = {{0}};
	struct vx_record record = {.n_alts = 2, .info = info};
	size_t n = 2 * (size_t)__builtin_popcount(map->metrics) * map->groups.n;
	uint64_t *value = malloc(n * sizeof *value);
	struct vx_slice bad = {"", 0};
	char room[16][96];

	must(value != NULL && map->n + map->n_af <= 16);
	for (uint32_t i = 0; i < map->n + map->n_af; i++) {
		memset(room[i], '7', sizeof room[i]);
		strcpy(room[i], text[(i + map->groups.n) % 7]);
		info[i].p = room[i];
		info[i].len = (uint32_t)strlen(room[i]);
	}
	if (vx_infomap_read(map, &record, value, &bad) == VX_KEPT) {
		struct vx_af_check af = {0, 0};

		vx_infomap_check(map, &record, value, &af);
		must(af.n_differ <= af.n);
	}
	free(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const keys[] = {"AC", "AN",      "AF",   "AC_EUR", "AN_EUR",
					   "A",  "nhomalt", "Hemi", "x y"};
	struct vx_header_field fields[sizeof keys / sizeof *keys];
	struct vx_header header = {.infos = fields};
	char path[64];
	struct vx_infomap_options options = {.path = path};
	int fd = memfd_create("map", 0);

	if (fd < 0)
		return 0;
	if (write(fd, data, size) != (ssize_t)size) {
		close(fd);
		return 0;
	}
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		memset(&fields[i], 0, sizeof fields[i]);
		fields[i].id = vx_slice_str(keys[i]);
		fields[i].number = vx_slice_str(i % 2 ? "1" : "A");
		fields[i].type = vx_slice_str(i == 2 ? "Float" : "Integer");
		header.n_infos++;
	}
	for (int i = 0; i < 2; i++) {
		struct vidx_error err = {0};
		struct vx_infomap map;

		options.populations = i ? "EUR" : NULL;
		if (vx_infomap_build(&map, &header, &options, "fuzz", &err) == 0) {
			check(&map);
			read_record(&map);
			vx_infomap_release(&map);
		} else {
			must(err.status < 0 && err.text[0] && !strchr(err.text, '\n'));
		}
	}
	close(fd);
	return 0;
}
