/* ends: the fields that tell symbolic alleles of one place and text apart: span, SVLEN and mate. */
#ifndef VX_RENDER_ENDS_H
#define VX_RENDER_ENDS_H

#include "render/json.h"

/* A site's value of a field for which vx_field_is_end() holds, as text; '.': none. */
void vx_ends_text(const struct vidx_site *site, enum vx_field field, struct vx_buf *out);
/* The same as a member of an object, null where there is none. */
void vx_ends_json(const struct vidx_site *site, enum vx_field field, struct vx_json *json);
/* All that a symbolic allele has, as members; of other alleles nothing. */
void vx_ends_json_all(const struct vidx_site *site, struct vx_json *json);

#endif
