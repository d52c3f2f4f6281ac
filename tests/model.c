/*
 * The slow model: it decides what every count is.
 *
 * It shares no code with the engine (the Makefile compiles it without the engine's headers), keeps
 * everything in memory, looks at one character at a time, and was written from the rules alone.
 *
 *	model [OPTIONS] FILE...			one cohort, in one or more plain VCFs
 *	model --list LIST			every line of LIST is such a command line, without quotes
 *
 *	--samples SHEET --group-by COL,COL --by-sex --allow-unlisted	populations
 *	--counts gt|info						default: gt if there are samples
 *	--assembly NAME	of GRCh37 and GRCh38 the places are known where men and women differ
 *
 * Prints `contig pos ref alt population AC AN nhomalt nhemi het` (tabs; 1-based; `.`: unknown), in
 * the order of contigs (as declared, then as met), pos, REF, ALT, population; then one line
 * `#records read indexed rejected nothing`.  A cohort that must be refused as a whole
 * is the line `#refused` and, without --list, exit status 3 with the reason on stderr.
 */
#include "model_sex.h"
#include "model_span.h"

#define SHEET_MAX 4096 /* people */

struct counts {
	long long ac, an, hom, hemi, het;
};

struct row {
	int contig;
	long long pos;
	char *ref, *alt;
	struct span span; /* of a symbolic allele, whose identity it belongs to; else zeros */
	struct counts *c; /* one per population */
};

static struct {
	const char *sheet, *group_by;
	int by_sex, allow_unlisted;
	const char *counts, *assembly;
} opt;

static struct names contigs, pops, samples;
static char **member; /* member[pop][sample] */
static char *sex_of_sample;
static int any_sex; /* somebody's is known, and the assembly */
static struct row *rows;
static long n_rows, cap_rows;
static long n_read, n_indexed, n_rejected, n_nothing;

/* --- populations --- */

static void put_in(const char *pop, int sample, int is_member)
{
	int p = find(&pops, pop);

	if (p < 0) {
		p = add(&pops, pop);
		member[p] = get_mem((size_t)samples.n);
	}
	if (is_member)
		member[p][sample] = 1;
}

static void put_in_sexes(const char *pop, int sample, int sex)
{
	char name[1024];
	int is_all = strcmp(pop, "ALL") == 0;

	snprintf(name, sizeof(name), "%s%sXX", is_all ? "" : pop, is_all ? "" : "_");
	put_in(name, sample, sex == 1);
	snprintf(name, sizeof(name), "%s%sXY", is_all ? "" : pop, is_all ? "" : "_");
	put_in(name, sample, sex == 2);
}

static void read_sheet(void)
{
	FILE *f = fopen(opt.sheet, "r");
	struct names head, wanted = split(opt.group_by ? opt.group_by : "", ',');
	char *line, *listed = get_mem((size_t)samples.n), **cells[SHEET_MAX];
	int sex_column = -1, n_lines = 0;

	if (!f || !(line = next_line(f)))
		refuse("sample sheet", opt.sheet);
	head = split(line, '\t');
	for (int i = 1; i < head.n; i++)
		if (strcmp(head.v[i], "sex") == 0 || strcmp(head.v[i], "gender") == 0)
			sex_column = i;
	while ((line = next_line(f)) && n_lines < SHEET_MAX)
		if (*line)
			cells[n_lines++] = split(line, '\t').v;
	fclose(f);
	for (int i = 0; i < n_lines; i++) {
		int s = find(&samples, cells[i][0]);
		int sex = sex_column < 0 ? 0 : sex_of(cells[i][sex_column]);

		if (s < 0)
			continue;
		listed[s] = 1;
		sex_of_sample[s] = (char)sex;
		any_sex |= sex && opt.assembly;
		if (opt.by_sex)
			put_in_sexes("ALL", s, sex);
		for (int w = 0; w < wanted.n && opt.group_by; w++) {
			int column = find(&head, wanted.v[w]);

			if (column < 0)
				refuse("no such column", wanted.v[w]);
			put_in(cells[i][column], s, 1);
			if (opt.by_sex)
				put_in_sexes(cells[i][column], s, sex);
		}
	}
	for (int s = 0; s < samples.n; s++)
		if (!listed[s] && !opt.allow_unlisted)
			refuse("not in the sample sheet", samples.v[s]);
}

static void make_populations(void)
{
	member = get_mem(sizeof(char *) * 4096);
	add(&pops, "ALL");
	member[0] = get_mem((size_t)samples.n);
	sex_of_sample = get_mem((size_t)samples.n);
	for (int i = 0; i < samples.n; i++)
		member[0][i] = 1;
	if (opt.sheet)
		read_sheet();
}

/* --- one genotype --- */

static void count_sample(struct counts *c, const int *alleles, int ploidy, int alt)
{
	int n_called = 0, n_copies = 0;

	for (int i = 0; i < ploidy; i++) {
		n_called += alleles[i] >= 0;
		n_copies += alleles[i] == alt;
	}
	c->an += n_called;
	c->ac += n_copies;
	if (ploidy == 1)
		c->hemi += n_copies == 1;
	else if (n_called >= 2 && n_copies == n_called)
		c->hom++;
	else if (n_called >= 2 && n_copies > 0)
		c->het++;
}

/* Fills c[alt - 1][pop] from the genotypes; 0, or -1 if one of them is none. */
static int count_genotypes(const struct names *f, int n_alt, struct counts **c)
{
	struct names keys = split(f->v[8], ':');
	int at = find(&keys, "GT");

	if (at < 0)
		return 0;
	for (int s = 0; s < samples.n; s++) {
		struct names parts = split(f->v[9 + s], ':');
		int *alleles, n;

		if (at >= parts.n)
			continue;
		n = parse_gt(parts.v[at], n_alt, &alleles);
		if (n < 0)
			return -1;
		if (any_sex)
			n = let_count(alleles, n,
				      copies_of(opt.assembly, f->v[0], number(f->v[1]),
						sex_of_sample[s]));
		for (int a = 1; a <= n_alt; a++)
			for (int p = 0; p < pops.n; p++)
				if (member[p][s])
					count_sample(&c[a - 1][p], alleles, n, a);
	}
	return 0;
}

/* --- counts from INFO --- */

static int count_info(const char *text, int n_alt, struct counts **c)
{
	struct names info = split(text, ';'), acs;
	const char *ac = info_value(&info, "AC"), *an = info_value(&info, "AN");

	for (int a = 0; a < n_alt; a++) {
		struct counts none = {NONE, NONE, NONE, NONE, NONE};

		c[a][0] = none;
	}
	if (an && strcmp(an, ".") != 0) {
		if (number(an) == NONE)
			return -1;
		for (int a = 0; a < n_alt; a++)
			c[a][0].an = number(an);
	}
	if (!ac || strcmp(ac, ".") == 0)
		return 0;
	acs = split(ac, ',');
	if (acs.n != n_alt)
		return -1;
	for (int a = 0; a < n_alt; a++) {
		if (strcmp(acs.v[a], ".") == 0)
			continue;
		if (number(acs.v[a]) == NONE)
			return -1;
		c[a][0].ac = number(acs.v[a]);
		if (c[a][0].an != NONE && c[a][0].ac > c[a][0].an)
			return -1;
	}
	return 0;
}

/* --- alleles --- */

static int same_span(const struct row *a, const struct row *b)
{
	return a->span.end1 == b->span.end1 && a->span.svlen == b->span.svlen &&
	       strcmp(a->span.mate, b->span.mate) == 0;
}

static int have(const struct row *r)
{
	for (long i = 0; i < n_rows; i++)
		if (rows[i].contig == r->contig && rows[i].pos == r->pos &&
		    same_span(&rows[i], r) && strcmp(rows[i].ref, r->ref) == 0 &&
		    strcmp(rows[i].alt, r->alt) == 0)
			return 1;
	return 0;
}

static void keep(const struct row *r)
{
	if (n_rows == cap_rows) {
		struct row *more = get_mem(sizeof(*rows) * (size_t)(cap_rows * 2 + 64));

		if (n_rows)
			memcpy(more, rows, sizeof(*rows) * (size_t)n_rows);
		rows = more;
		cap_rows = cap_rows * 2 + 64;
	}
	rows[n_rows++] = *r;
}

/* What becomes of one ALT: 1 kept, 0 dropped. */
static int one_allele(const char *ref, const char *alt, struct row *r)
{
	if (strcmp(alt, "*") == 0 || strcmp(alt, ".") == 0 || strcmp(alt, "<*>") == 0 ||
	    strcmp(alt, "<NON_REF>") == 0 || strcmp(alt, "<*:DEL>") == 0)
		return 0;
	r->ref = copy(ref);
	r->alt = copy(alt);
	upper(r->ref);
	if (is_sequence(alt))
		upper(r->alt);
	if (!is_allele(alt) || strcmp(r->ref, r->alt) == 0)
		return 0;
	if (is_sequence(r->ref) && is_sequence(r->alt))
		trim(r->ref, r->alt, &r->pos);
	return !have(r);
}

static void record(const char *line, int n_columns, int from_info)
{
	struct names f = split(line, '\t'), alts, info;
	struct counts **c;
	long long pos;
	int contig, n_kept = 0, n_real = 0, bad;

	if (f.n != n_columns)
		refuse("wrong number of columns", line);
	pos = number(f.v[1]);
	if (pos == NONE)
		refuse("POS", line);
	if (!*f.v[0])
		refuse("CHROM", line);
	n_read++;
	contig = find(&contigs, f.v[0]);
	if (contig < 0)
		contig = add(&contigs, f.v[0]);
	alts = split(f.v[4], ',');
	info = split(f.v[7], ';');
	c = get_mem(sizeof(struct counts *) * (size_t)alts.n);
	for (int a = 0; a < alts.n; a++) {
		c[a] = get_mem(sizeof(**c) * (size_t)pops.n);
		n_real += strcmp(alts.v[a], ".") != 0 && strcmp(alts.v[a], "<*>") != 0 &&
			  strcmp(alts.v[a], "<NON_REF>") != 0 && strcmp(alts.v[a], "*") != 0 &&
			  strcmp(alts.v[a], "<*:DEL>") != 0;
	}
	if (n_real == 0) {
		n_nothing++;
		return;
	}
	bad = from_info ? count_info(f.v[7], alts.n, c) : count_genotypes(&f, alts.n, c);
	if (bad || !is_sequence(f.v[3]) || pos == 0) {
		n_rejected++;
		return;
	}
	for (int a = 0; a < alts.n; a++) {
		struct row r = {contig, pos, NULL, NULL, {0, 0, ""}, c[a]};

		if (alts.v[a][0] == '<')
			r.span = span_of(&info, &alts, a, f.v[0], pos,
					 pos + (long long)strlen(f.v[3]) - 1);
		if (one_allele(f.v[3], alts.v[a], &r)) {
			keep(&r);
			n_kept++;
		}
	}
	if (n_kept)
		n_indexed++;
	else
		n_rejected++;
}

/* --- files --- */

static void header_line(const char *line)
{
	const char *id = strstr(line, "ID=");
	char name[4096];

	if (strncmp(line, "##contig=<", 10) != 0 || !id)
		return;
	snprintf(name, sizeof(name), "%s", id + 3);
	name[strcspn(name, ",>")] = '\0';
	if (find(&contigs, name) < 0)
		add(&contigs, name);
}

static void one_file(const char *path, int is_first)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	struct names head = {NULL, 0};
	char *line;
	int from_info = 0;

	if (!f)
		refuse("cannot open", path);
	while ((line = next_line(f))) {
		if (strncmp(line, "##", 2) == 0) {
			header_line(line);
		} else if (!head.n) {
			head = split(line, '\t');
			if (head.n < 8 || strcmp(head.v[0], "#CHROM") != 0)
				refuse("not a VCF", path);
			if (is_first) {
				for (int i = 9; i < head.n; i++)
					add(&samples, head.v[i]);
				make_populations();
			}
			from_info = opt.counts ? strcmp(opt.counts, "info") == 0 : samples.n == 0;
		} else if (*line) {
			record(line, head.n, from_info);
		}
	}
	if (!head.n)
		refuse("not a VCF", path);
	if (f != stdin)
		fclose(f);
}

static int by_place(const void *x, const void *y)
{
	const struct row *a = x, *b = y;
	int d;

	if (a->contig != b->contig)
		return a->contig < b->contig ? -1 : 1;
	if (a->pos != b->pos)
		return a->pos < b->pos ? -1 : 1;
	d = strcmp(a->ref, b->ref);
	d = d ? d : strcmp(a->alt, b->alt);
	d = d ? d : (a->span.end1 > b->span.end1) - (a->span.end1 < b->span.end1);
	d = d ? d : (a->span.svlen > b->span.svlen) - (a->span.svlen < b->span.svlen);
	return d ? d : strcmp(a->span.mate, b->span.mate);
}

static void print_count(long long v)
{
	if (v == NONE)
		printf("\t.");
	else
		printf("\t%lld", v);
}

static int by_name(const void *x, const void *y)
{
	return strcmp(pops.v[*(const int *)x], pops.v[*(const int *)y]);
}

static void print_rows(void)
{
	int *order = get_mem(sizeof(int) * (size_t)(pops.n + 1));

	for (int p = 0; p < pops.n; p++)
		order[p] = p;
	qsort(order, (size_t)pops.n, sizeof(int), by_name);
	if (n_rows)
		qsort(rows, (size_t)n_rows, sizeof(*rows), by_place);
	for (long i = 0; i < n_rows; i++) {
		const struct row *r = &rows[i];

		for (int p = 0; p < pops.n; p++) {
			const struct counts *c = &r->c[order[p]];

			printf("%s\t%lld\t%s\t%s\t%s", contigs.v[r->contig], r->pos, r->ref, r->alt,
			       pops.v[order[p]]);
			print_count(c->ac);
			print_count(c->an);
			print_count(c->hom);
			print_count(c->hemi);
			print_count(c->het);
			putchar('\n');
		}
	}
	printf("#records\t%ld\t%ld\t%ld\t%ld\n", n_read, n_indexed, n_rejected, n_nothing);
}

/* One cohort from its command line; 0, or 3 if it is refused. */
static int run(int argc, char **argv)
{
	char **paths = get_mem(sizeof(char *) * (size_t)(argc + 1));
	int n_paths = 0;

	memset(&opt, 0, sizeof(opt));
	contigs.n = pops.n = samples.n = 0;
	rows = NULL;
	any_sex = 0;
	n_rows = cap_rows = n_read = n_indexed = n_rejected = n_nothing = 0;
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--samples") == 0)
			opt.sheet = argv[++i];
		else if (strcmp(argv[i], "--group-by") == 0)
			opt.group_by = argv[++i];
		else if (strcmp(argv[i], "--counts") == 0)
			opt.counts = argv[++i];
		else if (strcmp(argv[i], "--assembly") == 0)
			opt.assembly = argv[++i];
		else if (strcmp(argv[i], "--by-sex") == 0)
			opt.by_sex = 1;
		else if (strcmp(argv[i], "--allow-unlisted") == 0)
			opt.allow_unlisted = 1;
		else
			paths[n_paths++] = argv[i];
	}
	if (setjmp(refused)) {
		printf("#refused\n");
		return 3;
	}
	for (int i = 0; i < n_paths; i++)
		one_file(paths[i], i == 0);
	print_rows();
	return 0;
}

int main(int argc, char **argv)
{
	FILE *list;
	char *line;
	int status;

	if (argc < 2)
		return 2;
	if (strcmp(argv[1], "--list") != 0) {
		status = run(argc - 1, argv + 1);
		if (status)
			fprintf(stderr, "model: %s\n", why);
		return status;
	}
	list = argc == 3 ? fopen(argv[2], "r") : NULL;
	if (!list)
		return 2;
	while ((line = next_line(list))) {
		struct names words = split(line, ' ');

		printf("#list\t%s\n", line);
		run(words.n, words.v);
		forget_all();
	}
	fclose(list);
	return 0;
}
