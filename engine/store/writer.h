/* writer: what append.c and publish.c share of an index being written. */
#ifndef VX_STORE_WRITER_H
#define VX_STORE_WRITER_H

#include "base/status.h"
#include "store/append.h"

#include <lmdb.h>

struct vx_append {
	char *path;        /* the target */
	char *tmp;         /* the file being written, in the same folder; NULL once renamed */
	size_t folder_len; /* bytes of path up to and with its last '/'; 0: none */
	int fd;            /* of tmp; -1: none yet */
	MDB_env *lmdb;
	MDB_txn *txn;       /* NULL between transactions */
	MDB_cursor *cursor; /* of txn, into blocks */
	MDB_dbi meta, blocks, ids, track;
	uint64_t n_blocks, n_rows;
	uint64_t locus, hash; /* of the last block */
	uint32_t tie;
	uint64_t map_pages;    /* what LMDB may address now */
	uint64_t pages_before; /* used when the transaction began */
	uint64_t txn_blocks, txn_pages;
};

/* Begins and ends the transaction under way, if there is none or one. */
int vx_writer_begin(struct vx_append *append, uint64_t n_pages, struct vidx_error *err);
int vx_writer_commit(struct vx_append *append, struct vidx_error *err);
/* Puts a value of whole pages (k * 4096 - 16 bytes) into a transaction that has room for it. */
int vx_writer_put(struct vx_append *append, MDB_cursor *cursor, MDB_val *key, struct vx_slice bytes,
		  struct vidx_error *err);
/* A failure of LMDB or, above 0, of the system, in our words. */
int vx_writer_fail(const struct vx_append *append, int code, struct vidx_error *err);
/* Writes bytes at a place of the temporary file, all of them. */
int vx_writer_write(const struct vx_append *append, uint64_t at, const void *p, size_t len,
		    struct vidx_error *err);
/* Closes LMDB's half; the file stays. */
void vx_writer_close(struct vx_append *append);
/* Removes the temporary file, if there still is one, and frees. */
void vx_writer_free(struct vx_append *append);

#endif
