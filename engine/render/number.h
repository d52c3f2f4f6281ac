/* number: fractions as text.  Pure; any thread. */
#ifndef VX_RENDER_NUMBER_H
#define VX_RENDER_NUMBER_H

#include "base/buf.h"

/* Exactly what printf("%.6g") gives, and faster for what lies in (1e-15, 1e6). */
void vx_number_short(struct vx_buf *out, double v);
/* The shortest of %.6g to %.9g that reads back as v; "nan", "inf", "-inf". */
void vx_number_float(struct vx_buf *out, float v);
/* The shortest of %.15g, %.16g, %.17g that reads back as v.  v is finite. */
void vx_number_full(struct vx_buf *out, double v);

#endif
