/*
 * tally: adds samples, as bit words or one by one, to the counts of every leaf group, and makes the
 * counts of all groups of them.
 */
#ifndef VX_COHORT_TALLY_H
#define VX_COHORT_TALLY_H

#include "base/gtscan.h"
#include "cohort/sex.h"
#include "vidx.h"

/* ALTs that bit words can hold: those of one digit.  Others come one sample at a time. */
#define VX_TALLY_ALTS 9

/* Who misses one of the alleles that AN is counted down from, and who misses two. */
struct vx_missing {
	uint64_t one, both;
};

/* What a carrier is: counted apart, since AC and the people are sums of these. */
enum vx_carrier { VX_HOM, VX_HETERO, VX_HEMI, VX_LONE, VX_N_CARRIERS };

struct vx_tally {
	const struct vx_cohort *cohort;
	const struct vx_gtscan *scan; /* the caller sets it */
	uint32_t *derived;            /* the groups with a sum rule, in the order of groups.order */
	uint32_t n_derived;
	uint64_t *written_an;            /* per group: AN when everybody has two called alleles */
	const uint64_t *full_an;         /* the same where the record lies: of vx_copies, or that */
	uint64_t *sum;                   /* [alt][carrier][leaf]; cleared where touched */
	uint64_t *miss;                  /* [leaf]: alleles of two per sample that are not there */
	uint64_t *called;                /* [leaf]: alleles of the samples added one by one */
	uint16_t touched[VX_TALLY_ALTS]; /* bit (1 << carrier): sum is in use */
	int an_touched;
	/* of this record */
	uint64_t *value;
	uint32_t n_alts;
	int one_by_one; /* a sample was added by vx_tally_alt() */
};

/* VIDX_ENOMEM. */
int vx_tally_init(struct vx_tally *tally, const struct vx_cohort *cohort);
void vx_tally_release(struct vx_tally *tally);

/* Begins a record: value as vx_count() describes it. */
void vx_tally_begin(struct vx_tally *tally, uint64_t *value, uint32_t n_alts);
/* Takes the missing alleles of samples 64 * word and on from full_an. */
void vx_tally_missing(struct vx_tally *tally, uint32_t word, const struct vx_missing *missing);
/* Adds the carriers of ALT alt < VX_TALLY_ALTS (from 0): first and second allele. */
void vx_tally_carriers(struct vx_tally *tally, uint32_t word, const struct vx_gt_bits *bits,
		       uint32_t alt, uint64_t first, uint64_t second);
/* One sample that is held as missing: its called alleles, and copies of an ALT. */
void vx_tally_called(struct vx_tally *tally, uint32_t sample, uint32_t called);
void vx_tally_alt(struct vx_tally *tally, uint32_t sample, uint32_t alt, uint32_t copies,
		  uint32_t called, uint32_t ploidy);
/* Writes the record's values; the tally is then ready to begin again. */
void vx_tally_finish(struct vx_tally *tally);
/* Drops what was added. */
void vx_tally_drop(struct vx_tally *tally);

#endif
