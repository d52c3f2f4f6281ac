/*
 * reader: an index as a program sees it, and one thread's scratch over it.
 */
#ifndef VX_QUERY_READER_H
#define VX_QUERY_READER_H

#include "allele/reference.h"
#include "base/arena.h"
#include "base/status.h"
#include "query/reach.h"
#include "store/env.h"
#include "store/trackfind.h"

#include <pthread.h>

struct vidx_index {
	struct vx_env *env;
	const struct vx_meta *meta;     /* the env's */
	const struct vx_shape *shape;   /* the env's */
	struct vx_reference *reference; /* NULL: none was given */
	_Atomic int is_quick;           /* opened for one lookup: parts of the meta are unread */
	_Atomic int has_read_ids;
	_Atomic int has_reach;
	struct vx_reach reach;     /* if so: meta's, to be searched */
	pthread_mutex_t rest_lock; /* over reading those */
	struct vx_arena arena;     /* owns the arrays below */
	const char **contig;       /* names to print, NUL-terminated, by rank */
	struct vidx_info_key *info;
	struct vidx_group *groups;
	struct vidx_description description;
};

/* What vidx_next() walks over. */
enum vx_walking {
	VX_WALK_NONE,
	VX_WALK_SPAN,  /* everything that overlaps [beg, end) */
	VX_WALK_PLACE, /* rows that begin at beg; with ref and alt only those of that text */
	VX_WALK_ID     /* rows that have an ID; only is_open, block, i and the last three count */
};

struct vx_range {
	enum vx_walking walking;
	uint64_t beg, end;   /* loci, half-open */
	uint64_t contig_beg; /* locus of the first base of beg's contig */
	uint64_t near;       /* rows from here on are met block after block */
	int is_far;          /* nonzero: still at rows that begin before near */
	uint64_t i_far;      /* the next block to ask for those */
	int is_open;         /* block holds the block under way */
	struct vx_block block;
	uint32_t i;               /* next row of block; next far row of it while is_far */
	uint64_t n_looked;        /* rows, far rows, blocks and their reaches looked at so far */
	struct vx_slice ref, alt; /* VX_WALK_PLACE: p NULL: any */
	int fold;                 /* ref may have lower-case letters */
	struct vx_slice id;       /* VX_WALK_ID: in the reader's arena */
	uint64_t id_code;
	uint64_t id_from; /* the next entry to ask the index for */
};

/* Contigs asked for by short names, in places that the names choose; len 0: none yet. */
#define VX_KNOWN_LOG2 7
struct vx_known_contig {
	uint64_t key;
	uint32_t len, rank; /* rank may be VX_NO_CONTIG */
};

/* What is known of an allele that is not there (query/callable). */
struct vx_callable {
	struct vx_trackwalk *walk; /* NULL: the index has no callable track */
	uint64_t *an;              /* of one span, by column */
	uint64_t *least;           /* over the span asked for, by group; VX_NONE: not known */
	int is_known;              /* least is that of the last question, which was absent */
	struct vidx_site site;     /* vx_callable_site(), with its values */
	uint64_t *value;
};

/* Where the reader's latest site lies, so that its kept INFO can be asked for. */
struct vx_site_info {
	const struct vx_block *block; /* whose row reader->row is; NULL: no site yet */
	int is_old;                   /* nonzero: what the arena holds is another site's */
	struct vx_buf bytes;          /* of one value */
	struct vx_arena arena;        /* values given out */
};

struct vidx_reader {
	struct vidx_index *index;
	const struct vx_dir *dir; /* NULL: opened for a few lookups */
	struct vx_walk *walk;
	struct vx_arena arena;   /* the ID asked for */
	struct vx_arena spelled; /* bases that a spelling left out */
	struct vx_row row;
	struct vidx_site site;
	struct vx_range range;
	struct vx_reference_view view; /* if there is a reference */
	uint64_t *value;               /* vx_shape_values() */
	struct vx_block spare;         /* the block looked into, where no directory holds it */
	struct vx_flight *flight;      /* VX_FLIGHTS (query/many) */
	struct vx_known_contig known[1 << VX_KNOWN_LOG2];
	struct vx_callable callable;
	struct vx_site_info info; /* if the index keeps INFO */
	char scratch[VX_ROW_SCRATCH];
};

/*
 * Reads what a quick open left of the ids: where their lists lie.  Any thread.  Errors as below,
 * and VIDX_EUSAGE where the index has none.
 */
int vx_index_read_ids(struct vidx_index *index, struct vidx_error *err);
/*
 * Reads what a quick open left, meta's sources and reach, and makes the latter ready to be
 * searched.  Any thread.  VIDX_EBADINDEX, VIDX_EIO, VIDX_ENOMEM.
 */
int vx_index_read_rest(struct vidx_index *index, struct vidx_error *err);

/* Notes the block of the site given out next, which lies still until the one after. */
static inline void vx_reader_at(struct vidx_reader *reader, const struct vx_block *block)
{
	reader->info.block = block;
	reader->info.is_old = 1;
}

/* Decodes row i of block into reader->site.  VIDX_EBADINDEX. */
int vx_reader_row(struct vidx_reader *reader, const struct vx_block *block, uint32_t i,
		  struct vidx_error *err);
/* Sets reader->site from reader->row.  VIDX_EBADINDEX. */
int vx_reader_site(struct vidx_reader *reader, struct vidx_error *err);
/* VIDX_EBADINDEX, naming the file and the place where the damage was met. */
int vx_reader_damaged(const struct vidx_reader *reader, uint64_t locus, struct vidx_error *err);

#endif
