/*
 * The one runner of all unit suites.  The list comes from the file names under
 * tests/, so a new test file needs no line here.
 *
 *	unit --list		the names of the suites, <floor>_<room>
 *	unit [SUITE...]		all, or those of these names or beginnings of names
 *
 * TEST_CPU=plain or avx2 takes wide paths from them: see plain.h.
 */
#include "plain.h"

#include <check.h>
#include <stdio.h>
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

static int wanted(const char *name, int n_args, char **args)
{
	for (int i = 0; i < n_args; i++)
		if (strncmp(name, args[i], strlen(args[i])) == 0)
			return 1;
	return n_args == 0;
}

int main(int argc, char **argv)
{
	int is_list = argc == 2 && strcmp(argv[1], "--list") == 0;
	SRunner *runner = srunner_create(NULL);
	int n_failed, n_suites = 0;

	for (const struct entry *e = suites; e->name; e++) {
		if (is_list)
			puts(e->name);
		else if (wanted(e->name, argc - 1, argv + 1))
			srunner_add_suite(runner, e->make());
		else
			continue;
		n_suites++;
	}
	if (!is_list && n_suites > 0)
		srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	if (n_suites == 0)
		fprintf(stderr, "unit: no suite is called so\n");
	return n_suites == 0 || n_failed > 0;
}
