/* What the fuzz targets of the input floor share: reading bytes as a whole file. */
#ifndef TESTS_FUZZ_SOURCE_H
#define TESTS_FUZZ_SOURCE_H

#include "input/parts.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Touches every view of a record, so that a bad one is seen. */
static inline uint64_t touch(const struct vx_record *r, uint32_t n_wanted)
{
	uint64_t sum = r->pos1;
	struct vx_slice views[5] = {r->chrom, r->id, r->filter, r->ref, {NULL, 0}};

	if (r->gt_form == VX_GT_TEXT) /* with the room that follows */
		views[4] = vx_slice(r->samples.p, r->samples.len + 64);
	for (int i = 0; i < 5; i++)
		for (size_t k = 0; k < views[i].len; k++)
			sum += (uint8_t)views[i].p[k];
	for (uint32_t i = 0; i < r->n_alts; i++)
		for (size_t k = 0; k < r->alts[i].len; k++)
			sum += (uint8_t)r->alts[i].p[k];
	for (uint32_t i = 0; i < n_wanted; i++) {
		int64_t v = 0;
		double d = 0;
		uint32_t n = vx_info_length(&r->info[i]);

		for (uint32_t k = 0; k < n && k < 100; k++) {
			vx_info_int(&r->info[i], k, &v);
			vx_info_double(&r->info[i], k, &d);
			sum += (uint64_t)v + (d > 1);
		}
	}
	if (r->gt_form == VX_GT_BCF)
		for (size_t k = 0;
		     k < (size_t)r->n_samples * r->gt_width * (r->gt_type == 3 ? 4 : r->gt_type);
		     k++)
			sum += r->gt[k];
	return sum;
}

/*
 * Reads the bytes as a file, in units of unit_bytes.  Aborts if a failure came without a text, or
 * a record breaks what record.h promises.
 */
static inline uint64_t read_as_file(const uint8_t *data, size_t size, size_t unit_bytes)
{
	static const char *const names[] = {"AC", "AN", "AF", "DB", "nhomalt_joint_afr_XX", "END"};
	struct vx_slice keys[6];
	struct vx_source *source = NULL;
	struct vx_wanted *wanted = NULL;
	struct vx_unit *unit = NULL;
	struct vidx_error err = {0};
	struct vx_record r;
	uint64_t sum = 0;
	int fd = memfd_create("fuzz", 0), rc;

	if (fd < 0 || (size && write(fd, data, size) != (ssize_t)size))
		abort();
	lseek(fd, 0, SEEK_SET);
	for (int i = 0; i < 6; i++)
		keys[i] = vx_slice_str(names[i]);
	rc = vx_source_open_fd(fd, "fuzz", &source, &err);
	if (rc == 0) {
		vx_source_set_unit_bytes(source, unit_bytes);
		if (vx_wanted_new(keys, 6, &wanted, &err) != 0 || vx_unit_new(&unit, &err) != 0)
			abort();
		while ((rc = vx_source_next(source, unit, &err)) == 0) {
			rc = vx_unit_load(unit, &err);
			while (rc == 0 && (rc = vx_unit_next(unit, wanted, &r, &err)) == 0)
				sum += touch(&r, 6);
			if (rc < 0)
				break;
		}
	}
	if (rc < 0 && (err.status != rc || err.text[0] == '\0'))
		abort();
	vx_unit_free(unit);
	vx_source_close(source);
	vx_wanted_free(wanted);
	close(fd);
	return sum;
}

#endif
