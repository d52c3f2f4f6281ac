/* vidx: the table of verbs. */
#include "cli/cmd.h"
#include "cli/opt.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *about;
} verbs[] = {
	{"build", cmd_build, "index the variants of VCF and BCF files"},
	{"get", cmd_get, "look up variants in any spelling"},
	{"region", cmd_region, "list the variants that overlap regions"},
	{"dump", cmd_dump, "write a whole index as VCF, BCF, TSV or JSON Lines"},
	{"info", cmd_info, "say what an index holds and where it came from"},
	{"verify", cmd_verify, "read and check everything in an index"},
};

#define N_VERBS (sizeof verbs / sizeof *verbs)

static void help(FILE *f)
{
	fprintf(f,
		"vidx %s: allele frequencies of a cohort, by variant\n\n"
		"Usage:   vidx VERB [options] ...\n\nVerbs:\n",
		vidx_version());
	for (size_t i = 0; i < N_VERBS; i++)
		fprintf(f, "  %-8s %s\n", verbs[i].name, verbs[i].about);
	fprintf(f,
		"\n'vidx VERB --help' lists a verb's options, defaults and examples.\n\n"
		"Exit codes: 0 ok or found, 1 not found, 2 usage, 3 input, 4 index, 5 machine\n\n"
		"Example:\n"
		"  vidx build -o cohort.vidx cohort.vcf.gz && vidx get cohort.vidx "
		"1-55051215-G-GA\n");
}

/* Steps of insertion, deletion or replacement from one short word to another. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[17];
	size_t n = strlen(b);

	if (n > 16 || strlen(a) > 16)
		return 99;
	for (unsigned j = 0; j <= n; j++)
		row[j] = j;
	for (unsigned i = 1; a[i - 1]; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= n; j++) {
			unsigned best = diagonal + (a[i - 1] != b[j - 1]);

			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[n];
}

static int unknown_verb(const char *name)
{
	char safe[40];

	snprintf(safe, sizeof safe, "%s", name);
	for (char *c = safe; *c; c++)
		if ((unsigned char)*c < 32 || *c == 127)
			*c = '?';
	for (size_t i = 0; i < N_VERBS; i++)
		if (distance(name, verbs[i].name) <= 2) {
			fprintf(stderr, "vidx: no verb '%s'; did you mean '%s'?\n", safe,
				verbs[i].name);
			return VX_EXIT_USAGE;
		}
	fprintf(stderr, "vidx: no verb '%s'; 'vidx --help' lists them\n", safe);
	return VX_EXIT_USAGE;
}

int main(int argc, char **argv)
{
	/* A reader that goes away (`vidx dump ... | head`) ends this quietly, also where the parent
	 * ignores the signal. */
	signal(SIGPIPE, SIG_DFL);
	if (argc < 2) {
		help(stderr);
		return VX_EXIT_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("vidx %s\n", vidx_version());
		return fflush(stdout) == 0 ? VX_EXIT_OK : VX_EXIT_MACHINE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		help(stdout);
		return fflush(stdout) == 0 ? VX_EXIT_OK : VX_EXIT_MACHINE;
	}
	for (size_t i = 0; i < N_VERBS; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(argc - 1, argv + 1);
	return unknown_verb(argv[1]);
}
