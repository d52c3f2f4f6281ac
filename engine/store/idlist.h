/*
 * idlist: sorted entries (codec/idtext.h) <-> the bytes of one value of `ids`.  FORMAT.md has the
 * layout.  About 3 bytes an entry at any number of IDs: many lie close together, few are in few
 * blocks.
 */
#ifndef VX_STORE_IDLIST_H
#define VX_STORE_IDLIST_H

#include "base/buf.h"
#include "base/slice.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Entries of a chunk.  A lookup hashes and decodes one; its place in the list costs 16 bytes.
 */
#define VX_IDLIST_CHUNK 256

/*
 * Appends a list of the n >= 1 entries, which rise strictly; k * 4096 - 16 bytes.  Errors:
 * VIDX_ENOMEM, VIDX_EUSAGE (4 GiB or more).
 */
int vx_idlist_pack(const uint64_t *entry, size_t n, struct vx_buf *out, struct vidx_error *err);

/* A list over borrowed bytes. */
struct vx_idlist {
	const uint8_t *p;
	size_t len;
	uint64_t n; /* entries */
	uint32_t n_chunks;
	unsigned block_bits;
};

/* Reads the header; VIDX_EBADINDEX where the parts do not lie inside. */
int vx_idlist_open(struct vx_idlist *list, const void *p, size_t len);
/* The first entry at or after from.  0, VIDX_END, VIDX_EBADINDEX (the chunk is damaged). */
int vx_idlist_next(const struct vx_idlist *list, uint64_t from, uint64_t *entry_ret);
/* All entries of chunk i into entry, which has room for a chunk; *n_ret of them.  As above. */
int vx_idlist_chunk(const struct vx_idlist *list, uint32_t i, uint64_t *entry, size_t *n_ret);
/* Whether the hash over all bytes is the right one. */
int vx_idlist_is_whole(const struct vx_idlist *list);

#endif
