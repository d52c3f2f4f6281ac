#include "build/spool.h"

#include "base/arena.h"
#include "build/inputs.h"
#include "build/spoolparts.h"
#include "codec/track.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int vx_spool_new(const char *path, uint32_t n_cols, struct vx_spool **spool_ret,
		 struct vidx_error *err)
{
	struct vx_spool *spool = calloc(1, sizeof *spool);

	if (!spool)
		return vx_fail_nomem(err);
	spool->fd = -1;
	spool->n_cols = n_cols;
	vx_arena_init(&spool->arena);
	vx_strmap_init(&spool->numbers);
	pthread_mutex_init(&spool->lock, NULL);
	spool->path = strdup(path);
	if (!spool->path) {
		vx_spool_free(spool);
		return vx_fail_nomem(err);
	}
	*spool_ret = spool;
	return 0;
}

void vx_spool_free(struct vx_spool *spool)
{
	if (!spool)
		return;
	if (spool->fd >= 0)
		close(spool->fd);
	pthread_mutex_destroy(&spool->lock);
	vx_strmap_release(&spool->numbers);
	vx_arena_release(&spool->arena);
	free(spool->part);
	free(spool->name);
	free(spool->path);
	free(spool);
}

uint32_t vx_spool_columns(const struct vx_spool *spool)
{
	return spool->n_cols;
}

void vx_spool_note(struct vx_spool *spool, uint64_t n)
{
	spool->n_noted += n;
}

uint64_t vx_spool_noted(const struct vx_spool *spool)
{
	return spool->n_noted;
}

static int add_name(struct vx_spool *spool, struct vx_slice name)
{
	if (spool->n_names == spool->cap_names) {
		uint32_t cap = spool->cap_names * 2 + 8;
		struct vx_slice *grown = realloc(spool->name, cap * sizeof *grown);

		if (!grown)
			return VIDX_ENOMEM;
		spool->name = grown;
		spool->cap_names = cap;
	}
	name.p = vx_arena_copy(&spool->arena, name.p, name.len);
	if (!name.p || vx_strmap_put(&spool->numbers, name, spool->n_names) != 0)
		return VIDX_ENOMEM;
	spool->name[spool->n_names++] = name;
	return 0;
}

int vx_spool_name(struct vx_spool *spool, struct vx_slice name, uint32_t *contig_ret)
{
	uint32_t i;
	int rc = 0;

	pthread_mutex_lock(&spool->lock);
	i = vx_strmap_get(&spool->numbers, name);
	if (i == VX_STRMAP_NONE) {
		i = spool->n_names;
		rc = add_name(spool, name);
	}
	pthread_mutex_unlock(&spool->lock);
	*contig_ret = VX_NEW_CONTIG + i;
	return rc;
}

uint32_t vx_spool_names(const struct vx_spool *spool, const struct vx_slice **name_ret)
{
	*name_ret = spool->name;
	return spool->n_names;
}

/* --- the file --- */

int vx_spool_fault(const struct vx_spool *spool, int code, struct vidx_error *err)
{
	int full = code == ENOSPC || code == EDQUOT || code == EFBIG;

	return vx_fail(err, full ? VIDX_EFULL : VIDX_EIO,
		       "%s: %s a file of the callable track beside it: %s", spool->path,
		       full ? "no space left for" : "cannot keep", strerror(code));
}

/* A file without a name where the system has such; else one whose name is gone at once. */
static int open_file(struct vx_spool *spool, struct vidx_error *err)
{
	const char *slash = strrchr(spool->path, '/');
	size_t len = slash ? (size_t)(slash - spool->path) + 1 : 0, size = len + 64;
	char *name = malloc(size);

	if (!name)
		return vx_fail_nomem(err);
	snprintf(name, size, "%.*s.", (int)len, spool->path);
	spool->fd = open(name, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (spool->fd < 0) {
		snprintf(name, size, "%.*s.vidx-track.%ld-%" PRIxPTR, (int)len, spool->path,
			 (long)getpid(), (uintptr_t)spool);
		spool->fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (spool->fd >= 0)
			unlink(name);
	}
	free(name);
	return spool->fd < 0 ? vx_spool_fault(spool, errno, err) : 0;
}

static int write_at(const struct vx_spool *spool, uint64_t at, const struct vx_buf *buf,
		    struct vidx_error *err)
{
	size_t done = 0;

	while (done < buf->len) {
		ssize_t n = pwrite(spool->fd, buf->p + done, buf->len - done, (off_t)(at + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return vx_spool_fault(spool, n < 0 ? errno : EIO, err);
		done += (size_t)n;
	}
	return 0;
}

/* Makes a place for a block.  Lock held. */
static int add_part(struct vx_spool *spool, const struct vx_part *part, struct vidx_error *err)
{
	if (spool->fd < 0) {
		int rc = open_file(spool, err);

		if (rc < 0)
			return rc;
	}
	if (spool->n_parts == spool->cap_parts) {
		size_t cap = spool->cap_parts * 2 + 64;
		struct vx_part *grown = realloc(spool->part, cap * sizeof *grown);

		if (!grown)
			return vx_fail_nomem(err);
		spool->part = grown;
		spool->cap_parts = cap;
	}
	spool->part[spool->n_parts] = *part;
	spool->part[spool->n_parts++].at = spool->n_bytes;
	spool->n_bytes += part->len;
	return 0;
}

/* --- lanes --- */

void vx_lane_release(struct vx_lane *lane)
{
	free(lane->span);
	vx_buf_release(&lane->block);
	memset(lane, 0, sizeof *lane);
}

int vx_lane_flush(struct vx_lane *lane, struct vidx_error *err)
{
	struct vx_spool *spool = lane->spool;
	struct vx_part part;
	uint64_t at = 0;
	int rc;

	if (lane->n == 0)
		return 0;
	vx_buf_clear(&lane->block);
	rc = vx_track_pack(lane->span, lane->n, spool->n_cols, &lane->block, err);
	if (rc < 0)
		return rc;
	part = (struct vx_part){lane->contig, (uint32_t)lane->block.len, lane->span[0], 0};
	lane->n = 0;
	pthread_mutex_lock(&spool->lock);
	rc = add_part(spool, &part, err);
	if (rc == 0)
		at = spool->part[spool->n_parts - 1].at;
	pthread_mutex_unlock(&spool->lock);
	return rc < 0 ? rc : write_at(spool, at, &lane->block, err);
}

int vx_lane_add(struct vx_lane *lane, uint32_t contig, uint64_t beg0, uint64_t end0,
		const uint64_t *an, struct vidx_error *err)
{
	uint32_t n_cols = lane->spool->n_cols;
	size_t stride = 2 + (size_t)n_cols, room = vx_track_room(n_cols);
	uint64_t *span;
	int rc;

	if (!lane->span && !(lane->span = calloc(room * stride, sizeof *lane->span)))
		return vx_fail_nomem(err);
	span = lane->span + lane->n * stride;
	if (lane->n > 0 && contig == lane->contig && beg0 == span[1 - (ptrdiff_t)stride] &&
	    (n_cols == 0 || memcmp(span - n_cols, an, n_cols * sizeof *an) == 0)) {
		span[1 - (ptrdiff_t)stride] = end0;
		return 0;
	}
	if (lane->n == room ||
	    (lane->n > 0 && (contig != lane->contig || beg0 < span[1 - (ptrdiff_t)stride]))) {
		rc = vx_lane_flush(lane, err);
		if (rc < 0)
			return rc;
		span = lane->span;
	}
	lane->contig = contig;
	span[0] = beg0;
	span[1] = end0;
	if (n_cols)
		memcpy(span + 2, an, n_cols * sizeof *an);
	lane->n++;
	return 0;
}
