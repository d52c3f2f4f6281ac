#include "lib_rivals.h"

#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef BENCH_SQLITE
#include <sqlite3.h>
#endif
#ifdef BENCH_ROCKSDB
#include <rocksdb/c.h>
#endif

/* --- values --- */

static size_t put_varint(uint8_t *out, uint64_t v)
{
	size_t n = 0;

	for (; v >= 128; v >>= 7)
		out[n++] = (uint8_t)(v | 128);
	out[n++] = (uint8_t)v;
	return n;
}

static inline uint64_t get_varint(const uint8_t **p)
{
	uint64_t v = 0;
	unsigned shift = 0;

	while (**p >= 128) {
		v |= (uint64_t)(*(*p)++ & 127) << shift;
		shift += 7;
	}
	return v | (uint64_t) * (*p)++ << shift;
}

static uint64_t coded(uint64_t value, uint64_t base, int is_an)
{
	int64_t d = (int64_t)(value - base);

	return is_an ? (uint64_t)d << 1 ^ (uint64_t)(d >> 63) : value;
}

size_t rival_pack(const uint64_t *value, const uint64_t *base, const uint8_t *is_an, uint32_t n,
		  uint8_t *out)
{
	size_t len = 0;

	for (uint32_t i = 0; i < n;) {
		uint32_t zeros = 0;

		while (i + zeros < n &&
		       coded(value[i + zeros], base[i + zeros], is_an[i + zeros]) == 0)
			zeros++;
		len += put_varint(out + len, zeros ? 0 : coded(value[i], base[i], is_an[i]));
		if (zeros)
			len += put_varint(out + len, zeros);
		i += zeros ? zeros : 1;
	}
	return len;
}

void rival_unpack(const uint8_t *p, const uint64_t *base, const uint8_t *is_an, uint32_t n,
		  uint64_t *value)
{
	for (uint32_t i = 0; i < n;) {
		uint64_t v = get_varint(&p), zeros = 1;

		if (v == 0)
			zeros = get_varint(&p);
		for (; zeros > 0 && i < n; zeros--, i++)
			value[i] = is_an[i] ? base[i] + (v >> 1 ^ (0 - (v & 1))) : v;
	}
}

/* --- LMDB --- */

struct mdb {
	MDB_env *env;
	MDB_dbi dbi;
	MDB_txn *txn;
	uint64_t n;
};

static int mdb_rival_open(struct rival *r, const char *path)
{
	struct mdb *m = r->state = calloc(1, sizeof *m);

	unlink(path);
	/* The map may be larger than what an address-limited debugger allows. */
	return !m || mdb_env_create(&m->env) || mdb_env_set_mapsize(m->env, (size_t)1 << 34) ||
	       mdb_env_open(m->env, path, MDB_NOSUBDIR | MDB_NOSYNC | MDB_NOLOCK, 0644) ||
	       mdb_txn_begin(m->env, NULL, 0, &m->txn) || mdb_dbi_open(m->txn, NULL, 0, &m->dbi);
}

static int mdb_rival_put(struct rival *r, const uint8_t *key, const uint8_t *value, size_t len)
{
	struct mdb *m = r->state;
	MDB_val k = {RIVAL_KEY, (void *)(uintptr_t)key}, v = {len, (void *)(uintptr_t)value};

	if (m->n++ % 500000 == 499999 &&
	    (mdb_txn_commit(m->txn) || mdb_txn_begin(m->env, NULL, 0, &m->txn)))
		return -1;
	return mdb_put(m->txn, m->dbi, &k, &v, MDB_APPEND);
}

static int mdb_rival_finish(struct rival *r)
{
	struct mdb *m = r->state;
	MDB_stat stat;

	if (mdb_txn_commit(m->txn) || mdb_txn_begin(m->env, NULL, MDB_RDONLY, &m->txn) ||
	    mdb_stat(m->txn, m->dbi, &stat))
		return -1;
	r->bytes = (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages) *
		   (uint64_t)stat.ms_psize;
	return 0;
}

static int mdb_rival_get(struct rival *r, const uint8_t *key, const uint8_t **value_ret)
{
	struct mdb *m = r->state;
	MDB_val k = {RIVAL_KEY, (void *)(uintptr_t)key}, v;
	int rc = mdb_get(m->txn, m->dbi, &k, &v);

	*value_ret = v.mv_data;
	return rc == 0 ? 0 : rc == MDB_NOTFOUND ? 1 : -1;
}

static void mdb_rival_close(struct rival *r)
{
	struct mdb *m = r->state;

	mdb_txn_abort(m->txn);
	mdb_env_close(m->env);
	free(m);
}

/* --- SQLite --- */

#ifdef BENCH_SQLITE
struct lite {
	sqlite3 *db;
	sqlite3_stmt *insert, *select;
	char path[4096];
};

static int lite_open(struct rival *r, const char *path)
{
	struct lite *s = r->state = calloc(1, sizeof *s);

	unlink(path);
	if (!s)
		return -1;
	snprintf(s->path, sizeof s->path, "%s", path);
	return sqlite3_open(path, &s->db) ||
	       sqlite3_exec(s->db,
			    "pragma journal_mode=off; pragma synchronous=off;"
			    "pragma mmap_size=34359738368; pragma cache_size=-65536;"
			    "create table v (k blob primary key, c blob) without rowid; begin;",
			    NULL, NULL, NULL) ||
	       sqlite3_prepare_v2(s->db, "insert into v values (?, ?)", -1, &s->insert, NULL);
}

static int lite_put(struct rival *r, const uint8_t *key, const uint8_t *value, size_t len)
{
	struct lite *s = r->state;

	sqlite3_bind_blob(s->insert, 1, key, RIVAL_KEY, SQLITE_STATIC);
	sqlite3_bind_blob(s->insert, 2, value, (int)len, SQLITE_STATIC);
	return sqlite3_step(s->insert) != SQLITE_DONE || sqlite3_reset(s->insert);
}

static int lite_finish(struct rival *r)
{
	struct lite *s = r->state;
	struct stat st;

	if (sqlite3_exec(s->db, "commit", NULL, NULL, NULL) ||
	    sqlite3_exec(s->db, "begin", NULL, NULL, NULL) ||
	    sqlite3_prepare_v2(s->db, "select c from v where k = ?", -1, &s->select, NULL))
		return -1;
	r->bytes = stat(s->path, &st) == 0 ? (uint64_t)st.st_size : 0;
	return 0;
}

static int lite_get(struct rival *r, const uint8_t *key, const uint8_t **value_ret)
{
	struct lite *s = r->state;
	int rc;

	sqlite3_reset(s->select);
	sqlite3_bind_blob(s->select, 1, key, RIVAL_KEY, SQLITE_STATIC);
	rc = sqlite3_step(s->select);
	*value_ret = rc == SQLITE_ROW ? sqlite3_column_blob(s->select, 0) : NULL;
	return rc == SQLITE_ROW ? 0 : rc == SQLITE_DONE ? 1 : -1;
}

static void lite_close(struct rival *r)
{
	struct lite *s = r->state;

	sqlite3_finalize(s->insert);
	sqlite3_finalize(s->select);
	sqlite3_close(s->db);
	unlink(s->path);
	free(s);
}
#endif

/* --- RocksDB --- */

#ifdef BENCH_ROCKSDB
struct rocks {
	rocksdb_t *db;
	rocksdb_options_t *options;
	rocksdb_readoptions_t *read;
	rocksdb_writeoptions_t *write;
	rocksdb_pinnableslice_t *held;
	char path[4096];
};

static int rocks_open(struct rival *r, const char *path)
{
	struct rocks *s = r->state = calloc(1, sizeof *s);
	rocksdb_block_based_table_options_t *table;
	char *err = NULL;

	if (!s)
		return -1;
	snprintf(s->path, sizeof s->path, "%s", path);
	s->options = rocksdb_options_create();
	rocksdb_options_set_create_if_missing(s->options, 1);
	rocksdb_options_set_error_if_exists(s->options, 1);
	rocksdb_options_set_compression(s->options, rocksdb_no_compression);
	rocksdb_options_set_allow_mmap_reads(s->options, 1);
	table = rocksdb_block_based_options_create();
	rocksdb_block_based_options_set_filter_policy(table,
						      rocksdb_filterpolicy_create_bloom_full(10));
	rocksdb_block_based_options_set_block_cache(table,
						    rocksdb_cache_create_lru((size_t)4 << 30));
	rocksdb_options_set_block_based_table_factory(s->options, table);
	rocksdb_destroy_db(s->options, path, &err);
	free(err);
	err = NULL;
	s->db = rocksdb_open(s->options, path, &err);
	s->read = rocksdb_readoptions_create();
	rocksdb_readoptions_set_verify_checksums(s->read, 0);
	s->write = rocksdb_writeoptions_create();
	rocksdb_writeoptions_disable_WAL(s->write, 1);
	return err != NULL;
}

static int rocks_put(struct rival *r, const uint8_t *key, const uint8_t *value, size_t len)
{
	struct rocks *s = r->state;
	char *err = NULL;

	rocksdb_put(s->db, s->write, (const char *)key, RIVAL_KEY, (const char *)value, len, &err);
	return err != NULL;
}

static int rocks_finish(struct rival *r)
{
	struct rocks *s = r->state;
	char *size;

	rocksdb_compact_range(s->db, NULL, 0, NULL, 0);
	size = rocksdb_property_value(s->db, "rocksdb.total-sst-files-size");
	r->bytes = size ? strtoull(size, NULL, 10) : 0;
	free(size);
	return 0;
}

static int rocks_get(struct rival *r, const uint8_t *key, const uint8_t **value_ret)
{
	struct rocks *s = r->state;
	char *err = NULL;
	size_t len;

	if (s->held)
		rocksdb_pinnableslice_destroy(s->held);
	s->held = rocksdb_get_pinned(s->db, s->read, (const char *)key, RIVAL_KEY, &err);
	if (err)
		return -1;
	*value_ret = s->held ? (const uint8_t *)rocksdb_pinnableslice_value(s->held, &len) : NULL;
	return s->held ? 0 : 1;
}

static void rocks_close(struct rival *r)
{
	struct rocks *s = r->state;
	char *err = NULL;

	if (s->held)
		rocksdb_pinnableslice_destroy(s->held);
	rocksdb_close(s->db);
	rocksdb_destroy_db(s->options, s->path, &err);
	free(err);
	rocksdb_options_destroy(s->options);
	rocksdb_readoptions_destroy(s->read);
	rocksdb_writeoptions_destroy(s->write);
	free(s);
}
#endif

struct rival rivals[] = {
	{"raw mdb_get", "raw", mdb_rival_open, mdb_rival_put, mdb_rival_finish, mdb_rival_get,
	 mdb_rival_close, 0, NULL, 0},
	{"mdb_get, plain values", "plain", mdb_rival_open, mdb_rival_put, mdb_rival_finish,
	 mdb_rival_get, mdb_rival_close, 1, NULL, 0},
#ifdef BENCH_SQLITE
	{"SQLite", "sqlite", lite_open, lite_put, lite_finish, lite_get, lite_close, 0, NULL, 0},
#endif
#ifdef BENCH_ROCKSDB
	{"RocksDB", "rocksdb", rocks_open, rocks_put, rocks_finish, rocks_get, rocks_close, 0, NULL,
	 0},
#endif
	{NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, 0},
};
