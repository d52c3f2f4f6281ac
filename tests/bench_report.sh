#!/usr/bin/env bash
# The bench house without its benchmarks: the stopwatch, and what is made of the rows of a claim.
. tests/lib.sh bench_report
TIMED=${TESTS%/tests}/bench/timed

# --- timed ---
out=$("$TIMED" -n 3 -w 1 true "echo x >>$TMP/ran; sleep 0.01")
equal "a line for each command" 2 "$(wc -l <<<"$out")"
equal "a number for each round" 3 "$(tail -n 1 <<<"$out" | cut -f1 | tr ',' '\n' | wc -l)"
check "the clock runs" awk -v t="$(tail -n 1 <<<"$out" | cut -f1 | cut -d, -f1)" 'BEGIN { exit !(t >= 0.01) }'
equal "rounds, and one to warm" 4 "$(wc -l <"$TMP/ran")"
equal "no input unless asked for" "" "$(echo y | "$TIMED" -n 1 "cat >$TMP/in" >/dev/null && cat "$TMP/in")"
equal "input when asked for" y "$(echo y | "$TIMED" -i -n 1 "cat >$TMP/in" >/dev/null && cat "$TMP/in")"
"$TIMED" -n 1 "echo because >&2; exit 3" >/dev/null 2>"$TMP/err"
equal "a failure ends it" "1 because" "$? $(head -n 1 "$TMP/err")"
"$TIMED" -n 1 no-such-program >/dev/null 2>"$TMP/err"
equal "so does a program that is not there" 1 $?

# --- report ---
mkdir "$TMP/r"
printf '%s\n' 'cpu=A "quick" one' cpus=2 'numa=1 NUMA node(s)' memory_gib=8 'kernel=Linux 6' filesystem=xfs version.vidx=1.10 version.wrk=absent >"$TMP/r/machine.tsv"
{
	printf 'mode=quick\truns=3\tthreads=2\tdate=2020-01-01T00:00:00Z\n'
	printf 'proved=7 answers\n'
	printf 'what=fast\tunit=s\tvidx.label=vidx\tvidx.command=vidx build "x"\tvidx.wall=0.5,0.6,0.4\tvidx.value=0.5\trival.label=slow\trival.value=2\tgoal=ratio<=0.3\n'
	printf 'what=late\tunit=s\tvidx.label=vidx\tvidx.value=3\trival.label=early\trival.value=2\tgoal=ratio<=0.9\n'
	printf 'what=none\trival.label=gone\trival.absent=1\n'
	printf 'what=start\tunit=s\tvidx.value=0.0061\trival.label=empty\trival.value=0.006\tgoal=diff<=0.001\n'
	printf 'what=small\tunit=B\tvidx.value=4.4\tgoal=value<=4.5\n'
} >"$TMP/r/build.rows"
perl bench/report.pl table "$TMP/r" >"$TMP/table" || bad "no table"
has() { check "$1" grep -qF -- "$2" "$TMP/${3:-table}"; }
has "a goal that is met" '| fast | 0.500 s | slow: 2.00 s | 0.250 | at most 0.300 |'
has "a goal that is missed" '| late | 3.00 s | early: 2.00 s | 1.50 | at most 0.900, **missed** |'
has "an absent rival" '| none | | gone: not installed | | |'
has "a difference" '| start | 6.10 ms | empty: 6.00 ms | 1.02 | at most 1.00 ms more |'
has "a plain figure" '| small | 4.40 B |  |  | at most 4.50 B |'
has "who is slower" 'Slower than the rival: late, against early: 1.50.'
has "what is absent" 'Not installed here: wrk.'
has "what was proved" '- 7 answers'
perl bench/report.pl json "$TMP/r" >"$TMP/json" || bad "no JSON"
has "every run" '"wall": [0.5, 0.6, 0.4]' json
has "escapes" '"cpu": "A \"quick\" one"' json
has "versions are text" '"vidx": "1.10"' json
has "the ratio" '"ratio": 0.25000' json
has "met" '"met": 0' json
if perl -MJSON::PP -e 1 2>/dev/null; then
	check "it is JSON" perl -MJSON::PP -e 'local $/; decode_json(<>)' "$TMP/json"
else
	skip "no JSON::PP here"
fi
printf 'before\n<!-- bench -->\nold\n<!-- end bench -->\nafter\n' >"$TMP/readme"
perl bench/report.pl readme "$TMP/r" "$TMP/readme" || bad "the README is not rewritten"
equal "what is around stays" "before after" "$(head -n 1 "$TMP/readme") $(tail -n 1 "$TMP/readme")"
equal "the old goes" 0 "$(grep -c old "$TMP/readme")"
has "the new comes" '| fast |' readme
finish
