/*
 * What vidx.h promises of lookups: they neither allocate nor lock, and call nothing of the system.
 *
 *	quiet INDEX ALLELES
 *
 * Asks for each allele (a spelling a line), alone and in batches, hits and misses, and walks all
 * contigs, after one round of each to warm up; then once more in a child that the kernel kills at
 * the first call but read, write and exit.  Prints what it asked and how often it allocated or
 * locked; exits 1 where that is not 0.
 *
 * Linked with --wrap for each name that is wrapped below; see the Makefile.
 */
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vidx.h"

enum { ALLELES_MAX = 20000, LINE_MAX_BYTES = 400 };

static int counting;
static unsigned long n_allocations, n_locks;
static char text[ALLELES_MAX][LINE_MAX_BYTES];
static struct vidx_allele allele[ALLELES_MAX];
static size_t n_alleles;
static unsigned long n_found, n_walked;
static double sum;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);
int __real_pthread_mutex_lock(pthread_mutex_t *mutex);

void *__wrap_malloc(size_t size)
{
	n_allocations += (unsigned long)counting;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	n_allocations += (unsigned long)counting;
	return __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	n_allocations += (unsigned long)counting;
	return __real_realloc(p, size);
}

void __wrap_free(void *p)
{
	n_allocations += (unsigned long)counting;
	__real_free(p);
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
	n_locks += (unsigned long)counting;
	return __real_pthread_mutex_lock(mutex);
}

static void look(const struct vidx_site *site)
{
	for (uint32_t g = 0; g < site->n_groups; g++) {
		uint64_t ac;
		double af;

		if (vidx_count(site, g, VIDX_AC, &ac) == 0 && vidx_af(site, g, &af) == 0)
			sum += af + (double)ac;
	}
}

static int answer(void *ctx, size_t i, int rc, const struct vidx_site *site)
{
	(void)ctx;
	(void)i;
	if (rc == 0) {
		n_found++;
		look(site);
	}
	return rc < 0 ? rc : 0;
}

/* Every question once, alone and together; every contig from end to end. */
static int ask_all(struct vidx_reader *reader, const struct vidx_index *index)
{
	struct vidx_batch batch = {.alleles = allele, .n = n_alleles, .answer = answer};
	const struct vidx_site *site;
	struct vidx_error err = {0};
	int rc = 0;

	n_found = n_walked = 0;
	for (size_t i = 0; i < n_alleles && rc >= 0; i++) {
		rc = vidx_get(reader, &allele[i], &site, &err);
		if (rc == 0) {
			n_found++;
			look(site);
		}
	}
	if (rc >= 0)
		rc = vidx_get_many(reader, &batch, &err);
	for (uint32_t c = 0; c < vidx_describe(index)->n_contigs && rc >= 0; c++) {
		rc = vidx_region(reader, vidx_contig_name(index, c), 1, UINT64_C(1) << 39, &err);
		while (rc == 0 && (rc = vidx_next(reader, &site, &err)) == 0) {
			n_walked++;
			look(site);
		}
	}
	return rc < 0 ? rc : 0;
}

/* 0 where the kernel had nothing to object to. */
static int ask_alone(struct vidx_reader *reader, const struct vidx_index *index)
{
	int status = -1;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0)
			_exit(77); /* a kernel without it */
		syscall(SYS_exit, ask_all(reader, index) == 0 ? 0 : 1);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 1;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		puts("no seccomp here");
	return !WIFEXITED(status) || (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 77);
}

static int read_alleles(const char *path, const struct vidx_index *index)
{
	FILE *f = fopen(path, "r");

	while (f && n_alleles < ALLELES_MAX && fgets(text[n_alleles], LINE_MAX_BYTES, f)) {
		size_t len = strcspn(text[n_alleles], "\n");

		if (vidx_parse_allele(index, text[n_alleles], len, &allele[n_alleles], NULL) == 0)
			n_alleles++;
	}
	if (f)
		fclose(f);
	return n_alleles > 0;
}

int main(int argc, char **argv)
{
	struct vidx_index *index = NULL;
	struct vidx_reader *reader = NULL;
	struct vidx_error err = {0};
	int failed, killed;

	if (argc != 3)
		return 2;
	if (vidx_open(argv[1], NULL, &index, &err) != 0 ||
	    vidx_reader_new(index, &reader, &err) != 0 || !read_alleles(argv[2], index)) {
		fprintf(stderr, "quiet: %s\n", err.text);
		return 2;
	}
	failed = ask_all(reader, index) != 0;
	counting = 1;
	failed |= ask_all(reader, index) != 0;
	counting = 0;
	killed = ask_alone(reader, index);
	printf("%zu alleles asked twice, %lu found, %lu variants walked: %lu allocations, %lu "
	       "locks%s\n",
	       n_alleles, n_found, n_walked, n_allocations, n_locks,
	       killed ? ", and system calls" : "");
	vidx_reader_free(reader);
	vidx_close(index);
	return failed || killed || n_allocations || n_locks;
}
