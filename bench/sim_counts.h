/*
 * sim_counts.h: AC, AN and nhomalt of every group, read from the INFO column.
 *
 * A group is told by the declaration of its AC: AC, AC_XX, AC_afr_XX ...; its AN and nhomalt have
 * the same suffix.  For benchmarks, which trust their input: a count that is not a number reads
 * as 0, as does one that is not there.
 */
#ifndef BENCH_SIM_COUNTS_H
#define BENCH_SIM_COUNTS_H

#include "sim_out.h"

enum {
	SIM_MAX_GROUPS = 64,
	SIM_KEY_SLOTS = 1024, /* of the table of INFO keys; a power of two, well above 3 x groups */
};

enum sim_metric { SIM_AC, SIM_AN, SIM_HOM, SIM_N_METRICS };

/* An INFO key that is read, and where its number goes. */
struct sim_info_key {
	char name[48];
	uint8_t len; /* 0: an empty slot */
	uint8_t metric, group;
};

struct sim_info_keys {
	struct sim_info_key slot[SIM_KEY_SLOTS];
	int n_groups;
};

struct sim_group_counts {
	uint64_t n[SIM_N_METRICS][SIM_MAX_GROUPS];
};

/* The slot of a name, or the empty one where it would go. */
static inline struct sim_info_key *sim_find_key(struct sim_info_keys *keys, const char *name,
						size_t len)
{
	uint64_t hash = len, word;
	size_t at;

	for (size_t i = 0; i < len; i += 8) {
		word = 0;
		memcpy(&word, name + i, len - i < 8 ? len - i : 8);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 32;
	}
	at = hash % SIM_KEY_SLOTS;
	while (keys->slot[at].len > 0 &&
	       (keys->slot[at].len != len || memcmp(keys->slot[at].name, name, len) != 0))
		at = (at + 1) % SIM_KEY_SLOTS;
	return &keys->slot[at];
}

static inline void sim_add_key(struct sim_info_keys *keys, const char *stem, const char *suffix,
			       enum sim_metric metric)
{
	struct sim_info_key key = {.metric = (uint8_t)metric, .group = (uint8_t)keys->n_groups};

	key.len = (uint8_t)snprintf(key.name, sizeof(key.name), "%s%s", stem, suffix);
	*sim_find_key(keys, key.name, key.len) = key;
}

/* Takes up the group that a header line declares, if it declares one. */
static inline void sim_take_group_line(struct sim_info_keys *keys, const char *line)
{
	static const char begin[] = "##INFO=<ID=AC";
	char suffix[32];
	size_t len;

	if (strncmp(line, begin, sizeof(begin) - 1) != 0)
		return;
	line += sizeof(begin) - 1;
	len = strcspn(line, ",>");
	if ((len > 0 && *line != '_') || len >= sizeof(suffix))
		return;
	memcpy(suffix, line, len);
	suffix[len] = '\0';
	if (keys->n_groups == SIM_MAX_GROUPS)
		sim_die(3, "more than 64 groups at AC", suffix);
	sim_add_key(keys, "AC", suffix, SIM_AC);
	sim_add_key(keys, "AN", suffix, SIM_AN);
	sim_add_key(keys, "nhomalt", suffix, SIM_HOM);
	keys->n_groups++;
}

/* Element i of a comma-separated list of whole numbers; 0 if it has none. */
static inline uint64_t sim_list_element(const char *p, const char *end, int i)
{
	uint64_t x = 0;

	for (; i > 0 && p < end; p++)
		i -= *p == ',';
	for (; p < end && *p >= '0' && *p <= '9'; p++)
		x = x * 10 + (uint64_t)(*p - '0');
	return x;
}

/* The counts of ALT number i_alt from the INFO column, which ends at a tab or a zero. */
static inline void sim_read_counts(struct sim_info_keys *keys, const char *info, int i_alt,
				   struct sim_group_counts *c)
{
	memset(c, 0, sizeof(*c));
	for (const char *p = info, *end; *p && *p != '\t'; p = *end == ';' ? end + 1 : end) {
		const char *eq = p + strcspn(p, "=;\t");
		const struct sim_info_key *key;

		end = *eq == '=' ? eq + strcspn(eq, ";\t") : eq;
		if (*eq != '=')
			continue;
		key = sim_find_key(keys, p, (size_t)(eq - p));
		if (key->len > 0)
			c->n[key->metric][key->group] =
				sim_list_element(eq + 1, end, key->metric == SIM_AN ? 0 : i_alt);
	}
}

#endif
