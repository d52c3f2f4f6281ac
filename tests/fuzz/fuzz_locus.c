/* Spellings of alleles and regions: any bytes are read or refused, and what is read lies within. */
#include "query/hgvs.h"
#include "query/locus.h"
#include "query/spdi.h"

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

/* A change that was read: its texts lie within, and it says what becomes of what. */
static void check_change(const struct vx_change *change, const uint8_t *data, size_t size)
{
	uint64_t n_del = change->end0 - change->beg0;

	inside(change->contig.p, change->contig.len, data, size);
	if (change->beg0 > change->end0 || change->end0 > VX_POS0_MAX + 1)
		abort();
	if (change->del.p && change->del.len != n_del)
		abort();
	if (change->del.len)
		inside(change->del.p, change->del.len, data, size);
	if (change->ins.len)
		inside(change->ins.p, change->ins.len, data, size);
	if ((n_del == 0 && change->ins.len == 0) || (change->is_dup && change->ins.len))
		abort();
}

/* As a program asks that has no index. */
static void parse_alone(const uint8_t *data, size_t size)
{
	struct vidx_allele allele;

	if (vidx_parse_allele(NULL, (const char *)data, size, &allele, NULL) != 0)
		return;
	inside(allele.contig, allele.contig_len, data, size);
	inside(allele.ref, allele.ref_len, data, size);
	inside(allele.alt, allele.alt_len, data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct vx_contigs *contigs;
	struct vx_slice text = vx_slice((const char *)data, size);
	struct vidx_allele allele;
	enum vx_question question;
	struct vx_region region;
	struct vx_change change;
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
	if (vx_hgvs_parse(text, &change, NULL) == 0)
		check_change(&change, data, size);
	if (vx_spdi_parse(text, &change, NULL) == 0)
		check_change(&change, data, size);
	parse_alone(data, size);
	return 0;
}
