/*
 * sim_genome.h: the genome the simulators draw from: contigs, ploidy, reference bases, alleles.
 *
 * Contig names and lengths are those of GRCh37 (1, 2, ... MT) and GRCh38 (chr1, ... chrM), so
 * that a header alone tells the assembly.  The bases are not the real ones: base (contig, pos)
 * is a hash of both, the same in every program and for every seed, so that overlapping records,
 * a cohort and a sites file all agree on REF.  One stretch of 64 bases in sixteen is a tandem
 * repeat of a unit of one to four bases, as about that share of a real genome is, which gives
 * indels more than one spelling.
 */
#ifndef BENCH_SIM_GENOME_H
#define BENCH_SIM_GENOME_H

#include "rng.h"
#include "sim_out.h"

enum { SIM_N_CONTIGS = 25 };

/* Longest REF or ALT any simulator makes, in bases. */
enum { SIM_MAX_ALLELE = 1024 };

struct sim_contig {
	char name[8];
	uint32_t len; /* bases */
	int index;    /* 0 .. 24 in genome order: 22 is X, 23 is Y, 24 the mitochondrion */
};

/* How many copies of a place a person has. */
enum sim_ploidy {
	SIM_DIPLOID, /* autosomes and the PAR of X */
	SIM_X,       /* X outside PAR: females two, males one */
	SIM_Y,       /* females none, males one */
	SIM_MITO,    /* one */
	SIM_N_PLOIDIES
};

struct sim_assembly {
	char name[8];
	char prefix[4]; /* before the number or letter */
	char mito[5];   /* name of the mitochondrion */
	uint32_t len[SIM_N_CONTIGS];
	uint32_t par[2][2]; /* of X: first and last base of PAR1 and PAR2, 1-based */
	uint32_t y_start;   /* first base of Y after its PAR1 */
};

static const struct sim_assembly sim_assemblies[] = {
	{"GRCh38",
	 "chr",
	 "chrM",
	 {248956422, 242193529, 198295559, 190214555, 181538259, 170805979, 159345973,
	  145138636, 138394717, 133797422, 135086622, 133275309, 114364328, 107043718,
	  101991189, 90338345,  83257441,  80373285,  58617616,  64444167,  46709983,
	  50818468,  156040895, 57227415,  16569},
	 {{10001, 2781479}, {155701383, 156030895}},
	 2781480},
	{"GRCh37",
	 "",
	 "MT",
	 {249250621, 243199373, 198022430, 191154276, 180915260, 171115067, 159138663,
	  146364022, 141213431, 135534747, 135006516, 133851895, 115169878, 107349540,
	  102531392, 90354753,  81195210,  78077248,  59128983,  63025520,  48129895,
	  51304566,  155270560, 59373566,  16569},
	 {{60001, 2699520}, {154931044, 155260560}},
	 2649521},
};

/* The assembly of that name, or NULL. */
static inline const struct sim_assembly *sim_assembly_find(const char *name)
{
	for (size_t i = 0; i < sizeof(sim_assemblies) / sizeof(sim_assemblies[0]); i++)
		if (strcmp(sim_assemblies[i].name, name) == 0)
			return &sim_assemblies[i];
	return NULL;
}

/* Contig number index (0 .. 24) of an assembly. */
static inline struct sim_contig sim_contig_at(const struct sim_assembly *as, int index)
{
	struct sim_contig c = {.len = as->len[index], .index = index};

	if (index == 24)
		memcpy(c.name, as->mito, sizeof(as->mito));
	else if (index >= 22)
		snprintf(c.name, sizeof(c.name), "%s%c", as->prefix, index == 22 ? 'X' : 'Y');
	else
		snprintf(c.name, sizeof(c.name), "%s%u", as->prefix, (unsigned)(index + 1) % 100);
	return c;
}

/* Finds a contig by its name in this assembly.  Returns 0, or -1 if it has none of that name. */
static inline int sim_contig_find(const struct sim_assembly *as, const char *name, size_t len,
				  struct sim_contig *contig_ret)
{
	for (int i = 0; i < SIM_N_CONTIGS; i++) {
		*contig_ret = sim_contig_at(as, i);
		if (strlen(contig_ret->name) == len && memcmp(contig_ret->name, name, len) == 0)
			return 0;
	}
	return -1;
}

/*
 * The copies people have at a place.  Y has one copy in males along its whole length: call sets
 * put the calls of its PAR on X.
 */
static inline enum sim_ploidy sim_ploidy_at(const struct sim_assembly *as, int contig,
					    uint32_t pos1)
{
	if (contig == 24)
		return SIM_MITO;
	if (contig == 23)
		return SIM_Y;
	if (contig < 22)
		return SIM_DIPLOID;
	for (int i = 0; i < 2; i++)
		if (pos1 >= as->par[i][0] && pos1 <= as->par[i][1])
			return SIM_DIPLOID;
	return SIM_X;
}

/*
 * Where records begin unless the user says otherwise: after the telomere's run of N; on X within
 * reach of the end of PAR1, so that a small file has both its ploidies; on Y after PAR1.
 */
static inline uint32_t sim_default_start(const struct sim_assembly *as, int contig)
{
	switch (contig) {
	case 22:
		return as->par[0][1] - 9999;
	case 23:
		return as->y_start;
	case 24:
		return 1;
	default:
		return 10001;
	}
}

/* The ##contig lines of the whole assembly. */
static inline void sim_put_contigs(struct sim_out *o, const struct sim_assembly *as)
{
	for (int i = 0; i < SIM_N_CONTIGS; i++) {
		struct sim_contig c = sim_contig_at(as, i);

		sim_put_str(o, "##contig=<ID=");
		sim_put_str(o, c.name);
		sim_put_str(o, ",length=");
		sim_put_u64(o, c.len);
		sim_put_str(o, ",assembly=");
		sim_put_str(o, as->name);
		sim_put_str(o, ">\n");
	}
}

/* The reference base at a place: A, C, G or T. */
static inline char sim_base(int contig, uint32_t pos1)
{
	uint64_t block = rng_mix((uint64_t)contig << 32 | pos1 / 64);
	uint32_t offset = pos1 % 64;

	if (block % 16 == 0) /* a tandem repeat: the unit is one to four bases long */
		offset %= 1 + (block >> 4) % 4;
	return "ACGT"[rng_mix(block + offset) >> 62];
}

static inline void sim_reference(int contig, uint32_t pos1, uint32_t len, char *out)
{
	for (uint32_t i = 0; i < len; i++)
		out[i] = sim_base(contig, pos1 + i);
}

/* Another base than ref: its transition partner twice as often as both others together. */
static inline char sim_substitute(struct rng *r, char ref)
{
	static const char others[4][3] = {
		{'G', 'C', 'T'}, {'T', 'A', 'G'}, {'A', 'C', 'T'}, {'C', 'A', 'G'}};
	int row = ref == 'A' ? 0 : ref == 'C' ? 1 : ref == 'G' ? 2 : 3;
	uint32_t x = rng_below(r, 6);

	return others[row][x < 4 ? 0 : x - 3];
}

/*
 * Bases an indel adds or takes away, 1 .. max: nearly half are single bases, with a long tail;
 * one in a hundred is drawn up to max, for the few insertions and deletions of hundreds of bases.
 */
static inline uint32_t sim_indel_len(struct rng *r, uint32_t max)
{
	uint32_t len;

	if (rng_chance(r, 0.01))
		return rng_between(r, 1, max);
	len = (uint32_t)rng_geometric(r, rng_chance(r, 0.6) ? 0.7 : 0.2);
	return len > max ? max : len;
}

#endif
