/*
 * The model's rules of the sexes: what a genotype is where people have one copy, or none.
 */
#ifndef TESTS_MODEL_SEX_H
#define TESTS_MODEL_SEX_H

#include "model_text.h"

/* Where everybody has two copies of X or Y: first and last base, 1-based. */
static const struct {
	const char *assembly;
	char contig;
	long long first, last;
} two_copies[] = {
	{"GRCh37", 'X', 60001, 2699520}, {"GRCh37", 'X', 154931044, 155260560},
	{"GRCh37", 'Y', 10001, 2649520}, {"GRCh37", 'Y', 59034050, 59363566},
	{"GRCh38", 'X', 10001, 2781479}, {"GRCh38", 'X', 155701383, 156030895},
	{"GRCh38", 'Y', 10001, 2781479}, {"GRCh38", 'Y', 56887903, 57217415},
};

/* The copies of a place that somebody has: sex 1 is XX, 2 is XY, 0 unknown.  -1: any number. */
static int copies_of(const char *assembly, const char *contig, long long pos, int sex)
{
	const char *name = strncmp(contig, "chr", 3) == 0 ? contig + 3 : contig;

	if (strcmp(name, "M") == 0 || strcmp(name, "MT") == 0)
		return 1;
	if ((*name != 'X' && *name != 'Y') || name[1])
		return -1;
	for (size_t i = 0; i < sizeof(two_copies) / sizeof(*two_copies); i++)
		if (strcmp(two_copies[i].assembly, assembly) == 0 &&
		    two_copies[i].contig == *name && pos >= two_copies[i].first &&
		    pos <= two_copies[i].last)
			return -1;
	if (sex == 2)
		return 1;
	return sex == 1 && *name == 'Y' ? 0 : -1;
}

/* Rewrites a genotype of n alleles for somebody with so many copies; returns how many are left. */
static int let_count(int *alleles, int n, int copies)
{
	int found = -1;

	if (copies < 0 || n == 0)
		return n;
	if (copies == 0)
		return 0;
	for (int i = 0; i < n; i++) {
		if (alleles[i] < 0)
			continue;
		if (found >= 0 && found != alleles[i])
			return 0;
		found = alleles[i];
	}
	alleles[0] = found;
	return 1;
}

#endif
