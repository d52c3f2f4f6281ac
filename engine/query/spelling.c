#include "query/spelling.h"

#include "base/status.h"
#include "query/change.h"
#include "query/hgvs.h"
#include "query/spdi.h"

int vx_spelling_parse(struct vidx_reader *reader, struct vx_slice text,
		      struct vidx_allele *allele_ret, enum vx_question *question_ret,
		      struct vidx_error *err)
{
	struct vidx_allele allele = {0};
	struct vx_change change;
	struct vx_slice word;
	int rc = VIDX_ABSENT, is_change, is_absent = 0;

	/* Neither has a blank inside. */
	if (vx_locus_parse_id(text, &word)) {
		rc = vx_hgvs_parse(word, &change, err);
		if (rc == VIDX_ABSENT)
			rc = vx_spdi_parse(word, &change, err);
	}
	is_change = rc == 0;
	if (rc == VIDX_ABSENT) {
		rc = vx_locus_parse(text, &allele, question_ret, err);
		change.contig = vx_slice(allele.contig, allele.contig_len);
	}
	if (rc == 0 && reader)
		rc = vx_change_check_contig(reader->index, change.contig, err);
	if (rc == 0 && is_change) {
		*question_ret = VX_ASK_ALLELE;
		if (reader)
			vx_arena_reset(&reader->spelled);
		rc = vx_change_allele(&change, reader, &allele, err);
		is_absent = rc == VIDX_ABSENT;
	}
	if (rc == 0 || is_absent)
		*allele_ret = allele;
	return rc;
}

/* The same, for an allele alone. */
static int parse_allele(struct vidx_reader *reader, struct vx_slice text,
			struct vidx_allele *allele_ret, struct vidx_error *err)
{
	struct vidx_allele allele;
	enum vx_question question;
	int rc;

	if (err)
		err->status = 0, err->text[0] = '\0';
	rc = vx_spelling_parse(reader, text, &allele, &question, err);
	if (rc < 0)
		return rc;
	if (question != VX_ASK_ALLELE)
		return vx_fail(err, VIDX_EUSAGE, "a place without an allele: '%.*s'",
			       text.len < 100 ? (int)text.len : 100, text.p);
	*allele_ret = allele;
	return rc;
}

int vidx_parse_allele(const struct vidx_index *index, const char *text, size_t text_len,
		      struct vidx_allele *allele_ret, struct vidx_error *err)
{
	(void)index; /* what needs the index or its reference is vidx_reader_parse()'s */
	return parse_allele(NULL, vx_slice(text, text_len), allele_ret, err);
}

int vidx_reader_parse(struct vidx_reader *reader, const char *text, size_t text_len,
		      struct vidx_allele *allele_ret, struct vidx_error *err)
{
	return parse_allele(reader, vx_slice(text, text_len), allele_ret, err);
}
