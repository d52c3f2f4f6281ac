#!/usr/bin/env bash
# Every record accounted for: records read = indexed + nothing to index + rejected by reason, and
# alleles seen = indexed + dropped by reason, in the report, in `info` and for each input, against
# lines and ALTs counted apart from the engine.  All files that build, under --pass-only and
# --strict too, one by one and several together.
. tests/lib.sh accounting

# build ARGS...: with a made-up assembly where the header does not tell one
build() {
	rm -f "$TMP/t.vidx" "$TMP/r.json"
	"$VIDX" build -q -o "$TMP/t.vidx" --report "$TMP/r.json" "$@" 2>"$TMP/err"
	local status=$?
	if [ $status -eq 2 ] && grep -q -e --assembly "$TMP/err"; then
		"$VIDX" build -q -o "$TMP/t.vidx" --report "$TMP/r.json" --assembly test "$@" 2>"$TMP/err"
		status=$?
	fi
	return $status
}

n_files=0 n_records=0 n_alleles=0
declare -A why

# account WHAT MODE FILE...: of the index just built; MODE is - or pass
account() {
	local what=$1 mode=${2#-} verdict rest word
	shift 2
	"$VIDX" info --json "$TMP/t.vidx" >"$TMP/info.json"
	# shellcheck disable=SC2086
	verdict=$(perl tests/accounting.pl check $mode "$TMP/r.json" "$TMP/info.json" "$@" 2>&1)
	case $verdict in
	ok\ *)
		ok
		read -r _ records indexed nothing rejected alleles _ _ rest <<<"$verdict"
		n_files=$((n_files + 1)) n_records=$((n_records + records)) n_alleles=$((n_alleles + alleles))
		for word in $rest; do why[${word%=*}]=$((${why[${word%=*}]:-0} + ${word#*=})); done
		[ -z "${TELL:-}" ] || printf '  %-34s %7d records = %7d indexed + %6d nothing + %5d rejected; %7d alleles; %s\n' \
			"$what" "$records" "$indexed" "$nothing" "$rejected" "$alleles" "$rest"
		;;
	*)
		bad "$what:"
		head -n 4 <<<"$verdict"
		;;
	esac
}

# readable FILE: BCF is counted by way of bcftools
readable() {
	case $1 in
	*.bcf) bcftools view "$1" >/dev/null 2>&1 ;;
	*) true ;;
	esac
}

mapfile -t files < <(ls "$SHARED"/data/real/*vcf* "$SHARED"/data/real/*.bcf "$SHARED"/data/bad/*vcf* \
	"$SHARED"/data/bad/*.bcf 2>/dev/null)
[ ${#files[@]} -gt 0 ] || skip "no $SHARED/data here"
refused=0
TELL=1
for file in "${files[@]}"; do
	name=${file#"$SHARED"/data/}
	build "$file"
	case $? in
	0) ;;
	3)
		refused=$((refused + 1))
		check "$name: refused, and leaves nothing" test ! -e "$TMP/t.vidx" -a ! -e "$TMP/r.json"
		continue
		;;
	*)
		bad "$name: $(head -n 1 "$TMP/err")"
		continue
		;;
	esac
	if ! readable "$file"; then
		skip "$name: bcftools cannot read it"
		continue
	fi
	account "$name" - "$file"
	slow && continue
	TELL=
	if build --pass-only "$file"; then
		account "$name --pass-only" pass "$file"
	else
		bad "$name --pass-only: $(head -n 1 "$TMP/err")"
	fi
	# Nothing is rejected, or the first fault ends it and leaves nothing.
	if build --strict "$file"; then
		account "$name --strict" - "$file"
		equal "$name --strict: rejected" 0 "$(sed -n 's/.*"nothing_to_index": [0-9]*, "rejected": {\(.*\)}},*$/\1/p' "$TMP/r.json" | wc -w)"
	else
		equal "$name --strict: exit code" 3 $?
		check "$name --strict: leaves nothing" test ! -e "$TMP/t.vidx" -a ! -e "$TMP/r.json"
	fi
	TELL=1
done
[ ${#files[@]} -eq 0 ] || printf '  %d files refused, with exit status 3 and nothing left behind\n' $refused
TELL=

# With a reference, where REF may be another's.
before=$n_files
while read -r input reference; do
	# These have no counts: each allele gets one.
	perl -F'\t' -lane '
		s/,length=\d+//, print, next if /^##/;
		print "##INFO=<ID=AC,Number=A,Type=Integer,Description=\"x\">" if /^#/;
		print "##INFO=<ID=AN,Number=1,Type=Integer,Description=\"x\">" if /^#/;
		$F[7] = "AC=" . join(",", map { 1 } split /,/, $F[4]) . ";AN=99" unless /^#/;
		print join "\t", @F[0 .. 7]' "$SHARED/data/bcftools/$input" >"$TMP/$input"
	if build --reference "$SHARED/data/bcftools/$reference" "$TMP/$input"; then
		account "$input --reference" - "$TMP/$input"
	else
		bad "$input --reference: $(grep -v warning "$TMP/err" | head -n 1)"
	fi
done < <(awk -F'\t' 'NR > 1 && $3 != "" { print $2, $3 }' "$SHARED/data/bcftools/COMMANDS.tsv" 2>/dev/null | sort -u)
printf '  %d builds with a reference, %d REF that are not its\n' $((n_files - before)) "${why[rejected:ref_mismatch]:-0}"

# Random small cohorts of every ugly shape, in one to three pieces.
n=150
slow && n=50
"$TESTS/random_vcf" -o "$TMP" -n $n -s 9 >"$TMP/list" || bad "the generator"
before=$n_files
while IFS= read -r line; do
	# shellcheck disable=SC2086
	set -- ${line%% --*}
	options=()
	[ "$line" = "${line% --*}" ] || read -ra options <<<"--${line#* --}"
	[ "${options[0]:-}" != --samples ] || options=()
	if build "${options[@]}" "$@"; then account "$line" - "$@"; fi
	if build --pass-only "${options[@]}" "$@"; then account "$line --pass-only" pass "$@"; fi
done <"$TMP/list"
echo "  $((n_files - before)) builds of $n random cohorts (seed 9)"
check "most of them build" [ $((n_files - before)) -gt $n ]

# Several inputs, one of which ends with rows that belong before its beginning: of which records
# every allele came before, in input order, and of which input they are.
perl tests/accounting.pl make "$TMP"
for order in "a b c" "b a c" "c b a" "a a b" "b c a"; do
	paths=()
	for x in $order; do paths+=("$TMP/$x.vcf"); done
	build "${paths[@]}" || bad "$order: $(head -n 1 "$TMP/err")"
	check "$order: a second pass" grep -q "in a second pass" "$TMP/err"
	verdict=$(perl tests/accounting.pl first "$TMP/r.json" "${paths[@]}" 2>&1)
	if [ "${verdict%% *}" = ok ]; then ok; else bad "$order: $(head -n 3 <<<"$verdict")"; fi
	account "$order" - "${paths[@]}"
done
printf '  in all %d builds: %d records, %d alleles, every one accounted for:\n' $n_files $n_records $n_alleles
for word in "${!why[@]}"; do printf '    %-24s %8d\n' "$word" "${why[$word]}"; done | sort
finish
