/*
 * get: random lookups in a vidx index against raw LMDB with one key per variant and the same
 * content, in one run.
 *
 *	get INDEX [--queries N] [--dir DIR] [--rounds N]
 *
 * The rival is as good as LMDB alone can be: 14-byte keys (contig, position, allele hash), values
 * packed as variable-length integers with zeros run-length coded, appended in order, warm, read
 * through one transaction.  It does not compare alleles; vidx does.  Both decode every group.
 */
#include "vidx.h"

#include "codec/alt.h"

#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define KEY_BYTES  14
#define ALLELE_MAX 64

struct query {
	uint32_t contig;
	uint64_t pos1;
	char ref[ALLELE_MAX], alt[ALLELE_MAX];
	uint8_t ref_len, alt_len;
};

struct bench {
	const char *index_path, *dir;
	size_t n_queries, n_seen;
	int rounds;
	uint64_t state; /* of the generator */
	struct vidx_index *index;
	struct vidx_reader *reader;
	uint32_t n_values; /* per variant: metrics x groups */
	MDB_env *env;
	MDB_dbi dbi;
	MDB_txn *txn;
	size_t raw_bytes;
	struct query *hit, *miss;
	uint64_t *value, *raw_value;
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "get: %s: %s\n", what, why);
	exit(1);
}

static void check(int rc, const char *what)
{
	if (rc != 0)
		die(what, mdb_strerror(rc));
}

/* splitmix64 */
static uint64_t draw(struct bench *b)
{
	uint64_t z = b->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

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

static size_t put_varint(uint8_t *out, uint64_t v)
{
	size_t n = 0;

	for (; v >= 128; v >>= 7)
		out[n++] = (uint8_t)(v | 128);
	out[n++] = (uint8_t)v;
	return n;
}

/* Zeros in a row become one 0 and their number; everything else is itself. */
static size_t pack(const uint64_t *value, uint32_t n, uint8_t *out)
{
	size_t len = 0;

	for (uint32_t i = 0; i < n;) {
		uint32_t zeros = 0;

		while (i + zeros < n && value[i + zeros] == 0)
			zeros++;
		len += put_varint(out + len, zeros ? 0 : value[i]);
		if (zeros)
			len += put_varint(out + len, zeros);
		i += zeros ? zeros : 1;
	}
	return len;
}

static uint64_t get_varint(const uint8_t **p)
{
	uint64_t v = 0;
	unsigned shift = 0;

	while (**p >= 128) {
		v |= (uint64_t)(*(*p)++ & 127) << shift;
		shift += 7;
	}
	return v | (uint64_t) * (*p)++ << shift;
}

static void unpack(const uint8_t *p, uint64_t *value, uint32_t n)
{
	for (uint32_t i = 0; i < n;) {
		uint64_t v = get_varint(&p);

		if (v) {
			value[i++] = v;
			continue;
		}
		for (uint64_t zeros = get_varint(&p); zeros > 0 && i < n; zeros--)
			value[i++] = 0;
	}
}

/* All values of a site, absent ones as 0: the rival keeps no absence. */
static void read_site(const struct bench *b, const struct vidx_site *site, uint64_t *value)
{
	const struct vidx_description *d = vidx_describe(b->index);
	uint32_t n = 0;

	for (int m = 0; m < VIDX_N_METRICS; m++)
		for (uint32_t g = 0; (d->metrics >> m & 1) && g < d->n_groups; g++)
			if (vidx_count(site, g, m, &value[n++]) != 0)
				value[n - 1] = 0;
}

/* Keeps a uniform sample of the sites as hits. */
static void sample(struct bench *b, const struct vidx_site *site, uint32_t contig)
{
	struct query *q;
	size_t slot = b->n_seen;

	if (site->ref_len >= ALLELE_MAX || site->alt_len >= ALLELE_MAX || site->alt[0] == '<')
		return;
	b->n_seen++;
	if (slot >= b->n_queries)
		slot = draw(b) % b->n_seen;
	if (slot >= b->n_queries)
		return;
	q = &b->hit[slot];
	q->contig = contig;
	q->pos1 = site->pos1;
	memcpy(q->ref, site->ref, site->ref_len);
	memcpy(q->alt, site->alt, site->alt_len);
	q->ref_len = (uint8_t)site->ref_len;
	q->alt_len = (uint8_t)site->alt_len;
}

static void put_site(struct bench *b, const struct vidx_site *site, uint32_t contig)
{
	uint8_t key[KEY_BYTES], packed[16 * 1024];
	struct query q = {.contig = contig, .pos1 = site->pos1};
	MDB_val k = {KEY_BYTES, key}, v = {0, packed};

	sample(b, site, contig);
	if (site->ref_len >= ALLELE_MAX || site->alt_len >= ALLELE_MAX || site->alt[0] == '<')
		return;
	memcpy(q.ref, site->ref, site->ref_len);
	memcpy(q.alt, site->alt, site->alt_len);
	q.ref_len = (uint8_t)site->ref_len;
	q.alt_len = (uint8_t)site->alt_len;
	make_key(&q, key);
	read_site(b, site, b->value);
	v.mv_size = pack(b->value, b->n_values, packed);
	check(mdb_put(b->txn, b->dbi, &k, &v, MDB_APPEND), "mdb_put");
}

static void fill(struct bench *b)
{
	const struct vidx_description *d = vidx_describe(b->index);
	const struct vidx_site *site;
	struct vidx_error err = {.status = 0};
	size_t n = 0;
	int rc = 0;

	for (uint32_t c = 0; c < d->n_contigs; c++) {
		if (vidx_region(b->reader, vidx_contig_name(b->index, c), 1, UINT32_MAX, &err) != 0)
			continue;
		while ((rc = vidx_next(b->reader, &site, &err)) == 0) {
			put_site(b, site, c);
			if (++n % 1000000 == 0) {
				check(mdb_txn_commit(b->txn), "commit");
				check(mdb_txn_begin(b->env, NULL, 0, &b->txn), "begin");
			}
		}
		if (rc != VIDX_END)
			die(b->index_path, err.text);
	}
}

static void build_rival(struct bench *b)
{
	char path[4096];
	MDB_stat stat;

	snprintf(path, sizeof path, "%s/rival.mdb", b->dir);
	unlink(path);
	check(mdb_env_create(&b->env), "env");
	check(mdb_env_set_mapsize(b->env, (size_t)1 << 34), "mapsize");
	check(mdb_env_open(b->env, path, MDB_NOSUBDIR | MDB_NOSYNC | MDB_NOLOCK, 0644), path);
	check(mdb_txn_begin(b->env, NULL, 0, &b->txn), "begin");
	check(mdb_dbi_open(b->txn, NULL, 0, &b->dbi), "dbi");
	fill(b);
	check(mdb_txn_commit(b->txn), "commit");
	check(mdb_txn_begin(b->env, NULL, MDB_RDONLY, &b->txn), "begin");
	check(mdb_stat(b->txn, b->dbi, &stat), "stat");
	b->raw_bytes = (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages) * 4096;
	unlink(path);
}

static int raw_get(struct bench *b, const struct query *q, uint64_t *value)
{
	uint8_t key[KEY_BYTES];
	MDB_val k = {KEY_BYTES, key}, v;

	make_key(q, key);
	if (mdb_get(b->txn, b->dbi, &k, &v) != 0)
		return 0;
	unpack(v.mv_data, value, b->n_values);
	return 1;
}

static int vidx_find(struct bench *b, const struct query *q, const struct vidx_site **site)
{
	struct vidx_error err = {.status = 0};
	const char *contig = vidx_contig_name(b->index, q->contig);
	struct vidx_allele a = {contig,     strlen(contig), q->pos1,   q->ref,
				q->ref_len, q->alt,         q->alt_len};
	int rc = vidx_get(b->reader, &a, site, &err);

	if (rc < 0)
		die(b->index_path, err.text);
	return rc == 0;
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
		} while (!is_allele || vidx_find(b, q, &site));
	}
}

static void prove(struct bench *b)
{
	const struct vidx_site *site;
	size_t n_hits = 0, n_misses = 0;

	for (size_t i = 0; i < b->n_queries; i++) {
		if (!vidx_find(b, &b->hit[i], &site) || !raw_get(b, &b->hit[i], b->raw_value))
			die("answers differ", "a hit is missed");
		read_site(b, site, b->value);
		if (memcmp(b->value, b->raw_value, b->n_values * sizeof *b->value) != 0)
			die("answers differ", "other counts");
		n_hits++;
		/* The rival trusts the hash of the text as it stands; vidx normalises, so only its no counts. */
		if (!vidx_find(b, &b->miss[i], &site))
			n_misses += !raw_get(b, &b->miss[i], b->raw_value);
	}
	printf("equal answers: %zu hits with %u counts each, %zu misses\n", n_hits, b->n_values,
	       n_misses);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Median over rounds of the mean time of one lookup, in ns; vidx and the rival take turns. */
static void measure(struct bench *b, const struct query *q, const char *what)
{
	double ours[64], theirs[64];
	uint64_t sum = 0;

	for (int r = 0; r < b->rounds; r++) {
		const struct vidx_site *site;
		double t0 = now_ns();

		for (size_t i = 0; i < b->n_queries; i++)
			if (vidx_find(b, &q[i], &site))
				sum += site->values[0];
		double t1 = now_ns();

		for (size_t i = 0; i < b->n_queries; i++)
			if (raw_get(b, &q[i], b->raw_value))
				sum += b->raw_value[0];
		double t2 = now_ns();

		ours[r] = (t1 - t0) / (double)b->n_queries;
		theirs[r] = (t2 - t1) / (double)b->n_queries;
	}
	qsort(ours, (size_t)b->rounds, sizeof *ours, by_value);
	qsort(theirs, (size_t)b->rounds, sizeof *theirs, by_value);
	printf("| random get, %s, %zu variants, all groups | %.0f ns | raw mdb_get: %.0f ns | %.3f "
	       "|\n",
	       what, b->n_seen, ours[b->rounds / 2], theirs[b->rounds / 2],
	       ours[b->rounds / 2] / theirs[b->rounds / 2]);
	if (sum == 1)
		putchar('\n'); /* keeps the loops from being optimised away */
}

static void parse(struct bench *b, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--queries") == 0 && i + 1 < argc)
			b->n_queries = strtoul(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--dir") == 0 && i + 1 < argc)
			b->dir = argv[++i];
		else if (strcmp(argv[i], "--rounds") == 0 && i + 1 < argc)
			b->rounds = atoi(argv[++i]);
		else if (argv[i][0] != '-' && !b->index_path)
			b->index_path = argv[i];
		else
			die(argv[i], "usage: get INDEX [--queries N] [--dir DIR] [--rounds N]");
	}
	if (!b->index_path || b->n_queries == 0 || b->rounds < 1 || b->rounds > 64)
		die("usage", "get INDEX [--queries N] [--dir DIR] [--rounds 1..64]");
}

int main(int argc, char **argv)
{
	struct bench b = {.dir = ".", .n_queries = 500000, .rounds = 5, .state = 1};
	struct vidx_error err = {.status = 0};
	const struct vidx_description *d;

	parse(&b, argc, argv);
	if (vidx_open(b.index_path, NULL, &b.index, &err) ||
	    vidx_reader_new(b.index, &b.reader, &err))
		die(b.index_path, err.text);
	d = vidx_describe(b.index);
	b.n_values = (uint32_t)__builtin_popcount(d->metrics) * d->n_groups;
	b.hit = calloc(b.n_queries, sizeof *b.hit);
	b.miss = calloc(b.n_queries, sizeof *b.miss);
	b.value = calloc(b.n_values, sizeof *b.value);
	b.raw_value = calloc(b.n_values, sizeof *b.raw_value);
	if (!b.hit || !b.miss || !b.value || !b.raw_value)
		die("memory", "out of memory");
	build_rival(&b);
	if (b.n_seen < b.n_queries)
		b.n_queries = b.n_seen;
	/* The sample is in genome order where it was filled first: shuffle. */
	for (size_t i = b.n_queries; i > 1; i--) {
		size_t j = draw(&b) % i;
		struct query swap = b.hit[i - 1];

		b.hit[i - 1] = b.hit[j];
		b.hit[j] = swap;
	}
	make_misses(&b);
	prove(&b);
	printf("size of the rival: %.2f bytes per variant\n",
	       (double)b.raw_bytes / (double)b.n_seen);
	measure(&b, b.hit, "hit");
	measure(&b, b.miss, "miss");
	mdb_txn_abort(b.txn);
	mdb_env_close(b.env);
	vidx_reader_free(b.reader);
	vidx_close(b.index);
	free(b.hit);
	free(b.miss);
	free(b.value);
	free(b.raw_value);
	return 0;
}
