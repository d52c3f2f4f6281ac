/* What an open index says of itself, and what cannot be opened. */
#include "query/fixture.h"

#include <sys/resource.h>

Suite *query_reader_suite(void);

static const char text[] =
	FIXTURE_HEAD "a\t5\trs1;rs2\tA\tC\t.\tPASS\tAC=1;AN=4;AC_afr=1;AN_afr=2\n"
		     "c\t7\t.\tG\tT\t.\tq10;low\tAC=0;AN=4\n";

START_TEST(describes)
{
	struct fixture f;
	const struct vidx_description *d;
	const struct vidx_site *site;
	double af;

	fixture_build(&f, text, strlen(text), 64);
	fixture_open(&f, _i);
	d = vidx_describe(f.index);
	ck_assert_str_eq(d->assembly, "test");
	ck_assert_uint_eq(d->n_variants, 2);
	ck_assert_uint_eq(d->n_contigs, 4);
	ck_assert_uint_eq(d->n_groups, 2);
	ck_assert_str_eq(d->groups[0].name, "ALL");
	ck_assert_int_eq(d->groups[0].parent, -1);
	ck_assert_str_eq(d->groups[1].name, "afr");
	ck_assert_int_eq(d->groups[1].parent, 0);
	ck_assert_uint_eq(d->metrics, 1u << VIDX_AC | 1u << VIDX_AN);
	ck_assert_str_eq(vidx_contig_name(f.index, 1), "b:1-2");
	ck_assert_ptr_null(vidx_contig_name(f.index, 4));
	ck_assert_int_eq(vidx_group_index(f.index, "afr"), 1);
	ck_assert_int_eq(vidx_group_index(f.index, "AFR"), -1);
	ck_assert_int_eq(vidx_region(f.reader, "a", 1, 10, &f.err), 0);
	ck_assert_int_eq(vidx_next(f.reader, &site, &f.err), 0);
	ck_assert_uint_eq(site->id_len, 7);
	ck_assert_int_eq(memcmp(site->id, "rs1;rs2", 7), 0);
	ck_assert_int_eq(vidx_af(site, 1, &af), 0);
	ck_assert_double_eq(af, 0.5);
	ck_assert_int_eq(vidx_region(f.reader, "c", 7, 7, &f.err), 0);
	ck_assert_int_eq(vidx_next(f.reader, &site, &f.err), 0);
	ck_assert_uint_eq(site->id_len, 0);
	ck_assert_int_eq(memcmp(site->filter, "q10;low", site->filter_len), 0);
	ck_assert_int_eq(vidx_af(site, 1, &af), VIDX_NOVALUE);
	fixture_end(&f);
}
END_TEST

/* Two readers of one index do not see each other's walks. */
START_TEST(readers_are_apart)
{
	struct fixture f;
	struct vidx_reader *other;
	const struct vidx_site *one, *two;

	fixture_build(&f, text, strlen(text), 64);
	fixture_open(&f, _i);
	ck_assert_int_eq(vidx_reader_new(f.index, &other, &f.err), 0);
	ck_assert_int_eq(vidx_region(f.reader, "a", 1, 10, &f.err), 0);
	ck_assert_int_eq(vidx_region(other, "c", 1, 10, &f.err), 0);
	ck_assert_int_eq(vidx_next(f.reader, &one, &f.err), 0);
	ck_assert_int_eq(vidx_next(other, &two, &f.err), 0);
	ck_assert_str_eq(one->contig, "a");
	ck_assert_str_eq(two->contig, "c");
	ck_assert_int_eq(vidx_next(f.reader, &one, &f.err), VIDX_END);
	vidx_reader_free(other);
	fixture_end(&f);
}
END_TEST

START_TEST(cannot_open)
{
	struct fixture f;
	struct vidx_index *index = NULL;

	fixture_build(&f, text, strlen(text), 64);
	ck_assert_int_eq(vidx_open(f.input, NULL, &index, &f.err), VIDX_EBADINDEX);
	ck_assert_int_eq(f.err.status, VIDX_EBADINDEX);
	ck_assert_ptr_nonnull(strstr(f.err.text, f.input));
	ck_assert_int_eq(vidx_open("no/such/index", NULL, &index, &f.err), VIDX_EIO);
	ck_assert_ptr_nonnull(strstr(f.err.text, "no/such/index"));
	ck_assert_int_eq(vidx_open(NULL, NULL, &index, &f.err), VIDX_EUSAGE);
	ck_assert_int_lt(vidx_open("no/such/index", NULL, &index, NULL), 0);
	ck_assert_ptr_null(index);
	vidx_close(NULL);
	vidx_reader_free(NULL);
	fixture_end(&f);
}
END_TEST

/* Prefaulted or locked it answers as ever; a lock that is not allowed is said to be so. */
START_TEST(kept_in_memory)
{
	struct vidx_open_options options = {.sizeof_options = sizeof options};
	struct vidx_allele allele = {"a", 1, 5, "A", 1, "C", 1};
	const struct vidx_site *site;
	struct rlimit limit, none = {0, 0};
	struct fixture f;
	int rc;

	fixture_build(&f, text, strlen(text), 64);
	getrlimit(RLIMIT_MEMLOCK, &limit);
	for (int how = 0; how < 4; how++) {
		options.prefault = how == 0;
		options.lock_memory = how == 1 || how == 2;
		options.huge_pages = how == 3;
		none.rlim_max = limit.rlim_max;
		ck_assert_int_eq(setrlimit(RLIMIT_MEMLOCK, how == 2 ? &none : &limit), 0);
		rc = vidx_open(f.path, &options, &f.index, &f.err);
		ck_assert_int_eq(setrlimit(RLIMIT_MEMLOCK, &limit), 0);
		if (rc != 0) { /* who may lock anything is not held by the limit */
			ck_assert(options.lock_memory);
			ck_assert_int_eq(rc, VIDX_EIO);
			ck_assert_ptr_nonnull(strstr(f.err.text, "cannot lock"));
			continue;
		}
		ck_assert_int_eq(vidx_reader_new(f.index, &f.reader, &f.err), 0);
		ck_assert_int_eq(vidx_get(f.reader, &allele, &site, &f.err), 0);
		fixture_close(&f);
	}
	/* huge_pages is still set: nothing there, or a folder, is said by whoever opens it then. */
	ck_assert_int_eq(vidx_open("no/such/index", &options, &f.index, &f.err), VIDX_EIO);
	ck_assert_int_lt(vidx_open("/", &options, &f.index, &f.err), 0);
	options.one_shot = 1;
	ck_assert_int_eq(vidx_open(f.path, &options, &f.index, &f.err), VIDX_EUSAGE);
	f.index = NULL;
	fixture_end(&f);
}
END_TEST

Suite *query_reader_suite(void)
{
	Suite *s = suite_create("query_reader");
	TCase *t = tcase_create("reader");

	tcase_add_loop_test(t, describes, 0, 2);
	tcase_add_loop_test(t, readers_are_apart, 0, 2);
	tcase_add_test(t, cannot_open);
	tcase_add_test(t, kept_in_memory);
	suite_add_tcase(s, t);
	return s;
}
