#include "allele/deduce.h"

int vx_assembly_is_hg19_chrm(enum vx_assembly assembly, const struct vx_header_contig *c)
{
	return assembly == VX_GRCH37 && c->length == VX_HG19_CHRM_LENGTH &&
	       vx_assembly_find(assembly, c->name, NULL) == VX_ASSEMBLY_MT;
}

enum vx_assembly vx_assembly_foreign(enum vx_assembly ours, struct vx_slice name)
{
	enum vx_spelling spelling;

	if (ours == VX_NO_ASSEMBLY || vx_assembly_find(ours, name, NULL) >= 0)
		return VX_NO_ASSEMBLY;
	for (int a = 0; a < VX_N_ASSEMBLIES; a++)
		if (vx_assembly_find(a, name, &spelling) >= 0 &&
		    (spelling == VX_REFSEQ || spelling == VX_GENBANK))
			return a;
	return VX_NO_ASSEMBLY;
}

/* 1: the declared contig speaks for the assembly; -1: against it; 0: neither. */
static int fits(enum vx_assembly assembly, const struct vx_header_contig *c)
{
	enum vx_spelling spelling;
	int i = vx_assembly_find(assembly, c->name, &spelling);

	if (i < 0)
		return vx_assembly_foreign(assembly, c->name) != VX_NO_ASSEMBLY ? -1 : 0;
	if (vx_assembly_is_hg19_chrm(assembly, c))
		return 0;
	if (c->length == 0)
		return spelling == VX_REFSEQ || spelling == VX_GENBANK;
	return c->length == vx_assembly_length(assembly, (uint32_t)i) ? 1 : -1;
}

int vx_assembly_deduce(const struct vx_header *header, const char *file, enum vx_assembly *ret,
		       struct vidx_error *err)
{
	int n_fit = 0;

	for (int a = 0; a < VX_N_ASSEMBLIES; a++) {
		int pro = 0, contra = 0;

		for (uint32_t i = 0; i < header->n_contigs; i++) {
			int fit = fits(a, &header->contigs[i]);

			pro += fit > 0;
			contra += fit < 0;
		}
		if (pro && !contra) {
			*ret = a;
			n_fit++;
		}
	}
	if (n_fit == 1)
		return 0;
	return vx_fail(err, VIDX_EUSAGE,
		       "%s: the header's contigs %s: say which it is with --assembly", file,
		       n_fit               ? "fit more than one assembly"
		       : header->n_contigs ? "are of no assembly known"
					   : "are not declared, so the assembly is unknown");
}
