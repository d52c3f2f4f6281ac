/* build: inputs -> index. */
#ifndef VX_BUILD_BUILD_H
#define VX_BUILD_BUILD_H

#include "base/progress.h"
#include "base/log.h"
#include "base/status.h"
#include "store/meta.h"

enum vx_counts_from { VX_COUNTS_AUTO, VX_COUNTS_GT, VX_COUNTS_INFO };

struct vx_build_options {
	const char *output;
	const char *const *inputs; /* paths, "-" is standard input; their order is input order */
	size_t n_inputs;
	const char *assembly;  /* NULL: deduce */
	const char *reference; /* FASTA to check REF and left-align with, or NULL */
	const char *samples, *group_by, *exclude_samples; /* cohort/sheet.h */
	int by_sex, allow_unlisted;
	int no_sex_ploidy; /* genotypes count as they stand on X, Y and MT too */
	enum vx_counts_from counts;
	const char *populations; /* list of groups to index, or NULL: all */
	const char *info_map;    /* cohort/infomap.h; then INFO is read; NULL: by the grammars */
	const char *keep_info;   /* list of INFO keys to keep, or NULL */
	int no_ids, pass_only, strict;
	const char *callable;         /* its track's file (calltrack.h), "gvcf", or NULL */
	const char *report;           /* JSON report file, or NULL; replaced after the index was */
	int threads;                  /* >= 1 */
	int hash_bits;                /* 64, or 2 to test collisions; 0 means 64 */
	size_t ids_bytes;             /* store/idsort.h's bound, smaller in tests; 0: its own */
	struct vx_log *log;           /* may be NULL */
	struct vx_progress *progress; /* may be NULL */
};

static inline unsigned vx_build_hash_bits(const struct vx_build_options *options)
{
	return options->hash_bits ? (unsigned)options->hash_bits : 64;
}

/* Whether the callable track comes from the inputs' reference blocks. */
static inline int vx_build_from_blocks(const struct vx_build_options *options)
{
	return options->callable && strcmp(options->callable, "gvcf") == 0;
}

struct vx_build_summary {
	struct vx_tally tally;
	uint64_t n_variants, index_bytes, input_bytes;
	uint32_t n_sources, n_groups, n_warnings;
	uint64_t n_callable_bases, n_callable_spans; /* of the callable track */
	struct vx_hash128 content_digest;
};

/*
 * Builds and publishes, the index and then its report.  On any failure nothing is left, and an older
 * index at output and an older report stay; only a report that cannot get its name after the index
 * got its own (a pipe that is full, say) leaves that one published and fails all the same.
 * The failure reported is the first in input order at any number of threads.
 * Errors: VIDX_EUSAGE, VIDX_EBADINPUT, VIDX_ECONFLICT, VIDX_EIO, VIDX_EFULL, VIDX_ENOMEM.
 */
int vx_build(const struct vx_build_options *options, struct vx_build_summary *summary_ret,
	     struct vidx_error *err);

#endif
