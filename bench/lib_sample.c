#include "sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn void sample_die(const char *what, const char *why)
{
	fprintf(stderr, "get: %s: %s\n", what, why);
	exit(1);
}

static void check(int rc, const char *what)
{
	if (rc != 0)
		sample_die(what, mdb_strerror(rc));
}

/* splitmix64 */
uint64_t sample_draw(struct sample *s)
{
	uint64_t z = s->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static void make_key(const struct sample_query *q, uint8_t *key)
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

static struct vidx_allele allele_of(const struct sample *s, const struct sample_query *q)
{
	const char *contig = vidx_contig_name(s->index, q->contig);
	struct vidx_allele a = {contig,     strlen(contig), q->pos1,   q->ref,
				q->ref_len, q->alt,         q->alt_len};

	return a;
}

int sample_find(struct sample *s, const struct vidx_allele *a, const struct vidx_site **site)
{
	struct vidx_error err = {.status = 0};
	int rc = vidx_get(s->reader, a, site, &err);

	if (rc < 0)
		sample_die(s->path, err.text);
	return rc == 0;
}

/* All values of a site, absent ones as 0: the rivals keep no absence. */
static void read_site(const struct sample *s, const struct vidx_site *site, uint64_t *value)
{
	const struct vidx_description *d = vidx_describe(s->index);
	uint32_t n = 0;

	for (int m = 0; m < VIDX_N_METRICS; m++)
		for (uint32_t g = 0; (d->metrics >> m & 1) && g < d->n_groups; g++)
			if (vidx_count(site, g, m, &value[n++]) != 0)
				value[n - 1] = 0;
}

static int query_of(struct sample_query *q, const struct vidx_site *site, uint32_t contig)
{
	if (site->ref_len >= SAMPLE_ALLELE_MAX || site->alt_len >= SAMPLE_ALLELE_MAX ||
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

static uint64_t zigzag(uint64_t d)
{
	return d << 1 ^ (0 - (d >> 63));
}

static void put_site(struct sample *s, const struct sample_query *q, const struct vidx_site *site)
{
	static uint8_t packed[1 << 17];
	uint8_t key[PACKED_KEY];
	MDB_val k = {PACKED_KEY, key}, v = {0, packed};

	make_key(q, key);
	read_site(s, site, s->value);
	if (s->n_variants == 1)
		memcpy(s->base, s->value, s->n_values * sizeof *s->base);
	for (uint32_t i = 0; i < s->n_values; i++)
		if (s->is_an[i])
			s->value[i] = zigzag(s->value[i] - s->base[i]);
	v.mv_size = packed_pack(s->value, s->n_values, packed);
	check(mdb_put(s->txn, s->dbi, &k, &v, MDB_APPEND), "mdb_put");
	if (s->n_variants % 1000000 == 0) {
		check(mdb_txn_commit(s->txn), "commit");
		check(mdb_txn_begin(s->env, NULL, 0, &s->txn), "begin");
	}
}

/* Keeps a uniform sample of the sites as hits, and puts all into the rival. */
static void walk(struct sample *s)
{
	const struct vidx_description *d = vidx_describe(s->index);
	const struct vidx_site *site;
	struct vidx_error err = {.status = 0};
	struct sample_query q;
	int rc = 0;

	for (uint32_t c = 0; c < d->n_contigs; c++) {
		if (vidx_region(s->reader, vidx_contig_name(s->index, c), 1, UINT32_MAX, &err) != 0)
			continue;
		while ((rc = vidx_next(s->reader, &site, &err)) == 0) {
			size_t slot = s->n_variants;

			if (!query_of(&q, site, c))
				continue;
			if (s->n_variants++ >= s->n)
				slot = sample_draw(s) % s->n_variants;
			if (slot < s->n)
				s->hit[slot] = q;
			if (s->has_rival)
				put_site(s, &q, site);
		}
		if (rc != VIDX_END)
			sample_die(s->path, err.text);
	}
	if (s->n_variants < s->n)
		s->n = s->n_variants;
}

/* Misses: near a hit, with an ALT that the index does not hold there. */
static void make_misses(struct sample *s)
{
	const struct vidx_site *site;

	for (size_t i = 0; i < s->n; i++) {
		struct sample_query *q = &s->miss[i];
		int is_allele;

		do {
			*q = s->hit[sample_draw(s) % s->n];
			q->pos1 += sample_draw(s) % 5;
			q->alt[q->alt_len - 1] = "ACGT"[sample_draw(s) % 4];
			is_allele =
				q->ref_len != q->alt_len || memcmp(q->ref, q->alt, q->ref_len) != 0;
			s->miss_allele[i] = allele_of(s, q);
		} while (!is_allele || sample_find(s, &s->miss_allele[i], &site));
	}
}

static void make_queries(struct sample *s)
{
	/* The sample is in genome order where it was filled first: shuffle. */
	for (size_t i = s->n; i > 1; i--) {
		size_t j = sample_draw(s) % i;
		struct sample_query swap = s->hit[i - 1];

		s->hit[i - 1] = s->hit[j];
		s->hit[j] = swap;
	}
	for (size_t i = 0; i < s->n; i++)
		s->hit_allele[i] = allele_of(s, &s->hit[i]);
	make_misses(s);
}

/* --- the rival --- */

static void open_rival(struct sample *s)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/rival.mdb", s->dir);
	unlink(path);
	check(mdb_env_create(&s->env), "env");
	check(mdb_env_set_mapsize(s->env, (size_t)1 << 34), "mapsize");
	check(mdb_env_open(s->env, path, MDB_NOSUBDIR | MDB_NOSYNC | MDB_NOLOCK, 0644), path);
	check(mdb_txn_begin(s->env, NULL, 0, &s->txn), "begin");
	check(mdb_dbi_open(s->txn, NULL, 0, &s->dbi), "dbi");
	unlink(path);
}

static void finish_rival(struct sample *s)
{
	MDB_stat stat;

	check(mdb_txn_commit(s->txn), "commit");
	check(mdb_txn_begin(s->env, NULL, MDB_RDONLY, &s->txn), "begin");
	check(mdb_stat(s->txn, s->dbi, &stat), "stat");
	s->rival_bytes =
		(stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages) * 4096;
}

int sample_rival_get(struct sample *s, const struct sample_query *q)
{
	uint8_t key[PACKED_KEY];
	MDB_val k = {PACKED_KEY, key}, v;

	make_key(q, key);
	if (mdb_get(s->txn, s->dbi, &k, &v) != 0)
		return 0;
	packed_unpack(v.mv_data, s->rival_value, s->n_values);
	for (uint32_t i = 0; i < s->n_values; i++) {
		uint64_t z = s->rival_value[i];

		if (s->is_an[i])
			s->rival_value[i] = s->base[i] + (z >> 1 ^ (0 - (z & 1)));
	}
	return 1;
}

size_t sample_prove(struct sample *s)
{
	const struct vidx_site *site;
	size_t n_misses = 0;

	for (size_t i = 0; i < s->n; i++) {
		if (!sample_find(s, &s->hit_allele[i], &site) || !sample_rival_get(s, &s->hit[i]))
			sample_die("answers differ", "a hit is missed");
		read_site(s, site, s->value);
		if (memcmp(s->value, s->rival_value, s->n_values * sizeof *s->value) != 0)
			sample_die("answers differ", "other counts");
		/* vidx normalises and its rival does not: only its no counts. */
		n_misses += !sample_find(s, &s->miss_allele[i], &site) &&
			    !sample_rival_get(s, &s->miss[i]);
	}
	return n_misses;
}

/* --- all of it --- */

static void *room(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p)
		sample_die("memory", "out of memory");
	return p;
}

void sample_make(struct sample *s)
{
	const struct vidx_description *d = vidx_describe(s->index);
	uint32_t n = 0;

	s->n_values = (uint32_t)__builtin_popcount(d->metrics) * d->n_groups;
	s->hit = room(s->n, sizeof *s->hit);
	s->miss = room(s->n, sizeof *s->miss);
	s->hit_allele = room(s->n, sizeof *s->hit_allele);
	s->miss_allele = room(s->n, sizeof *s->miss_allele);
	s->value = room(s->n_values, sizeof *s->value);
	s->rival_value = room(s->n_values, sizeof *s->value);
	s->base = room(s->n_values, sizeof *s->base);
	s->is_an = room(s->n_values, 1);
	for (int m = 0; m < VIDX_N_METRICS; m++)
		for (uint32_t g = 0; (d->metrics >> m & 1) && g < d->n_groups; g++)
			s->is_an[n++] = m == VIDX_AN;
	if (s->has_rival)
		open_rival(s);
	walk(s);
	if (s->has_rival)
		finish_rival(s);
	make_queries(s);
}

void sample_free(struct sample *s)
{
	if (s->has_rival) {
		mdb_txn_abort(s->txn);
		mdb_env_close(s->env);
	}
	free(s->hit), free(s->miss), free(s->hit_allele), free(s->miss_allele);
	free(s->value), free(s->rival_value), free(s->base), free(s->is_an);
}
