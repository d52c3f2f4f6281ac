/*
 * The engine's half of the comparison with tests/model.c: builds every cohort of a list in this
 * process, reads the index back through the public library, and prints what the model prints.
 *
 *	build_many [-t THREADS] [-b HASH_BITS] [-o INDEX] LIST
 *
 * Every third cohort also asks vidx_get() for each of its own variants.
 */
#include "vidx.h"

#include "build/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS_MAX = 64 };

struct answer {
	char *ref, *alt;
	uint64_t end1;
	int64_t svlen;
	char mate[200];
	uint64_t *value; /* n_groups x VIDX_N_METRICS, UINT64_MAX where there is none */
};

static struct answer *answers;
static size_t n_answers, cap_answers;
static const struct vidx_description *about;
static unsigned *by_group_name;
static uint64_t n_asked, n_wrong;

static void *must(void *p)
{
	if (!p) {
		fputs("build_many: out of memory\n", stderr);
		exit(5);
	}
	return p;
}

static int compare_answers(const void *x, const void *y)
{
	const struct answer *a = x, *b = y;
	int d = strcmp(a->ref, b->ref);

	d = d ? d : strcmp(a->alt, b->alt);
	d = d ? d : (a->end1 > b->end1) - (a->end1 < b->end1);
	d = d ? d : (a->svlen > b->svlen) - (a->svlen < b->svlen);
	return d ? d : strcmp(a->mate, b->mate);
}

static int compare_groups(const void *x, const void *y)
{
	return strcmp(about->groups[*(const unsigned *)x].name,
		      about->groups[*(const unsigned *)y].name);
}

static void print_answers(const char *contig, uint64_t pos1)
{
	/* The model's columns; what it does not know is not printed. */
	static const int order[] = {VIDX_AC, VIDX_AN, VIDX_NHOMALT, VIDX_NHEMI, VIDX_HET};

	if (n_answers)
		qsort(answers, n_answers, sizeof(*answers), compare_answers);
	for (size_t i = 0; i < n_answers; i++) {
		struct answer *a = &answers[i];

		for (uint32_t g = 0; g < about->n_groups; g++) {
			const uint64_t *v = a->value + (size_t)by_group_name[g] * VIDX_N_METRICS;

			printf("%s\t%llu\t%s\t%s\t%s", contig, (unsigned long long)pos1, a->ref,
			       a->alt, about->groups[by_group_name[g]].name);
			for (size_t m = 0; m < sizeof(order) / sizeof(order[0]); m++) {
				if (v[order[m]] == UINT64_MAX)
					printf("\t.");
				else
					printf("\t%llu", (unsigned long long)v[order[m]]);
			}
			putchar('\n');
		}
		free(a->ref);
		free(a->alt);
		free(a->value);
	}
	n_answers = 0;
}

static void keep_answer(const struct vidx_site *site)
{
	struct answer *a;

	if (n_answers == cap_answers) {
		cap_answers = cap_answers * 2 + 16;
		answers = must(realloc(answers, cap_answers * sizeof(*answers)));
	}
	a = &answers[n_answers++];
	a->ref = must(strndup(site->ref, site->ref_len));
	a->alt = must(strndup(site->alt, site->alt_len));
	a->end1 = site->end1;
	a->svlen = site->svlen;
	a->mate[0] = '\0';
	if (site->mate_contig_len)
		snprintf(a->mate, sizeof(a->mate), "%.*s|%llu|%.*s", (int)site->mate_contig_len,
			 site->mate_contig, (unsigned long long)site->mate_pos1,
			 (int)site->mate_strands_len, site->mate_strands ? site->mate_strands : "");
	a->value = must(malloc(about->n_groups * sizeof(uint64_t) * VIDX_N_METRICS));
	for (uint32_t g = 0; g < about->n_groups; g++)
		for (int m = 0; m < VIDX_N_METRICS; m++) {
			uint64_t *v = &a->value[(size_t)g * VIDX_N_METRICS + (size_t)m];

			if (vidx_count(site, g, m, v) != 0)
				*v = UINT64_MAX;
		}
}

/* vidx_get() must give what the walk gave. */
static void ask(struct vidx_reader *reader, const char *contig, uint64_t pos1,
		const struct answer *a)
{
	struct vidx_allele q = {contig,         strlen(contig), pos1,          a->ref,
				strlen(a->ref), a->alt,         strlen(a->alt)};
	const struct vidx_site *site;
	struct vidx_error err = {0, ""};
	int rc = vidx_get(reader, &q, &site, &err);

	n_asked++;
	if (rc != 0 || site->pos1 != pos1 || site->ref_len != q.ref_len ||
	    site->alt_len != q.alt_len || memcmp(site->ref, q.ref, q.ref_len) != 0 ||
	    memcmp(site->alt, q.alt, q.alt_len) != 0) {
		printf("#get\t%s\t%llu\t%s\t%s\t%d %s\n", contig, (unsigned long long)pos1, a->ref,
		       a->alt, rc, err.text);
		n_wrong++;
		return;
	}
	for (uint32_t g = 0; g < about->n_groups && a->alt[0] != '<'; g++)
		for (int m = 0; m < VIDX_N_METRICS; m++) {
			uint64_t v;

			if (vidx_count(site, g, m, &v) != 0)
				v = UINT64_MAX;
			if (v != a->value[(size_t)g * VIDX_N_METRICS + (size_t)m]) {
				printf("#get\t%s\t%llu\t%s\t%s\twrong counts\n", contig,
				       (unsigned long long)pos1, a->ref, a->alt);
				n_wrong++;
				return;
			}
		}
}

static int walk_contig(struct vidx_reader *reader, struct vidx_reader *asker, const char *contig,
		       struct vidx_error *err)
{
	const struct vidx_site *site;
	uint64_t pos1 = 0;
	int rc = vidx_region(reader, contig, 1, UINT64_C(1) << 39, err);

	while (rc == 0) {
		rc = vidx_next(reader, &site, err);
		if (rc != 0)
			break;
		if (n_answers && site->pos1 != pos1)
			print_answers(contig, pos1);
		pos1 = site->pos1;
		keep_answer(site);
		if (asker)
			ask(asker, contig, pos1, &answers[n_answers - 1]);
	}
	print_answers(contig, pos1);
	return rc < 0 ? rc : 0;
}

static int read_back(const char *path, int ask_too, struct vidx_error *err)
{
	struct vidx_index *index = NULL;
	struct vidx_reader *reader = NULL, *asker = NULL;
	int rc = vidx_open(path, NULL, &index, err);

	if (rc != 0)
		return rc;
	about = vidx_describe(index);
	by_group_name = must(malloc(sizeof(unsigned) * about->n_groups));
	for (unsigned g = 0; g < about->n_groups; g++)
		by_group_name[g] = g;
	qsort(by_group_name, about->n_groups, sizeof(unsigned), compare_groups);
	rc = vidx_reader_new(index, &reader, err);
	if (rc == 0 && ask_too)
		rc = vidx_reader_new(index, &asker, err);
	for (uint32_t c = 0; rc == 0 && c < about->n_contigs; c++)
		rc = walk_contig(reader, asker, vidx_contig_name(index, c), err);
	free(by_group_name);
	vidx_reader_free(asker);
	vidx_reader_free(reader);
	vidx_close(index);
	return rc;
}

static void options_read(struct vx_build_options *o, char *line, const char **paths)
{
	char *save = NULL;

	for (char *w = strtok_r(line, " \n", &save); w; w = strtok_r(NULL, " \n", &save)) {
		if (strcmp(w, "--samples") == 0)
			o->samples = strtok_r(NULL, " \n", &save);
		else if (strcmp(w, "--group-by") == 0)
			o->group_by = strtok_r(NULL, " \n", &save);
		else if (strcmp(w, "--counts") == 0)
			o->counts = strcmp(strtok_r(NULL, " \n", &save), "info") == 0
					    ? VX_COUNTS_INFO
					    : VX_COUNTS_GT;
		else if (strcmp(w, "--assembly") == 0)
			o->assembly = strtok_r(NULL, " \n", &save);
		else if (strcmp(w, "--by-sex") == 0)
			o->by_sex = 1;
		else if (strcmp(w, "--allow-unlisted") == 0)
			o->allow_unlisted = 1;
		else if (o->n_inputs < WORDS_MAX)
			paths[o->n_inputs++] = w;
	}
}

int main(int argc, char **argv)
{
	struct vx_build_options base = {0};
	const char *index = "many.vidx";
	char *line = NULL;
	size_t cap = 0;
	unsigned number = 0;
	FILE *list;
	int c;

	base.threads = 2;
	while ((c = getopt(argc, argv, "t:b:o:")) != -1) {
		if (c == 't')
			base.threads = (int)strtol(optarg, NULL, 10);
		else if (c == 'b')
			base.hash_bits = (int)strtol(optarg, NULL, 10);
		else if (c == 'o')
			index = optarg;
		else
			return 2;
	}
	list = optind < argc ? fopen(argv[optind], "r") : NULL;
	if (!list)
		return 2;
	for (; getline(&line, &cap, list) > 0; number++) {
		struct vx_build_options o = base;
		struct vx_build_summary sum = {0};
		struct vidx_error err = {0, ""};
		const char *paths[WORDS_MAX];
		uint64_t n_rejected = 0;
		int rc;

		printf("#list\t%.*s\n", (int)strcspn(line, "\n"), line);
		o.output = index;
		o.inputs = paths;
		o.assembly = "test";
		options_read(&o, line, paths);
		rc = vx_build(&o, &sum, &err);
		if (rc == 0)
			rc = read_back(index, number % 3 == 0, &err);
		if (rc != 0) {
			printf("#refused\n");
			fprintf(stderr, "%u: %s\n", number, err.text);
			continue;
		}
		for (int r = 0; r < VX_N_REASONS; r++)
			n_rejected += sum.tally.rejected[r];
		printf("#records\t%llu\t%llu\t%llu\t%llu\n",
		       (unsigned long long)sum.tally.n_records,
		       (unsigned long long)sum.tally.n_indexed, (unsigned long long)n_rejected,
		       (unsigned long long)sum.tally.n_nothing);
	}
	free(line);
	free(answers);
	fclose(list);
	unlink(index);
	fprintf(stderr, "build_many: %llu variants asked for one by one, %llu wrong\n",
		(unsigned long long)n_asked, (unsigned long long)n_wrong);
	return n_wrong != 0;
}
