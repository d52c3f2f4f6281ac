/*
 * What is not found, against a model that is an array with a number for every base: random tracks
 * as BED and as TSV, opened both ways, asked at random and at every border.
 */
#include "fixture.h"

#include "base/slice.h"
#include "store/env.h"
#include "store/verify.h"

Suite *query_callable_suite(void);

enum { SEED = 23, BASES = 6000, GROUPS = 2, N_CONTIGS = 2 };
#define UNKNOWN UINT64_MAX

static const char *const contigs[N_CONTIGS] = {"a", "c"};
static const char text[] = FIXTURE_HEAD "a\t50\trs1\tA\tC\t.\tPASS\tAC=2;AN=4;AC_afr=1;AN_afr=3\n"
					"c\t7\t.\tGTT\tG\t.\tPASS\tAC=2;AN=4;AC_afr=1;AN_afr=3\n";

static struct fixture f;
static char track_path[200];
/* The truth: by contig and base from 0. */
static uint8_t covered[N_CONTIGS][BASES];
static uint64_t an[N_CONTIGS][BASES][GROUPS];
static uint64_t state;

static uint64_t chance(uint64_t n)
{
	return fixture_random(&state) % n;
}

static void model_clear(void)
{
	memset(covered, 0, sizeof(covered));
	memset(an, 0xff, sizeof(an));
}

/* The file that makes the model's track; kind 0: a BED, shuffled; 1: a TSV of stretches; 2: of bases. */
static void write_track(int kind)
{
	FILE *file = fopen(track_path, "w");

	ck_assert_ptr_nonnull(file);
	if (kind == 0)
		for (int i = 0; i < 150; i++) {
			uint64_t c = chance(N_CONTIGS), beg = chance(BASES - 100);
			uint64_t end = beg + chance(chance(4) ? 20 : 100);

			fprintf(file, "%s\t%" PRIu64 "\t%" PRIu64 "\tx\n", contigs[c], beg, end);
			for (uint64_t at = beg; at < end; at++)
				covered[c][at] = 1;
		}
	else
		fputs(kind == 1 ? "contig\tbeg\tend\tAN_afr\tAN\n" : "#chr\tpos\tafr\tAN\n", file);
	for (uint64_t c = N_CONTIGS; kind > 0 && c-- > 0;)
		for (uint64_t at = chance(30), end; at < BASES - 60; at = end) {
			uint64_t n[GROUPS] = {chance(5) ? 100 + 2 * chance(3) : 0, 50 + chance(4)};

			end = at + 1 + (kind == 1 ? chance(40) : 0);
			if (chance(6) == 0)
				n[1] = UNKNOWN;
			fprintf(file, "%s\t", contigs[c]);
			if (kind == 1)
				fprintf(file, "%" PRIu64 "\t%" PRIu64 "\t", at, end);
			else
				fprintf(file, "%" PRIu64 "\t", at + 1);
			if (n[1] == UNKNOWN)
				fprintf(file, ".\t%" PRIu64 "\n", n[0]);
			else
				fprintf(file, "%" PRIu64 "\t%" PRIu64 "\n", n[1], n[0]);
			for (; at < end; at++) {
				covered[c][at] = n[0] > 0;
				memcpy(an[c][at], n, sizeof(n));
			}
			if (chance(3) == 0)
				end += chance(25);
		}
	ck_assert_int_eq(fclose(file), 0);
}

static void build(int kind, int threads)
{
	const char *inputs[] = {f.input};
	struct vx_build_options options = {.inputs = inputs,
					   .n_inputs = 1,
					   .output = f.path,
					   .callable = track_path,
					   .assembly = "test",
					   .threads = threads,
					   .hash_bits = 64};
	struct vx_build_summary summary;

	fixture_build(&f, text, strlen(text), 64);
	snprintf(track_path, sizeof(track_path), "%s/track", f.folder);
	model_clear();
	write_track(kind);
	ck_assert_msg(vx_build(&options, &summary, &f.err) == 0, "%s", f.err.text);
}

static void end(void)
{
	unlink(track_path);
	fixture_end(&f);
}

/* What the model says of bases [beg, end) of a contig. */
static int model_says(uint64_t c, uint64_t beg, uint64_t stop, uint64_t least[GROUPS])
{
	for (int g = 0; g < GROUPS; g++)
		least[g] = UNKNOWN;
	for (uint64_t at = beg; at < stop; at++) {
		if (at >= BASES || !covered[c][at])
			return VIDX_NOT_COVERED;
		for (int g = 0; g < GROUPS; g++)
			if (at == beg || an[c][at][g] == UNKNOWN ||
			    (least[g] != UNKNOWN && an[c][at][g] < least[g]))
				least[g] = an[c][at][g];
	}
	return VIDX_ABSENT;
}

static void check_answer(int status, uint64_t c, uint64_t beg, uint64_t stop)
{
	uint64_t least[GROUPS], got;
	int wanted = model_says(c, beg, stop, least);

	ck_assert_msg(status == wanted, "seed %d: %s:%" PRIu64 "-%" PRIu64 ": %d, not %d", SEED,
		      contigs[c], beg + 1, stop, status, wanted);
	for (uint32_t g = 0; g < GROUPS; g++) {
		int rc = vidx_absent_an(f.reader, g, &got);

		if (wanted == VIDX_NOT_COVERED || least[g] == UNKNOWN)
			ck_assert_int_eq(rc, VIDX_NOVALUE);
		else
			ck_assert(rc == 0 && got == least[g]);
	}
	ck_assert_int_eq(vidx_absent_an(f.reader, GROUPS, &got), VIDX_EUSAGE);
}

/* REF of n bases from beg on: C...C for A...A, so that nothing is trimmed; or a deletion of n - 1. */
static void ask(uint64_t c, uint64_t beg, uint64_t n, int is_deletion)
{
	static char ref[BASES + 200], alt[BASES + 200];
	struct vidx_allele allele = {contigs[c], 1, beg + 1, ref, n, alt, is_deletion ? 1 : n};
	const struct vidx_site *site;

	memset(ref, is_deletion ? 'G' : 'A', n);
	memset(alt, 'C', n);
	if (is_deletion) {
		memset(ref + 1, 'T', n - 1);
		alt[0] = 'G';
	}
	if (c == 0 && beg == 49 && n == 1) /* what is found is found, covered or not */
		ck_assert_int_eq(vidx_get(f.reader, &allele, &site, &f.err), 0);
	else
		check_answer(vidx_get(f.reader, &allele, &site, &f.err), c, beg, beg + n);
}

START_TEST(against_the_model)
{
	int kind = _i / 2, one_shot = _i % 2;

	state = SEED + (uint64_t)kind;
	build(kind, 1);
	ck_assert_msg(vx_verify(f.path, 1, NULL, NULL, NULL, &f.err) == 0, "%s", f.err.text);
	fixture_open(&f, one_shot);
	ck_assert_int_eq(vidx_describe(f.index)->has_callable, 1);
	for (uint64_t c = 0; c < N_CONTIGS; c++)
		for (uint64_t at = 0; at < BASES + 2; at++)
			ask(c, at, 1, 0);
	for (int i = 0; i < 4000; i++)
		ask(chance(N_CONTIGS), chance(BASES), 2 + chance(chance(3) ? 6 : 90),
		    chance(2) == 1);
	end();
}
END_TEST

/* Ahead of the first span, behind the last, other contigs, and what is found. */
START_TEST(edges)
{
	struct vidx_allele unknown = {"nobody", 6, 5, "A", 1, "C", 1};
	struct vidx_allele empty = {"b:1-2", 5, 5, "A", 1, "C", 1};
	struct vidx_allele far = {"a", 1, UINT64_C(1) << 39, "A", 1, "C", 1};
	struct vidx_allele there = {"a", 1, 50, "A", 1, "C", 1};
	const struct vidx_site *site;
	uint64_t got;

	state = SEED;
	build(1, 1);
	fixture_open(&f, _i);
	ck_assert_int_eq(vidx_get(f.reader, &unknown, &site, &f.err), VIDX_NOT_COVERED);
	ck_assert_int_eq(vidx_get(f.reader, &empty, &site, &f.err), VIDX_NOT_COVERED);
	ck_assert_int_eq(vidx_get(f.reader, &far, &site, &f.err), VIDX_NOT_COVERED);
	ck_assert_int_eq(vidx_get(f.reader, &there, &site, &f.err), 0);
	ck_assert_int_eq(vidx_absent_an(f.reader, 0, &got), VIDX_NOVALUE);
	ck_assert_int_eq(vidx_get_id(f.reader, "rs77", 4, &site, &f.err), VIDX_ABSENT);
	ck_assert_int_eq(vidx_absent_an(f.reader, 0, &got), VIDX_NOVALUE);
	end();
}
END_TEST

/* What is known of an absent allele is gone with the next call, whichever that is. */
static void ask_then(int call)
{
	static struct vidx_allele absent = {"a", 1, 0, "G", 1, "C", 1};
	const struct vidx_site *site;
	uint64_t at = 0, got;

	while (!covered[0][at] || at == 49)
		at++;
	absent.pos1 = at + 1;
	ck_assert_int_eq(vidx_get(f.reader, &absent, &site, &f.err), VIDX_ABSENT);
	ck_assert_int_eq(vidx_absent_an(f.reader, 0, &got), 0);
	ck_assert_uint_eq(got, an[0][at][0]);
	if (call == 0)
		ck_assert_int_eq(vidx_next(f.reader, &site, &f.err), VIDX_END);
	else if (call == 1)
		ck_assert_int_eq(vidx_region(f.reader, "a", 1, 9, &f.err), 0);
	else if (call == 2)
		ck_assert_int_eq(vidx_region(f.reader, "nobody", 1, 9, &f.err), VIDX_ABSENT);
	else
		ck_assert_int_eq(vidx_get_id(f.reader, "rs77", 4, &site, &f.err), VIDX_ABSENT);
	ck_assert_int_eq(vidx_absent_an(f.reader, 0, &got), VIDX_NOVALUE);
}

START_TEST(until_the_next_call)
{
	state = SEED;
	build(1, 1);
	fixture_open(&f, _i);
	for (int call = 0; call < 4; call++)
		ask_then(call);
	end();
}
END_TEST

/* Covered, but what cannot be indexed was not looked for. */
START_TEST(no_alleles)
{
	static const char *const alts[] = {"*", "<*>", "<NON_REF>", "."};
	const struct vidx_site *site;
	uint64_t at = 0, got;

	state = SEED;
	build(1, 1);
	fixture_open(&f, _i);
	while (!covered[0][at] || at == 49)
		at++;
	for (size_t i = 0; i < sizeof(alts) / sizeof(*alts); i++) {
		struct vidx_allele none = {"a", 1, at + 1, "G", 1, alts[i], strlen(alts[i])};

		ck_assert_int_eq(vidx_get(f.reader, &none, &site, &f.err), VIDX_ABSENT);
		ck_assert_int_eq(vidx_absent_an(f.reader, 0, &got), VIDX_NOVALUE);
		none.pos1 = UINT64_C(1) << 30;
		ck_assert_int_eq(vidx_get(f.reader, &none, &site, &f.err), VIDX_NOT_COVERED);
	}
	end();
}
END_TEST

/* --- progress: of the file first, then of the inputs --- */

static int n_reading, n_building;

static void draw(void *ctx, const struct vx_progress *progress, int last)
{
	(void)ctx;
	if (last)
		return;
	ck_assert_uint_gt(progress->total, 0);
	ck_assert_uint_le(progress->done, progress->total);
	if (strcmp(progress->what, "building") == 0)
		n_building++;
	else if (n_building == 0)
		n_reading++;
}

START_TEST(progress)
{
	const char *inputs[] = {f.input};
	struct vx_progress seen = {.draw = draw};
	struct vx_build_options options = {.inputs = inputs,
					   .n_inputs = 1,
					   .output = f.path,
					   .callable = track_path,
					   .assembly = "test",
					   .threads = 1,
					   .hash_bits = 64,
					   .progress = &seen};
	struct vx_build_summary summary;

	state = SEED;
	build(0, 1);
	n_reading = n_building = 0;
	ck_assert_msg(vx_build(&options, &summary, &f.err) == 0, "%s", f.err.text);
	ck_assert_int_gt(n_reading, 0);
	ck_assert_int_gt(n_building, 0);
	end();
}
END_TEST

/* --- many at once: each as vidx_get() answers it --- */

static struct vidx_allele batch_allele[500];
static uint64_t batch_place[500][2];
static size_t n_answered;

static int take_answer(void *arg, size_t i, int status, const struct vidx_site *site)
{
	(void)arg;
	ck_assert_uint_eq(i, n_answered++);
	if (site)
		ck_assert_int_eq(status, 0);
	else
		check_answer(status, batch_place[i][0], batch_place[i][1], batch_place[i][1] + 1);
	return 0;
}

START_TEST(many)
{
	struct vidx_batch batch = {batch_allele, 500, take_answer, NULL};

	state = SEED;
	build(1, 1);
	fixture_open(&f, _i);
	for (size_t i = 0; i < 500; i++) {
		uint64_t c = chance(N_CONTIGS), at = i % 50 ? chance(BASES) : 49;

		batch_place[i][0] = i % 50 ? c : 0;
		batch_place[i][1] = at;
		batch_allele[i] =
			(struct vidx_allele){contigs[i % 50 ? c : 0], 1, at + 1, "A", 1, "C", 1};
	}
	n_answered = 0;
	ck_assert_int_eq(vidx_get_many(f.reader, &batch, &f.err), 0);
	ck_assert_uint_eq(n_answered, 500);
	end();
}
END_TEST

/* --- damage: refused, or no worse than a wrong answer; nothing crashes --- */

static uint8_t *read_file(const char *path, size_t *len)
{
	FILE *file = fopen(path, "r");
	uint8_t *p = malloc(1 << 22);

	ck_assert(file && p);
	*len = fread(p, 1, 1 << 22, file);
	ck_assert_int_eq(fclose(file), 0);
	return p;
}

static void write_file(const char *path, const uint8_t *p, size_t len)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(p, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
}

static void ask_damaged(int one_shot)
{
	struct vidx_open_options options = {.sizeof_options = sizeof(options),
					    .one_shot = one_shot};
	struct vidx_allele allele = {NULL, 1, 0, "AC", 2, "CA", 2};
	const struct vidx_site *site;

	if (vidx_open(f.path, &options, &f.index, &f.err) != 0)
		return;
	ck_assert_int_eq(vidx_reader_new(f.index, &f.reader, &f.err), 0);
	for (int i = 0; i < 200; i++) {
		int rc;

		allele.contig = contigs[i % N_CONTIGS];
		allele.pos1 = 1 + (uint64_t)i * 29;
		rc = vidx_get(f.reader, &allele, &site, &f.err);
		ck_assert(rc == VIDX_ABSENT || rc == VIDX_NOT_COVERED || rc == VIDX_EBADINDEX);
	}
	fixture_close(&f);
}

START_TEST(damage)
{
	uint8_t *p;
	size_t len;

	state = SEED;
	build(1, 1);
	p = read_file(f.path, &len);
	for (size_t at = (size_t)_i * 53; at < len; at += 211) {
		uint8_t kept = p[at];
		int rc;

		p[at] ^= (uint8_t)(1u << at % 8);
		write_file(f.path, p, len);
		ask_damaged(0);
		ask_damaged(1);
		rc = vx_verify(f.path, 1, NULL, NULL, NULL, &f.err);
		ck_assert_msg(rc < 0, "byte %zu is not checked", at);
		p[at] = kept;
	}
	write_file(f.path, p, len);
	ck_assert_int_eq(vx_verify(f.path, 1, NULL, NULL, NULL, NULL), 0);
	free(p);
	end();
}
END_TEST

/* --- the same track, however it is told and by however many threads --- */

static void build_again(int threads)
{
	const char *inputs[] = {f.input};
	struct vx_build_options options = {.inputs = inputs,
					   .n_inputs = 1,
					   .output = f.path,
					   .callable = track_path,
					   .assembly = "test",
					   .threads = threads};
	struct vx_build_summary summary;

	ck_assert_msg(vx_build(&options, &summary, &f.err) == 0, "%s", f.err.text);
}

static struct vx_hash128 digest(void)
{
	struct vx_hash128 hash;
	struct vx_env *env;

	ck_assert_int_eq(vx_env_open(f.path, 0, &env, &f.err), 0);
	hash = vx_env_meta(env)->track.digest;
	vx_env_close(env);
	return hash;
}

START_TEST(one_digest)
{
	struct vx_hash128 one, other;
	FILE *file;

	state = SEED;
	build(0, 1);
	one = digest();
	build_again(3);
	other = digest();
	ck_assert(one.lo == other.lo && one.hi == other.hi);
	/* The same bases one by one. */
	file = fopen(track_path, "w");
	ck_assert_ptr_nonnull(file);
	fputs("contig\tpos\n", file);
	for (int c = 0; c < N_CONTIGS; c++)
		for (int at = 0; at < BASES; at++)
			if (covered[c][at])
				fprintf(file, "%s\t%d\n", contigs[c], at + 1);
	ck_assert_int_eq(fclose(file), 0);
	build_again(1);
	other = digest();
	ck_assert(one.lo == other.lo && one.hi == other.hi);
	/* One base more. */
	file = fopen(track_path, "a");
	ck_assert_ptr_nonnull(file);
	fputs("c\t20000\n", file);
	ck_assert_int_eq(fclose(file), 0);
	build_again(1);
	other = digest();
	ck_assert(one.lo != other.lo || one.hi != other.hi);
	end();
}
END_TEST

Suite *query_callable_suite(void)
{
	Suite *s = suite_create("query_callable");
	TCase *t = tcase_create("callable");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, against_the_model, 0, 6);
	tcase_add_loop_test(t, edges, 0, 2);
	tcase_add_loop_test(t, until_the_next_call, 0, 2);
	tcase_add_loop_test(t, no_alleles, 0, 2);
	tcase_add_test(t, progress);
	tcase_add_loop_test(t, many, 0, 2);
	tcase_add_loop_test(t, damage, 0, 4);
	tcase_add_test(t, one_digest);
	suite_add_tcase(s, t);
	return s;
}
