#include "render/infofield.h"

#include "base/status.h"
#include "base/text.h"
#include "query/reader.h"
#include "render/number.h"

#include <inttypes.h>

/* The least number that BCF does not use for something else. */
#define BCF_INT_MIN (INT32_MIN + 8)

static const struct vidx_info_key *key_of(const struct vx_view *view, uint32_t i)
{
	return &view->index->info[view->info[i]];
}

int vx_infofield_take(struct vx_view *view, const struct vidx_site *site, struct vidx_error *err)
{
	for (uint32_t i = 0; i < view->n_info; i++) {
		int rc = site ? vidx_info(site, view->info[i], &view->info_value[i]) : VIDX_NOVALUE;

		view->has_info[i] = rc == 0;
		if (rc == VIDX_ENOMEM)
			return vx_fail_nomem(err);
		if (rc < 0)
			return vx_reader_damaged(site->reader, site->reader->row.locus, err);
	}
	return 0;
}

static int is_missing(const struct vidx_info_value *value, uint32_t i)
{
	return value->missing && value->missing[i];
}

static void add_number(const struct vidx_info_value *value, uint32_t i, struct vx_buf *out)
{
	if (is_missing(value, i))
		vx_buf_addc(out, '.');
	else if (value->type == VIDX_INFO_FLOAT)
		vx_number_float(out, value->floats[i]);
	else
		vx_buf_addf(out, "%" PRId64, value->integers[i]);
}

static void add_value(const struct vidx_info_value *value, struct vx_buf *out)
{
	if (value->type == VIDX_INFO_STRING)
		vx_buf_add(out, value->text, value->text_len);
	for (uint32_t i = 0; value->type != VIDX_INFO_STRING && i < value->n; i++) {
		if (i)
			vx_buf_addc(out, ',');
		add_number(value, i, out);
	}
}

void vx_infofield_text(const struct vx_view *view, uint32_t i, struct vx_buf *out)
{
	if (!view->has_info[i])
		vx_buf_addc(out, '.');
	else if (view->info_value[i].type == VIDX_INFO_FLAG)
		vx_buf_addc(out, '1');
	else
		add_value(&view->info_value[i], out);
}

static int is_wide(const struct vidx_info_value *value)
{
	for (uint32_t i = 0; value->type == VIDX_INFO_INTEGER && i < value->n; i++)
		if (value->integers[i] > INT32_MAX || value->integers[i] < BCF_INT_MIN)
			return 1;
	return 0;
}

int vx_infofield_record(const struct vx_view *view, struct vx_buf *out)
{
	int wide = 0;

	for (uint32_t i = 0; i < view->n_info; i++) {
		if (!view->has_info[i])
			continue;
		vx_buf_addc(out, ';');
		vx_buf_adds(out, key_of(view, i)->name);
		if (view->info_value[i].type == VIDX_INFO_FLAG)
			continue;
		vx_buf_addc(out, '=');
		add_value(&view->info_value[i], out);
		wide |= is_wide(&view->info_value[i]);
	}
	return wide;
}

void vx_infofield_header(const struct vx_view *view, struct vx_buf *out)
{
	for (uint32_t i = 0; i < view->n_info; i++) {
		const struct vidx_info_key *key = key_of(view, i);
		const struct vx_keep_key *kept = &view->index->meta->keep.key[view->info[i]];

		vx_buf_addf(out, "##INFO=<ID=%s,Number=%s,Type=%s,Description=\"", key->name,
			    key->number, vx_keep_type_name(kept->type));
		vx_buf_adds(out, kept->description);
		vx_buf_adds(out, "\">\n");
	}
}

/* --- JSON --- */

static void json_text(struct vx_json *json, const char *key, struct vx_slice text)
{
	if (vx_slice_is(text, "."))
		vx_json_null(json, key);
	else
		vx_json_text(json, key, text);
}

static void json_element(struct vx_json *json, const char *key, const struct vidx_info_value *value,
			 uint32_t i)
{
	if (is_missing(value, i))
		vx_json_null(json, key);
	else if (value->type == VIDX_INFO_FLOAT)
		vx_json_float(json, key, value->floats[i]);
	else
		vx_json_signed(json, key, value->integers[i]);
}

static void json_list(struct vx_json *json, const char *key, const struct vidx_info_value *value)
{
	struct vx_slice rest = vx_slice(value->text, value->text_len), piece;

	vx_json_begin(json, key, '[');
	while (value->type == VIDX_INFO_STRING && vx_split(&rest, ',', &piece))
		json_text(json, NULL, piece);
	for (uint32_t i = 0; value->type != VIDX_INFO_STRING && i < value->n; i++)
		json_element(json, NULL, value, i);
	vx_json_end(json, ']');
}

/* One value: never a list, unless the source gave several numbers all the same. */
static int is_single(const struct vidx_info_key *key)
{
	return strcmp(key->number, "1") == 0 || strcmp(key->number, "A") == 0;
}

static void json_value(struct vx_json *json, const struct vidx_info_key *key,
		       const struct vidx_info_value *value)
{
	if (value->type == VIDX_INFO_FLAG)
		vx_json_true(json, key->name);
	else if (!is_single(key) || value->n != 1)
		json_list(json, key->name, value);
	else if (value->type == VIDX_INFO_STRING)
		json_text(json, key->name, vx_slice(value->text, value->text_len));
	else
		json_element(json, key->name, value, 0);
}

void vx_infofield_json(const struct vx_view *view, struct vx_json *json)
{
	if (view->n_info == 0)
		return;
	vx_json_begin(json, "info", '{');
	for (uint32_t i = 0; i < view->n_info; i++)
		if (view->has_info[i])
			json_value(json, key_of(view, i), &view->info_value[i]);
	vx_json_end(json, '}');
}
