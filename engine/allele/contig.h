/*
 * contig: contig names, their aliases and order, and the assembly they belong to.
 *
 * The rank of a contig is its place in genome order: first those of a known assembly in its
 * order, then those the first input's header declares, then those met undeclared, in input
 * order.  Built-in: GRCh37, GRCh38, T2T-CHM13 (1-22, X, Y, MT with chr, RefSeq and GenBank names).
 */
#ifndef VX_ALLELE_CONTIG_H
#define VX_ALLELE_CONTIG_H

#include "base/buf.h"
#include "base/slice.h"
#include "base/status.h"
#include "input/header.h"

#define VX_NO_CONTIG UINT32_MAX

struct vx_contigs;

/*
 * Makes the table.  assembly: the name given by the user (common spellings are known: hg19, b37,
 * GRCh37, hg38, ...; an unknown name is taken as it is and has no aliases), or NULL: deduced
 * from the header's contig names and lengths.  header: the first input's.  file: its name, for
 * messages.
 * Errors: VIDX_EUSAGE (cannot be deduced: says to give --assembly), VIDX_EBADINPUT (a declared
 * length that is not the assembly's; a RefSeq or GenBank accession of another assembly),
 * VIDX_ENOMEM.
 */
int vx_contigs_new(const char *assembly, const struct vx_header *header, const char *file,
		   struct vx_contigs **contigs_ret, struct vidx_error *err);
void vx_contigs_free(struct vx_contigs *contigs);

/*
 * Checks a further input's header against the table and adds what it declares; serial.  Same
 * errors.
 */
int vx_contigs_add_header(struct vx_contigs *contigs, const struct vx_header *header,
			  const char *file, struct vidx_error *err);
/*
 * If the header has an assembly= or ##reference remark that names another known assembly: that
 * remark, else empty.
 */
struct vx_slice vx_contigs_remark(const struct vx_contigs *contigs, const struct vx_header *header);

/* Rank of a name or alias, or VX_NO_CONTIG.  Exact match.  Any thread while nobody adds. */
uint32_t vx_contigs_find(const struct vx_contigs *contigs, struct vx_slice name);
/*
 * Whether a name that the table lacks could be added: the errors of vx_contigs_add().  Any
 * thread.
 */
int vx_contigs_check(const struct vx_contigs *contigs, struct vx_slice name,
		     struct vidx_error *err);
/*
 * Adds an undeclared name at the end; serial.  VIDX_EBADINPUT for an empty name, one over 65,535
 * bytes, or with control characters; VIDX_ENOMEM.
 */
int vx_contigs_add(struct vx_contigs *contigs, struct vx_slice name, uint32_t *rank_ret,
		   struct vidx_error *err);

/*
 * Tells how an input spells its contigs, where no header says so (the CHROM of the first record):
 * the first such call, if no header came before it that declares a contig of the known assembly,
 * decides how the contigs that nobody declares are printed (chr1 or 1).  Serial.
 */
void vx_contigs_spelling(struct vx_contigs *contigs, struct vx_slice name);
/* Nonzero if a header declared the contig. */
int vx_contigs_declared(const struct vx_contigs *contigs, uint32_t rank);

uint32_t vx_contigs_count(const struct vx_contigs *contigs);
/* The name to print: the first input's spelling, else the canonical one. */
struct vx_slice vx_contigs_name(const struct vx_contigs *contigs, uint32_t rank);
/* The name that digests use: the assembly's, else the header's. */
struct vx_slice vx_contigs_canonical(const struct vx_contigs *contigs, uint32_t rank);
/* Bases, 0 when unknown. */
uint64_t vx_contigs_length(const struct vx_contigs *contigs, uint32_t rank);
/* "GRCh38", "GRCh37", "T2T-CHM13", or the name given. */
const char *vx_contigs_assembly(const struct vx_contigs *contigs);

/*
 * To and from bytes for the index's meta: names in rank order, lengths, assembly.  _read:
 * VIDX_EBADINDEX.
 */
void vx_contigs_write(const struct vx_contigs *contigs, struct vx_buf *out);
int vx_contigs_read(const void *p, size_t len, struct vx_contigs **contigs_ret,
		    struct vidx_error *err);

#endif
