/* The worked example of engine/codec/FORMAT.md: its bytes are what the codec writes and reads. */
#include "base/pos.h"
#include "codec/alt.h"
#include "codec/block.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES (8 * VX_PAGE - VX_PAGE_HEADER)
#define N_ROWS      3

/* ALL = XX + XY; AC, AN and nhomalt. */
static uint32_t rule_beg[] = {0, 2, 2, 2}, rule[] = {1, 2}, order[] = {1, 2, 0};
static struct vx_groups groups = {.n = 3, .rule_beg = rule_beg, .rule = rule, .order = order};
static const struct vx_shape shape = {.groups = &groups, .metrics = 7};

static uint64_t values[N_ROWS][9] = {
	/* ALL  XX   XY: AC,  AN,            nhomalt */
	{5, 4, 1, 200, 120, 80, 1, 1, 0},
	{1, 0, 1, 196, 118, 78, 0, 0, 0},
	{0, 0, 0, 200, 120, 80, 0, 0, 0},
};

static void make_rows(struct vx_row *row)
{
	static const struct {
		uint64_t pos1, end1;
		const char *ref, *alt, *id, *filter;
		int64_t svlen;
	} text[N_ROWS] = {
		{1000, 1000, "A", "G", "rs7", "PASS", 0},
		{1000, 1000, "A", "AC", "", "PASS", 0},
		{1010, 2000, "C", "<DEL>", "dv1", "q10", -990},
	};

	for (int i = 0; i < N_ROWS; i++) {
		memset(&row[i], 0, sizeof(row[i]));
		row[i].locus = vx_locus(0, vx_pos0(text[i].pos1));
		row[i].end0 = text[i].end1;
		row[i].svlen = text[i].svlen;
		row[i].ref = vx_slice_str(text[i].ref);
		row[i].alt = vx_slice_str(text[i].alt);
		row[i].id = vx_slice_str(text[i].id);
		row[i].filter = vx_slice_str(text[i].filter);
		row[i].hash = vx_allele_hash(row[i].ref, row[i].alt, row[i].end0, row[i].svlen, 64);
		row[i].value = values[i];
	}
	/* Rows of one position go by the hash of their allele. */
	if (vx_row_compare(&row[0], &row[1]) > 0) {
		struct vx_row swap = row[0];

		row[0] = row[1];
		row[1] = swap;
	}
}

/* Reads the lines "offset: hex ..." between the two marks of the document. */
static size_t read_example(uint8_t *block)
{
	FILE *f = fopen("engine/codec/FORMAT.md", "r");
	char line[256];
	size_t n = 0;
	int inside = 0;

	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f)) {
		char *p = strchr(line, ':'), *end;

		if (strstr(line, "<!-- example"))
			inside = strstr(line, "begin") != NULL;
		if (!inside || !p || strncmp(line, "    ", 4) != 0)
			continue;
		ck_assert_uint_eq(strtoul(line, NULL, 16), n);
		for (p++;; p = end) {
			unsigned long byte = strtoul(p, &end, 16);

			if (end == p || end - p > 3)
				break;
			block[n++] = (uint8_t)byte;
		}
	}
	fclose(f);
	return n;
}

START_TEST(example)
{
	static uint8_t want[BLOCK_BYTES];
	struct vx_row row[N_ROWS], got;
	const struct vx_row *rows[N_ROWS] = {&row[0], &row[1], &row[2]};
	struct vx_packer *packer;
	struct vx_slice bytes;
	struct vx_block block;
	struct vidx_error err = {0, ""};
	char scratch[VX_ROW_SCRATCH];
	uint64_t value[9];
	size_t taken, n_shown = read_example(want);

	make_rows(row);
	ck_assert_int_eq(vx_packer_new(&shape, 64, &packer, NULL), 0);
	ck_assert_int_eq(vx_pack(packer, rows, N_ROWS, &bytes, &taken, NULL), 0);
	ck_assert_uint_eq(taken, N_ROWS);
	ck_assert_uint_eq(bytes.len, VX_PAGE - VX_PAGE_HEADER);
	if (getenv("SHOW_EXAMPLE"))
		for (size_t i = 0; i < 320; i++)
			printf("%s%02x", i % 16 ? " " : i ? "\n" : "", (uint8_t)bytes.p[i]);
	/* The document shows the bytes up to the zeros that fill the page. */
	ck_assert_uint_gt(n_shown, 200);
	ck_assert_mem_eq(bytes.p, want, bytes.len);
	ck_assert_int_eq(vx_block_open(&block, want, bytes.len, &shape, 64), 0);
	ck_assert_msg(vx_block_verify(&block, &err) == 0, "%s", err.text);
	ck_assert_uint_eq(block.n_rows, N_ROWS);
	ck_assert_uint_eq(vx_block_max_end(&block), 2000);
	for (uint32_t i = 0; i < N_ROWS; i++) {
		got.value = value;
		ck_assert_int_eq(vx_block_row(&block, i, &got, scratch), 0);
		ck_assert_int_eq(vx_row_compare(&got, &row[i]), 0);
		ck_assert(vx_slice_eq(got.id, row[i].id));
		ck_assert(vx_slice_eq(got.filter, row[i].filter));
		ck_assert_mem_eq(value, row[i].value, sizeof(value));
	}
	vx_packer_free(packer);
}
END_TEST

Suite *codec_format_suite(void);
Suite *codec_format_suite(void)
{
	Suite *s = suite_create("codec_format");
	TCase *t = tcase_create("format");

	tcase_add_test(t, example);
	suite_add_tcase(s, t);
	return s;
}
