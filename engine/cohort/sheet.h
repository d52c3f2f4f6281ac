/* sheet: the sample sheet, and which samples of the input belong to which groups. */
#ifndef VX_COHORT_SHEET_H
#define VX_COHORT_SHEET_H

#include "base/slice.h"
#include "cohort/group.h"
#include "input/header.h"

enum vx_sex { VX_SEX_UNKNOWN, VX_SEX_XX, VX_SEX_XY };

struct vx_sheet_options {
	const char *path;         /* the sheet (tab-separated, header line), or NULL: only ALL */
	const char *group_by;     /* "super_pop,pop", or NULL */
	const char *exclude_path; /* file of sample names not to count, one a line, or NULL */
	int by_sex;               /* XX and XY of every group */
	int allow_unlisted;       /* a sample not in the sheet counts in ALL only */
};

/* The samples of one cohort: groups and who is in them. */
struct vx_cohort {
	struct vx_groups groups;
	uint32_t n_samples;      /* columns of the input, excluded ones too */
	uint32_t n_words;        /* 64-bit words of a mask: (n_samples + 63) / 64 */
	uint64_t *mask;          /* groups.n * n_words; bit i of group g: sample i counts in g */
	uint32_t *size;          /* samples per group */
	uint8_t *sex;            /* enum vx_sex per sample */
	uint32_t n_not_in_input; /* samples of the sheet that the input lacks */
	uint32_t n_excluded;
	uint32_t n_unlisted;        /* samples of the input that the sheet lacks (ALL only) */
	uint32_t n_exclude_unknown; /* names of the exclude file that the input lacks */
	/*
	 * The groups that are counted, the leaves, are those without a sum rule; here every rule
	 * holds exactly, by membership.  Leaf l is group leaf[l]; its samples, once more, as
	 * word w of leaf l in leaf_mask[w * n_leaves + l] and as the leaves of each sample
	 * member[member_beg[i]..member_beg[i + 1]).
	 */
	uint32_t n_leaves;
	uint32_t *leaf;
	uint64_t *leaf_mask;
	uint32_t *member_beg, *member;
};

/*
 * Reads the sheet and fits it to the input's samples.  First column the sample; a column named
 * sex or gender (XX/XY, male/female, M/F, 1/2; any case; 0, NA, empty, unknown: unknown);
 * trailing tabs tolerated.
 * An empty value, '.' or NA of a group_by column puts the sample in no group of that column.
 * Groups: ALL; with by_sex XX, XY; then every value of each group_by column in order of first
 * appearance in the sheet among samples of the input..., each followed with by_sex by NAME_XX,
 * NAME_XY.  A value that appears in two columns is one group if the members agree, else
 * VIDX_EUSAGE.  Hierarchy: a group of a later column that lies within one group of an earlier
 * column is its child.
 * Errors: VIDX_EIO, VIDX_EBADINPUT (sheet malformed: file, line, text; a sample twice; an input
 * sample not in the sheet unless allow_unlisted), VIDX_EUSAGE (no such column, over
 * VX_GROUPS_MAX groups), VIDX_ENOMEM.
 */
int vx_cohort_build(struct vx_cohort *cohort, const struct vx_sheet_options *options,
		    const struct vx_header *header, struct vidx_error *err);
void vx_cohort_release(struct vx_cohort *cohort);

#endif
