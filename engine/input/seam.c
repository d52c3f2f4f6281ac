#include "input/seam.h"
#include "vidx.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct vx_seam {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int n_ends; /* 2, 1 */
	int published, failed;
	struct vx_buf tail;
	char place[VX_PLACE_MAX];
};

void vx_place_format(char place[VX_PLACE_MAX], struct vx_slice chrom, uint64_t pos1)
{
	snprintf(place, VX_PLACE_MAX, "%.*s:%llu", chrom.len < 56 ? (int)chrom.len : 56,
		 chrom.len ? chrom.p : "", (unsigned long long)pos1);
}

struct vx_seam *vx_seam_new(void)
{
	struct vx_seam *seam = calloc(1, sizeof *seam);

	if (!seam)
		return NULL;
	if (pthread_mutex_init(&seam->lock, NULL) != 0)
		goto no_lock;
	if (pthread_cond_init(&seam->changed, NULL) != 0)
		goto no_cond;
	seam->n_ends = 2;
	return seam;
no_cond:
	pthread_mutex_destroy(&seam->lock);
no_lock:
	free(seam);
	return NULL;
}

/* Gives up one end; called with the lock held, returns without it. */
static void leave(struct vx_seam *seam)
{
	int n_left = --seam->n_ends;

	pthread_mutex_unlock(&seam->lock);
	if (n_left > 0)
		return;
	pthread_cond_destroy(&seam->changed);
	pthread_mutex_destroy(&seam->lock);
	vx_buf_release(&seam->tail);
	free(seam);
}

void vx_seam_publish(struct vx_seam *seam, struct vx_buf *tail, const char *place, int failed)
{
	pthread_mutex_lock(&seam->lock);
	if (tail) {
		seam->tail = *tail;
		vx_buf_init(tail);
	}
	if (place)
		snprintf(seam->place, sizeof seam->place, "%s", place);
	seam->failed = failed;
	seam->published = 1;
	pthread_cond_signal(&seam->changed);
	leave(seam);
}

int vx_seam_take(struct vx_seam *seam, struct vx_buf *tail, char place[VX_PLACE_MAX])
{
	int failed;

	pthread_mutex_lock(&seam->lock);
	while (!seam->published)
		pthread_cond_wait(&seam->changed, &seam->lock);
	vx_buf_release(tail);
	*tail = seam->tail;
	vx_buf_init(&seam->tail);
	memcpy(place, seam->place, VX_PLACE_MAX);
	failed = seam->failed;
	leave(seam);
	return failed ? VIDX_EBADINPUT : 0;
}

void vx_seam_drop(struct vx_seam *seam)
{
	pthread_mutex_lock(&seam->lock);
	leave(seam);
}
