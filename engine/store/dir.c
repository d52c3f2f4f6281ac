#include "store/dir.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t)2 << 20)

static size_t table_size(size_t size)
{
	return (size + HUGE_PAGE) & ~(HUGE_PAGE - 1);
}

void *vx_table_alloc(size_t size)
{
	void *p;

	if (size > SIZE_MAX / 2)
		return NULL;
	p = mmap(NULL, table_size(size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		 0);
	if (p == MAP_FAILED)
		return NULL;
	/* A kernel without huge pages says no; small pages will do. */
	if (size >= HUGE_PAGE)
		madvise(p, table_size(size), MADV_HUGEPAGE);
	return p;
}

void vx_table_free(void *table, size_t size)
{
	if (table)
		munmap(table, table_size(size));
}

int vx_dir_init(struct vx_dir *dir, uint64_t n, uint32_t n_contigs)
{
	memset(dir, 0, sizeof *dir);
	if (n >= UINT32_MAX)
		return VIDX_ENOMEM;
	dir->cap = n;
	dir->n_contigs = n_contigs;
	dir->entry = vx_table_alloc((n + 1) * sizeof *dir->entry);
	dir->contig = calloc((size_t)n_contigs + 1, sizeof *dir->contig);
	if (dir->entry && dir->contig)
		return 0;
	vx_dir_release(dir);
	return VIDX_ENOMEM;
}

int vx_dir_add(struct vx_dir *dir, uint64_t locus, uint64_t hash, struct vx_slice bytes)
{
	const struct vx_dir_entry *last = dir->entry + dir->n - 1;
	uint64_t address = (uintptr_t)bytes.p;

	if (dir->n >= dir->cap || vx_locus_contig(locus) >= dir->n_contigs)
		return -1;
	if (dir->n > 0 && (locus < last->locus || (locus == last->locus && hash < last->hash)))
		return -1;
	if (address % VX_PAGE != VX_PAGE_HEADER || address >> 56 != 0 ||
	    bytes.len % VX_PAGE != VX_PAGE - VX_PAGE_HEADER || bytes.len >> 32 != 0)
		return -1;
	dir->entry[dir->n].locus = locus;
	dir->entry[dir->n].hash = hash;
	dir->entry[dir->n].place = address / VX_PAGE << 20 | (bytes.len / VX_PAGE + 1);
	dir->n++;
	return 0;
}

/*
 * Buckets for a block, at most.  Eight make it rare that a block begins inside the bucket of a
 * key, so that the branches of a search are foreseen: 9 ns a search instead of 16.  Where they
 * would no longer stay in a core's own cache (2 MB), two are faster.
 */
static uint64_t buckets_for(uint64_t n)
{
	return n <= 1u << 16 ? 8 : 2;
}

static uint32_t shift_for(uint64_t n_buckets, uint64_t last0)
{
	uint32_t shift = 0;

	while (last0 >> shift > n_buckets)
		shift++;
	return shift;
}

/* What is known before blocks are opened.  A file of over 2^32 pages has wrong hints, which do no harm. */
static void fill_hints(struct vx_dir *dir)
{
	dir->first_page = dir->n ? dir->entry[0].place >> 20 : 0;
	for (uint64_t i = 0; i < dir->n; i++)
		if (dir->entry[i].place >> 20 < dir->first_page)
			dir->first_page = dir->entry[i].place >> 20;
	for (uint64_t i = 0; i < dir->n; i++) {
		dir->hint[i].locus = dir->entry[i].locus;
		dir->hint[i].page = (uint32_t)((dir->entry[i].place >> 20) - dir->first_page);
	}
}

int vx_dir_finish(struct vx_dir *dir, const struct vx_shape *shape, unsigned hash_bits)
{
	uint64_t n_buckets = 0, i = 0;

	for (uint32_t c = 0; c < dir->n_contigs; c++) {
		struct vx_dir_contig *contig = &dir->contig[c];
		uint64_t begin = i;

		while (i < dir->n && vx_locus_contig(dir->entry[i].locus) == c)
			i++;
		contig->bucket = (uint32_t)n_buckets;
		if (i > begin) {
			uint64_t last0 = vx_locus_pos0(dir->entry[i - 1].locus);

			contig->shift = shift_for((i - begin) * buckets_for(dir->n), last0);
			contig->n_before = (uint32_t)(last0 >> contig->shift);
		}
		n_buckets += (uint64_t)contig->n_before + 1;
		if (n_buckets >= UINT32_MAX)
			return VIDX_ENOMEM;
	}
	dir->n_buckets = n_buckets;
	dir->bucket = vx_table_alloc((n_buckets + 1) * sizeof *dir->bucket);
	if (!dir->bucket)
		return VIDX_ENOMEM;
	i = 0;
	for (uint32_t c = 0; c < dir->n_contigs; c++) {
		const struct vx_dir_contig *contig = &dir->contig[c];

		for (uint64_t b = 0; b <= contig->n_before; b++) {
			uint64_t begin = vx_locus(c, b << contig->shift);

			while (i < dir->n && dir->entry[i].locus < begin)
				i++;
			dir->bucket[contig->bucket + b] = (uint32_t)i;
		}
	}
	dir->bucket[n_buckets] = (uint32_t)dir->n;
	dir->shape = shape;
	dir->hash_bits = hash_bits;
	dir->opened = vx_table_alloc((dir->n + 1) * sizeof *dir->opened);
	dir->state = vx_table_alloc(dir->n + 1);
	dir->hint = vx_table_alloc((dir->n + 1) * sizeof *dir->hint);
	if (!dir->opened || !dir->state || !dir->hint)
		return VIDX_ENOMEM;
	fill_hints(dir);
	return 0;
}

void vx_dir_spans(const struct vx_dir *dir, struct vx_dir_span span_ret[VX_DIR_SPANS])
{
	span_ret[0] = (struct vx_dir_span){dir->entry, (dir->cap + 1) * sizeof *dir->entry};
	span_ret[1] = (struct vx_dir_span){dir->bucket, (dir->n_buckets + 1) * sizeof *dir->bucket};
	span_ret[2] = (struct vx_dir_span){dir->opened, (dir->n + 1) * sizeof *dir->opened};
	span_ret[3] = (struct vx_dir_span){(void *)dir->state, dir->n + 1};
	span_ret[4] = (struct vx_dir_span){dir->hint, (dir->n + 1) * sizeof *dir->hint};
	for (int i = 0; i < VX_DIR_SPANS; i++)
		if (!span_ret[i].p)
			span_ret[i].len = 0;
}

void vx_dir_release(struct vx_dir *dir)
{
	vx_table_free(dir->entry, (dir->cap + 1) * sizeof *dir->entry);
	free(dir->contig);
	vx_table_free(dir->opened, (dir->n + 1) * sizeof *dir->opened);
	vx_table_free((void *)dir->state, dir->n + 1);
	vx_table_free(dir->hint, (dir->n + 1) * sizeof *dir->hint);
	vx_table_free(dir->bucket, (dir->n_buckets + 1) * sizeof *dir->bucket);
	memset(dir, 0, sizeof *dir);
}

const struct vx_block *vx_dir_open_first(const struct vx_dir *dir, uint64_t i,
					 struct vx_block *spare)
{
	struct vx_slice bytes = vx_dir_bytes(dir, i);
	uint8_t expected = VX_UNOPENED;

	if (vx_block_open(spare, bytes.p, bytes.len, dir->shape, dir->hash_bits) != 0)
		return NULL;
	if (!atomic_compare_exchange_strong(&dir->state[i], &expected, VX_CLAIMED))
		return spare;
	dir->opened[i].block = *spare;
	/* Read by other threads meanwhile, with 0 or this. */
	atomic_store_explicit(&dir->hint[i].slope, vx_block_slope(spare), memory_order_relaxed);
	atomic_store_explicit(&dir->state[i], VX_OPENED, memory_order_release);
	return &dir->opened[i].block;
}
