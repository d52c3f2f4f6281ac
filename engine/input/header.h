/* header: what the header of a VCF or BCF declares. */
#ifndef VX_INPUT_HEADER_H
#define VX_INPUT_HEADER_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/slice.h"
#include "base/status.h"

#include <stdint.h>

struct vx_header_contig {
	struct vx_slice name;
	uint64_t length;          /* bases; 0: not declared */
	struct vx_slice assembly; /* the assembly= remark, or empty */
};

struct vx_header_field { /* ##INFO or ##FORMAT */
	struct vx_slice id;
	struct vx_slice number; /* "A", "1", ".", "R", "G", ... as written */
	struct vx_slice type;   /* "Integer", "Float", "String", "Flag", ... as written */
	struct vx_slice description;
};

struct vx_header {
	struct vx_arena arena;     /* owns every slice below */
	struct vx_slice text;      /* the whole header, "##..." to the end of the #CHROM line */
	struct vx_slice reference; /* ##reference=..., or empty */
	uint32_t n_contigs, n_infos, n_formats, n_samples;
	struct vx_header_contig *contigs;
	struct vx_header_field *infos, *formats;
	struct vx_slice *samples; /* in column order */
	int has_format; /* nonzero: a FORMAT column is declared (with or without samples) */
	struct vx_hash128 samples_hash; /* of the names in order: equal means the same columns */
	/* BCF only, by vx_header_number(): by index (IDX= honoured; PASS is 0); p NULL where a number is unused */
	uint32_t n_strings, n_bcf_contigs;
	struct vx_slice *strings, *bcf_contigs;
};

/*
 * Reads a header text (name is for messages).  Demands ##fileformat=VCF first (a UTF-8 byte order mark before it is damage) and
 * a #CHROM line with the eight columns (and FORMAT before samples); sample names non-empty and
 * distinct.  Unknown or sloppy meta lines are skipped, never fatal.
 * Errors: VIDX_EBADINPUT, VIDX_ENOMEM.  *header must be released also after a failure.
 */
int vx_header_parse(struct vx_header *header, struct vx_slice text, const char *name,
		    struct vidx_error *err);
void vx_header_release(struct vx_header *header);

/*
 * Adds the keys of an INFO column that no INFO line declares, with Number '.', and neither type nor
 * description.  0 or VIDX_ENOMEM.
 */
int vx_header_add_infos(struct vx_header *header, struct vx_slice info);

/*
 * Fills the dictionaries of BCF, by which its records name contigs and keys.
 * Errors: VIDX_EBADINPUT (an IDX= that is no number, absurd, or given twice), VIDX_ENOMEM.
 */
int vx_header_number(struct vx_header *header, const char *name, struct vidx_error *err);

/*
 * The next "##key=value" line of *text, which starts as header->text and is used up line by line: 1
 * and the views, or 0 at the end.  Lines of another shape are skipped.
 */
int vx_header_next_meta(struct vx_slice *text, struct vx_slice *key_ret,
			struct vx_slice *value_ret);

/*
 * The value of an attribute of a structured line's "<...>": ID, Number, IDX, ...; quotes taken
 * off, escapes left.  Empty when it has none.
 */
struct vx_slice vx_header_attribute(struct vx_slice value, const char *name);

/* At most 40 characters of text for a message, in single quotes; tabs as spaces, other than ASCII as ?. */
struct vx_quote {
	char text[48];
};
struct vx_quote vx_quote(struct vx_slice text);

#endif
