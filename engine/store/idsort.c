#include "store/idsort.h"

#include "codec/bits.h"
#include "codec/idtext.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Every so many entries of a run one is kept in memory: how exactly parts can be cut. */
#define SAMPLE 256
/* Bits of a digit: 2^11 counters fit the first-level cache beside what they sort. */
#define DIGIT_MAX 11

struct run {
	uint64_t *entry; /* NULL: in the file, at `at` */
	uint64_t at;
	size_t n;
	size_t i_sample; /* of its first sample */
};

struct vx_idsort {
	char *path;
	int fd; /* -1: none yet */
	uint64_t file_bytes;
	size_t bound, run_cap, part_samples;
	uint64_t *filling; /* the run under way, unsorted */
	size_t n_filling;
	struct run *run;
	size_t n_runs, cap_runs, n_kept; /* n_kept: the last ones, in memory */
	uint64_t *sample;
	size_t n_samples, cap_samples;
	uint64_t *cut; /* part i is [cut[i], cut[i + 1]) */
	size_t n_parts;
};

/* --- order --- */

static void pass(const uint64_t *from, uint64_t *to, size_t n, unsigned shift, unsigned bits)
{
	uint32_t at[1 << DIGIT_MAX] = {0}, sum = 0;
	uint64_t mask = (UINT64_C(1) << bits) - 1;

	for (size_t i = 0; i < n; i++)
		at[from[i] >> shift & mask]++;
	for (uint64_t d = 0; d <= mask; d++) {
		uint32_t here = at[d];

		at[d] = sum;
		sum += here;
	}
	for (size_t i = 0; i < n; i++)
		to[at[from[i] >> shift & mask]++] = from[i];
}

static size_t drop_equal(uint64_t *entry, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (kept == 0 || entry[i] != entry[kept - 1])
			entry[kept++] = entry[i];
	return kept;
}

size_t vx_idsort_entries(uint64_t *entry, uint64_t *spare, size_t n)
{
	uint64_t differ = 0, *from = entry, *to = spare, *swap;
	unsigned n_bits, width;

	for (size_t i = 1; i < n; i++)
		differ |= entry[i] ^ entry[0];
	/* Only bits that differ need sorting, and codes of a part have their upper bits alike. */
	n_bits = vx_bit_len(differ >> VX_ID_BLOCK_BITS);
	width = n_bits ? (n_bits + (n_bits - 1) / DIGIT_MAX) / ((n_bits - 1) / DIGIT_MAX + 1) : 0;
	for (unsigned done = 0; done < n_bits; done += width) {
		unsigned bits = n_bits - done < width ? n_bits - done : width;

		pass(from, to, n, VX_ID_BLOCK_BITS + done, bits);
		swap = from;
		from = to;
		to = swap;
	}
	if (from != entry)
		memcpy(entry, from, n * sizeof *entry);
	return drop_equal(entry, n);
}

/* --- the file --- */

static int system_fault(const struct vx_idsort *sort, int code, struct vidx_error *err)
{
	int full = code == ENOSPC || code == EDQUOT || code == EFBIG;

	return vx_fail(err, full ? VIDX_EFULL : VIDX_EIO, "%s: %s a file of ids beside it: %s",
		       sort->path, full ? "no space left for" : "cannot keep", strerror(code));
}

/* A file without a name where the system has such; else one whose name is gone at once. */
static int open_file(struct vx_idsort *sort, struct vidx_error *err)
{
	const char *slash = strrchr(sort->path, '/');
	size_t len = slash ? (size_t)(slash - sort->path) + 1 : 0, size = len + 64;
	char *name = malloc(size);

	if (!name)
		return vx_fail_nomem(err);
	snprintf(name, size, "%.*s.", (int)len, sort->path);
	sort->fd = open(name, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (sort->fd < 0) {
		snprintf(name, size, "%.*s.vidx-ids.%ld-%" PRIxPTR, (int)len, sort->path,
			 (long)getpid(), (uintptr_t)sort);
		sort->fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (sort->fd >= 0)
			unlink(name);
	}
	free(name);
	return sort->fd < 0 ? system_fault(sort, errno, err) : 0;
}

static int write_run(struct vx_idsort *sort, struct run *run, struct vidx_error *err)
{
	const char *p = (const char *)run->entry;
	size_t len = run->n * sizeof *run->entry, done = 0;

	while (done < len) {
		ssize_t n =
			pwrite(sort->fd, p + done, len - done, (off_t)(sort->file_bytes + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return system_fault(sort, n < 0 ? errno : EIO, err);
		done += (size_t)n;
	}
	free(run->entry);
	run->entry = NULL;
	run->at = sort->file_bytes;
	sort->file_bytes += len;
	return 0;
}

static int spill(struct vx_idsort *sort, struct vidx_error *err)
{
	int rc = sort->fd < 0 ? open_file(sort, err) : 0;

	for (; rc == 0 && sort->n_kept > 0; sort->n_kept--)
		rc = write_run(sort, &sort->run[sort->n_runs - sort->n_kept], err);
	return rc;
}

/* Entries [beg, beg + n) of a run. */
static int read_run(const struct vx_idsort *sort, const struct run *run, size_t beg, size_t n,
		    uint64_t *out, struct vidx_error *err)
{
	size_t len = n * sizeof *out, done = 0;

	if (run->entry) {
		memcpy(out, run->entry + beg, len);
		return 0;
	}
	while (done < len) {
		ssize_t got = pread(sort->fd, (char *)out + done, len - done,
				    (off_t)(run->at + beg * sizeof *out + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return system_fault(sort, got < 0 ? errno : EIO, err);
		done += (size_t)got;
	}
	return 0;
}

/* --- runs --- */

int vx_idsort_new(const char *path, size_t bytes, struct vx_idsort **sort_ret,
		  struct vidx_error *err)
{
	struct vx_idsort *sort = calloc(1, sizeof *sort);

	if (!sort)
		return vx_fail_nomem(err);
	sort->fd = -1;
	sort->bound = bytes;
	sort->run_cap = bytes / 8 / sizeof *sort->filling;
	if (sort->run_cap < 4 * SAMPLE)
		sort->run_cap = 4 * SAMPLE;
	sort->part_samples = sort->run_cap / 4 / SAMPLE;
	sort->path = strdup(path);
	if (!sort->path) {
		vx_idsort_free(sort);
		return vx_fail_nomem(err);
	}
	*sort_ret = sort;
	return 0;
}

void vx_idsort_free(struct vx_idsort *sort)
{
	if (!sort)
		return;
	for (size_t i = 0; i < sort->n_runs; i++)
		free(sort->run[i].entry);
	if (sort->fd >= 0)
		close(sort->fd);
	free(sort->filling);
	free(sort->run);
	free(sort->sample);
	free(sort->cut);
	free(sort->path);
	free(sort);
}

/* Makes *array of *cap elements hold n + more. */
static int grow(void **array, size_t *cap, size_t need, size_t size)
{
	size_t want = *cap * 2 > need ? *cap * 2 : need + 64;
	void *p;

	if (need <= *cap)
		return 0;
	p = realloc(*array, want * size);
	if (!p)
		return -1;
	*array = p;
	*cap = want;
	return 0;
}

/* The entries gathered so far become a run. */
static int close_run(struct vx_idsort *sort, struct vidx_error *err)
{
	size_t n = sort->n_filling;
	uint64_t *spare = malloc(n * sizeof *spare + 1);
	struct run *run;

	if (!spare ||
	    grow((void **)&sort->run, &sort->cap_runs, sort->n_runs + 1, sizeof *sort->run) != 0 ||
	    grow((void **)&sort->sample, &sort->cap_samples, sort->n_samples + n / SAMPLE + 1,
		 sizeof *sort->sample) != 0) {
		free(spare);
		return vx_fail_nomem(err);
	}
	run = &sort->run[sort->n_runs++];
	*run = (struct run){sort->filling, 0, 0, sort->n_samples};
	run->n = vx_idsort_entries(sort->filling, spare, n);
	free(spare);
	for (size_t i = 0; i < run->n; i += SAMPLE)
		sort->sample[sort->n_samples++] = run->entry[i];
	sort->filling = NULL;
	sort->n_filling = 0;
	sort->n_kept++;
	/* The run to come counts too. */
	return (sort->n_kept + 1) * sort->run_cap * sizeof *run->entry > sort->bound
		       ? spill(sort, err)
		       : 0;
}

int vx_idsort_add(struct vx_idsort *sort, const uint64_t *entry, size_t n, uint64_t block,
		  struct vidx_error *err)
{
	for (size_t i = 0; i < n;) {
		size_t take = sort->run_cap - sort->n_filling;

		if (!sort->filling)
			sort->filling = malloc(sort->run_cap * sizeof *sort->filling);
		if (!sort->filling)
			return vx_fail_nomem(err);
		take = take < n - i ? take : n - i;
		for (size_t k = 0; k < take; k++, i++) {
			if (vx_id_entry_block(entry[i]) + block >= VX_ID_BLOCKS_MAX - 1)
				return vx_fail(err, VIDX_EUSAGE,
					       "%s: too many blocks for a list of ids: give "
					       "--no-ids",
					       sort->path);
			sort->filling[sort->n_filling++] = entry[i] + block;
		}
		if (sort->n_filling == sort->run_cap) {
			int rc = close_run(sort, err);

			if (rc < 0)
				return rc;
		}
	}
	return 0;
}

/* --- parts --- */

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

int vx_idsort_end(struct vx_idsort *sort, size_t *n_ret, struct vidx_error *err)
{
	uint64_t *sorted;
	int rc = sort->n_filling ? close_run(sort, err) : 0;

	if (rc < 0)
		return rc;
	*n_ret = sort->n_parts = (sort->n_samples + sort->part_samples - 1) / sort->part_samples;
	sorted = malloc(sort->n_samples * sizeof *sorted + 1);
	sort->cut = malloc((sort->n_parts + 1) * sizeof *sort->cut);
	if (!sorted || !sort->cut) {
		free(sorted);
		return vx_fail_nomem(err);
	}
	if (sort->n_samples) {
		memcpy(sorted, sort->sample, sort->n_samples * sizeof *sorted);
		qsort(sorted, sort->n_samples, sizeof *sorted, compare);
	}
	for (size_t i = 0; i < sort->n_parts; i++)
		sort->cut[i] = i ? sorted[i * sort->part_samples] : 0;
	sort->cut[sort->n_parts] = UINT64_MAX;
	free(sorted);
	return 0;
}

/* How many of a run's samples lie before entry. */
static size_t samples_before(const struct vx_idsort *sort, const struct run *run, uint64_t entry)
{
	const uint64_t *sample = sort->sample + run->i_sample;
	size_t at = 0, end = (run->n + SAMPLE - 1) / SAMPLE;

	while (at < end) {
		size_t half = at + (end - at) / 2;

		if (sample[half] < entry)
			at = half + 1;
		else
			end = half;
	}
	return at;
}

static int part_reserve(struct vx_idpart *part, size_t n)
{
	size_t cap = part->cap;

	if (n <= cap)
		return 0;
	free(part->spare);
	part->spare = NULL;
	if (grow((void **)&part->entry, &part->cap, n, sizeof *part->entry) != 0)
		return -1;
	part->spare = malloc(part->cap * sizeof *part->spare);
	return part->spare ? 0 : -1;
}

void vx_idpart_release(struct vx_idpart *part)
{
	free(part->entry);
	free(part->spare);
	memset(part, 0, sizeof *part);
}

int vx_idsort_part(const struct vx_idsort *sort, size_t i, struct vx_idpart *part,
		   struct vidx_error *err)
{
	uint64_t lo = sort->cut[i], hi = sort->cut[i + 1];

	part->n = 0;
	for (size_t r = 0; r < sort->n_runs; r++) {
		const struct run *run = &sort->run[r];
		size_t before = samples_before(sort, run, lo);
		size_t beg = before ? (before - 1) * SAMPLE : 0;
		size_t end = samples_before(sort, run, hi) * SAMPLE, n = part->n;
		int rc;

		end = end < run->n ? end : run->n;
		if (beg >= end)
			continue;
		if (part_reserve(part, n + end - beg) != 0)
			return vx_fail_nomem(err);
		rc = read_run(sort, run, beg, end - beg, part->entry + n, err);
		if (rc < 0)
			return rc;
		/* Samples are cut apart only roughly: what lies outside is another part's. */
		for (size_t k = n; k < n + end - beg; k++)
			if (part->entry[k] >= lo && part->entry[k] < hi)
				part->entry[part->n++] = part->entry[k];
	}
	part->n = vx_idsort_entries(part->entry, part->spare, part->n);
	return 0;
}
