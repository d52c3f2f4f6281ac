/*
 * info: picks the wanted keys out of an INFO column.
 *
 * The records of a file nearly always list the same keys in the same order.  So one record's keys
 * are learnt as a row of slots, and of the next record each key is first compared with the slot
 * whose turn it is: all of it at once.  Only what does not fit is looked up in a hash table.
 * Learning changes the speed, never the answer.
 */
#ifndef VX_INPUT_INFO_H
#define VX_INPUT_INFO_H

#include "base/arena.h"
#include "base/scan.h"
#include "input/record.h"

/* Index of key among the wanted ones, or -1.  16 bytes from key on must be readable. */
int32_t vx_wanted_find(const struct vx_wanted *wanted, struct vx_slice key);
/* A number that no other vx_wanted of this process has. */
uint64_t vx_wanted_serial(const struct vx_wanted *wanted);

struct vx_info_slot;

/* How many ';' are looked for at once. */
#define VX_INFO_BATCH 1024

/* One thread's state; all zero is a valid start. */
struct vx_info_scan {
	uint64_t serial; /* of the vx_wanted that the slots belong to; 0: none */
	struct vx_info_slot *slot;
	uint32_t n_slots, n_room;
	uint32_t n_missed; /* keys of this record that no slot foresaw */
	uint32_t at[VX_INFO_BATCH + 68];
};

void vx_info_scan_release(struct vx_info_scan *scan);

/*
 * Fills value[0, vx_wanted_count()) from the INFO text, behind which VX_SCAN_ROOM bytes are
 * readable; and word[] alike with vx_digits_word() of each value, VX_DIGITS_NONE where the key is
 * not there.  Both have one more element, which nobody reads.  Of a key that comes twice the first
 * counts.  0 or VIDX_ENOMEM.
 */
int vx_info_scan(struct vx_info_scan *scan, const struct vx_wanted *wanted, struct vx_slice info,
		 struct vx_info_value *value, uint64_t *word);

/* One key, without any preparation; p NULL where it is not there. */
struct vx_info_value vx_info_find(struct vx_slice info, const char *key);

#endif
