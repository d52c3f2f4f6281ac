#include "cli/interrupt.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *output_path, *report_path;
static sigset_t awaited;

/* Removes .NAME.vidx-tmp.PID-... of this process; NAME may have been cut to fit. */
static void remove_unfinished(void)
{
	const char *slash = strrchr(output_path, '/');
	const char *name = slash ? slash + 1 : output_path;
	char *folder =
		slash ? strndup(output_path, (size_t)(slash - output_path) + 1) : strdup(".");
	DIR *dir = folder ? opendir(folder) : NULL;
	char mark[48];

	snprintf(mark, sizeof(mark), ".vidx-tmp.%ld-", (long)getpid());
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		const char *at = strstr(entry->d_name, mark);

		if (at && entry->d_name[0] == '.' && at > entry->d_name &&
		    strncmp(entry->d_name + 1, name, (size_t)(at - entry->d_name) - 1) == 0)
			unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
	free(folder);
}

/* The report's: what build/report.h calls it while it is written. */
static void remove_report(void)
{
	char *target = report_path ? realpath(report_path, NULL) : NULL, *name = NULL;

	if (report_path &&
	    asprintf(&name, "%s.part-%ld", target ? target : report_path, (long)getpid()) > 0)
		unlink(name);
	free(name);
	free(target);
}

static void *wait_for_signal(void *unused)
{
	int sig;

	(void)unused;
	if (sigwait(&awaited, &sig) != 0)
		return NULL;
	remove_unfinished();
	remove_report();
	signal(sig, SIG_DFL);
	pthread_sigmask(SIG_UNBLOCK, &awaited, NULL);
	raise(sig);
	return NULL;
}

void vx_interrupt_watch(const char *output, const char *report)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction now;
	pthread_t thread;

	output_path = output;
	report_path = report;
	sigemptyset(&awaited);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		/* What the parent chose to ignore (nohup) stays ignored. */
		if (sigaction(signals[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			sigaddset(&awaited, signals[i]);
	pthread_sigmask(SIG_BLOCK, &awaited, NULL);
	if (pthread_create(&thread, NULL, wait_for_signal, NULL) == 0)
		pthread_detach(thread);
	else
		pthread_sigmask(SIG_UNBLOCK, &awaited, NULL);
}
