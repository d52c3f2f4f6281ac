/* view: what of a site is shown: which populations, which fields.  One thread at a time. */
#ifndef VX_RENDER_VIEW_H
#define VX_RENDER_VIEW_H

#include "base/slice.h"
#include "vidx.h"

/* The fields: the default table in its order, and before STATUS what is shown when asked for. */
/* X(name, text). */
#define VX_FIELDS(X)                                                                               \
	X(QUERY, "query")                                                                          \
	X(CONTIG, "contig")                                                                        \
	X(POS, "pos")                                                                              \
	X(REF, "ref")                                                                              \
	X(ALT, "alt")                                                                              \
	X(ID, "id")                                                                                \
	X(FILTER, "filter")                                                                        \
	X(POPULATION, "population")                                                                \
	X(AC, "ac")                                                                                \
	X(AN, "an")                                                                                \
	X(AF, "af")                                                                                \
	X(HET, "het")                                                                              \
	X(NHOMALT, "nhomalt")                                                                      \
	X(NHEMI, "nhemi")                                                                          \
	X(AC_HET, "ac_het")                                                                        \
	X(FAF95, "faf95")                                                                          \
	X(FAF99, "faf99")                                                                          \
	X(GRPMAX, "grpmax")                                                                        \
	X(GRPMAX_AF, "grpmax_af")                                                                  \
	X(FAFMAX95, "fafmax95")                                                                    \
	X(FAFMAX99, "fafmax99")                                                                    \
	X(END, "end")                                                                              \
	X(SVLEN, "svlen")                                                                          \
	X(CHR2, "chr2")                                                                            \
	X(END2, "end2")                                                                            \
	X(STRANDS, "strands")                                                                      \
	X(STATUS, "status")

enum vx_field {
#define VX_X(name, text) VX_FIELD_##name,
	VX_FIELDS(VX_X)
#undef VX_X
		VX_N_FIELDS
};

/* Below this AC the lambdas of faf95 and faf99 are kept once computed: most variants are rare. */
#define VX_LAMBDA_KEPT 1024

struct vx_view {
	const struct vidx_index *index;
	uint32_t n_groups;
	uint32_t *group; /* indexes of the groups shown, in the order asked for */
	uint32_t n_fields;
	enum vx_field *field; /* in the order asked for, each once; also of info */
	int all_fields;       /* none were asked for */
	int wide;             /* one line per variant */
	uint32_t n_grpmax;
	uint32_t *grpmax; /* the groups that grpmax and fafmax compare */
	uint32_t n_info;
	uint32_t *info;   /* the kept INFO keys shown, in the order asked for */
	char **info_name; /* their columns */
	/* Of the site at hand, by vx_infofield_take(): n_info of each. */
	struct vidx_info_value *info_value;
	uint8_t *has_info;
	double lambda95[VX_LAMBDA_KEPT], lambda99[VX_LAMBDA_KEPT]; /* 0: not yet computed */
};

/*
 * populations, fields: comma-separated, or NULL for all.  A field is a name above, or a kept INFO
 * key, which may also be written INFO/KEY.  Errors: VIDX_EUSAGE (an unknown or
 * empty name, or one twice), VIDX_ENOMEM.  *view must be released also after a
 * failure.  The index is borrowed.
 */
int vx_view_init(struct vx_view *view, const struct vidx_index *index, const char *populations,
		 const char *fields, struct vidx_error *err);
void vx_view_release(struct vx_view *view);
/*
 * Has grpmax and fafmax compare these populations, comma-separated, and not those that the index
 * suggests.  Errors: VIDX_EUSAGE, as above.
 */
int vx_view_set_grpmax(struct vx_view *view, const char *populations, struct vidx_error *err);
int vx_view_has(const struct vx_view *view, enum vx_field field);
const char *vx_view_group_name(const struct vx_view *view, uint32_t i_shown);

/* Fields behind the last: number i of the INFO keys shown is VX_N_FIELDS + i. */
static inline int vx_field_is_info(enum vx_field field)
{
	return field >= VX_N_FIELDS;
}
static inline uint32_t vx_field_info(enum vx_field field)
{
	return (uint32_t)field - VX_N_FIELDS;
}

/* field < VX_N_FIELDS. */
const char *vx_field_name(enum vx_field field);
/* Of any field: an INFO key's name, with INFO/ in front where a field has that name. */
const char *vx_view_field_name(const struct vx_view *view, enum vx_field field);
/* VX_FIELD_AC ... VX_FIELD_FAF99: numbers of a population. */
static inline int vx_field_is_number(enum vx_field field)
{
	return field >= VX_FIELD_AC && field <= VX_FIELD_FAF99;
}
/* VX_FIELD_GRPMAX ... VX_FIELD_FAFMAX99: over all populations, one for a variant. */
static inline int vx_field_is_peak(enum vx_field field)
{
	return field >= VX_FIELD_GRPMAX && field <= VX_FIELD_FAFMAX99;
}

/* VX_FIELD_END ... VX_FIELD_STRANDS: what tells symbolic alleles apart; render/ends.h. */
static inline int vx_field_is_end(enum vx_field field)
{
	return field >= VX_FIELD_END && field <= VX_FIELD_STRANDS;
}

/* A field's number for a group (index in the index): a count, or a fraction. */
struct vx_number {
	int is_fraction;
	uint64_t count;
	double fraction;
};

/* 0, or VIDX_NOVALUE.  site NULL: VIDX_NOVALUE. */
int vx_view_number(struct vx_view *view, const struct vidx_site *site, uint32_t group,
		   enum vx_field field, struct vx_number *ret);

/*
 * What a peak field shows: of VX_FIELD_GRPMAX the group, of the others the value.  0, or
 * VIDX_NOVALUE.  site NULL: VIDX_NOVALUE.
 */
int vx_view_peak(struct vx_view *view, const struct vidx_site *site, enum vx_field field,
		 struct vidx_peak *ret);

/* "found", "absent", "not_covered", "suppressed" for 0 and the proper answers of vidx_get(). */
const char *vx_answer_name(int answer);

/* One question and its answer, as the renderers take it. */
struct vx_answer {
	struct vx_slice query;        /* as asked; empty: "." */
	int status;                   /* 0, VIDX_ABSENT, VIDX_NOT_COVERED, VIDX_SUPPRESSED */
	const struct vidx_site *site; /* if status is 0 */
	/* If status is VIDX_ABSENT: the numbers of what was not seen (vx_callable_site()), or NULL. */
	const struct vidx_site *absent;
	struct vidx_allele
		asked; /* if not: what was not found; ref_len 0: a bare place; pos1 0: an ID */
};

/* The site whose numbers an answer shows, or NULL. */
static inline const struct vidx_site *vx_answer_numbers(const struct vx_answer *answer)
{
	return answer->site ? answer->site : answer->absent;
}

#endif
