/*
 * Random rows of genotypes, text and BCF, and a slow model that counts them, with the rules of the
 * sexes: for the tests of counting.
 */
#ifndef TESTS_COHORT_GT_ROWS_H
#define TESTS_COHORT_GT_ROWS_H

#include "base/scan.h"
#include "cohort/count.h"
#include "cohort/sheet_text.h"

static uint64_t rng_state;

static uint32_t rng(uint32_t below)
{
	rng_state = rng_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((rng_state >> 33) % below);
}

/* --- the model: one sample, one allele, one group at a time --- */

#define PLOIDY_MAX 8

struct sample {
	int ploidy;
	long allele[PLOIDY_MAX]; /* -1: missing */
};

struct row {
	char *text; /* the sample columns, 64 bytes of anything behind them */
	size_t len;
	uint32_t n_alts, gt_index, n_format;
	struct sample *samples;
	const char *bad; /* the first bad genotype, or NULL */
	size_t bad_len, bad_at;
	int region; /* where it lies: enum vx_region */
};

/* The model's reading of one genotype; 0 when it is none. */
static int model_read(const char *text, const char *end, uint32_t n_alts, struct sample *s)
{
	s->ploidy = 0;
	if (text < end && (*text == '/' || *text == '|'))
		text++;
	for (;;) {
		long number = -1;

		if (text < end && *text == '.') {
			text++;
		} else {
			if (text == end || *text < '0' || *text > '9')
				return 0;
			number = 0;
			while (text < end && *text >= '0' && *text <= '9') {
				number = number * 10 + (*text++ - '0');
				if (number > 1000000)
					number = 1000000;
			}
			if (number > (long)n_alts)
				return 0;
		}
		ck_assert_int_lt(s->ploidy, PLOIDY_MAX);
		s->allele[s->ploidy++] = number;
		if (text == end)
			return 1;
		if (*text != '/' && *text != '|')
			return 0;
		text++;
	}
}

/* What a genotype is to somebody of this sex who is found to have it in this region. */
static struct sample model_sex(struct sample s, int sex, int region)
{
	long only = -1;

	if (region == VX_ONLY_Y && sex == VX_SEX_XX)
		s.ploidy = 0;
	if (region == VX_DIPLOID || (region != VX_MITO && sex != VX_SEX_XY) || s.ploidy < 2)
		return s;
	for (int k = 0; k < s.ploidy; k++) {
		if (s.allele[k] >= 0 && only >= 0 && s.allele[k] != only) {
			s.ploidy = 0;
			return s;
		}
		if (s.allele[k] >= 0)
			only = s.allele[k];
	}
	s.ploidy = 1;
	s.allele[0] = only;
	return s;
}

static void model_count(const struct vx_cohort *c, const struct row *row, uint64_t *value)
{
	uint32_t n = c->groups.n, n_alts = row->n_alts;

	memset(value, 0, (size_t)n_alts * VX_COUNT_N_METRICS * n * sizeof *value);
	for (uint32_t i = 0; i < c->n_samples; i++) {
		struct sample given = model_sex(row->samples[i], c->sex[i], row->region);
		const struct sample *s = &given;

		for (uint32_t a = 0; a < n_alts; a++)
			for (uint32_t g = 0; g < n; g++) {
				uint64_t *v = value + (size_t)a * VX_COUNT_N_METRICS * n + g;
				int called = 0, copies = 0;

				if (!(c->mask[g * c->n_words + i / 64] >> (i % 64) & 1))
					continue;
				for (int k = 0; k < s->ploidy; k++) {
					called += s->allele[k] >= 0;
					copies += s->allele[k] == (long)a + 1;
				}
				v[VIDX_AN * n] += (uint64_t)called;
				v[VIDX_AC * n] += (uint64_t)copies;
				if (s->ploidy == 1)
					v[VIDX_NHEMI * n] += copies == 1;
				else if (called >= 2 && copies == called)
					v[VIDX_NHOMALT * n]++;
				else if (called >= 2 && copies > 0)
					v[VIDX_HET * n]++;
			}
	}
}

/* --- rows --- */

enum { RARE, COMMON, MISSING, HAPLOID, MIXED, UGLY, BAD, N_KINDS };

/* Writes a genotype of a kind at p; returns its length. */
static size_t put_gt(char *p, int kind, uint32_t n_alts)
{
	static const char *const ugly[] = {"0/0/1",   "1/1/1", "./1",  "1|.",  ".",
					   "././.",   "|1",    "/0/1", "00",   "1/1/.",
					   "0|1|2/0", "1",     "01/1", "0/1|1"};
	static const char *const bad[] = {
		"",   "0/",         "/",    "x",    "0/x", "-1",   "0\\1", "99999999999999999999",
		"1.", "4294967297", "0//1", "0/0/", "./",  " 0/0", "0/0 "};
	uint32_t freq = kind == RARE ? 200 : kind == COMMON ? 2 : 5;
	uint32_t a = rng(freq) ? 0 : rng(n_alts + 1), b = rng(freq) ? 0 : rng(n_alts + 1);
	char sep = rng(kind == COMMON ? 2 : 100) ? '|' : '/';

	if (kind == HAPLOID || (kind == MIXED && rng(2)))
		return (size_t)(rng(9) ? sprintf(p, "%u", a) : sprintf(p, "."));
	if (kind == MISSING && rng(2))
		return (size_t)sprintf(p, rng(9) ? "./." : rng(2) ? ".|1" : "0/.");
	if (kind == UGLY && rng(2)) {
		const char *text = ugly[rng(sizeof ugly / sizeof *ugly)];

		if (n_alts >= 2 || !strchr(text, '2'))
			return (size_t)sprintf(p, "%s", text);
	}
	if (kind == BAD && rng(60) == 0) {
		if (rng(3) == 0)
			return (size_t)sprintf(p, "0/%u", n_alts + 1);
		return (size_t)sprintf(p, "%s", bad[rng(sizeof bad / sizeof *bad)]);
	}
	return (size_t)sprintf(p, "%u%c%u", a, sep, b);
}

static void make_row(struct row *row, uint32_t n_samples)
{
	static const uint32_t alts[] = {1, 1, 1, 1, 2, 3, 9, 10, 12, 300};
	int kind = (int)rng(N_KINDS), calm = rng(2) ? (int)rng(N_KINDS) : kind;
	char *p;

	row->n_alts = alts[rng(n_samples > 300 ? 9 : 10)];
	row->n_format = rng(2) ? 1 : 1 + rng(4);
	row->gt_index = rng(4) ? 0 : rng(row->n_format);
	row->bad = NULL;
	row->samples = calloc(n_samples + 1, sizeof *row->samples);
	p = row->text = malloc((size_t)n_samples * 96 + 128);
	for (uint32_t i = 0; i < n_samples; i++) {
		struct sample *s = &row->samples[i];
		uint32_t n_fields = rng(9) ? row->n_format : 1 + rng(row->n_format);
		const char *gt = p;
		size_t gt_len = 0;
		int seen = 0;

		if (i)
			*p++ = '\t';
		for (uint32_t f = 0; f < n_fields; f++) {
			if (f)
				*p++ = ':';
			if (f == row->gt_index) {
				gt = p;
				gt_len = put_gt(p, i < n_samples / 2 ? calm : kind, row->n_alts);
				p += gt_len;
				seen = 1;
			} else {
				p += sprintf(p, "%u,%u", rng(100), rng(3000));
			}
		}
		s->ploidy = 0;
		if (seen && !model_read(gt, gt + gt_len, row->n_alts, s) && !row->bad) {
			row->bad = gt;
			row->bad_at = (size_t)(gt - row->text);
			row->bad_len = gt_len;
		}
	}
	row->len = (size_t)(p - row->text);
	/* what lies behind the text must not count */
	for (int i = 0; i < 64; i++)
		*p++ = "0|1\t1/1:"[rng(8)];
	row->text = realloc(row->text, row->len + 64); /* so that a sanitizer sees the end */
	if (row->bad)
		row->bad = row->text + row->bad_at;
}

static void free_row(struct row *row)
{
	free(row->text);
	free(row->samples);
}

static void fail_row(const struct row *row, const char *what, int path, size_t at)
{
	ck_abort_msg("%s, region %d, path %d, value %zu: n_alts %u, gt_index %u of %u: %.*s", what,
		     row->region, path, at, row->n_alts, row->gt_index, row->n_format,
		     (int)(row->len > 3000 ? 3000 : row->len), row->text);
}

/* The rules for a cohort, where the assembly has some. */
static void make_sexes(const struct vx_cohort *c, const char *assembly, struct vx_sexes *sexes)
{
	struct vx_header header = {.n_samples = 0};
	struct vx_contigs *contigs;

	ck_assert_int_eq(vx_contigs_new(assembly, &header, "x", &contigs, NULL), 0);
	ck_assert_int_eq(vx_sexes_init(sexes, c, contigs, NULL), 0);
	vx_contigs_free(contigs);
}

static void compare(const struct vx_cohort *c, const struct row *row,
		    const struct vx_record *record, const uint64_t *want, size_t n_values)
{
	struct vx_sexes sexes;
	uint64_t *got = malloc((n_values + 1) * sizeof *got);
	struct vx_counter *counter;

	ck_assert_int_eq(vx_counter_new(c, &counter, NULL), 0);
	make_sexes(c, "GRCh38", &sexes);
	if (row->region != VX_DIPLOID && sexes.known)
		vx_counter_copies(counter, &sexes.region[row->region]);
	for (int path = 0; path < VX_SCAN_N_PATHS; path++) {
		struct vx_slice bad = {NULL, 0};
		enum vx_reason reason;

		vx_counter_force(counter, path);
		memset(got, 0x55, n_values * sizeof *got);
		/* twice: the second must find no trace of the first */
		vx_count(counter, record, got, &bad);
		reason = vx_count(counter, record, got, &bad);
		if (row->bad) {
			if (reason != VX_BAD_GT)
				fail_row(row, "bad not seen", path, 0);
			if (record->gt_form == VX_GT_TEXT &&
			    (bad.len != row->bad_len || memcmp(bad.p, row->bad, bad.len) != 0))
				fail_row(row, "another bad text", path, 0);
			continue;
		}
		if (reason != VX_KEPT)
			fail_row(row, "refused", path, 0);
		for (size_t i = 0; i < n_values; i++)
			if (got[i] != want[i])
				fail_row(row, "wrong count", path, i);
	}
	vx_counter_free(counter);
	vx_sexes_release(&sexes);
	free(got);
}

/* The same genotypes as typed arrays. */
static uint8_t *make_bcf(const struct row *row, uint32_t n_samples, struct vx_record *record)
{
	static const uint32_t eov[] = {0, 0x81, 0x8001, 0x80000001},
			      mis[] = {0, 0x80, 0x8000, 0x80000000};
	uint32_t width = 1, type = row->n_alts > 62 ? 2 + rng(2) : 1 + rng(3);
	uint32_t size = type == 3 ? 4 : type;
	uint8_t *gt, *p;

	for (uint32_t i = 0; i < n_samples; i++)
		if ((uint32_t)row->samples[i].ploidy > width)
			width = (uint32_t)row->samples[i].ploidy;
	width += rng(4) == 0;
	p = gt = malloc((size_t)n_samples * width * size + 1);
	for (uint32_t i = 0; i < n_samples; i++)
		for (uint32_t k = 0; k < width; k++, p += size) {
			const struct sample *s = &row->samples[i];
			uint32_t v = eov[type];

			if (k < (uint32_t)s->ploidy)
				v = (uint32_t)(s->allele[k] + 1) << 1 | rng(2);
			else if (s->ploidy == 0 && k == 0 && rng(2))
				v = mis[type];
			memcpy(p, &v, size);
		}
	record->gt_form = VX_GT_BCF;
	record->gt = gt;
	record->gt_type = (uint8_t)type;
	record->gt_width = width;
	return gt;
}

static void check_row(const struct vx_cohort *c, const struct row *row)
{
	size_t n_values = (size_t)row->n_alts * VX_COUNT_N_METRICS * c->groups.n;
	uint64_t *want = malloc((n_values + 1) * sizeof *want);
	struct vx_record record = {.n_alts = row->n_alts,
				   .n_samples = c->n_samples,
				   .gt_form = VX_GT_TEXT,
				   .gt_index = row->gt_index,
				   .n_format = row->n_format,
				   .samples = {row->text, row->len}};

	model_count(c, row, want);
	compare(c, row, &record, want, n_values);
	if (!row->bad) {
		uint8_t *gt = make_bcf(row, c->n_samples, &record);

		compare(c, row, &record, want, n_values);
		free(gt);
	}
	free(want);
}

/* A cohort of n samples in n_pops populations, with sexes and exclusions by chance. */
static void make_cohort(struct vx_cohort *c, uint32_t n, uint32_t n_pops)
{
	struct vx_sheet_options options = {.group_by = "super,pop", .by_sex = (int)rng(2)};
	char *names = malloc(n * 8 + 1), *sheet = malloc(n * 40 + 64), *gone = malloc(n * 8 + 1);
	size_t at = (size_t)sprintf(sheet, "s\tsuper\tpop\tsex\n"), k = 0, x = 0;
	struct vidx_error err = {0};

	names[0] = gone[0] = '\0';
	for (uint32_t i = 0; i < n; i++) {
		uint32_t pop = rng(n_pops);

		k += (size_t)sprintf(names + k, "s%u ", i);
		at += (size_t)sprintf(sheet + at, "s%u\tS%u\tP%u\t%s\n", i, pop % 5, pop,
				      rng(2)    ? "1"
				      : rng(50) ? "2"
						: "NA");
		if (rng(20) == 0)
			x += (size_t)sprintf(gone + x, "s%u\n", i);
	}
	ck_assert_msg(sheet_build(c, &options, names, sheet, rng(2) ? gone : NULL, &err) == 0, "%s",
		      err.text);
	free(names);
	free(sheet);
	free(gone);
}

/* region -1: any */
static void check_rows(uint32_t n_samples, uint32_t n_pops, int n_rows, int region)
{
	struct vx_cohort c;
	int known = 0;

	make_cohort(&c, n_samples, n_pops);
	for (uint32_t i = 0; i < n_samples; i++)
		known |= c.sex[i] != VX_SEX_UNKNOWN;
	for (int i = 0; i < n_rows; i++) {
		struct row row;

		make_row(&row, n_samples);
		row.region = !known ? VX_DIPLOID : region < 0 ? (int)rng(VX_N_REGIONS) : region;
		check_row(&c, &row);
		free_row(&row);
	}
	vx_cohort_release(&c);
}

#endif
