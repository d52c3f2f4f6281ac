/* The VCF of an index: its text, and that an index built from it has the same content. */
#include "render/sites.h"

#include "query/fixture.h"
#include "query/range.h"
#include "render/vcf.h"

Suite *render_sites_suite(void);

static const char text[] =
	FIXTURE_HEAD "a\t5\trs1\tA\tC\t.\tPASS\tAC=2;AN=4;AC_afr=1;AN_afr=3\n"
		     "a\t6\t.\tA\t<DEL>\t.\tlow;q10\tAC=1;AN=4;AC_afr=0;END=900\n"
		     "a\t7\t.\tA\tA[c:10[\t.\t.\tAC=0;AN=0\n"
		     "b:1-2\t7\t.\tACGT\tA\t.\tlow\tAC=4000000000;AN=5000000000\n";

static const char wanted[] =
	"a\t5\trs1\tA\tC\t.\tPASS\tAC=2;AN=4;AF=0.5;AC_afr=1;AN_afr=3;AF_afr=0.333333\n"
	"a\t6\t.\tA\t<DEL>\t.\tlow;q10\tAC=1;AN=4;AF=0.25;AC_afr=0;END=900\n"
	"a\t7\t.\tA\tA[c:10[\t.\t.\tAC=0;AN=0\n"
	"b:1-2\t7\t.\tACGT\tA\t.\tlow\tAC=4000000000;AN=5000000000;AF=0.8\n";

/* The whole text; *big_ret counts records that BCF cannot hold. */
static void dump(struct fixture *f, const char *populations, struct vx_buf *out, int *big_ret)
{
	const struct vidx_site *site;
	struct vx_view view;
	struct vx_filters filters;
	struct vx_sites sites;

	*big_ret = 0;
	ck_assert_int_eq(vx_view_init(&view, f->index, populations, NULL, &f->err), 0);
	vx_filters_init(&filters);
	vx_range_all(f->reader);
	while (vidx_next(f->reader, &site, &f->err) == 0)
		ck_assert_int_eq(
			vx_filters_add(&filters, vx_slice(site->filter, site->filter_len), &f->err),
			0);
	ck_assert_int_eq(vx_sites_init(&sites, &view, &f->err), 0);
	vx_sites_header(&sites, &filters, out);
	vx_range_all(f->reader);
	while (vidx_next(f->reader, &site, &f->err) == 0)
		*big_ret += vx_sites_record(&sites, site, out) != 0;
	vx_buf_addc(out, '\0');
	vx_sites_release(&sites);
	vx_filters_release(&filters);
	vx_view_release(&view);
}

START_TEST(writes)
{
	struct fixture f;
	struct vx_buf out;
	char *body;
	int big;

	vx_buf_init(&out);
	fixture_build(&f, text, strlen(text), 64);
	fixture_open(&f, 0);
	dump(&f, NULL, &out, &big);
	body = strstr((char *)out.p, "#CHROM");
	ck_assert_ptr_nonnull(body);
	ck_assert_str_eq(strchr(body, '\n') + 1, wanted);
	ck_assert_int_eq(big, 1);
	ck_assert_int_eq(strncmp((char *)out.p, "##fileformat=VCFv4.3\n", 21), 0);
	for (const char *const *line =
		     (const char *const[]){
			     "##contig=<ID=a,length=3000000,assembly=test>\n",
			     "##contig=<ID=empty,assembly=test>\n", "##FILTER=<ID=low,",
			     "##FILTER=<ID=q10,", "##INFO=<ID=AC,Number=A,Type=Integer,",
			     "##INFO=<ID=AN_afr,Number=1,",
			     "##INFO=<ID=AF_afr,Number=A,Type=Float,",
			     "##vidx_content_digest=", "##vidx_hom_units=individuals\n", NULL};
	     *line; line++)
		ck_assert_msg(strstr((char *)out.p, *line) != NULL, "%s", *line);
	ck_assert_ptr_null(strstr((char *)out.p, "nhomalt"));
	vx_buf_clear(&out);
	dump(&f, "afr", &out, &big);
	ck_assert_ptr_null(strstr((char *)out.p, "ID=AC,"));
	ck_assert_ptr_null(strstr((char *)out.p, "content_digest"));
	vx_buf_release(&out);
	fixture_end(&f);
}
END_TEST

/* Random variants, written and indexed again: equal digests, equal second text. */
START_TEST(goes_round)
{
	struct item *item = items_make(11, 4000, 50, 3000);
	struct fixture f, g;
	struct vx_buf first, second;
	int big;

	vx_buf_init(&first);
	vx_buf_init(&second);
	fixture_build_items(&f, item, 4000, 64);
	fixture_open(&f, 0);
	dump(&f, NULL, &first, &big);
	fixture_build(&g, (char *)first.p, first.len - 1, 64);
	fixture_open(&g, 0);
	dump(&g, NULL, &second, &big);
	ck_assert_mem_eq(vidx_describe(f.index)->content_digest,
			 vidx_describe(g.index)->content_digest, 16);
	ck_assert_str_eq((char *)first.p, (char *)second.p);
	vx_buf_release(&first);
	vx_buf_release(&second);
	fixture_end(&f);
	fixture_end(&g);
	free(item);
}
END_TEST

/* The same through each form that htslib writes. */
START_TEST(goes_round_compressed)
{
	static const char forms[] = {'z', 'u', 'b'};
	struct item *item = items_make(12, 2000, 50, 3000);
	struct fixture f, g;
	struct vx_buf out;
	struct vx_vcf *vcf;
	char path[200], *body;
	int big;

	vx_buf_init(&out);
	fixture_build_items(&f, item, 2000, 64);
	fixture_open(&f, 0);
	dump(&f, NULL, &out, &big);
	body = strchr(strstr((char *)out.p, "#CHROM"), '\n') + 1;
	fixture_build(&g, text, strlen(text), 64);
	snprintf(path, sizeof(path), "%s.form", g.input);
	ck_assert_int_eq(vx_vcf_open(path, forms[_i], 1 + _i,
				     vx_slice((char *)out.p, (size_t)(body - (char *)out.p)), &vcf,
				     &f.err),
			 0);
	ck_assert_int_eq(vx_vcf_add(vcf, vx_slice_str(body), &f.err), 0);
	ck_assert_int_eq(vx_vcf_close(vcf, &f.err), 0);

	const char *inputs[] = {path};
	struct vx_build_options options = {.output = g.path,
					   .inputs = inputs,
					   .n_inputs = 1,
					   .assembly = "test",
					   .threads = 1};
	struct vx_build_summary summary;

	ck_assert_msg(vx_build(&options, &summary, &g.err) == 0, "%s", g.err.text);
	fixture_open(&g, 0);
	ck_assert_mem_eq(vidx_describe(f.index)->content_digest,
			 vidx_describe(g.index)->content_digest, 16);
	unlink(path);
	vx_buf_release(&out);
	fixture_end(&f);
	fixture_end(&g);
	free(item);
}
END_TEST

START_TEST(cannot_write)
{
	struct vidx_error err = {0};
	struct vx_vcf *vcf = NULL;

	ck_assert_int_eq(
		vx_vcf_open("no/such/folder/x.vcf.gz", 'z', 1, vx_slice_str(text), &vcf, &err),
		VIDX_EIO);
	ck_assert_ptr_nonnull(strstr(err.text, "no/such/folder/x.vcf.gz"));
	ck_assert_ptr_null(vcf);
	ck_assert_int_eq(vx_vcf_close(NULL, NULL), 0);
}
END_TEST

START_TEST(many_filters)
{
	struct vx_filters filters;
	char name[64];

	vx_filters_init(&filters);
	for (int i = 0; i < 5000; i++) {
		int n = snprintf(name, sizeof(name), "f%d;PASS;f%d;.", i % 1000, i % 7);

		ck_assert_int_eq(vx_filters_add(&filters, vx_slice(name, (size_t)n), NULL), 0);
	}
	ck_assert_uint_eq(filters.n, 1000);
	for (uint32_t i = 0; i < filters.n; i++)
		ck_assert_uint_eq(strtoul(filters.name[i].p + 1, NULL, 10), i);
	vx_filters_release(&filters);
}
END_TEST

Suite *render_sites_suite(void)
{
	Suite *s = suite_create("render_sites");
	TCase *t = tcase_create("sites");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, writes);
	tcase_add_test(t, goes_round);
	tcase_add_loop_test(t, goes_round_compressed, 0, 3);
	tcase_add_test(t, cannot_write);
	tcase_add_test(t, many_filters);
	suite_add_tcase(s, t);
	return s;
}
