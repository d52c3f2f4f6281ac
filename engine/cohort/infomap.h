/*
 * infomap: which INFO key is which metric of which group, by the grammar of the source.
 */
#ifndef VX_COHORT_INFOMAP_H
#define VX_COHORT_INFOMAP_H

#include "base/arena.h"
#include "base/reason.h"
#include "cohort/group.h"
#include "cohort/infogram.h"
#include "input/header.h"
#include "input/record.h"

/*
 * How the values of a key belong to ALTs.  Many writers declare Number=1 or '.' and then give
 * one value per ALT; with as many values as ALTs VX_SHARED takes them so.
 */
enum vx_per_alt { VX_SHARED, VX_PER_ALT, VX_PER_ALLELE };

struct vx_infomap_entry {
	struct vx_slice key; /* as in the header; owned by the map */
	int metric;          /* enum vidx_metric, or VX_METRIC_AF */
	enum vx_key_form form;
	uint32_t group;  /* of VX_FORM_BY_GROUP the first that stays */
	int per_alt;     /* enum vx_per_alt: by the Number of the header */
	uint32_t divide; /* 2 where the source counts hom alleles and vidx people, else 1 */
	uint32_t at;     /* slot of the metric * groups.n + group: where in an ALT's values; of AC
			  * for VX_METRIC_AF */
	uint32_t an_at;  /* of AN, for VX_METRIC_AF and VX_FORM_ALTS_THEN_REF */
	/* VX_FORM_BY_GROUP: the group of each value in turn, VX_NO_GROUP where it is left out. */
	uint32_t n_parts;
	uint32_t *part;
};

/* Entries first ... first + n - 1 fill the places at ... at + n - 1 of an ALT's values. */
struct vx_infomap_run {
	uint32_t first, at, n;
};

/* Where in an ALT's values AC and AN of a declared frequency are. */
struct vx_infomap_af {
	uint32_t at, an_at;
};

struct vx_infomap {
	struct vx_groups groups;
	uint32_t metrics;               /* bits of enum vidx_metric present */
	uint32_t n, n_af;               /* keys that are counts; declared frequencies behind them */
	struct vx_infomap_entry *entry; /* n, ascending by their at; n_af */
	uint32_t n_runs;                /* 0: not every count is a plain number of its own place */
	struct vx_infomap_run *run;
	struct vx_infomap_af *af; /* n_af: the places of those entries once more, close together */
	int halves;               /* some counts are divided */
	struct vx_slice *ignored; /* count-like keys (AC, AF, hom, ...) that were not mapped */
	uint32_t n_ignored;
	/* Where populations are sample columns (cohort/columns.h): no entries, but of each column the
	 * group, VX_NO_GROUP where it is left out, and the name. */
	uint32_t n_columns;
	uint32_t *column;
	struct vx_slice *column_name;
	struct vx_arena arena; /* owns the keys */
	const char *grammar;   /* "gnomAD", "plain", ... for the printed summary */
	int people;            /* AC and AN count individuals */
};

struct vx_infomap_options {
	const char *populations; /* comma-separated groups to keep (ALL is always kept), or NULL */
	const char *path;        /* a --info-map file, or NULL: the grammars */
};

/* How many declared frequencies were held against AC / AN, and how many of them differ. */
struct vx_af_check {
	uint64_t n, n_differ;
};

/*
 * Builds the map from a header, by one of the grammars of infogram.c: which, the keys tell.  Or,
 * where vx_columns_speak(), of the sample columns.
 * And the names that vidx dump itself writes (AC, AN, nhomalt, nhemi, het, ac_het, each with
 * _GROUP): an index built from a dump has the same groups in the same order; the ##vidx_group lines
 * of vx_groups_describe(), where there are any, also give hierarchy and sums.
 * A group other than ALL needs AC and AN; ALL needs AC.
 * A file of options->path takes the place of all that: lines of population, metric and INFO key
 * between tabs, # comments; metrics are those of vidx_metric_name(), hom_alleles (twice nhomalt)
 * and af (only checked).  The groups then stand in its order.
 * Errors: VIDX_EBADINPUT (no counts found: names the file, and what looks like counts),
 * VIDX_EUSAGE, VIDX_EIO, VIDX_ENOMEM.
 */
int vx_infomap_build(struct vx_infomap *map, const struct vx_header *header,
		     const struct vx_infomap_options *options, const char *file,
		     struct vidx_error *err);
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
/*
 * Holds the record's declared frequencies against the value that vx_infomap_read() gave, and adds
 * to *check.  One differs when it is no rounding of AC / AN to the digits printed (single precision
 * allowed); nothing is held against a frequency where AC or AN is not given, or AN is 0.
 */
void vx_infomap_check(const struct vx_infomap *map, const struct vx_record *record,
		      const uint64_t *value, struct vx_af_check *check);

#endif
