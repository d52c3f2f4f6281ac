/*
 * parts: what a source and its units are made of.  Private to this floor.
 *
 * A unit goes through three hands: source.c fills it (one thread at a time), load.c inflates it
 * and joins its seams, line.c or bcf.c reads its records.
 */
#ifndef VX_INPUT_PARTS_H
#define VX_INPUT_PARTS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/scan.h"
#include "input/file.h"
#include "input/inflate.h"
#include "input/info.h"
#include "input/seam.h"
#include "input/source.h"

enum vx_container { VX_BGZF, VX_GZIP, VX_PLAIN };

struct vx_source {
	struct vx_file file;
	enum vx_container container;
	int is_bcf;
	struct vx_header header;
	size_t unit_bytes;
	uint64_t n_units; /* filled so far */

	struct vx_buf carry;      /* stored bytes that were read and are in no unit yet */
	uint64_t carry_at;        /* where the first of them stands in the file (BGZF) */
	int after_end_block;      /* the BGZF block before them was empty */
	struct vx_gunzip *gunzip; /* plain gzip only */
	int ended;                /* nothing follows, properly or because of damage */
	char damage[160];         /* seen while opening, behind what was read: the first unit's */

	struct vx_seam *seam; /* what the next unit takes; published by the one before */
	int first_status;     /* 0, VIDX_END or VIDX_EBADINPUT: vx_source_first() */
	struct vx_slice first_chrom;
	uint64_t first_pos1;
};

/* A stretch of whole records in a unit. */
struct vx_stretch {
	const char *p, *end;
};

struct vx_unit {
	/* source.c: what lies in the file */
	const struct vx_source *source; /* NULL: never filled */
	uint64_t number;
	struct vx_buf stored; /* whole BGZF blocks */
	uint64_t stored_at;   /* place of the first of them in the file */
	size_t inflated_len;  /* of all of them */
	struct vx_buf text;   /* inflated; filled by source.c where the file is not BGZF */
	int is_last;          /* the file ends properly behind this unit */
	char damage[160];     /* behind what the unit holds; empty: none */
	struct vx_seam *before, *after;

	/* load.c: the records.  joined holds those that begin before the unit's own text. */
	struct vx_inflater *inflater;
	struct vx_buf joined;
	struct vx_stretch stretch[2];
	int i_stretch;
	int status;               /* 0: loaded; negative: what every further call returns */
	char place[VX_PLACE_MAX]; /* of the last record before this unit; empty: none */

	/* line.c and bcf.c */
	uint64_t n_records;
	struct vx_slice last_chrom; /* of the last record delivered; p NULL: none */
	uint64_t last_pos1;
	struct vx_info_scan info_scan;
	struct vx_info_value *value;
	uint64_t *word; /* their digits: vx_info_scan() */
	uint32_t n_value_room;
	struct vx_slice *alt;
	uint32_t n_alt_room;
	struct vx_slice format; /* the last FORMAT column, with what was found in it */
	uint32_t gt_index, an_index, ac_index, n_format;
	struct vx_arena arena; /* BCF: joined FILTER texts */
	uint64_t dict_serial;  /* BCF: of the vx_wanted that wanted_of belongs to */
	int32_t *wanted_of;    /* by string number: index of the wanted key, or -1 */
	uint8_t *span_of;      /* by string number: 1 + which of the keys of a span, or 0 */
	int32_t key_gt, key_an, key_ac; /* their string numbers, or -1 */
};

/*
 * Fails with "FILE: place: text"; place NULL: "FILE: after the last record", as far as there is
 * one.  Returns VIDX_EBADINPUT.
 */
int vx_unit_fault(const struct vx_unit *unit, const char *place, struct vidx_error *err,
		  const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Makes room for n_wanted values and n_alts ALTs.  0 or VIDX_ENOMEM. */
int vx_unit_room(struct vx_unit *unit, uint32_t n_wanted, uint32_t n_alts, struct vidx_error *err);

/*
 * The next record of the stretch; *stretch moves on.  0; VIDX_END: no more in it; VIDX_EBADINPUT,
 * VIDX_ENOMEM.
 */
int vx_line_next(struct vx_unit *unit, struct vx_stretch *stretch, const struct vx_wanted *wanted,
		 struct vx_record *record, struct vidx_error *err);
int vx_bcf_next(struct vx_unit *unit, struct vx_stretch *stretch, const struct vx_wanted *wanted,
		struct vx_record *record, struct vidx_error *err);

/* Fails for a line, of which a part may do, that is longer than VX_LINE_MAX. */
int vx_line_fail_long(const struct vx_unit *unit, struct vx_slice line, struct vidx_error *err);

/* CHROM and POS of the line at p.  Nonzero, or 0 when it has none. */
int vx_line_place(struct vx_slice line, struct vx_slice *chrom_ret, uint64_t *pos1_ret);
/* The same of the BCF record at p, of which len bytes are there. */
int vx_bcf_place(const struct vx_header *header, const char *p, size_t len,
		 struct vx_slice *chrom_ret, uint64_t *pos1_ret);

/*
 * Bytes of the BCF record at p, of which len are there: 0 when len is less than the eight that
 * tell, SIZE_MAX when they cannot be the start of a record.
 */
size_t vx_bcf_size(const char *p, size_t len);

/*
 * Appends the inflated blocks of unit->stored to unit->text, with VX_SCAN_ROOM bytes behind.  A
 * bad block ends the text and becomes the unit's damage.  0 or VIDX_ENOMEM.
 */
int vx_unit_inflate(struct vx_unit *unit, struct vidx_error *err);

/*
 * Adds about target bytes of text to unit, stored (BGZF) or inflated.  Damage behind them, or the
 * end of the file, is noted in unit and ends the source.  Errors: VIDX_EIO, VIDX_ENOMEM.
 */
int vx_source_fill(struct vx_source *source, struct vx_unit *unit, size_t target,
		   struct vidx_error *err);

/* Lets go of the seams, failing the units behind if this one was not loaded. */
void vx_unit_detach(struct vx_unit *unit);

/* Test hook, before the first vx_source_next(): the size of units to aim at. */
void vx_source_set_unit_bytes(struct vx_source *source, size_t n);
/* The same as vx_source_open() from a descriptor, which stays the caller's. */
int vx_source_open_fd(int fd, const char *name, struct vx_source **source_ret,
		      struct vidx_error *err);

#endif
