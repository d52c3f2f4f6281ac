#!/usr/bin/env bash
# Every fuzz target over its committed corpus and, for a few seconds, over simple changes of it.
. tests/lib.sh fuzz
seconds=${REPLAY_SECONDS:-2}
root=$PWD
for src in tests/fuzz/fuzz_*.c; do
	[ -f "$src" ] || break
	target=${src#tests/fuzz/fuzz_} target=${target%.c}
	corpus=$root/tests/fuzz/corpus/$target
	if [ -z "$(ls -A "$corpus" 2>/dev/null)" ]; then
		bad "$target has no corpus in tests/fuzz/corpus/$target"
		continue
	fi
	mkdir -p "$TMP/$target"
	if (cd "$TMP/$target" && timeout 300 "$TESTS/replay_$target" -s "$seconds" "$corpus" >out 2>err); then
		printf '  %s: %s\n' "$target" "$(cat "$TMP/$target/out")"
		ok
	else
		bad "$target"
		head -n 20 "$TMP/$target/err"
		if [ -f "$TMP/$target/replay-crash" ]; then
			cp "$TMP/$target/replay-crash" "$O/tests/crash-$target"
			echo "	the input is $O/tests/crash-$target"
		fi
	fi
done
finish
