#include "render/view.h"

#include "base/status.h"
#include "base/text.h"
#include "query/freq.h"
#include "query/grpmax.h"
#include "query/reader.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const field_names[VX_N_FIELDS] = {
#define VX_X(name, text) text,
	VX_FIELDS(VX_X)
#undef VX_X
};

const char *vx_field_name(enum vx_field field)
{
	return field_names[field];
}

const char *vx_answer_name(int answer)
{
	switch (answer) {
	case VIDX_NOT_COVERED:
		return "not_covered";
	case VIDX_SUPPRESSED:
		return "suppressed";
	case 0:
		return "found";
	}
	return "absent";
}

static int shown(struct vx_slice text)
{
	return text.len < 100 ? (int)text.len : 100;
}

/* Indexes of the groups named, in that order; list has room for all groups. */
static int take_names(const struct vx_view *view, const char *populations, uint32_t *list,
		      uint32_t *n_ret, struct vidx_error *err)
{
	struct vx_slice rest = vx_slice_str(populations), name;
	uint32_t n = 0;

	while (vx_split(&rest, ',', &name)) {
		uint32_t i = vx_groups_find(view->index->shape->groups, name);

		if (i == VX_NO_GROUP)
			return vx_fail(err, VIDX_EUSAGE,
				       "no population '%.*s' in the index; vidx info lists them",
				       shown(name), name.p);
		for (uint32_t k = 0; k < n; k++)
			if (list[k] == i)
				return vx_fail(err, VIDX_EUSAGE, "population twice: '%.*s'",
					       shown(name), name.p);
		list[n++] = i;
	}
	*n_ret = n;
	return 0;
}

static int take_groups(struct vx_view *view, const char *populations, struct vidx_error *err)
{
	const struct vidx_description *about = &view->index->description;

	view->group = calloc(about->n_groups, sizeof *view->group);
	view->grpmax = calloc(about->n_groups, sizeof *view->grpmax);
	if (!view->group || !view->grpmax)
		return vx_fail_nomem(err);
	view->n_grpmax = about->n_grpmax;
	memcpy(view->grpmax, about->grpmax, about->n_grpmax * sizeof *view->grpmax);
	if (populations)
		return take_names(view, populations, view->group, &view->n_groups, err);
	for (uint32_t i = 0; i < about->n_groups; i++)
		view->group[view->n_groups++] = i;
	return 0;
}

int vx_view_set_grpmax(struct vx_view *view, const char *populations, struct vidx_error *err)
{
	return take_names(view, populations, view->grpmax, &view->n_grpmax, err);
}

/* ac_het is a matter of few indexes: the others' tables do without its column. */
static int is_shown_unasked(const struct vx_view *view, enum vx_field field)
{
	if (field == VX_FIELD_AC_HET)
		return view->index->shape->metrics >> VIDX_AC_HET & 1;
	return field != VX_FIELD_FAF99 && !vx_field_is_peak(field) && !vx_field_is_end(field);
}

/* The field of that name without INFO, or VX_N_FIELDS. */
static unsigned find_field(struct vx_slice name)
{
	unsigned f = 0;

	while (f < VX_N_FIELDS && !vx_slice_is(name, field_names[f]))
		f++;
	return f;
}

const char *vx_view_field_name(const struct vx_view *view, enum vx_field field)
{
	return vx_field_is_info(field) ? view->info_name[vx_field_info(field)] : field_names[field];
}

/* Adds an INFO key to those shown.  0, 1 (it was there), VIDX_ENOMEM. */
static int take_info(struct vx_view *view, uint32_t key)
{
	const char *name = view->index->info[key].name;
	size_t len = strlen(name) + 6;
	char *text;

	for (uint32_t i = 0; i < view->n_info; i++)
		if (view->info[i] == key)
			return 1;
	text = malloc(len);
	if (!text)
		return VIDX_ENOMEM;
	snprintf(text, len, "%s%s", find_field(vx_slice_str(name)) < VX_N_FIELDS ? "INFO/" : "",
		 name);
	view->field[view->n_fields++] = (enum vx_field)(VX_N_FIELDS + view->n_info);
	view->info_name[view->n_info] = text;
	view->info[view->n_info++] = key;
	return 0;
}

/* The number of a kept INFO key, or UINT32_MAX. */
static uint32_t find_info(const struct vx_view *view, struct vx_slice name)
{
	const struct vidx_description *about = &view->index->description;

	if (name.len > 5 && memcmp(name.p, "INFO/", 5) == 0)
		name = vx_slice(name.p + 5, name.len - 5);
	for (uint32_t i = 0; i < about->n_info; i++)
		if (vx_slice_is(name, about->info[i].name))
			return i;
	return UINT32_MAX;
}

static int make_fields(struct vx_view *view)
{
	size_t n = view->index->description.n_info + 1;

	view->field = calloc(VX_N_FIELDS + n, sizeof *view->field);
	view->info = calloc(n, sizeof *view->info);
	view->info_name = calloc(n, sizeof *view->info_name);
	view->info_value = calloc(n, sizeof *view->info_value);
	view->has_info = calloc(n, sizeof *view->has_info);
	return view->field && view->info && view->info_name && view->info_value && view->has_info
		       ? 0
		       : VIDX_ENOMEM;
}

/* One name of --fields. */
static int take_field(struct vx_view *view, struct vx_slice name, struct vidx_error *err)
{
	unsigned f = find_field(name);
	uint32_t key = f < VX_N_FIELDS ? UINT32_MAX : find_info(view, name);
	int rc = 0;

	if (f == VX_N_FIELDS && key == UINT32_MAX)
		return vx_fail(err, VIDX_EUSAGE, "no field '%.*s'", shown(name), name.p);
	if (f < VX_N_FIELDS && !vx_view_has(view, (enum vx_field)f))
		view->field[view->n_fields++] = (enum vx_field)f;
	else
		rc = f < VX_N_FIELDS ? 1 : take_info(view, key);
	if (rc == 1)
		return vx_fail(err, VIDX_EUSAGE, "field twice: '%.*s'", shown(name), name.p);
	return rc ? vx_fail_nomem(err) : 0;
}

static int take_fields(struct vx_view *view, const char *fields, struct vidx_error *err)
{
	struct vx_slice rest, name;

	if (make_fields(view) != 0)
		return vx_fail_nomem(err);
	view->all_fields = !fields;
	if (!fields) {
		for (unsigned f = 0; f < VX_N_FIELDS; f++)
			if (is_shown_unasked(view, (enum vx_field)f))
				view->field[view->n_fields++] = (enum vx_field)f;
		for (uint32_t i = 0; i < view->index->description.n_info; i++)
			if (take_info(view, i) < 0)
				return vx_fail_nomem(err);
		return 0;
	}
	rest = vx_slice_str(fields);
	while (vx_split(&rest, ',', &name)) {
		int rc = take_field(view, name, err);

		if (rc < 0)
			return rc;
	}
	return 0;
}

int vx_view_init(struct vx_view *view, const struct vidx_index *index, const char *populations,
		 const char *fields, struct vidx_error *err)
{
	int rc;

	memset(view, 0, sizeof *view);
	view->index = index;
	rc = take_groups(view, populations, err);
	return rc < 0 ? rc : take_fields(view, fields, err);
}

void vx_view_release(struct vx_view *view)
{
	for (uint32_t i = 0; i < view->n_info; i++)
		free(view->info_name[i]);
	free(view->info_name);
	free(view->info);
	free(view->info_value);
	free(view->has_info);
	free(view->field);
	free(view->group);
	free(view->grpmax);
	memset(view, 0, sizeof *view);
}

int vx_view_has(const struct vx_view *view, enum vx_field field)
{
	for (uint32_t i = 0; i < view->n_fields; i++)
		if (view->field[i] == field)
			return 1;
	return 0;
}

const char *vx_view_group_name(const struct vx_view *view, uint32_t i_shown)
{
	return view->index->groups[view->group[i_shown]].name;
}

/* vidx_faf() with the costly half remembered. */
static int faf(struct vx_view *view, uint64_t ac, uint64_t an, enum vx_field field, double *ret)
{
	int is_99 = field == VX_FIELD_FAF99;
	double level = is_99 ? 0.99 : 0.95;
	double *lambda;

	if (ac <= 1 || ac >= VX_LAMBDA_KEPT || ac > an)
		return vidx_faf(ac, an, level, ret);
	lambda = is_99 ? &view->lambda99[ac] : &view->lambda95[ac];
	if (*lambda == 0)
		*lambda = vx_freq_lambda(ac, level);
	*ret = *lambda / (double)an;
	return 0;
}

int vx_view_number(struct vx_view *view, const struct vidx_site *site, uint32_t group,
		   enum vx_field field, struct vx_number *ret)
{
	uint64_t ac, an;
	int metric = -1;

	if (!site)
		return VIDX_NOVALUE;
	switch (field) {
	case VX_FIELD_AC:
		metric = VIDX_AC;
		break;
	case VX_FIELD_AN:
		metric = VIDX_AN;
		break;
	case VX_FIELD_HET:
		metric = VIDX_HET;
		break;
	case VX_FIELD_NHOMALT:
		metric = VIDX_NHOMALT;
		break;
	case VX_FIELD_NHEMI:
		metric = VIDX_NHEMI;
		break;
	case VX_FIELD_AC_HET:
		metric = VIDX_AC_HET;
		break;
	default:
		break;
	}
	ret->is_fraction = metric < 0;
	if (metric >= 0)
		return vidx_count(site, group, metric, &ret->count);
	if (field == VX_FIELD_AF)
		return vidx_af(site, group, &ret->fraction);
	if (vidx_count(site, group, VIDX_AC, &ac) != 0 ||
	    vidx_count(site, group, VIDX_AN, &an) != 0)
		return VIDX_NOVALUE;
	/* AC over AN is a source's own fault: no frequency then. */
	return faf(view, ac, an, field, &ret->fraction) == 0 ? 0 : VIDX_NOVALUE;
}

struct faf_of {
	struct vx_view *view;
	enum vx_field field;
};

static int group_faf(void *context, const struct vidx_site *site, uint32_t group, double *ret)
{
	const struct faf_of *of = context;
	struct vx_number number;
	int rc = vx_view_number(of->view, site, group, of->field, &number);

	if (rc == 0)
		*ret = number.fraction;
	return rc;
}

int vx_view_peak(struct vx_view *view, const struct vidx_site *site, enum vx_field field,
		 struct vidx_peak *ret)
{
	struct faf_of of = {view, field == VX_FIELD_FAFMAX99 ? VX_FIELD_FAF99 : VX_FIELD_FAF95};
	struct vx_contest contest = {view->grpmax, view->n_grpmax, group_faf, &of};

	if (!site)
		return VIDX_NOVALUE;
	if (field == VX_FIELD_GRPMAX || field == VX_FIELD_GRPMAX_AF)
		return vidx_grpmax(site, view->grpmax, view->n_grpmax, ret);
	return vx_grpmax_highest(&contest, site, ret);
}
