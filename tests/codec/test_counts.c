/* Counts: the readers that this processor can run agree with what was written, on every bit offset. */
#include "codec/missing.h"
#include "codec/rice.h"
#include "codec/survey.h"
#include "sample.h"

#include <check.h>

/* By the code of every tier, with room behind the row and with none. */
static void read_back(const struct vx_counts *counts, const struct vx_bits *from, uint64_t end,
		      const uint64_t *want, uint64_t *value)
{
	uint32_t n_values = vx_shape_values(counts->shape);

	for (int tier = 0; tier <= vx_counts_tier(); tier++)
		for (int tight = 0; tight < 2; tight++) {
			struct vx_bits bits = *from;

			if (tight)
				bits.last = end >> 3;
			memset(value, 0x55, n_values * 8);
			ck_assert_uint_eq(vx_counts_read_tier(counts, &bits, value, tier), end);
			ck_assert_mem_eq(value, want, n_values * 8);
		}
}

/* Whatever the bytes, all tiers read the same from them. */
static void read_noise(struct sample *s, const struct vx_counts *counts, uint64_t *value)
{
	uint32_t n_values = vx_shape_values(counts->shape);
	uint64_t *want = malloc((n_values + 1) * 8);
	uint8_t noise[600];

	for (size_t i = 0; i < sizeof noise; i++)
		noise[i] = (uint8_t)(sample_below(s, 256) & (i % 3 ? 255 : sample_below(s, 256)));
	for (unsigned at = 0; at < 300; at++) {
		struct vx_bits plain = {noise, at, sizeof noise - 8};

		plain.pos = vx_counts_read_tier(counts, &plain, want, 0);
		for (int tier = 1; tier <= vx_counts_tier(); tier++) {
			struct vx_bits bits = {noise, at, sizeof noise - 8};

			ck_assert_uint_eq(vx_counts_read_tier(counts, &bits, value, tier),
					  plain.pos);
			ck_assert_mem_eq(value, want, n_values * 8);
		}
	}
	free(want);
}

/* Writes every row of a cell at the given bit offset and reads it back with every reader. */
static void write_and_read(struct sample *s, struct vx_counts_writer *w, size_t beg, uint32_t n,
			   unsigned shift)
{
	uint32_t n_values = vx_shape_values(&s->shape), ref_bits[VX_REFS_MAX];
	size_t bytes = vx_counts_max_bytes(&s->shape) * (VX_CELL_MAX + VX_REFS_MAX) + 64;
	uint8_t *buf = calloc(1, bytes);
	uint64_t *value = malloc((n_values + 1) * 8), pos = shift;
	struct vx_bitw out = vx_bitw(buf);
	struct vx_counts counts;

	vx_bitw_put(&out, 0, shift);
	w->max_refs = VX_REFS_MAX;
	if (s->shape.metrics & 1u << VIDX_AN)
		vx_missing_begin(w, (const struct vx_row *const *)s->row + beg, n, &out, ref_bits);
	counts = w->counts;
	for (unsigned r = 0; r < counts.n_refs; r++) {
		counts.ref_pos[r] = pos;
		pos += ref_bits[r];
	}
	for (uint32_t i = 0; i < n; i++) {
		struct vx_bits from = {buf, vx_bitw_pos(&out), bytes - 8};

		vx_counts_write(w, s->row[beg + i], i, &out);
		read_back(&counts, &from, vx_bitw_pos(&out), s->row[beg + i]->value, value);
	}
	if (counts.n_refs == 0)
		read_noise(s, &counts, value);
	free(buf);
	free(value);
}

START_TEST(all_readers)
{
	static const uint32_t n_groups[] = {1, 2, 3, 5, 9, 16, 27, 33, 64, 100};
	struct sample s;
	struct vx_survey survey;
	struct vx_counts_writer writer;

	sample_init(&s, (uint64_t)_i, n_groups[_i % 10], (uint32_t)(_i % 31) + 1);
	sample_rows(&s, 100, 10, 0, (enum sample_kind)(_i % SAMPLE_N_KINDS));
	ck_assert_int_eq(vx_survey_init(&survey, &s.shape, &s.plan), 0);
	ck_assert_int_eq(vx_counts_writer_init(&writer, &s.shape, &s.plan), 0);
	ck_assert_int_eq(vx_survey_run(&survey, (const struct vx_row *const *)s.row,
				       (uint32_t)s.n_rows, NULL),
			 0);
	writer.counts = survey.counts;
	for (size_t beg = 0; beg < s.n_rows; beg += 16)
		write_and_read(&s, &writer, beg,
			       (uint32_t)(s.n_rows - beg < 16 ? s.n_rows - beg : 16), beg / 16 % 8);
	vx_survey_release(&survey);
	vx_counts_writer_release(&writer);
	sample_release(&s);
}
END_TEST

/* The quick choice of a shift is as good as trying every one, escapes aside. */
START_TEST(shift_is_best)
{
	struct sample s = {.state = (uint64_t)_i};
	uint64_t z[40];
	int64_t k[40];
	uint32_t n = 1 + (uint32_t)sample_below(&s, 40);
	int best = 0;

	for (uint32_t i = 0; i < n; i++) {
		k[i] = (int64_t)sample_below(&s, 5);
		z[i] = sample_skewed(&s, 4) << k[i] | sample_below(&s, UINT64_C(1) << k[i]);
	}
	for (int shift = 1; shift <= 7; shift++)
		if (vx_rice_cost(z, k, n, shift) < vx_rice_cost(z, k, n, best))
			best = shift;
	ck_assert_uint_eq(vx_rice_cost(z, k, n, vx_rice_shift(z, k, n, 7)),
			  vx_rice_cost(z, k, n, best));
}
END_TEST

Suite *codec_counts_suite(void);
Suite *codec_counts_suite(void)
{
	Suite *s = suite_create("codec_counts");
	TCase *t = tcase_create("counts");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, all_readers, 0, 93);
	tcase_add_loop_test(t, shift_is_best, 0, 50);
	suite_add_tcase(s, t);
	return s;
}
