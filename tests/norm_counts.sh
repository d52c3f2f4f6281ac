#!/usr/bin/env bash
# The dump of `build --reference` is what `bcftools norm -m-any -f` and +fill-tags make of the same
# file, record by record and count by count; so is that of its BCF.  For every real file with
# genotypes, moved onto a made-up reference that agrees with its REF columns and spelled anew in
# part; for simulated cohorts; and for random cohorts on small contigs full of repeats.
. tests/lib.sh norm_counts
dir=$SHARED/data/real
BENCH=$O/bench
if ! command -v bcftools >/dev/null; then
	skip "no bcftools here"
	finish
fi
set -o pipefail

# rows INPUT: the dump of its index as $TMP/dump
rows() {
	rm -f "$TMP/t.vidx"
	"$VIDX" build -q --assembly test --counts gt --reference "$TMP/ref.fa" -o "$TMP/t.vidx" "$1" 2>"$TMP/err" &&
		"$VIDX" dump -O tsv --populations ALL --fields contig,pos,ref,alt,id,ac,an,nhomalt,nhemi,het "$TMP/t.vidx" >"$TMP/dump" 2>"$TMP/err"
}

total=0 n_files=0 n_moved=0
# compare NAME MODE SOURCE SEED: see tests/norm_counts.pl
compare() {
	local name=$1 records=0 moved=0 n differ left_out mismatches
	rm -f "$TMP"/ref.fa.*
	perl tests/norm_counts.pl "$2" "$3" "$TMP" "$4" >"$TMP/made" 2>"$TMP/err"
	case $? in
	0) read -r records moved <"$TMP/made" ;;
	3) return ;;
	*)
		bad "$name: norm_counts.pl: $(head -n 1 "$TMP/err")"
		return
		;;
	esac
	if ! bcftools norm -m-any -c w -f "$TMP/ref.fa" "$TMP/b.vcf" 2>"$TMP/err" |
		bcftools +fill-tags - -- -t AC,AN,AC_Hom,AC_Het,AC_Hemi 2>>"$TMP/err" |
		bcftools query -f '%CHROM\t%POS\t%REF\t%ALT\t%XI\t%SPAN\t%AC\t%AN\t%AC_Hom\t%AC_Het\t%AC_Hemi\n' >"$TMP/want"; then
		skip "$name: bcftools: $(grep -m 1 -i error "$TMP/err")"
		return
	fi
	rm -f "$TMP"/ref.fa.*
	if ! rows "$TMP/v.vcf"; then
		bad "$name: $(head -n 1 "$TMP/err")"
		return
	fi
	perl tests/norm_counts.pl compare "$TMP" "$TMP/want" "$TMP/dump" >"$TMP/verdict"
	read -r _ n differ left_out mismatches < <(grep ^RESULT "$TMP/verdict")
	grep -v ^RESULT "$TMP/verdict"
	if [ "${differ:-1}" -eq 0 ]; then ok; else bad "$name: ${differ:-all} of ${n:-0} alleles differ"; fi
	printf '  %-30s %6d records, %6d alleles compared; %5d indels moved; left out %d triploid, %d contradicting\n' \
		"$name" "$records" "$n" "$moved" "$left_out" "$mismatches"
	total=$((total + n)) n_files=$((n_files + 1)) n_moved=$((n_moved + moved))
	mv "$TMP/dump" "$TMP/text.dump"
	if bcftools view -Ob -o "$TMP/c.bcf" "$TMP/c.vcf" 2>"$TMP/err" && rows "$TMP/c.bcf"; then
		same_files "$name: its BCF" "$TMP/text.dump" "$TMP/dump"
	else
		bad "$name: its BCF: $(head -n 1 "$TMP/err")"
	fi
}

real() {
	local file name
	for file in "$dir"/*; do
		name=$(basename "$file")
		case $name in
		*.bcf)
			bcftools view "$file" >"$TMP/text" 2>/dev/null
			if [ ! -s "$TMP/text" ]; then
				skip "$name: bcftools cannot read it"
				continue
			fi
			;;
		*.vcf) cp "$file" "$TMP/text" ;;
		*.gz | *.bgz) gzip -dc "$file" >"$TMP/text" 2>/dev/null ;;
		*) continue ;;
		esac
		if slow && [ "$(wc -c <"$TMP/text")" -gt 3000000 ]; then continue; fi
		rm -f "$TMP"/ref.fa*
		compare "$name" make "$TMP/text" 7
	done
}
if [ -d "$dir" ]; then real; else skip "no $dir here"; fi

# simulated NAME SAMPLES RECORDS CONTIGS SIM-OPTIONS...
simulated() {
	local name=$1 samples=$2 records=$3 contigs=$4
	shift 4
	"$BENCH/sim_reference" --contig "$contigs" --bases $((3000000 + 50 * records)) >"$TMP/ref.fa" || bad "sim_reference"
	"$BENCH/sim_cohort" --samples "$samples" --records "$records" --contig "$contigs" --density 30 "$@" >"$TMP/text" || bad "sim_cohort"
	compare "$name" keep "$TMP/text" 3
}
if slow; then
	simulated "simulated" 100 500 chr21 --indels 0.5 --multi 0.2 --star --missing 0.02
else
	simulated "simulated" 2504 2000 chr21 --indels 0.4 --multi 0.2 --star --missing 0.02
	simulated "simulated, every field" 300 1500 chr20,chrX --format full --indels 0.4 --multi 0.2 --star --half 0.02
	simulated "simulated, ugly" 50 5000 chr21,chrX,chrY,chrM --ugly --indels 0.5
fi

# A cohort of many small contigs, each a case of its own.
random() {
	local seed=$1 contigs=$2
	rm -f "$TMP"/ref.fa*
	perl tests/norm_random.pl "$TMP" "$seed" "$contigs" || bad "norm_random.pl"
	compare "random, seed $seed" keep "$TMP/random.vcf" "$seed"
	grep -v '^#' "$TMP/v.vcf" >"$TMP/body"
	rm -f "$TMP"/piece.*
	split -n l/3 "$TMP/body" "$TMP/piece."
	for f in "$TMP"/piece.a?; do
		{ grep '^#' "$TMP/v.vcf"; cat "$f"; } >"$f.vcf"
	done
	"$VIDX" build -q --threads 3 --assembly test --counts gt --reference "$TMP/ref.fa" -o "$TMP/p.vidx" "$TMP"/piece.a?.vcf 2>"$TMP/err" || bad "random, in pieces: $(head -n 1 "$TMP/err")"
	"$VIDX" dump -O tsv --populations ALL --fields contig,pos,ref,alt,id,ac,an,nhomalt,nhemi,het "$TMP/p.vidx" >"$TMP/dump" 2>"$TMP/err"
	same_files "random, seed $seed, in pieces" "$TMP/text.dump" "$TMP/dump"
}
seeds=${NORM_SEEDS:-1 2 3 4}
if slow; then seeds=1; fi
for seed in $seeds; do random "$seed" 300; done
# More contigs than windows of the reference are kept.
random 9 2600
printf '  %d alleles compared in %d files, %d indels moved, and in as many BCF\n' "$total" "$n_files" "$n_moved"
finish
