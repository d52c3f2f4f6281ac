/*
 * GT arrays of BCF, of each integer type and any number of values a sample: every path must say the
 * same and keep to its bytes, and what is genotypes counts as the same genotypes in text do.  The
 * first bytes of the input are the number of ALTs, the type and whether people have one copy, and
 * the number of values.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scan.h"
#include "cohort/count.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int fact)
{
	if (!fact)
		abort();
}

/* A cohort of n samples, all in ALL. */
static void make_cohort(struct vx_cohort *cohort, uint32_t n)
{
	struct vx_sheet_options options = {0};
	struct vx_header header = {.n_samples = n};

	header.samples = calloc(n + 1, sizeof *header.samples);
	must(header.samples != NULL);
	for (uint32_t i = 0; i < n; i++)
		header.samples[i] = vx_slice("s", 1);
	must(vx_cohort_build(cohort, &options, &header, NULL) == 0);
	free(header.samples);
}

/* Every third of one copy, every seventh of none. */
static void make_copies(struct vx_copies *copies, const struct vx_cohort *cohort)
{
	copies->single = calloc(2 * (size_t)cohort->n_words + 1, sizeof *copies->single);
	must(copies->single != NULL);
	copies->none = copies->single + cohort->n_words;
	copies->an = copies->none + cohort->n_words;
	for (uint32_t i = 0; i < cohort->n_samples; i++) {
		uint64_t bit = UINT64_C(1) << (i % 64);

		if (i % 7 == 6)
			copies->none[i / 64] |= bit;
		else if (i % 3 == 2)
			copies->single[i / 64] |= bit;
		*copies->an += i % 7 == 6 ? 0 : i % 3 == 2 ? 1 : 2;
	}
}

static uint32_t value_at(const struct vx_record *record, size_t i)
{
	if (record->gt_type == 1)
		return record->gt[i];
	if (record->gt_type == 2)
		return vx_load16(record->gt + 2 * i);
	return vx_load32(record->gt + 4 * i);
}

/* The same genotypes as text, with room behind; only asked for where all are genotypes. */
static void write_text(const struct vx_record *record, struct vx_buf *text)
{
	uint32_t missing = record->gt_type == 1 ? 0x80 : record->gt_type == 2 ? 0x8000 : 1u << 31;
	static const char room[VX_SCAN_ROOM];

	for (uint32_t i = 0; i < record->n_samples; i++) {
		if (i)
			vx_buf_addc(text, '\t');
		for (uint32_t k = 0; k < record->gt_width; k++) {
			uint32_t v = value_at(record, (size_t)i * record->gt_width + k);

			if (v == missing + 1)
				break;
			if (k)
				vx_buf_addc(text, v & 1 ? '|' : '/');
			if (v == missing || v < 2)
				vx_buf_addc(text, '.');
			else
				vx_buf_addu(text, (v >> 1) - 1);
		}
		if (text->len == 0 || text->p[text->len - 1] == '\t')
			vx_buf_addc(text, '.');
	}
	vx_buf_add(text, room, sizeof room);
	must(!text->failed);
}

static enum vx_reason count(const struct vx_cohort *cohort, const struct vx_copies *copies,
			    const struct vx_record *record, int path, uint64_t *value)
{
	struct vx_slice bad = {"", 0};
	struct vx_counter *counter;
	enum vx_reason reason;

	must(vx_counter_new(cohort, &counter, NULL) == 0);
	vx_counter_force(counter, path);
	vx_counter_copies(counter, copies);
	reason = vx_count(counter, record, value, &bad);
	must(reason == VX_KEPT || (reason == VX_BAD_GT && bad.len > 0));
	vx_counter_free(counter);
	return reason;
}

static void compare(const struct vx_cohort *cohort, const struct vx_copies *copies,
		    const struct vx_record *record)
{
	size_t n = (size_t)record->n_alts * VX_COUNT_N_METRICS;
	uint64_t *want = calloc(n + 1, sizeof *want), *got = calloc(n + 1, sizeof *got);
	enum vx_reason reason;

	must(want && got);
	reason = count(cohort, copies, record, VX_SCAN_SCALAR, want);
	for (int path = VX_SCAN_SCALAR + 1; path < VX_SCAN_N_PATHS; path++)
		must(count(cohort, copies, record, path, got) == reason &&
		     (reason != VX_KEPT || memcmp(want, got, n * sizeof *want) == 0));
	if (reason == VX_KEPT) {
		struct vx_record twin = *record;
		struct vx_buf text;

		vx_buf_init(&text);
		write_text(record, &text);
		twin.gt_form = VX_GT_TEXT;
		twin.n_format = 1;
		twin.samples = vx_slice((const char *)text.p, text.len - VX_SCAN_ROOM);
		must(count(cohort, copies, &twin, VX_SCAN_SCALAR, got) == VX_KEPT);
		must(memcmp(want, got, n * sizeof *want) == 0);
		vx_buf_release(&text);
	}
	free(want);
	free(got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vx_record record = {.gt_form = VX_GT_BCF};
	struct vx_copies copies;
	struct vx_cohort cohort;
	size_t sample_len, len;
	uint8_t *gt;

	if (size < 3)
		return 0;
	record.n_alts = data[0] < 250 ? data[0] % 40 : data[0] < 255 ? 300 : 40000;
	record.gt_type = 1 + data[1] % 3;
	record.gt_width = 1 + data[2] % 6;
	sample_len = (size_t)record.gt_width << (record.gt_type - 1);
	record.n_samples = (uint32_t)((size - 3) / sample_len);
	if (record.n_samples == 0)
		return 0;
	len = record.n_samples * sample_len;
	gt = malloc(len); /* an exact fit, so that a sanitizer sees its end */
	if (!gt)
		return 0;
	memcpy(gt, data + 3, len);
	record.gt = gt;
	make_cohort(&cohort, record.n_samples);
	make_copies(&copies, &cohort);
	compare(&cohort, data[1] & 0x80 ? &copies : NULL, &record);
	free(copies.single);
	vx_cohort_release(&cohort);
	free(gt);
	return 0;
}
