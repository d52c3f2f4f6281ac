/*
 * Which symbolic allele: how far it reaches, its SVLEN and its other end, from INFO.  Part of the
 * slow model: written from the rules alone.
 */
#ifndef TESTS_MODEL_SPAN_H
#define TESTS_MODEL_SPAN_H

#include "model_text.h"

struct span {
	long long end1, svlen;
	const char *mate; /* "contig|place|strands", "" without one */
};

static const char *info_value(const struct names *info, const char *key)
{
	size_t n = strlen(key);

	for (int i = 0; i < info->n; i++)
		if (strncmp(info->v[i], key, n) == 0 && info->v[i][n] == '=')
			return info->v[i] + n + 1;
	return NULL;
}

/* A place from 1 on, or 0. */
static long long place_in(const struct names *info, const char *key)
{
	const char *text = info_value(info, key);
	long long v = text ? number(text) : NONE;

	return v == NONE ? 0 : v;
}

/* A text; "" where it is '.' or not there. */
static const char *text_in(const struct names *info, const char *key)
{
	const char *text = info_value(info, key);

	return text && strcmp(text, ".") != 0 ? text : "";
}

static int is_kind(const char *alt, const char *kind)
{
	return strncmp(alt, kind, 4) == 0 && (alt[4] == '>' || alt[4] == ':');
}

/* The SVLEN of an ALT; *own_ret: there is one for each of several ALTs. */
static long long svlen_of(const struct names *info, int alt, int n_alts, int *own_ret)
{
	const char *text = info_value(info, "SVLEN");
	struct names list;
	const char *mine;
	long long v;

	*own_ret = 0;
	if (!text)
		return 0;
	list = split(text, ',');
	mine = list.v[list.n > alt ? alt : 0];
	*own_ret = list.n > 1 && list.n == n_alts;
	v = number(*mine == '-' ? mine + 1 : mine);
	if (v == NONE)
		return 0;
	return *mine == '-' ? -v : v;
}

static struct span span_of(const struct names *info, const struct names *alts, int a,
			   const char *contig, long long pos, long long last)
{
	struct span s = {last, 0, ""};
	const char *alt = alts->v[a], *chr2 = text_in(info, "CHR2"),
		   *strands = text_in(info, "STRANDS");
	int joins = is_kind(alt, "<BND") || is_kind(alt, "<CTX") || is_kind(alt, "<TRA");
	int away = *chr2 && strcmp(chr2, contig) != 0, own;
	long long end = place_in(info, "END"), there = place_in(info, "END2");
	char text[200];

	if (!there)
		there = place_in(info, "POS2");
	s.svlen = svlen_of(info, a, alts->n, &own);
	if (away || (joins && (*chr2 || there || *strands))) {
		if (joins && away && !there && end) {
			there = end;
			end = 0;
		}
		snprintf(text, sizeof(text), "%s|%lld|%s", *chr2 ? chr2 : contig, there, strands);
		s.mate = copy(text);
	}
	if (s.svlen && own)
		end = 0;
	if (end >= pos)
		s.end1 = end;
	else if (s.svlen && !joins && strncmp(alt, "<INS", 4) != 0)
		s.end1 = pos + (s.svlen < 0 ? -s.svlen : s.svlen);
	return s;
}

#endif
