/* Alleles: which kind of code each gets, and that codes give back the allele. */
#include "base/pos.h"
#include "codec/alt.h"

#include <check.h>
#include <stdlib.h>

static struct vx_row allele(const char *ref, const char *alt)
{
	struct vx_row row;

	memset(&row, 0, sizeof(row));
	row.locus = vx_locus(1, 1000);
	row.ref = vx_slice_str(ref);
	row.alt = vx_slice_str(alt);
	row.end0 = 1000 + row.ref.len;
	row.hash = vx_allele_hash(row.ref, row.alt, row.end0, 0, 64);
	return row;
}

/* Encodes, decodes with 8 bytes to spare, compares. */
static unsigned round_trip(const struct vx_row *row)
{
	struct vx_alt alt;
	struct vx_row got = {.locus = row->locus};
	uint8_t bytes[VX_ALT_PACKED_BYTES + 8];
	char scratch[VX_ALT_PACKED_MAX];
	struct vx_bits bits = {bytes, 0, VX_ALT_PACKED_BYTES};

	vx_alt_encode(&alt, row);
	if (alt.code == VX_ALT_HEAP) {
		size_t n = vx_alt_heap_size(row);
		uint8_t *heap = malloc(n);

		ck_assert_uint_eq(vx_alt_heap_write(heap, row), n);
		ck_assert_int_eq(vx_alt_heap_read(heap, n, &got), 0);
		ck_assert_int_eq(vx_row_compare(&got, row), 0);
		for (size_t cut = 0; cut < n; cut += 1 + n / 50)
			ck_assert_int_eq(vx_alt_heap_read(heap, cut, &got), VIDX_EBADINDEX);
		free(heap);
		return alt.code;
	}
	ck_assert_uint_le(alt.n_bits, 8 * VX_ALT_PACKED_BYTES - 64);
	memcpy(bytes, alt.packed, sizeof(alt.packed));
	ck_assert_int_eq(vx_alt_decode(alt.code, &bits, &got, scratch), 0);
	ck_assert_uint_eq(bits.pos, alt.n_bits);
	bits.pos = 0;
	vx_alt_skip(alt.code, &bits);
	ck_assert_uint_eq(bits.pos, alt.n_bits);
	ck_assert(vx_slice_eq(got.ref, row->ref));
	ck_assert(vx_slice_eq(got.alt, row->alt));
	ck_assert_uint_eq(got.end0, row->end0);
	ck_assert_int_eq(got.svlen, 0);
	return alt.code;
}

START_TEST(substitutions)
{
	const char base[] = "ACGT";
	char ref[2] = "", alt[2] = "";
	unsigned seen = 0;

	for (int r = 0; r < 4; r++)
		for (int a = 0; a < 4; a++) {
			struct vx_row row;

			ref[0] = base[r], alt[0] = base[a];
			row = allele(ref, alt);
			if (r == a)
				continue;
			ck_assert(vx_alt_is_snv(round_trip(&row)));
			seen |= 1u << round_trip(&row);
		}
	ck_assert_int_eq(__builtin_popcount(seen), 12);
}
END_TEST

START_TEST(kinds)
{
	static const struct {
		const char *ref, *alt;
		unsigned code;
	} want[] = {
		{"A", "AC", VX_ALT_INSERTION}, {"A", "ACGTACGTTT", VX_ALT_INSERTION},
		{"TAC", "T", VX_ALT_DELETION}, {"AC", "GT", VX_ALT_COMPLEX},
		{"A", "CA", VX_ALT_COMPLEX},   {"ACG", "ATTTTT", VX_ALT_COMPLEX},
		{"A", "A", VX_ALT_COMPLEX},    {"A", "N", VX_ALT_HEAP},
		{"a", "c", VX_ALT_HEAP},       {"A", "<DEL>", VX_ALT_HEAP},
		{"A", "*", VX_ALT_HEAP},       {"A", ".", VX_ALT_HEAP},
		{"R", "A", VX_ALT_HEAP},       {"", "A", VX_ALT_HEAP},
		{"A", "", VX_ALT_HEAP},        {"A", "A[1:1000[", VX_ALT_HEAP},
		{"E", "A", VX_ALT_HEAP},       {"A", "ACGU", VX_ALT_HEAP},
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct vx_row row = allele(want[i].ref, want[i].alt);

		ck_assert_msg(round_trip(&row) == want[i].code, "%s>%s", want[i].ref, want[i].alt);
	}
}
END_TEST

/* Every length around the limit of packing, and an END or SVLEN of its own. */
START_TEST(lengths_and_spans)
{
	char text[VX_ALT_PACKED_MAX + 20];

	for (size_t n = 1; n < sizeof(text) - 1; n++) {
		struct vx_row row;

		for (size_t i = 0; i < n; i++)
			text[i] = "ACGT"[i * i % 4];
		text[n] = 0;
		row = allele("C", text);
		ck_assert_int_eq(round_trip(&row) == VX_ALT_HEAP, n + 1 > VX_ALT_PACKED_MAX);
		row = allele(text, "T");
		ck_assert_int_eq(round_trip(&row) == VX_ALT_HEAP, n + 1 > VX_ALT_PACKED_MAX);
		row.end0 += n;
		ck_assert_uint_eq(round_trip(&row), VX_ALT_HEAP);
		row.end0 = 3; /* before the position: kept as it is */
		ck_assert_uint_eq(round_trip(&row), VX_ALT_HEAP);
		row = allele("A", "C");
		row.svlen = (int64_t)n - 100;
		ck_assert_int_eq(round_trip(&row) == VX_ALT_HEAP, n != 100);
	}
}
END_TEST

START_TEST(hashes)
{
	struct vx_slice a = vx_slice_str("AC"), b = vx_slice_str("A"), c = vx_slice_str("CA");
	char *text = malloc(100000);

	memset(text, 'A', 100000);
	ck_assert_uint_ne(vx_allele_hash(a, b, 5, 0, 64), vx_allele_hash(b, c, 5, 0, 64));
	ck_assert_uint_ne(vx_allele_hash(a, b, 5, 0, 64), vx_allele_hash(a, b, 6, 0, 64));
	ck_assert_uint_ne(vx_allele_hash(a, b, 5, 0, 64), vx_allele_hash(a, b, 5, 1, 64));
	ck_assert_uint_lt(vx_allele_hash(a, b, 5, 0, 2), 4);
	ck_assert_uint_eq(vx_allele_hash(a, b, 5, 0, 2), vx_allele_hash(a, b, 5, 0, 64) & 3);
	for (size_t n = 200; n < 260; n++)
		ck_assert_uint_ne(vx_allele_hash(vx_slice(text, n), b, 0, 0, 64),
				  vx_allele_hash(vx_slice(text, n + 1), b, 0, 0, 64));
	ck_assert_uint_ne(vx_allele_hash(vx_slice(text, 100000), b, 0, 0, 64),
			  vx_allele_hash(b, vx_slice(text, 100000), 0, 0, 64));
	free(text);
}
END_TEST

Suite *codec_alt_suite(void);
Suite *codec_alt_suite(void)
{
	Suite *s = suite_create("codec_alt");
	TCase *t = tcase_create("alt");

	tcase_add_test(t, substitutions);
	tcase_add_test(t, kinds);
	tcase_add_test(t, lengths_and_spans);
	tcase_add_test(t, hashes);
	suite_add_tcase(s, t);
	return s;
}
