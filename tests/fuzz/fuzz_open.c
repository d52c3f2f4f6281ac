/*
 * Changes of a small index, and any bytes as an index: open, look up, walk, verify.
 *
 * The first byte says how: bit 0: the rest are changes, each a place u24 and a byte to XOR; else
 * the rest is the file.  A place is an offset or, with its highest bit, one in the tree pages.  Bit
 * 1: hashes are set right afterwards, so that LMDB's pages are met with the changes in them.  Bit
 * 2: without a directory, which does not withstand a file made up to match its hashes and is only
 * opened as it is.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/pos.h"
#include "codec/alt.h"
#include "codec/idtext.h"
#include "store/append.h"
#include "store/env.h"
#include "store/footer.h"
#include "store/idfind.h"
#include "store/idsort.h"
#include "store/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { N_ROWS = 240, N_VALUES = 2 * 3 };

static uint8_t *whole; /* the sound index */
static size_t whole_len;
static char path[64];
static int fd;
static struct vx_row row[N_ROWS];
static uint64_t value[N_ROWS][N_VALUES];
static char id[N_ROWS][16];

static void must(int ok)
{
	if (!ok)
		abort();
}

static void make_rows(void)
{
	static const char bases[] = "ACGT";

	for (int i = 0; i < N_ROWS; i++) {
		row[i].locus = vx_locus((uint32_t)i / 100, 1000 + (uint64_t)i * 37);
		row[i].ref = vx_slice(&bases[i & 3], 1);
		row[i].alt = vx_slice(&bases[(i + 1 + i % 3) & 3], 1);
		row[i].end0 = vx_locus_pos0(row[i].locus) + 1;
		row[i].hash = vx_allele_hash(row[i].ref, row[i].alt, row[i].end0, 0, 64);
		row[i].filter = vx_slice_str("PASS");
		snprintf(id[i], sizeof id[i], i % 3 ? "rs%d" : "id%d", i * 77 % 200);
		row[i].id = vx_slice_str(id[i]);
		row[i].value = value[i];
		for (int k = 0; k < N_VALUES; k++)
			value[i][k] = k < 3 ? (uint64_t)i % 5 : 20;
	}
}

/* Three lists. */
static void append_ids(struct vx_append *append)
{
	uint64_t entry[N_ROWS], spare[N_ROWS];
	struct vx_buf list;
	size_t n;

	for (uint64_t i = 0; i < N_ROWS; i++)
		entry[i] = vx_id_entry(vx_id_code(row[i].id, 64), i / 2);
	n = vx_idsort_entries(entry, spare, N_ROWS);
	vx_buf_init(&list);
	must(vx_append_ids_begin(append, NULL) == 0);
	for (size_t beg = 0, end; beg < n; beg = end) {
		end = beg + n / 3 + 1 < n ? beg + n / 3 + 1 : n;
		vx_buf_clear(&list);
		must(vx_idlist_pack(entry + beg, end - beg, &list, NULL) == 0);
		must(vx_append_ids(append, entry[beg], vx_slice((const char *)list.p, list.len),
				   NULL) == 0);
	}
	vx_buf_release(&list);
}

/* Two rows a block, so that the tree has a branch page. */
static void make_file(const char *file)
{
	static const char *const names[] = {"ALL", "AFR", "EUR"};
	static uint64_t per_contig[64], reach[N_ROWS];
	const struct vx_row *rows[2];
	struct vx_header header = {0};
	struct vx_append *append;
	struct vx_packer *packer;
	struct vx_meta meta;
	struct vx_shape shape;
	struct vx_slice bytes;
	struct vx_buf record;
	size_t taken;

	make_rows();
	vx_buf_init(&record);
	vx_meta_init(&meta);
	must(vx_groups_build(&meta.groups, names, 3, NULL, NULL, 0, NULL) == 0);
	must(vx_contigs_new("GRCh38", &header, "fuzz", &meta.contigs, NULL) == 0);
	shape = (struct vx_shape){&meta.groups, 3, NULL, NULL};
	must(vx_packer_new(&shape, 64, &packer, NULL) == 0);
	must(vx_append_open(file, &append, NULL) == 0);
	for (int i = 0; i < N_ROWS; i += 2) {
		rows[0] = &row[i];
		rows[1] = &row[i + 1];
		must(vx_pack(packer, rows, 2, &bytes, &taken, NULL) == 0 && taken == 2);
		must(vx_append_block(append, row[i].locus, row[i].hash, bytes, NULL) == 0);
		per_contig[i / 100] += 2;
		meta.n_blocks++;
	}
	append_ids(append);
	for (int i = 0; i < N_ROWS; i++)
		vx_hash128_add(&meta.content_digest,
			       vx_row_digest(&row[i], &shape,
					     vx_contigs_canonical(meta.contigs, (uint32_t)i / 100),
					     &record));
	vx_buf_release(&record);
	meta.metrics = shape.metrics;
	meta.hash_bits = 64;
	meta.n_variants = N_ROWS;
	meta.contig_variants = per_contig;
	meta.reach = reach;
	must(vx_append_publish(append, &meta, NULL) == 0);
	vx_packer_free(packer);
	vx_meta_release(&meta);
}

static void prepare(void)
{
	char file[] = "fuzz-open.vidx.XXXXXX";
	off_t len;
	int made;

	made = mkstemp(file);
	must(made >= 0 && close(made) == 0);
	make_file(file);
	made = open(file, O_RDONLY);
	len = lseek(made, 0, SEEK_END);
	must(made >= 0 && len > 0);
	whole_len = (size_t)len;
	whole = malloc(whole_len);
	must(whole && pread(made, whole, whole_len, 0) == (ssize_t)whole_len);
	close(made);
	unlink(file);
	fd = memfd_create("fuzz-open", 0);
	must(fd >= 0);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
}

/* The hashes of the pages listed, then that of the footer; see footer.c for the places. */
static void rehash(uint8_t *p, size_t len)
{
	uint64_t footer_len = vx_load64(p + len - 24), n_fixed, n_leaves, page, hash;
	uint8_t *footer, *entry;

	if (footer_len > len || footer_len < 80)
		return;
	footer = p + len - footer_len;
	n_fixed = vx_load64(footer + 24);
	n_leaves = vx_load64(footer + 32);
	entry = footer + 40;
	for (uint64_t i = 0; n_fixed < 999 && n_leaves < 999 && i < n_fixed + n_leaves; i++) {
		if (entry + 16 > p + len)
			return;
		page = vx_load64(entry);
		if (page < len / VX_PAGE)
			vx_store64(entry + 8, vx_hash64(p + page * VX_PAGE, VX_PAGE));
		entry += i < n_fixed ? 16 : 48;
	}
	hash = vx_hash64(footer, footer_len - 40);
	vx_store64(p + len - 40, hash);
}

static size_t place_of(uint32_t place)
{
	const uint8_t *footer = whole + whole_len - vx_load64(whole + whole_len - 24);
	uint64_t n_fixed = vx_load64(footer + 24), n = n_fixed + vx_load64(footer + 32), i;

	if (!(place >> 23))
		return place % whole_len;
	i = (place >> 12 & 0x7ff) % n;
	footer += 40 + 16 * (i < n_fixed ? i : n_fixed) + 48 * (i < n_fixed ? 0 : i - n_fixed);
	return vx_load64(footer) * VX_PAGE + (place & 0xfff);
}

static void look_up_ids(struct vx_env *env, struct vx_walk *walk)
{
	struct vx_block block;

	if (vx_env_read_ids(env, NULL) != 0)
		return;
	for (int i = 0; i < N_ROWS; i += 7) {
		uint64_t from = vx_id_entry(vx_id_code(row[i].id, 64), 0), entry;
		uint32_t k = 0;

		if (vx_env_next_id(env, from, &entry) == 0 &&
		    vx_walk_block(walk, vx_id_entry_block(entry), &block) == 0)
			vx_block_find_id(&block, row[i].id, &k);
	}
}

static void look_up(struct vx_env *env)
{
	uint64_t got[N_VALUES > 64 ? N_VALUES : 64];
	char scratch[VX_ROW_SCRATCH];
	struct vx_row found = {.value = got};
	struct vx_block block;
	struct vx_walk *walk;
	uint32_t k;

	if (vx_shape_values(vx_env_shape(env)) > 64 || vx_walk_new(env, &walk, NULL) != 0)
		return;
	for (int i = 0; i < N_ROWS; i += 7) {
		if (vx_walk_seek(walk, row[i].locus, row[i].hash, &block) == 0 &&
		    vx_block_find(&block, &row[i], &k) == 0)
			vx_block_row(&block, k, &found, scratch);
		vx_walk_next_same(walk, row[i].locus, row[i].hash);
		vx_walk_next(walk, &block);
	}
	look_up_ids(env, walk);
	for (uint64_t i = 0; vx_walk_block(walk, i, &block) == 0; i += 5)
		for (k = 0; k < block.n_rows; k++)
			if (vx_block_row(&block, k, &found, scratch) != 0)
				break;
	vx_walk_free(walk);
}

static void try_file(const uint8_t *p, size_t len, int how, int is_sound)
{
	struct vidx_error err = {0};
	struct vx_env *env;
	int rc;

	must(ftruncate(fd, 0) == 0 && pwrite(fd, p, len, 0) == (ssize_t)len);
	rc = vx_env_open(path, how, &env, &err);
	must((rc < 0) == (err.status < 0) && (rc == 0 || !is_sound));
	if (rc == 0) {
		look_up(env);
		vx_env_close(env);
	}
	err.status = 0;
	rc = vx_verify(path, 1, NULL, NULL, NULL, &err);
	must((rc < 0) == (err.status < 0) && (rc == 0 || !is_sound));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int flags = size ? data[0] : 0;
	uint8_t *p;

	if (!whole)
		prepare();
	if (!(flags & 1)) {
		if (size)
			try_file(data + 1, size - 1, flags & 4 ? 0 : 1, 0);
		return 0;
	}
	p = malloc(whole_len);
	must(p != NULL);
	memcpy(p, whole, whole_len);
	for (size_t i = 1; i + 4 <= size; i += 4)
		p[place_of(vx_load32(data + i) & 0xffffff)] ^= data[i + 3];
	if (flags & 2)
		rehash(p, whole_len);
	try_file(p, whole_len, flags & 4 && !(flags & 2) ? 0 : 1,
		 size <= 4 && memcmp(p, whole, whole_len) == 0);
	free(p);
	return 0;
}
