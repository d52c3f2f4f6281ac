/*
 * sample.h: what bench/get.c asks an index for, and its rival: raw LMDB with one key per variant and
 * the same counts packed.
 */
#ifndef BENCH_SAMPLE_H
#define BENCH_SAMPLE_H

#include "packed.h"
#include "vidx.h"

#include <lmdb.h>
#include <stddef.h>

/* Short texts, so that reading the questions costs little. */
enum { SAMPLE_ALLELE_MAX = 24 };

struct sample_query {
	uint32_t contig;
	uint64_t pos1;
	char ref[SAMPLE_ALLELE_MAX], alt[SAMPLE_ALLELE_MAX];
	uint8_t ref_len, alt_len;
};

struct sample {
	const char *path, *dir;
	int has_rival;
	size_t n, n_variants; /* questions of each kind; variants that could be asked for */
	uint64_t state;       /* of the generator */
	struct vidx_index *index;
	struct vidx_reader *reader;
	uint32_t n_values; /* per variant: metrics x groups */
	struct sample_query *hit, *miss;
	struct vidx_allele *hit_allele, *miss_allele;
	/* The rival keeps AN as its distance from base's, zigzag coded. */
	uint64_t *value, *rival_value, *base;
	uint8_t *is_an;
	MDB_env *env;
	MDB_dbi dbi;
	MDB_txn *txn;
	size_t rival_bytes;
};

_Noreturn void sample_die(const char *what, const char *why);
/* Of an open index: draws n hits and as many misses near them, fills the rival; ends on any fault. */
void sample_make(struct sample *s);
/* That vidx and the rival give equal answers to all of them; the number of misses equal in both. */
size_t sample_prove(struct sample *s);
void sample_free(struct sample *s);
/* The next number of its generator. */
uint64_t sample_draw(struct sample *s);

/* 1: there, its counts in s->rival_value. */
int sample_rival_get(struct sample *s, const struct sample_query *q);
/* 1: there. */
int sample_find(struct sample *s, const struct vidx_allele *a, const struct vidx_site **site);

#endif
