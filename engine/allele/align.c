#include "allele/align.h"

#include "base/text.h"

int vx_align_check(struct vx_reference_view *view, uint32_t seq, uint64_t pos0, struct vx_slice ref,
		   struct vidx_error *err)
{
	while (ref.len > 0) {
		int rc = vx_reference_look(view, seq, pos0, err);
		const char *base;
		size_t n;

		if (rc != 0)
			return rc == VIDX_END ? VIDX_ABSENT : rc;
		base = view->base + (pos0 - view->beg0);
		n = view->end0 - pos0 < ref.len ? (size_t)(view->end0 - pos0) : ref.len;
		for (size_t i = 0; i < n; i++)
			if (vx_upper(ref.p[i]) != base[i])
				return VIDX_ABSENT;
		pos0 += n;
		ref = vx_slice(ref.p + n, ref.len - n);
	}
	return 0;
}

/*
 * An indel as it is moved: one allele is a single base, the other longer.  Moving it one base to
 * the left takes the last base, common to both, off their ends and puts the base before them in
 * front.  Once the alleles begin with the same base, the others (the body) only turn in a circle:
 * a step takes the body's last base, which equals that first base, to its front.
 */
struct indel {
	struct vx_slice *longer, *shorter;
	uint64_t pos0;
	struct vx_slice body; /* as it was before the first turn */
	uint64_t n_turns;
	char first; /* the base that both begin with */
};

static char last(struct vx_slice text)
{
	return text.p[text.len - 1];
}

int vx_align_may_move(const struct vx_allele *allele)
{
	return !allele->symbolic && allele->ref.len != allele->alt.len &&
	       (allele->ref.len == 1 || allele->alt.len == 1) &&
	       last(allele->ref) == last(allele->alt) && allele->pos0 > 0;
}

/* The step onto a common first base, where the alleles have only the last in common. */
static int step_onto(struct indel *indel, struct vx_reference_view *view, uint32_t seq,
		     struct vidx_error *err)
{
	int rc = vx_reference_look(view, seq, indel->pos0 - 1, err);

	if (rc != 0)
		return rc;
	indel->pos0--;
	indel->first = view->base[indel->pos0 - view->beg0];
	indel->body = vx_slice(indel->longer->p, indel->longer->len - 1);
	return 0;
}

static int turn(struct indel *indel, struct vx_reference_view *view, uint32_t seq,
		struct vidx_error *err)
{
	size_t end = indel->body.len - 1; /* of the body, as it is turned by now */

	while (indel->pos0 > 0 && indel->body.p[end] == indel->first) {
		int rc = vx_reference_look(view, seq, indel->pos0 - 1, err);

		if (rc != 0)
			return rc;
		indel->pos0--;
		indel->first = view->base[indel->pos0 - view->beg0];
		end = end ? end - 1 : indel->body.len - 1;
		indel->n_turns++;
	}
	return 0;
}

/* Writes the moved alleles: the longer is the first base and the turned body. */
static int rewrite(struct indel *indel, struct vx_arena *arena)
{
	size_t len = indel->body.len, n = (size_t)(indel->n_turns % len);
	char *text = vx_arena_alloc(arena, len + 1);

	if (!text)
		return VIDX_ENOMEM;
	text[0] = indel->first;
	memcpy(text + 1, indel->body.p + len - n, n);
	memcpy(text + 1 + n, indel->body.p, len - n);
	*indel->longer = vx_slice(text, len + 1);
	*indel->shorter = vx_slice(text, 1);
	return 0;
}

int vx_align_allele(struct vx_reference_view *view, uint32_t seq, struct vx_arena *arena,
		    struct vx_allele *allele, struct vidx_error *err)
{
	struct indel indel = {.pos0 = allele->pos0};
	int is_insertion = allele->alt.len > allele->ref.len, rc = 0;

	if (!vx_align_may_move(allele))
		return 0;
	indel.longer = is_insertion ? &allele->alt : &allele->ref;
	indel.shorter = is_insertion ? &allele->ref : &allele->alt;
	indel.first = indel.shorter->p[0];
	indel.body = vx_slice(indel.longer->p + 1, indel.longer->len - 1);
	if (indel.longer->p[0] != indel.first)
		rc = step_onto(&indel, view, seq, err);
	if (rc == 0)
		rc = turn(&indel, view, seq, err);
	/* A checked REF lies within seq, and so does all before it. */
	if (rc != 0)
		return rc < 0 ? rc : vx_fail(err, VIDX_EUSAGE, "an allele beyond its contig");
	if (rewrite(&indel, arena) != 0)
		return vx_fail_nomem(err);
	allele->pos0 = indel.pos0;
	allele->end0 = indel.pos0 + allele->ref.len;
	return 0;
}
