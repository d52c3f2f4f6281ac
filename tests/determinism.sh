#!/usr/bin/env bash
# The same input gives the same bytes at any number of threads, the same content however it is cut,
# and the same index again from its own dump; and no index holds a sample's name.
. tests/lib.sh determinism
mkdir "$TMP/d"
cd "$TMP/d" || exit 1

digest() { "$VIDX" info "$1" | awk -F'\t' '$1 == "content_digest" { print $2 }'; }
tsv() { "$VIDX" dump -O tsv "$1"; }

# twice NAME VCF [ARGS...]: every check on one input
everything() {
	local name=$1 vcf=$2 first='' sum
	shift 2
	for threads in 1 2 3 8; do
		"$VIDX" build -q --threads $threads -o t$threads.vidx "$@" "$vcf" 2>err || {
			bad "$name: build: $(head -n 1 err)"
			return
		}
		sum=$(sha256sum <t$threads.vidx)
		[ -n "$first" ] || first=$sum
		equal "$name: bytes at $threads threads" "$first" "$sum"
	done
	"$VIDX" verify t1.vidx >out 2>err
	equal "$name: verify" 0 $?
	tsv t1.vidx >whole.tsv

	# 50 pieces, in order and in reverse.
	rm -rf pieces
	mkdir pieces
	case $vcf in
	*gz) gzip -dc "$vcf" ;;
	*) cat "$vcf" ;;
	esac | perl -e '
		my (@head, @body);
		while (<STDIN>) { if (/^#/) { push @head, $_ } else { push @body, $_ } }
		my $n = int(@body / 50) + 1;
		for my $i (0 .. 49) {
			my @part = splice @body, 0, $n or last;
			open my $f, ">", sprintf("pieces/%02d.vcf", $i) or die;
			print $f @head, @part;
		}'
	ls pieces/*.vcf >list
	"$VIDX" build -q -o p.vidx "$@" --files-from list 2>err || bad "$name: build from pieces: $(head -n 1 err)"
	equal "$name: content of $(wc -l <list) pieces" "$(digest t1.vidx)" "$(digest p.vidx)"
	tsv p.vidx >pieces.tsv
	same_files "$name: dump of the pieces" whole.tsv pieces.tsv
	tac list >reverse
	"$VIDX" build -q -o p.vidx "$@" --files-from reverse 2>err || bad "$name: build from pieces in reverse: $(head -n 1 err)"
	equal "$name: content of the pieces in reverse order" "$(digest t1.vidx)" "$(digest p.vidx)"
	"$VIDX" build -q --threads 1 -o p1.vidx "$@" --files-from list 2>err
	"$VIDX" build -q --threads 3 -o p3.vidx "$@" --files-from list 2>err
	equal "$name: bytes of the pieces at 1 and 3 threads" "$(sha256sum <p1.vidx)" "$(sha256sum <p3.vidx)"

	# dump, build, dump
	"$VIDX" dump t1.vidx >dump.vcf 2>err || bad "$name: dump: $(head -n 1 err)"
	"$VIDX" build -q -o again.vidx --assembly "$("$VIDX" info t1.vidx | awk -F'\t' '$1 == "assembly" { print $2 }')" dump.vcf 2>err ||
		bad "$name: build from the dump: $(head -n 1 err)"
	"$VIDX" dump again.vidx >again.vcf
	same_files "$name: dump, build, dump" dump.vcf again.vcf
	tsv again.vidx >again.tsv
	same_files "$name: dump, build, dump as TSV" whole.tsv again.tsv
	equal "$name: content digest of the rebuilt index" "$(digest t1.vidx)" "$(digest again.vidx)"

	# no sample's name in the bytes
	case $vcf in
	*gz) gzip -dc "$vcf" ;;
	*) cat "$vcf" ;;
	esac | grep -m1 '^#CHROM' | cut -f10- | tr '\t' '\n' | awk 'length($0) > 4' >names
	if [ -s names ]; then
		for index in t1.vidx p.vidx; do
			if grep -aqF -f names $index; then
				bad "$name: a sample's name is in $index: $(grep -aoF -f names $index | head -n 1)"
			else
				ok
			fi
		done
	fi
}

root=$OLDPWD
case $SHARED in /*) data=$SHARED/data ;; *) data=$root/$SHARED/data ;; esac
if [ -d "$data" ]; then
	if slow; then
		everything base "$data/bad/base.vcf.gz" --assembly GRCh37 --samples "$data/real/1000g_p3.panel" --group-by super_pop --by-sex
	else
		everything 1000g_p3_chr22 "$data/real/1000g_p3_chr22.vcf.gz" --assembly GRCh37 --samples "$data/real/1000g_p3.panel" --group-by super_pop,pop --by-sex
		everything gvcf "$data/real/gvcf_NA12878_chr20.g.vcf.gz" --assembly test
	fi
	everything gnomad_v4_X "$data/real/gnomad_v4.0_genomes_chrX.vcf.bgz" --assembly GRCh38
	everything chr_m "$data/real/1000g_30x_chrM_indels.vcf.gz" --assembly test
	everything pangenome "$data/real/pangenome_chr8_45.vcf" --assembly test

	# One thing in four wrappings, and through a pipe.
	base=$data/bad/base
	gzip -dc "$base.vcf.gz" >plain.vcf
	gzip -c plain.vcf >gzip.vcf.gz
	for f in "$base.vcf.gz" "$base.bcf" plain.vcf gzip.vcf.gz; do
		"$VIDX" build -q -o w.vidx --assembly GRCh37 "$f" || bad "$f: build"
		digest w.vidx
	done >digests
	"$VIDX" build -q -o w.vidx --assembly GRCh37 - <plain.vcf && digest w.vidx >>digests
	# shellcheck disable=SC2002 # a pipe, not a file, on standard input
	cat "$base.vcf.gz" | "$VIDX" build -q -o w.vidx --assembly GRCh37 - && digest w.vidx >>digests
	equal "one content in six wrappings" "6 1" "$(wc -l <digests) $(sort -u digests | wc -l)"
	for twin in 1000g_30x_chrM spec_example; do
		"$VIDX" build -q -o v.vidx --assembly test "$data/real/$twin.vcf.gz"
		"$VIDX" build -q -o b.vidx --assembly test "$data/real/$twin.bcf"
		tsv v.vidx >v.tsv
		tsv b.vidx >b.tsv
		same_files "$twin: VCF and BCF" v.tsv b.tsv
	done
else
	skip "no $data here"
fi

# Pieces with headers of 12 MB, which cannot all be open at once, one of them a pipe, which cannot be
# opened twice: the same bytes as of the pieces with short ones.
mkdir long
perl -e 'for my $i (0 .. 5) {
	my $head = "##fileformat=VCFv4.2\n##contig=<ID=1,length=1000>\n";
	my $body = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n" . join "", map { "1\t" . (100 * $i + $_) . "\t.\tA\tC\t.\t.\t.\tGT\t0/1\n" } 1 .. 50;
	open my $f, ">", "long/s$i.vcf" or die;
	print $f $head, $body;
	open my $g, ">", "long/l$i.vcf" or die;
	print $g $head, "##remark=" . ("x" x 1000) . "\n" x 1, ("##remark=" . ("y" x 1000) . "\n") x 12000, $body;
}'
"$VIDX" build -q --assembly test -o short.vidx long/s[0-5].vcf || bad "build of pieces with short headers"
"$VIDX" build -q --assembly test -o long.vidx long/l[0-4].vcf <(cat long/l5.vcf) || bad "build of pieces with long headers"
same_files "long headers" <(tsv short.vidx) <(tsv long.vidx)

# A folder and a file that cannot be written are enough to read.
printf '%s\n' '##fileformat=VCFv4.2' '##contig=<ID=1>' '#CHROM	POS	ID	REF	ALT	QUAL	FILTER	INFO	FORMAT	SECRETNAME' \
	'1	5	.	A	C	.	.	.	GT	0/1' >one.vcf
mkdir sealed
"$VIDX" build -q --assembly test -o sealed/t.vidx one.vcf || bad "build"
chmod 444 sealed/t.vidx
chmod 555 sealed
before=$(find sealed -printf '%p %s %T@\n' | sort)
as_nobody=()
if [ "$(id -u)" -eq 0 ] && chmod 755 "$TMP" "$TMP/d" &&
	setpriv --reuid 65534 --regid 65534 --clear-groups "$VIDX" --help >out 2>err; then
	as_nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
fi
for verb in "get sealed/t.vidx 1-5-A-C" "region sealed/t.vidx 1:1-10" "dump sealed/t.vidx" "info sealed/t.vidx" "verify sealed/t.vidx"; do
	# shellcheck disable=SC2086 # the words of a command
	"${as_nobody[@]}" "$VIDX" $verb >out 2>err
	equal "vidx $verb in a read-only folder: exit" 0 $?
done
equal "what lies in the read-only folder" "$before" "$(find sealed -printf '%p %s %T@\n' | sort)"
grep -aqF SECRETNAME sealed/t.vidx && bad "a sample's name is in the index"
cd "$root" || exit 1
finish
