/*
 * huffman: the decoding tables of deflate, by canonical codes of up to fifteen bits.
 *
 * Entries of the tables, which the next bits of the stream index:
 *
 *	bits 0-7    how many bits to drop: of the code, and of the number that follows it
 *	bits 8-12   of these, how many are the code's
 *	bits 13-15  VX_HUFFMAN_LITERAL, _SPECIAL, _SECOND
 *	bits 16-31  the literal; the base of the length or distance; of a second table, its place
 *
 * A SPECIAL entry is a second table (bits 8-12: the bits that index it), the end of the block
 * (value 0), or no code (drops nothing, or has another value).
 */
#ifndef VX_INPUT_HUFFMAN_H
#define VX_INPUT_HUFFMAN_H

#include <stdint.h>

enum {
	VX_HUFFMAN_LITERAL = 1 << 13,
	VX_HUFFMAN_SPECIAL = 1 << 14,
	VX_HUFFMAN_SECOND = 1 << 15,

	VX_HUFFMAN_BITS = 15,    /* of the longest code */
	VX_HUFFMAN_SYMBOLS = 288 /* of the largest alphabet */
};

struct vx_huffman {
	uint32_t *entry;
	unsigned n_entries; /* room */
	unsigned
		bits; /* that index the first table: less than asked for if all codes are shorter */
};

/*
 * Makes the table for n codes of these lengths (0: none); meaning[symbol] is an entry without its
 * code's length.  0, or nonzero when the lengths are no prefix code or need more room.  Where not
 * every sequence of bits begins with a code, the others have entries SPECIAL alone.
 */
int vx_huffman_make(struct vx_huffman *table, const uint8_t *len, const uint32_t *meaning,
		    unsigned n);

#endif
