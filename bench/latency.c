/*
 * latency: how long single lookups take, one by one: vidx beside LMDB, RocksDB and SQLite with one
 * key per variant and the same content.
 *
 *	latency INDEX [--queries N] [--rounds N] [--dir DIR] [--histogram FILE] [--table]
 *
 * Every store is warm, every answer decoded to all its counts; hits are a uniform sample of the
 * index, misses are other alleles at such places.  The stores trust a hash of the allele, vidx
 * compares the allele itself.  Equal answers are shown first.  Each lookup is timed alone, so a
 * call of the clock is part of it; `clock` says how much.
 *
 * Output (and FILE) between tabs: store, hit or miss, nanoseconds of mean, p50, p90, p99, p999,
 * bytes a variant; FILE: store, hit or miss, the end of a bin of 1/16 of a doubling in nanoseconds,
 * lookups that fell into it.
 */
#include "packed.h"
#include "stores.h"
#include "vidx.h"

#include <ftw.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { MAX_STORES = 8, N_BINS = 64 * 16 };

struct bench {
	const char *index_path, *dir, *histogram_path;
	size_t n_queries, n_seen;
	int n_rounds, n_stores;
	uint64_t state; /* of the generator */
	struct vidx_index *index;
	struct vidx_reader *reader;
	const struct vidx_description *about;
	uint32_t n_values; /* per variant: metrics x groups */
	struct packed_query *hit, *miss;
	uint64_t *value, *other;
	uint8_t *packed;
	struct store store[MAX_STORES];
	char path[MAX_STORES][4096];
	FILE *histogram;
};

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "latency: %s: %s\n", what, why ? why : "failed");
	exit(1);
}

static void *get(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (!p)
		die("memory", "not enough");
	return p;
}

/* splitmix64 */
static uint64_t draw(struct bench *b)
{
	uint64_t z = b->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* --- content --- */

/* All values of a site, those not given as 0: a store keeps no absence. */
static void read_site(const struct bench *b, const struct vidx_site *site, uint64_t *value)
{
	uint32_t n = 0;

	for (int m = 0; m < VIDX_N_METRICS; m++)
		for (uint32_t g = 0; (b->about->metrics >> m & 1) && g < b->about->n_groups; g++)
			if (vidx_count(site, g, m, &value[n++]) != 0)
				value[n - 1] = 0;
}

static int make_query(struct packed_query *q, const struct vidx_site *site, uint32_t contig)
{
	if (site->ref_len >= PACKED_ALLELE_MAX || site->alt_len >= PACKED_ALLELE_MAX ||
	    site->alt[0] == '<')
		return 0;
	q->contig = contig;
	q->pos1 = site->pos1;
	memcpy(q->ref, site->ref, site->ref_len);
	memcpy(q->alt, site->alt, site->alt_len);
	q->ref_len = (uint8_t)site->ref_len;
	q->alt_len = (uint8_t)site->alt_len;
	return 1;
}

/* One site into the sample of hits and into every store. */
static void take_site(struct bench *b, const struct vidx_site *site, uint32_t contig)
{
	uint8_t key[PACKED_KEY];
	struct packed_query q;
	size_t slot = b->n_seen, len;

	if (!make_query(&q, site, contig))
		return;
	b->n_seen++;
	if (slot >= b->n_queries)
		slot = draw(b) % b->n_seen;
	if (slot < b->n_queries)
		b->hit[slot] = q;
	packed_key(&q, key);
	read_site(b, site, b->value);
	len = packed_pack(b->value, b->n_values, b->packed);
	for (int i = 0; i < b->n_stores; i++)
		if (b->store[i].put(&b->store[i], key, b->packed, len) != 0)
			die(b->store[i].name, b->store[i].error);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

static void remove_all(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void fill(struct bench *b)
{
	const struct vidx_site *site;
	struct vidx_error err = {.status = 0};
	int rc = 0;

	b->n_stores = stores_all(b->store, MAX_STORES);
	for (int i = 0; i < b->n_stores; i++) {
		snprintf(b->path[i], sizeof(b->path[i]), "%s/latency.%s", b->dir, b->store[i].name);
		remove_all(b->path[i]);
		if (b->store[i].open(&b->store[i], b->path[i]) != 0)
			die(b->path[i], b->store[i].error);
	}
	for (uint32_t c = 0; c < b->about->n_contigs; c++) {
		if (vidx_region(b->reader, vidx_contig_name(b->index, c), 1, UINT32_MAX, &err) != 0)
			continue;
		while ((rc = vidx_next(b->reader, &site, &err)) == 0)
			take_site(b, site, c);
		if (rc != VIDX_END)
			die(b->index_path, err.text);
	}
	for (int i = 0; i < b->n_stores; i++)
		if (b->store[i].settle(&b->store[i]) != 0)
			die(b->store[i].name, b->store[i].error);
}

/* --- questions --- */

/* 1 and all counts in value, or 0.  which: a store, or n_stores for vidx itself. */
static int ask(struct bench *b, int which, const struct packed_query *q, uint64_t *value)
{
	if (which == b->n_stores) {
		const char *contig = vidx_contig_name(b->index, q->contig);
		struct vidx_allele a = {contig,     strlen(contig), q->pos1,   q->ref,
					q->ref_len, q->alt,         q->alt_len};
		struct vidx_error err = {.status = 0};
		const struct vidx_site *site;
		int rc = vidx_get(b->reader, &a, &site, &err);

		if (rc < 0)
			die(b->index_path, err.text);
		if (rc == 0 && value)
			read_site(b, site, value);
		return rc == 0;
	}
	uint8_t key[PACKED_KEY];
	const void *packed;
	size_t len;
	int rc;

	packed_key(q, key);
	rc = b->store[which].get(&b->store[which], key, &packed, &len);
	if (rc < 0)
		die(b->store[which].name, b->store[which].error);
	if (rc > 0)
		packed_unpack(packed, b->other, b->n_values);
	return rc;
}

static void choose(struct bench *b)
{
	if (b->n_seen < b->n_queries)
		b->n_queries = b->n_seen;
	if (b->n_queries == 0)
		die(b->index_path, "has no short alleles to ask for");
	for (size_t i = b->n_queries; i > 1; i--) {
		size_t j = draw(b) % i;
		struct packed_query swap = b->hit[i - 1];

		b->hit[i - 1] = b->hit[j];
		b->hit[j] = swap;
	}
	for (size_t i = 0; i < b->n_queries; i++) {
		struct packed_query *q = &b->miss[i];
		int is_allele;

		do {
			*q = b->hit[draw(b) % b->n_queries];
			q->pos1 += draw(b) % 5;
			q->alt[q->alt_len - 1] = "ACGT"[draw(b) % 4];
			is_allele =
				q->ref_len != q->alt_len || memcmp(q->ref, q->alt, q->ref_len) != 0;
		} while (!is_allele || ask(b, b->n_stores, q, NULL));
	}
}

static void prove(struct bench *b)
{
	for (size_t i = 0; i < b->n_queries; i++) {
		if (!ask(b, b->n_stores, &b->hit[i], b->value))
			die("answers differ", "vidx misses a hit");
		for (int s = 0; s < b->n_stores; s++) {
			if (!ask(b, s, &b->hit[i], NULL) ||
			    memcmp(b->value, b->other, b->n_values * sizeof(*b->value)) != 0)
				die("answers differ", b->store[s].name);
			if (ask(b, s, &b->miss[i], NULL))
				die("answers differ for a miss", b->store[s].name);
		}
	}
	printf("proved\t%zu hits of %u counts and as many misses in %d stores\n", b->n_queries,
	       b->n_values, b->n_stores);
}

/* --- time --- */

/* Bins of a sixteenth of a doubling; below 16 ns one for each. */
static int bin_of(uint64_t ns)
{
	int log2 = 63 - __builtin_clzll(ns | 1);

	return ns < 16 ? (int)ns : 16 * (log2 - 3) + (int)(ns >> (log2 - 4) & 15);
}

static uint64_t bin_ns(int bin)
{
	return bin < 16 ? (uint64_t)bin : (UINT64_C(16) + (uint64_t)bin % 16) << (bin / 16 - 1);
}

static uint64_t quantile(const uint64_t *count, uint64_t n, double q)
{
	uint64_t sum = 0;

	for (int i = 0; i < N_BINS; i++) {
		sum += count[i];
		if ((double)sum >= q * (double)n)
			return bin_ns(i);
	}
	return 0;
}

static double bytes_of(const struct bench *b, int which)
{
	static double sum;
	struct stat st;
	char sizes[4200];
	FILE *f;

	snprintf(sizes, sizeof(sizes), "du -sb '%s'",
		 which == b->n_stores ? b->index_path : b->path[which]);
	if (which == b->n_stores && stat(b->index_path, &st) == 0)
		return (double)st.st_size;
	f = popen(sizes, "r");
	if (!f || fscanf(f, "%lf", &sum) != 1)
		sum = 0;
	if (f)
		pclose(f);
	return sum;
}

static void report(struct bench *b, int which, const char *what, const uint64_t *count)
{
	const char *name = which == b->n_stores ? "vidx" : b->store[which].name;
	uint64_t n = 0;
	double sum = 0;

	for (int i = 0; i < N_BINS; i++) {
		n += count[i];
		sum += (double)count[i] * (double)(bin_ns(i) + bin_ns(i + 1)) / 2;
		if (b->histogram && count[i])
			fprintf(b->histogram, "%s\t%s\t%" PRIu64 "\t%" PRIu64 "\n", name, what,
				bin_ns(i + 1), count[i]);
	}
	printf("latency\t%s\t%s\t%.0f\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%.2f\n",
	       name, what, sum / (double)n, quantile(count, n, 0.5), quantile(count, n, 0.9),
	       quantile(count, n, 0.99), quantile(count, n, 0.999),
	       bytes_of(b, which) / (double)b->n_seen);
}

/* The stores take turns, a round each; all rounds go into one histogram. */
static void measure(struct bench *b, const struct packed_query *q, const char *what)
{
	uint64_t(*count)[N_BINS + 1] = get(MAX_STORES + 1, sizeof(*count));

	for (int round = 0; round <= b->n_rounds; round++) {
		for (int s = 0; s <= b->n_stores; s++) {
			uint64_t before = now_ns();

			for (size_t i = 0; i < b->n_queries; i++) {
				uint64_t after;

				ask(b, s, &q[i], b->value);
				after = now_ns();
				if (round > 0) /* the first one warms */
					count[s][bin_of(after - before)]++;
				before = after;
			}
		}
	}
	for (int s = b->n_stores; s >= 0; s--)
		report(b, s, what, count[s]);
	free(count);
}

static double clock_cost(void)
{
	enum { N = 1000000 };
	uint64_t begin = now_ns();

	for (int i = 0; i < N; i++)
		now_ns();
	return (double)(now_ns() - begin) / N;
}

static void read_options(struct bench *b, int argc, char **argv)
{
	static const struct option names[] = {{"queries", 1, NULL, 'q'},
					      {"rounds", 1, NULL, 'r'},
					      {"dir", 1, NULL, 'd'},
					      {"histogram", 1, NULL, 'h'},
					      {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (c == 'q')
			b->n_queries = strtoul(optarg, NULL, 10);
		else if (c == 'r')
			b->n_rounds = (int)strtol(optarg, NULL, 10);
		else if (c == 'd')
			b->dir = optarg;
		else if (c == 'h')
			b->histogram_path = optarg;
		else
			exit(2);
	}
	if (optind + 1 != argc || b->n_queries == 0 || b->n_rounds < 1)
		die("usage", "latency INDEX [--queries N] [--rounds N] [--dir DIR] "
			     "[--histogram FILE]");
	b->index_path = argv[optind];
}

int main(int argc, char **argv)
{
	static struct bench b = {.dir = ".", .n_queries = 200000, .n_rounds = 5, .state = 1};
	struct vidx_error err = {.status = 0};

	read_options(&b, argc, argv);
	if (vidx_open(b.index_path, NULL, &b.index, &err) ||
	    vidx_reader_new(b.index, &b.reader, &err))
		die(b.index_path, err.text);
	b.about = vidx_describe(b.index);
	b.n_values = (uint32_t)__builtin_popcount(b.about->metrics) * b.about->n_groups;
	b.hit = get(b.n_queries, sizeof(*b.hit));
	b.miss = get(b.n_queries, sizeof(*b.miss));
	b.value = get(b.n_values, sizeof(*b.value));
	b.other = get(b.n_values, sizeof(*b.other));
	b.packed = get(b.n_values, 10);
	if (b.histogram_path && !(b.histogram = fopen(b.histogram_path, "w")))
		die(b.histogram_path, "cannot be written");
	fill(&b);
	choose(&b);
	prove(&b);
	printf("clock\t%.1f\n", clock_cost());
	measure(&b, b.hit, "hit");
	measure(&b, b.miss, "miss");
	for (int i = 0; i < b.n_stores; i++) {
		b.store[i].close(&b.store[i]);
		remove_all(b.path[i]);
	}
	if (b.histogram && fclose(b.histogram) != 0)
		die(b.histogram_path, "cannot be written");
	vidx_reader_free(b.reader);
	vidx_close(b.index);
	free(b.hit);
	free(b.miss);
	free(b.value);
	free(b.other);
	free(b.packed);
	return 0;
}
