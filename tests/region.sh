#!/usr/bin/env bash
# `region -R` with many lines over short, long and very long variants on three contigs, against a
# search through the source from end to end; the rows of every region in genome order.
. tests/lib.sh region
n=20000 n_bed=3000
slow && n=4000 n_bed=300
echo "  seed 7, $n variants, $n_bed regions"
perl -e '
	my ($n, $n_bed, $dir) = @ARGV;
	my $state = 7;
	sub rnd { $state = ($state * 1103515245 + 12345) % 2147483648; int($state / 512) % $_[0] }
	open(my $v, ">", "$dir/r.vcf") or die;
	open(my $b, ">", "$dir/r.bed") or die;
	open(my $w, ">", "$dir/want") or die;
	print $v "##fileformat=VCFv4.2\n", (map { "##contig=<ID=$_>\n" } qw(a b c)),
		"##INFO=<ID=AC,Number=A,Type=Integer,Description=\"x\">\n",
		"##INFO=<ID=AN,Number=1,Type=Integer,Description=\"x\">\n",
		"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
	my @row;
	for my $i (0 .. $n - 1) {
		my $contig = qw(a b c)[int(3 * $i / $n)];
		my $pos = 1 + ($i % int($n / 3 + 1)) * 150 + rnd(100);
		my $kind = rnd(30);
		my $span = $kind == 0 ? rnd(2000) : $kind == 1 && !rnd(20) ? rnd(3_000_000) : 0;
		my ($ref, $alt, $info) = ("A", "C", "");
		if ($span) { $alt = rnd(2) ? "<DEL>" : "<CNV>", $info = rnd(2) ? ";END=" . ($pos + $span) : ";SVLEN=-$span" }
		elsif ($kind == 2) { $ref = "A" . "CG" x (1 + rnd(200)), $alt = "A", $span = length($ref) - 1 }
		elsif ($kind == 3) { $alt = "<INS>", $info = ";SVLEN=5000" }
		push @row, [$contig, $pos, $pos + $span, "v$i"];
		print $v "$contig\t$pos\tv$i\t$ref\t$alt\t.\tPASS\tAC=1;AN=9$info\n";
	}
	for (1 .. $n_bed) {
		my $contig = qw(a b c)[rnd(3)];
		my $beg0 = rnd(int($n / 3) * 150);
		my $end0 = $beg0 + 1 + (rnd(20) ? rnd(500) : rnd(40000));
		print $b "$contig\t$beg0\t$end0\n";
		print $w map { "$contig:" . ($beg0 + 1) . "-$end0\t$_->[3]\t$_->[1]\n" }
			grep { $_->[0] eq $contig && $_->[1] <= $end0 && $_->[2] > $beg0 } @row;
	}' "$n" "$n_bed" "$TMP"
"$VIDX" build -q --assembly none -o "$TMP/t.vidx" "$TMP/r.vcf" || bad "build"
"$VIDX" region "$TMP/t.vidx" -R "$TMP/r.bed" --fields query,id,pos | tail -n +2 >"$TMP/got"
check "the regions hold something" [ "$(wc -l <"$TMP/want")" -gt "$n_bed" ]
same_files "regions" "$TMP/want" "$TMP/got"
printf '  %d variants of %d regions\n' "$(wc -l <"$TMP/got")" "$(cut -f1 "$TMP/got" | sort -u | wc -l)"
finish
