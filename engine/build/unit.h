/*
 * unit: one unit of an input -> a sorted run of rows.  This is the parallel half of a build: it
 * touches nothing but its own run and its worker's scratch.
 */
#ifndef VX_BUILD_UNIT_H
#define VX_BUILD_UNIT_H

#include "allele/norm.h"
#include "allele/reference.h"
#include "base/pos.h"
#include "build/inputs.h"
#include "codec/row.h"
#include "cohort/count.h"

/*
 * Input order as one number: file, unit, record.  2^20 files, 2^22 units of a file (16 TB of
 * text), 2^22 records of a unit.
 */
static inline uint64_t vx_order(size_t i_input, uint64_t unit, uint64_t record)
{
	return (uint64_t)i_input << 44 | unit << 22 | record;
}

static inline size_t vx_order_input(uint64_t order)
{
	return (size_t)(order >> 44);
}

/* The rows of one unit, sorted, with the memory they live in. */
struct vx_run {
	struct vx_arena arena;
	size_t i_input;
	uint64_t number;     /* of the unit within its input */
	struct vx_row **row; /* in row order, malloc'd */
	size_t n_rows, cap_rows;
	size_t next;         /* rows before it have left the run */
	size_t n_held;       /* rows that somebody still points at */
	uint64_t last_locus; /* of its last record as written: later records begin here or after */
	int undeclared;      /* rows on contigs of new_contig are present */
	struct vx_slice remark;      /* the first contig met that no header declares, or empty */
	struct vx_slice *new_contig; /* names not in the table, in order of appearance */
	uint32_t n_new_contigs, cap_new_contigs;
	struct vx_tally tally;
	uint64_t n_rejected;   /* records */
	struct vx_run *link;   /* for the list that holds it */
	struct vx_run *sister; /* for the list of all runs */
};

/* One worker's scratch. */
struct vx_worker {
	const struct vx_inputs *inputs;
	const struct vx_build_options *options;
	struct vx_unit *unit;
	struct vx_counter *counter; /* if genotypes are counted */
	struct vx_gvcf *gvcf;       /* if their blocks make the callable track */
	uint64_t *value;            /* counts of one record, per ALT: in the run's arena */
	struct vx_allele *allele;
	enum vx_reason *reason;
	size_t allele_cap;
	struct vx_slice last_chrom; /* the contig of the last record, to look it up once */
	uint32_t last_contig;
	char chrom_text[256];
	struct vx_buf kept;            /* of one row */
	struct vx_reference_view view; /* if there is a reference */
	uint32_t seq;                  /* the sequence of the last record's contig there */
};

int vx_worker_init(struct vx_worker *worker, const struct vx_inputs *inputs,
		   const struct vx_build_options *options, struct vidx_error *err);
void vx_worker_release(struct vx_worker *worker);

void vx_run_init(struct vx_run *run);
void vx_run_release(struct vx_run *run);
void vx_run_reset(struct vx_run *run);

/*
 * Loads worker->unit (filled by vx_source_next() from input i_input) and turns it into *run.
 * Errors: VIDX_EBADINPUT (damage, or a faulty record under --strict), VIDX_ENOMEM; *order_ret is
 * then the fault's place in input order.
 */
int vx_run_fill(struct vx_run *run, struct vx_worker *worker, size_t i_input, uint64_t *order_ret,
		struct vidx_error *err);

/* Puts rows in order, equal ones in input order; fast when they nearly are.  0 or VIDX_ENOMEM. */
int vx_run_sort(struct vx_run *run);

#endif
