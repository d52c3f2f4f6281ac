/*
 * asked: a question as a program puts it -> what is looked for in the index.  Nothing is copied:
 * the texts stay the caller's.
 */
#ifndef VX_QUERY_ASKED_H
#define VX_QUERY_ASKED_H

#include "allele/norm.h"
#include "codec/probe.h"
#include "query/reader.h"

enum vx_asked_kind {
	VX_ASKED_PLAIN,
	VX_ASKED_MOVED,   /* the reference has it elsewhere: probe is there */
	VX_ASKED_SYMBOLIC /* any END and SVLEN will do, so no probe */
};

struct vx_asked {
	enum vx_asked_kind kind;
	uint32_t contig;
	struct vx_allele norm; /* as given, trimmed; of a substitution by one base not set */
	struct vx_probe probe;
};

/*
 * 0, VIDX_ABSENT (an unknown contig, no allele, a REF that is not the reference's), VIDX_EUSAGE;
 * with a reference VIDX_EBADINPUT and VIDX_ENOMEM.  Without one it allocates nothing.
 */
int vx_asked_read(struct vidx_reader *reader, const struct vidx_allele *allele,
		  struct vx_asked *asked, struct vidx_error *err);
/* The probe of a MOVED question as it was given. */
void vx_asked_given(struct vx_asked *asked);

#endif
