/* interrupt: a build that is ended by a signal leaves no temporary file behind. */
#ifndef VX_CLI_INTERRUPT_H
#define VX_CLI_INTERRUPT_H

/*
 * From here on SIGINT, SIGTERM and SIGHUP are awaited by a thread of their own, which removes the
 * temporary files that store/append.h writes for output and build/report.h for report (NULL: none),
 * and then lets the signal end the process.
 * Call it before other threads are made; once.  output and report must live on.
 */
void vx_interrupt_watch(const char *output, const char *report);

#endif
