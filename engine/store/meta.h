/* meta: the index describing itself. */
#ifndef VX_STORE_META_H
#define VX_STORE_META_H

#include "allele/contig.h"
#include "base/arena.h"
#include "base/hash.h"
#include "base/reason.h"
#include "cohort/group.h"
#include "codec/row.h"

/* One input file, in input order. */
struct vx_meta_source {
	struct vx_slice name;   /* file name without its folder */
	uint64_t size;          /* stored bytes */
	struct vx_hash128 hash; /* XXH3-128 of the stored bytes */
	uint64_t n_records;     /* read */
	uint64_t n_indexed;     /* records with at least one allele indexed */
	uint64_t n_nothing;     /* records with nothing to index (no ALT, reference block) */
	uint64_t n_rejected;    /* n_records = n_indexed + n_nothing + n_rejected */
};

/* The callable track, where the index has one. */
struct vx_meta_track {
	int present;
	struct vx_slice kind;   /* "bed", "tsv", "gnomad" or "gvcf" */
	struct vx_slice name;   /* of the file without its folder; empty: the inputs themselves */
	uint64_t size;          /* its stored bytes */
	struct vx_hash128 hash; /* XXH3-128 of them */
	uint32_t n_cols;
	uint32_t *col; /* the groups whose AN is known, rising */
	uint64_t n_spans, n_blocks, n_bases;
	uint64_t n_unknown;       /* lines left out: on contigs that nobody knows */
	struct vx_hash128 digest; /* of the spans, however they were cut into rows and files */
};

/* Records and alleles by what became of them, over all sources. */
struct vx_tally {
	uint64_t n_records, n_indexed, n_nothing;
	uint64_t rejected[VX_N_REASONS]; /* records */
	uint64_t n_alleles;              /* ALTs seen */
	uint64_t n_alleles_indexed;
	uint64_t dropped[VX_N_REASONS]; /* alleles */
	/* Kept as the source says, but told: */
	uint64_t n_not_fitting;             /* alleles whose nhomalt and nhemi exceed their AC */
	uint64_t n_af_checked, n_af_differ; /* declared frequencies; those that are not AC / AN */
	uint64_t n_not_kept;                /* values of --keep-info that were none, of alleles */
};

struct vx_meta {
	struct vx_arena arena;      /* owns the slices and arrays after a read */
	struct vx_contigs *contigs; /* owned after a read */
	struct vx_groups groups;    /* owned after a read */
	struct vx_keep keep;        /* the INFO that rows keep; owned after a read */
	uint32_t metrics;
	uint32_t hash_bits; /* 64; 2 in indexes made to test collisions */
	uint64_t n_variants, n_blocks;
	struct vx_hash128 content_digest;
	uint64_t disclosure_floor;   /* 0: none */
	struct vx_slice tool;        /* "vidx 0.1.0" */
	struct vx_slice options;     /* the options that shaped the content, one line */
	struct vx_slice counts_from; /* "GT" or "INFO" */
	struct vx_tally tally;
	struct vx_meta_track track;
	uint32_t n_sources;
	struct vx_meta_source *sources;
	uint64_t *contig_variants; /* variants per contig rank */
	/* vx_block_max_end() of block i; n_blocks entries. */
	uint64_t *reach;
};

/*
 * The parts, each a value of its own in the index: what every reader needs, and what a single
 * lookup can leave unread however many inputs or blocks there are.
 */
enum vx_meta_part {
	VX_META_CORE = 1,   /* all but reach and sources */
	VX_META_REACH = 2,  /* reach */
	VX_META_INPUTS = 4, /* sources */
	VX_META_ALL = 7
};

void vx_meta_init(struct vx_meta *meta);
void vx_meta_release(struct vx_meta *meta); /* of one that vx_meta_read() filled, also partly */

/*
 * To and from bytes: a hash, a version, records of tag and length (FORMAT.md); a reader skips
 * tags it does not know.  Appends to out, k * 4096 - 16 bytes, so that a value fills whole pages.
 */
void vx_meta_write(const struct vx_meta *meta, struct vx_buf *out);
/*
 * Fills meta, which vx_meta_init() prepared, with copies.  Refuses a wrong hash, a count that the
 * bytes cannot hold, and totals that contradict each other.  Errors: VIDX_EBADINDEX, VIDX_EVERSION,
 * VIDX_ENOMEM; meta needs its release in any case.
 */
int vx_meta_read(struct vx_meta *meta, const void *p, size_t len, struct vidx_error *err);

/* The same for some parts (bits of enum vx_meta_part).  The core is read before any other. */
void vx_meta_write_parts(const struct vx_meta *meta, unsigned parts, struct vx_buf *out);
int vx_meta_read_parts(struct vx_meta *meta, unsigned parts, const void *p, size_t len,
		       struct vidx_error *err);

#endif
