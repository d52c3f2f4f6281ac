#include "query/refcheck.h"

#include "allele/align.h"
#include "base/pos.h"

#include <inttypes.h>

int vx_refcheck_site(struct vidx_reader *reader, struct vidx_error *err)
{
	const struct vx_row *row = &reader->row;
	struct vx_reference *reference = reader->index->reference;
	uint32_t seq;
	int rc;

	if (vx_slice_is(row->ref, "N"))
		return 0;
	rc = vx_reference_find(reference, vx_locus_contig(row->locus),
			       vx_slice_str(reader->site.contig), &seq, err);
	if (rc == 0)
		rc = vx_align_check(&reader->view, seq, vx_locus_pos0(row->locus), row->ref, err);
	if (rc != VIDX_ABSENT)
		return rc;
	return vx_fail(err, VIDX_EBADINPUT,
		       "%.*s: not the reference of this index: %s:%" PRIu64 " has REF '%.*s'",
		       (int)vx_reference_name(reference).len, vx_reference_name(reference).p,
		       reader->site.contig, reader->site.pos1,
		       row->ref.len < 40 ? (int)row->ref.len : 40, row->ref.p);
}
