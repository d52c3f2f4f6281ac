#include "input/info.h"
#include "base/bytes.h"
#include "base/text.h"

#include <stdatomic.h>
#include <stdlib.h>

/* --- the wanted keys, as a hash table over their first sixteen bytes and length --- */

struct key {
	struct vx_slice text; /* into names; NUL-padded to sixteen bytes and more */
	uint64_t word[2];     /* its first sixteen bytes, zeros behind its end */
};

struct vx_wanted {
	uint64_t serial;
	uint32_t n;
	struct key *key;
	char *names;
	uint32_t *slot; /* index + 1 */
	uint32_t mask;
};

/* The first n (at most 16) bytes at p; 16 are readable. */
static inline void first_bytes(uint64_t word[2], const char *p, size_t n)
{
	word[0] = vx_load64(p);
	word[1] = vx_load64(p + 8);
	if (n < 8) {
		word[0] &= (UINT64_C(1) << (8 * n)) - 1;
		word[1] = 0;
	} else if (n < 16) {
		word[1] &= (UINT64_C(1) << (8 * (n - 8))) - 1;
	}
}

static inline uint32_t hash_key(const uint64_t word[2], size_t len)
{
	uint64_t h = (word[0] ^ len) * UINT64_C(0x9e3779b97f4a7c15);

	h = (h ^ (h >> 29) ^ word[1]) * UINT64_C(0xbf58476d1ce4e5b9);
	return (uint32_t)(h >> 32);
}

/* The slot that holds key, or the free one where it belongs. */
static inline uint32_t *find_slot(const struct vx_wanted *wanted, struct vx_slice key,
				  const uint64_t word[2])
{
	uint32_t i = hash_key(word, key.len) & wanted->mask;

	for (;; i = (i + 1) & wanted->mask) {
		const struct key *k;

		if (!wanted->slot[i])
			return &wanted->slot[i];
		k = &wanted->key[wanted->slot[i] - 1];
		if (k->text.len == key.len && k->word[0] == word[0] && k->word[1] == word[1] &&
		    (key.len <= 16 || memcmp(k->text.p, key.p, key.len) == 0))
			return &wanted->slot[i];
	}
}

static int fill_keys(struct vx_wanted *wanted, const struct vx_slice *keys, struct vidx_error *err)
{
	char *out = wanted->names;

	for (uint32_t i = 0; i < wanted->n; i++) {
		struct key *k = &wanted->key[i];
		uint32_t *slot;

		if (keys[i].len)
			memcpy(out, keys[i].p, keys[i].len);
		k->text = vx_slice(out, keys[i].len);
		out += keys[i].len + 16;
		first_bytes(k->word, k->text.p, k->text.len);
		slot = find_slot(wanted, k->text, k->word);
		if (*slot)
			return vx_fail(err, VIDX_EUSAGE, "INFO key %.*s is asked for twice",
				       (int)k->text.len, k->text.p);
		*slot = i + 1;
	}
	return 0;
}

int vx_wanted_new(const struct vx_slice *keys, uint32_t n, struct vx_wanted **wanted_ret,
		  struct vidx_error *err)
{
	static _Atomic uint64_t n_made;
	struct vx_wanted *wanted = calloc(1, sizeof *wanted);
	size_t n_names = 16, size = 16;
	int rc;

	while (size < 4 * (size_t)n)
		size *= 2;
	for (uint32_t i = 0; i < n; i++)
		n_names += keys[i].len + 16;
	if (!wanted)
		return vx_fail_nomem(err);
	wanted->serial = atomic_fetch_add(&n_made, 1) + 1;
	wanted->n = n;
	wanted->mask = (uint32_t)size - 1;
	wanted->key = calloc(n + 1, sizeof *wanted->key);
	wanted->names = calloc(n_names, 1);
	wanted->slot = calloc(size, sizeof *wanted->slot);
	if (wanted->key && wanted->names && wanted->slot)
		rc = fill_keys(wanted, keys, err);
	else
		rc = vx_fail_nomem(err);
	if (rc != 0) {
		vx_wanted_free(wanted);
		return rc;
	}
	*wanted_ret = wanted;
	return 0;
}

void vx_wanted_free(struct vx_wanted *wanted)
{
	if (!wanted)
		return;
	free(wanted->key);
	free(wanted->names);
	free(wanted->slot);
	free(wanted);
}

uint32_t vx_wanted_count(const struct vx_wanted *wanted)
{
	return wanted ? wanted->n : 0;
}

uint64_t vx_wanted_serial(const struct vx_wanted *wanted)
{
	return wanted->serial;
}

int32_t vx_wanted_find(const struct vx_wanted *wanted, struct vx_slice key)
{
	uint64_t word[2];

	first_bytes(word, key.p, key.len);
	return (int32_t)*find_slot(wanted, key, word) - 1;
}

/* --- the scan --- */

/*
 * One foreseen key up to and with its '='.  All of it is compared: the first sixteen bytes (under
 * mask), and of a longer one also the last sixteen.
 */
struct vx_info_slot {
	uint64_t word[2], mask[2], tail[2];
	uint32_t len;  /* with the '=', at most KEY_MAX */
	int32_t index; /* of the wanted key, or -1 */
};

/* Slots behind the last: the search for a key that comes earlier than foreseen runs into them. */
enum { AHEAD = 4, SLOTS_MAX = 4096, KEY_MAX = 32 };

void vx_info_scan_release(struct vx_info_scan *scan)
{
	free(scan->slot);
	memset(scan, 0, sizeof *scan);
}

/* KEY_MAX bytes from at on are readable. */
static inline int slot_fits(const struct vx_info_slot *slot, const char *at)
{
	if (((vx_load64(at) ^ slot->word[0]) & slot->mask[0]) |
	    ((vx_load64(at + 8) ^ slot->word[1]) & slot->mask[1]))
		return 0;
	return slot->len <= 16 || (vx_load64(at + slot->len - 16) == slot->tail[0] &&
				   vx_load64(at + slot->len - 8) == slot->tail[1]);
}

static void learn_key(struct vx_info_slot *slot, const struct vx_wanted *wanted, const char *p,
		      size_t len)
{
	static const char ones[16] = "\xff\xff\xff\xff\xff\xff\xff\xff"
				     "\xff\xff\xff\xff\xff\xff\xff\xff";
	size_t n_first = len < 16 ? len : 16;

	slot->len = (uint32_t)len;
	slot->index = vx_wanted_find(wanted, vx_slice(p, len - 1));
	first_bytes(slot->word, p, n_first);
	first_bytes(slot->mask, ones, n_first);
	if (len > 16) {
		slot->tail[0] = vx_load64(p + len - 16);
		slot->tail[1] = vx_load64(p + len - 8);
	}
}

/* Room for a slot per piece of this record. */
static int make_slots(struct vx_info_scan *scan, struct vx_slice info)
{
	uint64_t n = vx_scan_count(info.p, info.len, ';') + 1;
	struct vx_info_slot *slot;

	if (n > SLOTS_MAX)
		n = SLOTS_MAX;
	if (n <= scan->n_room)
		return 0;
	slot = realloc(scan->slot, (n + AHEAD) * sizeof *slot);
	if (!slot)
		return VIDX_ENOMEM;
	scan->slot = slot;
	scan->n_room = (uint32_t)n;
	return 0;
}

/* Learns the keys of this record.  Flags, and keys that are too long, get no slot. */
static int learn(struct vx_info_scan *scan, const struct vx_wanted *wanted, struct vx_slice info)
{
	struct vx_slice piece;
	uint32_t n = 0;

	if (make_slots(scan, info) != 0)
		return VIDX_ENOMEM;
	while (n < scan->n_room && vx_split(&info, ';', &piece)) {
		const char *eq = piece.len ? memchr(piece.p, '=', piece.len) : NULL;

		if (eq && eq - piece.p < KEY_MAX)
			learn_key(&scan->slot[n++], wanted, piece.p, (size_t)(eq - piece.p) + 1);
	}
	scan->n_slots = n;
	scan->serial = vx_wanted_serial(wanted);
	/* NUL bytes were refused with their line: a slot of them fits nothing. */
	memset(&scan->slot[n], 0, AHEAD * sizeof *scan->slot);
	for (uint32_t i = n; i < n + AHEAD; i++)
		scan->slot[i].mask[0] = ~UINT64_C(0);
	return 0;
}

/* The first of two values of one key counts. */
static inline void keep(struct vx_info_value *value, const char *p, const char *end)
{
	if (!value->p) {
		value->p = p;
		value->len = (uint32_t)(end - p);
	}
}

/* A piece that the slot whose turn it is does not foresee.  Returns the slot whose turn is next. */
static uint32_t take_unforeseen(struct vx_info_scan *scan, const struct vx_wanted *wanted,
				uint32_t turn, struct vx_slice piece, struct vx_info_value *value)
{
	const char *eq = piece.len ? memchr(piece.p, '=', piece.len) : NULL;
	size_t len = eq ? (size_t)(eq - piece.p) : piece.len;
	int32_t index;

	scan->n_missed++;
	index = vx_wanted_find(wanted, vx_slice(piece.p, len));
	if (index >= 0)
		keep(&value[index], piece.p + len + (eq != NULL), piece.p + piece.len);
	/* Keys of the last record may be missing in this one. */
	for (uint32_t i = turn + 1; i < turn + AHEAD && i < scan->n_slots; i++)
		if (slot_fits(&scan->slot[i], piece.p))
			return i + 1;
	return turn;
}

static void take_pieces(struct vx_info_scan *scan, const struct vx_wanted *wanted,
			struct vx_slice info, struct vx_info_value *value)
{
	size_t beg = 0, looked = 0;
	uint32_t turn = 0;

	while (beg <= info.len) {
		size_t done, n = vx_scan_find(info.p + looked, info.len - looked, ';', scan->at,
					      VX_INFO_BATCH, &done);

		for (size_t i = 0; i <= n; i++) {
			const struct vx_info_slot *slot = &scan->slot[turn];
			size_t end = info.len;

			if (i < n)
				end = looked + scan->at[i];
			else if (looked + done < info.len)
				break;
			/* The text may end where a flag does, with anything behind it. */
			if (slot_fits(slot, info.p + beg) && slot->len <= end - beg) {
				if (slot->index >= 0)
					keep(&value[slot->index], info.p + beg + slot->len,
					     info.p + end);
				turn++;
			} else {
				turn = take_unforeseen(scan, wanted, turn,
						       vx_slice(info.p + beg, end - beg), value);
			}
			beg = end + 1;
		}
		looked += done;
	}
}

int vx_info_scan(struct vx_info_scan *scan, const struct vx_wanted *wanted, struct vx_slice info,
		 struct vx_info_value *value)
{
	uint32_t n_allowed;

	memset(value, 0, vx_wanted_count(wanted) * sizeof *value);
	if (info.len == 0 || (info.len == 1 && info.p[0] == '.'))
		return 0;
	if (scan->serial != vx_wanted_serial(wanted) && learn(scan, wanted, info) != 0)
		return VIDX_ENOMEM;
	scan->n_missed = 0;
	take_pieces(scan, wanted, info, value);
	/* A few surprises are cheaper than learning again. */
	n_allowed = 4 + scan->n_slots / 8;
	if (scan->n_missed > n_allowed)
		return learn(scan, wanted, info);
	return 0;
}

struct vx_info_value vx_info_find(struct vx_slice info, const char *key)
{
	struct vx_info_value value = {NULL, 0, 0};
	struct vx_slice piece;
	size_t len = strlen(key);

	while (vx_split(&info, ';', &piece)) {
		size_t eq = piece.len > len;

		if (piece.len < len || memcmp(piece.p, key, len) != 0)
			continue;
		if (eq && piece.p[len] != '=')
			continue;
		value.p = piece.p + len + eq;
		value.len = (uint32_t)(piece.len - len - eq);
		break;
	}
	return value;
}
