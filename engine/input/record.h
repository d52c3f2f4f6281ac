/*
 * record: one VCF or BCF record as views, the same shape for both.
 */
#ifndef VX_INPUT_RECORD_H
#define VX_INPUT_RECORD_H

#include "base/slice.h"
#include "base/status.h"

#include <stdint.h>

/* The INFO keys to pick out.  Keys are distinct; index in keys = index in vx_record.info. */
struct vx_wanted;
int vx_wanted_new(const struct vx_slice *keys, uint32_t n, struct vx_wanted **wanted_ret,
		  struct vidx_error *err);
void vx_wanted_free(struct vx_wanted *wanted);
uint32_t vx_wanted_count(const struct vx_wanted *wanted);

/* The value of one wanted INFO key: text (VCF) or a typed array (BCF). */
struct vx_info_value {
	const char *p;    /* NULL: the key is not in this record.  A flag has len 0. */
	uint32_t len;     /* bytes of text; for BCF the number of elements */
	uint8_t bcf_type; /* 0: text; else BCF type code 1, 2, 3 (int8/16/32), 5 (float), 7 (char) */
};

/* How the genotypes lie. */
enum vx_gt_form {
	VX_GT_NONE, /* no samples, or no GT in FORMAT */
	VX_GT_TEXT, /* VCF: sample columns as text */
	VX_GT_BCF   /* BCF: n_samples x gt_width values of gt_type */
};

/* BCF: the integers of a FORMAT key, width of them a sample.  p NULL: the record has none. */
struct vx_format_value {
	const uint8_t *p;
	uint8_t type; /* 1, 2, 3: int8/16/32 */
	uint32_t width;
};

struct vx_record {
	struct vx_slice chrom;
	uint64_t pos1;               /* 1-based; POS 0 (a telomere) is delivered as 0 */
	struct vx_slice id;          /* "." becomes empty */
	struct vx_slice filter;      /* as written, "." stays; BCF: joined with ';' */
	uint32_t n_alts;             /* 0 when ALT is "." */
	struct vx_slice ref;         /* as written */
	const struct vx_slice *alts; /* n_alts of them, as written; views valid as the record */
	const struct vx_info_value *info; /* vx_wanted_count() of them */
	const uint64_t *word; /* their vx_digits_word(); NULL where they are no text (BCF) */
	struct vx_info_value end,
		svlen; /* INFO END and SVLEN, always looked for when an ALT starts with '<' */
	struct vx_info_value chr2, end2, pos2,
		strands; /* likewise; the last three only beside CHR2, or with <BND>, <CTX>, <TRA> */

	uint32_t n_samples; /* as the header declares */
	enum vx_gt_form gt_form;
	uint32_t gt_index; /* VX_GT_TEXT: which ':' field of a sample is GT, from 0 */
	uint32_t n_format; /* VX_GT_TEXT: number of ':' fields FORMAT declares */
	struct vx_slice
		samples; /* VCF: the sample columns, tab-separated, no newline; at least 64 readable bytes follow the end */
	/* FORMAT AN and AC, of files whose columns are populations: which ':' field of a sample they
	 * are, UINT32_MAX where there is none (VCF), or their values (BCF) */
	uint32_t an_index, ac_index;
	struct vx_format_value format_an, format_ac;
	const uint8_t *gt; /* VX_GT_BCF: values, little-endian, (allele + 1) << 1 | phased */
	uint8_t gt_type;   /* VX_GT_BCF: 1, 2, 3: int8/16/32 */
	uint32_t gt_width; /* VX_GT_BCF: values per sample */

	uint64_t number; /* of the record in its unit, from 0 */
};

/*
 * The arrays alts and info are valid until the next record of the unit; the text they point to,
 * like every other view, until the unit is filled again.  At least 64 readable bytes follow every
 * text of a record.
 */

/*
 * The i-th integer of a value, from 0: 1 and *ret set; 0: missing ('.' or BCF missing); -1: not
 * an integer (a BCF float or text that is not a whole number; |value| <= 2^62), or there is no i-th element.
 */
int vx_info_int_at(const struct vx_info_value *value, uint32_t i, int64_t *ret);
static inline int vx_info_int(const struct vx_info_value *value, uint32_t i, int64_t *ret)
{
	int64_t v = 0;

	/* Nearly always: one short number in decimal digits. */
	if (i || value->bcf_type || value->len - 1 >= 15)
		return vx_info_int_at(value, i, ret);
	for (uint32_t k = 0; k < value->len; k++) {
		unsigned digit = (unsigned char)value->p[k] - (unsigned)'0';

		if (digit > 9)
			return vx_info_int_at(value, i, ret);
		v = v * 10 + digit;
	}
	*ret = v;
	return 1;
}
/* The same for a decimal number. */
int vx_info_double(const struct vx_info_value *value, uint32_t i, double *ret);
/* Number of comma-separated (or typed) elements; BCF end-of-vector padding does not count. */
uint32_t vx_info_length(const struct vx_info_value *value);

#endif
