/*
 * sim_opt.h: option values and the contig list, read alike by every simulator.
 *
 * A value that is not what its option wants ends the program with status 2 and one line naming
 * both.
 */
#ifndef BENCH_SIM_OPT_H
#define BENCH_SIM_OPT_H

#include <getopt.h>

#include "sim_genome.h"

static inline _Noreturn void sim_usage_error(const char *program, const char *option,
					     const char *value)
{
	fprintf(stderr, "%s: %s: not a fit value: %s (see --help)\n", program, option, value);
	exit(2);
}

/* A whole number in [lo, hi]; digits only. */
static inline uint64_t sim_opt_u64(const char *program, const char *option, const char *value,
				   uint64_t lo, uint64_t hi)
{
	char *end;
	uint64_t x;

	errno = 0;
	x = strtoull(value, &end, 10);
	if (errno || end == value || *end || *value == '-' || x < lo || x > hi)
		sim_usage_error(program, option, value);
	return x;
}

/* A number in [lo, hi]. */
static inline double sim_opt_real(const char *program, const char *option, const char *value,
				  double lo, double hi)
{
	char *end;
	double x;

	errno = 0;
	x = strtod(value, &end);
	if (errno || end == value || *end || !(x >= lo && x <= hi))
		sim_usage_error(program, option, value);
	return x;
}

static inline const struct sim_assembly *sim_opt_assembly(const char *program, const char *value)
{
	const struct sim_assembly *as = sim_assembly_find(value);

	if (!as)
		sim_usage_error(program, "--assembly", value);
	return as;
}

/* A comma-separated list of contigs of the assembly.  Returns how many; at least one. */
static inline int sim_opt_contigs(const char *program, const struct sim_assembly *as,
				  const char *list, struct sim_contig contig[SIM_N_CONTIGS])
{
	int n = 0;

	for (const char *p = list; p; n++) {
		const char *comma = strchr(p, ',');
		size_t len = comma ? (size_t)(comma - p) : strlen(p);

		if (n == SIM_N_CONTIGS || sim_contig_find(as, p, len, &contig[n]) != 0)
			sim_usage_error(program, "--contig", list);
		p = comma ? comma + 1 : NULL;
	}
	return n;
}

#endif
