#include "render/sites.h"

#include "allele/mate.h"
#include "base/hash.h"
#include "base/status.h"
#include "base/text.h"
#include "query/reader.h"
#include "render/infofield.h"
#include "render/number.h"

#include <inttypes.h>
#include <stdlib.h>

/* One INFO key of every record. */
struct vx_sites_entry {
	uint32_t key, key_len; /* ";AC_EUR=" in keys */
	uint32_t group;
	enum vx_field field;
	uint32_t at;    /* index into a site's values; of AC for AF */
	uint32_t an_at; /* of AN, for AF */
};

/* --- names of filters --- */

void vx_filters_init(struct vx_filters *filters)
{
	memset(filters, 0, sizeof *filters);
	vx_arena_init(&filters->arena);
}

void vx_filters_release(struct vx_filters *filters)
{
	vx_arena_release(&filters->arena);
	free(filters->name);
	free(filters->slot);
	memset(filters, 0, sizeof *filters);
}

static uint32_t *filter_slot(const struct vx_filters *filters, struct vx_slice name)
{
	uint32_t mask = filters->n_slots - 1;
	uint32_t i = (uint32_t)vx_hash64(name.p, name.len) & mask;

	while (filters->slot[i] && !vx_slice_eq(filters->name[filters->slot[i] - 1], name))
		i = (i + 1) & mask;
	return &filters->slot[i];
}

static int filters_grow(struct vx_filters *filters)
{
	uint32_t cap = filters->cap ? filters->cap * 2 : 32;
	struct vx_slice *name = realloc(filters->name, cap * sizeof *name);

	if (!name)
		return VIDX_ENOMEM;
	filters->name = name;
	free(filters->slot);
	filters->n_slots = cap * 2;
	filters->slot = calloc(filters->n_slots, sizeof *filters->slot);
	if (!filters->slot)
		return VIDX_ENOMEM;
	filters->cap = cap;
	for (uint32_t i = 0; i < filters->n; i++)
		*filter_slot(filters, name[i]) = i + 1;
	return 0;
}

int vx_filters_add(struct vx_filters *filters, struct vx_slice column, struct vidx_error *err)
{
	struct vx_slice rest = column, name;

	if (vx_slice_eq(column, filters->last))
		return 0;
	while (vx_split(&rest, ';', &name)) {
		uint32_t *slot;
		char *copy;

		if (name.len == 0 || vx_slice_is(name, ".") || vx_slice_is(name, "PASS"))
			continue;
		if (filters->n == filters->cap && filters_grow(filters) < 0)
			return vx_fail_nomem(err);
		slot = filter_slot(filters, name);
		if (*slot)
			continue;
		copy = vx_arena_copy(&filters->arena, name.p, name.len);
		if (!copy)
			return vx_fail_nomem(err);
		filters->name[filters->n++] = vx_slice(copy, name.len);
		*slot = filters->n;
	}
	/* column is a view of a block or of scratch; a name just kept is not. */
	filters->last = vx_slice(NULL, 0);
	if (filters->n && vx_slice_eq(column, filters->name[filters->n - 1]))
		filters->last = filters->name[filters->n - 1];
	return 0;
}

/* --- the header --- */

static const struct {
	enum vx_field field;
	int metric, metric2; /* metrics that the index must hold */
	const char *key, *number, *type, *text;
} columns[] = {
	{VX_FIELD_AC, VIDX_AC, VIDX_AC, "AC", "A", "Integer", "Copies of the ALT allele"},
	{VX_FIELD_AN, VIDX_AN, VIDX_AN, "AN", "1", "Integer", "Alleles called"},
	{VX_FIELD_AF, VIDX_AC, VIDX_AN, "AF", "A", "Float", "AC / AN"},
	{VX_FIELD_HET, VIDX_HET, VIDX_HET, "het", "A", "Integer",
	 "Individuals with the ALT and another allele"},
	{VX_FIELD_NHOMALT, VIDX_NHOMALT, VIDX_NHOMALT, "nhomalt", "A", "Integer",
	 "Individuals homozygous for the ALT"},
	{VX_FIELD_NHEMI, VIDX_NHEMI, VIDX_NHEMI, "nhemi", "A", "Integer",
	 "Individuals with one allele, the ALT"},
	{VX_FIELD_AC_HET, VIDX_AC_HET, VIDX_AC_HET, "ac_het", "A", "Integer",
	 "Individuals heteroplasmic for the ALT"},
};

#define N_COLUMNS (sizeof columns / sizeof *columns)

static int column_shown(const struct vx_view *view, unsigned c)
{
	uint32_t metrics = view->index->shape->metrics;

	return (metrics >> columns[c].metric & 1) && (metrics >> columns[c].metric2 & 1) &&
	       vx_view_has(view, columns[c].field);
}

/* "_EUR", with what cannot stand in an INFO key replaced; nothing for ALL. */
static void add_name(const struct vx_view *view, uint32_t i_shown, struct vx_buf *out)
{
	for (const char *c = vx_view_group_name(view, i_shown); *c; c++)
		vx_buf_addc(out, strchr("=;,<>\"", *c) ? '_' : *c);
}

static void add_suffix(const struct vx_view *view, uint32_t i_shown, struct vx_buf *out)
{
	if (view->group[i_shown] == 0)
		return;
	vx_buf_addc(out, '_');
	add_name(view, i_shown, out);
}

int vx_sites_init(struct vx_sites *sites, const struct vx_view *view, struct vidx_error *err)
{
	const struct vx_shape *shape = view->index->shape;

	memset(sites, 0, sizeof *sites);
	vx_buf_init(&sites->keys);
	sites->view = view;
	sites->entry = calloc(view->n_groups * N_COLUMNS + 1, sizeof *sites->entry);
	if (!sites->entry)
		return vx_fail_nomem(err);
	for (uint32_t g = 0; g < view->n_groups; g++)
		for (unsigned c = 0; c < N_COLUMNS; c++) {
			struct vx_sites_entry *e = &sites->entry[sites->n_entries];

			if (!column_shown(view, c))
				continue;
			e->key = (uint32_t)sites->keys.len;
			vx_buf_addc(&sites->keys, ';');
			vx_buf_adds(&sites->keys, columns[c].key);
			add_suffix(view, g, &sites->keys);
			vx_buf_addc(&sites->keys, '=');
			e->key_len = (uint32_t)sites->keys.len - e->key;
			e->group = view->group[g];
			e->field = columns[c].field;
			e->at = (uint32_t)vx_shape_slot(shape, columns[c].metric) *
					shape->groups->n +
				e->group;
			e->an_at = (uint32_t)vx_shape_slot(shape, columns[c].metric2) *
					   shape->groups->n +
				   e->group;
			sites->n_entries++;
		}
	return sites->keys.failed ? vx_fail_nomem(err) : 0;
}

void vx_sites_release(struct vx_sites *sites)
{
	vx_buf_release(&sites->keys);
	free(sites->entry);
	memset(sites, 0, sizeof *sites);
}

static void add_contigs(const struct vx_view *view, struct vx_buf *out)
{
	const struct vx_contigs *contigs = view->index->meta->contigs;
	const char *assembly = vx_contigs_assembly(contigs);

	for (uint32_t i = 0; i < vx_contigs_count(contigs); i++) {
		struct vx_slice name = vx_contigs_name(contigs, i);
		uint64_t length = vx_contigs_length(contigs, i);

		/* A name that would end the declaration early stays undeclared. */
		if (strpbrk(vidx_contig_name(view->index, i), ",<>\""))
			continue;
		vx_buf_adds(out, "##contig=<ID=");
		vx_buf_add(out, name.p, name.len);
		if (length)
			vx_buf_addf(out, ",length=%" PRIu64, length);
		if (assembly && *assembly && !strpbrk(assembly, ",<>\" \t"))
			vx_buf_addf(out, ",assembly=%s", assembly);
		vx_buf_adds(out, ">\n");
	}
}

static void add_infos(const struct vx_view *view, struct vx_buf *out)
{
	vx_buf_adds(out,
		    "##INFO=<ID=END,Number=1,Type=Integer,Description=\"End of the span\">\n"
		    "##INFO=<ID=SVLEN,Number=.,Type=Integer,Description=\"Length of the "
		    "structural variant\">\n"
		    "##INFO=<ID=CHR2,Number=1,Type=String,Description=\"Contig of the other "
		    "end\">\n"
		    "##INFO=<ID=END2,Number=1,Type=Integer,Description=\"Position of the other "
		    "end\">\n"
		    "##INFO=<ID=STRANDS,Number=1,Type=String,Description=\"Strands of both "
		    "ends\">\n");
	for (uint32_t g = 0; g < view->n_groups; g++)
		for (unsigned c = 0; c < N_COLUMNS; c++) {
			if (!column_shown(view, c))
				continue;
			vx_buf_addf(out, "##INFO=<ID=%s", columns[c].key);
			add_suffix(view, g, out);
			vx_buf_addf(out, ",Number=%s,Type=%s,Description=\"%s", columns[c].number,
				    columns[c].type, columns[c].text);
			if (view->group[g] != 0) {
				vx_buf_adds(out, " in ");
				add_name(view, g, out);
			}
			vx_buf_adds(out, "\">\n");
		}
}

void vx_sites_header(const struct vx_sites *sites, const struct vx_filters *filters,
		     struct vx_buf *out)
{
	const struct vx_view *view = sites->view;
	const struct vx_meta *meta = view->index->meta;

	vx_buf_adds(out, "##fileformat=VCFv4.3\n"
			 "##FILTER=<ID=PASS,Description=\"All filters passed\">\n");
	vx_buf_addf(out, "##source=vidx %s\n", vidx_version());
	/* The digest is that of the whole content, so a part of the populations carries none. */
	if (view->n_groups == meta->groups.n) {
		vx_buf_addf(out, "##vidx_content_digest=%016" PRIx64 "%016" PRIx64 "\n",
			    meta->content_digest.hi, meta->content_digest.lo);
		/* An index built from this text gets the names and the hierarchy back from here. */
		vx_groups_describe(&meta->groups, out);
	}
	if (view->index->reference) {
		struct vx_slice name = vx_reference_name(view->index->reference);

		vx_buf_addf(out, "##reference=%.*s\n", (int)name.len, name.p);
	}
	vx_buf_adds(out, "##vidx_hom_units=individuals\n");
	add_contigs(view, out);
	for (uint32_t i = 0; i < filters->n; i++)
		if (!memchr(filters->name[i].p, ',', filters->name[i].len))
			vx_buf_addf(out, "##FILTER=<ID=%.*s,Description=\"\">\n",
				    (int)filters->name[i].len, filters->name[i].p);
	add_infos(view, out);
	vx_infofield_header(view, out);
	vx_buf_adds(out, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n");
}

/* --- records --- */

static void add_or_dot(struct vx_buf *out, const char *p, size_t len)
{
	if (len)
		vx_buf_add(out, p, len);
	else
		vx_buf_addc(out, '.');
}

static void add_span(const struct vidx_site *site, struct vx_buf *out)
{
	int symbolic = site->alt_len && site->alt[0] == '<';

	/* END of a junction beside a mate without a place would be read as that place. */
	if (site->mate_contig_len && !site->mate_pos1 &&
	    vx_mate_is_junction(vx_slice(site->alt, site->alt_len)))
		symbolic = 0;
	if (symbolic || site->end1 != site->pos1 - 1 + site->ref_len)
		vx_buf_addf(out, ";END=%" PRIu64, site->end1);
	if (site->svlen)
		vx_buf_addf(out, ";SVLEN=%" PRId64, site->svlen);
	if (site->mate_contig_len) {
		vx_buf_adds(out, ";CHR2=");
		vx_buf_add(out, site->mate_contig, site->mate_contig_len);
	}
	if (site->mate_pos1)
		vx_buf_addf(out, ";END2=%" PRIu64, site->mate_pos1);
	if (site->mate_strands_len) {
		vx_buf_adds(out, ";STRANDS=");
		vx_buf_add(out, site->mate_strands, site->mate_strands_len);
	}
}

int vx_sites_record(const struct vx_sites *sites, const struct vidx_site *site, struct vx_buf *out)
{
	uint64_t most = site->end1;
	size_t info;
	int wide;

	vx_buf_adds(out, site->contig);
	vx_buf_addc(out, '\t');
	vx_buf_addu(out, site->pos1);
	vx_buf_addc(out, '\t');
	add_or_dot(out, site->id, site->id_len);
	vx_buf_addc(out, '\t');
	vx_buf_add(out, site->ref, site->ref_len);
	vx_buf_addc(out, '\t');
	vx_buf_add(out, site->alt, site->alt_len);
	vx_buf_add(out, "\t.\t", 3);
	add_or_dot(out, site->filter, site->filter_len);
	info = out->len;
	for (uint32_t i = 0; i < sites->n_entries; i++) {
		const struct vx_sites_entry *e = &sites->entry[i];
		uint64_t v = site->values[e->at], an = site->values[e->an_at];

		if (v == VX_NONE || an == VX_NONE || (e->field == VX_FIELD_AF && an == 0))
			continue;
		vx_buf_add(out, sites->keys.p + e->key, e->key_len);
		if (e->field == VX_FIELD_AF) {
			vx_number_short(out, (double)v / (double)an);
			continue;
		}
		vx_buf_addu(out, v);
		if (v > most)
			most = v;
	}
	add_span(site, out);
	wide = vx_infofield_record(sites->view, out);
	if (out->len == info)
		vx_buf_add(out, "\t.", 2);
	else if (!out->failed)
		out->p[info] = '\t';
	vx_buf_addc(out, '\n');
	return wide || most > INT32_MAX || site->svlen > INT32_MAX || site->svlen < -INT32_MAX ||
	       site->mate_pos1 > INT32_MAX;
}
