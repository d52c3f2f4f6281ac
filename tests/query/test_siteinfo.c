/* Kept INFO of the sites that every kind of question gives. */
#include "fixture.h"

#define N 6000

static const char *const keep_list = "NUMBER,TEXT,FLAG,LIST,FLOATS,NEVER";

enum { NUMBER, TEXT, FLAG, LIST, FLOATS, NEVER, N_KEYS };

/* Row i has its number; every third also the others. */
static void make(struct fixture *f, int hash_bits)
{
	struct vx_build_options options = {.n_inputs = 1,
					   .assembly = "test",
					   .threads = 2,
					   .hash_bits = hash_bits,
					   .keep_info = keep_list};
	struct vx_build_summary summary;
	const char *inputs[1];
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(file);
	fputs("##fileformat=VCFv4.2\n##contig=<ID=a>\n"
	      "##INFO=<ID=AC,Number=A,Type=Integer,Description=\"x\">\n"
	      "##INFO=<ID=AN,Number=1,Type=Integer,Description=\"x\">\n"
	      "##INFO=<ID=NUMBER,Number=1,Type=Integer,Description=\"the row\">\n"
	      "##INFO=<ID=TEXT,Number=1,Type=String,Description=\"x\">\n"
	      "##INFO=<ID=FLAG,Number=0,Type=Flag,Description=\"x\">\n"
	      "##INFO=<ID=LIST,Number=.,Type=Integer,Description=\"x\">\n"
	      "##INFO=<ID=FLOATS,Number=.,Type=Float,Description=\"x\">\n"
	      "##INFO=<ID=NEVER,Number=1,Type=Character,Description=\"x\">\n"
	      "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n",
	      file);
	for (int i = 0; i < N; i++) {
		fprintf(file, "a\t%d\trs%d\tA\t%s\t.\tPASS\tAC=1;AN=10;NUMBER=%d", i / 2 * 3 + 1,
			i + 1, i % 2 ? "C" : "GTT", i);
		if (i % 3 == 0)
			fprintf(file, ";TEXT=row%d;FLAG;LIST=%d,.,%d;FLOATS=.,0.5", i, i, -i);
		fputc('\n', file);
	}
	ck_assert_int_eq(fclose(file), 0);
	fixture_build(f, text, len, hash_bits);
	free(text);
	inputs[0] = f->input;
	options.inputs = inputs;
	options.output = f->path;
	ck_assert_msg(vx_build(&options, &summary, &f->err) == 0, "%s", f->err.text);
}

static void must_be(int condition, int i, const char *what)
{
	if (!condition)
		ck_abort_msg("row %d: %s", i, what);
}

/* All that the site of row i has. */
static void check_site(const struct vidx_site *site, int i)
{
	struct vidx_info_value number, text, list, v;
	char want[32];

	must_be(vidx_info(site, NUMBER, &number) == 0, i, "status");
	if (i % 3) {
		for (uint32_t k = TEXT; k < N_KEYS; k++)
			must_be(vidx_info(site, k, &v) == VIDX_NOVALUE, i, "a value not given");
	} else {
		snprintf(want, sizeof(want), "row%d", i);
		must_be(vidx_info(site, TEXT, &text) == 0, i, "text");
		must_be(vidx_info(site, FLAG, &v) == 0 && v.n == 0, i, "flag");
		must_be(v.type == VIDX_INFO_FLAG, i, "type of the flag");
		must_be(vidx_info(site, LIST, &list) == 0 && list.n == 3, i, "list");
		must_be(vidx_info(site, FLOATS, &v) == 0 && v.n == 2, i, "floats");
		must_be(v.missing && v.missing[0] && !v.missing[1] && v.floats[1] == 0.5f, i,
			"floats' values");
		must_be(vidx_info(site, NEVER, &v) == VIDX_NOVALUE, i, "never");
		/* Values asked for before stand. */
		must_be(text.text_len == strlen(want) && text.n == 1 &&
				memcmp(text.text, want, text.text_len) == 0,
			i, "text's value");
		must_be(list.integers[0] == i && list.missing[1] && list.integers[2] == -i, i,
			"list's values");
	}
	must_be(number.type == VIDX_INFO_INTEGER && number.n == 1 && !number.missing &&
			number.integers[0] == i,
		i, "number");
	must_be(vidx_info(site, N_KEYS, &v) == VIDX_EUSAGE, i, "no such key");
}

static struct vidx_allele allele_of(int i)
{
	const char *alt = i % 2 ? "C" : "GTT";
	struct vidx_allele allele = {"a", 1, (uint64_t)(i / 2 * 3 + 1), "A", 1, alt, strlen(alt)};

	return allele;
}

static int take(void *arg, size_t i, int status, const struct vidx_site *site)
{
	const int *row = arg;

	must_be(status == 0, row[i], "status of a batch");
	check_site(site, row[i]);
	return 0;
}

static void ask_all(struct fixture *f)
{
	static struct vidx_allele alleles[N];
	static int rows[N];
	struct vidx_batch batch = {.alleles = alleles, .n = N, .answer = take, .arg = rows};
	const struct vidx_site *site;
	uint64_t state = 1;
	char id[16];
	int n = 0;

	for (int i = 0; i < N; i++) {
		rows[i] = (int)(fixture_random(&state) % N);
		alleles[i] = allele_of(rows[i]);
		ck_assert_int_eq(vidx_get(f->reader, &alleles[i], &site, &f->err), 0);
		check_site(site, rows[i]);
	}
	ck_assert_int_eq(vidx_get_many(f->reader, &batch, &f->err), 0);
	for (int i = 0; i < N; i += 97) {
		snprintf(id, sizeof(id), "rs%d", i + 1);
		ck_assert_int_eq(vidx_get_id(f->reader, id, strlen(id), &site, &f->err), 0);
		check_site(site, i);
	}
	ck_assert_int_eq(vidx_region(f->reader, "a", 1, 3 * N, &f->err), 0);
	while (vidx_next(f->reader, &site, &f->err) == 0) {
		struct vidx_info_value v;

		ck_assert_int_eq(vidx_info(site, NUMBER, &v), 0);
		check_site(site, (int)((site->pos1 - 1) / 3 * 2) + (site->alt_len == 1));
		n++;
	}
	ck_assert_int_eq(n, N);
}

START_TEST(every_way)
{
	struct fixture f;

	make(&f, _i & 1 ? 2 : 64);
	fixture_open(&f, _i >> 1);
	ask_all(&f);
	fixture_end(&f);
}
END_TEST

START_TEST(description)
{
	const struct vidx_description *about;
	struct fixture f;

	make(&f, 64);
	fixture_open(&f, 1);
	about = vidx_describe(f.index);
	ck_assert_uint_eq(about->n_info, N_KEYS);
	ck_assert_str_eq(about->info[0].name, "NUMBER");
	ck_assert_str_eq(about->info[0].number, "1");
	ck_assert_str_eq(about->info[0].description, "the row");
	ck_assert_int_eq(about->info[0].type, VIDX_INFO_INTEGER);
	ck_assert_int_eq(about->info[NEVER].type, VIDX_INFO_STRING);
	ck_assert_int_eq(vidx_info_index(f.index, "LIST"), LIST);
	ck_assert_int_eq(vidx_info_index(f.index, "list"), -1);
	ck_assert_int_eq(vidx_info_index(f.index, NULL), -1);
	fixture_end(&f);
}
END_TEST

Suite *query_siteinfo_suite(void);
Suite *query_siteinfo_suite(void)
{
	Suite *s = suite_create("query_siteinfo");
	TCase *t = tcase_create("siteinfo");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, every_way, 0, 4);
	tcase_add_test(t, description);
	suite_add_tcase(s, t);
	return s;
}
