#include "cohort/infogram.h"

#include "base/text.h"
#include "vidx.h"

/* What stands for a metric in a key: whole '_'-separated words. */
struct word {
	const char *text;
	int metric;
	uint32_t divide;
	int is_total; /* alone it speaks of ALL, although a key with no group does not */
	enum vx_key_form form;
};

struct vx_grammar {
	const char *name;
	int (*speaks)(const struct vx_header *header);
	const struct word *words; /* longer ones first; ends with NULL */
	const char *total; /* the word for ALL, where a key without any group is no population */
	int prefix;        /* a subset or group may stand before the metric */
	int people;        /* AC and AN count individuals, written as Float */
	int partition;     /* the groups directly under ALL make up everybody */
	int any_order;     /* Genome of Europe: read_any_order() instead of words */
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

static int is_sv(const struct vx_header *header)
{
	return has_key(header, "N_HOMALT") || has_key(header, "N_BI_GENOS");
}

static int is_cnv(const struct vx_header *header)
{
	return has_key(header, "SC") && has_key(header, "SN") && has_key(header, "SF");
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

static int is_topmed(const struct vx_header *header)
{
	return has_key(header, "AC") && has_key(header, "AN") && has_key(header, "Het") &&
	       has_key(header, "Hom");
}

static int is_esp(const struct vx_header *header)
{
	return has_key(header, "TAC") && has_key(header, "EA_AC") && has_key(header, "AA_AC");
}

static int is_anything(const struct vx_header *header)
{
	(void)header;
	return 1;
}

#define END_OF_WORDS                                                                               \
	{                                                                                          \
		NULL, 0, 0, 0, VX_FORM_PLAIN                                                       \
	}
#define WORD(text, metric)                                                                         \
	{                                                                                          \
		text, metric, 1, 0, VX_FORM_PLAIN                                                  \
	}

/*
 * In ExAC AC_Hom and AC_Hemi count people; Het has one value per pair of alleles, and AF is that of
 * the raw counts.
 */
static const struct word exac_words[] = {
	{"AC_Hom", VIDX_NHOMALT, 1, 1, VX_FORM_PLAIN},
	{"AC_Hemi", VIDX_NHEMI, 1, 1, VX_FORM_PLAIN},
	WORD("Hom", VIDX_NHOMALT),
	WORD("Hemi", VIDX_NHEMI),
	WORD("AC", VIDX_AC),
	WORD("AN", VIDX_AN),
	END_OF_WORDS,
};

/* Hom and Hemi are v2.0.1's. */
static const struct word gnomad_words[] = {
	WORD("nhomalt", VIDX_NHOMALT),
	WORD("Hom", VIDX_NHOMALT),
	WORD("Hemi", VIDX_NHEMI),
	WORD("AC", VIDX_AC),
	WORD("AN", VIDX_AN),
	WORD("AF", VX_METRIC_AF),
	END_OF_WORDS,
};

/* Structural variants: AFR_MALE_AC in v2 and v4.0, AC_afr_XX later. */
static const struct word sv_words[] = {
	WORD("N_HOMALT", VIDX_NHOMALT),
	WORD("N_HEMIALT", VIDX_NHEMI),
	WORD("N_HET", VIDX_HET),
	WORD("AC", VIDX_AC),
	WORD("AN", VIDX_AN),
	WORD("AF", VX_METRIC_AF),
	END_OF_WORDS,
};

/* Copy-number variants of exomes: carriers among samples, SF = SC / SN. */
static const struct word cnv_words[] = {
	WORD("SC", VIDX_AC),
	WORD("SN", VIDX_AN),
	WORD("SF", VX_METRIC_AF),
	END_OF_WORDS,
};

/* bcftools +fill-tags and the 30x release of 1000 Genomes count alleles; a het or hemi has one. */
static const struct word fill_tags_words[] = {
	{"AC_Hom", VIDX_NHOMALT, 2, 0, VX_FORM_PLAIN},
	WORD("AC_Het", VIDX_HET),
	WORD("AC_Hemi", VIDX_NHEMI),
	WORD("AC", VIDX_AC),
	WORD("AN", VIDX_AN),
	WORD("AF", VX_METRIC_AF),
	END_OF_WORDS,
};

/* Homoplasmic carriers, the heteroplasmic ones apart; populations (and haplogroups) as lists. */
static const struct word mtdna_words[] = {
	{"pop_AC_hom", VIDX_AC, 1, 0, VX_FORM_BY_GROUP},
	{"pop_AC_het", VIDX_AC_HET, 1, 0, VX_FORM_BY_GROUP},
	{"pop_AN", VIDX_AN, 1, 0, VX_FORM_BY_GROUP},
	{"hap_AC_hom", VIDX_AC, 1, 0, VX_FORM_BY_GROUP},
	{"hap_AC_het", VIDX_AC_HET, 1, 0, VX_FORM_BY_GROUP},
	{"hap_AN", VIDX_AN, 1, 0, VX_FORM_BY_GROUP},
	WORD("AC_hom", VIDX_AC),
	WORD("AC_het", VIDX_AC_HET),
	WORD("AN", VIDX_AN),
	WORD("AF_hom", VX_METRIC_AF),
	END_OF_WORDS,
};

static const struct word topmed_words[] = {
	WORD("Hom", VIDX_NHOMALT),
	WORD("Het", VIDX_HET),
	WORD("Hemi", VIDX_NHEMI),
	WORD("AC", VIDX_AC),
	WORD("AN", VIDX_AN),
	WORD("AF", VX_METRIC_AF),
	END_OF_WORDS,
};

/* GTC and the like list genotypes, MAF is in percent: neither is read. */
static const struct word esp_words[] = {
	{"TAC", VIDX_AC, 1, 0, VX_FORM_ALTS_THEN_REF},
	{"AC", VIDX_AC, 1, 0, VX_FORM_ALTS_THEN_REF},
	END_OF_WORDS,
};

/* Also what vidx dump writes. */
static const struct word plain_words[] = {
	WORD("nhomalt", VIDX_NHOMALT), WORD("nhemi", VIDX_NHEMI),
	WORD("het", VIDX_HET),         WORD("ac_het", VIDX_AC_HET),
	WORD("AC", VIDX_AC),           WORD("AN", VIDX_AN),
	WORD("AF", VX_METRIC_AF),      END_OF_WORDS,
};

/* --- keys whose words come in any order: AC_Hom_EE_M, AC_EE_M_Hom --- */

struct any_order {
	struct vx_slice country; /* two capitals, or empty */
	int metric, sex;
	int trailing; /* the zygosity stands behind the country */
};

/* 1: the key is AC, AN or AF with at most one zygosity, country and sex (M, F). */
static int read_any_order(struct vx_slice key, struct any_order *ret)
{
	struct vx_slice token;
	int zygosity = -1;

	memset(ret, 0, sizeof *ret);
	if (!vx_split(&key, '_', &token))
		return 0;
	ret->metric = vx_slice_is(token, "AC")   ? VIDX_AC
		      : vx_slice_is(token, "AN") ? VIDX_AN
		      : vx_slice_is(token, "AF") ? VX_METRIC_AF
						 : -1;
	while (ret->metric >= 0 && vx_split(&key, '_', &token)) {
		int z = vx_slice_is(token, "Hom")    ? VIDX_NHOMALT
			: vx_slice_is(token, "Het")  ? VIDX_HET
			: vx_slice_is(token, "Hemi") ? VIDX_NHEMI
						     : -1;

		if (z >= 0 && zygosity < 0) {
			zygosity = z;
			ret->trailing = ret->country.len > 0;
		} else if ((vx_slice_is(token, "M") || vx_slice_is(token, "F")) && !ret->sex) {
			ret->sex = token.p[0] == 'F' ? 1 : 2;
		} else if (token.len == 2 && token.p[0] >= 'A' && token.p[0] <= 'Z' &&
			   token.p[1] >= 'A' && token.p[1] <= 'Z' && !ret->country.len &&
			   !vx_slice_is(token, "XX") && !vx_slice_is(token, "XY")) {
			ret->country = token;
		} else {
			return 0;
		}
	}
	if (zygosity >= 0 && ret->metric != VIDX_AC)
		return 0;
	if (zygosity >= 0)
		ret->metric = zygosity;
	return ret->metric >= 0;
}

static int is_goe(const struct vx_header *header)
{
	struct any_order key;

	for (uint32_t i = 0; i < header->n_infos; i++)
		if (read_any_order(header->infos[i].id, &key) && key.country.len &&
		    (key.sex || key.trailing))
			return 1;
	return 0;
}

/* The first that speaks for itself is taken: the more telling keys come first. */
static const struct vx_grammar grammars[] = {
	{.name = "ExAC", .speaks = is_exac, .words = exac_words, .total = "Adj"},
	{.name = "gnomAD joint",
	 .speaks = is_joint,
	 .words = gnomad_words,
	 .prefix = 1,
	 .total = "joint"},
	{.name = "gnomAD SV", .speaks = is_sv, .words = sv_words, .prefix = 1},
	{.name = "gnomAD CNV", .speaks = is_cnv, .words = cnv_words, .prefix = 1, .people = 1},
	{.name = "gnomAD", .speaks = is_gnomad, .words = gnomad_words, .prefix = 1},
	{.name = "Genome of Europe", .speaks = is_goe, .any_order = 1, .partition = 1},
	{.name = "fill-tags", .speaks = is_fill_tags, .words = fill_tags_words},
	{.name = "mtDNA", .speaks = is_mtdna, .words = mtdna_words},
	{.name = "TOPMed", .speaks = is_topmed, .words = topmed_words},
	{.name = "ESP", .speaks = is_esp, .words = esp_words, .prefix = 1, .partition = 1},
	{.name = "plain", .speaks = is_anything, .words = plain_words, .partition = 1},
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

int vx_grammar_counts_people(const struct vx_grammar *grammar)
{
	return grammar->people;
}

int vx_grammar_is_partition(const struct vx_grammar *grammar)
{
	return grammar->partition;
}

/* Only whole numbers are counts; some writers call them strings. */
int vx_grammar_may_hold(const struct vx_grammar *grammar, struct vx_slice type, int metric)
{
	if (type.len == 0 || vx_slice_is(type, "String"))
		return 1;
	if (vx_slice_is(type, "Float"))
		return metric == VX_METRIC_AF || (grammar && grammar->people);
	return vx_slice_is(type, "Integer") && metric != VX_METRIC_AF;
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
	static const char *const words[] = {"raw",  "popmax", "grpmax", "hapmax",
					    "star", "hist",   "bin",    NULL};

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

/* The group is what m holds, with its sex behind it. */
static void finish_name(struct maker *m, struct vx_key_sense *sense)
{
	static const char *const sexes[] = {"", "XX", "XY"};

	sense->base = vx_slice(m->text, m->len);
	if (m->sex) {
		if (m->len)
			m->text[m->len++] = '_';
		memcpy(m->text + m->len, sexes[m->sex], 2);
		m->len += 2;
	} else if (m->len == 0) {
		memcpy(m->text, "ALL", 3);
		m->len = 3;
	}
	sense->group = vx_slice(m->text, m->len);
	sense->sex = m->sex;
}

static int read_words(const struct vx_grammar *grammar, struct vx_slice key, struct maker *m,
		      struct vx_key_sense *sense)
{
	const struct word *word = grammar->words;
	const char *at = NULL, *after, *end = key.p + key.len;

	while (word->text && !(at = find_word(key, word->text)))
		word++;
	if (!at || (at > key.p && !grammar->prefix))
		return 0;
	after = at + strlen(word->text);
	if ((at > key.p && !add_words(grammar, m, vx_slice(key.p, (size_t)(at - key.p) - 1))) ||
	    (after < end &&
	     !add_words(grammar, m, vx_slice(after + 1, (size_t)(end - after) - 1))) ||
	    m->n_sexes > 1)
		return 0;
	if (grammar->total && m->len == 0 && m->sex == 0 && !m->seen_total && !word->is_total)
		return 0;
	sense->metric = word->metric;
	sense->divide = word->divide;
	sense->form = word->form;
	/* A list's groups are named elsewhere; "hap" stays to tell haplogroups from populations. */
	if (word->form == VX_FORM_BY_GROUP) {
		if (m->len)
			return 0;
		if (memcmp(word->text, "hap", 3) == 0)
			memcpy(m->text, "hap", m->len = 3);
	}
	return 1;
}

int vx_grammar_read(const struct vx_grammar *grammar, struct vx_slice key, struct vx_arena *arena,
		    struct vx_key_sense *sense_ret)
{
	struct maker m = {NULL, 0, 0, 0, 0};
	struct any_order any;

	m.text = vx_arena_alloc(arena, key.len + 8);
	if (!m.text)
		return VIDX_ENOMEM;
	if (!grammar->any_order) {
		if (!read_words(grammar, key, &m, sense_ret))
			return 0;
	} else {
		if (!read_any_order(key, &any))
			return 0;
		if (any.country.len)
			memcpy(m.text, any.country.p, m.len = any.country.len);
		m.sex = any.sex;
		sense_ret->metric = any.metric;
		sense_ret->divide = any.metric == VIDX_NHOMALT ? 2 : 1;
		sense_ret->form = VX_FORM_PLAIN;
	}
	finish_name(&m, sense_ret);
	return 1;
}

int vx_looks_like_count(struct vx_slice key)
{
	static const char *const words[] = {
		"AC",     "AN",      "AF",      "MAF",     "GC",     "hom",    "het",     "hemi",
		"homalt", "hemialt", "nhomalt", "nhomref", "nhet",   "nhemi",  "faf",     "faf95",
		"faf99",  "fafmax",  "nhomhet", "NS",      "TAC",    "GTC",    "CAF",     "FREQ",
		"COUNT",  "CN",      "SC",      "SN",      "SF",     "homref", "hemiref", "genos",
		"homc",   "hetc",    "MLEAC",   "MLEAF",   "TOPMED", NULL};
	struct vx_slice token;
	int found = 0;

	while (vx_split(&key, '_', &token)) {
		if (is_word(token, "hist"))
			return 0; /* ages and qualities of carriers */
		found |= is_word_of(token, words);
	}
	return found;
}

int vx_is_ancestry(struct vx_slice name)
{
	static const char *const words[] = {"afr", "ami",       "amr", "asj", "csa",
					    "eas", "eur",       "fin", "mid", "nfe",
					    "oth", "remaining", "rmi", "sas", NULL};

	return is_word_of(name, words);
}
