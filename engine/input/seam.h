/*
 * seam: what a unit hands on to the next one of its source: the start of the record that
 * straddles the cut, and the place of the last whole record, for messages.
 *
 * A seam has two ends, each held by one unit (or by the source, until there is a next unit): one
 * publishes, one takes.  Each end is used once; the memory goes with the second.
 */
#ifndef VX_INPUT_SEAM_H
#define VX_INPUT_SEAM_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdint.h>

/* Bytes of "CHROM:POS" with its NUL; a longer contig name is cut. */
#define VX_PLACE_MAX 80

/* Writes "chrom:pos1". */
void vx_place_format(char place[VX_PLACE_MAX], struct vx_slice chrom, uint64_t pos1);

struct vx_seam;

/* NULL when memory is out. */
struct vx_seam *vx_seam_new(void);

/*
 * The giving end.  tail's memory moves into the seam (*tail is left empty); failed nonzero: there
 * will never be a tail, because what comes before is damaged (tail may be NULL then).
 */
void vx_seam_publish(struct vx_seam *seam, struct vx_buf *tail, const char *place, int failed);

/*
 * The taking end.  Waits for the giving end, then moves the tail into *tail (released first) and
 * writes the place.  Returns 0, or VIDX_EBADINPUT when what comes before failed.
 */
int vx_seam_take(struct vx_seam *seam, struct vx_buf *tail, char place[VX_PLACE_MAX]);

/* The taking end, without interest in the tail. */
void vx_seam_drop(struct vx_seam *seam);

#endif
