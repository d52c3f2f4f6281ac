/*
 * inputs: the files of one build, checked against each other before any work begins.
 *
 * All are shards of one cohort: the same samples, or the same INFO counts.  The first input
 * decides what is counted; one that differs is an error that names the difference.
 */
#ifndef VX_BUILD_INPUTS_H
#define VX_BUILD_INPUTS_H

#include "allele/reference.h"
#include "build/build.h"
#include "build/spool.h"
#include "cohort/infomap.h"
#include "cohort/sex.h"
#include "input/source.h"

/* Files up to this number stay open from the first look on; more are opened again when their
 * turn comes, so that tens of thousands of shards need neither descriptors nor buffers.  Fewer
 * where headers are long: what is known of one takes about four times its text (a million sample
 * names: 40 MB), and so many bytes of text may be open at a time. */
#define VX_INPUTS_OPEN_MAX     64
#define VX_INPUTS_HEADER_BYTES ((size_t)32 << 20)

/* A contig that the table lacks, until the build gives it a rank: it sorts behind all others. */
#define VX_NEW_CONTIG 0x800000u

struct vx_input {
	const char *path;           /* the caller's */
	struct vx_source *source;   /* NULL while closed */
	uint64_t first_locus;       /* of its first record; UINT64_MAX when it has none */
	uint64_t size;              /* stored bytes; 0 for a pipe */
	struct vx_meta_source meta; /* what the index will say of it */
};

struct vx_inputs {
	size_t n;
	struct vx_input *input; /* in input order */
	size_t *by_start;       /* the same, in genome order of their first records */
	struct vx_contigs *contigs;
	struct vx_reference *reference; /* NULL: none was given */
	int from_gt;                    /* genotypes are counted, else INFO is read */
	struct vx_cohort cohort;        /* if from_gt */
	struct vx_sexes sexes;          /* if from_gt, and not under --no-sex-ploidy */
	struct vx_infomap map;          /* if not */
	struct vx_keep keep;            /* INFO to keep; n 0: none */
	struct vx_wanted *wanted;      /* INFO keys to read: of map, then those of keep not there */
	struct vx_slice callable_name; /* of that file, as the index tells it */
	struct vx_spool *spool;        /* --callable gvcf: where blocks go; else NULL */
	struct vx_shape shape;
	uint64_t n_bytes; /* stored bytes of all, for progress; 0 when a pipe is among them */
	uint32_t n_warnings;
	int warned_undeclared;
};

/*
 * Opens and checks every input.  Errors: VIDX_EUSAGE, VIDX_EBADINPUT, VIDX_ECONFLICT, VIDX_EIO,
 * VIDX_ENOMEM; of several faulty inputs the first is reported.  *inputs must be released also
 * after a failure.
 */
int vx_inputs_open(struct vx_inputs *inputs, const struct vx_build_options *options,
		   struct vidx_error *err);
void vx_inputs_release(struct vx_inputs *inputs);

/* Says once per build that a contig is indexed though no header declares it.  Serial. */
void vx_inputs_warn_undeclared(struct vx_inputs *inputs, struct vx_log *log, const char *path,
			       struct vx_slice contig);

#endif
