#include "query/grpmax.h"

#include "base/text.h"

static int is_name(const char *name, const char *wanted)
{
	while (*name && vx_upper(*name) == vx_upper(*wanted))
		name++, wanted++;
	return *name == *wanted;
}

static int is_name_of(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (is_name(name, *list))
			return 1;
	return 0;
}

static int is_top(const struct vx_groups *groups, uint32_t g)
{
	static const char *const sexes[] = {"XX", "XY", NULL};

	return g > 0 && (groups->parent[g] == 0 || groups->parent[g] == VX_NO_GROUP) &&
	       !is_name_of(groups->name[g], sexes);
}

static int has_top(const struct vx_groups *groups, const char *name)
{
	for (uint32_t g = 1; g < groups->n; g++)
		if (is_top(groups, g) && is_name(groups->name[g], name))
			return 1;
	return 0;
}

uint32_t vx_grpmax_default(const struct vx_groups *groups, uint32_t *out)
{
	static const char *const telling[] = {"afr", "amr", "eas", "nfe"};
	static const char *const ancestries[] = {"afr", "amr", "eas", "nfe", "sas", NULL};
	int is_gnomad = 1, has_mid = !has_top(groups, "oth");
	uint32_t n = 0;

	for (int i = 0; i < 4; i++)
		is_gnomad &= has_top(groups, telling[i]);
	for (uint32_t g = 1; g < groups->n; g++) {
		const char *name = groups->name[g];

		if (is_top(groups, g) && (!is_gnomad || is_name_of(name, ancestries) ||
					  (has_mid && is_name(name, "mid"))))
			out[n++] = g;
	}
	return n;
}

int vx_grpmax_highest(const struct vx_contest *contest, const struct vidx_site *site,
		      struct vidx_peak *peak_ret)
{
	struct vidx_peak peak = {0, 0};
	int any = 0;

	for (uint32_t i = 0; i < contest->n_groups; i++) {
		double v;
		int rc = contest->value(contest->context, site, contest->groups[i], &v);

		if (rc < 0)
			return rc;
		if (rc > 0 || (any && v <= peak.value))
			continue;
		peak = (struct vidx_peak){contest->groups[i], v};
		any = 1;
	}
	if (!any)
		return VIDX_NOVALUE;
	*peak_ret = peak;
	return 0;
}

/* AF of a group that has the allele. */
static int carried_af(void *context, const struct vidx_site *site, uint32_t group, double *ret)
{
	uint64_t ac;
	int rc = vidx_count(site, group, VIDX_AC, &ac);

	(void)context;
	if (rc == 0 && ac == 0)
		return VIDX_NOVALUE;
	return rc ? rc : vidx_af(site, group, ret);
}

static int group_faf(void *context, const struct vidx_site *site, uint32_t group, double *ret)
{
	uint64_t ac, an;
	int rc;

	if ((rc = vidx_count(site, group, VIDX_AC, &ac)) != 0 ||
	    (rc = vidx_count(site, group, VIDX_AN, &an)) != 0)
		return rc;
	return an == 0 || ac > an ? VIDX_NOVALUE : vidx_faf(ac, an, *(double *)context, ret);
}

int vidx_grpmax(const struct vidx_site *site, const uint32_t *groups, uint32_t n_groups,
		struct vidx_peak *peak_ret)
{
	struct vx_contest contest = {groups, n_groups, carried_af, NULL};

	return vx_grpmax_highest(&contest, site, peak_ret);
}

int vidx_fafmax(const struct vidx_site *site, const uint32_t *groups, uint32_t n_groups,
		double level, struct vidx_peak *peak_ret)
{
	struct vx_contest contest = {groups, n_groups, group_faf, &level};

	if (!(level > 0 && level < 1))
		return VIDX_EUSAGE;
	return vx_grpmax_highest(&contest, site, peak_ret);
}
