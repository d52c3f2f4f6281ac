/*
 * duplicate: the same allele twice.  The first in input order stays; this counts the others, and
 * the records that lose every row by it.
 */
#ifndef VX_BUILD_DUPLICATE_H
#define VX_BUILD_DUPLICATE_H

#include "build/unit.h"

struct vx_sibling;

/* What became of rows and records, and the first duplicate in input order (for --strict). */
struct vx_account {
	struct vx_tally tally;
	uint64_t duplicate_order; /* UINT64_MAX: none, or not --strict */
	char duplicate_text[256];
	struct vx_sibling *sibling; /* records with several rows that lost some: by order */
	size_t n_siblings, cap_siblings;
};

void vx_account_init(struct vx_account *account);
void vx_account_release(struct vx_account *account);

/* Adds what one unit counted, also to its input's own counts. */
void vx_account_add(struct vx_account *account, const struct vx_run *run, struct vx_input *input);

/*
 * Moves row from indexed to duplicate; contig is its contig's name.  A record of several rows is
 * rejected once all of them are gone.  0 or VIDX_ENOMEM.
 */
int vx_account_duplicate(struct vx_account *account, const struct vx_row *row,
			 struct vx_inputs *inputs, const struct vx_build_options *options,
			 struct vx_slice contig);

#endif
