/*
 * timed: runs commands in turns and says what each run took.
 *
 *	timed [-n ROUNDS] [-w ROUNDS] [-i] COMMAND...
 *
 * Each COMMAND is one argument.  In every round each of them runs once, one after the other, so
 * that a slow minute of the machine falls on all of them; -w rounds beforehand are not counted.
 * A command of plain words is executed as it is; one with anything for a shell in it goes through
 * sh.  Input is /dev/null (-i: ours), output goes to /dev/null.
 *
 * One line a command: wall, user and system seconds and peak memory in KiB, between tabs, each a
 * list with one number a run between commas.  User and system time and memory are those of the
 * command and of all that it waited for; memory is that of the largest process alone.
 *
 * A command that fails ends it all: what it said goes to standard error, and the status is 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_WORDS = 256, MAX_ROUNDS = 1000 };

struct run {
	double wall, user, system; /* seconds */
	long peak;                 /* KiB */
};

struct command {
	const char *text;
	char *word[MAX_WORDS]; /* of an own copy; the last is NULL */
	struct run run[MAX_ROUNDS];
	char *copy; /* what the words point into; owned */
};

struct options {
	int n_rounds, n_warm, keep_input;
};

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "timed: %s: %s\n", what, why);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

/* Cuts a command into its words, or hands it to sh. */
static void command_init(struct command *c, const char *text)
{
	char *copy = strdup(text), *save = NULL;
	int n = 0;

	if (!copy)
		die(text, "out of memory");
	c->text = text;
	c->copy = copy;
	if (strpbrk(text, "|&;<>()$`\\\"'*?[]#~={}!\n")) {
		c->word[0] = "sh";
		c->word[1] = "-c";
		c->word[2] = copy;
		return;
	}
	for (char *w = strtok_r(copy, " \t", &save); w; w = strtok_r(NULL, " \t", &save)) {
		if (n == MAX_WORDS - 1)
			die(text, "too many words");
		c->word[n++] = w;
	}
	if (n == 0)
		die("command", "no words in it");
}

static _Noreturn void become(const struct command *c, int keep_input, int errors)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0)
		_exit(127);
	if (!keep_input)
		dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(errors, STDERR_FILENO);
	execvp(c->word[0], c->word);
	dprintf(errors, "%s: %s\n", c->word[0], strerror(errno));
	_exit(127);
}

static _Noreturn void failed(const struct command *c, int errors, int status)
{
	char text[4096];
	ssize_t n = pread(errors, text, sizeof(text), 0);

	if (n > 0)
		fwrite(text, 1, (size_t)n, stderr);
	fprintf(stderr, "timed: status %d: %s\n",
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), c->text);
	exit(1);
}

static struct run run_once(const struct command *c, const struct options *opt)
{
	int errors = memfd_create("errors", MFD_CLOEXEC), status;
	struct rusage used;
	struct run r;
	double begin = now();
	pid_t pid;

	if (errors < 0)
		die("errors", strerror(errno));
	pid = fork();
	if (pid < 0)
		die("fork", strerror(errno));
	if (pid == 0)
		become(c, opt->keep_input, errors);
	while (wait4(pid, &status, 0, &used) < 0)
		if (errno != EINTR)
			die("wait", strerror(errno));
	r.wall = now() - begin;
	if (status != 0)
		failed(c, errors, status);
	close(errors);
	r.user = seconds(used.ru_utime);
	r.system = seconds(used.ru_stime);
	r.peak = used.ru_maxrss;
	return r;
}

static void print_list(const struct command *c, int n, size_t offset, char end)
{
	for (int i = 0; i < n; i++) {
		double x;

		memcpy(&x, (const char *)&c->run[i] + offset, sizeof(x));
		printf("%.6f%c", x, i + 1 < n ? ',' : end);
	}
}

static void print_runs(const struct command *c, int n)
{
	print_list(c, n, offsetof(struct run, wall), '\t');
	print_list(c, n, offsetof(struct run, user), '\t');
	print_list(c, n, offsetof(struct run, system), '\t');
	for (int i = 0; i < n; i++)
		printf("%ld%c", c->run[i].peak, i + 1 < n ? ',' : '\n');
}

static int read_number(const char *text, int least)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < least || n > MAX_ROUNDS)
		die(text, "not a number of rounds");
	return (int)n;
}

int main(int argc, char **argv)
{
	struct options opt = {.n_rounds = 5};
	struct command *command;
	int c, n;

	while ((c = getopt(argc, argv, "n:w:i")) != -1) {
		if (c == 'n')
			opt.n_rounds = read_number(optarg, 1);
		else if (c == 'w')
			opt.n_warm = read_number(optarg, 0);
		else if (c == 'i')
			opt.keep_input = 1;
		else
			return 2;
	}
	n = argc - optind;
	if (n < 1)
		die("usage", "timed [-n ROUNDS] [-w ROUNDS] [-i] COMMAND...");
	command = calloc((size_t)n, sizeof(*command));
	if (!command)
		die("commands", "out of memory");
	for (int i = 0; i < n; i++)
		command_init(&command[i], argv[optind + i]);
	for (int round = -opt.n_warm; round < opt.n_rounds; round++)
		for (int i = 0; i < n; i++)
			command[i].run[round < 0 ? 0 : round] = run_once(&command[i], &opt);
	for (int i = 0; i < n; i++) {
		print_runs(&command[i], opt.n_rounds);
		free(command[i].copy);
	}
	free(command);
	return 0;
}
