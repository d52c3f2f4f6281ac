/*
 * How often is this allele seen?
 *
 *	cc example.c $(pkg-config --cflags --libs vidx) -o example
 *	./example cohort.vidx 1-55051215-G-GA
 */
#include <stdio.h>
#include <string.h>
#include <vidx.h>

static int report(const struct vidx_index *index, const struct vidx_site *site)
{
	const struct vidx_description *about = vidx_describe(index);

	for (uint32_t g = 0; g < about->n_groups; g++) {
		uint64_t ac, an;
		double af;

		if (vidx_count(site, g, VIDX_AC, &ac) != 0 ||
		    vidx_count(site, g, VIDX_AN, &an) != 0)
			continue; /* the source gave none, which is not zero */
		printf("%s\t%llu of %llu", about->groups[g].name, (unsigned long long)ac,
		       (unsigned long long)an);
		if (vidx_af(site, g, &af) == 0)
			printf("\t%g", af);
		putchar('\n');
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct vidx_error err = {0, ""};
	struct vidx_index *index = NULL;
	struct vidx_reader *reader = NULL;
	struct vidx_allele allele;
	const struct vidx_site *site;
	int rc;

	if (argc != 3) {
		fprintf(stderr, "usage: example INDEX ALLELE\n");
		return 2;
	}
	rc = vidx_open(argv[1], NULL, &index, &err);
	if (rc == 0)
		rc = vidx_reader_new(index, &reader, &err);
	if (rc == 0)
		rc = vidx_parse_allele(index, argv[2], strlen(argv[2]), &allele, &err);
	if (rc == 0)
		rc = vidx_get(reader, &allele, &site, &err);
	if (rc == 0)
		rc = report(index, site);
	else if (rc > 0)
		puts("not seen");
	else
		fprintf(stderr, "example: %s\n", err.text);
	vidx_reader_free(reader);
	vidx_close(index);
	return rc == 0 ? 0 : 1;
}
