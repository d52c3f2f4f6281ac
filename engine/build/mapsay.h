/* mapsay: which INFO keys were taken for what, for people. */
#ifndef VX_BUILD_MAPSAY_H
#define VX_BUILD_MAPSAY_H

#include "base/log.h"
#include "cohort/infomap.h"

/*
 * One line: the grammar, how many keys became counts of how many groups, how many frequencies are
 * checked, and the first few keys that look like counts and are not used.  At VX_LOG_DEBUG also
 * every key, by group, all of those not used, and all others that the header declares.
 */
void vx_mapsay(const struct vx_infomap *map, const struct vx_header *header, struct vx_log *log,
	       const char *path);

#endif
