/*
 * sim_people.h: the people of a simulated cohort.
 *
 * Five super-populations and 26 populations in the proportions of 1000 Genomes phase 3, each
 * population a run of neighbouring columns, as there.  A person's sex is a coin toss.  Both
 * depend on the column and the seed alone.
 */
#ifndef BENCH_SIM_PEOPLE_H
#define BENCH_SIM_PEOPLE_H

#include "rng.h"
#include "sim_out.h"

enum { SIM_N_SUPERS = 5, SIM_N_POPS = 26 };

static const char sim_supers[SIM_N_SUPERS][4] = {"EAS", "AMR", "AFR", "EUR", "SAS"};

struct sim_pop {
	char name[4];
	uint8_t super;  /* into sim_supers */
	uint8_t people; /* in the panel of 1000 Genomes phase 3, relatives included */
};

static const struct sim_pop sim_pops[SIM_N_POPS] = {
	{"GBR", 3, 92},  {"FIN", 3, 99},  {"CHS", 0, 108}, {"PUR", 1, 105}, {"CDX", 0, 99},
	{"CLM", 1, 94},  {"IBS", 3, 107}, {"PEL", 1, 86},  {"PJL", 4, 96},  {"KHV", 0, 101},
	{"ACB", 2, 96},  {"GWD", 2, 113}, {"ESN", 2, 99},  {"BEB", 4, 86},  {"MSL", 2, 85},
	{"STU", 4, 103}, {"ITU", 4, 103}, {"CEU", 3, 99},  {"YRI", 2, 109}, {"CHB", 0, 103},
	{"JPT", 0, 104}, {"LWK", 2, 101}, {"ASW", 2, 66},  {"MXL", 1, 67},  {"TSI", 3, 108},
	{"GIH", 4, 106},
};

struct sim_person {
	uint8_t pop, super, male;
};

struct sim_people {
	struct sim_person *person;
	uint32_t n;
};

static inline void sim_people_init(struct sim_people *p, uint32_t n, uint64_t seed)
{
	struct rng r;
	uint32_t total = 0, upto = 0, pop = 0;

	rng_init(&r, seed, 1);
	for (int i = 0; i < SIM_N_POPS; i++)
		total += sim_pops[i].people;
	p->n = n;
	p->person = sim_alloc(n, sizeof(*p->person));
	upto = sim_pops[0].people;
	for (uint32_t i = 0; i < n; i++) {
		uint64_t place = ((uint64_t)i * 2 + 1) * total / (2 * (uint64_t)n);

		while (place >= upto)
			upto += sim_pops[++pop].people;
		p->person[i].pop = (uint8_t)pop;
		p->person[i].super = sim_pops[pop].super;
		p->person[i].male = (uint8_t)(rng_next(&r) >> 63);
	}
}

static inline void sim_people_release(struct sim_people *p)
{
	free(p->person);
	p->person = NULL;
}

/* The name of column i: HG00001, HG00002, ... */
static inline void sim_put_person_name(struct sim_out *o, uint32_t i)
{
	char name[16] = "";
	int len = snprintf(name, sizeof(name), "HG%05u", i + 1);

	sim_put(o, name, (size_t)len);
}

/* The sample sheet, in the form of 1000 Genomes' panel file. */
static inline void sim_put_panel(struct sim_out *o, const struct sim_people *p)
{
	sim_put_str(o, "sample\tpop\tsuper_pop\tgender\n");
	for (uint32_t i = 0; i < p->n; i++) {
		const struct sim_person *who = &p->person[i];

		sim_put_person_name(o, i);
		sim_put_char(o, '\t');
		sim_put_str(o, sim_pops[who->pop].name);
		sim_put_char(o, '\t');
		sim_put_str(o, sim_supers[who->super]);
		sim_put_str(o, who->male ? "\tmale\n" : "\tfemale\n");
	}
}

#endif
