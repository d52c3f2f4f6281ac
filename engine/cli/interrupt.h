/* interrupt: a build that is ended by a signal leaves no temporary file behind. */
#ifndef VX_CLI_INTERRUPT_H
#define VX_CLI_INTERRUPT_H

/*
 * From here on SIGINT, SIGTERM and SIGHUP are awaited by a thread of their own, which removes the
 * temporary file that store/append.h writes for output and then lets the signal end the process.
 * Call it before other threads are made; once.  output must live on.
 */
void vx_interrupt_watch(const char *output);

#endif
