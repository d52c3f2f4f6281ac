/*
 * Any bytes as FASTA, plain or BGZF, alone or with any bytes as its .fai (bit 0 of the first byte;
 * the .fai then follows the first NUL byte): refused, or sequences whose bases can be asked for.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "allele/fasta.h"
#include "allele/reference.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[64], fasta_path[80], fai_path[80];

static void must(int fact)
{
	if (!fact)
		abort();
}

static void at_end(void)
{
	unlink(fasta_path);
	unlink(fai_path);
	rmdir(folder);
}

static void prepare(void)
{
	snprintf(folder, sizeof folder, "%s/vidx-fuzz-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : P_tmpdir);
	must(mkdtemp(folder) != NULL);
	snprintf(fasta_path, sizeof fasta_path, "%s/f.fa", folder);
	snprintf(fai_path, sizeof fai_path, "%s/f.fa.fai", folder);
	setenv("TMPDIR", folder, 1);
	atexit(at_end);
}

static void write_file(const char *path, const uint8_t *p, size_t len)
{
	FILE *f = fopen(path, "w");

	must(f && fwrite(p, 1, len, f) == len && fclose(f) == 0);
}

/* Spans at both ends, whatever length the file claims. */
static void read_spans(struct vx_fasta *fasta)
{
	char out[600];

	for (uint32_t i = 0; i < vx_fasta_count(fasta) && i < 8; i++) {
		uint64_t len = vx_fasta_length(fasta, i);

		must(vx_fasta_name(fasta, i).len > 0);
		must(vx_fasta_find(fasta, vx_fasta_name(fasta, i)) <= i);
		for (int k = 0; k < 3; k++) {
			struct vidx_error err = {0};
			struct vx_fasta_span span = {i, 0, len < 500 ? (size_t)len : 500};

			span.beg0 = k == 0 ? 0 : k == 1 ? len - span.n : len / 2;
			if (k == 2 && span.n > len - span.beg0)
				span.n = (size_t)(len - span.beg0);
			if (vx_fasta_read(fasta, span, out, &err) != 0) {
				must(err.status < 0 && err.text[0] && !strchr(err.text, '\n'));
				continue;
			}
			for (size_t b = 0; b < span.n; b++)
				must(memchr("ACGTN", out[b], 5) != NULL);
		}
	}
}

static void look(struct vx_reference *reference, const struct vx_fasta *fasta)
{
	struct vx_reference_view view;

	vx_reference_view_init(&view, reference);
	for (uint32_t i = 0; i < vx_fasta_count(fasta) && i < 8; i++) {
		uint64_t len = vx_fasta_length(fasta, i);
		uint64_t pos0[] = {0, len ? len - 1 : 0, len / 2, len, 1};

		for (int k = 0; k < 5; k++) {
			int rc = vx_reference_look(&view, i, pos0[k], NULL);

			must((rc == VIDX_END) == (pos0[k] >= len) || rc < 0);
			if (rc == 0)
				must(memchr("ACGTN", view.base[pos0[k] - view.beg0], 5) != NULL);
		}
	}
	vx_reference_view_release(&view);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vidx_error err = {0};
	struct vx_reference *reference;
	struct vx_fasta *fasta;
	const uint8_t *end;

	if (size < 1)
		return 0;
	if (!folder[0])
		prepare();
	end = data[0] & 1 ? memchr(data + 1, 0, size - 1) : NULL;
	write_file(fasta_path, data + 1, end ? (size_t)(end - data) - 1 : size - 1);
	if (end)
		write_file(fai_path, end + 1, (size_t)(data + size - end) - 1);
	else
		unlink(fai_path);
	if (vx_fasta_open(fasta_path, &fasta, &err) != 0) {
		must(err.status < 0 && err.text[0] && !strchr(err.text, '\n'));
		return 0;
	}
	read_spans(fasta);
	if (vx_reference_open(fasta_path, &reference, &err) == 0) {
		look(reference, fasta);
		vx_reference_close(reference);
	}
	vx_fasta_close(fasta);
	return 0;
}
