#!/usr/bin/env bash
# Claim: a build costs less than inflating its input with `bgzip -dc`, and a small part of what
# bcftools and plink2 need for the same counts.
. bench/lib.sh

options="--samples $PANEL --group-by super_pop"
build() { echo "$vidx build -q -o $DIR/bench.vidx --threads $THREADS $2 $1"; }

# Every count of every population.
bcftools_command() {
	echo "bcftools norm -m-any -Ou $GT | bcftools +fill-tags - -Ob -o $DIR/tagged.bcf -- -t AC,AN,AC_Hom,AC_Het,AC_Hemi -S $DIR/groups.txt"
}
prove_bcftools() {
	local p
	{
		bcftools query -f '%CHROM\t%POS\t%REF\t%ALT\tALL\t%AC\t%AN\t%AC_Hom\t%AC_Het\t%AC_Hemi\n' "$DIR/tagged.bcf"
		for p in AFR AMR EAS EUR SAS; do
			bcftools query -f "%CHROM\t%POS\t%REF\t%ALT\t$p\t%AC_$p\t%AN_$p\t%AC_Hom_$p\t%AC_Het_$p\t%AC_Hemi_$p\n" "$DIR/tagged.bcf"
		done
	} >"$DIR/want.tsv" || die "bcftools query failed"
	read -r _ n differ _ < <(perl tests/expected.pl "$DIR/want.tsv" "$DIR/dump.tsv" /dev/null | grep ^RESULT)
	if [ "${n:-0}" -eq 0 ] || [ "${differ:-1}" -ne 0 ]; then die "$differ of $n rows differ from bcftools"; fi
	proved "$(thousands "$n") rows (allele x population) of AC, AN, nhomalt, het, nhemi against bcftools +fill-tags"
	rm -f "$DIR/tagged.bcf" "$DIR/want.tsv"
}

# plink2's answer for five super-populations; ALL is their sum
prove_plink2() {
	local p
	for p in AFR AMR EAS EUR SAS; do
		awk -F'\t' -v p="$p" 'BEGIN { OFS = "\t" } /^#/ { for (i = 1; i <= NF; i++) c[$i] = i; next } {
			n = split($c["ALT"], alt, ","); split($c["ALT_CTS"], count, ",")
			for (i = 1; i <= n; i++) if (alt[i] != "*") print $1, $c["POS"], $c["REF"], alt[i], p, count[i], $c["OBS_CT"], 0, 0, 0 }' \
			"$DIR/plink.$p.acount"
	done >"$DIR/want.tsv"
	awk -F'\t' 'BEGIN { OFS = "\t" } NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next } { $c["nhomalt"] = $c["nhemi"] = $c["het"] = 0; print }' \
		"$DIR/dump.tsv" >"$DIR/dump.ac.tsv"
	read -r _ n differ _ < <(perl tests/expected.pl "$DIR/want.tsv" "$DIR/dump.ac.tsv" /dev/null | grep ^RESULT)
	if [ "${n:-0}" -eq 0 ] || [ "${differ:-1}" -ne 0 ]; then die "$differ of $n rows differ from plink2"; fi
	proved "$(thousands "$n") rows of AC, AN against plink2"
	rm -f "$DIR"/plink.* "$DIR/dump.ac.tsv"
}

# against_bgzip WHAT FILE OPTIONS GOAL SERIES
against_bgzip() {
	race vidx "$(build "$2" "$3")" bgzip1 "bgzip -dc -@1 $2" bgzip2 "bgzip -dc -@2 $2"
	row "build, $1" vidx "vidx" "$(faster bgzip1 bgzip2)" "\`bgzip -dc\`, the faster of -@1 and -@2" "goal=ratio<=$4" "series=$5"
	limit=$("$O/bench/inflate" -t "$THREADS" -r "$RUNS" "$2" | awk -v t="$THREADS" '$1 == t { print $2 }')
	[ -n "$limit" ] || die "inflate failed"
	COMMAND[limit]="bench/inflate -t $THREADS $2" WALL[limit]=$limit USER[limit]=0 SYSTEM[limit]=0 PEAK[limit]=0
	row "the same" vidx "vidx" limit "inflating it and splitting its lines, no more" "series=$5" "itself=1"
}

# --- phased GT ---
make_gt
gt="phased GT, $(thousands "$(sim_gt)") x 2,504, 6 groups"
# shellcheck disable=SC2086
"$vidx" build -q -o "$DIR/gt.vidx" $options "$GT" || die "the build failed"
"$vidx" dump -O tsv "$DIR/gt.vidx" >"$DIR/dump.tsv" || die "the dump failed"
awk -F'\t' 'NR > 1 { print $1 "\t" $3 }' "$PANEL" >"$DIR/groups.txt"
if have bcftools; then
	once bcftools "$(bcftools_command)"
	prove_bcftools
fi
plink="plink2 --vcf $GT --output-chr chrM --threads $THREADS --out $DIR/plink"
awk -F'\t' 'NR == 1 { print "#IID\tsuper_pop" } NR > 1 { print $1 "\t" $3 }' "$PANEL" >"$DIR/pheno.txt"
loop="--pheno $DIR/pheno.txt --loop-cats super_pop"
if have plink2; then
	once loop "$plink $loop --freq counts cols=chrom,pos,ref,alt,altfreq,nobs"
	prove_plink2
	once counts "$plink $loop --freq counts --geno-counts"
	once freq "$plink --freq counts"
	rm -f "$DIR"/plink.*
fi
against_bgzip "$gt" "$GT" "$options" 0.6 "phased GT"
if have bcftools; then
	row "the same counts" vidx vidx bcftools "\`bcftools norm -m-any\`, \`+fill-tags -S\` (AC, AN, hom, het, hemi)" "goal=ratio<=0.0167"
else
	absent_row "the same counts" bcftools
fi
if have plink2; then
	row "AC and AN of one group" vidx "vidx, all 6 groups" freq "\`plink2 --freq counts\`" "goal=ratio<=0.0667"
	row "AC and AN of the 5 super-populations" vidx "vidx, all 6 groups" loop "\`plink2 --freq counts --loop-cats\`"
	row "AC, AN and genotype counts of the 5" vidx "vidx, all 6 groups" counts "\`plink2 --freq counts --geno-counts --loop-cats\`"
else
	absent_row "AC and AN" plink2
fi

# --- genotypes with their reads ---
make_full
against_bgzip "GT:AD:DP:GQ:PL, $(thousands "$(sim_full)") x 1,000" "$FULL" "" 0.8 "GT:AD:DP:GQ:PL"

# --- sites ---
make_sites
"$vidx" build -q -o "$DIR/sites.vidx" --no-ids "$SITES" || die "the build failed"
# One count of each kind, of ALL and of a small group, from the text itself.
pick() {
	awk -F'\t' 'BEGIN { OFS = "\t" } !/^#/ { ac = an = hom = "."; n = split($8, f, ";")
		for (i = 1; i <= n; i++) { split(f[i], k, "="); if (k[1] == "AC") ac = k[2]; else if (k[1] == "AN_sas_XY") an = k[2]; else if (k[1] == "nhomalt_nfe_XX") hom = k[2] }
		print $1, ac, an, hom }' | sort | sha256sum
}
[ "$(bgzip -dc "$SITES" | pick)" = "$("$vidx" dump "$DIR/sites.vidx" | pick)" ] || die "counts differ from the file's own"
proved "$(thousands "$(sim_sites)") sites: AC, AN_sas_XY, nhomalt_nfe_XX as in the file"
against_bgzip "gnomAD-like sites, $(thousands "$(sim_sites)") x 27 groups" "$SITES" "--no-ids" 0.9 "gnomAD-like sites"
rm -f "$DIR/bench.vidx" "$DIR/dump.tsv"
