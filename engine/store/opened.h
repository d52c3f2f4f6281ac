/* opened: what env.c, walk.c and verify.c share of an index opened for reading. */
#ifndef VX_STORE_OPENED_H
#define VX_STORE_OPENED_H

#include "base/status.h"
#include "store/dir.h"
#include "store/env.h"
#include "store/footer.h"
#include "store/idfind.h"

#include <lmdb.h>
#include <stdatomic.h>

/*
 * A block whose header has been read: the next lookup finds its numbers here, in a table small
 * enough for a cache, and not at the block, which is a miss (20 to 40 ns of a lookup).  Filled when
 * first sought, as reading all at open would fetch every block from the disk; by whichever thread
 * claims it first.
 */
struct vx_opened {
	_Alignas(64) atomic_int state; /* enum vx_opened_state */
	struct vx_block block;
};

enum vx_opened_state { VX_UNOPENED, VX_CLAIMED, VX_OPENED };

struct vx_env {
	char *path;
	int fd; /* ours, beside LMDB's own: pages are checked before LMDB sees them */
	uint64_t size;
	struct vx_footer footer;
	MDB_env *lmdb;
	MDB_txn *txn; /* keeps the snapshot; used by the thread that opens, no other */
	MDB_dbi meta_dbi, blocks_dbi, ids_dbi;
	int has_ids;
	struct vx_idfind ids;
	struct vx_meta meta;
	struct vx_plan plan;
	struct vx_shape shape;
	int has_dir;
	struct vx_dir dir;
	struct vx_opened *opened; /* with a directory: one for each block */
};

/* A failure of LMDB in our words. */
int vx_env_fail(const struct vx_env *env, int code, struct vidx_error *err);

#endif
