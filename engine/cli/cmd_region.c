#include "cli/cmd.h"

#include "base/pos.h"
#include "base/status.h"
#include "base/text.h"
#include "cli/ask.h"
#include "query/locus.h"
#include "query/range.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const struct vx_help help = {
	"region",
	"list the variants whose span overlaps a region, in genome order",
	"[options] INDEX REGION...",
	"  vidx region cohort.vidx chr1:55,039,000-55,065,000 chrX\n"
	"  vidx region cohort.vidx chr1:55039000-            to the end of the contig\n"
	"  vidx region cohort.vidx '{HLA:01}:100-200'        a contig with a colon in its name\n"
	"  vidx region cohort.vidx -R genes.bed --populations ALL --wide\n",
};

struct list {
	struct vx_region *region;
	size_t n, cap;
	size_t n_given; /* those of the command line; the others are from a BED file */
	int n_unknown;  /* lines of it on contigs that the index lacks */
};

static int add(struct list *list, const struct vx_region *region, struct vidx_error *err)
{
	if (list->n == list->cap) {
		size_t cap = list->cap ? 2 * list->cap : 64;
		struct vx_region *grown = realloc(list->region, cap * sizeof *grown);

		if (!grown)
			return vx_fail_nomem(err);
		list->region = grown;
		list->cap = cap;
	}
	list->region[list->n++] = *region;
	return 0;
}

static int is_blank(int c)
{
	return c == ' ' || c == '\t';
}

/* One line of a BED file: CHROM BEG0 END0. */
static int add_bed_line(struct list *list, const struct vx_contigs *contigs, struct vx_slice line,
			struct vidx_error *err)
{
	struct vx_slice field[3];
	struct vx_region region;
	size_t at = 0;

	while (line.len && (line.p[line.len - 1] == '\n' || line.p[line.len - 1] == '\r'))
		line.len--;
	if (line.len == 0 || line.p[0] == '#' || strncmp(line.p, "track ", 6) == 0 ||
	    strncmp(line.p, "browser ", 8) == 0)
		return 0;
	for (int i = 0; i < 3; i++) {
		size_t beg = at;

		while (at < line.len && !is_blank(line.p[at]))
			at++;
		field[i] = vx_slice(line.p + beg, at - beg);
		while (at < line.len && is_blank(line.p[at]))
			at++;
	}
	if (!vx_parse_u64(field[1], VX_POS0_MAX, &region.beg0) ||
	    !vx_parse_u64(field[2], VX_POS0_MAX, &region.end0) || region.end0 < region.beg0)
		return vx_fail(err, VIDX_EBADINPUT, "not CHROM, BEG and END: '%.*s'",
			       line.len < 100 ? (int)line.len : 100, line.p);
	region.contig = vx_contigs_find(contigs, field[0]);
	if (region.contig == VX_NO_CONTIG) {
		list->n_unknown++;
		return 0;
	}
	return region.beg0 == region.end0 ? 0 : add(list, &region, err);
}

static int add_bed(struct list *list, const struct vx_contigs *contigs, const char *path,
		   struct vidx_error *err)
{
	int is_stdin = strcmp(path, "-") == 0, rc = 0;
	FILE *f = is_stdin ? stdin : fopen(path, "re");
	uint64_t number = 0;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	if (!f)
		return vx_fail(err, VIDX_EBADINPUT, "%s: cannot open: %s", path, strerror(errno));
	while (rc == 0 && (len = getline(&line, &cap, f)) >= 0) {
		struct vidx_error fault = {0};

		number++;
		rc = add_bed_line(list, contigs, vx_slice(line, (size_t)len), &fault);
		if (rc < 0)
			rc = vx_fail(err, rc, "%s: line %" PRIu64 ": %s", path, number, fault.text);
	}
	if (rc == 0 && !feof(f)) /* getline() also ends where memory does */
		rc = errno == ENOMEM
			     ? vx_fail_nomem(err)
			     : vx_fail(err, VIDX_EIO, "%s: cannot read: %s", path, strerror(errno));
	free(line);
	if (!is_stdin)
		fclose(f);
	return rc;
}

/* The query column: the words of the command line, or what a BED line comes to. */
static struct vx_slice label(const struct list *list, size_t i, char **words, char *text,
			     const struct vidx_index *index)
{
	const struct vx_region *r = &list->region[i];
	int n;

	if (i < list->n_given)
		return vx_slice_str(words[i]);
	n = snprintf(text, 512, "%s:%" PRIu64 "-%" PRIu64, vidx_contig_name(index, r->contig),
		     vx_pos1(r->beg0), r->end0);
	return vx_slice(text, n < 512 ? (size_t)n : 511);
}

static int answer_all(struct vx_ask *ask, const struct list *list, char **words,
		      struct vidx_error *err)
{
	struct vx_answer answer = {0};
	char text[512];
	int rc;

	vx_ask_header(ask);
	for (size_t i = 0; i < list->n; i++) {
		const struct vx_region *r = &list->region[i];

		answer.query = label(list, i, words, text, ask->index);
		vx_range_span(ask->reader, r->contig, r->beg0, r->end0);
		while ((rc = vidx_next(ask->reader, &answer.site, err)) == 0) {
			if (vx_ask_hides(ask, answer.site))
				continue;
			rc = vx_ask_answer(ask, &answer, err);
			if (rc < 0)
				break;
		}
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int run(struct vx_ask *ask, const char *bed, int n_words, char **words)
{
	const struct vx_contigs *contigs = ask->index->meta->contigs;
	struct vidx_error err = {0};
	struct list list = {0};
	int rc = 0;

	for (int i = 0; i < n_words && rc == 0; i++) {
		struct vx_region region;

		rc = vx_locus_parse_region(contigs, vx_slice_str(words[i]), &region, &err);
		if (rc == 0)
			rc = add(&list, &region, &err);
	}
	list.n_given = list.n;
	if (rc == 0 && bed)
		rc = add_bed(&list, contigs, bed, &err);
	if (rc == 0 && list.n_unknown && !ask->common.quiet)
		fprintf(stderr,
			"vidx region: warning: %s: contigs that are not in the index: %d line%s\n",
			bed, list.n_unknown, list.n_unknown == 1 ? "" : "s");
	if (rc == 0)
		rc = vx_index_read_rest(ask->index, &err);
	if (rc == 0)
		rc = answer_all(ask, &list, words, &err);
	free(list.region);
	return rc < 0 ? vx_opt_fail("region", &err) : VX_EXIT_OK;
}

int cmd_region(int argc, char **argv)
{
	struct vx_ask ask = {0};
	const char *bed = NULL;
	const struct vx_opt opts[] = {
		{"regions-file", 'R', VX_OPT_TEXT, &bed, "BED",
		 "regions of a BED file (0-based, half-open); - is standard input", "none"},
		{"reference", 0, VX_OPT_TEXT, &ask.reference, "FASTA",
		 "refuse an index whose contigs are not those of this reference", "none"},
		VX_ASK_OPTIONS(&ask),
		{"json", 0, VX_OPT_FLAG, &ask.json, NULL,
		 "JSON Lines: an object per region and variant", "tab-separated"},
		{"wide", 0, VX_OPT_FLAG, &ask.wide, NULL,
		 "one line per variant, columns ac_ALL ...", "a line per population"},
		VX_OPT_COMMON(&ask.common),
	};
	int code, first = vx_opt_parse(&help, opts, argc, argv, &code);

	if (first < 0)
		return code;
	if (first >= argc)
		return vx_opt_usage("region", "no index");
	if (first + 1 >= argc && !bed)
		return vx_opt_usage("region", "no region");
	ask.verb = "region";
	code = vx_ask_begin(&ask, argv[first], 0, 1);
	if (code == 0)
		code = run(&ask, bed, argc - first - 1, argv + first + 1);
	return vx_ask_end(&ask, code);
}
