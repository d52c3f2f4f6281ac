/*
 * infogram: the grammars of INFO keys: which of them a header speaks, and what a key means in it.
 */
#ifndef VX_COHORT_INFOGRAM_H
#define VX_COHORT_INFOGRAM_H

#include "base/arena.h"
#include "cohort/group.h"
#include "input/header.h"
#include "vidx.h"

struct vx_grammar;

/* In place of a metric: a declared frequency, which is held against AC / AN and not indexed. */
#define VX_METRIC_AF VIDX_N_METRICS

/* How a key's values lie. */
enum vx_key_form {
	VX_FORM_PLAIN,         /* as the header's Number says */
	VX_FORM_ALTS_THEN_REF, /* copies of each ALT, then of REF: AC and AN in one */
	VX_FORM_BY_GROUP /* one value per group between '|'; the Description names the groups */
};

/* What a key says. */
struct vx_key_sense {
	struct vx_slice
		group;        /* "ALL", "nfe_XX": the source's spelling, sexes as XX and XY, last */
	struct vx_slice base; /* the group without its sex; empty for ALL, XX and XY */
	int sex;              /* 0; 1: XX; 2: XY */
	int metric;           /* enum vidx_metric or VX_METRIC_AF */
	enum vx_key_form form;
	uint32_t divide; /* 2: the key counts alleles where the metric counts people */
};

/* The grammar of a header; there is always one (the last resort is "plain"). */
const struct vx_grammar *vx_grammar_of(const struct vx_header *header);
/* "gnomAD", "plain", ... */
const char *vx_grammar_name(const struct vx_grammar *grammar);
/* Do its AC and AN count individuals, not alleles? */
int vx_grammar_counts_people(const struct vx_grammar *grammar);
/* Do the groups directly under ALL make up everybody? */
int vx_grammar_is_partition(const struct vx_grammar *grammar);
/*
 * Reads a key.  1 and *sense_ret (slices in arena); 0: the grammar does not know it, or it is of no
 * population (raw, popmax, ...); VIDX_ENOMEM.
 */
int vx_grammar_read(const struct vx_grammar *grammar, struct vx_slice key, struct vx_arena *arena,
		    struct vx_key_sense *sense_ret);
/* Can a field of that type (as the header writes it; empty: not declared) hold that metric? */
int vx_grammar_may_hold(const struct vx_grammar *grammar, struct vx_slice type, int metric);
/* Is the key one that a person would take for a count or a frequency? */
int vx_looks_like_count(struct vx_slice key);
/* Is the name that of an ancestry group that, with the others, makes up everybody? */
int vx_is_ancestry(struct vx_slice name);

#endif
