/*
 * Runs one fuzz target without libFuzzer: every file of the corpus, then simple
 * random changes of those files for a while.
 *
 *	replay_TARGET [-s SECONDS] [-S SEED] FILE-OR-DIRECTORY...
 *
 * The bytes end right before a page that cannot be read, so that reading one
 * byte too many is a fault even in a plain build.  Prints what it ran; a fault
 * kills it, after the input was left in replay-crash (see the signal handler).
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	INPUT_MAX = 1 << 20, /* bytes; longer files are cut */
	FILES_MAX = 4096,
};

struct input {
	uint8_t *data;
	size_t len;
};

static struct input inputs[FILES_MAX];
static size_t n_inputs;
static uint64_t rng_state;
static uint8_t *arena, *arena_end; /* arena_end is the guard page */
static const uint8_t *current;

static uint64_t rng(void)
{
	rng_state ^= rng_state << 13;
	rng_state ^= rng_state >> 7;
	rng_state ^= rng_state << 17;
	return rng_state;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void on_fault(int sig)
{
	int fd = open("replay-crash", O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd >= 0 && current) {
		ssize_t n = write(fd, current, (size_t)(arena_end - current));

		(void)n;
		close(fd);
	}
	signal(sig, SIG_DFL);
	raise(sig);
}

static void run_one(const uint8_t *data, size_t len)
{
	uint8_t *at = arena_end - len;

	if (len)
		memcpy(at, data, len);
	current = at;
	LLVMFuzzerTestOneInput(at, len);
	current = NULL;
}

static int load_file(const char *path)
{
	FILE *f;
	struct input *in = &inputs[n_inputs];

	if (n_inputs == FILES_MAX)
		return 0;
	f = fopen(path, "rb");
	if (!f)
		return -1;
	in->data = malloc(INPUT_MAX);
	if (!in->data) {
		fclose(f);
		return -1;
	}
	in->len = fread(in->data, 1, INPUT_MAX, f);
	fclose(f);
	n_inputs++;
	return 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int load(const char *path)
{
	struct stat st;
	struct dirent **names;
	int n, rc = 0;

	if (stat(path, &st) != 0)
		return -1;
	if (!S_ISDIR(st.st_mode))
		return load_file(path);
	n = scandir(path, &names, NULL, by_name);
	if (n < 0)
		return -1;
	for (int i = 0; i < n; i++) {
		char full[4096];

		if (names[i]->d_name[0] != '.') {
			snprintf(full, sizeof(full), "%s/%s", path, names[i]->d_name);
			rc |= load_file(full);
		}
		free(names[i]);
	}
	free(names);
	return rc;
}

/* Overwrites a few bytes, cuts, repeats a stretch, or splices two inputs. */
static size_t mutate(uint8_t *buf, const struct input *in)
{
	static const uint8_t telling[] = {0,    1,   0x7f, 0x80, 0xff, '\t',
					  '\n', ',', ';',  ':',  '.',  '/'};
	size_t len = in->len;
	unsigned n_changes = 1 + (unsigned)(rng() % 4);

	memcpy(buf, in->data, len);
	while (n_changes--) {
		uint64_t r = rng();
		size_t at = len ? (size_t)(r >> 8) % len : 0;

		if (len == 0 || r % 8 == 0) {
			const struct input *other = &inputs[rng() % n_inputs];
			size_t take = other->len ? (size_t)(rng() % (other->len + 1)) : 0;

			if (take > INPUT_MAX - at)
				take = INPUT_MAX - at;
			memcpy(buf + at, other->data, take);
			len = at + take > len ? at + take : len;
		} else if (r % 8 == 1) {
			len = at;
		} else if (r % 8 == 2) {
			size_t n = (size_t)(rng() % 16) + 1;

			if (n > len - at)
				n = len - at;
			if (len + n <= INPUT_MAX) {
				memmove(buf + at + n, buf + at, len - at);
				len += n;
			}
		} else if (r % 8 < 5) {
			buf[at] = telling[rng() % sizeof(telling)];
		} else if (r % 8 == 5) {
			buf[at] ^= (uint8_t)(1u << (rng() % 8));
		} else {
			buf[at] = (uint8_t)rng();
		}
	}
	return len;
}

static int arena_make(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	arena = mmap(NULL, INPUT_MAX + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		     -1, 0);
	if (arena == MAP_FAILED)
		return -1;
	arena_end = arena + INPUT_MAX;
	return mprotect(arena_end, page, PROT_NONE);
}

int main(int argc, char **argv)
{
	double seconds = 1, end;
	uint64_t seed = 1, n_runs = 0;
	uint8_t *buf;
	size_t n;
	int c;

	while ((c = getopt(argc, argv, "s:S:")) != -1) {
		if (c == 's')
			seconds = strtod(optarg, NULL);
		else if (c == 'S')
			seed = strtoull(optarg, NULL, 10);
		else
			return 2;
	}
	for (int i = optind; i < argc; i++) {
		if (load(argv[i]) != 0) {
			fprintf(stderr, "replay: cannot read %s\n", argv[i]);
			return 1;
		}
	}
	n = n_inputs;
	buf = malloc(INPUT_MAX);
	if (!buf || arena_make() != 0 || n == 0) {
		fprintf(stderr, "replay: no inputs, or no memory\n");
		free(buf);
		return 1;
	}
	signal(SIGSEGV, on_fault);
	signal(SIGBUS, on_fault);
	signal(SIGABRT, on_fault);
	run_one(buf, 0);
	for (size_t i = 0; i < n; i++)
		run_one(inputs[i].data, inputs[i].len);
	rng_state = seed * 0x9e3779b97f4a7c15u + 1;
	end = now() + seconds;
	for (; now() < end; n_runs++) {
		size_t len = mutate(buf, &inputs[rng() % n]);

		run_one(buf, len);
	}
	printf("%zu files, %llu changed inputs, seed %llu\n", n, (unsigned long long)n_runs,
	       (unsigned long long)seed);
	for (size_t i = 0; i < n; i++)
		free(inputs[i].data);
	free(buf);
	return 0;
}
