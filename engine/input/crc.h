/*
 * crc: the CRC-32 of gzip.  With the wide carry-less multiplication of AVX-512 where there is one,
 * else libdeflate's.  Pure; any thread.
 */
#ifndef VX_INPUT_CRC_H
#define VX_INPUT_CRC_H

#include <stddef.h>
#include <stdint.h>

uint32_t vx_crc32(const void *p, size_t len);

#endif
