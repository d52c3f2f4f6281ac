#include "input/header.h"
#include "base/buf.h"
#include "base/text.h"

#include <stdlib.h>

static const char *const fixed_columns[] = {"#CHROM", "POS",  "ID",     "REF",
					    "ALT",    "QUAL", "FILTER", "INFO"};
enum { N_FIXED = 8 };

struct vx_quote vx_quote(struct vx_slice text)
{
	struct vx_quote quote = {""};
	size_t n = text.len <= 40 ? text.len : 37;
	char *out = quote.text;

	*out++ = '\'';
	for (size_t i = 0; i < n; i++) {
		char c = text.p[i];

		*out++ = c == '\t' ? ' ' : c >= ' ' && c <= '~' ? c : '?';
	}
	if (n < text.len) {
		memcpy(out, "...", 3);
		out += 3;
	}
	memcpy(out, "'", 2);
	return quote;
}

/* --- a set of names, to find the ones that come twice --- */

struct names {
	struct vx_slice *slot;
	size_t mask;
};

static int names_init(struct names *names, size_t n)
{
	size_t size = 16;

	while (size < 2 * n)
		size *= 2;
	names->slot = calloc(size, sizeof *names->slot);
	names->mask = size - 1;
	return names->slot ? 0 : VIDX_ENOMEM;
}

/* 1 if name is new, 0 if it was there.  name is not empty, and at most n are added. */
static int names_add(struct names *names, struct vx_slice name)
{
	size_t i = vx_hash64(name.p, name.len) & names->mask;

	for (; names->slot[i].p; i = (i + 1) & names->mask)
		if (vx_slice_eq(names->slot[i], name))
			return 0;
	names->slot[i] = name;
	return 1;
}

/* --- lines --- */

static struct vx_slice without_cr(struct vx_slice line)
{
	if (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	return line;
}

int vx_header_next_meta(struct vx_slice *text, struct vx_slice *key_ret, struct vx_slice *value_ret)
{
	struct vx_slice line;

	while (vx_split(text, '\n', &line)) {
		const char *eq;

		line = without_cr(line);
		if (line.len < 3 || memcmp(line.p, "##", 2) != 0)
			continue;
		eq = memchr(line.p, '=', line.len);
		if (!eq)
			continue;
		*key_ret = vx_slice(line.p + 2, (size_t)(eq - line.p - 2));
		*value_ret = vx_slice(eq + 1, line.len - (size_t)(eq + 1 - line.p));
		return 1;
	}
	return 0;
}

/* Cuts key=value or key="value" off *rest, the inside of "<...>". */
static int next_attribute(struct vx_slice *rest, struct vx_slice *key, struct vx_slice *value)
{
	size_t i = 0, start;

	while (i < rest->len && (rest->p[i] == ',' || rest->p[i] == ' '))
		i++;
	start = i;
	while (i < rest->len && rest->p[i] != '=' && rest->p[i] != ',')
		i++;
	if (i == rest->len)
		return 0;
	*key = vx_slice(rest->p + start, i - start);
	if (rest->p[i] == '=')
		i++;
	start = i;
	if (i < rest->len && rest->p[i] == '"') {
		for (start = ++i; i < rest->len && rest->p[i] != '"'; i++)
			if (rest->p[i] == '\\' && i + 1 < rest->len)
				i++;
		*value = vx_slice(rest->p + start, i - start);
	} else {
		while (i < rest->len && rest->p[i] != ',')
			i++;
		*value = vx_slice(rest->p + start, i - start);
	}
	while (i < rest->len && rest->p[i] != ',')
		i++;
	*rest = vx_slice(rest->p + i, rest->len - i);
	return 1;
}

struct vx_slice vx_header_attribute(struct vx_slice value, const char *name)
{
	struct vx_slice key, found;

	if (value.len < 2 || value.p[0] != '<')
		return vx_slice(NULL, 0);
	value = vx_slice(value.p + 1, value.len - 1 - (value.p[value.len - 1] == '>'));
	while (next_attribute(&value, &key, &found))
		if (vx_slice_is(key, name))
			return found;
	return vx_slice(NULL, 0);
}

/* --- what the lines declare --- */

/* The declarations while they are collected; the header's arrays are made from them. */
struct collected {
	struct vx_buf contigs, infos, formats;
};

static void add_contig(struct vx_buf *contigs, struct vx_slice value)
{
	struct vx_header_contig contig;

	memset(&contig, 0, sizeof contig);
	contig.name = vx_header_attribute(value, "ID");
	contig.assembly = vx_header_attribute(value, "assembly");
	if (!vx_parse_u64(vx_header_attribute(value, "length"), INT64_MAX, &contig.length))
		contig.length = 0;
	if (contig.name.len)
		vx_buf_add(contigs, &contig, sizeof contig);
}

static void add_field(struct vx_buf *fields, struct vx_slice value)
{
	struct vx_header_field field;

	field.id = vx_header_attribute(value, "ID");
	field.number = vx_header_attribute(value, "Number");
	field.type = vx_header_attribute(value, "Type");
	field.description = vx_header_attribute(value, "Description");
	if (field.id.len)
		vx_buf_add(fields, &field, sizeof field);
}

/*
 * Copies n elements that begin with their name into the arena, the first of each name only.
 * Returns how many, or -1 when memory is out.
 */
static int64_t keep_first(struct vx_header *header, const struct vx_buf *buf, size_t size,
			  void *array_ret)
{
	size_t n = buf->len / size, n_kept = 0;
	char *array = vx_arena_alloc(&header->arena, n * size + 1);
	struct names names;

	if (buf->failed || !array || names_init(&names, n) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct vx_slice name;

		memcpy(&name, buf->p + i * size, sizeof name);
		if (names_add(&names, name))
			memcpy(array + n_kept++ * size, buf->p + i * size, size);
	}
	free(names.slot);
	memcpy(array_ret, &array, sizeof array);
	return (int64_t)n_kept;
}

static int collect(struct vx_header *header, struct vidx_error *err)
{
	struct collected c;
	struct vx_slice text = header->text, key, value;
	int64_t n_contigs, n_infos, n_formats;

	memset(&c, 0, sizeof c);
	while (vx_header_next_meta(&text, &key, &value)) {
		if (vx_slice_is(key, "contig"))
			add_contig(&c.contigs, value);
		else if (vx_slice_is(key, "INFO"))
			add_field(&c.infos, value);
		else if (vx_slice_is(key, "FORMAT"))
			add_field(&c.formats, value);
		else if (vx_slice_is(key, "reference") && header->reference.len == 0)
			header->reference = value;
	}
	n_contigs = keep_first(header, &c.contigs, sizeof *header->contigs, &header->contigs);
	n_infos = keep_first(header, &c.infos, sizeof *header->infos, &header->infos);
	n_formats = keep_first(header, &c.formats, sizeof *header->formats, &header->formats);
	vx_buf_release(&c.contigs);
	vx_buf_release(&c.infos);
	vx_buf_release(&c.formats);
	if (n_contigs < 0 || n_infos < 0 || n_formats < 0)
		return vx_fail_nomem(err);
	header->n_contigs = (uint32_t)n_contigs;
	header->n_infos = (uint32_t)n_infos;
	header->n_formats = (uint32_t)n_formats;
	return 0;
}

static int has_info(const struct vx_header *header, struct vx_slice id)
{
	for (uint32_t i = 0; i < header->n_infos; i++)
		if (vx_slice_eq(header->infos[i].id, id))
			return 1;
	return 0;
}

int vx_header_add_infos(struct vx_header *header, struct vx_slice info)
{
	enum { MOST = 4096 };
	struct vx_slice rest = info, piece;
	struct vx_header_field *grown;
	uint32_t n = 0;

	while (n < MOST && vx_split(&rest, ';', &piece))
		n++;
	grown = vx_arena_alloc(&header->arena, (header->n_infos + n) * sizeof *grown);
	if (!grown)
		return VIDX_ENOMEM;
	if (header->n_infos)
		memcpy(grown, header->infos, header->n_infos * sizeof *grown);
	header->infos = grown;
	for (rest = info; n > 0 && vx_split(&rest, ';', &piece); n--) {
		const char *eq = piece.len ? memchr(piece.p, '=', piece.len) : NULL;
		struct vx_slice id = vx_slice(piece.p, eq ? (size_t)(eq - piece.p) : 0);

		if (!id.len || has_info(header, id))
			continue;
		id.p = vx_arena_copy(&header->arena, id.p, id.len);
		if (!id.p)
			return VIDX_ENOMEM;
		memset(&grown[header->n_infos], 0, sizeof *grown);
		grown[header->n_infos].id = id;
		grown[header->n_infos++].number = vx_slice(".", 1);
	}
	return 0;
}

/* --- the #CHROM line --- */

static int fail_column(const char *name, struct vx_slice column, const char *want,
		       struct vidx_error *err)
{
	if (!column.p)
		return vx_fail(err, VIDX_EBADINPUT,
			       "%.300s: the #CHROM line ends where %s should stand", name, want);
	return vx_fail(err, VIDX_EBADINPUT, "%.300s: the #CHROM line has not %s but: %s", name,
		       want, vx_quote(column).text);
}

/* Reads the eight columns and FORMAT off *line, leaving the samples (p NULL: none). */
static int read_columns(struct vx_header *header, struct vx_slice *line, const char *name,
			struct vidx_error *err)
{
	struct vx_slice column;

	for (int i = 0; i < N_FIXED; i++) {
		if (!vx_split(line, '\t', &column))
			column = vx_slice(NULL, 0);
		if (!column.p || !vx_slice_is(column, fixed_columns[i]))
			return fail_column(name, column, fixed_columns[i], err);
	}
	header->has_format = vx_split(line, '\t', &column);
	if (header->has_format && !vx_slice_is(column, "FORMAT"))
		return fail_column(name, column, "FORMAT", err);
	return 0;
}

static int read_samples(struct vx_header *header, struct vx_slice line, const char *name,
			struct vidx_error *err)
{
	struct names names;
	struct vx_slice rest = line;
	size_t n = 1;
	int rc = 0;

	header->samples_hash = vx_hash128(line.len ? line.p : "", line.len);
	if (!line.p)
		return 0;
	for (const char *p = line.p; (p = memchr(p, '\t', (size_t)(line.p + line.len - p))); p++)
		n++;
	header->samples = vx_arena_alloc(&header->arena, n * sizeof *header->samples);
	if (n > INT32_MAX || !header->samples || names_init(&names, n) != 0)
		return vx_fail_nomem(err);
	for (uint32_t i = 0; rc == 0 && vx_split(&rest, '\t', &header->samples[i]); i++) {
		if (header->samples[i].len == 0)
			rc = vx_fail(err, VIDX_EBADINPUT,
				     "%.300s: the name of sample %u in the #CHROM line is empty",
				     name, i + 1);
		else if (!names_add(&names, header->samples[i]))
			rc = vx_fail(err, VIDX_EBADINPUT,
				     "%.300s: a sample is there twice in the #CHROM line: %s", name,
				     vx_quote(header->samples[i]).text);
	}
	header->n_samples = (uint32_t)n;
	free(names.slot);
	return rc;
}

/* The first line, with the complaint that fits what stands there instead. */
static int check_start(struct vx_slice text, const char *name, struct vidx_error *err)
{
	static const char want[] = "##fileformat=VCF";

	if (text.len >= sizeof want - 1 && memcmp(text.p, want, sizeof want - 1) == 0)
		return 0;
	if (text.len >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		return vx_fail(err, VIDX_EBADINPUT,
			       "%.300s: a byte order mark stands before ##fileformat=VCF", name);
	text.len = text.len < 64 ? text.len : 64;
	return vx_fail(err, VIDX_EBADINPUT,
		       "%.300s: not a VCF: the first line is not ##fileformat=VCF but: %s", name,
		       vx_quote(text).text);
}

int vx_header_parse(struct vx_header *header, struct vx_slice text, const char *name,
		    struct vidx_error *err)
{
	struct vx_slice line;
	const char *last;
	int rc;

	memset(header, 0, sizeof *header);
	vx_arena_init(&header->arena);
	while (text.len && (text.p[text.len - 1] == '\n' || text.p[text.len - 1] == '\r'))
		text.len--;
	rc = check_start(text, name, err);
	if (rc != 0)
		return rc;
	header->text = vx_slice(vx_arena_copy(&header->arena, text.p, text.len), text.len);
	if (!header->text.p)
		return vx_fail_nomem(err);
	rc = collect(header, err);
	if (rc != 0)
		return rc;
	last = memrchr(header->text.p, '\n', header->text.len);
	last = last ? last + 1 : header->text.p;
	line = vx_slice(last, (size_t)(header->text.p + header->text.len - last));
	if (line.len < 6 || memcmp(line.p, "#CHROM", 6) != 0)
		return vx_fail(err, VIDX_EBADINPUT,
			       "%.300s: the header has no #CHROM line; it ends with: %s", name,
			       vx_quote(line).text);
	rc = read_columns(header, &line, name, err);
	return rc != 0 ? rc : read_samples(header, line, name, err);
}

void vx_header_release(struct vx_header *header)
{
	vx_arena_release(&header->arena);
	memset(header, 0, sizeof *header);
}
