#!/usr/bin/env bash
# One's own files: each VCF and BCF of a directory is built, against `bgzip -dc` of the same bytes, and
# on 1, 2, 4 ... threads.  Before that the build's account of the records is compared with the file's
# lines, and where there are genotypes AC and AN of everybody with bcftools.
. bench/lib.sh

[ -d "$OPEN_DIR" ] || die "no directory to read: --data DIR"
shopt -s nullglob
files=("$OPEN_DIR"/*.vcf.gz "$OPEN_DIR"/*.vcf.bgz "$OPEN_DIR"/*.bcf "$OPEN_DIR"/*.vcf)
[ ${#files[@]} -gt 0 ] || die "no *.vcf.gz, *.vcf.bgz, *.bcf or *.vcf in $OPEN_DIR"

text() {
	case $1 in
	*.vcf) cat "$1" ;;
	*.bcf) bcftools view "$1" ;;
	*) gzip -dcf "$1" ;;
	esac
}

# Both counted as the text has it: no rules of sex, alleles trimmed, the first of equal alleles.
prove_counts() {
	have bcftools || return 0
	(set +o pipefail && text "$1" 2>/dev/null | grep -m 1 '^#CHROM' | grep -q FORMAT) || return 0
	# shellcheck disable=SC2086
	"$vidx" build -q -o "$DIR/plain.vidx" --counts gt --no-sex-ploidy $DATA_OPTIONS "$1" || return 0
	"$vidx" dump -O tsv --populations ALL "$DIR/plain.vidx" |
		awk -F'\t' 'BEGIN { OFS = "\t" } NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next } { $c["nhomalt"] = $c["nhemi"] = $c["het"] = 0; print }' >"$DIR/dump.tsv"
	bcftools norm -m-any -Ou "$1" 2>/dev/null | bcftools +fill-tags - -Ou -- -t AC,AN 2>/dev/null |
		bcftools query -f '%CHROM\t%POS\t%REF\t%ALT\tALL\t%AC\t%AN\t0\t0\t0\n' >"$DIR/want.tsv" || return 0
	read -r _ n differ _ < <(perl tests/expected.pl "$DIR/want.tsv" "$DIR/dump.tsv" /dev/null | grep ^RESULT)
	if [ "${differ:-1}" -eq 0 ]; then
		proved "$(basename "$1"): AC and AN of $(thousands "$n") alleles against bcftools"
	else
		value_row "$(basename "$1"): alleles that bcftools counts otherwise" "of $n" "$differ"
	fi
	rm -f "$DIR/plain.vidx" "$DIR/dump.tsv" "$DIR/want.tsv"
}

for file in "${files[@]}"; do
	name=$(basename "$file")
	# shellcheck disable=SC2086
	if ! report=$("$vidx" build -q --json -o "$DIR/data.vidx" $DATA_OPTIONS "$file" 2>"$DIR/data.err"); then
		printf 'what=build of %s\trival.label=no index: %s\tunit=s\n' "$name" "$(tail -n 1 "$DIR/data.err" | sed "s|.*$name: ||")" >>"$ROWS"
		continue
	fi
	records=$(sed -n 's/.*"records":\([0-9]*\).*/\1/p' <<<"$report")
	lines=$(text "$file" | grep -vc '^#')
	[ "$records" = "$lines" ] || die "$name has $lines records, and the build speaks of $records"
	proved "$name: all $(thousands "$lines") records accounted for"
	prove_counts "$file"
	commands=()
	for ((n = 1; n < THREADS; n *= 2)); do commands+=("t$n" "$vidx build -q -o $DIR/data.vidx --threads $n $DATA_OPTIONS $file"); done
	commands+=("t$THREADS" "$vidx build -q -o $DIR/data.vidx --threads $THREADS $DATA_OPTIONS $file")
	case $file in
	*.vcf) race "${commands[@]}" cat "cat $file" ;;
	*) race "${commands[@]}" bgzip1 "bgzip -dc -@1 $file" bgzip2 "bgzip -dc -@$THREADS $file" ;;
	esac
	for ((n = 1; n < THREADS; n *= 2)); do run_row "build of $name, threads: $n" "t$n" vidx "series=$name" "threads=$n"; done
	what="build of $name, $(thousands "$records") records, threads: $THREADS"
	case $file in
	*.vcf) row "$what" "t$THREADS" vidx cat "\`cat\`" "series=$name" "threads=$THREADS" ;;
	*) row "$what" "t$THREADS" vidx "$(faster bgzip1 bgzip2)" "\`bgzip -dc\`, the faster of -@1 and -@$THREADS" "series=$name" "threads=$THREADS" ;;
	esac
	value_row "its index" "B/variant" "$(calc "$(bytes "$DIR/data.vidx") / ($(info "$DIR/data.vidx" variants) + !$(info "$DIR/data.vidx" variants))")"
done
rm -f "$DIR/data.vidx" "$DIR/data.err"
