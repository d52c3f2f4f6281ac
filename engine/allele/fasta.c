#include "allele/fasta.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/pos.h"
#include "base/strmap.h"
#include "base/text.h"

#include <errno.h>
#include <htslib/bgzf.h>
#include <htslib/faidx.h>
#include <htslib/hts_log.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Where a sequence lies in the (inflated) file. */
struct seq {
	struct vx_slice name;
	uint64_t length;           /* bases */
	uint64_t offset;           /* of the first base */
	uint64_t n_bases, n_bytes; /* of a full line, without and with its end */
};

struct vx_fasta {
	struct vx_arena arena; /* path, names */
	const char *path;
	BGZF *file; /* also of a plain file */
	struct seq *seq;
	uint32_t n, cap;
	struct vx_strmap map;
	struct vx_buf raw; /* scratch of a read */
};

/* What a letter of the file is to us. */
static const char base_of[256] = {
	['A'] = 'A', ['C'] = 'C', ['G'] = 'G', ['T'] = 'T',
	['a'] = 'A', ['c'] = 'C', ['g'] = 'G', ['t'] = 'T',
};

static int unfit(const struct vx_fasta *fasta, struct vidx_error *err)
{
	return vx_fail(err, VIDX_EBADINPUT, "%s: its index (.fai) does not fit it: make it anew",
		       fasta->path);
}

/* One line of the index: name, length, offset, bases a line, bytes a line. */
static int add_line(struct vx_fasta *fasta, struct vx_slice line, struct vidx_error *err)
{
	struct vx_slice name, field;
	uint64_t number[4];
	struct seq *s;
	int known;

	vx_split(&line, '\t', &name);
	for (int i = 0; i < 4; i++)
		if (!vx_split(&line, '\t', &field) ||
		    !vx_parse_u64(field, UINT64_C(1) << 50, &number[i]))
			return unfit(fasta, err);
	if (name.len == 0 || number[0] > VX_POS0_MAX ||
	    (number[0] && (number[2] == 0 || number[3] < number[2] || number[3] > number[2] + 2)))
		return unfit(fasta, err);
	if (fasta->n == fasta->cap) {
		uint32_t cap = fasta->cap * 2 + 32;
		struct seq *grown = realloc(fasta->seq, cap * sizeof *grown);

		if (!grown)
			return vx_fail_nomem(err);
		fasta->seq = grown;
		fasta->cap = cap;
	}
	name.p = vx_arena_copy(&fasta->arena, name.p, name.len);
	if (!name.p)
		return vx_fail_nomem(err);
	s = &fasta->seq[fasta->n];
	*s = (struct seq){name, number[0], number[1], number[2], number[3]};
	known = vx_strmap_put(&fasta->map, name, fasta->n);
	if (known < 0)
		return vx_fail_nomem(err);
	fasta->n += known == 0; /* of two of one name the first counts, as in htslib */
	return 0;
}

static int read_index(struct vx_fasta *fasta, const char *path, struct vidx_error *err)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	int rc = 0;

	if (!f)
		return vx_fail(err, VIDX_EBADINPUT, "%s: cannot open: %s", path, strerror(errno));
	while (rc == 0 && (len = getline(&line, &cap, f)) > 0) {
		while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
			len--;
		if (len > 0)
			rc = add_line(fasta, vx_slice(line, (size_t)len), err);
	}
	if (rc == 0 && !feof(f)) /* getline() also ends where memory does */
		rc = errno == ENOMEM ? vx_fail_nomem(err)
				     : vx_fail(err, VIDX_EBADINPUT, "%s: cannot read: %s", path,
					       strerror(errno));
	free(line);
	fclose(f);
	return rc;
}

/* The index as it lies at fai and, of a bgzipped file, at gzi. */
static int load(struct vx_fasta *fasta, const char *fai, const char *gzi, struct vidx_error *err)
{
	int rc = read_index(fasta, fai, err);

	if (rc == 0 && bgzf_compression(fasta->file) == bgzf &&
	    bgzf_index_load(fasta->file, gzi, NULL) != 0)
		rc = vx_fail(err, VIDX_EBADINPUT, "%s: cannot be read", gzi);
	return rc;
}

/* htslib tells its failures to standard error; ours are told by who called us. */
static int build_quietly(const char *path, const char *fai, const char *gzi)
{
	enum htsLogLevel level = hts_get_log_level();
	int rc;

	hts_set_log_level(HTS_LOG_OFF);
	rc = fai_build3(path, fai, gzi);
	hts_set_log_level(level);
	return rc;
}

/* Makes the index in a folder of its own, which is gone when this returns. */
static int load_made(struct vx_fasta *fasta, struct vidx_error *err)
{
	const char *tmp = getenv("TMPDIR");
	char dir[512], fai[530], gzi[530];
	int rc;

	snprintf(dir, sizeof dir, "%s/vidx.XXXXXX", tmp && *tmp ? tmp : P_tmpdir);
	if (!mkdtemp(dir))
		return vx_fail(err, VIDX_EIO, "%s: cannot make a temporary folder: %s", dir,
			       strerror(errno));
	snprintf(fai, sizeof fai, "%s/fai", dir);
	snprintf(gzi, sizeof gzi, "%s/gzi", dir);
	if (build_quietly(fasta->path, fai, gzi) != 0)
		rc = vx_fail(err, VIDX_EBADINPUT, "%s: is not a FASTA file that can be indexed",
			     fasta->path);
	else
		rc = load(fasta, fai, gzi, err);
	unlink(fai);
	unlink(gzi);
	rmdir(dir);
	return rc;
}

static int load_any(struct vx_fasta *fasta, struct vidx_error *err)
{
	size_t len = strlen(fasta->path) + 5;
	char *fai = vx_arena_alloc(&fasta->arena, len), *gzi = vx_arena_alloc(&fasta->arena, len);
	int rc, is_bgzf = bgzf_compression(fasta->file) == bgzf;

	if (!fai || !gzi)
		return vx_fail_nomem(err);
	snprintf(fai, len, "%s.fai", fasta->path);
	snprintf(gzi, len, "%s.gzi", fasta->path);
	if (access(fai, R_OK) == 0 && (!is_bgzf || access(gzi, R_OK) == 0))
		rc = load(fasta, fai, gzi, err);
	else
		rc = load_made(fasta, err);
	if (rc == 0 && fasta->n == 0)
		rc = vx_fail(err, VIDX_EBADINPUT, "%s: has no sequences", fasta->path);
	return rc;
}

static int open_file(struct vx_fasta *fasta, struct vidx_error *err)
{
	FILE *probe = fopen(fasta->path, "re");
	int first;

	if (!probe)
		return vx_fail(err, VIDX_EBADINPUT, "%s: cannot open: %s", fasta->path,
			       strerror(errno));
	first = getc(probe);
	fclose(probe);
	if (first != '>' && first != 0x1f)
		return vx_fail(err, VIDX_EBADINPUT, "%s: is not a FASTA file", fasta->path);
	fasta->file = bgzf_open(fasta->path, "r");
	if (!fasta->file)
		return vx_fail(err, VIDX_EBADINPUT, "%s: cannot open", fasta->path);
	if (bgzf_compression(fasta->file) == gzip)
		return vx_fail(
			err, VIDX_EBADINPUT,
			"%s: is compressed by gzip, which cannot be read in places: use bgzip",
			fasta->path);
	return 0;
}

int vx_fasta_open(const char *path, struct vx_fasta **fasta_ret, struct vidx_error *err)
{
	struct vx_fasta *fasta = calloc(1, sizeof *fasta);
	int rc;

	*fasta_ret = NULL;
	if (!fasta)
		return vx_fail_nomem(err);
	vx_arena_init(&fasta->arena);
	vx_strmap_init(&fasta->map);
	vx_buf_init(&fasta->raw);
	fasta->path = vx_arena_copy(&fasta->arena, path, strlen(path));
	rc = fasta->path ? open_file(fasta, err) : vx_fail_nomem(err);
	if (rc == 0)
		rc = load_any(fasta, err);
	if (rc != 0) {
		vx_fasta_close(fasta);
		return rc;
	}
	*fasta_ret = fasta;
	return 0;
}

void vx_fasta_close(struct vx_fasta *fasta)
{
	if (!fasta)
		return;
	if (fasta->file)
		bgzf_close(fasta->file);
	vx_strmap_release(&fasta->map);
	vx_buf_release(&fasta->raw);
	free(fasta->seq);
	vx_arena_release(&fasta->arena);
	free(fasta);
}

const char *vx_fasta_path(const struct vx_fasta *fasta)
{
	return fasta->path;
}

uint32_t vx_fasta_count(const struct vx_fasta *fasta)
{
	return fasta->n;
}

struct vx_slice vx_fasta_name(const struct vx_fasta *fasta, uint32_t i)
{
	return fasta->seq[i].name;
}

uint64_t vx_fasta_length(const struct vx_fasta *fasta, uint32_t i)
{
	return fasta->seq[i].length;
}

uint32_t vx_fasta_find(const struct vx_fasta *fasta, struct vx_slice name)
{
	return vx_strmap_get(&fasta->map, name);
}

/* Where base pos0 of a sequence lies. */
static uint64_t place(const struct seq *s, uint64_t pos0)
{
	return s->offset + pos0 / s->n_bases * s->n_bytes + pos0 % s->n_bases;
}

/* Takes the bases out of raw, whose first byte is base beg0.  0 where a line end is amiss. */
static int take_bases(const struct seq *s, struct vx_fasta_span span, const unsigned char *raw,
		      char *out)
{
	size_t n_end = s->n_bytes - s->n_bases, at = span.beg0 % s->n_bases;
	unsigned char space = 0;

	for (size_t left = span.n; left > 0;) {
		size_t n = s->n_bases - at < left ? s->n_bases - at : left;

		for (size_t i = 0; i < n; i++) {
			char base = base_of[raw[i]];

			space |= raw[i] <= ' ';
			out[i] = base ? base : 'N';
		}
		raw += n;
		out += n;
		left -= n;
		at = 0;
		for (size_t i = 0; left > 0 && i < n_end; i++)
			space |= *raw++ > ' ';
	}
	return !space;
}

int vx_fasta_read(struct vx_fasta *fasta, struct vx_fasta_span span, char *out,
		  struct vidx_error *err)
{
	const struct seq *s = &fasta->seq[span.i];
	uint64_t beg, len;
	ssize_t got;

	if (span.n == 0)
		return 0;
	beg = place(s, span.beg0);
	len = place(s, span.beg0 + span.n - 1) + 1 - beg;
	vx_buf_clear(&fasta->raw);
	if (vx_buf_reserve(&fasta->raw, len))
		return vx_fail_nomem(err);
	got = bgzf_useek(fasta->file, (off_t)beg, SEEK_SET) < 0
		      ? -1
		      : bgzf_read(fasta->file, fasta->raw.p, len);
	if (got < 0 || (uint64_t)got != len)
		return vx_fail(err, VIDX_EBADINPUT,
			       "%s: cut short or damaged in sequence %.*s, base %llu", fasta->path,
			       s->name.len < 64 ? (int)s->name.len : 64, s->name.p,
			       (unsigned long long)vx_pos1(span.beg0));
	return take_bases(s, span, fasta->raw.p, out) ? 0 : unfit(fasta, err);
}
