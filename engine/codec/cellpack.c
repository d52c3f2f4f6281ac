/* Packing of one cell: rows -> positions, codes, offsets, bits. */
#include "base/pos.h"
#include "codec/missing.h"
#include "codec/pack.h"

int vx_mark_is_far(const struct vx_row *row, uint64_t *end_ret)
{
	uint64_t pos0 = vx_locus_pos0(row->locus), most = (UINT64_C(1) << 40) - 1;

	if (row->end0 <= pos0 + VX_REACH)
		return 0;
	*end_ret = vx_locus(vx_locus_contig(row->locus), row->end0 < most ? row->end0 : most);
	return 1;
}

int vx_mark_add(struct vx_mark *m, const struct vx_row *row, int in_heap)
{
	uint64_t end;

	if (vx_locus_contig(row->locus) != vx_locus_contig(m->run_locus) || m->n_runs == 0) {
		m->run_pos = m->n_runs ? m->pos + 1 : 0;
		m->run_locus = row->locus;
		m->n_runs++;
	}
	m->pos = m->run_pos + (row->locus - m->run_locus);
	if (m->pos >= UINT32_MAX)
		return -1;
	if (in_heap)
		m->heap += vx_alt_heap_size(row);
	m->n_far += (uint32_t)vx_mark_is_far(row, &end);
	vx_id_range_add(&m->ids, row->id);
	return 0;
}

static void write_filter(const struct vx_packer *p, uint32_t filter, struct vx_bitw *w)
{
	unsigned filter_bits = vx_survey_filter_bits(&p->survey);

	if (filter_bits == 0)
		return;
	vx_bitw_put(w, filter == 0, 1);
	if (filter > 0)
		vx_bitw_put(w, filter - 1, filter_bits - 1);
}

uint32_t vx_cell_encode(struct vx_packer *p, const struct vx_row *const *rows, uint32_t n,
			const uint32_t *filter)
{
	struct vx_bitw w = vx_bitw(p->bits);
	uint32_t j, ref_bits[VX_REFS_MAX];

	for (j = 0; j < n; j++) {
		vx_alt_encode(&p->alt[j], rows[j]);
		p->mark[j + 1] = p->mark[j];
		if (vx_mark_add(&p->mark[j + 1], rows[j], p->alt[j].code == VX_ALT_HEAP) != 0)
			break;
	}
	n = j;
	if (n == 0)
		return 0;
	p->n_refs = 0;
	if (vx_shape_slot(&p->shape, VIDX_AN) >= 0)
		p->n_refs = vx_missing_begin(&p->writer, rows, n, &w, ref_bits);
	for (unsigned i = 0; i < p->n_refs; i++)
		p->item_bits[i] = ref_bits[i];
	for (j = 0; j < n; j++) {
		uint64_t before = vx_bitw_pos(&w);

		write_filter(p, filter[j], &w);
		vx_counts_write(&p->writer, rows[j], j, &w);
		p->item_bits[p->n_refs + j] = (uint32_t)(vx_bitw_pos(&w) - before);
	}
	return n;
}

/* The sizes of a cell of the first n encoded rows. */
struct measure {
	unsigned low_bits, offset_bits;
	uint64_t alt_bits, item_bits, bytes;
};

static inline int has_offset(const struct vx_packer *p, uint32_t i)
{
	return i <= p->n_refs || !((i - p->n_refs) & ((1u << p->stride_log2) - 1));
}

static unsigned alt_bits(const struct vx_packer *p, uint32_t j)
{
	return p->alt[j].code == VX_ALT_HEAP ? p->heap_bits : p->alt[j].n_bits;
}

static struct measure measure_cell(const struct vx_packer *p, uint32_t n)
{
	struct measure m = {0, 0, 0, 0, 0};
	unsigned span = vx_bit_len(p->mark[n].pos - p->mark[1].pos);
	uint32_t n_offsets = 1 + p->n_refs + ((n - 1) >> p->stride_log2);
	uint64_t last = 0;

	m.low_bits = span > p->cell_log2 ? span - p->cell_log2 : 0;
	for (uint32_t j = 0; j < n; j++)
		m.alt_bits += alt_bits(p, j);
	for (uint32_t i = 0; i < p->n_refs + n; i++) {
		if (has_offset(p, i))
			last = m.alt_bits + m.item_bits;
		m.item_bits += p->item_bits[i];
	}
	m.offset_bits = vx_bit_len(last);
	m.bytes = (uint64_t)n * m.low_bits + (uint64_t)n_offsets * m.offset_bits;
	m.bytes = (m.bytes + m.alt_bits + m.item_bits + 7) / 8;
	m.bytes += (1u << p->cell_log2) / 4 + 2 + (n + 1) / 2;
	return m;
}

static void put_alleles(const struct vx_packer *p, uint32_t n, struct vx_bitw *w)
{
	for (uint32_t j = 0; j < n; j++) {
		if (p->alt[j].code == VX_ALT_HEAP)
			vx_bitw_put(w, p->mark[j].heap, p->heap_bits);
		else
			vx_bitw_copy(w, p->alt[j].packed, 0, p->alt[j].n_bits);
	}
}

uint64_t vx_cell_bytes(const struct vx_packer *p, uint32_t n)
{
	return measure_cell(p, n).bytes;
}

void vx_cell_add(struct vx_packer *p, uint32_t n)
{
	struct measure m = measure_cell(p, n);
	size_t ef_bytes = (1u << p->cell_log2) / 4;
	uint64_t ef = 0, first = p->mark[1].pos, offset = m.alt_bits;
	uint8_t entry[8], *at;
	struct vx_bitw w;

	vx_store32(entry, (uint32_t)first);
	vx_store32(entry + 4, (uint32_t)p->cells.len);
	vx_buf_add(&p->table, entry, 8);
	if (vx_buf_reserve(&p->cells, m.bytes + 16) != 0)
		return;
	at = p->cells.p + p->cells.len;
	memset(at, 0, m.bytes);
	for (uint32_t j = 0; j < n; j++) {
		ef |= UINT64_C(1) << (((p->mark[j + 1].pos - first) >> m.low_bits) + j);
		at[ef_bytes + 2 + j / 2] |= (uint8_t)(p->alt[j].code << (4 * (j & 1)));
	}
	at[ef_bytes] = (uint8_t)m.low_bits;
	at[ef_bytes + 1] = (uint8_t)(m.offset_bits | p->n_refs << 6);
	w = vx_bitw(at + ef_bytes + 2 + (n + 1) / 2);
	for (uint32_t j = 0; j < n; j++)
		vx_bitw_put(&w, vx_low(p->mark[j + 1].pos - first, m.low_bits), m.low_bits);
	for (uint32_t i = 0; i < p->n_refs + n; i++) {
		if (has_offset(p, i))
			vx_bitw_put(&w, offset, m.offset_bits);
		offset += p->item_bits[i];
	}
	put_alleles(p, n, &w);
	vx_bitw_copy(&w, p->bits, 0, m.item_bits);
	if (ef_bytes == 4)
		vx_store32(at, (uint32_t)ef);
	else
		vx_store64(at, ef);
	p->cells.len += m.bytes;
}
