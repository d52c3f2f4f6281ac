/*
 * source: one input file, cut into units that workers inflate and parse in parallel.
 *
 * vx_source_next() is cheap and serial: it reads compressed bytes and finds BGZF block
 * boundaries.  vx_unit_load() is the expensive, parallel half: it inflates, checks CRCs and joins
 * the record that straddles the seam to the previous unit.  The cut depends on the file alone,
 * never on the number of threads.
 */
#ifndef VX_INPUT_SOURCE_H
#define VX_INPUT_SOURCE_H

#include "base/hash.h"
#include "input/header.h"
#include "input/record.h"

/* A unit holds about this much inflated data: large enough to drown the cost of handing it out,
 * small enough to stay in a core's second-level cache from inflation to the last record (4 MB cost
 * 7% more time on genotypes, 512 KB as much as this). */
#define VX_UNIT_BYTES ((size_t)1 << 20)
/* The longest line or BCF record taken. */
#define VX_LINE_MAX ((size_t)256 << 20)

struct vx_source;
struct vx_unit;

/*
 * Opens path ("-": standard input): VCF or BCF in BGZF, plain gzip or uncompressed, told apart by
 * content.  Reads the header and the first record's place.
 * Errors: VIDX_EIO (cannot open or read), VIDX_EBADINPUT (not a VCF or BCF, empty file, damaged),
 * VIDX_ENOMEM.  path is copied.
 */
int vx_source_open(const char *path, struct vx_source **source_ret, struct vidx_error *err);
/* Waits for nothing: every unit must have been freed or recycled to another source.  NULL is allowed. */
void vx_source_close(struct vx_source *source);

const char *vx_source_path(const struct vx_source *source);
const struct vx_header *vx_source_header(const struct vx_source *source);
/* Bytes of the file as stored (0 for a pipe until read), and bytes read so far: for progress. */
uint64_t vx_source_size(const struct vx_source *source);
uint64_t vx_source_read_bytes(const struct vx_source *source);
/* After VIDX_END from vx_source_next(): XXH3-128 over the stored bytes. */
struct vx_hash128 vx_source_hash(const struct vx_source *source);
/* CHROM and 1-based POS of the first record.  0, or VIDX_END when there is none, or VIDX_EBADINPUT (its text is no record; vx_source_next's units will report it properly). */
int vx_source_first(const struct vx_source *source, struct vx_slice *chrom_ret, uint64_t *pos1_ret);

/* A unit's memory is reused from one fill to the next. */
int vx_unit_new(struct vx_unit **unit_ret, struct vidx_error *err);
void vx_unit_free(struct vx_unit *unit);

/*
 * Fills unit with the next piece of source.  One thread at a time per source.  0, or VIDX_END
 * (the end was proper: EOF block seen where BGZF needs one).  Damage seen here (a bad block
 * header, a file cut short, no EOF block, trailing garbage) becomes part of the unit and is returned by
 * vx_unit_load/_next when the records before it have been delivered, so that the first fault in
 * input order is the one reported.  Errors here: VIDX_EIO, VIDX_ENOMEM.
 */
int vx_source_next(struct vx_source *source, struct vx_unit *unit, struct vidx_error *err);
/* Number of the unit within its source, from 0. */
uint64_t vx_unit_number(const struct vx_unit *unit);

/*
 * Inflates the unit and joins its seam; may wait until the previous unit of the source has been
 * inflated by the thread that holds it (call it promptly after vx_source_next, and once for each
 * unit, also when others failed: a failed unit releases its successors, which then fail too or are simply dropped).
 * Any thread, one per unit.  Errors: VIDX_EBADINPUT, VIDX_ENOMEM.
 */
int vx_unit_load(struct vx_unit *unit, struct vidx_error *err);

/*
 * The next record of a loaded unit.  0; VIDX_END; VIDX_EBADINPUT with file, contig:pos1 and the
 * offending text (columns missing, POS not a number, sample columns not as many as the header's,
 * BCF numbers outside the dictionaries, a record over VX_LINE_MAX); damage of the container names
 * the last record before it (`after contig:pos1`).  After a failure every further call fails.
 * *record's slices are views into the unit, valid until it is filled again; its arrays alts and
 * info until the next call.  wanted may be NULL: no INFO key is looked for (see record.h).
 */
int vx_unit_next(struct vx_unit *unit, const struct vx_wanted *wanted, struct vx_record *record,
		 struct vidx_error *err);

#endif
