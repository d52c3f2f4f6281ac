/* What the tests of the input floor share: sources out of memory, the shared files. */
#ifndef TESTS_INPUT_SUPPORT_H
#define TESTS_INPUT_SUPPORT_H

#include "input/parts.h"

#include <check.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define SHARED "../shared/data/"

/* Nonzero if the shared file is there; else says so. */
static inline int shared_has(const char *name)
{
	char path[300];

	snprintf(path, sizeof path, SHARED "%s", name);
	if (access(path, R_OK) == 0)
		return 1;
	printf("input: skipped: no %s\n", path);
	return 0;
}

/* Opens bytes as a source called "test". */
static inline int open_bytes(const void *p, size_t len, struct vx_source **source_ret,
			     struct vidx_error *err)
{
	int fd = memfd_create("test", 0), rc;

	ck_assert_int_ge(fd, 0);
	for (size_t at = 0; at < len;) {
		ssize_t n = write(fd, (const char *)p + at, len - at);

		ck_assert_int_gt(n, 0);
		at += (size_t)n;
	}
	lseek(fd, 0, SEEK_SET);
	memset(err, 0, sizeof *err);
	rc = vx_source_open_fd(fd, "test", source_ret, err);
	/* All was read when opening a small one; a larger one keeps reading. */
	if (rc == 0)
		(*source_ret)->file.is_ours = 1;
	else
		close(fd);
	return rc;
}

/* Appends one BGZF block of at most 65,000 bytes of text. */
static inline void bgzf_block(struct vx_buf *out, const void *p, size_t len)
{
	static const uint8_t head[16] = {0x1f, 0x8b, 8, 4, 0,   0,   0, 0,
					 0,    255,  6, 0, 'B', 'C', 2, 0};
	static struct libdeflate_compressor *c; /* one for all: it is large */
	uint8_t data[70000], tail[8];
	size_t n;
	uint32_t crc = libdeflate_crc32(0, len ? p : "", len);

	if (!c)
		c = libdeflate_alloc_compressor(1);
	ck_assert_ptr_nonnull(c);
	n = libdeflate_deflate_compress(c, len ? p : "", len, data, sizeof data);
	ck_assert_uint_gt(n, 0);
	ck_assert_uint_lt(n, 65500);
	vx_buf_add(out, head, sizeof head);
	vx_buf_addc(out, (int)((n + 25) & 255));
	vx_buf_addc(out, (int)((n + 25) >> 8));
	vx_buf_add(out, data, n);
	for (int i = 0; i < 4; i++) {
		tail[i] = (uint8_t)(crc >> (8 * i));
		tail[4 + i] = (uint8_t)(len >> (8 * i));
	}
	vx_buf_add(out, tail, sizeof tail);
}

/* Text as a BGZF file in blocks of that size, with the end block. */
static inline void bgzf_pack(struct vx_buf *out, const void *p, size_t len, size_t block)
{
	for (size_t at = 0; at < len; at += block)
		bgzf_block(out, (const char *)p + at, len - at < block ? len - at : block);
	bgzf_block(out, NULL, 0);
}

/*
 * Reads all records of a source on one thread.  Adds one line per record to out (may be NULL):
 * what of it does not depend on text or BCF.  Returns the number of records; *rc_ret is
 * VIDX_END or the failure.
 */
static inline uint64_t read_all(struct vx_source *source, const struct vx_wanted *wanted,
				struct vx_buf *out, int *rc_ret, struct vidx_error *err)
{
	struct vx_unit *unit;
	struct vx_record r;
	uint64_t n = 0;
	int rc;

	memset(err, 0, sizeof *err);
	ck_assert_int_eq(vx_unit_new(&unit, err), 0);
	while ((rc = vx_source_next(source, unit, err)) == 0) {
		rc = vx_unit_load(unit, err);
		if (rc != 0)
			break;
		while ((rc = vx_unit_next(unit, wanted, &r, err)) == 0) {
			n++;
			if (!out)
				continue;
			vx_buf_addf(out, "%.*s %llu %.*s %.*s", (int)r.chrom.len, r.chrom.p,
				    (unsigned long long)r.pos1, (int)r.id.len, r.id.p,
				    (int)r.ref.len, r.ref.p);
			for (uint32_t i = 0; i < r.n_alts; i++)
				vx_buf_addf(out, ",%.*s", (int)r.alts[i].len, r.alts[i].p);
			vx_buf_addf(out, " %.*s %d", (int)r.filter.len, r.filter.p,
				    r.gt_form != VX_GT_NONE);
			for (uint32_t i = 0; i < vx_wanted_count(wanted); i++) {
				double v = 0;
				int got = vx_info_double(&r.info[i], 0, &v);

				/* BCF keeps floats of 32 bits. */
				vx_buf_addf(out, " %u:%d:%.6g", vx_info_length(&r.info[i]), got,
					    (double)(float)v);
			}
			vx_buf_addc(out, '\n');
		}
		if (rc < 0)
			break;
	}
	vx_unit_free(unit);
	*rc_ret = rc;
	return n;
}

#endif
