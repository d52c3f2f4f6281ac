/*
 * get: random lookups in an index, alone and in batches, by one thread and by several, warm and
 * with a cold cache; against raw LMDB with one key per variant and the same counts, in one run.
 *
 *	get INDEX [options]			(see usage)
 *
 * The sampled alleles are the index's own; misses are alleles near them that it lacks.  Before any
 * time is taken every answer of vidx is compared with the rival's, and a batch's with single ones'.
 * vidx compares alleles and its rival trusts a hash of them; both decode every group.  Where one
 * thread works the time is that thread's own, so that what else the machine does is left out.
 */
#include "sample.h"

#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_MAX = 64, THREADS_MAX = 256 };

static const char usage[] =
	"get INDEX [options]\n"
	"  --queries N        alleles to ask for, at most half of the index [500000]\n"
	"  --rounds N         the median of so many counts [5]\n"
	"  --no-rival         vidx alone\n"
	"  --dir DIR          where the rival is built, and removed [.]\n"
	"  --batch N          alleles in a vidx_get_many() [1000]\n"
	"  --huge-pages       also with the index read anew into huge pages\n"
	"  --threads N        also N threads at once, against one [1]\n"
	"  --cold N           also N lookups with the index out of the page cache [0]\n"
	"  --json             an object a line instead of a table\n";

struct bench {
	struct sample s;
	struct vidx_open_options open;
	size_t batch, n_cold;
	int rounds, threads, json, huge;
};

/* Of this thread alone, so that what else the machine does is left out. */
static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof *v, by_value);
	return v[n / 2];
}

/* One result: lookups a thread takes ns for, and what it is compared with. */
static void say(const struct bench *b, const char *what, double ours, const char *rival,
		double theirs, const char *unit)
{
	double ratio = theirs > 0 ? ours / theirs : 0;

	if (b->json)
		printf("{\"bench\": \"get\", \"what\": \"%s\", \"variants\": %zu, \"groups\": %u, "
		       "\"vidx\": %.1f, \"rival\": \"%s\", \"rival_value\": %.1f, \"unit\": "
		       "\"%s\", "
		       "\"ratio\": %.3f}\n",
		       what, b->s.n_variants, vidx_describe(b->s.index)->n_groups, ours, rival,
		       theirs, unit, ratio);
	else
		printf("| %s | %.1f %s | %s: %.1f %s | %.3f |\n", what, ours, unit, rival, theirs,
		       unit, ratio);
	fflush(stdout);
}

struct sum {
	uint64_t found, total;
	const struct bench *b;
};

static void add_site(struct sum *sum, const struct vidx_site *site)
{
	sum->found++;
	for (uint32_t v = 0; v < sum->b->s.n_values; v++)
		sum->total += site->values[v];
}

static int count_answer(void *arg, size_t i, int status, const struct vidx_site *site)
{
	struct sum *sum = arg;

	(void)i;
	if (status == 0) {
		sum->found++;
		sum->total += site->values[0];
	}
	return status < 0;
}

static int add_answer(void *arg, size_t i, int status, const struct vidx_site *site)
{
	(void)i;
	if (status == 0)
		add_site(arg, site);
	return status < 0;
}

static void get_many(struct vidx_reader *reader, const struct vidx_allele *a, size_t n,
		     size_t batch, struct sum *sum,
		     int (*answer)(void *, size_t, int, const struct vidx_site *))
{
	for (size_t i = 0; i < n; i += batch) {
		struct vidx_batch many = {a + i, n - i < batch ? n - i : batch, answer, sum};

		if (vidx_get_many(reader, &many, NULL) != 0)
			sample_die("vidx_get_many", "failed");
	}
}

static void prove_many(struct bench *b, const struct vidx_allele *a)
{
	struct sum one = {0, 0, b}, many = {0, 0, b};
	const struct vidx_site *site;

	for (size_t i = 0; i < b->s.n; i++)
		if (sample_find(&b->s, &a[i], &site))
			add_site(&one, site);
	get_many(b->s.reader, a, b->s.n, b->batch, &many, add_answer);
	if (one.found != many.found || one.total != many.total)
		sample_die("vidx_get_many", "answers differ");
}

/* --- time --- */

static double time_vidx(struct bench *b, const struct vidx_allele *a)
{
	const struct vidx_site *site;
	double t0 = cpu_ns();
	uint64_t sum = 0;

	for (size_t i = 0; i < b->s.n; i++)
		if (sample_find(&b->s, &a[i], &site))
			sum += site->values[0];
	b->s.state += sum & 1; /* so that it is not left out */
	return (cpu_ns() - t0) / (double)b->s.n;
}

static double time_many(struct bench *b, const struct vidx_allele *a)
{
	struct sum sum = {0, 0, b};
	double t0 = cpu_ns();

	get_many(b->s.reader, a, b->s.n, b->batch, &sum, count_answer);
	b->s.state += sum.total & 1;
	return (cpu_ns() - t0) / (double)b->s.n;
}

static double time_rival(struct bench *b, const struct sample_query *q)
{
	double t0 = cpu_ns();
	uint64_t sum = 0;

	for (size_t i = 0; i < b->s.n; i++)
		if (sample_rival_get(&b->s, &q[i]))
			sum += b->s.rival_value[0];
	b->s.state += sum & 1;
	return (cpu_ns() - t0) / (double)b->s.n;
}

/* All take turns, so that a busy machine is busy for all.  with: "", or how the index was opened. */
static void measure(struct bench *b, const struct vidx_allele *a, const struct sample_query *q,
		    const char *kind, const char *with)
{
	double one[ROUNDS_MAX], many[ROUNDS_MAX], theirs[ROUNDS_MAX], ours;
	char what[200];

	for (int r = 0; r < b->rounds; r++) {
		one[r] = time_vidx(b, a);
		many[r] = time_many(b, a);
		theirs[r] = b->s.has_rival ? time_rival(b, q) : 0;
	}
	ours = median(one, b->rounds);
	snprintf(what, sizeof what, "random get%s, %s, %zu variants", with, kind, b->s.n_variants);
	say(b, what, ours, b->s.has_rival ? "raw mdb_get" : "no rival", median(theirs, b->rounds),
	    "ns");
	snprintf(what, sizeof what, "get_many%s, %zu at a time, %s, %zu variants", with, b->batch,
		 kind, b->s.n_variants);
	say(b, what, median(many, b->rounds), "vidx_get", ours, "ns");
}

/* --- threads --- */

struct worker {
	struct bench *b;
	pthread_t thread;
	struct vidx_reader *reader;
	size_t from;
	int is_many;
	uint64_t sum;
};

static void *work(void *arg)
{
	struct worker *w = arg;
	struct bench *b = w->b;
	struct sum sum = {0, 0, b};
	const struct vidx_site *site;

	for (size_t i = 0; !w->is_many && i < b->s.n; i++)
		if (vidx_get(w->reader, &b->s.hit_allele[(w->from + i) % b->s.n], &site, NULL) == 0)
			w->sum += site->values[0];
	if (w->is_many) {
		get_many(w->reader, b->s.hit_allele + w->from, b->s.n - w->from, b->batch, &sum,
			 count_answer);
		get_many(w->reader, b->s.hit_allele, w->from, b->batch, &sum, count_answer);
	}
	w->sum += sum.total;
	return NULL;
}

/* Lookups a second of n threads, each of which asks for everything, from its own beginning on. */
static double rate(struct bench *b, int n, int is_many)
{
	static struct worker worker[THREADS_MAX];
	struct vidx_error err = {.status = 0};
	double t0;

	for (int t = 0; t < n; t++) {
		worker[t] = (struct worker){b, 0, NULL, b->s.n / (size_t)n * (size_t)t, is_many, 0};
		if (vidx_reader_new(b->s.index, &worker[t].reader, &err) != 0)
			sample_die(b->s.path, err.text);
	}
	t0 = now_ns();
	for (int t = 0; t < n; t++)
		if (pthread_create(&worker[t].thread, NULL, work, &worker[t]) != 0)
			sample_die("threads", "cannot start");
	for (int t = 0; t < n; t++)
		pthread_join(worker[t].thread, NULL);
	t0 = now_ns() - t0;
	for (int t = 0; t < n; t++)
		vidx_reader_free(worker[t].reader);
	return (double)b->s.n * n / t0 * 1e9;
}

static void measure_threads(struct bench *b, int is_many)
{
	double one[ROUNDS_MAX], all[ROUNDS_MAX];
	char what[200];

	for (int r = 0; r < b->rounds; r++) {
		one[r] = rate(b, 1, is_many);
		all[r] = rate(b, b->threads, is_many);
	}
	snprintf(what, sizeof what, "%s, hit, %d threads, %zu variants",
		 is_many ? "get_many" : "random get", b->threads, b->s.n_variants);
	say(b, what, median(all, b->rounds), "one thread", median(one, b->rounds), "/s");
}

static void open_index(struct bench *b)
{
	struct vidx_error err = {.status = 0};

	if (vidx_open(b->s.path, &b->open, &b->s.index, &err) ||
	    vidx_reader_new(b->s.index, &b->s.reader, &err))
		sample_die(b->s.path, err.text);
}

/* Closes the index and opens it as b->open says now.  Contigs of the questions are its names. */
static void open_again(struct bench *b, void (*between)(const char *path))
{
	vidx_reader_free(b->s.reader);
	vidx_close(b->s.index);
	if (between)
		between(b->s.path);
	open_index(b);
	for (size_t i = 0; i < b->s.n; i++) {
		b->s.hit_allele[i].contig = vidx_contig_name(b->s.index, b->s.hit[i].contig);
		b->s.miss_allele[i].contig = vidx_contig_name(b->s.index, b->s.miss[i].contig);
	}
}

static void measure_huge(struct bench *b)
{
	b->open.huge_pages = 1;
	open_again(b, NULL);
	prove_many(b, b->s.hit_allele);
	measure(b, b->s.hit_allele, b->s.hit, "hit", " on huge pages");
	measure(b, b->s.miss_allele, b->s.miss, "miss", " on huge pages");
	b->open.huge_pages = 0;
}

/* --- cold --- */

static void drop(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) != 0 || posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) != 0)
		sample_die(path, "cannot be dropped from the page cache");
	close(fd);
}

/* Faults that went to the disk, and time, of lookups that nothing was read for before. */
static void measure_cold(struct bench *b)
{
	struct rusage before, after;
	const struct vidx_site *site;
	double t0;
	char what[200];

	open_again(b, drop);
	if (b->n_cold > b->s.n)
		b->n_cold = b->s.n;
	getrusage(RUSAGE_SELF, &before);
	t0 = now_ns();
	for (size_t i = 0; i < b->n_cold; i++)
		if (!sample_find(&b->s, &b->s.hit_allele[i], &site))
			sample_die(b->s.path, "a hit is missed");
	t0 = now_ns() - t0;
	getrusage(RUSAGE_SELF, &after);
	snprintf(what, sizeof what, "cold cache, faults to the disk per get, %zu variants",
		 b->s.n_variants);
	say(b, what, (double)(after.ru_majflt - before.ru_majflt) / (double)b->n_cold, "goal", 2,
	    "faults");
	snprintf(what, sizeof what, "cold cache, time of a get, %zu variants", b->s.n_variants);
	say(b, what, t0 / 1e3 / (double)b->n_cold, "-", 0, "us");
}

/* --- memory --- */

/*
 * What one read costs that has to wait for the one before, anywhere in as many bytes as the index has:
 * a walk along a random cycle through all cache lines, on pages of the usual size.
 */
static void measure_memory(struct bench *b)
{
	enum { LINE = 64, STEPS = 2000000 };
	struct stat st;
	double ns[ROUNDS_MAX], t0;
	char what[200], *memory;
	size_t n, at = 0;

	if (stat(b->s.path, &st) != 0)
		sample_die(b->s.path, "cannot be measured");
	n = (size_t)st.st_size / LINE;
	memory = mmap(NULL, n * LINE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED || n < 2)
		sample_die("memory", "out of memory");
	for (size_t i = 0; i < n; i++)
		memcpy(memory + i * LINE, &i, sizeof i);
	/* Sattolo's shuffle: one cycle. */
	for (size_t i = n - 1; i > 0; i--) {
		size_t j = sample_draw(&b->s) % i, x, y;

		memcpy(&x, memory + i * LINE, sizeof x);
		memcpy(&y, memory + j * LINE, sizeof y);
		memcpy(memory + i * LINE, &y, sizeof y);
		memcpy(memory + j * LINE, &x, sizeof x);
	}
	for (int r = 0; r < b->rounds; r++) {
		t0 = cpu_ns();
		for (int i = 0; i < STEPS; i++)
			memcpy(&at, memory + at * LINE, sizeof at);
		ns[r] = (cpu_ns() - t0) / STEPS;
	}
	b->s.state += at & 1;
	munmap(memory, n * LINE);
	snprintf(what, sizeof what, "dependent read in %.0f MB, %zu variants",
		 (double)n * LINE / 1e6, b->s.n_variants);
	say(b, what, median(ns, b->rounds), "-", 0, "ns");
}

/* --- all together --- */

static void parse(struct bench *b, int argc, char **argv)
{
	static const struct option names[] = {
		{"queries", 1, NULL, 'q'}, {"rounds", 1, NULL, 'r'}, {"no-rival", 0, NULL, 'v'},
		{"dir", 1, NULL, 'd'},     {"batch", 1, NULL, 'b'},  {"threads", 1, NULL, 't'},
		{"cold", 1, NULL, 'c'},    {"json", 0, NULL, 'j'},   {"huge-pages", 0, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (c == 'q')
			b->s.n = strtoul(optarg, NULL, 10);
		else if (c == 'r')
			b->rounds = atoi(optarg);
		else if (c == 'v')
			b->s.has_rival = 0;
		else if (c == 'd')
			b->s.dir = optarg;
		else if (c == 'b')
			b->batch = strtoul(optarg, NULL, 10);
		else if (c == 't')
			b->threads = atoi(optarg);
		else if (c == 'c')
			b->n_cold = strtoul(optarg, NULL, 10);
		else if (c == 'j')
			b->json = 1;
		else if (c == 'h')
			b->huge = 1;
		else
			sample_die("usage", usage);
	}
	if (optind + 1 != argc || b->s.n == 0 || b->rounds < 1 || b->rounds > ROUNDS_MAX ||
	    b->batch == 0 || b->threads < 1 || b->threads > THREADS_MAX)
		sample_die("usage", usage);
	b->s.path = argv[optind];
}

int main(int argc, char **argv)
{
	struct bench b = {.s = {.dir = ".", .has_rival = 1, .n = 500000, .state = 1},
			  .open = {.sizeof_options = sizeof b.open},
			  .rounds = 5,
			  .batch = 1000,
			  .threads = 1};

	parse(&b, argc, argv);
	open_index(&b);
	sample_make(&b.s);
	if (b.s.has_rival) {
		size_t n_misses = sample_prove(&b.s);

		if (!b.json)
			printf("equal answers: %zu hits with %u counts each, %zu misses\n"
			       "size of the rival: %.2f bytes per variant\n",
			       b.s.n, b.s.n_values, n_misses,
			       (double)b.s.rival_bytes / (double)b.s.n_variants);
	}
	prove_many(&b, b.s.hit_allele);
	prove_many(&b, b.s.miss_allele);
	measure(&b, b.s.hit_allele, b.s.hit, "hit", "");
	measure(&b, b.s.miss_allele, b.s.miss, "miss", "");
	if (b.threads > 1) {
		measure_threads(&b, 0);
		measure_threads(&b, 1);
	}
	measure_memory(&b);
	if (b.huge)
		measure_huge(&b);
	if (b.n_cold)
		measure_cold(&b);
	sample_free(&b.s);
	vidx_reader_free(b.s.reader);
	vidx_close(b.s.index);
	return 0;
}
