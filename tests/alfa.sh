#!/usr/bin/env bash
# dbSNP's ALFA, whose populations are sample columns: every AC and AN of a made-up file comes back
# under its population's name, against a reading of the text by itself; BCF and threads alike.
. tests/lib.sh alfa
n=4000
slow && n=600
echo "  seed 20231106, $n records"
perl tests/alfa.pl make 20231106 $n >"$TMP/a.vcf"
perl tests/alfa.pl table "$TMP/a.vcf" >"$TMP/want"

# counts_of INDEX: the same table out of an index
counts_of() {
	"$VIDX" dump -O tsv --fields contig,pos,ref,alt,population,ac,an "$1" | tail -n +2 | sort
}

"$VIDX" build -q -o "$TMP/t.vidx" "$TMP/a.vcf" || bad "build"
counts_of "$TMP/t.vidx" >"$TMP/got"
check "a file with counts" [ "$(wc -l <"$TMP/want")" -gt $((n * 12)) ]
same_files "counts" "$TMP/want" "$TMP/got"
printf '  %d counts of %d populations came back\n' $((2 * $(wc -l <"$TMP/got"))) \
	"$(cut -f5 "$TMP/got" | sort -u | wc -l)"
"$VIDX" build -q --threads 3 -o "$TMP/3.vidx" "$TMP/a.vcf" || bad "build with 3 threads"
check "3 threads give the same bytes" cmp -s "$TMP/t.vidx" "$TMP/3.vidx"
"$VIDX" dump -o "$TMP/d.vcf" "$TMP/t.vidx"
"$VIDX" build -q -o "$TMP/d.vidx" "$TMP/d.vcf" || bad "build from the dump"
equal "the dump's digest" "$("$VIDX" info "$TMP/t.vidx" | grep content_digest)" \
	"$("$VIDX" info "$TMP/d.vidx" | grep content_digest)"
if command -v bcftools >/dev/null; then
	bcftools view -Ob -o "$TMP/a.bcf" "$TMP/a.vcf" 2>/dev/null || bad "bcftools"
	"$VIDX" build -q -o "$TMP/b.vidx" "$TMP/a.bcf" || bad "build from BCF"
	counts_of "$TMP/b.vidx" >"$TMP/got"
	same_files "counts from BCF" "$TMP/want" "$TMP/got"
else
	skip "BCF: no bcftools"
fi
finish
