#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "allele/fasta.h"
#include "allele/reference.h"
#include "../../bench/rng.h"

Suite *allele_reference_suite(void);

static char path[64];

static void write_file(const char *text, size_t len)
{
	int fd;

	strcpy(path, "/tmp/vidx_fasta.XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, len), (ssize_t)len);
	close(fd);
}

/* Opens text as FASTA: what vx_fasta_open() returns, and the error's text. */
static int open_text(const char *text, struct vx_fasta **fasta, struct vidx_error *err)
{
	int rc;

	memset(err, 0, sizeof *err);
	write_file(text, strlen(text));
	rc = vx_fasta_open(path, fasta, err);
	unlink(path);
	return rc;
}

START_TEST(sequences_are_read)
{
	struct vx_fasta *fasta;
	struct vidx_error err;
	char out[16];

	ck_assert_int_eq(
		open_text(">a x y\nACGTa\ncgtRr\nTT\n>b\r\nAC\r\nGT\r\n>d\nacgt", &fasta, &err), 0);
	ck_assert_uint_eq(vx_fasta_count(fasta), 3);
	ck_assert(vx_slice_is(vx_fasta_name(fasta, 0), "a"));
	ck_assert_uint_eq(vx_fasta_length(fasta, 0), 12);
	ck_assert_uint_eq(vx_fasta_length(fasta, 1), 4);
	ck_assert_uint_eq(vx_fasta_find(fasta, vx_slice_str("d")), 2);
	ck_assert_uint_eq(vx_fasta_find(fasta, vx_slice_str("a x")), UINT32_MAX);
	ck_assert_int_eq(vx_fasta_read(fasta, (struct vx_fasta_span){0, 0, 12}, out, NULL), 0);
	ck_assert_int_eq(memcmp(out, "ACGTACGTNNTT", 12), 0);
	ck_assert_int_eq(vx_fasta_read(fasta, (struct vx_fasta_span){0, 4, 2}, out, NULL), 0);
	ck_assert_int_eq(memcmp(out, "AC", 2), 0);
	ck_assert_int_eq(vx_fasta_read(fasta, (struct vx_fasta_span){1, 1, 3}, out, NULL), 0);
	ck_assert_int_eq(memcmp(out, "CGT", 3), 0);
	ck_assert_int_eq(vx_fasta_read(fasta, (struct vx_fasta_span){2, 0, 4}, out, NULL), 0);
	ck_assert_int_eq(memcmp(out, "ACGT", 4), 0);
	ck_assert_int_eq(vx_fasta_read(fasta, (struct vx_fasta_span){2, 0, 0}, out, NULL), 0);
	vx_fasta_close(fasta);
}
END_TEST

static const char *const not_fasta[] = {"",
					"ACGT\n",
					"##fileformat=VCFv4.2\n",
					"@r\nACGT\n+\nIIII\n",
					">a\nACGT\nACG\nACGT\n",
					"\x1f\x8b\x08"};

START_TEST(other_files_are_refused)
{
	struct vx_fasta *fasta;
	struct vidx_error err;

	for (size_t i = 0; i < sizeof not_fasta / sizeof *not_fasta; i++) {
		ck_assert_int_eq(open_text(not_fasta[i], &fasta, &err), VIDX_EBADINPUT);
		ck_assert_ptr_null(fasta);
		ck_assert(strncmp(err.text, path, strlen(path)) == 0);
	}
	ck_assert_int_eq(vx_fasta_open("nothing.fa", &fasta, &err), VIDX_EBADINPUT);
}
END_TEST

/* An index beside the file that is not its own; reads first base [beg0, beg0 + n). */
static int read_with_index(const char *fai, uint64_t beg0, size_t n)
{
	static const char text[] = ">a\nACGTACGTAC\nACGTACGTAC\nACGT\n";
	char beside[80], out[64];
	struct vx_fasta *fasta;
	FILE *f;
	int rc;

	write_file(text, sizeof text - 1);
	snprintf(beside, sizeof beside, "%s.fai", path);
	f = fopen(beside, "w");
	ck_assert_ptr_nonnull(f);
	fputs(fai, f);
	fclose(f);
	rc = vx_fasta_open(path, &fasta, NULL);
	if (rc == 0)
		rc = vx_fasta_read(fasta, (struct vx_fasta_span){0, beg0, n}, out, NULL);
	vx_fasta_close(fasta);
	unlink(beside);
	unlink(path);
	return rc;
}

START_TEST(an_index_must_fit)
{
	ck_assert_int_eq(read_with_index("a\t24\t3\t10\t11\n", 0, 24), 0);
	ck_assert_int_eq(read_with_index("a\t24\t3\t9\t10\n", 0, 24), VIDX_EBADINPUT);
	ck_assert_int_eq(read_with_index("a\t24\t4\t10\t11\n", 0, 24), VIDX_EBADINPUT);
	ck_assert_int_eq(read_with_index("a\t240\t3\t10\t11\n", 200, 40), VIDX_EBADINPUT);
	ck_assert_int_eq(read_with_index("a\t240\t3\t0\t0\n", 0, 4), VIDX_EBADINPUT);
	ck_assert_int_eq(read_with_index("a\t24\t3\t10\t9\n", 0, 4), VIDX_EBADINPUT);
	ck_assert_int_eq(read_with_index("a\t24\t3\t10\n", 0, 4), VIDX_EBADINPUT);
	ck_assert_int_eq(read_with_index("\t24\t3\t10\t11\n", 0, 4), VIDX_EBADINPUT);
	ck_assert_int_eq(read_with_index("a\t-1\t3\t10\t11\n", 0, 4), VIDX_EBADINPUT);
	ck_assert_int_eq(read_with_index("a\t18446744073709551615\t3\t10\t11\n", 0, 4),
			 VIDX_EBADINPUT);
	ck_assert_int_eq(read_with_index("", 0, 4), VIDX_EBADINPUT);
}
END_TEST

/* Two sequences of many windows, the base at a place known by its number. */
#define N_BASES (5 * VX_REFERENCE_WINDOW + 77)

static char base_at(uint32_t seq, uint64_t pos0)
{
	return "ACGT"[rng_mix((uint64_t)seq << 32 | pos0) >> 62];
}

static struct vx_reference *open_large(void)
{
	size_t len = 0, cap = 2 * (N_BASES + N_BASES / 50 + 20);
	struct vx_reference *reference;
	struct vidx_error err = {0};
	char *text = malloc(cap);

	ck_assert_ptr_nonnull(text);
	for (uint32_t seq = 0; seq < 2; seq++) {
		len += (size_t)snprintf(text + len, cap - len, ">%u\n", seq);
		for (uint64_t i = 0; i < N_BASES; i++) {
			text[len++] = base_at(seq, i);
			if (i % 50 == 49)
				text[len++] = '\n';
		}
		text[len++] = '\n';
	}
	write_file(text, len);
	free(text);
	ck_assert_msg(vx_reference_open(path, &reference, &err) == 0, "%s", err.text);
	unlink(path);
	return reference;
}

/* Looks at random places; how many were wrong. */
static void *look_around(void *ctx)
{
	struct vx_reference_view view;
	struct rng r;
	intptr_t n_bad = 0;

	rng_init(&r, 5, (uint64_t)(uintptr_t)&view);
	vx_reference_view_init(&view, ctx);
	for (int i = 0; i < 3000; i++) {
		uint32_t seq = rng_below(&r, 2);
		uint64_t pos0 = rng_below(&r, N_BASES);

		n_bad += vx_reference_look(&view, seq, pos0, NULL) != 0 ||
			 view.base[pos0 - view.beg0] != base_at(seq, pos0);
		n_bad += vx_reference_look(&view, seq, N_BASES + pos0, NULL) != VIDX_END;
	}
	vx_reference_view_release(&view);
	return (void *)n_bad;
}

START_TEST(many_look_at_once)
{
	struct vx_reference *reference = open_large();
	pthread_t thread[4];
	void *n_bad;

	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&thread[i], NULL, look_around, reference), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(thread[i], &n_bad);
		ck_assert_ptr_null(n_bad);
	}
	vx_reference_close(reference);
}
END_TEST

/* A table of a build that declares contigs "NAME LENGTH,...". */
static struct vx_contigs *contigs_of(const char *assembly, struct vx_header_contig *c, uint32_t n)
{
	struct vx_header header = {.n_contigs = n, .contigs = c};
	struct vx_contigs *contigs;

	ck_assert_int_eq(vx_contigs_new(assembly, &header, "t", &contigs, NULL), 0);
	return contigs;
}

START_TEST(contigs_are_found_by_any_name)
{
	struct vx_header_contig c[] = {{.name = vx_slice_str("MT"), .length = 16569},
				       {.name = vx_slice_str("own"), .length = 4},
				       {.name = vx_slice_str("none")}};
	struct vx_contigs *contigs = contigs_of("GRCh37", c, 3);
	char text[17000] = ">chrM\n";
	struct vx_reference *reference;
	uint32_t rank, seq;

	/* Of 16,571 bases it would be another sequence than MT. */
	for (size_t n = 16569; n <= 16571; n += 2) {
		memset(text + 6, 'A', n);
		strcpy(text + 6 + n, "\n>own\nACGT\n>z\nA\n");
		write_file(text, strlen(text));
		ck_assert_int_eq(vx_reference_open(path, &reference, NULL), 0);
		unlink(path);
		ck_assert_int_eq(vx_reference_bind(reference, contigs, 1, NULL), 0);
		rank = vx_contigs_find(contigs, vx_slice_str("chrM"));
		ck_assert_int_eq(vx_reference_find(reference, rank, c[0].name, &seq, NULL),
				 n == 16569 ? 0 : VIDX_EBADINPUT);
		rank = vx_contigs_find(contigs, vx_slice_str("own"));
		ck_assert_int_eq(vx_reference_find(reference, rank, c[1].name, &seq, NULL), 0);
		ck_assert_uint_eq(seq, 1);
		rank = vx_contigs_find(contigs, vx_slice_str("none"));
		ck_assert(!vx_reference_has(reference, rank));
		ck_assert_int_eq(vx_reference_find(reference, rank, c[2].name, &seq, NULL),
				 VIDX_EBADINPUT);
		ck_assert_int_eq(
			vx_reference_find(reference, VX_NO_CONTIG, vx_slice_str("z"), &seq, NULL),
			0);
		vx_reference_close(reference);
	}
	vx_contigs_free(contigs);
}
END_TEST

START_TEST(lengths_must_agree)
{
	struct vx_header_contig c[] = {{.name = vx_slice_str("own"), .length = 5}};
	struct vx_contigs *contigs = contigs_of("test", c, 1);
	struct vx_reference *reference;
	struct vidx_error err = {0};
	uint32_t seq;

	write_file(">own\nACGT\n", 10);
	ck_assert_int_eq(vx_reference_open(path, &reference, NULL), 0);
	unlink(path);
	ck_assert_int_eq(vx_reference_bind(reference, contigs, 1, &err), VIDX_EBADINPUT);
	ck_assert_ptr_nonnull(
		strstr(err.text, "contig own has 4 bases, but is declared with length 5"));
	ck_assert_int_eq(vx_reference_bind(reference, contigs, 0, NULL), 0);
	ck_assert_int_eq(vx_reference_find(reference, 0, c[0].name, &seq, NULL), VIDX_EBADINPUT);
	vx_reference_close(reference);
	vx_contigs_free(contigs);
}
END_TEST

Suite *allele_reference_suite(void)
{
	Suite *suite = suite_create("allele_reference");
	TCase *tc = tcase_create("reference");

	tcase_add_test(tc, sequences_are_read);
	tcase_add_test(tc, other_files_are_refused);
	tcase_add_test(tc, an_index_must_fit);
	tcase_add_test(tc, many_look_at_once);
	tcase_add_test(tc, contigs_are_found_by_any_name);
	tcase_add_test(tc, lengths_must_agree);
	suite_add_tcase(suite, tc);
	return suite;
}
