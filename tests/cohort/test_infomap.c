#include "cohort/info_text.h"

Suite *cohort_infomap_suite(void);

static const char *ignored(const struct vx_infomap *map)
{
	static char text[1 << 16];

	text[0] = '\0';
	for (uint32_t i = 0; i < map->n_ignored; i++) {
		strcat(text, i ? " " : "");
		strncat(text, map->ignored[i].p, map->ignored[i].len);
	}
	return text;
}

/* "metric/group/divide" of a key, or "-". */
static const char *sense(const struct vx_infomap *map, const char *key)
{
	static char text[128];

	for (uint32_t i = 0; i < map->n; i++) {
		const struct vx_infomap_entry *e = &map->entry[i];

		if (!vx_slice_is(e->key, key))
			continue;
		sprintf(text, "%s/%s/%u", vidx_metric_name(e->metric), map->groups.name[e->group],
			e->divide);
		return text;
	}
	return "-";
}

static const char *rule(const struct vx_infomap *map, const char *name)
{
	static char text[1024];
	uint32_t g = vx_groups_find(&map->groups, vx_slice_str(name));

	text[0] = '\0';
	for (uint32_t i = map->groups.rule_beg[g]; i < map->groups.rule_beg[g + 1]; i++) {
		strcat(text, *text ? "+" : "");
		strcat(text, map->groups.name[map->groups.rule[i]]);
	}
	return text;
}

START_TEST(plain)
{
	struct vx_infomap map;
	struct vidx_error err = {0};

	ck_assert_int_eq(info_build(&map, "DP:1 AC:A AN:1 AF:AF AC_x:A", "", NULL, NULL), 0);
	ck_assert_str_eq(map.grammar, "plain");
	ck_assert_str_eq(info_names(&map), "ALL");
	ck_assert_uint_eq(map.metrics, 3);
	ck_assert_str_eq(ignored(&map), "AC_x");
	ck_assert_uint_eq(map.n_af, 1);
	vx_infomap_release(&map);
	ck_assert_int_eq(info_build(&map, "DP:1 AF:AF", "", NULL, &err), VIDX_EBADINPUT);
	ck_assert_ptr_nonnull(strstr(err.text, "in.vcf"));
	ck_assert_int_eq(info_build(&map, "AC:AF AN:1", "", NULL, NULL), VIDX_EBADINPUT);
	ck_assert_int_eq(info_build(&map, "AC:AS AN:1", "", NULL, NULL), 0);
	vx_infomap_release(&map);
}
END_TEST

/* What vidx dump writes comes back in the same order, with the same hierarchy. */
START_TEST(dumped)
{
	const char *fields =
		"AC:A AN:1 AF:AF het:A nhomalt:A nhemi:A AC_XX:A AN_XX:1 het_XX:A AC_XY:A "
		"AN_XY:1 AC_EUR:A AN_EUR:1 nhemi_EUR:A AC_EUR_XX:A AN_EUR_XX:1 AC_EUR_XY:A "
		"AN_EUR_XY:1 AC_AFR:A AN_AFR:1 AC_AFR_XX:A AN_AFR_XX:1 AC_AFR_XY:A "
		"AN_AFR_XY:1";
	const char *lines = "##vidx_group=<ID=ALL,Sum=\"male,raw\">\n"
			    "##vidx_group=<ID=male,Parent=ALL>\n##vidx_group=<ID=raw,Parent=male>\n"
			    "##vidx_group=<ID=nothing,Parent=raw>\n";
	struct vx_infomap map;

	ck_assert_int_eq(info_build(&map, fields, "", NULL, NULL), 0);
	ck_assert_str_eq(info_names(&map), "ALL XX XY EUR EUR_XX EUR_XY AFR AFR_XX AFR_XY");
	ck_assert_uint_eq(map.metrics, 31);
	ck_assert_str_eq(rule(&map, "ALL"), "EUR+AFR");
	ck_assert_str_eq(rule(&map, "XX"), "EUR_XX+AFR_XX");
	ck_assert_str_eq(sense(&map, "nhemi_EUR"), "nhemi/EUR/1");
	vx_infomap_release(&map);
	ck_assert_int_eq(
		info_build(&map, "AC_male:A AC:A AN_male:1 AN:1 AC_raw:A AF:AF", lines, NULL, NULL),
		0);
	ck_assert_str_eq(map.grammar, "vidx");
	ck_assert_str_eq(info_names(&map), "ALL male raw nothing");
	ck_assert_str_eq(rule(&map, "ALL"), "male+raw");
	ck_assert_uint_eq(map.groups.parent[2], 1);
	ck_assert_str_eq(sense(&map, "AC_raw"), "ac/raw/1");
	vx_infomap_release(&map);
	ck_assert_int_eq(info_build(&map, "AC_male:A AC:A AN_male:1 AN:1", lines, "male", NULL), 0);
	ck_assert_str_eq(info_names(&map), "ALL male");
	ck_assert_str_eq(rule(&map, "ALL"), "");
	vx_infomap_release(&map);
}
END_TEST

/* The header lines that groups write of themselves give the same groups. */
START_TEST(described)
{
	const char *const list[] = {"ALL", "A", "B", "A_XX", "A_XY", "B_XX", "B_XY", "C"};
	const uint32_t partition[] = {1, 2};
	struct vx_groups groups;
	struct vx_infomap map;
	struct vx_buf buf;

	vx_buf_init(&buf);
	ck_assert_int_eq(vx_groups_build(&groups, list, 8, NULL, partition, 2, NULL), 0);
	vx_groups_describe(&groups, &buf);
	vx_buf_addc(&buf, 0);
	ck_assert_int_eq(info_build(&map, "AC:A AN:1", (char *)buf.p, NULL, NULL), 0);
	ck_assert_uint_eq(map.groups.n, groups.n);
	ck_assert_str_eq(rule(&map, "ALL"), "A+B");
	ck_assert_str_eq(rule(&map, "A"), "A_XX+A_XY");
	for (uint32_t g = 0; g < groups.n; g++) {
		ck_assert_str_eq(map.groups.name[g], groups.name[g]);
		ck_assert_uint_eq(map.groups.parent[g], groups.parent[g]);
	}
	vx_infomap_release(&map);
	vx_groups_release(&groups);
	vx_buf_release(&buf);
}
END_TEST

START_TEST(gnomad)
{
	struct vx_infomap map;
	struct vidx_error err = {0};

	/* v2: sexes spelled out, subsets in front; order of first appearance */
	ck_assert_int_eq(info_build(&map,
				    "AC:A AN:1 AF:AF AC_nfe_seu:A AN_nfe_seu:1 nhomalt_nfe_seu:A "
				    "controls_AC_afr_male:A controls_AN_afr_male:1 "
				    "controls_nhomalt_afr_male:A AC_raw:A AN_raw:1 AC_afr_male:A "
				    "AN_afr_male:1 AC_afr:A AN_afr:1 AC_female:A AN_female:1 "
				    "AC_afr_female:A AN_afr_female:1 nhomalt:A AC_popmax:A "
				    "AN_popmax:A controls_AC:A controls_AN:1 AC_nfe:A AN_nfe:1 "
				    "nhomalt_fin:A faf95_afr:AF age_hist_het_bin_freq:AS",
				    "", NULL, NULL),
			 0);
	ck_assert_str_eq(map.grammar, "gnomAD");
	ck_assert_str_eq(info_names(&map),
			 "ALL XX nfe_seu controls_afr_XY afr afr_XX afr_XY controls nfe");
	ck_assert_str_eq(sense(&map, "controls_nhomalt_afr_male"), "nhomalt/controls_afr_XY/1");
	ck_assert_str_eq(sense(&map, "AC_raw"), "-");
	ck_assert_str_eq(ignored(&map), "AC_raw AN_raw AC_popmax AN_popmax faf95_afr "
					"nhomalt_fin");
	ck_assert_uint_eq(map.metrics, 7);
	ck_assert_str_eq(rule(&map, "ALL"), "afr+nfe");
	ck_assert_str_eq(rule(&map, "afr"), "afr_XX+afr_XY");
	vx_infomap_release(&map);
	/* v2.0.1 */
	ck_assert_int_eq(info_build(&map,
				    "AC:A AC_AFR:A AC_AFR_Female:A AC_Male:A AC_POPMAX:A AN:1 "
				    "AN_AFR:1 AN_AFR_Female:1 AN_Male:1 GC:G Hemi_AFR:A Hom:A "
				    "Hom_AFR:A Hom_raw:A STAR_AC:1 STAR_Hom:1",
				    "", NULL, NULL),
			 0);
	ck_assert_str_eq(info_names(&map), "ALL XY AFR AFR_XX");
	ck_assert_str_eq(sense(&map, "Hom_AFR"), "nhomalt/AFR/1");
	ck_assert_str_eq(sense(&map, "Hemi_AFR"), "nhemi/AFR/1");
	ck_assert_str_eq(ignored(&map), "AC_POPMAX GC Hom_raw STAR_AC STAR_Hom");
	vx_infomap_release(&map);
	/* the joint file of v4.1: there is no AC */
	ck_assert_int_eq(
		info_build(&map,
			   "AC_joint:A AN_joint:1 nhomalt_joint:A AC_joint_XX:A AN_joint_XX:1 "
			   "AC_exomes:A AN_exomes:1 AC_exomes_afr:A AN_exomes_afr:1 "
			   "AC_joint_afr:A AN_joint_afr:1 AC_joint_raw:A AN_joint_raw:1",
			   "", NULL, NULL),
		0);
	ck_assert_str_eq(map.grammar, "gnomAD joint");
	ck_assert_str_eq(info_names(&map), "ALL XX exomes exomes_afr afr");
	vx_infomap_release(&map);
	/* only some of the groups */
	ck_assert_int_eq(info_build(&map, "AC:A AN:1 AC_afr:A AN_afr:1 AC_nfe:A AN_nfe:1 AC_raw:A",
				    "", "nfe", NULL),
			 0);
	ck_assert_str_eq(info_names(&map), "ALL nfe");
	ck_assert_uint_eq(map.n, 4);
	vx_infomap_release(&map);
	ck_assert_int_eq(info_build(&map, "AC:A AN:1 AC_raw:A", "", "nfe", &err), VIDX_EUSAGE);
	ck_assert_ptr_nonnull(strstr(err.text, "nfe"));
}
END_TEST

START_TEST(others)
{
	struct vx_infomap map;

	ck_assert_int_eq(
		info_build(&map,
			   "AC:A AN:1 AC_Hom:A AC_Het:A AC_Hemi:A AC_EUR:A AN_EUR:1 AC_Hom_EUR:A "
			   "AC_EUR_unrel:A AN_EUR_unrel:1 MAF_EUR:AF",
			   "", NULL, NULL),
		0);
	ck_assert_str_eq(map.grammar, "fill-tags");
	ck_assert_str_eq(info_names(&map), "ALL EUR EUR_unrel");
	ck_assert_str_eq(sense(&map, "AC_Hom_EUR"), "nhomalt/EUR/2");
	ck_assert_str_eq(sense(&map, "AC_Het"), "het/ALL/1");
	ck_assert_uint_eq(map.groups.parent[2], 1);
	vx_infomap_release(&map);
	ck_assert_int_eq(
		info_build(&map,
			   "AC:A AC_AFR:A AC_Adj:A AC_Hemi:A AC_Het:A AC_Hom:A AN:1 AN_AFR:1 "
			   "AN_Adj:1 Hom_AFR:A Het_AFR:A Hemi_AFR:A",
			   "", NULL, NULL),
		0);
	ck_assert_str_eq(map.grammar, "ExAC");
	ck_assert_str_eq(info_names(&map), "ALL AFR");
	ck_assert_str_eq(sense(&map, "AC_Adj"), "ac/ALL/1");
	ck_assert_str_eq(sense(&map, "AC_Hom"), "nhomalt/ALL/1");
	ck_assert_str_eq(sense(&map, "AC"), "-");
	ck_assert_str_eq(sense(&map, "Het_AFR"), "-");
	vx_infomap_release(&map);
	ck_assert_int_eq(info_build(&map, "AN:1 AC_hom:1 AC_het:1 excluded_AC:1", "", NULL, NULL),
			 0);
	ck_assert_str_eq(map.grammar, "mtDNA");
	ck_assert_str_eq(sense(&map, "AC_hom"), "ac/ALL/1");
	ck_assert_str_eq(sense(&map, "AC_het"), "ac_het/ALL/1");
	ck_assert_str_eq(ignored(&map), "excluded_AC");
	vx_infomap_release(&map);
}
END_TEST

/* Sources of which no file is at hand, by what their headers declare. */
static const struct {
	const char *grammar, *fields, *groups;
	const char *key[4], *is[4];
	const char *ignored;
} sources[] = {
	{"TOPMed",
	 "VRT:1 NS:1 AN:1 AF:AF AC:A Het:A Hom:A",
	 "ALL",
	 {"Het", "Hom", "AC"},
	 {"het/ALL/1", "nhomalt/ALL/1", "ac/ALL/1"},
	 "NS"},
	{"Genome of Europe",
	 "AC:A AN:1 AF:AF AC_Hom:A AC_Het:A AC_Hemi:A AC_M:A AN_M:1 AC_Hom_EE_M:A AC_EE_M:A "
	 "AN_EE_M:1 AN_EE:1 AC_EE:A AC_EE_F:A AN_F_EE:1 AC_EE_M_Het:A AC_M_Hemi_EE:A AN_Hom:1 "
	 "AF_EE_M:AF AF_Hom:AF AC_EEE:A AC_F:A AN_F:1",
	 "ALL XX XY EE EE_XX EE_XY",
	 {"AC_Hom_EE_M", "AC_EE_M_Het", "AC_M_Hemi_EE", "AN_F_EE"},
	 {"nhomalt/EE_XY/2", "het/EE_XY/1", "nhemi/EE_XY/1", "an/EE_XX/1"},
	 "AN_Hom AF_Hom AC_EEE"},
	{"Genome of Europe",
	 "AC:A AN:1 AC_EE:A AN_EE:1 AC_EE_M_Hom:A AC_EE_M:A AN_EE_M:1 AC_FI:A AN_FI:1",
	 "ALL EE EE_XY FI",
	 {"AC_EE_M_Hom", "AC_FI"},
	 {"nhomalt/EE_XY/2", "ac/FI/1"},
	 ""},
	{"gnomAD",
	 "AC:A AN:1 AC_grpmax:A AC_non_ukb_nfe_XX:A AN_non_ukb_nfe_XX:1 AC_non_ukb:A AN_non_ukb:1 "
	 "nhomalt_non_ukb_nfe_XX:A AF_non_ukb_nfe_XX:AF AC_grpmax_non_ukb:A",
	 "ALL non_ukb_nfe_XX non_ukb",
	 {"AC_non_ukb_nfe_XX", "nhomalt_non_ukb_nfe_XX"},
	 {"ac/non_ukb_nfe_XX/1", "nhomalt/non_ukb_nfe_XX/1"},
	 "AC_grpmax AC_grpmax_non_ukb"},
	{"gnomAD SV",
	 "AC:A AN:1 N_HOMALT:1 N_HET:1 N_BI_GENOS:1 AC_afr_XX:A AN_afr_XX:1 N_HOMALT_afr_XX:1 "
	 "N_HEMIALT_afr_XX:1 AFR_MALE_AC:A AFR_MALE_AN:1 POPMAX_AF:AF CN_NONREF_COUNT:1",
	 "ALL afr_XX AFR_XY",
	 {"N_HOMALT_afr_XX", "AFR_MALE_AC", "N_HET", "N_HEMIALT_afr_XX"},
	 {"nhomalt/afr_XX/1", "ac/AFR_XY/1", "het/ALL/1", "nhemi/afr_XX/1"},
	 "N_BI_GENOS POPMAX_AF CN_NONREF_COUNT"},
	{"plain",
	 "AC:A AN:1 AF:AF NS:1 EUR_AF:AF EAS_AF:AF FREQ:.S",
	 "ALL",
	 {"AC", "EUR_AF"},
	 {"ac/ALL/1", "-"},
	 "NS EUR_AF EAS_AF FREQ"},
	{"ESP",
	 "TAC:.S EA_AC:.S AA_AC:.S MAF:.S GTC:.S",
	 "ALL EA AA",
	 {"EA_AC"},
	 {"ac/EA/1"},
	 "MAF GTC"},
};

START_TEST(by_source)
{
	struct vx_infomap map;
	struct vidx_error err = {0};

	ck_assert_msg(info_build(&map, sources[_i].fields, "", NULL, &err) == 0, "%s", err.text);
	ck_assert_str_eq(map.grammar, sources[_i].grammar);
	ck_assert_str_eq(info_names(&map), sources[_i].groups);
	for (int k = 0; k < 4 && sources[_i].key[k]; k++)
		ck_assert_str_eq(sense(&map, sources[_i].key[k]), sources[_i].is[k]);
	ck_assert_str_eq(ignored(&map), sources[_i].ignored);
	vx_infomap_release(&map);
}
END_TEST

/* An error of a file without counts tells what is there. */
START_TEST(no_counts)
{
	struct vx_infomap map;
	struct vidx_error err = {0};

	ck_assert_int_eq(info_build(&map, "AF_ESP:AF DP:1", "", NULL, &err), VIDX_EBADINPUT);
	ck_assert_ptr_nonnull(strstr(err.text, "only AF_ESP"));
	err = (struct vidx_error){0};
	ck_assert_int_eq(info_build(&map, "DP:1", "", NULL, &err), VIDX_EBADINPUT);
	ck_assert_ptr_nonnull(strstr(err.text, "none of 1 INFO keys"));
}
END_TEST

Suite *cohort_infomap_suite(void)
{
	Suite *s = suite_create("cohort_infomap");
	TCase *t = tcase_create("infomap");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, plain);
	tcase_add_test(t, dumped);
	tcase_add_test(t, described);
	tcase_add_test(t, gnomad);
	tcase_add_test(t, others);
	tcase_add_loop_test(t, by_source, 0, sizeof sources / sizeof *sources);
	tcase_add_test(t, no_counts);
	suite_add_tcase(s, t);
	return s;
}
