#!/usr/bin/env bash
# Ploidy by sex on X, Y and MT: the boundaries of PAR base by base; simulated cohorts, whose men are
# haploid there, and the same cohorts with every call written as a diploid's, against the truth that
# the simulator wrote down.
. tests/lib.sh sex
SIM=$O/bench/sim_cohort
case $O in /*) ;; *) SIM=$PWD/$SIM ;; esac
total=0

# build WHAT INPUT OPTIONS...: $TMP/t.vidx and its rows in $TMP/dump
build() {
	local what=$1 input=$2
	shift 2
	rm -f "$TMP/t.vidx" "$TMP/dump"
	if "$VIDX" build -q -o "$TMP/t.vidx" "$@" "$input" 2>"$TMP/err" &&
		"$VIDX" dump -O tsv "$TMP/t.vidx" >"$TMP/dump" 2>"$TMP/err"; then
		ok
	else
		bad "$what: $(head -n 1 "$TMP/err")"
	fi
}

# One record on each base beside a boundary, all three people 1/1: AN 6 as written; in X outside PAR
# 1 (he) + 2 (she) + 2 (of unknown sex), in Y 1 + 0 + 2, in MT 3.
boundaries() {
	local assembly=$1 prefix=$2 mt=$3
	shift 3
	printf 's\tsex\nhe\tXY\nshe\tXX\nthey\tNA\n' >"$TMP/three"
	{
		printf '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\the\tshe\tthey\n'
		for range in "$@"; do # X:FIRST-LAST
			edge=${range#*:}
			for at in "${edge%-*}" "${edge#*-}"; do
				for pos in $((at - 1)) "$at" $((at + 1)); do
					printf '%s%s\t%d\t.\tA\tC\t.\t.\t.\tGT\t1/1\t1/1\t1/1\n' "$prefix" "${range%:*}" "$pos"
				done
			done
		done
		for pos in 1 16569; do
			printf '%s\t%d\t.\tA\tC\t.\t.\t.\tGT\t1/1\t1/1\t1/1\n' "$mt" $pos
		done
		printf '%s1\t10001\t.\tA\tC\t.\t.\t.\tGT\t1/1\t1/1\t1/1\n' "$prefix"
	} >"$TMP/par.vcf"
	{
		printf '%s1\t10001\t6\t6\t3\t0\n' "$prefix"
		for range in "$@"; do
			edge=${range#*:} an=3 hemi=1 hom=1
			[ "${range%:*}" = Y ] || an=5 hom=2
			for pos in $((${edge%-*} - 1)) "${edge%-*}" $((${edge%-*} + 1)) $((${edge#*-} - 1)) "${edge#*-}" $((${edge#*-} + 1)); do
				if [ "$pos" -ge "${edge%-*}" ] && [ "$pos" -le "${edge#*-}" ]; then
					printf '%s%s\t%d\t6\t6\t3\t0\n' "$prefix" "${range%:*}" "$pos"
				else
					printf '%s%s\t%d\t%d\t%d\t%d\t%d\n' "$prefix" "${range%:*}" "$pos" $an $an $hom $hemi
				fi
			done
		done
		for pos in 1 16569; do printf '%s\t%d\t3\t3\t0\t3\n' "$mt" $pos; done
	} >"$TMP/want"
	build "$assembly boundaries" "$TMP/par.vcf" --assembly "$assembly" --samples "$TMP/three"
	columns "$TMP/dump" contig pos ac an nhomalt nhemi >"$TMP/got"
	same_files "$assembly: bases at the boundaries" "$TMP/want" "$TMP/got"
	printf '  %-40s %6d bases\n' "$assembly, boundaries" "$(wc -l <"$TMP/got")"
	build "$assembly, --no-sex-ploidy" "$TMP/par.vcf" --assembly "$assembly" --samples "$TMP/three" --no-sex-ploidy
	equal "$assembly, --no-sex-ploidy: other counts than as written" "" \
		"$(columns "$TMP/dump" ac an nhomalt nhemi | grep -v -P '^6\t6\t3\t0$')"
}

# columns FILE NAME...: these columns of a dump
columns() {
	local file=$1
	shift
	awk -F'\t' -v OFS='\t' -v names="$*" '
		NR == 1 { n = split(names, name, " "); for (i = 1; i <= NF; i++) { sub(/^#/, "", $i); at[$i] = i } next }
		{ line = $at[name[1]]; for (i = 2; i <= n; i++) line = line OFS $at[name[i]]; print line }' "$file"
}

# verdict NAME: compares $TMP/want with $TMP/dump
verdict() {
	perl tests/expected.pl "$TMP/want" "$TMP/dump" /dev/null >"$TMP/verdict"
	read -r _ n differ _ < <(grep ^RESULT "$TMP/verdict")
	grep -v ^RESULT "$TMP/verdict"
	if [ "${differ:-1}" -eq 0 ] && [ "${n:-0}" -gt 0 ]; then ok; else bad "$1: ${differ:-all} of ${n:-0} rows differ"; fi
	total=$((total + ${n:-0}))
	printf '  %-40s %6d rows compared\n' "$1" "${n:-0}"
}

# The cohort with every haploid call written twice (1 as 1|1, ./1 or 1/.), those missing as hets, and
# for women on Y whatever there is.
write_diploid() {
	awk -F'\t' -v OFS='\t' '
		NR == FNR { if (FNR > 1) woman[$1] = $4 == "female"; next }
		/^#CHROM/ { for (i = 10; i <= NF; i++) she[i] = woman[$i] }
		/^#/ { print; next }
		$1 !~ /^(chr)?(X|Y|M|MT)$/ { print; next }
		{
			for (i = 10; i <= NF; i++) {
				gt = $i; rest = ""
				if (colon = index(gt, ":")) { rest = substr(gt, colon); gt = substr(gt, 1, colon - 1) }
				if (gt ~ /[|\/]/) continue
				k++
				if (she[i] && $1 ~ /Y$/)
					gt = k % 4 == 0 ? "1|1" : k % 4 == 1 ? "0/1" : k % 4 == 2 ? "0" : "./1"
				else if (gt == ".")
					gt = k % 2 ? "0|1" : "./."
				else
					gt = k % 5 == 0 ? "./" gt : k % 7 == 0 ? gt "|." : k % 11 == 0 ? gt "/" gt "/" gt : gt "|" gt
				$i = gt rest
			}
			print
		}' "$TMP/panel" "$TMP/c.vcf" >"$TMP/diploid.vcf"
}

# The same with nothing but three characters a call: the fast path.
write_plain() {
	awk -F'\t' -v OFS='\t' '/^#/ { print; next } {
		for (i = 10; i <= NF; i++) if ($i !~ /[|\/]/) $i = $i "|" $i
		print }' "$TMP/c.vcf" >"$TMP/plain.vcf"
}

# against_truth NAME SAMPLES RECORDS SIM-OPTIONS...
against_truth() {
	local name=$1 samples=$2 records=$3 suffix p
	local sheet=(--samples "$TMP/panel" --group-by super_pop --by-sex)
	shift 3
	"$SIM" --samples "$samples" --records "$records" --panel "$TMP/panel" --truth "$@" >"$TMP/c.vcf" || bad "the simulator"
	bcftools norm -m-any "$TMP/c.vcf" >"$TMP/split.vcf" 2>/dev/null || bad "bcftools norm"
	: >"$TMP/want"
	for p in ALL AFR AMR EAS EUR SAS; do
		suffix=_$p
		[ $p != ALL ] || suffix=
		bcftools query -f "%CHROM\t%POS\t%REF\t%ALT\t$p\t%TRUE_AC$suffix\t%TRUE_AN$suffix\t%TRUE_HOM$suffix\t%TRUE_HET$suffix\t%TRUE_HEMI$suffix\n" "$TMP/split.vcf" |
			awk -F'\t' -v OFS='\t' '{ if ($8 != ".") $8 *= 2; print }' >>"$TMP/want"
	done
	build "$name" "$TMP/c.vcf" "${sheet[@]}"
	verdict "$name, haploid men"
	cp "$TMP/dump" "$TMP/haploid"
	write_diploid
	build "$name, diploid men" "$TMP/diploid.vcf" "${sheet[@]}"
	verdict "$name, diploid men"
	same_files "$name: populations of men and women" "$TMP/haploid" "$TMP/dump"
	bcftools view -Ob -o "$TMP/diploid.bcf" "$TMP/diploid.vcf" 2>/dev/null || bad "bcftools view"
	build "$name, diploid men, BCF" "$TMP/diploid.bcf" "${sheet[@]}"
	verdict "$name, diploid men, BCF"
	same_files "$name: BCF" "$TMP/haploid" "$TMP/dump"
	write_plain
	build "$name, three letters a call" "$TMP/plain.vcf" "${sheet[@]}"
	same_files "$name: three letters a call" "$TMP/haploid" "$TMP/dump"
	# As written: what a sheet without sexes gives, too.
	cut -f1-3 "$TMP/panel" >"$TMP/sexless"
	build "$name, no sexes" "$TMP/diploid.vcf" --samples "$TMP/sexless" --group-by super_pop
	mv "$TMP/dump" "$TMP/as_written"
	build "$name, --no-sex-ploidy" "$TMP/diploid.vcf" --samples "$TMP/panel" --group-by super_pop --no-sex-ploidy
	same_files "$name: --no-sex-ploidy" "$TMP/as_written" "$TMP/dump"
}

# Cohorts of every ugly shape against the model.
against_model() {
	local n=$1 i assembly contigs lines
	: >"$TMP/list"
	for i in $(seq "$n"); do
		assembly=GRCh38 contigs=chr20,chrX,chrY,chrM
		[ $((i % 2)) -eq 0 ] || assembly=GRCh37 contigs=20,X,Y,MT
		"$SIM" --assembly $assembly --contig $contigs --samples $((30 + 13 * i)) --records 400 --seed "$i" --ugly \
			--missing 0.03 --half 0.03 --panel "$TMP/panel" >"$TMP/c.vcf" || bad "the simulator"
		write_diploid
		# One in four of unknown sex.
		awk -F'\t' -v OFS='\t' 'NR % 4 == 0 { $4 = "NA" } { print }' "$TMP/panel" >"$TMP/panel$i"
		mv "$TMP/diploid.vcf" "$TMP/c$i.vcf"
		echo "--assembly $assembly --samples $TMP/panel$i --group-by super_pop --by-sex $TMP/c$i.vcf" >>"$TMP/list"
	done
	"$TESTS/model" --list "$TMP/list" >"$TMP/want" || bad "the model"
	"$TESTS/build_many" -o "$TMP/t.vidx" "$TMP/list" >"$TMP/got" 2>"$TMP/err" || bad "build_many: $(tail -n 1 "$TMP/err")"
	same_files "the model" "$TMP/want" "$TMP/got"
	lines=$(grep -v -c '^#' "$TMP/want")
	check "rows of the model" test "$lines" -gt 1000
	total=$((total + lines))
	printf '  %-40s %6d rows compared\n' "the model, $n ugly cohorts" "$lines"
}

boundaries GRCh38 chr chrM X:10001-2781479 X:155701383-156030895 Y:10001-2781479 Y:56887903-57217415
boundaries GRCh37 '' MT X:60001-2699520 X:154931044-155260560 Y:10001-2649520 Y:59034050-59363566
if slow; then against_model 2; else against_model 8; fi
if ! command -v bcftools >/dev/null; then
	skip "no bcftools here to split the truth"
	finish
fi
if slow; then
	against_truth "GRCh38" 200 600 --contig chr20,chrX,chrY,chrM --multi 0.2 --star --missing 0.02 --half 0.02
else
	against_truth "GRCh38" 2504 400 --contig chr20,chrX,chrY,chrM --multi 0.1 --star --missing 0.02 --half 0.02 --seed 11
	against_truth "GRCh37" 300 2000 --assembly GRCh37 --contig X,Y,MT --multi 0.2 --star --missing 0.05 --half 0.05 --seed 12
	against_truth "GRCh38, more fields" 300 800 --format full --contig chrX,chrY,chrM --multi 0.2 --missing 0.05 --seed 13
fi
echo "  $total rows compared"
finish
