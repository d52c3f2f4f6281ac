#!/usr/bin/env bash
# Claim: n threads build 0.9 n times as fast as one, until the disk or the memory is the limit.
# On a machine of several NUMA nodes the build also runs on one node alone and with its memory spread
# over all nodes, by numactl; anywhere else the placement is the kernel's.
. bench/lib.sh

steps=(1)
for ((n = 2; n < THREADS; n *= 2)); do steps+=("$n"); done
[ "$THREADS" -eq 1 ] || steps+=("$THREADS")

# scaling WHAT FILE OPTIONS SERIES
scaling() {
	local n arguments=()
	for n in "${steps[@]}"; do
		arguments+=("t$n" "$vidx build -q -o $DIR/bench.vidx --threads $n $3 $2")
	done
	race "${arguments[@]}"
	run_row "build on one thread, $1" t1 vidx "series=$4" "threads=1" "placement=kernel"
	for n in "${steps[@]:1}"; do
		row "the same on $n threads" "t$n" vidx t1 "one thread" "goal=ratio<=$(calc "1 / (0.9 * $n)")" \
			"series=$4" "threads=$n" "placement=kernel" "itself=1"
	done
	placed "$@"
}

nodes=$(lscpu | sed -n 's/^NUMA node(s): *//p')
placed() {
	[ "${nodes:-1}" -gt 1 ] && [ "$THREADS" -gt 1 ] || return 0
	if ! have numactl; then
		absent_row "the same with its memory placed" numactl
		return
	fi
	race node0 "numactl --cpunodebind=0 --membind=0 $vidx build -q -o $DIR/bench.vidx --threads $((THREADS / nodes)) $3 $2" \
		interleave "numactl --interleave=all $vidx build -q -o $DIR/bench.vidx --threads $THREADS $3 $2"
	row "the same on $((THREADS / nodes)) threads of node 0, its memory there" node0 vidx t1 "one thread" "series=$4" \
		"threads=$((THREADS / nodes))" "placement=node0" "itself=1"
	row "the same on $THREADS threads, memory spread over the nodes" interleave vidx t1 "one thread" "series=$4" \
		"threads=$THREADS" "placement=interleave" "itself=1"
}

make_gt
make_full
make_sites
scaling "phased GT, $(thousands "$(sim_gt)") x 2,504" "$GT" "--samples $PANEL --group-by super_pop" "phased GT"
scaling "GT:AD:DP:GQ:PL, $(thousands "$(sim_full)") x 1,000" "$FULL" "" "GT:AD:DP:GQ:PL"
scaling "gnomAD-like sites, $(thousands "$(sim_sites)") x 27 groups" "$SITES" "--no-ids" "gnomAD-like sites"
# Whatever the number of threads, the same bytes.
sum=''
for n in "${steps[@]}"; do
	"$vidx" build -q -o "$DIR/bench.vidx" --threads "$n" --no-ids "$SITES" || die "the build failed"
	now=$(sha256sum <"$DIR/bench.vidx")
	[ -z "$sum" ] || [ "$sum" = "$now" ] || die "other bytes on $n threads"
	sum=$now
done
proved "the index has the same bytes on ${steps[*]} threads"
rm -f "$DIR/bench.vidx"
