#!/usr/bin/env bash
# --reference: REF checked and indels left-aligned as `bcftools norm -m-any -f` does, record by
# record: on bcftools' own tests, on a simulated cohort, on made-up records in long repeats (which
# move over units, files and further than the merge looks back); and queries in any spelling.
. tests/lib.sh norm
BENCH=$O/bench
total=0

# verdict NAME REFERENCE EXPECTED: against the dump of $TMP/t.vidx
verdict() {
	local n differ left_out
	"$VIDX" dump -O tsv --populations ALL "$TMP/t.vidx" >"$TMP/dump" 2>"$TMP/err" || bad "$1: dump: $(head -n 1 "$TMP/err")"
	perl tests/norm.pl "$2" "$3" "$TMP/dump" >"$TMP/verdict"
	read -r _ n differ left_out < <(grep ^RESULT "$TMP/verdict")
	grep -v ^RESULT "$TMP/verdict"
	if [ "${differ:-1}" -eq 0 ]; then ok; else bad "$1: ${differ:-all} of ${n:-0} alleles differ"; fi
	total=$((total + ${n:-0}))
	printf '  %-40s %7d alleles compared, %d rows left out\n' "$1" "${n:-0}" "${left_out:-0}"
}

# build NAME ARGUMENTS...
build() {
	local name=$1
	shift
	"$VIDX" build -q -o "$TMP/t.vidx" "$@" 2>"$TMP/err" || bad "$name: build: $(head -n 1 "$TMP/err")"
}

# 1. bcftools' own tests, answers of bcftools 1.16.  Their headers declare lengths that the small
# references do not have; GT is put where there may be none.
norm_tests() {
	local stem fasta
	while read -r stem fasta; do
		awk -F'\t' -v OFS='\t' '
			/^##contig/ { sub(/,length=[0-9]*/, "") }
			/^##(INFO|FORMAT|FILTER)/ { next }
			/^##/ { print; next }
			/^#/ {
				print "##INFO=<ID=END,Number=1,Type=Integer,Description=\"end\">"
				print "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"genotype\">"
				print $1, $2, $3, $4, $5, $6, $7, $8, "FORMAT", "S1"
				next
			}
			{ print $1, $2, $3, $4, $5, $6, ".", $8, "GT", "0/1" }' "$SHARED/data/bcftools/$stem.vcf" >"$TMP/in.vcf"
		build "$stem" --assembly test --reference "$SHARED/data/bcftools/$fasta" "$TMP/in.vcf"
		verdict "$stem" "$SHARED/data/bcftools/$fasta" "$SHARED/data/expected/norm/$stem.tsv"
	done <<-END
		norm norm.fa
		norm.2 norm.2.fa
		norm.3 norm.3.fa
		norm.6 norm.2.fa
		norm.atom-split-norm norm.atom-split-norm.fa
		norm.breakend.1 norm.breakend.1.fa
		norm.check-ref norm.check-ref.fa
		norm.iupac norm.iupac.fa
		norm.right-align norm.right-align.fa
		norm.rmdup.3 norm.rmdup.3.fa
		norm.setref norm.fa
		norm.split norm.fa
		norm.symbolic norm.symbolic.fa
		norm.symbolic.2 norm.symbolic.fa
		norm.symbolic.3 norm.symbolic.3.fa
		norm.telomere norm.fa
	END
}
if [ -d "$SHARED/data/expected/norm" ]; then norm_tests; else skip "no $SHARED/data/expected/norm"; fi

# 2. Queries: every spelling of an allele gives its answer, other alleles at its place do not.
spellings() {
	local n=$1 seed=9
	perl tests/norm_make.pl spellings "$TMP" $seed "$n" || bad "norm_make.pl"
	build spellings --assembly test --reference "$TMP/ref.fa" "$TMP/in.vcf"
	cut -f2 "$TMP/same" | "$VIDX" get --reference "$TMP/ref.fa" --populations ALL --fields id,status -f - "$TMP/t.vidx" 2>"$TMP/err" | tail -n +2 |
		paste "$TMP/same" - | awk -F'\t' '$1 != $3 || $4 != "found"' >"$TMP/wrong"
	check "spellings: $(head -n 2 "$TMP/wrong" | tr '\n' ';') $(head -n 1 "$TMP/err")" [ ! -s "$TMP/wrong" ]
	cut -f2 "$TMP/other" | "$VIDX" get --reference "$TMP/ref.fa" --populations ALL --fields id,status -f - "$TMP/t.vidx" 2>"$TMP/err" | tail -n +2 |
		paste "$TMP/other" - | awk -F'\t' '$4 != "absent"' >"$TMP/wrong"
	check "other alleles: $(head -n 2 "$TMP/wrong" | tr '\n' ';') $(head -n 1 "$TMP/err")" [ ! -s "$TMP/wrong" ]
	printf '  %d indels: %d spellings, %d other alleles (seed %d)\n' "$n" "$(wc -l <"$TMP/same")" "$(wc -l <"$TMP/other")" $seed
	# The index as its source spelled the alleles, asked with a reference: the same text is found.
	build spellings --assembly test "$TMP/in.vcf"
	grep -v '^#' "$TMP/in.vcf" | "$VIDX" get --reference "$TMP/ref.fa" -f - "$TMP/t.vidx" >/dev/null
	equal "an index built without a reference" 0 $?
}
if slow; then spellings 300; else spellings 10000; fi

# 3. What is refused, and what is only counted.
printf '>chr1 first\nACGTACGTAC\nGTACGTTTTT\nACGTRNacgt\n>2\nGGGGG\n' >"$TMP/r.fa"
printf '##fileformat=VCFv4.2\n##contig=<ID=1>\n##contig=<ID=2>\n##contig=<ID=3>\n##FORMAT=<ID=GT,Number=1,Type=String,Description="g">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\n' >"$TMP/head"
# refused NAME STATUS TEXT BUILD-ARGUMENTS...
refused() {
	local name=$1 status=$2 text=$3 got
	shift 3
	"$VIDX" build -q -o "$TMP/refused.vidx" --assembly test "$@" 2>"$TMP/err"
	got=$?
	equal "$name: exit status" "$status" $got
	check "$name: '$(head -n 1 "$TMP/err")' does not say '$text'" grep -qF -- "$text" "$TMP/err"
	equal "$name: lines on standard error" 1 "$(wc -l <"$TMP/err")"
	check "$name: an index was left" [ ! -e "$TMP/refused.vidx" ]
}
{ cat "$TMP/head"; printf '3\t1\t.\tA\tC\t.\t.\t.\tGT\t0/1\n'; } >"$TMP/x.vcf"
refused "a contig that is not there" 3 "x.vcf: 3:1: contig '3' is not in the reference" --reference "$TMP/r.fa" "$TMP/x.vcf"
{ sed 's/ID=2/ID=2,length=6/' "$TMP/head"; printf '2\t1\t.\tG\tC\t.\t.\t.\tGT\t0/1\n'; } >"$TMP/x.vcf"
refused "another length" 3 "contig 2 has 5 bases, but is declared with length 6" --reference "$TMP/r.fa" "$TMP/x.vcf"
{ cat "$TMP/head"; printf '2\t3\t.\tG\tC\t.\t.\t.\tGT\t0/1\n2\t5\t.\tA\tC\t.\t.\t.\tGT\t0/1\n2\t5\t.\tGG\tC\t.\t.\t.\tGT\t0/1\n'; } >"$TMP/x.vcf"
refused "a wrong REF, strict" 3 "x.vcf: 2:5: ref_mismatch: 'A'" --strict --reference "$TMP/r.fa" "$TMP/x.vcf"
refused "no reference" 3 "nothing.fa: cannot open" --reference "$TMP/nothing.fa" "$TMP/x.vcf"
refused "not FASTA" 3 "x.vcf: is not a FASTA file" --reference "$TMP/x.vcf" "$TMP/x.vcf"
gzip -c "$TMP/r.fa" >"$TMP/r.gz"
refused "gzip" 3 "r.gz: is compressed by gzip" --reference "$TMP/r.gz" "$TMP/x.vcf"
printf 'chr1\t30\t12\t10\t11\n2\t5\t47\t5\t6\n' >"$TMP/r.fa.fai"
refused "an index of another file" 3 "r.fa: its index (.fai) does not fit it" --reference "$TMP/r.fa" "$TMP/x.vcf"
rm "$TMP/r.fa.fai"
build "REF beyond the end" --assembly test --reference "$TMP/r.fa" --report "$TMP/report" "$TMP/x.vcf"
check "two wrong REFs are not counted" grep -q '"ref_mismatch": 2' "$TMP/report"
check "an index was written beside the reference" [ ! -e "$TMP/r.fa.fai" ]
{ sed 's/ID=2/ID=2,length=5/' "$TMP/head"; printf '1\t12\t.\tTAC\tT\t.\t.\t.\tGT\t0/1\n2\t5\t.\tGG\tG\t.\t.\t.\tGT\t0/1\n2\t5\t.\tG\tGG\t.\t.\t.\tGT\t1/1\n'; } >"$TMP/x.vcf"
sed 's/^>chr1/>1/' "$TMP/r.fa" >"$TMP/r1.fa"
build "a small one" --assembly test --reference "$TMP/r1.fa" "$TMP/x.vcf"
equal "one query" "2 1 G GG found" "$("$VIDX" get --reference "$TMP/r1.fa" --fields contig,pos,ref,alt,status "$TMP/t.vidx" 2-4-G-GG | tail -n 1 | tr '\t' ' ')"
equal "a REF that is not the reference's" absent "$("$VIDX" get --reference "$TMP/r1.fa" --fields status "$TMP/t.vidx" 2-1-AG-AGG | tail -n 1)"
"$VIDX" get --reference "$TMP/r.fa" "$TMP/t.vidx" 1-12-TAC-T >/dev/null 2>"$TMP/err"
equal "a contig of the query that is not in the reference" 3 $?
equal "region with a reference" 2 "$("$VIDX" region --reference "$TMP/r1.fa" --populations ALL "$TMP/t.vidx" 1 2 2>"$TMP/err" | grep -c found)"
sed 's/^GGGGG/GGGGGG/' "$TMP/r1.fa" >"$TMP/r2.fa"
"$VIDX" region --reference "$TMP/r2.fa" "$TMP/t.vidx" 1 >/dev/null 2>"$TMP/err"
equal "region with another reference" 3 $?
# The FASTA may spell contigs otherwise than the input does.
if [ -x "$BENCH/sim_reference" ]; then
	"$BENCH/sim_reference" --assembly GRCh37 --contig MT | sed 's/^>MT/>NC_012920.1 made up/' >"$TMP/mt.fa"
	"$BENCH/sim_cohort" --samples 5 --records 300 --assembly GRCh37 --contig MT --indels 0.5 >"$TMP/mt.vcf"
	build "an accession in the reference" --assembly GRCh37 --reference "$TMP/mt.fa" --report "$TMP/report" "$TMP/mt.vcf"
	check "an alias of the reference is not understood" grep -q '"indexed": 299' "$TMP/report"
	check "info does not name the reference" grep -q -e '--reference mt.fa (' <("$VIDX" info "$TMP/t.vidx")
fi

if ! command -v bcftools >/dev/null; then
	skip "no bcftools here"
	finish
fi

# 4. Records in repeats, in units of a few hundred records, in several files, at several threads.
records() {
	local n=$1 junk=$2 seed=$3
	perl tests/norm_make.pl records "$TMP" "$seed" "$n" "$junk" || bad "norm_make.pl"
	rm -f "$TMP/ref.fa.fai"
	sed 's/\tJ=j*\t/\t.\t/' "$TMP/in.vcf" | bcftools norm -m-any -c w -f "$TMP/ref.fa" 2>/dev/null |
		bcftools +fill-tags - -- -t AC,AN 2>/dev/null |
		bcftools query -f '%CHROM\t%POS\t%REF\t%ALT\t%ID\t%AC\t%AN\n' >"$TMP/want"
	rm -f "$TMP/ref.fa.fai"
	"$VIDX" build --threads 1 --assembly test --reference "$TMP/ref.fa" -o "$TMP/t.vidx" "$TMP/in.vcf" 2>"$TMP/err" ||
		bad "seed $seed: build: $(tail -n 1 "$TMP/err")"
	# Of several units some rows move beyond what the merge holds back: that has to be tested too.
	[ "$junk" -eq 0 ] || check "seed $seed: nothing moved far" grep -q 'second pass' "$TMP/err"
	verdict "$n records of seed $seed" "$TMP/ref.fa" "$TMP/want"
	cp "$TMP/t.vidx" "$TMP/one.vidx"
	build "seed $seed, 3 threads" --threads 3 --assembly test --reference "$TMP/ref.fa" "$TMP/in.vcf"
	same_files "seed $seed: 1 and 3 threads" "$TMP/one.vidx" "$TMP/t.vidx"
	check "seed $seed: verify" "$VIDX" verify -q "$TMP/t.vidx"
	# The same records in files of their own.
	grep '^#' "$TMP/in.vcf" >"$TMP/in.head"
	rm -f "$TMP"/piece.*
	grep -v '^#' "$TMP/in.vcf" >"$TMP/in.body"
	split -n l/9 "$TMP/in.body" "$TMP/piece."
	for f in "$TMP"/piece.*; do
		cat "$TMP/in.head" "$f" >"$f.vcf"
		rm "$f"
	done
	build "seed $seed, 9 files" --assembly test --reference "$TMP/ref.fa" "$TMP"/piece.*.vcf
	verdict "the same in 9 files" "$TMP/ref.fa" "$TMP/want"
	equal "seed $seed: content of 9 files" "$("$VIDX" info "$TMP/one.vidx" | grep ^content_digest)" "$("$VIDX" info "$TMP/t.vidx" | grep ^content_digest)"
	if command -v bgzip >/dev/null; then
		bgzip -c "$TMP/ref.fa" >"$TMP/ref.fa.gz"
		bgzip -c "$TMP/in.vcf" >"$TMP/in.vcf.gz"
		build "seed $seed, bgzip" --assembly test --reference "$TMP/ref.fa.gz" "$TMP/in.vcf.gz"
		equal "seed $seed: content with bgzip" "$("$VIDX" info "$TMP/one.vidx" | grep ^content_digest)" "$("$VIDX" info "$TMP/t.vidx" | grep ^content_digest)"
	fi
	rm -f "$TMP"/piece.* "$TMP"/in.vcf.gz
}
if slow; then
	records 400 40000 1
else
	records 2000 12000 1
	records 20000 0 2
fi

# 5. A simulated cohort.
cohort() {
	local records=$1
	"$BENCH/sim_reference" --contig chr21 --bases $((10000 + 50 * records)) >"$TMP/sim.fa" || bad "sim_reference"
	"$BENCH/sim_cohort" --samples 50 --records "$records" --contig chr21 --indels 0.5 --multi 0.2 --star --density 40 |
		sed '/^##contig/s/,length=[0-9]*//' >"$TMP/sim.vcf" || bad "sim_cohort"
	bcftools norm -m-any -f "$TMP/sim.fa" "$TMP/sim.vcf" 2>/dev/null | bcftools query -f '%CHROM\t%POS\t%REF\t%ALT\n' >"$TMP/want"
	build "a cohort" --assembly test --reference "$TMP/sim.fa" "$TMP/sim.vcf"
	verdict "a cohort of $records records" "$TMP/sim.fa" "$TMP/want"
}
if [ -x "$BENCH/sim_reference" ]; then if slow; then cohort 2000; else cohort 30000; fi; fi
echo "  $total alleles compared"
finish
