#!/usr/bin/env bash
# Simulated cohorts against bcftools (every population, every count) and against the truth that the
# simulator wrote down (every ploidy, half calls, GT anywhere).
. tests/lib.sh cohort_bcftools
SIM=$O/bench/sim_cohort
case $O in /*) ;; *) SIM=$PWD/$SIM ;; esac
if ! command -v bcftools >/dev/null; then
	skip "no bcftools here"
	finish
fi
total=0

# verdict NAME: compares $TMP/want with the dump of $TMP/t.vidx
verdict() {
	"$VIDX" dump -O tsv "$TMP/t.vidx" >"$TMP/dump" 2>"$TMP/err" || bad "$1: dump: $(head -n 1 "$TMP/err")"
	perl tests/expected.pl "$TMP/want" "$TMP/dump" /dev/null >"$TMP/verdict"
	read -r _ n differ _ < <(grep ^RESULT "$TMP/verdict")
	grep -v ^RESULT "$TMP/verdict"
	if [ "${differ:-1}" -eq 0 ] && [ "${n:-0}" -gt 0 ]; then ok; else bad "$1: ${differ:-all} of ${n:-0} rows differ"; fi
	total=$((total + ${n:-0}))
	printf '  %-32s %7d rows compared\n' "$1" "${n:-0}"
}

# against_bcftools SAMPLES RECORDS SIM-OPTIONS...
against_bcftools() {
	local samples=$1 records=$2 pops
	shift 2
	"$SIM" --samples "$samples" --records "$records" --panel "$TMP/panel" "$@" >"$TMP/c.vcf" || bad "the simulator"
	awk -F'\t' 'NR > 1 { sex = $4 == "male" ? "XY" : "XX"; print $1 "\t" $3 "," $2 "," sex "," $3 "_" sex }' "$TMP/panel" >"$TMP/groups"
	pops=$(cut -f2 "$TMP/groups" | tr ',' '\n' | sort -u)
	bcftools norm -m-any "$TMP/c.vcf" 2>/dev/null |
		bcftools +fill-tags - -- -t AC,AN,AC_Hom,AC_Het,AC_Hemi -S "$TMP/groups" >"$TMP/tagged.vcf" 2>"$TMP/err" || bad "bcftools: $(tail -n 1 "$TMP/err")"
	{
		bcftools query -f '%CHROM\t%POS\t%REF\t%ALT\tALL\t%AC\t%AN\t%AC_Hom\t%AC_Het\t%AC_Hemi\n' "$TMP/tagged.vcf"
		for p in $pops; do
			bcftools query -f "%CHROM\t%POS\t%REF\t%ALT\t$p\t%AC_$p\t%AN_$p\t%AC_Hom_$p\t%AC_Het_$p\t%AC_Hemi_$p\n" "$TMP/tagged.vcf"
		done
	} >"$TMP/want"
	# An assembly without sex rules: bcftools takes the text as it stands.
	"$VIDX" build -q -o "$TMP/t.vidx" --assembly test --samples "$TMP/panel" --group-by super_pop,pop --by-sex "$TMP/c.vcf" 2>"$TMP/err" ||
		bad "$samples samples: build: $(head -n 1 "$TMP/err")"
	verdict "$samples samples x $records records"
}

# against_truth SAMPLES RECORDS SIM-OPTIONS...
against_truth() {
	local samples=$1 records=$2 suffix p
	shift 2
	"$SIM" --samples "$samples" --records "$records" --panel "$TMP/panel" --truth "$@" >"$TMP/c.vcf" || bad "the simulator"
	bcftools norm -m-any "$TMP/c.vcf" >"$TMP/split.vcf" 2>/dev/null || bad "bcftools norm"
	: >"$TMP/want"
	for p in ALL AFR AMR EAS EUR SAS; do
		suffix=_$p
		[ $p != ALL ] || suffix=
		bcftools query -f "%CHROM\t%POS\t%REF\t%ALT\t$p\t%TRUE_AC$suffix\t%TRUE_AN$suffix\t%TRUE_HOM$suffix\t%TRUE_HET$suffix\t%TRUE_HEMI$suffix\n" "$TMP/split.vcf" |
			awk -F'\t' -v OFS='\t' '{ if ($8 != ".") $8 *= 2; print }' >>"$TMP/want"
	done
	"$VIDX" build -q -o "$TMP/t.vidx" --assembly test --samples "$TMP/panel" --group-by super_pop "$TMP/c.vcf" 2>"$TMP/err" ||
		bad "$samples samples, truth: build: $(head -n 1 "$TMP/err")"
	verdict "$samples samples x $records, truth"
}

if slow; then
	against_bcftools 2504 300 --contig chr20,chrX --multi 0.2 --star --missing 0.02
	against_truth 200 500 --contig chr20,chrX,chrM --ugly
else
	against_bcftools 2504 2000 --contig chr20,chrX,chrY,chrM --multi 0.1 --star --missing 0.02 --seed 3
	against_bcftools 2504 500 --format full --multi 0.2 --star --missing 0.05 --seed 4
	against_bcftools 10000 500 --contig chr20,chrX --multi 0.1 --missing 0.01 --seed 5
	against_bcftools 50000 120 --contig chr20,chrX --multi 0.1 --missing 0.01 --seed 6
	against_truth 2504 1000 --contig chr20,chrX,chrY,chrM --half 0.02 --missing 0.02 --multi 0.1 --star --seed 7
	against_truth 300 4000 --contig chr20,chrX,chrY,chrM --ugly --seed 8
	against_truth 300 2000 --format full --contig chr20,chrX,chrY,chrM --ugly --seed 9
fi
echo "  $total rows compared"
finish
