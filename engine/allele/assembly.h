/*
 * assembly: the human assemblies that vidx knows: contigs, lengths, accessions.  Pure; any
 * thread.
 */
#ifndef VX_ALLELE_ASSEMBLY_H
#define VX_ALLELE_ASSEMBLY_H

#include "base/slice.h"

#include <stdint.h>

/* 1..22, X, Y, MT, in this order, in each of them. */
#define VX_ASSEMBLY_CONTIGS 25
#define VX_ASSEMBLY_MT      24

enum vx_assembly { VX_GRCH37, VX_GRCH38, VX_CHM13, VX_N_ASSEMBLIES, VX_NO_ASSEMBLY = -1 };

/* How a contig may be spelled: "1" and "MT", "chr1" and "chrM", RefSeq, GenBank. */
enum vx_spelling { VX_PLAIN, VX_CHR, VX_REFSEQ, VX_GENBANK, VX_N_SPELLINGS };

/* The assembly that a user or a header calls by this name (any case), or VX_NO_ASSEMBLY. */
enum vx_assembly vx_assembly_by_name(struct vx_slice name);
/* "GRCh37", "GRCh38", "T2T-CHM13". */
const char *vx_assembly_name(enum vx_assembly assembly);
/* Bases of contig i < VX_ASSEMBLY_CONTIGS. */
uint64_t vx_assembly_length(enum vx_assembly assembly, uint32_t i);
/* Contig i in a spelling: static text, or "" where the assembly has none of that kind. */
const char *vx_assembly_contig(enum vx_assembly assembly, uint32_t i, enum vx_spelling spelling);
/*
 * Which contig of the assembly the name stands for, exactly as written: 0..24, or -1.  M and chrMT
 * are known too.  *spelling_ret may be NULL.
 */
int vx_assembly_find(enum vx_assembly assembly, struct vx_slice name,
		     enum vx_spelling *spelling_ret);
/*
 * The one assembly that a remark such as "gnomAD_GRCh38" or "file:///ref/hg19.fa" names, or
 * VX_NO_ASSEMBLY when it names none, or several.
 */
enum vx_assembly vx_assembly_in_text(struct vx_slice text);

#endif
