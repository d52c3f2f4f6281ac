#include "query/hgvs.h"

#include "base/pos.h"
#include "base/status.h"
#include "base/text.h"

/* Cuts the contig and its ":g." off the front of *rest; returns the letter, or 0 where none is. */
static char cut_type(struct vx_slice *rest, struct vx_slice *contig)
{
	for (size_t i = rest->len; i-- > 1;) {
		if (rest->p[i] != ':' || rest->len - i < 3 || rest->p[i + 2] != '.')
			continue;
		if (!memchr("gmcnrp", rest->p[i + 1], 6))
			continue;
		*contig = vx_slice(rest->p, i);
		*rest = vx_slice(rest->p + i + 3, rest->len - i - 3);
		return contig->p[i + 1];
	}
	return 0;
}

/* Digits at the front of *rest: a position, 1..VX_POS0_MAX. */
static int cut_pos1(struct vx_slice *rest, uint64_t *pos1)
{
	size_t n = 0;
	int ok;

	while (n < rest->len && vx_is_digit(rest->p[n]))
		n++;
	ok = vx_parse_u64(vx_slice(rest->p, n), VX_POS0_MAX, pos1) && *pos1 > 0;
	*rest = vx_slice(rest->p + n, rest->len - n);
	return ok;
}

/* "100" or "100_102" at the front of *rest into a half-open stretch.  A complaint, or NULL. */
static const char *cut_stretch(struct vx_slice *rest, struct vx_change *change, int *is_range)
{
	uint64_t beg1, end1;

	if (!cut_pos1(rest, &beg1))
		return "the position is not a number";
	end1 = beg1;
	*is_range = rest->len > 0 && rest->p[0] == '_';
	if (*is_range) {
		*rest = vx_slice(rest->p + 1, rest->len - 1);
		if (!cut_pos1(rest, &end1))
			return "the second position is not a number";
		if (end1 <= beg1)
			return "the second position does not lie behind the first";
	}
	change->beg0 = vx_pos0(beg1);
	change->end0 = end1;
	return NULL;
}

static int cut_word(struct vx_slice *rest, const char *word)
{
	size_t n = strlen(word);

	if (rest->len < n || memcmp(rest->p, word, n) != 0)
		return 0;
	*rest = vx_slice(rest->p + n, rest->len - n);
	return 1;
}

/* Letters at the front of *rest, up to what introduces an insertion ('i' is no base). */
static struct vx_slice cut_bases(struct vx_slice *rest)
{
	struct vx_slice bases = vx_slice(rest->p, 0);

	while (bases.len < rest->len && vx_is_alpha(rest->p[bases.len]) &&
	       rest->p[bases.len] != 'i')
		bases.len++;
	*rest = vx_slice(rest->p + bases.len, rest->len - bases.len);
	return bases;
}

/* Bases of the stretch that may be spelled out behind "del" and "dup". */
static const char *take_del(struct vx_slice *rest, struct vx_change *change)
{
	struct vx_slice bases = cut_bases(rest);

	if (bases.len == 0)
		return NULL;
	change->del = bases;
	return bases.len == change->end0 - change->beg0
		       ? NULL
		       : "the bases are not as many as the positions say";
}

static const char *take_ins(struct vx_slice *rest, struct vx_change *change)
{
	change->ins = cut_bases(rest);
	return change->ins.len ? NULL : "no inserted bases";
}

static const char *take_insertion(struct vx_slice *rest, struct vx_change *change, int is_range)
{
	if (!is_range || change->end0 - change->beg0 != 2)
		return "an insertion stands between two neighbours, as in 100_101insA";
	/* Ahead of the second of the two. */
	change->beg0++;
	change->end0 = change->beg0;
	change->del = vx_slice(rest->p, 0);
	return take_ins(rest, change);
}

static const char *take_change(struct vx_slice *rest, struct vx_change *change, int is_range)
{
	const char *why = NULL;

	if (cut_word(rest, "del")) {
		why = take_del(rest, change);
		if (!why && cut_word(rest, "ins"))
			why = take_ins(rest, change);
	} else if (cut_word(rest, "dup")) {
		change->is_dup = 1;
		why = take_del(rest, change);
	} else if (cut_word(rest, "ins")) {
		why = take_insertion(rest, change, is_range);
	} else if (rest->len && rest->p[0] == '=') {
		return "says that nothing changes";
	} else {
		why = take_del(rest, change);
		if (!cut_word(rest, ">") || !change->del.p)
			return "not a substitution, del, ins, dup or delins";
		if (!why)
			why = take_ins(rest, change);
	}
	if (!why && rest->len)
		why = "not a substitution, del, ins, dup or delins of plain bases";
	return why;
}

int vx_hgvs_parse(struct vx_slice word, struct vx_change *change_ret, struct vidx_error *err)
{
	struct vx_change change = {0};
	struct vx_slice rest = word;
	const char *why;
	int is_range;
	char type = cut_type(&rest, &change.contig);

	if (!type)
		return VIDX_ABSENT;
	if (type != 'g' && type != 'm') {
		why = "only genomic descriptions (g. and m.) are understood";
	} else {
		why = cut_stretch(&rest, &change, &is_range);
		if (!why)
			why = take_change(&rest, &change, is_range);
	}
	if (why)
		return vx_fail(err, VIDX_EUSAGE, "'%.*s': HGVS: %s",
			       word.len < 100 ? (int)word.len : 100, word.p, why);
	*change_ret = change;
	return 0;
}
