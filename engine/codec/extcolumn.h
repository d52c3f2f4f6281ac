/* extcolumn: the values of one key in one block -> a column.  Private to ext. */
#ifndef VX_CODEC_EXTCOLUMN_H
#define VX_CODEC_EXTCOLUMN_H

#include "codec/bits.h"
#include "codec/ext.h"
#include "codec/names.h"
#include "cohort/keeprow.h"

/* What one row adds to a column. */
struct vx_column_step {
	uint32_t value; /* bytes of a value met for the first time, + 1; 0: it was met before */
	uint32_t words; /* number of its words */
	uint32_t n_new; /* of them met for the first time, and their bytes: */
	uint32_t text;
};

struct vx_column {
	struct vx_names values, words;
	struct vx_column_step *step;
	uint32_t *number; /* of each value that is there, in the dictionary of values */
	uint32_t cap;
	struct vx_buf dictionary;
	/* What is known of the values looked at. */
	uint32_t n;           /* rows that have one */
	int is_single;        /* all are single numbers, none '.' (an Integer) */
	int has_words;        /* all are text, and short enough to be made of words */
	int64_t least, most;  /* of single Integers */
	uint64_t value_bytes; /* of distinct values */
	uint64_t word_bytes;
	uint64_t n_words; /* in all */
};

void vx_column_init(struct vx_column *column);
void vx_column_release(struct vx_column *column);

/* Adds to bits[i + 1] about what row i takes of the column.  VIDX_ENOMEM. */
int vx_column_survey(struct vx_column *column, enum vx_keep_type type, const struct vx_slice *value,
		     uint32_t n, uint64_t *bits);
/* Appends the column of n rows, or nothing where none has a value.  VIDX_ENOMEM. */
int vx_column_write(struct vx_column *column, enum vx_keep_type type, const struct vx_slice *value,
		    uint32_t n, struct vx_buf *out);

#endif
