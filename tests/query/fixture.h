/*
 * fixture: an index built from a text, opened, with a folder of its own; and random variants whose
 * truth the tests keep beside it.
 */
#ifndef TESTS_QUERY_FIXTURE_H
#define TESTS_QUERY_FIXTURE_H

#include "build/build.h"
#include "vidx.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIXTURE_HEAD                                                                               \
	"##fileformat=VCFv4.2\n##contig=<ID=a,length=3000000>\n##contig=<ID=b:1-2,length=900000>"  \
	"\n"                                                                                       \
	"##contig=<ID=empty>\n##contig=<ID=c>\n"                                                   \
	"##INFO=<ID=AC,Number=A,Type=Integer,Description=\"x\">\n"                                 \
	"##INFO=<ID=AN,Number=1,Type=Integer,Description=\"x\">\n"                                 \
	"##INFO=<ID=AC_afr,Number=A,Type=Integer,Description=\"x\">\n"                             \
	"##INFO=<ID=AN_afr,Number=1,Type=Integer,Description=\"x\">\n"                             \
	"##INFO=<ID=END,Number=1,Type=Integer,Description=\"x\">\n"                                \
	"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"

struct fixture {
	char folder[128], path[160], input[160];
	struct vidx_error err;
	struct vidx_index *index;
	struct vidx_reader *reader;
};

static inline void fixture_build(struct fixture *f, const char *text, size_t len, int hash_bits)
{
	const char *tmp = getenv("TMPDIR");
	const char *inputs[] = {f->input};
	struct vx_build_options options = {.inputs = inputs,
					   .n_inputs = 1,
					   .assembly = "test",
					   .threads = 1,
					   .hash_bits = hash_bits};
	struct vx_build_summary summary;
	FILE *file;

	memset(f, 0, sizeof(*f));
	snprintf(f->folder, sizeof(f->folder), "%s/vidx-query-XXXXXX", tmp ? tmp : P_tmpdir);
	ck_assert_ptr_nonnull(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/t.vidx", f->folder);
	snprintf(f->input, sizeof(f->input), "%s/t.vcf", f->folder);
	options.output = f->path;
	file = fopen(f->input, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(text, 1, len, file), len);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_msg(vx_build(&options, &summary, &f->err) == 0, "%s", f->err.text);
}

static inline void fixture_open(struct fixture *f, int one_shot)
{
	struct vidx_open_options options = {.sizeof_options = sizeof(options),
					    .one_shot = one_shot};

	ck_assert_msg(vidx_open(f->path, &options, &f->index, &f->err) == 0, "%s", f->err.text);
	ck_assert_msg(vidx_reader_new(f->index, &f->reader, &f->err) == 0, "%s", f->err.text);
}

static inline void fixture_close(struct fixture *f)
{
	vidx_reader_free(f->reader);
	vidx_close(f->index);
	f->reader = NULL;
	f->index = NULL;
}

static inline void fixture_end(struct fixture *f)
{
	fixture_close(f);
	unlink(f->path);
	unlink(f->input);
	ck_assert_int_eq(rmdir(f->folder), 0);
}

/* A random variant; texts are NUL-terminated and normalised by the way they are made. */
struct item {
	const char *contig;
	uint64_t pos1, end1;
	char ref[700], alt[700];
	uint64_t ac, an, ac_afr;
	int seen;
};

static inline uint64_t fixture_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static inline void item_bases(uint64_t *state, char *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = "ACGT"[fixture_random(state) % 4];
	out[n] = '\0';
}

/* The same, but not ending in first: then no base can move around an indel that begins with it. */
static inline void item_tail(uint64_t *state, char *out, size_t n, char first)
{
	do
		item_bases(state, out, n);
	while (out[n - 1] == first);
}

/* Substitutions mostly; indels up to 600 bases; spans up to span_max. */
static inline void item_make(struct item *it, uint64_t *state, uint64_t span_max)
{
	unsigned kind = (unsigned)(fixture_random(state) % 40);
	size_t len = 1 + fixture_random(state) % (kind == 2 ? 600 : 20);

	item_bases(state, it->ref, 1);
	do
		item_bases(state, it->alt, 1);
	while (it->alt[0] == it->ref[0]);
	if (kind <= 2) { /* deletion */
		item_tail(state, it->ref + 1, len, it->ref[0]);
		it->alt[0] = it->ref[0];
	} else if (kind <= 5) { /* insertion */
		item_tail(state, it->alt + 1, len, it->ref[0]);
		it->alt[0] = it->ref[0];
	} else if (kind == 6) {
		strcpy(it->alt, fixture_random(state) % 2 ? "<DEL>" : "<DUP>");
	}
	it->end1 = it->pos1 + strlen(it->ref) - 1;
	if (it->alt[0] == '<')
		it->end1 += fixture_random(state) % span_max;
	it->an = 2 + fixture_random(state) % 100000;
	it->ac = fixture_random(state) % (it->an + 1);
	it->ac_afr = it->ac / 3;
	it->seen = 0;
}

static inline int item_same(const struct item *a, const struct item *b)
{
	return strcmp(a->contig, b->contig) == 0 && a->pos1 == b->pos1 &&
	       strcmp(a->ref, b->ref) == 0 && strcmp(a->alt, b->alt) == 0 && a->end1 == b->end1;
}

/*
 * n distinct items in genome order over the contigs a, b:1-2 and c, about step bases apart and
 * often at one place.  The caller frees.
 */
static inline struct item *items_make(uint64_t seed, size_t n, unsigned step, uint64_t span_max)
{
	static const char *const contigs[] = {"a", "b:1-2", "c"};
	struct item *item = calloc(n, sizeof(*item));
	uint64_t state = seed, pos1 = 1;

	ck_assert_ptr_nonnull(item);
	for (size_t i = 0; i < n; i++) {
		int again = 1;

		item[i].contig = contigs[i * 3 / n];
		if (i && item[i].contig != item[i - 1].contig)
			pos1 = 1;
		if (fixture_random(&state) % 4)
			pos1 += fixture_random(&state) % step;
		while (again) {
			item[i].pos1 = pos1;
			item_make(&item[i], &state, span_max);
			again = 0;
			for (size_t k = i;
			     k-- > 0 && item[k].pos1 == pos1 && item[k].contig == item[i].contig;)
				again |= item_same(&item[k], &item[i]);
			pos1 += (uint64_t)again;
		}
	}
	return item;
}

static inline void fixture_build_items(struct fixture *f, const struct item *item, size_t n,
				       int hash_bits)
{
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(file);
	fputs(FIXTURE_HEAD, file);
	for (size_t i = 0; i < n; i++) {
		const struct item *it = &item[i];

		fprintf(file, "%s\t%" PRIu64 "\t", it->contig, it->pos1);
		if (i % 3 == 0)
			fprintf(file, "rs%zu", i + 1);
		else
			fputc('.', file);
		fprintf(file, "\t%s\t%s\t.\t%s\tAC=%" PRIu64 ";AN=%" PRIu64 ";AC_afr=%" PRIu64,
			it->ref, it->alt, i % 7 ? "PASS" : "AC0;RF", it->ac, it->an, it->ac_afr);
		if (it->alt[0] == '<')
			fprintf(file, ";END=%" PRIu64, it->end1);
		fputc('\n', file);
	}
	ck_assert_int_eq(fclose(file), 0);
	fixture_build(f, text, len, hash_bits);
	free(text);
}

static inline int item_is(const struct item *it, const struct vidx_site *site)
{
	return strcmp(it->contig, site->contig) == 0 && it->pos1 == site->pos1 &&
	       it->end1 == site->end1 && strlen(it->ref) == site->ref_len &&
	       memcmp(it->ref, site->ref, site->ref_len) == 0 && strlen(it->alt) == site->alt_len &&
	       memcmp(it->alt, site->alt, site->alt_len) == 0;
}

#endif
