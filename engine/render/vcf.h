/*
 * vcf: VCF text -> a compressed VCF or a BCF file.  With sites, input and allele/fasta the only
 * rooms that know htslib.  One thread calls; compression may use more of its own.
 */
#ifndef VX_RENDER_VCF_H
#define VX_RENDER_VCF_H

#include "base/slice.h"
#include "vidx.h"

struct vx_vcf;

/*
 * format: 'z' (BGZF VCF), 'u' (uncompressed BCF) or 'b' (BCF).  path "-": standard output.
 * header: the whole text up to and with the #CHROM line.  threads >= 1.
 * Errors: VIDX_EIO, VIDX_EFULL, VIDX_EUSAGE (a header that htslib does not take), VIDX_ENOMEM.
 */
int vx_vcf_open(const char *path, char format, int threads, struct vx_slice header,
		struct vx_vcf **vcf_ret, struct vidx_error *err);
/* One or more whole lines.  VIDX_EIO, VIDX_EFULL, VIDX_EUSAGE (a line that BCF cannot hold). */
int vx_vcf_add(struct vx_vcf *vcf, struct vx_slice lines, struct vidx_error *err);
/* Writes what is left, closes and frees; also after a failure.  NULL is allowed. */
int vx_vcf_close(struct vx_vcf *vcf, struct vidx_error *err);

#endif
