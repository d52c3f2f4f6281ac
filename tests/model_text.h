/*
 * What tests/model.c needs of text and memory, kept as plain as the model itself.
 */
#ifndef TESTS_MODEL_TEXT_H
#define TESTS_MODEL_TEXT_H

#include <ctype.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NONE      (-1LL)
#define MAX_COUNT ((1LL << 40) - 1)

struct names {
	char **v;
	int n;
};

static jmp_buf refused;
static char why[4096];

static void refuse(const char *what, const char *text)
{
	snprintf(why, sizeof(why), "%s: %.200s", what, text);
	longjmp(refused, 1);
}

/* All memory of a run hangs on one chain, and is given back when the next one begins. */
struct piece {
	struct piece *next;
	long long data[];
};
static struct piece *pieces;

static void *get_mem(size_t n)
{
	struct piece *p = calloc(1, sizeof(*p) + n + 1);

	if (!p)
		exit(5);
	p->next = pieces;
	pieces = p;
	return p->data;
}

static void forget_all(void)
{
	while (pieces) {
		struct piece *next = pieces->next;

		free(pieces);
		pieces = next;
	}
}

static char *copy(const char *s)
{
	return memcpy(get_mem(strlen(s) + 1), s, strlen(s));
}

static int find(const struct names *l, const char *s)
{
	for (int i = 0; i < l->n; i++)
		if (strcmp(l->v[i], s) == 0)
			return i;
	return -1;
}

static int add(struct names *l, const char *s)
{
	char **v = get_mem(sizeof(char *) * (size_t)(l->n + 1));

	for (int i = 0; i < l->n; i++)
		v[i] = l->v[i];
	v[l->n] = copy(s);
	l->v = v;
	return l->n++;
}

/* Cuts s at every c; the pieces are copies. */
static struct names split(const char *s, char c)
{
	struct names l = {NULL, 0};
	size_t n = 1, beg = 0, len = strlen(s);

	for (size_t i = 0; i < len; i++)
		n += s[i] == c;
	l.v = get_mem(sizeof(char *) * n);
	for (size_t i = 0; i <= len; i++) {
		if (s[i] != c && s[i] != '\0')
			continue;
		l.v[l.n] = get_mem(i - beg + 1);
		memcpy(l.v[l.n++], s + beg, i - beg);
		beg = i + 1;
	}
	return l;
}

/* The next line without its end (\n or \r\n), or NULL. */
static char *next_line(FILE *f)
{
	size_t cap = 256, n = 0;
	char *s = get_mem(cap);
	int c;

	while ((c = getc(f)) != EOF && c != '\n') {
		if (n + 2 > cap) {
			char *t = get_mem(cap * 2);

			memcpy(t, s, n);
			s = t;
			cap *= 2;
		}
		s[n++] = (char)c;
	}
	if (c == EOF && n == 0)
		return NULL;
	if (n && s[n - 1] == '\r')
		n--;
	s[n] = '\0';
	return s;
}

static long long number(const char *s)
{
	long long v = 0;

	if (!*s)
		return NONE;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return NONE;
		v = v * 10 + (*s - '0');
		if (v > MAX_COUNT)
			return NONE;
	}
	return v;
}

static int sex_of(const char *s)
{
	static const char *const xx[] = {"xx", "female", "f", "2"}, *const xy[] = {"xy", "male",
										   "m", "1"};
	char low[16] = "";

	for (int i = 0; i < 15 && s[i]; i++)
		low[i] = (char)tolower((unsigned char)s[i]);
	for (int i = 0; i < 4; i++) {
		if (strcmp(low, xx[i]) == 0)
			return 1;
		if (strcmp(low, xy[i]) == 0)
			return 2;
	}
	return 0;
}

/* The alleles of one GT, -1 for a missing one, into *alleles.  Returns how many, or -1 for text
 * that is no genotype or names an allele above n_alt. */
static int parse_gt(const char *gt, int n_alt, int **alleles)
{
	int n = 0;

	*alleles = get_mem(sizeof(int) * (strlen(gt) + 1));
	if (*gt == '/' || *gt == '|')
		gt++; /* VCF 4.4: the phase of the first allele */
	for (;;) {
		if (*gt == '.') {
			(*alleles)[n++] = -1;
			gt++;
		} else {
			long long v = 0;

			if (*gt < '0' || *gt > '9')
				return -1;
			for (; *gt >= '0' && *gt <= '9'; gt++)
				if (v <= n_alt)
					v = v * 10 + (*gt - '0');
			if (v > n_alt)
				return -1;
			(*alleles)[n++] = (int)v;
		}
		if (*gt == '\0')
			return n;
		if (*gt != '/' && *gt != '|')
			return -1;
		gt++;
	}
}

static int is_sequence(const char *s)
{
	if (!*s)
		return 0;
	for (; *s; s++)
		if (!isalpha((unsigned char)*s))
			return 0;
	return 1;
}

static void upper(char *s)
{
	for (; *s; s++)
		*s = (char)toupper((unsigned char)*s);
}

/* Text that can be an allele: letters, <symbolic>, a breakend (with brackets, or a dot at one end). */
static int is_allele(const char *s)
{
	size_t n = strlen(s);

	if (is_sequence(s))
		return 1;
	if (n < 2)
		return 0;
	return (s[0] == '<' && s[n - 1] == '>') || strpbrk(s, "[]") || s[0] == '.' ||
	       s[n - 1] == '.';
}

static void trim(char *ref, char *alt, long long *pos)
{
	size_t r = strlen(ref), a = strlen(alt), k = 0;

	while (r > 1 && a > 1 && ref[r - 1] == alt[a - 1])
		r--, a--;
	ref[r] = alt[a] = '\0';
	while (k + 1 < r && k + 1 < a && ref[k] == alt[k])
		k++;
	memmove(ref, ref + k, r - k + 1);
	memmove(alt, alt + k, a - k + 1);
	*pos += (long long)k;
}

#endif
