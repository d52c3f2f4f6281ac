/* How far symbolic alleles reach and where their mates lie, record by record. */
#include "build/span.h"

#include "allele/mate.h"
#include "base/pos.h"

#include <check.h>
#include <stdio.h>

static struct vx_contigs *contigs;
static struct vx_arena arena;

static void open_table(void)
{
	struct vx_header header = {.n_contigs = 0};
	struct vidx_error err = {0, ""};

	vx_arena_init(&arena);
	ck_assert_msg(vx_contigs_new("GRCh38", &header, "t", &contigs, &err) == 0, "%s", err.text);
}

static void close_table(void)
{
	vx_contigs_free(contigs);
	vx_arena_release(&arena);
}

static struct vx_info_value value(const char *text)
{
	return (struct vx_info_value){text, text ? (uint32_t)strlen(text) : 0, 0};
}

/* A record at chr1:1000 (REF one base): what INFO says, and what has to come of ALT i. */
struct row {
	const char *alt;
	uint32_t n_alts, i_alt;
	const char *end, *svlen, *chr2, *end2, *pos2, *strands;
	uint64_t end1;
	int64_t got_svlen;
	const char *mate; /* "contig:pos:strands", or NULL */
};

static const struct row rows[] = {
	/* END first, else SVLEN of either sign; nonsense leaves the place itself */
	{"<DEL>", 1, 0, "1500", "-499", 0, 0, 0, 0, 1500, -499, NULL},
	{"<DEL>", 1, 0, NULL, "-499", 0, 0, 0, 0, 1499, -499, NULL},
	{"<DEL>", 1, 0, NULL, "499", 0, 0, 0, 0, 1499, 499, NULL},
	{"<DEL>", 1, 0, "999", "499", 0, 0, 0, 0, 1499, 499, NULL},
	{"<DEL>", 1, 0, "999", NULL, 0, 0, 0, 0, 1000, 0, NULL},
	{"<DEL>", 1, 0, ".", ".", 0, 0, 0, 0, 1000, 0, NULL},
	{"<DEL>", 1, 0, "-5", "x", 0, 0, 0, 0, 1000, 0, NULL},
	{"<DEL>", 1, 0, "99999999999999999", NULL, 0, 0, 0, 0, 1000, 0, NULL},
	{"<DEL>", 1, 0, NULL, "4611686018427387904", 0, 0, 0, 0, 1000, 4611686018427387904, NULL},
	{"<INS:ME:ALU>", 1, 0, NULL, "280", 0, 0, 0, 0, 1000, 280, NULL},
	{"<INS>", 1, 0, "1010", "280", 0, 0, 0, 0, 1010, 280, NULL},
	{"<CN0>", 2, 0, "2000", NULL, 0, 0, 0, 0, 2000, 0, NULL},
	{"<CN=0>", 3, 0, "2000", "1000", 0, 0, 0, 0, 2000, 1000, NULL},
	{"<CNV>", 1, 0, "2000", "1000", 0, 0, 0, 0, 2000, 1000, NULL},
	/* VCF 4.4: a length for each ALT, END the farthest */
	{"<DEL>", 2, 0, "1200", "100,200", 0, 0, 0, 0, 1100, 100, NULL},
	{"<DUP>", 2, 1, "1200", "100,200", 0, 0, 0, 0, 1200, 200, NULL},
	{"<INS>", 2, 1, "1200", "200,70", 0, 0, 0, 0, 1000, 70, NULL},
	{"<DUP>", 2, 1, "1200", "200,.", 0, 0, 0, 0, 1200, 0, NULL},
	{"<DUP>", 3, 1, "1200", "200,300", 0, 0, 0, 0, 1200, 300, NULL},
	/* junctions */
	{"<BND>", 1, 0, "1000", "-1", "chr2", "500", "499", "++", 1000, -1, "2:500:++"},
	{"<BND>", 1, 0, "1001", "-1", "2", NULL, "499", NULL, 1001, -1, "2:499:."},
	{"<BND>", 1, 0, "1000", "7", "NC_000001.11", NULL, NULL, NULL, 1000, 7, "1:.:."},
	{"<BND>", 1, 0, NULL, "170329", NULL, NULL, NULL, NULL, 1000, 170329, NULL},
	{"<BND>", 1, 0, NULL, NULL, NULL, "77", NULL, NULL, 1000, 0, "1:77:."},
	{"<BND>", 1, 0, NULL, NULL, NULL, NULL, NULL, "+-", 1000, 0, "1:.:+-"},
	{"<CTX>", 1, 0, "700", NULL, "chrX", NULL, NULL, NULL, 1000, 0, "X:700:."},
	{"<CTX>", 1, 0, "7000", NULL, "chrX", NULL, NULL, NULL, 1000, 0, "X:7000:."},
	{"<CTX>", 1, 0, "1001", NULL, "chrX", "5", NULL, NULL, 1001, 0, "X:5:."},
	{"<TRA>", 1, 0, NULL, NULL, "KI270442.1", NULL, NULL, NULL, 1000, 0, "KI270442.1:.:."},
	{"<BND>", 1, 0, NULL, NULL, ".", ".", ".", ".", 1000, 0, NULL},
	{"<BND>", 1, 0, NULL, NULL, "a\tb", NULL, NULL, "+\t", 1000, 0, NULL},
	/* others name a mate only on another contig */
	{"<INS>", 1, 0, "1001", "50", "chr1", "9", NULL, "+-", 1001, 50, NULL},
	{"<INS>", 1, 0, "1001", "50", "chr2", NULL, NULL, NULL, 1001, 50, "2:.:."},
	{"<CPX>", 1, 0, "1500", "500", "chr2", "9", NULL, "+-", 1500, 500, "2:9:+-"},
	{"<DEL>", 1, 0, NULL, "-50", "chr1", "9", NULL, NULL, 1050, -50, NULL},
};

START_TEST(spans)
{
	const struct row *row = &rows[_i];
	struct vx_record record = {.n_alts = row->n_alts,
				   .end = value(row->end),
				   .svlen = value(row->svlen),
				   .chr2 = value(row->chr2),
				   .end2 = value(row->end2),
				   .pos2 = value(row->pos2),
				   .strands = value(row->strands)};
	struct vx_allele allele = {.pos0 = vx_pos0(1000), .end0 = 1000, .symbolic = 1};
	struct vx_mate mate;
	char got[64] = "";

	allele.alt = vx_slice_str(row->alt);
	ck_assert_int_eq(
		vx_span_read(&record, row->i_alt, contigs, vx_slice_str("1"), &allele, &arena), 0);
	ck_assert_msg(allele.end0 == row->end1, "row %d: ends at %llu", _i,
		      (unsigned long long)allele.end0);
	ck_assert_msg(allele.svlen == row->got_svlen, "row %d: SVLEN %lld", _i,
		      (long long)allele.svlen);
	ck_assert_msg(vx_slice_is(vx_mate_split(allele.alt, &mate), row->alt), "row %d", _i);
	if (mate.contig.len && mate.pos1)
		snprintf(got, sizeof got, "%.*s:%llu:%.*s", (int)mate.contig.len, mate.contig.p,
			 (unsigned long long)mate.pos1,
			 mate.strands.len ? (int)mate.strands.len : 1,
			 mate.strands.len ? mate.strands.p : ".");
	else if (mate.contig.len)
		snprintf(got, sizeof got, "%.*s:.:%.*s", (int)mate.contig.len, mate.contig.p,
			 mate.strands.len ? (int)mate.strands.len : 1,
			 mate.strands.len ? mate.strands.p : ".");
	ck_assert_msg(strcmp(got, row->mate ? row->mate : "") == 0, "row %d: mate '%s'", _i, got);
}
END_TEST

Suite *build_span_suite(void);
Suite *build_span_suite(void)
{
	Suite *suite = suite_create("build_span");
	TCase *tc = tcase_create("span");

	tcase_add_checked_fixture(tc, open_table, close_table);
	tcase_add_loop_test(tc, spans, 0, (int)(sizeof rows / sizeof *rows));
	suite_add_tcase(suite, tc);
	return suite;
}
