#include "render/tsv.h"

#include "query/reader.h"
#include "render/ends.h"
#include "render/infofield.h"
#include "render/number.h"

/* With --wide a run of number fields becomes, population by population, one column each. */
static uint32_t run_end(const struct vx_view *view, uint32_t i)
{
	while (i < view->n_fields && vx_field_is_number(view->field[i]))
		i++;
	return i;
}

void vx_tsv_header(const struct vx_view *view, struct vx_buf *out)
{
	const char *sep = "#";

	for (uint32_t i = 0; i < view->n_fields; i++) {
		enum vx_field field = view->field[i];

		if (view->wide && field == VX_FIELD_POPULATION)
			continue;
		if (!view->wide || !vx_field_is_number(field)) {
			vx_buf_adds(out, sep);
			vx_buf_adds(out, vx_view_field_name(view, field));
			sep = "\t";
			continue;
		}
		uint32_t end = run_end(view, i);

		for (uint32_t g = 0; g < view->n_groups; g++)
			for (uint32_t k = i; k < end; k++) {
				vx_buf_adds(out, sep);
				vx_buf_adds(out, vx_field_name(view->field[k]));
				vx_buf_addc(out, '_');
				vx_buf_adds(out, vx_view_group_name(view, g));
				sep = "\t";
			}
		i = end - 1;
	}
	vx_buf_addc(out, '\n');
}

static void add_text(struct vx_buf *out, const char *p, size_t len)
{
	if (len == 0) {
		vx_buf_addc(out, '.');
		return;
	}
	/* Text that came from a command line may hold what would break the table. */
	if (vx_buf_reserve(out, len) != 0)
		return;
	for (size_t i = 0; i < len; i++)
		out->p[out->len++] = (uint8_t)p[i] < ' ' ? ' ' : (uint8_t)p[i];
}

static void add_number(struct vx_view *view, const struct vx_answer *answer, uint32_t group,
		       enum vx_field field, struct vx_buf *out)
{
	struct vx_number number;

	if (vx_view_number(view, vx_answer_numbers(answer), group, field, &number) != 0)
		vx_buf_addc(out, '.');
	else if (number.is_fraction)
		vx_number_short(out, number.fraction);
	else
		vx_buf_addu(out, number.count);
}

static void add_peak(struct vx_view *view, const struct vx_answer *answer, enum vx_field field,
		     struct vx_buf *out)
{
	struct vidx_peak peak;

	if (vx_view_peak(view, vx_answer_numbers(answer), field, &peak) != 0)
		vx_buf_addc(out, '.');
	else if (field == VX_FIELD_GRPMAX)
		vx_buf_adds(out, view->index->groups[peak.group].name);
	else
		vx_number_short(out, peak.value);
}

/* A field that does not depend on the population. */
static void add_field(const struct vx_answer *answer, enum vx_field field, struct vx_buf *out)
{
	const struct vidx_site *site = answer->site;
	const struct vidx_allele *asked = &answer->asked;

	switch (field) {
	case VX_FIELD_QUERY:
		add_text(out, answer->query.p, answer->query.len);
		return;
	case VX_FIELD_CONTIG:
		if (site)
			vx_buf_adds(out, site->contig);
		else
			add_text(out, asked->contig, asked->contig_len);
		return;
	case VX_FIELD_POS:
		if (site || asked->pos1)
			vx_buf_addu(out, site ? site->pos1 : asked->pos1);
		else
			vx_buf_addc(out, '.');
		return;
	case VX_FIELD_REF:
		add_text(out, site ? site->ref : asked->ref, site ? site->ref_len : asked->ref_len);
		return;
	case VX_FIELD_ALT:
		add_text(out, site ? site->alt : asked->alt, site ? site->alt_len : asked->alt_len);
		return;
	case VX_FIELD_ID:
		add_text(out, site ? site->id : NULL, site ? site->id_len : 0);
		return;
	case VX_FIELD_FILTER:
		add_text(out, site ? site->filter : NULL, site ? site->filter_len : 0);
		return;
	case VX_FIELD_STATUS:
		vx_buf_adds(out, vx_answer_name(answer->status));
		return;
	default:
		vx_ends_text(site, field, out);
	}
}

static void add_line(struct vx_view *view, const struct vx_answer *answer, uint32_t i_shown,
		     struct vx_buf *out)
{
	for (uint32_t i = 0; i < view->n_fields; i++) {
		enum vx_field field = view->field[i];

		if (i)
			vx_buf_addc(out, '\t');
		if (vx_field_is_number(field))
			add_number(view, answer, view->group[i_shown], field, out);
		else if (field == VX_FIELD_POPULATION)
			vx_buf_adds(out, vx_answer_numbers(answer)
						 ? vx_view_group_name(view, i_shown)
						 : "ALL");
		else if (vx_field_is_peak(field))
			add_peak(view, answer, field, out);
		else if (vx_field_is_info(field))
			vx_infofield_text(view, vx_field_info(field), out);
		else
			add_field(answer, field, out);
	}
	vx_buf_addc(out, '\n');
}

static void add_wide_line(struct vx_view *view, const struct vx_answer *answer, struct vx_buf *out)
{
	const char *sep = "";

	for (uint32_t i = 0; i < view->n_fields; i++) {
		enum vx_field field = view->field[i];

		if (field == VX_FIELD_POPULATION)
			continue;
		if (!vx_field_is_number(field)) {
			vx_buf_adds(out, sep);
			sep = "\t";
			if (vx_field_is_peak(field))
				add_peak(view, answer, field, out);
			else if (vx_field_is_info(field))
				vx_infofield_text(view, vx_field_info(field), out);
			else
				add_field(answer, field, out);
			continue;
		}
		uint32_t end = run_end(view, i);

		for (uint32_t g = 0; g < view->n_groups; g++)
			for (uint32_t k = i; k < end; k++) {
				vx_buf_adds(out, sep);
				sep = "\t";
				add_number(view, answer, view->group[g], view->field[k], out);
			}
		i = end - 1;
	}
	vx_buf_addc(out, '\n');
}

void vx_tsv_answer(struct vx_view *view, const struct vx_answer *answer, struct vx_buf *out)
{
	if (view->wide) {
		add_wide_line(view, answer, out);
		return;
	}
	for (uint32_t g = 0; g < (vx_answer_numbers(answer) ? view->n_groups : 1); g++)
		add_line(view, answer, g, out);
}
