#!/usr/bin/env bash
# The benchmark.  Each claim proves its answers and then times vidx and its rivals in turns on the
# same files; the table, the JSON and the plots are made of what the claims wrote down.
#
#	bench/run.sh [options]
#
#	--claims LIST	build,threads,size,scale,get,oneshot,data [all but data; data with --data]
#	--full		the sizes of DESIGN (about an hour, 30 GB of disk); else a few minutes
#	--data DIR	also build each VCF and BCF of DIR, against `bgzip -dc` of it
#	--data-options "..."	of these builds: "--assembly GRCh38 --samples panel.tsv --group-by pop"
#	--threads N	threads of a build, and the most that scaling tries [all this process may use]
#	--runs N	runs of which the median is shown [5]
#	--dir DIR	where simulated files and indexes go; those that are there are kept [build/bench-data]
#	--out DIR	where rows, table.md and result.json go [build/bench-quick or build/bench-full]
#	--readme	afterwards put the table into README.md, the bytes by part into FORMAT.md and the
#			plots into bench/plots; they are drawn into plots/ of --out in any case
#	--report	measure nothing: only make the table again of what --out has
#
# A claim that is measured again replaces its own rows; the others stay.
set -u -o pipefail
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C

export O=${O:-build} MODE=quick RUNS=5 THREADS DIR='' ROWS OPEN_DIR='' DATA_OPTIONS=''
THREADS=$(nproc)
claims='' out='' readme=0 report=0
while [ $# -gt 0 ]; do
	case $1 in
	--full) MODE=full ;;
	--claims) claims=${2//,/ } && shift ;;
	--data) OPEN_DIR=$2 && shift ;;
	--data-options) DATA_OPTIONS=$2 && shift ;;
	--threads) THREADS=$2 && shift ;;
	--runs) RUNS=$2 && shift ;;
	--dir) DIR=$2 && shift ;;
	--out) out=$2 && shift ;;
	--readme) readme=1 ;;
	--report) report=1 ;;
	-h | --help)
		sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
		exit 0
		;;
	*)
		echo "bench/run.sh: no such option: $1 (see --help)" >&2
		exit 2
		;;
	esac
	shift
done
DIR=${DIR:-$O/bench-data}
out=${out:-$O/bench-$MODE}
if [ -z "$claims" ]; then
	claims="build threads size scale get oneshot"
	[ -z "$OPEN_DIR" ] || claims+=" data"
fi
mkdir -p "$DIR" "$out" || exit 5

# version NAME COMMAND: what it says of itself, or absent
version() {
	local text=absent
	if command -v "$1" >/dev/null || [ -x "$2" ]; then text=$("${@:2}" 2>&1 | grep -v '^$' | head -n 1 | cut -c1-60); fi
	printf 'version.%s=%s\n' "$1" "$text"
}
library() {
	printf 'version.%s=%s\n' "$1" "$(pkg-config --modversion "$1" 2>/dev/null || echo absent)"
}

machine() {
	local key
	lscpu | sed -n 's/^Model name: */cpu=/p' | head -n 1
	echo "cpus=$(nproc)"
	lscpu | awk -F': *' '$1 ~ /^(Socket|Core|Thread)\(s\)/ || $1 ~ /^(NUMA node|L[123])/ || $1 == "Architecture" {
		k = tolower($1); gsub(/[^a-z0-9]+/, "_", k); print "lscpu." k "=" $2 }'
	echo "numa=$(lscpu | sed -n 's/^NUMA node(s): *//p' | head -n 1) NUMA node(s)"
	echo "affinity=$(taskset -pc $$ 2>/dev/null | sed 's/.*: //')"
	echo "cgroup_cpu=$(cat /sys/fs/cgroup/cpu.max 2>/dev/null || echo none)"
	echo "governor=$(cat /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor 2>/dev/null || echo unknown)"
	awk '/MemTotal/ { printf "memory_gib=%.0f\n", $2 / 1048576 }' /proc/meminfo
	echo "kernel=$(uname -sr)"
	echo "node=$(uname -n)"
	echo "filesystem=$(stat -f -c %T "$DIR")"
	echo "compiler=$(${CC:-cc} --version | head -n 1)"
	echo "flags=$(grep -o -- ' -O[^ ]*' "$O/flags" 2>/dev/null | tail -n 1 | tr -d ' ')"
	echo "commit=$(git describe --always --dirty 2>/dev/null || echo unknown)"
	version vidx "$O/vidx" --version | sed 's/=vidx /=/'
	version bcftools bcftools --version | sed 's/=bcftools /=/'
	version bgzip bgzip --version | sed 's/=bgzip (htslib) /=/'
	version plink2 plink2 --version | sed 's/=PLINK v\([^ ]*\).*/=\1/'
	version vcfanno sh -c 'vcfanno 2>&1 | sed -n "s/^vcfanno version \([^ ]*\).*/\1/p"'
	version nginx nginx -v | sed 's|=nginx version: nginx/|=|'
	version wrk wrk -v | sed 's|=wrk \([^ ]*\).*|=\1|'
	version numactl sh -c 'numactl --version >/dev/null 2>&1 && numactl --version || echo installed'
	for key in htslib libdeflate lmdb rocksdb sqlite3; do library $key; done
}

status=0
if [ $report = 0 ]; then
	for program in vidx bench/timed bench/inflate bench/sim_sites; do
		[ -x "$O/$program" ] || { echo "bench: $O/$program is not there: make bench-programs" >&2; exit 1; }
	done
	machine >"$out/machine.tsv"
	for claim in $claims; do
		[ -f "bench/claims/$claim.sh" ] || { echo "bench/run.sh: no such claim: $claim" >&2; exit 2; }
		echo "$claim" >&2
		ROWS=$out/$claim.part
		started=$SECONDS
		printf 'mode=%s\truns=%s\tthreads=%s\tdate=%s\n' $MODE "$RUNS" "$THREADS" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$ROWS"
		if bash "bench/claims/$claim.sh"; then
			mv "$ROWS" "$out/$claim.rows"
			echo "  $((SECONDS - started)) s" >&2
		else
			echo "bench: the claim $claim did not come to an end" >&2
			status=1
		fi
	done
fi
perl bench/report.pl table "$out" >"$out/table.md" && perl bench/report.pl json "$out" >"$out/result.json" || exit 1
cat "$out/table.md"
bench/plot.sh "$out" "$out/plots" || exit 1
echo "$out/table.md, $out/result.json, $out/plots" >&2
if [ $readme = 1 ] && [ $status = 0 ]; then
	perl bench/report.pl readme "$out" README.md && perl bench/report.pl format "$out" engine/codec/FORMAT.md &&
		bench/plot.sh "$out" bench/plots || exit 1
fi
exit $status
