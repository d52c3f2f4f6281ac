/*
 * digits: short decimal numbers, eight digits in one word.  A number's text is brought into a word
 * where it is found, and many words become numbers at once, by the widest path the processor has.
 * Pure; any thread.
 */
#ifndef VX_BASE_DIGITS_H
#define VX_BASE_DIGITS_H

#include "base/bytes.h"

/* Words of a number that is not there, and of text that is not one to eight digits. */
#define VX_DIGITS_NONE UINT64_MAX
#define VX_DIGITS_LONG (UINT64_MAX - 1)

/*
 * The word of a text: its digits as values, the last one in the highest byte, zeros in front.  8
 * bytes from p on must be readable.
 */
static inline uint64_t vx_digits_word(const char *p, size_t len)
{
	uint64_t word = vx_load64(p) ^ UINT64_C(0x3030303030303030);

	word <<= (64 - 8 * len) & 63;
	return len - 1 < 8 ? word : VX_DIGITS_LONG;
}

/* One word as a number: 1 and *ret; 0 where it is none. */
static inline int vx_digits_number(uint64_t word, uint64_t *ret)
{
	if (((word + UINT64_C(0x7676767676767676)) | word) & UINT64_C(0x8080808080808080))
		return 0;
	/* Pairs, fours, all eight: the one in front times ten, a hundred, ten thousand. */
	word = (word * (256 * 10 + 1) >> 8) & UINT64_C(0x00ff00ff00ff00ff);
	word = (word * (65536 * 100 + 1) >> 16) & UINT64_C(0x0000ffff0000ffff);
	*ret = word * (UINT64_C(4294967296) * 10000 + 1) >> 32;
	return 1;
}

/*
 * n words into n numbers; VX_DIGITS_NONE stays what it is, and what is no number becomes it too:
 * then, and only then, the result is not 0.
 */
int vx_digits(const uint64_t *word, size_t n, uint64_t *number);
/* The plain twin, for tests. */
int vx_digits_plain(const uint64_t *word, size_t n, uint64_t *number);

#endif
