/*
 * sim_sites_info.h: alleles of a gnomAD-like sites file, and the INFO a reader of counts skips.
 *
 * grpmax and faf95 follow from the counts (faf95 as Whiffin et al. 2017 define it); the ages, the
 * scores and the VEP-like string are only there to be as long, and as hard to compress, as such
 * text is.
 */
#ifndef BENCH_SIM_SITES_INFO_H
#define BENCH_SIM_SITES_INFO_H

#include "sim_sites_model.h"

enum {
	SITES_MAX_INDEL = 500, /* bases */
	SITES_FAF_TABLE = 256, /* allele counts whose faf95 numerator is tabulated */
};

struct sites_allele {
	uint32_t ref_len, alt_len;
	char ref[SITES_MAX_INDEL + 2], alt[SITES_MAX_INDEL + 2];
};

struct sites_info {
	struct rng rng;
	double faf_lambda[SITES_FAF_TABLE];
};

/* Groups that gnomAD computes filtering frequencies for; 0 is everyone. */
static const int sites_faf_groups[] = {0, 3, 9, 15, 21, 24};
enum { SITES_N_FAF = sizeof(sites_faf_groups) / sizeof(sites_faf_groups[0]) };

static const char sites_info_lines[] =
	"##INFO=<ID=grpmax,Number=A,Type=String,Description=\"Ancestry group with the highest "
	"frequency\">\n"
	"##INFO=<ID=age_hist_het_bin_freq,Number=A,Type=String,Description=\"Histogram of ages of "
	"heterozygous individuals\">\n"
	"##INFO=<ID=FS,Number=1,Type=Float,Description=\"Strand bias, phred-scaled\">\n"
	"##INFO=<ID=QD,Number=1,Type=Float,Description=\"Confidence normalised by depth\">\n"
	"##INFO=<ID=SOR,Number=1,Type=Float,Description=\"Strand bias, odds ratio\">\n"
	"##INFO=<ID=AS_VQSLOD,Number=A,Type=Float,Description=\"Allele-specific log-odds of being "
	"a true variant\">\n"
	"##INFO=<ID=allele_type,Number=1,Type=String,Description=\"snv, ins or del\">\n"
	"##INFO=<ID=n_alt_alleles,Number=1,Type=Integer,Description=\"Alternate alleles at this "
	"position\">\n"
	"##INFO=<ID=lcr,Number=0,Type=Flag,Description=\"Within a low complexity region\">\n"
	"##INFO=<ID=non_par,Number=0,Type=Flag,Description=\"On a sex chromosome, outside a "
	"pseudoautosomal region\">\n"
	"##INFO=<ID=vep,Number=.,Type=String,Description=\"Consequence annotations. Format: "
	"Allele|Consequence|IMPACT|SYMBOL|Feature|HGVSc\">\n";

/* lambda with P(Poisson(lambda) < ac) = 0.95, by bisection. */
static inline double sites_faf_lambda(int ac)
{
	double lo = 0, hi = ac;

	for (int step = 0; step < 60; step++) {
		double lambda = (lo + hi) / 2, term = exp(-lambda), sum = 0;

		for (int k = 0; k < ac; k++) {
			sum += term;
			term *= lambda / (k + 1);
		}
		if (sum > 0.95)
			lo = lambda;
		else
			hi = lambda;
	}
	return lo;
}

static inline void sites_info_init(struct sites_info *info, uint64_t seed)
{
	rng_init(&info->rng, seed, 13);
	for (int ac = 0; ac < SITES_FAF_TABLE; ac++)
		info->faf_lambda[ac] = ac > 1 ? sites_faf_lambda(ac) : 0;
}

/* The group's suffix: "", _XX, _afr, _afr_XX ... */
static inline void sites_group_suffix(int group, char suffix[9])
{
	static const char *const sex[3] = {"", "_XX", "_XY"};

	if (group < 3)
		strcpy(suffix, sex[group]);
	else
		snprintf(suffix, 9, "_%s%s", sites_ancestries[group / 3 - 1].name, sex[group % 3]);
}

static inline void sites_put_freq(struct sim_out *o, uint64_t n, uint64_t d)
{
	char *p = sim_reserve(o, 16);

	o->len += (size_t)(sim_format_freq_java(p, n, d) - p);
}

/* The ancestry of highest AF, as its group number; 0 if nobody eligible carries the ALT. */
static inline int sites_grpmax(const struct sites_counts *c)
{
	int best = 0;

	for (int i = 1; i < SITES_N_FAF; i++) {
		int g = sites_faf_groups[i];

		if (c->ac[g] > 0 && (best == 0 || (uint64_t)c->ac[g] * c->an[best] >
							  (uint64_t)c->ac[best] * c->an[g]))
			best = g;
	}
	return best;
}

/*
 * faf95 of each eligible group.  The numerator comes from a table, or above it from the normal
 * approximation of Wilson and Hilferty to the chi-squared, good to 5 digits there.
 */
static inline void sites_put_faf(struct sim_out *o, const struct sites_info *info,
				 const struct sites_counts *counts)
{
	for (int i = 0; i < SITES_N_FAF; i++) {
		uint32_t ac = counts->ac[sites_faf_groups[i]], an = counts->an[sites_faf_groups[i]];
		double lambda = ac < SITES_FAF_TABLE ? info->faf_lambda[ac] : 0;
		char suffix[9];

		if (ac >= SITES_FAF_TABLE) {
			double v = 1 / (9.0 * ac), root = 1 - v - 1.6448536 * sqrt(v);

			lambda = ac * root * root * root;
		}
		sites_group_suffix(sites_faf_groups[i], suffix);
		sim_put_str(o, ";faf95");
		sim_put_str(o, suffix);
		sim_put_char(o, '=');
		sites_put_freq(o, (uint64_t)(lambda * 1e6), an * UINT64_C(1000000));
	}
}

/* Ten age bins with the heterozygous carriers whose age is known, never more than six of them. */
static inline void sites_put_ages(struct sim_out *o, struct sites_info *info, uint32_t het)
{
	char bins[] = "0|0|0|0|0|0|0|0|0|0";

	for (uint32_t i = 0; i < het && i < 6; i++)
		if (rng_chance(&info->rng, 0.35))
			bins[2 * rng_below(&info->rng, 10)]++;
	sim_put_str(o, ";age_hist_het_bin_freq=");
	sim_put(o, bins, sizeof(bins) - 1);
}

/* ;key=whole.digits with whole below a limit and n random digits. */
static inline char *sites_format_score(char *p, const char *key, uint32_t limit, int n,
				       struct rng *r)
{
	uint64_t bits = rng_next(r);
	size_t len = strlen(key);

	p = (char *)memcpy(p, key, len) + len;
	p = sim_format_u64(p, (bits & 0xffff) * limit >> 16);
	*p++ = '.';
	for (bits >>= 16; n > 0; n--, bits /= 10)
		*p++ = (char)('0' + bits % 10);
	return p;
}

static inline void sites_put_scores(struct sim_out *o, struct sites_info *info, int hard)
{
	char *begin = sim_reserve(o, 128), *p = begin;

	p = sites_format_score(p, ";FS=", 6, 5, &info->rng);
	p = sites_format_score(p, ";QD=", 24, 4, &info->rng);
	p = sites_format_score(p, ";SOR=", 2, 6, &info->rng);
	p = sites_format_score(p, hard ? ";AS_VQSLOD=-" : ";AS_VQSLOD=", 8, 4, &info->rng);
	o->len += (size_t)(p - begin);
}

/* A consequence, in a gene of its own every 50,000 bases. */
static inline void sites_put_vep(struct sim_out *o, struct sites_info *info, uint32_t gene,
				 const struct sites_allele *a)
{
	static const char *const consequence[] = {
		"intron_variant|MODIFIER",      "intron_variant|MODIFIER",
		"intergenic_variant|MODIFIER",  "upstream_gene_variant|MODIFIER",
		"missense_variant|MODERATE",    "synonymous_variant|LOW",
		"3_prime_UTR_variant|MODIFIER", "stop_gained|HIGH",
	};
	uint32_t pick = rng_below(&info->rng, 64);
	const char *what = consequence[pick < 50 ? pick / 20 : pick < 60 ? 3 : 4 + pick % 4];
	int insertion = a->alt_len > a->ref_len;
	char text[96];
	uint64_t bits = rng_next(&info->rng);
	int n = snprintf(text, sizeof(text), "|%s|GENE%u|ENST%011u|c.%u+%u%c>%c", what, gene,
			 gene * 16 + (uint32_t)(bits & 7), (uint32_t)(bits >> 3 & 0x7ff),
			 (uint32_t)(bits >> 14 & 0xfff), a->ref[0], a->alt[0]);

	sim_put_str(o, ";vep=");
	sim_put(o, a->alt + insertion, insertion ? a->alt_len - 1 : 1);
	sim_put(o, text, (size_t)n);
}

/* A new allele at a place; room is how many bases the contig has from there on, at least 1. */
static inline void sites_make_allele(struct sites_allele *a, int contig, uint32_t pos1,
				     uint32_t room, double indels, struct rng *r)
{
	int indel = rng_chance(r, indels), deletion = indel && rng_chance(r, 0.6);
	uint32_t len = indel ? sim_indel_len(r, SITES_MAX_INDEL) : 0;

	if (deletion && len >= room)
		len = room - 1;
	a->ref_len = deletion ? 1 + len : 1;
	a->alt_len = deletion ? 1 : 1 + len;
	sim_reference(contig, pos1, a->ref_len, a->ref);
	a->alt[0] = len > 0 ? a->ref[0] : sim_substitute(r, a->ref[0]);
	for (uint32_t i = 1; i < a->alt_len; i++)
		a->alt[i] = "ACGT"[rng_next(r) >> 62];
	a->ref[a->ref_len] = a->alt[a->alt_len] = '\0';
}

static inline int sites_compare_alleles(const struct sites_allele *a, const struct sites_allele *b)
{
	int order = strcmp(a->ref, b->ref);

	return order ? order : strcmp(a->alt, b->alt);
}

/*
 * Sorts list[n], a new allele, into the n before it, which are in order.  Returns the new length:
 * n again if it is one of them.
 */
static inline int sites_insert_allele(struct sites_allele *list, int n)
{
	struct sites_allele a;
	int at = 0;

	while (at < n && sites_compare_alleles(&list[at], &list[n]) < 0)
		at++;
	if (at == n)
		return n + 1;
	if (sites_compare_alleles(&list[at], &list[n]) == 0)
		return n;
	a = list[n];
	memmove(&list[at + 1], &list[at], (size_t)(n - at) * sizeof(*list));
	list[at] = a;
	return n + 1;
}

#endif
