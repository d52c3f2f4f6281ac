/*
 * sim_sites: a gnomAD-like sites VCF, to standard output; a million records or a hundred million.
 *
 * What is modelled, and why:
 * - 27 groups (everyone and 8 ancestries, each by none, XX, XY) with AC, AN, AF and nhomalt under
 *   gnomAD v4's keys and in its order, because their text is what a build has to read;
 * - counts that hold together (sim_sites_model.h): sexes and ancestries add up to the whole, AN
 *   near its maximum and even on autosomes, X and Y by sex, nhomalt as Hardy-Weinberg has it,
 *   because an index's size depends on it;
 * - multi-allelic sites as separate records at one position, in order of their alleles; one
 *   record in eight an indel, a few of hundreds of bases; rsIDs on about half; FILTERs;
 * - other INFO that must be skipped: grpmax, faf95, histograms, scores, a VEP-like string.
 *
 * A record is about 1.9 kB of text and 185 bytes after bgzip, as in files of this kind.  The same
 * options and seed give the same bytes (see rng.h for its one reservation).  Nothing is kept:
 * memory is constant.
 */
#include "sim_opt.h"
#include "sim_sites_info.h"

#define PROGRAM "sim_sites"

enum { MAX_AT_POS = 4 }; /* records at one position */

struct options {
	uint64_t records, seed;
	uint32_t start;
	double density, indels;
	int groups;
	const struct sim_assembly *assembly;
	struct sim_contig contig[SIM_N_CONTIGS];
	int n_contigs, spread; /* spread: an even share to each contig */
};

/* The fixed text of one group's INFO around its numbers. */
struct group_text {
	int group;
	char absent[64]; /* from AC up to the digits of AN, with AC 0 */
	size_t absent_len;
	char ac[24], af[24], an[24], hom[24];
};

struct sites {
	struct options opt;
	struct sim_out out;
	struct sites_model model;
	struct sites_counts counts;
	struct sites_info info;
	struct rng site_rng;
	double stop_scale; /* of the number of records at one position */
	struct group_text text[SITES_N_GROUPS];
	int n_text;
	char rsid[16];
};

static const char usage[] =
	"About:   A simulated gnomAD-like sites VCF, to standard output.\n"
	"Usage:   sim_sites [options] | bgzip >sites.vcf.gz\n"
	"\n"
	"  --records N         records in all [1000000]\n"
	"  --seed N            another seed, other data [1]\n"
	"  --groups 1|3|9|27   everyone (plain AC, AN, AF, nhomalt and no other INFO); by sex; by\n"
	"                      ancestry; everyone and 8 ancestries, each also by sex [27]\n"
	"  --indels FRACTION   of records that are indels [0.13]\n"
	"  --assembly NAME     GRCh38 (chr1 ...) or GRCh37 (1 ...) [GRCh38]\n"
	"  --contig LIST       contigs, comma-separated, an even share of the records to each\n"
	"                      [the first ones, each filled before the next]\n"
	"  --start POS         first possible position, 1-based [10001; X: 10,000 bases before "
	"the\n"
	"                      end of PAR1; Y: after PAR1; mitochondrion: 1]\n"
	"  --density BP        mean bases from one record to the next; less where the records\n"
	"                      would not fit [4]\n"
	"\n"
	"Examples:\n"
	"  sim_sites --records 1000000 | bgzip -@2 >sites.vcf.gz\n"
	"  sim_sites --records 10000000 --groups 1 --seed 7 | bgzip >plain.vcf.gz\n"
	"  sim_sites --records 30000 --contig chr21,chrX,chrY >three.vcf\n";

static void read_option(struct options *opt, int c, const char *value, const char **contigs)
{
	switch (c) {
	case 'r':
		opt->records = sim_opt_u64(PROGRAM, "--records", value, 0, UINT64_C(1) << 40);
		break;
	case 's':
		opt->seed = sim_opt_u64(PROGRAM, "--seed", value, 0, UINT64_MAX);
		break;
	case 'g':
		opt->groups = (int)sim_opt_u64(PROGRAM, "--groups", value, 1, 27);
		if (opt->groups != 1 && opt->groups != 3 && opt->groups != 9 && opt->groups != 27)
			sim_usage_error(PROGRAM, "--groups", value);
		break;
	case 'i':
		opt->indels = sim_opt_real(PROGRAM, "--indels", value, 0, 1);
		break;
	case 'a':
		opt->assembly = sim_opt_assembly(PROGRAM, value);
		break;
	case 'c':
		*contigs = value;
		break;
	case 'b':
		opt->start = (uint32_t)sim_opt_u64(PROGRAM, "--start", value, 1, 248956422);
		break;
	case 'd':
		opt->density = sim_opt_real(PROGRAM, "--density", value, 1, 1e8);
		break;
	case 'h':
		fputs(usage, stdout);
		exit(0);
	default:
		exit(2); /* getopt has said what is wrong */
	}
}

static void read_options(struct options *opt, int argc, char **argv)
{
	static const struct option names[] = {
		{"records", 1, NULL, 'r'}, {"seed", 1, NULL, 's'},     {"groups", 1, NULL, 'g'},
		{"indels", 1, NULL, 'i'},  {"assembly", 1, NULL, 'a'}, {"contig", 1, NULL, 'c'},
		{"start", 1, NULL, 'b'},   {"density", 1, NULL, 'd'},  {"help", 0, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	const char *contigs = NULL;
	int c;

	*opt = (struct options){.records = 1000000,
				.seed = 1,
				.groups = 27,
				.density = 4,
				.indels = 0.13,
				.assembly = &sim_assemblies[0]};
	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1)
		read_option(opt, c, optarg, &contigs);
	if (optind < argc)
		sim_usage_error(PROGRAM, "argument", argv[optind]);
	opt->spread = contigs != NULL;
	opt->n_contigs = 24;
	for (int i = 0; i < opt->n_contigs; i++)
		opt->contig[i] = sim_contig_at(opt->assembly, i);
	if (contigs)
		opt->n_contigs = sim_opt_contigs(PROGRAM, opt->assembly, contigs, opt->contig);
}

/* Group number i in the order of printing, after the one for everyone: sexes before the whole. */
static int group_in_order(int n_groups, int i)
{
	if (n_groups == 9)
		return 3 * i;
	if (i <= 2)
		return i;
	return i % 3 == 2 ? i - 2 : i + 1;
}

static void init_group_texts(struct sites *s)
{
	for (int i = 1; i < s->opt.groups; i++) {
		struct group_text *t = &s->text[s->n_text++];
		char suffix[9];

		t->group = group_in_order(s->opt.groups, i);
		sites_group_suffix(t->group, suffix);
		t->absent_len =
			(size_t)snprintf(t->absent, sizeof(t->absent),
					 ";AC%s=0;AF%s=0.00000;AN%s=", suffix, suffix, suffix);
		snprintf(t->ac, sizeof(t->ac), ";AC%s=", suffix);
		snprintf(t->af, sizeof(t->af), ";AF%s=", suffix);
		snprintf(t->an, sizeof(t->an), ";AN%s=", suffix);
		snprintf(t->hom, sizeof(t->hom), ";nhomalt%s=", suffix);
	}
}

static void put_info_lines(struct sim_out *o, int group)
{
	static const char *const lines[4][2] = {
		{"AC", ",Number=A,Type=Integer,Description=\"Alternate allele count\">\n"},
		{"AN", ",Number=1,Type=Integer,Description=\"Total number of alleles\">\n"},
		{"AF", ",Number=A,Type=Float,Description=\"Alternate allele frequency\">\n"},
		{"nhomalt", ",Number=A,Type=Integer,Description=\"Count of homozygous "
			    "individuals\">\n"},
	};
	char suffix[9];

	sites_group_suffix(group, suffix);
	for (int i = 0; i < 4; i++) {
		sim_put_str(o, "##INFO=<ID=");
		sim_put_str(o, lines[i][0]);
		sim_put_str(o, suffix);
		sim_put_str(o, lines[i][1]);
	}
}

static void put_header(struct sites *s)
{
	struct sim_out *o = &s->out;
	char suffix[9];

	sim_put_str(o, "##fileformat=VCFv4.2\n"
		       "##FILTER=<ID=PASS,Description=\"Passed all variant filters\">\n"
		       "##FILTER=<ID=AC0,Description=\"Allele count is zero after filtering out "
		       "low-confidence genotypes\">\n"
		       "##FILTER=<ID=AS_VQSR,Description=\"Failed VQSR filtering thresholds\">\n"
		       "##FILTER=<ID=InbreedingCoeff,Description=\"Inbreeding coefficient < "
		       "-0.3\">\n"
		       "##source=sim_sites (simulated: no person's data)\n");
	put_info_lines(o, 0);
	for (int i = 0; i < s->n_text; i++)
		put_info_lines(o, s->text[i].group);
	if (s->opt.groups > 1) {
		for (int i = 0; i < SITES_N_FAF; i++) {
			sites_group_suffix(sites_faf_groups[i], suffix);
			sim_put_str(o, "##INFO=<ID=faf95");
			sim_put_str(o, suffix);
			sim_put_str(o, ",Number=A,Type=Float,Description=\"Filtering allele "
				       "frequency (95 % CI)\">\n");
		}
		sim_put_str(o, sites_info_lines);
	}
	sim_put_contigs(o, s->opt.assembly);
	sim_put_str(o, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n");
}

/* One group's AC, AF, AN and nhomalt. */
static void put_group(struct sites *s, const struct group_text *t)
{
	struct sim_out *o = &s->out;
	uint32_t ac = s->counts.ac[t->group], an = s->counts.an[t->group];

	if (ac == 0) {
		sim_put(o, t->absent, t->absent_len);
	} else {
		sim_put_str(o, t->ac);
		sim_put_u64(o, ac);
		sim_put_str(o, t->af);
		sites_put_freq(o, ac, an);
		sim_put_str(o, t->an);
	}
	sim_put_u64(o, an);
	sim_put_str(o, t->hom);
	sim_put_u64(o, s->counts.hom[t->group]);
}

static void put_other_info(struct sites *s, const struct sim_contig *contig, uint32_t pos1,
			   const struct sites_allele *a, int n_here)
{
	struct sim_out *o = &s->out;

	sites_put_faf(o, &s->info, &s->counts);
	sites_put_ages(o, &s->info, s->counts.ac[0] - 2 * s->counts.hom[0]);
	sites_put_scores(o, &s->info, s->model.hard);
	sim_put_str(o, a->ref_len == a->alt_len  ? ";allele_type=snv"
		       : a->ref_len < a->alt_len ? ";allele_type=ins"
						 : ";allele_type=del");
	sim_put_str(o, ";n_alt_alleles=");
	sim_put_u64(o, (uint64_t)n_here);
	if (s->model.hard)
		sim_put_str(o, ";lcr");
	if (s->model.ploidy == SIM_X || s->model.ploidy == SIM_Y)
		sim_put_str(o, ";non_par");
	sites_put_vep(o, &s->info, (uint32_t)contig->index * 10000 + pos1 / 50000, a);
}

static void put_info(struct sites *s, const struct sim_contig *contig, uint32_t pos1,
		     const struct sites_allele *a, int n_here)
{
	struct sim_out *o = &s->out;
	const struct sites_counts *c = &s->counts;
	int best = s->opt.groups > 1 ? sites_grpmax(c) : 0, no_xx = s->model.ploidy == SIM_Y;

	sim_put_str(o, "AC=");
	sim_put_u64(o, c->ac[0]);
	sim_put_str(o, ";AN=");
	sim_put_u64(o, c->an[0]);
	sim_put_str(o, ";AF=");
	sites_put_freq(o, c->ac[0], c->an[0]);
	if (best >= 3) {
		sim_put_str(o, ";grpmax=");
		sim_put(o, sites_ancestries[best / 3 - 1].name, 3);
	}
	sim_put_str(o, ";nhomalt=");
	sim_put_u64(o, c->hom[0]);
	for (int i = 0; i < s->n_text; i++)
		if (!no_xx || s->text[i].group % 3 != 1)
			put_group(s, &s->text[i]);
	if (s->opt.groups > 1)
		put_other_info(s, contig, pos1, a, n_here);
	sim_put_char(o, '\n');
}

static void put_filter(struct sites *s, int only_het)
{
	struct sim_out *o = &s->out;
	int vqsr = rng_chance(&s->info.rng, s->model.hard ? 0.5 : 0.08);

	if (s->counts.ac[0] == 0)
		sim_put_str(o, vqsr ? "AC0;AS_VQSR" : "AC0");
	else if (only_het)
		sim_put_str(o, vqsr ? "AS_VQSR;InbreedingCoeff" : "InbreedingCoeff");
	else
		sim_put_str(o, vqsr ? "AS_VQSR" : "PASS");
}

static void put_record(struct sites *s, const struct sim_contig *contig, uint32_t pos1,
		       const struct sites_allele *a, int n_here)
{
	struct sim_out *o = &s->out;
	int only_het = sites_draw_carriers(&s->model);

	if (s->opt.groups > 1)
		sites_sum_groups(&s->model, &s->counts);
	else
		sites_sum_all(&s->model, &s->counts);
	sim_put_str(o, contig->name);
	sim_put_char(o, '\t');
	sim_put_u64(o, pos1);
	sim_put_char(o, '\t');
	sim_put_str(o, s->rsid);
	sim_put_char(o, '\t');
	sim_put(o, a->ref, a->ref_len);
	sim_put_char(o, '\t');
	sim_put(o, a->alt, a->alt_len);
	sim_put(o, "\t.\t", 3);
	put_filter(s, only_het);
	sim_put_char(o, '\t');
	put_info(s, contig, pos1, a, n_here);
}

/* All records of one position, at most n.  Returns how many. */
static int put_position(struct sites *s, const struct sim_contig *contig, uint32_t pos1, uint64_t n)
{
	struct sites_allele list[MAX_AT_POS];
	uint64_t wanted = rng_geometric_at(&s->site_rng, 0.87, s->stop_scale);
	int n_here = 0;

	wanted = wanted > n ? n : wanted > MAX_AT_POS ? MAX_AT_POS : wanted;
	for (uint64_t i = 0; i < wanted; i++) {
		sites_make_allele(&list[n_here], contig->index, pos1, contig->len - pos1 + 1,
				  s->opt.indels, &s->site_rng);
		n_here = sites_insert_allele(list, n_here);
	}
	memcpy(s->rsid, ".", 2);
	if (rng_chance(&s->site_rng, 0.5)) {
		memcpy(s->rsid, "rs", 2);
		*sim_format_u64(s->rsid + 2, rng_between(&s->site_rng, 500000000, 2000000000)) =
			'\0';
	}
	sites_draw_calls(&s->model, sim_ploidy_at(s->opt.assembly, contig->index, pos1));
	for (int i = 0; i < n_here; i++)
		put_record(s, contig, pos1, &list[i], n_here);
	return n_here;
}

static uint32_t contig_start(const struct options *opt, const struct sim_contig *contig)
{
	return opt->start ? opt->start : sim_default_start(opt->assembly, contig->index);
}

static void put_contig(struct sites *s, const struct sim_contig *contig, uint64_t n)
{
	uint32_t start = contig_start(&s->opt, contig);
	uint64_t pos1 = start - 1, room;
	double step, scale; /* mean bases from one position to the next */

	if (start > contig->len || n > contig->len - start + 1)
		sim_die(2, PROGRAM ": more records than places on contig", contig->name);
	room = contig->len - start + 1;
	step = n > 0 ? (double)room / (double)n : 1;
	step = (step > s->opt.density ? s->opt.density : step) * 1.14;
	scale = rng_geometric_scale(1 / step);
	while (n > 0) {
		uint64_t last = contig->len - n + 1;

		pos1 += rng_geometric_at(&s->site_rng, 1 / step, scale);
		pos1 = pos1 > last ? last : pos1;
		n -= (uint64_t)put_position(s, contig, (uint32_t)pos1, n);
	}
}

/* How many of the left records go to contig number i. */
static uint64_t contig_share(const struct options *opt, int i, uint64_t left)
{
	const struct sim_contig *contig = &opt->contig[i];
	uint64_t fits = (uint64_t)((contig->len - contig_start(opt, contig)) / opt->density);

	if (opt->spread)
		return left / (uint64_t)(opt->n_contigs - i);
	return i == opt->n_contigs - 1 || left < fits ? left : fits;
}

int main(int argc, char **argv)
{
	struct sites *s = sim_alloc(1, sizeof(*s));
	uint64_t left;

	read_options(&s->opt, argc, argv);
	sim_out_open(&s->out, STDOUT_FILENO);
	sites_model_init(&s->model, s->opt.seed);
	rng_init(&s->site_rng, s->opt.seed, 12);
	s->stop_scale = rng_geometric_scale(0.87);
	sites_info_init(&s->info, s->opt.seed);
	init_group_texts(s);
	put_header(s);
	left = s->opt.records;
	for (int i = 0; i < s->opt.n_contigs && left > 0; i++) {
		uint64_t share = contig_share(&s->opt, i, left);

		put_contig(s, &s->opt.contig[i], share);
		left -= share;
	}
	sim_out_close(&s->out);
	free(s);
	return 0;
}
