/* tsv: answers as tab-separated lines, for people and pipes. */
#ifndef VX_RENDER_TSV_H
#define VX_RENDER_TSV_H

#include "base/buf.h"
#include "render/view.h"

/* The header line, "#query\tcontig...". */
void vx_tsv_header(const struct vx_view *view, struct vx_buf *out);
/*
 * A line per population shown (one with view->wide, and for what was not found and of which no AN
 * is known, where the population reads ALL and every number '.').
 */
void vx_tsv_answer(struct vx_view *view, const struct vx_answer *answer, struct vx_buf *out);

#endif
