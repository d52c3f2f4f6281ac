/* member: from "who has which value" to masks, exact sum rules and leaves. */
#ifndef VX_COHORT_MEMBER_H
#define VX_COHORT_MEMBER_H

#include "cohort/sheet.h"

#define VX_NO_UNIT UINT32_MAX

/* One value of one column of the sheet: the people of a population. */
struct vx_population {
	struct vx_slice name;
	uint32_t column; /* the first column that has it */
	uint32_t group;  /* its group; with by_sex, group + 1 is its XX and group + 2 its XY */
};

/* The sheet, fitted to the input's samples. */
struct vx_members {
	uint32_t n_samples, n_columns, n_units;
	struct vx_population *unit;
	uint32_t *unit_of;  /* column * n_samples + sample: its unit there, or VX_NO_UNIT */
	uint8_t *excluded;  /* per sample */
	const uint8_t *sex; /* per sample, enum vx_sex */
	int by_sex;
};

/*
 * The unit of the nearest earlier column that holds all people of each unit: n_units of them, or
 * VX_NO_UNIT.  Excluded people count too, so that the hierarchy does not move with them.
 * VIDX_ENOMEM.
 */
int vx_members_enclose(const struct vx_members *members, uint32_t *parent_ret);

/*
 * Given cohort's groups, fills masks and sizes, replaces the sum rules by exact ones, and makes
 * the leaves.  Errors: VIDX_ENOMEM.
 */
int vx_members_apply(const struct vx_members *members, struct vx_cohort *cohort,
		     struct vidx_error *err);

#endif
