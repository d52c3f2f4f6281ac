#include "allele/contig.h"

#include "allele/assembly.h"
#include "allele/deduce.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "base/pos.h"
#include "base/strmap.h"

#include <inttypes.h>
#include <stdlib.h>

#define NAME_MAX_LEN 65535

struct entry {
	struct vx_slice print, canonical; /* in the arena, or static */
	uint64_t length;                  /* 0: unknown */
	int declared;                     /* a header has it */
};

struct vx_contigs {
	struct vx_arena arena;
	enum vx_assembly known;
	const char *assembly;
	struct entry *entry;
	uint32_t n, cap;
	struct vx_strmap map; /* every spelling -> rank */
	int spelled;          /* an input has shown how it spells the known contigs */
	int first;            /* the first header is being read */
};

static int good_name(struct vx_slice name)
{
	if (name.len == 0 || name.len > NAME_MAX_LEN)
		return 0;
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.p[i] < ' ' || name.p[i] == 127)
			return 0;
	return 1;
}

/* Appends an entry; its texts must live as long as the table. */
static int push(struct vx_contigs *contigs, struct vx_slice print, struct vx_slice canonical,
		uint64_t length)
{
	struct entry *e;

	if (contigs->n == contigs->cap) {
		uint32_t cap = contigs->cap ? contigs->cap * 2 : 64;
		struct entry *more = realloc(contigs->entry, cap * sizeof *more);

		if (!more)
			return VIDX_ENOMEM;
		contigs->entry = more;
		contigs->cap = cap;
	}
	e = &contigs->entry[contigs->n++];
	e->print = print;
	e->canonical = canonical;
	e->length = length;
	e->declared = 0;
	return 0;
}

static int copy(struct vx_contigs *contigs, struct vx_slice *text)
{
	text->p = vx_arena_copy(&contigs->arena, text->p, text->len);
	return text->p ? 0 : VIDX_ENOMEM;
}

/* A new contig that is no known one.  VIDX_ENOMEM. */
static int push_other(struct vx_contigs *contigs, struct vx_slice name, uint64_t length)
{
	if (copy(contigs, &name) != 0 || push(contigs, name, name, length) != 0)
		return VIDX_ENOMEM;
	return vx_strmap_set(&contigs->map, name, contigs->n - 1);
}

/* Makes every spelling of the known contigs findable, but for those that mean another contig. */
static int add_aliases(struct vx_contigs *contigs)
{
	for (uint32_t i = 0; i < VX_ASSEMBLY_CONTIGS; i++)
		for (int s = 0; s < VX_N_SPELLINGS; s++) {
			const char *name = vx_assembly_contig(contigs->known, i, s);

			if (*name && vx_strmap_put(&contigs->map, vx_slice_str(name), i) < 0)
				return VIDX_ENOMEM;
		}
	if (vx_strmap_put(&contigs->map, vx_slice_str("M"), VX_ASSEMBLY_MT) < 0 ||
	    vx_strmap_put(&contigs->map, vx_slice_str("chrMT"), VX_ASSEMBLY_MT) < 0)
		return VIDX_ENOMEM;
	return 0;
}

static struct vx_contigs *make(struct vx_slice assembly)
{
	struct vx_contigs *contigs = calloc(1, sizeof *contigs);

	if (!contigs)
		return NULL;
	vx_arena_init(&contigs->arena);
	vx_strmap_init(&contigs->map);
	contigs->known = vx_assembly_by_name(assembly);
	if (contigs->known != VX_NO_ASSEMBLY)
		contigs->assembly = vx_assembly_name(contigs->known);
	else
		contigs->assembly = vx_arena_copy(&contigs->arena, assembly.p, assembly.len);
	if (!contigs->assembly) {
		vx_contigs_free(contigs);
		return NULL;
	}
	return contigs;
}

void vx_contigs_free(struct vx_contigs *contigs)
{
	if (!contigs)
		return;
	vx_strmap_release(&contigs->map);
	free(contigs->entry);
	vx_arena_release(&contigs->arena);
	free(contigs);
}

static int push_known(struct vx_contigs *contigs)
{
	for (uint32_t i = 0; i < VX_ASSEMBLY_CONTIGS; i++) {
		struct vx_slice name =
			vx_slice_str(vx_assembly_contig(contigs->known, i, VX_PLAIN));

		if (push(contigs, name, name, vx_assembly_length(contigs->known, i)) != 0)
			return VIDX_ENOMEM;
	}
	return add_aliases(contigs);
}

/* Prints known contig i in a spelling, if that means this contig here. */
static void print_as(struct vx_contigs *contigs, uint32_t i, enum vx_spelling spelling)
{
	const char *text = vx_assembly_contig(contigs->known, i, spelling);

	if (vx_strmap_get(&contigs->map, vx_slice_str(text)) != i && spelling == VX_CHR)
		text = "chrMT"; /* hg19's own chrM is another sequence */
	if (vx_strmap_get(&contigs->map, vx_slice_str(text)) == i)
		contigs->entry[i].print = vx_slice_str(text);
	else
		contigs->entry[i].print = contigs->entry[i].canonical;
}

void vx_contigs_spelling(struct vx_contigs *contigs, struct vx_slice name)
{
	enum vx_spelling spelling;

	if (contigs->spelled || contigs->known == VX_NO_ASSEMBLY ||
	    vx_assembly_find(contigs->known, name, &spelling) < 0)
		return;
	contigs->spelled = 1;
	for (uint32_t i = 0; i < VX_ASSEMBLY_CONTIGS; i++)
		print_as(contigs, i, spelling);
}

static int fail_length(const struct vx_contigs *contigs, const struct vx_header_contig *c,
		       uint64_t length, const char *file, struct vidx_error *err)
{
	return vx_fail(err, VIDX_EBADINPUT,
		       "%s: contig %.*s is declared with length %" PRIu64 ", in %s it has %" PRIu64,
		       file, (int)(c->name.len > 80 ? 80 : c->name.len), c->name.p, c->length,
		       contigs->assembly, length);
}

static int fail_foreign(const struct vx_contigs *contigs, struct vx_slice name,
			enum vx_assembly other, const char *file, struct vidx_error *err)
{
	return vx_fail(err, VIDX_EBADINPUT, "%s%scontig %.*s belongs to %s, not to %s", file,
		       *file ? ": " : "", (int)name.len, name.p, vx_assembly_name(other),
		       contigs->assembly);
}

/* Gives a spelling of MT back to hg19's NC_001807.  Its rank, or VX_NO_CONTIG: memory is out. */
static uint32_t split_chrm(struct vx_contigs *contigs, struct vx_slice name)
{
	struct vx_slice canonical = vx_slice_str(VX_HG19_CHRM_NAME);
	uint32_t rank = vx_strmap_get(&contigs->map, canonical);

	if (copy(contigs, &name) != 0)
		return VX_NO_CONTIG;
	if (rank == VX_STRMAP_NONE) {
		rank = contigs->n;
		if (push(contigs, name, canonical, VX_HG19_CHRM_LENGTH) != 0 ||
		    vx_strmap_set(&contigs->map, canonical, rank) != 0)
			return VX_NO_CONTIG;
	}
	if (vx_strmap_set(&contigs->map, name, rank) != 0)
		return VX_NO_CONTIG;
	if (vx_slice_eq(contigs->entry[VX_ASSEMBLY_MT].print, name))
		print_as(contigs, VX_ASSEMBLY_MT, VX_CHR);
	return rank;
}

/*
 * The rank of a declared contig whose name now means rank, made where it is new; VX_NO_CONTIG:
 * memory is out.
 */
static uint32_t declared_rank(struct vx_contigs *contigs, const struct vx_header_contig *c,
			      uint32_t rank)
{
	if (rank == VX_STRMAP_NONE)
		return push_other(contigs, c->name, c->length) == 0 ? contigs->n - 1 : VX_NO_CONTIG;
	if (rank == VX_ASSEMBLY_MT && vx_assembly_is_hg19_chrm(contigs->known, c)) {
		const struct entry *mt = &contigs->entry[rank];

		/* One spelling cannot be both; the length then tells them apart. */
		if (!mt->declared || !vx_slice_eq(mt->print, c->name))
			return split_chrm(contigs, c->name);
	}
	return rank;
}

static int add_declared(struct vx_contigs *contigs, const struct vx_header_contig *c,
			const char *file, struct vidx_error *err)
{
	uint32_t rank = vx_strmap_get(&contigs->map, c->name);
	struct vx_slice print = c->name;
	struct entry *e;

	if (rank == VX_STRMAP_NONE) {
		enum vx_assembly other = vx_assembly_foreign(contigs->known, c->name);

		if (other != VX_NO_ASSEMBLY)
			return fail_foreign(contigs, c->name, other, file, err);
	}
	rank = declared_rank(contigs, c, rank);
	if (rank == VX_NO_CONTIG)
		return vx_fail_nomem(err);
	e = &contigs->entry[rank];
	if (e->length == 0)
		e->length = c->length;
	if (c->length != 0 && c->length != e->length)
		return fail_length(contigs, c, e->length, file, err);
	vx_contigs_spelling(contigs, c->name);
	if (contigs->first && !e->declared && !vx_slice_eq(e->print, print)) {
		if (copy(contigs, &print) != 0)
			return vx_fail_nomem(err);
		e->print = print;
	}
	e->declared = 1;
	return 0;
}

int vx_contigs_add_header(struct vx_contigs *contigs, const struct vx_header *header,
			  const char *file, struct vidx_error *err)
{
	for (uint32_t i = 0; i < header->n_contigs; i++) {
		const struct vx_header_contig *c = &header->contigs[i];
		int rc;

		if (!good_name(c->name))
			continue; /* sloppy, and no record can use it */
		if (contigs->n >= VX_CONTIGS_MAX)
			return vx_fail(err, VIDX_EBADINPUT, "%s: too many contigs", file);
		rc = add_declared(contigs, c, file, err);
		if (rc != 0)
			return rc;
	}
	return 0;
}

int vx_contigs_new(const char *assembly, const struct vx_header *header, const char *file,
		   struct vx_contigs **contigs_ret, struct vidx_error *err)
{
	struct vx_contigs *contigs;
	enum vx_assembly deduced;
	int rc = 0;

	*contigs_ret = NULL;
	if (assembly && !good_name(vx_slice_str(assembly)))
		return vx_fail(err, VIDX_EUSAGE, "'%.80s' cannot be an assembly's name", assembly);
	if (!assembly) {
		rc = vx_assembly_deduce(header, file, &deduced, err);
		if (rc != 0)
			return rc;
		assembly = vx_assembly_name(deduced);
	}
	contigs = make(vx_slice_str(assembly));
	if (!contigs)
		return vx_fail_nomem(err);
	if (contigs->known != VX_NO_ASSEMBLY && push_known(contigs) != 0)
		rc = vx_fail_nomem(err);
	contigs->first = 1;
	if (rc == 0)
		rc = vx_contigs_add_header(contigs, header, file, err);
	contigs->first = 0;
	if (rc != 0) {
		vx_contigs_free(contigs);
		return rc;
	}
	*contigs_ret = contigs;
	return 0;
}

struct vx_slice vx_contigs_remark(const struct vx_contigs *contigs, const struct vx_header *header)
{
	struct vx_slice none = {"", 0};

	if (contigs->known == VX_NO_ASSEMBLY)
		return none;
	for (uint32_t i = 0; i <= header->n_contigs; i++) {
		struct vx_slice remark =
			i < header->n_contigs ? header->contigs[i].assembly : header->reference;
		enum vx_assembly named = vx_assembly_in_text(remark);

		if (named != VX_NO_ASSEMBLY && named != contigs->known)
			return remark;
	}
	return none;
}

uint32_t vx_contigs_find(const struct vx_contigs *contigs, struct vx_slice name)
{
	return vx_strmap_get(&contigs->map, name);
}

int vx_contigs_check(const struct vx_contigs *contigs, struct vx_slice name, struct vidx_error *err)
{
	enum vx_assembly other = vx_assembly_foreign(contigs->known, name);

	if (!good_name(name))
		return vx_fail(err, VIDX_EBADINPUT, "'%.*s' cannot be a contig's name",
			       (int)(name.len > 80 ? 80 : name.len), name.p);
	return other == VX_NO_ASSEMBLY ? 0 : fail_foreign(contigs, name, other, "", err);
}

int vx_contigs_add(struct vx_contigs *contigs, struct vx_slice name, uint32_t *rank_ret,
		   struct vidx_error *err)
{
	uint32_t rank = vx_strmap_get(&contigs->map, name);
	int rc = vx_contigs_check(contigs, name, err);

	if (rc)
		return rc;
	if (contigs->n >= VX_CONTIGS_MAX)
		return vx_fail(err, VIDX_EBADINPUT, "too many contigs");
	if (rank == VX_STRMAP_NONE) {
		if (push_other(contigs, name, 0) != 0)
			return vx_fail_nomem(err);
		rank = contigs->n - 1;
	}
	*rank_ret = rank;
	return 0;
}

uint32_t vx_contigs_count(const struct vx_contigs *contigs)
{
	return contigs->n;
}

struct vx_slice vx_contigs_name(const struct vx_contigs *contigs, uint32_t rank)
{
	return contigs->entry[rank].print;
}

struct vx_slice vx_contigs_canonical(const struct vx_contigs *contigs, uint32_t rank)
{
	return contigs->entry[rank].canonical;
}

uint64_t vx_contigs_length(const struct vx_contigs *contigs, uint32_t rank)
{
	return contigs->entry[rank].length;
}

int vx_contigs_declared(const struct vx_contigs *contigs, uint32_t rank)
{
	return contigs->entry[rank].declared;
}

const char *vx_contigs_assembly(const struct vx_contigs *contigs)
{
	return contigs->assembly;
}

static void add_text(struct vx_buf *out, struct vx_slice text)
{
	uint8_t bytes[10];

	vx_buf_add(out, bytes, vx_put_varint(bytes, text.len));
	vx_buf_add(out, text.p, text.len);
}

/*
 * Assembly, number of contigs, then for each: canonical name, printed name (empty: the same),
 * length.  Texts and numbers are varints, a text its length and its bytes.
 */
void vx_contigs_write(const struct vx_contigs *contigs, struct vx_buf *out)
{
	uint8_t bytes[10];

	add_text(out, vx_slice_str(contigs->assembly));
	vx_buf_add(out, bytes, vx_put_varint(bytes, contigs->n));
	for (uint32_t i = 0; i < contigs->n; i++) {
		const struct entry *e = &contigs->entry[i];
		int same = vx_slice_eq(e->print, e->canonical);

		add_text(out, e->canonical);
		add_text(out, same ? vx_slice("", 0) : e->print);
		vx_buf_add(out, bytes, vx_put_varint(bytes, e->length));
	}
}

static struct vx_slice take_text(struct vx_cursor *c)
{
	uint64_t len = vx_cursor_varint(c);
	const uint8_t *p = vx_cursor_take(c, len);

	return vx_slice((const char *)p, p ? len : 0);
}

/* Reads contig i.  0, VIDX_ENOMEM, or VIDX_EBADINDEX. */
static int read_entry(struct vx_contigs *contigs, struct vx_cursor *c, uint32_t i)
{
	struct vx_slice canonical = take_text(c), print = take_text(c);
	uint64_t length = vx_cursor_varint(c);
	int known = contigs->known != VX_NO_ASSEMBLY && i < VX_ASSEMBLY_CONTIGS;

	if (c->bad || !good_name(canonical) || (print.len && !good_name(print)))
		return VIDX_EBADINDEX;
	if (known && (!vx_slice_is(canonical, vx_assembly_contig(contigs->known, i, VX_PLAIN)) ||
		      length != vx_assembly_length(contigs->known, i)))
		return VIDX_EBADINDEX;
	if (copy(contigs, &canonical) != 0)
		return VIDX_ENOMEM;
	if (print.len == 0)
		print = canonical;
	else if (copy(contigs, &print) != 0)
		return VIDX_ENOMEM;
	if (push(contigs, print, canonical, length) != 0)
		return VIDX_ENOMEM;
	contigs->entry[i].declared = 1;
	switch (vx_strmap_put(&contigs->map, print, i)) {
	case 0:
		break;
	case 1:
		return VIDX_EBADINDEX;
	default:
		return VIDX_ENOMEM;
	}
	return vx_strmap_put(&contigs->map, canonical, i) < 0 ? VIDX_ENOMEM : 0;
}

int vx_contigs_read(const void *p, size_t len, struct vx_contigs **contigs_ret,
		    struct vidx_error *err)
{
	struct vx_cursor c = vx_cursor(p, len);
	struct vx_slice assembly = take_text(&c);
	uint64_t n = vx_cursor_varint(&c);
	struct vx_contigs *contigs = NULL;
	int rc = VIDX_EBADINDEX;

	*contigs_ret = NULL;
	/* A contig takes at least three bytes. */
	if (c.bad || !good_name(assembly) || n > VX_CONTIGS_MAX || n > vx_cursor_left(&c) / 3)
		goto out;
	contigs = make(assembly);
	if (!contigs) {
		rc = VIDX_ENOMEM;
		goto out;
	}
	if (contigs->known != VX_NO_ASSEMBLY && n < VX_ASSEMBLY_CONTIGS)
		goto out;
	rc = 0;
	for (uint32_t i = 0; i < n && rc == 0; i++)
		rc = read_entry(contigs, &c, i);
	if (rc == 0 && vx_cursor_left(&c) != 0)
		rc = VIDX_EBADINDEX;
	if (rc == 0 && contigs->known != VX_NO_ASSEMBLY)
		rc = add_aliases(contigs);
out:
	if (rc == 0) {
		contigs->spelled = 1;
		*contigs_ret = contigs;
		return 0;
	}
	vx_contigs_free(contigs);
	if (rc == VIDX_ENOMEM)
		return vx_fail_nomem(err);
	return vx_fail(err, VIDX_EBADINDEX, "the index's list of contigs is damaged");
}
