/* The system calls of tests/oom.c: they fail with EIO, or do less than they were asked to. */
#ifndef TESTS_OOM_IO_H
#define TESTS_OOM_IO_H

int __real_open(const char *path, int flags, ...);
ssize_t __real_read(int fd, void *p, size_t n);
ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __real_pread(int fd, void *p, size_t n, off_t at);
ssize_t __real_pwrite(int fd, const void *p, size_t n, off_t at);
int __real_fsync(int fd);
int __real_ftruncate(int fd, off_t len);
int __real_rename(const char *from, const char *to);
off_t __real_lseek(int fd, off_t at, int whence);

int __wrap_open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list args;

	if (flags & O_CREAT) {
		va_start(args, flags);
		mode = (mode_t)va_arg(args, int);
		va_end(args);
	}
	return call_fails() ? -1 : __real_open(path, flags, mode);
}

/* How much of n bytes a call does; 0: it was interrupted. */
static size_t share(size_t n)
{
	if (!counting || !told->is_short)
		return n;
	if (__sync_add_and_fetch(&told->n_short, 1) % 3 == 0) {
		errno = EINTR;
		return 0;
	}
	return n > 1 ? (n + 1) / 2 : n;
}

#define WRAP_BYTES(name, declared, passed)                                                         \
	ssize_t __wrap_##name declared                                                             \
	{                                                                                          \
		size_t m = call_fails() ? SIZE_MAX : share(n);                                     \
                                                                                                   \
		if (m == SIZE_MAX || (m == 0 && n > 0))                                            \
			return -1;                                                                 \
		n = m;                                                                             \
		return __real_##name passed;                                                       \
	}
WRAP_BYTES(read, (int fd, void *p, size_t n), (fd, p, n))
WRAP_BYTES(write, (int fd, const void *p, size_t n), (fd, p, n))
WRAP_BYTES(pread, (int fd, void *p, size_t n, off_t at), (fd, p, n, at))
WRAP_BYTES(pwrite, (int fd, const void *p, size_t n, off_t at), (fd, p, n, at))

int __wrap_fsync(int fd)
{
	return call_fails() ? -1 : __real_fsync(fd);
}

int __wrap_ftruncate(int fd, off_t len)
{
	return call_fails() ? -1 : __real_ftruncate(fd, len);
}

int __wrap_rename(const char *from, const char *to)
{
	return call_fails() ? -1 : __real_rename(from, to);
}

off_t __wrap_lseek(int fd, off_t at, int whence)
{
	return call_fails() ? -1 : __real_lseek(fd, at, whence);
}

#endif
