/*
 * Random small VCFs with every ugly shape that a reader may meet, by seed.
 *
 *	random_vcf -o DIR -n COUNT [-s SEED]
 *
 * Writes DIR/<number>.vcf (and .b.vcf, .c.vcf where a cohort comes in pieces, .panel where it
 * has a sample sheet), and prints one command line for each, as tests/model.c takes them.
 * Few positions, so that duplicates and overlaps abound; few records, so that one file is fast.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint64_t state;
static FILE *out;

/* splitmix64 */
static uint64_t rng(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static unsigned upto(unsigned n)
{
	return (unsigned)(rng() % n);
}

static int chance(unsigned percent)
{
	return upto(100) < percent;
}

#define PICK(list) ((list)[upto(sizeof(list) / sizeof((list)[0]))])

/* What all records of one cohort share. */
static struct {
	unsigned n_samples, n_contigs;
	int plain, odd_calls, faults, odd_alleles, unsorted, crlf, info_mode, structural;
} shape;

static const char *const contig_names[] = {
	"1", "chr1", "2", "X", "1:1-1", "HLA-A*01:01:01", "chrUn_KI270302v1", "MT"};

static void put_bases(unsigned n)
{
	static const char bases[] = "ACGT", odd[] = "acgtnNRYKMacgt";

	for (unsigned i = 0; i < n; i++)
		putc(shape.odd_alleles && chance(10) ? odd[upto(sizeof(odd) - 1)] : bases[upto(4)],
		     out);
}

static unsigned allele_length(void)
{
	if (shape.odd_alleles && chance(1))
		return chance(10) ? 65530 + upto(20) : 505 + upto(20);
	return chance(60) ? 1 : 1 + upto(chance(80) ? 4 : 40);
}

/* One ALT of a record with this REF. */
static void put_alt(const char *ref)
{
	static const char *const strange[] = {
		"*",     "<*>",       "<NON_REF>", "<DEL>",   "<DUP>", "<INS:ME:ALU>",
		"<CN0>", "A[1:1000[", "A[1:2000[", "]2:33]T", "<del>", ".A",
		"T.",    "N",         "R",         "<*:DEL>", "<BND>", "<BND>",
		"<CTX>", "<TRA:x>",   "<INS>",     "<DEL>",   "<CPX>"};
	static const char *const structural[] = {"<BND>", "<CTX>", "<DEL>", "<INS>", "<CPX>"};
	static const char *const wrong[] = {"", "A!Z", "1", "A C", "<DEL", "-"};
	size_t n = strlen(ref);

	if (shape.faults && chance(3)) {
		fputs(chance(30) ? ref : PICK(wrong), out);
	} else if (shape.structural && chance(80)) {
		fputs(PICK(structural), out);
	} else if (chance(shape.odd_alleles ? 25 : 3)) {
		fputs(PICK(strange), out);
	} else if (n > 1 && chance(40)) { /* a deletion or a change padded on either side */
		size_t cut = 1 + upto((unsigned)n);

		fwrite(ref, 1, cut, out);
		if (chance(30))
			put_bases(1);
		if (cut < n && chance(50))
			fputs(ref + cut + upto((unsigned)(n - cut)), out);
	} else if (chance(30)) { /* an insertion */
		fputs(ref, out);
		put_bases(1 + upto(4));
	} else {
		put_bases(allele_length());
	}
}

static void put_call(unsigned n_alts)
{
	if (chance(shape.odd_calls ? 12 : 1))
		putc('.', out);
	else if (chance(65))
		putc('0', out);
	else
		fprintf(out, "%u", upto(n_alts + 1));
}

static void put_gt(unsigned n_alts)
{
	static const char *const wrong[] = {"",     "a|b",          "-1|0", "0|",  "0//1",
					    "0|99", "0/4294967296", "1.0",  "0 1", "./x"};
	unsigned ploidy = 2;

	if (shape.faults && upto(1000) < 2) {
		fputs(PICK(wrong), out);
		return;
	}
	if (shape.odd_calls) {
		unsigned r = upto(100);

		ploidy = r < 60 ? 2 : r < 85 ? 1 : r < 97 ? 3 + upto(3) : 1 + upto(12);
		if (chance(3))
			putc(chance(50) ? '/' : '|', out);
	}
	for (unsigned i = 0; i < ploidy; i++) {
		if (i)
			putc(shape.odd_calls && chance(50) ? '/' : '|', out);
		put_call(n_alts);
	}
}

/* FORMAT and the samples.  In the plain shape every sample is d|d, which has a fast way. */
static void put_samples(unsigned n_alts)
{
	static const char *const formats[] = {
		"GT",    "GT",          "GT", "GT:DP",      "GT:AD:DP:GQ:PL",
		"DP:GT", "AD:DP:GT:GQ", "DP", "DP:XGT:GTX", "DP:GT"};
	const char *format = shape.plain ? "GT" : PICK(formats);
	int drops = chance(50);

	fprintf(out, "\t%s", format);
	for (unsigned s = 0; s < shape.n_samples; s++) {
		const char *key = format;

		putc('\t', out);
		if (!shape.plain && chance(3)) {
			putc('.', out);
			continue;
		}
		while (*key) {
			size_t len = strcspn(key, ":");

			if (len == 2 && strncmp(key, "GT", 2) == 0)
				put_gt(n_alts);
			else if (len == 2 && strncmp(key, "AD", 2) == 0)
				fprintf(out, "%u,%u", upto(100), upto(30));
			else if (chance(10))
				putc('.', out);
			else
				fprintf(out, "%u", upto(200));
			key += len;
			if (!*key || (drops && chance(10)))
				break;
			key++;
			putc(':', out);
		}
	}
}

/* What tells symbolic alleles of one text and place apart. */
static void put_span(unsigned n_alts)
{
	static const char *const contig[] = {"1", "2", "X", "chr1", "."};
	static const char *const strands[] = {"+-", "--", "."};
	static const char *const lengths[] = {"-49", "5", "50", "."};
	unsigned n = chance(60) ? n_alts : 1;

	if (!chance(shape.structural ? 90 : 30))
		return;
	if (shape.info_mode && chance(60))
		fprintf(out, ";END=%u", chance(50) ? 100u : 7u);
	if (chance(50))
		fprintf(out, ";CHR2=%s", PICK(contig));
	if (chance(40))
		fprintf(out, ";END2=%u", 5 + upto(2));
	if (chance(20))
		fprintf(out, ";POS2=%u", 4 + upto(2));
	if (chance(40))
		fprintf(out, ";STRANDS=%s", PICK(strands));
	for (unsigned a = 0; a < n && chance(a ? 100 : 50); a++)
		fprintf(out, "%s%s", a ? "," : ";SVLEN=", PICK(lengths));
}

static void put_info(unsigned n_alts)
{
	static const char *const numbers[] = {
		".", "-1", "x", "1.5", "99999999999999", "1,2,3,4,5,6,7,8,9", "1e3"};
	unsigned an = chance(5) ? 0 : upto(5000);

	if (!shape.info_mode) {
		if (chance(50))
			putc('.', out);
		else
			fprintf(out, "DP=10;END=%u;DB;AC=3;AN=2", chance(70) ? 100u : 150u);
		if (chance(50))
			put_span(n_alts);
		return;
	}
	if (chance(10)) {
		fputs(chance(50) ? "DB" : ".", out);
		return;
	}
	if (chance(10))
		fputs("XAC=77;DB;", out);
	if (chance(50))
		fprintf(out, "AN=%u;", an);
	fputs("AC=", out);
	for (unsigned a = 0; a < n_alts; a++) {
		if (a)
			putc(',', out);
		if (shape.faults && chance(3))
			fputs(PICK(numbers), out);
		else
			fprintf(out, "%u", upto(an + 1) + (shape.faults && chance(2) ? an : 0));
	}
	fprintf(out, ";AF=0.5,0.25;AN=%u", an);
	put_span(n_alts);
}

static void put_record(const char *contig, unsigned pos)
{
	static const char *const filters[] = {"PASS", ".", "q10", "q10;s50"};
	char ref[131072];
	unsigned n_alts = chance(70) ? 1 : 1 + upto(chance(90) ? 4 : 13);
	unsigned n = allele_length();
	FILE *to = out;

	out = fmemopen(ref, sizeof(ref), "w");
	if (shape.faults && chance(1))
		fputs(chance(50) ? "" : "A*", out);
	else if (shape.structural && chance(80))
		putc('N', out);
	else
		put_bases(n);
	fclose(out);
	out = to;
	fprintf(out, "%s\t%u\t", contig, pos);
	if (chance(50))
		fprintf(out, "rs%u%s", upto(1000), chance(10) ? ";rs7777777" : "");
	else
		putc('.', out);
	fprintf(out, "\t%s\t", ref);
	if (chance(5)) {
		putc('.', out);
	} else {
		for (unsigned a = 0; a < n_alts; a++) {
			if (a)
				putc(',', out);
			put_alt(ref);
		}
	}
	fprintf(out, "\t%s\t%s\t", chance(50) ? "." : "29.5", PICK(filters));
	put_info(n_alts);
	if (shape.n_samples)
		put_samples(n_alts);
	fputs(shape.crlf ? "\r\n" : "\n", out);
}

static void put_header(void)
{
	const char *nl = shape.crlf ? "\r\n" : "\n";

	fprintf(out, "##fileformat=VCFv4.%u%s", 1 + upto(4), nl);
	for (unsigned i = 0; i < shape.n_contigs; i++)
		if (i == 0 || !chance(20))
			fprintf(out, "##contig=<ID=%s>%s", contig_names[i], nl);
	fprintf(out, "##INFO=<ID=AC,Number=A,Type=Integer,Description=\"Alleles\">%s", nl);
	fprintf(out, "##INFO=<ID=AN,Number=1,Type=Integer,Description=\"Called\">%s", nl);
	fprintf(out, "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">%s", nl);
	fprintf(out, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO%s",
		shape.n_samples ? "\tFORMAT" : "");
	for (unsigned s = 0; s < shape.n_samples; s++)
		fprintf(out, "\tS%03u", s);
	fputs(nl, out);
}

static void put_file(const char *path)
{
	unsigned n = upto(12) + 1, contig = 0, pos = 1 + upto(5);
	uint64_t keep;

	out = fopen(path, "w");
	if (!out) {
		perror(path);
		exit(1);
	}
	/* The pieces of a cohort have the same header. */
	keep = state;
	state = shape.n_samples * 1000003u + shape.n_contigs;
	put_header();
	state = keep;
	while (n--) {
		if (shape.unsorted) {
			contig = upto(shape.n_contigs);
			pos = 1 + upto(30);
		} else if (chance(15) && contig + 1 < shape.n_contigs) {
			contig++;
			pos = 1 + upto(5);
		} else {
			pos += upto(3);
		}
		put_record(contig_names[contig], pos);
	}
	fclose(out);
	if (chance(5) && !shape.crlf) {
		FILE *f = fopen(path, "r+");

		/* no newline at the end of the file */
		if (f && fseek(f, -1, SEEK_END) == 0 && ftruncate(fileno(f), ftell(f)) != 0)
			exit(1);
		if (f)
			fclose(f);
	}
}

static void put_panel(const char *path)
{
	static const char *const sex[] = {"male", "female", "M", "F", "1", "2", "XX", "XY", "0"};
	static const char *const super[] = {"EUR", "AFR", "EAS"};

	out = fopen(path, "w");
	if (!out)
		exit(1);
	fputs("sample\tpop\tsuper_pop\tgender\n", out);
	for (unsigned s = 0; s < shape.n_samples; s++) {
		unsigned k = upto(3);

		fprintf(out, "S%03u\tp%u%c\t%s\t%s\n", s, k, 'a' + (char)upto(3), super[k],
			PICK(sex));
	}
	fprintf(out, "ELSEWHERE\tp0a\tEUR\tmale\n");
	fclose(out);
}

static void make(const char *dir, unsigned number)
{
	static const unsigned sizes[] = {0,  0,  1,  2,  3,  5,  8,   15,  16, 17,
					 31, 32, 33, 63, 64, 65, 100, 129, 200};
	static const char *const groupings[] = {"--group-by super_pop",
						"--group-by super_pop,pop --by-sex", "--by-sex",
						"--group-by pop,super_pop"};
	char path[4096];

	shape.n_samples = PICK(sizes);
	shape.info_mode = shape.n_samples == 0 || chance(5);
	shape.n_contigs = 1 + upto(sizeof(contig_names) / sizeof(contig_names[0]));
	shape.plain = chance(30);
	shape.odd_calls = !shape.plain && chance(60);
	shape.faults = chance(30);
	shape.odd_alleles = chance(30);
	shape.unsorted = chance(15);
	shape.crlf = chance(5);
	shape.structural = chance(10);
	for (const char *piece = ""; piece;) {
		snprintf(path, sizeof(path), "%s/%u%s.vcf", dir, number, piece);
		put_file(path);
		printf("%s%s", *piece ? " " : "", path);
		if (*piece == '\0')
			piece = chance(10) ? ".b" : NULL;
		else
			piece = strcmp(piece, ".b") == 0 && chance(50) ? ".c" : NULL;
	}
	if (shape.info_mode && shape.n_samples) {
		printf(" --counts info");
	} else if (shape.n_samples && chance(40)) {
		snprintf(path, sizeof(path), "%s/%u.panel", dir, number);
		put_panel(path);
		printf(" --samples %s %s", path, PICK(groupings));
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	const char *dir = NULL;
	unsigned n = 0;
	uint64_t seed = 1;
	int c;

	while ((c = getopt(argc, argv, "o:n:s:")) != -1) {
		if (c == 'o')
			dir = optarg;
		else if (c == 'n')
			n = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 's')
			seed = strtoull(optarg, NULL, 10);
		else
			return 2;
	}
	if (!dir || !n)
		return 2;
	for (unsigned i = 0; i < n; i++) {
		state = (seed << 32) + i;
		make(dir, i);
	}
	return 0;
}
