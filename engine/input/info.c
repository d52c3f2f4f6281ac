#include "input/info.h"
#include "base/bytes.h"
#include "base/digits.h"
#include "base/match.h"
#include "base/text.h"
#include "base/wide.h"

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
 * One foreseen key, up to and with the '=' behind it, or of a flag the ';': all of that is
 * compared.  The index is that of the wanted key, or the one behind the last for a key that is not
 * wanted: a place that nobody reads costs less than a branch.
 */
struct vx_info_slot {
	char text[VX_MATCH];
	uint32_t ignore; /* the bytes behind the '=' or ';' */
	uint32_t len;    /* of the key and '=', or of the flag alone */
	uint32_t index;
};

/* Slots behind the last: the search for a key that comes earlier than foreseen runs into them. */
enum { AHEAD = 8, SLOTS_MAX = 4096 };

void vx_info_scan_release(struct vx_info_scan *scan)
{
	free(scan->slot);
	memset(scan, 0, sizeof *scan);
}

/* key_len: with the '='; of a flag without the ';'. */
static void learn_key(struct vx_info_slot *slot, const struct vx_wanted *wanted, const char *p,
		      size_t key_len, int is_flag)
{
	int32_t index = vx_wanted_find(wanted, vx_slice(p, key_len - !is_flag));
	size_t len = key_len + (size_t)is_flag;

	memset(slot, 0, sizeof *slot);
	memcpy(slot->text, p, key_len);
	if (is_flag)
		slot->text[key_len] = ';';
	slot->ignore = len < VX_MATCH ? UINT32_MAX << len : 0;
	slot->len = (uint32_t)key_len;
	slot->index = index < 0 ? wanted->n : (uint32_t)index;
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

/*
 * Learns the keys of this record.  Keys that are too long get no slot.  Where a wanted key comes
 * twice nothing is foreseen: the first of the two counts, and a slot does not know whether its key
 * came before.  value is all zero, before and after.
 */
static int learn(struct vx_info_scan *scan, const struct vx_wanted *wanted, struct vx_slice info,
		 struct vx_info_value *value)
{
	struct vx_slice piece;
	uint32_t n = 0;
	int twice = 0;

	if (make_slots(scan, info) != 0)
		return VIDX_ENOMEM;
	while (n < scan->n_room && vx_split(&info, ';', &piece)) {
		const char *eq = piece.len ? memchr(piece.p, '=', piece.len) : NULL;
		size_t len = eq ? (size_t)(eq - piece.p) + 1 : piece.len;

		if (len == 0 || len >= VX_MATCH)
			continue;
		learn_key(&scan->slot[n], wanted, piece.p, len, eq == NULL);
		twice |= scan->slot[n].index < wanted->n && value[scan->slot[n].index].p;
		value[scan->slot[n++].index].p = piece.p;
	}
	memset(value, 0, (wanted->n + 1) * sizeof *value);
	n = twice ? 0 : n;
	scan->n_slots = n;
	scan->serial = vx_wanted_serial(wanted);
	/* No piece has a newline: at most the empty end of a line fits, and that is its last one. */
	memset(&scan->slot[n], 0, AHEAD * sizeof *scan->slot);
	for (uint32_t i = n; i < n + AHEAD; i++) {
		scan->slot[i].text[0] = '\n';
		scan->slot[i].index = wanted->n;
	}
	return 0;
}

/* A walk over the pieces of one record, and where their values go. */
struct vx_info_walk {
	const struct vx_info_slot *slot; /* whose turn it is */
	const char *p;                   /* the piece under way */
	const char *base;                /* what at[] counts from: the ends of n pieces */
	const uint32_t *at;
	size_t n;
	struct vx_info_value *value;
	uint64_t *word;
	int careful; /* keys may have come before, and the first counts */
};

static inline __attribute__((always_inline)) void put(struct vx_info_value *value, uint64_t *word,
						      uint32_t index, const char *p, size_t len)
{
	value[index].p = p;
	value[index].len = (uint32_t)len;
	word[index] = vx_digits_word(p, len);
}

/* Takes pieces from the i-th on while they are as foreseen.  Returns the first that is not, or n. */
VX_INLINE size_t vx_info_take_body(struct vx_info_walk *w, size_t i)
{
	const struct vx_info_slot *slot = w->slot;
	const char *p = w->p, *base = w->base;
	const uint32_t *at = w->at;
	struct vx_info_value *value = w->value;
	uint64_t *word = w->word;
	size_t n = w->n;
	int careful = w->careful;

	for (; i < n; i++, slot++) {
		const char *end = base + at[i], *text = p + slot->len;

		if (!vx_match(p, slot->text, slot->ignore) || text > end)
			break;
		if (!careful || !value[slot->index].p)
			put(value, word, slot->index, text, (size_t)(end - text));
		p = end + 1;
	}
	w->slot = slot;
	w->p = p;
	return i;
}

size_t vx_info_take(struct vx_info_walk *w, size_t i);
VX_WIDE(size_t, vx_info_take, (struct vx_info_walk * w, size_t i), (w, i))

/*
 * A piece that the slot whose turn it is does not foresee.  Mostly it is one of the next: keys of
 * the last record are missing in this one, and the turn moves on.  Else its key is looked up, and
 * if it is wanted a key may come twice from then on.
 */
static void take_unforeseen(struct vx_info_scan *scan, const struct vx_wanted *wanted,
			    struct vx_info_walk *w, struct vx_slice piece)
{
	const struct vx_info_slot *end = scan->slot + scan->n_slots;
	const char *eq;
	size_t len;
	int32_t index;

	scan->n_missed++;
	for (const struct vx_info_slot *s = w->slot + 1; s < w->slot + AHEAD && s < end; s++) {
		if (!vx_match(piece.p, s->text, s->ignore) || s->len > piece.len)
			continue;
		if (!w->value[s->index].p)
			put(w->value, w->word, s->index, piece.p + s->len, piece.len - s->len);
		w->slot = s + 1;
		return;
	}
	eq = piece.len ? memchr(piece.p, '=', piece.len) : NULL;
	len = eq ? (size_t)(eq - piece.p) : piece.len;
	index = vx_wanted_find(wanted, vx_slice(piece.p, len));
	if (index < 0)
		return;
	w->careful = 1;
	len += eq != NULL;
	if (!w->value[index].p)
		put(w->value, w->word, (uint32_t)index, piece.p + len, piece.len - len);
}

static void take_pieces(struct vx_info_scan *scan, const struct vx_wanted *wanted,
			struct vx_slice info, struct vx_info_value *value, uint64_t *word)
{
	const char *end = info.p + info.len;
	struct vx_info_walk w = {scan->slot, info.p, info.p, scan->at, 0, value, word, 0};
	size_t done;

	do {
		w.n = vx_scan_find(w.base, (size_t)(end - w.base), ';', scan->at, VX_INFO_BATCH,
				   &done);
		if (w.base + done >= end) /* the last piece ends with the text */
			scan->at[w.n++] = (uint32_t)(end - w.base);
		for (size_t i = vx_info_take(&w, 0); i < w.n; i = vx_info_take(&w, i + 1)) {
			const char *piece_end = w.base + w.at[i];

			take_unforeseen(scan, wanted, &w, vx_slice(w.p, (size_t)(piece_end - w.p)));
			w.p = piece_end + 1;
		}
		w.base += done;
	} while (w.base < end);
}

int vx_info_scan(struct vx_info_scan *scan, const struct vx_wanted *wanted, struct vx_slice info,
		 struct vx_info_value *value, uint64_t *word)
{
	size_t n = vx_wanted_count(wanted) + 1;

	memset(value, 0, n * sizeof *value);
	memset(word, 0xff, n * sizeof *word); /* VX_DIGITS_NONE */
	if (info.len == 0 || (info.len == 1 && info.p[0] == '.'))
		return 0;
	if (scan->serial != vx_wanted_serial(wanted) && learn(scan, wanted, info, value) != 0)
		return VIDX_ENOMEM;
	scan->n_missed = 0;
	take_pieces(scan, wanted, info, value, word);
	/* A few surprises are cheaper than learning from the next record. */
	if (scan->n_missed > 4 + scan->n_slots / 8)
		scan->serial = 0;
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
