/* clock: wall and processor time, peak memory, processors to use. */
#ifndef VX_BASE_CLOCK_H
#define VX_BASE_CLOCK_H

#include <stdint.h>

uint64_t vx_now_ns(void);     /* monotonic */
uint64_t vx_cpu_ns(void);     /* of the process, user + system */
uint64_t vx_peak_bytes(void); /* highest resident memory of the process so far */
/* Processors this process may use: its affinity mask and the cgroup's quota (v1, v2), at least 1. */
int vx_default_threads(void);

#endif
