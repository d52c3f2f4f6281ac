/* sites: variants as VCF text, one record each, that any VCF reader (and vidx build) takes. */
#ifndef VX_RENDER_SITES_H
#define VX_RENDER_SITES_H

#include "base/arena.h"
#include "base/buf.h"
#include "render/view.h"

/* The distinct names in the FILTER columns of an index, in order of first appearance. */
struct vx_filters {
	struct vx_arena arena;
	struct vx_slice *name;
	uint32_t n, cap;
	uint32_t *slot; /* open addressing over name, n_slots a power of two; 0: free */
	uint32_t n_slots;
	struct vx_slice last; /* the column seen last: most records repeat it */
};

void vx_filters_init(struct vx_filters *filters);
void vx_filters_release(struct vx_filters *filters);
/* Takes one FILTER column ("AC0;RF").  VIDX_ENOMEM. */
int vx_filters_add(struct vx_filters *filters, struct vx_slice column, struct vidx_error *err);

/* What all records of one file share. */
struct vx_sites {
	const struct vx_view *view;
	struct vx_buf keys; /* ";AC_EUR=" ... one after another */
	struct vx_sites_entry *entry;
	uint32_t n_entries;
};

/*
 * The INFO keys are AC, AN, AF, het, nhomalt, nhemi, ac_het of ALL and each with _GROUP, as far as the
 * index holds them and the view shows them.  Borrows view.  VIDX_ENOMEM.
 */
int vx_sites_init(struct vx_sites *sites, const struct vx_view *view, struct vidx_error *err);
void vx_sites_release(struct vx_sites *sites);
/* Everything up to and with the #CHROM line. */
void vx_sites_header(const struct vx_sites *sites, const struct vx_filters *filters,
		     struct vx_buf *out);
/* One line.  Returns nonzero when it holds a number that BCF cannot (over 2^31 - 1). */
int vx_sites_record(const struct vx_sites *sites, const struct vidx_site *site, struct vx_buf *out);

#endif
