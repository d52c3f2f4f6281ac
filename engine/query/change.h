/*
 * change: an allele told by what becomes of a stretch of the reference, as SPDI and HGVS tell it,
 * and the way from there to the POS, REF and ALT of a VCF record.
 */
#ifndef VX_QUERY_CHANGE_H
#define VX_QUERY_CHANGE_H

#include "base/slice.h"
#include "query/reader.h"
#include "vidx.h"

/* Most bases of the reference that a description may stand for. */
#define VX_CHANGE_MAX (UINT64_C(1) << 24)

struct vx_change {
	struct vx_slice contig;
	uint64_t beg0, end0; /* half-open; equal: between two bases, ahead of base beg0 */
	struct vx_slice del; /* the bases there, end0 - beg0 of them; p NULL: not spelled out */
	struct vx_slice ins; /* what stands there instead; may be empty */
	int is_dup;          /* the stretch stays and is followed by itself; ins is empty */
};

/*
 * The allele of a VCF record: REF and ALT get the base ahead of them (at the first base of a
 * contig the base behind) where one of them would be empty.  Bases that were not spelled out come
 * from the reference that the reader's index was opened with; those that were are not compared
 * with it.  What text does not hold goes into reader->spelled, which is not reset.  reader NULL:
 * the text must hold everything.
 * 0; VIDX_ABSENT: the contig is not in the index or ends too early: *allele_ret then has
 * contig and pos1, and no ref and alt.  VIDX_EUSAGE: a reference is needed and there is none; the
 * stretch is longer than VX_CHANGE_MAX; the contig is an accession of another assembly.
 * VIDX_EBADINPUT (the reference lacks the contig, or is damaged), VIDX_ENOMEM.
 */
int vx_change_allele(const struct vx_change *change, struct vidx_reader *reader,
		     struct vidx_allele *allele_ret, struct vidx_error *err);

/* VIDX_EUSAGE if the name is an accession of an assembly that is not the index's, else 0. */
int vx_change_check_contig(const struct vidx_index *index, struct vx_slice name,
			   struct vidx_error *err);

#endif
