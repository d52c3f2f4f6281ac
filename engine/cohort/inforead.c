#include "base/bytes.h"
#include "base/digits.h"
#include "base/text.h"
#include "cohort/infomap.h"
#include "vidx.h"

/* Sets one value, in people where the source counts alleles.  0: it is no count. */
static int put(const struct vx_infomap_entry *e, uint64_t v, uint64_t *value)
{
	if (e->divide != 1) { /* seldom, and a division is slow */
		if (v % e->divide != 0)
			return 0;
		v /= e->divide;
	}
	*value = v;
	return v <= VX_COUNT_MAX;
}

/* The numbers of one key of one record, text or typed, one after another. */
struct numbers {
	struct vx_slice rest;
	const uint8_t *p;
	uint32_t n;
	uint8_t type; /* 0: text */
};

/* The next one: 1 and *ret; 2: missing; 0: no more; -1: no whole number from 0 on. */
static int next_number(struct numbers *s, uint64_t *ret)
{
	static const int64_t lowest[] = {0, INT8_MIN, INT16_MIN, INT32_MIN};
	struct vx_slice field;
	int64_t v;

	if (s->type == 0) {
		if (!vx_split(&s->rest, ',', &field))
			return 0;
		if (vx_slice_is(field, "."))
			return 2;
		return vx_parse_u64(field, VX_COUNT_MAX, ret) ? 1 : -1;
	}
	if (s->n == 0)
		return 0;
	v = s->type == 1   ? (int8_t)*s->p
	    : s->type == 2 ? (int16_t)vx_load16(s->p)
			   : (int32_t)vx_load32(s->p);
	if (v == lowest[s->type] + 1)
		return 0; /* the end of the vector */
	s->p += s->type == 3 ? 4 : s->type;
	s->n--;
	if (v == lowest[s->type])
		return 2;
	*ret = (uint64_t)v;
	return v < 0 ? -1 : 1;
}

static struct numbers numbers_of(const struct vx_info_value *v)
{
	struct numbers s = {{NULL, 0}, NULL, 0, 0};

	if (v->bcf_type == 0 || v->bcf_type == 7) {
		s.rest = vx_slice(v->p, v->len);
	} else {
		s.p = (const uint8_t *)v->p;
		s.n = v->len;
		s.type = v->bcf_type;
	}
	return s;
}

/* Any number of values, for any number of ALTs.  stride: values of one ALT.  0: bad. */
static int read_values(const struct vx_infomap_entry *e, const struct vx_info_value *v,
		       uint32_t n_alts, size_t stride, uint64_t *value)
{
	struct numbers s;
	uint64_t number = 0;
	uint32_t n = 0, skip = e->per_alt == VX_PER_ALLELE;
	int rc, all_missing = 1;

	if (v->bcf_type > 3 && v->bcf_type != 7)
		return 0;
	for (s = numbers_of(v); (rc = next_number(&s, &number)) > 0; n++) {
		if (rc == 1)
			all_missing = 0;
		if (n >= n_alts + skip)
			return 0;
		if (rc == 1 && n >= skip && !put(e, number, value + (n - skip) * stride))
			return 0;
	}
	if (rc < 0 || n == 0)
		return 0;
	if (n == n_alts + skip)
		return 1;
	if (n == 1 && all_missing)
		return 1; /* one '.' for all */
	if (n != 1 || e->per_alt != VX_SHARED)
		return 0;
	for (uint32_t a = 1; a < n_alts; a++)
		value[a * stride] = value[0];
	return 1;
}

/* Copies of each ALT and then of REF: AC, and their sum is AN.  0: bad. */
static int read_alts_then_ref(const struct vx_infomap_entry *e, const struct vx_info_value *v,
			      uint32_t n_alts, size_t stride, uint64_t *value)
{
	struct numbers s;
	uint64_t number = 0, an = 0;
	uint32_t n = 0;
	int rc;

	if (v->bcf_type > 3 && v->bcf_type != 7)
		return 0;
	for (s = numbers_of(v); (rc = next_number(&s, &number)) == 1; n++) {
		an += number;
		if (n > n_alts || an > VX_COUNT_MAX)
			return 0;
		if (n < n_alts)
			value[n * stride + e->at] = number;
	}
	if (rc != 0 || n != n_alts + 1)
		return 0;
	for (uint32_t a = 0; a < n_alts; a++)
		value[a * stride + e->an_at] = an;
	return 1;
}

/* One value per group between '|', the same for every ALT.  0: bad. */
static int read_by_group(const struct vx_infomap *map, const struct vx_infomap_entry *e,
			 const struct vx_info_value *v, uint32_t n_alts, uint64_t *value)
{
	size_t stride = (size_t)__builtin_popcount(map->metrics) * map->groups.n;
	struct vx_slice rest = vx_slice(v->p, v->len), field;
	uint64_t number;
	uint32_t n = 0;

	if (v->bcf_type && v->bcf_type != 7)
		return 0;
	for (; vx_split(&rest, '|', &field); n++) {
		if (n >= e->n_parts)
			return 0;
		if (vx_slice_is(field, "."))
			continue;
		if (!vx_parse_u64(field, VX_COUNT_MAX, &number))
			return 0;
		for (uint32_t a = 0; e->part[n] != VX_NO_GROUP && a < n_alts; a++)
			value[a * stride + e->at - e->group + e->part[n]] = number;
	}
	return n == e->n_parts;
}

/* A key that is no plain list of numbers, or a record of several ALTs.  0: bad. */
static int read_long(const struct vx_infomap *map, const struct vx_infomap_entry *e,
		     const struct vx_info_value *v, uint32_t n_alts, uint64_t *value)
{
	size_t stride = (size_t)__builtin_popcount(map->metrics) * map->groups.n;

	if (e->form == VX_FORM_ALTS_THEN_REF)
		return read_alts_then_ref(e, v, n_alts, stride, value);
	if (e->form == VX_FORM_BY_GROUP)
		return read_by_group(map, e, v, n_alts, value);
	return read_values(e, v, n_alts, stride, value + e->at);
}

/*
 * The usual record of a sites file: one ALT, and every count a short number or not there.  1, or 0:
 * to be read key by key.
 */
static int read_at_once(const struct vx_infomap *map, const struct vx_record *record,
			uint64_t *value)
{
	size_t stride = (size_t)__builtin_popcount(map->metrics) * map->groups.n;

	if (!record->word || record->n_alts != 1 || map->n_runs == 0)
		return 0;
	if (map->n < stride)
		memset(value, 0xff, stride * sizeof *value); /* VX_NONE */
	for (uint32_t r = 0; r < map->n_runs; r++) {
		const struct vx_infomap_run *run = &map->run[r];

		if (vx_digits(record->word + run->first, run->n, value + run->at) != 0)
			return 0;
	}
	for (uint32_t i = 0; map->halves && i < map->n; i++) {
		const struct vx_infomap_entry *e = &map->entry[i];

		if (value[e->at] != VX_NONE && !put(e, value[e->at], &value[e->at]))
			return 0;
	}
	return 1;
}

/* Key by key.  VX_NONE: no fault; else the entry that is at fault. */
static uint64_t read_by_key(const struct vx_infomap *map, const struct vx_record *record,
			    uint64_t *value)
{
	size_t stride = (size_t)__builtin_popcount(map->metrics) * map->groups.n;

	memset(value, 0xff, record->n_alts * stride * sizeof *value); /* VX_NONE */
	for (uint32_t i = 0; i < map->n && record->n_alts; i++)
		if (record->info[i].p &&
		    !read_long(map, &map->entry[i], &record->info[i], record->n_alts, value))
			return i;
	return VX_NONE;
}

/* AC over AN in a group?  Its number, or VX_NO_GROUP.  One ALT's values. */
static uint32_t over(const struct vx_infomap *map, const uint64_t *value)
{
	uint32_t n = map->groups.n;
	const uint64_t *ac = value, *an = value + n; /* AC and AN are the first two metrics */
	uint64_t any = 0;

	if ((map->metrics & 3) != 3)
		return VX_NO_GROUP;
	for (uint32_t g = 0; g < n; g++)
		any |= (uint64_t)((ac[g] > an[g]) & (ac[g] != VX_NONE));
	if (!any)
		return VX_NO_GROUP;
	for (uint32_t g = 0;; g++)
		if (ac[g] > an[g] && ac[g] != VX_NONE)
			return g;
}

static struct vx_slice text_of(const struct vx_infomap_entry *e, const struct vx_info_value *v)
{
	return v->p && v->bcf_type == 0 ? vx_slice(v->p, v->len) : e->key;
}

/* The text of a group's AC, for the report. */
static struct vx_slice ac_text(const struct vx_infomap *map, const struct vx_record *record,
			       uint32_t group)
{
	for (uint32_t i = 0; i < map->n; i++)
		if (map->entry[i].metric == VIDX_AC &&
		    (map->entry[i].group == group || map->entry[i].n_parts))
			return text_of(&map->entry[i], &record->info[i]);
	return vx_slice("", 0);
}

enum vx_reason vx_infomap_read(const struct vx_infomap *map, const struct vx_record *record,
			       uint64_t *value, struct vx_slice *bad_ret)
{
	size_t stride = (size_t)__builtin_popcount(map->metrics) * map->groups.n;

	if (!read_at_once(map, record, value)) {
		uint64_t i = read_by_key(map, record, value);

		if (i != VX_NONE) {
			*bad_ret = text_of(&map->entry[i], &record->info[i]);
			return VX_BAD_COUNTS;
		}
	}
	for (uint32_t a = 0; a < record->n_alts; a++) {
		uint32_t group = over(map, value + a * stride);

		if (group != VX_NO_GROUP) {
			*bad_ret = ac_text(map, record, group);
			return VX_BAD_COUNTS;
		}
	}
	return VX_KEPT;
}
