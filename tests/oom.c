/*
 * The command with an allocator, or with system calls, that fail when they are told to.
 *
 *	oom [-a] [-i] [-m MOST] [-d FOLDER] -- VERB ARGUMENTS...
 *
 * Runs `vidx VERB ARGUMENTS...` once to count its allocations (those of the engine and the command,
 * not of the libraries below them), then again and again, and lets the first, the second, ... fail
 * (-a: that one and all after it); of more than MOST it takes the first half of MOST and the others
 * spread over the rest.  Every run must end by itself: with exit status 5, an error as its last line
 * and the files of FOLDER as they were, or, where it can do without, as the run that had all memory
 * did.  What the run allocated must be freed at its end.  Prints `N allocations, M failed one by one,
 * K did without`, or what was wrong, and exits 1.
 *
 * -i: the same for system calls, which fail with EIO; the exit status may be 3, 4 or 5.  And a run
 * whose reads and writes are all short or interrupted must do what the whole one did.
 *
 * With OOM_ONE=N in the environment only allocation N fails, in this process: for a debugger.
 *
 * Linked with --wrap for each name that is wrapped below; see the Makefile.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIVE_MAX  ((size_t)1 << 20) /* slots; a run uses some thousand */
#define TOMBSTONE ((void *)1)

/* Shared with the child under test. */
struct told {
	uint64_t n;          /* allocations so far */
	uint64_t n_failed;   /* of them */
	int64_t live;        /* not freed yet */
	uint64_t oldest;     /* which allocation the oldest of these is */
	uint64_t fail_first; /* number of the first to fail, or 0 */
	int fail_rest;       /* all that follow, too */
	int is_io;           /* system calls are counted and fail, not allocations */
	int is_short;        /* reads and writes do less */
	uint64_t n_short;
};

static struct told *told;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void *live[LIVE_MAX];
static uint64_t live_number[LIVE_MAX];
static int counting; /* in the child */

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
ssize_t __real___getdelim(char **line, size_t *cap, int end, FILE *f);
int __real_main(int argc, char **argv);

static size_t slot_of(const void *p)
{
	return (size_t)(((uintptr_t)p >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 44) % LIVE_MAX;
}

static void remember(void *p, uint64_t number)
{
	size_t i = slot_of(p);

	if (!p || !counting)
		return;
	while (live[i] && live[i] != TOMBSTONE)
		i = (i + 1) % LIVE_MAX;
	live[i] = p;
	live_number[i] = number;
	told->live++;
}

/* Memory that a library gave is not among them. */
static void forget(const void *p)
{
	if (!p || !counting)
		return;
	for (size_t i = slot_of(p); live[i]; i = (i + 1) % LIVE_MAX)
		if (live[i] == p) {
			live[i] = TOMBSTONE;
			told->live--;
			return;
		}
}

/* Whether the next one fails, with error; its number. */
static int next_fails(uint64_t *number, int error)
{
	int no;

	pthread_mutex_lock(&lock);
	*number = ++told->n;
	no = told->fail_first &&
	     (told->fail_rest ? *number >= told->fail_first : *number == told->fail_first);
	told->n_failed += (uint64_t)no;
	pthread_mutex_unlock(&lock);
	if (no)
		errno = error;
	return no;
}

static int fails(uint64_t *number)
{
	return counting && !told->is_io && next_fails(number, ENOMEM);
}

static int call_fails(void)
{
	uint64_t number;

	return counting && told->is_io && next_fails(&number, EIO);
}

static void *taken(void *p, uint64_t number)
{
	pthread_mutex_lock(&lock);
	remember(p, number);
	pthread_mutex_unlock(&lock);
	return p;
}

void *__wrap_malloc(size_t size)
{
	uint64_t k = 0;

	return fails(&k) ? NULL : taken(__real_malloc(size), k);
}

void *__wrap_calloc(size_t n, size_t size)
{
	uint64_t k = 0;

	return fails(&k) ? NULL : taken(__real_calloc(n, size), k);
}

void *__wrap_realloc(void *p, size_t size)
{
	uint64_t k = 0;

	if (fails(&k))
		return NULL;
	/* Forgotten first: another thread may be given the old address at once. */
	pthread_mutex_lock(&lock);
	forget(p);
	p = __real_realloc(p, size);
	remember(p, k);
	pthread_mutex_unlock(&lock);
	return p;
}

void __wrap_free(void *p)
{
	pthread_mutex_lock(&lock);
	forget(p);
	pthread_mutex_unlock(&lock);
	__real_free(p);
}

char *__wrap_strdup(const char *s)
{
	uint64_t k = 0;

	return fails(&k) ? NULL : taken(__real_strdup(s), k);
}

char *__wrap_strndup(const char *s, size_t n)
{
	uint64_t k = 0;

	return fails(&k) ? NULL : taken(__real_strndup(s, n), k);
}

int __wrap_asprintf(char **out, const char *format, ...)
{
	uint64_t k = 0;
	va_list args;
	int n;

	*out = NULL;
	if (fails(&k))
		return -1;
	va_start(args, format);
	n = vasprintf(out, format, args);
	va_end(args);
	taken(*out, k);
	return n;
}

ssize_t __wrap___getdelim(char **line, size_t *cap, int end, FILE *f)
{
	char *before = *line;
	uint64_t k = 0;
	ssize_t n;

	if (!before && fails(&k))
		return -1;
	n = __real___getdelim(line, cap, end, f);
	if (*line != before) {
		pthread_mutex_lock(&lock);
		forget(before);
		remember(*line, k);
		pthread_mutex_unlock(&lock);
	}
	return n;
}

/* glibc's headers may make one of the other. */
ssize_t __wrap_getline(char **line, size_t *cap, FILE *f)
{
	return __wrap___getdelim(line, cap, '\n', f);
}

#include "oom_io.h"

/* --- the folder: names, sizes and bytes of its files --- */

static uint64_t mix(uint64_t h, const void *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		h = (h ^ ((const uint8_t *)p)[i]) * UINT64_C(0x100000001b3);
	return h;
}

static uint64_t file_sum(const char *path)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	static uint8_t buf[1 << 16];
	int fd = open(path, O_RDONLY);
	ssize_t n;

	while (fd >= 0 && (n = read(fd, buf, sizeof buf)) > 0)
		h = mix(h, buf, (size_t)n);
	if (fd >= 0)
		close(fd);
	return h;
}

/* The same for the same files, in whatever order the folder has them. */
static uint64_t folder_sum(const char *folder)
{
	DIR *dir = folder ? opendir(folder) : NULL;
	uint64_t sum = 0;
	char path[4096];

	for (struct dirent *e; dir && (e = readdir(dir));) {
		if (e->d_name[0] == '.' && (!e->d_name[1] || e->d_name[1] == '.'))
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		sum += mix(file_sum(path), e->d_name, strlen(e->d_name));
	}
	if (dir)
		closedir(dir);
	return sum;
}

/* --- runs --- */

static char **verb_argv;
static int verb_argc;
static int fails_io, fails_rest;
static FILE *said; /* standard error of the run */

static void at_end(void)
{
	counting = 0;
	told->oldest = UINT64_MAX;
	for (size_t i = 0; i < LIVE_MAX; i++)
		if (live[i] && live[i] != TOMBSTONE && live_number[i] < told->oldest)
			told->oldest = live_number[i];
}

/* Returns the status of waitpid(). */
static int run(uint64_t fail_first, int is_short)
{
	int status = 0, null;
	pid_t pid;

	memset(told, 0, sizeof *told);
	told->fail_first = fail_first;
	told->fail_rest = fails_rest;
	told->is_io = fails_io;
	told->is_short = is_short;
	fflush(NULL);
	rewind(said);
	if (ftruncate(fileno(said), 0) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(fileno(said), 2);
		alarm(60);
		atexit(at_end);
		counting = 1;
		exit(__real_main(verb_argc, verb_argv));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

/* The last line of what the run said; of a run that failed it is the error. */
static const char *last_said(void)
{
	static char text[1 << 16];
	size_t n;

	rewind(said);
	n = fread(text, 1, sizeof text - 1, said);
	while (n > 0 && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	while (n > 0 && text[n - 1] != '\n')
		n--;
	return text + n;
}

/* Whether the n-th run ended as it should; says what did not. */
static int judge(uint64_t n, int status, int whole_status, int is_as_before)
{
	const char *text = last_said(), *wrong = NULL;

	if (status == -1)
		wrong = "did not run";
	else if (WIFSIGNALED(status))
		wrong = "was killed by a signal";
	else if (status != whole_status && WEXITSTATUS(status) != 5 &&
		 !(fails_io && (WEXITSTATUS(status) == 3 || WEXITSTATUS(status) == 4)))
		wrong = "ended with another exit status than 5";
	else if (WEXITSTATUS(status) == 5 && !strstr(text, fails_io ? ": " : "memory"))
		wrong = "did not say at its end what failed";
	else if (!is_as_before)
		wrong = "left other files";
	else if (told->live > 0)
		wrong = "did not free all it had";
	if (!wrong)
		return 0;
	printf("%s %llu: the run %s (status %#x, %lld left, the oldest of them %llu): %s\n",
	       fails_io ? "call" : "allocation", (unsigned long long)n, wrong, (unsigned)status,
	       (long long)told->live, told->live > 0 ? (unsigned long long)told->oldest : 0, text);
	return 1;
}

static void usage(void)
{
	fprintf(stderr, "usage: oom [-a] [-i] [-m MOST] [-d FOLDER] -- VERB ARGUMENTS...\n");
	exit(2);
}

int __wrap_main(int argc, char **argv);
int __wrap_main(int argc, char **argv)
{
	uint64_t most = UINT64_MAX, n_all, n_run = 0, n_without = 0, before, after, n_wrong = 0;
	const char *folder = NULL;
	int whole, c;

	while ((c = getopt(argc, argv, "+aim:d:")) != -1) {
		if (c == 'a')
			fails_rest = 1;
		else if (c == 'i')
			fails_io = 1;
		else if (c == 'm')
			most = strtoull(optarg, NULL, 10);
		else if (c == 'd')
			folder = optarg;
		else
			usage();
	}
	if (optind >= argc)
		usage();
	verb_argc = argc - optind + 1;
	verb_argv = argv + optind - 1;
	verb_argv[0] = argv[0];
	optind = 1;
	if (getenv("OOM_ONE")) { /* in this process, for a debugger */
		static struct told mine;

		told = &mine;
		told->fail_first = strtoull(getenv("OOM_ONE"), NULL, 10);
		told->fail_rest = fails_rest;
		told->is_io = fails_io;
		counting = 1;
		return __real_main(verb_argc, verb_argv);
	}
	told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	said = tmpfile();
	if (told == MAP_FAILED || !said)
		return 1;
	/* The files as a run leaves them: those that follow start from these. */
	whole = run(0, 0);
	n_all = told->n;
	if (judge(0, whole, whole, 1) || !WIFEXITED(whole) || WEXITSTATUS(whole) > 1) {
		printf("with all memory: status %#x: %s\n", (unsigned)whole, last_said());
		return 1;
	}
	before = after = folder_sum(folder);
	for (uint64_t k = 0; k < most && k < n_all && n_wrong < 5; k++, n_run++) {
		uint64_t n = k + 1;
		int status;

		if (n_all > most && k >= most / 2)
			n = most / 2 + (k - most / 2 + 1) * (n_all - most / 2) / (most - most / 2);
		status = run(n, 0);
		n_without += status == whole && told->n_failed > 0;
		after = folder_sum(folder);
		n_wrong += (uint64_t)judge(n, status, whole, after == before);
		before = after;
	}
	if (fails_io) {
		int status = run(0, 1);

		n_wrong += (uint64_t)judge(0, status, whole, folder_sum(folder) == before);
		if (status != whole && ++n_wrong)
			printf("short reads and writes: status %#x: %s\n", (unsigned)status,
			       last_said());
	}
	printf("%llu %s, %llu failed one by one, %llu did without\n", (unsigned long long)n_all,
	       fails_io ? "calls" : "allocations", (unsigned long long)n_run,
	       (unsigned long long)n_without);
	return n_wrong > 0;
}
