/*
 * lib_rivals: stores of one key per variant that bench/get.c compares vidx with.  All hold the same
 * counts and decode every group; none compares alleles, as vidx does: their keys end in a hash of
 * them, which they trust.
 */
#ifndef BENCH_LIB_RIVALS_H
#define BENCH_LIB_RIVALS_H

#include <stddef.h>
#include <stdint.h>

enum { RIVAL_KEY = 14 }; /* contig u16, position u32, allele hash u64, big-endian */

struct rival {
	const char *name; /* "raw mdb_get" */
	const char *word; /* "raw", as --rivals has it */
	int (*open)(struct rival *rival, const char *path);
	/* Keys ascend. */
	int (*put)(struct rival *rival, const uint8_t *key, const uint8_t *value, size_t len);
	int (*finish)(struct rival *rival); /* after the last put, before the first get */
	/* 0: *value_ret is a view until the next call; 1: not there; -1: failed. */
	int (*get)(struct rival *rival, const uint8_t *key, const uint8_t **value_ret);
	void (*close)(struct rival *rival);
	int is_plain; /* values as u64 little-endian, not packed */
	void *state;
	uint64_t bytes; /* of the store, after finish */
};

/* Those that this machine has the libraries of, ended by a name of NULL. */
extern struct rival rivals[];

/*
 * Counts as bytes, small: AN as its zigzag distance from base's, zeros run-length coded, LEB128.
 * is_an[i]: value i is an AN.  out holds 12 bytes a value.  Returns bytes.
 */
size_t rival_pack(const uint64_t *value, const uint64_t *base, const uint8_t *is_an, uint32_t n,
		  uint8_t *out);
void rival_unpack(const uint8_t *p, const uint64_t *base, const uint8_t *is_an, uint32_t n,
		  uint64_t *value);

#endif
