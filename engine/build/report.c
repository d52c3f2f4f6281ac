#include "build/report.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void add_text(struct vx_buf *out, struct vx_slice text)
{
	vx_buf_addc(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c < 32 || c == 127)
			vx_buf_addf(out, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			vx_buf_addf(out, "\\%c", c);
		else
			vx_buf_addc(out, c);
	}
	vx_buf_addc(out, '"');
}

static void add_count(struct vx_buf *out, const char *name, uint64_t n)
{
	vx_buf_addf(out, "\"%s\": %llu", name, (unsigned long long)n);
}

static void add_reasons(struct vx_buf *out, const char *name, const uint64_t *count)
{
	const char *comma = "";

	vx_buf_addf(out, "\"%s\": {", name);
	for (int i = VX_KEPT + 1; i < VX_N_REASONS; i++) {
		if (!count[i])
			continue;
		vx_buf_adds(out, comma);
		add_count(out, vx_reason_name((enum vx_reason)i), count[i]);
		comma = ", ";
	}
	vx_buf_addc(out, '}');
}

static void add_source(struct vx_buf *out, const struct vx_meta_source *source)
{
	vx_buf_adds(out, "    {\"name\": ");
	add_text(out, source->name);
	vx_buf_adds(out, ", ");
	add_count(out, "bytes", source->size);
	vx_buf_addf(out, ", \"xxh3_128\": \"%016llx%016llx\", ",
		    (unsigned long long)source->hash.hi, (unsigned long long)source->hash.lo);
	add_count(out, "records", source->n_records);
	vx_buf_adds(out, ", ");
	add_count(out, "indexed", source->n_indexed);
	vx_buf_adds(out, ", ");
	add_count(out, "nothing_to_index", source->n_nothing);
	vx_buf_adds(out, ", ");
	add_count(out, "rejected", source->n_rejected);
	vx_buf_addc(out, '}');
}

void vx_report_json(const struct vx_meta *meta, struct vx_buf *out)
{
	const struct vx_tally *tally = &meta->tally;

	vx_buf_adds(out, "{\n  \"assembly\": ");
	add_text(out, vx_slice_str(vx_contigs_assembly(meta->contigs)));
	vx_buf_addf(out, ",\n  \"content_digest\": \"%016llx%016llx\",\n  ",
		    (unsigned long long)meta->content_digest.hi,
		    (unsigned long long)meta->content_digest.lo);
	add_count(out, "variants", meta->n_variants);
	vx_buf_adds(out, ",\n  \"records\": {");
	add_count(out, "read", tally->n_records);
	vx_buf_adds(out, ", ");
	add_count(out, "indexed", tally->n_indexed);
	vx_buf_adds(out, ", ");
	add_count(out, "nothing_to_index", tally->n_nothing);
	vx_buf_adds(out, ", ");
	add_reasons(out, "rejected", tally->rejected);
	vx_buf_adds(out, "},\n  \"alleles\": {");
	add_count(out, "seen", tally->n_alleles);
	vx_buf_adds(out, ", ");
	add_count(out, "indexed", tally->n_alleles_indexed);
	vx_buf_adds(out, ", ");
	add_reasons(out, "dropped", tally->dropped);
	vx_buf_adds(out, "},\n  ");
	add_count(out, "hom_exceeds_ac", tally->n_not_fitting);
	if (meta->keep.n) {
		vx_buf_adds(out, ",\n  ");
		add_count(out, "info_values_left_out", tally->n_not_kept);
	}
	vx_buf_adds(out, ",\n  \"frequencies\": {");
	add_count(out, "checked", tally->n_af_checked);
	vx_buf_adds(out, ", ");
	add_count(out, "differ", tally->n_af_differ);
	vx_buf_adds(out, "},\n  \"sources\": [\n");
	for (uint32_t i = 0; i < meta->n_sources; i++) {
		add_source(out, &meta->sources[i]);
		vx_buf_adds(out, i + 1 < meta->n_sources ? ",\n" : "\n");
	}
	vx_buf_adds(out, "  ]\n}\n");
}

int vx_tally_agrees(const struct vx_tally *tally)
{
	uint64_t rejected = 0, dropped = 0;

	for (int i = 0; i < VX_N_REASONS; i++) {
		rejected += tally->rejected[i];
		dropped += tally->dropped[i];
	}
	return tally->n_records == tally->n_indexed + tally->n_nothing + rejected &&
	       tally->n_alleles == tally->n_alleles_indexed + dropped;
}

/* --- its file --- */

static int fail_report(const struct vx_report *report, int code, struct vidx_error *err)
{
	return vx_fail(err, code == ENOSPC || code == EDQUOT ? VIDX_EFULL : VIDX_EIO,
		       "%s: cannot write the report: %s", report->path, strerror(code));
}

/* The path with all links followed, of a file that may not be there yet; to be freed. */
static char *resolve(const char *path)
{
	char *whole = realpath(path, NULL), *copy, *folder, *name;

	if (whole || errno != ENOENT)
		return whole ? whole : strdup(path);
	copy = strdup(path);
	name = strdup(path);
	folder = copy ? realpath(dirname(copy), NULL) : NULL;
	if (copy && name && (!folder || asprintf(&whole, "%s/%s", folder, basename(name)) < 0))
		whole = folder ? NULL : strdup(path);
	free(folder);
	free(copy);
	free(name);
	return whole;
}

int vx_report_open(struct vx_report *report, const struct vx_build_options *options,
		   struct vidx_error *err)
{
	char *index, *folder;
	struct stat st;
	int rc = 0;

	memset(report, 0, sizeof *report);
	vx_buf_init(&report->text);
	report->path = options->report;
	if (!report->path)
		return 0;
	if (stat(report->path, &st) == 0 && !S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? fail_report(report, EISDIR, err) : 0;
	report->target = resolve(report->path);
	index = resolve(options->output);
	if (report->target && index && strcmp(report->target, index) == 0)
		rc = vx_fail(err, VIDX_EUSAGE, "%s: is the index and cannot be the report too",
			     report->path);
	else if (!report->target || !index ||
		 asprintf(&report->tmp, "%s.part-%ld", report->target, (long)getpid()) < 0)
		rc = vx_fail_nomem(err);
	free(index);
	if (rc) {
		report->tmp = NULL;
		return rc;
	}
	/* Better now than after hours; it is tried in earnest by vx_report_write(). */
	folder = strdup(report->target);
	if (!folder)
		return vx_fail_nomem(err);
	rc = access(dirname(folder), W_OK) == 0 ? 0 : fail_report(report, errno, err);
	free(folder);
	return rc;
}

static int write_file(struct vx_report *report, const char *name, int flags, struct vidx_error *err)
{
	int fd = open(name, O_WRONLY | O_CLOEXEC | flags, 0666), code = 0;
	size_t at = 0;

	if (fd < 0)
		return fail_report(report, errno, err);
	report->is_written = flags & O_CREAT;
	while (at < report->text.len && !code) {
		ssize_t n = write(fd, report->text.p + at, report->text.len - at);

		if (n >= 0)
			at += (size_t)n;
		else if (errno != EINTR)
			code = errno;
	}
	if (!code && (flags & O_CREAT) && fsync(fd) != 0)
		code = errno;
	if (close(fd) != 0 && !code)
		code = errno;
	return code ? fail_report(report, code, err) : 0;
}

int vx_report_write(struct vx_report *report, const struct vx_meta *meta, struct vidx_error *err)
{
	if (!report->path)
		return 0;
	vx_report_json(meta, &report->text);
	if (report->text.failed)
		return vx_fail_nomem(err);
	return report->tmp ? write_file(report, report->tmp, O_CREAT | O_TRUNC, err) : 0;
}

int vx_report_publish(struct vx_report *report, struct vidx_error *err)
{
	if (!report->path)
		return 0;
	if (!report->tmp)
		return write_file(report, report->path, 0, err);
	if (rename(report->tmp, report->target) != 0)
		return fail_report(report, errno, err);
	report->is_written = 0;
	return 0;
}

void vx_report_release(struct vx_report *report)
{
	if (report->is_written && report->tmp)
		unlink(report->tmp);
	free(report->tmp);
	free(report->target);
	vx_buf_release(&report->text);
	memset(report, 0, sizeof *report);
}
