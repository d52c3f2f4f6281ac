/*
 * sim_cohort_info.h: the INFO of a cohort record: its declarations and its counts as text.
 */
#ifndef BENCH_SIM_COHORT_INFO_H
#define BENCH_SIM_COHORT_INFO_H

#include "sim_genotypes.h"

static inline void put_info_line(struct sim_out *o, const char *key, const char *group, char number,
				 const char *type_and_text)
{
	sim_put_str(o, "##INFO=<ID=");
	sim_put_str(o, key);
	sim_put_str(o, group);
	sim_put_str(o, ",Number=");
	sim_put_char(o, number);
	sim_put_str(o, type_and_text);
}

static inline void put_truth_lines(struct sim_out *o)
{
	for (int g = 0; g <= SIM_N_SUPERS; g++) {
		char group[8] = "";

		if (g > 0)
			snprintf(group, sizeof(group), "_%s", sim_supers[g - 1]);
		put_info_line(o, "TRUE_AC", group, 'A',
			      ",Type=Integer,Description=\"Copies of the ALT\">\n");
		put_info_line(o, "TRUE_AN", group, '1',
			      ",Type=Integer,Description=\"Alleles called\">\n");
		put_info_line(
			o, "TRUE_HOM", group, 'A',
			",Type=Integer,Description=\"Individuals homozygous for the ALT\">\n");
		put_info_line(o, "TRUE_HEMI", group, 'A',
			      ",Type=Integer,Description=\"Individuals haploid with the ALT\">\n");
		put_info_line(
			o, "TRUE_HET", group, 'A',
			",Type=Integer,Description=\"Individuals heterozygous for the ALT\">\n");
	}
}

static inline void put_list(struct sim_out *o, const char *key, int g, const uint32_t *value, int n)
{
	sim_put_str(o, key);
	if (g < SIM_ALL) {
		sim_put_char(o, '_');
		sim_put(o, sim_supers[g], 3);
	}
	for (int i = 0; i < n; i++) {
		sim_put_char(o, i ? ',' : '=');
		sim_put_u64(o, value[i]);
	}
}

/* Rounded to four places, as the group frequencies of 1000 Genomes are. */
static inline void put_group_af(struct sim_out *o, const struct sim_counts *counts, int g,
				int n_alts)
{
	sim_put_char(o, ';');
	sim_put(o, sim_supers[g], 3);
	sim_put_str(o, "_AF=");
	for (int i = 0; i < n_alts; i++) {
		uint64_t an = counts->an[g];
		uint64_t rounded = an ? (counts->ac[g][i] * UINT64_C(20000) / an + 1) / 2 : 0;
		char *p;

		if (i > 0)
			sim_put_char(o, ',');
		p = sim_reserve(o, 16);
		o->len += (size_t)(sim_format_freq_c(p, rounded, 10000) - p);
	}
}

static inline void put_truth(struct sim_out *o, const struct sim_counts *counts, int n_alts)
{
	for (int i = 0; i < SIM_N_GROUPS; i++) {
		int g = i ? i - 1 : SIM_ALL;

		put_list(o, ";TRUE_AC", g, counts->ac[g], n_alts);
		put_list(o, ";TRUE_AN", g, &counts->an[g], 1);
		put_list(o, ";TRUE_HOM", g, counts->hom[g], n_alts);
		put_list(o, ";TRUE_HEMI", g, counts->hemi[g], n_alts);
		put_list(o, ";TRUE_HET", g, counts->het[g], n_alts);
	}
}

#endif
