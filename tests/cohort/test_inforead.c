#include "base/digits.h"
#include "cohort/info_text.h"

Suite *cohort_inforead_suite(void);

/* Values of the map's keys in an INFO text. */
static void fill_info(const struct vx_infomap *map, struct vx_slice info,
		      struct vx_info_value *values)
{
	struct vx_slice field;

	memset(values, 0, (map->n + map->n_af + 1) * sizeof *values);
	while (vx_split(&info, ';', &field)) {
		const char *eq = memchr(field.p, '=', field.len);
		size_t key_len = eq ? (size_t)(eq - field.p) : field.len;

		for (uint32_t i = 0; i < map->n + map->n_af; i++)
			if (vx_slice_eq(map->entry[i].key, vx_slice(field.p, key_len)) &&
			    !values[i].p) {
				values[i].p = eq ? eq + 1 : field.p + field.len;
				values[i].len = (uint32_t)(field.p + field.len - values[i].p);
			}
	}
}

static enum vx_reason read_info(const struct vx_infomap *map, const char *info, uint32_t n_alts,
				uint64_t *value, struct vx_slice *bad)
{
	struct vx_info_value values[64];
	struct vx_record record = {.n_alts = n_alts, .info = values};

	fill_info(map, vx_slice_str(info), values);
	return vx_infomap_read(map, &record, value, bad);
}

#define N VX_NONE

/* AC:A AN:1 nhomalt:A AC_afr:R AN_afr:1 X:.; two groups, three metrics: AC AC_afr AN AN_afr ... */
static const struct {
	const char *info;
	uint32_t n_alts;
	const char *bad; /* the text told, or NULL */
	uint64_t value[12];
} records[] = {
	{"AC=1;AN=4;nhomalt=0", 1, NULL, {1, N, 4, N, 0, N}},
	{"AC=0001;AN=4;AC_afr=3,1;AN_afr=4", 1, NULL, {1, 1, 4, 4, N, N}},
	{"AC=1,2;AN=4;AC_afr=7,0,1;AN_afr=4,3", 2, NULL, {1, 0, 4, 4, N, N, 2, 1, 4, 3, N, N}},
	{"AC=1,.;AN=4", 2, NULL, {1, N, 4, N, N, N, N, N, 4, N, N, N}},
	{"AC=.;AN=.", 2, NULL, {N, N, N, N, N, N, N, N, N, N, N, N}},
	{"DB;AC=1;XX=4", 1, NULL, {1, N, N, N, N, N}},
	{"AN=1099511627775", 1, NULL, {N, N, 1099511627775, N, N, N}},
	{"", 1, NULL, {N, N, N, N, N, N}},
	{"AC=5;AN=4", 1, "5", {0}},
	{"AC=1,5;AN=4", 2, "1,5", {0}},
	{"AC=1;AN=4;AC_afr=1,3;AN_afr=2", 1, "1,3", {0}},
	{"AC=1;AN=4", 2, "1", {0}},
	{"AC=1,1,1;AN=4", 2, "1,1,1", {0}},
	{"AC=1,1;AN=4", 1, "1,1", {0}},
	{"AC=1;AN=4,4", 1, "4,4", {0}},
	{"AC_afr=1", 1, "1", {0}},
	{"AC=-1", 1, "-1", {0}},
	{"AC=1.0", 1, "1.0", {0}},
	{"AC=", 1, "", {0}},
	{"AC", 1, "", {0}},
	{"AC=x", 1, "x", {0}},
	{"AC=1099511627776", 1, "1099511627776", {0}},
	{"AC=99999999999999999999999", 1, "99999999999999999999999", {0}},
	{"AN=4,", 2, "4,", {0}},
};

/* The words that a scan of the text leaves beside the values. */
static void fill_words(uint32_t n, const struct vx_info_value *values, uint64_t *word)
{
	for (uint32_t i = 0; i < n; i++)
		word[i] = values[i].p ? vx_digits_word(values[i].p, values[i].len) : VX_DIGITS_NONE;
}

START_TEST(read_records)
{
	uint64_t value[64];
	struct vx_infomap map;
	struct vx_slice bad = {"?", 1};
	enum vx_reason reason;

	ck_assert_int_eq(info_build(&map, "AC:A AN:1 nhomalt:A AC_afr:R AN_afr:1", "", NULL, NULL),
			 0);
	ck_assert_uint_eq(map.groups.n, 2);
	reason = read_info(&map, records[_i].info, records[_i].n_alts, value, &bad);
	if (records[_i].bad) {
		ck_assert_msg(reason == VX_BAD_COUNTS, "%s", records[_i].info);
		ck_assert_msg(vx_slice_is(bad, records[_i].bad), "%s: %.*s", records[_i].info,
			      (int)bad.len, bad.p);
	} else {
		ck_assert_msg(reason == VX_KEPT, "%s", records[_i].info);
		for (uint32_t i = 0; i < 6 * records[_i].n_alts; i++)
			ck_assert_msg(value[i] == records[_i].value[i], "%s: %u", records[_i].info,
				      i);
	}
	vx_infomap_release(&map);
}
END_TEST

START_TEST(halved)
{
	uint64_t value[8];
	struct vx_infomap map;
	struct vx_slice bad;

	ck_assert_int_eq(info_build(&map, "AC:A AN:1 AC_Hom:A", "", NULL, NULL), 0);
	ck_assert_int_eq(read_info(&map, "AC=7;AN=9;AC_Hom=6", 1, value, &bad), VX_KEPT);
	ck_assert_uint_eq(value[2], 3);
	ck_assert_int_eq(read_info(&map, "AC=7;AN=9;AC_Hom=5", 1, value, &bad), VX_BAD_COUNTS);
	ck_assert(vx_slice_is(bad, "5"));
	vx_infomap_release(&map);
}
END_TEST

START_TEST(typed)
{
	static const uint8_t ac8[] = {1, 2, 0x81}, dot8[] = {0x80, 0x81}, neg8[] = {0xff, 1};
	static const uint8_t an16[] = {0x10, 0x27}, an32[] = {0, 0, 1, 0},
			     real[] = {0, 0, 0x80, 0x3f};
	struct vx_info_value values[8];
	struct vx_record record = {.n_alts = 2, .info = values};
	struct vx_infomap map;
	struct vx_slice bad;
	uint64_t value[8];

	ck_assert_int_eq(info_build(&map, "AC:A AN:1", "", NULL, NULL), 0);
	values[0] = (struct vx_info_value){(const char *)ac8, 3, 1};
	values[1] = (struct vx_info_value){(const char *)an16, 1, 2};
	ck_assert_int_eq(vx_infomap_read(&map, &record, value, &bad), VX_KEPT);
	ck_assert_uint_eq(value[0], 1);
	ck_assert_uint_eq(value[2], 2);
	ck_assert_uint_eq(value[1], 10000);
	ck_assert_uint_eq(value[3], 10000);
	values[1] = (struct vx_info_value){(const char *)an32, 1, 3};
	values[0] = (struct vx_info_value){(const char *)dot8, 2, 1};
	ck_assert_int_eq(vx_infomap_read(&map, &record, value, &bad), VX_KEPT);
	ck_assert_uint_eq(value[0], VX_NONE);
	ck_assert_uint_eq(value[1], 65536);
	values[0] = (struct vx_info_value){(const char *)neg8, 2, 1};
	ck_assert_int_eq(vx_infomap_read(&map, &record, value, &bad), VX_BAD_COUNTS);
	ck_assert(vx_slice_is(bad, "AC"));
	values[0] = (struct vx_info_value){(const char *)real, 1, 5};
	ck_assert_int_eq(vx_infomap_read(&map, &record, value, &bad), VX_BAD_COUNTS);
	values[0] = (struct vx_info_value){"1,2", 3, 7};
	ck_assert_int_eq(vx_infomap_read(&map, &record, value, &bad), VX_KEPT);
	vx_infomap_release(&map);
}
END_TEST

/* ALTs and then REF: AC, and AN is the sum. */
START_TEST(alts_then_ref)
{
	uint64_t value[16];
	struct vx_infomap map;
	struct vx_slice bad;

	ck_assert_int_eq(info_build(&map, "TAC:. EA_AC:. AA_AC:.", "", NULL, NULL), 0);
	ck_assert_uint_eq(map.metrics, 3);
	ck_assert_int_eq(read_info(&map, "TAC=3,7,90;EA_AC=1,2,3", 2, value, &bad), VX_KEPT);
	ck_assert_uint_eq(value[0], 3);
	ck_assert_uint_eq(value[3], 100);
	ck_assert_uint_eq(value[6], 7);
	ck_assert_uint_eq(value[9], 100);
	ck_assert_uint_eq(value[7], 2);
	ck_assert_uint_eq(value[10], 6);
	ck_assert_uint_eq(value[2], N);
	ck_assert_int_eq(read_info(&map, "TAC=3,7", 2, value, &bad), VX_BAD_COUNTS);
	ck_assert_int_eq(read_info(&map, "TAC=3,7,1,1", 2, value, &bad), VX_BAD_COUNTS);
	ck_assert_int_eq(read_info(&map, "TAC=3,x,1", 2, value, &bad), VX_BAD_COUNTS);
	vx_infomap_release(&map);
}
END_TEST

/* "ac an af": held against each other */
static const struct {
	int64_t ac, an;
	const char *af;
	int n, n_differ;
} frequencies[] = {
	{314, 2184, "0.14", 1, 0},
	{314, 2184, "0.15", 1, 1},
	{314, 2184, "0.1437729", 1, 0},
	{314, 2184, "0.1437739", 1, 1},
	{1, 285884, "3.49792e-06", 1, 0},
	{1, 285884, "3.49892e-06", 1, 1},
	{1, 285884, "3.49792E-6", 1, 0},
	{0, 100, "0", 1, 0},
	{0, 100, "0.00000e+00", 1, 0},
	{0, 100, "0.00000", 1, 0},
	{0, 100, "0.2", 1, 1},
	{0, 100, "1", 1, 1},
	{1, 100, "0", 1, 0}, /* printed without digits: anything up to a half */
	{1, 100, "0.00", 1, 1},
	{1, 100, "0.0", 1, 0},
	{100, 100, "1", 1, 0},
	{100, 100, "1.00000e+00", 1, 0},
	{1, 3, "0.33333333333333333333333333", 1, 0},
	{1, 3, "0.33333433333333333333333333", 1, 1},
	{1, 3, ".", 0, 0},
	{0, 0, "0", 0, 0},
	{1, 3, "x", 1, 1},
	{1, 3, "-0.33", 1, 1},
	{1, 3, "3.3e", 1, 1},
	{1, 3, "3.3e-9999", 1, 1},
	{1099511627775, 1099511627775, "1e0", 1, 0},
	{0, 3, "0.00000000", 1, 0},
	{0, 3, "0.00000e+00", 1, 0},
	{0, 3, "0.", 1, 0},
	{0, 3, "0.00000e+X0", 1, 1},
	{0, 3, "0.00000e", 1, 1},
	{0, 3, "0.00000ee-04", 1, 1},
	{1, 3, "0.00000", 1, 1},
	{1, 8100, "0.000123457", 1, 0},
	{1, 8100, "0.000123458", 1, 1},
	{1, 8100, "0.000123457 ", 1, 1},
	{8099, 8100, "0.999876543", 1, 0},
	{1, 81000, "1.23457e-05", 1, 0},
	{1, 81000, "1.23458e-05", 1, 1},
	{1, 81000, "1.2345Xe-05", 1, 1},
	{1, 81000, "1.23457e-X5", 1, 1},
	{1, 8, "0.12500000", 1, 0},
	{1, 8, "0.1250000", 1, 0},
	{1, 8, "0.1251001", 1, 1},
};

START_TEST(held_against)
{
	char info[128];
	uint64_t value[8];
	struct vx_infomap map;
	struct vx_slice bad;
	struct vx_info_value values[64];
	struct vx_record record = {.n_alts = 1, .info = values};
	struct vx_af_check check;
	uint64_t word[64];

	ck_assert_int_eq(info_build(&map, "AC:A AN:1 AF:AF", "", NULL, NULL), 0);
	ck_assert_uint_eq(map.n, 2);
	ck_assert_uint_eq(map.n_af, 1);
	sprintf(info, "AC=%lld;AN=%lld;AF=%s", (long long)frequencies[_i].ac,
		(long long)frequencies[_i].an, frequencies[_i].af);
	fill_info(&map, vx_slice_str(info), values);
	fill_words(map.n + map.n_af, values, word);
	for (int at_once = 0; at_once < 2; at_once++) {
		record.word = at_once ? word : NULL;
		memset(&check, 0, sizeof check);
		ck_assert_int_eq(vx_infomap_read(&map, &record, value, &bad), VX_KEPT);
		vx_infomap_check(&map, &record, value, &check);
		ck_assert_msg(check.n == (uint64_t)frequencies[_i].n &&
				      check.n_differ == (uint64_t)frequencies[_i].n_differ,
			      "%s: %llu %llu", info, (unsigned long long)check.n,
			      (unsigned long long)check.n_differ);
	}
	vx_infomap_release(&map);
}
END_TEST

/* --- real files --- */

static const struct {
	const char *file, *grammar;
	uint32_t n_groups;
	int may_be_bad;
} real[] = {
	{"gnomad_v2.0.1_genomes.vcf.gz", "gnomAD", 10, 0},
	{"gnomad_v2.0.1_exomes.vcf.gz", "gnomAD", 27, 0},
	{"gnomad_v2.1_genomes.vcf.bgz", "gnomAD", 0, 0},
	{"gnomad_v2.1_exomes_1_X_Y.vcf.bgz", "gnomAD", 0, 0},
	{"gnomad_v2.1.1_exomes_CCR5.vcf.bgz", "gnomAD", 0, 0},
	{"gnomad_v3.0_genomes_chr1.vcf.gz", "gnomAD", 0, 0},
	{"gnomad_v3.1_genomes.vcf.bgz", "gnomAD", 0, 0},
	{"gnomad_v4.0_genomes_chr1.vcf.bgz", "gnomAD", 0, 0},
	{"gnomad_v4.0_exomes_chr1.vcf.bgz", "gnomAD", 0, 0},
	{"gnomad_v4.0_exomes_chrX.vcf.bgz", "gnomAD", 0, 0},
	{"gnomad_v4.0_exomes_chrY.vcf.bgz", "gnomAD", 0, 0},
	{"gnomad_v3.1.2_small.vcf", "plain", 2, 0},
	{"1000g_30x_chr1.vcf.gz", "fill-tags", 11, 0},
	{"1000g_p3_chr22.vcf.gz", "plain", 1, 0},
	{"exac_r1_vep.vcf.gz", "ExAC", 11, 0},
	{"exac_148.vcf.gz", "ExAC", 8, 1}, /* split by a tool that left the counts of both ALTs */
	{"helixmtdb.vcf.bgz", "mtDNA", 1, 0},
};

/* The number of ALT a in a value such as "1,2", or one for all; VX_NONE for '.'. */
static uint64_t model_number(const struct vx_infomap_entry *e, struct vx_info_value v, uint32_t a,
			     uint32_t n_alts)
{
	struct vx_slice rest = vx_slice(v.p, v.len), field;
	uint32_t n = 0;

	if (!v.p)
		return VX_NONE;
	for (uint32_t i = 0; i < v.len; i++)
		n += v.p[i] == ',';
	for (uint32_t i = 0; vx_split(&rest, ',', &field); i++)
		if (i == a || n + 1 != n_alts)
			break;
	return vx_slice_is(field, ".") ? VX_NONE : strtoull(field.p, NULL, 10) / e->divide;
}

/* Has a key another number of values than there are ALTs? */
static int wrong_number(const struct vx_infomap *map, const struct vx_info_value *values,
			uint32_t n_alts)
{
	for (uint32_t i = 0; i < map->n; i++) {
		uint32_t n = 1;

		for (uint32_t k = 0; k < values[i].len; k++)
			n += values[i].p[k] == ',';
		if (values[i].p && map->entry[i].per_alt && n != n_alts)
			return 1;
	}
	return 0;
}

/* All counts at once give what they give key by key, and so do the frequencies. */
static void check_at_once(const struct vx_infomap *map, struct vx_record *record,
			  const uint64_t *value)
{
	size_t n = (size_t)__builtin_popcount(map->metrics) * map->groups.n * record->n_alts;
	uint64_t *word = malloc((map->n + map->n_af + 1) * sizeof *word);
	uint64_t *again = malloc((n + 1) * sizeof *again);
	struct vx_af_check by_key = {0, 0}, at_once = {0, 0};
	struct vx_slice bad;

	vx_infomap_check(map, record, value, &by_key);
	fill_words(map->n + map->n_af, record->info, word);
	record->word = word;
	ck_assert_int_eq(vx_infomap_read(map, record, again, &bad), VX_KEPT);
	ck_assert_mem_eq(again, value, n * sizeof *again);
	vx_infomap_check(map, record, value, &at_once);
	ck_assert_uint_eq(at_once.n, by_key.n);
	ck_assert_uint_eq(at_once.n_differ, by_key.n_differ);
	record->word = NULL;
	free(word);
	free(again);
}

static uint64_t check_record(const struct vx_infomap *map, struct vx_slice line, int may_be_bad)
{
	struct vx_slice column[8], rest = line;
	struct vx_info_value *values = malloc((map->n + map->n_af + 1) * sizeof *values);
	struct vx_record record = {.n_alts = 1, .info = values};
	uint64_t *value, n_numbers = 0;
	struct vx_slice bad = {"", 0};
	size_t stride = (size_t)__builtin_popcount(map->metrics) * map->groups.n;

	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(vx_split(&rest, '\t', &column[i]), 1);
	for (size_t i = 0; i < column[4].len; i++)
		record.n_alts += column[4].p[i] == ',';
	fill_info(map, column[7], values);
	value = malloc(record.n_alts * stride * sizeof *value);
	if (vx_infomap_read(map, &record, value, &bad) != VX_KEPT) {
		if (!may_be_bad || !wrong_number(map, values, record.n_alts))
			ck_abort_msg("%.*s:%.*s: %.*s", (int)column[0].len, column[0].p,
				     (int)column[1].len, column[1].p, (int)bad.len, bad.p);
		free(values);
		free(value);
		return 0;
	}
	check_at_once(map, &record, value);
	for (uint32_t i = 0; i < map->n; i++) {
		const struct vx_infomap_entry *e = &map->entry[i];
		int slot = __builtin_popcount(map->metrics & ((1u << e->metric) - 1));

		for (uint32_t a = 0; a < record.n_alts; a++) {
			uint64_t got = value[a * stride + (size_t)slot * map->groups.n + e->group];

			ck_assert_msg(got == model_number(e, values[i], a, record.n_alts),
				      "%.*s:%.*s %.*s", (int)column[0].len, column[0].p,
				      (int)column[1].len, column[1].p, (int)e->key.len, e->key.p);
			n_numbers += got != VX_NONE;
		}
	}
	free(values);
	free(value);
	return n_numbers;
}

START_TEST(real_files)
{
	const struct vx_infomap_options options = {0};
	struct vx_infomap map;
	struct vidx_error err = {0};
	struct vx_header header;
	struct vx_slice text, rest, line;
	char *owned = header_of_file(real[_i].file, 24 << 20, &text);
	uint64_t n_numbers = 0, n_records = 0;
	size_t header_len = 0;

	if (!owned) {
		printf("infomap: %s is absent, skipped\n", real[_i].file);
		return;
	}
	while (header_len < text.len && text.p[header_len] == '#')
		header_len +=
			(size_t)((char *)memchr(text.p + header_len, '\n', text.len - header_len) -
				 (text.p + header_len)) +
			1;
	header_fill(&header, vx_slice(text.p, header_len));
	ck_assert_msg(vx_infomap_build(&map, &header, &options, real[_i].file, &err) == 0, "%s",
		      err.text);
	ck_assert_str_eq(map.grammar, real[_i].grammar);
	if (real[_i].n_groups)
		ck_assert_msg(map.groups.n == real[_i].n_groups, "%u: %s", map.groups.n,
			      info_names(&map));
	rest = vx_slice(text.p + header_len, text.len - header_len);
	while (vx_split(&rest, '\n', &line)) {
		if (!rest.p)
			break; /* the last may be cut */
		if (line.len == 0)
			continue;
		n_numbers += check_record(&map, line, real[_i].may_be_bad);
		n_records++;
	}
	printf("infomap: %s: %s, %u groups, %u keys, %u not mapped; %llu numbers of %llu records\n",
	       real[_i].file, map.grammar, map.groups.n, map.n, map.n_ignored,
	       (unsigned long long)n_numbers, (unsigned long long)n_records);
	ck_assert_uint_gt(n_numbers, 0);
	vx_infomap_release(&map);
	header_clear(&header);
	free(owned);
}
END_TEST

Suite *cohort_inforead_suite(void)
{
	Suite *s = suite_create("cohort_inforead");
	TCase *t = tcase_create("inforead");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, read_records, 0, sizeof records / sizeof *records);
	tcase_add_test(t, halved);
	tcase_add_test(t, alts_then_ref);
	tcase_add_loop_test(t, held_against, 0, sizeof frequencies / sizeof *frequencies);
	tcase_add_test(t, typed);
	tcase_add_loop_test(t, real_files, 0, sizeof real / sizeof *real);
	suite_add_tcase(s, t);
	return s;
}
