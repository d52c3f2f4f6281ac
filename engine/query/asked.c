#include "query/asked.h"

#include "allele/align.h"
#include "base/pos.h"

#include <inttypes.h>

static int bad_allele(const struct vidx_allele *allele, struct vidx_error *err)
{
	return vx_fail(err, VIDX_EUSAGE, "%.*s:%" PRIu64 ": not an allele: '%.*s>%.*s'",
		       allele->contig_len < 100 ? (int)allele->contig_len : 100, allele->contig,
		       allele->pos1, allele->ref_len < 40 ? (int)allele->ref_len : 40, allele->ref,
		       allele->alt_len < 40 ? (int)allele->alt_len : 40, allele->alt);
}

/* --- contigs --- */

/* A name of 1 to 8 bytes as a number: with its length it is exact. */
static inline uint64_t short_name(const char *p, size_t len)
{
	if (len >= 4)
		return vx_load32(p) | (uint64_t)vx_load32(p + len - 4) << 32;
	return (uint8_t)p[0] | (uint64_t)(uint8_t)p[len >> 1] << 8 |
	       (uint64_t)(uint8_t)p[len - 1] << 16;
}

/* The rank of a contig; short names that this reader has met need no hash of the table's. */
static inline uint32_t find_contig(struct vidx_reader *reader, const char *name, size_t len)
{
	struct vx_known_contig *known;
	uint64_t key;

	if (len == 0 || len > 8)
		return vx_contigs_find(reader->index->meta->contigs, vx_slice(name, len));
	key = short_name(name, len);
	known = &reader->known[(key + len) * UINT64_C(0x9E3779B97F4A7C15) >> (64 - VX_KNOWN_LOG2)];
	if (known->key != key || known->len != len) {
		known->key = key;
		known->len = (uint32_t)len;
		known->rank = vx_contigs_find(reader->index->meta->contigs, vx_slice(name, len));
	}
	return known->rank;
}

/* --- probes --- */

static int has_lower(struct vx_slice letters)
{
	unsigned char any = 0;

	for (size_t i = 0; i < letters.len; i++)
		any |= (unsigned char)letters.p[i];
	return any & 32;
}

void vx_asked_given(struct vx_asked *asked)
{
	const struct vx_allele *norm = &asked->norm;
	struct vx_probe *probe = &asked->probe;

	probe->locus = vx_locus(asked->contig, norm->pos0);
	probe->end0 = norm->end0;
	probe->svlen = 0;
	probe->ref = vx_text(norm->ref);
	probe->alt_text = vx_text(norm->alt);
	probe->fold = has_lower(norm->ref) || has_lower(norm->alt);
	vx_probe_encode(probe);
}

/* The longer text turned, in three pieces: however long it is, it stays where it is. */
static void probe_moved(struct vx_asked *asked, const struct vx_moved *moved)
{
	struct vx_slice first = vx_slice(vx_norm_base(moved->first), 1);
	size_t stays = moved->body.len - moved->turn;
	struct vx_text longer = {{first, vx_slice(moved->body.p + stays, moved->turn),
				  vx_slice(moved->body.p, stays)},
				 moved->body.len + 1};
	struct vx_probe *probe = &asked->probe;

	probe->locus = vx_locus(asked->contig, moved->pos0);
	probe->ref = moved->is_insertion ? vx_text(first) : longer;
	probe->alt_text = moved->is_insertion ? longer : vx_text(first);
	probe->end0 = moved->pos0 + probe->ref.len;
	probe->svlen = 0;
	probe->fold = has_lower(moved->body);
	vx_probe_encode(probe);
}

/*
 * The allele as the reference has it.  Asked for by one base each, it can neither be moved nor be
 * padded with bases that are not there.  0; VIDX_ABSENT: REF is not the reference's.
 */
static int align(struct vidx_reader *reader, const struct vidx_allele *allele,
		 struct vx_asked *asked, struct vidx_error *err)
{
	struct vx_reference *reference = reader->index->reference;
	struct vx_moved moved;
	uint32_t seq;
	int rc;

	if (!reference || (allele->ref_len == 1 && allele->alt_len == 1))
		return 0;
	rc = vx_reference_find(reference, asked->contig,
			       vx_slice(allele->contig, allele->contig_len), &seq, err);
	if (rc == 0)
		rc = vx_align_check(&reader->view, seq, vx_pos0(allele->pos1),
				    vx_slice(allele->ref, allele->ref_len), err);
	if (rc == 0)
		rc = vx_align_move(&reader->view, seq, &asked->norm, &moved, err);
	if (rc == 0 && moved.body.len > 0 && moved.pos0 != asked->norm.pos0) {
		asked->kind = VX_ASKED_MOVED;
		probe_moved(asked, &moved);
	}
	return rc;
}

/* Anything but a substitution of one of A, C, G and T by another. */
static int read_any(struct vidx_reader *reader, const struct vidx_allele *allele,
		    struct vx_asked *asked, struct vidx_error *err)
{
	enum vx_reason reason =
		vx_norm_view(vx_pos0(allele->pos1), vx_slice(allele->ref, allele->ref_len),
			     vx_slice(allele->alt, allele->alt_len), &asked->norm);
	int rc;

	if (reason == VX_BAD_ALLELE)
		return bad_allele(allele, err);
	asked->contig = find_contig(reader, allele->contig, allele->contig_len);
	if (reason != VX_KEPT || asked->contig == VX_NO_CONTIG)
		return VIDX_ABSENT;
	asked->kind = asked->norm.symbolic ? VX_ASKED_SYMBOLIC : VX_ASKED_PLAIN;
	if (asked->kind == VX_ASKED_SYMBOLIC)
		return 0;
	rc = align(reader, allele, asked, err);
	if (rc == 0 && asked->kind == VX_ASKED_PLAIN)
		vx_asked_given(asked);
	return rc;
}

int vx_asked_read(struct vidx_reader *reader, const struct vidx_allele *allele,
		  struct vx_asked *asked, struct vidx_error *err)
{
	unsigned code;

	if (allele->pos1 == 0 || allele->pos1 > VX_POS0_MAX || !allele->ref_len || !allele->alt_len)
		return bad_allele(allele, err);
	if (allele->ref_len != 1 || allele->alt_len != 1)
		return read_any(reader, allele, asked, err);
	code = vx_probe_snv_code(allele->ref[0], allele->alt[0]);
	if (code == VX_ALT_HEAP)
		return read_any(reader, allele, asked, err);
	asked->kind = VX_ASKED_PLAIN;
	asked->contig = find_contig(reader, allele->contig, allele->contig_len);
	vx_probe_snv(&asked->probe, vx_locus(asked->contig, vx_pos0(allele->pos1)), code);
	return asked->contig == VX_NO_CONTIG ? VIDX_ABSENT : 0;
}
