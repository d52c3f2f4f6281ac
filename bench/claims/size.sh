#!/usr/bin/env bash
# Claim: AC, AN and nhomalt of a gnomAD-like sites file take at most 4.5 bytes a variant with one
# group and 20 with 27, any row readable alone.  Whole files are weighed; then the blocks, by part.
. bench/lib.sh

make_sites
n=$(sim_sites)
# weigh WHAT OPTIONS [KEY=VALUE]...
weigh() {
	local what=$1 options=$2
	shift 2
	# shellcheck disable=SC2086
	"$vidx" build -q -o "$DIR/size.vidx" $options "$SITES" || die "the build failed"
	"$vidx" verify -q "$DIR/size.vidx" >/dev/null || die "verify failed"
	value_row "index of $(thousands "$n") sites, $what" "B/variant" "$(calc "$(bytes "$DIR/size.vidx") / $(info "$DIR/size.vidx" variants)")" \
		"command=vidx build $options" "$@"
}
weigh "27 groups" "--no-ids" "goal=value<=20"
weigh "27 groups, with IDs (half of the records have one)" ""
weigh "9 groups" "--no-ids --populations ALL,afr,ami,amr,asj,eas,fin,nfe,sas"
weigh "one group" "--no-ids --populations ALL" "goal=value<=4.5"
weigh "one group, with IDs" "--populations ALL"
rm -f "$DIR/size.vidx"

# Every row packed, read back and compared; then weighed by part.
for groups in 1 9 27; do
	"$O/bench/codec" <("$O/bench/sim_sites" --records "$n" --groups $groups) -x >"$DIR/parts" || die "the codec failed"
	awk -v groups=$groups -v n="$n" '
		/^all three/ { all = $3 } /^AC alone/ { ac = $3 } /^AN alone/ { an = $3 } /^with IDs/ { ids = $3 }
		/^  / { v = $NF; $NF = ""; sub(/ +$/, ""); sub(/^ +/, ""); parts = parts "\tpart." $0 "=" v }
		END { printf "what=blocks of %d sites, %d groups, by part\tdetail=1\tunit=B/variant\tvidx.value=%s\tgroups=%d\tn=%d%s\talone.AC=%s\talone.AN=%s\talone.IDs=%s\n",
			n, groups, all, groups, n, parts, ac, an, ids }' "$DIR/parts" >>"$ROWS"
done
proved "$(thousands "$n") rows of 1, 9 and 27 groups packed, read back, compared"
rm -f "$DIR/parts"
