#include "store/writer.h"

#include "base/bytes.h"
#include "codec/block.h"

/* Pages of a transaction: 64 MB, as its pages are held in memory until it ends. */
#define TXN_PAGES 16384

int vx_append_track_begin(struct vx_append *append, struct vidx_error *err)
{
	int code, rc = vx_writer_commit(append, err);

	if (rc == 0)
		rc = vx_writer_begin(append, 0, err);
	if (rc < 0)
		return rc;
	code = mdb_dbi_open(append->txn, "callable", MDB_CREATE, &append->track);
	return code ? vx_writer_fail(append, code, err) : vx_writer_commit(append, err);
}

int vx_append_track(struct vx_append *append, uint64_t first, struct vx_slice bytes,
		    struct vidx_error *err)
{
	uint64_t n_pages = bytes.len / VX_PAGE + 1;
	uint8_t key_bytes[8];
	MDB_val key = {sizeof key_bytes, key_bytes};
	MDB_cursor *cursor = NULL;
	int code, rc = 0;

	if (append->txn && append->txn_pages + n_pages > TXN_PAGES)
		rc = vx_writer_commit(append, err);
	if (rc == 0 && !append->txn)
		rc = vx_writer_begin(append, n_pages, err);
	if (rc < 0)
		return rc;
	vx_store64_be(key_bytes, first);
	code = mdb_cursor_open(append->txn, append->track, &cursor);
	if (code)
		return vx_writer_fail(append, code, err);
	rc = vx_writer_put(append, cursor, &key, bytes, err);
	mdb_cursor_close(cursor);
	append->txn_pages += n_pages;
	return rc;
}
