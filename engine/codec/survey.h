/*
 * survey: looks at the rows that may go into one block and settles what they have in common: the
 * parameters of the counts, the FILTER dictionary, the presence patterns.  All of it also holds
 * for fewer of these rows.
 */
#ifndef VX_CODEC_SURVEY_H
#define VX_CODEC_SURVEY_H

#include "base/buf.h"
#include "codec/counts.h"

/* What is gathered about one leaf. */
struct vx_leaf_tally {
	uint64_t steps;               /* sum of |AN - AN of the row before| */
	uint64_t missing;             /* sum of distances from the most AN, in units */
	uint64_t carriers;            /* sum of AC over rows with many carriers */
	uint64_t hemi_plain, hemi_ac; /* rows where nhemi is not 0; not what AC predicts */
};

struct vx_survey {
	const struct vx_shape *shape;
	const struct vx_plan *plan;
	struct vx_counts counts; /* the result: views into the buffers below */
	struct vx_buf leaf, mask, pattern, filters;
	uint32_t *filter; /* for each row: its index in the dictionary */
	uint32_t n_filters;
	struct vx_leaf_tally *tally; /* for each leaf */
	/* AN of each leaf: of the row at hand; the most and least; rows where it is odd, is given. */
	struct {
		uint64_t *now, *most, *least, *odd, *seen;
	} an;
	struct vx_names *names;
	uint64_t *copy;
	uint32_t cap_rows;
	int full_seen;   /* a row without absent values */
	uint64_t any_ac; /* all AC, ORed */
	uint64_t n_no_carriers, n_sampled;
	uint64_t total_hist[64]; /* rows by the bit length of their missing total */
};

int vx_survey_init(struct vx_survey *survey, const struct vx_shape *shape,
		   const struct vx_plan *plan);
void vx_survey_release(struct vx_survey *survey);
/* Errors: VIDX_ENOMEM, VIDX_EUSAGE (a count over VX_COUNT_MAX). */
int vx_survey_run(struct vx_survey *survey, const struct vx_row *const *rows, uint32_t n,
		  struct vidx_error *err);
/* Whether some AN differs from another by an odd number. */
static inline int vx_survey_is_odd(const struct vx_survey *s, uint32_t j)
{
	return s->an.odd[j] != 0 && s->an.odd[j] != s->an.seen[j];
}

/* Fills survey->counts from what was gathered.  Private: vx_survey_run() calls it. */
void vx_survey_settle(struct vx_survey *survey);
/* Bits of a FILTER code that is not the shortest; 0: one FILTER only, no code. */
unsigned vx_survey_filter_bits(const struct vx_survey *survey);

#endif
