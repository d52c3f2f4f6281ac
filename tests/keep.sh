#!/usr/bin/env bash
# --keep-info on real files and on made-up ones: every INFO value that a file declares comes back, as
# bcftools prints it; a dump, and what is built from it, says the same again; at any number of
# threads, in any pieces, late or in order.
. tests/lib.sh keep

if ! command -v bcftools >/dev/null; then
	skip "no bcftools here"
	finish
fi

# keys FILE: KEY and Type of all that the header declares, but for what a dump writes itself; the
# index without any stays in $TMP/plain.vidx.
keys() {
	"$VIDX" build -q -o "$TMP/plain.vidx" "${@:2}" "$1" 2>"$TMP/err" || return 1
	"$VIDX" dump "$TMP/plain.vidx" | sed -n 's/^##INFO=<ID=\([^,]*\),.*/\1/p' >"$TMP/taken"
	bcftools view -h "$1" 2>/dev/null | sed -n 's/^##INFO=<ID=\([^,]*\),.*Type=\([A-Za-z]*\).*/\1\t\2/p' |
		grep -E '^[A-Za-z_0-9][A-Za-z_0-9.]*	' | # what bcftools query can be asked for
		awk -F'\t' 'NR == FNR { taken[$1] = 1; next } !($1 in taken) && !seen[$1]++' "$TMP/taken" - >"$TMP/types"
	[ -s "$TMP/types" ]
}

# their_values FILE: what bcftools says, split into one line an ALT
their_values() {
	local format file=$1
	format=$(cut -f1 "$TMP/types" | sed 's|^|\\t%INFO/|' | tr -d '\n')
	# norm wants every contig declared.
	if ! bcftools view -h "$1" | grep -q '^##contig'; then
		file=$TMP/declared.vcf
		gzip -dcf "$1" | grep '^##' >"$file"
		gzip -dcf "$1" | grep -v '^#' | cut -f1 | sort -u | sed 's/.*/##contig=<ID=&>/' >>"$file"
		gzip -dcf "$1" | grep -v '^##' >>"$file"
	fi 2>/dev/null
	bcftools norm -m-any "$file" 2>"$TMP/norm.err" | bcftools query -f "%CHROM\\t%POS\\t%REF\\t%ALT$format\\n" >"$TMP/theirs" 2>"$TMP/query.err"
	! grep -q '^Error' "$TMP/norm.err"
}

fields() { printf 'contig,pos,ref,alt'; cut -f1 "$TMP/types" | sed 's|^|,INFO/|' | tr -d '\n'; }
list() { cut -f1 "$TMP/types" | paste -sd,; }

# compare NAME: differ is 0 when all is the same
compare() {
	"$VIDX" dump --wide -O tsv --fields "$(fields)" "$TMP/t.vidx" >"$TMP/ours" 2>"$TMP/err" || bad "$1: $(tail -n 1 "$TMP/err")"
	perl tests/keep.pl compare "$TMP/types" "$TMP/theirs" "$TMP/ours" "$1" >"$TMP/verdict"
	differ=$?
	[ $differ -eq 0 ] || head -n -1 "$TMP/verdict" >&2
	tail -n 1 "$TMP/verdict"
}

# again NAME ARGUMENTS...: dump, build from it, dump, through VCF and BCF
again() {
	local name=$1 form
	shift
	"$VIDX" dump -o "$TMP/d.vcf" "$TMP/t.vidx"
	for form in vcf bcf; do
		[ $form = vcf ] || "$VIDX" dump -o "$TMP/d.bcf" "$TMP/t.vidx" 2>"$TMP/err" || { skip "$name: $(head -n 1 "$TMP/err")"; continue; }
		"$VIDX" build -q -o "$TMP/d.vidx" --keep-info "$(list)" "$@" "$TMP/d.$form" 2>"$TMP/err" || bad "$name: a dump as $form: $(tail -n 1 "$TMP/err")"
		"$VIDX" dump -o "$TMP/d2.vcf" "$TMP/d.vidx"
		same_files "$name: dump, build from $form, dump" <(grep -v '^##' "$TMP/d.vcf") <(grep -v '^##' "$TMP/d2.vcf")
		same_files "$name: header, through $form" <(grep '^##INFO' "$TMP/d.vcf") <(grep '^##INFO' "$TMP/d2.vcf")
	done
}

# 1. Real files: all that they declare.
total=0 n_files=0
# real FILE ARGUMENTS...
real() {
	local name=$1 file=$SHARED/data/real/$1 verdict
	shift
	[ -f "$file" ] || { skip "no $file"; return; }
	keys "$file" "$@" || { bad "$name: $(tail -n 1 "$TMP/err")"; return; }
	their_values "$file" || { skip "$name: bcftools: $(grep ^Error "$TMP/norm.err" | head -n 1)"; return; }
	"$VIDX" build -q -o "$TMP/t.vidx" --keep-info "$(list)" "$@" "$file" 2>"$TMP/err" || { bad "$name: $(tail -n 1 "$TMP/err")"; return; }
	check "$name: verify" "$VIDX" verify -q "$TMP/t.vidx"
	compare "$name" >"$TMP/said" 2>&1
	check "$(head -n 2 "$TMP/said" | tr '\n' ';')" [ $differ -eq 0 ]
	verdict=$(tail -n 1 "$TMP/said")
	printf '  %s: %d keys, %s, %d bytes instead of %d\n' "$name" "$(wc -l <"$TMP/types")" "$verdict" \
		"$(stat -c %s "$TMP/t.vidx")" "$(stat -c %s "$TMP/plain.vidx")"
	values=${verdict##*, }
	total=$((total + ${values%% of*}))
	n_files=$((n_files + 1))
	again "$name" --assembly "$("$VIDX" info "$TMP/t.vidx" | sed -n 's/^assembly\t//p')"
}

if [ -d "$SHARED/data/real" ]; then
	printf 'ALL\tac\tALLELEID\n' >"$TMP/clinvar.map"
	while read -r file arguments; do
		# shellcheck disable=SC2086
		[ -z "$file" ] || real "$file" $arguments
	done <<-END
		gnomad_v4.0_exomes_chr1.vcf.bgz
		gnomad_v4.0_exomes_chrX.vcf.bgz
		gnomad_v4.0_genomes_chr1.vcf.bgz
		gnomad_v4.0_genomes_chrX.vcf.bgz
		gnomad_v3.1_genomes.vcf.bgz
		gnomad_v2.1.1_exomes_chr1.vcf.gz
		gnomad_v2.1_genomes.vcf.bgz
		gnomad_v2.0.1_exomes.vcf.gz
		gnomad_mtdna.vcf.bgz --assembly GRCh38
		gnomad_sv_v4_chr1.vcf.gz
		exac_r1_vep.vcf.gz
		clinvar_20191007.vcf.gz --assembly GRCh37 --info-map $TMP/clinvar.map
		gatk_189.vcf.gz
		gatk_60_annotated.vcf
		1000g_p3_chr22.vcf.gz
		1000g_30x_chr22_gatk.vcf.gz
		1000g_30x_chr20_sites.bcf
		snpeff.bcf
	END
	echo "  $total values of $n_files real files compared"
else
	skip "no $SHARED/data/real"
fi

# 2. Made-up ones.
random() {
	local seed=$1 n=$2 threads f
	perl tests/keep.pl random "$TMP" "$seed" "$n" || bad "keep.pl"
	keys "$TMP/in.vcf" --assembly test || bad "seed $seed: $(tail -n 1 "$TMP/err")"
	their_values "$TMP/in.vcf" || bad "seed $seed: $(head -n 1 "$TMP/norm.err")"
	"$VIDX" build -q --threads 1 --assembly test -o "$TMP/t.vidx" --keep-info "$(list)" "$TMP/in.vcf" || bad "seed $seed: build"
	equal "seed $seed: values left out" 0 "$("$VIDX" info "$TMP/t.vidx" | sed -n 's/^info_values_left_out\t//p')"
	check "seed $seed: verify" "$VIDX" verify -q "$TMP/t.vidx"
	compare "seed $seed" >"$TMP/said" 2>&1
	check "$(head -n 2 "$TMP/said" | tr '\n' ';')" [ $differ -eq 0 ]
	echo "  seed $seed: $(tail -n 1 "$TMP/said")"
	again "seed $seed" --assembly test
	for threads in 2 3 8; do
		"$VIDX" build -q --threads $threads --assembly test -o "$TMP/n.vidx" --keep-info "$(list)" "$TMP/in.vcf"
		same_files "seed $seed: $threads threads" "$TMP/t.vidx" "$TMP/n.vidx"
	done
	# As BCF, in pieces, and out of order: the same content.
	digest=$("$VIDX" info "$TMP/t.vidx" | grep ^content_digest)
	bcftools view -Ob -o "$TMP/in.bcf" "$TMP/in.vcf" 2>/dev/null
	"$VIDX" build -q --assembly test -o "$TMP/n.vidx" --keep-info "$(list)" "$TMP/in.bcf"
	equal "seed $seed: BCF" "$digest" "$("$VIDX" info "$TMP/n.vidx" | grep ^content_digest)"
	grep '^#' "$TMP/in.vcf" >"$TMP/head"
	grep -v '^#' "$TMP/in.vcf" >"$TMP/body"
	split -n l/7 "$TMP/body" "$TMP/piece."
	for f in "$TMP"/piece.*; do cat "$TMP/head" "$f" >"$f.vcf" && rm "$f"; done
	"$VIDX" build -q --assembly test -o "$TMP/n.vidx" --keep-info "$(list)" "$TMP"/piece.*.vcf
	equal "seed $seed: pieces" "$digest" "$("$VIDX" info "$TMP/n.vidx" | grep ^content_digest)"
	rm -f "$TMP"/piece.*
	cat "$TMP/head" <(tac "$TMP/body") >"$TMP/reverse.vcf"
	"$VIDX" build --assembly test -o "$TMP/n.vidx" --keep-info "$(list)" "$TMP/reverse.vcf" 2>"$TMP/err"
	equal "seed $seed: in reverse" "$digest" "$("$VIDX" info "$TMP/n.vidx" | grep ^content_digest)"
	[ "$n" -lt 5000 ] || check "seed $seed: no second pass" grep -q 'second pass' "$TMP/err"
	check "seed $seed: verify in reverse" "$VIDX" verify -q "$TMP/n.vidx"
	# A lookup finds what the dump has.
	sed -n '1,200{/^#/!p}' "$TMP/ours" | cut -f1-4 >"$TMP/queries"
	"$VIDX" get --wide --fields "$(fields)" -f "$TMP/queries" "$TMP/t.vidx" | tail -n +2 >"$TMP/got"
	same_files "seed $seed: get" <(sed -n '1,200{/^#/!p}' "$TMP/ours") "$TMP/got"
}
random 1 300
if slow; then random 2 1500; else random 2 12000; fi

# 3. A bit of a block flipped: verify finds it, and nothing crashes.
damage() {
	local n=0 at size
	size=$(stat -c %s "$TMP/t.vidx")
	for i in $(seq 1 "$(if slow; then echo 30; else echo 150; fi)"); do
		at=$((size / 8 + i * 104729 % (size / 2)))
		perl -e 'my ($in, $out, $at, $bit) = @ARGV; local $/; open F, "<", $in; $_ = <F>; substr($_, $at, 1) ^= chr(1 << $bit); open G, ">", $out; print G $_' \
			"$TMP/t.vidx" "$TMP/x.vidx" $at $((i % 8))
		"$VIDX" verify -q "$TMP/x.vidx" >/dev/null 2>&1
		[ $? -eq 4 ] || { bad "byte $at, bit $((i % 8)) flipped: verify does not find it"; continue; }
		"$VIDX" dump "$TMP/x.vidx" >/dev/null 2>&1
		status=$?
		[[ $status =~ ^[04]$ ]] || { bad "byte $at, bit $((i % 8)) flipped: dump ends with $status"; continue; }
		n=$((n + 1))
	done
	ok
	echo "  $n flipped bits found by verify"
}
damage

# 4. An index that keeps nothing of what there is.
"$VIDX" build -q --assembly test -o "$TMP/n.vidx" --keep-info Rare "$TMP/in.vcf"
"$VIDX" build -q --assembly test -o "$TMP/o.vidx" "$TMP/in.vcf"
equal "rows of the other" "$("$VIDX" dump "$TMP/o.vidx" | grep -vc '^#')" "$("$VIDX" dump "$TMP/n.vidx" | grep -vc '^#')"
check "rare INFO is not cheap: $(stat -c %s "$TMP/n.vidx") bytes" [ "$(stat -c %s "$TMP/n.vidx")" -le $(($(stat -c %s "$TMP/o.vidx") + 8192)) ]
finish
