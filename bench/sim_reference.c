/*
 * sim_reference: the genome the other simulators draw from, as FASTA on standard output, so that
 * their files can be built with a reference.
 */
#include "sim_opt.h"

#define PROGRAM "sim_reference"

enum { LINE = 60 };

static const char usage[] =
	"About:   The reference genome of the other simulators, as FASTA, to standard output.\n"
	"Usage:   " PROGRAM " [options] | bgzip >reference.fa.gz\n"
	"\n"
	"  --assembly NAME     GRCh38 (chr1 ...) or GRCh37 (1 ...) [GRCh38]\n"
	"  --contig LIST       contigs, comma-separated, whole [all]\n"
	"  --bases N           only the first N bases of each [all]\n"
	"\n"
	"Examples:\n"
	"  sim_reference --contig chr20,chrX | bgzip >reference.fa.gz\n";

struct options {
	const struct sim_assembly *assembly;
	struct sim_contig contig[SIM_N_CONTIGS];
	int n_contigs;
	uint32_t bases;
};

static void read_options(struct options *opt, int argc, char **argv)
{
	static const struct option names[] = {{"assembly", 1, NULL, 'a'},
					      {"contig", 1, NULL, 'c'},
					      {"bases", 1, NULL, 'b'},
					      {"help", 0, NULL, 'h'},
					      {NULL, 0, NULL, 0}};
	const char *contigs = NULL;
	int c;

	*opt = (struct options){.assembly = &sim_assemblies[0], .bases = UINT32_MAX};
	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (c == 'h') {
			fputs(usage, stdout);
			exit(0);
		}
		if (c == 'a')
			opt->assembly = sim_opt_assembly(PROGRAM, optarg);
		else if (c == 'c')
			contigs = optarg;
		else if (c == 'b')
			opt->bases =
				(uint32_t)sim_opt_u64(PROGRAM, "--bases", optarg, 1, UINT32_MAX);
		else
			exit(2); /* getopt has said what is wrong */
	}
	if (optind < argc)
		sim_usage_error(PROGRAM, "argument", argv[optind]);
	opt->n_contigs = SIM_N_CONTIGS;
	for (int i = 0; i < opt->n_contigs; i++)
		opt->contig[i] = sim_contig_at(opt->assembly, i);
	if (contigs)
		opt->n_contigs = sim_opt_contigs(PROGRAM, opt->assembly, contigs, opt->contig);
}

static void put_contig(struct sim_out *out, const struct sim_contig *contig, uint32_t bases)
{
	uint32_t len = contig->len < bases ? contig->len : bases;

	sim_put_char(out, '>');
	sim_put_str(out, contig->name);
	sim_put_char(out, '\n');
	for (uint32_t at = 0; at < len; at += LINE) {
		uint32_t n = len - at < LINE ? len - at : LINE;
		char *p = sim_reserve(out, LINE + 1);

		sim_reference(contig->index, at + 1, n, p);
		p[n] = '\n';
		out->len += n + 1;
	}
}

int main(int argc, char **argv)
{
	struct options opt;
	struct sim_out out;

	read_options(&opt, argc, argv);
	sim_out_open(&out, STDOUT_FILENO);
	for (int i = 0; i < opt.n_contigs; i++)
		put_contig(&out, &opt.contig[i], opt.bases);
	sim_out_close(&out);
	return 0;
}
