/* Any bytes as the file of --callable: refused with a text, or rows on contigs that there are. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/pos.h"
#include "cohort/calltext.h"
#include "input/lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct vx_contigs *contigs;
static struct vx_groups groups;

static void make_tables(void)
{
	static const char *const names[] = {"ALL", "afr", "eur", "eur_XX"};
	struct vx_header header = {.n_contigs = 0};

	if (vx_contigs_new("GRCh38", &header, "fuzz", &contigs, NULL) != 0)
		abort();
	vx_groups_init(&groups);
	if (vx_groups_build(&groups, names, 4, NULL, NULL, 0, NULL) != 0)
		abort();
}

static void check_row(const struct vx_calltext *text, const struct vx_calltext_row *row)
{
	const uint32_t *group;
	uint32_t n = vx_calltext_columns(text, &group);

	if ((row->contig >= vx_contigs_count(contigs) && row->contig != VX_NO_CONTIG) ||
	    row->name.len == 0 || row->beg0 >= row->end0 || row->end0 > VX_POS0_MAX ||
	    vx_calltext_kind(text) == VX_CALL_NOT_KNOWN || n > groups.n ||
	    (vx_calltext_kind(text) == VX_CALL_BED && n > 0))
		abort();
	for (uint32_t i = 0; i < n; i++)
		if (group[i] >= groups.n || (i > 0 && group[i] <= group[i - 1]) ||
		    (row->an[i] > VX_COUNT_MAX && row->an[i] != VX_NONE))
			abort();
	vx_calltext_covers(row->an, group, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("callable", 0), rc;
	struct vx_calltext *text = NULL;
	struct vx_lines *lines = NULL;
	struct vidx_error err = {0};
	struct vx_calltext_row row;
	struct vx_slice line;

	if (!contigs)
		make_tables();
	if (fd < 0)
		return 0;
	if ((size && write(fd, data, size) != (ssize_t)size) || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	if (vx_lines_open_fd(fd, "callable", &lines, &err) != 0 ||
	    vx_calltext_new(contigs, &groups, "callable", &text, &err) != 0)
		abort();
	while ((rc = vx_lines_next(lines, &line, &err)) == 0) {
		rc = vx_calltext_line(text, line, vx_lines_number(lines), &row, &err);
		if (rc == 0)
			check_row(text, &row);
		else if (rc < 0)
			break;
	}
	if (rc < 0 && (err.status != rc || !err.text[0] || strchr(err.text, '\n')))
		abort();
	vx_calltext_free(text);
	vx_lines_close(lines);
	close(fd);
	return 0;
}
