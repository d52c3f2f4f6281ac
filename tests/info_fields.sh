#!/usr/bin/env bash
# Sites files of real sources: every number of every INFO key that the build says it maps comes back
# from the dump under the mapped name, every other key of the header is named there too, and no
# declared frequency differs from AC / AN.
. tests/lib.sh info_fields
dir=$SHARED/data/real
if [ ! -d "$dir" ]; then
	skip "no $dir here"
	finish
fi

# fact NAME: of the index just built
fact() { "$VIDX" info "$TMP/t.vidx" | awk -F'\t' -v n="$1" '$1 == n { print $2 }'; }

total=0 n_files=0
# came_back FILE FREQUENCIES-THAT-DIFFER BUILD-OPTIONS...: of $dir, or with a path
came_back() {
	local name=${1##*/} differ=$2 file=$dir/$1 n alleles missing mapped checked named other faults
	[ "$1" = "$name" ] || file=$1
	shift 2
	if [ ! -f "$file" ]; then
		skip "no $name"
		return
	fi
	case $name in
	*.bcf)
		if ! command -v bcftools >/dev/null; then
			skip "$name: needs bcftools"
			return
		fi
		;;
	esac
	if ! "$VIDX" build -v --assembly test "$@" -o "$TMP/t.vidx" "$file" 2>"$TMP/log"; then
		bad "$name: $(tail -n 1 "$TMP/log")"
		return
	fi
	"$VIDX" dump -O v "$TMP/t.vidx" >"$TMP/dump.vcf" 2>"$TMP/err" || bad "$name: $(head -n 1 "$TMP/err")"
	perl tests/info_fields.pl "$file" "$TMP/log" "$TMP/dump.vcf" >"$TMP/verdict"
	read -r _ n alleles missing mapped checked named other faults < <(grep ^RESULT "$TMP/verdict")
	grep -v ^RESULT "$TMP/verdict"
	equal "$name: faults" 0 "${faults:-none}"
	equal "$name: alleles that did not come back" \
		"$(($(fact alleles) - $(fact alleles_indexed)))" "${missing:-none}"
	equal "$name: frequencies that differ" "$differ" "$(fact frequencies_differ)"
	printf '  %-34s %7d numbers of %5d alleles (%d dropped); %4d keys mapped, %3d checked (%d values), %4d not used, %3d without counts\n' \
		"$name" "$n" "$alleles" "$missing" "$mapped" "$checked" "$(fact frequencies_checked)" "$named" "$other"
	total=$((total + n)) n_files=$((n_files + 1))
}
for name in gnomad_v2.0.1_exomes.vcf.gz gnomad_v2.0.1_genomes.vcf.gz gnomad_v2.1.1_exomes_CCR5.vcf.bgz \
	gnomad_v2.1.1_exomes_chr1.vcf.gz gnomad_v2.1_exomes_chr1.vcf.bgz gnomad_v2.1_genomes.vcf.bgz \
	gnomad_v2.1_exomes_1_X_Y.vcf.bgz gnomad_v3.0_genomes_chr1.vcf.gz gnomad_v3.1_genomes.vcf.bgz \
	gnomad_v3.1.2_small.vcf gnomad_v4.0_genomes_chr1.vcf.bgz gnomad_v4.0_genomes_chrX.vcf.bgz \
	gnomad_v4.0_exomes_chr1.vcf.bgz gnomad_v4.0_exomes_chrX.vcf.bgz \
	gnomad_v4.0_exomes_chrY.vcf.bgz gnomad_mtdna.vcf.bgz helixmtdb.vcf.bgz gnomad_sv_v2.vcf.gz \
	gnomad_sv_v4_chr1.vcf.gz gnomad_cnv_v4.vcf.gz exac_148.vcf.gz exac_r1_vep.vcf.gz \
	1000g_30x_chr20_sites.bcf 1000g_p1_sites.vcf multiallelic_116.vcf.gz esp_evs.vcf.gz no_genotypes.vcf.gz; do
	came_back "$name" 0
done
# Cohorts that bring counts along, read from INFO; where somebody had cut samples out AF is stale.
while read -r name differ; do
	came_back "$name" "$differ" --counts info
done <<-END
	1000g_30x_chr1.vcf.gz 0
	1000g_30x_chr17_region.bcf 0
	1000g_p3_chr22.vcf.gz 0
	1000g_p3_chrMT.vcf.gz 0
	1000g_p3_chrY.vcf 0
	1000g_30x_chr22_gatk.vcf.gz 104
	gatk_exome_100.vcf 1161
	gatk_wgs_100_chr20.vcf.gz 343
	gatk_189.vcf.gz 0
	hapmap_exome_chr22.vcf.gz 0
END
# Random ones, and the same as BCF.
seeds=$(seq 1 "${INFO_SEEDS:-12}")
if slow; then seeds="1 2"; fi
for seed in $seeds; do
	perl tests/info_random.pl "$seed" >"$TMP/random_$seed.vcf" || bad "info_random.pl"
	came_back "$TMP/random_$seed.vcf" 0
	cp "$TMP/dump.vcf" "$TMP/text.vcf"
	if command -v bcftools >/dev/null; then
		bcftools view -Ob -o "$TMP/random.bcf" "$TMP/random_$seed.vcf" 2>/dev/null
		"$VIDX" build -q --assembly test -o "$TMP/t.vidx" "$TMP/random.bcf" 2>"$TMP/err" || bad "random, BCF: $(head -n 1 "$TMP/err")"
		"$VIDX" dump -O v "$TMP/t.vidx" >"$TMP/dump.vcf"
		same_files "random $seed: its BCF" "$TMP/text.vcf" "$TMP/dump.vcf"
	fi
done
printf '  %d numbers of %d files came back\n' "$total" "$n_files"

# refused NAME KEYS...: frequencies alone are no counts; the message names what was found
refused() {
	local name=$1
	shift
	if [ ! -f "$dir/$name" ]; then
		skip "no $name"
		return
	fi
	"$VIDX" build --assembly test --counts info -o "$TMP/none.vidx" "$dir/$name" 2>"$TMP/err"
	equal "$name: exit code" 3 $?
	for key; do check "$name: names $key" grep -q -w -e "$key" "$TMP/err"; done
	check "$name: leaves nothing" test ! -e "$TMP/none.vidx"
}
refused clinvar_20191007.vcf.gz AF_ESP AF_EXAC AF_TGP
refused clinvar_vep.vcf.gz AF_ESP AF_EXAC AF_TGP
refused dbsnp_brca1.vcf.bgz CAF
refused loqusdb_grch38.vcf.gz MAF
refused mt_all_snvs.vcf.gz "none of 1 INFO keys"
refused clinvar_old.vcf "none of 60 INFO keys"
refused alleles_33.vcf "none of 0 INFO keys"
refused multi_contig.vcf.gz "none of 0 INFO keys"
refused multiple_alt_svs.vcf "none of 11 INFO keys"
refused out_of_order_contigs.vcf.gz "none of 0 INFO keys"
refused weird_contigs.vcf "none of 0 INFO keys"
refused breakends.vcf "not a VCF: the first line is not ##fileformat"

# A map file in place of the grammar: other names, another order, and an af that is only checked.
file=$dir/gnomad_v4.0_exomes_chr1.vcf.bgz
if [ -f "$file" ]; then
	printf '# population metric key\nwomen\tAC\tAC_XX\nwomen\tAN\tAN_XX\nALL\tac\tAC\nALL\tan\tAN\nALL\taf\tAF\n' >"$TMP/map"
	"$VIDX" build -q --assembly test --info-map "$TMP/map" -o "$TMP/t.vidx" "$file" || bad "--info-map"
	equal "groups of --info-map" ALL,women "$(fact groups)"
	equal "metrics of --info-map" ac,an "$(fact metrics)"
	equal "checked of --info-map" 1 "$(($(fact frequencies_checked) > 90))"
	same_files "counts of --info-map" \
		<(gzip -dc "$file" | perl -ne 'next if /^#/; print "$1\n" while /;AC_XX=(\d+)/g' | sort) \
		<("$VIDX" dump -O v "$TMP/t.vidx" | perl -ne 'print "$1\n" while /AC_women=(\d+)/g' | sort)
	printf 'ALL\tac\tAC\nALL\tan\tNONE\n' >"$TMP/map"
	"$VIDX" build -q --assembly test --info-map "$TMP/map" -o "$TMP/none.vidx" "$file" 2>"$TMP/err"
	equal "a key that is not there: exit code" 2 $?
	check "a key that is not there: its line" grep -q -e "map:2:.*NONE" "$TMP/err"
fi
finish
