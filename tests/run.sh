#!/usr/bin/env bash
# The test run: every script and every suite of unit tests, as many at a time as there are cores.
# The last line adds them all up in Check's own words; a script counts as one check.
#
#	tests/run.sh [NAME...]		only these scripts (house) and suites (codec_block)
#	TEST_JOBS=N			how many at a time
#
# What each printed stays in build/tests/log/.
set -u
export LC_ALL=C
O=${O:-build}
log=$O/tests/log

# Check holds a clock of four seconds against each test, which a loaded machine may need longer for.
export CK_TIMEOUT_MULTIPLIER=5
if [ "${TEST_SCALE:-full}" = slow ]; then CK_TIMEOUT_MULTIPLIER=40; fi

# one NAME: runs it, then prints its log in one piece
one() {
	local name=$1 start status
	start=$(date +%s%N)
	if [ -f "tests/$name.sh" ]; then
		bash "tests/$name.sh" >"$log/$name" 2>&1
		status=$?
	else
		"$O/tests/unit" "$name" 2>&1 | grep -v '^Running suite' >"$log/$name"
		status=${PIPESTATUS[0]}
	fi
	echo "$status" >"$log/$name.status"
	{
		flock 9
		# All that a script says; of a suite that passed only Check's summary.
		if [ -f "tests/$name.sh" ]; then
			head -n -1 "$log/$name"
			printf '%s' "$(tail -n 1 "$log/$name")"
		elif [ "$status" -eq 0 ]; then
			printf '%s: %s' "$name" "$(grep '^[0-9]*%: Checks' "$log/$name")"
		else
			cat "$log/$name" && printf '%s: exit status %d' "$name" "$status"
		fi
		printf '  (%d ms)\n' $((($(date +%s%N) - start) / 1000000))
	} 9>"$log/.lock"
}

if [ "${1-}" = --one ]; then
	one "$2"
	exit 0
fi

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
	for s in tests/*.sh; do
		s=${s#tests/} s=${s%.sh}
		case $s in run | lib) ;; *) names+=("$s") ;; esac
	done
	mapfile -t suites < <("$O/tests/unit" --list)
	names+=("${suites[@]}")
fi
rm -rf "$log"
mkdir -p "$log"
printf '%s\n' "${names[@]}" | xargs -P "${TEST_JOBS:-$(nproc)}" -I NAME bash "$0" --one NAME

checks=0 failures=0 errors=0
for name in "${names[@]}"; do
	status=$(cat "$log/$name.status" 2>/dev/null || echo 1)
	if [ -f "tests/$name.sh" ]; then
		checks=$((checks + 1))
		[ "$status" -eq 0 ] || failures=$((failures + 1))
		[ "$status" -eq 0 ] || echo "failed: tests/$name.sh"
		continue
	fi
	read -r c f e < <(sed -n 's/^[0-9]*%: Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\)$/\1 \2 \3/p' "$log/$name") || c=1 f=0 e=1
	checks=$((checks + c)) failures=$((failures + f)) errors=$((errors + e))
	if [ "$status" -ne 0 ]; then
		echo "failed: unit tests $name"
		[ $((f + e)) -gt 0 ] || errors=$((errors + 1))
	fi
done
bad=$((failures + errors))
percent=0
if [ $checks -gt 0 ]; then percent=$((100 * (checks - bad) / checks)); fi
printf '%d%%: Checks: %d, Failures: %d, Errors: %d\n' $percent $checks $failures $errors
[ $bad -eq 0 ] && [ $checks -gt 0 ]
