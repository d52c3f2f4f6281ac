/* deduce: which assembly a header's contigs speak of.  Pure; any thread. */
#ifndef VX_ALLELE_DEDUCE_H
#define VX_ALLELE_DEDUCE_H

#include "allele/assembly.h"
#include "base/status.h"
#include "input/header.h"

/* UCSC's hg19 has an older mitochondrion under the name chrM, told apart by its length. */
#define VX_HG19_CHRM_LENGTH 16571
#define VX_HG19_CHRM_NAME   "NC_001807.4"

/* Is the declared contig, under any of the names of MT, that one? */
int vx_assembly_is_hg19_chrm(enum vx_assembly assembly, const struct vx_header_contig *contig);
/* The assembly other than ours that an accession belongs to, or VX_NO_ASSEMBLY. */
enum vx_assembly vx_assembly_foreign(enum vx_assembly ours, struct vx_slice name);
/*
 * The one assembly that at least one declared contig speaks for (name and length, or an
 * accession) and none against.  VIDX_EUSAGE when there is no such, or more than one.
 */
int vx_assembly_deduce(const struct vx_header *header, const char *file, enum vx_assembly *ret,
		       struct vidx_error *err);

#endif
