/*
 * A whole VCF or BCF of any bytes, built with the options of the first byte: refused with a line, or
 * an index that verifies, accounts for every record, and gives each variant back when asked for it.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "build/build.h"
#include "build/report.h"
#include "query/range.h"
#include "store/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[64], index_path[80];

static void must(int fact)
{
	if (!fact)
		abort();
}

static void at_end(void)
{
	unlink(index_path);
	rmdir(folder);
}

static void prepare(void)
{
	snprintf(folder, sizeof folder, "%s/vidx-fuzz-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : P_tmpdir);
	must(mkdtemp(folder) != NULL);
	snprintf(index_path, sizeof index_path, "%s/f.vidx", folder);
	atexit(at_end);
}

/* AC <= AN in every group. */
static void check_site(const struct vidx_site *site)
{
	must(site->pos1 < UINT64_C(1) << 41 && site->ref_len && site->alt_len);
	for (uint32_t g = 0; g < site->n_groups; g++) {
		uint64_t ac, an;
		double af;

		if (vidx_count(site, g, VIDX_AC, &ac) == 0 &&
		    vidx_count(site, g, VIDX_AN, &an) == 0)
			must(ac <= an);
		if (vidx_af(site, g, &af) == 0)
			must(af >= 0 && af <= 1);
	}
}

/* Each variant is found by its own text. */
static uint64_t ask_all(struct vidx_index *index)
{
	struct vidx_reader *reader, *walker;
	const struct vidx_site *site, *found;
	uint64_t n = 0;
	int rc;

	must(vidx_reader_new(index, &reader, NULL) == 0);
	must(vidx_reader_new(index, &walker, NULL) == 0);
	vx_range_all(walker);
	while ((rc = vidx_next(walker, &site, NULL)) == 0) {
		struct vidx_allele allele = {site->contig, strlen(site->contig), site->pos1,
					     site->ref,    site->ref_len,        site->alt,
					     site->alt_len};

		n++;
		check_site(site);
		if (site->pos1 == 0)
			continue;
		must(vidx_get(reader, &allele, &found, NULL) == 0);
		must(found->pos1 == site->pos1 && found->alt_len == site->alt_len &&
		     memcmp(found->alt, site->alt, site->alt_len) == 0);
	}
	must(rc == VIDX_END);
	vidx_reader_free(walker);
	vidx_reader_free(reader);
	return n;
}

static void check(const struct vx_build_summary *summary)
{
	struct vx_verify_result result;
	struct vidx_index *index;

	must(vx_tally_agrees(&summary->tally));
	must(vx_verify(index_path, 1, NULL, NULL, &result, NULL) == 0);
	must(result.n_variants == summary->n_variants);
	must(vidx_open(index_path, NULL, &index, NULL) == 0);
	must(ask_all(index) == summary->n_variants);
	vidx_close(index);
	must(unlink(index_path) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vx_build_summary summary;
	struct vidx_error err = {0};
	char input[64];
	const char *inputs[2] = {input, input};
	struct vx_build_options options = {.output = index_path, .inputs = inputs, .threads = 1};
	int fd;

	if (size < 1)
		return 0;
	if (!folder[0])
		prepare();
	fd = memfd_create("input", 0);
	if (fd < 0 || write(fd, data + 1, size - 1) != (ssize_t)size - 1)
		return 0;
	snprintf(input, sizeof input, "/proc/self/fd/%d", fd);
	options.n_inputs = data[0] & 1 ? 2 : 1;
	options.assembly = data[0] & 2 ? "GRCh38" : "test";
	options.hash_bits = data[0] & 4 ? 2 : 64;
	options.counts = data[0] & 8 ? VX_COUNTS_INFO : VX_COUNTS_AUTO;
	options.strict = data[0] >> 4 & 1;
	options.pass_only = data[0] >> 5 & 1;
	options.no_ids = data[0] >> 6 & 1;
	if (vx_build(&options, &summary, &err) == 0)
		check(&summary);
	else
		must(err.status < 0 && err.text[0] && !strchr(err.text, '\n') &&
		     access(index_path, F_OK) != 0);
	close(fd);
	return 0;
}
