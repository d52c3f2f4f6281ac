/*
 * stores.h: three ways to keep one value per variant, filled in key order and read at random, as
 * someone would who wants them fast: LMDB, RocksDB and SQLite.
 *
 * A store is opened for filling, takes keys in rising order, and is then turned to reading.  A read
 * lends the value until the next call.  One thread.
 */
#ifndef BENCH_STORES_H
#define BENCH_STORES_H

#include <stddef.h>
#include <stdint.h>

enum { STORE_KEY = 14 }; /* bytes */

struct store {
	const char *name;
	int (*open)(struct store *s,
		    const char *path); /* makes it; 0 on success, as all of these */
	int (*put)(struct store *s, const uint8_t *key, const void *value, size_t len);
	int (*settle)(struct store *s); /* everything put is written, and in its best form */
	/* 1 and the value, 0 if there is none, -1 */
	int (*get)(struct store *s, const uint8_t *key, const void **value, size_t *len);
	void (*close)(struct store *s);
	void *own;
	const char *error; /* why the last call failed, where it is known */
};

/* Those compiled in; the number of them. */
int stores_all(struct store *out, int cap);

#endif
