/*
 * codec: what a variant costs in a block, in bytes and in nanoseconds, without LMDB around it.
 *
 *	codec SITES.vcf [-x]	records of sim_sites, or of gnomAD v3/v4, uncompressed
 *
 * Groups are taken from the keys AC_*, AN_*, nhomalt_* of the first record (up to two words
 * behind the metric, as nfe_XX), IDs are left out and counted apart.  -x: only the sizes.
 * Every row is read back and compared before a speed is printed.
 */
#include "base/arena.h"
#include "base/pos.h"
#include "codec/alt.h"
#include "codec/block.h"
#include "codec/cell.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MAX_ROWS = 20000000, JOB = 65536 };

struct data {
	struct vx_arena arena;
	struct vx_groups groups;
	struct vx_plan plan;
	struct vx_shape shape;
	struct vx_row **row;
	size_t n_rows, cap;
	struct vx_slice *block; /* packed */
	size_t *first;          /* row number of each block's first row */
	size_t n_blocks;
};

/* CPU seconds, so that other work on the machine disturbs less. */
static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void die(const char *why)
{
	fprintf(stderr, "codec: %s\n", why);
	exit(1);
}

static void *get(size_t n)
{
	void *p = calloc(1, n + 1);

	if (!p)
		die("out of memory");
	return p;
}

/* --- reading --- */

static int is_subset(const char *name)
{
	static const char *const not_groups[] = {"raw", "grpmax", "popmax",  "joint", "non",
						 "ukb", "exomes", "genomes", "faf",   "controls"};
	int words = 1;

	for (const char *p = name; *p; p++)
		words += *p == '_';
	for (size_t i = 0; i < sizeof(not_groups) / sizeof(not_groups[0]); i++)
		if (strstr(name, not_groups[i]))
			return 1;
	return words > 2;
}

/* Collects group names from INFO and builds their rules. */
static void find_groups(struct data *d, char *info)
{
	const char *name[VX_GROUPS_MAX];
	uint32_t part[VX_GROUPS_MAX], n = 1, n_part = 0;
	struct vidx_error err = {0, ""};

	name[0] = "ALL";
	for (char *key = strtok(info, ";"); key && n < VX_GROUPS_MAX; key = strtok(NULL, ";")) {
		char *end = strchr(key, '=');

		if (!end || strncmp(key, "AC_", 3) != 0)
			continue;
		*end = 0;
		if (is_subset(key + 3))
			continue;
		if (!strchr(key + 3, '_') && strcmp(key + 3, "XX") != 0 &&
		    strcmp(key + 3, "XY") != 0)
			part[n_part++] = n;
		name[n++] = key + 3;
	}
	if (vx_groups_build(&d->groups, name, n, NULL, part, n_part, &err) != 0)
		die(err.text);
	vx_plan_make(&d->plan, &d->groups);
	d->shape.groups = &d->groups;
	d->shape.metrics = 1u << VIDX_AC | 1u << VIDX_AN | 1u << VIDX_NHOMALT;
	d->shape.plan = &d->plan;
}

static void read_info(const struct data *d, struct vx_row *row, char *info)
{
	static const char *const metric[] = {"AC", "AN", "nhomalt"};
	uint32_t n = d->groups.n, guess = 0;

	for (uint32_t v = 0; v < 3 * n; v++)
		row->value[v] = VX_NONE;
	for (char *save, *key = strtok_r(info, ";", &save); key; key = strtok_r(NULL, ";", &save)) {
		char *end = strchr(key, '='), *name;
		uint32_t g = 0;

		if (!end)
			continue;
		*end = 0;
		for (unsigned m = 0; m < 3; m++) {
			size_t len = strlen(metric[m]);

			if (strncmp(key, metric[m], len) != 0 || (key[len] && key[len] != '_'))
				continue;
			name = key[len] ? key + len + 1 : "ALL";
			g = guess;
			if (strcmp(d->groups.name[g], name) != 0)
				g = vx_groups_find(&d->groups, vx_slice_str(name));
			if (g == VX_NO_GROUP)
				continue;
			row->value[m * n + g] = strtoull(end + 1, NULL, 10);
			guess = g;
		}
	}
}

static int compare(const void *a, const void *b)
{
	return vx_row_compare(*(struct vx_row *const *)a, *(struct vx_row *const *)b);
}

static struct vx_slice keep(struct data *d, const char *text)
{
	size_t len = strlen(text);

	return vx_slice(vx_arena_copy(&d->arena, text, len), len);
}

static void read_sites(struct data *d, const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL, last[256] = "", *field[8];
	size_t cap = 0, kept = 0;
	uint32_t contig = 0;

	if (!f)
		die("cannot open the sites");
	while (d->n_rows < MAX_ROWS && getline(&line, &cap, f) > 0) {
		struct vx_row *row;
		char *save = line, *copy;
		int i = 0;

		if (line[0] == '#')
			continue;
		while (i < 8 && (field[i] = strsep(&save, "\t\n")))
			i++;
		if (i < 8)
			die("a line has fewer than 8 columns");
		if (!d->groups.n) {
			copy = strdup(field[7]);
			find_groups(d, copy);
			free(copy);
		}
		row = vx_arena_alloc(&d->arena, sizeof(*row));
		memset(row, 0, sizeof(*row));
		contig += last[0] && strcmp(last, field[0]) != 0;
		snprintf(last, sizeof(last), "%s", field[0]);
		row->locus = vx_locus(contig, strtoull(field[1], NULL, 10) - 1);
		row->id = keep(d, strcmp(field[2], ".") == 0 ? "" : field[2]);
		row->ref = keep(d, field[3]);
		row->alt = keep(d, field[4]);
		row->filter = keep(d, field[6]);
		row->end0 = vx_locus_pos0(row->locus) + row->ref.len;
		row->hash = vx_allele_hash(row->ref, row->alt, row->end0, 0, 64);
		row->value =
			vx_arena_alloc(&d->arena, vx_shape_values(&d->shape) * sizeof(uint64_t));
		read_info(d, row, field[7]);
		if (d->n_rows == d->cap) {
			d->cap = d->cap * 2 + 1024;
			d->row = realloc(d->row, d->cap * sizeof(*d->row));
			if (!d->row)
				die("out of memory");
		}
		d->row[d->n_rows++] = row;
	}
	fclose(f);
	free(line);
	if (d->n_rows == 0)
		die("no records");
	qsort(d->row, d->n_rows, sizeof(*d->row), compare);
	for (size_t i = 0; i < d->n_rows; i++)
		if (i == 0 || vx_row_compare(d->row[kept - 1], d->row[i]) != 0)
			d->row[kept++] = d->row[i];
	d->n_rows = kept;
}

/* --- packing --- */

/* Packs everything; the bytes, pages and all, and the seconds. */
static size_t pack(struct data *d, int keep_blocks, double *seconds_ret)
{
	struct vx_packer *packer;
	struct vidx_error err = {0, ""};
	size_t bytes = 0, taken, cap = 0;
	double beg = now(), copying = 0;

	if (vx_packer_new(&d->shape, 64, &packer, &err) != 0)
		die(err.text);
	d->n_blocks = 0;
	for (size_t job = 0; job < d->n_rows; job += JOB) {
		size_t end = job + JOB < d->n_rows ? job + JOB : d->n_rows;

		for (size_t i = job; i < end; i += taken) {
			struct vx_slice block;
			double t;

			if (vx_pack(packer, (const struct vx_row *const *)d->row + i, end - i,
				    &block, &taken, &err) != 0)
				die(err.text);
			bytes += block.len + VX_PAGE_HEADER;
			if (!keep_blocks)
				continue;
			t = now();
			if (d->n_blocks == cap) {
				cap = cap * 2 + 64;
				d->block = realloc(d->block, cap * sizeof(*d->block));
				d->first = realloc(d->first, cap * sizeof(*d->first));
			}
			d->first[d->n_blocks] = i;
			d->block[d->n_blocks++] =
				vx_slice(memcpy(get(block.len), block.p, block.len), block.len);
			copying += now() - t;
		}
	}
	*seconds_ret = now() - beg - copying;
	vx_packer_free(packer);
	return bytes;
}

static void prove(const struct data *d)
{
	uint32_t n_values = vx_shape_values(&d->shape), found;
	struct vx_row row;
	char scratch[VX_ROW_SCRATCH];

	row.value = get(n_values * sizeof(uint64_t));
	for (size_t b = 0; b < d->n_blocks; b++) {
		struct vx_block block;

		if (vx_block_open(&block, d->block[b].p, d->block[b].len, &d->shape, 64) != 0)
			die("a block does not open");
		for (uint32_t i = 0; i < block.n_rows; i++) {
			const struct vx_row *want = d->row[d->first[b] + i];

			if (vx_block_row(&block, i, &row, scratch) != 0 ||
			    vx_row_compare(&row, want) != 0 ||
			    !vx_slice_eq(row.filter, want->filter) ||
			    memcmp(row.value, want->value, n_values * sizeof(uint64_t)) != 0)
				die("a row does not come back as it was");
			if (vx_block_find(&block, want, &found) != 0 || found != i)
				die("a row is not found");
		}
	}
	free(row.value);
}

/* Where the bytes of all blocks go. */
static void print_parts(const struct data *d)
{
	enum { HEAD, TABLE, POSITIONS, CODES, OFFSETS, ALLELES, REFS, ROWS, HEAP, REST, N };
	static const char *const name[N] = {"headers",       "table",
					    "positions",     "allele codes",
					    "row offsets",   "packed alleles",
					    "AN references", "rows",
					    "heap",          "long rows, IDs, padding"};
	double part[N] = {0};

	for (size_t i = 0; i < d->n_blocks; i++) {
		struct vx_block b;
		double cells = 0;

		vx_block_open(&b, d->block[i].p, d->block[i].len, &d->shape, 64);
		part[HEAD] += b.off_cells - b.n_cells * b.entry_bytes + VX_PAGE_HEADER;
		part[TABLE] += b.n_cells * b.entry_bytes;
		part[HEAP] += b.off_far - b.off_heap;
		part[REST] += (double)(b.len - b.off_far);
		for (uint32_t c = 0; c < b.n_cells; c++) {
			struct vx_cell cell;
			double item, row0;

			if (vx_cell_open(&b, c, &cell) != 0)
				die("a cell does not open");
			item = (double)(vx_cell_item(&b, &cell, 0) - cell.data) / 8;
			row0 = (double)(vx_cell_item(&b, &cell, cell.n_refs) - cell.data) / 8;
			part[POSITIONS] += (1u << b.cell_log2) / 4 + 1 +
					   (double)(cell.offsets - cell.lows) / 8;
			part[CODES] += (cell.n + 1) / 2;
			part[OFFSETS] += 1 + (double)(cell.data - cell.offsets) / 8;
			part[ALLELES] += item;
			part[REFS] += row0 - item;
			cells += (1u << b.cell_log2) / 4 + 2 + (cell.n + 1) / 2 +
				 (double)(cell.data - cell.lows) / 8 + row0;
		}
		part[ROWS] += b.off_heap - b.off_cells - cells;
	}
	for (int i = 0; i < N; i++)
		printf("  %-26s %7.3f\n", name[i], part[i] / (double)d->n_rows);
}

/* --- speed --- */

static uint64_t mix(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	return z ^ z >> 31;
}

/* A question with its short alleles beside it, as a parser leaves them. */
struct question {
	struct vx_row row;
	char ref[24], alt[24];
};

static void ask(struct question *q, const struct vx_row *row, int miss)
{
	q->row = *row;
	if (row->ref.len < sizeof(q->ref))
		q->row.ref.p = memcpy(q->ref, row->ref.p, row->ref.len);
	if (row->alt.len < sizeof(q->alt))
		q->row.alt.p = memcpy(q->alt, row->alt.p, row->alt.len);
	if (miss) {
		q->row.ref = vx_slice(row->locus & 1 ? "C" : "A", 1);
		q->row.alt = vx_slice(row->locus & 1 ? "A" : "C", 1);
	}
}

/* Random rows, their blocks known: open, find, and read where asked to.  Nanoseconds each. */
static double lookups(const struct data *d, size_t n_blocks, int miss, int read)
{
	size_t n = 200000, rows = n_blocks < d->n_blocks ? d->first[n_blocks] : d->n_rows;
	uint64_t state = 7, sum = 0;
	uint32_t *which = get(n * sizeof(*which));
	struct question *key = get(n * sizeof(*key));
	struct vx_row row;
	char scratch[VX_ROW_SCRATCH];
	double beg, ns;

	for (size_t i = 0; i < n; i++) {
		size_t r = mix(&state) % rows, lo = 0, hi = n_blocks;

		while (hi - lo > 1) {
			size_t mid = (lo + hi) / 2;

			*(d->first[mid] <= r ? &lo : &hi) = mid;
		}
		which[i] = (uint32_t)lo;
		ask(&key[i], d->row[r], miss);
	}
	row.value = get(vx_shape_values(&d->shape) * sizeof(uint64_t));
	beg = now();
	for (size_t i = 0; i < n; i++) {
		struct vx_block b;
		uint32_t at = 0;
		int rc;

		vx_block_open(&b, d->block[which[i]].p, d->block[which[i]].len, &d->shape, 64);
		rc = read ? vx_block_get(&b, &key[i].row, &row, scratch)
			  : vx_block_find(&b, &key[i].row, &at);
		sum += rc == 0 && read ? row.value[0] : at;
	}
	ns = (now() - beg) * 1e9 / (double)n;
	if (sum == 42)
		puts("");
	free(row.value);
	free(which);
	free(key);
	return ns;
}

/* The least of five. */
static double best_lookup(const struct data *d, size_t n_blocks, int miss, int read)
{
	double best = lookups(d, n_blocks, miss, read);

	for (int i = 0; i < 4; i++) {
		double ns = lookups(d, n_blocks, miss, read);

		best = ns < best ? ns : best;
	}
	return best;
}

static void print_speed(struct data *d)
{
	size_t warm = 1 + 2000 * d->n_blocks / d->n_rows;
	struct vx_buf scratch;
	struct vx_hash128 sum = {0, 0};
	double beg, seconds;

	vx_buf_init(&scratch);
	pack(d, 0, &seconds);
	printf("pack                      %8.1f ns/row\n", seconds * 1e9 / (double)d->n_rows);
	beg = now();
	for (size_t i = 0; i < d->n_rows; i++)
		vx_hash128_add(&sum,
			       vx_row_digest(d->row[i], &d->shape, vx_slice_str("chr1"), &scratch));
	printf("digest                    %8.1f ns/row\n", (now() - beg) * 1e9 / (double)d->n_rows);
	vx_buf_release(&scratch);
	pack(d, 1, &seconds);
	warm = warm < d->n_blocks ? warm : d->n_blocks;
	printf("in cache (%zu blocks): find %.1f, find and read %.1f, miss %.1f ns\n", warm,
	       best_lookup(d, warm, 0, 0), best_lookup(d, warm, 0, 1), best_lookup(d, warm, 1, 0));
	printf("all %zu blocks: find %.1f, find and read %.1f, miss %.1f ns\n", d->n_blocks,
	       best_lookup(d, d->n_blocks, 0, 0), best_lookup(d, d->n_blocks, 0, 1),
	       best_lookup(d, d->n_blocks, 1, 0));
}

static void print_sizes(struct data *d)
{
	static const struct {
		const char *name;
		uint32_t metrics;
	} part[] = {{"AC alone", 1}, {"AN alone", 2}, {"AC and AN", 3}, {"all three", 7}};
	double seconds, n = (double)d->n_rows;
	struct vx_slice *id = get(d->n_rows * sizeof(*id));
	uint64_t **value = get(d->n_rows * sizeof(*value));
	size_t with_ids = pack(d, 0, &seconds);

	for (size_t i = 0; i < d->n_rows; i++) {
		id[i] = d->row[i]->id;
		value[i] = d->row[i]->value;
		d->row[i]->id.len = 0;
	}
	for (int p = 0; p < 4; p++) {
		for (size_t i = 0; i < d->n_rows; i++)
			d->row[i]->value = value[i] + (part[p].metrics == 2 ? d->groups.n : 0);
		d->shape.metrics = part[p].metrics;
		printf("%-12s %7.3f bytes/variant\n", part[p].name,
		       (double)pack(d, 0, &seconds) / n);
	}
	printf("with IDs     %7.3f bytes/variant\n", (double)with_ids / n);
	free(id);
	free(value);
}

int main(int argc, char **argv)
{
	struct data d;
	double seconds;
	size_t bytes;

	if (argc < 2)
		die("usage: codec SITES.vcf [-x]");
	memset(&d, 0, sizeof(d));
	vx_arena_init(&d.arena);
	read_sites(&d, argv[1]);
	printf("%zu variants, %u groups (%u stored), AC AN nhomalt\n", d.n_rows, d.groups.n,
	       d.plan.n_leaf);
	print_sizes(&d);
	bytes = pack(&d, 1, &seconds);
	printf("%zu blocks, %.1f rows each; without IDs, bytes per variant (%.3f):\n", d.n_blocks,
	       (double)d.n_rows / (double)d.n_blocks, (double)bytes / (double)d.n_rows);
	print_parts(&d);
	if (argc > 2)
		return 0;
	prove(&d);
	printf("every row read back and found\n");
	print_speed(&d);
	return 0;
}
