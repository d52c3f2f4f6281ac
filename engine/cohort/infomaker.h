/*
 * infomaker: an info map in the making, for the rooms that read keys into it (infomap, infodump,
 * infofile).
 */
#ifndef VX_COHORT_INFOMAKER_H
#define VX_COHORT_INFOMAKER_H

#include "base/strmap.h"
#include "cohort/infomap.h"

/* More draft groups than may be kept: a filter may still choose among them. */
#define VX_DRAFTS_MAX (4 * VX_GROUPS_MAX)

/* A group that the keys speak of, before it is known whether it stays. */
struct vx_draft {
	struct vx_slice name, base;
	int sex;
	uint32_t has;   /* bits of enum vidx_metric and VX_METRIC_AF */
	uint32_t first; /* draft number of the first group with the same base: its place */
	uint32_t final; /* group number, or VX_NO_GROUP */
	struct vx_slice parent, sum; /* of a ##vidx_group line */
};

struct vx_infomaker {
	struct vx_infomap *map;
	const struct vx_header *header;
	const char *file;
	struct vx_strmap by_name, by_base; /* -> draft */
	struct vx_draft *draft;
	uint32_t n;
	int dumped;    /* the groups are those of ##vidx_group lines */
	int ordered;   /* they stand in the order in which they appeared */
	int partition; /* those directly under ALL make up everybody */
	uint32_t n_order;
	uint32_t *order; /* drafts that stay, in the order of the groups */
};

/* Finds or makes the draft of a group.  Errors: VIDX_EUSAGE (too many), VIDX_ENOMEM. */
int vx_infomaker_draft(struct vx_infomaker *m, struct vx_slice name, struct vx_slice base, int sex,
		       uint32_t *draft_ret, struct vidx_error *err);
/*
 * Makes the entry of a field: sense gives metric, form and divide; draft is its group.  The second
 * key of a group and metric is ignored.  0 or VIDX_ENOMEM.
 */
int vx_infomaker_entry(struct vx_infomaker *m, const struct vx_header_field *field, uint32_t draft,
		       const struct vx_key_sense *sense);
/* Lists the key as one not mapped, if it looks like a count.  0 or VIDX_ENOMEM. */
int vx_infomaker_ignore(struct vx_infomaker *m, const struct vx_header_field *field);
/* The final number of a group by name, or VX_NO_GROUP. */
uint32_t vx_infomaker_final(const struct vx_infomaker *m, struct vx_slice name);

/* infodump: makes drafts of ##vidx_group lines; m->dumped: there were some, ALL first. */
int vx_infodump_groups(struct vx_infomaker *m, struct vidx_error *err);
/* Reads the INFO lines of a dump. */
int vx_infodump_fields(struct vx_infomaker *m, struct vidx_error *err);
/* Takes the sums of a dump's lines, as far as all their groups are here. */
int vx_infodump_rules(struct vx_infomaker *m, struct vidx_error *err);

/* infofile: reads a file that says what each key is. */
int vx_infofile_read(struct vx_infomaker *m, const char *path, struct vidx_error *err);

#endif
