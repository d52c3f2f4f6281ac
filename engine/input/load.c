/*
 * load: the parallel half of reading.  Inflates a unit and joins the record that straddles its
 * seam: the unit's last, unfinished record goes to its successor as soon as it is known, the
 * predecessor's comes in front of the unit's own text.
 */
#include "input/parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int vx_unit_new(struct vx_unit **unit_ret, struct vidx_error *err)
{
	struct vx_unit *unit = calloc(1, sizeof *unit);

	if (!unit)
		return vx_fail_nomem(err);
	vx_arena_init(&unit->arena);
	unit->status = VIDX_EUSAGE;
	unit->inflater = vx_inflater_new();
	if (!unit->inflater) {
		vx_unit_free(unit);
		return vx_fail_nomem(err);
	}
	*unit_ret = unit;
	return 0;
}

void vx_unit_free(struct vx_unit *unit)
{
	if (!unit)
		return;
	vx_unit_detach(unit);
	vx_inflater_free(unit->inflater);
	vx_buf_release(&unit->stored);
	vx_buf_release(&unit->text);
	vx_buf_release(&unit->joined);
	vx_info_scan_release(&unit->info_scan);
	vx_arena_release(&unit->arena);
	free(unit->value);
	free(unit->word);
	free(unit->alt);
	free(unit->wanted_of);
	free(unit->span_of);
	free(unit);
}

uint64_t vx_unit_number(const struct vx_unit *unit)
{
	return unit->number;
}

void vx_unit_detach(struct vx_unit *unit)
{
	if (unit->after)
		vx_seam_publish(unit->after, NULL, NULL, 1);
	if (unit->before)
		vx_seam_drop(unit->before);
	unit->after = unit->before = NULL;
}

int vx_unit_fault(const struct vx_unit *unit, const char *place, struct vidx_error *err,
		  const char *fmt, ...)
{
	char text[200], last[VX_PLACE_MAX];
	const char *after = "";
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (!place) {
		place = unit->place;
		if (unit->last_chrom.p) {
			vx_place_format(last, unit->last_chrom, unit->last_pos1);
			place = last;
		}
		after = place[0] ? "after " : "";
	}
	return vx_fail(err, VIDX_EBADINPUT, "%.200s: %s%s%s%s", unit->source->file.name, after,
		       place, place[0] ? ": " : "", text);
}

int vx_unit_room(struct vx_unit *unit, uint32_t n_wanted, uint32_t n_alts, struct vidx_error *err)
{
	if (n_wanted > unit->n_value_room) {
		free(unit->value);
		free(unit->word);
		unit->n_value_room = 0;
		unit->value = calloc(n_wanted, sizeof *unit->value);
		unit->word = calloc(n_wanted, sizeof *unit->word);
		if (!unit->value || !unit->word)
			return vx_fail_nomem(err);
		unit->n_value_room = n_wanted;
	}
	if (n_alts > unit->n_alt_room) {
		uint32_t room = n_alts < 64 ? 64 : n_alts;

		free(unit->alt);
		unit->n_alt_room = 0;
		unit->alt = malloc(room * sizeof *unit->alt);
		if (!unit->alt)
			return vx_fail_nomem(err);
		unit->n_alt_room = room;
	}
	return 0;
}

int vx_unit_inflate(struct vx_unit *unit, struct vidx_error *err)
{
	struct vx_bgzf_block block;
	size_t at = 0, len = unit->stored.len;

	if (vx_buf_reserve(&unit->text, unit->inflated_len + VX_INFLATE_ROOM) != 0 ||
	    vx_buf_reserve(&unit->stored, VX_INFLATE_ROOM) != 0)
		return vx_fail_nomem(err);
	/* source.c measured these blocks: the unit ends with a whole one. */
	for (; at < len && vx_bgzf_measure(unit->stored.p + at, len - at, &block) == 0;
	     at += block.size) {
		const char *fault = vx_inflate_block(unit->inflater, unit->stored.p + at, &block,
						     unit->text.p + unit->text.len);

		if (fault) {
			snprintf(unit->damage, sizeof unit->damage,
				 "the bgzf block at byte %llu of the file %s",
				 (unsigned long long)(unit->stored_at + at), fault);
			break;
		}
		unit->text.len += block.text_len;
	}
	return 0;
}

/* --- seams --- */

/* What scans read behind the end is theirs to read, and no remnant of other text. */
static int add_room(struct vx_buf *buf, struct vidx_error *err)
{
	if (vx_buf_reserve(buf, VX_SCAN_ROOM) != 0)
		return vx_fail_nomem(err);
	memset(buf->p + buf->len, 0, VX_SCAN_ROOM);
	return 0;
}

static int take_before(struct vx_unit *unit, struct vidx_error *err)
{
	int rc = vx_seam_take(unit->before, &unit->joined, unit->place);

	unit->before = NULL;
	if (rc != 0)
		return vx_unit_fault(unit, NULL, err, "the file is damaged before this part");
	return add_room(&unit->joined, err);
}

/* Hands on the unfinished record at p; the place is that of the last record before it. */
static int give_after(struct vx_unit *unit, const char *p, size_t len, const char *place,
		      struct vidx_error *err)
{
	struct vx_buf tail;

	vx_buf_init(&tail);
	/* The successor appends the end of the record: spare it a move. */
	if (vx_buf_reserve(&tail, len + len / 2 + 1024) != 0)
		return vx_fail_nomem(err);
	vx_buf_add(&tail, p, len);
	vx_seam_publish(unit->after, &tail, place, 0);
	unit->after = NULL;
	return 0;
}

/* Nonzero: the unfinished record at the unit's end belongs to a successor. */
static int hands_on(const struct vx_unit *unit)
{
	return !unit->is_last && !unit->damage[0];
}

static int append(struct vx_unit *unit, const void *p, size_t len, struct vidx_error *err)
{
	vx_buf_add(&unit->joined, p, len);
	return add_room(&unit->joined, err);
}

/* --- lines --- */

/* The place of the last whole line of the len bytes at p, which end with a newline. */
static int last_place(const char *p, size_t len, char place[VX_PLACE_MAX])
{
	const char *start = len > 1 ? memrchr(p, '\n', len - 1) : NULL;
	struct vx_slice chrom;
	uint64_t pos1;

	if (!start ||
	    !vx_line_place(vx_slice(start + 1, (size_t)(p + len - start - 1)), &chrom, &pos1))
		return 0;
	vx_place_format(place, chrom, pos1);
	return 1;
}

/*
 * All that is in joined now, the unit's own text included, with no newline in the latter (or at
 * all): an unfinished line goes on to the successor without being copied.
 */
static int split_joined(struct vx_unit *unit, struct vidx_error *err)
{
	char *p = (char *)unit->joined.p;
	size_t len = unit->joined.len;
	const char *nl = len ? memrchr(p, '\n', len) : NULL;
	size_t whole = nl ? (size_t)(nl + 1 - p) : 0;
	char place[VX_PLACE_MAX];

	if (len - whole > VX_LINE_MAX)
		return vx_line_fail_long(unit, vx_slice(p + whole, len - whole), err);
	if (unit->is_last)
		whole = len;
	unit->stretch[0].p = p;
	unit->stretch[0].end = p + whole;
	if (!hands_on(unit))
		return 0;
	memcpy(place, unit->place, sizeof place);
	if (whole) {
		last_place(p, whole, place);
		return give_after(unit, p + whole, len - whole, place, err);
	}
	vx_seam_publish(unit->after, &unit->joined, place, 0);
	unit->after = NULL;
	unit->stretch[0].p = unit->stretch[0].end = NULL;
	return 0;
}

static int join_lines(struct vx_unit *unit, struct vidx_error *err)
{
	const char *text = (const char *)unit->text.p, *nl;
	size_t len = unit->text.len, whole, head;
	char place[VX_PLACE_MAX];
	int rc;

	nl = len ? memrchr(text, '\n', len) : NULL;
	if (!nl) {
		rc = take_before(unit, err);
		if (rc == 0)
			rc = append(unit, text, len, err);
		return rc != 0 ? rc : split_joined(unit, err);
	}
	/* First give, then wait: so no unit waits for more than its predecessor's inflation. */
	whole = (size_t)(nl + 1 - text);
	if (hands_on(unit) && last_place(text, whole, place)) {
		rc = give_after(unit, text + whole, len - whole, place, err);
		if (rc != 0)
			return rc;
	}
	rc = take_before(unit, err);
	if (rc != 0)
		return rc;
	head = 0;
	if (unit->joined.len) {
		nl = memchr(text, '\n', len);
		head = (size_t)(nl + 1 - text);
		rc = append(unit, text, head, err);
		if (rc != 0)
			return rc;
	}
	unit->stretch[0].p = (const char *)unit->joined.p;
	unit->stretch[0].end = (const char *)unit->joined.p + unit->joined.len;
	unit->stretch[1].p = text + head;
	unit->stretch[1].end = text + (unit->is_last ? len : whole);
	if (!hands_on(unit) || !unit->after)
		return 0;
	/* The unit's only whole line begins before it. */
	memcpy(place, unit->place, sizeof place);
	if (!last_place((const char *)unit->joined.p, unit->joined.len, place) &&
	    unit->joined.len) {
		struct vx_slice chrom;
		uint64_t pos1;

		if (vx_line_place(vx_slice((const char *)unit->joined.p, unit->joined.len), &chrom,
				  &pos1))
			vx_place_format(place, chrom, pos1);
	}
	return give_after(unit, text + whole, len - whole, place, err);
}

/* --- BCF records --- */

/*
 * Walks from record to record.  *at is left behind the last whole one, *last_ret at its start
 * (unchanged when there is none).  Nonzero: what stands at *at is the start of no record.
 */
static int walk(const char *p, size_t len, size_t *at, const char **last_ret)
{
	for (;;) {
		size_t size = vx_bcf_size(p + *at, len - *at);

		if (size == SIZE_MAX)
			return 1;
		if (size == 0 || size > len - *at)
			return 0;
		*last_ret = p + *at;
		*at += size;
	}
}

/*
 * Completes the record that joined ends with, if it ends with a part of one.  *used_ret: bytes of
 * the unit's text that went into it.  *at: end of the whole records in joined.
 */
static int complete_record(struct vx_unit *unit, size_t *at, size_t *used_ret, const char **last,
			   int *broken_ret, struct vidx_error *err)
{
	*used_ret = 0;
	for (;;) {
		size_t left, size, need, rest = unit->text.len - *used_ret;
		int rc;

		*last = NULL; /* joined may move */
		*at = 0;
		*broken_ret = walk((const char *)unit->joined.p, unit->joined.len, at, last);
		left = unit->joined.len - *at;
		if (*broken_ret || left == 0 || rest == 0)
			return 0;
		size = vx_bcf_size((const char *)unit->joined.p + *at, left);
		need = size ? size - left : 8 - left;
		if (need > rest)
			need = rest;
		rc = append(unit, unit->text.p + *used_ret, need, err);
		if (rc != 0)
			return rc;
		*used_ret += need;
	}
}

static int join_records(struct vx_unit *unit, struct vidx_error *err)
{
	const char *text = (const char *)unit->text.p, *last = NULL, *rest;
	size_t joined_at, at, len = unit->text.len, n_rest;
	char place[VX_PLACE_MAX];
	struct vx_slice chrom;
	uint64_t pos1;
	int broken, rc = take_before(unit, err);

	if (rc == 0)
		rc = complete_record(unit, &joined_at, &at, &last, &broken, err);
	if (rc != 0)
		return rc;
	unit->stretch[0].p = (const char *)unit->joined.p;
	unit->stretch[0].end = (const char *)unit->joined.p + joined_at;
	unit->stretch[1].p = unit->stretch[1].end = text + at;
	rest = (const char *)unit->joined.p + joined_at;
	n_rest = unit->joined.len - joined_at;
	if (!broken && n_rest == 0) {
		broken = walk(text, len, &at, &last);
		unit->stretch[1].end = text + at;
		rest = text + at;
		n_rest = len - at;
	}
	if (broken || (n_rest && unit->is_last)) {
		/* What was found behind this place does not matter any more. */
		snprintf(unit->damage, sizeof unit->damage, "%s",
			 broken ? "the size of the next record is impossible"
				: "the last record is cut short");
		return 0;
	}
	if (!hands_on(unit))
		return 0;
	memcpy(place, unit->place, sizeof place);
	if (last && vx_bcf_place(&unit->source->header, last, 16, &chrom, &pos1))
		vx_place_format(place, chrom, pos1);
	if (n_rest && joined_at == 0 && rest == (const char *)unit->joined.p) {
		vx_seam_publish(unit->after, &unit->joined, place, 0);
		unit->after = NULL;
		unit->stretch[0].p = unit->stretch[0].end = NULL;
		return 0;
	}
	return give_after(unit, rest, n_rest, place, err);
}

/* --- a whole unit --- */

int vx_unit_load(struct vx_unit *unit, struct vidx_error *err)
{
	int rc = 0;

	if (unit->stored.len)
		rc = vx_unit_inflate(unit, err);
	if (rc == 0)
		rc = add_room(&unit->text, err);
	if (rc == 0)
		rc = unit->source->is_bcf ? join_records(unit, err) : join_lines(unit, err);
	vx_unit_detach(unit);
	unit->status = rc;
	return rc;
}

int vx_unit_next(struct vx_unit *unit, const struct vx_wanted *wanted, struct vx_record *record,
		 struct vidx_error *err)
{
	int rc;

	if (unit->status != 0)
		return vx_fail(err, unit->status, "%.200s: no records after a failure",
			       unit->source ? unit->source->file.name : "a unit");
	for (; unit->i_stretch < 2; unit->i_stretch++) {
		struct vx_stretch *stretch = &unit->stretch[unit->i_stretch];

		rc = unit->source->is_bcf ? vx_bcf_next(unit, stretch, wanted, record, err)
					  : vx_line_next(unit, stretch, wanted, record, err);
		if (rc < 0)
			unit->status = rc;
		if (rc != VIDX_END)
			return rc;
	}
	if (!unit->damage[0])
		return VIDX_END;
	unit->status = VIDX_EBADINPUT;
	return vx_unit_fault(unit, NULL, err, "%s", unit->damage);
}
