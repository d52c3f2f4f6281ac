#include "base/text.h"
#include "allele/assembly.h"

struct contig {
	uint64_t length;
	const char *refseq, *genbank;
};

/* Lengths and accessions of the primary chromosomes, as the assembly reports of NCBI list them. */
static const struct contig contigs[VX_N_ASSEMBLIES][VX_ASSEMBLY_CONTIGS] = {
	[VX_GRCH37] =
		{
			{249250621, "NC_000001.10", "CM000663.1"},
			{243199373, "NC_000002.11", "CM000664.1"},
			{198022430, "NC_000003.11", "CM000665.1"},
			{191154276, "NC_000004.11", "CM000666.1"},
			{180915260, "NC_000005.9", "CM000667.1"},
			{171115067, "NC_000006.11", "CM000668.1"},
			{159138663, "NC_000007.13", "CM000669.1"},
			{146364022, "NC_000008.10", "CM000670.1"},
			{141213431, "NC_000009.11", "CM000671.1"},
			{135534747, "NC_000010.10", "CM000672.1"},
			{135006516, "NC_000011.9", "CM000673.1"},
			{133851895, "NC_000012.11", "CM000674.1"},
			{115169878, "NC_000013.10", "CM000675.1"},
			{107349540, "NC_000014.8", "CM000676.1"},
			{102531392, "NC_000015.9", "CM000677.1"},
			{90354753, "NC_000016.9", "CM000678.1"},
			{81195210, "NC_000017.10", "CM000679.1"},
			{78077248, "NC_000018.9", "CM000680.1"},
			{59128983, "NC_000019.9", "CM000681.1"},
			{63025520, "NC_000020.10", "CM000682.1"},
			{48129895, "NC_000021.8", "CM000683.1"},
			{51304566, "NC_000022.10", "CM000684.1"},
			{155270560, "NC_000023.10", "CM000685.1"},
			{59373566, "NC_000024.9", "CM000686.1"},
			{16569, "NC_012920.1", "J01415.2"},
		},
	[VX_GRCH38] =
		{
			{248956422, "NC_000001.11", "CM000663.2"},
			{242193529, "NC_000002.12", "CM000664.2"},
			{198295559, "NC_000003.12", "CM000665.2"},
			{190214555, "NC_000004.12", "CM000666.2"},
			{181538259, "NC_000005.10", "CM000667.2"},
			{170805979, "NC_000006.12", "CM000668.2"},
			{159345973, "NC_000007.14", "CM000669.2"},
			{145138636, "NC_000008.11", "CM000670.2"},
			{138394717, "NC_000009.12", "CM000671.2"},
			{133797422, "NC_000010.11", "CM000672.2"},
			{135086622, "NC_000011.10", "CM000673.2"},
			{133275309, "NC_000012.12", "CM000674.2"},
			{114364328, "NC_000013.11", "CM000675.2"},
			{107043718, "NC_000014.9", "CM000676.2"},
			{101991189, "NC_000015.10", "CM000677.2"},
			{90338345, "NC_000016.10", "CM000678.2"},
			{83257441, "NC_000017.11", "CM000679.2"},
			{80373285, "NC_000018.10", "CM000680.2"},
			{58617616, "NC_000019.10", "CM000681.2"},
			{64444167, "NC_000020.11", "CM000682.2"},
			{46709983, "NC_000021.9", "CM000683.2"},
			{50818468, "NC_000022.11", "CM000684.2"},
			{156040895, "NC_000023.11", "CM000685.2"},
			{57227415, "NC_000024.10", "CM000686.2"},
			{16569, "NC_012920.1", "J01415.2"},
		},
	/* Its MT is CHM13's own, not the Cambridge sequence NC_012920.1. */
	[VX_CHM13] =
		{
			{248387328, "NC_060925.1", "CP068277.2"},
			{242696752, "NC_060926.1", "CP068276.2"},
			{201105948, "NC_060927.1", "CP068275.2"},
			{193574945, "NC_060928.1", "CP068274.2"},
			{182045439, "NC_060929.1", "CP068273.2"},
			{172126628, "NC_060930.1", "CP068272.2"},
			{160567428, "NC_060931.1", "CP068271.2"},
			{146259331, "NC_060932.1", "CP068270.2"},
			{150617247, "NC_060933.1", "CP068269.2"},
			{134758134, "NC_060934.1", "CP068268.2"},
			{135127769, "NC_060935.1", "CP068267.2"},
			{133324548, "NC_060936.1", "CP068266.2"},
			{113566686, "NC_060937.1", "CP068265.2"},
			{101161492, "NC_060938.1", "CP068264.2"},
			{99753195, "NC_060939.1", "CP068263.2"},
			{96330374, "NC_060940.1", "CP068262.2"},
			{84276897, "NC_060941.1", "CP068261.2"},
			{80542538, "NC_060942.1", "CP068260.2"},
			{61707364, "NC_060943.1", "CP068259.2"},
			{66210255, "NC_060944.1", "CP068258.2"},
			{45090682, "NC_060945.1", "CP068257.2"},
			{51324926, "NC_060946.1", "CP068256.2"},
			{154259566, "NC_060947.1", "CP068255.2"},
			{62460029, "NC_060948.1", "CP086569.2"},
			{16569, "", "CP068254.1"},
		},
};

/* One list of names: plain, and with "chr" in front but for chrM. */
static const char chr_names[VX_ASSEMBLY_CONTIGS][6] = {
	"chr1",  "chr2",  "chr3",  "chr4",  "chr5",  "chr6",  "chr7",  "chr8",  "chr9",
	"chr10", "chr11", "chr12", "chr13", "chr14", "chr15", "chr16", "chr17", "chr18",
	"chr19", "chr20", "chr21", "chr22", "chrX",  "chrY",  "chrM",
};

/* What people call the assemblies; lower case.  A patch (GRCh38.p14) has the same chromosomes. */
static const struct {
	enum vx_assembly assembly;
	const char *name;
} names[] = {
	{VX_GRCH37, "grch37"},   {VX_GRCH37, "hg19"},       {VX_GRCH37, "b37"},
	{VX_GRCH37, "hs37d5"},   {VX_GRCH37, "37"},         {VX_GRCH37, "hs37"},
	{VX_GRCH37, "v37"},      {VX_GRCH37, "assembly19"}, {VX_GRCH38, "grch38"},
	{VX_GRCH38, "hg38"},     {VX_GRCH38, "38"},         {VX_GRCH38, "b38"},
	{VX_GRCH38, "hs38dh"},   {VX_GRCH38, "hs38"},       {VX_GRCH38, "assembly38"},
	{VX_CHM13, "t2t-chm13"}, {VX_CHM13, "chm13"},       {VX_CHM13, "hs1"},
	{VX_CHM13, "chm13v2.0"}, {VX_CHM13, "chm13v2"},     {VX_CHM13, "t2t-chm13v2.0"},
};

#define N_NAMES (sizeof names / sizeof *names)

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Does text begin with the (lower-case) name, in any case? */
static int begins(struct vx_slice text, const char *name)
{
	size_t len = strlen(name);

	if (text.len < len)
		return 0;
	for (size_t i = 0; i < len; i++)
		if (lower(text.p[i]) != name[i])
			return 0;
	return 1;
}

/* ".p13" and the like behind the name of a GRCh assembly. */
static int is_patch(struct vx_slice tail)
{
	uint64_t number;

	return tail.len > 2 && tail.p[0] == '.' && lower(tail.p[1]) == 'p' &&
	       vx_parse_u64(vx_slice(tail.p + 2, tail.len - 2), 99, &number);
}

enum vx_assembly vx_assembly_by_name(struct vx_slice name)
{
	for (size_t i = 0; i < N_NAMES; i++) {
		size_t len = strlen(names[i].name);

		if (!begins(name, names[i].name))
			continue;
		if (name.len == len ||
		    (names[i].name[0] == 'g' && is_patch(vx_slice(name.p + len, name.len - len))))
			return names[i].assembly;
	}
	return VX_NO_ASSEMBLY;
}

const char *vx_assembly_name(enum vx_assembly assembly)
{
	static const char *const canonical[] = {"GRCh37", "GRCh38", "T2T-CHM13"};

	return canonical[assembly];
}

uint64_t vx_assembly_length(enum vx_assembly assembly, uint32_t i)
{
	return contigs[assembly][i].length;
}

const char *vx_assembly_contig(enum vx_assembly assembly, uint32_t i, enum vx_spelling spelling)
{
	switch (spelling) {
	case VX_PLAIN:
		return i == VX_ASSEMBLY_MT ? "MT" : chr_names[i] + 3;
	case VX_REFSEQ:
		return contigs[assembly][i].refseq;
	case VX_GENBANK:
		return contigs[assembly][i].genbank;
	default:
		return chr_names[i];
	}
}

/* "1".."22", "X", "Y", "M", "MT" -> 0..24, else -1. */
static int find_plain(struct vx_slice name)
{
	uint64_t number;

	if (vx_slice_is(name, "X"))
		return 22;
	if (vx_slice_is(name, "Y"))
		return 23;
	if (vx_slice_is(name, "M") || vx_slice_is(name, "MT"))
		return VX_ASSEMBLY_MT;
	if (name.len == 0 || name.len > 2 || name.p[0] == '0')
		return -1;
	if (!vx_parse_u64(name, 22, &number))
		return -1;
	return (int)number - 1;
}

int vx_assembly_find(enum vx_assembly assembly, struct vx_slice name,
		     enum vx_spelling *spelling_ret)
{
	enum vx_spelling ignored;
	int chr = name.len > 3 && memcmp(name.p, "chr", 3) == 0;
	int i = find_plain(chr ? vx_slice(name.p + 3, name.len - 3) : name);

	if (!spelling_ret)
		spelling_ret = &ignored;
	*spelling_ret = chr ? VX_CHR : VX_PLAIN;
	/* Headers list thousands of contigs that are none of these: be done with them at once. */
	if (i >= 0 || name.len < 8 || name.len > 12 || !strchr("NCJ", name.p[0]))
		return i;
	for (i = 0; i < VX_ASSEMBLY_CONTIGS; i++) {
		*spelling_ret = VX_REFSEQ;
		if (vx_slice_is(name, contigs[assembly][i].refseq))
			return i;
		*spelling_ret = VX_GENBANK;
		if (vx_slice_is(name, contigs[assembly][i].genbank))
			return i;
	}
	return -1;
}

static int is_word(char c)
{
	return vx_is_alpha((unsigned char)c) || vx_is_digit((unsigned char)c);
}

enum vx_assembly vx_assembly_in_text(struct vx_slice text)
{
	enum vx_assembly found = VX_NO_ASSEMBLY;

	for (size_t at = 0; at < text.len; at++) {
		struct vx_slice rest = vx_slice(text.p + at, text.len - at);

		if (at > 0 && is_word(text.p[at - 1]))
			continue;
		for (size_t i = 0; i < N_NAMES; i++) {
			size_t len = strlen(names[i].name);

			/* A bare "37" in a path says nothing. */
			if (len < 3 || !begins(rest, names[i].name) ||
			    (rest.len > len && is_word(rest.p[len])))
				continue;
			if (found != VX_NO_ASSEMBLY && found != names[i].assembly)
				return VX_NO_ASSEMBLY;
			found = names[i].assembly;
		}
	}
	return found;
}
