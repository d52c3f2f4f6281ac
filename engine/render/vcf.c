#include "render/vcf.h"

#include "base/status.h"

#include <errno.h>
#include <htslib/bgzf.h>
#include <htslib/hts.h>
#include <htslib/kstring.h>
#include <htslib/vcf.h>
#include <stdlib.h>

/* BGZF blocks in flight per compression thread: htslib's own default. */
#define BLOCKS_PER_THREAD 256

struct vx_vcf {
	char *path;
	BGZF *bgzf;   /* 'z' */
	htsFile *hts; /* 'u', 'b' */
	bcf_hdr_t *header;
	bcf1_t *record;
	kstring_t line;
};

static int write_failed(const struct vx_vcf *vcf, struct vidx_error *err)
{
	int full = errno == ENOSPC || errno == EDQUOT;

	return vx_fail(err, full ? VIDX_EFULL : VIDX_EIO, "%s: cannot write: %s", vcf->path,
		       errno ? strerror(errno) : "the writer gave no reason");
}

static int open_text(struct vx_vcf *vcf, int threads, struct vidx_error *err)
{
	vcf->bgzf = bgzf_open(vcf->path, "w");
	if (!vcf->bgzf)
		return write_failed(vcf, err);
	if (threads > 1 && bgzf_mt(vcf->bgzf, threads, BLOCKS_PER_THREAD) != 0)
		return vx_fail_nomem(err);
	return 0;
}

static int open_bcf(struct vx_vcf *vcf, char format, int threads, struct vx_slice header,
		    struct vidx_error *err)
{
	char *text = strndup(header.p, header.len);
	int rc = 0;

	vcf->header = bcf_hdr_init("r");
	vcf->record = bcf_init();
	if (!text || !vcf->header || !vcf->record)
		rc = vx_fail_nomem(err);
	else if (bcf_hdr_parse(vcf->header, text) != 0)
		rc = vx_fail(err, VIDX_EUSAGE, "%s: the header cannot be written as BCF",
			     vcf->path);
	free(text);
	if (rc < 0)
		return rc;
	vcf->hts = hts_open(vcf->path, format == 'u' ? "wbu" : "wb");
	if (!vcf->hts)
		return write_failed(vcf, err);
	if (threads > 1 && hts_set_threads(vcf->hts, threads) != 0)
		return vx_fail_nomem(err);
	if (bcf_hdr_write(vcf->hts, vcf->header) != 0)
		return write_failed(vcf, err);
	return 0;
}

int vx_vcf_open(const char *path, char format, int threads, struct vx_slice header,
		struct vx_vcf **vcf_ret, struct vidx_error *err)
{
	struct vx_vcf *vcf = calloc(1, sizeof *vcf);
	int rc;

	if (!vcf || !(vcf->path = strdup(path))) {
		free(vcf);
		return vx_fail_nomem(err);
	}
	errno = 0;
	if (format == 'z') {
		rc = open_text(vcf, threads, err);
		if (rc == 0)
			rc = vx_vcf_add(vcf, header, err);
	} else {
		rc = open_bcf(vcf, format, threads, header, err);
	}
	if (rc < 0) {
		vx_vcf_close(vcf, err);
		return rc;
	}
	*vcf_ret = vcf;
	return 0;
}

static int add_record(struct vx_vcf *vcf, struct vx_slice line, struct vidx_error *err)
{
	vcf->line.l = 0;
	if (kputsn(line.p, line.len, &vcf->line) < 0)
		return vx_fail_nomem(err);
	if (vcf_parse(&vcf->line, vcf->header, vcf->record) != 0 || vcf->record->errcode)
		return vx_fail(err, VIDX_EUSAGE, "%s: a record cannot be written as BCF: '%.*s'",
			       vcf->path, line.len < 100 ? (int)line.len : 100, line.p);
	if (bcf_write(vcf->hts, vcf->header, vcf->record) != 0)
		return write_failed(vcf, err);
	return 0;
}

int vx_vcf_add(struct vx_vcf *vcf, struct vx_slice lines, struct vidx_error *err)
{
	errno = 0;
	if (vcf->bgzf) {
		if (bgzf_write(vcf->bgzf, lines.p, lines.len) != (ssize_t)lines.len)
			return write_failed(vcf, err);
		return 0;
	}
	while (lines.len) {
		const char *nl = memchr(lines.p, '\n', lines.len);
		size_t len = nl ? (size_t)(nl - lines.p) : lines.len;
		size_t used = nl ? len + 1 : len;
		int rc = add_record(vcf, vx_slice(lines.p, len), err);

		if (rc < 0)
			return rc;
		lines = vx_slice(lines.p + used, lines.len - used);
	}
	return 0;
}

int vx_vcf_close(struct vx_vcf *vcf, struct vidx_error *err)
{
	int failed = 0, rc = 0;

	if (!vcf)
		return 0;
	errno = 0;
	if (vcf->bgzf)
		failed = bgzf_close(vcf->bgzf) != 0;
	if (vcf->hts)
		failed = hts_close(vcf->hts) != 0;
	if (failed)
		rc = write_failed(vcf, err);
	if (vcf->header)
		bcf_hdr_destroy(vcf->header);
	if (vcf->record)
		bcf_destroy(vcf->record);
	free(vcf->line.s);
	free(vcf->path);
	free(vcf);
	return rc;
}
