#!/usr/bin/env bash
# The test run: every script of tests/, each with its time, then the unit tests, whose last line
# (Check's own summary) also counts the scripts.
#
#	tests/run.sh [SCRIPT...]	only these scripts (names without .sh), then the unit tests
set -u
O=${O:-build}
scripts=("$@")
if [ ${#scripts[@]} -eq 0 ]; then
	for s in tests/*.sh; do
		s=${s#tests/} s=${s%.sh}
		case $s in run | lib) ;; *) scripts+=("$s") ;; esac
	done
fi

outcomes=$O/tests/outcomes
: >"$outcomes"
for s in "${scripts[@]}"; do
	start=$(date +%s%N)
	bash "tests/$s.sh"
	status=$?
	printf '%d %s\n' $status "$s" >>"$outcomes"
	printf '  (%s: %d ms)\n' "$s" $((($(date +%s%N) - start) / 1000000))
done

# Sanitizers make a test several times slower than the clock that Check holds against it.
if [ "${TEST_SCALE:-full}" = slow ]; then export CK_TIMEOUT_MULTIPLIER=10; fi
start=$(date +%s%N)
"$O/tests/unit" --outcomes "$outcomes" >"$O/tests/unit.log"
status=$?
printf '  (unit tests: %d ms)\n' $((($(date +%s%N) - start) / 1000000))
# The summary goes last, after what failed.
grep -v -E '^(Running suite|[0-9]+%: Checks)' "$O/tests/unit.log"
grep -q '^[0-9]*%: Checks' "$O/tests/unit.log" || echo "unit tests: ended without a summary"
grep -E '^[0-9]+%: Checks' "$O/tests/unit.log"
exit $status
