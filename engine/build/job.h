/*
 * job: a stretch of the ordered rows -> blocks.  Jobs are cut from the stream by number of rows
 * and bytes of their kept INFO alone, so the blocks do not depend on how the input was cut; each is packed by one worker, any
 * number side by side, and they are appended in order.
 */
#ifndef VX_BUILD_JOB_H
#define VX_BUILD_JOB_H

#include "base/buf.h"
#include "build/unit.h"
#include "codec/block.h"
#include "store/append.h"
#include "store/idsort.h"

/*
 * Rows of a job: as many as make about 8 MiB unpacked.  More rows waste less of the last, half
 * filled block of a job (2 KB a job on average); fewer keep memory down and spread small builds
 * over the threads.
 */
#define VX_JOB_BYTES    ((size_t)8 << 20)
#define VX_JOB_ROWS_MAX 65536
#define VX_JOB_ROWS_MIN 64
/* Kept INFO may be long: with as many bytes of it a job is full as well. */
#define VX_JOB_KEPT_MAX ((size_t)16 << 20)

struct vx_job_block {
	size_t offset, len;   /* in vx_job.bytes */
	uint64_t locus, hash; /* of its first row */
	uint64_t reach;       /* vx_block_max_end() */
};

struct vx_job_contig {
	uint32_t rank;
	uint64_t n_rows;
	struct vx_slice name;
};

struct vx_job {
	uint64_t number; /* from 0, in order */
	struct vx_row **row;
	struct vx_run **run; /* whose memory the rows are in */
	size_t n_rows, cap_rows;
	size_t n_kept;                /* bytes of their kept INFO */
	struct vx_job_contig *contig; /* stretches of rows, in order */
	size_t n_contigs, cap_contigs;
	struct vx_buf bytes;
	struct vx_job_block *block;
	size_t n_blocks, cap_blocks;
	uint64_t *id; /* entries of the rows' IDs, with blocks counted within the job */
	size_t n_ids, cap_ids;
	struct vx_hash128 digest;
	struct vx_job *link;
};

size_t vx_job_rows(const struct vx_shape *shape);
int vx_job_new(const struct vx_shape *shape, struct vx_job **job_ret);
void vx_job_free(struct vx_job *job);
void vx_job_reset(struct vx_job *job);

/* Adds a row, which stays where it is until the job is packed.  1: the job is full now. VIDX_ENOMEM. */
int vx_job_add(struct vx_job *job, struct vx_row *row, struct vx_run *run, struct vx_slice contig);

/* Packs all rows.  Errors: VIDX_ENOMEM, VIDX_EUSAGE.  One thread per job and packer. */
int vx_job_pack(struct vx_job *job, struct vx_packer *packer, const struct vx_shape *shape,
		unsigned hash_bits, struct vidx_error *err);

/* What the appended jobs add up to: the totals of the index's meta. */
struct vx_totals {
	uint64_t n_variants, n_blocks;
	struct vx_hash128 digest;
	uint64_t *contig_variants; /* by rank */
	size_t cap_contigs;
	uint64_t *reach; /* by block */
	size_t cap_reach;
	struct vx_idsort *ids; /* NULL: the index has none */
};

/* Begins with nothing.  VIDX_ENOMEM; to be released in any case. */
int vx_totals_init(struct vx_totals *totals, const struct vx_build_options *options,
		   struct vidx_error *err);

/*
 * Appends the blocks of a packed job and adds it to the totals.  Errors: of vx_append_block() and
 * vx_idsort_add(), VIDX_ENOMEM.
 */
int vx_job_append(const struct vx_job *job, struct vx_append *append, struct vx_totals *totals,
		  struct vidx_error *err);
void vx_totals_release(struct vx_totals *totals);

#endif
