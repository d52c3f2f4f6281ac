/* vidx_get_id(): every ID of every record, in any index that rows can come to. */
#include "fixture.h"

#include "base/slice.h"
#include "codec/idtext.h"
#include "store/verify.h"

Suite *query_byid_suite(void);

enum { N = 3000 };

static struct fixture f;
static struct item *item;
static char (*id)[64]; /* the ID column of each item */

static void teardown(void)
{
	fixture_end(&f);
	free(item);
	free(id);
	item = NULL;
	id = NULL;
}

/* None, an rs number (of few, so that records share them), a text, or several. */
static void ids_make(uint64_t seed, size_t n)
{
	static const char *const forms[] = {".",           "rs%u",      "rs%u",  "RS%u",
					    "COSV%u;rs%u", "rs%u;rs%u", "%u",    "esv-%u:1",
					    "rs0%u",       "a%u;A%u;.", "rs%u;;"};
	uint64_t state = seed;

	id = calloc(n, sizeof *id);
	ck_assert_ptr_nonnull(id);
	for (size_t i = 0; i < n; i++) {
		unsigned a = (unsigned)(fixture_random(&state) % 900) + 1;
		unsigned b = (unsigned)(fixture_random(&state) % 4000000000) + 1;
		const char *form = forms[fixture_random(&state) % 11];

		if (fixture_random(&state) % 2)
			a = b;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(id[i], sizeof id[i], form, a, b);
#pragma GCC diagnostic pop
	}
}

static void add_line(FILE *file, const struct item *it, const char *ids)
{
	fprintf(file,
		"%s\t%" PRIu64 "\t%s\t%s\t%s\t.\tPASS\tAC=%" PRIu64 ";AN=%" PRIu64
		";AC_afr=%" PRIu64,
		it->contig, it->pos1, ids, it->ref, it->alt, it->ac, it->an, it->ac_afr);
	if (it->alt[0] == '<')
		fprintf(file, ";END=%" PRIu64, it->end1);
	fputc('\n', file);
}

struct how {
	int hash_bits, no_ids, shuffled, repeated;
	size_t ids_bytes;
};

/* Items in order or not; the repeated ones come a second time, with IDs that must not stay. */
static char *text_make(size_t n, const struct how *how, size_t *len)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, len);

	ck_assert_ptr_nonnull(file);
	fputs(FIXTURE_HEAD, file);
	for (size_t i = 0; i < n; i++) {
		size_t k = how->shuffled ? (i * 1009 + 17) % n : i;

		add_line(file, &item[k], id[k]);
		if (how->repeated && k % 3 == 0)
			add_line(file, &item[k], "rs5000000001;GONE");
	}
	if (how->repeated && how->shuffled)
		for (size_t i = 0; i < n; i += 5)
			add_line(file, &item[i], "rs5000000002;GONE");
	ck_assert_int_eq(fclose(file), 0);
	return text;
}

static void build(size_t n, const struct how *how, int threads)
{
	static const char first[] = FIXTURE_HEAD "a\t1\t.\tA\tC\t.\t.\tAC=1;AN=2\n";
	const char *inputs[] = {f.input};
	struct vx_build_options options = {.output = f.path,
					   .inputs = inputs,
					   .n_inputs = 1,
					   .assembly = "test",
					   .threads = threads,
					   .hash_bits = how->hash_bits,
					   .no_ids = how->no_ids,
					   .ids_bytes = how->ids_bytes};
	struct vx_build_summary summary;
	size_t len;
	char *text = text_make(n, how, &len);
	FILE *file;

	fixture_build(&f, first, strlen(first), 64);
	options.output = f.path;
	file = fopen(f.input, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(text, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_msg(vx_build(&options, &summary, &f.err) == 0, "%s", f.err.text);
	ck_assert_uint_eq(summary.n_variants, n);
	ck_assert_msg(vx_verify(f.path, 2, NULL, NULL, NULL, &f.err) == 0, "%s", f.err.text);
	free(text);
}

/* Asks for one ID and holds the answers against all items; returns how many there are. */
static size_t ask(const char *asked, size_t n)
{
	struct vx_slice what = vx_slice_str(asked);
	const struct vidx_site *site;
	char copy[64];
	size_t n_found = 0, at = 0;
	int rc;

	/* The text may be gone once the first answer is there. */
	memcpy(copy, asked, what.len);
	rc = vidx_get_id(f.reader, copy, what.len, &site, &f.err);
	memset(copy, 'x', sizeof copy);
	for (; rc == 0; rc = vidx_next(f.reader, &site, &f.err)) {
		while (at < n && !(vx_id_in(vx_slice_str(id[at]), what) && !item[at].seen &&
				   item_is(&item[at], site)))
			at++;
		if (at == n) /* at one place the order is the index's own */
			for (at = 0; at < n && !(vx_id_in(vx_slice_str(id[at]), what) &&
						 !item[at].seen && item_is(&item[at], site));)
				at++;
		ck_assert_msg(at < n, "%s: %s:%" PRIu64, asked, site->contig, site->pos1);
		item[at].seen = 1;
		n_found++;
	}
	ck_assert_int_eq(rc, n_found ? VIDX_END : VIDX_ABSENT);
	for (size_t i = 0; i < n; i++) {
		ck_assert_int_eq(item[i].seen, vx_id_in(vx_slice_str(id[i]), what));
		item[i].seen = 0;
	}
	return n_found;
}

static void ask_all(size_t n, size_t step)
{
	struct vx_slice rest, one;
	char text[64];

	for (size_t i = 0; i < n; i += step)
		for (rest = vx_slice_str(strcmp(id[i], ".") ? id[i] : "");
		     vx_id_next(&rest, &one);) {
			memcpy(text, one.p, one.len);
			text[one.len] = '\0';
			ck_assert_uint_ge(ask(text, n), 1);
			text[0] ^= 32;
			ask(text, n);
		}
	ck_assert_uint_eq(ask("rs4999999999", n), 0);
	ck_assert_uint_eq(ask("rs5000000001", n), 0);
	ck_assert_uint_eq(ask("rs5000000002", n), 0);
	ck_assert_uint_eq(ask("GONE", n), 0);
	ck_assert_uint_eq(ask("rs", n), 0);
	ck_assert_uint_eq(ask(".", n), 0);
	ck_assert_uint_eq(ask("rs1;rs2", n), 0);
}

static const struct how hows[] = {
	{64, 0, 0, 0, 0}, {64, 0, 0, 1, 1}, /* duplicates; runs go to a file */
	{2, 0, 0, 0, 0},                    /* all texts collide */
	{64, 0, 1, 1, 1},                   /* rewritten */
	{2, 0, 1, 1, 0},
};

START_TEST(every_id)
{
	const struct how *how = &hows[_i];

	item = items_make(31 + (unsigned)_i, N, 30, 5000);
	ids_make(7 + (unsigned)_i, N);
	build(N, how, 2);
	for (int one_shot = 0; one_shot < 2; one_shot++) {
		fixture_open(&f, one_shot);
		ask_all(N, 29);
		fixture_close(&f);
	}
}
END_TEST

static uint64_t file_hash(void)
{
	struct vx_hasher *hasher = vx_hasher_new();
	FILE *file = fopen(f.path, "r");
	char bytes[4096];
	uint64_t hash;
	size_t n;

	ck_assert(hasher && file);
	while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
		vx_hasher_update(hasher, bytes, n);
	fclose(file);
	hash = vx_hasher_final(hasher).lo;
	vx_hasher_free(hasher);
	return hash;
}

/* Many blocks and many parts; the same bytes at any number of threads. */
START_TEST(a_hundred_thousand)
{
	const struct how how = {64, 0, 0, 0, 1 << 16};
	const size_t n = 100000;
	uint64_t one;

	item = items_make(5, n, 20, 300);
	ids_make(6, n);
	build(n, &how, 1);
	one = file_hash();
	fixture_end(&f);
	build(n, &how, 3);
	ck_assert(file_hash() == one);
	fixture_open(&f, 0);
	ask_all(n, 3001);
}
END_TEST

START_TEST(without_ids)
{
	const struct how how = {64, 1, 0, 0, 0};
	const struct vidx_site *site;

	item = items_make(1, 100, 30, 300);
	ids_make(1, 100);
	build(100, &how, 1);
	for (int one_shot = 0; one_shot < 2; one_shot++) {
		fixture_open(&f, one_shot);
		ck_assert_int_eq(vidx_get_id(f.reader, "rs1", 3, &site, &f.err), VIDX_EUSAGE);
		ck_assert_ptr_nonnull(strstr(f.err.text, "has no ids"));
		ck_assert_ptr_nonnull(strstr(f.err.text, f.path));
		ck_assert_int_eq(vidx_next(f.reader, &site, &f.err), VIDX_END);
		fixture_close(&f);
	}
}
END_TEST

START_TEST(wrong_questions)
{
	const struct how how = {64, 0, 0, 0, 0};
	char *longest = malloc(65537);
	const struct vidx_site *site;

	item = items_make(1, 10, 30, 300);
	ids_make(1, 10);
	build(10, &how, 3);
	fixture_open(&f, 0);
	memset(longest, 'a', 65537);
	ck_assert_int_eq(vidx_get_id(f.reader, "", 0, &site, &f.err), VIDX_EUSAGE);
	ck_assert_int_eq(vidx_get_id(f.reader, NULL, 3, &site, &f.err), VIDX_EUSAGE);
	ck_assert_int_eq(vidx_get_id(f.reader, longest, 65537, &site, NULL), VIDX_EUSAGE);
	ck_assert_int_eq(vidx_get_id(f.reader, longest, 65536, &site, NULL), VIDX_ABSENT);
	free(longest);
}
END_TEST

Suite *query_byid_suite(void)
{
	Suite *s = suite_create("query_byid");
	TCase *t = tcase_create("byid");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, every_id, 0, sizeof hows / sizeof *hows);
	tcase_add_test(t, a_hundred_thousand);
	tcase_add_test(t, without_ids);
	tcase_add_test(t, wrong_questions);
	suite_add_tcase(s, t);
	return s;
}
