/* A header for tests, filled from ##contig, ##reference and ##INFO lines without the input floor. */
#ifndef TESTS_ALLELE_HEADER_TEXT_H
#define TESTS_ALLELE_HEADER_TEXT_H

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/text.h"
#include "input/header.h"

/* The value of key in "<ID=..,Number=..>", up to the next ',' or '>'; empty when it is not there. */
static inline struct vx_slice header_value(struct vx_slice line, const char *key)
{
	size_t len = strlen(key);

	for (size_t i = 1; i + len < line.len; i++) {
		const char *p = line.p + i;
		size_t n = 0;

		if ((p[-1] != '<' && p[-1] != ',') || memcmp(p, key, len) != 0 || p[len] != '=')
			continue;
		p += len + 1;
		while (p + n < line.p + line.len && p[n] != ',' && p[n] != '>')
			n++;
		return vx_slice(p, n);
	}
	return vx_slice("", 0);
}

static inline int header_begins(struct vx_slice line, const char *text)
{
	return line.len >= strlen(text) && memcmp(line.p, text, strlen(text)) == 0;
}

/* text must outlive the header. */
static inline void header_fill(struct vx_header *header, struct vx_slice text)
{
	struct vx_slice rest = text, line;
	size_t n_lines = 1;

	memset(header, 0, sizeof *header);
	vx_arena_init(&header->arena);
	header->text = text;
	header->reference = vx_slice("", 0);
	for (size_t i = 0; i < text.len; i++)
		n_lines += text.p[i] == '\n';
	header->contigs = vx_arena_alloc(&header->arena, n_lines * sizeof *header->contigs);
	header->infos = vx_arena_alloc(&header->arena, n_lines * sizeof *header->infos);
	while (vx_split(&rest, '\n', &line)) {
		if (header_begins(line, "##contig=<")) {
			struct vx_header_contig *c = &header->contigs[header->n_contigs++];

			c->name = header_value(line, "ID");
			c->length = 0;
			c->assembly = header_value(line, "assembly");
			vx_parse_u64(header_value(line, "length"), UINT64_MAX, &c->length);
		} else if (header_begins(line, "##INFO=<")) {
			struct vx_header_field *f = &header->infos[header->n_infos++];

			f->id = header_value(line, "ID");
			f->number = header_value(line, "Number");
			f->type = header_value(line, "Type");
			f->description = header_value(line, "Description");
		} else if (header_begins(line, "##reference=")) {
			header->reference = vx_slice(line.p + 12, line.len - 12);
		}
	}
}

static inline void header_clear(struct vx_header *header)
{
	vx_arena_release(&header->arena);
}

/*
 * The header of a VCF in ../shared/data/real, and up to max_len bytes of it with its records.
 * NULL when the file is absent; free() the text.
 */
static inline char *header_of_file(const char *name, size_t max_len, struct vx_slice *text_ret)
{
	char path[512] = "../shared/data/real/";
	char *text = malloc(max_len + 1);
	gzFile f;
	int n;

	strncat(path, name, sizeof path - strlen(path) - 1);
	f = gzopen(path, "rb");
	if (!f || !text) {
		free(text);
		return NULL;
	}
	n = gzread(f, text, (unsigned)max_len);
	gzclose(f);
	*text_ret = vx_slice(text, n > 0 ? (size_t)n : 0);
	return text;
}

#endif
