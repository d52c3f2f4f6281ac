/*
 * columns: files whose sample columns are populations: FORMAT AN:AC and no GT, as dbSNP publishes
 * its allele frequency aggregator (ALFA).
 */
#ifndef VX_COHORT_COLUMNS_H
#define VX_COHORT_COLUMNS_H

#include "cohort/infomap.h"

struct vx_infomaker;

/* Nonzero: sample columns, FORMAT declares AN and AC, and no GT. */
int vx_columns_speak(const struct vx_header *header);

/*
 * The groups of the columns: those of ALFA by their BioSample accessions, with its hierarchy, all
 * others by the column's name, below ALL.  "Total", "TOT" and "ALL" are ALL, which has to be there.
 * VIDX_EBADINPUT (no total; a group twice), VIDX_EUSAGE (too many groups), VIDX_ENOMEM.
 */
int vx_columns_groups(struct vx_infomaker *m, struct vidx_error *err);
/* After the groups have their numbers: which is each column's.  0 or VIDX_ENOMEM. */
int vx_columns_settle(struct vx_infomaker *m);

/*
 * Reads one record's counts, of a map with columns, as vx_infomap_read() does.  A column that is
 * '.' gives none.  VX_BAD_COUNTS: FORMAT without AN or AC, another number of AC than ALTs, no
 * count, AC > AN.
 */
enum vx_reason vx_columns_read(const struct vx_infomap *map, const struct vx_record *record,
			       uint64_t *value, struct vx_slice *bad_ret);

#endif
