/*
 * open: what it takes to open an index for many lookups: time, and memory of its own beside the
 * mapped file.
 *
 *	open INDEX [ROUNDS]
 *
 * Prints milliseconds (the median of ROUNDS, 5, with the file in the page cache), KiB of private
 * memory, and variants, between tabs.  Private memory is what /proc/self/statm has as resident and
 * not shared with a file, after one lookup.
 */
#include "vidx.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { MAX_ROUNDS = 101 };

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "open: %s: %s\n", what, why);
	exit(1);
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static long private_kib(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long size = 0, resident = 0, shared = 0;

	if (!f || fscanf(f, "%ld %ld %ld", &size, &resident, &shared) != 3)
		die("/proc/self/statm", "cannot be read");
	fclose(f);
	return (resident - shared) * (sysconf(_SC_PAGESIZE) / 1024);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Opens, asks once, closes.  The milliseconds of the opening. */
static double once(const char *path, long *kib_ret, uint64_t *n_ret)
{
	struct vidx_error err = {.status = 0};
	struct vidx_index *index;
	struct vidx_reader *reader;
	const struct vidx_site *site;
	long before = private_kib();
	double ms = now_ms();

	if (vidx_open(path, NULL, &index, &err) != 0)
		die(path, err.text);
	ms = now_ms() - ms;
	if (vidx_reader_new(index, &reader, &err) != 0)
		die(path, err.text);
	if (vidx_region(reader, vidx_contig_name(index, 0), 1, UINT32_MAX, &err) == 0 &&
	    vidx_next(reader, &site, &err) < 0)
		die(path, err.text);
	*kib_ret = private_kib() - before;
	*n_ret = vidx_describe(index)->n_variants;
	vidx_reader_free(reader);
	vidx_close(index);
	return ms;
}

int main(int argc, char **argv)
{
	double ms[MAX_ROUNDS];
	int n = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 5;
	long kib = 0, first_kib = 0;
	uint64_t n_variants = 0;

	if (argc < 2 || argc > 3 || n < 1 || n > MAX_ROUNDS)
		die("usage", "open INDEX [ROUNDS]");
	once(argv[1], &first_kib,
	     &n_variants); /* warms, and has the memory that later ones reuse */
	for (int i = 0; i < n; i++)
		ms[i] = once(argv[1], &kib, &n_variants);
	qsort(ms, (size_t)n, sizeof(*ms), by_value);
	printf("%.3f\t%ld\t%llu\n", ms[n / 2], first_kib, (unsigned long long)n_variants);
	return 0;
}
