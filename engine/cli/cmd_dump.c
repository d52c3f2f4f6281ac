#include "cli/cmd.h"

#include "base/status.h"
#include "cli/ask.h"
#include "query/range.h"
#include "query/refcheck.h"
#include "render/infofield.h"
#include "render/sites.h"
#include "render/vcf.h"

#include <inttypes.h>
#include <string.h>

static const struct vx_help help = {
	"dump",
	"write a whole index in genome order",
	"[options] INDEX",
	"  vidx dump cohort.vidx | bcftools view -h\n"
	"  vidx dump cohort.vidx -o cohort.sites.vcf.gz --populations ALL,EUR\n"
	"  vidx dump cohort.vidx -O tsv | cut -f2-5,9,10\n",
};

struct dump {
	struct vx_ask ask;
	const char *form; /* as given */
	struct vx_filters filters;
	struct vx_sites sites;
};

static int ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), k = strlen(end);

	return n >= k && strcmp(text + n - k, end) == 0;
}

/* 'v', 'z', 'u', 'b', 't' (tsv), 'j' (json); 0: none of them. */
static char form_of(const struct dump *dump)
{
	static const struct {
		const char *name, *suffix;
		char form;
	} forms[] = {
		{"v", ".vcf", 'v'},     {"z", ".vcf.gz", 'z'},   {"z", ".vcf.bgz", 'z'},
		{"b", ".bcf", 'b'},     {"u", NULL, 'u'},        {"tsv", ".tsv", 't'},
		{"json", ".json", 'j'}, {"json", ".jsonl", 'j'},
	};
	char form = dump->form ? 0 : 'v';

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (dump->form ? strcmp(dump->form, forms[i].name) == 0
			       : dump->ask.output && forms[i].suffix &&
					 ends_with(dump->ask.output, forms[i].suffix))
			form = forms[i].form;
	return form;
}

/* Before anything is written: is it the reference of every variant? */
static int check_reference(struct vx_ask *ask, struct vidx_error *err)
{
	const struct vidx_site *site;
	int rc;

	vx_range_all(ask->reader);
	while ((rc = vidx_next(ask->reader, &site, err)) == 0) {
		rc = vx_refcheck_site(ask->reader, err);
		if (rc < 0)
			return rc;
	}
	return rc < 0 ? rc : 0;
}

static int dump_table(struct vx_ask *ask, struct vidx_error *err)
{
	struct vx_answer answer = {0};
	int rc;

	vx_ask_header(ask);
	vx_range_all(ask->reader);
	while ((rc = vidx_next(ask->reader, &answer.site, err)) == 0) {
		if (vx_ask_hides(ask, answer.site))
			continue;
		rc = vx_ask_answer(ask, &answer, err);
		if (rc < 0)
			return rc;
	}
	return rc < 0 ? rc : 0;
}

/* A VCF header declares every FILTER, so a first pass looks at those alone. */
static int collect_filters(struct dump *dump, struct vidx_error *err)
{
	const struct vidx_site *site;
	int rc;

	vx_range_all(dump->ask.reader);
	while ((rc = vidx_next(dump->ask.reader, &site, err)) == 0) {
		if (vx_ask_hides(&dump->ask, site))
			continue;
		rc = vx_filters_add(&dump->filters, vx_slice(site->filter, site->filter_len), err);
		if (rc < 0)
			return rc;
	}
	return rc < 0 ? rc : 0;
}

/* Hands what has gathered to whoever writes it. */
static int pass_on(struct vx_out *out, struct vx_vcf *vcf, int all, struct vidx_error *err)
{
	int rc;

	if (!vcf)
		return vx_out_pump(out, all, err);
	if (out->buf.failed)
		return vx_fail_nomem(err);
	if (!all && out->buf.len < VX_OUT_BYTES)
		return 0;
	rc = vx_vcf_add(vcf, vx_slice((const char *)out->buf.p, out->buf.len), err);
	vx_buf_clear(&out->buf);
	return rc;
}

static int dump_records(struct dump *dump, struct vx_vcf *vcf, char form, struct vidx_error *err)
{
	struct vx_ask *ask = &dump->ask;
	const struct vidx_site *site;
	int rc;

	vx_range_all(ask->reader);
	while ((rc = vidx_next(ask->reader, &site, err)) == 0) {
		if (vx_ask_hides(ask, site))
			continue;
		rc = vx_infofield_take(&ask->view, site, err);
		if (rc < 0)
			return rc;
		if (vx_sites_record(&dump->sites, site, &ask->out.buf) &&
		    (form == 'b' || form == 'u'))
			return vx_fail(
				err, VIDX_EUSAGE,
				"%s:%" PRIu64
				": holds a number over 2147483647, which BCF cannot; use -O z",
				site->contig, site->pos1);
		rc = pass_on(&ask->out, vcf, 0, err);
		if (rc < 0)
			return rc;
	}
	return rc < 0 ? rc : pass_on(&ask->out, vcf, 1, err);
}

static int dump_vcf(struct dump *dump, char form, struct vidx_error *err)
{
	struct vx_buf *buf = &dump->ask.out.buf;
	struct vx_vcf *vcf = NULL;
	int threads = vx_opt_threads(&dump->ask.common);
	int rc = collect_filters(dump, err), rc2;

	if (rc == 0)
		rc = vx_sites_init(&dump->sites, &dump->ask.view, err);
	if (rc < 0)
		return rc;
	vx_sites_header(&dump->sites, &dump->filters, buf);
	if (buf->failed)
		return vx_fail_nomem(err);
	if (form != 'v') {
		rc = vx_vcf_open(dump->ask.out.name, form, threads,
				 vx_slice((const char *)buf->p, buf->len), &vcf, err);
		vx_buf_clear(buf);
	}
	if (rc == 0)
		rc = dump_records(dump, vcf, form, err);
	rc2 = vx_vcf_close(vcf, err);
	return rc < 0 ? rc : rc2;
}

int cmd_dump(int argc, char **argv)
{
	struct dump dump = {0};
	struct vidx_error err = {0};
	const struct vx_opt opts[] = {
		{"output", 'o', VX_OPT_TEXT, &dump.ask.output, "FILE",
		 "where to write; - is standard output", "-"},
		{"output-type", 'O', VX_OPT_TEXT, &dump.form, "FORM",
		 "v VCF, z bgzipped VCF, u plain BCF, b BCF, tsv, json",
		 "by the suffix of -o, else v"},
		{"reference", 0, VX_OPT_TEXT, &dump.ask.reference, "FASTA",
		 "check that REF of every variant is this reference's, and name it in the header",
		 "none"},
		VX_ASK_OPTIONS(&dump.ask),
		{"wide", 0, VX_OPT_FLAG, &dump.ask.wide, NULL, "tsv: one line per variant", NULL},
		{"json", 0, VX_OPT_FLAG, &dump.ask.json, NULL, "the same as -O json", NULL},
		VX_OPT_COMMON(&dump.ask.common),
	};
	int code, first = vx_opt_parse(&help, opts, argc, argv, &code), rc;
	char form;

	if (first < 0)
		return code;
	if (argc - first != 1)
		return vx_opt_usage("dump", first >= argc ? "no index" : "one index at a time");
	if (dump.ask.json && !dump.form)
		dump.form = "json";
	form = form_of(&dump);
	if (!form)
		return vx_opt_usage("dump", "-O takes v, z, u, b, tsv or json: '%s'", dump.form);
	dump.ask.verb = "dump";
	dump.ask.json = form == 'j';
	vx_filters_init(&dump.filters);
	code = vx_ask_begin(&dump.ask, argv[first], 0, strchr("vtj", form) != NULL);
	if (code == 0) {
		rc = dump.ask.reference ? check_reference(&dump.ask, &err) : 0;
		if (rc == 0 && (form == 't' || form == 'j'))
			rc = dump_table(&dump.ask, &err);
		else if (rc == 0)
			rc = dump_vcf(&dump, form, &err);
		if (rc < 0)
			code = vx_opt_fail("dump", &err);
	}
	vx_sites_release(&dump.sites);
	vx_filters_release(&dump.filters);
	return vx_ask_end(&dump.ask, code);
}
