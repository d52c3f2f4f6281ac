/*
 * sim_cohort: a cohort VCF with genotypes, to standard output.
 *
 * What is modelled, and why:
 * - allele counts as measured in 1000 Genomes phase 3 (44 % of the sites seen once, mean 109
 *   copies among 5,008), because the work and the compressed size of a record are its carriers;
 * - carriers that neighbouring records share (sim_haplotypes.h), because without it every record
 *   is noise and compresses worse than real data;
 * - five super-populations with 26 populations, and both sexes, in a panel file;
 * - haploid males on X and Y outside PAR, no females on Y, everyone haploid on the mitochondrion;
 * - indels, multi-allelic records, spanning deletions, missing and half calls, and with --ugly
 *   every other shape of genotype and FORMAT that is legal and seen in the wild;
 * - the true counts, on request, in INFO.
 *
 * The same options and seed give the same bytes (see rng.h for its one reservation).  --truth and
 * --panel change nothing else in the output; --format changes no genotype's alleles.
 */
#include <fcntl.h>

#include "sim_cohort_info.h"
#include "sim_format.h"
#include "sim_opt.h"
#include "sim_site.h"
#include "sim_spectrum.h"

#define PROGRAM "sim_cohort"

/* Records after which a few haplotypes change lineage: about 2,000 bases at the default density. */
enum { RECORDS_PER_STEP = 64 };

/* Allele counts in 1000 Genomes phase 3, chromosome 22. */
static const struct sim_range spectrum_1000g[] = {
	{.433, 1, 0},    {.146, 2, 0},   {.156, 5, 0},  {.118, 25, 0},
	{.041, 50, .01}, {.042, 0, .05}, {.044, 0, .5}, {.016, 0, 1},
};

struct options {
	uint32_t samples, start;
	uint64_t records, seed;
	double density, indels, multi, missing, half;
	int full, star, ugly, truth;
	const char *panel;
	const struct sim_assembly *assembly;
	struct sim_contig contig[SIM_N_CONTIGS];
	int n_contigs;
};

/* Everything one run works with; streams apart so that one choice does not shift another. */
struct cohort {
	struct options opt;
	struct sim_out out;
	struct sim_people people;
	struct sim_haplotypes haplotypes;
	struct sim_template template[SIM_N_PLOIDIES];
	struct sim_spectrum spectrum[SIM_N_PLOIDIES];
	struct sim_row row;
	struct sim_reads *reads;
	struct sim_counts counts;
	struct rng site_rng, carrier_rng, call_rng, read_rng;
	struct sim_carriers deletion; /* who carries the last deletion, and where it ends */
	uint32_t deletion_end1;
	uint64_t n_records;
};

static const char usage[] =
	"About:   A simulated cohort VCF, with genotypes, to standard output.\n"
	"Usage:   sim_cohort [options] | bgzip >cohort.vcf.gz\n"
	"\n"
	"Size:\n"
	"  --samples N         samples [2504]\n"
	"  --records N         records in all, spread evenly over the contigs [10000]\n"
	"  --seed N            another seed, other data [1]\n"
	"Place:\n"
	"  --assembly NAME     GRCh38 (chr1 ...) or GRCh37 (1 ...) [GRCh38]\n"
	"  --contig LIST       contigs, comma-separated [the first]\n"
	"  --start POS         first possible position, 1-based [10001; X: 10,000 bases before "
	"the\n"
	"                      end of PAR1; Y: after PAR1; mitochondrion: 1]\n"
	"  --density BP        mean bases from one record to the next; less where the\n"
	"                      records would not fit the contig [32]\n"
	"Content:\n"
	"  --format gt|full    phased GT, or unphased GT:AD:DP:GQ:PL [gt]\n"
	"  --indels FRACTION   of records that are indels [0.1]\n"
	"  --multi FRACTION    of records with two ALTs or more [0.02]\n"
	"  --star              spanning deletions: ALT * where a record lies in a deletion\n"
	"  --missing FRACTION  of genotypes that are missing [0]\n"
	"  --half FRACTION     of genotypes with one call of two missing [0]\n"
	"  --ugly              all of the above at some rate, other ploidies, mixed phase, GT not\n"
	"                      first or absent, trailing fields dropped, many ALTs, odd FILTERs\n"
	"  --truth             true counts in INFO: TRUE_AC, TRUE_HOM, TRUE_HEMI, TRUE_HET (one "
	"per\n"
	"                      ALT), TRUE_AN, and the same per super-population (TRUE_AC_EUR);\n"
	"                      the text counted as it stands.  Hom, het and hemi count people; a\n"
	"                      half call is none of them.  Records without GT have no such keys\n"
	"  --panel FILE        also write the sample sheet: sample, pop, super_pop, gender\n"
	"\n"
	"Examples:\n"
	"  sim_cohort --records 200000 --panel people.tsv | bgzip >chr1.vcf.gz\n"
	"  sim_cohort --samples 1000 --records 50000 --format full --contig chr2 | bgzip "
	">full.vcf.gz\n"
	"  sim_cohort --samples 100 --records 5000 --contig chr20,chrX,chrY,chrM --ugly --truth\n";

static void read_option(struct options *opt, int c, const char *value, const char **contigs)
{
	switch (c) {
	case 'n':
		opt->samples = (uint32_t)sim_opt_u64(PROGRAM, "--samples", value, 1, 10000000);
		break;
	case 'r':
		opt->records = sim_opt_u64(PROGRAM, "--records", value, 0, UINT64_C(1) << 40);
		break;
	case 's':
		opt->seed = sim_opt_u64(PROGRAM, "--seed", value, 0, UINT64_MAX);
		break;
	case 'f':
		opt->full = strcmp(value, "full") == 0;
		if (!opt->full && strcmp(value, "gt") != 0)
			sim_usage_error(PROGRAM, "--format", value);
		break;
	case 'c':
		*contigs = value;
		break;
	case 'a':
		opt->assembly = sim_opt_assembly(PROGRAM, value);
		break;
	case 'b':
		opt->start = (uint32_t)sim_opt_u64(PROGRAM, "--start", value, 1, 248956422);
		break;
	case 'd':
		opt->density = sim_opt_real(PROGRAM, "--density", value, 1, 1e8);
		break;
	case 'i':
		opt->indels = sim_opt_real(PROGRAM, "--indels", value, 0, 1);
		break;
	case 'm':
		opt->multi = sim_opt_real(PROGRAM, "--multi", value, 0, 1);
		break;
	case 'x':
		opt->missing = sim_opt_real(PROGRAM, "--missing", value, 0, 0.5);
		break;
	case 'y':
		opt->half = sim_opt_real(PROGRAM, "--half", value, 0, 0.5);
		break;
	case 'p':
		opt->panel = value;
		break;
	case '*':
		opt->star = 1;
		break;
	case 'u':
		opt->ugly = 1;
		break;
	case 't':
		opt->truth = 1;
		break;
	case 'h':
		fputs(usage, stdout);
		exit(0);
	default:
		exit(2); /* getopt has said what is wrong */
	}
}

/* --ugly sets the rates that were not given. */
static void make_ugly(struct options *opt)
{
	opt->star = 1;
	if (opt->missing <= 0)
		opt->missing = 0.02;
	if (opt->half <= 0)
		opt->half = 0.005;
	if (opt->multi < 0.1)
		opt->multi = 0.1;
}

static void read_options(struct options *opt, int argc, char **argv)
{
	static const struct option names[] = {
		{"samples", 1, NULL, 'n'}, {"records", 1, NULL, 'r'}, {"seed", 1, NULL, 's'},
		{"format", 1, NULL, 'f'},  {"contig", 1, NULL, 'c'},  {"assembly", 1, NULL, 'a'},
		{"start", 1, NULL, 'b'},   {"density", 1, NULL, 'd'}, {"indels", 1, NULL, 'i'},
		{"multi", 1, NULL, 'm'},   {"missing", 1, NULL, 'x'}, {"half", 1, NULL, 'y'},
		{"panel", 1, NULL, 'p'},   {"star", 0, NULL, '*'},    {"ugly", 0, NULL, 'u'},
		{"truth", 0, NULL, 't'},   {"help", 0, NULL, 'h'},    {NULL, 0, NULL, 0},
	};
	const char *contigs = NULL;
	int c;

	*opt = (struct options){.samples = 2504,
				.records = 10000,
				.seed = 1,
				.density = 32,
				.indels = 0.1,
				.multi = 0.02,
				.assembly = &sim_assemblies[0]};
	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1)
		read_option(opt, c, optarg, &contigs);
	if (optind < argc)
		sim_usage_error(PROGRAM, "argument", argv[optind]);
	if (opt->ugly)
		make_ugly(opt);
	opt->contig[0] = sim_contig_at(opt->assembly, 0);
	opt->n_contigs = 1;
	if (contigs)
		opt->n_contigs = sim_opt_contigs(PROGRAM, opt->assembly, contigs, opt->contig);
}

static void put_header(struct cohort *c)
{
	static const char format_lines[] =
		"##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">\n"
		"##FORMAT=<ID=AD,Number=R,Type=Integer,Description=\"Read depth of each allele\">\n"
		"##FORMAT=<ID=DP,Number=1,Type=Integer,Description=\"Read depth\">\n"
		"##FORMAT=<ID=GQ,Number=1,Type=Integer,Description=\"Genotype quality\">\n"
		"##FORMAT=<ID=PL,Number=G,Type=Integer,Description=\"Phred-scaled likelihoods\">\n"
		"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT";
	struct sim_out *o = &c->out;

	sim_put_str(o, "##fileformat=VCFv4.3\n"
		       "##FILTER=<ID=PASS,Description=\"All filters passed\">\n"
		       "##FILTER=<ID=LowQual,Description=\"Low quality\">\n"
		       "##FILTER=<ID=InbreedingCoeff,Description=\"Too many heterozygotes\">\n"
		       "##source=sim_cohort (simulated: no person's data)\n");
	sim_put_contigs(o, c->opt.assembly);
	put_info_line(o, "AC", "", 'A', ",Type=Integer,Description=\"Alternate allele count\">\n");
	put_info_line(o, "AF", "", 'A',
		      ",Type=Float,Description=\"Alternate allele frequency\">\n");
	put_info_line(o, "AN", "", '1', ",Type=Integer,Description=\"Alleles called\">\n");
	put_info_line(o, "NS", "", '1', ",Type=Integer,Description=\"Samples with data\">\n");
	put_info_line(o, "DP", "", '1', ",Type=Integer,Description=\"Total read depth\">\n");
	for (int g = 0; g < SIM_N_SUPERS; g++)
		put_info_line(o, sim_supers[g], "_AF", 'A',
			      ",Type=Float,Description=\"Allele frequency in this group\">\n");
	if (c->opt.truth)
		put_truth_lines(o);
	sim_put_str(o, format_lines);
	for (uint32_t i = 0; i < c->opt.samples; i++) {
		sim_put_char(o, '\t');
		sim_put_person_name(o, i);
	}
	sim_put_char(o, '\n');
}

/* ID, REF, ALT, QUAL and FILTER, each with its tab. */
static void put_site(struct cohort *c, const struct sim_site *s)
{
	static const char *const filters[] = {".", "LowQual", "InbreedingCoeff;LowQual", "PASS"};
	struct sim_out *o = &c->out;
	int n_ids = rng_chance(&c->site_rng, 0.96);

	if (n_ids && c->opt.ugly)
		n_ids = (int)rng_between(&c->site_rng, 1, 2);
	for (int i = 0; i < n_ids; i++) {
		sim_put_str(o, i ? ";rs" : "rs");
		sim_put_u64(o, rng_between(&c->site_rng, 500000000, 599999999));
	}
	sim_put_str(o, n_ids ? "\t" : ".\t");
	sim_put(o, s->ref, s->ref_len);
	for (int i = 0; i < s->n_alts; i++) {
		sim_put_char(o, i ? ',' : '\t');
		sim_put_str(o, s->alt[i]);
	}
	sim_put_str(o, c->opt.ugly && rng_chance(&c->site_rng, 0.3) ? "\t.\t" : "\t100\t");
	sim_put_str(o, c->opt.ugly ? filters[rng_below(&c->site_rng, 4)] : "PASS");
	sim_put_char(o, '\t');
}

static void put_info(struct cohort *c, int n_alts, int has_gt)
{
	const struct sim_counts *counts = &c->counts;
	struct sim_out *o = &c->out;

	if (has_gt) {
		put_list(o, "AC", SIM_ALL, counts->ac[SIM_ALL], n_alts);
		for (int i = 0; i < n_alts; i++) {
			char *p;

			sim_put_str(o, i ? "," : ";AF=");
			p = sim_reserve(o, 16);
			o->len += (size_t)(sim_format_freq_c(p, counts->ac[SIM_ALL][i],
							     counts->an[SIM_ALL]) -
					   p);
		}
		put_list(o, ";AN", SIM_ALL, &counts->an[SIM_ALL], 1);
		put_list(o, ";NS", SIM_ALL, &counts->ns[SIM_ALL], 1);
		sim_put_char(o, ';');
	}
	sim_put_str(o, "DP=");
	sim_put_u64(o, (uint64_t)c->opt.samples * rng_between(&c->site_rng, 6000, 9000) / 1000);
	if (has_gt) {
		for (int g = 0; g < SIM_N_SUPERS; g++)
			put_group_af(o, counts, g, n_alts);
		if (c->opt.truth)
			put_truth(o, counts, n_alts);
	}
	sim_put_char(o, '\t');
}

/* The layout of this record's sample columns. */
static const struct sim_layout *choose_layout(struct cohort *c)
{
	static const struct sim_layout ugly[] = {
		{.field = {SIM_GT, SIM_DP}, .n = 2, .dropped = 0.3},
		{.field = {SIM_GT, SIM_AD, SIM_DP, SIM_GQ, SIM_PL}, .n = 5, .dropped = 0.3},
		{.field = {SIM_DP, SIM_GT}, .n = 2},
		{.field = {SIM_AD, SIM_GT, SIM_DP}, .n = 3, .dropped = 0.2},
		{.field = {SIM_DP, SIM_GQ}, .n = 2},
	};
	const struct sim_layout *plain = c->opt.full ? &sim_layout_full : &sim_layout_gt;

	if (!c->opt.ugly || rng_chance(&c->call_rng, 0.4))
		return plain;
	return &ugly[rng_below(&c->call_rng, sizeof(ugly) / sizeof(ugly[0]))];
}

static int layout_has_gt(const struct sim_layout *layout)
{
	for (int i = 0; i < layout->n; i++)
		if (layout->field[i] == SIM_GT)
			return 1;
	return 0;
}

/* Draws who carries what, and counts it. */
static void make_genotypes(struct cohort *c, const struct sim_site *s, enum sim_ploidy ploidy)
{
	const struct sim_template *t = &c->template[ploidy];
	uint32_t n = c->opt.samples;

	if (c->n_records++ % RECORDS_PER_STEP == 0)
		sim_haplotypes_step(&c->haplotypes, &c->carrier_rng);
	sim_row_reset(&c->row, t, n);
	if (s->star >= 0)
		sim_row_carry(&c->row, &c->haplotypes, &c->deletion, s->star + 1, ploidy);
	for (int i = 0; i < s->n_alts; i++) {
		uint32_t copies = sim_spectrum_draw(&c->spectrum[ploidy], &c->carrier_rng);
		struct sim_carriers who =
			sim_carriers_draw(&c->haplotypes, copies, &c->carrier_rng);

		if (i == s->star)
			continue;
		sim_row_carry(&c->row, &c->haplotypes, &who, i + 1, ploidy);
		if (i == s->deletion) {
			c->deletion = who;
			c->deletion_end1 = s->pos1 + s->deleted;
		}
	}
	sim_row_miss(&c->row, n, c->opt.missing, c->opt.half, &c->call_rng);
	if (c->opt.ugly)
		sim_row_odd(&c->row, n, 0.01, &c->call_rng);
	sim_count_row(&c->counts, &c->row, t, &c->people, s->n_alts);
}

static void put_record(struct cohort *c, const struct sim_contig *contig, uint32_t pos1)
{
	struct sim_site s = {.contig = contig->index, .pos1 = pos1};
	enum sim_ploidy ploidy = sim_ploidy_at(c->opt.assembly, contig->index, pos1);
	const struct sim_layout *layout;
	int n_alts = 1;

	if (rng_chance(&c->site_rng, c->opt.multi))
		n_alts = 1 + (int)rng_geometric(&c->site_rng, 0.85);
	if (c->opt.ugly && rng_chance(&c->site_rng, 0.01))
		n_alts = 12;
	n_alts = n_alts > 9 && !c->opt.ugly ? 9 : n_alts > 12 ? 12 : n_alts;
	sim_site_alleles(&s, c->opt.indels, n_alts, contig->len - pos1 + 1, &c->site_rng);
	if (c->opt.star && pos1 <= c->deletion_end1)
		sim_site_add_star(&s);
	layout = choose_layout(c);
	make_genotypes(c, &s, ploidy);

	sim_put_str(&c->out, contig->name);
	sim_put_char(&c->out, '\t');
	sim_put_u64(&c->out, pos1);
	sim_put_char(&c->out, '\t');
	put_site(c, &s);
	put_info(c, s.n_alts, layout_has_gt(layout));
	sim_put_format(&c->out, layout);
	sim_put_char(&c->out, '\t');
	if (layout == &sim_layout_gt) {
		sim_put(&c->out, c->row.text, c->row.offset[c->opt.samples]);
		c->out.buf[c->out.len - 1] = '\n';
	} else {
		sim_put_samples(&c->out, c->reads, layout, &c->row, c->opt.samples, s.n_alts + 1,
				&c->read_rng);
	}
}

/* n records of one contig, at increasing positions. */
static void put_contig(struct cohort *c, const struct sim_contig *contig, uint64_t n)
{
	uint32_t start =
		c->opt.start ? c->opt.start : sim_default_start(c->opt.assembly, contig->index);
	uint64_t pos1 = start - 1, room;
	double step;

	if (start > contig->len || n > contig->len - start + 1)
		sim_die(2, PROGRAM ": more records than places on contig", contig->name);
	room = contig->len - start + 1;
	step = n > 0 ? (double)room / (double)n : 1;
	step = step > c->opt.density ? c->opt.density : step;
	c->deletion_end1 = 0;
	for (uint64_t left = n; left > 0; left--) {
		uint64_t last = contig->len - left + 1;

		if (c->opt.star && c->deletion_end1 > pos1 && rng_chance(&c->site_rng, 0.5))
			pos1++;
		else
			pos1 += rng_geometric(&c->site_rng, 1 / step);
		pos1 = pos1 > last ? last : pos1;
		put_record(c, contig, (uint32_t)pos1);
	}
}

static void write_panel(const struct cohort *c)
{
	struct sim_out o;
	int fd = open(c->opt.panel, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0)
		sim_die(5, c->opt.panel, strerror(errno));
	sim_out_open(&o, fd);
	sim_put_panel(&o, &c->people);
	sim_out_close(&o);
	if (close(fd) != 0)
		sim_die(5, c->opt.panel, strerror(errno));
}

static void cohort_init(struct cohort *c)
{
	char separator = c->opt.full ? '/' : '|';
	const int n_ranges = (int)(sizeof(spectrum_1000g) / sizeof(spectrum_1000g[0]));

	rng_init(&c->site_rng, c->opt.seed, 2);
	rng_init(&c->carrier_rng, c->opt.seed, 3);
	rng_init(&c->call_rng, c->opt.seed, 4);
	rng_init(&c->read_rng, c->opt.seed, 5);
	sim_out_open(&c->out, STDOUT_FILENO);
	sim_people_init(&c->people, c->opt.samples, c->opt.seed);
	sim_haplotypes_init(&c->haplotypes, &c->people, &c->carrier_rng);
	sim_row_init(&c->row, c->opt.samples, c->opt.ugly);
	c->reads = sim_alloc(1, sizeof(*c->reads));
	sim_reads_init(c->reads, separator, &c->read_rng);
	for (int p = 0; p < SIM_N_PLOIDIES; p++) {
		sim_template_init(&c->template[p], &c -> people, (enum sim_ploidy)p, separator);
		sim_spectrum_init(&c->spectrum[p], spectrum_1000g, n_ranges,
				  c->template[p].n_copies);
	}
}

static void cohort_release(struct cohort *c)
{
	for (int p = 0; p < SIM_N_PLOIDIES; p++)
		sim_template_release(&c->template[p]);
	free(c->reads);
	sim_row_release(&c->row);
	sim_haplotypes_release(&c->haplotypes);
	sim_people_release(&c->people);
	sim_out_close(&c->out);
}

int main(int argc, char **argv)
{
	struct cohort *c = sim_alloc(1, sizeof(*c));
	uint64_t share, extra;

	read_options(&c->opt, argc, argv);
	cohort_init(c);
	if (c->opt.panel)
		write_panel(c);
	put_header(c);
	share = c->opt.records / (uint64_t)c->opt.n_contigs;
	extra = c->opt.records % (uint64_t)c->opt.n_contigs;
	for (int i = 0; i < c->opt.n_contigs; i++)
		put_contig(c, &c->opt.contig[i], share + ((uint64_t)i < extra));
	cohort_release(c);
	free(c);
	return 0;
}
