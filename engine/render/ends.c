#include "render/ends.h"

#include <inttypes.h>

enum kind { NONE, NUMBER, SIGNED, TEXT };

struct value {
	uint64_t number;
	int64_t svlen;
	struct vx_slice text;
};

static enum kind read_value(const struct vidx_site *site, enum vx_field field, struct value *ret)
{
	if (!site)
		return NONE;
	ret->number = field == VX_FIELD_END ? site->end1 : site->mate_pos1;
	ret->svlen = site->svlen;
	switch (field) {
	case VX_FIELD_END:
	case VX_FIELD_END2:
		return ret->number ? NUMBER : NONE;
	case VX_FIELD_SVLEN:
		return ret->svlen ? SIGNED : NONE;
	case VX_FIELD_CHR2:
		ret->text = vx_slice(site->mate_contig, site->mate_contig_len);
		break;
	default:
		ret->text = vx_slice(site->mate_strands, site->mate_strands_len);
	}
	return ret->text.len ? TEXT : NONE;
}

void vx_ends_text(const struct vidx_site *site, enum vx_field field, struct vx_buf *out)
{
	struct value v;

	switch (read_value(site, field, &v)) {
	case NUMBER:
		vx_buf_addu(out, v.number);
		return;
	case SIGNED:
		vx_buf_addf(out, "%" PRId64, v.svlen);
		return;
	case TEXT:
		vx_buf_add(out, v.text.p, v.text.len);
		return;
	default:
		vx_buf_addc(out, '.');
	}
}

void vx_ends_json(const struct vidx_site *site, enum vx_field field, struct vx_json *json)
{
	const char *key = vx_field_name(field);
	struct value v;

	switch (read_value(site, field, &v)) {
	case NUMBER:
		vx_json_count(json, key, v.number);
		return;
	case SIGNED:
		vx_json_signed(json, key, v.svlen);
		return;
	case TEXT:
		vx_json_text(json, key, v.text);
		return;
	default:
		vx_json_null(json, key);
	}
}

void vx_ends_json_all(const struct vidx_site *site, struct vx_json *json)
{
	struct value v;

	if (!site || !site->alt_len || site->alt[0] != '<')
		return;
	for (enum vx_field f = VX_FIELD_END; vx_field_is_end(f); f++)
		if (read_value(site, f, &v) != NONE)
			vx_ends_json(site, f, json);
}
