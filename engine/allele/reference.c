#include "allele/reference.h"

#include "allele/deduce.h"
#include "allele/fasta.h"
#include "base/hash.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>

struct vx_reference_window {
	uint32_t seq;
	uint64_t number; /* within the sequence */
	size_t n_views;  /* that look at it */
	size_t n_bases;
	struct vx_reference_window *older, *newer;
	char base[];
};

/* The windows of one sequence: made when the first is asked for. */
struct shelf {
	struct vx_reference_window **window;
};

struct vx_reference {
	struct vx_fasta *fasta;
	const struct vx_contigs *contigs; /* NULL until bound */
	uint32_t *seq_of;                 /* by rank; UINT32_MAX: none */
	pthread_mutex_t reading;          /* over the file; taken before the other */
	pthread_mutex_t lock;             /* over what follows */
	struct shelf *shelf;              /* by sequence */
	struct vx_reference_window *oldest, *newest;
	size_t n_windows;
};

int vx_reference_open(const char *path, struct vx_reference **reference_ret, struct vidx_error *err)
{
	struct vx_reference *reference = calloc(1, sizeof *reference);
	int rc;

	*reference_ret = NULL;
	if (!reference)
		return vx_fail_nomem(err);
	pthread_mutex_init(&reference->reading, NULL);
	pthread_mutex_init(&reference->lock, NULL);
	rc = vx_fasta_open(path, &reference->fasta, err);
	if (rc == 0) {
		reference->shelf = calloc(vx_fasta_count(reference->fasta), sizeof(struct shelf));
		if (!reference->shelf)
			rc = vx_fail_nomem(err);
	}
	if (rc != 0) {
		vx_reference_close(reference);
		return rc;
	}
	*reference_ret = reference;
	return 0;
}

void vx_reference_close(struct vx_reference *reference)
{
	struct vx_reference_window *next;

	if (!reference)
		return;
	for (struct vx_reference_window *w = reference->oldest; w; w = next) {
		next = w->newer;
		free(w);
	}
	for (uint32_t i = 0; reference->shelf && i < vx_fasta_count(reference->fasta); i++)
		free(reference->shelf[i].window);
	free(reference->shelf);
	free(reference->seq_of);
	vx_fasta_close(reference->fasta);
	pthread_mutex_destroy(&reference->reading);
	pthread_mutex_destroy(&reference->lock);
	free(reference);
}

/* ---- contigs ---- */

/* hg19's chrM is another sequence than the MT that its name stands for. */
static int is_other_chrm(const struct vx_contigs *contigs, struct vx_slice name, uint64_t length)
{
	struct vx_header_contig c = {.name = name, .length = length};
	uint32_t rank = vx_contigs_find(contigs, name);
	enum vx_assembly known = vx_assembly_by_name(vx_slice_str(vx_contigs_assembly(contigs)));

	return known != VX_NO_ASSEMBLY && vx_assembly_is_hg19_chrm(known, &c) &&
	       vx_contigs_length(contigs, rank) != length;
}

static int check_length(const struct vx_reference *reference, uint32_t rank, uint32_t seq,
			struct vidx_error *err)
{
	struct vx_slice name = vx_contigs_name(reference->contigs, rank);
	uint64_t ours = vx_contigs_length(reference->contigs, rank);
	uint64_t theirs = vx_fasta_length(reference->fasta, seq);

	if (ours == 0 || ours == theirs)
		return 0;
	return vx_fail(err, VIDX_EBADINPUT,
		       "%s: contig %.*s has %" PRIu64
		       " bases, but is declared with length %" PRIu64,
		       vx_fasta_path(reference->fasta), name.len < 64 ? (int)name.len : 64, name.p,
		       theirs, ours);
}

int vx_reference_bind(struct vx_reference *reference, const struct vx_contigs *contigs,
		      int check_all, struct vidx_error *err)
{
	uint32_t n = vx_contigs_count(contigs), n_seqs = vx_fasta_count(reference->fasta);
	int rc = 0;

	reference->contigs = contigs;
	free(reference->seq_of);
	reference->seq_of = malloc((n + 1) * sizeof *reference->seq_of);
	if (!reference->seq_of)
		return vx_fail_nomem(err);
	for (uint32_t rank = 0; rank < n; rank++)
		reference->seq_of[rank] = UINT32_MAX;
	for (uint32_t i = 0; i < n_seqs; i++) {
		struct vx_slice name = vx_fasta_name(reference->fasta, i);
		uint32_t rank = vx_contigs_find(contigs, name);

		if (rank == VX_NO_CONTIG ||
		    is_other_chrm(contigs, name, vx_fasta_length(reference->fasta, i)))
			continue;
		/* Of several spellings in one file the one that the table prints. */
		if (reference->seq_of[rank] == UINT32_MAX ||
		    vx_slice_eq(name, vx_contigs_name(contigs, rank)))
			reference->seq_of[rank] = i;
	}
	for (uint32_t rank = 0; check_all && rc == 0 && rank < n; rank++)
		if (reference->seq_of[rank] != UINT32_MAX && vx_contigs_declared(contigs, rank))
			rc = check_length(reference, rank, reference->seq_of[rank], err);
	return rc;
}

int vx_reference_has(const struct vx_reference *reference, uint32_t rank)
{
	return reference->seq_of[rank] != UINT32_MAX;
}

int vx_reference_find(const struct vx_reference *reference, uint32_t rank, struct vx_slice name,
		      uint32_t *seq_ret, struct vidx_error *err)
{
	uint32_t seq = rank == VX_NO_CONTIG ? vx_fasta_find(reference->fasta, name)
					    : reference->seq_of[rank];

	*seq_ret = seq;
	if (seq == UINT32_MAX)
		return vx_fail(err, VIDX_EBADINPUT, "contig '%.*s' is not in the reference %s",
			       name.len < 64 ? (int)name.len : 64, name.p,
			       vx_fasta_path(reference->fasta));
	return rank == VX_NO_CONTIG ? 0 : check_length(reference, rank, seq, err);
}

struct vx_slice vx_reference_name(const struct vx_reference *reference)
{
	const char *path = vx_fasta_path(reference->fasta), *slash = strrchr(path, '/');

	return vx_slice_str(slash ? slash + 1 : path);
}

uint64_t vx_reference_fingerprint(const struct vx_reference *reference)
{
	struct vx_hash128 sum = {0, 0};
	uint64_t part[3];

	for (uint32_t i = 0; i < vx_fasta_count(reference->fasta); i++) {
		struct vx_slice name = vx_fasta_name(reference->fasta, i);

		part[0] = sum.lo;
		part[1] = vx_hash64(name.p, name.len);
		part[2] = vx_fasta_length(reference->fasta, i);
		sum = vx_hash128(part, sizeof part);
	}
	return sum.lo;
}

/* ---- windows ---- */

static void unlink_window(struct vx_reference *reference, struct vx_reference_window *w)
{
	*(w->older ? &w->older->newer : &reference->oldest) = w->newer;
	*(w->newer ? &w->newer->older : &reference->newest) = w->older;
}

static void link_newest(struct vx_reference *reference, struct vx_reference_window *w)
{
	w->older = reference->newest;
	w->newer = NULL;
	*(w->older ? &w->older->newer : &reference->oldest) = w;
	reference->newest = w;
}

/* Lock held. */
static void drop_old_windows(struct vx_reference *reference)
{
	struct vx_reference_window *w = reference->oldest, *next;

	for (; w && reference->n_windows > VX_REFERENCE_WINDOWS; w = next) {
		next = w->newer;
		if (w->n_views)
			continue;
		unlink_window(reference, w);
		reference->shelf[w->seq].window[w->number] = NULL;
		reference->n_windows--;
		free(w);
	}
}

/* The window if it is there, held for the caller. */
static struct vx_reference_window *take(struct vx_reference *reference, uint32_t seq,
					uint64_t number)
{
	struct vx_reference_window *w = NULL;

	pthread_mutex_lock(&reference->lock);
	if (reference->shelf[seq].window)
		w = reference->shelf[seq].window[number];
	if (w) {
		w->n_views++;
		unlink_window(reference, w);
		link_newest(reference, w);
	}
	pthread_mutex_unlock(&reference->lock);
	return w;
}

static void give_back(struct vx_reference *reference, struct vx_reference_window *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&reference->lock);
	w->n_views--;
	pthread_mutex_unlock(&reference->lock);
}

/* Puts a window that was read where others find it, held for the caller. */
static int put(struct vx_reference *reference, struct vx_reference_window *w)
{
	struct shelf *shelf = &reference->shelf[w->seq];
	uint64_t length = vx_fasta_length(reference->fasta, w->seq);

	pthread_mutex_lock(&reference->lock);
	if (!shelf->window)
		shelf->window =
			calloc((length >> VX_REFERENCE_WINDOW_BITS) + 1, sizeof *shelf->window);
	if (shelf->window) {
		shelf->window[w->number] = w;
		w->n_views = 1;
		link_newest(reference, w);
		reference->n_windows++;
		drop_old_windows(reference);
	}
	pthread_mutex_unlock(&reference->lock);
	return shelf->window ? 0 : VIDX_ENOMEM;
}

static int read_window(struct vx_reference *reference, uint32_t seq, uint64_t number,
		       struct vx_reference_window **window_ret, struct vidx_error *err)
{
	uint64_t beg0 = number << VX_REFERENCE_WINDOW_BITS;
	uint64_t left = vx_fasta_length(reference->fasta, seq) - beg0;
	size_t n = left < VX_REFERENCE_WINDOW ? left : VX_REFERENCE_WINDOW;
	struct vx_reference_window *w = malloc(sizeof *w + n);
	struct vx_fasta_span span = {seq, beg0, n};
	int rc;

	if (!w)
		return vx_fail_nomem(err);
	w->seq = seq;
	w->number = number;
	w->n_bases = n;
	rc = vx_fasta_read(reference->fasta, span, w->base, err);
	if (rc == 0 && put(reference, w) != 0)
		rc = vx_fail_nomem(err);
	if (rc != 0) {
		free(w);
		return rc;
	}
	*window_ret = w;
	return 0;
}

int vx_reference_move(struct vx_reference_view *view, uint32_t seq, uint64_t pos0,
		      struct vidx_error *err)
{
	struct vx_reference *reference = view->reference;
	uint64_t number = pos0 >> VX_REFERENCE_WINDOW_BITS;
	struct vx_reference_window *w;
	int rc = 0;

	if (pos0 >= vx_fasta_length(reference->fasta, seq))
		return VIDX_END;
	w = take(reference, seq, number);
	if (!w) {
		pthread_mutex_lock(&reference->reading);
		w = take(reference, seq, number); /* another may have read it meanwhile */
		if (!w)
			rc = read_window(reference, seq, number, &w, err);
		pthread_mutex_unlock(&reference->reading);
	}
	if (rc != 0)
		return rc;
	give_back(reference, view->window);
	view->window = w;
	view->seq = seq;
	view->beg0 = number << VX_REFERENCE_WINDOW_BITS;
	view->end0 = view->beg0 + w->n_bases;
	view->base = w->base;
	return 0;
}

void vx_reference_view_init(struct vx_reference_view *view, struct vx_reference *reference)
{
	memset(view, 0, sizeof *view);
	view->reference = reference;
}

void vx_reference_view_release(struct vx_reference_view *view)
{
	if (view->reference)
		give_back(view->reference, view->window);
	memset(view, 0, sizeof *view);
}
