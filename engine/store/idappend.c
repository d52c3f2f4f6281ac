#include "store/writer.h"

#include "base/bytes.h"
#include "codec/block.h"

int vx_append_ids_begin(struct vx_append *append, struct vidx_error *err)
{
	int code, rc = vx_writer_commit(append, err);

	if (rc == 0)
		rc = vx_writer_begin(append, 0, err);
	if (rc < 0)
		return rc;
	code = mdb_dbi_open(append->txn, "ids", MDB_CREATE, &append->ids);
	return code ? vx_writer_fail(append, code, err) : vx_writer_commit(append, err);
}

/* One transaction for each: a list is long, and its pages are held in memory until then. */
int vx_append_ids(struct vx_append *append, uint64_t first, struct vx_slice bytes,
		  struct vidx_error *err)
{
	uint8_t key_bytes[8];
	MDB_val key = {sizeof key_bytes, key_bytes};
	MDB_cursor *cursor = NULL;
	int code, rc = vx_writer_begin(append, bytes.len / VX_PAGE + 1, err);

	if (rc < 0)
		return rc;
	vx_store64_be(key_bytes, first);
	code = mdb_cursor_open(append->txn, append->ids, &cursor);
	if (code)
		return vx_writer_fail(append, code, err);
	rc = vx_writer_put(append, cursor, &key, bytes, err);
	mdb_cursor_close(cursor);
	return rc < 0 ? rc : vx_writer_commit(append, err);
}
