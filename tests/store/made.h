/* Indexes for the tests of store: rows made from a seed, packed, appended, published. */
#ifndef TESTS_STORE_MADE_H
#define TESTS_STORE_MADE_H

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pos.h"
#include "codec/alt.h"
#include "codec/block.h"
#include "codec/idtext.h"
#include "store/append.h"
#include "store/env.h"
#include "store/idfind.h"
#include "store/idsort.h"
#include "store/verify.h"

enum { MADE_GROUPS = 3, MADE_VALUES = MADE_GROUPS * 2 };

/* What is packed, and the truth that the index is compared with. */
struct made {
	struct vx_arena arena;
	struct vx_groups groups;
	struct vx_contigs *contigs;
	struct vx_shape shape;
	unsigned hash_bits;
	struct vx_row *row;
	const struct vx_row **rows;
	size_t n;
	struct vx_meta meta;
	struct vx_idsort *ids; /* NULL: none are gathered */
	uint64_t seed;
};

static inline uint64_t made_random(struct made *made)
{
	made->seed ^= made->seed << 13;
	made->seed ^= made->seed >> 7;
	made->seed ^= made->seed << 17;
	return made->seed;
}

static inline struct vx_slice made_bases(struct made *made, size_t len)
{
	char *p = vx_arena_alloc(&made->arena, len + 1);

	for (size_t i = 0; i < len; i++)
		p[i] = "ACGT"[made_random(made) >> 20 & 3];
	return vx_slice(p, len);
}

static inline int made_compare(const void *a, const void *b)
{
	return vx_row_compare(a, b);
}

/* None, one, or three of them; several rows have the same. */
static inline struct vx_slice made_id(struct made *made)
{
	uint64_t r = made_random(made) >> 8;
	char *p = vx_arena_alloc(&made->arena, 64);
	unsigned number = (unsigned)(r >> 8 & 0xfff) + 1;

	if (r % 4 == 0)
		return vx_slice_str("");
	snprintf(p, 64, r % 4 == 1 ? "rs%u;COSV%u;RS1%u" : "rs%u", number, number, number);
	return vx_slice_str(p);
}

/* A random allele at a locus: SNV mostly, then insertions, deletions, and a few thousand bases. */
static inline void made_row(struct made *made, struct vx_row *row, uint64_t locus)
{
	uint64_t r = made_random(made) >> 10;
	size_t ref_len = r % 16 == 1 ? 1 + r / 16 % 40 : 1;
	size_t alt_len = r % 16 == 2 ? 2 + r / 16 % 40 : 1;

	if (r % 1024 == 3)
		ref_len = 5000;
	row->locus = locus;
	row->ref = made_bases(made, ref_len);
	do {
		row->alt = made_bases(made, alt_len);
	} while (vx_slice_eq(row->ref, row->alt));
	row->end0 = vx_locus_pos0(locus) + ref_len;
	row->hash = vx_allele_hash(row->ref, row->alt, row->end0, 0, made->hash_bits);
	row->filter = vx_slice_str("PASS");
	row->id = made_id(made);
	row->value = vx_arena_alloc(&made->arena, MADE_VALUES * sizeof *row->value);
	for (int g = 0; g < MADE_GROUPS; g++) {
		row->value[MADE_GROUPS + g] = 2000 + r % 7;
		row->value[g] = made_random(made) % 9 == 0 ? r % 50 : 0;
	}
}

/* n distinct rows in order: on contig 0, then 1, then 24; step is their greatest distance. */
static inline void made_rows(struct made *made, size_t n, uint64_t step)
{
	static const uint32_t contig[] = {0, 1, 24};
	uint64_t pos0 = 1000;
	size_t i_contig = 0, kept = 0;

	made->row = calloc(n + 1, sizeof *made->row);
	made->rows = calloc(n + 1, sizeof *made->rows);
	for (size_t i = 0; i < n; i++) {
		if (i * 3 / n != i_contig) {
			i_contig = i * 3 / n;
			pos0 = 10;
		}
		pos0 += made_random(made) % step;
		made_row(made, &made->row[i], vx_locus(contig[i_contig], pos0));
	}
	qsort(made->row, n, sizeof *made->row, made_compare);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || vx_row_compare(&made->row[kept - 1], &made->row[i]) != 0)
			made->row[kept++] = made->row[i];
	made->n = kept;
	for (size_t i = 0; i < kept; i++)
		made->rows[i] = &made->row[i];
}

static inline void made_init(struct made *made, size_t n, uint64_t step, unsigned hash_bits,
			     uint64_t seed)
{
	static const char *const names[] = {"ALL", "AFR", "EUR"};
	static const uint32_t parts[] = {1, 2};
	struct vx_header header = {0};

	memset(made, 0, sizeof *made);
	vx_arena_init(&made->arena);
	made->seed = seed * 0x9e3779b97f4a7c15u + 1;
	made->hash_bits = hash_bits;
	ck_assert_int_eq(vx_groups_build(&made->groups, names, MADE_GROUPS, NULL, parts, 2, NULL),
			 0);
	ck_assert_int_eq(vx_contigs_new("GRCh38", &header, "made", &made->contigs, NULL), 0);
	made->shape = (struct vx_shape){&made->groups, 1u << VIDX_AC | 1u << VIDX_AN, NULL, NULL};
	made_rows(made, n, step);
}

static inline void made_release(struct made *made)
{
	vx_groups_release(&made->groups);
	vx_contigs_free(made->contigs);
	vx_arena_release(&made->arena);
	free(made->row);
	free(made->rows);
	free(made->meta.reach);
	free(made->meta.contig_variants);
}

static inline void made_describe(struct made *made)
{
	static struct vx_meta_source sources[2];
	struct vx_meta *meta = &made->meta;
	struct vx_buf scratch;

	memset(meta, 0, sizeof *meta);
	meta->contigs = made->contigs;
	meta->groups = made->groups;
	meta->metrics = made->shape.metrics;
	meta->hash_bits = made->hash_bits;
	meta->n_variants = made->n;
	meta->tool = vx_slice_str("vidx test");
	meta->options = vx_slice_str("--seed");
	meta->counts_from = vx_slice_str("GT");
	meta->tally.n_records = made->n + 5;
	meta->tally.n_indexed = made->n;
	meta->tally.rejected[VX_BAD_GT] = 5;
	meta->tally.dropped[VX_STAR] = UINT64_MAX;
	sources[0] = (struct vx_meta_source){vx_slice_str("a.vcf.gz"), 1, {2, 3}, 4, 3, 1, 0};
	sources[1] = (struct vx_meta_source){vx_slice_str(""), UINT64_MAX, {0, 0}, 0, 0, 0, 0};
	meta->sources = sources;
	meta->n_sources = 2;
	meta->contig_variants = calloc(vx_contigs_count(made->contigs), sizeof(uint64_t));
	meta->reach = calloc(made->n + 1, sizeof(uint64_t));
	vx_buf_init(&scratch);
	for (size_t i = 0; i < made->n; i++) {
		uint32_t contig = vx_locus_contig(made->row[i].locus);

		meta->contig_variants[contig]++;
		vx_hash128_add(&meta->content_digest,
			       vx_row_digest(&made->row[i], &made->shape,
					     vx_contigs_canonical(made->contigs, contig),
					     &scratch));
	}
	vx_buf_release(&scratch);
}

/*
 * The IDs of rows [beg, end), which make the next block.  No assertion for each: Check writes them
 * down in a file, which a test of small files would limit too.
 */
static inline int made_gather(struct made *made, size_t beg, size_t end, struct vidx_error *err)
{
	int rc = 0;

	for (size_t i = beg; made->ids && i < end && rc == 0; i++) {
		struct vx_slice rest = made->row[i].id, id;

		while (rc == 0 && vx_id_next(&rest, &id)) {
			uint64_t entry = vx_id_entry(vx_id_code(id, made->hash_bits), 0);

			rc = vx_idsort_add(made->ids, &entry, 1, made->meta.n_blocks, err);
		}
	}
	return rc;
}

/* Appends what was gathered; the lists are short, so that there are several. */
static inline int made_append_ids(struct made *made, struct vx_append *append,
				  struct vidx_error *err)
{
	struct vx_idpart part = {0};
	struct vx_buf list;
	size_t n_parts;
	int rc = vx_idsort_end(made->ids, &n_parts, err);

	vx_buf_init(&list);
	if (rc == 0)
		rc = vx_append_ids_begin(append, err);
	for (size_t i = 0; i < n_parts && rc == 0; i++) {
		vx_buf_clear(&list);
		rc = vx_idsort_part(made->ids, i, &part, err);
		if (rc < 0 || part.n == 0)
			continue;
		rc = vx_idlist_pack(part.entry, part.n, &list, err);
		if (rc == 0)
			rc = vx_append_ids(append, part.entry[0],
					   vx_slice((const char *)list.p, list.len), err);
	}
	vx_buf_release(&list);
	vx_idpart_release(&part);
	vx_idsort_free(made->ids);
	made->ids = NULL;
	return rc;
}

/* Packs at most `most` rows into a block. */
static inline int made_append(struct made *made, struct vx_append *append, size_t most,
			      struct vidx_error *err)
{
	struct vx_packer *packer;
	struct vx_block block;
	struct vx_slice bytes;
	size_t taken;
	int rc = vx_packer_new(&made->shape, made->hash_bits, &packer, err);

	ck_assert_int_eq(rc, 0);
	for (size_t i = 0; i < made->n && rc == 0; i += taken) {
		rc = vx_pack(packer, made->rows + i, made->n - i < most ? made->n - i : most,
			     &bytes, &taken, err);
		ck_assert_int_eq(rc, 0);
		ck_assert_int_eq(
			vx_block_open(&block, bytes.p, bytes.len, &made->shape, made->hash_bits),
			0);
		made->meta.reach[made->meta.n_blocks] = vx_block_max_end(&block);
		rc = vx_append_block(append, made->row[i].locus, made->row[i].hash, bytes, err);
		if (rc == 0)
			rc = made_gather(made, i, i + taken, err);
		made->meta.n_blocks += rc == 0;
	}
	vx_packer_free(packer);
	return rc;
}

static inline int made_build(struct made *made, const char *path, size_t most,
			     struct vidx_error *err)
{
	struct vx_append *append;
	int rc = vx_append_open(path, &append, err);

	if (rc < 0)
		return rc;
	free(made->meta.reach);
	free(made->meta.contig_variants);
	made_describe(made);
	rc = vx_idsort_new(path, 8192, &made->ids, err);
	if (rc == 0)
		rc = made_append(made, append, most, err);
	if (rc == 0)
		rc = made_append_ids(made, append, err);
	if (rc < 0) {
		vx_idsort_free(made->ids);
		made->ids = NULL;
		vx_append_abort(append);
		return rc;
	}
	return vx_append_publish(append, &made->meta, err);
}

/* Builds, or the test fails. */
static inline void made_index(struct made *made, const char *path, size_t most)
{
	struct vidx_error err = {0};
	int rc = made_build(made, path, most, &err);

	ck_assert_msg(rc == 0, "%s", err.text);
}

/* --- a folder of one test --- */

static char made_folder[64];

static inline void folder_make(void)
{
	strcpy(made_folder, "/var/tmp/vidx-store.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(made_folder));
}

static inline void folder_remove(void)
{
	char command[256];

	snprintf(command, sizeof command, "chmod -R u+w %s; rm -rf %s", made_folder, made_folder);
	ck_assert_int_eq(system(command), 0);
}

/* A path in the folder; valid until the fourth call from here. */
static inline const char *in_folder(const char *name)
{
	static char path[4][256];
	static int i;

	i = (i + 1) % 4;
	snprintf(path[i], sizeof path[i], "%s/%s", made_folder, name);
	return path[i];
}

static inline int n_in_folder(void)
{
	char command[256];
	FILE *f;
	int n = -1;

	snprintf(command, sizeof command, "ls -A %s | wc -l", made_folder);
	f = popen(command, "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fscanf(f, "%d", &n), 1);
	pclose(f);
	return n;
}

static inline uint8_t *file_read(const char *path, size_t *len_ret)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *p;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fstat(fileno(f), &st), 0);
	p = malloc((size_t)st.st_size + 1);
	ck_assert_uint_eq(fread(p, 1, (size_t)st.st_size, f), (size_t)st.st_size);
	fclose(f);
	*len_ret = (size_t)st.st_size;
	return p;
}

static inline void file_write(const char *path, const uint8_t *p, size_t len)
{
	FILE *f = fopen(path, "wb");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(p, 1, len, f), len);
	ck_assert_int_eq(fclose(f), 0);
}

/* --- asking --- */

/* One row by its key, as query does it.  0 with *found, VIDX_ABSENT, or a failure. */
static inline int made_get(const struct made *made, struct vx_walk *walk, const struct vx_row *key,
			   struct vx_row *found, char *scratch)
{
	struct vx_block block;
	uint32_t i;
	int rc = vx_walk_seek(walk, key->locus, key->hash, &block);

	(void)made;
	while (rc == 0) {
		rc = vx_block_find(&block, key, &i);
		if (rc == 0)
			return vx_block_row(&block, i, found, scratch);
		if (rc != VIDX_ABSENT || !vx_walk_next_same(walk, key->locus, key->hash))
			return rc;
		rc = vx_walk_next(walk, &block);
	}
	return rc;
}

/* How many rows have an ID.  A failure, or -1 where the walk does not end. */
static inline int made_get_id(struct vx_env *env, struct vx_walk *walk, struct vx_slice id)
{
	uint64_t code = vx_id_code(id, vx_env_meta(env)->hash_bits), entry = 0;
	uint64_t from = vx_id_entry(code, 0);
	struct vx_block block;
	int n = 0, rc;

	while ((rc = vx_env_next_id(env, from, &entry)) == 0 && vx_id_entry_code(entry) == code) {
		if (entry < from || vx_walk_block(walk, vx_id_entry_block(entry), &block) != 0)
			return -1;
		for (uint32_t i = 0; (rc = vx_block_find_id(&block, id, &i)) == 0; i++)
			n++;
		if (rc < 0)
			return rc;
		from = entry + 1;
	}
	return rc < 0 ? rc : n;
}

static inline int same_row(const struct vx_row *a, const struct vx_row *b)
{
	return vx_row_compare(a, b) == 0 && vx_slice_eq(a->filter, b->filter) &&
	       vx_slice_eq(a->id, b->id) &&
	       memcmp(a->value, b->value, MADE_VALUES * sizeof *a->value) == 0;
}

#endif
