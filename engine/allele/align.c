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

static char last(struct vx_slice text)
{
	return vx_upper(text.p[text.len - 1]);
}

int vx_align_may_move(const struct vx_allele *allele)
{
	return !allele->symbolic && allele->ref.len != allele->alt.len &&
	       (allele->ref.len == 1 || allele->alt.len == 1) &&
	       last(allele->ref) == last(allele->alt) && allele->pos0 > 0;
}

/*
 * An indel as it is moved: one allele is a single base, the other longer.  Moving it one base to
 * the left takes the last base, common to both, off their ends and puts the base before them in
 * front.  Once the alleles begin with the same base, the others (the body) only turn in a circle:
 * a step takes the body's last base, which equals that first base, to its front.
 */

/* The step onto a common first base, where the alleles have only the last in common. */
static int step_onto(struct vx_moved *moved, struct vx_slice longer, struct vx_reference_view *view,
		     uint32_t seq, struct vidx_error *err)
{
	int rc = vx_reference_look(view, seq, moved->pos0 - 1, err);

	if (rc != 0)
		return rc;
	moved->pos0--;
	moved->first = view->base[moved->pos0 - view->beg0];
	moved->body = vx_slice(longer.p, longer.len - 1);
	return 0;
}

static int turn(struct vx_moved *moved, struct vx_reference_view *view, uint32_t seq,
		struct vidx_error *err)
{
	size_t last_of = moved->body.len - 1,
	       end = last_of; /* of the body, as it is turned by now */

	while (moved->pos0 > 0 && vx_upper(moved->body.p[end]) == moved->first) {
		int rc = vx_reference_look(view, seq, moved->pos0 - 1, err);

		if (rc != 0)
			return rc;
		moved->pos0--;
		moved->first = view->base[moved->pos0 - view->beg0];
		end = end ? end - 1 : last_of;
	}
	moved->turn = last_of - end;
	return 0;
}

int vx_align_move(struct vx_reference_view *view, uint32_t seq, const struct vx_allele *allele,
		  struct vx_moved *moved, struct vidx_error *err)
{
	int is_insertion = allele->alt.len > allele->ref.len, rc = 0;
	struct vx_slice longer = is_insertion ? allele->alt : allele->ref;
	struct vx_slice shorter = is_insertion ? allele->ref : allele->alt;

	moved->pos0 = allele->pos0;
	moved->body = vx_slice(NULL, 0);
	if (!vx_align_may_move(allele))
		return 0;
	moved->is_insertion = is_insertion;
	moved->turn = 0;
	moved->first = vx_upper(shorter.p[0]);
	if (vx_upper(longer.p[0]) == moved->first)
		moved->body = vx_slice(longer.p + 1, longer.len - 1);
	else
		rc = step_onto(moved, longer, view, seq, err);
	if (rc == 0)
		rc = turn(moved, view, seq, err);
	/* A checked REF lies within seq, and so does all before it. */
	return rc <= 0 ? rc : vx_fail(err, VIDX_EUSAGE, "an allele beyond its contig");
}

int vx_align_allele(struct vx_reference_view *view, uint32_t seq, struct vx_arena *arena,
		    struct vx_allele *allele, struct vidx_error *err)
{
	struct vx_moved moved;
	int rc = vx_align_move(view, seq, allele, &moved, err);
	size_t len, stays;
	char *text;

	if (rc != 0 || moved.body.len == 0)
		return rc;
	len = moved.body.len;
	stays = len - moved.turn;
	text = vx_arena_alloc(arena, len + 1);
	if (!text)
		return vx_fail_nomem(err);
	text[0] = moved.first;
	memcpy(text + 1, moved.body.p + stays, moved.turn);
	memcpy(text + 1 + moved.turn, moved.body.p, stays);
	allele->ref = vx_slice(text, moved.is_insertion ? 1 : len + 1);
	allele->alt = vx_slice(text, moved.is_insertion ? len + 1 : 1);
	allele->pos0 = moved.pos0;
	allele->end0 = moved.pos0 + allele->ref.len;
	return 0;
}
