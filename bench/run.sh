#!/usr/bin/env bash
# The benchmark: every rival runs on the same files in the same run, answers are compared before
# a speed is printed, and a figure is the median of RUNS runs.
#
#	bench/run.sh [--full] [--runs N] [--dir DIR] [--json FILE]
#
# --full takes the sizes that DESIGN names (200,000 x 2,504; 1 M sites) and needs about 20 GB of disk
# and an hour; without it everything is a quarter of that or less.
set -u -o pipefail
export LC_ALL=C

O=${O:-build}
full=0 runs=5 dir=$O/bench-data json=$O/bench.json
while [ $# -gt 0 ]; do
	case $1 in
	--full) full=1 ;;
	--runs) runs=$2; shift ;;
	--dir) dir=$2; shift ;;
	--json) json=$2; shift ;;
	*) echo "bench/run.sh: no such option: $1" >&2; exit 2 ;;
	esac
	shift
done
mkdir -p "$dir" || exit 5
vidx=$O/vidx
threads=$(nproc)
rows_json=()

have() { command -v "$1" >/dev/null 2>&1; }
die() { echo "bench: $*" >&2; exit 1; }

# now: seconds with microseconds
now() { echo "$EPOCHREALTIME"; }

# seconds COMMAND: median wall time of RUNS runs
seconds() {
	local i t0 t1
	for ((i = 0; i < runs; i++)); do
		t0=$(now)
		bash -c "$1" >/dev/null 2>&1 || { echo "bench: failed: $1" >&2; return 1; }
		t1=$(now)
		awk -v a="$t0" -v b="$t1" 'BEGIN { printf "%.4f\n", b - a }'
	done | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# once COMMAND: one run, for rivals so slow that a median would add minutes and no knowledge
once() { local runs=1; seconds "$1"; }

# peak COMMAND: peak resident memory, MiB
peak() { /usr/bin/time -f %M bash -c "exec $1" 2>&1 >/dev/null | tail -n 1 | awk '{ printf "%.0f", $1 / 1024 }'; }

# row WHAT OURS RIVAL THEIRS UNIT COMMAND
row() {
	local ratio
	ratio=$(awk -v a="$2" -v b="$4" 'BEGIN { if (b > 0) printf "%.3f", a / b; else printf "-" }')
	printf '| %s | %s %s | %s: %s %s | %s |\n' "$1" "$2" "$5" "$3" "$4" "$5" "$ratio"
	rows_json+=("{\"what\": \"$1\", \"vidx\": $2, \"rival\": \"$3\", \"rival_value\": $4, \"unit\": \"$5\", \"command\": \"${6//\"/\\\"}\"}")
}

# make FILE COMMAND: simulated once, kept
make_file() {
	[ -s "$1" ] && return
	echo "making $1" >&2
	bash -c "$2" >"$1.part" || die "cannot make $1"
	mv "$1.part" "$1"
}

if [ $full = 1 ]; then gt=200000 fl=50000 st=1000000; else gt=50000 fl=12500 st=250000; fi
gt_file=$dir/gt_$gt.vcf.gz full_file=$dir/full_$fl.vcf.gz sites_file=$dir/sites_$st.vcf.gz
panel=$dir/panel_$gt.tsv
make_file "$gt_file" "$O/bench/sim_cohort --records $gt --panel $panel | bgzip -@$threads -c"
make_file "$full_file" "$O/bench/sim_cohort --records $fl --samples 1000 --format full | bgzip -@$threads -c"
make_file "$sites_file" "$O/bench/sim_sites --records $st | bgzip -@$threads -c"

# bgzip_best FILE: the faster of one and two decompression threads
bgzip_best() {
	local a b
	a=$(seconds "bgzip -dc -@1 $1")
	b=$(seconds "bgzip -dc -@2 $1")
	awk -v a="$a" -v b="$b" 'BEGIN { print a < b ? a : b }'
}

# Proves that two tables of `chrom pos ref alt ac an` are equal, and says how many rows they have.
same() {
	cmp -s "$1" "$2" || die "answers differ: $1 $2 (first: $(diff "$1" "$2" | head -n 3 | tr '\n' ' '))"
	echo "equal answers: $(wc -l <"$1") rows ($3)"
}

echo "machine: $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), $threads processors, $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)"
echo "versions: $($vidx --version); $(bgzip --version | head -n 1); $(have bcftools && bcftools --version | head -n 1); $(have plink2 && plink2 --version | cut -c1-30)"
echo "runs: $runs, medians; threads: $threads"
echo

# --- answers first ---
group_opts="--samples $panel --group-by super_pop"
$vidx build -q -o "$dir/gt.vidx" --samples "$panel" --group-by super_pop "$gt_file" || die "build failed"
$vidx build -q -o "$dir/full.vidx" "$full_file" || die "build failed"
$vidx build -q -o "$dir/sites.vidx" --no-ids "$sites_file" || die "build failed"
fill_s=-
if have bcftools; then
	awk -F'\t' 'NR > 1 { print $1 "\t" $3 }' "$panel" >"$dir/groups.txt"
	t0=$(now)
	bcftools norm -m-any "$gt_file" 2>/dev/null | bcftools +fill-tags - -- -t AC,AN -S "$dir/groups.txt" 2>/dev/null |
		bcftools query -f '%CHROM\t%POS\t%REF\t%ALT\t%AC\t%AN\t%AC_EUR\t%AN_AFR\n' | awk -F'\t' '$4 != "*"' | sort >"$dir/want.tsv"
	t1=$(now)
	fill_s=$(awk -v a="$t0" -v b="$t1" 'BEGIN { printf "%.2f", b - a }')
	$vidx dump "$dir/gt.vidx" | bcftools query -f '%CHROM\t%POS\t%REF\t%ALT\t%AC\t%AN\t%AC_EUR\t%AN_AFR\n' | sort >"$dir/got.tsv"
	awk 'function trim(   n) {
			while (length($3) > 1 && length($4) > 1 && substr($3, length($3)) == substr($4, length($4))) {
				$3 = substr($3, 1, length($3) - 1); $4 = substr($4, 1, length($4) - 1) }
			while (length($3) > 1 && length($4) > 1 && substr($3, 1, 1) == substr($4, 1, 1)) {
				$3 = substr($3, 2); $4 = substr($4, 2); $2++ } }
		BEGIN { FS = OFS = "\t" } { if ($4 !~ /[<\[\]]/) trim(); print }' "$dir/want.tsv" | sort -u >"$dir/want.norm.tsv"
	same "$dir/want.norm.tsv" "$dir/got.tsv" "AC, AN of ALL and of groups against bcftools +fill-tags"
fi
n_sites=$($vidx dump -O v "$dir/sites.vidx" | grep -vc '^#')
bgzip -dc "$sites_file" | grep -v '^#' | awk -F'\t' 'BEGIN { OFS = "\t" } { ac = an = hom = "."; n = split($8, f, ";");
	for (i = 1; i <= n; i++) { split(f[i], k, "="); if (k[1] == "AC") ac = k[2]; else if (k[1] == "AN") an = k[2]; else if (k[1] == "nhomalt_nfe_XX") hom = k[2] }
	print $1, ac, an, hom }' | sort >"$dir/want.tsv"
$vidx dump "$dir/sites.vidx" | grep -v '^#' | awk -F'\t' 'BEGIN { OFS = "\t" } { ac = an = hom = "."; n = split($8, f, ";");
	for (i = 1; i <= n; i++) { split(f[i], k, "="); if (k[1] == "AC") ac = k[2]; else if (k[1] == "AN") an = k[2]; else if (k[1] == "nhomalt_nfe_XX") hom = k[2] }
	print $1, ac, an, hom }' | sort >"$dir/got.tsv"
same "$dir/want.tsv" "$dir/got.tsv" "AC, AN, nhomalt_nfe_XX of the sites file against its text"
echo

echo '| what | vidx | rival | ratio |'
echo '|---|---|---|---|'

# --- build ---
build_row() { # WHAT FILE OPTIONS
	local cmd="$vidx build -q -o $dir/bench.vidx --threads $threads $3 $2" ours theirs
	ours=$(seconds "$cmd")
	theirs=$(bgzip_best "$2")
	row "build, $1" "$ours" "bgzip -dc" "$theirs" s "$cmd"
	last=$ours
}
build_row "phased GT, $gt x 2,504, 6 groups" "$gt_file" "$group_opts"
gt_s=$last
[ "$fill_s" = - ] || row "the same" "$gt_s" "bcftools norm, +fill-tags" "$fill_s" s "bcftools norm -m-any | bcftools +fill-tags -- -t AC,AN -S groups"
if have plink2; then
	p=$(once "plink2 --vcf $gt_file --freq counts --threads $threads --out $dir/plink")
	row "the same" "$gt_s" "plink2 --freq counts" "$p" s "plink2 --vcf FILE --freq counts"
fi
one=$(seconds "$vidx build -q -o $dir/bench.vidx --threads 1 $group_opts $gt_file")
row "the same, against one thread" "$gt_s" "vidx --threads 1" "$one" s "vidx build --threads 1"
build_row "GT:AD:DP:GQ:PL, $fl x 1,000" "$full_file" ""
build_row "gnomAD-like sites, $st x 27 groups" "$sites_file" "--no-ids"
if [ -x "$O/bench/inflate" ]; then
	echo
	for f in "$gt_file" "$full_file" "$sites_file"; do "$O/bench/inflate" "$f" | sed "s|^|inflate limit, $(basename "$f"): |"; done
fi
echo
echo "peak memory of a build: $(peak "$vidx build -q -o $dir/bench.vidx --no-ids $sites_file") MiB (sites), $(peak "$vidx build -q -o $dir/bench.vidx $full_file") MiB (GT:AD:DP:GQ:PL)"

# --- size ---
size() { stat -c %s "$1"; }
$vidx build -q -o "$dir/ids.vidx" "$sites_file"
$vidx build -q -o "$dir/one.vidx" --no-ids --populations ALL "$sites_file"
awk -v n="$n_sites" -v a="$(size "$dir/sites.vidx")" -v b="$(size "$dir/ids.vidx")" -v c="$(size "$dir/one.vidx")" \
	'BEGIN { printf "size: %.2f bytes per variant with 27 groups x (AC, AN, nhomalt), %.2f with IDs; %.2f with one group\n", a / n, b / n, c / n }'
echo

# --- lookup ---
if [ -x "$O/bench/get" ]; then "$O/bench/get" "$dir/sites.vidx" --dir "$dir" || die "get failed"; fi

{ printf '{"machine": "%s", "threads": %s, "runs": %s, "rows": [\n' "$(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo)" "$threads" "$runs"
	for ((i = 0; i < ${#rows_json[@]}; i++)); do printf '  %s%s\n' "${rows_json[i]}" "$([ $((i + 1)) -lt ${#rows_json[@]} ] && echo ,)"; done
	printf ']}\n'; } >"$json"
