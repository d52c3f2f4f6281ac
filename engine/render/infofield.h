/* infofield: the kept INFO of a site, as text and as JSON. */
#ifndef VX_RENDER_INFOFIELD_H
#define VX_RENDER_INFOFIELD_H

#include "render/json.h"

/*
 * Reads what the view shows of a site's kept INFO, once for all that then show it; NULL: of
 * nothing.  Errors: VIDX_EBADINDEX (naming the place), VIDX_ENOMEM.
 */
int vx_infofield_take(struct vx_view *view, const struct vidx_site *site, struct vidx_error *err);

/* Number i of the keys shown, for a table: '.': the site has none; 1: a flag. */
void vx_infofield_text(const struct vx_view *view, uint32_t i, struct vx_buf *out);
/* ";KEY=VALUE" for each that the site has.  Nonzero: a number that BCF cannot hold is among them. */
int vx_infofield_record(const struct vx_view *view, struct vx_buf *out);
/* The ##INFO lines. */
void vx_infofield_header(const struct vx_view *view, struct vx_buf *out);
/*
 * "info":{...} with those that the site has: numbers and strings, null for '.', true for a flag;
 * lists where Number is neither 1 nor A.  Nothing where the view shows none.
 */
void vx_infofield_json(const struct vx_view *view, struct vx_json *json);

#endif
