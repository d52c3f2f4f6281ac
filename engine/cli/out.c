#include "cli/out.h"

#include "base/status.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The temporary file under way, for the handler: a program ended by a signal leaves none. */
static char *volatile unfinished;

static void on_signal(int sig)
{
	if (unfinished)
		unlink(unfinished);
	signal(sig, SIG_DFL);
	raise(sig);
}

static int failed(const struct vx_out *out, const char *what, struct vidx_error *err)
{
	int full = errno == ENOSPC || errno == EDQUOT;

	return vx_fail(err, full ? VIDX_EFULL : VIDX_EIO, "%s: cannot %s: %s", out->path, what,
		       strerror(errno));
}

static int set_names(struct vx_out *out, const char *path)
{
	struct stat st;
	int is_stdout = !path || strcmp(path, "-") == 0;

	out->path = strdup(is_stdout ? "standard output" : path);
	if (is_stdout)
		out->name = strdup("-");
	else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		out->name = strdup(path);
	else if (asprintf(&out->name, "%s.part-%ld", path, (long)getpid()) < 0)
		out->name = NULL;
	else
		out->is_temp = 1;
	return out->path && out->name ? 0 : VIDX_ENOMEM;
}

int vx_out_open(struct vx_out *out, const char *path, int open_fd, struct vidx_error *err)
{
	memset(out, 0, sizeof *out);
	vx_buf_init(&out->buf);
	out->fd = -1;
	if (set_names(out, path) < 0) {
		out->is_temp = 0;
		return vx_out_close(out, vx_fail_nomem(err), NULL);
	}
	if (out->is_temp) {
		static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};

		unfinished = out->name;
		for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
			if (signal(signals[i], on_signal) == SIG_IGN)
				signal(signals[i], SIG_IGN);
	}
	if (!open_fd)
		return 0;
	if (strcmp(out->name, "-") == 0)
		out->fd = STDOUT_FILENO;
	else
		out->fd = open(out->name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	return out->fd < 0 ? failed(out, "create", err) : 0;
}

int vx_out_pump(struct vx_out *out, int all, struct vidx_error *err)
{
	size_t at = 0;

	if (out->buf.failed)
		return vx_fail_nomem(err);
	if (!all && out->buf.len < VX_OUT_BYTES)
		return 0;
	while (at < out->buf.len) {
		ssize_t n = write(out->fd, out->buf.p + at, out->buf.len - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(out, "write", err);
		at += (size_t)n;
	}
	vx_buf_clear(&out->buf);
	return 0;
}

/* Closing tells of errors that writing did not: a full disk behind NFS. */
static int finish(struct vx_out *out, struct vidx_error *err)
{
	int rc = 0, fd = out->fd;

	if (fd >= 0) {
		rc = vx_out_pump(out, 1, err);
		if (rc == 0 && out->is_temp && fsync(fd) != 0)
			rc = failed(out, "write", err);
		out->fd = -1;
		if (close(fd) != 0 && rc == 0)
			rc = failed(out, "write", err);
	}
	if (rc == 0 && out->is_temp && rename(out->name, out->path) != 0)
		rc = failed(out, "create", err);
	return rc;
}

int vx_out_close(struct vx_out *out, int rc, struct vidx_error *err)
{
	if (rc >= 0) {
		int rc2 = finish(out, err);

		rc = rc2 < 0 ? rc2 : rc;
	}
	if (out->fd >= 0)
		close(out->fd);
	if (rc < 0 && out->is_temp)
		unlink(out->name);
	unfinished = NULL;
	vx_buf_release(&out->buf);
	free(out->path);
	free(out->name);
	memset(out, 0, sizeof *out);
	out->fd = -1;
	return rc;
}
