/* Lines of a VCF: the bytes follow a header with two samples, or without any. */
#include "fuzz/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char head[] = "##fileformat=VCFv4.2\n"
				   "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";
	static const char samples[] = "\tFORMAT\ta\tb\n";
	struct vx_buf file;
	uint64_t sum[2];

	for (int with = 0; with < 2; with++) {
		vx_buf_init(&file);
		vx_buf_adds(&file, head);
		vx_buf_adds(&file, with ? samples : "\n");
		vx_buf_add(&file, data, size);
		if (file.failed)
			abort();
		sum[0] = read_as_file(file.p, file.len, 1 << 20);
		sum[1] = read_as_file(file.p, file.len, 61);
		vx_buf_release(&file);
		(void)sum;
	}
	return 0;
}
