/*
 * reference: the bases of a reference genome, for all threads.
 *
 * Of the FASTA file only windows of 64 Ki bases that somebody asked for are in memory, at most
 * VX_REFERENCE_WINDOWS of them and those that views look at; the one not used for longest goes
 * first.  So memory is bounded whatever order the contigs come in, a lookup of one allele reads
 * one window and not a chromosome, and a sorted build reads every window once.
 *
 * A view is one thread's; any number of them share a reference.
 */
#ifndef VX_ALLELE_REFERENCE_H
#define VX_ALLELE_REFERENCE_H

#include "allele/contig.h"

#define VX_REFERENCE_WINDOW_BITS 16
#define VX_REFERENCE_WINDOW      (UINT64_C(1) << VX_REFERENCE_WINDOW_BITS)
/* 128 MiB: more than all threads of a build look at, little beside its rows. */
#define VX_REFERENCE_WINDOWS 2048

struct vx_reference;
struct vx_reference_window;

/* Opens a FASTA file (allele/fasta).  Same errors. */
int vx_reference_open(const char *path, struct vx_reference **reference_ret,
		      struct vidx_error *err);
/* Every view must have been released. */
void vx_reference_close(struct vx_reference *reference);

/*
 * Finds the contigs of the table among the sequences, under any of their names; the table must
 * not change any more.  check_all: the length of a contig that both have must agree, or
 * VIDX_EBADINPUT; otherwise only those asked for later.  VIDX_ENOMEM.  Serial.
 */
int vx_reference_bind(struct vx_reference *reference, const struct vx_contigs *contigs,
		      int check_all, struct vidx_error *err);
/* Whether there is a sequence for the contig of that rank.  Any thread. */
int vx_reference_has(const struct vx_reference *reference, uint32_t rank);
/*
 * The sequence of a contig, by rank, or by name where the table has no rank for it (VX_NO_CONTIG).
 * VIDX_EBADINPUT: there is none, or its length is another.  Any thread.
 */
int vx_reference_find(const struct vx_reference *reference, uint32_t rank, struct vx_slice name,
		      uint32_t *seq_ret, struct vidx_error *err);
/* The file's name without its folder; a hash over names and lengths of its sequences, in order. */
struct vx_slice vx_reference_name(const struct vx_reference *reference);
uint64_t vx_reference_fingerprint(const struct vx_reference *reference);

struct vx_reference_view {
	struct vx_reference *reference;
	struct vx_reference_window *window; /* held; NULL: none yet */
	uint32_t seq;
	uint64_t beg0, end0; /* the bases in view, of seq */
	const char *base;    /* base[pos0 - beg0]: A, C, G, T or N */
};

void vx_reference_view_init(struct vx_reference_view *view, struct vx_reference *reference);
void vx_reference_view_release(struct vx_reference_view *view);

/* What vx_reference_look() does when it must. */
int vx_reference_move(struct vx_reference_view *view, uint32_t seq, uint64_t pos0,
		      struct vidx_error *err);

/*
 * Brings base pos0 of seq into view.  0; VIDX_END: the sequence has no such base, and the view is
 * as it was; VIDX_EBADINPUT, VIDX_ENOMEM.
 */
static inline int vx_reference_look(struct vx_reference_view *view, uint32_t seq, uint64_t pos0,
				    struct vidx_error *err)
{
	if (seq == view->seq && pos0 >= view->beg0 && pos0 < view->end0)
		return 0;
	return vx_reference_move(view, seq, pos0, err);
}

#endif
