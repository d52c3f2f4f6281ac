/*
 * count: how fast genotypes are counted, path by path, on rows of 2,504 samples in memory.
 *
 *	count [--rows N] [--rounds N] [--samples N]
 *
 * Allele counts follow the neutral spectrum (1/k), as in 1000 Genomes, but for the rows called
 * common.  The scalar path's counts are compared with every other's before a speed is printed.
 * Two cohorts: 5 populations, and 26 populations with both sexes (52 groups counted).
 */
#include "base/scan.h"
#include "cohort/count.h"
#include "rng.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum shape { PHASED, COMMON, MISSING, MULTI, MIXED, FIELDS, SECOND, BCF, N_SHAPES };

static const char *const shape_name[] = {
	"a|b",         "a|b, AF 0.3",          "a/b, 5 % missing",
	"a|b, 3 ALTs", "half of them haploid", "GT:AD:DP:GQ:PL",
	"DP:GT",       "BCF, int8 pairs",
};

struct rows {
	struct vx_record *record;
	uint32_t n;
	char *text;
	size_t len;
};

static void die(const char *what)
{
	fprintf(stderr, "count: %s\n", what);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A cohort of n samples in n_pops populations, through a sheet in memory. */
static void make_cohort(struct vx_cohort *cohort, uint32_t n, unsigned n_pops, int by_sex)
{
	char path[64], *names = malloc((size_t)n * 12);
	struct vx_sheet_options options = {.path = path, .group_by = "pop", .by_sex = by_sex};
	struct vx_header header = {.n_samples = n};
	struct vidx_error err = {0};
	int fd = memfd_create("sheet", 0);
	FILE *f = fdopen(fd, "w");

	header.samples = malloc((n + 1) * sizeof *header.samples);
	if (!names || !f || !header.samples)
		die("no memory");
	fprintf(f, "sample\tpop\tsex\n");
	for (uint32_t i = 0; i < n; i++) {
		char *name = names + (size_t)i * 12;

		header.samples[i] = vx_slice(name, (size_t)snprintf(name, 12, "s%u", i));
		fprintf(f, "%s\tP%u\t%u\n", name, i * n_pops / n, 1 + i % 2);
	}
	fflush(f);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (vx_cohort_build(cohort, &options, &header, &err) != 0)
		die(err.text);
	fclose(f);
	free(names);
	free(header.samples);
}

/* Chance of the ALT: k / 2n with P(k) ~ 1 / k. */
static double frequency(struct rng *rng, enum shape shape, uint32_t n)
{
	if (shape == COMMON)
		return 0.3;
	return exp(rng_unit(rng) * log(2.0 * n)) / (2.0 * n);
}

static unsigned allele(struct rng *rng, double f, unsigned n_alts)
{
	return rng_unit(rng) < f ? 1 + (unsigned)rng_below(rng, n_alts) : 0;
}

static char *put_sample(char *p, enum shape shape, struct rng *rng, double f, uint32_t i)
{
	unsigned n_alts = shape == MULTI ? 3 : 1;
	unsigned a = allele(rng, f, n_alts), b = allele(rng, f, n_alts);

	if (shape == BCF) {
		*p++ = (char)((a + 1) << 1);
		*p++ = (char)((b + 1) << 1 | 1);
		return p;
	}
	if (i)
		*p++ = '\t';
	if (shape == MISSING && rng_unit(rng) < 0.05)
		return p + sprintf(p, "./.");
	if (shape == MIXED && i % 2)
		return p + sprintf(p, "%u", a);
	if (shape == FIELDS)
		return p + sprintf(p, "%u/%u:%u,%u:%u:%u:0,%u,%u", a, b, 10 + i % 23, b * 12,
				   12 + i % 30, 20 + i % 79, 30 + i % 60, 400 + i % 900);
	if (shape == SECOND)
		return p + sprintf(p, "%u:%u/%u", 10 + i % 30, a, b);
	return p + sprintf(p, "%u%c%u", a, shape == MISSING ? '/' : '|', b);
}

static void make_rows(struct rows *rows, enum shape shape, uint32_t n_rows, uint32_t n_samples)
{
	size_t room = (size_t)n_samples * (shape == FIELDS ? 48 : 8) + 128;
	struct rng rng;
	char *p;

	rng_init(&rng, 1, shape);
	rows->n = n_rows;
	rows->record = calloc(n_rows, sizeof *rows->record);
	p = rows->text = malloc(n_rows * room);
	if (!rows->record || !rows->text)
		die("no memory");
	for (uint32_t r = 0; r < n_rows; r++) {
		struct vx_record *record = &rows->record[r];
		double f = frequency(&rng, shape, n_samples);
		char *beg = p;

		for (uint32_t i = 0; i < n_samples; i++)
			p = put_sample(p, shape, &rng, f, i);
		record->n_alts = shape == MULTI ? 3 : 1;
		record->n_samples = n_samples;
		record->gt_form = shape == BCF ? VX_GT_BCF : VX_GT_TEXT;
		record->gt_index = shape == SECOND;
		record->n_format = shape == FIELDS ? 5 : shape == SECOND ? 2 : 1;
		record->samples = vx_slice(beg, (size_t)(p - beg));
		record->gt = (const uint8_t *)beg;
		record->gt_type = 1;
		record->gt_width = 2;
		*p++ = '\n';
	}
	rows->len = (size_t)(p - rows->text);
}

/* Counts all rows; a sum over all values that any wrong one changes. */
static uint64_t run(struct vx_counter *counter, const struct rows *rows, uint32_t n_groups,
		    uint64_t *value, int check)
{
	uint64_t sum = 0;

	for (uint32_t r = 0; r < rows->n; r++) {
		struct vx_slice bad = {"", 0};
		uint32_t n = rows->record[r].n_alts * VX_COUNT_N_METRICS * n_groups;

		if (vx_count(counter, &rows->record[r], value, &bad) != VX_KEPT)
			die("a row was refused");
		for (uint32_t i = 0; check && i < n; i++)
			sum = (sum ^ value[i]) * UINT64_C(0x9e3779b97f4a7c15) + i;
		sum += value[0];
	}
	return sum;
}

static void measure(const struct vx_cohort *cohort, const struct rows *rows, enum shape shape,
		    int n_rounds)
{
	static const char *const path_name[] = {"best", "scalar", "avx2", "avx512", "neon"};
	static const enum vx_scan_path order[] = {VX_SCAN_SCALAR, VX_SCAN_AVX2, VX_SCAN_AVX512,
						  VX_SCAN_BEST};
	uint64_t *value = malloc(3 * VX_COUNT_N_METRICS * cohort->groups.n * sizeof *value);
	uint64_t want = 0;
	struct vx_counter *counter;

	if (!value || vx_counter_new(cohort, &counter, NULL) != 0)
		die("no memory");
	for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
		enum vx_scan_path path = order[k];
		double best = 1e9;
		uint64_t sum;

		if (!vx_scan_has(path))
			continue;
		vx_counter_force(counter, (int)path);
		sum = run(counter, rows, cohort->groups.n, value, 1);
		if (path == VX_SCAN_SCALAR)
			want = sum;
		if (sum != want)
			die("the paths do not agree");
		for (int i = 0; i < n_rounds; i++) {
			double t = now();

			run(counter, rows, cohort->groups.n, value, 0);
			t = now() - t;
			best = t < best ? t : best;
		}
		printf("%-22s %6u %-7s %8.2f %10.0f %9.3f\n", shape_name[shape], cohort->n_leaves,
		       path_name[path], (double)rows->len / best / 1e9, best / rows->n * 1e9,
		       best / rows->n / cohort->n_samples * 1e9);
	}
	vx_counter_free(counter);
	free(value);
}

int main(int argc, char **argv)
{
	uint32_t n_rows = 1000, n_samples = 2504;
	int n_rounds = 5;
	struct vx_cohort few, many;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--rows") == 0)
			n_rows = (uint32_t)strtoul(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--rounds") == 0)
			n_rounds = (int)strtol(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--samples") == 0)
			n_samples = (uint32_t)strtoul(argv[i + 1], NULL, 10);
		else
			die("options: --rows N --rounds N --samples N");
	}
	make_cohort(&few, n_samples, 5, 0);
	make_cohort(&many, n_samples, 26, 1);
	printf("%u rows of %u samples\n%-22s %6s %-7s %8s %10s %9s\n", n_rows, n_samples, "shape",
	       "groups", "path", "GB/s", "ns/row", "ns/sample");
	for (int shape = 0; shape < N_SHAPES; shape++) {
		struct rows rows;

		make_rows(&rows, (enum shape)shape, n_rows, n_samples);
		measure(&few, &rows, (enum shape)shape, n_rounds);
		if (shape <= COMMON)
			measure(&many, &rows, (enum shape)shape, n_rounds);
		free(rows.text);
		free(rows.record);
	}
	vx_cohort_release(&few);
	vx_cohort_release(&many);
	return 0;
}
