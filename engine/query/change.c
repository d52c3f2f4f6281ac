#include "query/change.h"

#include "base/pos.h"
#include "base/status.h"

#include <inttypes.h>

static int shown(struct vx_slice text)
{
	return text.len < 100 ? (int)text.len : 100;
}

int vx_change_check_contig(const struct vidx_index *index, struct vx_slice name,
			   struct vidx_error *err)
{
	const struct vx_contigs *contigs = index->meta->contigs;
	struct vidx_error why = {0};

	if (vx_contigs_find(contigs, name) != VX_NO_CONTIG ||
	    vx_contigs_check(contigs, name, &why) == 0)
		return 0;
	return vx_fail(err, VIDX_EUSAGE, "%s", why.text);
}

/* Bases [beg0, beg0 + len) of seq.  0, VIDX_END beyond its end, or a failure. */
static int read_bases(struct vx_reference_view *view, uint32_t seq, uint64_t beg0, uint64_t len,
		      char *out, struct vidx_error *err)
{
	while (len > 0) {
		int rc = vx_reference_look(view, seq, beg0, err);
		uint64_t n;

		if (rc != 0)
			return rc;
		n = view->end0 - beg0 < len ? view->end0 - beg0 : len;
		memcpy(out, view->base + (beg0 - view->beg0), n);
		out += n;
		beg0 += n;
		len -= n;
	}
	return 0;
}

/* What the text of REF and ALT is put together from. */
struct parts {
	uint64_t n_lead, n_del, n_ins, n_trail;
	int reads; /* nonzero: bases of the reference are needed */
};

static struct parts parts_of(const struct vx_change *change)
{
	struct parts parts = {.n_del = change->end0 - change->beg0};
	int is_empty;

	parts.n_ins = change->is_dup ? 2 * parts.n_del : change->ins.len;
	is_empty = parts.n_del == 0 || parts.n_ins == 0;
	parts.n_lead = is_empty && change->beg0 > 0;
	parts.n_trail = is_empty && change->beg0 == 0;
	parts.reads = is_empty || !change->del.p;
	return parts;
}

static int needs_reference(const struct vx_change *change, struct vidx_error *err)
{
	return vx_fail(err, VIDX_EUSAGE,
		       "%.*s:%" PRIu64 ": this spelling leaves out bases of the reference: give "
		       "--reference FASTA",
		       shown(change->contig), change->contig.p, vx_pos1(change->beg0));
}

/* The lead, the stretch and the trail as they stand in REF. */
static int fill_ref(const struct vx_change *change, struct vidx_reader *reader,
		    const struct parts *parts, char *out, struct vidx_error *err)
{
	struct vx_reference_view *view = &reader->view;
	uint32_t contig = vx_contigs_find(reader->index->meta->contigs, change->contig), seq;
	int rc;

	if (change->del.p)
		memcpy(out + parts->n_lead, change->del.p, parts->n_del);
	if (!parts->reads)
		return 0;
	rc = vx_reference_find(reader->index->reference, contig, change->contig, &seq, err);
	if (rc == 0)
		rc = read_bases(view, seq, change->beg0 - parts->n_lead, parts->n_lead, out, err);
	out += parts->n_lead;
	if (rc == 0 && !change->del.p)
		rc = read_bases(view, seq, change->beg0, parts->n_del, out, err);
	out += parts->n_del;
	if (rc == 0)
		rc = read_bases(view, seq, change->end0, parts->n_trail, out, err);
	return rc == VIDX_END ? VIDX_ABSENT : rc;
}

/* ALT from a finished REF. */
static void fill_alt(const struct vx_change *change, const struct parts *parts, const char *ref,
		     char *out)
{
	const char *del = ref + parts->n_lead;

	memcpy(out, ref, parts->n_lead);
	out += parts->n_lead;
	if (change->is_dup) {
		memcpy(out, del, parts->n_del);
		memcpy(out + parts->n_del, del, parts->n_del);
	} else if (parts->n_ins) {
		memcpy(out, change->ins.p, parts->n_ins);
	}
	memcpy(out + parts->n_ins, del + parts->n_del, parts->n_trail);
}

static int write_allele(const struct vx_change *change, struct vidx_reader *reader,
			const struct parts *parts, struct vidx_allele *allele,
			struct vidx_error *err)
{
	size_t n_around = (size_t)(parts->n_lead + parts->n_trail);
	size_t ref_len = n_around + (size_t)parts->n_del;
	size_t alt_len = n_around + (size_t)parts->n_ins;
	char *text = vx_arena_alloc(&reader->spelled, ref_len + alt_len);
	int rc;

	if (!text)
		return vx_fail_nomem(err);
	rc = fill_ref(change, reader, parts, text, err);
	if (rc != 0)
		return rc;
	fill_alt(change, parts, text, text + ref_len);
	allele->pos1 -= parts->n_lead;
	allele->ref = text;
	allele->ref_len = ref_len;
	allele->alt = text + ref_len;
	allele->alt_len = alt_len;
	return 0;
}

int vx_change_allele(const struct vx_change *change, struct vidx_reader *reader,
		     struct vidx_allele *allele_ret, struct vidx_error *err)
{
	struct parts parts = parts_of(change);
	struct vidx_allele allele = {.contig = change->contig.p,
				     .contig_len = change->contig.len,
				     .pos1 = vx_pos1(change->beg0)};
	int rc = 0;

	if (parts.n_del > VX_CHANGE_MAX)
		return vx_fail(err, VIDX_EUSAGE,
			       "%.*s:%" PRIu64 ": a description of over %" PRIu64 " bases",
			       shown(change->contig), change->contig.p, allele.pos1, VX_CHANGE_MAX);
	if (!parts.reads && !change->is_dup) {
		allele.ref = change->del.p;
		allele.ref_len = change->del.len;
		allele.alt = change->ins.p;
		allele.alt_len = change->ins.len;
	} else if (!reader || (parts.reads && !reader->index->reference)) {
		return needs_reference(change, err);
	} else if (vx_contigs_find(reader->index->meta->contigs, change->contig) == VX_NO_CONTIG) {
		rc = VIDX_ABSENT;
	} else {
		rc = write_allele(change, reader, &parts, &allele, err);
	}
	if (rc >= 0)
		*allele_ret = allele;
	return rc;
}
