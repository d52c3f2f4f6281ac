#include "render/json.h"

#include "query/fixture.h"

#include <math.h>

Suite *render_json_suite(void);

static const struct {
	const char *bytes, *json;
} texts[] = {
	{"", "\"\""},
	{"plain text", "\"plain text\""},
	{"a\"b\\c/d", "\"a\\\"b\\\\c/d\""},
	{"\t\n\r\x01\x1f\x7f", "\"\\u0009\\u000a\\u000d\\u0001\\u001f\\u007f\""},
	{"\xc3\xa9\xe2\x82\xac\xf0\x9f\xa7\xac", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\xa7\xac\""},
	/* cut, overlong, surrogate, beyond U+10FFFF, a lone tail */
	{"\xc3", "\"\xef\xbf\xbd\""},
	{"\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
	{"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
	{"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	{"\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	{"a\x80z", "\"a\xef\xbf\xbdz\""},
};

START_TEST(escapes)
{
	struct vx_buf buf;
	struct vx_json json = {&buf, 0};

	vx_buf_init(&buf);
	vx_json_text(&json, NULL, vx_slice_str(texts[_i].bytes));
	vx_buf_addc(&buf, '\0');
	ck_assert_str_eq((char *)buf.p, texts[_i].json);
	vx_buf_release(&buf);
}
END_TEST

START_TEST(nests)
{
	struct vx_buf buf;
	struct vx_json json = {&buf, 0};

	vx_buf_init(&buf);
	vx_json_begin(&json, NULL, '{');
	vx_json_count(&json, "n", UINT64_MAX);
	vx_json_begin(&json, "list", '[');
	vx_json_text(&json, NULL, vx_slice_str("a"));
	vx_json_begin(&json, NULL, '{');
	vx_json_end(&json, '}');
	vx_json_null(&json, NULL);
	vx_json_end(&json, ']');
	vx_json_fraction(&json, "f", 0.25);
	vx_json_fraction(&json, "nan", NAN);
	vx_json_end(&json, '}');
	vx_buf_addc(&buf, '\0');
	ck_assert_str_eq((char *)buf.p, "{\"n\":18446744073709551615,\"list\":[\"a\",{},null],"
					"\"f\":0.25,\"nan\":null}");
	vx_buf_release(&buf);
}
END_TEST

/* What is not finite is a string: null is what is missing. */
START_TEST(floats)
{
	struct vx_buf buf;
	struct vx_json json = {&buf, 0};

	vx_buf_init(&buf);
	vx_json_begin(&json, NULL, '[');
	vx_json_float(&json, NULL, 0.1f);
	vx_json_float(&json, NULL, INFINITY);
	vx_json_float(&json, NULL, -INFINITY);
	vx_json_float(&json, NULL, NAN);
	vx_json_end(&json, ']');
	vx_buf_addc(&buf, '\0');
	ck_assert_str_eq((char *)buf.p, "[0.1,\"inf\",\"-inf\",\"nan\"]");
	vx_buf_release(&buf);
}
END_TEST

static const char text[] = FIXTURE_HEAD "a\t5\trs1\tA\tC\t.\t.\tAC=2;AN=4;AC_afr=0\n";

START_TEST(answers)
{
	struct fixture f;
	struct vx_view view;
	struct vx_answer answer = {.query = vx_slice_str("q")};
	struct vx_buf buf;

	vx_buf_init(&buf);
	fixture_build(&f, text, strlen(text), 64);
	fixture_open(&f, 1);
	ck_assert_int_eq(vx_view_init(&view, f.index, NULL, NULL, &f.err), 0);
	ck_assert_int_eq(vidx_parse_allele(f.index, "a-5-A-C", 7, &answer.asked, &f.err), 0);
	ck_assert_int_eq(vidx_get(f.reader, &answer.asked, &answer.site, &f.err), 0);
	vx_json_answer(&view, &answer, &buf);
	vx_buf_addc(&buf, '\0');
	ck_assert_str_eq((char *)buf.p,
			 "{\"query\":\"q\",\"contig\":\"a\",\"pos\":5,\"ref\":\"A\",\"alt\":\"C\","
			 "\"id\":\"rs1\",\"filter\":null,\"status\":\"found\",\"populations\":{"
			 "\"ALL\":{\"ac\":2,\"an\":4,\"af\":0.5,\"het\":null,\"nhomalt\":null,"
			 "\"nhemi\":null,\"faf95\":0.08884037767466557},"
			 "\"afr\":{\"ac\":0,\"an\":null,\"af\":null,\"het\":null,\"nhomalt\":null,"
			 "\"nhemi\":null,\"faf95\":null}}}\n");
	vx_buf_clear(&buf);
	answer.status = VIDX_ABSENT;
	answer.site = NULL;
	vx_json_answer(&view, &answer, &buf);
	vx_buf_addc(&buf, '\0');
	ck_assert_str_eq((char *)buf.p,
			 "{\"query\":\"q\",\"contig\":\"a\",\"pos\":5,\"ref\":\"A\",\"alt\":\"C\","
			 "\"id\":null,\"filter\":null,\"status\":\"absent\",\"populations\":{}}\n");
	vx_view_release(&view);
	vx_buf_release(&buf);
	fixture_end(&f);
}
END_TEST

static const struct {
	int status, has_numbers;
	const char *line;
} statuses[] = {
	{VIDX_ABSENT, 1,
	 "{\"query\":\"q\",\"status\":\"absent\",\"populations\":{"
	 "\"ALL\":{\"ac\":0,\"an\":12,\"af\":0},\"afr\":{\"ac\":null,\"an\":null,\"af\":null}}}\n"},
	{VIDX_ABSENT, 0, "{\"query\":\"q\",\"status\":\"absent\",\"populations\":{}}\n"},
	{VIDX_NOT_COVERED, 0, "{\"query\":\"q\",\"status\":\"not_covered\",\"populations\":{}}\n"},
	{VIDX_SUPPRESSED, 0, "{\"query\":\"q\",\"status\":\"suppressed\",\"populations\":{}}\n"},
};

START_TEST(what_is_not_found)
{
	static const uint64_t values[] = {0, UINT64_MAX, 12, UINT64_MAX};
	const struct vidx_site numbers = {
		.n_groups = 2, .metrics = 1 << VIDX_AC | 1 << VIDX_AN, .values = values};
	struct fixture f;
	struct vx_view view;
	struct vx_answer answer = {.query = vx_slice_str("q"), .status = statuses[_i].status};
	struct vx_buf buf;

	vx_buf_init(&buf);
	fixture_build(&f, text, strlen(text), 64);
	fixture_open(&f, 1);
	ck_assert_int_eq(vx_view_init(&view, f.index, NULL, "query,ac,an,af,status", &f.err), 0);
	answer.absent = statuses[_i].has_numbers ? &numbers : NULL;
	vx_json_answer(&view, &answer, &buf);
	vx_buf_addc(&buf, '\0');
	ck_assert_str_eq((char *)buf.p, statuses[_i].line);
	vx_view_release(&view);
	vx_buf_release(&buf);
	fixture_end(&f);
}
END_TEST

Suite *render_json_suite(void)
{
	Suite *s = suite_create("render_json");
	TCase *t = tcase_create("json");

	tcase_add_loop_test(t, escapes, 0, sizeof(texts) / sizeof(*texts));
	tcase_add_test(t, nests);
	tcase_add_test(t, floats);
	tcase_add_test(t, answers);
	tcase_add_loop_test(t, what_is_not_found, 0, sizeof(statuses) / sizeof(*statuses));
	suite_add_tcase(s, t);
	return s;
}
