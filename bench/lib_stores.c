/*
 * The stores that vidx is compared with, each with the settings that make its reads fastest.
 */
#include "stores.h"

#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef BENCH_ROCKSDB
#include <rocksdb/c.h>
#endif
#ifdef BENCH_SQLITE
#include <sqlite3.h>
#endif

enum { PUTS_PER_COMMIT = 1000000, CACHE_MIB = 4096 };

/* --- LMDB: appended, read through one transaction on the mapping --- */

struct lmdb {
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi;
	size_t n_puts;
};

static int lmdb_fail(struct store *s, int rc)
{
	s->error = mdb_strerror(rc);
	return rc ? -1 : 0;
}

static int lmdb_open(struct store *s, const char *path)
{
	struct lmdb *m = s->own = calloc(1, sizeof(*m));
	int rc = m ? mdb_env_create(&m->env) : MDB_PANIC;

	rc = rc ? rc : mdb_env_set_mapsize(m->env, (size_t)1 << 38);
	rc = rc ? rc : mdb_env_open(m->env, path, MDB_NOSUBDIR | MDB_NOSYNC | MDB_NOLOCK, 0644);
	rc = rc ? rc : mdb_txn_begin(m->env, NULL, 0, &m->txn);
	rc = rc ? rc : mdb_dbi_open(m->txn, NULL, 0, &m->dbi);
	return lmdb_fail(s, rc);
}

static int lmdb_put(struct store *s, const uint8_t *key, const void *value, size_t len)
{
	struct lmdb *m = s->own;
	MDB_val k = {STORE_KEY, (void *)key}, v = {len, (void *)value};
	int rc = mdb_put(m->txn, m->dbi, &k, &v, MDB_APPEND);

	if (rc == 0 && ++m->n_puts % PUTS_PER_COMMIT == 0) {
		rc = mdb_txn_commit(m->txn);
		rc = rc ? rc : mdb_txn_begin(m->env, NULL, 0, &m->txn);
	}
	return lmdb_fail(s, rc);
}

static int lmdb_settle(struct store *s)
{
	struct lmdb *m = s->own;
	int rc = mdb_txn_commit(m->txn);

	return lmdb_fail(s, rc ? rc : mdb_txn_begin(m->env, NULL, MDB_RDONLY, &m->txn));
}

static int lmdb_get(struct store *s, const uint8_t *key, const void **value, size_t *len)
{
	struct lmdb *m = s->own;
	MDB_val k = {STORE_KEY, (void *)key}, v;
	int rc = mdb_get(m->txn, m->dbi, &k, &v);

	if (rc == MDB_NOTFOUND)
		return 0;
	if (rc != 0)
		return lmdb_fail(s, rc);
	*value = v.mv_data;
	*len = v.mv_size;
	return 1;
}

static void lmdb_close(struct store *s)
{
	struct lmdb *m = s->own;

	mdb_txn_abort(m->txn);
	mdb_env_close(m->env);
	free(m);
}

/* --- RocksDB: not compressed, one level, Bloom filters, a cache that holds all of it, pinned reads --- */

#ifdef BENCH_ROCKSDB
struct rocks {
	rocksdb_t *db;
	rocksdb_options_t *options;
	rocksdb_block_based_table_options_t *table;
	rocksdb_cache_t *cache;
	rocksdb_readoptions_t *reading;
	rocksdb_writeoptions_t *writing;
	rocksdb_writebatch_t *batch;
	rocksdb_pinnableslice_t *held;
};

static int rocks_fail(struct store *s, char *error)
{
	s->error = error;
	return error ? -1 : 0;
}

static int rocks_open(struct store *s, const char *path)
{
	struct rocks *r = s->own = calloc(1, sizeof(*r));
	char *error = NULL;

	if (!r)
		return -1;
	r->options = rocksdb_options_create();
	r->table = rocksdb_block_based_options_create();
	r->cache = rocksdb_cache_create_lru((size_t)CACHE_MIB << 20);
	r->reading = rocksdb_readoptions_create();
	r->writing = rocksdb_writeoptions_create();
	r->batch = rocksdb_writebatch_create();
	rocksdb_block_based_options_set_block_cache(r->table, r->cache);
	rocksdb_block_based_options_set_filter_policy(r->table,
						      rocksdb_filterpolicy_create_bloom_full(10));
	rocksdb_options_set_block_based_table_factory(r->options, r->table);
	rocksdb_options_set_create_if_missing(r->options, 1);
	rocksdb_options_set_compression(r->options, rocksdb_no_compression);
	rocksdb_options_set_write_buffer_size(r->options, (size_t)256 << 20);
	rocksdb_options_set_allow_mmap_reads(r->options, 1);
	rocksdb_writeoptions_disable_WAL(r->writing, 1);
	rocksdb_readoptions_set_verify_checksums(r->reading, 0);
	r->db = rocksdb_open(r->options, path, &error);
	return rocks_fail(s, error);
}

static int rocks_flush(struct store *s)
{
	struct rocks *r = s->own;
	char *error = NULL;

	rocksdb_write(r->db, r->writing, r->batch, &error);
	rocksdb_writebatch_clear(r->batch);
	return rocks_fail(s, error);
}

static int rocks_put(struct store *s, const uint8_t *key, const void *value, size_t len)
{
	struct rocks *r = s->own;

	rocksdb_writebatch_put(r->batch, (const char *)key, STORE_KEY, value, len);
	return rocksdb_writebatch_count(r->batch) >= 10000 ? rocks_flush(s) : 0;
}

static int rocks_settle(struct store *s)
{
	struct rocks *r = s->own;

	if (rocks_flush(s) != 0)
		return -1;
	rocksdb_compact_range(r->db, NULL, 0, NULL, 0);
	return 0;
}

static int rocks_get(struct store *s, const uint8_t *key, const void **value, size_t *len)
{
	struct rocks *r = s->own;
	char *error = NULL;

	if (r->held)
		rocksdb_pinnableslice_destroy(r->held);
	r->held = rocksdb_get_pinned(r->db, r->reading, (const char *)key, STORE_KEY, &error);
	if (error)
		return rocks_fail(s, error);
	if (!r->held)
		return 0;
	*value = rocksdb_pinnableslice_value(r->held, len);
	return 1;
}

static void rocks_close(struct store *s)
{
	struct rocks *r = s->own;

	if (r->held)
		rocksdb_pinnableslice_destroy(r->held);
	rocksdb_close(r->db);
	rocksdb_writebatch_destroy(r->batch);
	rocksdb_writeoptions_destroy(r->writing);
	rocksdb_readoptions_destroy(r->reading);
	rocksdb_options_destroy(r->options);
	rocksdb_block_based_options_destroy(r->table);
	rocksdb_cache_destroy(r->cache);
	free(r);
}
#endif

/* --- SQLite: a table that is its own index, mapped, one prepared statement, one transaction --- */

#ifdef BENCH_SQLITE
struct lite {
	sqlite3 *db;
	sqlite3_stmt *put, *get;
};

static int lite_run(struct store *s, const char *sql)
{
	struct lite *l = s->own;

	if (sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	s->error = sqlite3_errmsg(l->db);
	return -1;
}

static int lite_open(struct store *s, const char *path)
{
	struct lite *l = s->own = calloc(1, sizeof(*l));

	if (!l || sqlite3_open_v2(path, &l->db,
				  SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
				  NULL) != SQLITE_OK)
		return -1;
	if (lite_run(s, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=OFF;"
			"PRAGMA synchronous=OFF; PRAGMA mmap_size=1099511627776;"
			"PRAGMA cache_size=-4194304;"
			"CREATE TABLE v(k BLOB PRIMARY KEY, x BLOB) WITHOUT ROWID; BEGIN") != 0)
		return -1;
	if (sqlite3_prepare_v2(l->db, "INSERT INTO v VALUES(?, ?)", -1, &l->put, NULL) ||
	    sqlite3_prepare_v2(l->db, "SELECT x FROM v WHERE k = ?", -1, &l->get, NULL)) {
		s->error = sqlite3_errmsg(l->db);
		return -1;
	}
	return 0;
}

static int lite_put(struct store *s, const uint8_t *key, const void *value, size_t len)
{
	struct lite *l = s->own;

	sqlite3_bind_blob(l->put, 1, key, STORE_KEY, SQLITE_STATIC);
	sqlite3_bind_blob(l->put, 2, value, (int)len, SQLITE_STATIC);
	if (sqlite3_step(l->put) != SQLITE_DONE) {
		s->error = sqlite3_errmsg(l->db);
		return -1;
	}
	return sqlite3_reset(l->put) == SQLITE_OK ? 0 : -1;
}

static int lite_settle(struct store *s)
{
	return lite_run(s, "COMMIT; BEGIN");
}

static int lite_get(struct store *s, const uint8_t *key, const void **value, size_t *len)
{
	struct lite *l = s->own;
	int rc;

	sqlite3_reset(l->get);
	sqlite3_bind_blob(l->get, 1, key, STORE_KEY, SQLITE_STATIC);
	rc = sqlite3_step(l->get);
	if (rc == SQLITE_DONE)
		return 0;
	if (rc != SQLITE_ROW) {
		s->error = sqlite3_errmsg(l->db);
		return -1;
	}
	*value = sqlite3_column_blob(l->get, 0);
	*len = (size_t)sqlite3_column_bytes(l->get, 0);
	return 1;
}

static void lite_close(struct store *s)
{
	struct lite *l = s->own;

	sqlite3_finalize(l->put);
	sqlite3_finalize(l->get);
	sqlite3_close(l->db);
	free(l);
}
#endif

int stores_all(struct store *out, int cap)
{
	static const struct store all[] = {
		{.name = "LMDB",
		 .open = lmdb_open,
		 .put = lmdb_put,
		 .settle = lmdb_settle,
		 .get = lmdb_get,
		 .close = lmdb_close},
#ifdef BENCH_ROCKSDB
		{.name = "RocksDB",
		 .open = rocks_open,
		 .put = rocks_put,
		 .settle = rocks_settle,
		 .get = rocks_get,
		 .close = rocks_close},
#endif
#ifdef BENCH_SQLITE
		{.name = "SQLite",
		 .open = lite_open,
		 .put = lite_put,
		 .settle = lite_settle,
		 .get = lite_get,
		 .close = lite_close},
#endif
	};
	int n = (int)(sizeof(all) / sizeof(all[0]));

	n = n < cap ? n : cap;
	memcpy(out, all, (size_t)n * sizeof(*out));
	return n;
}
