/*
 * fasta: the sequences of a FASTA file, plain or bgzipped, read in stretches through htslib.
 *
 * The index is FILE.fai (and FILE.gzi) beside the file where they are there; otherwise it is made
 * anew in a folder of $TMPDIR (or /tmp) and taken away again as soon as it is read: an input is
 * never written, and neither is the folder it lies in.  An index that does not fit its file is
 * noticed where line ends are not where it says.
 *
 * One thread at a time; allele/reference shares one among many.
 */
#ifndef VX_ALLELE_FASTA_H
#define VX_ALLELE_FASTA_H

#include "base/slice.h"
#include "base/status.h"

#include <stdint.h>

struct vx_fasta;

/*
 * Opens.  Errors: VIDX_EBADINPUT (cannot be opened or indexed: names the file), VIDX_EIO (no
 * temporary folder), VIDX_ENOMEM.
 */
int vx_fasta_open(const char *path, struct vx_fasta **fasta_ret, struct vidx_error *err);
void vx_fasta_close(struct vx_fasta *fasta);

const char *vx_fasta_path(const struct vx_fasta *fasta);
uint32_t vx_fasta_count(const struct vx_fasta *fasta);
/* Sequence i < count, in file order: what follows '>' up to the first blank; its bases. */
struct vx_slice vx_fasta_name(const struct vx_fasta *fasta, uint32_t i);
uint64_t vx_fasta_length(const struct vx_fasta *fasta, uint32_t i);
/* The sequence of exactly that name, or UINT32_MAX. */
uint32_t vx_fasta_find(const struct vx_fasta *fasta, struct vx_slice name);

/* Bases [beg0, beg0 + n) of sequence i. */
struct vx_fasta_span {
	uint32_t i;
	uint64_t beg0;
	size_t n;
};

/*
 * Reads a span that the sequence has into out: upper case, and N for all that is not A, C, G or
 * T.  Errors: VIDX_EBADINPUT (cut short, damaged, or not what its index says), VIDX_ENOMEM.
 */
int vx_fasta_read(struct vx_fasta *fasta, struct vx_fasta_span span, char *out,
		  struct vidx_error *err);

#endif
