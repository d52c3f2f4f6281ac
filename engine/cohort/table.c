#include "cohort/table.h"

#include "base/text.h"
#include "vidx.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX ((size_t)1 << 30)

void vx_table_init(struct vx_table *table)
{
	memset(table, 0, sizeof *table);
}

void vx_table_release(struct vx_table *table)
{
	vx_buf_release(&table->text);
	free(table->cell);
	free(table->line);
	memset(table, 0, sizeof *table);
}

static int read_all(const char *path, struct vx_buf *text, struct vidx_error *err)
{
	FILE *f = fopen(path, "rb");
	int rc = 0;

	if (!f)
		return vx_fail(err, VIDX_EIO, "cannot open %s: %s", path, strerror(errno));
	for (;;) {
		size_t n;

		if (vx_buf_reserve(text, 1 << 16) != 0) {
			rc = vx_fail_nomem(err);
			break;
		}
		errno = 0;
		n = fread(text->p + text->len, 1, 1 << 16, f);
		text->len += n;
		if (text->len > FILE_MAX)
			rc = vx_fail(err, VIDX_EBADINPUT, "%s: over 1 GiB long", path);
		if (ferror(f))
			rc = vx_fail(err, VIDX_EIO, "cannot read %s: %s", path, strerror(errno));
		if (n == 0 || rc != 0)
			break;
	}
	fclose(f);
	return rc;
}

struct vx_slice vx_table_strip(struct vx_slice line)
{
	while (line.len && strchr("\r\t ", line.p[line.len - 1]))
		line.len--;
	return line;
}

int vx_table_read(struct vx_table *table, const char *path, struct vidx_error *err)
{
	int rc = read_all(path, &table->text, err);

	if (rc == 0 && table->text.len && memchr(table->text.p, 0, table->text.len))
		return vx_fail(err, VIDX_EBADINPUT, "%s: not a text file", path);
	return rc;
}

int vx_table_open(struct vx_table *table, const char *path, struct vidx_error *err)
{
	struct vx_slice rest;
	int rc = vx_table_read(table, path, err);

	if (rc != 0)
		return rc;
	rest = vx_slice((const char *)table->text.p, table->text.len);
	if (rest.len >= 3 && memcmp(rest.p, "\xef\xbb\xbf", 3) == 0)
		rest = vx_slice(rest.p + 3, rest.len - 3);
	if (!vx_split(&rest, '\n', &table->header) || vx_table_strip(table->header).len == 0)
		return vx_fail(err, VIDX_EBADINPUT, "%s: line 1 is no header line", path);
	table->header = vx_table_strip(table->header);
	return 0;
}

static int same_name(struct vx_slice a, const char *b, int fold)
{
	if (!fold)
		return vx_slice_is(a, b);
	if (a.len != strlen(b))
		return 0;
	for (size_t i = 0; i < a.len; i++)
		if (vx_upper(a.p[i]) != vx_upper(b[i]))
			return 0;
	return 1;
}

int vx_table_column(const struct vx_table *table, const char *name, int fold)
{
	struct vx_slice rest = table->header, field;

	for (int i = 0; vx_split(&rest, '\t', &field); i++)
		if (same_name(field, name, fold))
			return i;
	return -1;
}

/* Cuts one line into the cells of row.  -1: more columns than the header has. */
static int cut(struct vx_slice line, const uint32_t *columns, uint32_t n_columns, uint32_t n_header,
	       struct vx_slice *cell)
{
	struct vx_slice field;

	for (uint32_t c = 0; c < n_columns; c++)
		cell[c] = vx_slice("", 0);
	for (uint32_t i = 0; vx_split(&line, '\t', &field); i++) {
		if (i >= n_header)
			return -1;
		for (uint32_t c = 0; c < n_columns; c++)
			if (columns[c] == i)
				cell[c] = field;
	}
	return 0;
}

int vx_table_rows(struct vx_table *table, const char *path, const uint32_t *columns,
		  uint32_t n_columns, struct vidx_error *err)
{
	const char *end = (const char *)table->text.p + table->text.len;
	const char *p = table->header.p;
	struct vx_slice rest = vx_slice(p, (size_t)(end - p)), line, field;
	struct vx_slice names = table->header;
	uint32_t n_header = 0, number = 1;
	size_t n_lines = 1;

	while (vx_split(&names, '\t', &field))
		n_header++;
	for (size_t i = 0; i < rest.len; i++)
		n_lines += rest.p[i] == '\n';
	table->n_cols = n_columns;
	table->cell = malloc(n_lines * n_columns * sizeof *table->cell);
	table->line = malloc(n_lines * sizeof *table->line);
	if (!table->cell || !table->line || n_lines > UINT32_MAX / (n_columns + 1))
		return vx_fail_nomem(err);
	vx_split(&rest, '\n', &line); /* the header line */
	while (vx_split(&rest, '\n', &line)) {
		number++;
		line = vx_table_strip(line);
		if (line.len == 0)
			continue;
		if (cut(line, columns, n_columns, n_header,
			table->cell + (size_t)table->n_rows * n_columns) != 0)
			return vx_fail(err, VIDX_EBADINPUT,
				       "%s: line %u has more columns than the header line: %.*s",
				       path, number, (int)(line.len > 80 ? 80 : line.len), line.p);
		table->line[table->n_rows++] = number;
	}
	return 0;
}
