#include "codec/probe.h"

#include "base/pos.h"
#include "base/text.h"

unsigned vx_probe_snv_code(char ref, char alt)
{
	unsigned r = vx_alt_base(vx_upper(ref)), a = vx_alt_base(vx_upper(alt));

	return r <= 3 && a <= 3 && r != a ? r | a << 2 : VX_ALT_HEAP;
}

/* 0: a base is none of A, C, G and T. */
static int put_text(struct vx_bitw *w, const struct vx_text *text, int fold)
{
	for (unsigned i = 0; i < 3; i++) {
		for (size_t j = 0; j < text->piece[i].len; j++) {
			char c = text->piece[i].p[j];
			unsigned base = vx_alt_base(fold ? vx_upper(c) : c);

			if (base > 3)
				return 0;
			vx_bitw_put(w, base, 2);
		}
	}
	return 1;
}

static int first_equal(const struct vx_probe *probe)
{
	char r = probe->ref.piece[0].p[0], a = probe->alt_text.piece[0].p[0];

	return probe->fold ? vx_upper(r) == vx_upper(a) : r == a;
}

/* 0: not to be packed. */
static int pack_probe(struct vx_probe *probe, struct vx_bitw *w)
{
	uint64_t n_ref = probe->ref.len, n_alt = probe->alt_text.len;

	if (n_ref == 1 && n_alt > 1 && first_equal(probe)) {
		probe->alt.code = VX_ALT_INSERTION;
		vx_bitw_gamma(w, n_alt - 1);
		return put_text(w, &probe->alt_text, probe->fold);
	}
	if (n_alt == 1 && n_ref > 1 && first_equal(probe)) {
		probe->alt.code = VX_ALT_DELETION;
		vx_bitw_gamma(w, n_ref - 1);
		return put_text(w, &probe->ref, probe->fold);
	}
	probe->alt.code = VX_ALT_COMPLEX;
	vx_bitw_gamma(w, n_ref);
	vx_bitw_gamma(w, n_alt);
	return put_text(w, &probe->ref, probe->fold) && put_text(w, &probe->alt_text, probe->fold);
}

void vx_probe_encode(struct vx_probe *probe)
{
	uint64_t n_ref = probe->ref.len, n_alt = probe->alt_text.len;
	struct vx_bitw w = vx_bitw(probe->alt.packed);

	probe->alt.n_bits = 0;
	probe->alt.code = VX_ALT_HEAP;
	if (probe->svlen != 0 || probe->end0 != vx_locus_pos0(probe->locus) + n_ref || n_ref == 0 ||
	    n_alt == 0 || n_ref > VX_ALT_PACKED_MAX || n_alt > VX_ALT_PACKED_MAX - n_ref)
		return;
	if (n_ref == 1 && n_alt == 1) {
		probe->alt.code =
			vx_probe_snv_code(probe->ref.piece[0].p[0], probe->alt_text.piece[0].p[0]);
		return;
	}
	if (pack_probe(probe, &w))
		probe->alt.n_bits = (uint32_t)vx_bitw_pos(&w);
	else
		probe->alt.code = VX_ALT_HEAP;
}

void vx_probe_of_row(struct vx_probe *probe, const struct vx_row *row)
{
	probe->locus = row->locus;
	probe->fold = 0;
	probe->end0 = row->end0;
	probe->svlen = row->svlen;
	probe->ref = vx_text(row->ref);
	probe->alt_text = vx_text(row->alt);
	vx_alt_encode(&probe->alt, row);
}

/* Copies the text, in upper case where fold. */
static char *copy_text(char *out, const struct vx_text *text, int fold)
{
	for (unsigned i = 0; i < 3; i++)
		for (size_t j = 0; j < text->piece[i].len; j++) {
			char c = text->piece[i].p[j];

			*out++ = fold ? vx_upper(c) : c;
		}
	return out;
}

uint64_t vx_probe_hash(const struct vx_probe *probe, unsigned hash_bits)
{
	uint8_t head[48 + VX_HASH_INLINE];
	const struct vx_text *ref = &probe->ref, *alt = &probe->alt_text;
	uint64_t h;

	if (vx_alt_is_snv(probe->alt.code))
		return vx_allele_hash(vx_slice(&"ACGT"[probe->alt.code & 3], 1),
				      vx_slice(&"ACGT"[probe->alt.code >> 2], 1),
				      vx_locus_pos0(probe->locus) + 1, 0, hash_bits);
	vx_store64(head, ref->len);
	vx_store64(head + 8, probe->end0);
	vx_store64(head + 16, (uint64_t)probe->svlen);
	if (ref->len <= VX_HASH_INLINE && alt->len <= VX_HASH_INLINE - ref->len) {
		char *end = copy_text((char *)head + 24, ref, probe->fold);

		end = copy_text(end, alt, probe->fold);
		h = vx_hash64(head, (size_t)(end - (char *)head));
	} else {
		vx_store64(head + 24, alt->len);
		vx_store64(head + 32, vx_hash64_pieces(ref->piece, 3, probe->fold));
		vx_store64(head + 40, vx_hash64_pieces(alt->piece, 3, probe->fold));
		h = vx_hash64(head, 48);
	}
	return hash_bits >= 64 ? h : vx_low(h, hash_bits);
}

int vx_text_eq(const struct vx_text *text, int fold, struct vx_slice other)
{
	if (text->len != other.len)
		return 0;
	for (unsigned i = 0; i < 3; i++) {
		struct vx_slice piece = text->piece[i];

		if (!fold && piece.len > 0 && memcmp(piece.p, other.p, piece.len) != 0)
			return 0;
		for (size_t j = 0; fold && j < piece.len; j++)
			if (vx_upper(piece.p[j]) != other.p[j])
				return 0;
		other = vx_slice(other.p + piece.len, other.len - piece.len);
	}
	return 1;
}
