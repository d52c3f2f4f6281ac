#include "cli/opt.h"

#include "base/clock.h"
#include "base/slice.h"
#include "base/text.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAX_OPTS 40
/* getopt_long() returns this plus the place in the table, out of the way of letters. */
#define FIRST_VALUE 256
#define HELP_VALUE  255

int vx_opt_exit_code(int status)
{
	switch (status) {
	case VIDX_EUSAGE:
		return VX_EXIT_USAGE;
	case VIDX_EBADINPUT:
	case VIDX_ECONFLICT:
		return VX_EXIT_INPUT;
	case VIDX_EBADINDEX:
	case VIDX_EVERSION:
		return VX_EXIT_INDEX;
	case VIDX_ENOMEM:
	case VIDX_EIO:
	case VIDX_EFULL:
		return VX_EXIT_MACHINE;
	}
	return status > 0 ? VX_EXIT_NOT_FOUND : VX_EXIT_OK;
}

int vx_opt_fail(const char *verb, const struct vidx_error *err)
{
	fprintf(stderr, "vidx %s: %s\n", verb,
		err->text[0] ? err->text : vidx_status_name(err->status));
	return vx_opt_exit_code(err->status);
}

int vx_opt_usage(const char *verb, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < 32 || *c == 127)
			*c = '?';
	fprintf(stderr, "vidx %s: %s; see 'vidx %s --help'\n", verb, text, verb);
	return VX_EXIT_USAGE;
}

int vx_opt_open(const char *verb, const char *path, const struct vidx_open_options *options,
		struct vidx_index **index_ret, struct vidx_reader **reader_ret)
{
	struct vidx_error err = {0};
	int rc;

	*index_ret = NULL;
	*reader_ret = NULL;
	rc = vidx_open(path, options, index_ret, &err);
	if (rc < 0) {
		vx_opt_fail(verb, &err);
		/* A file that cannot be opened is the index's fault, not the machine's. */
		return rc == VIDX_EIO ? VX_EXIT_INDEX : vx_opt_exit_code(rc);
	}
	rc = vidx_reader_new(*index_ret, reader_ret, &err);
	if (rc < 0) {
		vidx_close(*index_ret);
		*index_ret = NULL;
		return vx_opt_fail(verb, &err);
	}
	return 0;
}

int vx_opt_threads(const struct vx_opt_common *common)
{
	return common->threads ? common->threads : vx_default_threads();
}

void vx_opt_resources(const char *verb, const struct vx_opt_common *common, uint64_t begun_ns)
{
	if (common->verbose)
		fprintf(stderr, "vidx %s: wall %.3f s, CPU %.3f s, peak memory %.1f MB\n", verb,
			(double)(vx_now_ns() - begun_ns) / 1e9, (double)vx_cpu_ns() / 1e9,
			(double)vx_peak_bytes() / 1e6);
}

static void print_help(const struct vx_help *help, const struct vx_opt *opts)
{
	printf("About:   %s\nUsage:   vidx %s %s\n\nOptions:\n", help->about, help->verb,
	       help->usage);
	for (const struct vx_opt *o = opts; o->name; o++) {
		char left[64], letter[8] = "    ";

		if (!o->help)
			continue;
		if (o->letter)
			snprintf(letter, sizeof letter, "-%c, ", o->letter);
		snprintf(left, sizeof left, "%s--%s%s%s", letter, o->name, o->arg ? " " : "",
			 o->arg ? o->arg : "");
		printf("  %-30s %s", left, o->help);
		if (o->standard)
			printf(" [%s]", o->standard);
		printf("\n");
	}
	printf("  %-30s %s\n\nExamples:\n%s", "-h, --help", "this text", help->examples);
}

/* Puts the value of one option where it belongs.  0, or VX_EXIT_USAGE. */
static int take(const char *verb, const struct vx_opt *opt, const char *value)
{
	uint64_t n;

	switch (opt->kind) {
	case VX_OPT_FLAG:
		*(int *)opt->to = 1;
		return 0;
	case VX_OPT_TEXT:
		*(const char **)opt->to = value;
		return 0;
	case VX_OPT_NUMBER:
		if (!vx_parse_u64(vx_slice_str(value), 1024, &n) || n == 0)
			return vx_opt_usage(verb, "--%s takes a number from 1 to 1024: '%s'",
					    opt->name, value);
		*(int *)opt->to = (int)n;
		return 0;
	}
	return 0;
}

/* The tables that getopt_long() wants. */
static int make_tables(const struct vx_opt *opts, struct option *longs, char *letters)
{
	int n = 0;

	*letters++ = ':';
	*letters++ = 'h';
	for (; n < MAX_OPTS - 2 && opts[n].name; n++) {
		int has_arg = opts[n].kind != VX_OPT_FLAG;

		longs[n] = (struct option){opts[n].name, has_arg, NULL, FIRST_VALUE + n};
		if (opts[n].letter) {
			*letters++ = opts[n].letter;
			if (has_arg)
				*letters++ = ':';
		}
	}
	*letters = '\0';
	longs[n] = (struct option){"help", 0, NULL, HELP_VALUE};
	longs[n + 1] = (struct option){NULL, 0, NULL, 0};
	return n;
}

static const struct vx_opt *by_code(const struct vx_opt *opts, int n, int code)
{
	if (code >= FIRST_VALUE)
		return &opts[code - FIRST_VALUE];
	for (int i = 0; i < n; i++)
		if (opts[i].letter == code)
			return &opts[i];
	return NULL;
}

int vx_opt_parse(const struct vx_help *help, const struct vx_opt *opts, int argc, char **argv,
		 int *exit_ret)
{
	struct option longs[MAX_OPTS];
	char letters[2 * MAX_OPTS + 3];
	int n = make_tables(opts, longs, letters), code;

	optind = 1;
	opterr = 0;
	*exit_ret = VX_EXIT_USAGE;
	while ((code = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const struct vx_opt *opt = by_code(opts, n, code);

		if (code == 'h' || code == HELP_VALUE) {
			print_help(help, opts);
			*exit_ret = fflush(stdout) == 0 ? VX_EXIT_OK : VX_EXIT_MACHINE;
			return -1;
		}
		if (code == ':') {
			vx_opt_usage(help->verb, "'%s' needs a value", argv[optind - 1]);
			return -1;
		}
		if (!opt) {
			if (optopt > 0 && optopt < HELP_VALUE)
				vx_opt_usage(help->verb, "no option '-%c'", optopt);
			else if (optopt)
				vx_opt_usage(help->verb, "'%s' takes no value", argv[optind - 1]);
			else
				vx_opt_usage(help->verb, "no option '%s'", argv[optind - 1]);
			return -1;
		}
		if (take(help->verb, opt, optarg) != 0)
			return -1;
	}
	*exit_ret = VX_EXIT_OK;
	return optind;
}
