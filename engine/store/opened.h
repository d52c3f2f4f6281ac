/* opened: what env.c, walk.c and verify.c share of an index opened for reading. */
#ifndef VX_STORE_OPENED_H
#define VX_STORE_OPENED_H

#include "base/status.h"
#include "store/dir.h"
#include "store/env.h"
#include "store/footer.h"
#include "store/idfind.h"
#include "store/trackfind.h"

#include <lmdb.h>

struct vx_env {
	char *path;
	int fd; /* ours, beside LMDB's own: pages are checked before LMDB sees them */
	uint64_t size;
	struct vx_footer footer;
	MDB_env *lmdb;
	MDB_txn *txn; /* keeps the snapshot; used by the thread that opens, no other */
	MDB_dbi meta_dbi, blocks_dbi, ids_dbi, track_dbi;
	int has_ids, has_track;
	struct vx_idfind ids;
	struct vx_trackfind track;
	struct vx_meta meta;
	struct vx_plan plan;
	struct vx_shape shape;
	int has_dir;
	struct vx_dir dir;
};

/* A failure of LMDB in our words. */
int vx_env_fail(const struct vx_env *env, int code, struct vidx_error *err);

#endif
