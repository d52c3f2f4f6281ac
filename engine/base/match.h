/*
 * match: 32 bytes against 32 others, some of which do not matter.  For keys and other short text
 * whose length is known.  SSE2 and NEON belong to every processor of their kind, so that nothing is
 * chosen at run time.  Pure; any thread.
 */
#ifndef VX_BASE_MATCH_H
#define VX_BASE_MATCH_H

#include <stdint.h>
#include <string.h>

#define VX_MATCH 32

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* The plain twin. */
static inline int vx_match_plain(const char *p, const char *text, uint32_t ignore)
{
	uint32_t same = ignore;

	for (unsigned i = 0; i < VX_MATCH; i++)
		same |= (uint32_t)(p[i] == text[i]) << i;
	return same == UINT32_MAX;
}

/* Bit i of ignore: byte i may differ.  VX_MATCH bytes from p on must be readable. */
static inline int vx_match(const char *p, const char *text, uint32_t ignore)
{
#if defined(__SSE2__)
	__m128i low = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)p),
				     _mm_loadu_si128((const __m128i *)(const void *)text));
	__m128i high = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + 16)),
				      _mm_loadu_si128((const __m128i *)(const void *)(text + 16)));
	uint32_t same = (uint32_t)_mm_movemask_epi8(low) | (uint32_t)_mm_movemask_epi8(high) << 16;

	return (same | ignore) == UINT32_MAX;
#else
	return vx_match_plain(p, text, ignore);
#endif
}

#endif
