#!/usr/bin/env bash
# Claim: cost per variant and memory of a build do not grow with its size: 1 M, 10 M and 100 M sites
# of 9 groups and of one, and cohorts of 2,504, 50,000 and 500,000 people.  The simulator's text
# goes straight into `vidx build`; what the simulator takes alone, into `wc -c`, stands beside it.  On few cores the
# two of them share these, so it is the CPU time of vidx that is compared, not the wall clock.
#
#	SCALE="sites:1000000:9 cohort:2504:20000"	other sizes: sites:RECORDS:GROUPS, sites:RECORDS:GROUPS:ids,
#							cohort:SAMPLES:RECORDS
. bench/lib.sh

if full; then
	: "${SCALE:=sites:1000000:1 sites:10000000:1 sites:100000000:1 sites:1000000:9 sites:10000000:9 sites:100000000:9
		sites:1000000:1:ids sites:10000000:1:ids sites:100000000:1:ids
		cohort:2504:2000000 cohort:50000:100000 cohort:500000:10000}"
else
	: "${SCALE:=sites:100000:9 sites:1000000:9 sites:1000000:1:ids
		cohort:2504:20000 cohort:50000:1000 cohort:500000:100}"
fi

# stream WHAT INDEX SIMULATOR OPTIONS UNIT UNITS: one build, and the simulator alone
stream() {
	local what=$1 index=$2 sim=$3 options=$4 per=$5 units=$6 wall user system peak text variants cpu key
	key=${sim#"$O"/bench/}
	SLOW_SECONDS=2 once sim "$sim | wc -c >$DIR/scale.bytes"
	text=$(cat "$DIR/scale.bytes")
	COMMAND[vidx]="$vidx build -q -o $index --threads $THREADS $options -"
	IFS=$'\t' read -r wall user system peak < <($sim | "$timed" -i -n 1 "${COMMAND[vidx]}")
	[ -n "${peak:-}" ] || die "the build of $what failed"
	variants=$(info "$index" variants)
	WALL[vidx]=$wall USER[vidx]=$user SYSTEM[vidx]=$system PEAK[vidx]=$peak
	cpu=$(calc "($user + $system) * 1e9 / $units")
	: "${first[${what##*, }]:=$cpu}"
	run_row "$what" vidx vidx "simulator=$key" "n=$units" "per=$per" "text_bytes=$text" "variants=$variants" "cpu_ns=$cpu" \
		"series=${what##*, }" "flat=$(calc "$cpu / ${first[${what##*, }]}")" \
		"sim.wall=${WALL[sim]%%,*}" "sim.user=${USER[sim]%%,*}" "bytes_per_variant=$(calc "int($(bytes "$index") / $variants * 100 + 0.5) / 100")"
}

declare -A first
for item in $SCALE; do
	IFS=: read -r kind a b ids <<<"$item"
	say "  $item"
	if [ "$kind" = sites ]; then
		index=$DIR/scale_${a}x$b${ids:+_ids}.vidx what="$(thousands "$a") sites, groups: $b${ids:+ and IDs}" options=--no-ids
		[ -z "$ids" ] || options=
		stream "$what" "$index" "$O/bench/sim_sites --records $a --groups $b" "$options" variant "$a"
		[ "$(info "$index" records)" = "$a" ] || die "records got lost"
		[ -z "$ids" ] || rm -f "$index"
	else
		"$O/bench/sim_cohort" --samples "$a" --records 1 --panel "$DIR/scale_panel.tsv" >/dev/null || die "the simulator failed"
		stream "$(thousands "$b") records x $(thousands "$a") people, phased GT" "$DIR/scale_cohort.vidx" "$O/bench/sim_cohort --samples $a --records $b" \
			"--samples $DIR/scale_panel.tsv --group-by super_pop" genotype "$((a * b))"
		[ "$(info "$DIR/scale_cohort.vidx" records)" = "$b" ] || die "records got lost"
		rm -f "$DIR/scale_cohort.vidx"
	fi
done
rm -f "$DIR/scale.bytes" "$DIR/scale_panel.tsv"
proved "every streamed record is accounted for"
