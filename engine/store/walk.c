#include "store/opened.h"

#include <stdlib.h>

struct vx_walk {
	struct vx_env *env;
	uint64_t i; /* number of the current block; UINT64_MAX: none */
	/* Without a directory only: */
	MDB_txn *txn; /* of this walk, so that its cursor is one thread's */
	MDB_cursor *cursor;
	uint64_t i_leaf; /* of footer.leaf, where the cursor is; UINT64_MAX: nowhere */
};

static const struct vx_leaf *leaf_of(const struct vx_walk *walk)
{
	return &walk->env->footer.leaf[walk->i_leaf];
}

/* Number of the first block behind leaf i. */
static uint64_t leaf_end(const struct vx_env *env, uint64_t i)
{
	return i + 1 < env->footer.n_leaves ? env->footer.leaf[i + 1].first : env->footer.n_blocks;
}

int vx_walk_new(struct vx_env *env, struct vx_walk **walk_ret, struct vidx_error *err)
{
	struct vx_walk *walk = calloc(1, sizeof *walk);
	int code = 0;

	if (!walk)
		return vx_fail_nomem(err);
	walk->env = env;
	walk->i = walk->i_leaf = UINT64_MAX;
	if (!env->has_dir) {
		code = mdb_txn_begin(env->lmdb, NULL, MDB_RDONLY, &walk->txn);
		if (code == 0)
			code = mdb_cursor_open(walk->txn, env->blocks_dbi, &walk->cursor);
	}
	if (code) {
		vx_walk_free(walk);
		return vx_env_fail(env, code, err);
	}
	*walk_ret = walk;
	return 0;
}

void vx_walk_free(struct vx_walk *walk)
{
	if (!walk)
		return;
	if (walk->cursor)
		mdb_cursor_close(walk->cursor);
	if (walk->txn)
		mdb_txn_abort(walk->txn);
	free(walk);
}

uint64_t vx_walk_at(const struct vx_walk *walk)
{
	return walk->i;
}

static int open_block(const struct vx_walk *walk, struct vx_slice bytes, struct vx_block *block_ret)
{
	const struct vx_env *env = walk->env;

	return vx_block_open(block_ret, bytes.p, bytes.len, &env->shape, env->meta.hash_bits);
}

static int open_entry(struct vx_walk *walk, uint64_t i, struct vx_block *block_ret)
{
	const struct vx_block *block = vx_dir_open(&walk->env->dir, i, block_ret);

	walk->i = i;
	if (!block)
		return VIDX_EBADINDEX;
	if (block != block_ret)
		*block_ret = *block;
	return 0;
}

/* --- without a directory --- */

static int is_before(uint64_t locus_a, uint64_t hash_a, uint64_t locus_b, uint64_t hash_b)
{
	return locus_a < locus_b || (locus_a == locus_b && hash_a < hash_b);
}

/* The cursor's key and value after op; walk->i is the caller's to keep right. */
static int cursor_get(struct vx_walk *walk, MDB_cursor_op op, uint64_t *locus, uint64_t *hash,
		      struct vx_slice *bytes)
{
	MDB_val key, value;
	uint64_t tie;

	if (mdb_cursor_get(walk->cursor, &key, &value, op) != 0 ||
	    vx_key_unpack(key.mv_data, key.mv_size, locus, hash, &tie) != 0)
		return VIDX_EBADINDEX;
	*bytes = vx_slice(value.mv_data, value.mv_size);
	return 0;
}

/* Puts the cursor on the first block of leaf i, whose page is checked now. */
static int enter_leaf(struct vx_walk *walk, uint64_t i_leaf, struct vx_slice *bytes)
{
	const struct vx_env *env = walk->env;
	const struct vx_leaf *leaf = &env->footer.leaf[i_leaf];
	uint8_t key_bytes[VX_KEY_MAX];
	MDB_val key = {0, key_bytes}, value;

	walk->i = walk->i_leaf = UINT64_MAX;
	if (vx_footer_check_leaf(env->fd, env->path, &env->footer, i_leaf, NULL) != 0)
		return VIDX_EBADINDEX;
	key.mv_size = vx_key_pack(key_bytes, leaf->locus, leaf->hash, (uint32_t)leaf->tie);
	if (mdb_cursor_get(walk->cursor, &key, &value, MDB_SET_KEY) != 0)
		return VIDX_EBADINDEX;
	*bytes = vx_slice(value.mv_data, value.mv_size);
	walk->i_leaf = i_leaf;
	walk->i = leaf->first;
	return 0;
}

/* How many leaves begin before the key. */
static uint64_t leaf_rank(const struct vx_env *env, uint64_t locus, uint64_t hash)
{
	const struct vx_leaf *leaf = env->footer.leaf;
	uint64_t at = 0, end = env->footer.n_leaves;

	while (at < end) {
		uint64_t half = at + (end - at) / 2;

		if (is_before(leaf[half].locus, leaf[half].hash, locus, hash))
			at = half + 1;
		else
			end = half;
	}
	return at;
}

static int seek_in_tree(struct vx_walk *walk, uint64_t locus, uint64_t hash,
			struct vx_block *block_ret)
{
	const struct vx_env *env = walk->env;
	const struct vx_leaf *leaf = env->footer.leaf;
	uint64_t rank = leaf_rank(env, locus, hash), end, next_locus, next_hash;
	struct vx_slice bytes, next;
	int rc;

	if (rank == 0 && (env->footer.n_leaves == 0 || leaf->locus != locus || leaf->hash != hash))
		return VIDX_ABSENT;
	rank -= rank > 0;
	rc = enter_leaf(walk, rank, &bytes);
	if (rc < 0)
		return rc;
	end = leaf_end(env, rank);
	while (walk->i + 1 < end) {
		rc = cursor_get(walk, MDB_NEXT, &next_locus, &next_hash, &next);
		if (rc < 0)
			return rc;
		if (!is_before(next_locus, next_hash, locus, hash)) {
			rc = cursor_get(walk, MDB_PREV, &next_locus, &next_hash, &next);
			if (rc < 0)
				return rc;
			break;
		}
		bytes = next;
		walk->i++;
	}
	return open_block(walk, bytes, block_ret);
}

static int next_in_tree(struct vx_walk *walk, struct vx_block *block_ret)
{
	uint64_t locus, hash;
	struct vx_slice bytes;
	int rc;

	if (walk->i_leaf == UINT64_MAX || walk->i + 1 == leaf_end(walk->env, walk->i_leaf)) {
		uint64_t i_leaf = walk->i_leaf == UINT64_MAX ? 0 : walk->i_leaf + 1;

		if (i_leaf >= walk->env->footer.n_leaves)
			return VIDX_END;
		rc = enter_leaf(walk, i_leaf, &bytes);
	} else {
		rc = cursor_get(walk, MDB_NEXT, &locus, &hash, &bytes);
		walk->i++;
	}
	return rc < 0 ? rc : open_block(walk, bytes, block_ret);
}

static int next_same_in_tree(struct vx_walk *walk, uint64_t locus, uint64_t hash)
{
	const struct vx_env *env = walk->env;
	uint64_t next_locus, next_hash, here_locus, here_hash;
	struct vx_slice bytes;

	if (walk->i_leaf == UINT64_MAX)
		return 0;
	if (walk->i + 1 == leaf_end(env, walk->i_leaf))
		return walk->i_leaf + 1 < env->footer.n_leaves && leaf_of(walk)[1].locus == locus &&
		       leaf_of(walk)[1].hash == hash;
	if (cursor_get(walk, MDB_NEXT, &next_locus, &next_hash, &bytes) != 0 ||
	    cursor_get(walk, MDB_PREV, &here_locus, &here_hash, &bytes) != 0)
		return 0;
	return next_locus == locus && next_hash == hash;
}

static int block_in_tree(struct vx_walk *walk, uint64_t i, struct vx_block *block_ret)
{
	const struct vx_env *env = walk->env;
	uint64_t at = 0, end = env->footer.n_leaves, locus, hash;
	struct vx_slice bytes;
	int rc;

	while (at < end) {
		uint64_t half = at + (end - at) / 2;

		if (env->footer.leaf[half].first <= i)
			at = half + 1;
		else
			end = half;
	}
	rc = enter_leaf(walk, at - 1, &bytes);
	while (rc == 0 && walk->i < i) {
		rc = cursor_get(walk, MDB_NEXT, &locus, &hash, &bytes);
		walk->i++;
	}
	return rc < 0 ? rc : open_block(walk, bytes, block_ret);
}

/* --- with or without --- */

int vx_walk_seek(struct vx_walk *walk, uint64_t locus, uint64_t hash, struct vx_block *block_ret)
{
	uint64_t i;

	if (!walk->env->has_dir)
		return seek_in_tree(walk, locus, hash, block_ret);
	i = vx_dir_find(&walk->env->dir, locus, hash);
	return i == UINT64_MAX ? VIDX_ABSENT : open_entry(walk, i, block_ret);
}

int vx_walk_next(struct vx_walk *walk, struct vx_block *block_ret)
{
	if (!walk->env->has_dir)
		return next_in_tree(walk, block_ret);
	/* From UINT64_MAX, before the first, to 0. */
	if (walk->i + 1 >= walk->env->dir.n)
		return VIDX_END;
	return open_entry(walk, walk->i + 1, block_ret);
}

int vx_walk_next_same(struct vx_walk *walk, uint64_t locus, uint64_t hash)
{
	const struct vx_dir *dir = &walk->env->dir;

	if (!walk->env->has_dir)
		return next_same_in_tree(walk, locus, hash);
	return vx_dir_begins(dir, walk->i + 1, locus, hash);
}

int vx_walk_block(struct vx_walk *walk, uint64_t i, struct vx_block *block_ret)
{
	if (i >= walk->env->meta.n_blocks)
		return VIDX_END;
	return walk->env->has_dir ? open_entry(walk, i, block_ret)
				  : block_in_tree(walk, i, block_ret);
}
