#include "build/build.h"
#include "build/calltrack.h"
#include "build/idwrite.h"
#include "build/pipeline.h"
#include "build/report.h"
#include "build/rewrite.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The options that shaped the content, for `vidx info`. */
static void describe_options(const struct vx_build_options *options, const struct vx_inputs *inputs,
			     struct vx_buf *out)
{
	if (options->assembly)
		vx_buf_addf(out, " --assembly %s", options->assembly);
	if (inputs->reference) {
		struct vx_slice name = vx_reference_name(inputs->reference);

		/* With a hash over the names and lengths of its sequences. */
		vx_buf_addf(out, " --reference %.*s (%016llx)", (int)name.len, name.p,
			    (unsigned long long)vx_reference_fingerprint(inputs->reference));
	}
	vx_buf_addf(out, " --counts %s", inputs->from_gt ? "gt" : "info");
	if (options->group_by && inputs->from_gt)
		vx_buf_addf(out, " --group-by %s", options->group_by);
	if (options->by_sex)
		vx_buf_adds(out, " --by-sex");
	if (options->allow_unlisted)
		vx_buf_adds(out, " --allow-unlisted");
	if (options->no_sex_ploidy && inputs->from_gt)
		vx_buf_adds(out, " --no-sex-ploidy");
	if (options->exclude_samples)
		vx_buf_adds(out, " --exclude-samples");
	if (options->populations && !inputs->from_gt)
		vx_buf_addf(out, " --populations %s", options->populations);
	if (options->info_map)
		vx_buf_adds(out, " --info-map");
	if (options->callable)
		vx_buf_addf(out, " --callable%s", inputs->spool ? " " VX_CALLABLE_GVCF : "");
	if (options->keep_info)
		vx_buf_addf(out, " --keep-info %s", options->keep_info);
	if (options->no_ids)
		vx_buf_adds(out, " --no-ids");
	if (options->pass_only)
		vx_buf_adds(out, " --pass-only");
	if (options->strict)
		vx_buf_adds(out, " --strict");
	if (inputs->sexes.known)
		vx_buf_adds(out, " (ploidy by sex on X, Y and MT)");
	if (options->hash_bits && options->hash_bits != 64)
		vx_buf_addf(out, " (test index: %d-bit hashes)", options->hash_bits);
}

static const char *counts_from(const struct vx_inputs *inputs)
{
	const struct vx_infomap *map = &inputs->map;

	if (inputs->from_gt)
		return "GT";
	if (map->n_columns)
		return strcmp(map->grammar, "ALFA") == 0 ? "FORMAT AN:AC of sample columns (ALFA)"
							 : "FORMAT AN:AC of sample columns";
	return map->people ? "INFO (AC and AN of individuals)" : "INFO";
}

/* Fills meta with views into inputs, result and options; only sources is allocated. */
static int describe(struct vx_meta *meta, struct vx_inputs *inputs,
		    const struct vx_build_options *options, struct vx_pipeline_result *result,
		    struct vx_buf *text, struct vidx_error *err)
{
	struct vx_totals *totals = &result->totals;
	uint32_t n_contigs = vx_contigs_count(inputs->contigs);

	vx_meta_init(meta);
	meta->sources = calloc(inputs->n, sizeof *meta->sources);
	uint64_t *per_contig = calloc(n_contigs + 1, sizeof *per_contig);

	describe_options(options, inputs, text);
	if (!meta->sources || !per_contig || text->failed) {
		free(per_contig);
		return vx_fail_nomem(err);
	}
	for (size_t i = 0; i < totals->cap_contigs && i < n_contigs; i++)
		per_contig[i] = totals->contig_variants[i];
	free(totals->contig_variants);
	totals->contig_variants = per_contig;
	totals->cap_contigs = n_contigs + 1;
	for (size_t i = 0; i < inputs->n; i++)
		meta->sources[i] = inputs->input[i].meta;
	meta->contigs = inputs->contigs;
	meta->groups = *inputs->shape.groups;
	meta->metrics = inputs->shape.metrics;
	meta->keep = inputs->keep;
	meta->hash_bits = vx_build_hash_bits(options);
	meta->n_variants = totals->n_variants;
	meta->n_blocks = totals->n_blocks;
	meta->content_digest = totals->digest;
	meta->tool = vx_slice_str("vidx " VIDX_VERSION);
	meta->options = text->len ? vx_slice((char *)text->p + 1, text->len - 1) : vx_slice("", 0);
	meta->counts_from = vx_slice_str(counts_from(inputs));
	meta->tally = vx_merge_account(result->merge)->tally;
	meta->n_sources = (uint32_t)inputs->n;
	meta->contig_variants = per_contig;
	meta->reach = totals->reach;
	return 0;
}

static void summarise(struct vx_build_summary *summary, const struct vx_inputs *inputs,
		      const struct vx_meta *meta)
{
	memset(summary, 0, sizeof *summary);
	summary->tally = meta->tally;
	summary->n_variants = meta->n_variants;
	summary->n_sources = meta->n_sources;
	summary->n_groups = meta->groups.n;
	summary->n_warnings = inputs->n_warnings;
	summary->n_callable_bases = meta->track.n_bases;
	summary->n_callable_spans = meta->track.n_spans;
	summary->content_digest = meta->content_digest;
	for (uint32_t i = 0; i < meta->n_sources; i++)
		summary->input_bytes += meta->sources[i].size;
}

/*
 * Publishes what the pipeline appended; where rows came late, into a second temporary file that
 * is then merged with them into the index.
 */
static int publish(struct vx_append **append, struct vx_inputs *inputs,
		   const struct vx_build_options *options, struct vx_pipeline_result *result,
		   struct vx_meta *meta, struct vx_buf *text, struct vidx_error *err)
{
	char *scratch = NULL;
	struct vx_append *first;
	int rc = vx_merge_declare(result->merge, err);

	if (rc == 0)
		rc = describe(meta, inputs, options, result, text, err);
	if (rc || !result->late)
		return rc;
	vx_log(options->log, VX_LOG_WARN, "%s: %zu rows are merged in a second pass",
	       inputs->reference ? "the input is not sorted, or indels moved far"
				 : "the input is not sorted",
	       result->late->n_rows);
	first = *append;
	*append = NULL;
	rc = vx_append_keep(first, meta, &scratch, err);
	if (rc == 0)
		rc = vx_append_open(options->output, append, err);
	if (rc == 0)
		rc = vx_rewrite(scratch, inputs, options, result, *append, err);
	if (scratch)
		unlink(scratch);
	free(scratch);
	if (rc == 0 && vx_merge_account(result->merge)->duplicate_order != UINT64_MAX)
		rc = vx_fail(err, VIDX_EBADINPUT, "%s",
			     vx_merge_account(result->merge)->duplicate_text);
	free(meta->sources);
	meta->sources = NULL;
	vx_buf_clear(text);
	return rc ? rc : describe(meta, inputs, options, result, text, err);
}

/*
 * The callable track's file, before any record, so that a bad line ends the build early; or the spool
 * that the workers fill.
 */
static int begin_track(struct vx_calltrack *track, struct vx_inputs *inputs,
		       const struct vx_build_options *options, struct vidx_error *err)
{
	if (!options->callable)
		return 0;
	track->contigs = inputs->contigs;
	track->groups = inputs->shape.groups;
	if (vx_build_from_blocks(options))
		return vx_spool_new(options->output, track->groups->n, &inputs->spool, err);
	track->meta.name = inputs->callable_name;
	track->progress = options->progress;
	return vx_calltrack_read(track, options->callable, options->output, err);
}

/* Writes it, once the table has every contig and the last block of rows is appended. */
static int write_track(struct vx_calltrack *track, struct vx_inputs *inputs,
		       const struct vx_build_options *options, struct vx_append *append,
		       struct vx_meta *meta, struct vidx_error *err)
{
	int rc = 0;

	if (!options->callable)
		return 0;
	if (inputs->spool && vx_spool_noted(inputs->spool) == 0)
		return vx_fail(err, VIDX_EBADINPUT,
			       "%s: --callable gvcf, but no input has a reference block",
			       inputs->input[0].path);
	if (inputs->spool) {
		rc = vx_calltrack_gvcf(track, inputs->spool, err);
		inputs->spool = NULL;
	}
	if (rc == 0)
		rc = vx_calltrack_write(track, append, options->log, err);
	meta->track = track->meta;
	return rc;
}

static int check_options(const struct vx_build_options *options, struct vidx_error *err)
{
	if (!options->output || !*options->output)
		return vx_fail(err, VIDX_EUSAGE, "no output: give -o INDEX");
	if (options->hash_bits < 0 || options->hash_bits > 64)
		return vx_fail(err, VIDX_EUSAGE, "hash bits: 1 to 64");
	return 0;
}

int vx_build(const struct vx_build_options *options, struct vx_build_summary *summary_ret,
	     struct vidx_error *err)
{
	struct vx_inputs inputs;
	struct vx_pipeline_result result;
	struct vx_calltrack track = {0};
	struct vx_append *append = NULL;
	struct vx_meta meta;
	struct vx_report report;
	struct vx_buf text;
	int rc = check_options(options, err);

	if (rc)
		return rc;
	memset(&result, 0, sizeof result);
	memset(&meta, 0, sizeof meta);
	memset(&inputs, 0, sizeof inputs);
	vx_buf_init(&text);
	rc = vx_report_open(&report, options, err);
	if (rc == 0)
		rc = vx_inputs_open(&inputs, options, err);
	if (rc == 0)
		rc = begin_track(&track, &inputs, options, err);
	if (rc == 0)
		rc = vx_append_open(options->output, &append, err);
	if (rc == 0 && options->progress)
		vx_progress_begin(options->progress, "building", "B", inputs.n_bytes);
	if (rc == 0)
		rc = vx_pipeline(&inputs, options, append, &result, err);
	if (rc == 0)
		rc = publish(&append, &inputs, options, &result, &meta, &text, err);
	if (rc == 0)
		rc = write_track(&track, &inputs, options, append, &meta, err);
	if (rc == 0 && result.totals.ids)
		rc = vx_idwrite(result.totals.ids, append, options->threads, err);
	if (rc == 0)
		rc = vx_report_write(&report, &meta, err);
	if (rc == 0)
		summarise(summary_ret, &inputs, &meta);
	if (rc == 0) {
		struct stat st;

		rc = vx_append_publish(append, &meta, err);
		append = NULL;
		if (rc == 0 && stat(options->output, &st) == 0)
			summary_ret->index_bytes = (uint64_t)st.st_size;
	}
	if (rc == 0)
		rc = vx_report_publish(&report, err);
	if (options->progress)
		vx_progress_end(options->progress);
	vx_append_abort(append);
	vx_report_release(&report);
	free(meta.sources);
	vx_buf_release(&text);
	vx_pipeline_release(&result);
	vx_calltrack_release(&track);
	vx_inputs_release(&inputs);
	return rc;
}
