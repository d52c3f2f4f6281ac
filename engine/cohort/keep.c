#include "cohort/keep.h"

#include "base/bytes.h"
#include "base/text.h"

static const char *const type_names[VX_KEEP_N_TYPES] = {"Flag", "Integer", "Float", "String",
							"Character"};

const char *vx_keep_type_name(enum vx_keep_type type)
{
	return type_names[type];
}

void vx_keep_init(struct vx_keep *keep)
{
	memset(keep, 0, sizeof *keep);
	vx_arena_init(&keep->arena);
}

void vx_keep_release(struct vx_keep *keep)
{
	vx_arena_release(&keep->arena);
	memset(keep, 0, sizeof *keep);
}

static int shown(struct vx_slice text)
{
	return text.len < 100 ? (int)text.len : 100;
}

static int make_room(struct vx_keep *keep, size_t n)
{
	keep->key = vx_arena_alloc(&keep->arena, (n + 1) * sizeof *keep->key);
	if (keep->key)
		memset(keep->key, 0, (n + 1) * sizeof *keep->key);
	return keep->key ? 0 : VIDX_ENOMEM;
}

int vx_keep_list(struct vx_keep *keep, const char *list, struct vidx_error *err)
{
	struct vx_slice rest = vx_slice_str(list), name;
	size_t n = 0;

	while (vx_split(&rest, ',', &name))
		n++;
	if (n > VX_KEEP_MAX)
		return vx_fail(err, VIDX_EUSAGE, "--keep-info: %zu keys are too many", n);
	if (make_room(keep, n) != 0)
		return vx_fail_nomem(err);
	for (rest = vx_slice_str(list); vx_split(&rest, ',', &name);) {
		if (name.len == 0)
			return vx_fail(err, VIDX_EUSAGE, "--keep-info: an empty key: '%.*s'",
				       shown(vx_slice_str(list)), list);
		for (uint32_t i = 0; i < keep->n; i++)
			if (vx_slice_is(name, keep->key[i].name))
				return vx_fail(err, VIDX_EUSAGE, "--keep-info: key twice: '%.*s'",
					       shown(name), name.p);
		keep->key[keep->n].name = vx_arena_copy(&keep->arena, name.p, name.len);
		if (!keep->key[keep->n++].name)
			return vx_fail_nomem(err);
	}
	return 0;
}

/* --- headers --- */

/* As every reader of VCF: a type that is none of the five is text. */
static enum vx_keep_type type_of(struct vx_slice type)
{
	for (unsigned t = 0; t < VX_KEEP_N_TYPES; t++)
		if (vx_slice_is(type, type_names[t]))
			return (enum vx_keep_type)t;
	return VX_KEEP_STRING;
}

static enum vx_keep_share share_of(const char *number)
{
	switch (number[0] && !number[1] ? number[0] : 0) {
	case 'A':
		return VX_KEEP_PER_ALT;
	case 'R':
		return VX_KEEP_PER_ALLELE;
	case 'G':
		return VX_KEEP_PER_GENOTYPE;
	}
	return VX_KEEP_SHARED;
}

static int declare(struct vx_keep *keep, struct vx_keep_key *key,
		   const struct vx_header_field *field, const char *path, struct vidx_error *err)
{
	enum vx_keep_type type = type_of(field->type);
	size_t len = field->description.len;

	if (key->declared_by && (key->type != type || !vx_slice_is(field->number, key->number)))
		return vx_fail(err, VIDX_ECONFLICT,
			       "%.200s: INFO %.100s has Number=%.*s and Type=%s, but in %.200s "
			       "Number=%.20s and Type=%s",
			       path, key->name,
			       field->number.len < 20 ? (int)field->number.len : 20,
			       field->number.p, type_names[type], key->declared_by, key->number,
			       type_names[key->type]);
	if (key->declared_by)
		return 0;
	key->number = vx_arena_copy(&keep->arena, field->number.p, field->number.len);
	/* BCF has no blanks at its end. */
	while (len && field->description.p[len - 1] == ' ')
		len--;
	key->description = vx_arena_copy(&keep->arena, field->description.p, len);
	if (!key->number || !key->description)
		return vx_fail_nomem(err);
	key->declared_by = path;
	key->type = type;
	key->share = share_of(key->number);
	return 0;
}

int vx_keep_declare(struct vx_keep *keep, const struct vx_header *header, const char *path,
		    struct vidx_error *err)
{
	for (uint32_t k = 0; k < keep->n; k++)
		for (uint32_t i = 0; i < header->n_infos; i++) {
			const struct vx_header_field *field = &header->infos[i];
			int rc;

			/* Keys seen in records only have no type. */
			if (!field->type.len || !vx_slice_is(field->id, keep->key[k].name))
				continue;
			rc = declare(keep, &keep->key[k], field, path, err);
			if (rc < 0)
				return rc;
			break;
		}
	return 0;
}

/* Whether vidx dump writes something of its own under this name. */
static int is_taken(const char *name, const struct vx_groups *groups)
{
	static const char *const own[] = {"AC",     "AN",  "AF",    "het",  "nhomalt", "nhemi",
					  "ac_het", "END", "SVLEN", "CHR2", "END2",    "STRANDS"};

	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		size_t len = strlen(own[i]);

		if (strncmp(name, own[i], len) != 0)
			continue;
		if (!name[len])
			return 1;
		for (uint32_t g = 0; name[len] == '_' && g < groups->n; g++)
			if (strcmp(name + len + 1, groups->name[g]) == 0)
				return 1;
	}
	return 0;
}

int vx_keep_check(const struct vx_keep *keep, const struct vx_groups *groups,
		  struct vidx_error *err)
{
	for (uint32_t k = 0; k < keep->n; k++) {
		const struct vx_keep_key *key = &keep->key[k];

		if (!key->declared_by)
			return vx_fail(err, VIDX_EUSAGE,
				       "--keep-info: no header declares INFO '%.100s'", key->name);
		if (is_taken(key->name, groups))
			return vx_fail(err, VIDX_EUSAGE,
				       "--keep-info: INFO '%.100s' is what vidx itself writes: it "
				       "cannot be kept under that name",
				       key->name);
	}
	return 0;
}

char *vx_keep_describe(const struct vx_keep_key *key, struct vx_arena *arena)
{
	const char *from = key->description;
	char *plain = vx_arena_alloc(arena, strlen(from) + 1), *to = plain;

	if (!plain)
		return NULL;
	for (; *from; from++) {
		if (*from == '\\' && (from[1] == '\\' || from[1] == '"'))
			from++;
		*to++ = *from;
	}
	*to = '\0';
	return plain;
}

/* --- bytes --- */

static void add_text(struct vx_buf *out, const char *text)
{
	uint8_t len[10];

	vx_buf_add(out, len, vx_put_varint(len, strlen(text)));
	vx_buf_adds(out, text);
}

/* n, then for each key: name, Number, description (a varint length before each), type u8. */
void vx_keep_write(const struct vx_keep *keep, struct vx_buf *out)
{
	uint8_t n[10];

	vx_buf_add(out, n, vx_put_varint(n, keep->n));
	for (uint32_t i = 0; i < keep->n; i++) {
		add_text(out, keep->key[i].name);
		add_text(out, keep->key[i].number);
		add_text(out, keep->key[i].description);
		vx_buf_addc(out, keep->key[i].type);
	}
}

static const char *take_text(struct vx_keep *keep, struct vx_cursor *c)
{
	uint64_t len = vx_cursor_varint(c);
	const uint8_t *p = vx_cursor_take(c, len);

	if (!p || memchr(p, 0, len)) {
		c->bad = 1;
		return "";
	}
	return vx_arena_copy(&keep->arena, p, len);
}

int vx_keep_read(struct vx_keep *keep, const void *p, size_t len, struct vidx_error *err)
{
	struct vx_cursor c = vx_cursor(p, len);
	uint64_t n = vx_cursor_varint(&c);

	if (n > VX_KEEP_MAX || n > len / 4)
		return vx_fail(err, VIDX_EBADINDEX, "damaged description: kept INFO");
	if (make_room(keep, n) != 0)
		return vx_fail_nomem(err);
	for (; keep->n < n && !c.bad; keep->n++) {
		struct vx_keep_key *key = &keep->key[keep->n];
		unsigned type;

		key->name = take_text(keep, &c);
		key->number = take_text(keep, &c);
		key->description = take_text(keep, &c);
		type = vx_cursor_u8(&c);
		if (!key->name || !key->number || !key->description)
			return vx_fail_nomem(err);
		if (type >= VX_KEEP_N_TYPES || !*key->name)
			c.bad = 1;
		key->type = (enum vx_keep_type)type;
		key->share = share_of(key->number);
	}
	if (c.bad)
		return vx_fail(err, VIDX_EBADINDEX, "damaged description: kept INFO");
	return 0;
}
