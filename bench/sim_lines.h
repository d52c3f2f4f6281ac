/*
 * sim_lines.h: a VCF read from a file descriptor, line by line and field by field.
 *
 * Lines may have any length; the buffer grows to the longest.  The caller may write over the line
 * it was given.
 */
#ifndef BENCH_SIM_LINES_H
#define BENCH_SIM_LINES_H

#include "sim_out.h"

/* Bytes asked of read(2) at a time. */
enum { SIM_READ_CHUNK = 1 << 20 };

struct sim_reader {
	char *buf;
	size_t begin, end, cap;
	int eof, fd;
};

static inline void sim_reader_init(struct sim_reader *in, int fd)
{
	*in = (struct sim_reader){.cap = 2 * SIM_READ_CHUNK, .fd = fd};
	in->buf = sim_alloc(in->cap, 1);
}

/*
 * The next line, its newline replaced by a zero; NULL at the end.  Valid until the next call.
 */
static inline char *sim_next_line(struct sim_reader *in, size_t *len_ret)
{
	size_t searched = 0;

	for (;;) {
		char *line = in->buf + in->begin;
		char *nl = memchr(line + searched, '\n', in->end - in->begin - searched);
		ssize_t n;

		if (nl || (in->eof && in->end > in->begin)) {
			nl = nl ? nl : in->buf + in->end;
			*nl = '\0';
			*len_ret = (size_t)(nl - line);
			in->begin += *len_ret + (in->begin + *len_ret < in->end);
			return line;
		}
		if (in->eof)
			return NULL;
		searched = in->end - in->begin;
		memmove(in->buf, line, searched);
		in->begin = 0;
		in->end = searched;
		if (in->cap - in->end < SIM_READ_CHUNK + 1) {
			in->cap = in->cap * 2 + SIM_READ_CHUNK + 1;
			in->buf = realloc(in->buf, in->cap);
			if (!in->buf)
				sim_die(5, "simulator", "out of memory");
		}
		n = read(in->fd, in->buf + in->end, SIM_READ_CHUNK);
		if (n < 0 && errno != EINTR)
			sim_die(5, "cannot read input", strerror(errno));
		in->eof = n == 0;
		in->end += n > 0 ? (size_t)n : 0;
	}
}

static inline void sim_reader_release(struct sim_reader *in)
{
	free(in->buf);
}

/* Contigs by number, in the order in which they were first named. */
struct sim_names {
	char **name;
	uint32_t n, last; /* last: the one looked up last */
};

enum { SIM_MAX_NAMES = 65535 };

static inline void sim_names_init(struct sim_names *names)
{
	*names = (struct sim_names){.name = sim_alloc(SIM_MAX_NAMES, sizeof(char *))};
}

static inline void sim_names_release(struct sim_names *names)
{
	for (uint32_t i = 0; i < names->n; i++)
		free(names->name[i]);
	free(names->name);
}

/* The number of a name, taking it up if it is new. */
static inline uint32_t sim_name_number(struct sim_names *names, const char *name)
{
	if (names->n > 0 && strcmp(names->name[names->last], name) == 0)
		return names->last;
	for (uint32_t i = 0; i < names->n; i++)
		if (strcmp(names->name[i], name) == 0)
			return names->last = i;
	if (names->n == SIM_MAX_NAMES)
		sim_die(3, "too many contigs at", name);
	names->name[names->n] = strdup(name);
	if (!names->name[names->n])
		sim_die(5, "simulator", "out of memory");
	return names->last = names->n++;
}

/* Takes up the contig that a header line declares.  Returns 1, or 0 if it declares none. */
static inline int sim_take_contig_line(struct sim_names *names, const char *line)
{
	static const char begin[] = "##contig=<ID=";
	char name[256];
	size_t len;

	if (strncmp(line, begin, sizeof(begin) - 1) != 0)
		return 0;
	line += sizeof(begin) - 1;
	len = strcspn(line, ",>");
	if (len == 0 || len >= sizeof(name))
		return 0;
	memcpy(name, line, len);
	name[len] = '\0';
	sim_name_number(names, name);
	return 1;
}

/* Takes the next field of a line, ended by a tab.  Returns 0, or -1 if there is none. */
static inline int sim_take_field(char **p, char **field_ret)
{
	char *tab = strchr(*p, '\t');

	if (!tab)
		return -1;
	*tab = '\0';
	*field_ret = *p;
	*p = tab + 1;
	return 0;
}

#endif
