#include "cohort/calltext.h"

#include "base/pos.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* What a column of the file is, if it is no group's. */
enum { IGNORED = -1, CONTIG = -2, POS = -3, BEG = -4, END = -5, LOCUS = -6 };

struct vx_calltext {
	const struct vx_contigs *contigs;
	const struct vx_groups *groups;
	const char *name;
	enum vx_calltext_kind kind;
	int *column; /* of the file: one of the above, or where its AN stands in an */
	uint32_t n_columns, n_groups;
	uint32_t *group; /* rising */
	uint64_t *an;
	uint64_t number; /* of the line under way */
	/* The contig of the row before, and what was seen. */
	char last_name[256];
	size_t last_len;
	uint32_t last_contig;
	uint64_t last_end0;
	uint8_t *seen; /* by rank */
};

const char *vx_calltext_kind_name(enum vx_calltext_kind kind)
{
	static const char *const names[] = {"", "bed", "tsv", "gnomad"};

	return names[kind];
}

int vx_calltext_new(const struct vx_contigs *contigs, const struct vx_groups *groups,
		    const char *name, struct vx_calltext **text_ret, struct vidx_error *err)
{
	struct vx_calltext *text = calloc(1, sizeof *text);

	if (text) {
		text->contigs = contigs;
		text->groups = groups;
		text->name = name;
		text->last_contig = VX_NO_CONTIG;
		text->group = calloc(groups->n, sizeof *text->group);
		text->an = calloc(groups->n, sizeof *text->an);
		text->seen = calloc((size_t)vx_contigs_count(contigs) + 1, 1);
	}
	if (!text || !text->group || !text->an || !text->seen) {
		vx_calltext_free(text);
		return vx_fail_nomem(err);
	}
	*text_ret = text;
	return 0;
}

void vx_calltext_free(struct vx_calltext *text)
{
	if (!text)
		return;
	free(text->column);
	free(text->group);
	free(text->an);
	free(text->seen);
	free(text);
}

enum vx_calltext_kind vx_calltext_kind(const struct vx_calltext *text)
{
	return text->kind;
}

uint32_t vx_calltext_columns(const struct vx_calltext *text, const uint32_t **group_ret)
{
	*group_ret = text->group;
	return text->n_groups;
}

int vx_calltext_covers(const uint64_t *an, const uint32_t *group, uint32_t n)
{
	int known = 0;

	if (n > 0 && group[0] == 0 && an[0] != VX_NONE)
		return an[0] > 0;
	for (uint32_t i = 0; i < n; i++) {
		if (an[i] != VX_NONE && an[i] > 0)
			return 1;
		known |= an[i] != VX_NONE;
	}
	return !known;
}

static int bad(const struct vx_calltext *text, const char *what, struct vx_slice offending,
	       struct vidx_error *err)
{
	return vx_fail(err, VIDX_EBADINPUT, "%.200s: line %llu: %s: '%.*s'", text->name,
		       (unsigned long long)text->number, what,
		       offending.len < 80 ? (int)offending.len : 80, offending.p);
}

/* --- the first line --- */

static int is_word(struct vx_slice name, const char *word)
{
	size_t len = strlen(word);

	if (name.len != len)
		return 0;
	for (size_t i = 0; i < len; i++)
		if (vx_upper(name.p[i]) != vx_upper(word[i]))
			return 0;
	return 1;
}

static int place_column(struct vx_slice name)
{
	static const struct {
		const char *word;
		int column;
	} words[] = {{"contig", CONTIG}, {"chrom", CONTIG}, {"chr", CONTIG}, {"pos", POS},
		     {"beg", BEG},       {"start", BEG},    {"end", END},    {"chromStart", BEG},
		     {"chromEnd", END},  {"locus", LOCUS}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (is_word(name, words[i].word))
			return words[i].column;
	return IGNORED;
}

static int is_an_column(struct vx_slice name)
{
	return is_word(name, "AN") || (name.len > 3 && is_word(vx_slice(name.p, 3), "AN_"));
}

/* The group whose AN a column has, or VX_NO_GROUP.  A whole name goes before AN_GROUP. */
static uint32_t group_column(const struct vx_calltext *text, struct vx_slice name)
{
	uint32_t group;

	if (is_word(name, "AN"))
		return 0;
	group = vx_groups_find(text->groups, name);
	if (group == VX_NO_GROUP && is_an_column(name))
		group = vx_groups_find(text->groups, vx_slice(name.p + 3, name.len - 3));
	return group;
}

static struct vx_slice without_hash(struct vx_slice line)
{
	while (line.len && line.p[0] == '#') {
		line.p++;
		line.len--;
	}
	return line;
}

/* Whether the line is a header line, and whose.  1, or 0. */
static int is_header(struct vx_slice line, enum vx_calltext_kind *kind_ret)
{
	struct vx_slice rest = without_hash(line), name;
	unsigned has = 0;

	while (vx_split(&rest, '\t', &name)) {
		int column = place_column(name);

		if (column != IGNORED)
			has |= 1u << -column;
	}
	*kind_ret = VX_CALL_NOT_KNOWN;
	if (has & 1u << -LOCUS)
		*kind_ret = VX_CALL_GNOMAD;
	else if (has & 1u << -CONTIG &&
		 (has & 1u << -POS || (has & 1u << -BEG && has & 1u << -END)))
		*kind_ret = VX_CALL_TSV;
	return *kind_ret != VX_CALL_NOT_KNOWN;
}

static int twice(const struct vx_calltext *text, int column)
{
	for (uint32_t i = 0; i < text->n_columns; i++)
		if (column != IGNORED && text->column[i] == column)
			return 1;
	return 0;
}

/* Reads a header line into columns; an of a group is a column of its own number at first. */
static int read_columns(struct vx_calltext *text, struct vx_slice line, struct vidx_error *err)
{
	struct vx_slice rest = without_hash(line), name;
	size_t n = 1;

	for (size_t i = 0; i < rest.len; i++)
		n += rest.p[i] == '\t';
	free(text->column);
	text->n_columns = 0;
	text->column = calloc(n, sizeof *text->column);
	if (!text->column)
		return vx_fail_nomem(err);
	while (vx_split(&rest, '\t', &name)) {
		int column = place_column(name);
		uint32_t group = column == IGNORED ? group_column(text, name) : VX_NO_GROUP;

		if (text->kind == VX_CALL_GNOMAD && column != LOCUS)
			column = IGNORED;
		if (group != VX_NO_GROUP && (text->kind == VX_CALL_TSV || is_an_column(name)))
			column = (int)group;
		else if (column == IGNORED && text->kind == VX_CALL_TSV)
			return bad(text, "a column that is no population of the index", name, err);
		if (twice(text, column))
			return bad(text, "a column that comes twice", name, err);
		text->column[text->n_columns++] = column;
	}
	if (text->kind == VX_CALL_TSV && twice(text, POS) + twice(text, BEG) != 1)
		return bad(text, "both pos and beg", line, err);
	if (text->kind == VX_CALL_TSV && twice(text, POS) && twice(text, END))
		return bad(text, "both pos and end", line, err);
	return 0;
}

/* From numbers of groups to places in an, in the order of groups. */
static void settle_columns(struct vx_calltext *text)
{
	text->n_groups = 0;
	for (uint32_t g = 0; g < text->groups->n; g++)
		if (twice(text, (int)g))
			text->group[text->n_groups++] = g;
	for (uint32_t i = 0; i < text->n_columns; i++)
		for (uint32_t k = text->n_groups; text->column[i] >= 0 && k-- > 0;)
			if (text->group[k] == (uint32_t)text->column[i]) {
				text->column[i] = (int)k;
				break;
			}
}

/* "#chrom start end name score": how a BED may begin.  Without pos, and no column is an AN. */
static int is_bed_header(const struct vx_calltext *text, struct vx_slice line)
{
	struct vx_slice rest = without_hash(line), name;

	if (line.p[0] != '#')
		return 0;
	while (vx_split(&rest, '\t', &name))
		if (place_column(name) == POS || is_an_column(name) ||
		    group_column(text, name) != VX_NO_GROUP)
			return 0;
	return 1;
}

/*
 * The first line that may tell the kind.  0: it was a header line; VIDX_NOVALUE: it is a remark;
 * VIDX_END: it is a row, of a BED.
 */
static int begin(struct vx_calltext *text, struct vx_slice line, struct vidx_error *err)
{
	int rc;

	if (line.len == 0)
		return VIDX_NOVALUE;
	if (is_header(line, &text->kind) &&
	    !(text->kind == VX_CALL_TSV && is_bed_header(text, line))) {
		rc = read_columns(text, line, err);
		if (rc == 0)
			settle_columns(text);
		/* gnomAD has tables of coverage too: all bases are listed, covered or not. */
		if (rc == 0 && text->kind == VX_CALL_GNOMAD && text->n_groups == 0)
			return bad(text, "no AN column", line, err);
		return rc;
	}
	text->kind = VX_CALL_NOT_KNOWN;
	if (line.p[0] == '#')
		return VIDX_NOVALUE;
	text->kind = VX_CALL_BED;
	return VIDX_END;
}

/* --- rows --- */

/* The rank of a contig, VX_NO_CONTIG where the table lacks it.  VIDX_EBADINPUT: it can be none. */
static int find_contig(struct vx_calltext *text, struct vx_slice name, uint32_t *rank_ret,
		       struct vidx_error *err)
{
	struct vidx_error why = {.status = 0};
	int rc;

	if (text->last_len && name.len == text->last_len &&
	    memcmp(name.p, text->last_name, name.len) == 0) {
		*rank_ret = text->last_contig;
		return 0;
	}
	*rank_ret = vx_contigs_find(text->contigs, name);
	if (*rank_ret != VX_NO_CONTIG) {
		if (name.len <= sizeof text->last_name) {
			memcpy(text->last_name, name.p, name.len);
			text->last_len = name.len;
		} else {
			text->last_len = 0;
		}
		return 0;
	}
	rc = vx_contigs_check(text->contigs, name, &why);
	if (rc)
		return vx_fail(err, rc, "%.200s: line %llu: %s", text->name,
			       (unsigned long long)text->number, why.text);
	text->last_len = 0;
	return 0;
}

/* A place is on its contig, and behind the row before where rows have to rise. */
static int check_place(struct vx_calltext *text, const struct vx_calltext_row *row,
		       struct vx_slice line, struct vidx_error *err)
{
	int is_known = row->contig != VX_NO_CONTIG;
	uint64_t length = is_known ? vx_contigs_length(text->contigs, row->contig) : 0;

	if (length && row->end0 > length)
		return bad(text, "a place behind the end of its contig", line, err);
	if (text->kind != VX_CALL_BED && is_known) {
		if (row->contig == text->last_contig && row->beg0 < text->last_end0)
			return bad(text, "not in order: rows have to rise on each contig", line,
				   err);
		if (row->contig != text->last_contig && text->seen[row->contig])
			return bad(text, "not in order: its contig comes again", line, err);
		text->seen[row->contig] = 1;
	}
	text->last_contig = row->contig;
	text->last_end0 = row->end0;
	return row->beg0 == row->end0 ? VIDX_NOVALUE : 0;
}

/* The next column of a BED, and of any run of blanks behind it. */
static int next_word(struct vx_slice *rest, struct vx_slice *word)
{
	while (rest->len && (rest->p[0] == ' ' || rest->p[0] == '\t')) {
		rest->p++;
		rest->len--;
	}
	*word = vx_slice(rest->p, 0);
	while (rest->len && rest->p[0] != ' ' && rest->p[0] != '\t') {
		rest->p++;
		rest->len--;
		word->len++;
	}
	return word->len > 0;
}

static int is_bed_remark(struct vx_slice line)
{
	struct vx_slice word;

	if (line.len == 0 || line.p[0] == '#' || !next_word(&line, &word))
		return 1;
	return vx_slice_is(word, "track") || vx_slice_is(word, "browser");
}

static int bed_row(struct vx_calltext *text, struct vx_slice line, struct vx_calltext_row *row,
		   struct vidx_error *err)
{
	struct vx_slice rest = line, word[3];
	int rc;

	if (is_bed_remark(line))
		return VIDX_NOVALUE;
	for (int i = 0; i < 3; i++)
		if (!next_word(&rest, &word[i]))
			return bad(text, "fewer than three columns", line, err);
	if (!vx_parse_u64(word[1], VX_POS0_MAX, &row->beg0) ||
	    !vx_parse_u64(word[2], VX_POS0_MAX, &row->end0) || row->end0 < row->beg0)
		return bad(text, "not a stretch of a BED", line, err);
	row->name = word[0];
	rc = find_contig(text, word[0], &row->contig, err);
	return rc ? rc : check_place(text, row, line, err);
}

static int read_an(const struct vx_calltext *text, struct vx_slice cell, uint64_t *an,
		   struct vidx_error *err)
{
	*an = VX_NONE;
	if (cell.len == 0 || vx_slice_is(cell, ".") || vx_slice_is(cell, "NA"))
		return 0;
	if (cell.p[0] == '[')
		return bad(text, "an array of AN does not say whose: give columns AN_GROUP", cell,
			   err);
	if (!vx_parse_u64(cell, VX_COUNT_MAX, an))
		return bad(text, "not an AN", cell, err);
	return 0;
}

/* chr1:12345; the last ':' counts, as names may hold some. */
static int read_locus(struct vx_slice cell, struct vx_slice *contig, uint64_t *pos1)
{
	size_t at = cell.len;

	while (at > 0 && cell.p[at - 1] != ':')
		at--;
	if (at < 2)
		return 0;
	*contig = vx_slice(cell.p, at - 1);
	return vx_parse_u64(vx_slice(cell.p + at, cell.len - at), VX_POS0_MAX, pos1) && *pos1 > 0;
}

/* One cell into the row; *contig is its name, for later. */
static int read_cell(struct vx_calltext *text, int column, struct vx_slice cell,
		     struct vx_calltext_row *row, struct vx_slice *contig, struct vidx_error *err)
{
	uint64_t pos1 = 1;
	int is_good = 1;

	switch (column) {
	case IGNORED:
		return 0;
	case CONTIG:
		*contig = cell;
		return 0;
	case LOCUS:
		is_good = read_locus(cell, contig, &pos1);
		break;
	case POS:
		is_good = vx_parse_u64(cell, VX_POS0_MAX, &pos1) && pos1 > 0;
		break;
	case BEG:
		return vx_parse_u64(cell, VX_POS0_MAX, &row->beg0)
			       ? 0
			       : bad(text, "not a position", cell, err);
	case END:
		return vx_parse_u64(cell, VX_POS0_MAX, &row->end0)
			       ? 0
			       : bad(text, "not a position", cell, err);
	default:
		return read_an(text, cell, &text->an[column], err);
	}
	if (!is_good)
		return bad(text, column == LOCUS ? "not a locus" : "not a position", cell, err);
	row->beg0 = vx_pos0(pos1);
	row->end0 = pos1;
	return 0;
}

static int table_row(struct vx_calltext *text, struct vx_slice line, struct vx_calltext_row *row,
		     struct vidx_error *err)
{
	struct vx_slice rest = line, cell, contig = {"", 0};
	uint32_t n = 0;
	int rc = 0;

	if (line.len == 0 || line.p[0] == '#')
		return VIDX_NOVALUE;
	for (; rc == 0 && vx_split(&rest, '\t', &cell); n++) {
		if (n >= text->n_columns)
			return bad(text, "more columns than the header line", line, err);
		rc = read_cell(text, text->column[n], cell, row, &contig, err);
	}
	if (rc)
		return rc;
	if (n < text->n_columns)
		return bad(text, "fewer columns than the header line", line, err);
	if (row->end0 < row->beg0)
		return bad(text, "it ends before it begins", line, err);
	rc = find_contig(text, contig, &row->contig, err);
	row->name = contig;
	row->an = text->an;
	return rc ? rc : check_place(text, row, line, err);
}

int vx_calltext_line(struct vx_calltext *text, struct vx_slice line, uint64_t number,
		     struct vx_calltext_row *row_ret, struct vidx_error *err)
{
	int rc;

	text->number = number;
	if (number == 1 && line.len >= 3 && memcmp(line.p, "\xef\xbb\xbf", 3) == 0)
		line = vx_slice(line.p + 3, line.len - 3);
	row_ret->an = text->an;
	if (text->kind == VX_CALL_NOT_KNOWN) {
		if (is_bed_remark(line) && (line.len == 0 || line.p[0] != '#'))
			return VIDX_NOVALUE;
		rc = begin(text, line, err);
		if (rc != VIDX_END)
			return rc == 0 ? VIDX_NOVALUE : rc;
	}
	return text->kind == VX_CALL_BED ? bed_row(text, line, row_ret, err)
					 : table_row(text, line, row_ret, err);
}
