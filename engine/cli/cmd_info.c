#include "cli/cmd.h"

#include "cli/ask.h"
#include "query/reader.h"
#include "render/json.h"
#include "store/idfind.h"

#include <inttypes.h>
#include <stdio.h>

static const struct vx_help help = {
	"info",
	"say what an index holds and where it came from",
	"[options] INDEX",
	"  vidx info cohort.vidx\n"
	"  vidx info --json cohort.vidx | jq .sources\n",
};

/* Each fact is written once, as a line or as a member of one object. */
struct facts {
	struct vx_buf *out;
	struct vx_json json;
	int as_json;
};

static void fact_text(struct facts *f, const char *key, struct vx_slice text)
{
	if (f->as_json) {
		vx_json_text(&f->json, key, text);
		return;
	}
	vx_buf_adds(f->out, key);
	vx_buf_addc(f->out, '\t');
	vx_buf_add(f->out, text.p, text.len);
	vx_buf_addc(f->out, '\n');
}

static void fact_count(struct facts *f, const char *key, uint64_t v)
{
	if (f->as_json)
		vx_json_count(&f->json, key, v);
	else
		vx_buf_addf(f->out, "%s\t%" PRIu64 "\n", key, v);
}

static void fact_fraction(struct facts *f, const char *key, double v)
{
	if (f->as_json)
		vx_json_fraction(&f->json, key, v);
	else
		vx_buf_addf(f->out, "%s\t%.6g\n", key, v);
}

static void fact_hash(struct facts *f, const char *key, struct vx_hash128 hash)
{
	char hex[33];

	snprintf(hex, sizeof hex, "%016" PRIx64 "%016" PRIx64, hash.hi, hash.lo);
	fact_text(f, key, vx_slice(hex, 32));
}

/* A list of names: between commas, or an array. */
static void begin_list(struct facts *f, const char *key)
{
	if (f->as_json)
		vx_json_begin(&f->json, key, '[');
	else
		vx_buf_addf(f->out, "%s\t", key);
}

static void list_name(struct facts *f, const char *name, int i)
{
	if (f->as_json)
		vx_json_text(&f->json, NULL, vx_slice_str(name));
	else
		vx_buf_addf(f->out, "%s%s", i ? "," : "", name);
}

static void end_list(struct facts *f)
{
	if (f->as_json)
		vx_json_end(&f->json, ']');
	else
		vx_buf_addc(f->out, '\n');
}

static void tell_lists(struct facts *f, const struct vx_meta *meta)
{
	int n = 0;

	begin_list(f, "groups");
	for (uint32_t i = 0; i < meta->groups.n; i++)
		list_name(f, meta->groups.name[i], (int)i);
	end_list(f);
	begin_list(f, "metrics");
	for (int m = 0; m < VIDX_N_METRICS; m++)
		if (meta->metrics >> m & 1)
			list_name(f, vidx_metric_name(m), n++);
	end_list(f);
}

/* Kept INFO: a line or an object for each key. */
static void tell_info_keys(struct facts *f, const struct vidx_index *index)
{
	const struct vidx_description *about = &index->description;

	if (!about->n_info)
		return;
	if (f->as_json)
		vx_json_begin(&f->json, "info_keys", '[');
	for (uint32_t i = 0; i < about->n_info; i++) {
		const struct vidx_info_key *key = &about->info[i];
		const char *type = vx_keep_type_name(index->meta->keep.key[i].type);

		if (!f->as_json) {
			vx_buf_addf(f->out, "info_key\t%s\t%s\t%s\t", key->name, key->number, type);
			vx_buf_adds(f->out, key->description);
			vx_buf_addc(f->out, '\n');
			continue;
		}
		vx_json_begin(&f->json, NULL, '{');
		fact_text(f, "name", vx_slice_str(key->name));
		fact_text(f, "number", vx_slice_str(key->number));
		fact_text(f, "type", vx_slice_str(type));
		fact_text(f, "description", vx_slice_str(key->description));
		vx_json_end(&f->json, '}');
	}
	if (f->as_json)
		vx_json_end(&f->json, ']');
	fact_count(f, "info_values_left_out", index->meta->tally.n_not_kept);
}

static void tell_contigs(struct facts *f, const struct vidx_index *index)
{
	const struct vx_meta *meta = index->meta;
	uint32_t n = vx_contigs_count(meta->contigs), n_used = 0;

	for (uint32_t i = 0; i < n; i++)
		n_used += meta->contig_variants[i] > 0;
	fact_count(f, "contigs", n);
	fact_count(f, "contigs_with_variants", n_used);
	if (f->as_json)
		vx_json_begin(&f->json, "variants_by_contig", '{');
	/* An assembly has thousands of contigs, most of them without a variant. */
	for (uint32_t i = 0; i < n; i++) {
		if (!meta->contig_variants[i])
			continue;
		if (f->as_json)
			vx_json_count(&f->json, vidx_contig_name(index, i),
				      meta->contig_variants[i]);
		else
			vx_buf_addf(f->out, "contig\t%s\t%" PRIu64 "\n", vidx_contig_name(index, i),
				    meta->contig_variants[i]);
	}
	if (f->as_json)
		vx_json_end(&f->json, '}');
}

/* What the callable track covers, and whose AN it knows. */
static void tell_track(struct facts *f, const struct vx_meta *meta)
{
	const struct vx_meta_track *track = &meta->track;

	fact_text(f, "callable", track->present ? track->kind : vx_slice_str("none"));
	if (!track->present)
		return;
	fact_count(f, "callable_bases", track->n_bases);
	fact_count(f, "callable_runs", track->n_spans);
	fact_count(f, "callable_blocks", track->n_blocks);
	begin_list(f, "callable_groups");
	for (uint32_t i = 0; i < track->n_cols; i++)
		list_name(f, meta->groups.name[track->col[i]], (int)i);
	end_list(f);
	fact_hash(f, "callable_digest", track->digest);
	if (!track->name.len)
		return;
	fact_text(f, "callable_file", track->name);
	fact_count(f, "callable_file_bytes", track->size);
	fact_hash(f, "callable_file_xxh3", track->hash);
	fact_count(f, "callable_lines_left_out", track->n_unknown);
}

/* prefix_reason lines, or an object called key. */
static void tell_reasons(struct facts *f, const char *key, const uint64_t *by_reason)
{
	if (f->as_json)
		vx_json_begin(&f->json, key, '{');
	for (int i = 1; i < VX_N_REASONS; i++) {
		const char *name = vx_reason_name((enum vx_reason)i);

		if (!by_reason[i])
			continue;
		if (f->as_json)
			vx_json_count(&f->json, name, by_reason[i]);
		else
			vx_buf_addf(f->out, "%s\t%s\t%" PRIu64 "\n", key, name, by_reason[i]);
	}
	if (f->as_json)
		vx_json_end(&f->json, '}');
}

static void tell_tally(struct facts *f, const struct vx_tally *t)
{
	fact_count(f, "records", t->n_records);
	fact_count(f, "records_indexed", t->n_indexed);
	fact_count(f, "records_nothing", t->n_nothing);
	tell_reasons(f, "records_rejected", t->rejected);
	fact_count(f, "alleles", t->n_alleles);
	fact_count(f, "alleles_indexed", t->n_alleles_indexed);
	tell_reasons(f, "alleles_dropped", t->dropped);
	fact_count(f, "hom_exceeds_ac", t->n_not_fitting);
	fact_count(f, "frequencies_checked", t->n_af_checked);
	fact_count(f, "frequencies_differ", t->n_af_differ);
}

/* Whether IDs find variants; an ID counts once for each block that has rows with it. */
static void tell_ids(struct facts *f, const struct vidx_index *index)
{
	int has_ids = vx_env_has_ids(index->env);

	fact_text(f, "ids", vx_slice_str(has_ids ? "yes" : "no"));
	if (has_ids)
		fact_count(f, "id_entries", vx_env_n_ids(index->env));
}

static void tell_sources(struct facts *f, const struct vx_meta *meta)
{
	if (f->as_json)
		vx_json_begin(&f->json, "sources", '[');
	for (uint32_t i = 0; i < meta->n_sources; i++) {
		const struct vx_meta_source *s = &meta->sources[i];

		if (!f->as_json) {
			vx_buf_addf(f->out,
				    "source\t%.*s\t%" PRIu64 " bytes\txxh3 %016" PRIx64
				    "%016" PRIx64 "\t%" PRIu64 " records\t%" PRIu64
				    " indexed\t%" PRIu64 " nothing\t%" PRIu64 " rejected\n",
				    (int)s->name.len, s->name.p, s->size, s->hash.hi, s->hash.lo,
				    s->n_records, s->n_indexed, s->n_nothing, s->n_rejected);
			continue;
		}
		vx_json_begin(&f->json, NULL, '{');
		fact_text(f, "name", s->name);
		fact_count(f, "bytes", s->size);
		fact_hash(f, "xxh3", s->hash);
		fact_count(f, "records", s->n_records);
		fact_count(f, "records_indexed", s->n_indexed);
		fact_count(f, "records_nothing", s->n_nothing);
		fact_count(f, "records_rejected", s->n_rejected);
		vx_json_end(&f->json, '}');
	}
	if (f->as_json)
		vx_json_end(&f->json, ']');
}

static void tell_all(struct facts *f, const struct vidx_index *index, const char *path)
{
	const struct vx_meta *meta = index->meta;
	uint64_t bytes = vx_env_file_size(index->env);

	if (f->as_json)
		vx_json_begin(&f->json, NULL, '{');
	fact_text(f, "file", vx_slice_str(path));
	fact_text(f, "tool", meta->tool);
	fact_text(f, "options", meta->options);
	fact_text(f, "assembly", vx_slice_str(index->description.assembly));
	fact_count(f, "variants", meta->n_variants);
	tell_lists(f, meta);
	tell_info_keys(f, index);
	fact_text(f, "counts_from", meta->counts_from);
	fact_text(f, "hom_units", vx_slice_str("individuals"));
	fact_count(f, "disclosure_floor", meta->disclosure_floor);
	fact_hash(f, "content_digest", meta->content_digest);
	if (meta->hash_bits != 64)
		fact_count(f, "test_hash_bits", meta->hash_bits);
	fact_count(f, "blocks", meta->n_blocks);
	fact_count(f, "bytes", bytes);
	fact_fraction(f, "bytes_per_variant",
		      meta->n_variants ? (double)bytes / (double)meta->n_variants : 0);
	tell_ids(f, index);
	tell_track(f, meta);
	tell_tally(f, &meta->tally);
	tell_contigs(f, index);
	tell_sources(f, meta);
	if (f->as_json) {
		vx_json_end(&f->json, '}');
		vx_buf_addc(f->out, '\n');
	}
}

int cmd_info(int argc, char **argv)
{
	struct vx_ask ask = {0};
	const struct vx_opt opts[] = {
		{"json", 0, VX_OPT_FLAG, &ask.json, NULL, "one JSON object",
		 "key and value between tabs"},
		VX_OPT_COMMON(&ask.common),
	};
	int code, first = vx_opt_parse(&help, opts, argc, argv, &code);
	struct vidx_error err = {0};
	struct facts facts;

	if (first < 0)
		return code;
	if (argc - first != 1)
		return vx_opt_usage("info", first >= argc ? "no index" : "one index at a time");
	ask.verb = "info";
	code = vx_ask_begin(&ask, argv[first], 1, 1);
	if (code == 0 &&
	    (vx_index_read_rest(ask.index, &err) < 0 ||
	     (vx_env_has_ids(ask.index->env) && vx_index_read_ids(ask.index, &err) < 0)))
		code = vx_opt_fail("info", &err);
	if (code == 0) {
		facts.out = &ask.out.buf;
		facts.json = (struct vx_json){&ask.out.buf, 0};
		facts.as_json = ask.json;
		tell_all(&facts, ask.index, argv[first]);
	}
	return vx_ask_end(&ask, code);
}
