#include "query/locus.h"

#include "base/pos.h"
#include "base/status.h"
#include "base/text.h"

/* Longest piece of a user's text to repeat in a message. */
#define SHOWN_MAX 100

static int shown(struct vx_slice text)
{
	return text.len < SHOWN_MAX ? (int)text.len : SHOWN_MAX;
}

static int unknown_spelling(struct vx_slice text, struct vidx_error *err)
{
	return vx_fail(err, VIDX_EUSAGE,
		       "not a spelling that vidx get knows: '%.*s'; use CHROM-POS-REF-ALT",
		       shown(text), text.p);
}

static int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct vx_slice trim(struct vx_slice text)
{
	while (text.len && is_blank(text.p[0]))
		text = vx_slice(text.p + 1, text.len - 1);
	while (text.len && (is_blank(text.p[text.len - 1]) || text.p[text.len - 1] == '\r'))
		text.len--;
	return text;
}

/* Digits with commas between them, 1..VX_POS0_MAX. */
static int parse_pos1(struct vx_slice text, uint64_t *ret)
{
	uint64_t v = 0;

	if (text.len == 0 || !vx_is_digit(text.p[0]) || !vx_is_digit(text.p[text.len - 1]))
		return 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == ',')
			continue;
		if (!vx_is_digit(text.p[i]))
			return 0;
		v = v * 10 + (uint64_t)(text.p[i] - '0');
		if (v > VX_POS0_MAX)
			return 0;
	}
	*ret = v;
	return v > 0;
}

static int is_letters(struct vx_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!vx_is_alpha(text.p[i]))
			return 0;
	return text.len > 0;
}

/* An ALT is letters, '*', '.', or holds what only symbolic alleles and breakends hold. */
static int is_alt(struct vx_slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (c == '<' || c == '[' || c == ']')
			return 1;
		if (!vx_is_alpha(c) && c != '*' && c != '.')
			return 0;
	}
	return text.len > 0;
}

static int is_separator(char c)
{
	return c == '-' || c == ':';
}

/* Cuts the last field off *rest at '-' or ':'.  0 where there is none. */
static int cut_last(struct vx_slice *rest, struct vx_slice *field)
{
	size_t i = rest->len;

	while (i > 0 && !is_separator(rest->p[i - 1]))
		i--;
	if (i == 0)
		return 0;
	*field = vx_slice(rest->p + i, rest->len - i);
	rest->len = i - 1;
	return 1;
}

/* The same for an ALT, whose symbolic forms may hold separators themselves: <INS:ME>, A[1:10[. */
static int cut_alt(struct vx_slice *rest, struct vx_slice *alt)
{
	struct vx_slice head = *rest;

	for (size_t i = 0; i < rest->len; i++)
		if (rest->p[i] == '<' || rest->p[i] == '[' || rest->p[i] == ']') {
			head.len = i;
			break;
		}
	if (!cut_last(&head, alt))
		return 0;
	*alt = vx_slice(alt->p, rest->len - (size_t)(alt->p - rest->p));
	*rest = head;
	return 1;
}

static int set_place(struct vidx_allele *allele, struct vx_slice contig, struct vx_slice pos)
{
	if (contig.len == 0 || !parse_pos1(pos, &allele->pos1))
		return 0;
	allele->contig = contig.p;
	allele->contig_len = contig.len;
	return 1;
}

static int set_alleles(struct vidx_allele *allele, struct vx_slice ref, struct vx_slice alt)
{
	if (!is_letters(ref) || !is_alt(alt))
		return 0;
	allele->ref = ref.p;
	allele->ref_len = ref.len;
	allele->alt = alt.p;
	allele->alt_len = alt.len;
	return 1;
}

/* contig, pos with a separator between them. */
static int parse_place(struct vx_slice text, struct vidx_allele *allele)
{
	struct vx_slice pos;

	return cut_last(&text, &pos) && set_place(allele, text, pos);
}

static int parse_joined(struct vx_slice text, struct vidx_allele *allele)
{
	struct vx_slice ref, alt;

	return cut_alt(&text, &alt) && cut_last(&text, &ref) && parse_place(text, allele) &&
	       set_alleles(allele, ref, alt);
}

/* "G>GA", "N><DEL>". */
static int parse_change(struct vx_slice text, struct vidx_allele *allele)
{
	const char *arrow = memchr(text.p, '>', text.len);
	size_t ref_len = arrow ? (size_t)(arrow - text.p) : 0;

	return arrow && set_alleles(allele, vx_slice(text.p, ref_len),
				    vx_slice(arrow + 1, text.len - ref_len - 1));
}

/* Up to 5 fields between blanks; returns how many there are (5: too many). */
static int blank_fields(struct vx_slice text, struct vx_slice *field)
{
	int n = 0;

	while (text.len && n < 5) {
		size_t i = 0;

		while (i < text.len && !is_blank(text.p[i]))
			i++;
		field[n++] = vx_slice(text.p, i);
		text = trim(vx_slice(text.p + i, text.len - i));
	}
	return n;
}

int vx_locus_parse(struct vx_slice text, struct vidx_allele *allele_ret,
		   enum vx_question *question_ret, struct vidx_error *err)
{
	struct vidx_allele allele = {0};
	struct vx_slice field[5];
	int ok = 0, place = 0;

	text = trim(text);
	switch (blank_fields(text, field)) {
	case 1:
		place = parse_place(text, &allele);
		ok = place || parse_joined(text, &allele);
		break;
	case 2:
		if (parse_place(field[0], &allele))
			ok = parse_change(field[1], &allele);
		else
			ok = place = set_place(&allele, field[0], field[1]);
		break;
	case 3:
		if (parse_place(field[0], &allele))
			ok = set_alleles(&allele, field[1], field[2]);
		else
			ok = set_place(&allele, field[0], field[1]) &&
			     parse_change(field[2], &allele);
		break;
	case 4:
		ok = set_place(&allele, field[0], field[1]) &&
		     set_alleles(&allele, field[2], field[3]);
		break;
	}
	if (!ok)
		return unknown_spelling(text, err);
	*allele_ret = allele;
	*question_ret = place ? VX_ASK_PLACE : VX_ASK_ALLELE;
	return 0;
}

int vx_locus_parse_id(struct vx_slice text, struct vx_slice *id_ret)
{
	struct vx_slice field[5];

	*id_ret = trim(text);
	return blank_fields(*id_ret, field) == 1;
}

/* "100", "100-", "100-200" into *region. */
static int parse_span(struct vx_slice text, struct vx_region *region)
{
	const char *dash = memchr(text.p, '-', text.len);
	struct vx_slice beg = text, end = vx_slice(text.p, 0);
	uint64_t beg1, end1;

	if (dash) {
		beg.len = (size_t)(dash - text.p);
		end = vx_slice(dash + 1, text.len - beg.len - 1);
	}
	if (!parse_pos1(beg, &beg1))
		return 0;
	if (!dash)
		end1 = beg1;
	else if (end.len == 0)
		end1 = VX_POS0_MAX + 1;
	else if (!parse_pos1(end, &end1) || end1 < beg1)
		return 0;
	region->beg0 = vx_pos0(beg1);
	region->end0 = end1;
	return 1;
}

static int no_contig(struct vx_slice name, struct vidx_error *err)
{
	return vx_fail(err, VIDX_EUSAGE, "no contig '%.*s' in the index", shown(name), name.p);
}

int vx_locus_parse_region(const struct vx_contigs *contigs, struct vx_slice text,
			  struct vx_region *region_ret, struct vidx_error *err)
{
	struct vx_slice name = text, span;
	struct vx_region region;
	size_t i = text.len;

	region.beg0 = 0;
	region.end0 = VX_POS0_MAX + 1;
	region.contig = vx_contigs_find(contigs, text);
	if (region.contig != VX_NO_CONTIG) {
		*region_ret = region;
		return 0;
	}
	if (text.len && text.p[0] == '{') {
		const char *close = memchr(text.p, '}', text.len);

		if (!close)
			return no_contig(text, err);
		name = vx_slice(text.p + 1, (size_t)(close - text.p) - 1);
		span = vx_slice(close + 1, text.len - name.len - 2);
		if (span.len && span.p[0] != ':')
			return no_contig(text, err);
	} else {
		while (i > 0 && text.p[i - 1] != ':')
			i--;
		if (i == 0)
			return no_contig(text, err);
		name.len = i - 1;
		span = vx_slice(text.p + name.len, text.len - name.len);
	}
	region.contig = vx_contigs_find(contigs, name);
	if (region.contig == VX_NO_CONTIG)
		return no_contig(name, err);
	if (span.len && !parse_span(vx_slice(span.p + 1, span.len - 1), &region))
		return vx_fail(err, VIDX_EUSAGE, "not a region: '%.*s'; use CHROM:BEG-END",
			       shown(text), text.p);
	*region_ret = region;
	return 0;
}
