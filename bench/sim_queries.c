/*
 * sim_queries: questions for an index, with the truth in INFO.
 *
 * Reads a VCF (its first five columns) on standard input and writes a VCF of N single-allele
 * records.  TRUTH=hit: the allele is in the input, in the spelling it has there.  TRUTH=miss: it
 * is not, and KIND says what is wrong with it:
 *
 *	alt	another ALT at a position the input has
 *	pos	the same alleles one base further on or back
 *	absent	the same alleles at a place of the contig drawn at random
 *	contig	the same alleles and position on another contig
 *
 * Hits are a uniform sample of the input's alleles by one reservoir, misses are made from another;
 * so memory depends on N and on --filter-mb only, not on the input.  That a miss is one is shown,
 * not hoped for: every allele of the input, trimmed, goes into a Bloom filter, which never says
 * "absent" of an allele it has seen; a candidate it cannot clear is thrown away.  Alleles are
 * compared trimmed, as an index without a reference has them, so a miss is a miss in any
 * spelling; an index built with left-alignment could still have one of `pos` in a repeat.
 *
 * Not asked for: `*`, `.`, <*>, <NON_REF>, symbolic alleles and breakends.
 */
#include "sim_filter.h"
#include "sim_lines.h"
#include "sim_opt.h"

#define PROGRAM "sim_queries"

/* Attempts at one miss before the input is called too dense. */
enum { MAX_TRIES = 1000 };

/* Queries whose text is fetched before it is written; they lie all over memory. */
enum { AHEAD = 12 };

enum order { RANDOM, SORTED };

struct options {
	uint64_t n, seed, filter_mb;
	double hits;
	enum order order;
};

/* One allele; text holds REF, a zero, ALT, a zero. */
struct query {
	uint32_t contig, pos1;
	char *text;
	const char *truth; /* the INFO column */
};

/* Texts one after the other; given back all at once, or the last one alone. */
struct texts {
	struct chunk *chunk;
	size_t used;
};

struct chunk {
	struct chunk *next;
	size_t cap;
	char text[];
};

enum { TEXT_CHUNK = 1 << 20 };

/* A uniform sample of a stream whose length is not known beforehand (Vitter's algorithm R). */
struct reservoir {
	struct query *query;
	uint64_t n, cap, seen;
	struct rng rng;
};

struct state {
	struct options opt;
	struct sim_out out;
	struct sim_reader in;
	struct sim_names contigs;
	uint32_t *max_pos1; /* last position seen, by contig */
	struct sim_filter filter;
	struct texts texts;
	struct reservoir hits, seeds; /* seeds: what misses are made from */
	struct rng rng;
	uint64_t n_lines;
};

static const char usage[] =
	"About:   Queries for an index, hits and misses, made from a VCF on standard input.\n"
	"Usage:   sim_queries [options] <sites.vcf >queries.vcf\n"
	"\n"
	"  --n N               queries in all [100000]\n"
	"  --hits FRACTION     of them that are in the input [0.5]\n"
	"  --order ORDER       random or sorted (by the input's contigs, position, alleles)\n"
	"                      [random]\n"
	"  --seed N            another seed, other queries [1]\n"
	"  --filter-mb N       memory that tells misses from hits; enough up to about ten\n"
	"                      million alleles, take 512 for a hundred million [64]\n"
	"\n"
	"INFO: TRUTH=hit or TRUTH=miss, and for a miss KIND=alt, pos, absent or contig.\n"
	"\n"
	"Examples:\n"
	"  bgzip -dc sites.vcf.gz | cut -f1-8 | sim_queries --n 1000000 >queries.vcf\n"
	"  bcftools view -G cohort.bcf | sim_queries --n 5000 --hits 0.9 --order sorted >q.vcf\n";

static void read_options(struct options *opt, int argc, char **argv)
{
	static const struct option names[] = {
		{"n", 1, NULL, 'n'},    {"hits", 1, NULL, 'f'},      {"order", 1, NULL, 'o'},
		{"seed", 1, NULL, 's'}, {"filter-mb", 1, NULL, 'm'}, {"help", 0, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int c;

	*opt = (struct options){.n = 100000, .seed = 1, .filter_mb = 64, .hits = 0.5};
	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (c) {
		case 'n':
			opt->n = sim_opt_u64(PROGRAM, "--n", optarg, 1, UINT64_C(1) << 32);
			break;
		case 'f':
			opt->hits = sim_opt_real(PROGRAM, "--hits", optarg, 0, 1);
			break;
		case 'o':
			opt->order = strcmp(optarg, "sorted") == 0 ? SORTED : RANDOM;
			if (opt->order == RANDOM && strcmp(optarg, "random") != 0)
				sim_usage_error(PROGRAM, "--order", optarg);
			break;
		case 's':
			opt->seed = sim_opt_u64(PROGRAM, "--seed", optarg, 0, UINT64_MAX);
			break;
		case 'm':
			opt->filter_mb = sim_opt_u64(PROGRAM, "--filter-mb", optarg, 1, 65536);
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
}

static char *allele_text(struct texts *texts, const char *ref, const char *alt)
{
	size_t ref_len = strlen(ref) + 1, alt_len = strlen(alt) + 1, len = ref_len + alt_len;
	char *text;

	if (!texts->chunk || texts->chunk->cap - texts->used < len) {
		size_t cap = len > TEXT_CHUNK ? len : TEXT_CHUNK;
		struct chunk *chunk = sim_alloc(sizeof(*chunk) + cap, 1);

		*chunk = (struct chunk){.next = texts->chunk, .cap = cap};
		texts->chunk = chunk;
		texts->used = 0;
	}
	text = texts->chunk->text + texts->used;
	texts->used += len;
	memcpy(text, ref, ref_len);
	memcpy(text + ref_len, alt, alt_len);
	return text;
}

static void texts_release(struct texts *texts)
{
	while (texts->chunk) {
		struct chunk *next = texts->chunk->next;

		free(texts->chunk);
		texts->chunk = next;
	}
}

static const char *query_alt(const struct query *q)
{
	return q->text + strlen(q->text) + 1;
}

/* Letters in both. */
static size_t text_len(const char *text)
{
	size_t ref_len = strlen(text);

	return ref_len + strlen(text + ref_len + 1);
}

static void reservoir_init(struct reservoir *r, uint64_t cap, uint64_t seed, uint64_t stream)
{
	r->cap = cap;
	r->query = sim_alloc(cap, sizeof(*r->query));
	rng_init(&r->rng, seed, stream);
}

static void reservoir_offer(struct reservoir *r, const struct query *q, const char *alt,
			    struct texts *texts)
{
	uint64_t at = r->seen++;
	struct query *slot;

	if (at >= r->cap)
		at = (uint64_t)(((unsigned __int128)rng_next(&r->rng) * r->seen) >> 64);
	if (at >= r->cap)
		return;
	slot = &r->query[at];
	if (at < r->n && text_len(slot->text) >= strlen(q->text) + strlen(alt)) {
		char *text = slot->text; /* of the one that leaves; as long or longer */

		*slot = *q;
		slot->text = text;
		strcpy(text, q->text);
		strcpy(text + strlen(text) + 1, alt);
		return;
	}
	r->n += at >= r->n;
	*slot = *q;
	slot->text = allele_text(texts, q->text, alt);
}

/* Whether both are bases: what is asked for. */
static int is_sequence(const char *s)
{
	size_t len = strspn(s, "ACGTNacgtn");

	return len > 0 && s[len] == '\0';
}

static void read_record(struct state *s, char *line)
{
	char *p = line, *contig, *pos, *id, *ref, *alts, *end;
	struct query q = {.truth = "TRUTH=hit"};
	unsigned long pos1;

	if (sim_take_field(&p, &contig) || sim_take_field(&p, &pos) || sim_take_field(&p, &id) ||
	    sim_take_field(&p, &ref) || sim_take_field(&p, &alts))
		sim_die(3, PROGRAM ": not a VCF record", line);
	errno = 0;
	pos1 = strtoul(pos, &end, 10);
	if (errno || *end || end == pos || pos1 > UINT32_MAX - 1)
		sim_die(3, PROGRAM ": POS is not a number", pos);
	q.contig = sim_name_number(&s->contigs, contig);
	q.pos1 = (uint32_t)pos1;
	q.text = ref;
	if (q.pos1 > s->max_pos1[q.contig])
		s->max_pos1[q.contig] = q.pos1;
	for (char *alt = alts, *next; alt; alt = next) {
		next = strchr(alt, ',');
		if (next)
			*next++ = '\0';
		sim_filter_add_later(&s->filter, sim_allele_hash(q.contig, q.pos1, ref, alt));
		if (!is_sequence(ref) || !is_sequence(alt))
			continue;
		reservoir_offer(&s->hits, &q, alt, &s->texts);
		reservoir_offer(&s->seeds, &q, alt, &s->texts);
	}
}

/* Contigs are taken up from the header too, and its ##contig lines passed on. */
static void read_header_line(struct state *s, const char *line, size_t len)
{
	if (!sim_take_contig_line(&s->contigs, line))
		return;
	sim_put(&s->out, line, len);
	sim_put_char(&s->out, '\n');
}

static void read_input(struct state *s)
{
	char *line;
	size_t len;

	while ((line = sim_next_line(&s->in, &len))) {
		s->n_lines++;
		if (s->n_lines == 1 && strncmp(line, "##fileformat=VCF", 16) != 0)
			sim_die(3, PROGRAM ": standard input", "not a VCF");
		if (line[0] == '#')
			read_header_line(s, line, len);
		else
			read_record(s, line);
	}
	sim_filter_settle(&s->filter);
	if (s->hits.seen == 0)
		sim_die(3, PROGRAM ": standard input", "no allele to ask for");
}

enum kind { KIND_ALT, KIND_POS, KIND_ABSENT, KIND_CONTIG, N_KINDS };

static const char *const kind_info[N_KINDS] = {"TRUTH=miss;KIND=alt", "TRUTH=miss;KIND=pos",
					       "TRUTH=miss;KIND=absent", "TRUTH=miss;KIND=contig"};

/* Another ALT: one base changed, or for an indel bases of its own inserted. */
static void other_alt(const char *ref, char alt[16], struct rng *r)
{
	uint32_t n = rng_chance(r, 0.3) ? rng_between(r, 1, 12) : 0;

	alt[0] = n > 0 ? ref[0] : sim_substitute(r, ref[0]);
	for (uint32_t i = 1; i <= n; i++)
		alt[i] = "ACGT"[rng_next(r) >> 62];
	alt[n + 1] = '\0';
}

/* Changes q, made from seed, into a candidate of this kind.  Returns 0, or -1 if it cannot. */
static int make_candidate(struct state *s, const struct query *seed, enum kind kind,
			  struct query *q)
{
	char alt[16], ref[2] = {seed->text[0], '\0'};

	*q = (struct query){.contig = seed->contig, .pos1 = seed->pos1, .truth = kind_info[kind]};
	switch (kind) {
	case KIND_ALT:
		other_alt(ref, alt, &s->rng);
		q->text = allele_text(&s->texts, ref, alt);
		return 0;
	case KIND_POS:
		q->pos1 = rng_next(&s->rng) >> 63 || q->pos1 == 1 ? q->pos1 + 1 : q->pos1 - 1;
		break;
	case KIND_ABSENT:
		q->pos1 = 1 + rng_below(&s->rng, s->max_pos1[q->contig]);
		break;
	default:
		q->contig = rng_below(&s->rng, s->contigs.n);
		if (q->contig == seed->contig)
			return -1;
	}
	q->text = allele_text(&s->texts, seed->text, query_alt(seed));
	return 0;
}

/* One miss.  Kinds take turns; one that the input leaves no room for falls back to another ALT. */
static struct query make_miss(struct state *s, uint64_t i)
{
	enum kind kind = (enum kind)(i % N_KINDS);

	if (kind == KIND_CONTIG && s->contigs.n < 2)
		kind = KIND_ABSENT;
	for (int tries = 0; tries < MAX_TRIES; tries++) {
		const struct query *seed = &s->seeds.query[(i + (uint64_t)tries) % s->seeds.n];
		struct query q;

		if (tries == MAX_TRIES / 2)
			kind = KIND_ALT;
		if (make_candidate(s, seed, kind, &q) != 0)
			continue;
		if (!sim_filter_may_have(&s->filter,
					 sim_allele_hash(q.contig, q.pos1, q.text, query_alt(&q))))
			return q;
		s->texts.used = (size_t)(q.text - s->texts.chunk->text);
	}
	sim_die(3, PROGRAM, "cannot find enough misses; raise --filter-mb");
}

static int compare_queries(const void *a, const void *b)
{
	const struct query *x = a, *y = b;
	int order;

	if (x->contig != y->contig)
		return x->contig < y->contig ? -1 : 1;
	if (x->pos1 != y->pos1)
		return x->pos1 < y->pos1 ? -1 : 1;
	order = strcmp(x->text, y->text);
	return order ? order : strcmp(query_alt(x), query_alt(y));
}

static void shuffle(struct query *q, uint64_t n, struct rng *r)
{
	for (uint64_t i = n; i > 1; i--) {
		uint64_t k = (uint64_t)(((unsigned __int128)rng_next(r) * i) >> 64);
		struct query other = q[k];

		q[k] = q[i - 1];
		q[i - 1] = other;
	}
}

static void put_query(struct state *s, const struct query *q)
{
	struct sim_out *o = &s->out;

	sim_put_str(o, s->contigs.name[q->contig]);
	sim_put_char(o, '\t');
	sim_put_u64(o, q->pos1);
	sim_put_str(o, "\t.\t");
	sim_put_str(o, q->text);
	sim_put_char(o, '\t');
	sim_put_str(o, query_alt(q));
	sim_put_str(o, "\t.\t.\t");
	sim_put_str(o, q->truth);
	sim_put_char(o, '\n');
}

/* All queries: the sampled hits, then misses to make up the number, then the order asked for. */
static void put_queries(struct state *s)
{
	uint64_t n_hits = s->hits.n, n_miss = s->opt.n - s->hits.cap, n = n_hits + n_miss;
	struct query *all = sim_alloc(n, sizeof(*all));

	if (n_hits > 0)
		memcpy(all, s->hits.query, n_hits * sizeof(*all));
	shuffle(s->seeds.query, s->seeds.n, &s->rng);
	for (uint64_t i = 0; i < n_miss; i++)
		all[n_hits + i] = make_miss(s, i);
	if (s->opt.order == SORTED)
		qsort(all, n, sizeof(*all), compare_queries);
	else
		shuffle(all, n, &s->rng);
	sim_put_str(&s->out, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n");
	for (uint64_t i = 0; i < n; i++) {
		if (i + AHEAD < n)
			__builtin_prefetch(all[i + AHEAD].text);
		put_query(s, &all[i]);
	}
	free(all);
}

static void state_init(struct state *s)
{
	uint64_t n_hits = (uint64_t)((double)s->opt.n * s->opt.hits + 0.5);

	sim_out_open(&s->out, STDOUT_FILENO);
	sim_reader_init(&s->in, STDIN_FILENO);
	sim_names_init(&s->contigs);
	s->max_pos1 = sim_alloc(SIM_MAX_NAMES, sizeof(*s->max_pos1));
	s->filter.n_lines = s->opt.filter_mb * (1 << 20) / 64;
	s->filter.bits = sim_alloc(s->filter.n_lines, 64);
	reservoir_init(&s->hits, n_hits, s->opt.seed, 20);
	reservoir_init(&s->seeds, s->opt.n - n_hits ? s->opt.n - n_hits : 1, s->opt.seed, 21);
	rng_init(&s->rng, s->opt.seed, 22);
	sim_put_str(&s->out,
		    "##fileformat=VCFv4.2\n"
		    "##FILTER=<ID=PASS,Description=\"All filters passed\">\n"
		    "##INFO=<ID=TRUTH,Number=1,Type=String,Description=\"hit or miss\">\n"
		    "##INFO=<ID=KIND,Number=1,Type=String,Description=\"Why it is a miss: alt, "
		    "pos, absent or contig\">\n");
}

static void state_release(struct state *s)
{
	texts_release(&s->texts);
	sim_names_release(&s->contigs);
	free(s->max_pos1);
	free(s->hits.query);
	free(s->seeds.query);
	free(s->filter.bits);
	sim_reader_release(&s->in);
	sim_out_close(&s->out);
}

int main(int argc, char **argv)
{
	struct state *s = sim_alloc(1, sizeof(*s));

	read_options(&s->opt, argc, argv);
	state_init(s);
	read_input(s);
	put_queries(s);
	state_release(s);
	free(s);
	return 0;
}
