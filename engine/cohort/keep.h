/*
 * keep: which other INFO of its inputs an index keeps (--keep-info): the keys, and what the headers
 * say of them.  How a row holds their values is keeprow's.
 */
#ifndef VX_COHORT_KEEP_H
#define VX_COHORT_KEEP_H

#include "base/arena.h"
#include "base/buf.h"
#include "cohort/group.h"
#include "input/header.h"

/* Stored as these numbers.  A Character is a String that a header calls so. */
enum vx_keep_type {
	VX_KEEP_FLAG,
	VX_KEEP_INTEGER,
	VX_KEEP_FLOAT,
	VX_KEEP_STRING,
	VX_KEEP_CHARACTER,
	VX_KEEP_N_TYPES
};

/* What becomes of the values where a record is split: by the Number of the header. */
enum vx_keep_share {
	VX_KEEP_SHARED,      /* all of them go with every ALT */
	VX_KEEP_PER_ALT,     /* A: the ALT's own */
	VX_KEEP_PER_ALLELE,  /* R: those of REF and of the ALT */
	VX_KEEP_PER_GENOTYPE /* G: those of the three genotypes of REF and the ALT */
};

/* Texts end in NUL and are the keep's. */
struct vx_keep_key {
	const char *name, *number, *description;
	const char *declared_by; /* the first input that declares it (borrowed), or NULL */
	enum vx_keep_type type;
	enum vx_keep_share share;
	uint32_t at; /* index of the key in the vx_wanted of the build */
};

/* More keys than any file has use for; a bound on what damaged bytes can ask for. */
#define VX_KEEP_MAX 4096

struct vx_keep {
	uint32_t n;
	struct vx_keep_key *key; /* in the order asked for */
	struct vx_arena arena;
};

void vx_keep_init(struct vx_keep *keep);
void vx_keep_release(struct vx_keep *keep);

/* Takes the keys of "KEY,KEY".  Errors: VIDX_EUSAGE (empty, twice, too many), VIDX_ENOMEM. */
int vx_keep_list(struct vx_keep *keep, const char *list, struct vidx_error *err);
/*
 * Takes what the header of an input says of the keys: the first that declares one decides.
 * Errors: VIDX_ECONFLICT (another Number or Type than before, named), VIDX_ENOMEM.
 */
int vx_keep_declare(struct vx_keep *keep, const struct vx_header *header, const char *path,
		    struct vidx_error *err);
/*
 * After the last header.  Errors: VIDX_EUSAGE: no header declares a key; or it has a name under
 * which vidx dump writes a count of these groups, or the span.
 */
int vx_keep_check(const struct vx_keep *keep, const struct vx_groups *groups,
		  struct vidx_error *err);

/* Its enum vidx_info_type. */
static inline int vx_keep_public_type(enum vx_keep_type type)
{
	return type < VX_KEEP_STRING ? (int)type : VIDX_INFO_STRING;
}
/* Its description without VCF's backslashes before \" and \\, from the arena.  NULL: no memory. */
char *vx_keep_describe(const struct vx_keep_key *key, struct vx_arena *arena);
/* "Integer", "Flag", ... */
const char *vx_keep_type_name(enum vx_keep_type type);

/* To and from the bytes of meta.  Errors: VIDX_EBADINDEX, VIDX_ENOMEM; release in any case. */
void vx_keep_write(const struct vx_keep *keep, struct vx_buf *out);
int vx_keep_read(struct vx_keep *keep, const void *p, size_t len, struct vidx_error *err);

#endif
