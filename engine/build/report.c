#include "build/build.h"
#include "build/report.h"

static void add_text(struct vx_buf *out, struct vx_slice text)
{
	vx_buf_addc(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c < 32 || c == 127)
			vx_buf_addf(out, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			vx_buf_addf(out, "\\%c", c);
		else
			vx_buf_addc(out, c);
	}
	vx_buf_addc(out, '"');
}

static void add_count(struct vx_buf *out, const char *name, uint64_t n)
{
	vx_buf_addf(out, "\"%s\": %llu", name, (unsigned long long)n);
}

static void add_reasons(struct vx_buf *out, const char *name, const uint64_t *count)
{
	const char *comma = "";

	vx_buf_addf(out, "\"%s\": {", name);
	for (int i = VX_KEPT + 1; i < VX_N_REASONS; i++) {
		if (!count[i])
			continue;
		vx_buf_adds(out, comma);
		add_count(out, vx_reason_name((enum vx_reason)i), count[i]);
		comma = ", ";
	}
	vx_buf_addc(out, '}');
}

static void add_source(struct vx_buf *out, const struct vx_meta_source *source)
{
	vx_buf_adds(out, "    {\"name\": ");
	add_text(out, source->name);
	vx_buf_adds(out, ", ");
	add_count(out, "bytes", source->size);
	vx_buf_addf(out, ", \"xxh3_128\": \"%016llx%016llx\", ",
		    (unsigned long long)source->hash.hi, (unsigned long long)source->hash.lo);
	add_count(out, "records", source->n_records);
	vx_buf_adds(out, ", ");
	add_count(out, "indexed", source->n_indexed);
	vx_buf_adds(out, ", ");
	add_count(out, "nothing_to_index", source->n_nothing);
	vx_buf_adds(out, ", ");
	add_count(out, "rejected", source->n_rejected);
	vx_buf_addc(out, '}');
}

void vx_report_json(const struct vx_meta *meta, struct vx_buf *out)
{
	const struct vx_tally *tally = &meta->tally;

	vx_buf_adds(out, "{\n  \"assembly\": ");
	add_text(out, vx_slice_str(vx_contigs_assembly(meta->contigs)));
	vx_buf_addf(out, ",\n  \"content_digest\": \"%016llx%016llx\",\n  ",
		    (unsigned long long)meta->content_digest.hi,
		    (unsigned long long)meta->content_digest.lo);
	add_count(out, "variants", meta->n_variants);
	vx_buf_adds(out, ",\n  \"records\": {");
	add_count(out, "read", tally->n_records);
	vx_buf_adds(out, ", ");
	add_count(out, "indexed", tally->n_indexed);
	vx_buf_adds(out, ", ");
	add_count(out, "nothing_to_index", tally->n_nothing);
	vx_buf_adds(out, ", ");
	add_reasons(out, "rejected", tally->rejected);
	vx_buf_adds(out, "},\n  \"alleles\": {");
	add_count(out, "seen", tally->n_alleles);
	vx_buf_adds(out, ", ");
	add_count(out, "indexed", tally->n_alleles_indexed);
	vx_buf_adds(out, ", ");
	add_reasons(out, "dropped", tally->dropped);
	vx_buf_adds(out, "},\n  ");
	add_count(out, "hom_exceeds_ac", tally->n_not_fitting);
	vx_buf_adds(out, ",\n  \"frequencies\": {");
	add_count(out, "checked", tally->n_af_checked);
	vx_buf_adds(out, ", ");
	add_count(out, "differ", tally->n_af_differ);
	vx_buf_adds(out, "},\n  \"sources\": [\n");
	for (uint32_t i = 0; i < meta->n_sources; i++) {
		add_source(out, &meta->sources[i]);
		vx_buf_adds(out, i + 1 < meta->n_sources ? ",\n" : "\n");
	}
	vx_buf_adds(out, "  ]\n}\n");
}

int vx_tally_agrees(const struct vx_tally *tally)
{
	uint64_t rejected = 0, dropped = 0;

	for (int i = 0; i < VX_N_REASONS; i++) {
		rejected += tally->rejected[i];
		dropped += tally->dropped[i];
	}
	return tally->n_records == tally->n_indexed + tally->n_nothing + rejected &&
	       tally->n_alleles == tally->n_alleles_indexed + dropped;
}
