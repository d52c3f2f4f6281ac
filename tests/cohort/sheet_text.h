/* A cohort for tests: sample names and a sheet given as text, written to a file for a moment. */
#ifndef TESTS_COHORT_SHEET_TEXT_H
#define TESTS_COHORT_SHEET_TEXT_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cohort/sheet.h"

static inline void sheet_write(char *path, const char *text)
{
	const char *dir = getenv("TMPDIR");
	int fd;

	snprintf(path, 256, "%s/vidx-sheet-XXXXXX", dir ? dir : P_tmpdir);
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

/* A header with the samples named in a list such as "a b c"; free header->samples. */
static inline void sheet_header(struct vx_header *header, const char *names)
{
	struct vx_slice rest = vx_slice_str(names), field;

	memset(header, 0, sizeof *header);
	header->samples = malloc((strlen(names) + 1) * sizeof *header->samples);
	while (vx_split(&rest, ' ', &field))
		if (field.len)
			header->samples[header->n_samples++] = field;
}

/* Builds; sheet and exclude are texts or NULL. */
static inline int sheet_build(struct vx_cohort *cohort, struct vx_sheet_options *options,
			      const char *names, const char *sheet, const char *exclude,
			      struct vidx_error *err)
{
	char path[256], exclude_path[256];
	struct vx_header header;
	int rc;

	sheet_header(&header, names);
	if (sheet) {
		sheet_write(path, sheet);
		options->path = path;
	}
	if (exclude) {
		sheet_write(exclude_path, exclude);
		options->exclude_path = exclude_path;
	}
	rc = vx_cohort_build(cohort, options, &header, err);
	if (sheet)
		unlink(path);
	if (exclude)
		unlink(exclude_path);
	options->path = options->exclude_path = NULL;
	free(header.samples);
	return rc;
}

#endif
