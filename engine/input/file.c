#include "input/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int vx_file_attach(struct vx_file *file, int fd, const char *name, struct vidx_error *err)
{
	struct stat st;

	memset(file, 0, sizeof *file);
	file->fd = fd;
	file->name = strdup(name);
	file->hasher = vx_hasher_new();
	if (!file->name || !file->hasher)
		return vx_fail_nomem(err);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		file->size = (uint64_t)st.st_size;
	return 0;
}

int vx_file_open(struct vx_file *file, const char *path, struct vidx_error *err)
{
	int fd, rc;

	if (strcmp(path, "-") == 0)
		return vx_file_attach(file, STDIN_FILENO, "standard input", err);
	memset(file, 0, sizeof *file);
	file->fd = -1;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return vx_fail(err, VIDX_EIO, "%.300s: cannot open: %s", path, strerror(errno));
	rc = vx_file_attach(file, fd, path, err);
	file->is_ours = 1;
	/* Only advice: a refusal changes nothing. */
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return rc;
}

void vx_file_close(struct vx_file *file)
{
	if (file->is_ours)
		close(file->fd);
	free(file->name);
	vx_hasher_free(file->hasher);
	memset(file, 0, sizeof *file);
	file->fd = -1;
}

int vx_file_read(struct vx_file *file, struct vx_buf *buf, size_t n, struct vidx_error *err)
{
	ssize_t got;

	if (vx_buf_reserve(buf, n) != 0)
		return vx_fail_nomem(err);
	do
		got = read(file->fd, buf->p + buf->len, n);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return vx_fail(err, VIDX_EIO, "%.300s: cannot read: %s", file->name,
			       strerror(errno));
	if (got == 0)
		file->at_end = 1;
	vx_hasher_update(file->hasher, buf->p + buf->len, (size_t)got);
	buf->len += (size_t)got;
	atomic_fetch_add_explicit(&file->n_read, (uint64_t)got, memory_order_relaxed);
	return 0;
}
