# What the claims share; read by them, not run.
#
# A claim is a script of bench/claims/.  It proves answers, then measures, and leaves rows in
# $ROWS: one line each, key=value between tabs, which bench/report.pl makes a table and JSON of.
# bench/run.sh sets: O, MODE (quick or full), RUNS, THREADS, DIR (data), ROWS, OPEN_DIR (--data).
# shellcheck shell=bash disable=SC2034
set -u -o pipefail
export LC_ALL=C

vidx=$O/vidx
timed=$O/bench/timed
# A command that takes longer than this runs once, not RUNS times.
SLOW_SECONDS=10

have() { command -v "$1" >/dev/null 2>&1; }
full() { [ "$MODE" = full ]; }
say() { echo "$*" >&2; }
die() {
	say "bench: $*"
	exit 1
}

# Of each name: what was run, and what its runs took.
declare -A COMMAND WALL USER SYSTEM PEAK

# median LIST: of numbers between commas
median() { tr ',' '\n' <<<"$1" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
# calc EXPRESSION: awk's arithmetic
calc() { awk "BEGIN { printf \"%.6g\", $1 }"; }
less() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }'; }

# race NAME COMMAND [NAME COMMAND]...: RUNS rounds, each command in turn, after one that does not count
race() {
	local names=() commands=() i=0 out
	while [ $# -gt 0 ]; do
		names+=("$1") commands+=("$2") COMMAND[$1]=$2
		shift 2
	done
	out=$("$timed" -w 1 -n "$RUNS" "${commands[@]}") || die "a command failed"
	while IFS=$'\t' read -r wall user system peak; do
		WALL[${names[i]}]=$wall USER[${names[i]}]=$user SYSTEM[${names[i]}]=$system PEAK[${names[i]}]=$peak
		i=$((i + 1))
	done <<<"$out"
}

# once NAME COMMAND: one run; more if it turns out to be no slow one
once() {
	local out wall user system peak w u s p
	COMMAND[$1]=$2
	out=$("$timed" -n 1 "$2") || die "a command failed"
	IFS=$'\t' read -r wall user system peak <<<"$out"
	if less "$wall" $SLOW_SECONDS && [ "$RUNS" -gt 1 ]; then
		out=$("$timed" -n $((RUNS - 1)) "$2") || die "a command failed"
		IFS=$'\t' read -r w u s p <<<"$out"
		wall+=,$w user+=,$u system+=,$s peak+=,$p
	fi
	WALL[$1]=$wall USER[$1]=$user SYSTEM[$1]=$system PEAK[$1]=$peak
}

# faster NAME NAME...: the one of the lowest median
faster() {
	local best=$1
	for n in "$@"; do less "$(median "${WALL[$n]}")" "$(median "${WALL[$best]}")" && best=$n; done
	echo "$best"
}

# side PREFIX NAME LABEL: the fields of one side of a row
side() {
	printf '\t%s.label=%s\t%s.command=%s\t%s.wall=%s\t%s.user=%s\t%s.system=%s\t%s.peak_kib=%s\t%s.value=%s' \
		"$1" "$3" "$1" "${COMMAND[$2]}" "$1" "${WALL[$2]}" "$1" "${USER[$2]}" "$1" "${SYSTEM[$2]}" "$1" "${PEAK[$2]}" \
		"$1" "$(median "${WALL[$2]}")"
}
fields() {
	local f
	for f in "$@"; do printf '\t%s' "$f"; done
}
# row WHAT NAME LABEL RIVAL LABEL [KEY=VALUE]...: seconds of one against the other
row() {
	{
		printf 'what=%s\tunit=s' "$1"
		side vidx "$2" "$3"
		side rival "$4" "$5"
		shift 5
		fields "$@"
		echo
	} >>"$ROWS"
}
# run_row WHAT NAME LABEL [KEY=VALUE]...: seconds, with nothing beside them
run_row() {
	{
		printf 'what=%s\tunit=s' "$1"
		side vidx "$2" "$3"
		shift 3
		fields "$@"
		echo
	} >>"$ROWS"
}
# value_row WHAT UNIT VALUE [KEY=VALUE]...: any other figure
value_row() {
	{
		printf 'what=%s\tunit=%s\tvidx.label=vidx\tvidx.value=%s' "$1" "$2" "$3"
		shift 3
		fields "$@"
		echo
	} >>"$ROWS"
}
# absent_row WHAT RIVAL: a rival that is not installed is said to be
absent_row() {
	printf 'what=%s\trival.label=%s\trival.absent=1\n' "$1" "$2" >>"$ROWS"
	say "  $2 is not installed: no comparison with it"
}
# proved TEXT: what was compared before speeds were taken
proved() {
	printf 'proved=%s\n' "$1" >>"$ROWS"
	say "  equal answers: $1"
}

# made FILE COMMAND: simulated once, kept
made() {
	[ -s "$1" ] && return
	say "  making $1"
	bash -c "set -o pipefail; $2" >"$1.part" || die "cannot make $1"
	mv "$1.part" "$1"
}

bytes() { stat -c %s "$1"; }
# info INDEX KEY: a number of vidx info --json
info() { "$vidx" info --json "$1" | sed -n "s/.*\"$2\":\([0-9.]*\).*/\1/p"; }

# The three files of DESIGN's table, and a sample sheet.
sim_gt() { if full; then echo 200000; else echo 50000; fi; }
sim_full() { if full; then echo 50000; else echo 12500; fi; }
sim_sites() { if full; then echo 1000000; else echo 250000; fi; }
GT=$DIR/gt_$(sim_gt).vcf.gz PANEL=$DIR/panel.tsv
FULL=$DIR/full_$(sim_full).vcf.gz
SITES=$DIR/sites_$(sim_sites).vcf.gz
make_gt() { made "$GT" "$O/bench/sim_cohort --records $(sim_gt) --panel $PANEL | bgzip -@$THREADS -c"; }
make_full() { made "$FULL" "$O/bench/sim_cohort --records $(sim_full) --samples 1000 --format full | bgzip -@$THREADS -c"; }
make_sites() { made "$SITES" "$O/bench/sim_sites --records $(sim_sites) | bgzip -@$THREADS -c"; }
# thousands NUMBER: 200,000
thousands() { sed -E ':a; s/([0-9])([0-9]{3})($|,)/\1,\2\3/; ta' <<<"$1"; }
