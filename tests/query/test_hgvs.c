#include "query/hgvs.h"

#include "query/fixture.h"

Suite *query_hgvs_suite(void);

static const struct {
	const char *text, *contig;
	uint64_t beg0, end0;
	const char *del, *ins; /* NULL: not told */
	int is_dup;
} good[] = {
	{"NC_000001.11:g.55051215G>A", "NC_000001.11", 55051214, 55051215, "G", "A", 0},
	{"chr1:g.100_101AG>TC", "chr1", 99, 101, "AG", "TC", 0},
	{"MT:m.3243A>G", "MT", 3242, 3243, "A", "G", 0},
	{"HLA-A*01:01:g.5a>c", "HLA-A*01:01", 4, 5, "a", "c", 0},
	{"1:g.100del", "1", 99, 100, NULL, NULL, 0},
	{"1:g.100delG", "1", 99, 100, "G", NULL, 0},
	{"1:g.100_102del", "1", 99, 102, NULL, NULL, 0},
	{"1:g.100_102delATG", "1", 99, 102, "ATG", NULL, 0},
	{"1:g.100_101insTTA", "1", 100, 100, "", "TTA", 0},
	{"1:g.100dup", "1", 99, 100, NULL, NULL, 1},
	{"1:g.100dupG", "1", 99, 100, "G", NULL, 1},
	{"1:g.100_102dup", "1", 99, 102, NULL, NULL, 1},
	{"1:g.100_102dupATG", "1", 99, 102, "ATG", NULL, 1},
	{"1:g.100delinsTT", "1", 99, 100, NULL, "TT", 0},
	{"1:g.100_102delinsTT", "1", 99, 102, NULL, "TT", 0},
	{"1:g.100delGinsTT", "1", 99, 100, "G", "TT", 0},
};

static const struct {
	const char *text, *why;
} bad[] = {
	{"NM_000059.4:c.68_69del", "only genomic"},
	{"NP_000050.3:p.Glu23fs", "only genomic"},
	{"NR_1.1:n.5A>C", "only genomic"},
	{"LRG_1:r.5a>c", "only genomic"},
	{"1:g.", "position is not a number"},
	{"1:g.G>A", "position is not a number"},
	{"1:g.0A>C", "position is not a number"},
	{"1:g.?_100del", "position is not a number"},
	{"1:g.(1_2)_(3_4)del", "position is not a number"},
	{"1:g.[5A>C;7del]", "position is not a number"},
	{"1:g.99999999999999del", "position is not a number"},
	{"1:g.5_del", "second position"},
	{"1:g.5_?del", "second position"},
	{"1:g.5_4del", "does not lie behind"},
	{"1:g.5_5del", "does not lie behind"},
	{"1:g.5_7delAC", "not as many"},
	{"1:g.5dupAC", "not as many"},
	{"1:g.5AC>TG", "not as many"},
	{"1:g.5insA", "two neighbours"},
	{"1:g.5_7insA", "two neighbours"},
	{"1:g.5_6ins", "no inserted bases"},
	{"1:g.5_6ins100_200", "no inserted bases"},
	{"1:g.5delins", "no inserted bases"},
	{"1:g.5A>", "no inserted bases"},
	{"1:g.5_6insN[10]", "plain bases"},
	{"1:g.5_6insAC;7", "plain bases"},
	{"1:g.5A>C ", "plain bases"},
	{"1:g.5del3", "plain bases"},
	{"1:g.5>C", "not a substitution"},
	{"1:g.5", "not a substitution"},
	{"1:g.5A", "not a substitution"},
	{"1:g.5_7inv", "not a substitution"},
	{"1:g.5_7con10_12", "not a substitution"},
	{"1:g.5CAG[23]", "not a substitution"},
	{"1:g.5=", "nothing changes"},
	{"1:g.5A=", "not a substitution"},
};

static const char *const other[] = {
	"", ":", ":g.", "g.5A>C", ":g.5A>C", "1:5:A:C", "1-5-A-C", "rs123", "1:x.5A>C", "1:g5A>C",
};

static void ck_text(struct vx_slice got, const char *wanted)
{
	if (!wanted)
		ck_assert_uint_eq(got.len, 0);
	else
		ck_assert_msg(vx_slice_is(got, wanted), "'%.*s' and not '%s'", (int)got.len,
			      got.p ? got.p : "", wanted);
}

START_TEST(reads)
{
	struct vx_change change;

	ck_assert_msg(vx_hgvs_parse(vx_slice_str(good[_i].text), &change, NULL) == 0, "%s",
		      good[_i].text);
	ck_text(change.contig, good[_i].contig);
	ck_assert_uint_eq(change.beg0, good[_i].beg0);
	ck_assert_uint_eq(change.end0, good[_i].end0);
	ck_text(change.del, good[_i].del);
	ck_assert_int_eq(change.del.p != NULL, good[_i].del != NULL);
	ck_text(change.ins, good[_i].ins);
	ck_assert_int_eq(change.is_dup, good[_i].is_dup);
}
END_TEST

START_TEST(refuses)
{
	struct vx_change change;
	struct vidx_error err = {0};

	ck_assert_msg(vx_hgvs_parse(vx_slice_str(bad[_i].text), &change, &err) == VIDX_EUSAGE, "%s",
		      bad[_i].text);
	ck_assert_ptr_nonnull(strstr(err.text, bad[_i].text));
	ck_assert_msg(strstr(err.text, bad[_i].why), "%s", err.text);
}
END_TEST

START_TEST(leaves_alone)
{
	struct vx_change change;
	struct vidx_error err = {0};

	ck_assert_msg(vx_hgvs_parse(vx_slice_str(other[_i]), &change, &err) == VIDX_ABSENT, "%s",
		      other[_i]);
	ck_assert_int_eq(err.status, 0);
}
END_TEST

/* Contig a of an index, opened with this reference. */
#define REFERENCE "ACGTTTGCAA"

static const struct {
	const char *text;
	int rc;
	uint64_t pos1;
	const char *ref, *alt;
} told[] = {
	{"a:g.2C>T", 0, 2, "C", "T"},
	{"a:g.2G>T", 0, 2, "G", "T"}, /* not the reference's: vidx_get() says so */
	{"a:g.4del", 0, 3, "GT", "G"},
	{"a:g.4_6del", 0, 3, "GTTT", "G"},
	{"a:g.4_6delTTT", 0, 3, "GTTT", "G"},
	{"a:g.1del", 0, 1, "AC", "C"},
	{"a:g.1_2delAC", 0, 1, "ACG", "G"},
	{"a:g.10del", 0, 9, "AA", "A"},
	{"a:g.2_3insTT", 0, 2, "C", "CTT"},
	{"a:g.10_11insT", 0, 10, "A", "AT"},
	{"a:g.1dup", 0, 1, "A", "AA"},
	{"a:g.2_3dup", 0, 2, "CG", "CGCG"},
	{"a:g.2_3delinsA", 0, 2, "CG", "A"},
	{"a:g.1_10del", VIDX_ABSENT, 1, "", ""}, /* nothing is left to anchor it */
	{"a:g.11del", VIDX_ABSENT, 11, "", ""},
	{"a:g.9_11dup", VIDX_ABSENT, 9, "", ""},
	{"nowhere:g.5del", VIDX_ABSENT, 5, "", ""},
	{"a:g.1_99999999del", VIDX_EUSAGE, 0, "", ""},
	{"c:g.5del", VIDX_EBADINPUT, 0, "", ""},
	{"a:5", VIDX_EUSAGE, 0, "", ""},
};

static void ck_allele(const struct vidx_allele *allele, const char *ref, const char *alt)
{
	ck_text(vx_slice(allele->ref, allele->ref_len), ref);
	ck_text(vx_slice(allele->alt, allele->alt_len), alt);
}

START_TEST(takes_bases_from_the_reference)
{
	static const char text[] = "##fileformat=VCFv4.2\n##contig=<ID=a>\n##contig=<ID=c>\n"
				   "##INFO=<ID=AC,Number=A,Type=Integer,Description=\"x\">\n"
				   "##INFO=<ID=AN,Number=1,Type=Integer,Description=\"x\">\n"
				   "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
				   "a\t2\t.\tC\tT\t.\tPASS\tAC=1;AN=4\n";
	struct vidx_open_options options = {.sizeof_options = sizeof(options)};
	struct vidx_allele allele;
	struct fixture f;
	char path[180];
	FILE *file;

	fixture_build(&f, text, strlen(text), 64);
	snprintf(path, sizeof(path), "%s/r.fa", f.folder);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(">a\n" REFERENCE "\n", file);
	ck_assert_int_eq(fclose(file), 0);
	options.reference = path;
	ck_assert_msg(vidx_open(f.path, &options, &f.index, &f.err) == 0, "%s", f.err.text);
	ck_assert_int_eq(vidx_reader_new(f.index, &f.reader, &f.err), 0);
	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++) {
		const char *t = told[i].text;
		int rc = vidx_reader_parse(f.reader, t, strlen(t), &allele, &f.err);

		ck_assert_msg(rc == told[i].rc, "%s: %d %s", t, rc, f.err.text);
		if (rc < 0)
			continue;
		ck_assert_uint_eq(allele.pos1, told[i].pos1);
		ck_allele(&allele, told[i].ref, told[i].alt);
	}
	unlink(path);
	fixture_end(&f);
}
END_TEST

START_TEST(does_without_where_it_can)
{
	static const char *const incomplete[] = {
		"a:g.4del",    "a:g.4delT",    "a:g.4dup",           "a:g.4dupT",
		"a:g.4_5insA", "a:g.4delinsA", "NC_000001.11:5:1:A", "NC_000001.11:5::A"};
	struct vidx_allele allele;
	struct vidx_error err = {0};

	ck_assert_int_eq(vidx_parse_allele(NULL, "a:g.4delTinsGG", 14, &allele, &err), 0);
	ck_assert_uint_eq(allele.pos1, 4);
	ck_allele(&allele, "T", "GG");
	ck_assert_int_eq(vidx_parse_allele(NULL, " NC_000001.11:4:T:TG\r", 21, &allele, &err), 0);
	ck_assert_uint_eq(allele.pos1, 5);
	ck_allele(&allele, "T", "TG");
	for (size_t i = 0; i < sizeof(incomplete) / sizeof(*incomplete); i++) {
		const char *t = incomplete[i];

		ck_assert_msg(vidx_parse_allele(NULL, t, strlen(t), &allele, &err) == VIDX_EUSAGE,
			      "%s", t);
		ck_assert_ptr_nonnull(strstr(err.text, "--reference"));
	}
}
END_TEST

Suite *query_hgvs_suite(void)
{
	Suite *s = suite_create("query_hgvs");
	TCase *t = tcase_create("hgvs");

	tcase_add_loop_test(t, reads, 0, sizeof(good) / sizeof(*good));
	tcase_add_loop_test(t, refuses, 0, sizeof(bad) / sizeof(*bad));
	tcase_add_loop_test(t, leaves_alone, 0, sizeof(other) / sizeof(*other));
	tcase_add_test(t, takes_bases_from_the_reference);
	tcase_add_test(t, does_without_where_it_can);
	suite_add_tcase(s, t);
	return s;
}
