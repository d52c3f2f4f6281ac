/* Every variant put in comes back with its counts, in any spelling; nothing else does. */
#include "query/fixture.h"

#include <ctype.h>

Suite *query_lookup_suite(void);

#define SEED    7
#define N_ITEMS 9000

static struct fixture f;
static struct item *item;

static struct vidx_allele allele(const char *contig, uint64_t pos1, const char *ref,
				 const char *alt)
{
	struct vidx_allele a = {contig, strlen(contig), pos1, ref, strlen(ref), alt, strlen(alt)};

	return a;
}

static int get(const char *contig, uint64_t pos1, const char *ref, const char *alt,
	       const struct vidx_site **site)
{
	struct vidx_allele a = allele(contig, pos1, ref, alt);

	return vidx_get(f.reader, &a, site, &f.err);
}

static void check_counts(const struct item *it, const struct vidx_site *site)
{
	uint64_t v;
	int all = vidx_group_index(f.index, "ALL"), afr = vidx_group_index(f.index, "afr");

	ck_assert_int_eq(all, 0);
	ck_assert_int_gt(afr, 0);
	ck_assert_int_eq(vidx_count(site, (uint32_t)all, VIDX_AC, &v), 0);
	ck_assert_uint_eq(v, it->ac);
	ck_assert_int_eq(vidx_count(site, (uint32_t)all, VIDX_AN, &v), 0);
	ck_assert_uint_eq(v, it->an);
	ck_assert_int_eq(vidx_count(site, (uint32_t)afr, VIDX_AC, &v), 0);
	ck_assert_uint_eq(v, it->ac_afr);
	ck_assert_int_eq(vidx_count(site, (uint32_t)afr, VIDX_AN, &v), VIDX_NOVALUE);
	ck_assert_int_eq(vidx_count(site, (uint32_t)all, VIDX_NHOMALT, &v), VIDX_NOVALUE);
	ck_assert_int_eq(vidx_count(site, site->n_groups, VIDX_AC, &v), VIDX_EUSAGE);
	ck_assert_int_eq(vidx_count(site, 0, VIDX_N_METRICS, &v), VIDX_EUSAGE);
}

/* A symbolic text may have several ENDs: it is among what comes. */
static void find_symbolic(const struct item *it, const struct vidx_site *site)
{
	int rc = 0, n = 0;

	for (; rc == 0; rc = vidx_next(f.reader, &site, &f.err)) {
		ck_assert_uint_eq(site->pos1, it->pos1);
		ck_assert_uint_eq(site->alt_len, strlen(it->alt));
		if (item_is(it, site)) {
			check_counts(it, site);
			n++;
		}
	}
	ck_assert_int_eq(rc, VIDX_END);
	ck_assert_int_eq(n, 1);
}

static void check_all(void)
{
	const struct vidx_site *site;

	for (size_t i = 0; i < N_ITEMS; i++) {
		const struct item *it = &item[i];

		ck_assert_msg(get(it->contig, it->pos1, it->ref, it->alt, &site) == 0,
			      "seed %d: %s:%" PRIu64 " %s>%s not found", SEED, it->contig, it->pos1,
			      it->ref, it->alt);
		if (it->alt[0] == '<') {
			find_symbolic(it, site);
			continue;
		}
		ck_assert(item_is(it, site));
		check_counts(it, site);
		ck_assert_int_eq(vidx_next(f.reader, &site, &f.err), VIDX_END);
	}
}

/* Bases before and behind, and lower case, change nothing. */
static void check_spellings(uint64_t *state)
{
	const struct vidx_site *site;
	char ref[800], alt[800], before[20], behind[20];

	for (size_t i = 0; i < N_ITEMS; i++) {
		const struct item *it = &item[i];
		size_t n = fixture_random(state) % 10;

		if (it->alt[0] == '<' || it->pos1 <= n)
			continue;
		item_bases(state, before, n);
		item_bases(state, behind, fixture_random(state) % 10);
		/* An item begins and ends apart, so the change can lie nowhere else. */
		snprintf(ref, sizeof(ref), "%s%s%s", before, it->ref, behind);
		snprintf(alt, sizeof(alt), "%s%s%s", before, it->alt, behind);
		if (i % 2)
			for (char *c = ref; *c; c++)
				*c = (char)tolower(*c);
		ck_assert_msg(get(it->contig, it->pos1 - n, ref, alt, &site) == 0,
			      "seed %d: %s:%" PRIu64 " %s>%s", SEED, it->contig, it->pos1 - n, ref,
			      alt);
		ck_assert(item_is(it, site));
	}
}

/* Alleles that were not put in: known by a search of the list. */
static void check_misses(uint64_t *state)
{
	const struct vidx_site *site;
	struct item probe;
	size_t n = 0;

	for (size_t i = 0; i < N_ITEMS; i++) {
		int known = 0;

		probe = item[i];
		item_make(&probe, state, 5);
		for (size_t k = i > 100 ? i - 100 : 0; k < N_ITEMS && k < i + 100; k++)
			known |= strcmp(item[k].contig, probe.contig) == 0 &&
				 item[k].pos1 == probe.pos1 && !strcmp(item[k].ref, probe.ref) &&
				 !strcmp(item[k].alt, probe.alt);
		n += !known;
		ck_assert_int_eq(get(probe.contig, probe.pos1, probe.ref, probe.alt, &site),
				 known ? 0 : VIDX_ABSENT);
	}
	ck_assert_uint_gt(n, N_ITEMS / 2);
}

START_TEST(all_of_it)
{
	uint64_t state = SEED + 1;

	item = items_make(SEED, N_ITEMS, 20, 500);
	fixture_build_items(&f, item, N_ITEMS, _i & 1 ? 2 : 64);
	fixture_open(&f, _i >> 1);
	check_all();
	check_spellings(&state);
	check_misses(&state);
	fixture_end(&f);
	free(item);
}
END_TEST

/* Alleles that a careless hash or a cut length would take for each other. */
START_TEST(never_confused)
{
	static const char *const alts[] = {
		"<DEL>", "<DUP>", "<INS:ME:ALU>", "A[c:1000[", "A[c:2000[", "]c:5]A", "R",
		"N",     "C",     "AC",           "ACC"};
	size_t n = sizeof(alts) / sizeof(*alts), len = 0;
	const struct vidx_site *site;
	char *text = NULL, *long_a = malloc(70001), *long_b = malloc(70001);
	FILE *file = open_memstream(&text, &len);
	uint64_t v;

	memset(long_a, 'C', 70000);
	long_a[0] = 'A', long_a[70000] = '\0';
	memcpy(long_b, long_a, 70001);
	long_b[69999] = 'G';
	fputs(FIXTURE_HEAD, file);
	for (size_t i = 0; i < n; i++)
		fprintf(file, "a\t100\t.\tA\t%s\t.\tPASS\tAC=%zu;AN=1000\n", alts[i], i + 1);
	fprintf(file, "a\t100\t.\tA\t%s\t.\tPASS\tAC=500;AN=1000\n", long_a);
	fprintf(file, "a\t100\t.\tA\t%s\t.\tPASS\tAC=600;AN=1000\n", long_b);
	fprintf(file, "a\t100\t.\tA\t%.600s\t.\tPASS\tAC=700;AN=1000\n", long_a);
	ck_assert_int_eq(fclose(file), 0);
	fixture_build(&f, text, len, _i & 1 ? 2 : 64);
	fixture_open(&f, _i >> 1);
	for (size_t i = 0; i < n; i++) {
		ck_assert_msg(get("a", 100, "A", alts[i], &site) == 0, "%s", alts[i]);
		ck_assert_int_eq(vidx_count(site, 0, VIDX_AC, &v), 0);
		ck_assert_uint_eq(v, i + 1);
	}
	ck_assert_int_eq(get("a", 100, "A", long_a, &site), 0);
	ck_assert_int_eq(vidx_count(site, 0, VIDX_AC, &v), 0);
	ck_assert_uint_eq(v, 500);
	ck_assert_int_eq(get("a", 100, "A", long_b, &site), 0);
	ck_assert_int_eq(vidx_count(site, 0, VIDX_AC, &v), 0);
	ck_assert_uint_eq(v, 600);
	ck_assert_uint_eq(site->alt_len, 70000);
	long_a[600] = '\0';
	ck_assert_int_eq(get("a", 100, "A", long_a, &site), 0);
	long_a[599] = '\0';
	ck_assert_int_eq(get("a", 100, "A", long_a, &site), VIDX_ABSENT);
	ck_assert_int_eq(get("a", 100, "A", "<CNV>", &site), VIDX_ABSENT);
	ck_assert_int_eq(get("a", 100, "A", "A[c:3000[", &site), VIDX_ABSENT);
	ck_assert_int_eq(get("a", 100, "A", "T", &site), VIDX_ABSENT);
	fixture_end(&f);
	free(text), free(long_a), free(long_b);
}
END_TEST

START_TEST(proper_noes_and_faults)
{
	const struct vidx_site *site;
	static const char text[] = FIXTURE_HEAD "a\t5\t.\tA\tC\t.\tPASS\tAC=1;AN=4\n";

	fixture_build(&f, text, strlen(text), 64);
	fixture_open(&f, 0);
	ck_assert_int_eq(get("a", 5, "A", "C", &site), 0);
	ck_assert_int_eq(get("nowhere", 5, "A", "C", &site), VIDX_ABSENT);
	ck_assert_int_eq(get("empty", 5, "A", "C", &site), VIDX_ABSENT);
	ck_assert_int_eq(get("a", 5, "A", "*", &site), VIDX_ABSENT);
	ck_assert_int_eq(get("a", 5, "A", ".", &site), VIDX_ABSENT);
	ck_assert_int_eq(get("a", 5, "A", "<NON_REF>", &site), VIDX_ABSENT);
	ck_assert_int_eq(get("a", UINT64_C(1) << 39, "A", "C", &site), VIDX_ABSENT);
	ck_assert_int_eq(get("a", 0, "A", "C", &site), VIDX_EUSAGE);
	ck_assert_int_eq(get("a", UINT64_MAX, "A", "C", &site), VIDX_EUSAGE);
	ck_assert_int_eq(get("a", 5, "", "C", &site), VIDX_EUSAGE);
	ck_assert_int_eq(get("a", 5, "A", "", &site), VIDX_EUSAGE);
	ck_assert_int_eq(get("a", 5, "A", "A", &site), VIDX_EUSAGE);
	ck_assert_int_eq(get("a", 5, "A", "C!", &site), VIDX_EUSAGE);
	ck_assert_int_lt(f.err.status, 0);
	ck_assert_ptr_nonnull(strstr(f.err.text, "a:5"));
	ck_assert_int_eq(get("a", 5, "A", "C", &site), 0);
	fixture_end(&f);
}
END_TEST

Suite *query_lookup_suite(void)
{
	Suite *s = suite_create("query_lookup");
	TCase *t = tcase_create("lookup");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, all_of_it, 0, 4);
	tcase_add_loop_test(t, never_confused, 0, 4);
	tcase_add_test(t, proper_noes_and_faults);
	suite_add_tcase(s, t);
	return s;
}
