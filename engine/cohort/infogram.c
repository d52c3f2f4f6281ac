#include "cohort/infogram.h"

#include "base/text.h"
#include "vidx.h"

/* What stands for a metric in a key: whole '_'-separated words. */
struct word {
	const char *text;
	int metric;
	uint32_t divide;
	int is_total; /* alone it speaks of ALL, although a key with no group does not */
};

struct vx_grammar {
	const char *name;
	int (*speaks)(const struct vx_header *header);
	const struct word *words; /* longer ones first; ends with NULL */
	int prefix;               /* a subset or group may stand before the metric */
	const char *total; /* the word for ALL, where a key without any group is no population */
};

static int has_key(const struct vx_header *header, const char *key)
{
	for (uint32_t i = 0; i < header->n_infos; i++)
		if (vx_slice_is(header->infos[i].id, key))
			return 1;
	return 0;
}

static int is_exac(const struct vx_header *header)
{
	return has_key(header, "AC_Adj") && has_key(header, "AN_Adj");
}

static int is_joint(const struct vx_header *header)
{
	return has_key(header, "AC_joint") && !has_key(header, "AC");
}

static int is_gnomad(const struct vx_header *header)
{
	return has_key(header, "AC_raw") || has_key(header, "AC_popmax") ||
	       has_key(header, "AC_POPMAX") || has_key(header, "AC_grpmax") ||
	       has_key(header, "nhomalt_raw") || has_key(header, "AC_grpmax_joint");
}

static int is_fill_tags(const struct vx_header *header)
{
	return has_key(header, "AC_Hom") || has_key(header, "AC_Het");
}

static int is_mtdna(const struct vx_header *header)
{
	return has_key(header, "AC_hom") && has_key(header, "AC_het") && !has_key(header, "AC");
}

static int is_anything(const struct vx_header *header)
{
	(void)header;
	return 1;
}

/* In ExAC AC_Hom and AC_Hemi count people; Het has one value per pair of alleles. */
static const struct word exac_words[] = {
	{"AC_Hom", VIDX_NHOMALT, 1, 1},
	{"AC_Hemi", VIDX_NHEMI, 1, 1},
	{"Hom", VIDX_NHOMALT, 1, 0},
	{"Hemi", VIDX_NHEMI, 1, 0},
	{"AC", VIDX_AC, 1, 0},
	{"AN", VIDX_AN, 1, 0},
	{NULL, 0, 0, 0},
};

/* Hom and Hemi are v2.0.1's. */
static const struct word gnomad_words[] = {
	{"nhomalt", VIDX_NHOMALT, 1, 0}, {"Hom", VIDX_NHOMALT, 1, 0}, {"Hemi", VIDX_NHEMI, 1, 0},
	{"AC", VIDX_AC, 1, 0},           {"AN", VIDX_AN, 1, 0},       {NULL, 0, 0, 0},
};

/* bcftools +fill-tags and the 30x release of 1000 Genomes count alleles; a het or hemi has one. */
static const struct word fill_tags_words[] = {
	{"AC_Hom", VIDX_NHOMALT, 2, 0}, {"AC_Het", VIDX_HET, 1, 0}, {"AC_Hemi", VIDX_NHEMI, 1, 0},
	{"AC", VIDX_AC, 1, 0},          {"AN", VIDX_AN, 1, 0},      {NULL, 0, 0, 0},
};

/* Homoplasmic carriers; the heteroplasmic ones (AC_het) are another matter. */
static const struct word mtdna_words[] = {
	{"AC_hom", VIDX_AC, 1, 0},
	{"AN", VIDX_AN, 1, 0},
	{NULL, 0, 0, 0},
};

/* Also what vidx dump writes. */
static const struct word plain_words[] = {
	{"nhomalt", VIDX_NHOMALT, 1, 0}, {"nhemi", VIDX_NHEMI, 1, 0}, {"het", VIDX_HET, 1, 0},
	{"AC", VIDX_AC, 1, 0},           {"AN", VIDX_AN, 1, 0},       {NULL, 0, 0, 0},
};

/* The first that speaks for itself is taken: the more telling keys come first. */
static const struct vx_grammar grammars[] = {
	{"ExAC", is_exac, exac_words, 0, "Adj"},
	{"gnomAD joint", is_joint, gnomad_words, 1, "joint"},
	{"gnomAD", is_gnomad, gnomad_words, 1, NULL},
	{"fill-tags", is_fill_tags, fill_tags_words, 0, NULL},
	{"mtDNA", is_mtdna, mtdna_words, 0, NULL},
	{"plain", is_anything, plain_words, 0, NULL},
};

const struct vx_grammar *vx_grammar_of(const struct vx_header *header)
{
	const struct vx_grammar *grammar = grammars;

	while (!grammar->speaks(header))
		grammar++;
	return grammar;
}

const char *vx_grammar_name(const struct vx_grammar *grammar)
{
	return grammar->name;
}

static int is_word(struct vx_slice token, const char *text)
{
	if (token.len != strlen(text))
		return 0;
	for (size_t i = 0; i < token.len; i++)
		if (vx_upper(token.p[i]) != vx_upper(text[i]))
			return 0;
	return 1;
}

static int is_word_of(struct vx_slice token, const char *const *list)
{
	for (; *list; list++)
		if (is_word(token, *list))
			return 1;
	return 0;
}

/* Words that tell of no population: everybody before filtering, the one with the highest AF. */
static int is_no_population(struct vx_slice token)
{
	static const char *const words[] = {"raw", "popmax", "grpmax", "star", "hist", "bin", NULL};

	return is_word_of(token, words);
}

/* Where the word stands in key, between '_' or the ends; NULL: nowhere. */
static const char *find_word(struct vx_slice key, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= key.len; i++)
		if ((i == 0 || key.p[i - 1] == '_') &&
		    (i + len == key.len || key.p[i + len] == '_') &&
		    memcmp(key.p + i, word, len) == 0)
			return key.p + i;
	return NULL;
}

/* A name under construction: what is left of a key without its metric. */
struct maker {
	char *text;
	size_t len;
	int sex, n_sexes, seen_total;
};

/* Appends the words of part; 0: it speaks of no population. */
static int add_words(const struct vx_grammar *grammar, struct maker *m, struct vx_slice part)
{
	struct vx_slice token;

	while (part.len && vx_split(&part, '_', &token)) {
		int xx = is_word(token, "XX") || is_word(token, "female");
		int xy = is_word(token, "XY") || is_word(token, "male");

		if (token.len == 0 || is_no_population(token))
			return 0;
		if (grammar->total && vx_slice_is(token, grammar->total)) {
			m->seen_total = 1;
		} else if (xx || xy) {
			m->sex = xx ? 1 : 2;
			m->n_sexes++;
		} else {
			if (m->len)
				m->text[m->len++] = '_';
			memcpy(m->text + m->len, token.p, token.len);
			m->len += token.len;
		}
	}
	return 1;
}

int vx_grammar_read(const struct vx_grammar *grammar, struct vx_slice key, struct vx_arena *arena,
		    struct vx_key_sense *sense_ret)
{
	static const char *const sexes[] = {"", "XX", "XY"};
	const struct word *word = grammar->words;
	const char *at = NULL, *after;
	struct maker m = {NULL, 0, 0, 0, 0};

	while (word->text && !(at = find_word(key, word->text)))
		word++;
	if (!at || (at > key.p && !grammar->prefix))
		return 0;
	m.text = vx_arena_alloc(arena, key.len + 8);
	if (!m.text)
		return VIDX_ENOMEM;
	after = at + strlen(word->text);
	if ((at > key.p && !add_words(grammar, &m, vx_slice(key.p, (size_t)(at - key.p) - 1))) ||
	    (after < key.p + key.len &&
	     !add_words(grammar, &m, vx_slice(after + 1, (size_t)(key.p + key.len - after) - 1))) ||
	    m.n_sexes > 1)
		return 0;
	if (grammar->total && m.len == 0 && m.sex == 0 && !m.seen_total && !word->is_total)
		return 0;
	sense_ret->base = vx_slice(m.text, m.len);
	if (m.sex) {
		if (m.len)
			m.text[m.len++] = '_';
		memcpy(m.text + m.len, sexes[m.sex], 2);
		m.len += 2;
	} else if (m.len == 0) {
		memcpy(m.text, "ALL", 3);
		m.len = 3;
	}
	sense_ret->group = vx_slice(m.text, m.len);
	sense_ret->sex = m.sex;
	sense_ret->metric = word->metric;
	sense_ret->divide = word->divide;
	return 1;
}

int vx_looks_like_count(struct vx_slice key)
{
	static const char *const words[] = {
		"AC",   "AN",      "AF",      "MAF",    "GC",      "hom",    "het",
		"hemi", "nhomalt", "nhomref", "nhet",   "nhemi",   "homalt", "hemialt",
		"faf",  "faf95",   "faf99",   "fafmax", "nhomhet", "NS",     NULL};
	struct vx_slice token;

	while (vx_split(&key, '_', &token))
		if (is_word_of(token, words))
			return 1;
	return 0;
}

int vx_is_ancestry(struct vx_slice name)
{
	static const char *const words[] = {"afr", "ami",       "amr", "asj", "csa",
					    "eas", "eur",       "fin", "mid", "nfe",
					    "oth", "remaining", "rmi", "sas", NULL};

	return is_word_of(name, words);
}
