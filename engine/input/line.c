/* line: one line of a VCF as a record of views. */
#include "base/pos.h"
#include "base/text.h"
#include "input/parts.h"

#include <stdio.h>

#define N_FIXED_TABS 7 /* of a line without samples */

/* What a line looks like to its messages: its own CHROM:POS. */
static int fail_line(const struct vx_unit *unit, struct vx_slice chrom, struct vx_slice pos,
		     struct vidx_error *err, const char *what, struct vx_slice text)
{
	char place[VX_PLACE_MAX];

	snprintf(place, sizeof place, "%.*s:%.*s", chrom.len < 40 ? (int)chrom.len : 40, chrom.p,
		 pos.len < 30 ? (int)pos.len : 30, pos.p);
	return vx_unit_fault(unit, place, err, "%s: %s", what, vx_quote(text).text);
}

int vx_line_fail_long(const struct vx_unit *unit, struct vx_slice line, struct vidx_error *err)
{
	char place[VX_PLACE_MAX];
	struct vx_slice chrom;
	uint64_t pos1;
	int is_known = vx_line_place(line, &chrom, &pos1);

	if (is_known)
		vx_place_format(place, chrom, pos1);
	return vx_unit_fault(unit, is_known ? place : NULL, err,
			     "a line of more than %zu bytes: %s", VX_LINE_MAX, vx_quote(line).text);
}

/* A line whose number of tabs is not the header's. */
static int fail_columns(const struct vx_unit *unit, struct vx_slice line, uint64_t n_tabs,
			struct vidx_error *err)
{
	const struct vx_header *header = &unit->source->header;
	unsigned want = header->n_samples + 8u + (header->has_format != 0);
	struct vx_slice chrom;
	char what[96], place[VX_PLACE_MAX];
	uint64_t pos1;

	if (line.p[0] == '#')
		return vx_unit_fault(unit, NULL, err, "a header line among the records: %s",
				     vx_quote(line).text);
	snprintf(what, sizeof what, "columns: %llu, but the header has %u",
		 (unsigned long long)n_tabs + 1, want);
	if (!vx_line_place(line, &chrom, &pos1))
		return vx_unit_fault(unit, NULL, err, "%s: %s", what, vx_quote(line).text);
	vx_place_format(place, chrom, pos1);
	if (n_tabs >= N_FIXED_TABS && line.len > 40)
		line = vx_slice(line.p + line.len - 40, 40);
	return vx_unit_fault(unit, place, err, "%s: %s", what, vx_quote(line).text);
}

/* A line that holds a NUL byte, which no text does: a hole in the file. */
static int fail_nul(const struct vx_unit *unit, struct vx_slice line, struct vidx_error *err)
{
	struct vx_slice rest = line, chrom = {"", 0}, pos = {"", 0};
	const char *at = memchr(line.p, '\0', line.len);
	const char *from = at - line.p > 20 ? at - 20 : line.p;

	vx_split(&rest, '\t', &chrom);
	vx_split(&rest, '\t', &pos);
	return fail_line(unit, chrom, pos, err, "a NUL byte in the line",
			 vx_slice(from, (size_t)(line.p + line.len - from)));
}

/* Where GT stands in FORMAT, and how many fields there are; kept until FORMAT changes. */
static void read_format(struct vx_unit *unit, struct vx_slice format)
{
	struct vx_slice field;

	unit->format = format;
	unit->gt_index = unit->an_index = unit->ac_index = UINT32_MAX;
	for (unit->n_format = 0; vx_split(&format, ':', &field); unit->n_format++) {
		uint32_t *index = vx_slice_is(field, "GT")   ? &unit->gt_index
				  : vx_slice_is(field, "AN") ? &unit->an_index
				  : vx_slice_is(field, "AC") ? &unit->ac_index
							     : NULL;

		if (index && *index == UINT32_MAX)
			*index = unit->n_format;
	}
}

static int read_alts(struct vx_unit *unit, struct vx_slice alt, struct vx_record *record,
		     struct vidx_error *err)
{
	uint64_t n;

	record->n_alts = 0;
	record->alts = unit->alt;
	if (alt.len == 1 && alt.p[0] == '.')
		return 0;
	n = 1 + (alt.len > 1 ? vx_scan_count(alt.p, alt.len, ',') : 0);
	if (vx_unit_room(unit, 0, (uint32_t)n, err) != 0)
		return VIDX_ENOMEM;
	record->alts = unit->alt;
	record->n_alts = (uint32_t)n;
	for (uint32_t i = 0; i < n; i++)
		vx_split(&alt, ',', &unit->alt[i]);
	return 0;
}

/* Nonzero: an ALT that names the kind of a junction, whose other end INFO tells. */
static int has_junction(const struct vx_record *record)
{
	for (uint32_t i = 0; i < record->n_alts; i++)
		if (record->alts[i].len > 4 && (memcmp(record->alts[i].p, "<BND", 4) == 0 ||
						memcmp(record->alts[i].p, "<CTX", 4) == 0 ||
						memcmp(record->alts[i].p, "<TRA", 4) == 0))
			return 1;
	return 0;
}

/* What belongs to the identity of a symbolic allele: END and SVLEN, CHR2 and its like. */
static void read_span(struct vx_record *record, struct vx_slice info)
{
	uint32_t i = 0;

	record->end.p = record->svlen.p = record->chr2.p = NULL;
	record->end2.p = record->pos2.p = record->strands.p = NULL;
	while (i < record->n_alts && (record->alts[i].len == 0 || record->alts[i].p[0] != '<'))
		i++;
	if (i == record->n_alts)
		return;
	record->end = vx_info_find(info, "END");
	record->svlen = vx_info_find(info, "SVLEN");
	record->chr2 = vx_info_find(info, "CHR2");
	if (!record->chr2.p && !has_junction(record))
		return;
	record->end2 = vx_info_find(info, "END2");
	record->pos2 = vx_info_find(info, "POS2");
	record->strands = vx_info_find(info, "STRANDS");
}

static void read_samples(struct vx_unit *unit, struct vx_slice line, const struct vx_scan_line *at,
			 struct vx_record *record)
{
	struct vx_slice format = vx_slice(line.p + at->tab[7] + 1, at->tab[8] - at->tab[7] - 1);

	if (!unit->format.p || !vx_slice_eq(unit->format, format))
		read_format(unit, format);
	if (unit->gt_index != UINT32_MAX)
		record->gt_form = VX_GT_TEXT;
	record->gt_index = unit->gt_index;
	record->an_index = unit->an_index;
	record->ac_index = unit->ac_index;
	record->n_format = unit->n_format;
	record->samples = vx_slice(line.p + at->tab[8] + 1, line.len - at->tab[8] - 1);
}

/* The columns of a line with the right number of tabs. */
static int read_line(struct vx_unit *unit, struct vx_slice line, const struct vx_scan_line *at,
		     const struct vx_wanted *wanted, struct vx_record *record,
		     struct vidx_error *err)
{
	const struct vx_header *header = &unit->source->header;
	struct vx_slice column[8];
	size_t beg = 0;

	for (int i = 0; i < 8; i++) {
		size_t end = at->n_tabs > (uint64_t)i ? at->tab[i] : line.len;

		column[i] = vx_slice(line.p + beg, end - beg);
		beg = end + 1;
	}
	record->chrom = column[0];
	if (column[0].len == 0)
		return fail_line(unit, column[0], column[1], err, "CHROM is empty", line);
	if (!vx_parse_u64(column[1], VX_POS0_MAX, &record->pos1))
		return fail_line(unit, column[0], column[1], err, "POS is not a position",
				 column[1]);
	record->id = column[2];
	if (record->id.len == 1 && record->id.p[0] == '.')
		record->id.len = 0;
	record->ref = column[3];
	record->filter = column[6];
	record->n_samples = header->n_samples;
	record->gt_form = VX_GT_NONE;
	record->samples.p = NULL;
	record->format_an.p = record->format_ac.p = NULL;
	record->number = unit->n_records;
	if (read_alts(unit, column[4], record, err) != 0)
		return VIDX_ENOMEM;
	read_span(record, column[7]);
	record->info = unit->value;
	record->word = NULL;
	if (vx_wanted_count(wanted)) {
		if (vx_unit_room(unit, vx_wanted_count(wanted) + 1, 0, err) != 0)
			return VIDX_ENOMEM;
		record->info = unit->value;
		record->word = unit->word;
		if (vx_info_scan(&unit->info_scan, wanted, column[7], unit->value, unit->word) != 0)
			return vx_fail_nomem(err);
	}
	if (header->n_samples)
		read_samples(unit, line, at, record);
	return 0;
}

static int next_line(struct vx_unit *unit, struct vx_stretch *stretch,
		     const struct vx_wanted *wanted, struct vx_record *record,
		     struct vidx_error *err)
{
	const struct vx_header *header = &unit->source->header;
	size_t left = (size_t)(stretch->end - stretch->p);
	struct vx_slice line = vx_slice(stretch->p, 0);
	struct vx_scan_line at;

	vx_scan_line(stretch->p, left <= VX_LINE_MAX ? left : VX_LINE_MAX + 1, &at);
	if (at.len > VX_LINE_MAX)
		return vx_line_fail_long(unit, vx_slice(stretch->p, at.len), err);
	line.len = at.len - (at.len && line.p[at.len - 1] == '\r');
	stretch->p += at.len + (at.ended != 0);
	if (line.len == 0)
		return VIDX_END;
	if (at.has_nul)
		return fail_nul(unit, line, err);
	if (at.n_tabs != N_FIXED_TABS + header->n_samples + (header->n_samples != 0) &&
	    !(at.n_tabs == N_FIXED_TABS + 1 && header->has_format && header->n_samples == 0))
		return fail_columns(unit, line, at.n_tabs, err);
	return read_line(unit, line, &at, wanted, record, err);
}

int vx_line_next(struct vx_unit *unit, struct vx_stretch *stretch, const struct vx_wanted *wanted,
		 struct vx_record *record, struct vidx_error *err)
{
	int rc;

	/* Empty lines are no records: some writers leave one at the end. */
	do {
		if (stretch->p == stretch->end)
			return VIDX_END;
		rc = next_line(unit, stretch, wanted, record, err);
	} while (rc == VIDX_END);
	if (rc != 0)
		return rc;
	unit->n_records++;
	unit->last_chrom = record->chrom;
	unit->last_pos1 = record->pos1;
	return 0;
}

int vx_line_place(struct vx_slice line, struct vx_slice *chrom_ret, uint64_t *pos1_ret)
{
	struct vx_slice pos;

	return vx_split(&line, '\t', chrom_ret) && chrom_ret->len && vx_split(&line, '\t', &pos) &&
	       vx_parse_u64(pos, VX_POS0_MAX, pos1_ret);
}
