#include "input/huffman.h"

#include <string.h>

/* The code that follows rev among those of len bits, both written backwards. */
static inline uint32_t next_code(uint32_t rev, unsigned len)
{
	uint32_t bit = 1u << (len - 1);

	while (rev & bit)
		bit >>= 1;
	return bit ? (rev & (bit - 1)) | bit : 0;
}

/*
 * Counts the lengths of n codes and sorts the symbols by them.  Returns the longest length, 0 when
 * there is no code, or -1 when the lengths are not those of a prefix code.  *is_whole_ret: every
 * sequence of bits begins with a code.
 */
static int sort_symbols(const uint8_t *len, unsigned n, uint16_t *sorted, unsigned *count,
			int *is_whole_ret)
{
	unsigned at[VX_HUFFMAN_BITS + 2] = {0};
	int left = 1, longest = 0;

	memset(count, 0, (VX_HUFFMAN_BITS + 1) * sizeof *count);
	for (unsigned i = 0; i < n; i++)
		count[len[i]]++;
	count[0] = 0;
	for (int l = 1; l <= VX_HUFFMAN_BITS; l++) {
		left = 2 * left - (int)count[l];
		if (left < 0)
			return -1;
		at[l + 1] = at[l] + count[l];
		if (count[l])
			longest = l;
	}
	for (unsigned i = 0; i < n; i++)
		if (len[i])
			sorted[at[len[i]]++] = (uint16_t)i;
	*is_whole_ret = left == 0;
	return longest;
}

/* Second tables while they are made: all of one size, that of the longest code. */
struct seconds {
	unsigned bits, used; /* entries of the whole table in use */
	uint32_t prefix;     /* of the last one */
	uint32_t *entry;     /* the last one */
};

/* The second table for codes that begin like rev; a new one where rev begins a new prefix. */
static int find_second(struct vx_huffman *table, struct seconds *seconds, uint32_t rev)
{
	uint32_t prefix = rev & ((1u << table->bits) - 1);

	if (prefix == seconds->prefix)
		return 0;
	if (seconds->used + (1u << seconds->bits) > table->n_entries)
		return 1;
	seconds->prefix = prefix;
	seconds->entry = table->entry + seconds->used;
	table->entry[prefix] = VX_HUFFMAN_SPECIAL | VX_HUFFMAN_SECOND | seconds->used << 16 |
			       seconds->bits << 8 | table->bits;
	seconds->used += 1u << seconds->bits;
	for (unsigned k = 0; k < 1u << seconds->bits; k++)
		seconds->entry[k] = VX_HUFFMAN_SPECIAL;
	return 0;
}

int vx_huffman_make(struct vx_huffman *table, const uint8_t *len, const uint32_t *meaning,
		    unsigned n)
{
	uint16_t sorted[VX_HUFFMAN_SYMBOLS];
	unsigned count[VX_HUFFMAN_BITS + 1], size, i = 0;
	struct seconds seconds = {0, 0, UINT32_MAX, NULL};
	uint32_t rev = 0;
	int is_whole, longest = sort_symbols(len, n, sorted, count, &is_whole);

	if (longest < 0)
		return 1;
	if ((unsigned)longest < table->bits)
		table->bits = (unsigned)longest;
	size = seconds.used = 1u << table->bits;
	seconds.bits = (unsigned)longest - table->bits;
	for (unsigned k = 0; k < size && !is_whole; k++)
		table->entry[k] = VX_HUFFMAN_SPECIAL;
	for (unsigned l = 1; l <= (unsigned)longest; l++) {
		for (unsigned left = count[l]; left; left--, rev = next_code(rev, l)) {
			uint32_t entry = meaning[sorted[i++]];

			if (l <= table->bits) {
				for (unsigned k = rev; k < size; k += 1u << l)
					table->entry[k] = entry + l * 0x101;
				continue;
			}
			if (find_second(table, &seconds, rev) != 0)
				return 1;
			for (unsigned k = rev >> table->bits; k < 1u << seconds.bits;
			     k += 1u << (l - table->bits))
				seconds.entry[k] = entry + (l - table->bits) * 0x101;
		}
	}
	return 0;
}
