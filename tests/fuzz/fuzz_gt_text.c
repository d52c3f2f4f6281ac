/*
 * Sample columns of one record: every path must say the same, and keep to its bytes.  The first
 * bytes of the input are the number of ALTs, the place of GT in FORMAT and whether it is alone.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"
#include "cohort/count.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A cohort of n samples, all in ALL. */
static void make_cohort(struct vx_cohort *cohort, uint32_t n)
{
	struct vx_sheet_options options = {0};
	struct vx_header header = {.n_samples = n};

	header.samples = calloc(n + 1, sizeof *header.samples);
	for (uint32_t i = 0; header.samples && i < n; i++)
		header.samples[i] = vx_slice("s", 1);
	if (!header.samples || vx_cohort_build(cohort, &options, &header, NULL) != 0)
		abort();
	free(header.samples);
}

static void compare(const struct vx_cohort *cohort, const struct vx_record *record)
{
	size_t n = (size_t)record->n_alts * VX_COUNT_N_METRICS;
	uint64_t *want = calloc(n + 1, sizeof *want), *got = calloc(n + 1, sizeof *got);
	struct vx_slice want_bad = {"", 0}, bad = {"", 0};
	enum vx_reason want_reason = VX_KEPT;
	struct vx_counter *counter;

	if (!want || !got || vx_counter_new(cohort, &counter, NULL) != 0)
		abort();
	for (int path = VX_SCAN_SCALAR; path < VX_SCAN_N_PATHS; path++) {
		enum vx_reason reason;

		vx_counter_force(counter, path);
		reason = vx_count(counter, record, path == VX_SCAN_SCALAR ? want : got,
				  path == VX_SCAN_SCALAR ? &want_bad : &bad);
		if (path == VX_SCAN_SCALAR) {
			want_reason = reason;
			continue;
		}
		if (reason != want_reason || (reason == VX_BAD_GT && !vx_slice_eq(bad, want_bad)) ||
		    (reason == VX_KEPT && memcmp(want, got, n * sizeof *want) != 0))
			abort();
	}
	vx_counter_free(counter);
	free(want);
	free(got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vx_record record = {.gt_form = VX_GT_TEXT, .n_samples = 1};
	struct vx_cohort cohort;
	char *text;

	if (size < 3)
		return 0;
	record.n_alts = data[0] % 40;
	record.n_format = 1 + data[1] % 3;
	record.gt_index = data[2] % record.n_format;
	data += 3;
	size -= 3;
	text = malloc(size + VX_SCAN_ROOM); /* an exact fit, so that a sanitizer sees its end */
	if (!text)
		return 0;
	memcpy(text, data, size);
	memset(text + size, '1', VX_SCAN_ROOM);
	for (size_t i = 0; i < size; i++)
		record.n_samples += data[i] == '\t';
	record.samples = vx_slice(text, size);
	make_cohort(&cohort, record.n_samples);
	compare(&cohort, &record);
	vx_cohort_release(&cohort);
	free(text);
	return 0;
}
