/* Header texts, with the dictionaries that BCF makes of them. */
#include "input/header.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vx_header header;
	struct vidx_error err = {0};
	int rc = vx_header_parse(&header, vx_slice((const char *)data, size), "fuzz", &err);

	if (rc == 0) {
		for (uint32_t i = 0; i < header.n_samples; i++)
			if (header.samples[i].len == 0)
				abort();
		rc = vx_header_number(&header, "fuzz", &err);
	}
	if (rc == 0 && (header.n_strings == 0 || !vx_slice_is(header.strings[0], "PASS")))
		abort();
	if (rc < 0 && err.text[0] == '\0')
		abort();
	vx_header_release(&header);
	return 0;
}
