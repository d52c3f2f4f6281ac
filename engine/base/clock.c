#include "base/clock.h"

#include <inttypes.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static uint64_t clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t vx_now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

uint64_t vx_cpu_ns(void)
{
	return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

uint64_t vx_peak_bytes(void)
{
	struct rusage usage;
	uint64_t kb = 0;
	char line[256];
	FILE *f = fopen("/proc/self/status", "re");

	/* VmHWM first: ru_maxrss survives exec() and then tells of the program that started this one. */
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "VmHWM: %" SCNu64, &kb) == 1)
			break;
	if (f)
		fclose(f);
	if (kb == 0 && getrusage(RUSAGE_SELF, &usage) == 0)
		kb = (uint64_t)usage.ru_maxrss;
	return kb * 1024;
}

/* The quota of one cgroup folder in processors, rounded up; 0: none said. */
static int folder_quota(const char *folder, int v2)
{
	char path[PATH_MAX + 32];
	long long quota = -1, period = 0;
	FILE *f;

	if (v2) {
		snprintf(path, sizeof path, "%s/cpu.max", folder);
		f = fopen(path, "re");
		/* "max 100000" has no quota, and fscanf reads none. */
		if (f && fscanf(f, "%lld %lld", &quota, &period) != 2)
			quota = -1;
		if (f)
			fclose(f);
	} else {
		snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", folder);
		f = fopen(path, "re");
		if (f && fscanf(f, "%lld", &quota) != 1)
			quota = -1;
		if (f)
			fclose(f);
		snprintf(path, sizeof path, "%s/cpu.cfs_period_us", folder);
		f = fopen(path, "re");
		if (f && fscanf(f, "%lld", &period) != 1)
			period = 0;
		if (f)
			fclose(f);
	}
	if (quota <= 0 || period <= 0 || quota / period >= INT_MAX)
		return 0;
	return (int)((quota + period - 1) / period);
}

/* The smallest quota from root/group up to root; inside a container group may not exist there. */
static int group_quota(const char *root, const char *group, int v2, int best)
{
	char folder[PATH_MAX];
	size_t root_len = strlen(root);

	if (snprintf(folder, sizeof folder, "%s%s", root, group) >= (int)sizeof folder)
		return best;
	for (;;) {
		int quota = folder_quota(folder, v2);
		char *slash = strrchr(folder, '/');

		if (quota > 0 && quota < best)
			best = quota;
		if (!slash || (size_t)(slash - folder) < root_len)
			return best;
		*slash = '\0';
	}
}

static int has_cpu(char *controllers)
{
	for (char *name; (name = strsep(&controllers, ","));)
		if (strcmp(name, "cpu") == 0)
			return 1;
	return 0;
}

static int cgroup_quota(int best)
{
	char line[PATH_MAX + 64];
	FILE *f = fopen("/proc/self/cgroup", "re");

	while (f && fgets(line, sizeof line, f)) {
		char *controllers = strchr(line, ':');
		char *group = controllers ? strchr(controllers + 1, ':') : NULL;

		if (!group)
			continue;
		*group++ = '\0';
		controllers++;
		group[strcspn(group, "\n")] = '\0';
		if (*controllers == '\0') {
			best = group_quota("/sys/fs/cgroup", group, 1, best);
		} else if (has_cpu(controllers)) {
			best = group_quota("/sys/fs/cgroup/cpu", group, 0, best);
			best = group_quota("/sys/fs/cgroup/cpu,cpuacct", group, 0, best);
		}
	}
	if (f)
		fclose(f);
	return best;
}

int vx_default_threads(void)
{
	cpu_set_t set;
	int n = 1;

	/* On a machine of over 1,024 processors the call fails; such users say --threads. */
	if (sched_getaffinity(0, sizeof set, &set) == 0)
		n = CPU_COUNT(&set);
	n = cgroup_quota(n);
	return n < 1 ? 1 : n;
}
