/* Spellings of alleles and regions: any bytes are read or refused, and what is read lies within. */
#include "query/locus.h"

#include "base/pos.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct vx_contigs *contigs_make(void)
{
	static const char text[] = "##fileformat=VCFv4.3\n##contig=<ID=1>\n##contig=<ID=1:1-1>\n"
				   "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
	struct vx_header header = {0};
	struct vx_contigs *contigs = NULL;

	if (vx_header_parse(&header, vx_slice_str(text), "fuzz", NULL) != 0 ||
	    vx_contigs_new("test", &header, "fuzz", &contigs, NULL) != 0)
		abort();
	vx_header_release(&header);
	return contigs;
}

static void inside(const char *p, size_t len, const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;

	if (len == 0 || p < text || p + len > text + size)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct vx_contigs *contigs;
	struct vx_slice text = vx_slice((const char *)data, size);
	struct vidx_allele allele;
	enum vx_question question;
	struct vx_region region;
	struct vidx_error err = {0};

	if (!contigs)
		contigs = contigs_make();
	if (vx_locus_parse(text, &allele, &question, &err) == 0) {
		inside(allele.contig, allele.contig_len, data, size);
		if (allele.pos1 == 0 || allele.pos1 > VX_POS0_MAX)
			abort();
		if (question == VX_ASK_ALLELE) {
			inside(allele.ref, allele.ref_len, data, size);
			inside(allele.alt, allele.alt_len, data, size);
		}
	}
	if (vx_locus_parse_region(contigs, text, &region, NULL) == 0 && region.beg0 >= region.end0)
		abort();
	return 0;
}
