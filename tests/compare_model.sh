#!/usr/bin/env bash
# The engine against the slow model, on random small VCFs of every ugly shape.
#
#	MODEL_CASES	how many (default 10,000)
#	MODEL_SEED	the generator's seed (default 1)
. tests/lib.sh compare_model
n=${MODEL_CASES:-10000}
seed=${MODEL_SEED:-1}
if slow; then n=$((n / 10)); fi
fast=/dev/shm
if [ -d $fast ] && [ -w $fast ] && work=$(mktemp -d $fast/vidx.XXXXXX); then
	trap 'rm -rf "$TMP" "$work"' EXIT
else
	work=$TMP
fi

"$TESTS/random_vcf" -o "$work" -n "$n" -s "$seed" >"$work/list" || bad "the generator"
"$TESTS/model" --list "$work/list" >"$work/model.out" || bad "the model"

# compare WHAT THREADS HASH-BITS LIST EXPECTED
compare() {
	if ! "$TESTS/build_many" -t "$2" -b "$3" -o "$work/t.vidx" "$4" >"$work/engine.out" 2>"$work/engine.err"; then
		bad "$1: build_many ended with a failure: $(tail -n 1 "$work/engine.err")"
	fi
	# One case for each cohort: its lines, model and engine, must be the same.
	perl -e '
		my ($model, $engine) = @ARGV;
		sub blocks {
			open(my $f, "<", $_[0]) or die;
			my @b;
			while (<$f>) { if (/^#list\t/) { push @b, $_ } else { $b[-1] .= $_ } }
			return @b;
		}
		my @m = blocks($model);
		my @e = blocks($engine);
		my ($ok, $bad, $rows) = (0, 0, 0);
		for my $i (0 .. $#m) {
			$rows += () = $m[$i] =~ /^[^#]/mg;
			if (($e[$i] // "") eq $m[$i]) { $ok++; next }
			next if $bad++ >= 5;
			my @x = split /\n/, $m[$i];
			my @y = split /\n/, $e[$i] // "";
			print "\t$x[0]\n";
			for my $j (1 .. ($#x > $#y ? $#x : $#y)) {
				my ($p, $q) = ($x[$j] // "(nothing)", $y[$j] // "(nothing)");
				next if $p eq $q;
				printf "\t  model  %.200s\n\t  engine %.200s\n", $p, $q;
				last;
			}
		}
		print "RESULT $ok $bad $rows\n";' "$5" "$work/engine.out" >"$work/verdict"
	read -r _ same differ lines < <(grep ^RESULT "$work/verdict")
	grep -v ^RESULT "$work/verdict"
	n_ok=$((n_ok + same))
	n_bad=$((n_bad + differ))
	printf '  %s: %d cohorts (seed %s), %d rows compared, %d cohorts differ\n' "$1" $((same + differ)) "$seed" "$lines" "$differ"
}

compare "2 threads" 2 64 "$work/list" "$work/model.out"
# Some of them again with every hash narrowed to two bits: collisions everywhere, the same answers.
head -n $((n / 10)) "$work/list" >"$work/list.some"
"$TESTS/model" --list "$work/list.some" >"$work/model.some" || bad "the model"
compare "2-bit hashes" 1 2 "$work/list.some" "$work/model.some"
finish
