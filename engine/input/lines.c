#include "input/lines.h"

#include "input/inflate.h"

#include <stdlib.h>

/* Text inflated at once. */
#define FILL_BYTES ((size_t)256 << 10)

enum container { NOT_KNOWN, BGZF, GZIP, PLAIN };

struct vx_lines {
	struct vx_file file;
	enum container container;
	struct vx_buf stored; /* read, and not inflated yet */
	struct vx_buf text;
	size_t at; /* start of the next line in text */
	uint64_t number;
	struct vx_inflater *inflater;
	struct vx_gunzip *gunzip;
	int after_end_block; /* the BGZF block before was empty */
	int ended;           /* nothing follows what is in text */
	const char *damage;  /* why, where it should not have ended */
};

static int open_with(struct vx_lines *lines, int rc, struct vx_lines **lines_ret,
		     struct vidx_error *err)
{
	vx_buf_init(&lines->stored);
	vx_buf_init(&lines->text);
	lines->inflater = vx_inflater_new();
	lines->gunzip = vx_gunzip_new();
	if (rc == 0 && (!lines->inflater || !lines->gunzip))
		rc = vx_fail_nomem(err);
	if (rc == 0)
		*lines_ret = lines;
	else
		vx_lines_close(lines);
	return rc;
}

int vx_lines_open(const char *path, struct vx_lines **lines_ret, struct vidx_error *err)
{
	struct vx_lines *lines = calloc(1, sizeof *lines);

	if (!lines)
		return vx_fail_nomem(err);
	return open_with(lines, vx_file_open(&lines->file, path, err), lines_ret, err);
}

int vx_lines_open_fd(int fd, const char *name, struct vx_lines **lines_ret, struct vidx_error *err)
{
	struct vx_lines *lines = calloc(1, sizeof *lines);

	if (!lines)
		return vx_fail_nomem(err);
	return open_with(lines, vx_file_attach(&lines->file, fd, name, err), lines_ret, err);
}

void vx_lines_close(struct vx_lines *lines)
{
	if (!lines)
		return;
	vx_file_close(&lines->file);
	vx_buf_release(&lines->stored);
	vx_buf_release(&lines->text);
	vx_inflater_free(lines->inflater);
	vx_gunzip_free(lines->gunzip);
	free(lines);
}

static int detect(struct vx_lines *lines, struct vidx_error *err)
{
	const struct vx_buf *stored = &lines->stored;
	struct vx_bgzf_block block;

	while (stored->len < VX_BLOCK_BYTES && !lines->file.at_end) {
		int rc = vx_file_read(&lines->file, &lines->stored, VX_BLOCK_BYTES, err);

		if (rc != 0)
			return rc;
	}
	lines->container = PLAIN;
	if (stored->len >= 2 && stored->p[0] == 0x1f && stored->p[1] == 0x8b)
		lines->container = vx_bgzf_measure(stored->p, stored->len, &block) == VIDX_EBADINPUT
					   ? GZIP
					   : BGZF;
	return 0;
}

static void end_with(struct vx_lines *lines, const char *damage)
{
	lines->ended = 1;
	lines->damage = damage;
}

static int inflate_block(struct vx_lines *lines, size_t at, const struct vx_bgzf_block *block)
{
	if (vx_buf_reserve(&lines->stored, VX_INFLATE_ROOM) != 0 ||
	    vx_buf_reserve(&lines->text, block->text_len + VX_INFLATE_ROOM) != 0)
		return VIDX_ENOMEM;
	lines->damage = vx_inflate_block(lines->inflater, lines->stored.p + at, block,
					 lines->text.p + lines->text.len);
	lines->ended = lines->damage != NULL;
	if (!lines->damage)
		lines->text.len += block->text_len;
	lines->after_end_block = block->text_len == 0;
	return 0;
}

static int fill_bgzf(struct vx_lines *lines, struct vidx_error *err)
{
	struct vx_buf *stored = &lines->stored;
	size_t want = lines->text.len + FILL_BYTES, at = 0;

	while (lines->text.len < want && !lines->ended) {
		struct vx_bgzf_block block;
		int rc = at < stored->len
				 ? vx_bgzf_measure(stored->p + at, stored->len - at, &block)
				 : VIDX_END;

		if (rc == 0) {
			if (inflate_block(lines, at, &block) != 0)
				return vx_fail_nomem(err);
			at += block.size;
		} else if (rc < 0) {
			end_with(lines, "no bgzf block where one should be");
		} else if (!lines->file.at_end) {
			memmove(stored->p, stored->p + at, stored->len - at);
			stored->len -= at;
			at = 0;
			rc = vx_file_read(&lines->file, stored, FILL_BYTES, err);
			if (rc != 0)
				return rc;
		} else if (at < stored->len || !lines->after_end_block) {
			end_with(lines, "the file is cut short");
		} else {
			end_with(lines, NULL);
		}
	}
	memmove(stored->p, stored->p + at, stored->len - at);
	stored->len -= at;
	return 0;
}

static int fill(struct vx_lines *lines, struct vidx_error *err)
{
	struct vx_buf *text = &lines->text;
	int rc;

	if (lines->at) {
		memmove(text->p, text->p + lines->at, text->len - lines->at);
		text->len -= lines->at;
		lines->at = 0;
	}
	if (lines->container == NOT_KNOWN && (rc = detect(lines, err)) != 0)
		return rc;
	if (lines->container == BGZF)
		return fill_bgzf(lines, err);
	if (lines->container == GZIP) {
		rc = vx_gunzip_read(lines->gunzip, &lines->file, &lines->stored, text, FILL_BYTES,
				    &lines->damage, err);
		lines->ended = rc == VIDX_END || lines->damage;
		return lines->ended ? 0 : rc;
	}
	vx_buf_add(text, lines->stored.p, lines->stored.len);
	vx_buf_clear(&lines->stored);
	if (text->failed)
		return vx_fail_nomem(err);
	if (!lines->file.at_end)
		return vx_file_read(&lines->file, text, FILL_BYTES, err);
	lines->ended = 1;
	return 0;
}

static int fault(const struct vx_lines *lines, const char *what, struct vidx_error *err)
{
	return vx_fail(err, VIDX_EBADINPUT, "%.300s: line %llu: %s", lines->file.name,
		       (unsigned long long)lines->number, what);
}

int vx_lines_next(struct vx_lines *lines, struct vx_slice *line_ret, struct vidx_error *err)
{
	const struct vx_buf *text = &lines->text;
	const char *nl = NULL, *line;
	size_t looked = 0, len;

	lines->number++;
	for (;;) {
		len = text->len - lines->at;
		if (len > looked)
			nl = memchr(text->p + lines->at + looked, '\n', len - looked);
		looked = len;
		if (nl || lines->ended)
			break;
		if (len > VX_LINES_MAX)
			return fault(lines, "too long", err);
		int rc = fill(lines, err);

		if (rc != 0)
			return rc;
	}
	if (!nl && lines->damage)
		return fault(lines, lines->damage, err);
	if (!nl && len == 0)
		return VIDX_END;
	line = (const char *)text->p + lines->at;
	lines->at += nl ? (size_t)(nl - line) + 1 : len;
	len = nl ? (size_t)(nl - line) : len;
	if (len > VX_LINES_MAX)
		return fault(lines, "too long", err);
	if (memchr(line, 0, len))
		return fault(lines, "a NUL byte", err);
	if (len && line[len - 1] == '\r')
		len--;
	*line_ret = vx_slice(line, len);
	return 0;
}

uint64_t vx_lines_number(const struct vx_lines *lines)
{
	return lines->number;
}

uint64_t vx_lines_total(const struct vx_lines *lines)
{
	return lines->file.size;
}

uint64_t vx_lines_size(const struct vx_lines *lines)
{
	return lines->file.n_read;
}

struct vx_hash128 vx_lines_hash(const struct vx_lines *lines)
{
	return vx_hasher_final(lines->file.hasher);
}
