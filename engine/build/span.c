#include "build/span.h"

#include "allele/mate.h"
#include "base/pos.h"

/* A position from 1 on, or 0. */
static uint64_t read_pos1(const struct vx_info_value *value)
{
	int64_t v = 0;

	if (!value->p || vx_info_int(value, 0, &v) != 1 || v < 1 || (uint64_t)v > VX_POS0_MAX)
		return 0;
	return (uint64_t)v;
}

/* A text without what would break the one it goes into; '.' is none. */
static struct vx_slice read_text(const struct vx_info_value *value)
{
	struct vx_slice text = vx_slice(value->p, value->len);

	if (!value->p || (value->bcf_type && value->bcf_type != 7) || vx_slice_is(text, "."))
		return vx_slice(NULL, 0);
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.p[i] < ' ' || strchr(",;=\x7f", text.p[i]))
			return vx_slice(NULL, 0);
	return text;
}

/* Reads the mate, if there is one.  Nonzero: the record's END is the mate's place. */
static int read_mate(const struct vx_record *record, const struct vx_contigs *contigs,
		     struct vx_slice own, struct vx_slice alt, struct vx_mate *mate)
{
	struct vx_slice chr2 = read_text(&record->chr2);
	int junction = vx_mate_is_junction(alt), apart;

	mate->contig = own;
	if (chr2.len) {
		uint32_t rank = vx_contigs_find(contigs, chr2);

		mate->contig = rank == VX_NO_CONTIG ? chr2 : vx_contigs_canonical(contigs, rank);
	}
	apart = !vx_slice_eq(mate->contig, own);
	mate->strands = read_text(&record->strands);
	mate->pos1 = read_pos1(&record->end2);
	if (!mate->pos1)
		mate->pos1 = read_pos1(&record->pos2);
	if (!apart && (!junction || (!chr2.len && !mate->pos1 && !mate->strands.len)))
		mate->contig.len = 0;
	if (!junction || !apart || mate->pos1)
		return 0;
	mate->pos1 = read_pos1(&record->end);
	return mate->pos1 > 0;
}

static int64_t read_svlen(const struct vx_record *record, uint32_t i_alt, uint32_t n_svlen)
{
	int64_t svlen = 0;

	if (!record->svlen.p ||
	    vx_info_int(&record->svlen, n_svlen > i_alt ? i_alt : 0, &svlen) != 1)
		return 0;
	return svlen;
}

int vx_span_read(const struct vx_record *record, uint32_t i_alt, const struct vx_contigs *contigs,
		 struct vx_slice contig, struct vx_allele *allele, struct vx_arena *arena)
{
	uint32_t n_svlen = record->svlen.p ? vx_info_length(&record->svlen) : 0;
	uint64_t pos1 = vx_pos1(allele->pos0), end1 = read_pos1(&record->end), length;
	int has_length = memcmp(allele->alt.p, "<INS", 4) != 0 && !vx_mate_is_junction(allele->alt);
	struct vx_mate mate;

	allele->svlen = read_svlen(record, i_alt, n_svlen);
	if (read_mate(record, contigs, contig, allele->alt, &mate))
		end1 = 0;
	if (allele->svlen && n_svlen > 1 && n_svlen == record->n_alts)
		end1 = 0;
	length = (uint64_t)(allele->svlen < 0 ? -allele->svlen : allele->svlen);
	if (end1 >= pos1)
		allele->end0 = end1;
	else if (length && has_length && length <= VX_POS0_MAX - pos1)
		allele->end0 = pos1 + length; /* POS is the base before the event */
	if (mate.contig.len == 0)
		return 0;
	allele->alt = vx_mate_join(allele->alt, &mate, arena);
	return allele->alt.p ? 0 : VIDX_ENOMEM;
}
