/* Records of a BCF: the bytes follow a header with two samples. */
#include "base/bytes.h"
#include "fuzz/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char text[] =
		"##fileformat=VCFv4.2\n##FILTER=<ID=PASS>\n##FILTER=<ID=q10>\n"
		"##INFO=<ID=AC,Number=A>\n##INFO=<ID=END,Number=1>\n##INFO=<ID=DB,Number=0>\n"
		"##FORMAT=<ID=DP,Number=1>\n##FORMAT=<ID=GT,Number=1>\n##INFO=<ID=AF,Number=A>\n"
		"##contig=<ID=one>\n##contig=<ID=two,IDX=5>\n"
		"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ta\tb\n";
	uint8_t len[4];
	struct vx_buf file;

	vx_buf_init(&file);
	vx_buf_add(&file, "BCF\2\2", 5);
	vx_store32(len, sizeof text);
	vx_buf_add(&file, len, 4);
	vx_buf_add(&file, text, sizeof text);
	vx_buf_add(&file, data, size);
	if (file.failed)
		abort();
	read_as_file(file.p, file.len, 1 << 20);
	read_as_file(file.p, file.len, 61);
	vx_buf_release(&file);
	return 0;
}
