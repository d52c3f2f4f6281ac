/*
 * gvcf: the records of a gVCF -> stretches of the callable track, with the AN of every group.
 *
 * A reference block (no ALT but <NON_REF>, <*> or *) covers POS to END, a variant the bases of its
 * REF, neither what lies behind the end of a contig whose length is known; the AN is what its
 * genotypes count: 0/0 adds two, ./. nothing.  Records with another symbolic ALT say nothing of
 * bases, and those without genotypes nothing at all; neither do records that --pass-only leaves out:
 * variants whose FILTER is not PASS, and blocks where it is neither PASS nor '.'.
 * One for each worker.
 */
#ifndef VX_BUILD_GVCF_H
#define VX_BUILD_GVCF_H

#include "build/inputs.h"
#include "build/spool.h"
#include "cohort/count.h"

struct vx_gvcf;

/* spool is shared; counter is the worker's own, used only within a call.  VIDX_ENOMEM. */
int vx_gvcf_new(const struct vx_inputs *inputs, const struct vx_build_options *options,
		struct vx_counter *counter, struct vx_gvcf **gvcf_ret, struct vidx_error *err);
void vx_gvcf_free(struct vx_gvcf *gvcf);

/*
 * Takes one record that is indexed, or has nothing to index: what is rejected covers nothing, and is
 * the caller's to keep back.  contig is its rank, or VX_NEW_CONTIG and more where the table lacks
 * it.  A block whose genotypes are none covers nothing.  VIDX_ENOMEM.
 */
int vx_gvcf_note(struct vx_gvcf *gvcf, const struct vx_record *record, uint32_t contig,
		 struct vidx_error *err);
/* After a unit's last record: hands on what it gave.  VIDX_ENOMEM, VIDX_EIO, VIDX_EFULL, VIDX_EBADINPUT. */
int vx_gvcf_flush(struct vx_gvcf *gvcf, struct vidx_error *err);

#endif
