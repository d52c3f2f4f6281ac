#!/usr/bin/env bash
# Processors that can do less: without any wide path, and with those up to AVX2, the same indexes byte
# for byte, the same answers, and the same unit tests pass.
. tests/lib.sh plain
BENCH=$O/bench
PLAIN=$TESTS/plain
if [ "$(uname -m)" != x86_64 ]; then
	skip "this machine has no other paths"
	finish
fi
n=0

# same NAME BUILD-OPTIONS...: indexes, then what every verb says of them
same() {
	local name=$1 cpu
	shift
	"$VIDX" build -q -o "$TMP/t.vidx" "$@" 2>"$TMP/err" || bad "$name: $(head -n 1 "$TMP/err")"
	"$VIDX" dump -O tsv "$TMP/t.vidx" >"$TMP/dump"
	"$VIDX" dump -O tsv --fields contig,pos,ref,alt --populations ALL "$TMP/t.vidx" |
		awk -F'\t' 'NR > 1 && $4 !~ /[^ACGT]/ { print $1 "-" $2 "-" $3 "-" $4; print $1 "-" $2 "-" $3 "-" $4 "GATTACA" }' |
		head -n 1000 >"$TMP/queries"
	"$VIDX" get -f "$TMP/queries" "$TMP/t.vidx" >"$TMP/answers" 2>/dev/null
	for cpu in plain avx2; do
		export TEST_CPU=$cpu
		"$PLAIN" build -q -o "$TMP/p.vidx" "$@" 2>"$TMP/err" || bad "$name, $cpu: $(head -n 1 "$TMP/err")"
		same_files "$name, $cpu: another index" "$TMP/t.vidx" "$TMP/p.vidx"
		"$PLAIN" dump -O tsv "$TMP/t.vidx" >"$TMP/dump.plain"
		same_files "$name, $cpu: dump" "$TMP/dump" "$TMP/dump.plain"
		"$PLAIN" get -f "$TMP/queries" "$TMP/t.vidx" >"$TMP/answers.plain" 2>/dev/null
		same_files "$name, $cpu: get" "$TMP/answers" "$TMP/answers.plain"
		check "$name, $cpu: verify" "$PLAIN" verify -q "$TMP/t.vidx"
		unset TEST_CPU
		n=$((n + 1))
	done
}

scale=1
if slow; then scale=10; fi
same "the example" --samples tests/example/cohort.tsv --group-by population --by-sex tests/example/cohort.vcf
"$BENCH/sim_cohort" --samples 2504 --records $((2000 / scale)) --multi 0.1 --star --missing 0.01 --contig chr20,chrX --panel "$TMP/panel" >"$TMP/gt.vcf"
same "genotypes" --samples "$TMP/panel" --group-by super_pop --by-sex "$TMP/gt.vcf"
"$BENCH/sim_cohort" --samples 300 --records $((1000 / scale)) --format full --ugly --contig chr20,chrX --panel "$TMP/panel" >"$TMP/full.vcf"
same "more fields" --samples "$TMP/panel" --group-by super_pop,pop "$TMP/full.vcf"
if command -v bcftools >/dev/null; then
	bcftools view -Ob -o "$TMP/gt.bcf" "$TMP/gt.vcf" 2>/dev/null
	same "BCF" "$TMP/gt.bcf"
fi
"$BENCH/sim_sites" --records $((20000 / scale)) >"$TMP/sites.vcf" || bad "sim_sites"
same "sites" --assembly GRCh38 "$TMP/sites.vcf"
if [ -f "$SHARED/data/real/gnomad_v4.0_exomes_chrX.vcf.bgz" ]; then
	same "gnomAD" --assembly GRCh38 --keep-info cadd_phred,vep,allele_type "$SHARED/data/real/gnomad_v4.0_exomes_chrX.vcf.bgz"
fi
perl tests/norm_make.pl records "$TMP" 5 $((4000 / scale)) 0
same "a reference" --assembly test --reference "$TMP/ref.fa" "$TMP/in.vcf"

for cpu in plain avx2; do
	if TEST_CPU=$cpu "$TESTS/unit" base_gtscan base_scan base_digits codec cohort_count cohort_inforead >"$TMP/unit" 2>&1; then ok; else
		bad "unit tests, $cpu"
		grep -E ':[EF]:' "$TMP/unit" | head -n 5
	fi
	printf '  unit tests, %s: %s\n' $cpu "$(grep '^[0-9]*%: Checks' "$TMP/unit")"
done
printf '  %d indexes compared\n' $n
finish
