/* open: what kind of file it is, its header, and the place of its first record. */
#include "base/bytes.h"
#include "base/text.h"
#include "input/parts.h"

#include <stdlib.h>

/* A unit holds at least this many records of the first one's length, as far as UNIT_MAX allows:
 * the record on a seam is copied, and the copies should stay few. */
#define RECORDS_PER_UNIT 4
#define UNIT_MAX         ((size_t)32 << 20)
/* How far the end of the first record is looked for. */
#define FIRST_MAX ((size_t)8 << 20)

static int detect(struct vx_source *source, struct vidx_error *err)
{
	const char *name = source->file.name;
	struct vx_buf *carry = &source->carry;
	struct vx_bgzf_block block;

	while (carry->len < VX_BLOCK_BYTES && !source->file.at_end) {
		int rc = vx_file_read(&source->file, carry, VX_BLOCK_BYTES, err);

		if (rc != 0)
			return rc;
	}
	if (carry->len == 0)
		return vx_fail(err, VIDX_EBADINPUT, "%.300s: the file is empty", name);
	source->container = VX_PLAIN;
	if (carry->len < 2 || carry->p[0] != 0x1f || carry->p[1] != 0x8b)
		return 0;
	source->container = VX_BGZF;
	if (vx_bgzf_measure(carry->p, carry->len, &block) != VIDX_EBADINPUT)
		return 0;
	source->container = VX_GZIP;
	source->gunzip = vx_gunzip_new();
	return source->gunzip ? 0 : vx_fail_nomem(err);
}

/* More text behind that which unit has; each time as much again, so that all of it is linear. */
static int read_on(struct vx_source *source, struct vx_unit *unit, struct vidx_error *err)
{
	size_t n = unit->text.len < VX_BLOCK_BYTES ? VX_BLOCK_BYTES : unit->text.len;
	int rc;

	vx_buf_clear(&unit->stored);
	unit->inflated_len = 0;
	rc = vx_source_fill(source, unit, n, err);
	if (rc == 0 && source->container == VX_BGZF)
		rc = vx_unit_inflate(unit, err);
	if (unit->damage[0])
		source->ended = 1;
	return rc;
}

/* What is known of the header while it is read. */
struct search {
	size_t looked;        /* VCF: start of the first line not looked at */
	struct vx_slice text; /* found: the header's text */
	size_t end;           /* found: where the records begin */
};

/* 0: found; VIDX_END: needs more text (or, is_all, is cut short); VIDX_EBADINPUT. */
static int find_in_bcf(struct search *search, const char *p, size_t len)
{
	size_t n;

	if (len < 9)
		return VIDX_END;
	n = vx_load32(p + 5);
	if (n > VX_LINE_MAX)
		return VIDX_EBADINPUT;
	if (len - 9 < n)
		return VIDX_END;
	search->end = 9 + n;
	while (n && p[9 + n - 1] == '\0')
		n--;
	search->text = vx_slice(p + 9, n);
	return 0;
}

/* The header ends with the first line that does not begin with "##"; its parser judges it. */
static int find_in_vcf(struct search *search, const char *p, size_t len, int is_all)
{
	static const char start[] = "##fileformat=VCF";
	size_t n = len < sizeof start - 1 ? len : sizeof start - 1;

	if (!is_all && n < sizeof start - 1)
		return VIDX_END;
	search->end = len;
	while (memcmp(p, start, n) == 0) {
		const char *line = p + search->looked;
		size_t left = len - search->looked;
		const char *nl = left ? memchr(line, '\n', left) : NULL;

		if (!nl && !is_all)
			return VIDX_END;
		if (!nl)
			break;
		search->looked = (size_t)(nl + 1 - p);
		if (nl - line < 2 || line[0] != '#' || line[1] != '#') {
			search->end = search->looked;
			break;
		}
	}
	search->text = vx_slice(p, search->end);
	return 0;
}

static int find_header(struct vx_source *source, struct vx_unit *unit, struct search *search,
		       struct vidx_error *err)
{
	const char *name = source->file.name;

	memset(search, 0, sizeof *search);
	for (;;) {
		const char *p = (const char *)unit->text.p;
		size_t len = unit->text.len;
		int rc = VIDX_END;

		source->is_bcf = len >= 5 && memcmp(p, "BCF\2", 4) == 0;
		if (source->is_bcf && p[4] != 1 && p[4] != 2)
			return vx_fail(err, VIDX_EBADINPUT, "%.300s: BCF version 2.%d is not known",
				       name, p[4]);
		if (source->is_bcf)
			rc = find_in_bcf(search, p, len);
		else if (len >= 5 || source->ended)
			rc = find_in_vcf(search, p, len, source->ended && !unit->damage[0]);
		if (rc == 0)
			return 0;
		if (rc < 0 || len > VX_LINE_MAX)
			return vx_fail(err, VIDX_EBADINPUT,
				       "%.300s: the header is longer than %zu bytes", name,
				       VX_LINE_MAX);
		if (source->ended)
			return vx_fail(err, VIDX_EBADINPUT, "%.300s: in the header: %s", name,
				       unit->damage[0] ? unit->damage : "the file is cut short");
		rc = read_on(source, unit, err);
		if (rc != 0)
			return rc;
	}
}

/* Bytes of the first record, which starts at p: as far as they are known. */
static size_t first_len(const struct vx_source *source, const char *p, size_t len, int *is_whole)
{
	const char *nl;
	size_t size;

	if (source->is_bcf) {
		size = vx_bcf_size(p, len);
		*is_whole = size && size <= len;
		return size && size != SIZE_MAX ? size : len;
	}
	nl = len ? memchr(p, '\n', len) : NULL;
	*is_whole = nl != NULL;
	return nl ? (size_t)(nl - p) : len;
}

/* Bytes of the empty lines at p. */
static size_t count_empty(const char *p, size_t len, int is_bcf)
{
	size_t at = 0;

	while (!is_bcf && at < len && (p[at] == '\n' || p[at] == '\r'))
		at++;
	return at;
}

/* Some sites files declare no INFO key: those of the first record count as declared then. */
static int add_first_keys(struct vx_source *source, struct vx_slice line, struct vidx_error *err)
{
	struct vx_slice field = vx_slice(NULL, 0);

	for (int i = 0; i < 8; i++)
		if (!vx_split(&line, '\t', &field))
			return 0;
	while (field.len && field.p[field.len - 1] == '\r')
		field.len--;
	return vx_header_add_infos(&source->header, field) ? vx_fail_nomem(err) : 0;
}

/* Reads the first record, as far as need be; the unit's text from records on is seam 0. */
static int read_first(struct vx_source *source, struct vx_unit *unit, size_t records,
		      struct vidx_error *err)
{
	struct vx_slice chrom;
	const char *p;
	size_t len, left;
	int is_whole, rc;

	for (;;) {
		records += count_empty((const char *)unit->text.p + records,
				       unit->text.len - records, source->is_bcf);
		p = (const char *)unit->text.p + records;
		left = unit->text.len - records;
		len = first_len(source, p, left, &is_whole);
		if (is_whole || source->ended || left >= FIRST_MAX)
			break;
		rc = read_on(source, unit, err);
		if (rc != 0)
			return rc;
	}
	source->unit_bytes = VX_UNIT_BYTES;
	if (len > VX_UNIT_BYTES / RECORDS_PER_UNIT)
		source->unit_bytes =
			len < UNIT_MAX / RECORDS_PER_UNIT ? RECORDS_PER_UNIT * len : UNIT_MAX;
	if (left == 0 && !unit->damage[0]) {
		source->first_status = VIDX_END;
		return 0;
	}
	source->first_status = VIDX_EBADINPUT;
	if (source->is_bcf ? !vx_bcf_place(&source->header, p, left, &chrom, &source->first_pos1)
			   : !vx_line_place(vx_slice(p, len), &chrom, &source->first_pos1))
		return 0;
	source->first_chrom.p = vx_arena_copy(&source->header.arena, chrom.p, chrom.len);
	source->first_chrom.len = chrom.len;
	if (!source->first_chrom.p)
		return vx_fail_nomem(err);
	source->first_status = 0;
	if (source->is_bcf || source->header.n_samples || !is_whole)
		return 0;
	return add_first_keys(source, vx_slice(p, len), err);
}

/* What was read behind the header is what the first unit finds at its front seam. */
static int make_first_seam(struct vx_source *source, const struct vx_unit *unit, size_t records,
			   struct vidx_error *err)
{
	struct vx_buf tail;

	vx_buf_init(&tail);
	if (vx_buf_reserve(&tail, unit->text.len - records + VX_SCAN_ROOM) != 0)
		return vx_fail_nomem(err);
	vx_buf_add(&tail, unit->text.p + records, unit->text.len - records);
	source->seam = vx_seam_new();
	if (!source->seam) {
		vx_buf_release(&tail);
		return vx_fail_nomem(err);
	}
	vx_seam_publish(source->seam, &tail, "", 0);
	memcpy(source->damage, unit->damage, sizeof source->damage);
	return 0;
}

static int begin(struct vx_source *source, struct vidx_error *err)
{
	struct vx_unit *unit;
	struct search search;
	int rc = vx_unit_new(&unit, err);

	if (rc != 0)
		return rc;
	rc = detect(source, err);
	if (rc == 0)
		rc = find_header(source, unit, &search, err);
	if (rc == 0)
		rc = vx_header_parse(&source->header, search.text, source->file.name, err);
	if (rc == 0 && source->is_bcf)
		rc = vx_header_number(&source->header, source->file.name, err);
	if (rc == 0)
		rc = read_first(source, unit, search.end, err);
	if (rc == 0)
		rc = make_first_seam(source, unit, search.end, err);
	vx_unit_free(unit);
	return rc;
}

static int open_with(struct vx_source *source, int rc, struct vx_source **source_ret,
		     struct vidx_error *err)
{
	if (rc == 0)
		rc = begin(source, err);
	if (rc == 0)
		*source_ret = source;
	else
		vx_source_close(source);
	return rc;
}

int vx_source_open(const char *path, struct vx_source **source_ret, struct vidx_error *err)
{
	struct vx_source *source = calloc(1, sizeof *source);

	if (!source)
		return vx_fail_nomem(err);
	return open_with(source, vx_file_open(&source->file, path, err), source_ret, err);
}

int vx_source_open_fd(int fd, const char *name, struct vx_source **source_ret,
		      struct vidx_error *err)
{
	struct vx_source *source = calloc(1, sizeof *source);

	if (!source)
		return vx_fail_nomem(err);
	return open_with(source, vx_file_attach(&source->file, fd, name, err), source_ret, err);
}
