/* bcf: one BCF record as the same view that a line of VCF gives. */
#include "base/bytes.h"
#include "base/pos.h"
#include "input/parts.h"

#include <stdio.h>
#include <stdlib.h>

/*
 *	0   bytes of the shared part, u32; 4: of the genotype part, u32
 *	8   CHROM (number of the contig), i32; 12: POS, 0-based, i32; 16: rlen; 20: QUAL
 *	24  n_info u16, n_allele u16; 28: n_sample u24, n_fmt u8
 *	32  ID, alleles, FILTER, INFO: typed values
 *	..  the genotype part: per FORMAT key a typed key, a type, and the samples' values
 */
enum {
	SIZES = 8,
	FIXED = 24, /* bytes of the shared part before ID */
	TYPE_TEXT = 7
};

struct typed {
	uint8_t type;
	uint32_t len; /* elements */
	const uint8_t *p;
};

/* Bytes of one element by type code; 0xff: no such type. */
static const uint8_t element_bytes[16] = {0,    1,    2,    4,    0xff, 4,    0xff, 1,
					  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

size_t vx_bcf_size(const char *p, size_t len)
{
	uint64_t shared, size;

	if (len < SIZES)
		return 0;
	shared = vx_load32(p);
	size = SIZES + shared + vx_load32(p + 4);
	return shared < FIXED || size > VX_LINE_MAX ? SIZE_MAX : (size_t)size;
}

int vx_bcf_place(const struct vx_header *header, const char *p, size_t len,
		 struct vx_slice *chrom_ret, uint64_t *pos1_ret)
{
	uint32_t contig;
	int32_t pos0;

	if (len < SIZES + 8)
		return 0;
	contig = vx_load32(p + 8);
	pos0 = (int32_t)vx_load32(p + 12);
	if (contig >= header->n_bcf_contigs || !header->bcf_contigs[contig].p || pos0 < -1)
		return 0;
	*chrom_ret = header->bcf_contigs[contig];
	*pos1_ret = (uint64_t)((int64_t)pos0 + 1);
	return 1;
}

static int64_t element(const uint8_t *p, uint8_t type)
{
	if (type == 1)
		return (int8_t)*p;
	return type == 2 ? (int16_t)vx_load16(p) : (int32_t)vx_load32(p);
}

/* A typed value whose one element is an integer, as keys and long lengths are; -1: it is not. */
static int64_t take_number(struct vx_cursor *c)
{
	uint8_t descriptor = vx_cursor_u8(c), type = descriptor & 15;
	const uint8_t *p;

	if (descriptor >> 4 != 1 || type < 1 || type > 3)
		return -1;
	p = vx_cursor_take(c, element_bytes[type]);
	return p ? element(p, type) : -1;
}

/* Type and length of a value, not its data.  Nonzero, or 0 when there is none. */
static int take_type(struct vx_cursor *c, struct typed *typed)
{
	uint8_t descriptor = vx_cursor_u8(c);
	int64_t len = descriptor >> 4;

	typed->type = descriptor & 15;
	if (len == 15)
		len = take_number(c);
	if (c->bad || len < 0 || element_bytes[typed->type] == 0xff)
		return 0;
	typed->len = (uint32_t)len;
	return 1;
}

static int take_typed(struct vx_cursor *c, struct typed *typed)
{
	if (!take_type(c, typed))
		return 0;
	typed->p = vx_cursor_take(c, (size_t)typed->len * element_bytes[typed->type]);
	return typed->p != NULL;
}

/* A string; writers may pad it with NUL bytes. */
static int take_text(struct vx_cursor *c, struct vx_slice *ret)
{
	struct typed typed;

	if (!take_typed(c, &typed) || (typed.type != TYPE_TEXT && typed.type != 0))
		return 0;
	*ret = vx_slice((const char *)typed.p, typed.type ? typed.len : 0);
	while (ret->len && ret->p[ret->len - 1] == '\0')
		ret->len--;
	return 1;
}

static int take_alleles(struct vx_unit *unit, struct vx_cursor *c, uint32_t n,
			struct vx_record *record, struct vidx_error *err)
{
	record->ref = vx_slice("", 0);
	record->n_alts = n ? n - 1 : 0;
	if (vx_unit_room(unit, 0, record->n_alts, err) != 0)
		return VIDX_ENOMEM;
	record->alts = unit->alt;
	for (uint32_t i = 0; i < n; i++)
		if (!take_text(c, i ? &unit->alt[i - 1] : &record->ref))
			return VIDX_EBADINPUT;
	/* Some writers list the '.' of a record without ALT. */
	if (record->n_alts == 1 && vx_slice_is(unit->alt[0], "."))
		record->n_alts = 0;
	return 0;
}

/* The name of FILTER number i, p NULL when the dictionary has none. */
static struct vx_slice filter_name(const struct vx_header *header, const struct typed *typed,
				   uint32_t i)
{
	int64_t number = element(typed->p + (size_t)i * element_bytes[typed->type], typed->type);

	if (number < 0 || number >= header->n_strings)
		return vx_slice(NULL, 0);
	return header->strings[number];
}

static int take_filter(struct vx_unit *unit, struct vx_cursor *c, struct vx_record *record)
{
	const struct vx_header *header = &unit->source->header;
	struct typed typed;
	size_t len = 0;
	char *out;

	record->filter = vx_slice_str(".");
	if (!take_typed(c, &typed) || (typed.len && (typed.type < 1 || typed.type > 3)))
		return VIDX_EBADINPUT;
	for (uint32_t i = 0; i < typed.len; i++) {
		struct vx_slice name = filter_name(header, &typed, i);

		if (!name.p)
			return VIDX_EBADINPUT;
		record->filter = name;
		len += name.len + 1;
	}
	if (typed.len < 2)
		return 0;
	out = vx_arena_alloc(&unit->arena, len);
	if (!out)
		return VIDX_ENOMEM;
	record->filter = vx_slice(out, len - 1);
	for (uint32_t i = 0; i < typed.len; i++) {
		struct vx_slice name = filter_name(header, &typed, i);

		memcpy(out, name.p, name.len);
		out += name.len;
		*out++ = ';';
	}
	return 0;
}

/* The keys that tell of a symbolic allele's span and mate, each with a place in the record. */
static const struct {
	const char *name;
	size_t at;
} span_keys[] = {
	{"END", offsetof(struct vx_record, end)},
	{"SVLEN", offsetof(struct vx_record, svlen)},
	{"CHR2", offsetof(struct vx_record, chr2)},
	{"END2", offsetof(struct vx_record, end2)},
	{"POS2", offsetof(struct vx_record, pos2)},
	{"STRANDS", offsetof(struct vx_record, strands)},
};

#define N_SPAN_KEYS (sizeof span_keys / sizeof *span_keys)

static uint8_t span_key(struct vx_slice name)
{
	for (size_t k = 0; k < N_SPAN_KEYS; k++)
		if (vx_slice_is(name, span_keys[k].name))
			return (uint8_t)(k + 1);
	return 0;
}

static struct vx_info_value *span_value(struct vx_record *record, unsigned k)
{
	return (struct vx_info_value *)((char *)record + span_keys[k].at);
}

/* The numbers of the wanted keys in this file's dictionary; made once per source and wanted. */
static int number_keys(struct vx_unit *unit, const struct vx_wanted *wanted)
{
	const struct vx_header *header = &unit->source->header;
	uint64_t serial = wanted ? vx_wanted_serial(wanted) : 0;
	char padded[32];

	if (unit->wanted_of && unit->dict_serial == serial)
		return 0;
	free(unit->wanted_of);
	free(unit->span_of);
	unit->wanted_of = malloc((header->n_strings + 1) * sizeof *unit->wanted_of);
	unit->span_of = calloc(header->n_strings + 1, 1);
	if (!unit->wanted_of || !unit->span_of) {
		unit->dict_serial = UINT64_MAX;
		return VIDX_ENOMEM;
	}
	unit->dict_serial = serial;
	unit->key_gt = unit->key_an = unit->key_ac = -1;
	for (uint32_t i = 0; i < header->n_strings; i++) {
		struct vx_slice name = header->strings[i];

		unit->wanted_of[i] = -1;
		if (!name.p)
			continue;
		unit->span_of[i] = span_key(name);
		if (vx_slice_is(name, "GT"))
			unit->key_gt = (int32_t)i;
		else if (vx_slice_is(name, "AN"))
			unit->key_an = (int32_t)i;
		else if (vx_slice_is(name, "AC"))
			unit->key_ac = (int32_t)i;
		if (name.len < 16) { /* the lookup reads sixteen bytes */
			memcpy(padded, name.p, name.len);
			name.p = padded;
		}
		if (wanted)
			unit->wanted_of[i] = vx_wanted_find(wanted, name);
	}
	return 0;
}

static void keep_info(struct vx_info_value *value, const struct typed *typed)
{
	if (value->p)
		return;
	value->p = (const char *)typed->p;
	value->len = typed->len;
	value->bcf_type = typed->type;
	if (typed->type == TYPE_TEXT) {
		while (value->len && value->p[value->len - 1] == '\0')
			value->len--;
	} else if (typed->len == 0 || typed->type == 0) {
		value->len = 0;
		value->bcf_type = 0; /* a flag */
	}
}

static int take_info(struct vx_unit *unit, struct vx_cursor *c, uint32_t n,
		     const struct vx_wanted *wanted, struct vx_record *record)
{
	for (unsigned k = 0; k < N_SPAN_KEYS; k++)
		span_value(record, k)->p = NULL;
	if (vx_wanted_count(wanted))
		memset(unit->value, 0, vx_wanted_count(wanted) * sizeof *unit->value);
	record->info = unit->value;
	record->word = NULL;
	for (uint32_t i = 0; i < n; i++) {
		int64_t key = take_number(c);
		struct typed typed;

		if (key < 0 || key >= unit->source->header.n_strings || !take_typed(c, &typed))
			return VIDX_EBADINPUT;
		if (unit->wanted_of[key] >= 0)
			keep_info(&unit->value[unit->wanted_of[key]], &typed);
		if (unit->span_of[key])
			keep_info(span_value(record, unit->span_of[key] - 1u), &typed);
	}
	return 0;
}

/* AN or AC of columns that are populations; what is no integer is left out. */
static void keep_format(const struct vx_unit *unit, int64_t key, const struct typed *typed,
			const uint8_t *p, struct vx_record *record)
{
	struct vx_format_value *value = key == unit->key_an   ? &record->format_an
					: key == unit->key_ac ? &record->format_ac
							      : NULL;

	if (value && !value->p && typed->len && typed->type >= 1 && typed->type <= 3)
		*value = (struct vx_format_value){p, typed->type, typed->len};
}

/* Walks the FORMAT keys to GT. */
static int take_genotypes(const struct vx_unit *unit, struct vx_cursor *c, uint32_t n_format,
			  struct vx_record *record)
{
	record->gt_form = VX_GT_NONE;
	record->samples.p = NULL;
	record->format_an.p = record->format_ac.p = NULL;
	for (uint32_t i = 0; i < n_format; i++) {
		int64_t key = take_number(c);
		struct typed typed;
		const uint8_t *p;

		if (key < 0 || key >= unit->source->header.n_strings || !take_type(c, &typed))
			return VIDX_EBADINPUT;
		/* 2^28 at most times 2^32: no overflow. */
		p = vx_cursor_take(c, (size_t)record->n_samples * typed.len *
					      element_bytes[typed.type]);
		if (!p)
			return VIDX_EBADINPUT;
		keep_format(unit, key, &typed, p, record);
		if (key != unit->key_gt || record->gt_form == VX_GT_BCF || typed.len == 0)
			continue;
		if (typed.type < 1 || typed.type > 3)
			return VIDX_EBADINPUT;
		record->gt_form = VX_GT_BCF;
		record->gt = p;
		record->gt_type = typed.type;
		record->gt_width = typed.len;
	}
	return 0;
}

static int fail_record(const struct vx_unit *unit, const struct vx_record *record, const char *what,
		       struct vidx_error *err)
{
	char place[VX_PLACE_MAX];

	vx_place_format(place, record->chrom, record->pos1);
	return vx_unit_fault(unit, place, err, "%s", what);
}

/* What stands in the genotype part, whose number of samples must be the header's. */
static int read_individual(const struct vx_unit *unit, struct vx_cursor *c, uint32_t counts,
			   struct vx_record *record, struct vidx_error *err)
{
	uint32_t n_samples = counts & 0xffffff, n_format = counts >> 24;
	char what[96];

	record->n_samples = unit->source->header.n_samples;
	if (n_samples != record->n_samples) {
		snprintf(what, sizeof what, "%u samples, not %u as in the header", n_samples,
			 record->n_samples);
		return fail_record(unit, record, what, err);
	}
	if (take_genotypes(unit, c, n_format, record) != 0)
		return fail_record(unit, record, "the genotypes of the record are damaged", err);
	return 0;
}

static int read_record(struct vx_unit *unit, const char *p, size_t size,
		       const struct vx_wanted *wanted, struct vx_record *record,
		       struct vidx_error *err)
{
	uint32_t n_shared = vx_load32(p);
	struct vx_cursor c = vx_cursor(p + SIZES, n_shared);
	struct vx_cursor d = vx_cursor(p + SIZES + n_shared, size - SIZES - n_shared);
	const uint8_t *fixed = vx_cursor_take(&c, FIXED);
	uint32_t n_info = vx_load16(fixed + 16), n_alleles = vx_load16(fixed + 18);
	int rc;

	if (!vx_bcf_place(&unit->source->header, p, size, &record->chrom, &record->pos1))
		return vx_unit_fault(
			unit, NULL, err,
			"contig number %ld or position %ld of the record is outside what "
			"the header and the format allow",
			(long)(int32_t)vx_load32(fixed), (long)(int32_t)vx_load32(fixed + 4));
	record->number = unit->n_records;
	if (!take_text(&c, &record->id))
		return fail_record(unit, record, "the ID of the record is damaged", err);
	if (record->id.len == 1 && record->id.p[0] == '.')
		record->id.len = 0;
	rc = take_alleles(unit, &c, n_alleles, record, err);
	if (rc == VIDX_EBADINPUT)
		return fail_record(unit, record, "the alleles of the record are damaged", err);
	if (rc == 0)
		rc = take_filter(unit, &c, record);
	if (rc == VIDX_EBADINPUT)
		return fail_record(unit, record, "FILTER is damaged, or not in the header", err);
	if (rc != 0)
		return vx_fail_nomem(err);
	if (take_info(unit, &c, n_info, wanted, record) != 0)
		return fail_record(unit, record, "INFO is damaged, or a key is not in the header",
				   err);
	return read_individual(unit, &d, vx_load32(fixed + 20), record, err);
}

int vx_bcf_next(struct vx_unit *unit, struct vx_stretch *stretch, const struct vx_wanted *wanted,
		struct vx_record *record, struct vidx_error *err)
{
	/* load.c walked over these sizes: the record is whole. */
	size_t size = vx_bcf_size(stretch->p, (size_t)(stretch->end - stretch->p));
	int rc;

	if (stretch->p == stretch->end)
		return VIDX_END;
	if (number_keys(unit, wanted) != 0)
		return vx_fail_nomem(err);
	if (vx_unit_room(unit, vx_wanted_count(wanted), 0, err) != 0)
		return VIDX_ENOMEM;
	rc = read_record(unit, stretch->p, size, wanted, record, err);
	if (rc != 0)
		return rc;
	stretch->p += size;
	unit->n_records++;
	unit->last_chrom = record->chrom;
	unit->last_pos1 = record->pos1;
	return 0;
}
