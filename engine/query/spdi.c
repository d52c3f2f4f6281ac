#include "query/spdi.h"

#include "base/pos.h"
#include "base/status.h"
#include "base/text.h"

/* NC_000001.11, CM000663.2: letters, digits, a dot, digits. */
static int is_accession(struct vx_slice text)
{
	size_t i = 0, beg;

	while (i < text.len && text.p[i] >= 'A' && text.p[i] <= 'Z')
		i++;
	if (i != 2)
		return 0;
	if (i < text.len && text.p[i] == '_')
		i++;
	else if (text.p[0] != 'C' || text.p[1] != 'M')
		return 0;
	for (beg = i; i < text.len && vx_is_digit(text.p[i]);)
		i++;
	if (i == beg || i == text.len || text.p[i] != '.')
		return 0;
	for (beg = ++i; i < text.len && vx_is_digit(text.p[i]);)
		i++;
	return i > beg && i == text.len;
}

static int is_letters_or_empty(struct vx_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!vx_is_alpha(text.p[i]))
			return 0;
	return 1;
}

static int fault(struct vx_slice word, const char *why, struct vidx_error *err)
{
	return vx_fail(err, VIDX_EUSAGE, "'%.*s': SPDI: %s", word.len < 100 ? (int)word.len : 100,
		       word.p, why);
}

int vx_spdi_parse(struct vx_slice word, struct vx_change *change_ret, struct vidx_error *err)
{
	struct vx_change change = {0};
	struct vx_slice field[5], rest = word;
	uint64_t len;
	int n = 0;

	while (n < 5 && vx_split(&rest, ':', &field[n]))
		n++;
	if (n != 4 || !is_accession(field[0]))
		return VIDX_ABSENT;
	if (!vx_parse_u64(field[1], VX_POS0_MAX, &change.beg0))
		return fault(word, "the position is not a number", err);
	if (is_letters_or_empty(field[2])) {
		len = field[2].len;
		change.del = field[2];
	} else if (!vx_parse_u64(field[2], VX_POS0_MAX, &len)) {
		return fault(word, "the deletion is neither a sequence nor a length", err);
	}
	if (!is_letters_or_empty(field[3]))
		return fault(word, "the insertion is not a sequence", err);
	if (len == 0 && field[3].len == 0)
		return fault(word, "nothing is deleted or inserted", err);
	if (len > VX_POS0_MAX - change.beg0)
		return fault(word, "the deletion ends beyond any contig", err);
	change.contig = field[0];
	change.end0 = change.beg0 + len;
	change.ins = field[3];
	*change_ret = change;
	return 0;
}
