/*
 * sim_site.h: the first five columns of a cohort record: a place, its REF and its ALTs.
 *
 * All alleles of a record start with the same anchor base at POS or replace it, and none begins
 * or ends later than it must, so that trimming never moves an allele to another place: the
 * records' normalised alleles are as distinct as their positions are.  (Left-alignment, which
 * needs the reference, may still move an indel within a repeat.)
 */
#ifndef BENCH_SIM_SITE_H
#define BENCH_SIM_SITE_H

#include "sim_genome.h"
#include "sim_genotypes.h"

/* Longest indel of a cohort record, in bases. */
enum { SIM_COHORT_INDEL = 60 };

struct sim_site {
	int contig;
	uint32_t pos1;
	uint32_t ref_len;
	char ref[SIM_COHORT_INDEL + 2];
	char alt[SIM_MAX_ALTS][2 * SIM_COHORT_INDEL + 3];
	int n_alts;
	int star;         /* which ALT is the spanning deletion, or -1 */
	int deletion;     /* which ALT takes away bases, or -1; the longest one */
	uint32_t deleted; /* bases it takes away */
};

enum sim_change { SIM_SNV, SIM_INSERTION, SIM_DELETION };

static inline int sim_has_alt(const struct sim_site *s, const char *alt)
{
	for (int i = 0; i < s->n_alts; i++)
		if (strcmp(s->alt[i], alt) == 0)
			return 1;
	return 0;
}

/* Writes one ALT of this kind against s->ref into alt; len is an indel's length. */
static inline void sim_make_alt(const struct sim_site *s, enum sim_change change, uint32_t len,
				char *alt, struct rng *r)
{
	uint32_t at = 1;

	alt[0] = change == SIM_SNV ? sim_substitute(r, s->ref[0]) : s->ref[0];
	for (uint32_t i = 0; change == SIM_INSERTION && i < len; i++)
		alt[at++] = "ACGT"[rng_next(r) >> 62];
	strcpy(alt + at, s->ref + 1 + (change == SIM_DELETION ? len : 0));
}

/* Adds an ALT that the site has not yet; gives up after a few tries. */
static inline void sim_add_alt(struct sim_site *s, double indels, struct rng *r)
{
	for (int tries = 0; tries < 8; tries++) {
		enum sim_change change = SIM_SNV;
		char *alt = s->alt[s->n_alts];
		uint32_t len = sim_indel_len(r, SIM_COHORT_INDEL);

		if (rng_chance(r, indels))
			change =
				s->ref_len > 1 && rng_chance(r, 0.5) ? SIM_DELETION : SIM_INSERTION;
		if (change == SIM_DELETION && len > s->ref_len - 1)
			len = s->ref_len - 1;
		sim_make_alt(s, change, len, alt, r);
		if (sim_has_alt(s, alt))
			continue;
		if (change == SIM_DELETION && len > s->deleted) {
			s->deletion = s->n_alts;
			s->deleted = len;
		}
		s->n_alts++;
		return;
	}
}

/*
 * Fills in the alleles of a site whose contig and pos1 are set: one ALT, or with n_alts > 1 up to
 * that many.  room is how many bases the contig has from pos1 on, at least 1.
 */
static inline void sim_site_alleles(struct sim_site *s, double indels, int n_alts, uint32_t room,
				    struct rng *r)
{
	uint32_t deleted = 0;

	s->n_alts = 0;
	s->star = s->deletion = -1;
	s->deleted = 0;
	if (rng_chance(r, indels / 2))
		deleted = sim_indel_len(r, SIM_COHORT_INDEL);
	if (deleted >= room)
		deleted = room - 1;
	s->ref_len = 1 + deleted;
	sim_reference(s->contig, s->pos1, s->ref_len, s->ref);
	s->ref[s->ref_len] = '\0';
	if (deleted > 0) {
		sim_make_alt(s, SIM_DELETION, deleted, s->alt[0], r);
		s->n_alts = 1;
		s->deletion = 0;
		s->deleted = deleted;
	} else {
		/* Half of the indels are deletions, made above; of the rest, so many insert. */
		sim_add_alt(s, indels / (2 - indels), r);
	}
	while (s->n_alts < n_alts) {
		int before = s->n_alts;

		sim_add_alt(s, s->ref_len > 1 || n_alts > 3 ? 0.8 : indels, r);
		if (s->n_alts == before)
			break;
	}
}

/* Adds the spanning deletion, `*`, as the last ALT. */
static inline void sim_site_add_star(struct sim_site *s)
{
	if (s->n_alts == SIM_MAX_ALTS)
		return;
	strcpy(s->alt[s->n_alts], "*");
	s->star = s->n_alts++;
}

#endif
