#!/usr/bin/env bash
# Memory that runs out, and disks that fail: each allocation of each verb fails once (tests/oom.c),
# alone and with all that follow, and so does each system call.  Always a clean error: exit status 5
# and one line, everything freed, no file left, the older index untouched.  Short reads and writes, and
# interrupted ones, change nothing.
#
#	OOM_MOST	of how many a run at most (default 250: nearly all)
. tests/lib.sh oom
most=${OOM_MOST:-250}
if slow; then most=12; fi
# Each run counts what it did not free.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
here=$PWD
total=0

# oom NAME ARGUMENTS...: all ways
oom() {
	local name=$1 how said=
	shift
	for how in "" -a -i "-i -a"; do
		# shellcheck disable=SC2086
		if (cd "$TMP" && "$TESTS/oom" $how -m "$most" -d out -- "$@") >"$TMP/said" 2>&1; then ok; else
			bad "$name ${how}"
			head -n 7 "$TMP/said"
		fi
		n=$(sed -n 's/.*, \([0-9]*\) failed one by one.*/\1/p' "$TMP/said")
		total=$((total + ${n:-0}))
		case $how in *a*) ;; *) said="$said${said:+; }$(tail -n 1 "$TMP/said")" ;; esac
	done
	printf '  %-30s %s\n' "$name" "$said"
}

mkdir "$TMP/out"
cp tests/example/cohort.vcf tests/example/cohort.tsv "$TMP"
cp tests/cli/callable.tsv "$TMP"
cd "$TMP" || exit 1
(cd "$here" && perl tests/norm_make.pl records "$TMP" 3 120 0) && mv in.vcf norm.vcf
(cd "$here" && perl tests/norm_make.pl records "$TMP" 1 2000 12000) && mv in.vcf far.vcf && mv ref.fa far.fa
(cd "$here" && perl tests/norm_make.pl records "$TMP" 3 120 0) && rm in.vcf
printf 'NA1\n' >gone
"$VIDX" build -q -o cohort.vidx --samples cohort.tsv --group-by population --by-sex cohort.vcf || bad "the example"
"$VIDX" dump -O v -o sites.vcf cohort.vidx
"$VIDX" dump -O z -o sites.vcf.gz cohort.vidx
"$VIDX" dump -O u -o sites.bcf cohort.vidx
"$VIDX" build -q --assembly test -o norm.vidx --reference ref.fa norm.vcf || bad "the small one with a reference"
grep '^#' norm.vcf >tail.vcf
grep -v '^#' norm.vcf | tac >>tail.vcf
printf 'norm.vcf\ntail.vcf\n' >list
printf 'ALL\tac\tAC\nALL\tan\tAN\n' >map
printf '1\t55051200\t55051230\nA\t0\t10000\n' >bed
printf '##fileformat=VCFv4.2\n##contig=<ID=1,length=5000>\n##INFO=<ID=END,Number=1,Type=Integer,Description="x">\n##FORMAT=<ID=GT,Number=1,Type=String,Description="x">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ts\n1\t10\t.\tA\t<NON_REF>\t.\t.\tEND=90\tGT\t0/0\n1\t91\t.\tA\tC,<NON_REF>\t.\t.\t.\tGT\t0/1\n1\t92\t.\tA\t<NON_REF>\t.\t.\tEND=4000\tGT\t./.\n' >g.vcf
cp cohort.vidx out/t.vidx
cp "$here/tests/cli/keep.vcf" .
keys=IA,IR,IG,I1,F1,FA,FD,S1,SA,SR,SD,C1,FL
(cd "$here" && perl tests/keep.pl random "$TMP" 5 600) && mv in.vcf kept.vcf
many=Integer1,IntegerA,FloatR,StringA,String.,CLNSIG,vep,Flag
"$VIDX" build -q --assembly test -o keep.vidx --keep-info $keys keep.vcf || bad "the small one that keeps INFO"

oom "build, genotypes" build -q --threads 1 -o out/t.vidx --samples cohort.tsv --group-by population --by-sex --report out/report cohort.vcf
oom "build, 2 threads" build -q --threads 2 -o out/t.vidx --samples cohort.tsv --group-by population cohort.vcf
oom "build, sites" build -v --threads 1 -o out/t.vidx sites.vcf
oom "build, BGZF" build -q --threads 1 -o out/t.vidx sites.vcf.gz
oom "build, BCF" build -q --threads 1 -o out/t.vidx sites.bcf
oom "build, --info-map" build -q --threads 1 -o out/t.vidx --info-map map sites.vcf
gzip -c callable.tsv >callable.tsv.gz
oom "build, --callable a TSV" build -q --threads 1 -o out/t.vidx --samples cohort.tsv --group-by population --by-sex --callable callable.tsv.gz cohort.vcf
"$VIDX" build -q -o track.vidx --samples cohort.tsv --group-by population --by-sex --callable callable.tsv cohort.vcf || bad "the one with a track"
oom "build, --reference" build -q --threads 1 --assembly test --reference ref.fa -o out/t.vidx norm.vcf
oom "build, unsorted, in files" build -q --threads 1 --assembly test --files-from list -o out/t.vidx
oom "build, --keep-info" build -v --threads 1 --assembly test --keep-info $keys --report out/report -o out/t.vidx keep.vcf
oom "build, --keep-info, words" build -q --threads 2 --assembly test --keep-info $many -o out/t.vidx kept.vcf
most=$((most / 4 + 1))
oom "build, a second pass" build -q --threads 2 --assembly test --reference far.fa -o out/t.vidx far.vcf
most=$((most * 4))
if command -v bcftools >/dev/null; then
	bcftools view -Ob -o norm.bcf norm.vcf 2>/dev/null
	oom "build, BCF genotypes" build -q --threads 1 --assembly test -o out/t.vidx norm.bcf
fi
oom "build, --callable" build -q --threads 1 --callable bed -o out/t.vidx cohort.vcf
"$VIDX" build -q --callable bed -o callable.vidx cohort.vcf || bad "a callable track"
oom "build, --callable gvcf" build -q --threads 1 --assembly test --callable gvcf -o out/t.vidx g.vcf
oom "get, callable" get callable.vidx 1-55051215-G-GA 1-55051216-A-T 1-5-A-T
oom "verify, callable" verify --threads 1 callable.vidx
oom "get" get cohort.vidx 1-55051215-G-GA rs11591147 '1:g.55051215G>C' 1:55051215:G:T 1-1-A-C
oom "get, with a track" get track.vidx 1-1001-A-C 1-2000-AAA-C 1-5-A-C none-5-A-C 1-1001
oom "get, --json" get --json --fields grpmax,faf99 cohort.vidx 1-55051215-G-GA
printf 'A-%d-A-C\n' $(seq 1 200) >queries
oom "get, -f, --reference" get --reference ref.fa --wide -f queries norm.vidx
oom "region" region -R bed cohort.vidx 1:1-200000000
oom "region, --json, --reference" region --json --reference ref.fa norm.vidx A
for kind in v z u b tsv json; do oom "dump -O $kind" dump -O $kind -o out/dump cohort.vidx; done
oom "info" info cohort.vidx
oom "info, --json" info --json norm.vidx
oom "verify" verify --threads 1 cohort.vidx
oom "verify, 2 threads" verify --threads 2 norm.vidx
oom "get, kept INFO" get keep.vidx 1-200 1-300-A-C
oom "region, kept INFO, --json" region --json keep.vidx 1
oom "dump, kept INFO" dump -o out/dump keep.vidx
oom "info, kept INFO" info keep.vidx
oom "verify, kept INFO" verify --threads 1 keep.vidx
cd "$here" || exit 1
echo "  $total allocations and calls failed"
finish
