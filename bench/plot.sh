#!/usr/bin/env bash
# The plots of the README, from what the claims wrote down: build time against size and against
# threads, and the distribution of single lookups.  What has not been measured is not drawn.
#
#	bench/plot.sh RESULTS [PLOTS]		RESULTS: the --out of bench/run.sh; PLOTS [bench/plots]
#
# Beside each .svg lies the .tsv that it was drawn from.
set -u -o pipefail
export LC_ALL=C
results=${1:?bench/plot.sh: the directory of results} plots=${2:-bench/plots}
command -v gnuplot >/dev/null || { echo "bench/plot.sh: no gnuplot here; the plots stay as they are" >&2; exit 0; }
mkdir -p "$plots" || exit 5

# columns FILE KEY...: these keys of each row, where it has them all
columns() {
	perl -e 'my $f = shift; open my $h, "<", $f or exit; while (<$h>) { chomp; my %r = map { split /=/, $_, 2 } split /\t/;
		my @v = map { $r{$_} } @ARGV; print join("\t", @v), "\n" unless grep { !defined } @v }' "$@"
}

cpu=$(sed -n 's/^cpu=//p' "$results/machine.tsv")
cpus=$(sed -n 's/^cpus=//p' "$results/machine.tsv")
# draw NAME COMMANDS: on the file $plots/NAME.tsv
draw() {
	gnuplot -e "set terminal svg size 760,440 font 'sans-serif,13' background '#ffffff'; set output '$plots/$1.svg';
		set datafile separator '\t'; set grid lc '#dddddd'; set key top left Left reverse; set tics nomirror; set border 3;
		set title '$2, $cpus x $cpu' noenhanced; $3" || { echo "bench/plot.sh: $1 failed" >&2; exit 1; }
	sed -i '/^<desc>/d' "$plots/$1.svg"
}
# curves NAME X Y: one line for each word of column 1
curves() {
	local list='' name
	while read -r name; do
		list+="${list:+, }'< grep \"^$name	\" $plots/$1.tsv' using $2:$3 with linespoints lw 2 pt 7 title '$name' noenhanced"
	done < <(cut -f1 "$plots/$1.tsv" | awk '!seen[$0]++')
	echo "plot $list"
}

columns "$results/scale.rows" series n cpu_ns vidx.wall | awk -F'\t' -v OFS='\t' '$1 ~ /^groups/ { print $1, $2, $2 * $3 / 1e9, $4 }' >"$plots/build_size.tsv"
if [ -s "$plots/build_size.tsv" ]; then
	draw build_size "Build of simulated sites" "set logscale xy; set xlabel 'variants'; set ylabel 'CPU seconds of vidx build'; set format x '10^{%T}';
		$(curves build_size 2 3)"
fi
columns "$results/threads.rows" series threads vidx.value placement | awk -F'\t' '$4 == "kernel"' >"$plots/build_threads.tsv"
if [ -s "$plots/build_threads.tsv" ]; then
	most=$(cut -f2 "$plots/build_threads.tsv" | sort -n | tail -n 1)
	draw build_threads "Build, by threads" "set xlabel 'threads'; set ylabel 'seconds'; set yrange [0:*]; set xrange [0.5:$most + 0.5]; set xtics 1, $(((most + 15) / 16));
		set key top right; $(curves build_threads 2 3)"
fi
if [ -s "$results/latency.tsv" ]; then
	# The share of lookups that took no longer, by store and kind.
	awk -F'\t' -v OFS='\t' '{ k = $1 " " $2; if (!(k in total)) order[++n] = k; total[k] += $4; line[k, ++m[k]] = $3 "\t" $4 }
		END { for (i = 1; i <= n; i++) { k = order[i]; sum = 0; for (j = 1; j <= m[k]; j++) { split(line[k, j], v, "\t"); sum += v[2];
			print k, v[1], sum / total[k] } } }' "$results/latency.tsv" >"$plots/latency.tsv"
	list='' color=1
	for store in vidx LMDB SQLite RocksDB; do
		for kind in hit miss; do
			grep -q "^$store $kind	" "$plots/latency.tsv" || continue
			list+="${list:+, }'< grep \"^$store $kind	\" $plots/latency.tsv' using 2:3 with lines lw 2 lt $color dt $([ $kind = hit ] && echo 1 || echo 2) title '$store, $kind'"
		done
		color=$((color + 1))
	done
	n=$(sed -n 's/.*one get alone, hit, \([0-9,]*\) variants.*/\1/p' "$results/get.rows" | sed -n 1p)
	draw latency "Single lookups, $n variants x 9 groups" "set logscale x; set xrange [100:20000]; set yrange [0:1]; set xlabel 'nanoseconds, the clock included'; set ylabel 'share of lookups';
		set key bottom right; plot $list"
fi
