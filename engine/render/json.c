#include "render/json.h"

#include "query/reader.h"
#include "render/ends.h"
#include "render/infofield.h"
#include "render/number.h"

#include <inttypes.h>
#include <math.h>

/* Bytes of the UTF-8 sequence at p, or 0 where there is none (overlong, surrogate, cut). */
static size_t utf8_len(const uint8_t *p, size_t left)
{
	size_t n = p[0] < 0x80   ? 1
		   : p[0] < 0xc2 ? 0
		   : p[0] < 0xe0 ? 2
		   : p[0] < 0xf0 ? 3
		   : p[0] < 0xf5 ? 4
				 : 0;

	if (n == 0 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

static void add_quoted(struct vx_buf *out, struct vx_slice text)
{
	const uint8_t *p = (const uint8_t *)text.p;

	vx_buf_addc(out, '"');
	for (size_t i = 0; i < text.len;) {
		size_t run = i, n = 1;

		while (run < text.len && p[run] >= 0x20 && p[run] < 0x7f && p[run] != '"' &&
		       p[run] != '\\')
			run++;
		vx_buf_add(out, p + i, run - i);
		i = run;
		if (i == text.len)
			break;
		if (p[i] == '"' || p[i] == '\\') {
			vx_buf_addc(out, '\\');
			vx_buf_addc(out, p[i]);
		} else if (p[i] < 0x80) {
			vx_buf_addf(out, "\\u%04x", p[i]);
		} else if ((n = utf8_len(p + i, text.len - i)) > 0) {
			vx_buf_add(out, p + i, n);
		} else {
			vx_buf_adds(out, "\xef\xbf\xbd");
			n = 1;
		}
		i += n;
	}
	vx_buf_addc(out, '"');
}

static void lead(struct vx_json *json, const char *key)
{
	if (json->need_comma)
		vx_buf_addc(json->out, ',');
	json->need_comma = 1;
	if (key) {
		add_quoted(json->out, vx_slice_str(key));
		vx_buf_addc(json->out, ':');
	}
}

void vx_json_begin(struct vx_json *json, const char *key, char bracket)
{
	lead(json, key);
	vx_buf_addc(json->out, bracket);
	json->need_comma = 0;
}

void vx_json_end(struct vx_json *json, char bracket)
{
	vx_buf_addc(json->out, bracket);
	json->need_comma = 1;
}

void vx_json_text(struct vx_json *json, const char *key, struct vx_slice text)
{
	lead(json, key);
	add_quoted(json->out, text);
}

void vx_json_count(struct vx_json *json, const char *key, uint64_t v)
{
	lead(json, key);
	vx_buf_addu(json->out, v);
}

void vx_json_signed(struct vx_json *json, const char *key, int64_t v)
{
	lead(json, key);
	vx_buf_addf(json->out, "%" PRId64, v);
}

void vx_json_fraction(struct vx_json *json, const char *key, double v)
{
	if (!isfinite(v)) {
		vx_json_null(json, key);
		return;
	}
	lead(json, key);
	vx_number_full(json->out, v);
}

void vx_json_float(struct vx_json *json, const char *key, float v)
{
	const char *quote = isfinite(v) ? "" : "\"";

	lead(json, key);
	vx_buf_adds(json->out, quote);
	vx_number_float(json->out, v);
	vx_buf_adds(json->out, quote);
}

void vx_json_true(struct vx_json *json, const char *key)
{
	lead(json, key);
	vx_buf_adds(json->out, "true");
}

void vx_json_null(struct vx_json *json, const char *key)
{
	lead(json, key);
	vx_buf_adds(json->out, "null");
}

static void text_or_null(struct vx_json *json, const char *key, const char *p, size_t len)
{
	if (len)
		vx_json_text(json, key, vx_slice(p, len));
	else
		vx_json_null(json, key);
}

static void add_populations(struct vx_json *json, struct vx_view *view,
			    const struct vx_answer *answer)
{
	const struct vidx_site *site = vx_answer_numbers(answer);
	struct vx_number number;

	vx_json_begin(json, "populations", '{');
	for (uint32_t g = 0; site && g < view->n_groups; g++) {
		vx_json_begin(json, vx_view_group_name(view, g), '{');
		for (uint32_t i = 0; i < view->n_fields; i++) {
			const char *key;

			if (!vx_field_is_number(view->field[i])) /* kept INFO has no name here */
				continue;
			key = vx_field_name(view->field[i]);
			if (vx_view_number(view, site, view->group[g], view->field[i], &number) !=
			    0)
				vx_json_null(json, key);
			else if (number.is_fraction)
				vx_json_fraction(json, key, number.fraction);
			else
				vx_json_count(json, key, number.count);
		}
		vx_json_end(json, '}');
	}
	vx_json_end(json, '}');
}

static void add_field(struct vx_json *json, const struct vx_answer *answer, enum vx_field field)
{
	const struct vidx_site *site = answer->site;
	const struct vidx_allele *asked = &answer->asked;
	const char *key = vx_field_name(field);

	switch (field) {
	case VX_FIELD_QUERY:
		text_or_null(json, key, answer->query.p, answer->query.len);
		return;
	case VX_FIELD_CONTIG:
		if (site)
			vx_json_text(json, key, vx_slice_str(site->contig));
		else
			text_or_null(json, key, asked->contig, asked->contig_len);
		return;
	case VX_FIELD_POS:
		if (site || asked->pos1)
			vx_json_count(json, key, site ? site->pos1 : asked->pos1);
		else
			vx_json_null(json, key);
		return;
	case VX_FIELD_REF:
		text_or_null(json, key, site ? site->ref : asked->ref,
			     site ? site->ref_len : asked->ref_len);
		return;
	case VX_FIELD_ALT:
		text_or_null(json, key, site ? site->alt : asked->alt,
			     site ? site->alt_len : asked->alt_len);
		return;
	case VX_FIELD_ID:
		text_or_null(json, key, site ? site->id : NULL, site ? site->id_len : 0);
		return;
	case VX_FIELD_FILTER:
		/* '.' says that no filter was applied */
		if (site && vx_slice_is(vx_slice(site->filter, site->filter_len), "."))
			site = NULL;
		text_or_null(json, key, site ? site->filter : NULL, site ? site->filter_len : 0);
		return;
	case VX_FIELD_STATUS:
		vx_json_text(json, key, vx_slice_str(vx_answer_name(answer->status)));
		return;
	default:
		vx_ends_json(site, field, json);
	}
}

static void add_peak(struct vx_json *json, struct vx_view *view, const struct vx_answer *answer,
		     enum vx_field field)
{
	const char *key = vx_field_name(field);
	struct vidx_peak peak;

	if (vx_view_peak(view, vx_answer_numbers(answer), field, &peak) != 0)
		vx_json_null(json, key);
	else if (field == VX_FIELD_GRPMAX)
		vx_json_text(json, key, vx_slice_str(view->index->groups[peak.group].name));
	else
		vx_json_fraction(json, key, peak.value);
}

void vx_json_answer(struct vx_view *view, const struct vx_answer *answer, struct vx_buf *out)
{
	struct vx_json json = {out, 0};
	int numbers = 0;

	vx_json_begin(&json, NULL, '{');
	for (uint32_t i = 0; i < view->n_fields; i++) {
		enum vx_field field = view->field[i];

		if (vx_field_is_number(field) || field == VX_FIELD_POPULATION)
			numbers = 1;
		else if (vx_field_is_peak(field))
			add_peak(&json, view, answer, field);
		else if (!vx_field_is_info(field))
			add_field(&json, answer, field);
		if (field == VX_FIELD_ALT && view->all_fields)
			vx_ends_json_all(answer->site, &json);
	}
	vx_infofield_json(view, &json);
	if (numbers)
		add_populations(&json, view, answer);
	vx_json_end(&json, '}');
	vx_buf_addc(out, '\n');
}
