/* freq: statistics derived from counts.  The public half is vidx_count(), vidx_af(), vidx_faf(). */
#ifndef VX_QUERY_FREQ_H
#define VX_QUERY_FREQ_H

#include <stdint.h>

/*
 * The lambda for which PoissonCDF(ac - 1; lambda) = level, to about 1e-12 relative, for any ac up
 * to 2^53; ac >= 1, 0 < level < 1.  It does not depend on AN, so callers may keep it.  Pure; any
 * thread.
 */
double vx_freq_lambda(uint64_t ac, double level);

#endif
