/*
 * alt: alleles as codes.  A substitution of one base is 4 bits; other short ACGT alleles are
 * packed into the row; everything else lies in the block's heap as it is.  See FORMAT.md.
 */
#ifndef VX_CODEC_ALT_H
#define VX_CODEC_ALT_H

#include "codec/bits.h"
#include "codec/row.h"

/* Alleles up to this many bytes are hashed as one piece, longer ones through their own hashes. */
#define VX_HASH_INLINE 232

/*
 * The 64-bit hash of an allele: it finds, it never decides.  end0 and svlen as in struct vx_row.
 * hash_bits is 64; 2 is test-only: the index keeps just the low 2 bits, so that every lookup
 * collides.  Do not ship an index made so.  The meta of an index says how many bits its hashes
 * have, and readers follow.  Pure; any thread.
 */
uint64_t vx_allele_hash(struct vx_slice ref, struct vx_slice alt, uint64_t end0, int64_t svlen,
			unsigned hash_bits);

/* The kinds of allele code; every code other than these four is (ref base | alt base << 2). */
#define VX_ALT_COMPLEX   0x0 /* REF and ALT packed in the row */
#define VX_ALT_INSERTION 0x5 /* ALT packed in the row, REF is its first base */
#define VX_ALT_DELETION  0xa /* REF packed in the row, ALT is its first base */
#define VX_ALT_HEAP      0xf /* in the heap */

static inline int vx_alt_is_snv(unsigned code)
{
	return (code & 3) != code >> 2;
}

/*
 * Packed bases of REF and ALT together; longer alleles go to the heap, which is 4 times larger
 * for them.  More would save space in indexes of long indels and widen the rows' offsets.
 */
#define VX_ALT_PACKED_MAX   200
#define VX_ALT_PACKED_BYTES 72 /* of the packed form, with the writer's spare bytes */

/* An allele as it stands in a cell: what find compares with and the writer copies. */
struct vx_alt {
	unsigned code;
	uint32_t n_bits; /* of packed */
	uint8_t packed[VX_ALT_PACKED_BYTES];
};

/* A 0, C 1, G 2, T 3; anything else 4. */
static inline unsigned vx_alt_base(char c)
{
	/* Bits 1 and 2 of the letters tell the four apart: A 00, C 01, T 10, G 11. */
	unsigned i = (unsigned char)c >> 1 & 3;

	return "ACTG"[i] == c ? i ^ i >> 1 : 4;
}

/* The code of a row's allele.  A heap allele has no packed bits: its place comes later. */
void vx_alt_encode(struct vx_alt *alt, const struct vx_row *row);
/* Moves over the packed bits of a code other than VX_ALT_HEAP. */
void vx_alt_skip(unsigned code, struct vx_bits *bits);
/* Sets row->ref and row->alt from packed bits; scratch takes VX_ALT_PACKED_MAX bytes. */
int vx_alt_decode(unsigned code, struct vx_bits *bits, struct vx_row *row, char *scratch);

/* Bytes that a row's allele takes in the heap. */
size_t vx_alt_heap_size(const struct vx_row *row);
/* Writes it to out; returns the bytes written, vx_alt_heap_size(). */
size_t vx_alt_heap_write(uint8_t *out, const struct vx_row *row);
/*
 * Reads the entry at p, of which at most len bytes belong to the heap: hash, ref, alt, end0 and
 * svlen of *row, whose locus is set before.  0 or VIDX_EBADINDEX.
 */
int vx_alt_heap_read(const uint8_t *p, size_t len, struct vx_row *row);

#endif
