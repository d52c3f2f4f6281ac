# Shared by the test scripts: `. tests/lib.sh NAME`, from the root of the tree.
# A case ends in ok, bad or skip; finish prints the line that sums up the script.
#
#	O		where the build is (default build)
#	SHARED		the shared data (default ../shared)
#	TEST_SCALE	`slow` under sanitizers: fewer cases of the same kinds
# shellcheck shell=bash

set -u
export LC_ALL=C
NAME=$1
O=${O:-build}
SHARED=${SHARED:-../shared}
TEST_SCALE=${TEST_SCALE:-full}
VIDX=$PWD/$O/vidx
TESTS=$PWD/$O/tests
case $O in /*) VIDX=$O/vidx TESTS=$O/tests ;; esac
n_ok=0 n_bad=0 n_skip=0
TMP=$(mktemp -d "${TMPDIR:-/tmp}/vidx.XXXXXX") || exit 1
trap 'chmod -R u+w "$TMP" 2>/dev/null; rm -rf "$TMP"' EXIT
export VIDX TESTS TMP SHARED

ok() { n_ok=$((n_ok + 1)); }

bad() {
	n_bad=$((n_bad + 1))
	printf '%s: FAILED: %s\n' "$NAME" "$*"
}

skip() {
	n_skip=$((n_skip + 1))
	printf '%s: skipped: %s\n' "$NAME" "$*"
}

# equal WHAT EXPECTED GOT: a case of its own
equal() {
	if [ "$2" = "$3" ]; then ok; else bad "$1: expected '$2', got '$3'"; fi
}

# check WHAT COMMAND...: a case of its own
check() {
	local what=$1
	shift
	if "$@"; then ok; else bad "$what"; fi
}

# same_files WHAT EXPECTED GOT: a case of its own; shows the first lines that differ
same_files() {
	if cmp -s "$2" "$3"; then
		ok
	else
		bad "$1"
		diff "$2" "$3" | head -n 6 | cut -c1-300
	fi
}

slow() { [ "$TEST_SCALE" = slow ]; }

finish() {
	printf '%s: %d passed, %d failed, %d skipped\n' "$NAME" $n_ok $n_bad $n_skip
	[ $n_bad -eq 0 ]
	exit
}
