#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cohort/group.h"

Suite *cohort_group_suite(void);

/* The rule of a group as "A+B", "" where it is stored. */
static const char *rule(const struct vx_groups *groups, const char *name)
{
	static char text[4096];
	uint32_t g = vx_groups_find(groups, vx_slice_str(name));

	ck_assert_msg(g != VX_NO_GROUP, "no group %s", name);
	text[0] = '\0';
	for (uint32_t i = groups->rule_beg[g]; i < groups->rule_beg[g + 1]; i++) {
		strcat(text, *text ? "+" : "");
		strcat(text, groups->name[groups->rule[i]]);
	}
	return text;
}

static const char *parent(const struct vx_groups *groups, const char *name)
{
	uint32_t g = vx_groups_find(groups, vx_slice_str(name));

	ck_assert_msg(g != VX_NO_GROUP, "no group %s", name);
	return groups->parent[g] == VX_NO_GROUP ? "-" : groups->name[groups->parent[g]];
}

/* Every group stands in order once, after all of its rule. */
static void check_order(const struct vx_groups *groups)
{
	uint8_t seen[VX_GROUPS_MAX] = {0};

	for (uint32_t i = 0; i < groups->n; i++) {
		uint32_t g = groups->order[i];

		ck_assert_uint_lt(g, groups->n);
		ck_assert_uint_eq(seen[g], 0);
		for (uint32_t k = groups->rule_beg[g]; k < groups->rule_beg[g + 1]; k++)
			ck_assert_uint_eq(seen[groups->rule[k]], 1);
		seen[g] = 1;
	}
}

static uint32_t stored(const struct vx_groups *groups)
{
	uint32_t n = 0;

	for (uint32_t g = 0; g < groups->n; g++)
		n += groups->rule_beg[g] == groups->rule_beg[g + 1];
	return n;
}

START_TEST(only_all)
{
	const char *const names[] = {"ALL"};
	struct vx_groups groups;

	ck_assert_int_eq(vx_groups_build(&groups, names, 1, NULL, NULL, 0, NULL), 0);
	ck_assert_str_eq(parent(&groups, "ALL"), "-");
	ck_assert_str_eq(rule(&groups, "ALL"), "");
	check_order(&groups);
	vx_groups_release(&groups);
}
END_TEST

START_TEST(gnomad_shape)
{
	const char *const names[] = {
		"ALL",        "XX",          "XY",          "afr",         "afr_XX",
		"afr_XY",     "nfe",         "nfe_XX",      "nfe_XY",      "sas",
		"sas_XX",     "sas_XY",      "nfe_seu",     "non_ukb",     "non_ukb_XX",
		"non_ukb_XY", "non_ukb_afr", "non_ukb_nfe", "non_ukb_sas", "non_ukb_afr_XX",
	};
	const uint32_t n = sizeof names / sizeof *names;
	const uint32_t partition[] = {3, 6, 9};
	struct vx_groups groups;

	ck_assert_int_eq(vx_groups_build(&groups, names, n, NULL, partition, 3, NULL), 0);
	ck_assert_str_eq(rule(&groups, "ALL"), "afr+nfe+sas");
	ck_assert_str_eq(rule(&groups, "XX"), "afr_XX+nfe_XX+sas_XX");
	ck_assert_str_eq(rule(&groups, "nfe"), "nfe_XX+nfe_XY");
	ck_assert_str_eq(rule(&groups, "nfe_XX"), "");
	ck_assert_str_eq(rule(&groups, "nfe_seu"), "");
	ck_assert_str_eq(rule(&groups, "non_ukb"), "non_ukb_afr+non_ukb_nfe+non_ukb_sas");
	ck_assert_str_eq(rule(&groups, "non_ukb_XX"), "");
	ck_assert_str_eq(parent(&groups, "XX"), "ALL");
	ck_assert_str_eq(parent(&groups, "afr_XX"), "afr");
	ck_assert_str_eq(parent(&groups, "nfe_seu"), "nfe");
	ck_assert_str_eq(parent(&groups, "non_ukb"), "ALL");
	ck_assert_str_eq(parent(&groups, "non_ukb_afr_XX"), "non_ukb_afr");
	check_order(&groups);
	vx_groups_release(&groups);
}
END_TEST

/* ALL, XX, XY and 8 ancestries of three groups each: 16 are stored. */
START_TEST(twenty_seven)
{
	static const char *const anc[] = {"afr", "amr", "asj", "eas", "fin", "mid", "nfe", "sas"};
	static char text[27][8];
	const char *names[27] = {"ALL", "XX", "XY"};
	uint32_t partition[8];
	struct vx_groups groups;

	for (uint32_t i = 0; i < 8; i++) {
		static const char *const tail[] = {"", "_XX", "_XY"};

		partition[i] = 3 + 3 * i;
		for (uint32_t k = 0; k < 3; k++) {
			strcpy(text[3 + 3 * i + k], anc[i]);
			strcat(text[3 + 3 * i + k], tail[k]);
			names[3 + 3 * i + k] = text[3 + 3 * i + k];
		}
	}
	ck_assert_int_eq(vx_groups_build(&groups, names, 27, NULL, partition, 8, NULL), 0);
	ck_assert_uint_eq(stored(&groups), 16);
	check_order(&groups);
	vx_groups_release(&groups);
}
END_TEST

START_TEST(without_partition)
{
	const char *const names[] = {"ALL", "XX", "XY", "EUR"};
	const uint32_t parents[] = {VX_NO_GROUP, VX_NO_GROUP, VX_NO_GROUP, 1};
	const uint32_t circle[] = {VX_NO_GROUP, 3, VX_NO_GROUP, 1};
	struct vidx_error err = {0};
	struct vx_groups groups;

	ck_assert_int_eq(vx_groups_build(&groups, names, 4, parents, NULL, 0, NULL), 0);
	ck_assert_str_eq(rule(&groups, "ALL"), "XX+XY");
	ck_assert_str_eq(parent(&groups, "EUR"), "XX");
	check_order(&groups);
	vx_groups_release(&groups);
	ck_assert_int_eq(vx_groups_build(&groups, names, 4, circle, NULL, 0, &err), VIDX_EUSAGE);
	ck_assert_ptr_null(groups.name);
}
END_TEST

START_TEST(bad_names)
{
	static const char *const bad[] = {"", "a b", "a\tb", "a,b", "a=b", "a;b", "x\n", "ALL"};
	const char *names[VX_GROUPS_MAX + 1] = {"ALL"};
	struct vx_groups groups;
	char *many = malloc((VX_GROUPS_MAX + 1) * 8);

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct vidx_error err = {0};

		names[1] = bad[i];
		ck_assert_int_eq(vx_groups_build(&groups, names, 2, NULL, NULL, 0, &err),
				 VIDX_EUSAGE);
		ck_assert_ptr_null(strchr(err.text, '\n'));
		ck_assert(err.text[0]);
	}
	for (int i = 1; i <= VX_GROUPS_MAX; i++) {
		names[i] = many + 8 * i;
		sprintf(many + 8 * i, "p%d", i);
	}
	ck_assert_int_eq(vx_groups_build(&groups, names, VX_GROUPS_MAX, NULL, NULL, 0, NULL), 0);
	vx_groups_release(&groups);
	ck_assert_int_eq(vx_groups_build(&groups, names, VX_GROUPS_MAX + 1, NULL, NULL, 0, NULL),
			 VIDX_EUSAGE);
	names[0] = "all";
	ck_assert_int_eq(vx_groups_build(&groups, names, 2, NULL, NULL, 0, NULL), VIDX_EUSAGE);
	free(many);
}
END_TEST

START_TEST(rules_set)
{
	const char *const names[] = {"ALL", "A", "B"};
	const uint32_t beg[] = {0, 2, 2, 2}, circle[] = {0, 2, 3, 3};
	const uint32_t list[] = {1, 2, 0}, range[] = {1, 3};
	struct vx_groups groups;

	ck_assert_int_eq(vx_groups_build(&groups, names, 3, NULL, NULL, 0, NULL), 0);
	ck_assert_int_eq(vx_groups_set_rules(&groups, beg, list, NULL), 0);
	ck_assert_str_eq(rule(&groups, "ALL"), "A+B");
	check_order(&groups);
	ck_assert_int_eq(vx_groups_set_rules(&groups, circle, list, NULL), VIDX_EUSAGE);
	ck_assert_int_eq(vx_groups_set_rules(&groups, beg, range, NULL), VIDX_EUSAGE);
	ck_assert_str_eq(rule(&groups, "ALL"), "A+B");
	vx_groups_release(&groups);
}
END_TEST

static void same(const struct vx_groups *a, const struct vx_groups *b)
{
	ck_assert_uint_eq(a->n, b->n);
	for (uint32_t g = 0; g < a->n; g++) {
		char copy[4096];

		ck_assert_str_eq(a->name[g], b->name[g]);
		ck_assert_uint_eq(a->parent[g], b->parent[g]);
		strcpy(copy, rule(a, a->name[g]));
		ck_assert_str_eq(copy, rule(b, b->name[g]));
		ck_assert_uint_eq(a->order[g], b->order[g]);
	}
}

START_TEST(bytes)
{
	const char *const names[] = {"ALL", "XX", "XY", "A", "A_XX", "A_XY", "B", "B_XX", "B_XY"};
	const uint32_t partition[] = {3, 6};
	struct vx_groups a, b;
	struct vx_buf buf;

	vx_buf_init(&buf);
	ck_assert_int_eq(vx_groups_build(&a, names, 9, NULL, partition, 2, NULL), 0);
	vx_groups_write(&a, &buf);
	ck_assert_int_eq(vx_groups_read(&b, buf.p, buf.len, NULL), 0);
	same(&a, &b);
	vx_groups_release(&b);
	/* Cut anywhere, or with any byte changed: refused, or something that holds together. */
	for (size_t i = 0; i < buf.len; i++) {
		struct vidx_error err = {0};

		ck_assert_int_eq(vx_groups_read(&b, buf.p, i, &err), VIDX_EBADINDEX);
		ck_assert_int_eq(err.status, VIDX_EBADINDEX);
		for (int bit = 0; bit < 8; bit++) {
			buf.p[i] ^= (uint8_t)(1 << bit);
			if (vx_groups_read(&b, buf.p, buf.len, NULL) == 0) {
				check_order(&b);
				vx_groups_release(&b);
			}
			buf.p[i] ^= (uint8_t)(1 << bit);
		}
	}
	vx_buf_release(&buf);
	vx_groups_release(&a);
}
END_TEST

START_TEST(described)
{
	const char *const names[] = {"ALL", "XX", "XY"};
	struct vx_groups groups;
	struct vx_buf buf;

	vx_buf_init(&buf);
	ck_assert_int_eq(vx_groups_build(&groups, names, 3, NULL, NULL, 0, NULL), 0);
	vx_groups_describe(&groups, &buf);
	vx_buf_addc(&buf, 0);
	ck_assert_str_eq((char *)buf.p, "##vidx_group=<ID=ALL,Sum=\"XX,XY\">\n"
					"##vidx_group=<ID=XX,Parent=ALL>\n"
					"##vidx_group=<ID=XY,Parent=ALL>\n");
	vx_buf_release(&buf);
	vx_groups_release(&groups);
}
END_TEST

Suite *cohort_group_suite(void)
{
	Suite *s = suite_create("cohort_group");
	TCase *t = tcase_create("group");

	tcase_add_test(t, only_all);
	tcase_add_test(t, gnomad_shape);
	tcase_add_test(t, twenty_seven);
	tcase_add_test(t, without_partition);
	tcase_add_test(t, bad_names);
	tcase_add_test(t, rules_set);
	tcase_add_test(t, bytes);
	tcase_add_test(t, described);
	suite_add_tcase(s, t);
	return s;
}
