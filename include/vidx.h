/*
 * vidx.h - look up population frequencies of alleles in a vidx index.
 *
 * This is the only header a program needs.  It also compiles as C++.
 *
 * OWNERSHIP.  Who opens closes.  Arguments are borrowed for the call and copied
 * if kept.  Results are views into the reader or the index: never write them,
 * never free them; a site is valid until the next call on its reader.
 *
 * THREADS.  An index is immutable and shared by any number of threads; a reader
 * serves one thread at a time, and any number of readers share an index.
 * An index file never changes in place: a new one replaces it by rename, and an
 * open index keeps reading the old one.
 *
 * RESULTS.  Functions that can fail return int: 0 is yes, a positive value a
 * proper no (VIDX_ABSENT ... VIDX_END), a negative one a failure (VIDX_E...);
 * so rc < 0 is always and only failure.  A struct vidx_error, which may be NULL,
 * is filled on failure only.
 *
 * POSITIONS are 1-based where a name says pos1 and 0-based where it says pos0.
 */
#ifndef VIDX_H
#define VIDX_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define VIDX_API __attribute__((visibility("default")))
#else
#define VIDX_API
#endif

#define VIDX_VERSION "0.1.0"

/* Proper answers other than yes. */
enum {
	VIDX_ABSENT = 1,      /* the allele is not in the index */
	VIDX_NOT_COVERED = 2, /* nor could it be: the place lies outside the callable track */
	VIDX_SUPPRESSED = 3,  /* withheld by a disclosure floor */
	VIDX_NOVALUE = 4,     /* the source gave no value (which is not zero) */
	VIDX_END = 5          /* no more items */
};

/* Failures, by who must act: X(name, value, text). */
#define VIDX_FAILURES(X)                                                                           \
	X(USAGE, -1, "the call or the command line is wrong")                                      \
	X(BADINPUT, -2, "an input file is damaged or not what it should be")                       \
	X(CONFLICT, -3, "two inputs contradict each other")                                        \
	X(BADINDEX, -4, "the index is damaged or not an index")                                    \
	X(VERSION, -5, "the index has a format version this vidx does not read")                   \
	X(NOMEM, -6, "out of memory")                                                              \
	X(IO, -7, "the system could not read or write")                                            \
	X(FULL, -8, "no space left")

enum vidx_failure {
#define VIDX_X(name, value, text) VIDX_E##name = (value),
	VIDX_FAILURES(VIDX_X)
#undef VIDX_X
};

struct vidx_error {
	int status;     /* the negative value returned */
	char text[508]; /* one line, NUL-terminated, no full stop; empty when nothing failed */
};

/* The name ("BADINPUT", "ABSENT", "OK") of any value a vidx function returns.  Any thread. */
VIDX_API const char *vidx_status_name(int status);
/* "0.1.0".  Any thread. */
VIDX_API const char *vidx_version(void);

/* What is counted.  Units: AC, AN: alleles; the others: individuals. */
enum vidx_metric {
	VIDX_AC,      /* copies of this ALT */
	VIDX_AN,      /* alleles called */
	VIDX_NHOMALT, /* individuals all of whose two or more called alleles are this ALT */
	VIDX_NHEMI,   /* individuals with one (haploid) allele, this ALT */
	VIDX_HET,     /* individuals with this ALT and another called allele */
	VIDX_AC_HET,  /* individuals heteroplasmic for this ALT (mitochondrial sources; AC then
		       * counts the homoplasmic) */
	VIDX_N_METRICS
};

/* "ac", "an", "nhomalt", "nhemi", "het", "ac_het".  metric < VIDX_N_METRICS.  Any thread. */
VIDX_API const char *vidx_metric_name(int metric);

struct vidx_index;  /* an open index: immutable, shared */
struct vidx_reader; /* one thread's scratch over an index */

struct vidx_open_options {
	size_t sizeof_options; /* sizeof(struct vidx_open_options) */
	int one_shot;          /* nonzero: a few lookups, then close: skip building the directory */
	/*
	 * FASTA of the reference, plain or bgzipped, or NULL.  With it vidx_get() left-aligns what
	 * it is asked for, so that in an index built with it every spelling of an indel hits.  At
	 * most 128 MiB of it are in memory at a time.
	 */
	const char *reference;
	/*
	 * For servers; all need the directory, so not with one_shot (VIDX_EUSAGE).  prefault: reads
	 * the file into memory and maps it before vidx_open() returns (0.1 s a GB where it is in the
	 * page cache), so that no lookup waits for a page until memory runs short.  lock_memory: the
	 * same, and nothing of it can be pushed out while the index is open; where the system does not
	 * allow so much (ulimit -l) vidx_open() fails with VIDX_EIO, as whoever asks for it wants to
	 * know.  The directory lies on huge pages without being asked, where the system has them.
	 */
	int prefault, lock_memory;
	/*
	 * As prefault; before, the file is read anew into huge pages of the page cache, so that a
	 * lookup has fewer addresses to translate: up to a tenth less time for random lookups in
	 * 100 MB and more (README).  All processes that open the file later have it so too.  Costs one
	 * reading of the disk.  Needs Linux of about 6.16 on a file system that keeps large folios
	 * (ext4, XFS, Btrfs); elsewhere, and as long as another process has the file open, it is
	 * prefault and no more, and no error.
	 */
	int huge_pages;
};

/*
 * Opens the index at path read-only; the file may lie on a read-only mount.
 * options may be NULL.  Checks the format version and every page that lookups
 * walk through, so that later damage is an error and never a crash.
 * Errors: VIDX_EIO (cannot open or read), VIDX_EBADINDEX, VIDX_EVERSION, VIDX_ENOMEM;
 * VIDX_EBADINPUT (the reference cannot be read, or a contig has another length there).
 */
VIDX_API int vidx_open(const char *path, const struct vidx_open_options *options,
		       struct vidx_index **index_ret, struct vidx_error *err);
/* Closes; every reader must have been freed.  NULL is allowed. */
VIDX_API void vidx_close(struct vidx_index *index);

/* A group (population) of the index. */
struct vidx_group {
	const char *name; /* "ALL", "EUR", "EUR_XX" */
	int32_t parent;   /* index of the enclosing group, or -1 */
};

/* Types of INFO that an index keeps (build --keep-info). */
enum vidx_info_type {
	VIDX_INFO_FLAG,
	VIDX_INFO_INTEGER, /* |value| <= 2^62 */
	VIDX_INFO_FLOAT,   /* of 32 bits, as VCF and BCF have it */
	VIDX_INFO_STRING
};

/* One INFO key that the variants of an index may have. */
struct vidx_info_key {
	const char *name;
	const char *number;      /* as its header says: "1", "A", "R", "G", ".", ... */
	const char *description; /* without VCF's backslashes before " and \ */
	int type;                /* enum vidx_info_type */
};

/* What the index says of itself.  Views: valid until vidx_close(). */
struct vidx_description {
	const char *assembly; /* "GRCh38", or the name given at build */
	uint64_t n_variants;
	uint32_t n_contigs, n_groups;
	const struct vidx_group *groups; /* n_groups; groups[0] is ALL */
	uint32_t metrics;                /* bit (1 << metric) is set where the index holds it */
	uint8_t content_digest[16];      /* depends on content alone, not on how it was cut */
	/*
	 * The groups to compare in vidx_grpmax() and vidx_fafmax() unless one knows better: those
	 * right below ALL, never the sexes; of gnomAD's only the continental ancestries afr, amr,
	 * eas, nfe, sas, and mid from v4 on (as gnomAD's popmax and grpmax: not ami, asj, fin, oth
	 * or remaining, nor subsets such as controls).  The files of v4.0, which no name tells from
	 * those of v4.1, had still left mid out.
	 */
	uint32_t n_grpmax;
	const uint32_t *grpmax; /* n_grpmax indexes of groups */
	/* With a callable track an allele that is not there is told absent or not covered. */
	int has_callable;
	uint64_t n_callable_bases; /* covered by it */
	uint32_t n_info;
	const struct vidx_info_key *info; /* n_info kept INFO keys, in the order asked for */
};

VIDX_API const struct vidx_description *vidx_describe(const struct vidx_index *index);
/* Name of contig i in 0..n_contigs-1, in genome order. */
VIDX_API const char *vidx_contig_name(const struct vidx_index *index, uint32_t i);
/* Index of a kept INFO key by its exact name, or -1. */
VIDX_API int vidx_info_index(const struct vidx_index *index, const char *name);
/* Index of a group by its exact name, or -1. */
VIDX_API int vidx_group_index(const struct vidx_index *index, const char *name);

/* Makes one thread's way into an index.  Errors: VIDX_ENOMEM, VIDX_EIO, VIDX_EBADINDEX. */
VIDX_API int vidx_reader_new(struct vidx_index *index, struct vidx_reader **reader_ret,
			     struct vidx_error *err);
/* NULL is allowed. */
VIDX_API void vidx_reader_free(struct vidx_reader *reader);

/* A question: one allele.  Text is not NUL-terminated; case does not matter. */
struct vidx_allele {
	const char *contig; /* any spelling the assembly knows */
	size_t contig_len;
	uint64_t pos1; /* 1-based */
	const char *ref;
	size_t ref_len;
	const char *alt;
	size_t alt_len;
};

/* An answer: one variant.  All pointers are views, valid until the next call on the reader. */
struct vidx_site {
	const char *contig;    /* NUL-terminated */
	uint64_t pos1;         /* 1-based */
	const char *ref, *alt; /* not NUL-terminated */
	size_t ref_len, alt_len;
	uint64_t end1;  /* last base of the span, 1-based inclusive */
	const char *id; /* "rs1;rs2", not NUL-terminated; id_len 0: none */
	size_t id_len;
	const char *filter; /* "PASS", "AC0;RF", "."; not NUL-terminated */
	size_t filter_len;
	int64_t svlen; /* SVLEN of a symbolic allele as its source gave it, else 0 */
	/*
	 * The other end of a symbolic allele that names one (<BND>, <CTX>, <TRA>, and any that
	 * reaches onto another contig) as INFO CHR2, END2 and STRANDS; not NUL-terminated.  It is
	 * part of which variant this is.
	 */
	const char *mate_contig; /* mate_contig_len 0: there is none */
	size_t mate_contig_len;
	uint64_t mate_pos1;       /* 1-based; 0: not known */
	const char *mate_strands; /* "+-"; mate_strands_len 0: not known */
	size_t mate_strands_len;
	uint32_t n_groups;
	uint32_t metrics;           /* bit (1 << metric) is set where values has it */
	const uint64_t *values;     /* read through vidx_count() */
	struct vidx_reader *reader; /* whose answer this is; for vidx_info() */
};

/*
 * Looks up one allele.  0: found, *site_ret set.  VIDX_ABSENT: not in the index (also an
 * unknown contig, and an ALT that is no allele, such as '*' or '.').  VIDX_NOT_COVERED: not in the
 * index, and a base of its REF is outside the callable track; only of an index that has one, and
 * there also of an unknown contig.  What is found is found, wherever it lies.  A symbolic ALT such as
 * <DEL> or a breakend names every variant of that text at the place, whatever its END, SVLEN and
 * mate: the first is returned, and vidx_next() gives the others and then VIDX_END.
 * Opened with a reference, it moves an indel to the left before it looks it up, and then also asks
 * for it as it was given; an allele of several bases whose REF is not the reference's is absent.
 * Errors: VIDX_EUSAGE (empty REF or ALT, REF equal to ALT, or text that is no allele; pos1 == 0),
 * VIDX_EBADINDEX, VIDX_EBADINPUT (the contig is not in the reference, or that is damaged).  Does
 * not allocate, lock, log or call the system, whatever it is asked for: texts are compared where
 * they lie.  With a reference, and for an allele of several bases, a window of that may be read and
 * its lock taken; without a directory (one_shot) LMDB and the check of a page do as they do.
 */
VIDX_API int vidx_get(struct vidx_reader *reader, const struct vidx_allele *allele,
		      const struct vidx_site **site_ret, struct vidx_error *err);
/*
 * After vidx_get() or vidx_get_many() said VIDX_ABSENT, until the next call on the reader: out of how many called
 * alleles of a group the allele was not seen.  That is the least AN of the callable track over the
 * bases of REF, as the allele was looked up: trimmed, and with a reference moved.  0: *an_ret set;
 * AC is 0.  VIDX_NOVALUE: not known (no track, none with the AN of this group, an ALT that is no
 * allele, so that nobody looked for it, or the last answer was another).  VIDX_EUSAGE: no such group.
 */
VIDX_API int vidx_absent_an(const struct vidx_reader *reader, uint32_t group, uint64_t *an_ret);

/* Questions to put at once. */
struct vidx_batch {
	const struct vidx_allele *alleles; /* n of them, in any order */
	size_t n;
	/*
	 * Called with the answer to alleles[i], for i = 0, 1, ... n - 1: status is what vidx_get()
	 * returns for it, also a failure; site is set where that is 0 and NULL elsewhere, and a view
	 * until the function returns.  It may call vidx_next() on the reader, as after vidx_get(),
	 * vidx_absent_an() and vidx_info(), and nothing else.  Return 0 to go on; anything else ends
	 * the batch.
	 */
	int (*answer)(void *arg, size_t i, int status, const struct vidx_site *site);
	void *arg; /* handed to answer */
};

/*
 * vidx_get() of many alleles, each answered exactly as by that (a damaged block may give them
 * different errors or answers), and twice as fast or more: the waits for memory of 32 overlap.  1,000 at a time are plenty; alleles in genome order are faster
 * still.  Where status is a failure, *err (which may be NULL) has its text during that call.
 * Returns 0 when all were answered, or what answer() returned.  Allocates, locks and logs as little
 * as vidx_get().
 */
VIDX_API int vidx_get_many(struct vidx_reader *reader, const struct vidx_batch *batch,
			   struct vidx_error *err);

/*
 * Looks up an ID of the records that the index was built from: rs123 (also RS123), or any other
 * text that stands in an ID column between ';'.  0: found, *site_ret set: the first variant with
 * it in genome order, and vidx_next() gives the others and then VIDX_END.  VIDX_ABSENT: no variant
 * has it.  Errors: VIDX_EUSAGE (empty, longer than 65,536 bytes, or the index was built without
 * ids), VIDX_EBADINDEX; VIDX_ENOMEM for the first of an index opened with one_shot.
 */
VIDX_API int vidx_get_id(struct vidx_reader *reader, const char *id, size_t id_len,
			 const struct vidx_site **site_ret, struct vidx_error *err);

/*
 * Reads a spelling such as 1-55051215-G-GA, chr1:55051215:G:GA or "chr1:55051215 G>GA" into
 * *allele_ret, whose pointers are views into text.  POS, REF and ALT are taken from the right, so
 * contig names may hold '-' and ':'.  SPDI (NC_000001.11:55051214:G:GA, positions from 0) and HGVS
 * (NC_000001.11:g.55051215G>A) are read as far as the text itself has all bases of REF and ALT.
 * The contig need not be in the index, which is only borrowed and may be NULL.
 * Errors: VIDX_EUSAGE with the reason.  Any thread.
 */
VIDX_API int vidx_parse_allele(const struct vidx_index *index, const char *text, size_t text_len,
			       struct vidx_allele *allele_ret, struct vidx_error *err);
/*
 * Reads the same spellings, and SPDI and HGVS also where they leave out bases (a deletion without
 * its text; the base ahead of an insertion or deletion): those come from the reference that the
 * index was opened with.  Bases that the text has are not compared with it: vidx_get() does that.
 * The pointers of *allele_ret are views into text, or into the reader until the next call of this
 * function.
 * HGVS: g. and m. with substitution, del, ins, dup and delins, on a contig in any spelling.  SPDI:
 * CONTIG:POS:DELETION:INSERTION whose contig is a versioned accession of RefSeq or of a GenBank
 * chromosome; with any other contig the same text is CONTIG:POS:REF:ALT, positions from 1.
 * 0; VIDX_ABSENT: bases are left out, and the contig is not in the index or ends before them.
 * Errors: VIDX_EUSAGE (no spelling known; a contig that is an accession of another assembly; bases
 * left out and no reference; more than 2^24 of them), VIDX_EBADINPUT (the contig is not in the
 * reference, or that is damaged), VIDX_ENOMEM.
 */
VIDX_API int vidx_reader_parse(struct vidx_reader *reader, const char *text, size_t text_len,
			       struct vidx_allele *allele_ret, struct vidx_error *err);

/*
 * Begins a walk over every variant that overlaps contig:beg1-end1 (1-based, inclusive), in
 * genome order.  Errors: VIDX_EUSAGE (beg1 == 0 or end1 < beg1).  VIDX_ABSENT: the index has no such contig.
 */
VIDX_API int vidx_region(struct vidx_reader *reader, const char *contig, uint64_t beg1,
			 uint64_t end1, struct vidx_error *err);
/* The next variant of the walk.  0: *site_ret set.  VIDX_END.  Errors: VIDX_EBADINDEX. */
VIDX_API int vidx_next(struct vidx_reader *reader, const struct vidx_site **site_ret,
		       struct vidx_error *err);

/*
 * One count of a site.  0: *value_ret set.  VIDX_NOVALUE: the source gave none.
 * group < n_groups, metric < VIDX_N_METRICS, else VIDX_EUSAGE.  Pure.
 */
VIDX_API int vidx_count(const struct vidx_site *site, uint32_t group, int metric,
			uint64_t *value_ret);
/* The value of an INFO key at one variant. */
struct vidx_info_value {
	int type;   /* enum vidx_info_type */
	uint32_t n; /* numbers; 1 for a string; 0 for a flag, which is set */
	/* Of a record of several ALTs those that go with this one: with Number=A one, with R of
	 * REF and the ALT, with G of the three genotypes of both. */
	const int64_t *integers;
	const float *floats;
	const uint8_t *missing; /* nonzero: number i is '.'; also of floats; NULL: none is */
	const char *text;       /* as the source wrote it, not NUL-terminated; "." where it did */
	size_t text_len;
};

/*
 * The value of kept INFO key number `key` (of vidx_description.info) at a site: 0 and *value_ret.
 * VIDX_NOVALUE: the record had no such key, or a value that was none.  VIDX_EUSAGE: no such key.
 * VIDX_EBADINDEX, VIDX_ENOMEM (what is decoded goes into the reader's memory, which may grow).
 * The site must be its reader's latest; *value_ret's pointers are views, valid as long as it is.
 * One thread at a time, that of the reader.
 */
VIDX_API int vidx_info(const struct vidx_site *site, uint32_t key,
		       struct vidx_info_value *value_ret);

/* AC / AN in [0, 1].  VIDX_NOVALUE where AC or AN is unknown or AN is 0 (never NaN).  Pure. */
VIDX_API int vidx_af(const struct vidx_site *site, uint32_t group, double *af_ret);

/*
 * Writes one group's filtering allele frequency, in [0, 1]: 0 when ac <= 1, else lambda / an
 * where PoissonCDF(ac - 1; lambda) = level, 0 < level < 1 (Whiffin et al. 2017; gnomAD).
 * Returns 0; VIDX_NOVALUE if an == 0 (never NaN); VIDX_EUSAGE if ac > an or level is out of
 * range.  Pure.  Not promised: the same last bit on every platform.
 */
VIDX_API int vidx_faf(uint64_t ac, uint64_t an, double level, double *faf_ret);

/* The highest among groups. */
struct vidx_peak {
	uint32_t group; /* index of the group that has it */
	double value;   /* in [0, 1] */
};

/*
 * grpmax (gnomAD; popmax in its v2): the group of highest AF = AC / AN among the n_groups indexes
 * at groups, such as vidx_description.grpmax, and that AF; the first of equals.  Groups whose AC is
 * 0 or whose AC or AN is not known take no part.  0: *peak_ret set.  VIDX_NOVALUE: no group takes
 * part.  VIDX_EUSAGE: an index that is no group.  Pure.
 */
VIDX_API int vidx_grpmax(const struct vidx_site *site, const uint32_t *groups, uint32_t n_groups,
			 struct vidx_peak *peak_ret);
/*
 * fafmax: the highest vidx_faf() at that level (0.95 and 0.99 are usual) among the same groups, and
 * the group that has it; the first of equals, so where no group has AC > 1 the value is 0.  Groups
 * without AC, without AN or with AN 0 take no part.  Results as above; VIDX_EUSAGE also for a level
 * that is not between 0 and 1.  Pure.
 */
VIDX_API int vidx_fafmax(const struct vidx_site *site, const uint32_t *groups, uint32_t n_groups,
			 double level, struct vidx_peak *peak_ret);

#ifdef __cplusplus
}
#endif
#endif
