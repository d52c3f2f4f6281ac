#include "store/resident.h"

#include "store/opened.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Linux 5.14; older kernels say that they do not know it. */
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif

struct span {
	char *p;
	size_t len;
};

/* What the blocks take of the map, and what lies between them: all that a lookup reads. */
static struct span blocks_of(const struct vx_env *env)
{
	const char *beg = NULL, *end = NULL;
	struct span span = {NULL, 0};

	for (uint64_t i = 0; i < env->dir.n; i++) {
		struct vx_slice bytes = vx_dir_bytes(&env->dir, i);

		if (!beg || bytes.p < beg)
			beg = bytes.p;
		if (!end || bytes.p + bytes.len > end)
			end = bytes.p + bytes.len;
	}
	if (beg) {
		span.p = (char *)(uintptr_t)beg - VX_PAGE_HEADER;
		span.len = (size_t)(end - span.p);
	}
	return span;
}

static int cannot_read(const struct vx_env *env, struct vidx_error *err)
{
	return vx_fail(err, VIDX_EIO, "%s: cannot be read into memory: %s", env->path,
		       strerror(errno));
}

/* Page by page, for kernels that cannot do it at once. */
static void touch(struct span span)
{
	const volatile char *p = span.p;

	for (size_t i = 0; i < span.len; i += VX_PAGE)
		(void)p[i];
}

int vx_env_prefault(struct vx_env *env, struct vidx_error *err)
{
	struct span span = blocks_of(env);
	struct vx_block spare;

	if (span.len > 0 && madvise(span.p, span.len, MADV_POPULATE_READ) != 0) {
		if (errno != EINVAL && errno != ENOSYS)
			return cannot_read(env, err);
		touch(span);
	}
	for (uint64_t i = 0; i < env->dir.n; i++)
		if (!vx_dir_open(&env->dir, i, &spare))
			return vx_fail(err, VIDX_EBADINDEX, "%s: damaged: block %" PRIu64,
				       env->path, i);
	return 0;
}

int vx_env_lock(struct vx_env *env, struct vidx_error *err)
{
	struct span span = blocks_of(env);
	struct vx_dir_span dir[VX_DIR_SPANS];
	uint64_t total = span.len;
	int is_locked = span.len == 0 || mlock(span.p, span.len) == 0;

	vx_dir_spans(&env->dir, dir);
	for (int i = 0; i < VX_DIR_SPANS; i++) {
		total += dir[i].len;
		is_locked = is_locked && (dir[i].len == 0 || mlock(dir[i].p, dir[i].len) == 0);
	}
	if (!is_locked)
		return vx_fail(err, VIDX_EIO,
			       "%s: cannot lock %" PRIu64 " MB in memory: %s; see ulimit -l",
			       env->path, total / 1000000 + 1, strerror(errno));
	return vx_env_prefault(env, err);
}

void vx_file_reread(const char *path)
{
	/* A pipe is not waited for: whoever opens it next says that it is no index. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	char *map;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
		if (map != MAP_FAILED && madvise(map, (size_t)st.st_size, MADV_HUGEPAGE) == 0 &&
		    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0)
			(void)madvise(map, (size_t)st.st_size, MADV_POPULATE_READ);
		if (map != MAP_FAILED)
			munmap(map, (size_t)st.st_size);
	}
	close(fd);
}
