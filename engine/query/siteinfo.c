/* siteinfo: the kept INFO of a site. */
#include "cohort/keeprow.h"
#include "codec/kept.h"
#include "query/reader.h"

int vidx_info_index(const struct vidx_index *index, const char *name)
{
	const struct vidx_description *about = &index->description;

	for (uint32_t i = 0; name && i < about->n_info; i++)
		if (strcmp(about->info[i].name, name) == 0)
			return (int)i;
	return -1;
}

static int take_integers(struct vx_arena *arena, struct vx_slice bytes, struct vidx_info_value *ret)
{
	int64_t *integers = vx_arena_alloc(arena, ret->n * sizeof *integers);
	uint8_t *missing = vx_arena_alloc(arena, ret->n);
	int any = 0, rc;

	if (!integers || !missing)
		return VIDX_ENOMEM;
	for (uint32_t i = 0; i < ret->n; i++) {
		integers[i] = 0;
		rc = vx_keep_int(&bytes, &integers[i]);
		if (rc < 0)
			return VIDX_EBADINDEX;
		missing[i] = rc == 0;
		any |= missing[i];
	}
	ret->integers = integers;
	ret->missing = any ? missing : NULL;
	return 0;
}

static int take_floats(struct vx_arena *arena, struct vx_slice bytes, struct vidx_info_value *ret)
{
	float *floats = vx_arena_alloc(arena, ret->n * sizeof *floats);
	uint8_t *missing = vx_arena_alloc(arena, ret->n);
	int any = 0;

	if (!floats || !missing)
		return VIDX_ENOMEM;
	for (uint32_t i = 0; i < ret->n; i++) {
		uint32_t bits = vx_load32(bytes.p + 4 * (size_t)i);

		missing[i] = bits == VX_KEEP_FLOAT_MISSING;
		any |= missing[i];
		bits = missing[i] ? VX_KEEP_FLOAT_NAN : bits;
		memcpy(&floats[i], &bits, sizeof bits);
	}
	ret->floats = floats;
	ret->missing = any ? missing : NULL;
	return 0;
}

static int take_text(struct vx_arena *arena, struct vx_slice bytes, struct vidx_info_value *ret)
{
	ret->n = 1;
	ret->text = vx_arena_copy(arena, bytes.p, bytes.len);
	ret->text_len = bytes.len;
	return ret->text ? 0 : VIDX_ENOMEM;
}

int vidx_info(const struct vidx_site *site, uint32_t key, struct vidx_info_value *value_ret)
{
	struct vx_site_info *info = site->reader ? &site->reader->info : NULL;
	const struct vx_keep *keep = info ? &site->reader->index->meta->keep : NULL;
	struct vx_slice bytes;
	int rc;

	if (!keep || key >= keep->n)
		return VIDX_EUSAGE;
	memset(value_ret, 0, sizeof *value_ret);
	value_ret->type = vx_keep_public_type(keep->key[key].type);
	if (!info->block)
		return VIDX_NOVALUE;
	if (info->is_old)
		vx_arena_reset(&info->arena);
	info->is_old = 0;
	vx_buf_clear(&info->bytes);
	rc = vx_kept_value(info->block, site->reader->row.number, key, &info->bytes);
	if (rc != 0 || value_ret->type == VIDX_INFO_FLAG)
		return rc;
	bytes = vx_slice((const char *)info->bytes.p, info->bytes.len);
	if (value_ret->type == VIDX_INFO_STRING)
		return take_text(&info->arena, bytes, value_ret);
	value_ret->n = vx_keep_count(keep->key[key].type, bytes);
	return value_ret->type == VIDX_INFO_INTEGER ? take_integers(&info->arena, bytes, value_ret)
						    : take_floats(&info->arena, bytes, value_ret);
}
