/*
 * packed.h: what a store with one key per variant keeps: a key of 14 bytes (contig, position and
 * allele hash, big-endian) and all counts as variable-length integers, zeros in a row as one 0 and
 * their number.  About as small as it gets without looking at other records.
 */
#ifndef BENCH_PACKED_H
#define BENCH_PACKED_H

#include "codec/alt.h"

#include <stdint.h>

enum { PACKED_KEY = 14, PACKED_ALLELE_MAX = 64 };

/* A question; alleles of PACKED_ALLELE_MAX bases or more are not asked for. */
struct packed_query {
	uint32_t contig;
	uint64_t pos1;
	char ref[PACKED_ALLELE_MAX], alt[PACKED_ALLELE_MAX];
	uint8_t ref_len, alt_len;
};

static inline void packed_key(const struct packed_query *q, uint8_t key[PACKED_KEY])
{
	struct vx_slice ref = vx_slice(q->ref, q->ref_len), alt = vx_slice(q->alt, q->alt_len);
	uint64_t hash = vx_allele_hash(ref, alt, q->pos1 - 1 + q->ref_len, 0, 64);
	uint64_t pos0 = q->pos1 - 1;

	key[0] = (uint8_t)(q->contig >> 8);
	key[1] = (uint8_t)q->contig;
	for (int i = 0; i < 4; i++)
		key[2 + i] = (uint8_t)(pos0 >> (24 - 8 * i));
	for (int i = 0; i < 8; i++)
		key[6 + i] = (uint8_t)(hash >> (56 - 8 * i));
}

static inline uint8_t *packed_put(uint8_t *p, uint64_t v)
{
	for (; v >= 128; v >>= 7)
		*p++ = (uint8_t)(v | 128);
	*p++ = (uint8_t)v;
	return p;
}

static inline const uint8_t *packed_take(const uint8_t *p, uint64_t *v_ret)
{
	uint64_t v = 0;
	unsigned shift = 0;

	for (; *p >= 128; p++, shift += 7)
		v |= (uint64_t)(*p & 127) << shift;
	*v_ret = v | (uint64_t)*p << shift;
	return p + 1;
}

/* Packs n values into out, which has room for 10 n bytes; the bytes used. */
static inline size_t packed_pack(const uint64_t *value, uint32_t n, uint8_t *out)
{
	uint8_t *p = out;

	for (uint32_t i = 0; i < n;) {
		uint32_t zeros = 0;

		while (i + zeros < n && value[i + zeros] == 0)
			zeros++;
		p = packed_put(p, zeros ? 0 : value[i]);
		if (zeros)
			p = packed_put(p, zeros);
		i += zeros ? zeros : 1;
	}
	return (size_t)(p - out);
}

static inline void packed_unpack(const uint8_t *p, uint64_t *value, uint32_t n)
{
	for (uint32_t i = 0; i < n;) {
		uint64_t v, zeros;

		p = packed_take(p, &v);
		if (v) {
			value[i++] = v;
			continue;
		}
		for (p = packed_take(p, &zeros); zeros > 0 && i < n; zeros--)
			value[i++] = 0;
	}
}

#endif
