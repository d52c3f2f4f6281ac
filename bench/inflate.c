/*
 * The physical limit of a build: every BGZF block of a file inflated as a build does it, its checksum
 * taken, its lines split; nothing read from them.  No build of this kind can be faster.
 *
 *	inflate [-t THREADS] [-r ROUNDS] FILE.vcf.gz
 *
 * Prints threads, seconds (the best round), text bytes and lines, tab-separated, for 1 and for
 * THREADS threads (default 2).  The lines must be the same number each time.
 */
#include "base/scan.h"
#include "input/inflate.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* As many blocks as a unit of the build holds about. */
#define GROUP_BLOCKS 64
#define THREADS_MAX  256

struct job {
	int fd;
	size_t size;
	uint64_t *start; /* of every group in the file, and the end */
	size_t n_groups;
	_Atomic size_t next;
	_Atomic uint64_t n_lines, n_text;
	_Atomic int failed;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Finds the blocks by their headers: reading is part of what is measured. */
static int plan(struct job *job)
{
	uint8_t head[18];
	size_t n_blocks = 0, room = 0;

	job->n_groups = 0;
	for (uint64_t at = 0; at < job->size; n_blocks++) {
		if (n_blocks % GROUP_BLOCKS == 0) {
			if (job->n_groups + 2 > room) {
				room = 2 * room + 64;
				job->start = realloc(job->start, room * sizeof *job->start);
				if (!job->start)
					return -1;
			}
			job->start[job->n_groups++] = at;
		}
		if (pread(job->fd, head, sizeof head, (off_t)at) != (ssize_t)sizeof head ||
		    head[0] != 0x1f || head[12] != 'B' || head[13] != 'C')
			return -1;
		at += (uint64_t)(head[16] | head[17] << 8) + 1;
	}
	job->start[job->n_groups] = job->size;
	return 0;
}

static int inflate_group(struct vx_inflater *inflater, const uint8_t *p, size_t len, char *text,
			 size_t *len_ret)
{
	struct vx_bgzf_block block;
	size_t at = 0;

	for (*len_ret = 0; at < len; at += block.size) {
		if (vx_bgzf_measure(p + at, len - at, &block) != 0 ||
		    vx_inflate_block(inflater, p + at, &block, text + *len_ret))
			return -1;
		*len_ret += block.text_len;
	}
	return 0;
}

static void *work(void *arg)
{
	struct job *job = arg;
	struct vx_inflater *inflater = vx_inflater_new();
	uint8_t *stored = malloc(GROUP_BLOCKS * VX_BLOCK_BYTES);
	char *text = malloc(GROUP_BLOCKS * VX_BLOCK_BYTES + VX_SCAN_ROOM);
	uint64_t n_lines = 0, n_text = 0;
	size_t i;

	while (inflater && stored && text &&
	       (i = atomic_fetch_add(&job->next, 1)) < job->n_groups) {
		size_t len = job->start[i + 1] - job->start[i], text_len;

		if (pread(job->fd, stored, len, (off_t)job->start[i]) != (ssize_t)len ||
		    inflate_group(inflater, stored, len, text, &text_len) != 0) {
			job->failed = 1;
			break;
		}
		n_text += text_len;
		for (const char *p = text; (p = memchr(p, '\n', (size_t)(text + text_len - p)));
		     p++)
			n_lines++;
	}
	if (!inflater || !stored || !text)
		job->failed = 1;
	atomic_fetch_add(&job->n_lines, n_lines);
	atomic_fetch_add(&job->n_text, n_text);
	vx_inflater_free(inflater);
	free(stored);
	free(text);
	return NULL;
}

/* Seconds of one round on n threads, or a negative number. */
static double run(struct job *job, int n)
{
	pthread_t thread[THREADS_MAX];
	double start = now();

	job->next = 0;
	job->n_lines = job->n_text = 0;
	if (plan(job) != 0)
		return -1;
	for (int i = 0; i < n; i++)
		if (pthread_create(&thread[i], NULL, work, job) != 0)
			return -1;
	for (int i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	return job->failed ? -1 : now() - start;
}

int main(int argc, char **argv)
{
	int n_threads = 2, n_rounds = 5, c;
	uint64_t n_lines = 0;
	struct job job;
	struct stat st;

	while ((c = getopt(argc, argv, "t:r:")) != -1) {
		if (c == 't')
			n_threads = (int)strtol(optarg, NULL, 10);
		else if (c == 'r')
			n_rounds = (int)strtol(optarg, NULL, 10);
		else
			return 2;
	}
	if (optind + 1 != argc || n_threads < 1 || n_threads > THREADS_MAX || n_rounds < 1) {
		fprintf(stderr, "usage: inflate [-t THREADS] [-r ROUNDS] FILE.vcf.gz\n");
		return 2;
	}
	memset(&job, 0, sizeof job);
	job.fd = open(argv[optind], O_RDONLY);
	if (job.fd < 0 || fstat(job.fd, &st) != 0) {
		fprintf(stderr, "inflate: cannot open %s\n", argv[optind]);
		return 1;
	}
	job.size = (size_t)st.st_size;
	for (int n = 1; n <= n_threads; n = n == n_threads ? n + 1 : n_threads) {
		double best = 0;

		for (int i = 0; i < n_rounds; i++) {
			double t = run(&job, n);

			if (t < 0 || (n_lines && n_lines != job.n_lines)) {
				fprintf(stderr, "inflate: %s is not a sound BGZF file\n",
					argv[optind]);
				return 1;
			}
			n_lines = job.n_lines;
			if (i == 0 || t < best)
				best = t;
		}
		printf("%d\t%.3f\t%llu\t%llu\n", n, best, (unsigned long long)job.n_text,
		       (unsigned long long)job.n_lines);
	}
	free(job.start);
	close(job.fd);
	return 0;
}
