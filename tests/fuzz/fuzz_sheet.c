/* A sample sheet of any bytes: refused, or groups that hold together. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cohort/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each rule must be the union of its groups, which have nobody in common. */
static void check(const struct vx_cohort *c)
{
	for (uint32_t g = 0; g < c->groups.n; g++) {
		uint32_t beg = c->groups.rule_beg[g], end = c->groups.rule_beg[g + 1], sum = 0;

		for (uint32_t i = beg; i < end; i++)
			sum += c->size[c->groups.rule[i]];
		if (beg < end && sum != c->size[g])
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vx_slice samples[4] = {{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}};
	struct vx_header header = {.n_samples = 4, .samples = samples};
	struct vidx_error err = {0};
	char path[64];
	int fd = memfd_create("sheet", 0);

	if (fd < 0)
		return 0;
	if (write(fd, data, size) != (ssize_t)size) {
		close(fd);
		return 0;
	}
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	for (int i = 0; i < 4; i++) {
		struct vx_sheet_options options = {.path = path,
						   .group_by = i & 1 ? "pop" : "super,pop",
						   .by_sex = i >> 1,
						   .allow_unlisted = 1,
						   .exclude_path = i == 3 ? path : NULL};
		struct vx_cohort cohort;

		memset(&err, 0, sizeof err);
		if (vx_cohort_build(&cohort, &options, &header, &err) == 0) {
			check(&cohort);
			vx_cohort_release(&cohort);
		} else if (err.status >= 0 || !err.text[0] || strchr(err.text, '\n')) {
			abort();
		}
	}
	close(fd);
	return 0;
}
