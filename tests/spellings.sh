#!/usr/bin/env bash
# Each allele of a simulated cohort, asked for in every spelling there is (HGVS and SPDI with bases and
# without, at its left and at its right end, padded, under three names of its contig), gives one answer.
. tests/lib.sh spellings
BENCH=$O/bench

n=3000
if slow; then n=300; fi
"$BENCH/sim_reference" --contig chrM >"$TMP/r.fa"
"$BENCH/sim_cohort" --seed 5 --samples 30 --contig chrM --records $n --density 5 --indels 0.8 --multi 0.1 >"$TMP/in.vcf"
"$VIDX" build -q --assembly GRCh38 --reference "$TMP/r.fa" -o "$TMP/t.vidx" "$TMP/in.vcf" 2>"$TMP/err" || bad "build: $(head -n 1 "$TMP/err")"

fields="--populations ALL --fields contig,pos,ref,alt,ac"
# shellcheck disable=SC2086
"$VIDX" dump -O tsv $fields "$TMP/t.vidx" >"$TMP/dump"
perl tests/spellings.pl "$TMP/r.fa" NC_012920.1 "$TMP/dump" "$TMP/all" || bad "spellings.pl"
check "fewer than $((n / 3)) indels" [ "$(awk -F'\t' 'length($3) != length($4)' "$TMP/dump" | wc -l)" -gt $((n / 3)) ]
# shellcheck disable=SC2086
"$VIDX" get --reference "$TMP/r.fa" $fields -f "$TMP/all.query" "$TMP/t.vidx" >"$TMP/got" 2>"$TMP/err"
equal "all are found: $(head -n 1 "$TMP/err")" 0 $?
tail -n +2 "$TMP/got" | paste "$TMP/all.query" - >"$TMP/got.query"
paste "$TMP/all.query" "$TMP/all.wanted" >"$TMP/wanted.query"
same_files "another answer" "$TMP/wanted.query" "$TMP/got.query"

# Without the reference: what spells all its bases is found or absent, the others say what is missing.
"$VIDX" get "$TMP/t.vidx" 'chrM:g.100del' >/dev/null 2>"$TMP/err"
equal "no reference" 2 $?
check "the message '$(cat "$TMP/err")'" grep -q 'chrM:100: .*give --reference' "$TMP/err"
finish
