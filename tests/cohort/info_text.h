/* An info map for tests, from a short spelling of INFO lines. */
#ifndef TESTS_COHORT_INFO_TEXT_H
#define TESTS_COHORT_INFO_TEXT_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allele/header_text.h"
#include "cohort/infomap.h"
#include "vidx.h"

/* A map from INFO lines written as "AC:A AN:1 AF:AF ..." (ID:Number, and F or S for the type). */
static inline int info_build(struct vx_infomap *map, const char *fields, const char *lines,
			     const char *keep, struct vidx_error *err)
{
	struct vx_header header;
	struct vx_slice rest = vx_slice_str(fields), field;
	char *text = malloc(strlen(fields) * 20 + strlen(lines) + 1), *at = text;
	int rc;

	at += sprintf(at, "%s", lines);
	while (vx_split(&rest, ' ', &field)) {
		const char *colon = memchr(field.p, ':', field.len);
		const char *type = colon[2] == 'F'   ? "Float"
				   : colon[2] == 'S' ? "String"
						     : "Integer";

		at += sprintf(at, "##INFO=<ID=%.*s,Number=%c,Type=%s,Description=x>\n",
			      (int)(colon - field.p), field.p, colon[1], type);
	}
	header_fill(&header, vx_slice_str(text));
	rc = vx_infomap_build(map, &header, &(struct vx_infomap_options){.populations = keep},
			      "in.vcf", err);
	header_clear(&header);
	free(text);
	return rc;
}

static inline const char *info_names(const struct vx_infomap *map)
{
	static char text[1 << 16];

	text[0] = '\0';
	for (uint32_t g = 0; g < map->groups.n; g++) {
		strcat(text, g ? " " : "");
		strcat(text, map->groups.name[g]);
	}
	return text;
}

#endif
