/*
 * group: the populations of an index, their hierarchy, and which of them are sums of others.
 *
 * A group is derived when its counts are the sum of its rule's groups wherever the data agree
 * (XX + XY of it, or all populations of ALL); every other group is stored.  The rule is a
 * prediction, not a promise: the codec keeps the difference, so a source whose ALL holds more
 * people than its populations loses nothing.
 */
#ifndef VX_COHORT_GROUP_H
#define VX_COHORT_GROUP_H

#include "base/buf.h"
#include "base/slice.h"
#include "base/status.h"

#define VX_GROUPS_MAX 1024
#define VX_NO_GROUP   UINT32_MAX
/* The value of a count that the source did not give.  Never a count: those stay below 2^40. */
#define VX_NONE      UINT64_MAX
#define VX_COUNT_MAX ((UINT64_C(1) << 40) - 1)

struct vx_groups {
	uint32_t n;
	char **name;      /* name[0] is "ALL"; NUL-terminated, no tab, space or control */
	uint32_t *parent; /* enclosing group, or VX_NO_GROUP; parent[i] != i, no cycles */
	/* n + 1 offsets into rule: group g sums rule[rule_beg[g]..rule_beg[g + 1]) */
	uint32_t *rule_beg;
	uint32_t *rule;  /* group indexes; empty range: stored */
	uint32_t *order; /* all n groups, each after every group of its rule */
};

void vx_groups_init(struct vx_groups *groups);
void vx_groups_release(struct vx_groups *groups);
/* Index of a name, or VX_NO_GROUP. */
uint32_t vx_groups_find(const struct vx_groups *groups, struct vx_slice name);
/*
 * Builds the hierarchy and the sum rules from names alone: n names, names[0] "ALL", sexes spelled
 * XX / XY and as suffix _XX / _XY; parent_of[i] names the enclosing group of i, or VX_NO_GROUP to
 * have it deduced (X_XX -> X, anything else -> ALL).  `partition` lists, for ALL, the groups
 * whose sum ALL is (n_partition 0: XX + XY if both exist, else stored).  Copies the names.
 * Errors: VIDX_EUSAGE (too many groups, a name twice, a bad name), VIDX_ENOMEM.
 */
int vx_groups_build(struct vx_groups *groups, const char *const *names, uint32_t n,
		    const uint32_t *parent_of, const uint32_t *partition, uint32_t n_partition,
		    struct vidx_error *err);
/*
 * Replaces the sum rules by others: n + 1 offsets and the group indexes they cut, copied; order is
 * made anew.  For callers that know who is in which group.
 * Errors: VIDX_EUSAGE (an index out of range, a group summed from itself), VIDX_ENOMEM; the old
 * rules then stay.
 */
int vx_groups_set_rules(struct vx_groups *groups, const uint32_t *rule_beg, const uint32_t *rule,
			struct vidx_error *err);
/*
 * Adds one VCF header line per group, in order: ##vidx_group=<ID=EUR_XX,Parent=EUR,Sum="A,B">.
 * vx_infomap_build() takes names, order, hierarchy and rules from them, so that an index built
 * from a dump has the groups of the index that was dumped.
 */
void vx_groups_describe(const struct vx_groups *groups, struct vx_buf *out);
/* To and from bytes for the index's meta; read refuses anything inconsistent (VIDX_EBADINDEX). */
void vx_groups_write(const struct vx_groups *groups, struct vx_buf *out);
int vx_groups_read(struct vx_groups *groups, const void *p, size_t len, struct vidx_error *err);

#endif
