#!/usr/bin/env bash
# Claim: a random get, hit or miss, all groups decoded, takes at most 0.4 of what LMDB takes with one
# key per variant and the same content, and at 100 M variants at most 1.5 times what it takes at 10 M.
# Then every lookup timed alone, beside LMDB, RocksDB and SQLite: the distribution.
. bench/lib.sh

# index RECORDS: of so many sites, 9 groups, streamed; kept for the other claims
index() {
	local path=$DIR/scale_$1x9.vidx
	if [ ! -s "$path" ]; then
		say "  making $path"
		"$O/bench/sim_sites" --records "$1" --groups 9 | "$vidx" build -q -o "$path" --no-ids - || die "the build failed"
	fi
	echo "$path"
}

# lookups RECORDS: the rows of bench/get
lookups() {
	local path what ours unit rival label theirs goal
	path=$(index "$1")
	"$O/bench/get" "$path" --dir "$DIR" --rounds "$RUNS" --threads "$THREADS" --huge-pages --cold 1000 >"$DIR/get.out" || die "get failed"
	proved "$(thousands "$1") variants: $(sed -n 's/^equal answers: //p' "$DIR/get.out"), and batches as single ones"
	while IFS='|' read -r _ what ours rival _; do
		read -r ours unit <<<"$ours"
		label=${rival%%:*} label=${label# } theirs=${rival#*: } theirs=${theirs%% *} what=${what# } what=${what% } goal=''
		case $what in
		random*threads*) goal="ratio>=$(calc "0.95 * $THREADS")	itself=1" ;;
		get_many*threads*) goal="	itself=1" ;;
		random*huge*) goal="ratio<=0.4" huge[$1]=${huge[$1]:-$ours} ;;
		random*) goal="ratio<=0.4" hit[$1]=${hit[$1]:-$ours} ;;
		get_many*huge*) goal="gain>=4	itself=1" ;;
		get_many*) goal="gain>=4	itself=1" many[$1]=${many[$1]:-$ours} ;;
		dependent*)
			printf 'what=random get, hit, %s variants\tunit=ns\tvidx.label=vidx\tvidx.value=%s\trival.label=one read of memory that waits for the last, %s\trival.value=%s\titself=1\n' \
				"$(thousands "$1")" "${hit[$1]}" "$(sed -E 's/.* (in [0-9]+ MB),.*/\1/' <<<"$what")" "$ours"
			continue
			;;
		*faults*) goal="value<=2" label='' ;;
		*) label='' ;;
		esac
		printf 'what=%s\tunit=%s\tvidx.label=vidx\tvidx.command=bench/get\tvidx.value=%s\tn=%s\tgroups=9' "$(sed -E "s/, [0-9]+ variants/, $(thousands "$1") variants/" <<<"$what")" \
			"$unit" "$ours" "$1"
		[ -z "$label" ] || printf '\trival.label=%s\trival.value=%s' "$label" "$theirs"
		printf '\tgoal=%s\n' "$goal"
	done < <(grep '^| ' "$DIR/get.out") >>"$ROWS"
	value_row "size of the rival, $(thousands "$1") variants" B/variant "$(sed -n 's/^size of the rival: \([0-9.]*\).*/\1/p' "$DIR/get.out")" "detail=1"
	rm -f "$DIR/get.out"
}
# growth FROM TO HOW FROM_NS TO_NS: a hit among so many more
growth() {
	printf 'what=random get%s, hit, %s variants against %s\tunit=ns\tvidx.label=vidx\tvidx.value=%s\trival.label=the smaller\trival.value=%s\tgoal=ratio<=1.5\titself=1\n' \
		"$3" "$(thousands "$2")" "$(thousands "$1")" "$5" "$4" >>"$ROWS"
}
# limit RECORDS: hits among so few that all lies in the caches, which is what the instructions take
# alone; against the same among the RECORDS before.
limit() {
	local small=$DIR/scale_20000x9.vidx what n
	n=$(thousands "$1")
	"$O/bench/sim_sites" --records 20000 --groups 9 | "$vidx" build -q -o "$small" --no-ids - || die "the build failed"
	"$O/bench/get" "$small" --no-rival --queries 10000 --rounds 63 >"$DIR/get.out" || die "get failed"
	while IFS='|' read -r _ what ours _; do
		read -r ours _ <<<"$ours"
		case $what in
		*random*hit*) what="random get, hit, $n variants" theirs=$ours ours=${hit[$1]} ;;
		*get_many*hit*) what="get_many, 1000 at a time, hit, $n variants" theirs=$ours ours=${many[$1]} ;;
		*) continue ;;
		esac
		printf 'what=%s\tunit=ns\tvidx.label=vidx\tvidx.value=%s\trival.label=its instructions alone (20,000 variants, in the caches)\trival.value=%s\titself=1\n' \
			"$what" "$ours" "$theirs"
	done < <(grep '^| ' "$DIR/get.out") >>"$ROWS"
	rm -f "$small" "$DIR/get.out"
}
declare -A hit huge many

# opening RECORDS: what a long-lived reader pays once
opening() {
	local path ms kib
	path=$(index "$1")
	IFS=$'\t' read -r ms kib _ < <("$O/bench/open" "$path" "$RUNS")
	[ -n "${kib:-}" ] || die "open failed"
	value_row "opening an index of $(thousands "$1") variants x 9 groups" s "$(calc "$ms / 1000")" "n=$1"
	value_row "memory of its directory, beside the mapped file" MiB "$(calc "$kib / 1024")" "n=$1"
}

# distribution RECORDS: the rows of bench/latency
distribution() {
	local path
	path=$(index "$1")
	"$O/bench/latency" "$path" --dir "$DIR" --rounds "$RUNS" --histogram "${ROWS%/*}/latency.tsv" >"$DIR/latency.out" || die "latency failed"
	proved "$(thousands "$1") variants: $(sed -n 's/^proved\t//p' "$DIR/latency.out")"
	awk -F'\t' -v n="$(thousands "$1")" '
		$1 == "clock" { clock = $2 }
		$1 == "latency" && $2 == "vidx" { for (i = 4; i <= 9; i++) v[$3, i] = $i }
		$1 == "latency" && $2 != "vidx" { store[++k] = $2; kind[k] = $3; p[k] = $5; p99[k] = $7; size[k] = $9 }
		END { for (i = 1; i <= k; i++) printf "what=one get alone, %s, %s variants x 9 groups, median\tunit=ns\tvidx.label=vidx\tvidx.command=bench/latency\tvidx.value=%s\trival.label=%s\trival.value=%s\tvidx.p99=%s\trival.p99=%s\tvidx.bytes=%s\trival.bytes=%s\tclock_ns=%s\n",
			kind[i], n, v[kind[i], 5], store[i], p[i], v[kind[i], 7], p99[i], v[kind[i], 9], size[i], clock }' "$DIR/latency.out" >>"$ROWS"
	for store in RocksDB SQLite; do
		grep -q "	$store	" "$DIR/latency.out" || absent_row "one get alone" "$store"
	done
	rm -f "$DIR/latency.out"
}

if full; then
	lookups 10000000
	limit 10000000
	lookups 100000000
	growth 10000000 100000000 "" "${hit[10000000]}" "${hit[100000000]}"
	growth 10000000 100000000 " on huge pages" "${huge[10000000]}" "${huge[100000000]}"
	opening 10000000
	opening 100000000
	distribution 10000000
else
	lookups 1000000
	limit 1000000
	opening 1000000
	distribution 1000000
fi
