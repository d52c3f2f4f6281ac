/*
 * opt: the options of a verb as a table, which is parsed and printed (--help) from one place; and
 * the way a failure leaves the program.
 */
#ifndef VX_CLI_OPT_H
#define VX_CLI_OPT_H

#include "vidx.h"

/* Exit codes. */
enum vx_exit {
	VX_EXIT_OK = 0,
	VX_EXIT_NOT_FOUND = 1,
	VX_EXIT_USAGE = 2,
	VX_EXIT_INPUT = 3,
	VX_EXIT_INDEX = 4,
	VX_EXIT_MACHINE = 5
};

enum vx_opt_kind {
	VX_OPT_FLAG,  /* to is an int, set to 1 */
	VX_OPT_TEXT,  /* to is a const char *, a view of argv */
	VX_OPT_NUMBER /* to is an int in [1, 1024] */
};

struct vx_opt {
	const char *name; /* long name; NULL ends a table */
	char letter;      /* or 0 */
	enum vx_opt_kind kind;
	void *to;
	const char *arg;      /* what the value is called in --help */
	const char *help;     /* NULL: not shown */
	const char *standard; /* the default, shown in brackets, or NULL */
};

/* What --help says besides the options. */
struct vx_help {
	const char *verb, *about, *usage, *examples;
};

/*
 * Parses argv (argv[0] is the verb); options may stand anywhere before "--".  Returns the index in
 * argv, now permuted, of the first argument that is no option; or -1 when the verb has to end at
 * once with *exit_ret (after --help, or a usage error that has been printed).
 */
int vx_opt_parse(const struct vx_help *help, const struct vx_opt *opts, int argc, char **argv,
		 int *exit_ret);

/* Options that every verb has; they end a table. */
struct vx_opt_common {
	int threads, verbose, quiet;
};
#define VX_OPT_COMMON(c)                                                                           \
	{"threads",                                                                                \
	 0,                                                                                        \
	 VX_OPT_NUMBER,                                                                            \
	 &(c)->threads,                                                                            \
	 "N",                                                                                      \
	 "threads to use, where more than one help",                                               \
	 "all this process may use"},                                                              \
		{"verbose",     'v',  VX_OPT_FLAG,                                                 \
		 &(c)->verbose, NULL, "say more, and end with wall, CPU and peak memory",          \
		 NULL},                                                                            \
		{"quiet", 'q', VX_OPT_FLAG, &(c)->quiet, NULL, "only warnings and errors", NULL},  \
	{                                                                                          \
		NULL, 0, VX_OPT_FLAG, NULL, NULL, NULL, NULL                                       \
	}

/* Threads to use: as said, else all that the process may. */
int vx_opt_threads(const struct vx_opt_common *common);
/* With verbose: wall and processor time and peak memory on standard error. */
void vx_opt_resources(const char *verb, const struct vx_opt_common *common, uint64_t begun_ns);

/* Prints "vidx VERB: TEXT" and returns the exit code of err->status. */
int vx_opt_fail(const char *verb, const struct vidx_error *err);
/* The same for what the command line itself got wrong: exit code 2. */
int vx_opt_usage(const char *verb, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The exit code of a value that a vidx function returned. */
int vx_opt_exit_code(int status);
/* Opens an index named on the command line; prints and returns an exit code, or 0. */
int vx_opt_open(const char *verb, const char *path, const struct vidx_open_options *options,
		struct vidx_index **index_ret, struct vidx_reader **reader_ret);

#endif
