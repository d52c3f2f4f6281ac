/*
 * infomap: which INFO key is which metric of which group, by the grammar of the source.
 */
#ifndef VX_COHORT_INFOMAP_H
#define VX_COHORT_INFOMAP_H

#include "base/arena.h"
#include "base/reason.h"
#include "cohort/group.h"
#include "input/header.h"
#include "input/record.h"

/*
 * How the values of a key belong to ALTs.  Many writers declare Number=1 or '.' and then give
 * one value per ALT; with as many values as ALTs VX_SHARED takes them so.
 */
enum vx_per_alt { VX_SHARED, VX_PER_ALT, VX_PER_ALLELE };

struct vx_infomap_entry {
	struct vx_slice key; /* as in the header; owned by the map */
	int metric;          /* enum vidx_metric */
	uint32_t group;
	int per_alt;     /* enum vx_per_alt: by the Number of the header */
	uint32_t divide; /* 2 where the source counts hom alleles and vidx people, else 1 */
	uint32_t at;     /* slot of the metric * groups.n + group: where in an ALT's values */
};

struct vx_infomap {
	struct vx_groups groups;
	uint32_t metrics; /* bits of enum vidx_metric present */
	uint32_t n;
	struct vx_infomap_entry *entry;
	struct vx_slice *ignored; /* count-like keys (AC, AF, hom, ...) that were not mapped */
	uint32_t n_ignored;
	struct vx_arena arena; /* owns the keys */
	const char *grammar;   /* "gnomAD", "plain", ... for the printed summary */
};

/*
 * Builds the map from a header.  populations: comma-separated list of groups to keep (ALL is
 * always kept), or NULL.
 * Part of the contract here: plain AC/AN (also nhomalt) and the gnomAD grammar (v2 ... v4:
 * AC_afr_XX, AC_afr_female, AC_XX, nhomalt_...; exomes/genomes/joint prefixes and subsets are
 * further groups); fill-tags' AC_Hom/AC_Het/AC_Hemi count alleles there.
 * And the names that vidx dump itself writes (AC, AN, nhomalt, nhemi, het, each with _GROUP): an
 * index built from a dump has the same groups in the same order; the ##vidx_group lines of
 * vx_groups_describe(), where there are any, also give hierarchy and sums.  ExAC (ALL is Adj)
 * and the AC_hom of mtDNA files are read too; other grammars are rows of a table in infogram.c.
 * A group other than ALL needs AC and AN; ALL needs AC.
 * Errors: VIDX_EBADINPUT (no AC/AN found: names the file), VIDX_EUSAGE, VIDX_ENOMEM.
 */
int vx_infomap_build(struct vx_infomap *map, const struct vx_header *header,
		     const char *populations, const char *file, struct vidx_error *err);
void vx_infomap_release(struct vx_infomap *map);

/*
 * Reads one record's counts: record->info must come from a vx_wanted over the map's keys in
 * order.  value: n_alts x popcount(metrics) x groups.n as codec/row.h lays a row out per ALT;
 * VX_NONE where not given.
 * Returns VX_KEPT or VX_BAD_COUNTS (wrong number of values, not a count, AC > AN in a group):
 * *bad_ret names the text.
 */
enum vx_reason vx_infomap_read(const struct vx_infomap *map, const struct vx_record *record,
			       uint64_t *value, struct vx_slice *bad_ret);

#endif
