#include "cohort/columns.h"

#include "base/text.h"
#include "cohort/infomaker.h"
#include "vidx.h"

/*
 * The populations of ALFA, which its VCF calls by BioSample accessions.  The names are the codes
 * that NCBI uses for them (https://www.ncbi.nlm.nih.gov/snp/docs/gsr/alfa/ and the BioSample
 * records): EUR European, AFO African others, EAS East Asian, AFA African American, LAC Latin
 * American 1, LEN Latin American 2, OAS other Asian, SAS South Asian, OTR other, AFR all Africans
 * (AFO and AFA), ASN all Asians but South Asians (EAS and OAS).
 */
static const struct {
	const char *column, *name, *parent, *sum;
} known[] = {
	{"SAMN10492695", "EUR", "ALL", ""},
	{"SAMN10492696", "AFO", "AFR", ""},
	{"SAMN10492697", "EAS", "ASN", ""},
	{"SAMN10492698", "AFA", "AFR", ""},
	{"SAMN10492699", "LAC", "ALL", ""},
	{"SAMN10492700", "LEN", "ALL", ""},
	{"SAMN10492701", "OAS", "ASN", ""},
	{"SAMN10492702", "SAS", "ALL", ""},
	{"SAMN11605645", "OTR", "ALL", ""},
	{"SAMN10492703", "AFR", "ALL", "AFO,AFA"},
	{"SAMN10492704", "ASN", "ALL", "EAS,OAS"},
	{"SAMN10492705", "ALL", "", "EUR,AFR,ASN,LAC,LEN,SAS,OTR"},
	{"Total", "ALL", "", ""},
	{"TOT", "ALL", "", ""},
};

#define N_KNOWN ((int)(sizeof known / sizeof *known))
#define N_ALFA  (N_KNOWN - 2)
#define BOTH    (1u << VIDX_AC | 1u << VIDX_AN)

static int declares(const struct vx_header *header, const char *key)
{
	for (uint32_t i = 0; i < header->n_formats; i++)
		if (vx_slice_is(header->formats[i].id, key))
			return 1;
	return 0;
}

/* Which of the known columns, or -1. */
static int find_known(struct vx_slice column)
{
	for (int k = 0; k < N_KNOWN; k++)
		if (vx_slice_is(column, known[k].column))
			return k;
	return -1;
}

static struct vx_slice group_name(struct vx_slice column)
{
	int k = find_known(column);

	return k < 0 ? column : vx_slice_str(known[k].name);
}

static int has_group(const struct vx_header *header, const char *name)
{
	for (uint32_t i = 0; i < header->n_samples; i++)
		if (vx_slice_is(group_name(header->samples[i]), name))
			return 1;
	return 0;
}

static int add_column(struct vx_infomaker *m, struct vx_slice column, struct vidx_error *err)
{
	int k = find_known(column), rc;
	struct vx_slice name = group_name(column);
	struct vx_draft *d;
	uint32_t draft;

	rc = vx_infomaker_draft(m, name, name, 0, &draft, err);
	if (rc)
		return rc;
	d = &m->draft[draft];
	if (d->has)
		return vx_fail(err, VIDX_EBADINPUT, "%s: two columns are population %.*s", m->file,
			       name.len < 80 ? (int)name.len : 80, name.p);
	d->has = BOTH;
	d->parent = vx_slice_str("ALL");
	if (k >= 0 && has_group(m->header, known[k].parent))
		d->parent = vx_slice_str(known[k].parent);
	if (k >= 0)
		d->sum = vx_slice_str(known[k].sum);
	return 0;
}

/* People too may have AN and AC: a column that is known for a population must be among them. */
int vx_columns_speak(const struct vx_header *header)
{
	if (!declares(header, "AN") || !declares(header, "AC") || declares(header, "GT"))
		return 0;
	for (uint32_t i = 0; i < header->n_samples; i++)
		if (find_known(header->samples[i]) >= 0)
			return 1;
	return has_group(header, "ALL");
}

int vx_columns_groups(struct vx_infomaker *m, struct vidx_error *err)
{
	const struct vx_header *header = m->header;
	uint32_t draft, n_alfa = 0;
	int rc = vx_infomaker_draft(m, vx_slice_str("ALL"), vx_slice("", 0), 0, &draft, err);

	m->dumped = 1; /* the drafts say parents and sums */
	for (uint32_t i = 0; rc == 0 && i < header->n_samples; i++) {
		int k = find_known(header->samples[i]);

		n_alfa += k >= 0 && k < N_ALFA;
		rc = add_column(m, header->samples[i], err);
	}
	if (rc == 0 && !m->draft[0].has)
		rc = vx_fail(err, VIDX_EBADINPUT,
			     "%s: sample columns are populations (FORMAT AN:AC), but none is their "
			     "total: SAMN10492705, Total or ALL",
			     m->file);
	m->map->grammar = n_alfa ? "ALFA" : "AN:AC";
	for (uint32_t i = 0; rc == 0 && i < header->n_formats; i++) {
		struct vx_slice id = header->formats[i].id;

		if (vx_slice_is(id, "AN") || vx_slice_is(id, "AC"))
			continue;
		id.p = vx_arena_copy(&m->map->arena, id.p, id.len);
		if (!id.p)
			return vx_fail_nomem(err);
		m->map->ignored[m->map->n_ignored++] = id;
	}
	for (uint32_t i = 0; rc == 0 && i < header->n_infos; i++)
		if (vx_infomaker_ignore(m, &header->infos[i]))
			rc = vx_fail_nomem(err);
	return rc;
}

int vx_columns_settle(struct vx_infomaker *m)
{
	struct vx_infomap *map = m->map;
	uint32_t n = m->header->n_samples;

	map->column = vx_arena_alloc(&map->arena, n * sizeof *map->column);
	map->column_name = vx_arena_alloc(&map->arena, n * sizeof *map->column_name);
	if (!map->column || !map->column_name)
		return VIDX_ENOMEM;
	for (uint32_t i = 0; i < n; i++) {
		struct vx_slice name = m->header->samples[i];

		map->column[i] = vx_infomaker_final(m, group_name(name));
		name.p = vx_arena_copy(&map->arena, name.p, name.len);
		if (!name.p)
			return VIDX_ENOMEM;
		map->column_name[i] = name;
	}
	map->n_columns = n;
	map->metrics = BOTH;
	return 0;
}

/* --- records --- */

/* One count: 1 and *ret; 0: missing; -1: text or a number that is no count. */
static int read_count(const struct vx_info_value *value, uint32_t i, uint64_t *ret)
{
	int64_t v;
	int rc = vx_info_int(value, i, &v);

	if (rc == 1 && (v < 0 || v > (int64_t)VX_COUNT_MAX))
		return -1;
	if (rc == 1)
		*ret = (uint64_t)v;
	return rc;
}

/* How many numbers a field holds; a field that is there as text and empty holds one, a bad one. */
static uint32_t n_numbers(const struct vx_info_value *value)
{
	if (!value->p)
		return 0;
	return value->bcf_type == 0 && value->len == 0 ? 1 : vx_info_length(value);
}

/*
 * AC and AN of one group from its column: an is one number, ac one an ALT, and either may be
 * missing as a whole.  stride: values from one ALT to the next.  0: bad.
 */
static int put_counts(const struct vx_info_value *an, const struct vx_info_value *ac,
		      uint32_t n_alts, size_t stride, uint64_t *ac_at, uint64_t *an_at)
{
	uint32_t n_an = n_numbers(an), n_ac = n_numbers(ac);
	uint64_t total = VX_COUNT_MAX, v;
	int rc = n_an ? read_count(an, 0, &total) : 0;

	if (n_an > 1 || rc < 0)
		return 0;
	for (uint32_t a = 0; a < n_alts && rc == 1; a++)
		an_at[a * stride] = total;
	if (n_ac == 0 || (n_ac == 1 && read_count(ac, 0, &v) == 0))
		return 1;
	if (n_ac != n_alts)
		return 0;
	for (uint32_t a = 0; a < n_alts; a++) {
		rc = read_count(ac, a, &v);
		if (rc < 0 || (rc == 1 && v > total))
			return 0;
		if (rc == 1)
			ac_at[a * stride] = v;
	}
	return 1;
}

/* The ':' field number i of a sample; p NULL when there is none. */
static struct vx_info_value field_of(struct vx_slice sample, uint32_t i)
{
	struct vx_slice field;

	do {
		if (!vx_split(&sample, ':', &field))
			return (struct vx_info_value){NULL, 0, 0};
	} while (i--);
	return (struct vx_info_value){field.p, (uint32_t)field.len, 0};
}

/* The values of sample i in a BCF column. */
static struct vx_info_value element_of(const struct vx_format_value *format, uint32_t i)
{
	size_t bytes = format->type == 2 ? 2 : format->type == 3 ? 4 : 1;

	return (struct vx_info_value){(const char *)format->p + i * bytes * format->width,
				      format->width, format->type};
}

static int has_counts(const struct vx_record *record)
{
	if (record->format_an.p && record->format_ac.p)
		return 1;
	return record->samples.p && record->an_index != UINT32_MAX &&
	       record->ac_index != UINT32_MAX;
}

enum vx_reason vx_columns_read(const struct vx_infomap *map, const struct vx_record *record,
			       uint64_t *value, struct vx_slice *bad_ret)
{
	uint32_t n_groups = map->groups.n;
	struct vx_slice rest = record->samples, sample = {NULL, 0};

	memset(value, 0xff, (size_t)record->n_alts * 2 * n_groups * sizeof *value); /* VX_NONE */
	*bad_ret = vx_slice_str("FORMAT without AN:AC");
	if (!has_counts(record))
		return VX_BAD_COUNTS;
	for (uint32_t i = 0; i < map->n_columns; i++) {
		struct vx_info_value an, ac;
		uint32_t group = map->column[i];

		*bad_ret = map->column_name[i];
		if (!record->format_an.p) {
			if (!vx_split(&rest, '\t', &sample))
				return VX_BAD_COUNTS;
			*bad_ret = sample;
		}
		if (group == VX_NO_GROUP)
			continue;
		an = record->format_an.p ? element_of(&record->format_an, i)
					 : field_of(sample, record->an_index);
		ac = record->format_an.p ? element_of(&record->format_ac, i)
					 : field_of(sample, record->ac_index);
		if (!put_counts(&an, &ac, record->n_alts, 2 * (size_t)n_groups, value + group,
				value + n_groups + group))
			return VX_BAD_COUNTS;
	}
	return VX_KEPT;
}
