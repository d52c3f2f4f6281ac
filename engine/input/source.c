#include "input/source.h"
#include "base/pos.h"
#include "input/parts.h"

#include <stdio.h>
#include <stdlib.h>

/* Stored bytes asked for at once: what was read too much is copied once more. */
#define READ_BYTES ((size_t)128 << 10)

static void damaged(struct vx_unit *unit, const char *what, uint64_t at)
{
	snprintf(unit->damage, sizeof unit->damage, "%s byte %llu of the file", what,
		 (unsigned long long)at);
}

/* --- filling: stored bytes into a unit, up to target bytes of text --- */

/* What the end of a BGZF file looks like: n bytes are left that are no whole block. */
static void end_blocks(struct vx_source *source, struct vx_unit *unit, size_t n, uint64_t at)
{
	source->ended = 1;
	if (n)
		damaged(unit, "the file is cut short, in the bgzf block at", at);
	else if (!source->after_end_block)
		damaged(unit, "the file is cut short: no bgzf end block at", at);
	else
		unit->is_last = 1;
}

static int fill_blocks(struct vx_source *source, struct vx_unit *unit, size_t target,
		       struct vidx_error *err)
{
	struct vx_buf *buf = &unit->stored;
	size_t at = 0;
	int rc = 0;

	unit->stored_at = source->carry_at;
	vx_buf_add(buf, source->carry.p, source->carry.len);
	if (buf->failed)
		return vx_fail_nomem(err);
	/* The second bound: blocks of no or next to no text. */
	while (unit->inflated_len < target && at < 2 * target + VX_BLOCK_BYTES) {
		struct vx_bgzf_block block;

		rc = at < buf->len ? vx_bgzf_measure(buf->p + at, buf->len - at, &block) : VIDX_END;
		if (rc < 0) {
			source->ended = 1;
			damaged(unit,
				source->after_end_block ? "something follows the bgzf end block, at"
							: "no bgzf block where one should be, at",
				unit->stored_at + at);
			break;
		}
		if (rc == VIDX_END && source->file.at_end) {
			end_blocks(source, unit, buf->len - at, unit->stored_at + at);
			break;
		}
		if (rc == VIDX_END) {
			rc = vx_file_read(&source->file, buf, READ_BYTES, err);
			if (rc != 0)
				return rc;
			continue;
		}
		at += block.size;
		unit->inflated_len += block.text_len;
		source->after_end_block = block.text_len == 0;
	}
	vx_buf_clear(&source->carry);
	if (!source->ended)
		vx_buf_add(&source->carry, buf->p + at, buf->len - at);
	source->carry_at += at;
	buf->len = at;
	return source->carry.failed ? vx_fail_nomem(err) : 0;
}

static int fill_gunzip(struct vx_source *source, struct vx_unit *unit, size_t target,
		       struct vidx_error *err)
{
	const char *fault = NULL;
	int rc = vx_gunzip_read(source->gunzip, &source->file, &source->carry, &unit->text, target,
				&fault, err);

	if (rc == VIDX_END)
		unit->is_last = 1;
	else if (fault)
		snprintf(unit->damage, sizeof unit->damage, "%s", fault);
	else
		return rc;
	source->ended = 1;
	return 0;
}

static int fill_plain(struct vx_source *source, struct vx_unit *unit, size_t target,
		      struct vidx_error *err)
{
	size_t want = unit->text.len + target;
	size_t n = source->carry.len < target ? source->carry.len : target;

	vx_buf_add(&unit->text, source->carry.p, n);
	memmove(source->carry.p, source->carry.p + n, source->carry.len - n);
	source->carry.len -= n;
	if (unit->text.failed)
		return vx_fail_nomem(err);
	while (unit->text.len < want && !source->file.at_end) {
		int rc = vx_file_read(&source->file, &unit->text, want - unit->text.len, err);

		if (rc != 0)
			return rc;
	}
	if (source->file.at_end && source->carry.len == 0)
		unit->is_last = source->ended = 1;
	return 0;
}

int vx_source_fill(struct vx_source *source, struct vx_unit *unit, size_t target,
		   struct vidx_error *err)
{
	if (source->container == VX_BGZF)
		return fill_blocks(source, unit, target, err);
	if (source->container == VX_GZIP)
		return fill_gunzip(source, unit, target, err);
	return fill_plain(source, unit, target, err);
}

/* Makes a used unit empty. */
static void unit_clear(struct vx_unit *unit, const struct vx_source *source)
{
	vx_unit_detach(unit);
	if (unit->source != source || source->n_units == 0) {
		free(unit->wanted_of);
		unit->wanted_of = NULL;
	}
	unit->source = source;
	unit->number = source->n_units;
	vx_buf_clear(&unit->stored);
	vx_buf_clear(&unit->text);
	vx_buf_clear(&unit->joined);
	unit->inflated_len = 0;
	unit->is_last = 0;
	unit->damage[0] = '\0';
	memset(unit->stretch, 0, sizeof unit->stretch);
	unit->i_stretch = 0;
	unit->status = VIDX_EUSAGE;
	unit->place[0] = '\0';
	unit->n_records = 0;
	unit->last_chrom = vx_slice(NULL, 0);
	unit->format = vx_slice(NULL, 0);
	vx_arena_reset(&unit->arena);
}

int vx_source_next(struct vx_source *source, struct vx_unit *unit, struct vidx_error *err)
{
	struct vx_seam *after;
	int rc = 0;

	if (!source->seam || source->first_status == VIDX_END)
		return VIDX_END;
	unit_clear(unit, source);
	if (source->ended) {
		/* All of the file was read for its header. */
		memcpy(unit->damage, source->damage, sizeof unit->damage);
		unit->is_last = !unit->damage[0];
	} else {
		rc = vx_source_fill(source, unit, source->unit_bytes, err);
		if (rc != 0)
			return rc;
	}
	after = source->ended ? NULL : vx_seam_new();
	if (!source->ended && !after)
		return vx_fail_nomem(err);
	unit->before = source->seam;
	unit->after = after;
	source->seam = after;
	source->n_units++;
	return 0;
}

void vx_source_close(struct vx_source *source)
{
	if (!source)
		return;
	if (source->seam)
		vx_seam_drop(source->seam);
	vx_gunzip_free(source->gunzip);
	vx_buf_release(&source->carry);
	vx_header_release(&source->header);
	vx_file_close(&source->file);
	free(source);
}

void vx_source_set_unit_bytes(struct vx_source *source, size_t n)
{
	source->unit_bytes = n;
}

const char *vx_source_path(const struct vx_source *source)
{
	return source->file.name;
}

const struct vx_header *vx_source_header(const struct vx_source *source)
{
	return &source->header;
}

uint64_t vx_source_size(const struct vx_source *source)
{
	return source->file.size ? source->file.size : vx_source_read_bytes(source);
}

uint64_t vx_source_read_bytes(const struct vx_source *source)
{
	return atomic_load_explicit(&source->file.n_read, memory_order_relaxed);
}

struct vx_hash128 vx_source_hash(const struct vx_source *source)
{
	return vx_hasher_final(source->file.hasher);
}

int vx_source_first(const struct vx_source *source, struct vx_slice *chrom_ret, uint64_t *pos1_ret)
{
	*chrom_ret = source->first_chrom;
	*pos1_ret = source->first_pos1;
	return source->first_status;
}
