#include "allele/mate.h"

#include "base/pos.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

int vx_mate_is_junction(struct vx_slice alt)
{
	return alt.len >= 5 && (alt.p[4] == '>' || alt.p[4] == ':') &&
	       (memcmp(alt.p, "<BND", 4) == 0 || memcmp(alt.p, "<CTX", 4) == 0 ||
		memcmp(alt.p, "<TRA", 4) == 0);
}

struct vx_slice vx_mate_join(struct vx_slice alt, const struct vx_mate *mate,
			     struct vx_arena *arena)
{
	struct vx_slice strands = mate->strands.len ? mate->strands : vx_slice(".", 1);
	char pos1[24] = ".", *text, *end;
	size_t pos_len = 1;

	if (mate->pos1)
		pos_len = (size_t)snprintf(pos1, sizeof pos1, "%" PRIu64, mate->pos1);
	text = vx_arena_alloc(arena, alt.len + mate->contig.len + pos_len + strands.len + 3);
	if (!text)
		return vx_slice(NULL, 0);
	end = mempcpy(text, alt.p, alt.len);
	*end++ = '\t';
	end = mempcpy(end, mate->contig.p, mate->contig.len);
	*end++ = '\t';
	end = mempcpy(end, pos1, pos_len);
	*end++ = '\t';
	end = mempcpy(end, strands.p, strands.len);
	return vx_slice(text, (size_t)(end - text));
}

struct vx_slice vx_mate_split(struct vx_slice alt, struct vx_mate *mate_ret)
{
	const char *tab = alt.len && alt.p[0] == '<' ? memchr(alt.p, '\t', alt.len) : NULL;
	struct vx_mate mate = {.pos1 = 0};
	struct vx_slice rest, pos1;
	int good = 0;

	if (tab) {
		rest = vx_slice(tab + 1, alt.len - (size_t)(tab + 1 - alt.p));
		good = vx_split(&rest, '\t', &mate.contig) && vx_split(&rest, '\t', &pos1) &&
		       vx_split(&rest, '\t', &mate.strands) && mate.contig.len &&
		       (vx_slice_is(pos1, ".") || vx_parse_u64(pos1, VX_POS0_MAX, &mate.pos1));
	}
	if (vx_slice_is(mate.strands, "."))
		mate.strands.len = 0;
	if (mate_ret && good)
		*mate_ret = mate;
	else if (mate_ret)
		memset(mate_ret, 0, sizeof *mate_ret);
	return tab ? vx_slice(alt.p, (size_t)(tab - alt.p)) : alt;
}
