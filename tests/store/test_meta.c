#include "made.h"

Suite *store_meta_suite(void);

static struct made made;
static uint64_t reach[] = {5, 0, UINT64_MAX};

static void setup(void)
{
	made_init(&made, 0, 1, 64, 1);
	made_describe(&made);
	made.meta.n_variants = 1000;
	made.meta.n_blocks = 3;
	free(made.meta.reach);
	made.meta.reach = reach;
	made.meta.contig_variants[0] = 999;
	made.meta.contig_variants[24] = 1;
	made.meta.content_digest = (struct vx_hash128){1, UINT64_MAX};
	made.meta.disclosure_floor = 11;
}

static void teardown(void)
{
	made.meta.reach = NULL;
	made_release(&made);
}

static void check_same(const struct vx_meta *a, const struct vx_meta *b)
{
	ck_assert_uint_eq(a->metrics, b->metrics);
	ck_assert_uint_eq(a->hash_bits, b->hash_bits);
	ck_assert_uint_eq(a->n_variants, b->n_variants);
	ck_assert_uint_eq(a->n_blocks, b->n_blocks);
	ck_assert_mem_eq(&a->content_digest, &b->content_digest, 16);
	ck_assert_uint_eq(a->disclosure_floor, b->disclosure_floor);
	ck_assert(vx_slice_eq(a->tool, b->tool));
	ck_assert(vx_slice_eq(a->options, b->options));
	ck_assert(vx_slice_eq(a->counts_from, b->counts_from));
	ck_assert_mem_eq(&a->tally, &b->tally, sizeof a->tally);
	ck_assert_uint_eq(a->groups.n, b->groups.n);
	ck_assert_str_eq(a->groups.name[2], b->groups.name[2]);
	ck_assert_uint_eq(vx_contigs_count(a->contigs), vx_contigs_count(b->contigs));
	ck_assert_str_eq(vx_contigs_assembly(a->contigs), vx_contigs_assembly(b->contigs));
	ck_assert_mem_eq(a->contig_variants, b->contig_variants, 8 * vx_contigs_count(a->contigs));
}

static void check_rest(const struct vx_meta *a, const struct vx_meta *b)
{
	ck_assert_mem_eq(a->reach, b->reach, 8 * a->n_blocks);
	ck_assert_uint_eq(a->n_sources, b->n_sources);
	for (uint32_t i = 0; i < a->n_sources; i++) {
		ck_assert(vx_slice_eq(a->sources[i].name, b->sources[i].name));
		ck_assert_mem_eq(&a->sources[i].size, &b->sources[i].size,
				 sizeof a->sources[i] - sizeof a->sources[i].name);
	}
}

START_TEST(round_trip)
{
	struct vidx_error err = {0};
	struct vx_meta back;
	struct vx_buf out, again;

	vx_buf_init(&out);
	vx_buf_init(&again);
	vx_buf_adds(&out, "before");
	vx_meta_write(&made.meta, &out);
	ck_assert_uint_eq((out.len - 6) % 4096, 4080);
	vx_meta_init(&back);
	ck_assert_msg(vx_meta_read(&back, out.p + 6, out.len - 6, &err) == 0, "%s", err.text);
	check_same(&made.meta, &back);
	check_rest(&made.meta, &back);
	vx_meta_write(&back, &again);
	ck_assert_uint_eq(again.len, out.len - 6);
	ck_assert_mem_eq(again.p, out.p + 6, again.len);
	vx_meta_release(&back);
	vx_buf_release(&out);
	vx_buf_release(&again);
}
END_TEST

START_TEST(parts)
{
	static const unsigned order[] = {VX_META_CORE, VX_META_INPUTS, VX_META_REACH};
	struct vx_meta back;
	struct vx_buf out;

	vx_buf_init(&out);
	vx_meta_init(&back);
	for (int i = 0; i < 3; i++) {
		vx_buf_clear(&out);
		vx_meta_write_parts(&made.meta, order[i], &out);
		ck_assert_int_eq(vx_meta_read_parts(&back, order[i], out.p, out.len, NULL), 0);
	}
	check_same(&made.meta, &back);
	check_rest(&made.meta, &back);
	/* A part that is not there is refused. */
	ck_assert_int_eq(vx_meta_read_parts(&back, VX_META_CORE, out.p, out.len, NULL),
			 VIDX_EBADINDEX);
	vx_meta_release(&back);
	/* Reach without the core that says how many. */
	vx_meta_init(&back);
	ck_assert_int_eq(vx_meta_read_parts(&back, VX_META_REACH, out.p, out.len, NULL),
			 VIDX_EBADINDEX);
	vx_meta_release(&back);
	vx_buf_release(&out);
}
END_TEST

static int read_status(const uint8_t *p, size_t len, struct vidx_error *err)
{
	struct vx_meta back;
	int rc;

	memset(err, 0, sizeof *err);
	vx_meta_init(&back);
	rc = vx_meta_read(&back, p, len, err);
	vx_meta_release(&back);
	return rc;
}

/* Sets the hash right again, so that the change behind it is what is met. */
static void rehash(struct vx_buf *out)
{
	uint64_t hash = vx_hash64(out->p + 8, out->len - 8);

	memcpy(out->p, &hash, 8);
}

START_TEST(any_damage_is_refused)
{
	struct vidx_error err;
	struct vx_buf out;

	vx_buf_init(&out);
	vx_meta_write(&made.meta, &out);
	for (size_t i = 0; i < out.len; i++) {
		out.p[i] ^= (uint8_t)(1 << i % 8);
		ck_assert_int_eq(read_status(out.p, out.len, &err), VIDX_EBADINDEX);
		out.p[i] ^= (uint8_t)(1 << i % 8);
	}
	for (size_t len = 0; len < out.len; len += len < 64 ? 1 : 61)
		ck_assert_int_eq(read_status(out.p, len, &err), VIDX_EBADINDEX);
	ck_assert_int_eq(read_status(out.p, out.len, &err), 0);
	vx_buf_release(&out);
}
END_TEST

START_TEST(damage_under_a_right_hash)
{
	struct vidx_error err;
	struct vx_buf out;
	int n_refused = 0;

	vx_buf_init(&out);
	vx_meta_write(&made.meta, &out);
	for (size_t i = 8; i < out.len; i++) {
		out.p[i] ^= 0xff;
		rehash(&out);
		n_refused += read_status(out.p, out.len, &err) < 0;
		out.p[i] ^= 0xff;
	}
	/* Most of the bytes are texts and zeros, where another value is as good. */
	ck_assert_int_gt(n_refused, 100);
	out.p[8] = 2;
	rehash(&out);
	ck_assert_int_eq(read_status(out.p, out.len, &err), VIDX_EVERSION);
	ck_assert_str_eq(err.text, "a description of version 2, not 1");
	vx_buf_release(&out);
}
END_TEST

START_TEST(contradictions_are_refused)
{
	struct vidx_error err;
	struct vx_buf out;

	vx_buf_init(&out);
	for (int i = 0; i < 6; i++) {
		struct vx_meta saved = made.meta;

		vx_buf_clear(&out);
		switch (i) {
		case 0:
			made.meta.metrics = 0;
			break;
		case 1:
			made.meta.metrics = 1u << VIDX_N_METRICS;
			break;
		case 2:
			made.meta.hash_bits = 65;
			break;
		case 3:
			made.meta.n_variants = 1001;
			break;
		case 4:
			made.meta.n_variants = 0;
			break;
		case 5:
			made.meta.n_blocks = 0;
			break;
		}
		vx_meta_write(&made.meta, &out);
		ck_assert_int_eq(read_status(out.p, out.len, &err), VIDX_EBADINDEX);
		made.meta = saved;
	}
	vx_buf_release(&out);
}
END_TEST

START_TEST(unknown_records_are_skipped)
{
	static const uint8_t record[32] = {77, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0,
					   0,  0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
	struct vidx_error err;
	struct vx_buf out, more;

	vx_buf_init(&out);
	vx_buf_init(&more);
	vx_meta_write(&made.meta, &out);
	vx_buf_add(&more, out.p, 16);
	vx_buf_add(&more, record, sizeof record);
	vx_buf_add(&more, out.p + 16, out.len - 16);
	rehash(&more);
	ck_assert_msg(read_status(more.p, more.len, &err) == 0, "%s", err.text);
	/* One that is longer than what is left. */
	more.p[16 + 15] = 0x7f;
	rehash(&more);
	ck_assert_int_eq(read_status(more.p, more.len, &err), VIDX_EBADINDEX);
	vx_buf_release(&out);
	vx_buf_release(&more);
}
END_TEST

/* The keys of --keep-info; without any not a byte says so. */
START_TEST(kept_info)
{
	static struct vx_keep_key key[] = {
		{.name = "CADD", .number = "A", .description = "a score", .type = VX_KEEP_FLOAT},
		{.name = "lcr", .number = "0", .description = "", .type = VX_KEEP_FLAG}};
	struct vidx_error err = {0};
	struct vx_meta back;
	struct vx_buf out, without;

	vx_buf_init(&out);
	vx_buf_init(&without);
	made.meta.tally.n_not_kept = 5;
	vx_meta_write(&made.meta, &without);
	made.meta.tally.n_not_kept = 0;
	vx_meta_write(&made.meta, &out);
	ck_assert_uint_eq(out.len, without.len);
	ck_assert_mem_eq(out.p, without.p, out.len);
	made.meta.keep.n = 2;
	made.meta.keep.key = key;
	made.meta.tally.n_not_kept = 300;
	vx_buf_clear(&out);
	vx_meta_write(&made.meta, &out);
	vx_meta_init(&back);
	ck_assert_msg(vx_meta_read(&back, out.p, out.len, &err) == 0, "%s", err.text);
	check_same(&made.meta, &back);
	check_rest(&made.meta, &back);
	ck_assert_uint_eq(back.keep.n, 2);
	ck_assert_str_eq(back.keep.key[0].name, "CADD");
	ck_assert_str_eq(back.keep.key[0].description, "a score");
	ck_assert_int_eq(back.keep.key[0].share, VX_KEEP_PER_ALT);
	ck_assert_int_eq(back.keep.key[1].type, VX_KEEP_FLAG);
	vx_meta_release(&back);
	/* It belongs to the core, which every reader reads. */
	vx_buf_clear(&out);
	vx_meta_write_parts(&made.meta, VX_META_CORE, &out);
	vx_meta_init(&back);
	ck_assert_int_eq(vx_meta_read_parts(&back, VX_META_CORE, out.p, out.len, NULL), 0);
	ck_assert_uint_eq(back.keep.n, 2);
	ck_assert_uint_eq(back.tally.n_not_kept, 300);
	vx_meta_release(&back);
	vx_keep_init(&made.meta.keep);
	vx_buf_release(&out);
	vx_buf_release(&without);
}
END_TEST

/* The callable track stands in its place among all parts, with and without kept INFO. */
START_TEST(track_of_all_parts)
{
	static struct vx_keep_key key[] = {
		{.name = "lcr", .number = "0", .description = "", .type = VX_KEEP_FLAG}};
	static uint32_t col[] = {0};
	struct vidx_error err = {0};
	struct vx_meta back;
	struct vx_buf out;

	vx_buf_init(&out);
	made.meta.track.present = 1;
	made.meta.track.kind = vx_slice_str("bed");
	made.meta.track.name = vx_slice_str("a.bed");
	made.meta.track.n_cols = 1;
	made.meta.track.col = col;
	made.meta.keep.key = key;
	for (made.meta.keep.n = 0; made.meta.keep.n < 2; made.meta.keep.n++) {
		vx_buf_clear(&out);
		vx_meta_write(&made.meta, &out);
		vx_meta_init(&back);
		ck_assert_msg(vx_meta_read(&back, out.p, out.len, &err) == 0, "%s", err.text);
		check_rest(&made.meta, &back);
		ck_assert_int_eq(back.track.present, 1);
		ck_assert(vx_slice_is(back.track.name, "a.bed"));
		ck_assert_uint_eq(back.keep.n, made.meta.keep.n);
		vx_meta_release(&back);
	}
	memset(&made.meta.track, 0, sizeof made.meta.track);
	vx_keep_init(&made.meta.keep);
	vx_buf_release(&out);
}
END_TEST

Suite *store_meta_suite(void)
{
	Suite *s = suite_create("store_meta");
	TCase *t = tcase_create("meta");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, round_trip);
	tcase_add_test(t, parts);
	tcase_add_test(t, any_damage_is_refused);
	tcase_add_test(t, damage_under_a_right_hash);
	tcase_add_test(t, contradictions_are_refused);
	tcase_add_test(t, unknown_records_are_skipped);
	tcase_add_test(t, kept_info);
	tcase_add_test(t, track_of_all_parts);
	suite_add_tcase(s, t);
	return s;
}
