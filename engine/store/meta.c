#include "store/meta.h"

#include "base/bytes.h"
#include "codec/block.h"
#include "store/metatrack.h"

/*
 * A value of `meta`: XXH3-64 of all bytes behind it u64 | version u32 | parts u32 | records.  A
 * record: tag u32, zero u32, length u64, that many bytes, zeros up to a multiple of 8.  The record
 * of tag 0 is the last; its bytes are zeros that fill the page.
 */
#define META_VERSION  1
#define META_HEADER   16
#define RECORD_HEADER 16

enum tag {
	TAG_END,
	TAG_TOTALS,
	TAG_TOOL,
	TAG_OPTIONS,
	TAG_COUNTS_FROM,
	TAG_CONTIGS,
	TAG_GROUPS,
	TAG_TALLY,
	TAG_CONTIG_VARIANTS,
	TAG_REACH,
	TAG_INPUTS,
	TAG_TRACK,
	TAG_KEEP,
	N_TAGS
};

/* Records that not every index has. */
#define TAGS_OPTIONAL (1u << TAG_TRACK | 1u << TAG_KEEP)

static const unsigned tags_of_part[] = {
	[VX_META_CORE] = 1u << TAG_TOTALS | 1u << TAG_TOOL | 1u << TAG_OPTIONS |
			 1u << TAG_COUNTS_FROM | 1u << TAG_CONTIGS | 1u << TAG_GROUPS |
			 1u << TAG_TALLY | 1u << TAG_CONTIG_VARIANTS | 1u << TAG_TRACK |
			 1u << TAG_KEEP,
	[VX_META_REACH] = 1u << TAG_REACH,
	[VX_META_INPUTS] = 1u << TAG_INPUTS,
};

static unsigned tags_of(unsigned parts)
{
	unsigned tags = 0;

	for (unsigned part = 1; part < VX_META_ALL; part <<= 1)
		if (parts & part)
			tags |= tags_of_part[part];
	return tags;
}

void vx_meta_init(struct vx_meta *meta)
{
	memset(meta, 0, sizeof *meta);
	vx_arena_init(&meta->arena);
	vx_groups_init(&meta->groups);
	vx_keep_init(&meta->keep);
}

void vx_meta_release(struct vx_meta *meta)
{
	vx_contigs_free(meta->contigs);
	vx_groups_release(&meta->groups);
	vx_keep_release(&meta->keep);
	vx_arena_release(&meta->arena);
	memset(meta, 0, sizeof *meta);
}

/* --- writing --- */

static void add_u32(struct vx_buf *out, uint32_t v)
{
	uint8_t bytes[4];

	vx_store32(bytes, v);
	vx_buf_add(out, bytes, sizeof bytes);
}

static void add_u64(struct vx_buf *out, uint64_t v)
{
	uint8_t bytes[8];

	vx_store64(bytes, v);
	vx_buf_add(out, bytes, sizeof bytes);
}

static void add_varint(struct vx_buf *out, uint64_t v)
{
	uint8_t bytes[10];

	vx_buf_add(out, bytes, vx_put_varint(bytes, v));
}

static void add_zeros(struct vx_buf *out, size_t n)
{
	if (vx_buf_reserve(out, n) == 0) {
		memset(out->p + out->len, 0, n);
		out->len += n;
	}
}

static size_t record_begin(struct vx_buf *out, enum tag tag)
{
	add_u32(out, tag);
	add_u32(out, 0);
	add_u64(out, 0);
	return out->len;
}

static void record_end(struct vx_buf *out, size_t begin)
{
	size_t len = out->len - begin;

	if (out->failed)
		return;
	vx_store64(out->p + begin - 8, len);
	add_zeros(out, -len & 7);
}

static void add_text(struct vx_buf *out, enum tag tag, struct vx_slice text)
{
	size_t begin = record_begin(out, tag);

	vx_buf_add(out, text.p, text.len);
	record_end(out, begin);
}

static void write_totals(const struct vx_meta *meta, struct vx_buf *out)
{
	size_t begin = record_begin(out, TAG_TOTALS);

	add_u32(out, meta->metrics);
	add_u32(out, meta->hash_bits);
	add_u64(out, meta->n_variants);
	add_u64(out, meta->n_blocks);
	add_u64(out, meta->content_digest.lo);
	add_u64(out, meta->content_digest.hi);
	add_u64(out, meta->disclosure_floor);
	record_end(out, begin);
}

static void write_tally(const struct vx_tally *tally, struct vx_buf *out)
{
	size_t begin = record_begin(out, TAG_TALLY);

	add_varint(out, VX_N_REASONS);
	add_varint(out, tally->n_records);
	add_varint(out, tally->n_indexed);
	add_varint(out, tally->n_nothing);
	add_varint(out, tally->n_alleles);
	add_varint(out, tally->n_alleles_indexed);
	for (int i = 0; i < VX_N_REASONS; i++) {
		add_varint(out, tally->rejected[i]);
		add_varint(out, tally->dropped[i]);
	}
	add_varint(out, tally->n_not_fitting);
	add_varint(out, tally->n_af_checked);
	add_varint(out, tally->n_af_differ);
	record_end(out, begin);
}

static void write_core(const struct vx_meta *meta, struct vx_buf *out)
{
	size_t begin;

	write_totals(meta, out);
	add_text(out, TAG_TOOL, meta->tool);
	add_text(out, TAG_OPTIONS, meta->options);
	add_text(out, TAG_COUNTS_FROM, meta->counts_from);
	begin = record_begin(out, TAG_CONTIGS);
	vx_contigs_write(meta->contigs, out);
	record_end(out, begin);
	begin = record_begin(out, TAG_GROUPS);
	vx_groups_write(&meta->groups, out);
	record_end(out, begin);
	write_tally(&meta->tally, out);
	begin = record_begin(out, TAG_CONTIG_VARIANTS);
	for (uint32_t i = 0; i < vx_contigs_count(meta->contigs); i++)
		add_varint(out, meta->contig_variants[i]);
	record_end(out, begin);
}

static void write_track(const struct vx_meta *meta, struct vx_buf *out)
{
	size_t begin = record_begin(out, TAG_TRACK);

	vx_metatrack_write(&meta->track, out);
	record_end(out, begin);
}

static void write_inputs(const struct vx_meta *meta, struct vx_buf *out)
{
	size_t begin = record_begin(out, TAG_INPUTS);

	add_varint(out, meta->n_sources);
	for (uint32_t i = 0; i < meta->n_sources; i++) {
		const struct vx_meta_source *source = &meta->sources[i];

		add_varint(out, source->name.len);
		vx_buf_add(out, source->name.p, source->name.len);
		add_u64(out, source->hash.lo);
		add_u64(out, source->hash.hi);
		add_varint(out, source->size);
		add_varint(out, source->n_records);
		add_varint(out, source->n_indexed);
		add_varint(out, source->n_nothing);
		add_varint(out, source->n_rejected);
	}
	record_end(out, begin);
}

static void write_keep(const struct vx_meta *meta, struct vx_buf *out)
{
	size_t begin = record_begin(out, TAG_KEEP);

	add_varint(out, meta->tally.n_not_kept);
	vx_keep_write(&meta->keep, out);
	record_end(out, begin);
}

void vx_meta_write_parts(const struct vx_meta *meta, unsigned parts, struct vx_buf *out)
{
	size_t begin = out->len, end;

	add_u64(out, 0);
	add_u32(out, META_VERSION);
	add_u32(out, parts);
	if (parts & VX_META_CORE)
		write_core(meta, out);
	if (parts & VX_META_REACH) {
		size_t reach = record_begin(out, TAG_REACH);

		for (uint64_t i = 0; i < meta->n_blocks; i++)
			add_u64(out, meta->reach[i]);
		record_end(out, reach);
	}
	if (parts & VX_META_INPUTS)
		write_inputs(meta, out);
	if (parts & VX_META_CORE && meta->track.present)
		write_track(meta, out);
	if (parts & VX_META_CORE && meta->keep.n)
		write_keep(meta, out);
	end = record_begin(out, TAG_END);
	add_zeros(out, -(out->len - begin + VX_PAGE_HEADER) & (VX_PAGE - 1));
	record_end(out, end);
	if (!out->failed)
		vx_store64(out->p + begin, vx_hash64(out->p + begin + 8, out->len - begin - 8));
}

void vx_meta_write(const struct vx_meta *meta, struct vx_buf *out)
{
	vx_meta_write_parts(meta, VX_META_ALL, out);
}

/* --- reading --- */

static int bad(struct vidx_error *err, const char *what)
{
	return vx_fail(err, VIDX_EBADINDEX, "damaged description: %s", what);
}

static int read_text(struct vx_meta *meta, struct vx_cursor *c, struct vx_slice *text,
		     struct vidx_error *err)
{
	size_t len = vx_cursor_left(c);
	char *copy = vx_arena_copy(&meta->arena, vx_cursor_take(c, len), len);

	if (!copy)
		return vx_fail_nomem(err);
	*text = vx_slice(copy, len);
	return 0;
}

static int read_totals(struct vx_meta *meta, struct vx_cursor *c, struct vidx_error *err)
{
	meta->metrics = vx_cursor_u32(c);
	meta->hash_bits = vx_cursor_u32(c);
	meta->n_variants = vx_cursor_u64(c);
	meta->n_blocks = vx_cursor_u64(c);
	meta->content_digest.lo = vx_cursor_u64(c);
	meta->content_digest.hi = vx_cursor_u64(c);
	meta->disclosure_floor = vx_cursor_u64(c);
	if (meta->metrics == 0 || meta->metrics >> VIDX_N_METRICS)
		return bad(err, "metrics");
	if (meta->hash_bits == 0 || meta->hash_bits > 64)
		return bad(err, "width of hashes");
	if (meta->n_blocks > meta->n_variants || (meta->n_blocks == 0) != (meta->n_variants == 0))
		return bad(err, "blocks and variants");
	return 0;
}

static int read_tally(struct vx_tally *tally, struct vx_cursor *c, struct vidx_error *err)
{
	uint64_t n_reasons = vx_cursor_varint(c);

	if (n_reasons > VX_N_REASONS)
		return vx_fail(
			err, VIDX_EVERSION,
			"made by a newer vidx: it knows other reasons for rejecting a record");
	tally->n_records = vx_cursor_varint(c);
	tally->n_indexed = vx_cursor_varint(c);
	tally->n_nothing = vx_cursor_varint(c);
	tally->n_alleles = vx_cursor_varint(c);
	tally->n_alleles_indexed = vx_cursor_varint(c);
	for (uint64_t i = 0; i < n_reasons; i++) {
		tally->rejected[i] = vx_cursor_varint(c);
		tally->dropped[i] = vx_cursor_varint(c);
	}
	tally->n_not_fitting = vx_cursor_varint(c);
	tally->n_af_checked = vx_cursor_varint(c);
	tally->n_af_differ = vx_cursor_varint(c);
	return 0;
}

static int read_inputs(struct vx_meta *meta, struct vx_cursor *c, struct vidx_error *err)
{
	enum { LEAST = 22 }; /* bytes of an input with an empty name */
	uint64_t n = vx_cursor_varint(c);

	if (n > vx_cursor_left(c) / LEAST || n > UINT32_MAX)
		return bad(err, "number of inputs");
	meta->sources = vx_arena_alloc(&meta->arena, n * sizeof *meta->sources);
	if (!meta->sources)
		return vx_fail_nomem(err);
	for (uint64_t i = 0; i < n && !c->bad; i++) {
		struct vx_meta_source *source = &meta->sources[i];
		size_t len = vx_cursor_varint(c);
		const uint8_t *name = vx_cursor_take(c, len);
		char *copy = vx_arena_copy(&meta->arena, name, name ? len : 0);

		if (!copy)
			return vx_fail_nomem(err);
		source->name = vx_slice(copy, name ? len : 0);
		source->hash.lo = vx_cursor_u64(c);
		source->hash.hi = vx_cursor_u64(c);
		source->size = vx_cursor_varint(c);
		source->n_records = vx_cursor_varint(c);
		source->n_indexed = vx_cursor_varint(c);
		source->n_nothing = vx_cursor_varint(c);
		source->n_rejected = vx_cursor_varint(c);
	}
	meta->n_sources = (uint32_t)n;
	return 0;
}

static int read_contig_variants(struct vx_meta *meta, struct vx_cursor *c, struct vidx_error *err)
{
	uint32_t n = meta->contigs ? vx_contigs_count(meta->contigs) : 0;
	uint64_t left = meta->n_variants;

	if (n > vx_cursor_left(c))
		return bad(err, "variants of contigs");
	meta->contig_variants = vx_arena_alloc(&meta->arena, n * sizeof *meta->contig_variants);
	if (!meta->contig_variants)
		return vx_fail_nomem(err);
	for (uint32_t i = 0; i < n; i++) {
		meta->contig_variants[i] = vx_cursor_varint(c);
		if (meta->contig_variants[i] > left)
			return bad(err, "variants of contigs");
		left -= meta->contig_variants[i];
	}
	return left ? bad(err, "variants of contigs") : 0;
}

static int read_reach(struct vx_meta *meta, struct vx_cursor *c, struct vidx_error *err)
{
	size_t len = vx_cursor_left(c);

	if (len % 8 || meta->n_blocks != len / 8)
		return bad(err, "reach of blocks");
	meta->reach = vx_arena_alloc(&meta->arena, len);
	if (!meta->reach)
		return vx_fail_nomem(err);
	if (len)
		memcpy(meta->reach, vx_cursor_take(c, len), len);
	return 0;
}

static int read_record(struct vx_meta *meta, uint32_t tag, struct vx_cursor *c,
		       struct vidx_error *err)
{
	size_t len = vx_cursor_left(c);

	switch (tag) {
	case TAG_TOTALS:
		return read_totals(meta, c, err);
	case TAG_TOOL:
		return read_text(meta, c, &meta->tool, err);
	case TAG_OPTIONS:
		return read_text(meta, c, &meta->options, err);
	case TAG_COUNTS_FROM:
		return read_text(meta, c, &meta->counts_from, err);
	case TAG_CONTIGS:
		return vx_contigs_read(vx_cursor_take(c, len), len, &meta->contigs, err);
	case TAG_GROUPS:
		return vx_groups_read(&meta->groups, vx_cursor_take(c, len), len, err);
	case TAG_TALLY:
		return read_tally(&meta->tally, c, err);
	case TAG_CONTIG_VARIANTS:
		return read_contig_variants(meta, c, err);
	case TAG_REACH:
		return read_reach(meta, c, err);
	case TAG_INPUTS:
		return read_inputs(meta, c, err);
	case TAG_TRACK:
		return vx_metatrack_read(meta, c, err);
	case TAG_KEEP:
		meta->tally.n_not_kept = vx_cursor_varint(c);
		len = vx_cursor_left(c);
		return vx_keep_read(&meta->keep, vx_cursor_take(c, len), len, err);
	}
	return 0;
}

/* The next record into *tag_ret and *bytes_ret; past its padding. */
static int next_record(struct vx_cursor *c, uint32_t *tag_ret, struct vx_cursor *bytes_ret)
{
	uint64_t len;
	const uint8_t *p;

	*tag_ret = vx_cursor_u32(c);
	if (vx_cursor_u32(c) != 0)
		return -1;
	len = vx_cursor_u64(c);
	if (len > SIZE_MAX - 7)
		return -1;
	p = vx_cursor_take(c, len);
	vx_cursor_take(c, -len & 7);
	if (c->bad)
		return -1;
	*bytes_ret = vx_cursor(p, len);
	return 0;
}

int vx_meta_read_parts(struct vx_meta *meta, unsigned parts, const void *p, size_t len,
		       struct vidx_error *err)
{
	struct vx_cursor c = vx_cursor(p, len), bytes;
	uint64_t hash = vx_cursor_u64(&c);
	uint32_t version = vx_cursor_u32(&c), has = vx_cursor_u32(&c), tag;
	unsigned wanted = tags_of(parts), seen = 0;
	uint32_t last = TAG_END;
	int rc;

	if (c.bad)
		return bad(err, "too short");
	if (hash != vx_hash64((const uint8_t *)p + 8, len - 8))
		return bad(err, "its hash is another");
	if (version != META_VERSION)
		return vx_fail(err, VIDX_EVERSION, "a description of version %u, not %d", version,
			       META_VERSION);
	if ((has & parts) != parts)
		return bad(err, "a part is missing");
	for (;;) {
		if (next_record(&c, &tag, &bytes) != 0)
			return bad(err, "its records do not fit");
		if (tag == TAG_END)
			break;
		if (tag >= N_TAGS || !(wanted >> tag & 1))
			continue;
		/* Rising, so that a record finds what it is checked against. */
		if (tag <= last)
			return bad(err, "a record out of order");
		last = tag;
		seen |= 1u << tag;
		rc = read_record(meta, tag, &bytes, err);
		if (rc < 0)
			return rc;
		/* Bytes left over belong to a later version of the record. */
		if (bytes.bad)
			return bad(err, "a record is too short");
	}
	if (vx_cursor_left(&c))
		return bad(err, "bytes behind its end");
	return (seen | (wanted & TAGS_OPTIONAL)) == wanted ? 0 : bad(err, "a record is missing");
}

int vx_meta_read(struct vx_meta *meta, const void *p, size_t len, struct vidx_error *err)
{
	return vx_meta_read_parts(meta, VX_META_ALL, p, len, err);
}
