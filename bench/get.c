/*
 * get: random lookups in an index, alone and in batches, by one thread and by several, warm and
 * with a cold cache; against stores of one key per variant with the same counts, in one run.
 *
 *	get INDEX [options]			(see usage)
 *
 * The sampled alleles are the index's own; misses are alleles near them that it lacks.  Before any
 * time is taken every answer of vidx is compared with every rival's, and a batch's with single
 * ones'.  vidx compares alleles and its rivals trust a hash of them; all decode every group.
 */
#include "lib_rivals.h"

#include "codec/alt.h"
#include "vidx.h"

#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ALLELE_MAX = 24, ROUNDS_MAX = 64, THREADS_MAX = 256, HALVES = 16, BUCKETS = 40 * HALVES };

static const char usage[] =
	"get INDEX [options]\n"
	"  --queries N        alleles to ask for, at most half of the index [500000]\n"
	"  --rounds N         the median of so many counts [5]\n"
	"  --rivals LIST      of raw, plain, sqlite, rocksdb; none [raw]\n"
	"  --dir DIR          where rivals are built, and removed [.]\n"
	"  --batch N          alleles in a vidx_get_many() [1000]\n"
	"  --threads N        also N threads at once, against one [1]\n"
	"  --histogram FILE   time of each lookup by itself: name, kind, ns, lookups (TSV)\n"
	"  --cold N           also N lookups with the index out of the page cache [0]\n"
	"  --open LIST        of prefault, huge, lock: how vidx opens the index []\n"
	"  --json             an object a line instead of a table\n";

struct query {
	uint32_t contig;
	uint64_t pos1;
	char ref[ALLELE_MAX], alt[ALLELE_MAX];
	uint8_t ref_len, alt_len;
};

struct bench {
	const char *index_path, *dir, *rival_list, *histogram, *open_list;
	size_t n_queries, n_seen, batch, n_cold;
	int rounds, threads, json;
	uint64_t state; /* of the generator */
	struct vidx_index *index;
	struct vidx_reader *reader;
	uint32_t n_values; /* per variant: metrics x groups */
	struct query *hit, *miss;
	struct vidx_allele *hit_allele, *miss_allele;
	uint64_t *value, *rival_value, *base;
	uint8_t *is_an;
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "get: %s: %s\n", what, why);
	exit(1);
}

/* splitmix64 */
static uint64_t draw(struct bench *b)
{
	uint64_t z = b->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

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
		       what, b->n_seen, vidx_describe(b->index)->n_groups, ours, rival, theirs,
		       unit, ratio);
	else
		printf("| %s | %.1f %s | %s: %.1f %s | %.3f |\n", what, ours, unit, rival, theirs,
		       unit, ratio);
	fflush(stdout);
}

/* --- what is asked --- */

static void make_key(const struct query *q, uint8_t *key)
{
	struct vx_slice ref = vx_slice(q->ref, q->ref_len), alt = vx_slice(q->alt, q->alt_len);
	uint64_t hash = vx_allele_hash(ref, alt, q->pos1 - 1 + q->ref_len, 0, 64);
	uint64_t pos0 = q->pos1 - 1;

	key[0] = (uint8_t)(q->contig >> 8);
	key[1] = (uint8_t)q->contig;
	for (int i = 0; i < 4; i++)
		key[2 + i] = (uint8_t)(pos0 >> (24 - 8 * i));
	for (int i = 0; i < 8; i++)
		key[6 + i] = (uint8_t)(hash >> (56 - 8 * i));
}

static struct vidx_allele allele_of(const struct bench *b, const struct query *q)
{
	const char *contig = vidx_contig_name(b->index, q->contig);
	struct vidx_allele a = {contig,     strlen(contig), q->pos1,   q->ref,
				q->ref_len, q->alt,         q->alt_len};

	return a;
}

static int vidx_find(struct bench *b, const struct vidx_allele *a, const struct vidx_site **site)
{
	struct vidx_error err = {.status = 0};
	int rc = vidx_get(b->reader, a, site, &err);

	if (rc < 0)
		die(b->index_path, err.text);
	return rc == 0;
}

/* All values of a site, absent ones as 0: the rivals keep no absence. */
static void read_site(const struct bench *b, const struct vidx_site *site, uint64_t *value)
{
	const struct vidx_description *d = vidx_describe(b->index);
	uint32_t n = 0;

	for (int m = 0; m < VIDX_N_METRICS; m++)
		for (uint32_t g = 0; (d->metrics >> m & 1) && g < d->n_groups; g++)
			if (vidx_count(site, g, m, &value[n++]) != 0)
				value[n - 1] = 0;
}

static int query_of(struct query *q, const struct vidx_site *site, uint32_t contig)
{
	if (site->ref_len >= ALLELE_MAX || site->alt_len >= ALLELE_MAX || site->alt[0] == '<')
		return 0;
	q->contig = contig;
	q->pos1 = site->pos1;
	memcpy(q->ref, site->ref, site->ref_len);
	memcpy(q->alt, site->alt, site->alt_len);
	q->ref_len = (uint8_t)site->ref_len;
	q->alt_len = (uint8_t)site->alt_len;
	return 1;
}

static void put_site(struct bench *b, const struct query *q, const struct vidx_site *site)
{
	static uint8_t packed[1 << 17];
	uint8_t key[RIVAL_KEY];
	size_t len;

	if (b->rival_list[0] == '\0')
		return;
	make_key(q, key);
	read_site(b, site, b->value);
	if (b->n_seen == 1)
		memcpy(b->base, b->value, b->n_values * sizeof *b->base);
	len = rival_pack(b->value, b->base, b->is_an, b->n_values, packed);
	for (struct rival *r = rivals; r->name; r++)
		if (r->state && r->put(r, key, r->is_plain ? (uint8_t *)b->value : packed,
				       r->is_plain ? b->n_values * sizeof *b->value : len) != 0)
			die(r->name, "cannot put");
}

/* Keeps a uniform sample of the sites as hits, and puts all into the rivals. */
static void walk(struct bench *b)
{
	const struct vidx_description *d = vidx_describe(b->index);
	const struct vidx_site *site;
	struct vidx_error err = {.status = 0};
	struct query q;
	int rc = 0;

	for (uint32_t c = 0; c < d->n_contigs; c++) {
		if (vidx_region(b->reader, vidx_contig_name(b->index, c), 1, UINT32_MAX, &err) != 0)
			continue;
		while ((rc = vidx_next(b->reader, &site, &err)) == 0) {
			size_t slot = b->n_seen;

			if (!query_of(&q, site, c))
				continue;
			if (b->n_seen++ >= b->n_queries)
				slot = draw(b) % b->n_seen;
			if (slot < b->n_queries)
				b->hit[slot] = q;
			put_site(b, &q, site);
		}
		if (rc != VIDX_END)
			die(b->index_path, err.text);
	}
	if (b->n_seen < b->n_queries)
		b->n_queries = b->n_seen;
}

/* Misses: near a hit, with an ALT that the index does not hold there. */
static void make_misses(struct bench *b)
{
	const struct vidx_site *site;

	for (size_t i = 0; i < b->n_queries; i++) {
		struct query *q = &b->miss[i];
		int is_allele;

		do {
			*q = b->hit[draw(b) % b->n_queries];
			q->pos1 += draw(b) % 5;
			q->alt[q->alt_len - 1] = "ACGT"[draw(b) % 4];
			is_allele =
				q->ref_len != q->alt_len || memcmp(q->ref, q->alt, q->ref_len) != 0;
			b->miss_allele[i] = allele_of(b, q);
		} while (!is_allele || vidx_find(b, &b->miss_allele[i], &site));
	}
}

static void make_queries(struct bench *b)
{
	/* The sample is in genome order where it was filled first: shuffle. */
	for (size_t i = b->n_queries; i > 1; i--) {
		size_t j = draw(b) % i;
		struct query swap = b->hit[i - 1];

		b->hit[i - 1] = b->hit[j];
		b->hit[j] = swap;
	}
	for (size_t i = 0; i < b->n_queries; i++)
		b->hit_allele[i] = allele_of(b, &b->hit[i]);
	make_misses(b);
}

/* --- proof --- */

static int rival_values(const struct bench *b, struct rival *r, const struct query *q,
			uint64_t *value)
{
	uint8_t key[RIVAL_KEY];
	const uint8_t *bytes;
	int rc;

	make_key(q, key);
	rc = r->get(r, key, &bytes);
	if (rc < 0)
		die(r->name, "cannot get");
	if (rc == 0 && r->is_plain)
		memcpy(value, bytes, b->n_values * sizeof *value);
	else if (rc == 0)
		rival_unpack(bytes, b->base, b->is_an, b->n_values, value);
	return rc == 0;
}

static void prove_rival(struct bench *b, struct rival *r)
{
	const struct vidx_site *site;
	size_t n_misses = 0;

	for (size_t i = 0; i < b->n_queries; i++) {
		if (!vidx_find(b, &b->hit_allele[i], &site) ||
		    !rival_values(b, r, &b->hit[i], b->rival_value))
			die(r->name, "answers differ: a hit is missed");
		read_site(b, site, b->value);
		if (memcmp(b->value, b->rival_value, b->n_values * sizeof *b->value) != 0)
			die(r->name, "answers differ: other counts");
		/* vidx normalises and its rivals do not: only its no counts. */
		n_misses += !vidx_find(b, &b->miss_allele[i], &site) &&
			    !rival_values(b, r, &b->miss[i], b->rival_value);
	}
	fprintf(stderr, "equal answers: %zu hits with %u counts each, %zu misses: %s\n",
		b->n_queries, b->n_values, n_misses, r->name);
}

struct sum {
	uint64_t found, total;
	const struct bench *b;
};

static void add_site(struct sum *sum, const struct vidx_site *site)
{
	sum->found++;
	for (uint32_t v = 0; v < sum->b->n_values; v++)
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
			die("vidx_get_many", "failed");
	}
}

static void prove_many(struct bench *b, const struct vidx_allele *a)
{
	struct sum one = {0, 0, b}, many = {0, 0, b};
	const struct vidx_site *site;

	for (size_t i = 0; i < b->n_queries; i++)
		if (vidx_find(b, &a[i], &site))
			add_site(&one, site);
	get_many(b->reader, a, b->n_queries, b->batch, &many, add_answer);
	if (one.found != many.found || one.total != many.total)
		die("vidx_get_many", "answers differ");
}

/* --- time --- */

static double time_vidx(struct bench *b, const struct vidx_allele *a)
{
	const struct vidx_site *site;
	double t0 = cpu_ns();
	uint64_t sum = 0;

	for (size_t i = 0; i < b->n_queries; i++)
		if (vidx_find(b, &a[i], &site))
			sum += site->values[0];
	b->state += sum & 1; /* so that it is not left out */
	return (cpu_ns() - t0) / (double)b->n_queries;
}

static double time_many(struct bench *b, const struct vidx_allele *a)
{
	struct sum sum = {0, 0, b};
	double t0 = cpu_ns();

	get_many(b->reader, a, b->n_queries, b->batch, &sum, count_answer);
	b->state += sum.total & 1;
	return (cpu_ns() - t0) / (double)b->n_queries;
}

static double time_rival(struct bench *b, struct rival *r, const struct query *q)
{
	double t0 = cpu_ns();
	uint64_t sum = 0;

	for (size_t i = 0; i < b->n_queries; i++)
		if (rival_values(b, r, &q[i], b->rival_value))
			sum += b->rival_value[0];
	b->state += sum & 1;
	return (cpu_ns() - t0) / (double)b->n_queries;
}

/* All take turns, so that a busy machine is busy for all. */
static void measure(struct bench *b, const struct vidx_allele *a, const struct query *q,
		    const char *kind)
{
	double one[ROUNDS_MAX], many[ROUNDS_MAX], theirs[8][ROUNDS_MAX], m;
	char what[200];

	for (int round = 0; round < b->rounds; round++) {
		one[round] = time_vidx(b, a);
		many[round] = time_many(b, a);
		for (struct rival *r = rivals; r->name; r++)
			if (r->state)
				theirs[r - rivals][round] = time_rival(b, r, q);
	}
	m = median(one, b->rounds);
	snprintf(what, sizeof what, "random get, %s, %zu variants", kind, b->n_seen);
	for (struct rival *r = rivals; r->name; r++)
		if (r->state)
			say(b, what, m, r->name, median(theirs[r - rivals], b->rounds), "ns");
	snprintf(what, sizeof what, "get_many, %zu at a time, %s, %zu variants", b->batch, kind,
		 b->n_seen);
	say(b, what, median(many, b->rounds), "vidx_get", m, "ns");
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

	for (size_t i = 0; !w->is_many && i < b->n_queries; i++)
		if (vidx_get(w->reader, &b->hit_allele[(w->from + i) % b->n_queries], &site,
			     NULL) == 0)
			w->sum += site->values[0];
	if (w->is_many) {
		get_many(w->reader, b->hit_allele + w->from, b->n_queries - w->from, b->batch, &sum,
			 count_answer);
		get_many(w->reader, b->hit_allele, w->from, b->batch, &sum, count_answer);
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
		worker[t] = (struct worker){b,       0, NULL, b->n_queries / (size_t)n * (size_t)t,
					    is_many, 0};
		if (vidx_reader_new(b->index, &worker[t].reader, &err) != 0)
			die(b->index_path, err.text);
	}
	t0 = now_ns();
	for (int t = 0; t < n; t++)
		if (pthread_create(&worker[t].thread, NULL, work, &worker[t]) != 0)
			die("threads", "cannot start");
	for (int t = 0; t < n; t++)
		pthread_join(worker[t].thread, NULL);
	t0 = now_ns() - t0;
	for (int t = 0; t < n; t++)
		vidx_reader_free(worker[t].reader);
	return (double)b->n_queries * n / t0 * 1e9;
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
		 is_many ? "get_many" : "random get", b->threads, b->n_seen);
	say(b, what, median(all, b->rounds), "one thread", median(one, b->rounds), "/s");
}

/* --- distribution --- */

/* Buckets of a sixteenth of a power of two: 4% wide. */
static int bucket_of(double ns)
{
	uint64_t v = ns < 1 ? 16 : (uint64_t)(ns * 16);
	int log = 63 - __builtin_clzll(v), i = (log - 4) * HALVES + (int)(v >> (log - 4) & 15);

	return i < BUCKETS ? i : BUCKETS - 1;
}

static double bucket_ns(int i)
{
	return (double)(UINT64_C(1) << (i / HALVES)) * (1 + (i % HALVES + 1) / (double)HALVES);
}

static void print_histogram(FILE *file, const char *name, const char *kind, const uint64_t *n)
{
	for (int i = 0; i < BUCKETS; i++)
		if (n[i])
			fprintf(file, "%s\t%s\t%.1f\t%llu\n", name, kind, bucket_ns(i),
				(unsigned long long)n[i]);
}

/* Each lookup by itself, the clock's own reading in it. */
static void histogram(struct bench *b, FILE *file, struct rival *r, int is_miss)
{
	uint64_t n[BUCKETS] = {0};
	const struct vidx_site *site;

	for (size_t i = 0; i < b->n_queries; i++) {
		const struct vidx_allele *a = is_miss ? &b->miss_allele[i] : &b->hit_allele[i];
		double t0 = now_ns();

		if (r)
			rival_values(b, r, is_miss ? &b->miss[i] : &b->hit[i], b->rival_value);
		else if (vidx_find(b, a, &site))
			b->state += site->values[0] & 1;
		n[bucket_of(now_ns() - t0)]++;
	}
	print_histogram(file, r ? r->name : "vidx_get", is_miss ? "miss" : "hit", n);
}

static void histograms(struct bench *b)
{
	FILE *file = fopen(b->histogram, "w");
	uint64_t n[BUCKETS] = {0};

	if (!file)
		die(b->histogram, "cannot write");
	fputs("#name\tkind\tns\tlookups\n", file);
	for (size_t i = 0; i < b->n_queries; i++) {
		double t0 = now_ns();

		n[bucket_of(now_ns() - t0)]++;
	}
	print_histogram(file, "the clock", "-", n);
	for (int is_miss = 0; is_miss < 2; is_miss++) {
		histogram(b, file, NULL, is_miss);
		for (struct rival *r = rivals; r->name; r++)
			if (r->state)
				histogram(b, file, r, is_miss);
	}
	if (fclose(file) != 0)
		die(b->histogram, "cannot write");
}

/* --- cold --- */

static void drop(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) != 0 || posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) != 0)
		die(path, "cannot be dropped from the page cache");
	close(fd);
}

/* Faults that went to the disk, and time, of lookups that nothing was read for before. */
static void measure_cold(struct bench *b)
{
	struct vidx_error err = {.status = 0};
	struct rusage before, after;
	const struct vidx_site *site;
	double t0;
	char what[200];

	vidx_reader_free(b->reader);
	vidx_close(b->index);
	drop(b->index_path);
	if (vidx_open(b->index_path, NULL, &b->index, &err) ||
	    vidx_reader_new(b->index, &b->reader, &err))
		die(b->index_path, err.text);
	getrusage(RUSAGE_SELF, &before);
	t0 = now_ns();
	for (size_t i = 0; i < b->n_cold && i < b->n_queries; i++) {
		struct vidx_allele a = allele_of(b, &b->hit[i]);

		if (!vidx_find(b, &a, &site))
			die(b->index_path, "a hit is missed");
	}
	t0 = now_ns() - t0;
	getrusage(RUSAGE_SELF, &after);
	snprintf(what, sizeof what, "cold cache, faults to the disk per get, %zu variants",
		 b->n_seen);
	say(b, what, (double)(after.ru_majflt - before.ru_majflt) / (double)b->n_cold, "goal", 2,
	    "faults");
	snprintf(what, sizeof what, "cold cache, time of a get, %zu variants", b->n_seen);
	say(b, what, t0 / 1e3 / (double)b->n_cold, "-", 0, "us");
}

/* --- all together --- */

static void parse(struct bench *b, int argc, char **argv)
{
	static const struct option names[] = {
		{"queries", 1, NULL, 'q'}, {"rounds", 1, NULL, 'r'},    {"rivals", 1, NULL, 'v'},
		{"dir", 1, NULL, 'd'},     {"batch", 1, NULL, 'b'},     {"threads", 1, NULL, 't'},
		{"cold", 1, NULL, 'c'},    {"histogram", 1, NULL, 'h'}, {"json", 0, NULL, 'j'},
		{"open", 1, NULL, 'o'},    {NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (c) {
		case 'q':
			b->n_queries = strtoul(optarg, NULL, 10);
			break;
		case 'r':
			b->rounds = atoi(optarg);
			break;
		case 'v':
			b->rival_list = strcmp(optarg, "none") ? optarg : "";
			break;
		case 'd':
			b->dir = optarg;
			break;
		case 'b':
			b->batch = strtoul(optarg, NULL, 10);
			break;
		case 't':
			b->threads = atoi(optarg);
			break;
		case 'c':
			b->n_cold = strtoul(optarg, NULL, 10);
			break;
		case 'h':
			b->histogram = optarg;
			break;
		case 'j':
			b->json = 1;
			break;
		case 'o':
			b->open_list = optarg;
			break;
		default:
			die("usage", usage);
		}
	}
	if (optind + 1 != argc || b->n_queries == 0 || b->rounds < 1 || b->rounds > ROUNDS_MAX ||
	    b->batch == 0 || b->threads < 1 || b->threads > THREADS_MAX)
		die("usage", usage);
	b->index_path = argv[optind];
}

static void *room(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p)
		die("memory", "out of memory");
	return p;
}

static void prepare(struct bench *b)
{
	const struct vidx_description *d = vidx_describe(b->index);
	uint32_t n = 0;

	b->n_values = (uint32_t)__builtin_popcount(d->metrics) * d->n_groups;
	b->hit = room(b->n_queries, sizeof *b->hit);
	b->miss = room(b->n_queries, sizeof *b->miss);
	b->hit_allele = room(b->n_queries, sizeof *b->hit_allele);
	b->miss_allele = room(b->n_queries, sizeof *b->miss_allele);
	b->value = room(b->n_values, sizeof *b->value);
	b->rival_value = room(b->n_values, sizeof *b->value);
	b->base = room(b->n_values, sizeof *b->base);
	b->is_an = room(b->n_values, 1);
	for (int m = 0; m < VIDX_N_METRICS; m++)
		for (uint32_t g = 0; (d->metrics >> m & 1) && g < d->n_groups; g++)
			b->is_an[n++] = m == VIDX_AN;
}

static void open_rivals(struct bench *b)
{
	char path[4096];

	for (struct rival *r = rivals; r->name; r++) {
		if (!strstr(b->rival_list, r->word))
			continue;
		snprintf(path, sizeof path, "%s/rival.%s", b->dir, r->word);
		if (r->open(r, path) != 0)
			die(path, "cannot make");
		if (r->is_plain || strcmp(r->word, "raw") == 0)
			unlink(path);
	}
}

int main(int argc, char **argv)
{
	struct bench b = {.dir = ".",
			  .rival_list = "raw",
			  .open_list = "",
			  .n_queries = 500000,
			  .rounds = 5,
			  .batch = 1000,
			  .threads = 1,
			  .state = 1};
	struct vidx_open_options options = {.sizeof_options = sizeof options};
	struct vidx_error err = {.status = 0};

	parse(&b, argc, argv);
	if (vidx_open(b.index_path, &options, &b.index, &err) ||
	    vidx_reader_new(b.index, &b.reader, &err))
		die(b.index_path, err.text);
	prepare(&b);
	open_rivals(&b);
	walk(&b);
	make_queries(&b);
	for (struct rival *r = rivals; r->name; r++) {
		if (r->state && r->finish(r) != 0)
			die(r->name, "cannot finish");
		if (r->state) {
			prove_rival(&b, r);
			fprintf(stderr, "%s: %.2f bytes per variant\n", r->name,
				(double)r->bytes / (double)b.n_seen);
		}
	}
	prove_many(&b, b.hit_allele);
	prove_many(&b, b.miss_allele);
	measure(&b, b.hit_allele, b.hit, "hit");
	measure(&b, b.miss_allele, b.miss, "miss");
	if (b.threads > 1) {
		measure_threads(&b, 0);
		measure_threads(&b, 1);
	}
	if (b.histogram)
		histograms(&b);
	for (struct rival *r = rivals; r->name; r++)
		if (r->state)
			r->close(r);
	if (b.n_cold)
		measure_cold(&b);
	vidx_reader_free(b.reader);
	vidx_close(b.index);
	free(b.hit), free(b.miss), free(b.hit_allele), free(b.miss_allele);
	free(b.value), free(b.rival_value), free(b.base), free(b.is_an);
	return 0;
}
