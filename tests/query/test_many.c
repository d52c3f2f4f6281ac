/* A batch is answered exactly as its questions one by one, in their order, whatever is in it. */
#include "query/fixture.h"

#include <ctype.h>

Suite *query_many_suite(void);

#define SEED    11
#define N_ITEMS 6000
#define N_ASKED 5000
#define TEXT    1500
#define BASES   20000

static struct fixture f;

struct question {
	char contig[12], ref[TEXT], alt[TEXT];
	uint64_t pos1;
};

/* An answer as one text: everything that a caller can see of it. */
struct log {
	FILE *file;
	struct vidx_error *err;
	size_t next, stop_at;
};

static void log_site(FILE *file, const struct vidx_site *site)
{
	fprintf(file, " %s:%" PRIu64 "-%" PRIu64 " %.*s>%.*s id %.*s filter %.*s svlen %" PRId64,
		site->contig, site->pos1, site->end1, (int)site->ref_len, site->ref,
		(int)site->alt_len, site->alt, (int)site->id_len, site->id, (int)site->filter_len,
		site->filter, site->svlen);
	for (uint32_t g = 0; g < site->n_groups; g++)
		for (int m = 0; m < VIDX_N_METRICS; m++) {
			uint64_t v = 0;
			int rc = vidx_count(site, g, m, &v);

			fprintf(file, " %d/%" PRIu64, rc, v);
		}
}

static int log_answer(void *arg, size_t i, int status, const struct vidx_site *site)
{
	struct log *log = arg;
	struct vidx_error err = {0};
	int rc = status;

	ck_assert_uint_eq(i, log->next++);
	ck_assert_int_eq(status == 0, site != NULL);
	fprintf(log->file, "%zu: %s %s", i, vidx_status_name(status),
		status < 0 ? log->err->text : "");
	for (; rc == 0; rc = vidx_next(f.reader, &site, &err))
		log_site(log->file, site);
	fputc('\n', log->file);
	return log->next == log->stop_at ? 77 : 0;
}

static struct vidx_allele allele_of(const struct question *q)
{
	struct vidx_allele a = {q->contig, strlen(q->contig), q->pos1, q->ref, strlen(q->ref),
				q->alt,    strlen(q->alt)};

	return a;
}

/* Both ways over the same questions, as texts; the caller frees. */
static void run_both(const struct vidx_allele *allele, size_t n, char **one_ret, char **many_ret)
{
	size_t len;
	struct log log = {.err = &f.err};
	struct vidx_batch batch = {allele, n, log_answer, &log};

	log.file = open_memstream(one_ret, &len);
	for (size_t i = 0; i < n; i++) {
		const struct vidx_site *site = NULL;
		int rc = vidx_get(f.reader, &allele[i], &site, &f.err);

		log_answer(&log, i, rc, rc == 0 ? site : NULL);
	}
	ck_assert_int_eq(fclose(log.file), 0);
	log.next = 0;
	log.file = open_memstream(many_ret, &len);
	ck_assert_int_eq(vidx_get_many(f.reader, &batch, &f.err), 0);
	ck_assert_uint_eq(log.next, n);
	ck_assert_int_eq(fclose(log.file), 0);
}

static void check_equal(const struct question *q, size_t n)
{
	struct vidx_allele *allele = calloc(n + 1, sizeof *allele);
	char *one, *many, *a, *b;

	for (size_t i = 0; i < n; i++)
		allele[i] = allele_of(&q[i]);
	run_both(allele, n, &one, &many);
	for (a = one, b = many; *a && *a == *b; a++, b++)
		;
	while (a > one && a[-1] != '\n')
		a--, b--;
	ck_assert_msg(strcmp(a, b) == 0, "seed %d: one by one\n%.300s\nat once\n%.300s", SEED, a,
		      b);
	free(one), free(many), free(allele);
}

static void lower_some(uint64_t *state, char *text)
{
	if (text[0] != '<' && fixture_random(state) % 4 == 0)
		for (; *text; text++)
			if (fixture_random(state) % 3)
				*text = (char)tolower((unsigned char)*text);
}

/* Hits, misses near them, other spellings of them, and what is no question at all. */
static void ask_about(struct question *q, const struct item *it, uint64_t *state)
{
	static const char *const odd[] = {"*",  ".",      "<NON_REF>", "<DEL>", "<CNV>", "",
					  "C!", "A[c:9[", "N",         "acgtn", "<DUP>", "R"};
	char behind[30];

	snprintf(q->contig, sizeof q->contig, "%s", it->contig);
	q->pos1 = it->pos1;
	snprintf(q->ref, sizeof q->ref, "%s", it->ref);
	snprintf(q->alt, sizeof q->alt, "%s", it->alt);
	switch (fixture_random(state) % 12) {
	case 0:
		q->pos1 += fixture_random(state) % 7;
		break;
	case 1:
		q->alt[0] = "ACGT"[fixture_random(state) % 4];
		break;
	case 2:
		snprintf(q->alt, sizeof q->alt, "%s", odd[fixture_random(state) % 12]);
		break;
	case 3:
		if (q->alt[0] == '<')
			break;
		item_bases(state, behind, fixture_random(state) % 20);
		strcat(q->ref, behind), strcat(q->alt, behind);
		break;
	case 4:
		snprintf(q->contig, sizeof q->contig, "%s",
			 fixture_random(state) % 2 ? "empty" : "nowhere");
		break;
	case 5:
		q->pos1 = fixture_random(state) % 3 ? fixture_random(state) % 90000 : UINT64_MAX;
		break;
	default:
		break;
	}
	lower_some(state, q->ref);
	lower_some(state, q->alt);
}

static int by_place(const void *a, const void *b)
{
	const struct question *x = a, *y = b;
	int c = strcmp(x->contig, y->contig);

	return c ? c : x->pos1 < y->pos1 ? -1 : x->pos1 > y->pos1;
}

static struct question *ask_all(const struct item *item, uint64_t *state)
{
	struct question *q = calloc(N_ASKED, sizeof *q);

	ck_assert_ptr_nonnull(q);
	for (size_t i = 0; i < N_ASKED; i++)
		ask_about(&q[i], &item[fixture_random(state) % N_ITEMS], state);
	return q;
}

/* With 2-bit hashes alleles of one place tie across blocks. */
START_TEST(as_one_by_one)
{
	uint64_t state = SEED + 1;
	struct item *item = items_make(SEED, N_ITEMS, _i & 4 ? 2 : 20, 500);
	struct question *q = ask_all(item, &state);

	fixture_build_items(&f, item, N_ITEMS, _i & 1 ? 2 : 64);
	fixture_open(&f, _i >> 1 & 1);
	check_equal(q, N_ASKED);
	qsort(q, N_ASKED, sizeof *q, by_place);
	check_equal(q, N_ASKED);
	for (size_t n = 0; n < 70; n++)
		check_equal(q + n, n);
	fixture_end(&f);
	free(item), free(q);
}
END_TEST

/* --- with a reference --- */

/* Repeats of a few bases, so that indels move far. */
static void make_bases(uint64_t *state, char *base)
{
	for (size_t i = 0; i < BASES;) {
		size_t unit = 1 + fixture_random(state) % 4,
		       n = unit * (1 + fixture_random(state) % 12);
		char text[5];

		item_bases(state, text, unit);
		for (size_t k = 0; k < n && i < BASES; k++)
			base[i++] = text[k % unit];
	}
	base[BASES] = '\0';
}

/* An indel or substitution that fits the reference, as some caller might write it. */
static void make_change(uint64_t *state, const char *base, struct question *q)
{
	size_t at = fixture_random(state) % (BASES - 700), n = 1 + fixture_random(state) % 8;

	if (fixture_random(state) % 50 == 0)
		n = 300 + fixture_random(state) % 300;
	strcpy(q->contig, "a");
	q->pos1 = at + 1;
	snprintf(q->ref, sizeof q->ref, "%.1s", base + at);
	snprintf(q->alt, sizeof q->alt, "%.1s", base + at);
	switch (fixture_random(state) % 3) {
	case 0:
		while (q->alt[0] == q->ref[0])
			item_bases(state, q->alt, 1);
		break;
	case 1:
		snprintf(q->ref, sizeof q->ref, "%.*s", (int)n + 1, base + at);
		break;
	default:
		snprintf(q->alt, sizeof q->alt, "%.1s%.*s", base + at, (int)n, base + at + 1);
		break;
	}
}

static void write_reference(const char *path, const char *base)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fprintf(file, ">a\n");
	for (size_t i = 0; i < BASES; i += 60)
		fprintf(file, "%.60s\n", base + i);
	ck_assert_int_eq(fclose(file), 0);
}

START_TEST(with_a_reference)
{
	uint64_t state = SEED + 2;
	char *base = malloc(BASES + 1), *text = NULL, path[200], fai[220];
	struct question *q = calloc(N_ASKED, sizeof *q);
	struct vidx_open_options options = {.sizeof_options = sizeof options, .reference = path};
	FILE *file;
	size_t len;

	make_bases(&state, base);
	file = open_memstream(&text, &len);
	fputs("##fileformat=VCFv4.2\n##contig=<ID=a,length=20000>\n"
	      "##INFO=<ID=AC,Number=A,Type=Integer,Description=\"x\">\n"
	      "##INFO=<ID=AN,Number=1,Type=Integer,Description=\"x\">\n"
	      "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n",
	      file);
	for (size_t i = 0; i < N_ASKED; i++) {
		make_change(&state, base, &q[i]);
		if (i % 2)
			fprintf(file, "a\t%" PRIu64 "\t.\t%s\t%s\t.\tPASS\tAC=%zu;AN=100000\n",
				q[i].pos1, q[i].ref, q[i].alt, i);
		lower_some(&state, q[i].ref);
		lower_some(&state, q[i].alt);
	}
	ck_assert_int_eq(fclose(file), 0);
	fixture_build(&f, text, len, 64);
	snprintf(path, sizeof path, "%s/r.fa", f.folder);
	snprintf(fai, sizeof fai, "%s.fai", path);
	write_reference(path, base);
	ck_assert_msg(vidx_open(f.path, &options, &f.index, &f.err) == 0, "%s", f.err.text);
	ck_assert_int_eq(vidx_reader_new(f.index, &f.reader, &f.err), 0);
	check_equal(q, N_ASKED);
	unlink(path), unlink(fai);
	fixture_end(&f);
	free(q), free(base), free(text);
}
END_TEST

/*
 * Of an index built without a reference: what moves away from where its row is, to a place behind
 * the last row of a contig or before the first of the next, is found as it was given.
 */
START_TEST(moved_between_contigs)
{
	static const char vcf[] = "##fileformat=VCFv4.2\n##contig=<ID=a,length=40>\n"
				  "##contig=<ID=b,length=40>\n"
				  "##INFO=<ID=AC,Number=A,Type=Integer,Description=\"x\">\n"
				  "##INFO=<ID=AN,Number=1,Type=Integer,Description=\"x\">\n"
				  "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
				  "a\t5\t.\tA\tC\t.\tPASS\tAC=1;AN=10\n"
				  "b\t20\t.\tA\tAA\t.\tPASS\tAC=2;AN=10\n";
	char path[200], fai[220];
	struct vidx_open_options options = {.sizeof_options = sizeof options, .reference = path};
	struct question *q = calloc(2, sizeof *q);
	struct vidx_allele allele[1];
	const struct vidx_site *site;
	FILE *file;

	fixture_build(&f, vcf, sizeof vcf - 1, 64);
	snprintf(path, sizeof path, "%s/r.fa", f.folder);
	snprintf(fai, sizeof fai, "%s.fai", path);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	for (int i = 0; i < 2; i++)
		fprintf(file, ">%c\nCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", "ab"[i]);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_msg(vidx_open(f.path, &options, &f.index, &f.err) == 0, "%s", f.err.text);
	ck_assert_int_eq(vidx_reader_new(f.index, &f.reader, &f.err), 0);
	for (int i = 0; i < 2; i++) {
		q[i].contig[0] = "ba"[i];
		q[i].pos1 = 20;
		strcpy(q[i].ref, "A");
		strcpy(q[i].alt, "AA");
	}
	allele[0] = allele_of(&q[0]);
	ck_assert_int_eq(vidx_get(f.reader, allele, &site, &f.err), 0);
	check_equal(q, 2);
	unlink(path), unlink(fai);
	fixture_end(&f);
	free(q);
}
END_TEST

START_TEST(a_caller_may_stop)
{
	static const char text[] = FIXTURE_HEAD "a\t5\t.\tA\tC\t.\tPASS\tAC=1;AN=4\n";
	struct vidx_allele allele[100];
	char *said = NULL;
	size_t len;
	struct log log = {.err = &f.err, .stop_at = 41};
	struct vidx_batch batch = {allele, 100, log_answer, &log};

	for (size_t i = 0; i < 100; i++)
		allele[i] = (struct vidx_allele){"a", 1, 5, "A", 1, i % 3 ? "C" : "C!", 1};
	fixture_build(&f, text, strlen(text), 64);
	fixture_open(&f, 0);
	log.file = open_memstream(&said, &len);
	ck_assert_int_eq(vidx_get_many(f.reader, &batch, &f.err), 77);
	ck_assert_int_eq(fclose(log.file), 0);
	ck_assert_uint_eq(log.next, 41);
	batch.n = 0;
	ck_assert_int_eq(vidx_get_many(f.reader, &batch, NULL), 0);
	free(said);
	fixture_end(&f);
}
END_TEST

Suite *query_many_suite(void)
{
	Suite *s = suite_create("query_many");
	TCase *t = tcase_create("many");

	tcase_set_timeout(t, 240);
	tcase_add_loop_test(t, as_one_by_one, 0, 8);
	tcase_add_test(t, with_a_reference);
	tcase_add_test(t, moved_between_contigs);
	tcase_add_test(t, a_caller_may_stop);
	suite_add_tcase(s, t);
	return s;
}
