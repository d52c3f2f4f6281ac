/*
 * Regions deep inside long variants: what reaches in from far away is found, and for that neither
 * all rows nor all blocks are looked at.
 */
#include "query/fixture.h"
#include "query/reader.h"

Suite *query_reach_suite(void);

#define SEED 20261124

START_TEST(next_equals_a_full_search)
{
	uint64_t state = SEED + (uint64_t)_i, n = fixture_random(&state) % 3000;
	uint64_t *of_block = calloc(n + 1, sizeof *of_block), looked = 0;
	struct vx_reach reach;
	struct vx_arena arena;

	ck_assert_ptr_nonnull(of_block);
	vx_arena_init(&arena);
	for (uint64_t i = 0; i < n; i++)
		of_block[i] = fixture_random(&state) % 50 ? 0 : fixture_random(&state) % 1000;
	ck_assert_int_eq(vx_reach_init(&reach, of_block, n, &arena), 0);
	for (int k = 0; k < 300; k++) {
		uint64_t locus = fixture_random(&state) % 1000,
			 i = fixture_random(&state) % (n + 2);
		uint64_t got = vx_reach_next(&reach, i, locus, &looked);

		while (i < n && of_block[i] <= locus)
			i++;
		ck_assert_msg(got == (i < n ? i : n), "seed %d + %d: %llu", SEED, _i,
			      (unsigned long long)got);
	}
	vx_arena_release(&arena);
	free(of_block);
}
END_TEST

START_TEST(next_looks_at_few)
{
	enum { N = 50000 };
	static uint64_t of_block[N];
	uint64_t looked = 0;
	struct vx_reach reach;
	struct vx_arena arena;

	vx_arena_init(&arena);
	of_block[N - 2] = 7;
	ck_assert_int_eq(vx_reach_init(&reach, of_block, N, &arena), 0);
	ck_assert_uint_eq(vx_reach_next(&reach, 0, 6, &looked), N - 2);
	ck_assert_uint_eq(vx_reach_next(&reach, 0, 7, &looked), N);
	ck_assert_uint_lt(looked, 2 * (N / VX_REACH_STEP + VX_REACH_STEP) + 4);
	vx_arena_release(&arena);
}
END_TEST

/* --- an index of short rows with a few long ones among them --- */

#define N_SHORT 30000
#define N_FAR   3000
#define STEP    200 /* bases from one short row to the next */

struct span {
	uint64_t pos1, end1;
};

static struct fixture f;
static struct span far[N_FAR + 1];

static int by_pos(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->pos1 < y->pos1 ? -1 : x->pos1 > y->pos1;
}

/* A deletion of 5 Mb at 500,001, others of up to 20 kb, and long insertions that fill blocks. */
static void setup(void)
{
	char *text = NULL, bases[301];
	size_t len = 0, at = 0;
	uint64_t state = SEED;
	FILE *file = open_memstream(&text, &len);

	far[0] = (struct span){500001, 5500001};
	for (int i = 1; i <= N_FAR; i++) {
		far[i].pos1 = 3 + fixture_random(&state) % (N_SHORT / N_FAR * STEP) +
			      (uint64_t)(i - 1) * (N_SHORT / N_FAR * STEP);
		far[i].end1 = far[i].pos1 + 300 + fixture_random(&state) % 20000;
	}
	qsort(far, N_FAR + 1, sizeof *far, by_pos);
	ck_assert_ptr_nonnull(file);
	fputs("##fileformat=VCFv4.2\n##contig=<ID=a>\n##contig=<ID=b>\n"
	      "##INFO=<ID=AC,Number=A,Type=Integer,Description=\"x\">\n"
	      "##INFO=<ID=AN,Number=1,Type=Integer,Description=\"x\">\n"
	      "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n",
	      file);
	for (uint64_t i = 0; i < N_SHORT; i++) {
		uint64_t pos1 = 1 + i * STEP;

		for (; at <= N_FAR && far[at].pos1 < pos1; at++)
			fprintf(file,
				"a\t%" PRIu64 "\t.\tN\t<DEL>\t.\tPASS\tAC=1;AN=9;END=%" PRIu64 "\n",
				far[at].pos1, far[at].end1);
		item_tail(&state, bases, 300, 'A');
		fprintf(file, "a\t%" PRIu64 "\t.\tA\tA%s\t.\tPASS\tAC=1;AN=9\n", pos1, bases);
	}
	for (; at <= N_FAR; at++)
		fprintf(file, "a\t%" PRIu64 "\t.\tN\t<DEL>\t.\tPASS\tAC=1;AN=9;END=%" PRIu64 "\n",
			far[at].pos1, far[at].end1);
	/* The same place on the next contig holds nothing long. */
	for (uint64_t i = 0; i < 1000; i++)
		fprintf(file, "b\t%" PRIu64 "\t.\tA\tG\t.\tPASS\tAC=1;AN=9\n", 1 + i * 6000);
	ck_assert_int_eq(fclose(file), 0);
	fixture_build(&f, text, len, 64);
	free(text);
	fixture_open(&f, 0);
}

static void teardown(void)
{
	fixture_end(&f);
}

/* Long ones that a region holds, and all; returns how much the walk looked at. */
static uint64_t walk(const char *contig, uint64_t beg1, uint64_t end1, size_t *n_far, size_t *n_all)
{
	const struct vidx_site *site;
	int rc;

	*n_far = *n_all = 0;
	ck_assert_int_eq(vidx_region(f.reader, contig, beg1, end1, &f.err), 0);
	while ((rc = vidx_next(f.reader, &site, &f.err)) == 0) {
		ck_assert(site->pos1 <= end1 && site->end1 >= beg1);
		*n_far += site->alt[0] == '<';
		++*n_all;
	}
	ck_assert_int_eq(rc, VIDX_END);
	return f.reader->range.n_looked;
}

START_TEST(deep_inside_five_megabases)
{
	uint64_t n_blocks, looked, state = SEED + 2, most = 0, sum = 0;
	size_t n_far, n_all;

	looked = walk("a", 1, 1, &n_far, &n_all);
	n_blocks = f.index->reach.n;
	ck_assert_uint_gt(n_blocks, 250);
	for (int i = 0; i < 2000; i++) {
		uint64_t beg1 = 1 + fixture_random(&state) % (N_SHORT * STEP);
		uint64_t end1 = beg1 + fixture_random(&state) % 400;
		size_t want = 0;

		for (int k = 0; k <= N_FAR; k++)
			want += far[k].pos1 <= end1 && far[k].end1 >= beg1;
		looked = walk("a", beg1, end1, &n_far, &n_all);
		ck_assert_msg(n_far == want, "seed %d, a:%" PRIu64 "-%" PRIu64 ": %zu, not %zu",
			      SEED, beg1, end1, n_far, want);
		/* The rows it gives, and what lies in the blocks that they are in. */
		ck_assert_msg(looked < 400 + 4 * n_all, "a:%" PRIu64 ": %" PRIu64 " for %zu", beg1,
			      looked, n_all);
		most = looked > most ? looked : most;
		sum += looked;
	}
	/* The last base of the deletion, and the one behind it. */
	walk("a", 5500001, 5500001, &n_far, &n_all);
	size_t n_in = n_far;
	walk("a", 5500002, 5500002, &n_far, &n_all);
	ck_assert_uint_gt(n_in, 0);
	ck_assert_uint_ge(n_in, n_far);
	printf("  %d rows in %" PRIu64 " blocks: a region looks at %.0f of them, at most %" PRIu64
	       "\n",
	       N_SHORT + N_FAR + 1001, n_blocks, (double)sum / 2000, most);
}
END_TEST

/* On another contig the far rows before are none of its own. */
START_TEST(not_across_contigs)
{
	uint64_t looked;
	size_t n_far, n_all;

	looked = walk("b", 3000001, 3000400, &n_far, &n_all);
	ck_assert_uint_eq(n_far, 0);
	ck_assert_uint_eq(n_all, 1);
	ck_assert_uint_lt(looked, 200);
}
END_TEST

Suite *query_reach_suite(void)
{
	Suite *s = suite_create("query_reach");
	TCase *t = tcase_create("reach"), *d = tcase_create("deep");

	tcase_add_loop_test(t, next_equals_a_full_search, 0, 20);
	tcase_add_test(t, next_looks_at_few);
	suite_add_tcase(s, t);
	tcase_add_checked_fixture(d, setup, teardown);
	tcase_set_timeout(d, 60);
	tcase_add_test(d, deep_inside_five_megabases);
	tcase_add_test(d, not_across_contigs);
	suite_add_tcase(s, d);
	return s;
}
