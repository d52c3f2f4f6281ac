#include "build/duplicate.h"

#include "allele/mate.h"

#include <stdlib.h>
#include <string.h>

/* How much of an allele a message shows. */
#define SHOWN 20

struct vx_sibling {
	uint64_t order;
	uint32_t n_gone; /* 0: the slot is free */
};

void vx_account_init(struct vx_account *account)
{
	memset(account, 0, sizeof *account);
	account->duplicate_order = UINT64_MAX;
}

void vx_account_release(struct vx_account *account)
{
	free(account->sibling);
	memset(account, 0, sizeof *account);
}

void vx_account_add(struct vx_account *account, const struct vx_run *run, struct vx_input *input)
{
	const struct vx_tally *from = &run->tally;
	struct vx_tally *to = &account->tally;

	to->n_records += from->n_records;
	to->n_indexed += from->n_indexed;
	to->n_nothing += from->n_nothing;
	to->n_alleles += from->n_alleles;
	to->n_alleles_indexed += from->n_alleles_indexed;
	for (int i = 0; i < VX_N_REASONS; i++) {
		to->rejected[i] += from->rejected[i];
		to->dropped[i] += from->dropped[i];
	}
	to->n_not_fitting += from->n_not_fitting;
	to->n_af_checked += from->n_af_checked;
	to->n_af_differ += from->n_af_differ;
	to->n_not_kept += from->n_not_kept;
	input->meta.n_records += from->n_records;
	input->meta.n_indexed += from->n_indexed;
	input->meta.n_nothing += from->n_nothing;
	input->meta.n_rejected += run->n_rejected;
}

/* The slot of order in a table of cap slots (a power of two), or the free one where it belongs. */
static struct vx_sibling *find_slot(struct vx_sibling *table, size_t cap, uint64_t order)
{
	size_t i = (size_t)(order * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (cap - 1);

	while (table[i].n_gone && table[i].order != order)
		i = (i + 1) & (cap - 1);
	return &table[i];
}

static int grow(struct vx_account *account)
{
	size_t cap = account->cap_siblings ? account->cap_siblings * 2 : 256;
	struct vx_sibling *table = calloc(cap, sizeof *table);

	if (!table)
		return VIDX_ENOMEM;
	for (size_t i = 0; i < account->cap_siblings; i++)
		if (account->sibling[i].n_gone)
			*find_slot(table, cap, account->sibling[i].order) = account->sibling[i];
	free(account->sibling);
	account->sibling = table;
	account->cap_siblings = cap;
	return 0;
}

/* Counts one more row of the record at order as gone: how many are now, or 0 without memory. */
static uint32_t count_gone(struct vx_account *account, uint64_t order)
{
	struct vx_sibling *slot;

	if (account->n_siblings * 2 >= account->cap_siblings && grow(account))
		return 0;
	slot = find_slot(account->sibling, account->cap_siblings, order);
	account->n_siblings += slot->n_gone == 0;
	slot->order = order;
	return ++slot->n_gone;
}

static int shown(struct vx_slice text)
{
	return text.len < SHOWN ? (int)text.len : SHOWN;
}

int vx_account_duplicate(struct vx_account *account, const struct vx_row *row,
			 struct vx_inputs *inputs, const struct vx_build_options *options,
			 struct vx_slice contig)
{
	struct vx_input *input = &inputs->input[vx_order_input(row->order)];
	struct vx_slice alt = vx_mate_split(row->alt, NULL);
	struct vidx_error text = {.status = 0};
	uint32_t n_gone = 1;

	account->tally.n_alleles_indexed--;
	account->tally.dropped[VX_DUPLICATE]++;
	if (row->n_siblings > 1) {
		n_gone = count_gone(account, row->order);
		if (n_gone == 0)
			return VIDX_ENOMEM;
	}
	if (n_gone == row->n_siblings) {
		account->tally.n_indexed--;
		account->tally.rejected[VX_DUPLICATE]++;
		input->meta.n_indexed--;
		input->meta.n_rejected++;
	}
	vx_fail(&text, VIDX_EBADINPUT, "%s: %.*s:%llu: duplicate: '%.*s>%.*s'", input->path,
		contig.len < 64 ? (int)contig.len : 64, contig.p,
		(unsigned long long)vx_pos1(vx_locus_pos0(row->locus)), shown(row->ref), row->ref.p,
		shown(alt), alt.p);
	vx_log(options->log, VX_LOG_INFO, "%s", text.text);
	if (options->strict && row->order < account->duplicate_order) {
		account->duplicate_order = row->order;
		memcpy(account->duplicate_text, text.text, sizeof account->duplicate_text - 1);
	}
	return 0;
}
