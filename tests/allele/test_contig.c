#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allele/assembly.h"
#include "allele/contig.h"
#include "allele/header_text.h"

Suite *allele_contig_suite(void);

static struct vx_contigs *make(const char *assembly, const char *text)
{
	struct vx_contigs *contigs = NULL;
	struct vidx_error err = {0};
	struct vx_header header;
	int rc;

	header_fill(&header, vx_slice_str(text));
	rc = vx_contigs_new(assembly, &header, "in.vcf", &contigs, &err);
	ck_assert_msg(rc == 0, "%s", err.text);
	header_clear(&header);
	return contigs;
}

/* Expects failure and returns its text. */
static const char *refused(const char *assembly, const char *text, int status)
{
	static struct vidx_error err;
	struct vx_contigs *contigs;
	struct vx_header header;

	memset(&err, 0, sizeof err);
	header_fill(&header, vx_slice_str(text));
	ck_assert_int_eq(vx_contigs_new(assembly, &header, "in.vcf", &contigs, &err), status);
	ck_assert_ptr_null(contigs);
	header_clear(&header);
	return err.text;
}

static int add_header(struct vx_contigs *contigs, const char *text)
{
	struct vx_header header;
	int rc;

	header_fill(&header, vx_slice_str(text));
	rc = vx_contigs_add_header(contigs, &header, "more.vcf", NULL);
	header_clear(&header);
	return rc;
}

static uint32_t find(const struct vx_contigs *contigs, const char *name)
{
	return vx_contigs_find(contigs, vx_slice_str(name));
}

static void check_name(const struct vx_contigs *contigs, uint32_t rank, const char *print,
		       const char *canonical)
{
	ck_assert_msg(vx_slice_is(vx_contigs_name(contigs, rank), print), "%u prints %.*s", rank,
		      (int)vx_contigs_name(contigs, rank).len, vx_contigs_name(contigs, rank).p);
	ck_assert_msg(vx_slice_is(vx_contigs_canonical(contigs, rank), canonical), "%u is %.*s",
		      rank, (int)vx_contigs_canonical(contigs, rank).len,
		      vx_contigs_canonical(contigs, rank).p);
}

START_TEST(aliases)
{
	struct vx_contigs *c = make(NULL, "##contig=<ID=chr19,length=58617616>\n"
					  "##contig=<ID=chrUn_X,length=5>\n"
					  "##contig=<ID=chr1,length=248956422>\n");

	ck_assert_str_eq(vx_contigs_assembly(c), "GRCh38");
	ck_assert_uint_eq(vx_contigs_count(c), 26);
	ck_assert_uint_eq(find(c, "1"), 0);
	ck_assert_uint_eq(find(c, "chr1"), 0);
	ck_assert_uint_eq(find(c, "NC_000001.11"), 0);
	ck_assert_uint_eq(find(c, "CM000663.2"), 0);
	ck_assert_uint_eq(find(c, "19"), 18);
	ck_assert_uint_eq(find(c, "X"), 22);
	ck_assert_uint_eq(find(c, "chrY"), 23);
	ck_assert_uint_eq(find(c, "M"), 24);
	ck_assert_uint_eq(find(c, "MT"), 24);
	ck_assert_uint_eq(find(c, "chrM"), 24);
	ck_assert_uint_eq(find(c, "chrMT"), 24);
	ck_assert_uint_eq(find(c, "NC_012920.1"), 24);
	ck_assert_uint_eq(find(c, "J01415.2"), 24);
	ck_assert_uint_eq(find(c, "chrUn_X"), 25);
	ck_assert_uint_eq(find(c, "Chr1"), VX_NO_CONTIG);
	ck_assert_uint_eq(find(c, "01"), VX_NO_CONTIG);
	ck_assert_uint_eq(find(c, "23"), VX_NO_CONTIG);
	ck_assert_uint_eq(find(c, "chr"), VX_NO_CONTIG);
	ck_assert_uint_eq(find(c, ""), VX_NO_CONTIG);
	ck_assert_uint_eq(find(c, "NC_000001.10"), VX_NO_CONTIG);
	ck_assert_uint_eq(vx_contigs_length(c, 24), 16569);
	/* the first input writes chr, so undeclared ones do too */
	check_name(c, 0, "chr1", "1");
	check_name(c, 1, "chr2", "2");
	check_name(c, 24, "chrM", "MT");
	check_name(c, 25, "chrUn_X", "chrUn_X");
	ck_assert(vx_contigs_declared(c, 0) && !vx_contigs_declared(c, 1));
	vx_contigs_free(c);
}
END_TEST

START_TEST(deduced)
{
	struct vx_contigs *c = make(NULL, "##contig=<ID=1,length=249250621,assembly=b37>\n");

	ck_assert_str_eq(vx_contigs_assembly(c), "GRCh37");
	check_name(c, 24, "MT", "MT");
	vx_contigs_free(c);
	c = make(NULL, "##contig=<ID=NC_060925.1>\n");
	ck_assert_str_eq(vx_contigs_assembly(c), "T2T-CHM13");
	check_name(c, 1, "NC_060926.1", "2");
	check_name(c, 24, "MT", "MT");
	vx_contigs_free(c);
	/* no contig, no length, a length of none, of two, the MT of all three */
	refused(NULL, "", VIDX_EUSAGE);
	refused(NULL, "##contig=<ID=1>\n", VIDX_EUSAGE);
	refused(NULL, "##contig=<ID=1,length=1000>\n", VIDX_EUSAGE);
	refused(NULL, "##contig=<ID=1,length=249250621>\n##contig=<ID=2,length=242193529>\n",
		VIDX_EUSAGE);
	refused(NULL, "##contig=<ID=chrM,length=16569>\n", VIDX_EUSAGE);
	ck_assert_ptr_nonnull(strstr(refused(NULL, "", VIDX_EUSAGE), "--assembly"));
	ck_assert_ptr_nonnull(strstr(refused(NULL, "", VIDX_EUSAGE), "in.vcf"));
}
END_TEST

START_TEST(spellings_of_assemblies)
{
	static const char *const names[][8] = {
		{"GRCh37", "hg19", "b37", "hs37d5", "37", "grch37", "GRCh37.p13", "HG19"},
		{"GRCh38", "hg38", "38", "hs38DH", "grch38", "GRCh38.p14", "hs38", "b38"},
		{"T2T-CHM13", "chm13", "hs1", "CHM13v2.0", "t2t-chm13v2.0", "CHM13", "HS1", "hs1"},
	};

	for (int a = 0; a < VX_N_ASSEMBLIES; a++)
		for (int i = 0; i < 8; i++)
			ck_assert_msg((int)vx_assembly_by_name(vx_slice_str(names[a][i])) == a,
				      "%s", names[a][i]);
	ck_assert_int_eq(vx_assembly_by_name(vx_slice_str("hg1")), VX_NO_ASSEMBLY);
	ck_assert_int_eq(vx_assembly_by_name(vx_slice_str("GRCh38.x")), VX_NO_ASSEMBLY);
	ck_assert_int_eq(vx_assembly_by_name(vx_slice_str("")), VX_NO_ASSEMBLY);
}
END_TEST

START_TEST(unknown_assembly)
{
	struct vx_contigs *c = make("mm10", "##contig=<ID=chr1,length=195471971>\n"
					    "##contig=<ID=b,length=1>\n##contig=<ID=>\n");
	uint32_t rank;

	ck_assert_str_eq(vx_contigs_assembly(c), "mm10");
	ck_assert_uint_eq(vx_contigs_count(c), 2);
	ck_assert_uint_eq(find(c, "1"), VX_NO_CONTIG);
	ck_assert_int_eq(vx_contigs_add(c, vx_slice_str("1"), &rank, NULL), 0);
	ck_assert_uint_eq(rank, 2);
	ck_assert_int_eq(vx_contigs_add(c, vx_slice_str("NC_000001.10"), &rank, NULL), 0);
	ck_assert_int_eq(vx_contigs_add(c, vx_slice_str("1"), &rank, NULL), 0);
	ck_assert_uint_eq(rank, 2);
	ck_assert_int_eq(vx_contigs_add(c, vx_slice_str(""), &rank, NULL), VIDX_EBADINPUT);
	ck_assert_int_eq(vx_contigs_add(c, vx_slice_str("a\nb"), &rank, NULL), VIDX_EBADINPUT);
	ck_assert_int_eq(add_header(c, "##contig=<ID=b,length=2>\n"), VIDX_EBADINPUT);
	ck_assert_int_eq(add_header(c, "##contig=<ID=1,length=7>\n"), 0);
	ck_assert_uint_eq(vx_contigs_length(c, 2), 7);
	vx_contigs_free(c);
	refused("", "", VIDX_EUSAGE);
	refused("a\tb", "", VIDX_EUSAGE);
}
END_TEST

START_TEST(contradictions)
{
	struct vx_contigs *c;
	uint32_t rank;

	refused("GRCh38", "##contig=<ID=chr1,length=249250621>\n", VIDX_EBADINPUT);
	refused("GRCh38", "##contig=<ID=NC_000001.10>\n", VIDX_EBADINPUT);
	refused("GRCh38", "##contig=<ID=chrM,length=16571>\n", VIDX_EBADINPUT);
	refused("chm13", "##contig=<ID=NC_012920.1>\n", VIDX_EBADINPUT);
	c = make("GRCh38", "");
	ck_assert_int_eq(vx_contigs_add(c, vx_slice_str("CM000663.1"), &rank, NULL),
			 VIDX_EBADINPUT);
	ck_assert_int_eq(add_header(c, "##contig=<ID=1,length=5>\n"), VIDX_EBADINPUT);
	ck_assert_int_eq(add_header(c, "##contig=<ID=NC_060925.1>\n"), VIDX_EBADINPUT);
	ck_assert_int_eq(add_header(c, "##contig=<ID=zz,length=5>\n"), 0);
	ck_assert_int_eq(add_header(c, "##contig=<ID=zz,length=6>\n"), VIDX_EBADINPUT);
	vx_contigs_free(c);
}
END_TEST

START_TEST(spelling_without_header)
{
	struct vx_contigs *c = make("hg38", "");

	check_name(c, 0, "1", "1");
	vx_contigs_spelling(c, vx_slice_str("HLA-A"));
	vx_contigs_spelling(c, vx_slice_str("chr22"));
	vx_contigs_spelling(c, vx_slice_str("X"));
	check_name(c, 0, "chr1", "1");
	ck_assert_int_eq(add_header(c, "##contig=<ID=1,length=248956422>\n"), 0);
	check_name(c, 0, "chr1", "1");
	ck_assert_uint_eq(vx_contigs_count(c), 25);
	vx_contigs_free(c);
}
END_TEST

START_TEST(hg19_mitochondrion)
{
	struct vx_contigs *c = make(NULL, "##contig=<ID=chrM,length=16571>\n"
					  "##contig=<ID=chr1,length=249250621>\n");

	for (int round = 0; round < 2; round++) {
		ck_assert_uint_eq(find(c, "chrM"), 25);
		ck_assert_uint_eq(find(c, "NC_001807.4"), 25);
		ck_assert_uint_eq(find(c, "MT"), 24);
		ck_assert_uint_eq(find(c, "NC_012920.1"), 24);
		ck_assert_uint_eq(vx_contigs_length(c, 25), 16571);
		check_name(c, 25, "chrM", "NC_001807.4");
		check_name(c, 24, "chrMT", "MT");
		if (round == 0) {
			struct vx_contigs *back;
			struct vx_buf buf;

			vx_buf_init(&buf);
			vx_contigs_write(c, &buf);
			ck_assert_int_eq(vx_contigs_read(buf.p, buf.len, &back, NULL), 0);
			vx_buf_release(&buf);
			vx_contigs_free(c);
			c = back;
		}
	}
	ck_assert_int_eq(add_header(c, "##contig=<ID=chrM,length=16569>\n"), VIDX_EBADINPUT);
	vx_contigs_free(c);
	/* the other order of lines, and both mitochondria declared */
	c = make(NULL, "##contig=<ID=chr1,length=249250621>\n##contig=<ID=chrM,length=16571>\n"
		       "##contig=<ID=chrMT,length=16569>\n");
	check_name(c, 24, "chrMT", "MT");
	check_name(c, 25, "chrM", "NC_001807.4");
	vx_contigs_free(c);
	refused("hg19", "##contig=<ID=MT,length=16569>\n##contig=<ID=MT,length=16571>\n",
		VIDX_EBADINPUT);
}
END_TEST

START_TEST(remarks)
{
	static const struct {
		const char *text, *remark;
	} cases[] = {
		{"##contig=<ID=1,length=249250621,assembly=b37>\n", ""},
		{"##contig=<ID=1,length=249250621,assembly=gnomAD_GRCh37>\n", ""},
		{"##contig=<ID=1,length=249250621,assembly=hg38>\n", "hg38"},
		{"##contig=<ID=1,length=249250621>\n##reference=file:///x/GRCh38_full_dh.fa\n",
		 "file:///x/GRCh38_full_dh.fa"},
		{"##contig=<ID=1,length=249250621>\n##reference=ftp://x/"
		 "human_g1k_v37_decoy.fasta\n",
		 ""},
		{"##contig=<ID=1,length=249250621>\n##reference=/r/37/38/x.fa\n", ""},
		{"##contig=<ID=1,length=249250621>\n##reference=hg19-from-hg38.fa\n", ""},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct vx_contigs *c = make(NULL, cases[i].text);
		struct vx_header header;

		header_fill(&header, vx_slice_str(cases[i].text));
		ck_assert_msg(vx_slice_is(vx_contigs_remark(c, &header), cases[i].remark), "%s",
			      cases[i].text);
		header_clear(&header);
		vx_contigs_free(c);
	}
}
END_TEST

START_TEST(bytes)
{
	struct vx_contigs *c = make(NULL, "##contig=<ID=chr1,length=248956422>\n"
					  "##contig=<ID=HLA-A*01:01,length=3503>\n");
	struct vx_contigs *back;
	struct vx_buf buf;

	vx_buf_init(&buf);
	vx_contigs_write(c, &buf);
	ck_assert_int_eq(vx_contigs_read(buf.p, buf.len, &back, NULL), 0);
	ck_assert_str_eq(vx_contigs_assembly(back), "GRCh38");
	ck_assert_uint_eq(vx_contigs_count(back), 26);
	ck_assert_uint_eq(find(back, "NC_000002.12"), 1);
	ck_assert_uint_eq(find(back, "HLA-A*01:01"), 25);
	ck_assert_uint_eq(vx_contigs_length(back, 25), 3503);
	check_name(back, 3, "chr4", "4");
	vx_contigs_free(back);
	for (size_t i = 0; i < buf.len; i++) {
		ck_assert_int_eq(vx_contigs_read(buf.p, i, &back, NULL), VIDX_EBADINDEX);
		for (int bit = 0; bit < 8; bit++) {
			buf.p[i] ^= (uint8_t)(1 << bit);
			vx_contigs_read(buf.p, buf.len, &back, NULL);
			vx_contigs_free(back);
			buf.p[i] ^= (uint8_t)(1 << bit);
		}
	}
	vx_buf_release(&buf);
	vx_contigs_free(c);
}
END_TEST

/* Every contig that a public file declares has the length that our table gives it. */
START_TEST(real_headers)
{
	static const struct {
		const char *file, *assembly;
	} cases[] = {
		{"1000g_30x_chr1.vcf.gz", "GRCh38"},
		{"1000g_p3_chr22.vcf.gz", "GRCh37"},
		{"gnomad_v2.1_genomes.vcf.bgz", "GRCh37"},
		{"gnomad_v4.0_genomes_chr1.vcf.bgz", "GRCh38"},
		{"gatk_189.vcf.gz", "GRCh37"},
		{"gatk_60_annotated.vcf", "GRCh37"},
		{"1000g_30x_chrM.vcf.gz", "GRCh38"},
		{"loqusdb_grch38.vcf.gz", "GRCh38"},
		{"exac_148.vcf.gz", "GRCh37"},
		{"gatk_trio_ashk.vcf.gz", "GRCh37"},
	};
	uint64_t n_contigs = 0;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct vx_contigs *c = NULL;
		struct vidx_error err = {0};
		struct vx_header header;
		struct vx_slice text;
		char *owned = header_of_file(cases[i].file, 1 << 20, &text);

		if (!owned) {
			printf("contig: %s is absent, skipped\n", cases[i].file);
			continue;
		}
		header_fill(&header, text);
		vx_contigs_new(NULL, &header, cases[i].file, &c, &err);
		ck_assert_msg(c != NULL, "%s", err.text);
		ck_assert_str_eq(vx_contigs_assembly(c), cases[i].assembly);
		ck_assert_uint_eq(vx_contigs_remark(c, &header).len, 0);
		n_contigs += header.n_contigs;
		header_clear(&header);
		vx_contigs_free(c);
		free(owned);
	}
	printf("contig: %llu declared contigs of real files fit\n", (unsigned long long)n_contigs);
}
END_TEST

Suite *allele_contig_suite(void)
{
	Suite *s = suite_create("allele_contig");
	TCase *t = tcase_create("contig");

	tcase_add_test(t, aliases);
	tcase_add_test(t, deduced);
	tcase_add_test(t, spellings_of_assemblies);
	tcase_add_test(t, unknown_assembly);
	tcase_add_test(t, contradictions);
	tcase_add_test(t, spelling_without_header);
	tcase_add_test(t, hg19_mitochondrion);
	tcase_add_test(t, remarks);
	tcase_add_test(t, bytes);
	tcase_add_test(t, real_headers);
	suite_add_tcase(s, t);
	return s;
}
