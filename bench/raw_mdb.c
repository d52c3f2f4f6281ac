/*
 * raw_mdb: the rival for lookups: a plain LMDB with one key per variant.
 *
 * What someone would write in an afternoon, done well: a 12-byte key (contig u16, position u32,
 * 48 bits of XXH3 over the alleles; big-endian, so that keys sort as the genome does), the counts
 * of all groups packed in the value, appended in order, read with mdb_get in one read transaction
 * on a warm page cache.  It trusts the hash and so does less than an index that compares alleles;
 * the comparison is to its advantage.
 *
 * A value is, in variable-length integers of 7 bits a byte:
 *
 *	mask		bit g set if group g has AC > 0
 *	AC, nhomalt	of each group in the mask
 *	AN		of every group, as its zigzag distance from the first record's
 *
 * so it is about as small as it gets without looking at other records.  Every get decodes all
 * groups and adds them up; the sums are printed, and the TRUTH of every query is checked before
 * anything is timed.
 */
#include <fcntl.h>
#include <getopt.h>
#include <lmdb.h>
#include <time.h>

#include <xxhash.h>

#include "sim_counts.h"
#include "sim_lines.h"
#include "sim_opt.h"

#define PROGRAM "raw_mdb"

enum {
	KEY_LEN = 12,
	VALUE_MAX = 10 + SIM_MAX_GROUPS * 20, /* bytes; a count takes five at most */
	PUTS_PER_COMMIT = 200000, /* bounds the dirty pages of a transaction to some MB */
};

/* The file may grow to this; only what is written takes space. */
#define MAP_SIZE ((size_t)1 << 40)

struct variant {
	unsigned char key[KEY_LEN];
	uint16_t value_len;
	unsigned char value[VALUE_MAX];
};

struct query {
	unsigned char key[KEY_LEN];
};

struct options {
	const char *db, *queries;
	int rounds;
};

struct bench {
	struct options opt;
	struct sim_names contigs;
	struct sim_info_keys keys;
	uint64_t base_an[SIM_MAX_GROUPS]; /* of the first record */
	uint64_t n_variants, value_bytes;
	/* Variants of the current position, put when it is complete. */
	struct variant *here;
	size_t n_here, cap_here;
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi;
	/* Queries in the order of their file, hits and misses apart. */
	struct query *query[2];
	uint64_t n_queries[2];
};

static const char usage[] =
	"About:   A plain LMDB of one key per variant: size, and time of a random get.\n"
	"Usage:   raw_mdb --db FILE --queries QUERIES.vcf [options] <sites.vcf\n"
	"\n"
	"  --db FILE           the database; made anew\n"
	"  --queries FILE      queries with TRUTH=hit or TRUTH=miss in INFO (sim_queries)\n"
	"  --rounds N          times all queries are asked; the fastest round counts [5]\n"
	"\n"
	"Reads AC, AN and nhomalt of every group that the header declares with all three (up to\n"
	"64).  The input must be sorted, its contigs in the order of the header.\n"
	"\n"
	"Prints name, tab, value: variants, groups, bytes_per_variant (used pages), file_bytes,\n"
	"value_bytes_per_variant, build_s (with reading the text), hit_ns, miss_ns, mixed_ns,\n"
	"sum_ac, sum_an, sum_nhomalt (over all groups of all hits).\n"
	"\n"
	"Example:\n"
	"  bgzip -dc sites.vcf.gz | raw_mdb --db raw.mdb --queries queries.vcf\n";

static void read_options(struct options *opt, int argc, char **argv)
{
	static const struct option names[] = {
		{"db", 1, NULL, 'd'},   {"queries", 1, NULL, 'q'}, {"rounds", 1, NULL, 'r'},
		{"help", 0, NULL, 'h'}, {NULL, 0, NULL, 0},
	};
	int c;

	*opt = (struct options){.rounds = 5};
	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (c) {
		case 'd':
			opt->db = optarg;
			break;
		case 'q':
			opt->queries = optarg;
			break;
		case 'r':
			opt->rounds = (int)sim_opt_u64(PROGRAM, "--rounds", optarg, 1, 1000);
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			exit(2); /* getopt has said what is wrong */
		}
	}
	if (optind < argc)
		sim_usage_error(PROGRAM, "argument", argv[optind]);
	if (!opt->db || !opt->queries)
		sim_usage_error(PROGRAM, "--db and --queries", "not both given");
}

static void check_mdb(int rc, const char *what)
{
	if (rc != 0)
		sim_die(5, what, mdb_strerror(rc));
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* --- keys and values --- */

static void make_key(unsigned char key[KEY_LEN], uint32_t contig, uint32_t pos1, const char *ref,
		     const char *alt, size_t alt_len)
{
	uint64_t hash = XXH3_64bits_withSeed(alt, alt_len, XXH3_64bits(ref, strlen(ref)));

	key[0] = (unsigned char)(contig >> 8);
	key[1] = (unsigned char)contig;
	for (int i = 0; i < 4; i++)
		key[2 + i] = (unsigned char)(pos1 >> (24 - 8 * i));
	for (int i = 0; i < 6; i++)
		key[6 + i] = (unsigned char)(hash >> (40 - 8 * i));
}

static unsigned char *put_varint(unsigned char *p, uint64_t x)
{
	for (; x >= 0x80; x >>= 7)
		*p++ = (unsigned char)(x | 0x80);
	*p++ = (unsigned char)x;
	return p;
}

static const unsigned char *get_varint(const unsigned char *p, uint64_t *x_ret)
{
	uint64_t x = *p & 0x7f;

	for (int shift = 7; *p++ & 0x80; shift += 7)
		x |= (uint64_t)(*p & 0x7f) << shift;
	*x_ret = x;
	return p;
}

static size_t pack(const struct bench *b, const struct sim_group_counts *c,
		   unsigned char value[VALUE_MAX])
{
	unsigned char *p = value;
	uint64_t mask = 0;

	for (int g = 0; g < b->keys.n_groups; g++)
		mask |= (uint64_t)(c->n[SIM_AC][g] > 0) << g;
	p = put_varint(p, mask);
	for (int g = 0; g < b->keys.n_groups; g++) {
		if (c->n[SIM_AC][g] == 0)
			continue;
		p = put_varint(p, c->n[SIM_AC][g]);
		p = put_varint(p, c->n[SIM_HOM][g]);
	}
	for (int g = 0; g < b->keys.n_groups; g++) {
		int64_t away = (int64_t)(b->base_an[g] - c->n[SIM_AN][g]);

		p = put_varint(p, (uint64_t)away << 1 ^ (away < 0 ? UINT64_MAX : 0));
	}
	return (size_t)(p - value);
}

static void unpack(const struct bench *b, const unsigned char *p, struct sim_group_counts *c)
{
	uint64_t mask, away;

	p = get_varint(p, &mask);
	for (int g = 0; g < b->keys.n_groups; g++) {
		c->n[SIM_AC][g] = c->n[SIM_HOM][g] = 0;
		if (mask >> g & 1) {
			p = get_varint(p, &c->n[SIM_AC][g]);
			p = get_varint(p, &c->n[SIM_HOM][g]);
		}
	}
	for (int g = 0; g < b->keys.n_groups; g++) {
		p = get_varint(p, &away);
		c->n[SIM_AN][g] = b->base_an[g] - ((away >> 1) ^ (0 - (away & 1)));
	}
}

/* --- the sites --- */

static int compare_variants(const void *a, const void *b)
{
	return memcmp(((const struct variant *)a)->key, ((const struct variant *)b)->key, KEY_LEN);
}

static void begin_txn(struct bench *b)
{
	check_mdb(mdb_txn_begin(b->env, NULL, 0, &b->txn), "mdb_txn_begin");
	check_mdb(mdb_dbi_open(b->txn, NULL, 0, &b->dbi), "mdb_dbi_open");
}

/* Appends the variants of one position. */
static void put_position(struct bench *b)
{
	qsort(b->here, b->n_here, sizeof(*b->here), compare_variants);
	for (size_t i = 0; i < b->n_here; i++) {
		struct variant *v = &b->here[i];
		MDB_val key = {KEY_LEN, v->key}, value = {v->value_len, v->value};

		check_mdb(mdb_put(b->txn, b->dbi, &key, &value, MDB_APPEND),
			  "mdb_put (is the input sorted?)");
		b->value_bytes += v->value_len;
		if (++b->n_variants % PUTS_PER_COMMIT == 0) {
			check_mdb(mdb_txn_commit(b->txn), "mdb_txn_commit");
			begin_txn(b);
		}
	}
	b->n_here = 0;
}

static void add_variant(struct bench *b, const struct variant *v)
{
	/* Contig and position are the first six bytes of the key. */
	if (b->n_here > 0 && memcmp(b->here[0].key, v->key, 6) != 0)
		put_position(b);
	if (b->n_here == b->cap_here) {
		b->cap_here = b->cap_here * 2 + 16;
		b->here = realloc(b->here, b->cap_here * sizeof(*b->here));
		if (!b->here)
			sim_die(5, PROGRAM, "out of memory");
	}
	b->here[b->n_here++] = *v;
}

/* The first five columns of a record; *rest_ret is what follows.  Ends the program if fewer. */
struct columns {
	char *contig, *pos, *id, *ref, *alt;
};

static struct columns split_columns(char *line, char **rest_ret)
{
	struct columns c = {0};

	*rest_ret = line;
	if (sim_take_field(rest_ret, &c.contig) || sim_take_field(rest_ret, &c.pos) ||
	    sim_take_field(rest_ret, &c.id) || sim_take_field(rest_ret, &c.ref) ||
	    sim_take_field(rest_ret, &c.alt))
		sim_die(3, PROGRAM ": not a VCF record", line);
	return c;
}

static void read_record(struct bench *b, char *line)
{
	char *rest, *filter, *qual;
	struct columns col = split_columns(line, &rest);
	uint32_t contig = sim_name_number(&b->contigs, col.contig);
	uint32_t pos1 = (uint32_t)strtoul(col.pos, NULL, 10);
	int i_alt = 0;

	if (sim_take_field(&rest, &qual) || sim_take_field(&rest, &filter))
		sim_die(3, PROGRAM ": not a VCF record", line);
	for (char *alt = col.alt, *next; alt; alt = next, i_alt++) {
		size_t len = strcspn(alt, ",");
		struct variant v;
		struct sim_group_counts c;

		next = alt[len] ? alt + len + 1 : NULL;
		sim_read_counts(&b->keys, rest, i_alt, &c);
		if (b->n_variants == 0 && b->n_here == 0)
			memcpy(b->base_an, c.n[SIM_AN], sizeof(b->base_an));
		make_key(v.key, contig, pos1, col.ref, alt, len);
		v.value_len = (uint16_t)pack(b, &c, v.value);
		add_variant(b, &v);
	}
}

static void build(struct bench *b)
{
	struct sim_reader in;
	char *line;
	size_t len;

	if (unlink(b->opt.db) != 0 && errno != ENOENT)
		sim_die(5, b->opt.db, strerror(errno));
	check_mdb(mdb_env_create(&b->env), "mdb_env_create");
	check_mdb(mdb_env_set_mapsize(b->env, MAP_SIZE), "mdb_env_set_mapsize");
	check_mdb(mdb_env_open(b->env, b->opt.db, MDB_NOSUBDIR | MDB_NOSYNC | MDB_NOLOCK, 0666),
		  b->opt.db);
	begin_txn(b);
	sim_reader_init(&in, STDIN_FILENO);
	while ((line = sim_next_line(&in, &len))) {
		if (line[0] != '#')
			read_record(b, line);
		else if (!sim_take_contig_line(&b->contigs, line))
			sim_take_group_line(&b->keys, line);
	}
	put_position(b);
	check_mdb(mdb_txn_commit(b->txn), "mdb_txn_commit");
	check_mdb(mdb_env_sync(b->env, 1), "mdb_env_sync");
	mdb_env_close(b->env);
	sim_reader_release(&in);
	if (b->n_variants == 0)
		sim_die(3, PROGRAM ": standard input", "no variants");
}

/* --- the queries --- */

static void load_queries(struct bench *b)
{
	struct sim_reader in;
	uint64_t cap[2] = {0, 0};
	int fd = open(b->opt.queries, O_RDONLY | O_CLOEXEC);
	char *line, *rest;
	size_t len;

	if (fd < 0)
		sim_die(3, b->opt.queries, strerror(errno));
	sim_reader_init(&in, fd);
	while ((line = sim_next_line(&in, &len))) {
		struct columns col;
		int miss;

		if (line[0] == '#')
			continue;
		col = split_columns(line, &rest);
		miss = strstr(rest, "TRUTH=hit") == NULL;
		if (b->n_queries[miss] == cap[miss]) {
			cap[miss] = cap[miss] * 2 + 1024;
			b->query[miss] = realloc(b->query[miss], cap[miss] * sizeof(struct query));
			if (!b->query[miss])
				sim_die(5, PROGRAM, "out of memory");
		}
		make_key(b->query[miss][b->n_queries[miss]++].key,
			 sim_name_number(&b->contigs, col.contig),
			 (uint32_t)strtoul(col.pos, NULL, 10), col.ref, col.alt, strlen(col.alt));
	}
	sim_reader_release(&in);
	close(fd);
}

/* Asks every query of one kind.  Returns how many were found; adds what was decoded to sum. */
static uint64_t ask(struct bench *b, int miss, uint64_t sum[SIM_N_METRICS])
{
	uint64_t n_found = 0;
	struct sim_group_counts c;

	for (uint64_t i = 0; i < b->n_queries[miss]; i++) {
		MDB_val key = {KEY_LEN, b->query[miss][i].key}, value;

		if (mdb_get(b->txn, b->dbi, &key, &value) != 0)
			continue;
		n_found++;
		unpack(b, value.mv_data, &c);
		for (int m = 0; m < SIM_N_METRICS; m++)
			for (int g = 0; g < b->keys.n_groups; g++)
				sum[m] += c.n[m][g];
	}
	return n_found;
}

/* Nanoseconds per get of one kind, in the fastest round. */
static double time_gets(struct bench *b, int miss)
{
	uint64_t sum[SIM_N_METRICS] = {0};
	double best = 1e30;

	for (int round = 0; round < b->opt.rounds; round++) {
		double start = now(), each;

		ask(b, miss, sum);
		each = (now() - start) * 1e9 / (double)b->n_queries[miss];
		best = each < best ? each : best;
	}
	return best;
}

/* Reads the database, checks every answer, then times them. */
static void measure(struct bench *b, double build_s)
{
	uint64_t sum[SIM_N_METRICS] = {0}, none[SIM_N_METRICS] = {0};
	uint64_t n = b->n_queries[0] + b->n_queries[1];
	double hit_ns, miss_ns;
	MDB_stat st;
	MDB_envinfo info;

	check_mdb(mdb_env_create(&b->env), "mdb_env_create");
	check_mdb(mdb_env_set_mapsize(b->env, MAP_SIZE), "mdb_env_set_mapsize");
	check_mdb(mdb_env_open(b->env, b->opt.db, MDB_NOSUBDIR | MDB_RDONLY | MDB_NOLOCK, 0),
		  b->opt.db);
	check_mdb(mdb_txn_begin(b->env, NULL, MDB_RDONLY, &b->txn), "mdb_txn_begin");
	check_mdb(mdb_dbi_open(b->txn, NULL, 0, &b->dbi), "mdb_dbi_open");
	check_mdb(mdb_stat(b->txn, b->dbi, &st), "mdb_stat");
	check_mdb(mdb_env_info(b->env, &info), "mdb_env_info");
	if (ask(b, 0, sum) != b->n_queries[0] || ask(b, 1, none) != 0)
		sim_die(1, PROGRAM, "answers differ from the TRUTH of the queries");
	hit_ns = b->n_queries[0] ? time_gets(b, 0) : 0;
	miss_ns = b->n_queries[1] ? time_gets(b, 1) : 0;
	printf("variants\t%llu\ngroups\t%d\n", (unsigned long long)b->n_variants, b->keys.n_groups);
	printf("bytes_per_variant\t%.2f\n",
	       (double)(st.ms_branch_pages + st.ms_leaf_pages + st.ms_overflow_pages) *
		       st.ms_psize / (double)b->n_variants);
	printf("file_bytes\t%llu\n", (unsigned long long)(info.me_last_pgno + 1) * st.ms_psize);
	printf("value_bytes_per_variant\t%.2f\nbuild_s\t%.3f\n",
	       (double)b->value_bytes / (double)b->n_variants, build_s);
	printf("hit_ns\t%.1f\nmiss_ns\t%.1f\nmixed_ns\t%.1f\n", hit_ns, miss_ns,
	       n ? (hit_ns * (double)b->n_queries[0] + miss_ns * (double)b->n_queries[1]) /
			       (double)n
		 : 0);
	printf("sum_ac\t%llu\nsum_an\t%llu\nsum_nhomalt\t%llu\n", (unsigned long long)sum[SIM_AC],
	       (unsigned long long)sum[SIM_AN], (unsigned long long)sum[SIM_HOM]);
	mdb_txn_abort(b->txn);
	mdb_env_close(b->env);
}

int main(int argc, char **argv)
{
	struct bench *b = sim_alloc(1, sizeof(*b));
	double start;

	read_options(&b->opt, argc, argv);
	sim_names_init(&b->contigs);
	start = now();
	build(b);
	start = now() - start;
	load_queries(b);
	measure(b, start);
	for (int miss = 0; miss < 2; miss++)
		free(b->query[miss]);
	free(b->here);
	sim_names_release(&b->contigs);
	free(b);
	return 0;
}
