#!/usr/bin/env bash
# The callable track of gVCFs against a model that goes base by base, however they are cut, and at
# any number of threads.
. tests/lib.sh callable
root=$PWD
cd "$TMP" || exit 1
case $SHARED in /*) real=$SHARED/data/real ;; *) real=$root/$SHARED/data/real ;; esac
fact() { "$VIDX" info "$1" | awk -F'\t' -v k="$2" '$1 == k { print $2 }'; }
ask() { # INDEX QUERIES POPULATIONS
	"$VIDX" get "$1" -f "$2" --populations "$3" --fields query,population,an,status | grep -v '^#'
}

# --- a cohort with sexes, blocks over the borders of the pseudoautosomal regions, overlaps ---
for seed in 1 2 3; do
	perl "$root/tests/callable.pl" make $seed .
	perl "$root/tests/callable.pl" answers panel.tsv queries cohort.g.vcf >wanted
	build() { "$VIDX" build -q --samples panel.tsv --group-by pop --by-sex --callable gvcf -o "$@" 2>err; }
	for threads in 1 2 3 8; do
		build t$threads.vidx --threads $threads cohort.g.vcf || bad "seed $seed: build: $(cat err)"
		equal "seed $seed: bytes at $threads threads" "$(sha256sum <t1.vidx)" "$(sha256sum <t$threads.vidx)"
	done
	"$VIDX" verify -q t1.vidx 2>err
	equal "seed $seed: verify" 0 $?
	ask t1.vidx queries ALL,XX,XY,A,B_XY >got
	same_files "seed $seed: the answers to $(wc -l <queries) bases" wanted got
	# 1,000 lines cut into pieces, in order and not; the lines shuffled
	rm -f piece.*
	grep '^#' cohort.g.vcf >head.txt
	grep -v '^#' cohort.g.vcf >body.txt
	split -n l/7 body.txt piece.
	for p in piece.*; do cat head.txt "$p" >"$p.vcf" && rm "$p"; done
	ls piece.*.vcf >list
	for order in cat tac; do
		$order list >files
		build p.vidx --files-from files || bad "seed $seed: build from pieces: $(cat err)"
		equal "seed $seed: the track of the pieces ($order)" "$(fact t1.vidx callable_digest)" "$(fact p.vidx callable_digest)"
	done
	{ cat head.txt; awk '{ print NR * 7919 % 1009 "\t" $0 }' body.txt | sort -n | cut -f2-; } >shuffled.vcf
	build s.vidx shuffled.vcf || bad "seed $seed: build of shuffled lines: $(cat err)"
	equal "seed $seed: the track of the shuffled lines" "$(fact t1.vidx callable_digest)" "$(fact s.vidx callable_digest)"
	# what --pass-only leaves out covers nothing
	awk -F'\t' '/^#/ || $7 == "PASS" || ($7 == "." && $5 ~ /^(<NON_REF>|<\*>|\.)$/)' cohort.g.vcf >passed.vcf
	build one.vidx --pass-only cohort.g.vcf && build other.vidx --pass-only passed.vcf
	equal "seed $seed: --pass-only" "$(fact other.vidx callable_digest)" "$(fact one.vidx callable_digest)"
done

# --- contigs that no header declares, of one file and of two ---
printf '%s\n' '##fileformat=VCFv4.2' '#CHROM	POS	ID	REF	ALT	QUAL	FILTER	INFO	FORMAT	P' >h
{ cat h && printf 'k2\t5\t.\tA\t<NON_REF>\t.\t.\tEND=9\tGT\t0/0\nk1\t5\t.\tA\t<NON_REF>\t.\t.\tEND=7\tGT\t0/0\nk1\t8\t.\tA\tC\t.\t.\t.\tGT\t0/1\n'; } >a.vcf
{ cat h && printf 'k3\t1\t.\tA\t<NON_REF>\t.\t.\tEND=3\tGT\t0\nk3\t4\t.\tA\tG\t.\t.\t.\tGT\t0/1\n'; } >b.vcf
"$VIDX" build -q --assembly test --callable gvcf -o u.vidx a.vcf b.vcf 2>err || bad "undeclared contigs: $(cat err)"
printf '%s\n' k2-4-A-T k2-9-A-T k1-7-A-T k1-8-A-T k1-9-A-T k3-3-A-T k3-4-A-T k3-5-A-T >q
printf '%s\n' "k2-4-A-T	ALL	.	not_covered" "k2-9-A-T	ALL	2	absent" "k1-7-A-T	ALL	2	absent" "k1-8-A-T	ALL	2	absent" \
	"k1-9-A-T	ALL	.	not_covered" "k3-3-A-T	ALL	1	absent" "k3-4-A-T	ALL	2	absent" "k3-5-A-T	ALL	.	not_covered" >wanted
ask u.vidx q ALL >got
same_files "undeclared contigs" wanted got
printf 'k3\t0\t3\nnobody\t1\t5\nk1\t0\t8\nk3\t3\t4\n' >u.bed
"$VIDX" build -q --assembly test --callable u.bed -o u.vidx a.vcf b.vcf 2>err
equal "a BED of undeclared contigs: the warning" 1 "$(grep -c "u.bed: 1 lines .*'nobody'" err)"
printf '%s\n' k2-4-A-T k1-8-A-T k1-9-A-T k3-4-A-T k3-5-A-T >q
printf '%s\n' "k2-4-A-T	ALL	.	not_covered" "k1-8-A-T	ALL	.	absent" "k1-9-A-T	ALL	.	not_covered" "k3-4-A-T	ALL	.	absent" \
	"k3-5-A-T	ALL	.	not_covered" >wanted
ask u.vidx q ALL >got
same_files "a BED of undeclared contigs" wanted got

# --- a BED of any order, large enough for several sorted runs of the spool to meet ---
perl -e 'for (1 .. 150000) { my $b = $_ * 7919 % 150001 * 1600; print "chr1\t$b\t", $b + 100 + $_ % 900, "\n" }' >big.bed
sort -k2,2n big.bed >sorted.bed
for f in big sorted; do
	"$VIDX" build -q --samples panel.tsv --callable $f.bed -o $f.vidx cohort.g.vcf 2>err || bad "$f.bed: $(cat err)"
	"$VIDX" verify -q $f.vidx || bad "$f.bed: verify"
done
equal "a BED in another order: bytes of the track" "$(fact sorted.vidx callable_digest)" "$(fact big.vidx callable_digest)"
equal "a BED: bases" "$(awk '{ n += $3 - $2 } END { print n }' sorted.bed)" "$(fact big.vidx callable_bases)"
equal "a BED: runs" 150000 "$(fact big.vidx callable_runs)"

# --- real files ---
if [ -d "$real" ]; then
	for f in gvcf_NA12878_chr20.g.vcf.gz gvcf_non_ref_call.g.vcf.gz gvcf_haploid_triploid.vcf.gz gvcf_CEUTrio.g.bcf; do
		case $f in
		*bcf) command -v bcftools >/dev/null || { skip "$f: no bcftools" && continue; } ;;
		esac
		"$VIDX" build -q --assembly test --callable gvcf -o r.vidx "$real/$f" 2>err || bad "$f: $(head -n 1 err)"
		"$VIDX" verify -q r.vidx || bad "$f: verify"
		# CEUTrio begins with a block of ten million bases that are N
		if [ $f != gvcf_CEUTrio.g.bcf ]; then
			equal "$f: bases" "$(perl "$root/tests/callable.pl" bases "$real/$f")" "$(fact r.vidx callable_bases)"
		fi
		"$VIDX" build -q --assembly test --callable gvcf --threads 3 -o r3.vidx "$real/$f" 2>err
		equal "$f: bytes at 1 and 3 threads" "$(sha256sum <r.vidx)" "$(sha256sum <r3.vidx)"
	done
	f=$real/gvcf_NA12878_chr20.g.vcf.gz
	perl -e 'print "20-", 55000 + $_ * 97 % 955000, "-A-T\n" for 1 .. 9000' >q
	"$VIDX" build -q --assembly test --callable gvcf -o r.vidx "$f"
	perl "$root/tests/callable.pl" answers - q "$f" >wanted
	ask r.vidx q ALL >got
	# an A>T that is there is found
	awk -F'\t' '$4 == "found" { print $1 }' got >found
	grep -vwFf found wanted >w && grep -vwFf found got >g
	same_files "NA12878: the answers to 9,000 bases" w g
	echo "  $(wc -l <g) answers compared, $(grep -c not_covered g) of them not covered"
else
	skip "no $real here"
fi
cd "$root" || exit 1
finish
