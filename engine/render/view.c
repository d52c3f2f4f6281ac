#include "render/view.h"

#include "base/status.h"
#include "base/text.h"
#include "query/freq.h"
#include "query/reader.h"

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

static int take_groups(struct vx_view *view, const char *populations, struct vidx_error *err)
{
	const struct vx_groups *groups = view->index->shape->groups;
	struct vx_slice rest, name;

	view->group = calloc(groups->n, sizeof *view->group);
	if (!view->group)
		return vx_fail_nomem(err);
	if (!populations) {
		for (uint32_t i = 0; i < groups->n; i++)
			view->group[view->n_groups++] = i;
		return 0;
	}
	rest = vx_slice_str(populations);
	while (vx_split(&rest, ',', &name)) {
		uint32_t i = vx_groups_find(groups, name);

		if (i == VX_NO_GROUP)
			return vx_fail(err, VIDX_EUSAGE,
				       "no population '%.*s' in the index; vidx info lists them",
				       shown(name), name.p);
		for (uint32_t k = 0; k < view->n_groups; k++)
			if (view->group[k] == i)
				return vx_fail(err, VIDX_EUSAGE, "population twice: '%.*s'",
					       shown(name), name.p);
		view->group[view->n_groups++] = i;
	}
	return 0;
}

static int take_fields(struct vx_view *view, const char *fields, struct vidx_error *err)
{
	struct vx_slice rest, name;

	if (!fields) {
		/* ac_het is a matter of few indexes: the others' tables do without its column. */
		for (unsigned f = 0; f < VX_N_FIELDS; f++)
			if (f != VX_FIELD_AC_HET ||
			    view->index->shape->metrics >> VIDX_AC_HET & 1)
				view->field[view->n_fields++] = (enum vx_field)f;
		return 0;
	}
	rest = vx_slice_str(fields);
	while (vx_split(&rest, ',', &name)) {
		unsigned f = 0;

		while (f < VX_N_FIELDS && !vx_slice_is(name, field_names[f]))
			f++;
		if (f == VX_N_FIELDS)
			return vx_fail(err, VIDX_EUSAGE, "no field '%.*s'", shown(name), name.p);
		if (vx_view_has(view, (enum vx_field)f))
			return vx_fail(err, VIDX_EUSAGE, "field twice: '%.*s'", shown(name),
				       name.p);
		view->field[view->n_fields++] = (enum vx_field)f;
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
	free(view->group);
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

/* vidx_faf() at 0.95 with the costly half remembered. */
static int faf95(struct vx_view *view, uint64_t ac, uint64_t an, double *ret)
{
	double *lambda;

	if (ac <= 1 || ac >= VX_LAMBDA_KEPT || ac > an)
		return vidx_faf(ac, an, 0.95, ret);
	lambda = &view->lambda95[ac];
	if (*lambda == 0)
		*lambda = vx_freq_lambda(ac, 0.95);
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
	return faf95(view, ac, an, &ret->fraction) == 0 ? 0 : VIDX_NOVALUE;
}
