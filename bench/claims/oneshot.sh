#!/usr/bin/env bash
# Claim: `vidx get` from a shell takes at most a millisecond more than a program linked to the same
# libraries that does nothing, whatever the size of the index.
. bench/lib.sh

# shoot INDEX
shoot() {
	local query n
	n=$(thousands "$(info "$1" variants)")
	query=$("$vidx" dump "$1" 2>/dev/null | awk '!/^#/ && length($4) == 1 && length($5) == 1 { if (++n == 1000) { print $1 "-" $2 "-" $4 "-" $5; exit } }')
	"$vidx" get "$1" "$query" >"$DIR/got" || die "$query is not found"
	[ "$(wc -l <"$DIR/got")" -gt 1 ] || die "$query has no answer"
	RUNS=201 race get "$vidx get $1 $query" empty "$O/bench/empty"
	row "one-shot \`vidx get\`, $n variants" get vidx empty "an empty program with the same libraries" "goal=diff<=0.001"
}

same_libraries() { [ "$(ldd "$O/bench/empty" | awk '{ print $1 }' | sort)" = "$(ldd "$vidx" | awk '{ print $1 }' | sort)" ]; }
same_libraries || die "the empty program is linked to other libraries than vidx"
proved "vidx and the empty program load the same libraries, and the query has an answer"
make_sites
[ -s "$DIR/sites.vidx" ] || "$vidx" build -q -o "$DIR/sites.vidx" --no-ids "$SITES" || die "the build failed"
shoot "$DIR/sites.vidx"
for index in "$DIR"/scale_*x9.vidx; do [ ! -s "$index" ] || shoot "$index"; done
rm -f "$DIR/got"
