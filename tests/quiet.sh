#!/usr/bin/env bash
# Lookups and walks neither allocate nor lock, and call nothing of the system (tests/quiet.c).
. tests/lib.sh quiet
BENCH=$O/bench
if slow; then
	skip "a sanitizer calls the system itself"
	finish
fi

# quiet NAME BUILD-OPTIONS...
quiet() {
	local name=$1
	shift
	"$VIDX" build -q -o "$TMP/t.vidx" "$@" 2>"$TMP/err" || bad "$name: $(head -n 1 "$TMP/err")"
	"$VIDX" dump -O tsv --fields contig,pos,ref,alt --populations ALL "$TMP/t.vidx" |
		awk -F'\t' 'NR > 1 { print $1 "-" $2 "-" $3 "-" $4; print $1 "-" $2 "-" $3 "-GATTACAGATTACAGATTACA"; print $1 "-" $2 + 1 "-A-C"; print "nowhere-1-A-C" }' >"$TMP/alleles"
	check "$name" "$TESTS/quiet" "$TMP/t.vidx" "$TMP/alleles" >"$TMP/said"
	printf '  %-12s %s\n' "$name" "$(cat "$TMP/said")"
}

"$BENCH/sim_cohort" --samples 200 --records 1500 --indels 0.4 --multi 0.2 --contig chr20,chrX --panel "$TMP/panel" >"$TMP/gt.vcf"
quiet "a cohort" --samples "$TMP/panel" --group-by super_pop,pop --by-sex "$TMP/gt.vcf"
printf 'chr20\t0\t60000000\n' >"$TMP/bed"
quiet "a track" --callable "$TMP/bed" "$TMP/gt.vcf"
for name in gnomad_v4.0_exomes_chrX.vcf.bgz gnomad_sv_v4_chr1.vcf.gz; do
	if [ -f "$SHARED/data/real/$name" ]; then quiet "${name%%_chr*}" --assembly GRCh38 "$SHARED/data/real/$name"; fi
done
finish
