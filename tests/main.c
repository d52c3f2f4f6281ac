/*
 * The one runner of all unit suites.  The list comes from the file names under
 * tests/, so a new test file needs no line here.
 *
 *	unit [--outcomes FILE] [SUITE...]
 *
 * SUITE is <floor>_<room>, or a prefix of it (`codec` runs the whole floor).
 * FILE holds one line per script that ran before, `<exit status> <name>`: they
 * count as tests of their own, so that the last line speaks for the whole run.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUITE(floor, room) Suite *floor##_##room##_suite(void);
#include "suites.h"
#undef SUITE

struct entry {
	const char *name;
	Suite *(*make)(void);
};

static const struct entry suites[] = {
#define SUITE(floor, room) {#floor "_" #room, floor##_##room##_suite},
#include "suites.h"
#undef SUITE
	{NULL, NULL},
};

struct outcome {
	int status;
	char name[64];
};

static struct outcome outcomes[64];
static int n_outcomes;

START_TEST(script_passed)
{
	const struct outcome *o = &outcomes[_i];

	ck_assert_msg(o->status == 0, "%s failed, exit status %d: see its lines above", o->name,
		      o->status);
}
END_TEST

static int outcomes_read(const char *path)
{
	FILE *f = fopen(path, "r");
	struct outcome *o = outcomes;

	if (!f)
		return -1;
	while (n_outcomes < 64 && fscanf(f, "%d %63s", &o->status, o->name) == 2) {
		n_outcomes++;
		o++;
	}
	fclose(f);
	return 0;
}

static Suite *outcomes_suite(void)
{
	Suite *s = suite_create("scripts");
	TCase *t = tcase_create("scripts");

	tcase_add_loop_test(t, script_passed, 0, n_outcomes);
	suite_add_tcase(s, t);
	return s;
}

static int wanted(const char *name, int n_args, char **args)
{
	for (int i = 0; i < n_args; i++)
		if (strncmp(name, args[i], strlen(args[i])) == 0)
			return 1;
	return n_args == 0;
}

int main(int argc, char **argv)
{
	SRunner *runner = srunner_create(NULL);
	int n_failed, n_suites = 0;

	argv++, argc--;
	if (argc >= 2 && strcmp(argv[0], "--outcomes") == 0) {
		if (outcomes_read(argv[1]) != 0) {
			fprintf(stderr, "unit: cannot read %s\n", argv[1]);
			return 1;
		}
		srunner_add_suite(runner, outcomes_suite());
		argv += 2, argc -= 2;
	}
	for (const struct entry *e = suites; e->name; e++) {
		if (!wanted(e->name, argc, argv))
			continue;
		srunner_add_suite(runner, e->make());
		n_suites++;
	}
	if (n_suites == 0 && argc > 0) {
		fprintf(stderr, "unit: no suite is called %s\n", argv[0]);
		return 1;
	}
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? 0 : 1;
}
