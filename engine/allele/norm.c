#include "allele/norm.h"

/* Upper case of the letters that a sequence may hold (IUPAC codes, N among them); 0: no base. */
static const char base_of[256] = {
	['A'] = 'A', ['C'] = 'C', ['G'] = 'G', ['T'] = 'T', ['N'] = 'N', ['R'] = 'R',
	['Y'] = 'Y', ['S'] = 'S', ['W'] = 'W', ['K'] = 'K', ['M'] = 'M', ['B'] = 'B',
	['D'] = 'D', ['H'] = 'H', ['V'] = 'V', ['a'] = 'A', ['c'] = 'C', ['g'] = 'G',
	['t'] = 'T', ['n'] = 'N', ['r'] = 'R', ['y'] = 'Y', ['s'] = 'S', ['w'] = 'W',
	['k'] = 'K', ['m'] = 'M', ['b'] = 'B', ['d'] = 'D', ['h'] = 'H', ['v'] = 'V',
};

static char upper_base(char c)
{
	return base_of[(unsigned char)c];
}

/* Nonzero if all of text are bases, at least one. */
static int is_sequence(struct vx_slice text)
{
	unsigned char all = 1;

	for (size_t i = 0; i < text.len; i++)
		all &= base_of[(unsigned char)text.p[i]] != 0;
	return all && text.len > 0;
}

/* *text in upper case: itself, or a copy in arena.  0 when memory is out. */
static int fold(struct vx_slice *text, struct vx_arena *arena)
{
	unsigned char lower = 0;
	char *copy;

	for (size_t i = 0; i < text->len; i++)
		lower |= (unsigned char)text->p[i];
	if (!(lower & 32))
		return 1;
	copy = vx_arena_alloc(arena, text->len);
	if (!copy)
		return 0;
	for (size_t i = 0; i < text->len; i++)
		copy[i] = upper_base(text->p[i]);
	text->p = copy;
	return 1;
}

static int same_base(char a, char b)
{
	return upper_base(a) == upper_base(b);
}

/* Takes off what REF and ALT have in common, end first, and leaves one base of each. */
static void trim(struct vx_slice *ref, struct vx_slice *alt, uint64_t *pos0)
{
	size_t n = 0, most;

	while (ref->len > 1 && alt->len > 1 &&
	       same_base(ref->p[ref->len - 1], alt->p[alt->len - 1])) {
		ref->len--;
		alt->len--;
	}
	most = (ref->len < alt->len ? ref->len : alt->len) - 1;
	while (n < most && same_base(ref->p[n], alt->p[n]))
		n++;
	ref->p += n;
	alt->p += n;
	ref->len -= n;
	alt->len -= n;
	*pos0 += n;
}

/* "<...>" with something inside, and no '<', '>', ',' or space there. */
static int is_symbol(struct vx_slice text)
{
	if (text.len < 3 || text.p[0] != '<' || text.p[text.len - 1] != '>')
		return 0;
	for (size_t i = 1; i < text.len - 1; i++)
		if ((unsigned char)text.p[i] <= ' ' || strchr("<>,\x7f", text.p[i]))
			return 0;
	return 1;
}

/*
 * A mate: bases, bracket, place, the same bracket, bases; bases on one side at least may be
 * missing, or '.' where the end is not known.
 */
static int is_breakend(struct vx_slice text)
{
	const char *end = text.p + text.len, *open = text.p, *close;

	while (open < end && *open != '[' && *open != ']')
		open++;
	if (open == end)
		return 0;
	close = memchr(open + 1, *open, (size_t)(end - open - 1));
	if (!close || close == open + 1)
		return 0;
	for (const char *p = open + 1; p < close; p++)
		if ((unsigned char)*p <= ' ' || *p == 127)
			return 0;
	for (const char *p = text.p; p < end; p++) {
		if (p == open)
			p = close;
		else if (!upper_base(*p) && *p != '.')
			return 0;
	}
	return 1;
}

/* ".A" or "A.": a breakend whose mate is not known.  "A<ctg>", "<ctg>A": an inserted contig. */
static int is_half_open(struct vx_slice text)
{
	const char *mark;

	if (text.len < 2)
		return 0;
	if (text.p[0] == '.')
		return is_sequence(vx_slice(text.p + 1, text.len - 1));
	if (text.p[text.len - 1] == '.')
		return is_sequence(vx_slice(text.p, text.len - 1));
	if (text.p[text.len - 1] == '>' && (mark = memchr(text.p, '<', text.len)))
		return is_sequence(vx_slice(text.p, (size_t)(mark - text.p))) &&
		       is_symbol(vx_slice(mark, text.len - (size_t)(mark - text.p)));
	if (text.p[0] == '<' && (mark = memchr(text.p, '>', text.len)))
		return is_sequence(vx_slice(mark + 1, text.len - (size_t)(mark + 1 - text.p))) &&
		       is_symbol(vx_slice(text.p, (size_t)(mark + 1 - text.p)));
	return 0;
}

/* Texts that are no allele of their own; VX_KEPT for all others. */
static enum vx_reason no_allele(struct vx_slice alt)
{
	if (vx_slice_is(alt, "."))
		return VX_NO_ALT;
	if (vx_slice_is(alt, "*") || vx_slice_is(alt, "<*:DEL>"))
		return VX_STAR;
	if (vx_slice_is(alt, "<*>") || vx_slice_is(alt, "<NON_REF>"))
		return VX_NON_REF;
	return VX_KEPT;
}

enum vx_reason vx_norm_view(uint64_t pos0, struct vx_slice ref, struct vx_slice alt,
			    struct vx_allele *out)
{
	enum vx_reason reason;

	out->svlen = 0;
	out->symbolic = 0;
	if (!is_sequence(alt)) {
		reason = no_allele(alt);
		if (reason != VX_KEPT)
			return reason;
		if (!is_symbol(alt) && !is_breakend(alt) && !is_half_open(alt))
			return VX_BAD_ALLELE;
		out->symbolic = 1;
	}
	if (!is_sequence(ref))
		return VX_BAD_ALLELE;
	if (!out->symbolic) {
		trim(&ref, &alt, &pos0);
		/* Equal alleles have shrunk to one base each. */
		if (ref.len == 1 && alt.len == 1 && same_base(ref.p[0], alt.p[0]))
			return VX_BAD_ALLELE;
	}
	out->pos0 = pos0;
	out->ref = ref;
	out->alt = alt;
	out->end0 = pos0 + ref.len;
	return VX_KEPT;
}

enum vx_reason vx_norm_allele(uint64_t pos0, struct vx_slice ref, struct vx_slice alt,
			      struct vx_arena *arena, struct vx_allele *out)
{
	enum vx_reason reason = vx_norm_view(pos0, ref, alt, out);

	if (reason != VX_KEPT)
		return reason;
	if (!out->symbolic && !fold(&out->alt, arena))
		return VX_N_REASONS;
	return fold(&out->ref, arena) ? VX_KEPT : VX_N_REASONS;
}

const char *vx_norm_base(char c)
{
	return &base_of[(unsigned char)c];
}
