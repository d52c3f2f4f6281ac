/*
 * ext: the section of a block that holds the kept INFO of its rows (cohort/keep.h), a column for
 * each key.  It comes last, so that lookups that do not ask for it do not touch it, and it is not
 * there where no row of the block has any.  FORMAT.md has the layout.
 */
#ifndef VX_CODEC_EXT_H
#define VX_CODEC_EXT_H

#include "codec/row.h"

/* The kinds of column. */
enum vx_ext_kind {
	VX_EXT_FLAG = 1,    /* nothing but which rows */
	VX_EXT_INTEGER = 2, /* distances from the least, of one width */
	VX_EXT_FLOAT = 3,   /* four bytes each */
	VX_EXT_VALUES = 4,  /* numbers of a dictionary of whole values */
	VX_EXT_WORDS = 5    /* text as numbers of a dictionary of words */
};

/* Which rows have the key. */
enum vx_ext_rows { VX_EXT_ALL_ROWS, VX_EXT_BITMAP, VX_EXT_LIST };

#define VX_EXT_COLUMN_HEADER 8
/* A bitmap is cut into chunks of this many rows, each behind the number of those before it. */
#define VX_EXT_CHUNK_LOG2 9
#define VX_EXT_CHUNK      (1u << VX_EXT_CHUNK_LOG2)
/*
 * Text of more bytes than this is never made of words, so that a few damaged bytes cannot stand
 * for gigabytes.
 */
#define VX_EXT_WORDS_MAX (1u << 20)

/* Values looked at for one block, of every key that its rows have: 16 bytes each. */
#define VX_EXT_VALUES_MAX (UINT64_C(1) << 20)

/* A word: what stands before some of "|,:&", and these. */
static inline int vx_ext_is_separator(char c)
{
	return c == '|' || c == ',' || c == ':' || c == '&';
}

/* One thread's writer of sections.  Errors: VIDX_ENOMEM.  keep is borrowed. */
struct vx_ext;
int vx_ext_new(const struct vx_keep *keep, struct vx_ext **ext_ret);
void vx_ext_free(struct vx_ext *ext);

/*
 * How many of the n rows may be looked at together: where they have many keys fewer, so that memory
 * is bounded.  At least 1, if n is.
 */
uint32_t vx_ext_limit(struct vx_ext *ext, const struct vx_row *const *rows, uint32_t n);
/* Looks at the rows that may go into one block: at most vx_ext_limit(). */
int vx_ext_survey(struct vx_ext *ext, const struct vx_row *const *rows, uint32_t n);
/* About how many bytes the section of the first n of them takes; seldom less than it does. */
uint64_t vx_ext_bound(const struct vx_ext *ext, uint32_t n);
/* Writes the section of the first n rows of the survey into *out, from its start; or nothing. */
int vx_ext_write(struct vx_ext *ext, uint32_t n, struct vx_buf *out);

#endif
