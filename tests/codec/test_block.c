/* Round trips of blocks, and what lookups in them find. */
#include "sample.h"

#include <check.h>
#include <stdio.h>

/* Check writes a line to a file at each of its assertions: too slow for millions of them. */
#define must(condition, ...)                                                                       \
	do {                                                                                       \
		if (!(condition))                                                                  \
			ck_abort_msg(__VA_ARGS__);                                                 \
	} while (0)

#define MANY_VALUES (VX_GROUPS_MAX * VIDX_N_METRICS)

static void same_text(struct vx_slice got, struct vx_slice want, const char *what, size_t i)
{
	must(vx_slice_eq(got, want), "row %zu: %s is '%.*s', not '%.*s'", i, what,
	     (int)(got.len < 60 ? got.len : 60), got.p, (int)(want.len < 60 ? want.len : 60),
	     want.p);
}

static void same_row(const struct vx_row *got, const struct vx_row *want, uint32_t n_values,
		     size_t i)
{
	must(got->locus == want->locus, "row %zu: locus", i);
	must(got->hash == want->hash, "row %zu: hash", i);
	must(got->end0 == want->end0, "row %zu: end", i);
	must(got->svlen == want->svlen, "row %zu: svlen", i);
	same_text(got->ref, want->ref, "ref", i);
	same_text(got->alt, want->alt, "alt", i);
	same_text(got->id, want->id, "id", i);
	same_text(got->filter, want->filter, "filter", i);
	for (uint32_t v = 0; v < n_values; v++)
		must(got->value[v] == want->value[v], "row %zu: value %u is %llu, not %llu", i, v,
		     (unsigned long long)got->value[v], (unsigned long long)want->value[v]);
}

/* Near misses of a row must be absent unless they are rows themselves. */
static void near_misses(const struct sample *s, const struct vx_block *b, size_t beg, uint32_t i)
{
	struct vx_row key = *s->row[beg + i];
	const struct vx_row *p = &key, *const * hit;
	uint32_t found;

	for (int change = 0; change < 5; change++) {
		key = *s->row[beg + i];
		key.locus += change == 0;
		key.locus -= change == 1 && vx_locus_pos0(key.locus) > 0;
		key.alt = change == 2 ? vx_slice_str("ACGTACGTACGTTTGACCAGA") : key.alt;
		key.ref = change == 3 ? key.alt : key.ref;
		key.end0 += change < 2 ? key.locus - s->row[beg + i]->locus : change == 4 ? 7 : 0;
		key.hash = vx_allele_hash(key.ref, key.alt, key.end0, key.svlen, s->hash_bits);
		hit = bsearch(&p, s->row + beg, b->n_rows, sizeof(*s->row), sample_compare);
		found = UINT32_MAX;
		if (hit) {
			must(vx_block_find(b, &key, &found) == 0, "row %u: status", i);
			must(found == (size_t)((struct vx_row *const *)hit - s->row) - beg,
			     "row %u: a neighbour is found elsewhere", i);
		} else {
			must(vx_block_find(b, &key, &found) == VIDX_ABSENT, "row %u: status", i);
		}
	}
}

static void check_bounds(const struct sample *s, const struct vx_block *b, size_t beg)
{
	uint32_t got, want = 0;

	for (uint32_t i = 0; i < b->n_rows; i++) {
		uint64_t locus = s->row[beg + i]->locus;

		for (uint64_t at = locus ? locus - 1 : 0; at <= locus + 1; at++) {
			while (want > 0 && s->row[beg + want - 1]->locus >= at)
				want--;
			while (want < b->n_rows && s->row[beg + want]->locus < at)
				want++;
			must(vx_block_lower_bound(b, at, &got) == 0, "row %u: status", i);
			must(got == want, "lower bound of locus %llx is %u, not %u",
			     (unsigned long long)at, got, want);
		}
	}
	ck_assert_int_eq(vx_block_lower_bound(b, UINT64_MAX, &got), 0);
	ck_assert_uint_eq(got, b->n_rows);
	ck_assert_int_eq(vx_block_lower_bound(b, 0, &got), 0);
	ck_assert_uint_eq(got, 0);
}

static void check_far(const struct sample *s, const struct vx_block *b, size_t beg)
{
	uint64_t max = 0, end;
	uint32_t k = 0, at;

	for (uint32_t i = 0; i < b->n_rows; i++) {
		const struct vx_row *row = s->row[beg + i];

		if (row->end0 <= vx_locus_pos0(row->locus) + VX_REACH)
			continue;
		must(vx_block_far(b, k++, &at, &end) == 0, "row %u: status", i);
		ck_assert_uint_eq(at, i);
		ck_assert_uint_eq(end, vx_locus(vx_locus_contig(row->locus), row->end0));
		max = end > max ? end : max;
	}
	ck_assert_uint_eq(k, vx_block_n_far(b));
	ck_assert_uint_eq(max, vx_block_max_end(b));
	ck_assert_int_eq(vx_block_far(b, k, &at, &end), VIDX_EBADINDEX);
}

static void check_block(const struct sample *s, struct vx_slice bytes, size_t beg, size_t n)
{
	static uint64_t value[MANY_VALUES];
	uint32_t n_values = vx_shape_values(&s->shape), found;
	struct vx_block b;
	struct vx_row row;
	struct vidx_error err = {0, ""};
	char scratch[VX_ROW_SCRATCH];

	ck_assert_uint_eq((bytes.len + VX_PAGE_HEADER) % VX_PAGE, 0);
	ck_assert_int_eq(vx_block_open(&b, bytes.p, bytes.len, &s->shape, s->hash_bits), 0);
	ck_assert_uint_eq(b.n_rows, n);
	ck_assert_uint_eq(b.first_locus, s->row[beg]->locus);
	row.value = value;
	for (uint32_t i = 0; i < b.n_rows; i++) {
		must(vx_block_row(&b, i, &row, scratch) == 0, "row %u: status", i);
		same_row(&row, s->row[beg + i], n_values, beg + i);
		must(vx_block_find(&b, s->row[beg + i], &found) == 0, "row %u: status", i);
		must(found == i, "row %u: found at %u", i, found);
		memset(value, 0xaa, sizeof(value));
		must(vx_block_get(&b, s->row[beg + i], &row, scratch) == 0, "row %u: status", i);
		same_row(&row, s->row[beg + i], n_values, beg + i);
		near_misses(s, &b, beg, i);
	}
	ck_assert_int_eq(vx_block_row(&b, b.n_rows, &row, scratch), VIDX_EBADINDEX);
	check_bounds(s, &b, beg);
	check_far(s, &b, beg);
	must(vx_block_verify(&b, &err) == 0, "%s", err.text);
}

/* Packs all rows of a sample and checks every block; returns how many there were. */
static size_t round_trip(struct sample *s)
{
	struct vx_packer *packer, *other;
	struct vx_slice bytes, again;
	struct vidx_error err = {0, ""};
	size_t beg = 0, taken, taken2, n_blocks = 0;

	ck_assert_int_eq(vx_packer_new(&s->shape, s->hash_bits, &packer, &err), 0);
	ck_assert_int_eq(vx_packer_new(&s->shape, s->hash_bits, &other, &err), 0);
	for (; beg < s->n_rows; beg += taken, n_blocks++) {
		const struct vx_row *const *rows = (const struct vx_row *const *)s->row + beg;

		ck_assert_msg(vx_pack(packer, rows, s->n_rows - beg, &bytes, &taken, &err) == 0,
			      "%s", err.text);
		ck_assert_uint_ge(taken, 1);
		ck_assert_uint_le(taken, s->n_rows - beg);
		check_block(s, bytes, beg, taken);
		/* The same rows give the same bytes, whatever a packer did before it began anew. */
		if (n_blocks % 3 == 0) {
			vx_pack_begin(packer);
			vx_pack_begin(other);
			ck_assert_int_eq(
				vx_pack(packer, rows, s->n_rows - beg, &bytes, &taken, &err), 0);
			check_block(s, bytes, beg, taken);
			ck_assert_int_eq(
				vx_pack(other, rows, s->n_rows - beg, &again, &taken2, &err), 0);
			ck_assert_uint_eq(taken, taken2);
			ck_assert(vx_slice_eq(bytes, again));
		}
	}
	vx_packer_free(packer);
	vx_packer_free(other);
	return n_blocks;
}

/* Seeds are fixed; Check prints the loop index of a failure, which is the seed. */
START_TEST(random_rows)
{
	static const uint32_t n_groups[] = {1, 2, 3, 9, 27, 40, 100};
	uint64_t seed = (uint64_t)_i;
	struct sample s;

	sample_init(&s, seed, n_groups[seed % 7], (uint32_t)(seed % 31) + 1);
	s.hash_bits = seed % 4 == 3 ? 2 : 64;
	sample_rows(&s, 1 + sample_below(&s, 900), seed % 3 ? 3 + seed % 50 : 100000,
		    seed % 5 ? 0 : 9, (enum sample_kind)(seed % SAMPLE_N_KINDS));
	ck_assert_uint_ge(round_trip(&s), 1);
	sample_release(&s);
}
END_TEST

START_TEST(most_groups)
{
	struct sample s;

	sample_init(&s, 5, VX_GROUPS_MAX, 31);
	sample_rows(&s, 60, 10, 0, (enum sample_kind)_i);
	ck_assert_uint_ge(round_trip(&s), 1);
	sample_release(&s);
}
END_TEST

START_TEST(full_blocks)
{
	struct sample s;

	sample_init(&s, 11, _i ? 27 : 1, 7);
	sample_rows(&s, _i ? 9000 : 30000, 4, 0, SAMPLE_COHORT);
	ck_assert_uint_ge(round_trip(&s), 2);
	sample_release(&s);
}
END_TEST

/* Rows of one base and one FILTER without IDs: nothing lies behind the cells of their blocks. */
static void sample_plain_rows(struct sample *s, size_t n)
{
	sample_rows(s, n, 4, 0, SAMPLE_COHORT);
	for (size_t i = 0; i < s->n_rows; i++) {
		struct vx_row *row = s->row[i];

		row->id = vx_slice(NULL, 0);
		row->filter = vx_slice_str("PASS");
		row->ref = vx_slice_str("A");
		row->alt = vx_slice(&"CGT"[i % 3], 1);
		row->locus += i; /* distinct */
		row->end0 = vx_locus_pos0(row->locus) + 1;
		row->svlen = 0;
		row->hash = vx_allele_hash(row->ref, row->alt, row->end0, 0, 64);
	}
}

/*
 * Full blocks that end anywhere in their last cell and within a byte or two of the padding: what
 * the last cell's rows need must lie inside all the same.
 */
START_TEST(nothing_behind_the_cells)
{
	struct sample s;
	struct vx_packer *packer;
	struct vx_slice bytes;
	struct vx_block b;
	struct vidx_error err = {0, ""};
	size_t taken;
	uint32_t found;

	sample_init(&s, 18, 1, 3);
	sample_plain_rows(&s, 40000);
	ck_assert_int_eq(vx_packer_new(&s.shape, 64, &packer, NULL), 0);
	for (size_t beg = 0; beg + 15000 < s.n_rows; beg += 97) {
		ck_assert_int_eq(vx_pack(packer, (const struct vx_row *const *)s.row + beg,
					 s.n_rows - beg, &bytes, &taken, NULL),
				 0);
		ck_assert_int_eq(vx_block_open(&b, bytes.p, bytes.len, &s.shape, 64), 0);
		for (uint32_t i = b.n_rows - 40; i < b.n_rows; i++) {
			ck_assert_int_eq(vx_block_find(&b, s.row[beg + i], &found), 0);
			ck_assert_uint_eq(found, i);
		}
		if (beg % 10 == 0)
			ck_assert_msg(vx_block_verify(&b, &err) == 0, "%s", err.text);
	}
	vx_packer_free(packer);
	sample_release(&s);
}
END_TEST

/* A contig of its own for nearly every row, as in assemblies of scaffolds. */
START_TEST(tiny_contigs)
{
	struct sample s;

	sample_init(&s, 12, 3, 7);
	sample_rows(&s, 4000, 1000, 1, SAMPLE_COHORT);
	ck_assert_uint_ge(round_trip(&s), 1);
	sample_release(&s);
}
END_TEST

/* Positions over 2^32 and gaps that one block cannot span. */
START_TEST(giant_gaps)
{
	struct sample s;

	sample_init(&s, 13, 3, 7);
	sample_rows(&s, 200, UINT64_C(1) << 30, 0, SAMPLE_COHORT);
	ck_assert_uint_gt(round_trip(&s), 1);
	sample_release(&s);
}
END_TEST

/* Thousands of alleles at one position, over cells and blocks; with 2-bit hashes as well. */
START_TEST(crowded_position)
{
	struct sample s;

	sample_init(&s, 14, 3, 7);
	s.hash_bits = _i ? 2 : 64;
	sample_rows(&s, 3000, 0, 0, SAMPLE_COHORT);
	ck_assert_uint_gt(s.n_rows, 500);
	ck_assert_uint_ge(round_trip(&s), 1);
	sample_release(&s);
}
END_TEST

START_TEST(long_alleles)
{
	static const size_t lens[] = {512, 70000, 20000000};
	struct sample s;

	sample_init(&s, 15, 2, 7);
	sample_rows(&s, 50, 30, 0, SAMPLE_COHORT);
	for (int i = 0; i < 3; i++) {
		struct vx_row *row = s.row[10 + 15 * i];
		struct vx_slice text = sample_bases(&s, lens[i]);

		*(i == 1 ? &row->alt : &row->ref) = text;
		row->end0 = vx_locus_pos0(row->locus) + row->ref.len;
		row->hash = vx_allele_hash(row->ref, row->alt, row->end0, 0, 64);
		row->svlen = 0;
	}
	qsort(s.row, s.n_rows, sizeof(*s.row), sample_compare);
	ck_assert_uint_ge(round_trip(&s), 2);
	sample_release(&s);
}
END_TEST

START_TEST(refusals)
{
	struct sample s;
	struct vx_packer *packer;
	struct vx_slice bytes;
	struct vidx_error err = {0, ""};
	size_t taken;

	sample_init(&s, 16, 2, 7);
	sample_rows(&s, 5, 30, 0, SAMPLE_COHORT);
	ck_assert_int_eq(vx_packer_new(&s.shape, 64, &packer, &err), 0);
	s.row[s.n_rows - 1]->value[0] = VX_COUNT_MAX + 1;
	ck_assert_int_eq(vx_pack(packer, (const struct vx_row *const *)s.row, s.n_rows, &bytes,
				 &taken, &err),
			 VIDX_EUSAGE);
	ck_assert_str_ne(err.text, "");
	ck_assert_int_eq(
		vx_pack(packer, (const struct vx_row *const *)s.row, 0, &bytes, &taken, NULL),
		VIDX_EUSAGE);
	s.row[s.n_rows - 1]->value[0] = VX_COUNT_MAX;
	ck_assert_uint_eq(round_trip(&s), 1);
	vx_packer_free(packer);
	vx_packer_free(NULL);
	sample_release(&s);
}
END_TEST

/* Every byte flipped, one at a time: verify sees it, lookups survive it. */
START_TEST(flipped_bytes)
{
	struct sample s;
	struct vx_packer *packer;
	struct vx_slice bytes;
	struct vx_block b;
	struct vx_row row;
	static uint64_t value[MANY_VALUES];
	char scratch[VX_ROW_SCRATCH];
	size_t taken, n_opened = 0;
	uint32_t i, found;
	uint8_t *copy;

	sample_init(&s, 17, 9, 31);
	sample_rows(&s, 40, 30, 7, SAMPLE_PARTLY);
	ck_assert_int_eq(vx_packer_new(&s.shape, 64, &packer, NULL), 0);
	ck_assert_int_eq(vx_pack(packer, (const struct vx_row *const *)s.row, s.n_rows, &bytes,
				 &taken, NULL),
			 0);
	/* Exactly as long as the block, so that the sanitizer sees a read behind it. */
	copy = malloc(bytes.len);
	row.value = value;
	for (size_t at = 0; at < bytes.len; at++) {
		memcpy(copy, bytes.p, bytes.len);
		copy[at] ^= (uint8_t)(1 + sample_below(&s, 255));
		if (vx_block_open(&b, copy, bytes.len, &s.shape, 64) != 0)
			continue;
		n_opened++;
		ck_assert_int_eq(vx_block_verify(&b, NULL), VIDX_EBADINDEX);
		for (i = 0; i < 40 && i < b.n_rows; i += 7) {
			vx_block_row(&b, i, &row, scratch);
			vx_block_find(&b, s.row[i], &found);
			vx_block_lower_bound(&b, s.row[i]->locus, &found);
		}
	}
	ck_assert_uint_gt(n_opened, bytes.len / 2);
	for (size_t len = 0; len < bytes.len; len += 1 + len / 8)
		ck_assert_int_ne(vx_block_open(&b, copy, len, &s.shape, 64) == 0 &&
					 vx_block_verify(&b, NULL) == 0,
				 1);
	free(copy);
	vx_packer_free(packer);
	sample_release(&s);
}
END_TEST

Suite *codec_block_suite(void);
Suite *codec_block_suite(void)
{
	Suite *s = suite_create("codec_block");
	TCase *t = tcase_create("block");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, random_rows, 0, 217);
	tcase_add_loop_test(t, most_groups, 0, SAMPLE_N_KINDS);
	tcase_add_loop_test(t, full_blocks, 0, 2);
	tcase_add_test(t, nothing_behind_the_cells);
	tcase_add_test(t, tiny_contigs);
	tcase_add_test(t, giant_gaps);
	tcase_add_loop_test(t, crowded_position, 0, 2);
	tcase_add_test(t, long_alleles);
	tcase_add_test(t, refusals);
	tcase_add_test(t, flipped_bytes);
	suite_add_tcase(s, t);
	return s;
}
