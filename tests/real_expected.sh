#!/usr/bin/env bash
# Every real file that bcftools has counted: the dump of its index must hold the same numbers.
. tests/lib.sh real_expected
dir=$SHARED/data
if [ ! -d "$dir/expected" ]; then
	skip "no $dir/expected here"
	finish
fi

# build FILE: with the assembly the header tells, else with a made-up name
build() {
	"$VIDX" build -q -o "$TMP/t.vidx" "$1" 2>"$TMP/err"
	local status=$?
	if [ $status -eq 2 ] && grep -q -e --assembly "$TMP/err"; then
		"$VIDX" build -q -o "$TMP/t.vidx" --assembly test "$1" 2>"$TMP/err"
		status=$?
	fi
	return $status
}

total=0 n_files=0
for answer in "$dir"/expected/*.filltags.tsv.gz; do
	name=$(basename "$answer" .filltags.tsv.gz)
	file=
	for f in "$dir/real/$name" "$dir/real/$name".{vcf.gz,vcf,vcf.bgz,bcf,g.vcf.gz,g.bcf}; do
		if [ -f "$f" ]; then
			file=$f
			break
		fi
	done
	if [ -z "$file" ]; then
		bad "$name: no such real file"
		continue
	fi
	case $file in
	*.bcf)
		if ! bcftools view "$file" >"$TMP/text" 2>/dev/null; then
			skip "$name: needs bcftools to read a BCF's genotypes"
			continue
		fi
		;;
	*.vcf) cp "$file" "$TMP/text" ;;
	*) gzip -dc "$file" >"$TMP/text" 2>/dev/null ;;
	esac
	rm -f "$TMP/t.vidx"
	if ! build "$file"; then
		bad "$name: vidx build: $(head -n 1 "$TMP/err")"
		continue
	fi
	if ! "$VIDX" dump -O tsv "$TMP/t.vidx" >"$TMP/dump" 2>"$TMP/err"; then
		bad "$name: vidx dump: $(head -n 1 "$TMP/err")"
		continue
	fi
	perl tests/expected.pl "$answer" "$TMP/dump" "$TMP/text" >"$TMP/verdict"
	read -r _ n differ left_out < <(grep ^RESULT "$TMP/verdict")
	if [ "${differ:-1}" -eq 0 ]; then ok; else bad "$name: $differ rows differ"; fi
	grep -v ^RESULT "$TMP/verdict"
	printf '  %-28s %7d rows compared%s\n' "$name" "$n" "$([ "$left_out" -eq 0 ] || echo ", $left_out with triploids left out")"
	total=$((total + n)) n_files=$((n_files + 1))
done
echo "  $total rows compared in $n_files files"
finish
