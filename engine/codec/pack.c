/* Packing: rows -> the bytes of one block that fills whole pages. */
#include "codec/pack.h"

#include "base/pos.h"
#include "base/status.h"

#include <stdlib.h>

/*
 * Pages of a standard block, 4 KiB each.  Measured from 4 to 32 on 1, 9 and 27 groups: the size
 * differs by less than 1 %, lookups by less than the noise.  8 keep header and table of a block
 * within its first page, so that a cold lookup reads two, and need half the directory of 4.
 * Where the leaves' parameters are long, blocks grow until those are about 1/16 of them.
 */
#define PAGES         8
#define LEAVES_A_PAGE 32
/* Rows encoded for their size before the block is begun. */
#define SAMPLE 128

/* How many times longer kept INFO makes a block at most. */
#define EXT_TIMES 3

/* AN references are used where they save more than 1/REFS_PAY of the cells. */
#define REFS_PAY 16

int vx_packer_new(const struct vx_shape *shape, unsigned hash_bits, struct vx_packer **packer_ret,
		  struct vidx_error *err)
{
	struct vx_packer *p = calloc(1, sizeof(*p));

	if (!p)
		return vx_fail_nomem(err);
	p->shape = *shape;
	vx_plan_make(&p->plan, shape->groups);
	p->shape.plan = &p->plan;
	p->hash_bits = hash_bits;
	p->max_row = vx_counts_max_bytes(shape) + 32;
	p->bits = malloc(p->max_row * (VX_CELL_MAX + VX_REFS_MAX));
	if (!p->bits || vx_survey_init(&p->survey, &p->shape, &p->plan) != 0 ||
	    vx_counts_writer_init(&p->writer, &p->shape, &p->plan) != 0 ||
	    (shape->keep && vx_ext_new(shape->keep, &p->ext) != 0)) {
		vx_packer_free(p);
		return vx_fail_nomem(err);
	}
	*packer_ret = p;
	return 0;
}

void vx_packer_free(struct vx_packer *p)
{
	if (!p)
		return;
	vx_survey_release(&p->survey);
	vx_counts_writer_release(&p->writer);
	vx_buf_release(&p->table);
	vx_buf_release(&p->cells);
	vx_buf_release(&p->out);
	vx_buf_release(&p->ext_bytes);
	vx_ext_free(p->ext);
	free(p->bits);
	free(p);
}

/* --- the block --- */

static uint64_t fixed_bytes(const struct vx_packer *p)
{
	const struct vx_survey *s = &p->survey;

	return VX_HEADER + s->leaf.len + s->mask.len + s->filters.len +
	       s->counts.n_patterns * vx_counts_pattern_bytes(&p->shape) + VX_BLOCK_TAIL;
}

/* Bytes of a block with these cells, that table and a mark's other parts. */
static uint64_t block_bytes(const struct vx_packer *p, uint64_t cells, uint64_t n_cells,
			    const struct vx_mark *m, uint64_t n_rows)
{
	return fixed_bytes(p) + (m->n_runs > 1 ? (uint64_t)m->n_runs * VX_RUN_BYTES : 0) +
	       n_cells * (cells > UINT16_MAX ? 8 : 6) + cells + m->heap +
	       (uint64_t)m->n_far * VX_FAR_BYTES + vx_id_range_bytes(&m->ids, n_rows) +
	       (p->ext ? vx_ext_bound(p->ext, (uint32_t)n_rows) : 0);
}

/*
 * Encodes rows until one no longer fits into cap bytes (a first row always fits) or n are in.
 * Returns the number of rows; p->mark[0] is the mark of all of them.
 */
static uint32_t fill(struct vx_packer *p, const struct vx_row *const *rows, uint32_t n,
		     uint64_t cap, int *full_ret)
{
	uint32_t taken = 0, size = 1u << p->cell_log2;

	vx_buf_clear(&p->table);
	vx_buf_clear(&p->cells);
	memset(&p->mark[0], 0, sizeof(p->mark[0]));
	*full_ret = 0;
	while (taken < n && !*full_ret) {
		uint32_t want = n - taken < size ? n - taken : size, got;

		got = vx_cell_encode(p, rows + taken, want, p->survey.filter + taken);
		*full_ret = got < want;
		for (; got > 0; got--, *full_ret = 1) {
			uint64_t cells = p->cells.len + vx_cell_bytes(p, got);

			if (taken + got == 1 || block_bytes(p, cells, p->table.len / 8 + 1,
							    &p->mark[got], taken + got) <= cap)
				break;
		}
		if (got == 0)
			break;
		vx_cell_add(p, got);
		taken += got;
		p->mark[0] = p->mark[got];
	}
	return taken;
}

static unsigned heap_bits_of(const struct vx_row *const *rows, uint32_t *n, uint64_t cap)
{
	struct vx_alt alt;
	uint64_t heap = 0;

	for (uint32_t i = 0; i < *n; i++) {
		/* Rows lie anywhere in memory, and this is the first walk over them. */
		if (i + 8 < *n)
			__builtin_prefetch(rows[i + 8]);
		vx_alt_encode(&alt, rows[i]);
		if (alt.code != VX_ALT_HEAP)
			continue;
		heap += vx_alt_heap_size(rows[i]);
		/* Rows behind this one cannot be in the block any more. */
		if (heap > cap) {
			*n = i + 1;
			break;
		}
	}
	return vx_bit_len(heap);
}

static int prepare(struct vx_packer *p, const struct vx_row *const *rows, uint32_t *n, uint64_t cap,
		   struct vidx_error *err)
{
	int rc;

	if (p->ext)
		*n = vx_ext_limit(p->ext, rows, *n);
	p->heap_bits = heap_bits_of(rows, n, cap);
	rc = vx_survey_run(&p->survey, rows, *n, err);
	if (rc == 0)
		p->writer.counts = p->survey.counts;
	if (rc == 0 && p->ext && vx_ext_survey(p->ext, rows, *n) != 0)
		rc = vx_fail_nomem(err);
	return rc;
}

/*
 * Settles what is a matter of taste from the first rows: cell size, stride, and whether cells have
 * AN references, which cost time and pay only where neighbours miss the same people.  Returns how
 * many rows may fill a block.
 */
static uint32_t settle_cells(struct vx_packer *p, const struct vx_row *const *rows, uint32_t n,
			     uint64_t cap)
{
	uint64_t bytes, each;
	uint32_t taken;
	int full;

	p->cell_log2 = VX_CELL_MIN_LOG2;
	p->stride_log2 = 0;
	p->writer.max_refs = 0;
	taken = fill(p, rows, n, cap, &full);
	bytes = p->cells.len;
	if (vx_shape_slot(&p->shape, VIDX_AN) >= 0) {
		p->writer.max_refs = VX_REFS_MAX;
		taken = fill(p, rows, n, cap, &full);
		if (p->cells.len > bytes - bytes / REFS_PAY) {
			p->writer.max_refs = 0;
			taken = fill(p, rows, n, cap, &full);
		}
	}
	bytes = p->cells.len;
	p->cell_log2 = bytes < 10 * (uint64_t)taken ? 5 : 4;
	p->stride_log2 = p->plan.n_leaf > 1 ? 0 : 2;
	/* In sixteenths of a byte; larger cells are up to a byte a row smaller. */
	each = block_bytes(p, bytes, p->table.len / 8, &p->mark[0], taken) - fixed_bytes(p);
	each = each * 16 / (taken ? taken : 1);
	each = each - (p->cell_log2 > 4 ? 12 : 0);
	return (uint32_t)(cap * 18 / (each > 16 ? each : 16)) + 64;
}

/* Bytes of the block as it stands. */
static uint64_t filled(const struct vx_packer *p, uint32_t n_rows)
{
	return block_bytes(p, p->cells.len, p->table.len / 8, &p->mark[0], n_rows);
}

/*
 * Kept INFO that is long makes blocks longer, up to fourfold, so that they have enough rows to
 * share words; lookups do not touch it.
 */
static uint64_t ext_cap(struct vx_packer *p, const struct vx_row *const *rows, uint32_t n,
			uint64_t cap)
{
	uint64_t ext, all, times;
	uint32_t taken;
	int full;

	p->cell_log2 = VX_CELL_MIN_LOG2;
	p->stride_log2 = 0;
	p->writer.max_refs = 0;
	taken = fill(p, rows, n, UINT32_MAX, &full);
	ext = vx_ext_bound(p->ext, taken);
	all = filled(p, taken) - fixed_bytes(p);
	times = all > ext ? ext / (all - ext) : EXT_TIMES;
	return (cap + VX_PAGE_HEADER) * (1 + (times < EXT_TIMES ? times : EXT_TIMES)) -
	       VX_PAGE_HEADER;
}

static void put_header(struct vx_packer *p, const struct vx_row *first, uint32_t n, uint8_t *h)
{
	const struct vx_counts *c = &p->survey.counts;

	vx_store32(h + VX_H_MAGIC, VX_BLOCK_MAGIC);
	vx_store32(h + VX_H_N_ROWS, n);
	vx_store64(h + VX_H_FIRST_LOCUS, first->locus);
	vx_store64(h + VX_H_MAX_END, p->max_end);
	vx_store32(h + VX_H_LAST, (uint32_t)p->mark[0].pos);
	vx_store32(h + VX_H_FLAGS, c->flags);
	h[VX_H_CELL_LOG2] = (uint8_t)p->cell_log2;
	h[VX_H_STRIDE_LOG2] = (uint8_t)p->stride_log2;
	h[VX_H_HEAP_BITS] = (uint8_t)p->heap_bits;
	h[VX_H_ID_BITS] = (uint8_t)vx_id_range_bits(&p->mark[0].ids);
	h[VX_H_FILTER_BITS] = (uint8_t)vx_survey_filter_bits(&p->survey);
	h[VX_H_PRESENCE_BITS] = (uint8_t)c->presence_bits;
	h[VX_H_N_PATTERNS] = (uint8_t)c->n_patterns;
	h[VX_H_AN_K] = (uint8_t)c->an_k;
	vx_store32(h + VX_H_N_ID_TEXTS, p->mark[0].ids.n_texts);
	vx_store64(h + VX_H_ID_MIN, p->mark[0].ids.min);
}

static void add_table(struct vx_packer *p, unsigned entry_bytes)
{
	for (size_t i = 0; i < p->table.len; i += 8)
		vx_buf_add(&p->out, p->table.p + i, entry_bytes);
}

static void add_runs(struct vx_packer *p, const struct vx_row *const *rows, uint32_t n)
{
	struct vx_mark m;
	uint8_t b[VX_RUN_BYTES];
	uint32_t n_runs = 0;

	memset(&m, 0, sizeof(m));
	for (uint32_t i = 0; i < n && p->mark[0].n_runs > 1; i++) {
		vx_mark_add(&m, rows[i], 0);
		if (m.n_runs == n_runs)
			continue;
		n_runs = m.n_runs;
		vx_store64(b, m.run_locus);
		vx_store32(b + 8, (uint32_t)m.run_pos);
		vx_buf_add(&p->out, b, sizeof(b));
	}
}

static void add_heap(struct vx_packer *p, const struct vx_row *const *rows, uint32_t n)
{
	struct vx_alt alt;

	if (vx_buf_reserve(&p->out, p->mark[0].heap) != 0)
		return;
	for (uint32_t i = 0; i < n && p->mark[0].heap; i++) {
		vx_alt_encode(&alt, rows[i]);
		if (alt.code == VX_ALT_HEAP)
			p->out.len += vx_alt_heap_write(p->out.p + p->out.len, rows[i]);
	}
}

static void add_far(struct vx_packer *p, const struct vx_row *const *rows, uint32_t n)
{
	uint8_t b[VX_FAR_BYTES];
	uint64_t end;

	p->max_end = 0;
	for (uint32_t i = 0; i < n && p->mark[0].n_far; i++) {
		if (!vx_mark_is_far(rows[i], &end))
			continue;
		p->max_end = end > p->max_end ? end : p->max_end;
		vx_store64(b, end);
		vx_store32(b + 8, i);
		vx_buf_add(&p->out, b, sizeof(b));
	}
}

/* Joins the parts in p->out and pads to whole pages. */
static int finish(struct vx_packer *p, const struct vx_row *const *rows, uint32_t n,
		  struct vidx_error *err)
{
	const struct vx_survey *s = &p->survey;
	unsigned entry_bytes = p->cells.len > UINT16_MAX ? 8 : 6;
	struct vx_buf *out = &p->out;
	uint64_t bytes = filled(p, n), pages;
	uint32_t off[8];

	if (p->ext) {
		if (vx_ext_write(p->ext, n, &p->ext_bytes) != 0)
			return vx_fail_nomem(err);
		bytes = bytes - vx_ext_bound(p->ext, n) + p->ext_bytes.len;
	}
	pages = (bytes + VX_PAGE_HEADER + VX_PAGE - 1) / VX_PAGE;
	bytes = pages * VX_PAGE - VX_PAGE_HEADER;
	if (bytes > UINT32_MAX)
		return vx_fail(err, VIDX_EUSAGE, "an allele is too long for one block");
	vx_buf_clear(out);
	if (vx_buf_reserve(out, bytes + VX_BLOCK_TAIL) != 0)
		return vx_fail_nomem(err);
	memset(out->p, 0, VX_HEADER);
	out->len = VX_HEADER;
	add_table(p, entry_bytes);
	off[0] = (uint32_t)out->len;
	vx_buf_add(out, s->leaf.p, s->leaf.len);
	vx_buf_add(out, s->mask.p, s->mask.len);
	vx_buf_add(out, s->pattern.p, s->counts.n_patterns * vx_counts_pattern_bytes(&p->shape));
	off[1] = (uint32_t)out->len;
	vx_buf_add(out, s->filters.p, s->filters.len);
	off[2] = (uint32_t)out->len;
	add_runs(p, rows, n);
	off[3] = (uint32_t)out->len;
	vx_buf_add(out, p->cells.p, p->cells.len);
	off[4] = (uint32_t)out->len;
	add_heap(p, rows, n);
	off[5] = (uint32_t)out->len;
	add_far(p, rows, n);
	off[6] = (uint32_t)out->len;
	if (vx_ids_write(out, rows, n, &p->mark[0].ids) != 0)
		return vx_fail_nomem(err);
	off[7] = (uint32_t)out->len;
	vx_buf_add(out, p->ext_bytes.p, p->ext_bytes.len);
	if (out->failed || p->cells.failed || p->table.failed)
		return vx_fail_nomem(err);
	put_header(p, rows[0], n, out->p);
	out->p[VX_H_ENTRY_BYTES] = (uint8_t)entry_bytes;
	for (int i = 0; i < 8; i++)
		vx_store32(out->p + VX_H_OFF_LEAF + 4 * i, off[i]);
	memset(out->p + out->len, 0, bytes - out->len);
	out->len = bytes;
	vx_store64(out->p + VX_H_HASH, vx_hash64(out->p + VX_H_HASHED, out->len - VX_H_HASHED));
	return 0;
}

void vx_pack_begin(struct vx_packer *p)
{
	p->guess = 0;
}

int vx_pack(struct vx_packer *p, const struct vx_row *const *rows, size_t n,
	    struct vx_slice *bytes_ret, size_t *taken_ret, struct vidx_error *err)
{
	uint64_t pages =
		p->plan.n_leaf / LEAVES_A_PAGE > PAGES ? p->plan.n_leaf / LEAVES_A_PAGE : PAGES;
	uint64_t cap = pages * VX_PAGE - VX_PAGE_HEADER;
	uint32_t all = n < UINT32_MAX / 2 ? (uint32_t)n : UINT32_MAX / 2, window, taken;
	int full, rc;

	if (n == 0)
		return vx_fail(err, VIDX_EUSAGE, "no rows to pack");
	window = p->ext ? 0 : p->guess; /* kept INFO takes its share by the sample */
	if (window == 0) {
		window = all < SAMPLE ? all : SAMPLE;
		rc = prepare(p, rows, &window, cap, err);
		if (rc < 0)
			return rc;
		if (p->ext)
			cap = ext_cap(p, rows, window, cap);
		window = settle_cells(p, rows, window, cap);
	}
	for (;;) {
		uint32_t use = window < all ? window : all;

		rc = prepare(p, rows, &use, cap, err);
		if (rc < 0)
			return rc;
		taken = fill(p, rows, use, cap, &full);
		/* A guess that was a little low costs part of a page; a worse one is corrected. */
		if (full || taken == all || use < window || filled(p, taken) > cap - cap / 8)
			break;
		window += window / 2;
	}
	rc = finish(p, rows, taken, err);
	if (rc < 0)
		return rc;
	p->guess = taken + taken / 10 + 64;
	*bytes_ret = vx_slice((const char *)p->out.p, p->out.len);
	*taken_ret = taken;
	return 0;
}
