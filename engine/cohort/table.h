/* table: a tab-separated file with a header line, a few of its columns. */
#ifndef VX_COHORT_TABLE_H
#define VX_COHORT_TABLE_H

#include "base/buf.h"
#include "base/slice.h"
#include "base/status.h"

struct vx_table {
	struct vx_buf text;      /* the whole file; every slice is a view into it */
	struct vx_slice header;  /* the first line, trailing tabs taken off */
	uint32_t n_rows, n_cols; /* n_cols: the columns asked for */
	struct vx_slice *cell;   /* row * n_cols + column; empty where a row is too short */
	uint32_t *line;          /* number of a row's line in the file, from 1 */
};

/* Makes *table empty.  A released or empty table may be released again. */
void vx_table_init(struct vx_table *table);
void vx_table_release(struct vx_table *table);

/*
 * Reads the file whole into text.
 * Errors: VIDX_EIO, VIDX_EBADINPUT (a NUL byte, over 1 GiB), VIDX_ENOMEM.
 */
int vx_table_read(struct vx_table *table, const char *path, struct vidx_error *err);
/* A line without the tabs, spaces and carriage return at its end. */
struct vx_slice vx_table_strip(struct vx_slice line);

/*
 * The same, and finds the header line; a byte order mark before it is skipped.
 * Errors: also VIDX_EBADINPUT (no header line).
 */
int vx_table_open(struct vx_table *table, const char *path, struct vidx_error *err);
/* The number of a column of the header line, or -1.  fold: letters in any case. */
int vx_table_column(const struct vx_table *table, const char *name, int fold);
/*
 * Reads the rows' cells of the columns (from 0).  Empty lines are skipped.  Errors: VIDX_EBADINPUT
 * (a row with more columns than the header: file, line, text), VIDX_ENOMEM.
 */
int vx_table_rows(struct vx_table *table, const char *path, const uint32_t *columns,
		  uint32_t n_columns, struct vidx_error *err);

#endif
