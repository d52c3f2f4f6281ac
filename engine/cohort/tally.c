#include "cohort/tally.h"

#include "cohort/count.h"

#include <stdlib.h>

/*
 * A word with few carriers is added bit by bit through the list of each sample's leaves, one with
 * many by a popcount per leaf.  A leaf of a popcount costs about as much as a third of a bit.
 */
#define LEAVES_PER_BIT 3

int vx_tally_init(struct vx_tally *tally, const struct vx_cohort *cohort)
{
	uint32_t n_leaves = cohort->n_leaves;

	memset(tally, 0, sizeof *tally);
	tally->cohort = cohort;
	tally->derived = malloc(cohort->groups.n * sizeof *tally->derived);
	tally->written_an = malloc(cohort->groups.n * sizeof *tally->written_an);
	tally->sum =
		calloc((size_t)VX_TALLY_ALTS * VX_N_CARRIERS * n_leaves + 1, sizeof *tally->sum);
	tally->miss = calloc(2 * (size_t)n_leaves + 1, sizeof *tally->miss);
	tally->called = calloc(n_leaves + 1, sizeof *tally->called);
	if (!tally->derived || !tally->written_an || !tally->sum || !tally->miss ||
	    !tally->called) {
		vx_tally_release(tally);
		return VIDX_ENOMEM;
	}
	for (uint32_t i = 0; i < cohort->groups.n; i++) {
		uint32_t g = cohort->groups.order[i];

		tally->written_an[g] = 2 * (uint64_t)cohort->size[g];
		if (cohort->groups.rule_beg[g] < cohort->groups.rule_beg[g + 1])
			tally->derived[tally->n_derived++] = g;
	}
	tally->full_an = tally->written_an;
	return 0;
}

void vx_tally_release(struct vx_tally *tally)
{
	free(tally->derived);
	free(tally->written_an);
	free(tally->sum);
	free(tally->miss);
	free(tally->called);
	memset(tally, 0, sizeof *tally);
}

void vx_tally_begin(struct vx_tally *tally, uint64_t *value, uint32_t n_alts)
{
	tally->value = value;
	tally->n_alts = n_alts;
	memset(value, 0,
	       (size_t)n_alts * VX_COUNT_N_METRICS * tally->cohort->groups.n * sizeof *value);
}

/* Adds 1 per set bit to the leaves of its sample. */
static void add_bits(const struct vx_tally *tally, uint32_t word, uint64_t bits, uint64_t *sum)
{
	const struct vx_cohort *cohort = tally->cohort;
	uint32_t n = cohort->n_leaves;
	uint64_t left = bits;

	/* Taking bits off one by one finds out cheaply whether they are few. */
	for (uint32_t room = n; left; left &= left - 1) {
		if (room < LEAVES_PER_BIT) {
			tally->scan->add_counts(cohort->leaf_mask + (size_t)word * n, n, bits, sum);
			return;
		}
		room -= LEAVES_PER_BIT;
	}
	for (; bits; bits &= bits - 1) {
		const uint32_t *beg =
			cohort->member_beg + word * 64 + (uint32_t)__builtin_ctzll(bits);

		for (uint32_t i = beg[0]; i < beg[1]; i++)
			sum[cohort->member[i]]++;
	}
}

void vx_tally_missing(struct vx_tally *tally, uint32_t word, const struct vx_missing *missing)
{
	tally->an_touched = 1;
	if (missing->one)
		add_bits(tally, word, missing->one, tally->miss);
	if (missing->both)
		add_bits(tally, word, missing->both, tally->miss + tally->cohort->n_leaves);
}

void vx_tally_carriers(struct vx_tally *tally, uint32_t word, const struct vx_gt_bits *bits,
		       uint32_t alt, uint64_t first, uint64_t second)
{
	uint64_t kind[VX_N_CARRIERS], single = first ^ second;

	kind[VX_HOM] = first & second;
	kind[VX_HEMI] = first & bits->hap;
	kind[VX_HETERO] = single & ~(bits->miss[0] | bits->miss[1]);
	kind[VX_LONE] = single & ~kind[VX_HETERO] & ~kind[VX_HEMI];
	for (int k = 0; k < VX_N_CARRIERS; k++) {
		if (!kind[k])
			continue;
		tally->touched[alt] |= (uint16_t)(1u << k);
		add_bits(tally, word, kind[k],
			 tally->sum + (size_t)(alt * VX_N_CARRIERS + (uint32_t)k) *
					      tally->cohort->n_leaves);
	}
}

void vx_tally_called(struct vx_tally *tally, uint32_t sample, uint32_t called)
{
	const struct vx_cohort *cohort = tally->cohort;

	tally->an_touched = 1;
	for (uint32_t i = cohort->member_beg[sample]; i < cohort->member_beg[sample + 1]; i++)
		tally->called[cohort->member[i]] += called;
}

void vx_tally_alt(struct vx_tally *tally, uint32_t sample, uint32_t alt, uint32_t copies,
		  uint32_t called, uint32_t ploidy)
{
	const struct vx_cohort *cohort = tally->cohort;
	size_t n = cohort->groups.n;
	uint64_t *value = tally->value + (size_t)alt * VX_COUNT_N_METRICS * n;
	uint64_t *people = NULL;

	if (ploidy == 1)
		people = value + VIDX_NHEMI * n;
	else if (called >= 2)
		people = value + (copies == called ? VIDX_NHOMALT : VIDX_HET) * n;
	tally->one_by_one = 1;
	for (uint32_t i = cohort->member_beg[sample]; i < cohort->member_beg[sample + 1]; i++) {
		uint32_t g = cohort->leaf[cohort->member[i]];

		value[VIDX_AC * n + g] += copies;
		if (people)
			people[g]++;
	}
}

void vx_tally_drop(struct vx_tally *tally)
{
	uint32_t n = tally->cohort->n_leaves;

	for (uint32_t a = 0; a < VX_TALLY_ALTS; a++) {
		if (tally->touched[a])
			memset(tally->sum + (size_t)a * VX_N_CARRIERS * n, 0,
			       VX_N_CARRIERS * n * sizeof *tally->sum);
		tally->touched[a] = 0;
	}
	if (tally->an_touched) {
		memset(tally->miss, 0, 2 * n * sizeof *tally->miss);
		memset(tally->called, 0, n * sizeof *tally->called);
	}
	tally->an_touched = 0;
	tally->one_by_one = 0;
}

/* Fills the groups that are sums of others; values of one ALT and metric. */
static void derive(const struct vx_tally *tally, uint64_t *value)
{
	const struct vx_groups *groups = &tally->cohort->groups;

	for (uint32_t i = 0; i < tally->n_derived; i++) {
		uint32_t g = tally->derived[i];
		uint64_t sum = 0;

		for (uint32_t k = groups->rule_beg[g]; k < groups->rule_beg[g + 1]; k++)
			sum += value[groups->rule[k]];
		value[g] = sum;
	}
}

/* Adds leaf sums, times each, to the values of one metric. */
static void add_leaves(const struct vx_tally *tally, const uint64_t *sum, uint64_t times,
		       uint64_t *value)
{
	for (uint32_t l = 0; l < tally->cohort->n_leaves; l++)
		value[tally->cohort->leaf[l]] += times * sum[l];
}

/* Writes one ALT's values. */
static void finish_alt(struct vx_tally *tally, uint32_t alt)
{
	static const uint8_t metric[] = {VIDX_NHOMALT, VIDX_HET, VIDX_NHEMI};
	size_t n = tally->cohort->groups.n, n_leaves = tally->cohort->n_leaves;
	uint64_t *value = tally->value + (size_t)alt * VX_COUNT_N_METRICS * n;
	const uint64_t *sum = tally->sum + (size_t)alt * VX_N_CARRIERS * n_leaves;
	unsigned touched = alt < VX_TALLY_ALTS ? tally->touched[alt] : 0;
	uint64_t *ac = value + VIDX_AC * n;

	for (uint32_t k = 0; k < VX_LONE; k++) {
		if (touched >> k & 1)
			add_leaves(tally, sum + k * n_leaves, 1, value + metric[k] * n);
		if ((touched >> k & 1) || tally->one_by_one)
			derive(tally, value + metric[k] * n);
	}
	if (tally->one_by_one || (touched >> VX_LONE & 1)) {
		for (uint32_t k = 0; k < VX_N_CARRIERS; k++)
			if (touched >> k & 1)
				add_leaves(tally, sum + k * n_leaves, k == VX_HOM ? 2 : 1, ac);
		derive(tally, ac);
	} else if (touched) {
		/* Everybody has two alleles or one: AC follows from the people, group by group. */
		const uint64_t *hom = value + VIDX_NHOMALT * n, *het = value + VIDX_HET * n;
		const uint64_t *hemi = value + VIDX_NHEMI * n;

		for (size_t g = 0; g < n; g++)
			ac[g] = 2 * hom[g] + het[g] + hemi[g];
	}
}

/* AN is the same for every ALT. */
static void write_an(struct vx_tally *tally)
{
	const struct vx_cohort *cohort = tally->cohort;
	size_t n = cohort->groups.n;
	uint64_t *an = tally->value + VIDX_AN * n;

	if (tally->an_touched) {
		for (uint32_t l = 0; l < cohort->n_leaves; l++) {
			uint32_t g = cohort->leaf[l];

			an[g] = tally->full_an[g] - tally->miss[l] -
				2 * tally->miss[l + cohort->n_leaves] + tally->called[l];
		}
		derive(tally, an);
	} else {
		memcpy(an, tally->full_an, n * sizeof *an);
	}
	for (uint32_t a = 1; a < tally->n_alts; a++)
		memcpy(an + (size_t)a * VX_COUNT_N_METRICS * n, an, n * sizeof *an);
}

void vx_tally_finish(struct vx_tally *tally)
{
	write_an(tally);
	for (uint32_t a = 0; a < tally->n_alts; a++)
		finish_alt(tally, a);
	vx_tally_drop(tally);
}
