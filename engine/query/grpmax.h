/* grpmax: the highest among populations.  The public half is vidx_grpmax() and vidx_fafmax(). */
#ifndef VX_QUERY_GRPMAX_H
#define VX_QUERY_GRPMAX_H

#include "cohort/group.h"
#include "vidx.h"

/*
 * Writes the groups that are eligible when nobody says which: those right below ALL but for the
 * sexes; where these have gnomAD's names (afr, amr, eas and nfe are among them, in any case) only
 * its continental ancestries afr, amr, eas, mid, nfe and sas, without mid where there is an oth
 * (v3, which had few of them; later releases call the rest remaining).  out has room for groups->n.
 * Returns how many.  Pure.
 */
uint32_t vx_grpmax_default(const struct vx_groups *groups, uint32_t *out);

/* Who is compared, and by what. */
struct vx_contest {
	const uint32_t *groups;
	uint32_t n_groups;
	/* 0 and *ret, or VIDX_NOVALUE: does not take part */
	int (*value)(void *context, const struct vidx_site *site, uint32_t group, double *ret);
	void *context;
};

/* The group of the highest value, the first of equals.  VIDX_NOVALUE; VIDX_EUSAGE (no such group). */
int vx_grpmax_highest(const struct vx_contest *contest, const struct vidx_site *site,
		      struct vidx_peak *peak_ret);

#endif
