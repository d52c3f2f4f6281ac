#include "cohort/gt_rows.h"

Suite *cohort_sex_suite(void);

/* --- where is what --- */

/* First and last base, 1-based, of PAR1 and PAR2. */
static const struct {
	const char *assembly;
	uint64_t x[2][2], y[2][2], x_length, y_length;
} pars[] = {
	{"GRCh37",
	 {{60001, 2699520}, {154931044, 155260560}},
	 {{10001, 2649520}, {59034050, 59363566}},
	 155270560,
	 59373566},
	{"GRCh38",
	 {{10001, 2781479}, {155701383, 156030895}},
	 {{10001, 2781479}, {56887903, 57217415}},
	 156040895,
	 57227415},
	{"T2T-CHM13",
	 {{1, 2394410}, {153925835, 154259566}},
	 {{1, 2458320}, {62122810, 62460029}},
	 154259566,
	 62460029},
};
#define N_PARS ((int)(sizeof pars / sizeof *pars))

static void check_base(int i, uint32_t rank, uint64_t pos1, int is_par)
{
	enum vx_assembly assembly = vx_assembly_by_name(vx_slice_str(pars[i].assembly));
	enum vx_region want = is_par ? VX_DIPLOID : rank == 22 ? VX_ONLY_X : VX_ONLY_Y;

	ck_assert_msg(vx_region_at(assembly, rank, pos1 - 1) == want, "%s, contig %u, base %u",
		      pars[i].assembly, rank, (unsigned)pos1);
}

START_TEST(boundaries)
{
	int n = 0;

	for (uint32_t rank = 22; rank < 24; rank++)
		for (int k = 0; k < 2; k++) {
			const uint64_t *par = rank == 22 ? pars[_i].x[k] : pars[_i].y[k];
			uint64_t length = rank == 22 ? pars[_i].x_length : pars[_i].y_length;

			for (int d = -1000; d <= 1000; d++) {
				if ((int64_t)par[0] + d > 0) {
					check_base(_i, rank, par[0] + (uint64_t)d, d >= 0);
					n++;
				}
				if (par[1] + (uint64_t)d <= length) {
					check_base(_i, rank, par[1] + (uint64_t)d, d <= 0);
					n++;
				}
			}
			check_base(_i, rank, (par[0] + par[1]) / 2, 1);
		}
	check_base(_i, 22, pars[_i].x_length / 2, 0);
	check_base(_i, 23, pars[_i].y_length / 2, 0);
	printf("sex: %s: %d bases at the boundaries of X and Y\n", pars[_i].assembly, n);
	ck_assert_int_ge(n, 9000);
}
END_TEST

START_TEST(contigs)
{
	for (int a = 0; a < VX_N_ASSEMBLIES; a++)
		for (uint32_t rank = 0; rank < 30; rank++) {
			enum vx_region want = rank == 24 ? VX_MITO : VX_DIPLOID;

			if (rank == 22 || rank == 23)
				continue;
			ck_assert_int_eq(vx_region_at((enum vx_assembly)a, rank, 0), want);
			ck_assert_int_eq(vx_region_at((enum vx_assembly)a, rank, 5000000), want);
		}
}
END_TEST

/* --- when the rules hold --- */

static void few(struct vx_cohort *c, const char *sheet)
{
	struct vx_sheet_options options = {.allow_unlisted = 1};
	struct vidx_error err;

	ck_assert_int_eq(sheet_build(c, &options, "m f u", sheet, NULL, &err), 0);
}

START_TEST(known)
{
	struct vx_sexes sexes;
	struct vx_cohort c;

	few(&c, "s\tsex\nm\tM\nf\tF\n");
	make_sexes(&c, "hg38", &sexes);
	ck_assert(sexes.known);
	ck_assert_uint_eq(sexes.n_xx, 1);
	ck_assert_uint_eq(sexes.n_xy, 1);
	ck_assert_ptr_null(vx_sexes_at(&sexes, 0, 100));
	ck_assert_ptr_null(vx_sexes_at(&sexes, 22, 2781478));
	ck_assert_ptr_eq(vx_sexes_at(&sexes, 22, 2781479), &sexes.region[VX_ONLY_X]);
	ck_assert_ptr_eq(vx_sexes_at(&sexes, 23, 2781479), &sexes.region[VX_ONLY_Y]);
	ck_assert_ptr_eq(vx_sexes_at(&sexes, 24, 1), &sexes.region[VX_MITO]);
	ck_assert_ptr_null(vx_sexes_at(&sexes, 25, 1));
	ck_assert_ptr_null(vx_sexes_at(&sexes, VX_NO_CONTIG - 1, 1));
	ck_assert_uint_eq(sexes.region[VX_ONLY_X].an[0], 5);
	ck_assert_uint_eq(sexes.region[VX_ONLY_Y].an[0], 3);
	ck_assert_uint_eq(sexes.region[VX_MITO].an[0], 3);
	vx_sexes_release(&sexes);
	make_sexes(&c, "wheat", &sexes);
	ck_assert(!sexes.known);
	ck_assert_ptr_null(vx_sexes_at(&sexes, 24, 1));
	vx_sexes_release(&sexes);
	vx_cohort_release(&c);
	few(&c, "s\tsex\nm\tNA\nf\t0\n");
	make_sexes(&c, "hg38", &sexes);
	ck_assert(!sexes.known);
	ck_assert_ptr_null(vx_sexes_at(&sexes, 24, 1));
	vx_sexes_release(&sexes);
	vx_cohort_release(&c);
}
END_TEST

/* The chrM of hg19 is no alias of MT, but mitochondrial all the same. */
START_TEST(yoruba)
{
	struct vx_header_contig contig = {.name = vx_slice_str("chrM"), .length = 16571};
	struct vx_header header = {.n_contigs = 1, .contigs = &contig};
	struct vx_contigs *table;
	struct vx_sexes sexes;
	struct vx_cohort c;
	uint32_t rank;

	few(&c, "s\tsex\nm\tM\nf\tF\n");
	ck_assert_int_eq(vx_contigs_new("hg19", &header, "x", &table, NULL), 0);
	ck_assert_int_eq(vx_sexes_init(&sexes, &c, table, NULL), 0);
	rank = vx_contigs_find(table, vx_slice_str("chrM"));
	ck_assert_uint_gt(rank, 24);
	ck_assert_ptr_eq(vx_sexes_at(&sexes, rank, 1), &sexes.region[VX_MITO]);
	ck_assert_ptr_eq(vx_sexes_at(&sexes, 24, 1), &sexes.region[VX_MITO]);
	ck_assert_ptr_null(vx_sexes_at(&sexes, rank + 1, 1));
	vx_sexes_release(&sexes);
	vx_contigs_free(table);
	vx_cohort_release(&c);
}
END_TEST

/* --- every shape of genotype, for every sex, in every region --- */

/* What counts of the first of 12 ALTs: as written, and for somebody with one copy. */
static const struct {
	const char *gt;
	int ac, an, nhomalt, nhemi, het;
	int one_ac, one_an;
} shapes[] = {
	{"0/0", 0, 2, 0, 0, 0, 0, 1},   {"0|0", 0, 2, 0, 0, 0, 0, 1},
	{"1/1", 2, 2, 1, 0, 0, 1, 1},   {"1|1", 2, 2, 1, 0, 0, 1, 1},
	{"0/1", 1, 2, 0, 0, 1, 0, 0},   {"1|0", 1, 2, 0, 0, 1, 0, 0},
	{"2/2", 0, 2, 0, 0, 0, 0, 1},   {"1/2", 1, 2, 0, 0, 1, 0, 0},
	{"0/2", 0, 2, 0, 0, 0, 0, 0},   {"2|3", 0, 2, 0, 0, 0, 0, 0},
	{"12/12", 0, 2, 0, 0, 0, 0, 1}, {"1/12", 1, 2, 0, 0, 1, 0, 0},
	{"12|0", 0, 2, 0, 0, 0, 0, 0},  {"./.", 0, 0, 0, 0, 0, 0, 0},
	{".|1", 1, 1, 0, 0, 0, 1, 1},   {"1/.", 1, 1, 0, 0, 0, 1, 1},
	{"./0", 0, 1, 0, 0, 0, 0, 1},   {"2/.", 0, 1, 0, 0, 0, 0, 1},
	{"./12", 0, 1, 0, 0, 0, 0, 1},  {"0", 0, 1, 0, 0, 0, 0, 1},
	{"1", 1, 1, 0, 1, 0, 1, 1},     {"2", 0, 1, 0, 0, 0, 0, 1},
	{"12", 0, 1, 0, 0, 0, 0, 1},    {".", 0, 0, 0, 0, 0, 0, 0},
	{"1/1/1", 3, 3, 1, 0, 0, 1, 1}, {"0/0/0", 0, 3, 0, 0, 0, 0, 1},
	{"0/1/1", 2, 3, 0, 0, 1, 0, 0}, {"1/1/.", 2, 2, 1, 0, 0, 1, 1},
	{"./1/.", 1, 1, 0, 0, 0, 1, 1}, {"././.", 0, 0, 0, 0, 0, 0, 0},
	{"1|2|3", 1, 3, 0, 0, 1, 0, 0}, {"0/0/0/0", 0, 4, 0, 0, 0, 0, 1},
	{"/1/1", 2, 2, 1, 0, 0, 1, 1},  {"|1", 1, 1, 0, 1, 0, 1, 1},
	{"01/1", 2, 2, 1, 0, 0, 1, 1},
};
#define N_SHAPES ((int)(sizeof shapes / sizeof *shapes))

/* 150 people: XX, XY, and of unknown sex in turn. */
#define N_PEOPLE 150

static void make_people(struct vx_cohort *c)
{
	struct vx_sheet_options options = {.by_sex = 1};
	char names[N_PEOPLE * 6 + 1], sheet[N_PEOPLE * 12 + 16];
	size_t k = 0, at = (size_t)sprintf(sheet, "s\tsex\n");
	static const char *const sex[] = {"XX", "XY", "NA"};
	struct vidx_error err;

	for (int i = 0; i < N_PEOPLE; i++) {
		k += (size_t)sprintf(names + k, "s%d ", i);
		at += (size_t)sprintf(sheet + at, "s%d\t%s\n", i, sex[i % 3]);
	}
	ck_assert_int_eq(sheet_build(c, &options, names, sheet, NULL, &err), 0);
}

/* Everybody has the genotype, followed by rest (":9" or nothing). */
static void make_uniform(struct row *row, const char *gt, const char *rest)
{
	char *p;

	memset(row, 0, sizeof *row);
	row->n_alts = 12;
	row->n_format = 1 + (*rest != '\0');
	row->samples = calloc(N_PEOPLE, sizeof *row->samples);
	p = row->text = calloc(1, (strlen(gt) + strlen(rest) + 1) * N_PEOPLE + 64);
	for (int i = 0; i < N_PEOPLE; i++) {
		p += sprintf(p, "%s%s%s", i ? "\t" : "", gt, rest);
		ck_assert(model_read(gt, gt + strlen(gt), 12, &row->samples[i]));
	}
	row->len = (size_t)(p - row->text);
}

/* What the first ALT has in a group of n people who count as written, and m with one copy. */
static void check_group(const uint64_t *v, uint32_t n_groups, int i, uint64_t n, uint64_t m)
{
	const char *gt = shapes[i].gt;

	ck_assert_msg(v[VIDX_AC * n_groups] ==
			      n * (unsigned)shapes[i].ac + m * (unsigned)shapes[i].one_ac,
		      "AC of %s", gt);
	ck_assert_msg(v[VIDX_AN * n_groups] ==
			      n * (unsigned)shapes[i].an + m * (unsigned)shapes[i].one_an,
		      "AN of %s", gt);
	ck_assert_msg(v[VIDX_NHOMALT * n_groups] == n * (unsigned)shapes[i].nhomalt,
		      "nhomalt of %s", gt);
	ck_assert_msg(v[VIDX_NHEMI * n_groups] ==
			      n * (unsigned)shapes[i].nhemi + m * (unsigned)shapes[i].one_ac,
		      "nhemi of %s", gt);
	ck_assert_msg(v[VIDX_HET * n_groups] == n * (unsigned)shapes[i].het, "het of %s", gt);
}

/* The table decides on the model, and the model on every path of the engine. */
START_TEST(every_shape)
{
	/* of XX, XY and unknown: as written, one copy, or neither */
	static const int as_written[VX_N_REGIONS][3] = {{1, 1, 1}, {1, 0, 1}, {0, 0, 1}, {0, 0, 0}};
	static const int one_copy[VX_N_REGIONS][3] = {{0, 0, 0}, {0, 1, 0}, {0, 1, 0}, {1, 1, 1}};
	struct vx_cohort c;
	struct row row;

	make_people(&c);
	ck_assert_uint_eq(c.groups.n, 3);
	for (int region = 0; region < VX_N_REGIONS; region++) {
		uint64_t value[12 * VX_COUNT_N_METRICS * 3], n = N_PEOPLE / 3;
		const int *w = as_written[region], *o = one_copy[region];

		make_uniform(&row, shapes[_i].gt, region % 2 ? ":9" : "");
		row.region = region;
		model_count(&c, &row, value);
		check_group(value, 3, _i, n * (unsigned)(w[0] + w[1] + w[2]),
			    n * (unsigned)(o[0] + o[1] + o[2]));
		check_group(value + 1, 3, _i, n * (unsigned)w[0], n * (unsigned)o[0]);
		check_group(value + 2, 3, _i, n * (unsigned)w[1], n * (unsigned)o[1]);
		check_row(&c, &row);
		free_row(&row);
	}
	vx_cohort_release(&c);
}
END_TEST

/* A text that is no genotype rejects the record, whoever has it. */
START_TEST(bad_text)
{
	static const char *const bad[] = {"0/13", "13", "x", "0/", "1/1/", "-1"};
	struct vx_cohort c;
	struct vx_sexes sexes;
	struct vx_counter *counter;
	uint64_t value[12 * VX_COUNT_N_METRICS * 3];
	char text[N_PEOPLE * 8 + 64];

	make_people(&c);
	make_sexes(&c, "GRCh37", &sexes);
	ck_assert_int_eq(vx_counter_new(&c, &counter, NULL), 0);
	for (int i = 0; i < 6 * 3 * VX_N_REGIONS; i++) {
		int who = 60 + i / 6 % 3, region = i / 18;
		struct vx_record record = {
			.n_alts = 12, .n_samples = N_PEOPLE, .gt_form = VX_GT_TEXT, .n_format = 1};
		struct vx_slice found = {NULL, 0};
		char *p = text;

		memset(text, 0, sizeof text);
		for (int k = 0; k < N_PEOPLE; k++)
			p += sprintf(p, "%s%s", k ? "\t" : "", k == who ? bad[i % 6] : "0/1");
		record.samples = vx_slice(text, (size_t)(p - text));
		vx_counter_copies(counter, region ? &sexes.region[region] : NULL);
		ck_assert_int_eq(vx_count(counter, &record, value, &found), VX_BAD_GT);
		ck_assert(vx_slice_is(found, bad[i % 6]));
	}
	vx_counter_free(counter);
	vx_sexes_release(&sexes);
	vx_cohort_release(&c);
}
END_TEST

/* --- rows by chance, as in the tests of counting --- */

START_TEST(small)
{
	rng_state = 815;
	printf("sex: seed 815\n");
	for (uint32_t n = 0; n <= 200; n++)
		check_rows(n, 1 + rng(8), 25, -1);
}
END_TEST

START_TEST(large)
{
	rng_state = 2023;
	check_rows(2504, 26, 40, -1);
	check_rows(1100, 330, 8, -1);
}
END_TEST

Suite *cohort_sex_suite(void)
{
	Suite *s = suite_create("cohort_sex");
	TCase *t = tcase_create("sex");

	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, boundaries, 0, N_PARS);
	tcase_add_test(t, contigs);
	tcase_add_test(t, known);
	tcase_add_test(t, yoruba);
	tcase_add_loop_test(t, every_shape, 0, N_SHAPES);
	tcase_add_test(t, bad_text);
	tcase_add_test(t, small);
	tcase_add_test(t, large);
	suite_add_tcase(s, t);
	return s;
}
