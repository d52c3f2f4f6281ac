/*
 * idtext: the IDs of a record, one by one, and how they are found.
 *
 * An ID column holds IDs with ';' between them.  Each has a code of 37 bits: the number of an rs
 * ID, or 2^36 and 36 bits of a hash for any other text.  A code only finds; what is found is
 * compared with the ID itself.
 */
#ifndef VX_CODEC_IDTEXT_H
#define VX_CODEC_IDTEXT_H

#include "codec/block.h"

/*
 * An entry of the list of IDs: code << 27 | number of a block that holds the ID.  27 bits of block
 * are over 100 billion variants.  More bits of hash would make the list longer (its differences
 * are stored), fewer would send lookups into blocks in vain: 1 in 700 at 100 million IDs.
 */
#define VX_ID_CODE_BITS  37
#define VX_ID_BLOCK_BITS 27
#define VX_ID_BLOCKS_MAX (UINT64_C(1) << VX_ID_BLOCK_BITS)

static inline uint64_t vx_id_entry(uint64_t code, uint64_t block)
{
	return code << VX_ID_BLOCK_BITS | block;
}

static inline uint64_t vx_id_entry_code(uint64_t entry)
{
	return entry >> VX_ID_BLOCK_BITS;
}

static inline uint64_t vx_id_entry_block(uint64_t entry)
{
	return entry & (VX_ID_BLOCKS_MAX - 1);
}

/*
 * Takes the next ID off *rest into *id_ret; 0 where there is none left.  '.' and nothing between
 * two ';' are no IDs.
 */
int vx_id_next(struct vx_slice *rest, struct vx_slice *id_ret);
/* The code.  hash_bits as in vx_allele_hash(): fewer than 36 make collisions for tests. */
uint64_t vx_id_code(struct vx_slice id, unsigned hash_bits);
/* Equal text; or one rs number, however "rs" is written. */
int vx_id_same(struct vx_slice a, struct vx_slice b);
/* Whether id is one of an ID column's. */
int vx_id_in(struct vx_slice column, struct vx_slice id);

/*
 * The first row at or after *i that has this ID.  0: *i is it.  VIDX_ABSENT.  VIDX_EBADINDEX.
 * Reads the ID column alone: 1 to 2 ns a row, more where IDs are not rs numbers.
 */
int vx_block_find_id(const struct vx_block *block, struct vx_slice id, uint32_t *i);

#endif
